"""Cases: durable, append-only, found again."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from border_kit import store
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import decide
from border_kit.casework.log import Unsigned
from border_kit.errors import InputError, StoreError, UsageError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

SHIPMENT: dict[str, Any] = {
    "id": "EX-1",
    "destination": "YY",
    "parties": [{"role": "consignee", "name": "Sample Survey 100% Ltd"}],
    "lines": [{"no": 1, "description": "thermal camera", "hs": "852589", "licences": [{"number": "IND-22-0071"}]}],
}
ASSESSMENT: dict[str, Any] = {
    "id": "EX-1",
    "lane": "yellow",
    "advice": "document_check",
    "verdict": "check",
    "decided_by": "possible_control",
    "findings": [],
}


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    return Casebook.at(tmp_path / "office" / "casebook.sqlite")


def test_a_case_is_numbered_by_year_and_keeps_what_was_declared(casebook: Casebook) -> None:
    first = casebook.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    second = casebook.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    assert (first.case_id, second.case_id) == ("2026-0001", "2026-0002")
    case = casebook.show("2026-0001")
    assert case.shipment == SHIPMENT
    assert case.assessment == ASSESSMENT
    assert [event.kind for event in case.events] == ["opened"]


def test_following_the_advice_needs_no_words_and_going_another_way_does(casebook: Casebook) -> None:
    number = casebook.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    event = decide(casebook, number, "document_check", "", at=NOW)
    assert event.data["reason"] == "as advised (possible_control)"
    with pytest.raises(UsageError, match="needs a reason"):
        decide(casebook, number, "release", "  \u200b ", at=NOW)
    casebook.author = Unsigned("B-12")
    decide(casebook, number, "release", "data sheet shows 9 Hz", at=NOW)
    case = casebook.show(number)
    assert case.row.decision == "release"
    assert [event.data.get("decision") for event in case.events] == [None, "document_check", "release"]
    assert case.events[-1].operator == "B-12"


@pytest.mark.parametrize("decision", ["seize", "", "RELEASE"])
def test_only_the_four_decisions_exist(casebook: Casebook, decision: str) -> None:
    number = casebook.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    with pytest.raises(UsageError):
        decide(casebook, number, decision, "x", at=NOW)


def test_not_known_is_an_answer_of_its_own(casebook: Casebook) -> None:
    number = casebook.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    casebook.answer(number, "serials-removed", "not_known", at=NOW)
    casebook.answer(number, "serials-removed", "yes", at=NOW)
    assert casebook.show(number).answers == {"serials-removed": "yes"}
    casebook.answer(number, "line_1:frame_rate", "60 Hz\x1b", at=NOW)
    assert casebook.show(number).answers["line_1:frame_rate"] == "60 Hz"
    with pytest.raises(UsageError):
        casebook.answer(number, "serials-removed", " ", at=NOW)


def test_an_unknown_case_is_said_to_be_unknown(casebook: Casebook) -> None:
    with pytest.raises(InputError, match="no case"):
        casebook.show("2026-9999' OR 1=1 --")


def test_events_can_neither_be_changed_nor_removed(casebook: Casebook) -> None:
    casebook.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    for statement in ("UPDATE event SET kind = 'x'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError):
            casebook._connection.execute(statement)


def _filled(path: Path, events: int = 6) -> None:
    book = Casebook.at(path)
    number = book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    for step in range(events - 1):
        book.answer(number, f"question-{step}", "yes", at=NOW)
    book.close()


def test_an_untouched_log_is_intact(tmp_path: Path) -> None:
    _filled(tmp_path / "casebook.sqlite")
    found = Casebook.at(tmp_path / "casebook.sqlite").verify()
    assert found.intact
    assert found.events == 6


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    Casebook.at(tmp_path / "casebook.sqlite").close()
    assert stat.S_IMODE((tmp_path / "casebook.sqlite").stat().st_mode) == 0o600


def test_a_foreign_database_or_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "other.sqlite"
    raw = sqlite3.connect(foreign)
    raw.execute("CREATE TABLE mine (x)")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="no casebook"):
        Casebook.at(foreign)
    text = tmp_path / "notes.txt"
    text.write_text("not a database " * 100, encoding="utf-8")
    with pytest.raises(StoreError):
        Casebook.at(text)
    assert text.read_text(encoding="utf-8").startswith("not a database")
    with pytest.raises(StoreError):
        Casebook.at(tmp_path)


def test_drafts_are_kept_replaced_and_dropped(casebook: Casebook) -> None:
    casebook.save_draft("a", {"fields": {"id": "1"}}, at=NOW)
    casebook.save_draft("b", {"fields": {}}, at=NOW + timedelta(seconds=5))
    casebook.save_draft("a", {"fields": {"id": "2"}}, at=NOW + timedelta(seconds=9))
    assert [(name, body) for name, _, body in casebook.drafts()] == [
        ("a", {"fields": {"id": "2"}}),
        ("b", {"fields": {}}),
    ]
    casebook.drop_draft("a")
    assert [name for name, _, _ in casebook.drafts()] == ["b"]


def test_what_a_file_left_open_is_remembered(casebook: Casebook) -> None:
    casebook.remember("date_order", "XA-BOR-01", "dmy")
    casebook.remember("date_order", "XA-BOR-01", "ymd")
    assert casebook.remembered("date_order", "XA-BOR-01") == "ymd"
    assert casebook.remembered("date_order", "elsewhere") is None


def test_a_write_that_fails_says_so_and_leaves_no_half_case(tmp_path: Path) -> None:
    path = tmp_path / "casebook.sqlite"
    book = Casebook.at(path)
    book.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    page_count = book._connection.execute("PRAGMA page_count").fetchone()[0]
    book._connection.execute(f"PRAGMA max_page_count = {page_count}")
    with pytest.raises(StoreError, match="Nothing was saved"):
        book.open_case({**SHIPMENT, "id": "X" * 500_000}, ASSESSMENT, at=NOW)
    rows = store.open_office(path).execute("SELECT count(*) FROM case_row").fetchone()[0]
    events = store.open_office(path).execute("SELECT count(*) FROM event").fetchone()[0]
    assert rows == events
    assert Casebook.at(path).verify().intact
