"""Operators and the office's key: enrolled, signed in, retired; every event signed and every forgery found."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from border_kit import signing
from border_kit.casework.case import Casebook
from border_kit.casework.checkpoint import Checkpoint, parse
from border_kit.casework.decisions import decide
from border_kit.casework.operators import Enrolment, SignedIn
from border_kit.errors import InputError, UsageError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {"id": "EX-1", "parties": [], "lines": []}
ASSESSMENT: dict[str, Any] = {
    "lane": "yellow", "advice": "document_check", "verdict": "check", "decided_by": "possible_control",
}  # fmt: skip
CHIEF = Enrolment("B-01", "A. Ruhe", "supervisor", "428 913")
OFFICER = Enrolment("B-12", "K. Adeyo", "officer", "771 204")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A casebook with two operators and a case, each event signed: 1 office, 2 chief, 3 officer, 4 opened, 5 answered."""
    path = tmp_path_factory.mktemp("office") / "casebook.sqlite"
    book = Casebook.at(path)
    book.enrol(CHIEF, office="XA-BOR-01", at=NOW)
    book.enrol(OFFICER, at=NOW)
    book.sign_in("B-12", "771 204")
    number = book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    book.answer(number, "serials-removed", "no", at=NOW)
    book._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.close()
    return path.read_bytes()


@pytest.fixture
def path(filled: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "casebook.sqlite"
    path.write_bytes(filled)
    return path


def test_every_event_from_the_offices_enrolment_on_is_signed_by_operator_and_office(path: Path) -> None:
    found = Casebook.at(path).verify()
    assert (found.intact, found.events, found.signed) == (True, 5, 5)
    events = Casebook.at(path).show("2026-0001").events
    assert [(event.operator, event.signed) for event in events] == [("B-12", True), ("B-12", True)]


def test_events_before_enrolment_stay_unsigned_and_good(tmp_path: Path) -> None:
    book = Casebook.at(tmp_path / "casebook.sqlite")
    book.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    book.enrol(CHIEF, office="XA-BOR-01", at=NOW)
    found = book.verify()
    assert (found.intact, found.events, found.signed) == (True, 3, 2)


def test_once_an_office_is_enrolled_nobody_acts_without_signing_in(path: Path) -> None:
    book = Casebook.at(path)
    with pytest.raises(UsageError, match="say who acts"):
        book.answer("2026-0001", "serials-removed", "yes", at=NOW)
    for badge, pin in (("B-12", "771 205"), ("B-99", "771 204"), ("B-01", "771 204")):
        with pytest.raises(UsageError):
            book.sign_in(badge, pin)
    book.sign_in("B-12", "771 204")
    assert book.answer("2026-0001", "serials-removed", "yes", at=NOW).signed


def test_only_a_supervisor_enrols_retires_and_rotates(path: Path) -> None:
    book = Casebook.at(path)
    book.sign_in("B-12", "771 204")
    for act in (
        lambda: book.enrol(Enrolment("B-13", "L. Orne", "supervisor", "000 000"), at=NOW),
        lambda: book.retire("B-01", at=NOW),
        lambda: book.rotate(at=NOW),
    ):
        with pytest.raises(UsageError, match="may not"):
            act()
    assert book.verify().events == 5


@pytest.mark.parametrize("role", ["trainer", "auditor"])
def test_trainers_and_auditors_decide_nothing(path: Path, role: str) -> None:
    book = Casebook.at(path)
    book.sign_in("B-01", "428 913")
    book.enrol(Enrolment("B-30", "P. Vale", role, "555 555"), at=NOW)
    book.sign_in("B-30", "555 555")
    with pytest.raises(UsageError, match="may not"):
        decide(book, "2026-0001", "release", "as a favour", at=NOW)


def test_retiring_replaces_the_offices_key_and_what_was_signed_stays_good(path: Path) -> None:
    book = Casebook.at(path)
    before = book.office
    book.sign_in("B-01", "428 913")
    book.retire("B-12", at=NOW)
    book.answer("2026-0001", "serials-removed", "not_known", at=NOW)
    after = book.office
    assert before
    assert after
    assert before.public != after.public
    assert book.verify().intact
    with pytest.raises(UsageError, match="enrolled"):
        book.sign_in("B-12", "771 204")
    book.sign_in("B-01", "428 913")


def test_an_office_keeps_a_supervisor(path: Path) -> None:
    book = Casebook.at(path)
    book.sign_in("B-01", "428 913")
    with pytest.raises(UsageError, match="keeps a supervisor"):
        book.retire("B-01", at=NOW)


def test_another_pin_unlocks_the_same_key(path: Path) -> None:
    book = Casebook.at(path)
    first = book.sign_in("B-12", "771 204")
    book.change_pin("a longer one", at=NOW)
    with pytest.raises(UsageError, match="PIN is wrong"):
        book.sign_in("B-12", "771 204")
    assert book.sign_in("B-12", "a longer one").key.id == first.key.id
    with pytest.raises(UsageError, match="fewer than"):
        book.change_pin("1234", at=NOW)


def test_a_forgotten_pin_is_mended_by_enrolling_the_badge_anew(path: Path) -> None:
    book = Casebook.at(path)
    book.sign_in("B-01", "428 913")
    book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "909 090"), at=NOW)
    book.sign_in("B-12", "909 090")
    book.answer("2026-0001", "serials-removed", "yes", at=NOW)
    assert book.verify().intact


def test_the_first_operator_is_a_supervisor_and_the_office_has_a_number(tmp_path: Path) -> None:
    book = Casebook.at(tmp_path / "casebook.sqlite")
    with pytest.raises(UsageError, match="supervisor"):
        book.enrol(OFFICER, office="XA-BOR-01", at=NOW)
    with pytest.raises(InputError, match="number"):
        book.enrol(CHIEF, office=" ", at=NOW)
    assert book.office is None
    assert book.verify().events == 0


def _raw(path: Path, script: str) -> None:
    _executed(path, f"DROP TRIGGER event_is_final; DROP TRIGGER event_stays; DROP TRIGGER content_stays; {script};")


def _executed(path: Path, script: str) -> None:
    raw = sqlite3.connect(path)
    raw.executescript(script)
    raw.close()


def _forge(path: Path, seq: int, **changes: Any) -> None:
    """Change fields of an event and mend its hash and all that follow, as who holds the disk but no key could."""
    raw = sqlite3.connect(path)
    raw.executescript("DROP TRIGGER event_is_final; DROP TRIGGER event_stays; DROP TRIGGER content_is_final;")
    previous = ""
    for number, body in raw.execute("SELECT seq, body FROM event WHERE seq >= ? ORDER BY seq", (seq,)).fetchall():
        record = json.loads(body)
        mended: dict[str, Any] = dict(changes) if number == seq else {"prev": previous}
        if "data" in mended:
            said = rfc8785.dumps(mended.pop("data"))
            mended["content"] = hashlib.sha256(b"00\n" + said).hexdigest()
            raw.execute("UPDATE content SET salt = '00', data = ? WHERE seq = ?", (said.decode(), number))
        record |= mended
        text = rfc8785.dumps(record)
        previous = hashlib.sha256(text).hexdigest()
        raw.execute("UPDATE event SET body = ?, hash = ? WHERE seq = ?", (text.decode(), previous, number))
    raw.commit()
    raw.close()


@pytest.mark.parametrize(
    ("seq", "changes", "fault"),
    [
        (5, {"data": {"question": "serials-removed", "answer": "yes"}}, "office's signature"),
        (4, {"operator": "B-01"}, "office's signature"),
        (4, {"signed": False}, "not signed"),
        (3, {"data": {"badge": "B-12", "role": "supervisor"}}, "office's signature"),
        (2, {"operator": "B-77"}, "office's signature"),
    ],
)
def test_a_forged_event_whose_chain_was_mended_is_found_by_its_signatures(
    path: Path, seq: int, changes: dict[str, Any], fault: str
) -> None:
    _forge(path, seq, **changes)
    found = Casebook.at(path).verify()
    assert found.first_bad == seq
    assert fault in str(found.fault)


def test_an_event_signed_by_the_office_but_by_no_operator_who_may_is_found(path: Path) -> None:
    book = Casebook.at(path)
    who = book.sign_in("B-12", "771 204")
    stranger = signing.Key.new()
    book.author = SignedIn(who.operator, stranger, who.office)
    book.answer("2026-0001", "serials-removed", "yes", at=NOW)
    found = book.verify()
    assert (found.first_bad, found.fault) == (6, "the operator's signature does not fit")


def test_signatures_that_were_taken_away_or_swapped_are_found(path: Path) -> None:
    _raw(path, "UPDATE event SET signatures = NULL WHERE seq = 5")
    assert Casebook.at(path).verify().first_bad == 5
    for value in ("'{}'", "'[]'", "'{\"office\": 1}'", "(SELECT signatures FROM event WHERE seq = 4)", "'nothing'"):
        raw = sqlite3.connect(path)
        raw.execute(f"UPDATE event SET signatures = {value} WHERE seq = 5")
        raw.commit()
        raw.close()
        assert Casebook.at(path).verify().first_bad == 5


def test_a_log_cut_short_is_found_by_a_checkpoint_from_outside(path: Path) -> None:
    book = Casebook.at(path)
    book.sign_in("B-12", "771 204")
    checkpoint = parse(str(book.checkpoint(at=NOW)))
    assert book.verify([checkpoint]).intact
    book.close()
    _raw(path, "DELETE FROM event WHERE seq = 5; DELETE FROM content WHERE seq = 5")
    cut = Casebook.at(path)
    assert cut.verify().intact
    found = cut.verify([checkpoint])
    assert (found.first_bad, "ends at event 4" in str(found.fault)) == (5, True)


def test_a_rewritten_log_is_found_by_a_checkpoint_even_by_who_holds_every_key(path: Path, tmp_path: Path) -> None:
    book = Casebook.at(path)
    book.sign_in("B-12", "771 204")
    checkpoint = book.checkpoint(at=NOW)
    other = Casebook.at(tmp_path / "other.sqlite")
    other.enrol(CHIEF, office="XA-BOR-01", at=NOW)
    found = other.verify([checkpoint])
    assert not found.intact


def test_a_checkpoint_of_another_office_is_no_proof(path: Path) -> None:
    book = Casebook.at(path)
    book.sign_in("B-12", "771 204")
    own = book.checkpoint(at=NOW)
    forged = Checkpoint(own.office, own.seq, own.hash, own.at, signing.Key.new().id, own.signature)
    assert "not signed by this office" in str(book.verify([forged]).fault)


@pytest.mark.parametrize("text", ["", "BKCP1", "BKCP1;a;b;c", "BKCP1;X;1;zz;2026-03-02T10:00:00Z;;", "x" * 9999])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


def _as_layout_3(path: Path) -> None:
    """Events as they were before layout 4: what they say stands in the signed text."""
    raw = sqlite3.connect(path)
    raw.executescript("DROP TRIGGER event_is_final; DROP TRIGGER event_stays;")
    previous = "0" * 64
    for number, body, data in raw.execute("SELECT seq, body, data FROM event JOIN content USING (seq)").fetchall():
        record = json.loads(body) | {"data": json.loads(data), "prev": previous}
        del record["content"]
        text = rfc8785.dumps(record)
        previous = hashlib.sha256(text).hexdigest()
        raw.execute("UPDATE event SET body = ?, hash = ? WHERE seq = ?", (text.decode(), previous, number))
    raw.commit()
    raw.executescript("DROP TABLE content;")
    raw.close()


def test_a_casebook_of_the_older_layout_is_brought_up_to_date(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    book = Casebook.at(old)
    book.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    book.close()
    _as_layout_3(old)
    _executed(
        old,
        "ALTER TABLE event DROP COLUMN signatures; DROP TABLE sealed_key; DROP TABLE ruling; DROP TABLE acted; DROP TABLE case_text; DROP TABLE case_row; CREATE TABLE case_row (case_id TEXT); PRAGMA user_version = 1",
    )
    book = Casebook.at(old)
    assert book.verify().intact
    book.enrol(CHIEF, office="XA-BOR-01", at=NOW)
    book.answer("2026-0001", "serials-removed", "yes", at=NOW)
    assert book.verify().signed == 3


def test_sealed_keys_say_nothing_without_the_pin_and_strangers_boxes_are_refused() -> None:
    box = signing.seal(b"secret", "a long pin")
    assert signing.unseal(dict(box), "a long pin") == b"secret"
    with pytest.raises(UsageError):
        signing.unseal(dict(box), "another pin")
    for change in ({"n": 2**30}, {"kdf": "none"}, {"nonce": "AAAA"}, {"salt": "?"}, {"sealed": 3}):
        with pytest.raises(ValueError, match="no sealed box of ours"):
            signing.unseal({**box, **change}, "a long pin")
