from __future__ import annotations

import pytest

from border_kit.screening.model import ALERT, Query
from border_kit.screening.qualifiers import DECIDES, Known, apply
from border_kit.shipment.model import Identifier

FULL = 0.95


def score(query: Query, known: Known, kind: str = "person") -> float:
    return apply(FULL, query, kind, known)[0]


def asked(**more: object) -> Query:
    return Query("Orvo Quentilov", **more)  # type: ignore[arg-type]  # by name


def number(kind: str, value: str) -> Query:
    return asked(identifiers=(Identifier(kind, value),))


@pytest.mark.parametrize(
    ("born", "listed", "higher"),
    [
        ("1971-05-03", "1971-05-03", True),
        ("1971", "1971-05-03", True),
        ("1971", "1969/1973", True),
        ("1999", "1971", False),
    ],
)
def test_a_birth_that_agrees_raises_and_one_a_generation_off_refutes(born: str, listed: str, *, higher: bool) -> None:
    found = score(asked(born=born), Known(born=(listed,)))
    assert (found > FULL) is higher
    assert higher or found < ALERT


def test_a_womans_patronymic_against_a_man_lowers_and_says_so() -> None:
    found, notes = apply(FULL, Query("Quentilova Orva Tamirovna"), "person", Known(genders=("male",)))
    assert found < FULL
    assert [(note.part, note.query, note.listed, note.how) for note in notes] == [
        ("gender", "female", "male", "conflict")
    ]
    assert apply(FULL, Query("Quentilova Orva Tamirovna"), "person", Known(genders=("female",))) == (FULL, ())


@pytest.mark.parametrize("kind", ["passport", "tax", "national_id", "imo"])
def test_a_number_that_agrees_decides(kind: str) -> None:
    value = "9074729"
    assert apply(0.2, number(kind, value), "vessel", Known(identifiers=((kind, value),)))[0] == DECIDES


@pytest.mark.parametrize(("kind", "listed"), [("imo", "9319466"), ("lei", "529900T8BM49AURSDO55")])
def test_another_number_for_life_refutes(kind: str, listed: str) -> None:
    own = {"imo": "9074729", "lei": "5493001KJTIIGC8Y1R12"}[kind]
    assert score(number(kind, own), Known(identifiers=((kind, listed),)), "vessel") < ALERT


def test_a_ships_number_is_not_found_under_a_passports() -> None:
    assert apply(0.2, number("imo", "9074729"), "vessel", Known(identifiers=(("passport", "9074729"),)))[0] == 0.2


def test_another_tax_number_of_the_same_scheme_lowers_and_another_passport_does_not() -> None:
    assert score(number("tax", "7701234567"), Known(identifiers=(("tax", "7707654321"),))) < FULL
    assert score(number("tax", "7701234567"), Known(identifiers=(("tax", "55"),))) == FULL
    assert score(number("passport", "AB123456"), Known(identifiers=(("passport", "CD654321"),))) == FULL


@pytest.mark.parametrize(("listed", "score"), [("tail_number", DECIDES), ("registration", DECIDES), ("passport", 0.2)])
def test_marks_of_an_aircraft_are_no_passport_that_reads_the_same(listed: str, score: float) -> None:
    assert (
        apply(0.2, number("tail_number", "XA-12345"), "aircraft", Known(identifiers=((listed, "xa12345"),)))[0] == score
    )


@pytest.mark.parametrize("kind", ["vessel", "organisation"])
def test_another_kind_lowers(kind: str) -> None:
    assert score(asked(kind="person"), Known(), kind) < FULL


def test_a_country_that_agrees_weighs_less_than_a_birth() -> None:
    country = score(asked(country="XA"), Known(countries=("XA",)))
    born = score(asked(born="1971"), Known(born=("1971",)))
    assert FULL < country < born


@pytest.mark.parametrize(
    ("kind", "value"),
    [("IMO number", "9074729"), ("vessel_imo", "IMO 9074-729"), ("imo", "٩٠٧٤٧٢٩"), ("imo", "９０７４７２９")],
)
def test_a_number_decides_in_whatever_words_and_digits_it_is_given(kind: str, value: str) -> None:
    found, notes = apply(0.2, number(kind, value), "vessel", Known(identifiers=(("imo", "9074729"),)))
    assert found == DECIDES
    assert [note.how for note in notes] == ["agree"]


def test_a_number_that_nobody_has_is_told_and_changes_nothing() -> None:
    found, notes = apply(FULL, number("imo", "9074728"), "vessel", Known(identifiers=(("imo", "9074729"),)))
    assert found == FULL
    assert [(note.query, note.how) for note in notes] == [("imo 9074728", "no such number")]
