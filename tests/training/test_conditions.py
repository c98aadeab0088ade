from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.findings import Advice
from border_kit.training.conditions import (
    AllOf,
    AnyOf,
    Before,
    Condition,
    ConditionError,
    Decided,
    Did,
    Knows,
    Minutes,
    Not,
    Progress,
    Received,
    facts,
    holds,
    parse,
)

PROGRESS = Progress(("look", "ask"), frozenset({"rate"}), 12, Advice.RELEASE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("did look", True),
        ("did phone", False),
        ("did look before ask", True),
        ("did ask before look", False),
        ("did look before phone", False),
        ("knows rate", True),
        ("knows name", False),
        ("decided release", True),
        ("decided examine", False),
        ("minutes < 12", False),
        ("minutes <= 12", True),
        ("minutes > 12", False),
        ("minutes >= 12", True),
        ("not did phone", True),
        ("not not did phone", False),
        ("did phone or did look and knows name", False),
        ("(did phone or did look) and knows rate", True),
        ("not did phone and did phone", False),
        ("not (did phone and did phone)", True),
    ],
)
def test_a_condition_holds_for_what_was_done(text: str, expected: bool) -> None:
    assert holds(parse(text), PROGRESS) is expected


def test_and_binds_closer_than_or() -> None:
    assert parse("did a or did b and did c") == AnyOf((Did("a"), AllOf((Did("b"), Did("c")))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at its end"),
        ("did", "the id of an action is expected at its end"),
        ("did look ask", "expected at character 10, where 'ask' stands"),
        ("decided to_go", "release, document_check, examine, detain_and_refer"),
        ("minutes 12", "'<', '<=', '>' or '>='"),
        ("minutes <= soon", "a number of minutes"),
        ("did look and", "expected at its end"),
        ("(did look", "')' is expected at its end"),
        ("__import__('os')", "is no part of a condition"),
        ("did and", "the id of an action is expected at character 5"),
        ("not " * 50 + "did look", "nested deeper than 20 levels"),
        ("(" * 500 + "did look", "nested deeper than 20 levels"),
        ("did look or " * 200 + "did look", "longer than 1000 characters"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert said in str(caught.value)


_NAMES = st.sampled_from(["look", "ask", "phone"])
_FACTS = st.one_of(
    st.builds(Did, _NAMES),
    st.builds(Before, _NAMES, _NAMES),
    st.builds(Knows, st.sampled_from(["rate", "name"])),
    st.builds(Received, st.sampled_from(["hurry", "stick"])),
    st.builds(Decided, st.sampled_from(list(Advice))),
    st.builds(Minutes, st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 40)),
)
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _FACTS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def _shown(condition: Condition) -> str:  # noqa: PLR0911 - one return a kind
    match condition:
        case Did(action):
            return f"did {action}"
        case Before(first, then):
            return f"did {first} before {then}"
        case Knows(observation):
            return f"knows {observation}"
        case Received(message):
            return f"received {message}"
        case Decided(decision):
            return f"decided {decision.value}"
        case Minutes(relation, number):
            return f"minutes {relation} {number}"
        case Not(part):
            return f"not ({_shown(part)})"
        case AllOf(parts):
            return "(" + " and ".join(_shown(part) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + " or ".join(_shown(part) for part in parts) + ")"


@given(_CONDITIONS)
def test_what_was_written_down_is_read_back(condition: Condition) -> None:
    assert parse(_shown(condition)) == condition


@given(_CONDITIONS)
def test_the_opposite_of_a_condition_holds_when_it_does_not(condition: Condition) -> None:
    assert holds(Not(condition), PROGRESS) is not holds(condition, PROGRESS)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = parse(text)
    except ConditionError:
        return
    assert list(facts(condition))
