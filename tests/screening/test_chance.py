"""What agrees in a search by chance is a weak hit; what agrees in full, or in rare words, stays an alert."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from border_kit.catalog.volumes import Catalog
from border_kit.desk.render_names import explanation_table
from border_kit.screening.engine import Screener
from border_kit.screening.model import ALERT, SHOWN, Query
from border_kit.screening.parse import parse
from border_kit.screening.score import WEAK, compare, compare_names


def searched(query: str, listed: str, kind: str) -> float:
    return compare_names(parse(query, kind), parse(listed, kind), among_many=True).score


def reasons(query: str, listed: str, kind: str) -> list[str]:
    found = compare_names(parse(query, kind), parse(listed, kind), among_many=True)
    return [f"{item.query}: {item.how}" for item in found.explanation if item.part == "name"]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("Ahmed Saleh", "SALEH, Ahmed Mahdi"),
        ("Juan Hernández", "HERNANDEZ GARCIA, Juan"),
        ("Youssef Mansour", "MANSOUR, Zorvan Youssef"),
    ],
)
def test_two_common_names_beside_another_are_shown_and_alert_nobody(query: str, listed: str) -> None:
    assert searched(query, listed, "person") <= WEAK
    assert searched(query, listed, "person") >= SHOWN
    assert f"{parse(query, 'person').folded}: may be chance" in reasons(query, listed, "person")


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("Ahmed Saleh", "SALEH, Ahmed"),
        ("Mohammed Darwish", "Muhammad Darwish"),
        ("أحمد صالح", "Ahmad Salih"),
        ("Wang Fang", "WANG, Fang"),
    ],
)
def test_a_full_name_is_an_alert_however_common(query: str, listed: str) -> None:
    assert searched(query, listed, "person") >= ALERT


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("Zorvenko Plitsyn", "PLITSYN, Zorvenko Ivanovich"),
        ("Ahmed Zurbakhani", "ZURBAKHANI, Ahmed Ali"),
        ("Ahmed Zurbakhoni", "ZURBAKHANI, Ahmed"),
    ],
)
def test_a_rare_name_that_agrees_is_an_alert_beside_another(query: str, listed: str) -> None:
    assert searched(query, listed, "person") >= ALERT


def test_common_names_that_are_nearly_the_same_are_weak() -> None:
    assert SHOWN <= searched("Tariq Najjari", "AL-NAJJAR, Tariq", "person") < ALERT


@pytest.mark.parametrize(
    ("query", "listed", "words"),
    [
        ("Vone", "VONA LLC", "vone"),
        ("Zorna GmbH", "ZORNE HOLDING", "zorna"),
        ("Silver Star Medical Supplies", "SHAREKAT SILVER STAR", "silver star"),
        ("Blue Leaf Textiles", "BLUE LEAF TRADING", "blue leaf"),
    ],
)
def test_a_firm_of_common_words_or_one_short_word_is_weak(query: str, listed: str, words: str) -> None:
    assert searched(query, listed, "organisation") < ALERT
    assert f"{words}: may be chance" in reasons(query, listed, "organisation")


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("Zornat Trading", "ZORNET TRADING COMPANY"),
        ("Zornakhodia", "ZORNAKHODYA LLC"),
        ("ООО Зорна", "ZORNA LLC"),
        ("Silver Star", "SILVER STAR LTD"),
    ],
)
def test_a_firm_that_agrees_in_more_or_to_the_letter_alerts(query: str, listed: str) -> None:
    assert searched(query, listed, "organisation") >= ALERT


def test_a_comparison_does_not_weigh_chance() -> None:
    assert compare("Ahmed Saleh", "SALEH, Ahmed Mahdi", "person").score >= ALERT


def test_what_is_known_beside_the_name_makes_a_weak_hit_an_alert(make_catalog: Callable[..., Catalog]) -> None:
    listed = {"id": "A", "names": [("SALEH, Ahmed Mahdi", "primary")], "facts": [("born", "1969-02-03")]}
    screener = Screener(make_catalog([listed]))
    (weak,) = screener.screen(Query("Ahmed Saleh")).hits
    (sure,) = screener.screen(Query("Ahmed Saleh", born="1969-02-03")).hits
    assert (weak.alert, sure.alert) == (False, True)


def test_an_officer_reads_the_words_that_may_agree_by_chance_as_against_the_hit() -> None:
    found = compare_names(parse("Ahmed Saleh", "person"), parse("SALEH, Ahmed Mahdi", "person"), among_many=True)
    rows = explanation_table([item.to_json() for item in found.explanation])
    assert [row.split() for row in rows if "chance" in row] == [["!", "ahmed", "saleh", "may", "be", "chance"]]
