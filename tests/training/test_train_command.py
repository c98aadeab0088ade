from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from border_kit.cli.edge import run
from tests.conftest import no_application

Edit = Callable[..., Path]
ROOT = Path(__file__).resolve().parents[2]
MODULES = Path(__file__).with_name("modules")


def _json(capfd: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capfd.readouterr().out)


def test_list_prints_exactly_what_the_contract_names(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "list", "--modules", str(MODULES), "--json"], no_application) == 0
    assert _json(capfd) == {
        "scenarios": [
            {
                "id": "two-lamps",
                "title": "Two crates of lamps",
                "class": "signal",
                "difficulty": 2,
                "objectives": ["See that a value decides"],
            }
        ]
    }


def test_list_shows_the_shipped_modules(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "list"], no_application) == 0
    assert "surveyors-camera " in capfd.readouterr().out


def test_list_of_an_empty_folder_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "list", "--modules", str(tmp_path)], no_application) == 0
    assert capfd.readouterr().out == "No scenarios.\n"


def test_list_leaves_a_broken_file_out_and_says_why(edited: Edit, capfd: pytest.CaptureFixture[str]) -> None:
    folder = edited("format: 1", "format: 1").parent
    (folder / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    assert run(["train", "list", "--modules", str(folder), "--json"], no_application) == 1
    told = capfd.readouterr()
    assert [row["id"] for row in json.loads(told.out)["scenarios"]] == ["two-lamps"]
    assert "broken.yaml:1" in told.err


def test_lint_of_a_clean_scenario_exits_0(installed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["train", "lint", "two-lamps", "--modules", str(MODULES), "--catalog", str(installed)]
    assert run(arguments, no_application) == 0
    assert capfd.readouterr().out == "1 scenario: clean.\n"
    assert run([*arguments, "--json"], no_application) == 0
    assert _json(capfd) == {"clean": True, "scenarios": ["two-lamps"], "decks": [], "problems": []}


def test_lint_tells_file_and_line_and_exits_1(edited: Edit, installed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = edited("    lane: red\n", "    lane: blue\n")
    assert run(["train", "lint", str(path), "--catalog", str(installed)], no_application) == 1
    assert "two-lamps.yaml:94 at expected[1].lane the engines give lane red, not blue" in capfd.readouterr().out
    assert run(["train", "lint", str(path), "--catalog", str(installed), "--json"], no_application) == 1
    answer = _json(capfd)
    assert (answer["clean"], answer["problems"][0]["line"]) == (False, 94)


def test_lint_of_a_name_that_is_none_exits_4(installed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["train", "lint", "nobody\x1b[31m", "--modules", str(MODULES), "--catalog", str(installed)], no_application)
        == 4
    )
    told = capfd.readouterr().err
    assert "There is no scenario" in told
    assert "\x1b" not in told


def test_lint_without_a_catalog_exits_5(tmp_path: Path) -> None:
    assert run(["train", "lint", "--modules", str(MODULES), "--catalog", str(tmp_path / "none")], no_application) == 5


def test_training_loads_no_terminal_application() -> None:
    program = (
        "import sys\n"
        "from border_kit.cli.edge import run\n"
        "run(['train', 'list'], lambda *_, **__: None)\n"
        "sys.stderr.write(' '.join(name for name in ('textual', 'sqlite_utils', 'rich') if name in sys.modules))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stderr == ""
    assert "surveyors-camera" in answer.stdout


def test_every_shipped_scenario_is_clean_on_the_shipped_catalog(
    shipped: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(["train", "lint", "--catalog", str(shipped), "--json"], no_application)
    answer = _json(capfd)
    assert answer["problems"] == []
    assert code == 0
    assert {"surveyors-camera", "surveyors-spare-camera"} <= set(answer["scenarios"])
