"""What is done to a case: referrals, rulings and precedents, disputes, custody, second signatures, attachments, deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework import attachments
from border_kit.casework.acts import ACTS, record, state
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import Demands, countersign, decide, refuse
from border_kit.casework.operators import Enrolment
from border_kit.errors import InputError, UsageError
from border_kit.policy.profile import Deadline

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {
    "id": "EX-1",
    "parties": [],
    "lines": [
        {"no": 1, "description": "Thermal imaging camera core 640x512 60 Hz, 5 pcs", "hs": "852589"},
        {"no": 2, "description": "Cotton shirts", "hs": "610510"},
    ],
}
ASSESSMENT: dict[str, Any] = {
    "lane": "red", "advice": "detain_and_refer", "verdict": "stop", "decided_by": "controlled_without_licence",
}  # fmt: skip
RULING = {"authority": "XA/LA-01", "reference": "R-77", "outcome": "no_licence_required", "lines": "1"}
DISPUTE = {"about": "match", "by": "Exporter", "grounds": "another birth date"}
CUSTODY = {"item": "crate 2", "move": "taken", "place": "store 1", "to": "B-12", "reason": "held"}
SECOND = Demands(second="two-person rule")


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook.at(tmp_path / "casebook.sqlite")


@pytest.fixture
def number(book: Casebook) -> str:
    return book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id


def act(book: Casebook, number: str, name: str, **values: str) -> int:
    return record(book, number, name, values, at=NOW).seq


def test_a_referral_waits_for_a_ruling_and_a_ruling_ends_the_wait(book: Casebook, number: str) -> None:
    act(book, number, "refer", to="Licensing Authority", question="Is line 1 licensable?")
    assert book.row(number).waits == "ruling"
    act(book, number, "rule", **RULING)
    assert book.row(number).waits is None


def test_a_ruling_is_shown_when_a_like_line_comes_again_and_not_for_other_goods(book: Casebook, number: str) -> None:
    act(book, number, "rule", **RULING)
    found = book.rulings().like("thermal imaging CAMERA core 640x512 60 Hz (10 pcs)", "852589")
    assert [(item.case_id, item.line, item.ruling["reference"]) for item in found] == [(number, 1, "R-77")]
    assert found[0].alike >= 0.6
    assert book.rulings().like("thermal imaging camera core 640x512 60 Hz", "901380") == []
    assert [item.line for item in book.rulings().like("thermal imaging camera core 640x512 60 Hz", None)] == [1]
    assert book.rulings().like("cotton shirts", "610510") == []
    assert book.rulings().like("", None) == []


def test_a_ruling_without_lines_is_about_all_of_them(book: Casebook, number: str) -> None:
    act(book, number, "rule", **{**RULING, "lines": ""})
    assert [item.line for item in book.rulings().like("cotton shirts", "610510")] == [2]


@pytest.mark.parametrize("lines", ["3", "1 9", "all", "line 1", "1-2"])
def test_a_ruling_on_lines_that_the_case_lacks_is_refused(book: Casebook, number: str, lines: str) -> None:
    with pytest.raises(UsageError, match="Its lines: 1, 2"):
        act(book, number, "rule", **{**RULING, "lines": lines})
    assert [event.kind for event in book.show(number).events] == ["opened"]


def test_a_dispute_is_answered_and_resolved_and_the_original_stays(book: Casebook, number: str) -> None:
    decide(book, number, "detain_and_refer", "", at=NOW)
    no = str(act(book, number, "dispute", **DISPUTE))
    assert book.row(number).waits == "dispute"
    act(book, number, "respond", dispute=no, text="passport asked for")
    assert state(book.show(number).events).disputes == {int(no): True}
    act(book, number, "resolve", dispute=no, outcome="changed", reason="another man")
    assert book.row(number).waits is None
    assert book.row(number).decision == "detain_and_refer"
    with pytest.raises(UsageError, match="no open dispute"):
        act(book, number, "resolve", dispute=no, outcome="upheld", reason="again")


@pytest.mark.parametrize("no", ["", "0", "99", "x", "9" * 5000])
def test_a_dispute_that_is_not_open_is_neither_answered_nor_resolved(book: Casebook, number: str, no: str) -> None:
    with pytest.raises(UsageError):
        act(book, number, "respond", dispute=no, text="what?")


def test_custody_names_who_gave_and_who_holds(book: Casebook, number: str) -> None:
    act(book, number, "custody", **CUSTODY)
    with pytest.raises(UsageError, match="in custody already"):
        act(book, number, "custody", **CUSTODY)
    act(book, number, "custody", **{**CUSTODY, "move": "handed_over", "to": "B-07", "seal": "S-5"})
    last = book.show(number).events[-1].data
    assert (last["from"], last["to"], last["seal"]) == ("B-12", "B-07", "S-5")
    assert state(book.show(number).events).holders == {"crate 2": "B-07"}
    with pytest.raises(UsageError, match="was not taken"):
        act(book, number, "custody", **{**CUSTODY, "item": "crate 3", "move": "sealed"})


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_form_that_is_not_filled_records_nothing(book: Casebook, number: str, name: str) -> None:
    with pytest.raises(UsageError):
        act(book, number, name)
    with pytest.raises(UsageError):
        act(book, number, name, **{entry.name: "\x00\u202e " for entry in ACTS[name].form})
    assert len(book.show(number).events) == 1


def test_words_that_are_no_choice_and_acts_that_do_not_exist_are_refused(book: Casebook, number: str) -> None:
    with pytest.raises(UsageError, match="One of"):
        act(book, number, "dispute", **{**DISPUTE, "about": "weather"})
    with pytest.raises(UsageError, match="nothing that can be done"):
        act(book, number, "seize", item="all")
    with pytest.raises(InputError):
        act(book, "2026-9999", "note", text="x")


def _two(book: Casebook) -> None:
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
    book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)


def test_a_decision_that_needs_two_stands_once_a_supervisor_signed_too(book: Casebook, number: str) -> None:
    _two(book)
    book.sign_in("B-12", "771204")
    decide(book, number, "release", "data sheet shows 9 Hz", SECOND, at=NOW)
    assert (book.row(number).decision, book.row(number).waits) == (None, "second_signature")
    with pytest.raises(UsageError, match="does not sign"):
        countersign(book, number, at=NOW)
    book.sign_in("B-01", "428913")
    countersign(book, number, at=NOW)
    assert (book.row(number).decision, book.row(number).waits) == ("release", None)
    with pytest.raises(UsageError, match="No decision"):
        countersign(book, number, at=NOW)
    assert book.verify().intact


def test_a_refused_second_signature_leaves_the_earlier_decision(book: Casebook, number: str) -> None:
    _two(book)
    book.sign_in("B-12", "771204")
    decide(book, number, "detain_and_refer", "", at=NOW)
    decide(book, number, "release", "he is in a hurry", SECOND, at=NOW)
    book.sign_in("B-01", "428913")
    with pytest.raises(UsageError, match="reason"):
        refuse(book, number, " ", at=NOW)
    refuse(book, number, "no data sheet", at=NOW)
    assert (book.row(number).decision, book.row(number).waits) == ("detain_and_refer", None)


def test_an_officer_signs_nobodys_decision_a_second_time(book: Casebook, number: str) -> None:
    _two(book)
    book.enrol(Enrolment("B-13", "L. Orne", "officer", "303030"), at=NOW)
    book.sign_in("B-12", "771204")
    decide(book, number, "release", "a reason", SECOND, at=NOW)
    book.sign_in("B-13", "303030")
    with pytest.raises(UsageError, match="may not"):
        countersign(book, number, at=NOW)


def test_who_made_the_disputed_decision_does_not_resolve_the_dispute(book: Casebook, number: str) -> None:
    _two(book)
    book.sign_in("B-01", "428913")
    decide(book, number, "detain_and_refer", "", at=NOW)
    no = str(act(book, number, "dispute", **DISPUTE))
    with pytest.raises(UsageError, match="does not resolve"):
        act(book, number, "resolve", dispute=no, outcome="upheld", reason="mine")


def test_before_operators_are_enrolled_one_person_decides(book: Casebook, number: str) -> None:
    event = decide(book, number, "release", "data sheet", SECOND, at=NOW)
    assert "second_signature" not in event.data
    assert book.row(number).decision == "release"


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 3, 2), 10, date(2026, 3, 16)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 12, 31), 2, date(2027, 1, 4)),
    ],
)
def test_a_deadline_counts_working_days(day: date, days: int, due: date) -> None:
    assert Deadline(days, "x").due(day, frozenset({6, 7})) == due


def test_a_weekend_is_the_profiles() -> None:
    assert Deadline(1, "x").due(date(2026, 3, 5), frozenset({5, 6})) == date(2026, 3, 8)


def test_a_decision_keeps_until_when(book: Casebook, number: str) -> None:
    decide(book, number, "detain_and_refer", "", Demands(due="2026-03-16", due_cite="profile"), at=NOW)
    assert book.row(number).due == "2026-03-16"
    decide(book, number, "release", "licence came", at=NOW)
    assert book.row(number).due is None


def test_an_attachment_is_kept_under_its_hash_and_an_exchanged_one_is_noticed(
    book: Casebook, number: str, tmp_path: Path
) -> None:
    photo, folder = tmp_path / "photo.jpg", tmp_path / "files"
    photo.write_bytes(b"not really a photo")
    event = attachments.attach(book, folder, number, photo, at=NOW)
    assert (event.data["name"], event.data["bytes"]) == ("photo.jpg", 18)
    kept = next(path for path in folder.rglob("*") if path.is_file())
    assert kept.name == event.data["sha256"]
    assert attachments.missing(book, folder, number) == []
    kept.write_bytes(b"another photo")
    assert attachments.missing(book, folder, number) == ["photo.jpg"]
    kept.unlink()
    assert attachments.missing(book, folder, number) == ["photo.jpg"]
    with pytest.raises(InputError):
        attachments.attach(book, folder, number, tmp_path, at=NOW)
    with pytest.raises(InputError):
        attachments.attach(book, folder, number, tmp_path / "none", at=NOW)
