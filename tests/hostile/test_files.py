"""Files that mean harm, or are no files at all, through every command that takes one."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Answer, call, start, unsafe, within

SECONDS = 15
"""More than any of these takes on a slow machine; without bounds they take minutes or never end."""


def _entities() -> bytes:
    rows = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">{rows}]><ASYCUDA>&j;</ASYCUDA>'.encode()


def _workbook(sheet: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("../../../tmp/outside.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return buffer.getvalue()


UNUSABLE: dict[str, Callable[[], bytes]] = {
    "empty.json": lambda: b"",
    "empty.csv": lambda: b"\n\n \n",
    "binary.csv": lambda: bytes(range(256)) * 64,
    "spaces.json": lambda: b" " * 50_000_000,
    "spaces.csv": lambda: b"description,quantity\n" + b" " * 50_000_000,
    "deep-lists.json": lambda: b"[" * 200_000,
    "deep-objects.json": lambda: b'{"lines":' * 100_000,
    "huge-number.json": lambda: b'{"id":' + b"9" * 100_000 + b"}",
    "not-a-number.json": lambda: b'{"id":"x","lines":[{"no":1,"description":"x","quantity":NaN}]}',
    "half.json": lambda: b'{"id": "x", "lines": [',
    "bomb.xml": _entities,
    "outside.xml": lambda: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ASYCUDA><Item>&x;</Item></ASYCUDA>',
    "dtd.xml": lambda: b'<!DOCTYPE ASYCUDA SYSTEM "http://localhost:9/a.dtd"><ASYCUDA/>',
    "deep.xml": lambda: b"<ASYCUDA>" + b"<a>" * 100_000,
    "other.xml": lambda: b"<html/>",
    "bomb.xlsx": lambda: _workbook(b" " * 100_000_000),
    "half.xlsx": lambda: _workbook(b"<worksheet/>")[:200],
    "encrypted.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000),
    "letter.pdf": lambda: b"%PDF-1.7\n" + bytes(500),
    "photo.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(500),
    "program": lambda: b"\x7fELF" + bytes(5_000),
}  # fmt: skip


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every hostile file, written once."""
    root = tmp_path_factory.mktemp("hostile")
    for name, content in UNUSABLE.items():
        (root / name).write_bytes(content())
    os.mkfifo(root / "fifo.json")
    (root / "loop.json").symlink_to(root / "loop.json")
    (root / "zero.json").symlink_to("/dev/zero")
    (root / "folder.json").mkdir()
    return root


NO_FILES = ["fifo.json", "loop.json", "zero.json", "folder.json", "nowhere.json", "../" * 60 + "etc", "n" * 5_000]

TAKE_A_FILE: dict[str, tuple[str, ...]] = {
    "check": ("check", "FILE"),
    "check --save": ("check", "--save", "FILE"),
    "case new": ("case", "new", "FILE"),
    "licence check": ("licence", "check", "FILE"),
    "open": ("open", "FILE"),
    "import un-xml": ("catalog", "import", "un-xml", "FILE", "--into", "INTO"),
    "import ofac-csv": ("catalog", "import", "ofac-csv", "FILE", "--into", "INTO"),
    "import parties-csv": ("catalog", "import", "parties-csv", "FILE", "--into", "INTO"),
    "import ccl-csv": ("catalog", "import", "ccl-csv", "FILE", "--into", "INTO"),
    "import licences-csv": ("catalog", "import", "licences-csv", "FILE", "--into", "INTO"),
    "import licences-json": ("catalog", "import", "licences-json", "FILE", "--into", "INTO"),
}
TAKE_SOMETHING_ELSE: dict[str, tuple[str, ...]] = {
    "catalog build": ("catalog", "build", "--sources", "FILE", "--into", "INTO"),
    "catalog lint": ("catalog", "lint", "FILE"),
    "catalog verify": ("catalog", "verify", "FILE"),
    "catalog index": ("catalog", "index", "FILE"),
    "catalog diff": ("catalog", "diff", "FILE", "FILE"),
    "catalog info": ("catalog", "info", "--catalog", "FILE"),
    "import into": ("catalog", "import", "parties-csv", "FILE", "--into", "FILE"),
    "train list": ("train", "list", "--modules", "FILE"),
    "train lint": ("train", "lint", "--modules", "FILE"),
    "train lint file": ("train", "lint", "FILE"),
    "columns": ("check", "FILE", "--columns", "FILE"),
    "casebook": ("case", "verify-log", "--casebook", "FILE"),
    "classify": ("classify", "--batch", "FILE"),
    "screen": ("screen", "--batch", "FILE"),
    "check rows": ("check", "--batch", "FILE"),
}


def ask(words: tuple[str, ...], file: Path, into: Path) -> Answer:
    """Run a command on a file; it ends in time, in words, and prints nothing that a terminal would obey."""
    with within(SECONDS):
        answer = call(*({"FILE": str(file), "INTO": str(into)}.get(word, word) for word in words))
    assert answer.code in {0, 1, 2, 3, 4, 5}, answer.err
    assert "Traceback" not in answer.err
    assert unsafe(answer.out) == unsafe(answer.err) == []
    if answer.code in {2, 4, 5} and not answer.out:
        assert answer.err.startswith("Error: ")
    return answer


@pytest.mark.parametrize("name", UNUSABLE)
@pytest.mark.parametrize("command", TAKE_A_FILE)
def test_an_unusable_file_exits_4_with_a_reason(folder: Path, tmp_path: Path, command: str, name: str) -> None:
    answer = ask(TAKE_A_FILE[command], folder / name, tmp_path / "catalog")
    assert (answer.code, answer.out) == (4, "")
    assert not (tmp_path / "catalog" / "manifest.json").exists()


@pytest.mark.parametrize("name", NO_FILES, ids=lambda name: name[:12])
@pytest.mark.parametrize("command", TAKE_A_FILE)
def test_what_is_no_file_exits_4_and_is_never_waited_for(folder: Path, tmp_path: Path, command: str, name: str) -> None:
    assert ask(TAKE_A_FILE[command], folder / name, tmp_path / "catalog").code == 4


@pytest.mark.parametrize("command", TAKE_SOMETHING_ELSE)
def test_a_hostile_file_in_a_strange_place_is_refused_in_words(folder: Path, tmp_path: Path, command: str) -> None:
    names = [
        name for name in (*UNUSABLE, *NO_FILES) if "--batch" not in TAKE_SOMETHING_ELSE[command] or "fifo" not in name
    ]
    for name in names:
        before = (folder / name).read_bytes() if name in UNUSABLE and "spaces" not in name else b""
        ask(TAKE_SOMETHING_ELSE[command], folder / name, tmp_path / "catalog")
        if before:
            assert (folder / name).read_bytes() == before


def test_an_endless_device_is_no_batch(shipped: Path) -> None:
    for command in ("classify", "screen", "compare", "check"):
        answer = call(command, "--batch", "/dev/zero", "--catalog", shipped)
        assert (answer.code, answer.out) == (4, "")


def test_an_endless_line_on_stdin_ends(shipped: Path) -> None:
    answer = call(
        "compare",
        "--batch",
        "-",
        "--catalog",
        shipped,
        stdin=b" " * 40_000_000 + b"\n" + b'{"id":1,"left":"a","right":"b"}\n',
    )
    refused, answered = answer.rows
    assert refused["error"]["code"] == "row_too_long"
    assert answered["id"] == 1


def test_a_workbook_never_writes_outside(folder: Path) -> None:
    call("check", folder / "bomb.xlsx")
    assert not Path("/tmp/outside.xml").exists()  # noqa: S108 - the name inside the archive


def test_a_path_with_a_zero_or_a_lone_surrogate_is_wrong_usage() -> None:
    for path in ("a\0b", "\ud800", ""):
        assert call("check", path).code == 2
        assert call("catalog", "info", "--catalog", path).code == 2


def test_a_casebook_of_anything_but_a_casebook_is_left_as_it_is(tmp_path: Path) -> None:
    book = tmp_path / "notes.txt"
    book.write_text("my notes\n", encoding="utf-8")
    assert call("case", "list", "--casebook", book).code == 4
    assert book.read_text(encoding="utf-8") == "my notes\n"
    assert call("case", "list", "--casebook", tmp_path).code == 4
    assert call("case", "list", "--casebook", "/proc/nothing/book.sqlite").code == 4


def test_a_hostile_file_kills_no_process_of_its_own(folder: Path) -> None:
    for name in ("deep-lists.json", "bomb.xml", "bomb.xlsx"):
        with within(SECONDS):
            answer = start("check", folder / name, "--json")
        assert answer.code == 4
        assert answer.json["error"]["message"]


def test_formulas_in_cells_are_text(shipped: Path, tmp_path: Path) -> None:
    file = tmp_path / "formulas.csv"
    file.write_text(
        'description,consignee\n"=cmd|\' /C calc\'!A0",@SUM(1+1)\n+1+1,"=HYPERLINK(""x"")"\n', encoding="utf-8"
    )
    answer = call("check", file, "--catalog", shipped, "--json")
    assert answer.code in {0, 1}
    shown = json.dumps(answer.json)
    assert "=cmd|' /C calc'!A0" in shown
