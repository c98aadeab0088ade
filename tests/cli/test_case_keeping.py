"""Backup, restore, retention and exports by command: the same office, day by day."""

from __future__ import annotations

import json
from pathlib import Path

from border_kit import store
from border_kit.clock import SystemClock
from tests.command import Answer, call, follows
from tests.conftest import EXAMPLES


def _book(folder: Path, shipped: Path) -> tuple[str | Path, ...]:
    return ("--casebook", folder / "casebook.sqlite", "--catalog", shipped, "--json")


def _case(book: tuple[str | Path, ...]) -> str:
    call("case", "new", EXAMPLES / "green-release-shirts.json", *book)
    number: str = call("case", "list", *book).json["cases"][0]["case"]
    assert call("case", "decide", number, "release", *book).code == 0
    return number


def _said(answer: Answer, code: int) -> str:
    assert answer.code == code
    found: str = answer.json["error"]["code"]
    return found


def test_a_lost_casebook_comes_back_with_its_files_and_says_so_in_the_log(tmp_path: Path, shipped: Path) -> None:
    book, stick = _book(tmp_path / "own", shipped), tmp_path / "stick" / "monday"
    number = _case(book)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a photo")
    call("case", "attach", number, photo, *book)
    made = call("case", "backup", stick, *book)
    assert (made.code, made.json["backup"]["events"], made.json["backup"]["missing_attachments"]) == (0, 3, [])
    assert follows("case_backup", made.json)
    assert _said(call("case", "backup", stick, *book), 2) == "backup_exists"
    checked = call("case", "restore", stick, "--check", *book)
    assert (checked.code, checked.json["restored"]) == (0, False)
    assert _said(call("case", "restore", stick, *book), 2) == "casebook_exists"
    lost = tmp_path / "own" / "casebook.sqlite"
    lost.unlink()
    restored = call("case", "restore", stick, *book)
    assert (restored.code, restored.json["backup"]["aside"]) == (0, None)
    assert follows("case_restored", restored.json)
    assert call("case", "verify-log", *book).json["events"] == 4
    assert call("case", "show", number, *book).json["decision"] == "release"
    later = _case(book)
    replaced = call("case", "restore", stick, "--replace", *book).json["backup"]
    assert replaced["events_lost"] == 3
    assert (Path(replaced["aside"]) / "casebook.sqlite").is_file()
    assert call("case", "show", later, *book).code == 4


def test_a_log_cut_short_since_the_last_backup_is_found_without_a_checkpoint_at_hand(
    tmp_path: Path, shipped: Path
) -> None:

    book = _book(tmp_path / "own", shipped)
    _case(book)
    call("case", "backup", tmp_path / "b", *book)
    assert call("case", "verify-log", *book).json["checkpoints"] == 1
    connection = store.open_office(tmp_path / "own" / "casebook.sqlite")
    for statement in ("DROP TRIGGER event_stays", "DROP TRIGGER content_stays"):
        connection.execute(statement)
    for table in ("content", "event"):
        connection.execute(f"DELETE FROM {table} WHERE seq = 2")
    connection.close()
    found = call("case", "verify-log", *book)
    assert (found.code, found.json["first_bad"]) == (1, 2)


def test_retention_shows_what_is_due_and_deletes_nothing_of_today(tmp_path: Path, shipped: Path) -> None:
    book = _book(tmp_path / "own", shipped)
    number = _case(book)
    assert call("case", "retention", *book).json["due"] == []
    year = SystemClock().now().year
    due = call("case", "retention", "--by", f"{year + 4}-01-01", *book)
    assert follows("case_retention", due.json)
    assert [(row["case"], row["rule"]) for row in due.json["due"]] == [(number, "every_case")]
    assert _said(call("case", "retention", "--by", f"{year + 4}-01-01", "--apply", *book), 2) == "by_with_apply"
    applied = call("case", "retention", "--apply", *book)
    assert (applied.code, applied.json["deleted"]) == (0, [])
    assert call("case", "show", number, *book).json["shipment"] == "EX-26-1001"


def test_cases_go_to_another_office_encrypted_and_are_read_there(tmp_path: Path, shipped: Path) -> None:
    book, other = _book(tmp_path / "own", shipped), _book(tmp_path / "other", shipped)
    number = _case(book)
    pin = tmp_path / "pin"
    pin.write_text("428913\n", encoding="utf-8")
    with pin.open() as given:
        enrolled = call(
            "operator", "enrol", "B-01", "--name", "A. Ruhe", "--role", "supervisor", "--office", "XA-LA-01",
            "--new-pin-fd", str(given.fileno()), *other,
        )  # fmt: skip
    address = enrolled.json["operators"][0]["address"]
    sealed = tmp_path / "cases.bke"
    told = call("case", "export", number, "--out", sealed, "--for", address, *book)
    assert (told.code, told.json["event"]["kind"], told.json["event"]["data"]["cases"]) == (0, "exported", [number])
    assert follows("event", told.json["event"])
    assert b"EX-26-1001" not in sealed.read_bytes()
    assert _said(call("case", "export", number, "--out", sealed, *book), 2) == "file_exists"
    assert _said(call("case", "read", sealed, *other), 2) == "sign_in"
    with pin.open() as given:
        read = call(
            "case", "read", sealed, "--out", tmp_path / "unpacked", "--operator", "B-01",
            "--pin-fd", str(given.fileno()), *other,
        )  # fmt: skip
    assert read.code == 0
    assert follows("case_received", read.json)
    assert [row["shipment"] for row in read.json["cases"]] == ["EX-26-1001"]
    written = json.loads((tmp_path / "unpacked" / f"case-{number}.json").read_text(encoding="utf-8"))
    assert written["decision"] == "release"


def test_a_pack_for_an_auditor_and_the_list_as_a_table(tmp_path: Path, shipped: Path) -> None:
    book = _book(tmp_path / "own", shipped)
    _case(book)
    pack, table = tmp_path / "pack.json", tmp_path / "cases.csv"
    assert call("case", "audit-pack", "--seed", "court 7", "--sample", "1", "--out", pack, *book).code == 0
    assert call("case", "read", pack, "--seed", "court 7", *book).json["complete"] is True
    assert _said(call("case", "read", pack, "--seed", "mine", *book), 4) == "export_bad"
    pack.write_bytes(pack.read_bytes().replace(b"EX-26-1001", b"EX-26-1002"))
    assert _said(call("case", "read", pack, *book), 4) == "export_bad"
    assert call("case", "export", "--csv", "--out", table, *book).code == 0
    assert "EX-26-1001" in table.read_text(encoding="utf-8-sig")
    assert _said(call("case", "export", "--out", tmp_path / "x", *book), 2) == "cases_missing"
    assert _said(call("case", "export", "--csv", "--files", "--out", tmp_path / "x", *book), 2) == "csv_alone"
    assert call("case", "verify-log", *book).code == 0
