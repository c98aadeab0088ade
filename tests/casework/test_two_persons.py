"""Two signatures are of two persons: nobody whom one supervisor enrolled on their word alone makes them two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from border_kit import signing
from border_kit.casework import log, operators
from border_kit.casework.acts import record
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import Demands, countersign, decide, refuse
from border_kit.casework.operators import Enrolment, SignedIn
from border_kit.errors import UsageError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {"id": "EX-1", "parties": [], "lines": []}
ASSESSMENT: dict[str, Any] = {
    "lane": "red", "advice": "detain_and_refer", "verdict": "stop", "decided_by": "listed_party",
}  # fmt: skip
TWO = Demands(second="example rule")
PIN = "428913"


class Post:
    """An office with supervisors B-01 and B-02, where B-01 does the enrolling."""

    def __init__(self, path: Path) -> None:
        self.book, self.known = Casebook.at(path), dict[str, SignedIn]()
        self.book.enrol(self.of("B-01"), office="XA-BOR-01", at=NOW)
        self.enrol("B-02")

    @staticmethod
    def of(badge: str, role: str = "supervisor") -> Enrolment:
        return Enrolment(badge, f"Person {badge}", role, PIN)

    def acts(self, badge: str) -> None:
        """Sign in, once for each key: PINs cost time."""
        self.book.author = self.known.get(badge) or self.book.sign_in(badge, PIN)
        self.known[badge] = self.book.author

    def enrol(self, badge: str, role: str = "supervisor", by: str = "B-01") -> str | None:
        self.acts(by)
        self.known.pop(badge, None)
        return self.book.enrol(self.of(badge, role), at=NOW).on_word_of

    def confirm(self, badge: str, by: str) -> None:
        self.acts(by)
        self.book.confirm(badge, at=NOW)

    def decided(self, by: str) -> str:
        self.acts(by)
        number = self.book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
        decide(self.book, number, "release", "a reason", TWO, at=NOW)
        return number

    def two(self, first: str, second: str) -> bool:
        """Whether a decision of the one is signed a second time by the other; refusing the signature goes the same way."""
        number, other = self.decided(first), self.decided(first)
        self.acts(second)
        done: list[str] = []
        acts: list[Callable[[], object]] = [
            lambda: countersign(self.book, number, at=NOW),
            lambda: refuse(self.book, other, "no", at=NOW),
        ]
        for act in acts:
            try:
                act()
                done.append("")
            except UsageError as error:
                done.append(error.code)
        assert done in ([""] * 2, ["one_word"] * 2)
        return not done[0]


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path / "casebook.sqlite")


def test_a_second_badge_of_a_supervisor_signs_nothing_of_theirs_a_second_time(post: Post) -> None:
    assert post.enrol("B-99") == "B-01"
    assert not post.two("B-01", "B-99")
    assert not post.two("B-99", "B-01")
    assert post.two("B-99", "B-02")
    assert post.two("B-02", "B-99")
    assert post.book.verify().intact


def test_neither_does_an_officer_of_theirs_nor_whom_their_second_badge_enrols(post: Post) -> None:
    post.enrol("B-99")
    assert post.enrol("B-98", "officer") == "B-01"
    assert post.enrol("B-97", "officer", by="B-99") == "B-01"
    for badge in ("B-98", "B-97"):
        assert not post.two(badge, "B-01")
        assert not post.two(badge, "B-99")
        assert post.two(badge, "B-02")


def test_nor_a_colleagues_badge_that_was_given_a_new_key(post: Post) -> None:
    post.enrol("B-12", "officer", by="B-02")
    assert post.two("B-12", "B-01")
    assert post.enrol("B-12", "officer", by="B-01") == "B-01"
    assert not post.two("B-12", "B-01")
    assert post.enrol("B-02") == "B-01"
    assert not post.two("B-01", "B-02")


def test_another_supervisor_confirms_and_then_they_are_two(post: Post) -> None:
    post.enrol("B-12", "officer")
    post.enrol("B-99")
    for badge, by in (("B-12", "B-01"), ("B-12", "B-99"), ("B-99", "B-99")):
        with pytest.raises(UsageError, match="on the word of B-01 already"):
            post.confirm(badge, by)
    post.confirm("B-12", "B-02")
    assert post.two("B-12", "B-01")
    with pytest.raises(UsageError, match="needs no confirmation"):
        post.confirm("B-12", "B-02")
    with pytest.raises(UsageError, match="Nobody with the badge"):
        post.confirm("B-77", "B-02")
    post.acts("B-12")
    with pytest.raises(UsageError, match="may not"):
        post.book.confirm("B-99", at=NOW)
    assert post.book.verify().intact


def test_a_confirmation_signs_nobody_off(post: Post, tmp_path: Path) -> None:
    post.enrol("B-12", "officer")
    other = Casebook.at(tmp_path / "casebook.sqlite")
    other.sign_in("B-12", PIN)
    post.confirm("B-12", "B-02")
    assert other.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id == "2026-0001"


def test_where_there_is_one_supervisor_alone_those_enrolled_count(tmp_path: Path) -> None:
    book = Casebook.at(tmp_path / "casebook.sqlite")
    book.enrol(Post.of("B-01"), office="XA-BOR-01", at=NOW)
    assert book.enrol(Post.of("B-12", "officer"), at=NOW).on_word_of is None
    assert book.enrol(Post.of("B-02"), at=NOW).on_word_of is None


def test_disputes_and_exemptions_ask_for_two_persons_too(post: Post) -> None:
    post.enrol("B-99")
    number = post.decided("B-01")
    dispute = record(post.book, number, "dispute", {"about": "hold", "by": "x", "grounds": "y"}, at=NOW).seq
    post.acts("B-99")
    with pytest.raises(UsageError, match="does not resolve"):
        record(post.book, number, "resolve", {"dispute": str(dispute), "outcome": "upheld", "reason": "z"}, at=NOW)
    with pytest.raises(UsageError, match="does not approve"):
        record(post.book, number, "exempt", {"exemption": "E", "decision": "approved", "reason": "z"}, at=NOW)
    post.acts("B-02")
    record(post.book, number, "resolve", {"dispute": str(dispute), "outcome": "upheld", "reason": "z"}, at=NOW)
    record(post.book, number, "exempt", {"exemption": "E", "decision": "approved", "reason": "z"}, at=NOW)
    assert post.book.verify().intact


def _unchecked(act: Callable[[], object]) -> None:
    """What a changed program would write."""
    with mock.patch.object(Casebook, "by_one_hand", return_value=False):
        act()


def test_the_verifier_finds_what_a_changed_program_wrote(post: Post) -> None:
    post.enrol("B-99")
    number = post.decided("B-01")
    post.acts("B-99")
    _unchecked(lambda: countersign(post.book, number, at=NOW))
    found = post.book.verify()
    assert (found.first_bad, found.fault) == (
        found.events,
        "it is signed by two who may be one person: nobody else confirmed the enrolment",
    )


def test_the_verifier_finds_an_exemption_approved_by_a_second_badge(post: Post) -> None:
    post.enrol("B-99")
    number = post.decided("B-01")
    post.acts("B-99")
    ruled = {"exemption": "E", "decision": "approved", "reason": "z"}
    _unchecked(lambda: record(post.book, number, "exempt", ruled, at=NOW))
    assert post.book.verify().fault == "who opened the case approved its exemption"


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        ({"alone": False}, "what it says of other supervisors is not so"),
        ({}, "it does not say whether another supervisor could have confirmed it"),
    ],
)
def test_the_verifier_finds_an_enrolment_that_hides_the_other_supervisor(
    post: Post, says: dict[str, bool], fault: str
) -> None:
    written = log.append

    def lies(connection: Any, case: str, kind: str, data: dict[str, Any], **kept: Any) -> Any:
        told = {key: value for key, value in data.items() if key != "alone"} | says
        return written(connection, case, kind, told if kind == "operator_enrolled" else data, **kept)

    with mock.patch.object(log, "append", lies):
        post.enrol("B-99")
    found = post.book.verify()
    assert (found.first_bad, found.fault) == (found.events, fault)


def test_the_verifier_finds_a_confirmation_by_the_very_supervisor(post: Post) -> None:
    post.enrol("B-99")
    office = post.book.office
    assert office is not None
    said: dict[str, Any] = {"badge": "B-99", "key": signing.text(office.operators["B-99"].public)}
    post.book.append("office", "operator_confirmed", said, at=NOW)
    assert post.book.verify().fault == "an enrolment is confirmed by the supervisor on whose word it rests"


def test_enrolments_of_casebooks_of_before_count_as_they_did(post: Post, tmp_path: Path) -> None:
    with mock.patch.object(operators.Office, "another_than", return_value=False):
        post.enrol("B-99")
    found = post.book.verify()
    assert found.fault == "what it says of other supervisors is not so"
    written = log.append

    def before(connection: Any, case: str, kind: str, data: dict[str, Any], **kept: Any) -> Any:
        return written(connection, case, kind, {key: data[key] for key in data if key != "alone"}, **kept)

    with mock.patch.object(log, "append", before):
        old = Post(tmp_path / "old.sqlite")
        assert old.enrol("B-99") is None
    assert old.two("B-01", "B-99")
    assert old.book.verify().intact
    assert old.enrol("B-98") == "B-01"
    assert old.book.verify().intact
