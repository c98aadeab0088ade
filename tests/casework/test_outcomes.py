"""What came of cases: hit rates recomputed from the raw log, and review triggers that fire once, at their threshold."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit import store
from border_kit.casework import outcomes
from border_kit.casework.acts import record
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import decide
from border_kit.policy.profile import ReviewTrigger

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {"id": "EX-1", "parties": [], "lines": []}
OVERRIDES = ReviewTrigger("repeated", "overrides", 3, 90, "x")
RULES = ("listed_party", "weighted_flags", "audit")


def _assessment(fired: tuple[str, ...], decided_by: str = "x") -> dict[str, Any]:
    why = [{"rule": rule, "title": rule, "lane": "red", "fires": rule in fired, "saw": []} for rule in RULES]
    return {"lane": "red", "advice": "examine", "verdict": "stop", "decided_by": decided_by, "why": why}


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook.at(tmp_path / "casebook.sqlite")


def _case(book: Casebook, fired: tuple[str, ...], result: str | None, decided_by: str = "x") -> str:
    number = book.open_case(SHIPMENT, _assessment(fired, decided_by), at=NOW).case_id
    if result:
        record(book, number, "outcome", {"result": result}, at=NOW)
    return number


def _by_hand(book: Casebook) -> dict[str, tuple[int, int]]:
    """(cases, confirmed) of each rule, from the stored rows alone."""
    newest: dict[str, tuple[set[str], str]] = {}
    result: dict[str, str] = {}
    for row in book.stored(None):
        data = json.loads(row["data"])
        if "assessment" in data:
            found = data["assessment"]
            newest[row["case_id"]] = ({view["rule"] for view in found["why"] if view["fires"]}, found["decided_by"])
        if row["kind"] == "outcome":
            result[row["case_id"]] = data["result"]
    counts: dict[str, tuple[int, int]] = {}
    for case, outcome in result.items():
        rules, decided_by = newest[case]
        for rule in rules | ({decided_by} & {"random_selection"}):
            cases, confirmed = counts.get(rule, (0, 0))
            counts[rule] = (cases + 1, confirmed + (outcome == "confirmed"))
    return counts


CASES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(RULES), unique=True).map(tuple),
        st.sampled_from([None, "confirmed", "other_irregularity", "nothing_found"]),
        st.sampled_from(["x", "random_selection"]),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=25)
@given(CASES)
def test_rates_equal_what_the_raw_log_says(cases: list[tuple[tuple[str, ...], str | None, str, bool]]) -> None:
    book = Casebook(store.memory())
    for fired, result, decided_by, again in cases:
        number = _case(book, fired, result, decided_by)
        if again:  # a later assessment and a later outcome count, not the first
            book.reassess(number, _assessment(("audit",)), at=NOW)
            record(book, number, "outcome", {"result": "confirmed"}, at=NOW)
    found = outcomes.rates(outcomes.stories(book.events(None)))
    assert {row.rule: (row.cases, row.confirmed) for row in found} == _by_hand(book)
    assert [row.cases for row in found] == sorted((row.cases for row in found), reverse=True)
    book.close()


def test_deleted_cases_no_longer_count(book: Casebook) -> None:
    number = _case(book, ("audit",), "confirmed")
    decide(book, number, "examine", "", at=NOW)
    _case(book, ("audit",), "nothing_found")
    book.forget(number, "every_case", at=NOW)
    stories = outcomes.stories(book.events(None))
    assert [(row.rule, row.cases, row.confirmed) for row in outcomes.rates(stories)] == [("audit", 1, 0)]
    assert sum(story.forgotten for story in stories.values()) == 1


def _override(book: Casebook, decided_by: str, at: datetime) -> None:
    number = book.open_case(SHIPMENT, _assessment((), decided_by), at=at).case_id
    decide(book, number, "release", "known trader", at=at)


def _due(book: Casebook, day: date, *triggers: ReviewTrigger) -> list[tuple[str, str, int]]:
    events = list(book.events(None))
    return [(row.trigger, row.subject, len(row.evidence)) for row in outcomes.reviews(events, triggers, day)]


def test_a_trigger_fires_at_its_threshold_and_once(book: Casebook) -> None:
    day = NOW.date()
    for count in range(3):
        assert _due(book, day, OVERRIDES) == []
        _override(book, "possible_control", NOW)
        _override(book, f"other {count}", NOW)
    assert _due(book, day, OVERRIDES) == [("repeated", "possible_control", 3)]
    (review,) = outcomes.reviews(list(book.events(None)), [OVERRIDES], day)
    book.append(outcomes.REVIEWS, "review_raised", review.to_json(), at=NOW)
    assert _due(book, day, OVERRIDES) == []
    for _ in range(2):
        _override(book, "possible_control", NOW)
    assert _due(book, day, OVERRIDES) == []
    _override(book, "possible_control", NOW)
    assert _due(book, day, OVERRIDES) == [("repeated", "possible_control", 3)]
    assert book.verify().intact


def test_what_lies_too_far_back_does_not_count(book: Casebook) -> None:
    for days in (0, 89, 90, 91):
        _override(book, "possible_control", NOW - timedelta(days))
    assert _due(book, NOW.date(), OVERRIDES) == [("repeated", "possible_control", 3)]
    assert _due(book, NOW.date() + timedelta(2), OVERRIDES) == []


def test_following_the_advice_is_no_override_and_a_ruling_that_no_licence_was_needed_is_an_unmatched_referral(
    book: Casebook,
) -> None:
    unmatched = ReviewTrigger("unmatched", "referrals_unmatched", 1, 90, "x")
    number = _case(book, (), None, "possible_control")
    decide(book, number, "examine", "", at=NOW)
    ruling = {"authority": "A", "reference": "R", "outcome": "no_licence_required", "entry": "6A003"}
    record(book, number, "rule", ruling, at=NOW)
    record(book, number, "rule", {**ruling, "outcome": "licence_required"}, at=NOW)
    assert _due(book, NOW.date(), ReviewTrigger("o", "overrides", 1, 90, "x"), unmatched) == [("unmatched", "6A003", 1)]
