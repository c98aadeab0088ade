"""The casebook that a command works with is no input of it, under whatever name: reading it would let go of its locks."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework.case import Casebook
from tests.command import call
from tests.conftest import EXAMPLES

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("check", "FILE"),
    ("check", "FILE", "--queue"),
    ("check", "--batch", "FILE"),
    ("case", "new", "FILE"),
    ("case", "attach", "CASE", "FILE"),
    ("case", "inspect", "CASE", "--seen", "FILE"),
    ("case", "observation", "add", "FILE"),
    ("case", "verify-log", "--checkpoint", "FILE"),
    ("catalog", "import", "dpl-tsv", "FILE", "--into", "new"),
    ("catalog", "import", "un-xml", "FILE", "--into", "new"),
    ("certificate", "verify", "FILE"),
    ("certificate", "verify", "--batch", "FILE"),
    ("certificate", "seen", "--merge", "FILE"),
    ("classify", "--batch", "FILE"),
    ("licence", "runs", "import", "FILE"),
    ("policy", "lint", "FILE"),
    ("screen", "--batch", "FILE"),
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ASSESSMENT: dict[str, Any] = {
    "lane": "green", "advice": "release", "verdict": "nothing_found", "decided_by": "nothing_found",
}  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_casebook_in_use_is_no_input_of_any_command(
    command: tuple[str, ...], shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, link = tmp_path / "casebook.sqlite", tmp_path / "other.csv"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shipment.json").write_bytes((EXAMPLES / "green-release-shirts.json").read_bytes())
    options = ("--catalog", shipped, "--casebook", path, "--json")
    book = Casebook.at(path)
    case = book.open_case({"id": "EX-1", "parties": [], "lines": []}, ASSESSMENT, at=NOW).case_id
    link.hardlink_to(path)
    for name in ("casebook.sqlite", "other.csv"):
        words = {"FILE": name, "CASE": case}
        found = call(*(words.get(word, word) for word in command), *options)
        assert found.code == 4, found
        assert found.json["error"]["message"].startswith(f"{name} is a file of this office that is in use here")
    assert book.verify().events == 1
    book.close()
