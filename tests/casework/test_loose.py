"""Events of no case - observations from outside, marks in the queue - are forgotten in time, and the log still proves itself."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from border_kit import signing
from border_kit.casework import loose, observations, retention
from border_kit.casework.case import Casebook
from border_kit.casework.operators import Enrolment
from border_kit.casework.retention import Due
from border_kit.errors import UsageError
from border_kit.policy.profile import Retention

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PERIODS = (
    Retention("every_case", 1, "x"),
    Retention("heard", 2, "x", of="observations"),
    Retention("marks", 3, "x", of="queue"),
)
KEY = signing.Key(b"w" * 32)


def said(number: int, valid_to: str) -> dict[str, Any]:
    bare: dict[str, Any] = {
        "format": observations.FORMAT, "reference": f"EW-{number}", "made_at": "2026-03-01", "valid_to": valid_to,
        "sender": {"name": "Examplia Watch", "kind": "civil_society", "key": signing.text(KEY.public)},
        "basis": "seen", "says": "Crates were relabelled.", "about": {"codes": ["9015"]},
    }  # fmt: skip
    return {**bare, "signature": signing.text(KEY.sign(observations.signed_text(bare)))}


class Post:
    """A casebook of one supervisor: an observation declined, one accepted until 2026-06-01, one that stands; two marks."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, Casebook.at(path)
        self.book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
        self.declined, self.ended, self.stands = (
            observations.receive(self.book, said(number, ends), at=NOW).no
            for number, ends in enumerate(("2029-01-01", "2026-06-01", "2035-01-01"))
        )
        self.ruled = [self.rule(self.declined), self.rule(self.ended, "info"), self.rule(self.stands, "info")]
        self.marks = [self.mark("C-1"), self.mark("C-2")]

    def rule(self, number: int, severity: str = "") -> int:
        if severity:
            observations.accept(self.book, number, severity, "r", longest_days=5_000, most_standing=9, at=NOW)
        else:
            observations.decline(self.book, number, "r", at=NOW)
        return list(self.book.events(None))[-1].seq

    def mark(self, shipment: str) -> int:
        items: list[Any] = [{"item": 1, "shipment": shipment, "lane": "red"}]
        return self.book.append("queue", "queue_marked", {"done": True, "items": items}, at=NOW).seq

    def due(self, day: date) -> list[Due]:
        return list(loose.due(self.book, PERIODS, day))

    def forget(self, day: date) -> None:
        for row in self.due(day):
            self.book.forget_events(row.case_id, row.events, row.rule, at=NOW)

    def raw(self, script: str) -> None:
        """What somebody does to the file who holds the disk."""
        raw = sqlite3.connect(self.path)
        raw.executescript(f"DROP TRIGGER content_stays; {script}")
        raw.close()


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path / "casebook.sqlite")


def test_an_observation_is_due_so_many_years_after_it_ended_and_a_mark_after_it_was_made(post: Post) -> None:
    over = (post.declined, post.ruled[0])
    for day, expected in (
        (date(2028, 3, 1), []),
        (date(2028, 3, 2), [("observations", over, "2028-03-02", "heard")]),
        (date(2028, 6, 1), [("observations", (*over, post.ended, post.ruled[1]), "2028-03-02", "heard")]),
        (
            date(2029, 3, 2),
            [
                ("observations", (*over, post.ended, post.ruled[1]), "2028-03-02", "heard"),
                ("queue", tuple(post.marks), "2029-03-02", "marks"),
            ],
        ),
    ):
        found = [(row.case_id, row.events, row.due.isoformat(), row.rule) for row in post.due(day)]
        assert found == [(case, tuple(sorted(events)), due, rule) for case, events, due, rule in expected]
    assert list(loose.due(post.book, PERIODS[:1], date(2099, 1, 1))) == []
    assert post.book.due(PERIODS, date(2099, 1, 1)) == []


def test_what_they_say_is_gone_and_the_log_still_proves_itself(post: Post) -> None:
    before = [(event.hash, event.kind) for event in post.book.events(None)]
    post.forget(date(2029, 3, 2))
    events = list(post.book.events(None))
    assert [(event.hash, event.kind) for event in events[: len(before)]] == before
    gone = {post.declined, post.ended, *post.ruled[:2], *post.marks}
    assert {event.seq for event in events if event.forgotten} == gone
    found = post.book.verify()
    assert (found.intact, found.forgotten) == (True, 6)
    assert [one.no for one in observations.listed(post.book, date(2029, 3, 2))] == [post.stands]
    assert post.due(date(2029, 3, 2)) == []
    later = post.mark("C-3")
    post.forget(date(2030, 3, 2))
    assert {event.seq for event in post.book.events("queue") if event.forgotten} == {*post.marks, later}
    assert post.book.verify().intact


def test_what_is_missing_beside_the_named_events_is_found(post: Post) -> None:
    kept = post.mark("C-3")
    post.book.forget_events("queue", post.marks, "marks", at=NOW)
    post.book.close()
    post.raw(f"DELETE FROM content WHERE seq = {kept}")
    found = Casebook.at(post.path).verify()
    assert (found.first_bad, found.fault) == (kept, "its contents are gone, and no retention event says why")


def test_a_retention_event_that_lost_its_own_words_answers_for_nothing(post: Post) -> None:
    told = post.book.forget_events("queue", post.marks, "marks", at=NOW).seq
    post.book.close()
    post.raw(f"DELETE FROM content WHERE seq = {told}")
    assert Casebook.at(post.path).verify().first_bad == post.marks[0]


def test_only_a_supervisor_forgets_and_nothing_goes_without_the_event(post: Post) -> None:
    post.book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)
    post.book.sign_in("B-12", "771204")
    with pytest.raises(UsageError, match="may not"):
        post.book.forget_events("queue", post.marks, "marks", at=NOW)
    with pytest.raises(sqlite3.IntegrityError, match="contents stay until retention ends"):
        retention.delete_some(post.book._connection, "queue", post.marks)
    assert not any(event.forgotten for event in post.book.events(None))
