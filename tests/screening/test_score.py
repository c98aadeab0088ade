from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.screening.features import NAMES
from border_kit.screening.model import ALERT, SHOWN
from border_kit.screening.score import coefficients, compare
from tests.command import within


def score(left: str, right: str, kind: str | None = None) -> float:
    return compare(left, right, kind).score


@given(st.text(max_size=200))
def test_the_same_string_is_one(text: str) -> None:
    assert score(text, text) == 1.0


@given(st.text(max_size=120), st.text(max_size=120), st.sampled_from([None, "person", "organisation", "vessel"]))
def test_any_two_strings_get_a_score_and_json(left: str, right: str, kind: str | None) -> None:
    found = compare(left, right, kind)
    assert 0.0 <= found.score <= 1.0
    assert found.to_json()["score"] == found.score


_WORDS = st.lists(
    st.sampled_from(["orvo", "tamil", "radu", "quentil", "marisko", "dalvar", "trading", "company", "llc"]),
    min_size=2,
    max_size=4,
    unique=True,
)


@given(_WORDS, _WORDS)
def test_names_of_as_many_words_compare_alike_both_ways(left: list[str], right: list[str]) -> None:
    size = min(len(left), len(right))
    one, other = " ".join(left[:size]), " ".join(right[:size])
    assert abs(score(one, other) - score(other, one)) <= 0.35


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800", "x" * 100_000, "م" * 100_000, "a " * 50_000, "((((" * 20_000, "\u202e\x00"]
)
def test_hostile_strings_are_answered_quickly(text: str) -> None:
    with within(2.0):
        assert 0.0 <= score(text, "Orvo Quentil") < ALERT
        assert score(text, text) == 1.0


def test_long_texts_that_differ_late_are_not_the_same() -> None:
    assert score("a" * 5000 + "b", "a" * 5000 + "c") < 0.999


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("JSCQUENTIL", "Quentil JSC"),
        ("Quentil OAO", "Joint Stock Company Quentil"),
        ("Orvo Quentil", "QUENTIL, Orvo"),
        ("Abdul Rahman Qentali", "Abdulrahman al-Qentali"),
        ("Mohamed Qentali", "Muhammad al-Qentaly"),
        ("Yusuf Tariq", "يوسف طارق"),
        ("Владимир Квентилов", "Vladimir Kventilov"),
        ("Kim Jong Chol", "김정철"),
        ("Wang Xiaoming", "王小明"),
        ("Quentil Plant", "Zavod Quentil"),
        ("Orvo Quentill", "Orvo Quentil"),
        ("N. Quentilbayev", "Nurlan Quentilbayev"),
        ("A-B-C Company", "ABC Co. Ltd"),
        ("NPQ LLC", "Northern Petroleum Quarries LLC"),
        ("Quentil Works (QW)", "Quentil Works"),
    ],
)
def test_one_party_written_in_two_ways_reaches_the_alert(left: str, right: str) -> None:
    assert score(left, right) >= ALERT


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Salman bin Muhammad", "Muhammad bin Salman"),
        ("George Bush", "George Habbash"),
        ("CORP", "Quentil Corp"),
        ("Company", "Quentil Company"),
        ("Trading Company", "General Trading Company LLC"),
        ("A-B-C Company", "Quentil Company"),
        ("Mohammed Ali", "Mohammed Hussein"),
        ("Quentil Plant No. 5", "Quentil Plant No. 6"),
        ("Quentil II", "Quentil III"),
        ("Quentilov", "Orvo Quentilov"),
        ("Orvo Marisko", "Orvo Quentil"),
        ("Orvo Lantern Trading LLC", "Quentil Meadow Trading LLC"),
        ("Karim Dalvar", "Karimi Dolvarian"),
    ],
)
def test_different_parties_stay_below_the_alert(left: str, right: str) -> None:
    assert score(left, right) < ALERT


def test_a_family_name_alone_is_a_weak_hit() -> None:
    assert SHOWN <= score("Quentilov", "Orvo Quentilov", "person") < ALERT


def test_what_is_alike_is_less_than_what_is_the_same() -> None:
    assert score("Orvo Quentil", "Quentil, Orvo") < 1.0
    assert score("Mohamed Quentil", "Muhammad Quentil") < score("Orvo Quentil", "ORVO QUENTIL") < 1.0


def test_a_word_too_many_in_the_query_costs_more_than_one_in_the_listing() -> None:
    longer, shorter = "Orvo Tamil Quentil", "Orvo Quentil"
    assert score(longer, shorter, "person") < score(shorter, longer, "person")


def test_each_word_is_explained() -> None:
    rows = compare("Mohamed Quentil LLC", "Muhammad Quentil OOO", "organisation").explanation
    told = {(row.query, row.listed): row.how for row in rows}
    assert told == {("mohamed", "muhammad"): "sound", ("quentil", "quentil"): "exact", ("llc", "ooo"): "legal form"}
    assert sum(row.weight for row in rows) == pytest.approx(1.0)


def test_the_reason_of_a_contradiction_is_told() -> None:
    assert compare("Plant 5", "Plant 6").explanation[0].how == "numbers differ"
    assert compare("Orvo bin Tamil", "Tamil bin Orvo").explanation[0].how == "order of father and son differs"


def test_no_evidence_against_can_raise_a_score() -> None:
    for constant, costs in coefficients().values():
        assert constant > 0
        assert len(costs) == len(NAMES)
        assert all(cost >= 0 for cost in costs)
