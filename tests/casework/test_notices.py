"""Papers of a case: what they must say, and when they are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework.acts import record
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import Demands, decide
from border_kit.casework.notices import KINDS, Contact, Facts, paper
from border_kit.casework.serials import inspect
from border_kit.errors import UsageError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {
    "id": "EX-1", "destination": "YY", "route": ["XA", "XB", "YY"],
    "parties": [{"role": "end_user", "name": "شركة المثال", "country": "YY"}],
    "transport": {"vessel": None, "containers": ["MSCU1234565"], "seals": ["S-1"]},
    "lines": [{"no": 1, "description": "热像仪机芯 640x512", "hs": "852589", "quantity": "5", "unit": "pcs", "licences": []}],
}  # fmt: skip
ASSESSMENT: dict[str, Any] = {
    "lane": "red", "advice": "detain_and_refer", "verdict": "stop", "decided_by": "controlled_without_licence",
    "lines": [{"no": 1, "classification": {"verdict": "likely", "candidates": [{
        "code": "6A003.b.4.b", "band": "likely", "evidence": [{"why": "640x512 meets more than 111,000 elements"}],
        "parameters": [{"name": "frame rate", "stated": None, "verdict": "not_stated"}]}]}}],
    "findings": [{"severity": "stop", "message": "Line 1 is likely listed.", "citation": "6A003", "code": "x"}],
    "questions": [{"id": "q", "text": "Ask for the data sheet."}],
}  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    book = Casebook.at(tmp_path / "casebook.sqlite")
    book.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    return book


def made(book: Casebook, kind: str, *, demo: bool = False) -> str:
    contacts = (Contact("Licensing Authority", "+999 1 234"),)
    facts = Facts(NOW, book.checkpoint(at=NOW), contacts, "XA-BOR-01", demo)
    return paper(kind, book.show("2026-0001"), facts).to_text()


def test_a_detention_notice_says_what_why_until_when_and_whom_to_call(book: Casebook) -> None:
    demands = Demands(due="2026-03-16", due_cite="the profile")
    decide(book, "2026-0001", "detain_and_refer", "", demands, at=NOW)
    text = made(book, "detention")
    for words in ("热像仪机芯", "شركة المثال", "2026-03-16", "+999 1 234", "likely listed", "data sheet", "BKCP1;"):
        assert words in text
    assert "seize" not in text.casefold()


def test_papers_are_refused_where_the_case_gives_no_ground(book: Casebook) -> None:
    for kind in ("detention", "release"):
        with pytest.raises(UsageError, match="not decided"):
            made(book, kind)
    with pytest.raises(UsageError, match="no paper"):
        made(book, "fine")
    decide(book, "2026-0001", "release", "licence came", at=NOW)
    assert "not the same as not controlled" in made(book, "release")
    with pytest.raises(UsageError):
        made(book, "detention")


def test_a_referral_dossier_has_evidence_answers_custody_and_the_log(book: Casebook) -> None:
    record(book, "2026-0001", "refer", {"to": "Authority", "question": "Licensable?"}, at=NOW)
    book.answer("2026-0001", "serials-removed", "no", at=NOW)
    custody = {"item": "crate", "move": "taken", "place": "store", "to": "B-1", "reason": "held"}
    record(book, "2026-0001", "custody", custody, at=NOW)
    text = made(book, "referral")
    for words in ("Licensable?", "111,000", "not stated", "serials-removed", "crate | taken", "referred"):
        assert words in text


def test_an_inspection_sheet_is_empty_to_fill_in_and_then_shows_what_was_found(book: Casebook) -> None:
    assert made(book, "inspection").count("[ ]") == 13
    result = inspect(["SN-10082", "SN-10090"], ["SN-1O082", "SN-77777"]).to_json()
    book.append("2026-0001", "inspected", {"result": result}, at=NOW)
    text = made(book, "inspection")
    assert "SN-10082 | SN-1O082 | differs: mistyped?" in text
    assert "SN-10090 |  | missing" in text
    assert " | SN-77777 | not licensed" in text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_paper_is_printed_and_says_when_it_rests_on_a_demo(book: Casebook, kind: str) -> None:
    decision = "release" if kind == "release" else "detain_and_refer"
    decide(book, "2026-0001", decision, "a reason", at=NOW)
    facts = Facts(NOW, book.checkpoint(at=NOW), (), "", demo=True)
    made = paper(kind, book.show("2026-0001"), facts)
    assert made.to_pdf().startswith(b"%PDF")
    assert "DEMO" in made.to_text()
    assert "No registry with a number" in made.to_text() or kind == "inspection"
