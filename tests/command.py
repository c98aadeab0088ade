"""The command, called in this process as a shell would call it, and what its answers are held against."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

import jsonschema_rs

from border_kit.cli.edge import run
from tests.conftest import no_application

ROOT = Path(__file__).resolve().parents[1]
MOMENT = "2026-11-25T09:30:00Z"
"""The set clock of tests that ask about the samples."""

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What no output may hold raw: control characters but tab and line feed, direction overrides, surrogates."""


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        """The documents of a batch, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """What stands below takes no more processor time, here and in the processes it waits for: a busy machine is no fault."""
    before = sum(os.times()[:4])
    yield
    assert sum(os.times()[:4]) - before < seconds


def call(*arguments: str | Path, stdin: bytes = b"") -> Answer:
    """Run one command line in this process."""
    out, err = io.BytesIO(), io.StringIO()
    text = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
    typed = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    with mock.patch.object(sys, "stdin", typed), contextlib.redirect_stdout(text), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments], no_application)
    return Answer(code, out.getvalue().decode(), err.getvalue())


def start(
    *arguments: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None, seconds: float = 300
) -> Answer:
    """Run one command line as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "border_kit", *(str(argument) for argument in arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=seconds,
        env={**os.environ, **(env or {})},
        cwd=ROOT,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@lru_cache
def schema(name: str, file: str = "answers") -> jsonschema_rs.Validator:
    """The validator of one answer of the contract."""
    whole = json.loads((ROOT / f"docs/schemas/{file}.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(
        {"$schema": whole["$schema"], "$defs": whole["$defs"], "$ref": f"#/$defs/{name}"}
    )


def follows(name: str, document: Any, file: str = "answers") -> bool:
    """Whether a document is what the contract says; an assertion error names the first place where it is not."""
    faults = [f"{fault.instance_path}: {fault.message[:300]}" for fault in schema(name, file).iter_errors(document)]
    assert not faults, faults[0]
    return True


def unsafe(text: str) -> list[str]:
    """The characters that should not have come out."""
    return [f"U+{ord(char):04X}" for char in UNSAFE.findall(text)]


def lines(rows: Iterable[Any]) -> bytes:
    """Rows of a batch as bytes; bytes stand as they are."""
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


def part_of(catalog: Path, into: Path, *volumes: str) -> Path:
    """A copy of a catalog that holds only some of its volumes."""
    manifest = json.loads((catalog / "manifest.json").read_text(encoding="utf-8"))
    into.mkdir(parents=True)
    for name in volumes:
        for file in (f"{name}.sqlite", f"{name}.index.sqlite"):
            if (catalog / file).exists():
                shutil.copyfile(catalog / file, into / file)
    manifest["volumes"] = {name: row for name, row in manifest["volumes"].items() if name in volumes}
    (into / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return into


def every_command(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group of the tree, as the words that call it."""
    import click  # noqa: PLC0415 - only for the tree

    from border_kit.cli.main import cli  # noqa: PLC0415 - only for the tree

    node = group or cli
    yield path
    if isinstance(node, click.Group):
        context = click.Context(node)
        for name in node.list_commands(context):
            yield from every_command(node.get_command(context, name), (*path, name))
