"""The compiled wheel: built from our own wheel where a C compiler is, and the same answers to the last digit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import pytest

from benchmarks.screening.crowd import crowd
from border_kit.screening.parse import KINDS, parse
from border_kit.screening.score import compare_names
from tests.conftest import ROOT
from tests.screening.test_index import NAMES

_ASK = """
import json, sys
from border_kit.screening import parse, score
made = json.load(sys.stdin)
found = [score.compare_names(parse.parse(a, k), parse.parse(b, k), among_many=m) for a, b, k, m in made]
print(json.dumps([parse.__file__, score.__file__, [[one.score, one.explanation] for one in found]]))
"""


def _headers() -> bool:
    return Path(sysconfig.get_path("include"), "Python.h").is_file()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("cc") is None or not _headers():
        pytest.skip("no C compiler or no headers of Python here, so nothing can be compiled")
    into = tmp_path_factory.mktemp("compiled")
    command = [sys.executable, str(ROOT / "packaging" / "compiled.py"), "--into", str(into)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    (wheel,) = into.glob("*.whl")
    assert wheel.name.endswith(f"-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}.whl")
    with zipfile.ZipFile(wheel) as held:
        held.extractall(into / "site")
    return into / "site"


def _pairs() -> list[tuple[str, str, str, bool]]:
    names = [text for text in NAMES if text.isprintable()] + [name for name, _ in crowd(60, seed=11)]
    near = [" ".join(reversed(name.split())) for name in names] + [name[1:] + name[:1] for name in names]
    others = [*names[1:], names[0]]
    return [
        (left, right, kind, many)
        for rights in (others, near[: len(names)], near[len(names) :])
        for left, right in zip(names, rights, strict=True)
        for kind in KINDS
        for many in (False, True)
    ]


def test_compiled_names_compare_as_interpreted_ones_do(unpacked: Path) -> None:
    made = _pairs()
    answer = subprocess.run(
        [sys.executable, "-c", _ASK],
        input=json.dumps(made),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        cwd=unpacked,
    )
    parser, scorer, found = json.loads(answer.stdout)
    assert Path(parser).suffix == Path(scorer).suffix == Path(sysconfig.get_config_var("EXT_SUFFIX")).suffix
    assert len(found) == len(made) > 2000
    assert found == [_alone(*row) for row in made]


def _alone(left: str, right: str, kind: str, many: bool) -> list[Any]:
    one = compare_names(parse(left, kind), parse(right, kind), among_many=many)
    said: list[Any] = json.loads(json.dumps([one.score, one.explanation]))
    return said


def test_the_checkout_holds_no_compiled_module(unpacked: Path) -> None:
    assert unpacked.is_dir()
    assert not [*(ROOT / "border_kit").rglob("*.so"), *ROOT.glob("*.so")]
