"""Two terminals at one casebook: neither spoils the log or comes between what the other looks at and writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework import acts, log
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import Demands, countersign, decide
from border_kit.casework.operators import Enrolment
from border_kit.errors import UsageError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {"id": "EX-1", "parties": [], "lines": []}
ASSESSMENT: dict[str, Any] = {
    "lane": "red", "advice": "detain_and_refer", "verdict": "stop", "decided_by": "listed_party",
}  # fmt: skip
OFFICER = Enrolment("B-12", "K. Adeyo", "officer", "771204")
TWO = Demands(second="example rule")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A casebook with two supervisors, an officer and a case that the officer opened."""
    path = tmp_path_factory.mktemp("office") / "casebook.sqlite"
    book = Casebook.at(path)
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
    book.enrol(Enrolment("B-02", "S. Oduya", "supervisor", "550017"), at=NOW)
    book.enrol(OFFICER, at=NOW)
    book.sign_in("B-12", "771204")
    book.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    book.settle()
    book.close()
    return path.read_bytes()


@pytest.fixture
def path(written: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "casebook.sqlite"
    path.write_bytes(written)
    return path


def at_work(path: Path, badge: str, pin: str) -> Casebook:
    book = Casebook.at(path)
    book.sign_in(badge, pin)
    return book


@pytest.mark.parametrize(
    "change",
    [
        lambda chief: chief.rotate(at=NOW),
        lambda chief: chief.retire("B-12", at=NOW),
        lambda chief: chief.enrol(OFFICER, at=NOW),
        lambda chief: chief.enrol(Enrolment("B-12", "K. Adeyo", "auditor", "771204"), at=NOW),
    ],
)
def test_whose_keys_changed_at_another_terminal_signs_in_again_and_the_log_stays_good(
    path: Path, change: Callable[[Casebook], object]
) -> None:
    officer = at_work(path, "B-12", "771204")
    change(at_work(path, "B-01", "428913"))
    for act in (
        lambda: officer.open_case(SHIPMENT, ASSESSMENT, at=NOW),
        lambda: officer.answer("2026-0001", "serials-removed", "no", at=NOW),
        lambda: officer.acting("recorded"),
    ):
        with pytest.raises(UsageError, match=r"Sign in"):
            act()
    assert officer.verify().intact
    assert len(officer.show("2026-0001").events) == 1


def test_who_changed_their_own_pin_goes_on(path: Path) -> None:
    officer, other = at_work(path, "B-12", "771204"), at_work(path, "B-12", "771204")
    other.change_pin("118822", at=NOW)
    officer.answer("2026-0001", "serials-removed", "no", at=NOW)
    assert officer.verify().intact


@pytest.mark.parametrize("role", ["auditor", "trainer"])
def test_the_ledger_and_the_queue_are_no_work_of_auditors_and_trainers(path: Path, role: str) -> None:
    at_work(path, "B-01", "428913").enrol(Enrolment("B-30", "M. Toure", role, "390021"), at=NOW)
    with pytest.raises(UsageError, match=f"Your role \\({role}\\)"):
        at_work(path, "B-30", "390021").acting("recorded")
    assert at_work(path, "B-12", "771204").acting("recorded") == "B-12"


def test_a_second_signature_is_given_to_the_decision_that_was_looked_at(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(at_work(path, "B-12", "771204"), "2026-0001", "release", "the licence came", TWO, at=NOW)
    chief, officer = at_work(path, "B-02", "550017"), at_work(path, "B-12", "771204")
    officer._connection.execute("PRAGMA busy_timeout = 50")
    said: list[str] = []
    usual = Casebook.append

    def decided_meanwhile(book: Casebook, *given: Any, **at: Any) -> log.Event:
        if book is chief:
            try:
                decide(officer, "2026-0001", "detain_and_refer", "", at=NOW)
            except Exception as error:  # noqa: BLE001 - whatever it says, it must not have come between
                said.append(str(error))
        return usual(book, *given, **at)

    monkeypatch.setattr(Casebook, "append", decided_meanwhile)
    signed = countersign(chief, "2026-0001", at=NOW)
    assert "another program is writing" in said[0]
    events = chief.show("2026-0001").events
    assert signed.data["event"] == events[-2].seq
    assert acts.state(events).decided == events[-2]


def test_a_step_that_fails_leaves_nothing_of_it(path: Path) -> None:
    officer = at_work(path, "B-12", "771204")

    def half() -> None:
        with officer.step():
            officer.answer("2026-0001", "serials-removed", "no", at=NOW)
            officer.answer("2026-0001", "", "no", at=NOW)

    with pytest.raises(UsageError, match="A question and an answer"):
        half()
    assert [event.kind for event in officer.show("2026-0001").events] == ["opened"]
    assert officer.verify().intact


def test_the_verifier_finds_a_second_signature_by_who_decided_and_one_on_no_decision(path: Path) -> None:
    chief = at_work(path, "B-02", "550017")
    made = decide(chief, "2026-0001", "release", "the licence came", TWO, at=NOW)
    chief.append("2026-0001", "countersigned", {"event": made.seq, "hash": made.hash}, at=NOW)
    found = chief.verify()
    assert (found.first_bad, found.fault) == (made.seq + 1, "who made the decision signed it a second time")


def test_the_verifier_finds_a_second_signature_under_what_is_no_decision(path: Path) -> None:
    chief = at_work(path, "B-02", "550017")
    event = chief.append("2026-0001", "countersigned", {"event": 5, "hash": "0" * 64}, at=NOW)
    assert "no decision of this case" in str(chief.verify().fault)
    assert chief.verify().first_bad == event.seq


def test_the_verifier_finds_an_exemption_approved_by_who_opened_the_case(path: Path) -> None:
    chief = at_work(path, "B-02", "550017")
    number = chief.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    event = chief.append(number, "exemption_ruled", {"exemption": "TMP", "decision": "approved"}, at=NOW)
    assert (chief.verify().first_bad, chief.verify().fault) == (
        event.seq,
        "who opened the case approved its exemption",
    )


_LOOK = """
import sys
from pathlib import Path
from border_kit.casework.case import Casebook

book = Casebook.at(Path(sys.argv[1]))
print(sum(1 for _ in book.events(None)), book.verify().intact)
book.close()
"""


def test_what_one_terminal_confirms_another_sees_however_often_files_were_opened_and_closed(path: Path) -> None:
    """A second look at the file in one process must not let go of the locks of the first."""

    def seen_elsewhere() -> str:
        return subprocess.run(
            [sys.executable, "-c", _LOOK, str(path)], capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()

    officer = at_work(path, "B-12", "771204")
    for round_ in range(2):
        Casebook.at(path, reading=True).close()
        Casebook.at(path).close()
        before = int(seen_elsewhere().split()[0])
        officer.answer("2026-0001", f"question {round_}", "no", at=NOW)
        assert seen_elsewhere() == f"{before + 1} True"
