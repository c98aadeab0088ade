"""Finding cases: by any part of what they say, in any script, by how they stand; and the list follows from the log alone."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.casework import acts, schema, search
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import Demands, decide
from border_kit.casework.log import Unsigned
from border_kit.casework.search import Wanted
from border_kit.store import memory
from border_kit.text import clean, fold

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def shipment(number: str, *names: str, goods: str = "thermal camera", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "destination": "YY",
        "parties": [{"role": "consignee", "name": name, "identifiers": []} for name in names],
        "lines": [{"no": 1, "description": goods, "hs": "852589", "licences": [{"number": "IND-22-0071"}]}],
        **more,
    }


def assessment(lane: str = "yellow") -> dict[str, Any]:
    return {
        "id": "x",
        "lane": lane,
        "advice": "document_check",
        "verdict": "check",
        "decided_by": "possible_control",
        "findings": [],
    }


@pytest.fixture
def book() -> Casebook:
    """Four cases of four days, in four scripts; the second is held until a day, the third waits for a ruling."""
    found = Casebook(memory())
    rows = (
        shipment("EX-1", "Sample Survey 100% Ltd", goods="Wärmebildkamera", transport={"vessel": "Morgenröte", "seals": ["SL-88123"], "containers": ["BKTU 000001 4"]}),
        shipment("EX-2", "Вымышленная Оптика ООО", "王伟"),
        shipment("EX-3", "شركة نور للتجارة", goods="centrifuge rotor"),
        shipment("EX-4", "Norrhaven Kontor", goods="cotton shirts"),
    )  # fmt: skip
    for day, row in enumerate(rows):
        found.author = Unsigned(f"B-{day % 2}")
        found.open_case(row, assessment("green" if row["id"] == "EX-4" else "yellow"), at=NOW + timedelta(days=day))
    found.author = Unsigned("B-9")
    demands = Demands(due="2026-03-20")
    decide(found, "2026-0002", "detain_and_refer", "unclear", demands, at=NOW + timedelta(days=4))
    acts.record(found, "2026-0003", "refer", {"to": "Authority", "question": "Listed?"}, at=NOW + timedelta(days=5))
    decide(found, "2026-0004", "document_check", "", Demands(), at=NOW + timedelta(days=6))
    return found


def ids(book: Casebook, **wanted: Any) -> list[str]:
    rows = book.rows(Wanted(**wanted))
    assert book.count(Wanted(**wanted)) == len(rows)
    return [row.shipment for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["EX-4", "EX-3", "EX-2", "EX-1"]),
        ("SURVEY 0071", ["EX-1"]),
        ("urve", ["EX-1"]),
        ("100%", ["EX-1"]),
        ("0%", ["EX-1"]),
        ("1__%", []),
        ("warmebild", ["EX-1"]),
        ("MORGENRÖTE", ["EX-1"]),
        ("88123", ["EX-1"]),
        ("bktu 000001", ["EX-1"]),
        ("2026-0003", ["EX-3"]),
        ("оптика", ["EX-2"]),
        ("vymyshlenn", ["EX-2"]),
        ("王伟", ["EX-2"]),
        ("王", ["EX-2"]),
        ("نور", ["EX-3"]),
        ("للتجا", ["EX-3"]),
        ("rotor نور", ["EX-3"]),
        ("rotor 王", []),
        ('"survey', []),
        ('" OR "', []),
        ("survey OR rotor", []),
        ("NEAR(survey ltd)", []),
        ("words:survey", []),
        ("sur*", []),
        ("\u200bsurvey\x00", ["EX-1"]),
    ],
)
def test_cases_are_found_by_any_part_in_any_script_and_no_character_is_an_operator(
    book: Casebook, text: str, expected: list[str]
) -> None:
    assert ids(book, text=text) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"lane": "green"}, ["EX-4"]),
        ({"state": "open"}, ["EX-3", "EX-2", "EX-1"]),
        ({"state": "undecided"}, ["EX-3", "EX-1"]),
        ({"state": "waiting"}, ["EX-3"]),
        ({"state": "due"}, ["EX-2"]),
        ({"state": "closed"}, ["EX-4"]),
        ({"waits": "ruling"}, ["EX-3"]),
        ({"waits": "dispute"}, []),
        ({"decision": "undecided"}, ["EX-3", "EX-1"]),
        ({"decision": "detain_and_refer"}, ["EX-2"]),
        ({"badge": "B-0"}, ["EX-3", "EX-1"]),
        ({"badge": "B-9"}, ["EX-4", "EX-3", "EX-2"]),
        ({"badge": "B-"}, []),
        ({"opened_from": date(2026, 3, 4)}, ["EX-4", "EX-3"]),
        ({"opened_to": date(2026, 3, 3)}, ["EX-2", "EX-1"]),
        ({"opened_to": date.max}, ["EX-4", "EX-3", "EX-2", "EX-1"]),
        ({"due_by": date(2026, 3, 20)}, ["EX-2"]),
        ({"due_by": date(2026, 3, 19)}, []),
        ({"order": "due"}, ["EX-2", "EX-4", "EX-3", "EX-1"]),
        ({"text": "camera", "badge": "B-9", "state": "due", "lane": "yellow"}, ["EX-2"]),
    ],
)
def test_cases_are_kept_to_by_how_they_stand(book: Casebook, wanted: dict[str, Any], expected: list[str]) -> None:
    assert ids(book, **wanted) == expected


def test_pages_follow_each_other_and_leave_nothing_out(book: Casebook) -> None:
    pages = [book.rows(Wanted(text="x-"), limit=1, offset=at) for at in range(5)]
    assert [row.shipment for page in pages for row in page] == ["EX-4", "EX-3", "EX-2", "EX-1"]


def test_a_case_is_found_by_the_ruling_and_the_seal_that_came_later(book: Casebook) -> None:
    ruling = {"authority": "XA/LA", "reference": "R-2026/77", "outcome": "no_licence_required"}
    acts.record(book, "2026-0003", "rule", ruling, at=NOW)
    taken = {"item": "crate 5", "move": "taken", "place": "store", "to": "B-9", "seal": "ZZ-4711", "reason": "held"}
    acts.record(book, "2026-0002", "custody", taken, at=NOW)
    assert ids(book, text="r-2026/77") == ["EX-3"]
    assert ids(book, text="4711") == ["EX-2"]
    assert ids(book, waits="ruling") == []


def _derived(book: Casebook) -> list[tuple[object, ...]]:
    connection = book._connection
    found = [tuple(row) for row in connection.execute("SELECT * FROM case_row ORDER BY no")]
    return found + [tuple(row) for row in connection.execute("SELECT * FROM acted ORDER BY 1, 2")]


@pytest.mark.parametrize("table", sorted(search.TABLES))
def test_what_is_missing_is_made_again_from_the_log_and_is_the_same(book: Casebook, table: str) -> None:
    before = _derived(book)
    book._connection.execute(f"DROP TABLE {table}")
    schema.prepare(book._connection)
    assert _derived(book) == before
    book._connection.execute("INSERT INTO case_text (case_text) VALUES ('integrity-check')")
    assert ids(book, text="оптика") == ["EX-2"]
    again = book.open_case(shipment("EX-5", "Later Kontor"), assessment(), at=NOW + timedelta(days=9))
    assert (again.case_id, ids(book, text="later")) == ("2026-0005", ["EX-5"])


def test_a_casebook_of_an_older_layout_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "casebook.sqlite"
    old = Casebook.at(path)
    old.author = Unsigned("B-1")
    old.open_case(shipment("EX-1", "Müller Optik"), assessment(), at=NOW)
    old.close()
    raw = sqlite3.connect(path)
    raw.executescript(
        "DROP TABLE case_row; DROP TABLE case_text; DROP TABLE acted; CREATE TABLE case_row (case_id TEXT PRIMARY KEY, opened_at"
        " TEXT, shipment TEXT, lane TEXT, advice TEXT, verdict TEXT, decided_by TEXT, decision TEXT, decided_at TEXT, words TEXT,"
        " waits TEXT, due TEXT); PRAGMA user_version = 3;"
    )
    raw.close()
    book = Casebook.at(path)
    assert ids(book, text="muller", badge="B-1") == ["EX-1"]
    assert book.verify().intact


def test_a_write_that_fails_leaves_the_index_as_it_was(book: Casebook) -> None:
    before = _derived(book)
    pages = book._connection.execute("PRAGMA page_count").fetchone()[0]
    book._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Exception, match="Nothing was saved"):
        book.open_case(shipment("EX-6", "y" * 500_000), assessment(), at=NOW)
    assert _derived(book) == before
    assert ids(book, text="ex-6") == []


TEXTS = st.text(st.sampled_from('ab"*^:()-%_ 王伟норي\u0301éß\u200f\x00'), max_size=12)


@given(TEXTS, TEXTS)
def test_a_search_finds_exactly_the_cases_whose_text_holds_every_word(goods: str, text: str) -> None:
    found = Casebook(memory())
    found.open_case(shipment("EX", goods=f"x{goods}"), assessment(), at=NOW)
    haystack = search.words_of("2026-0001", shipment("EX", goods=f"x{goods}"))
    expected = all(word in haystack for word in fold(clean(text)).split())
    assert bool(found.rows(Wanted(text=text))) is expected
    assert haystack == fold(haystack)
