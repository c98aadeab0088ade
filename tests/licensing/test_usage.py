"""A balance is a sum over drawings: order, grouping and reversal follow the laws of addition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.certificates.claims import LicenceLine
from border_kit.licensing.model import Authority, Licence, Usage, plain
from border_kit.licensing.tolerance import bears
from border_kit.licensing.usage import TYPES, balances, signed, unreported

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=3)
USAGE = st.builds(
    Usage,
    line=st.integers(1, 2),
    quantity=st.none() | AMOUNTS,
    value=st.none() | AMOUNTS,
    currency=st.sampled_from(["EUR", "eur", None]),
    declaration=st.sampled_from(["EX-1", "EX-2"]),
    date=st.just("2026-02-01"),
    type=st.sampled_from(TYPES),
)


def licence(*usage: Usage, quantity: str | None = "100", value: str | None = "1000") -> Licence:
    lines = tuple(
        LicenceLine(
            no,
            quantity=Decimal(quantity) if quantity else None,
            unit="pcs",
            value=Decimal(value) if value else None,
            currency="EUR",
        )
        for no in (1, 2)
    )
    return Licence(
        "L-1", "individual", "issued", Authority("XA", "XA", as_of=date(2026, 3, 1)), lines=lines, usage=usage
    )


@given(st.lists(USAGE, max_size=8), st.randoms())
def test_the_order_of_drawings_never_changes_a_balance(rows: list[Usage], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert balances(licence(*rows)) == balances(licence(*shuffled))


@given(st.lists(USAGE, max_size=6))
def test_a_contra_entry_for_every_drawing_restores_the_balance(rows: list[Usage]) -> None:
    drawn = [replace(row, type="O") for row in rows]
    contra = [replace(row, type="C") for row in rows]
    assert balances(licence(*drawn, *contra)) == balances(licence())


@given(st.lists(USAGE, max_size=6))
def test_reported_drawings_and_drawings_made_here_count_alike(rows: list[Usage]) -> None:
    assert balances(licence(*rows)) == balances(licence(), rows)


@given(st.lists(USAGE, max_size=6))
def test_a_drawing_that_the_registry_has_reported_counts_once(rows: list[Usage]) -> None:
    assert unreported(licence(), rows, rows) == ()
    fresh = unreported(licence(), rows, reported=[])
    assert balances(licence(), fresh) == balances(licence(), rows)


def test_a_drawing_that_the_registry_reports_in_part_counts_whole() -> None:
    here = [Usage(1, Decimal(5), Decimal(50), "EUR", "EX-1"), Usage(1, Decimal(2), None, None, "EX-1", type="C")]
    reported = [Usage(1, Decimal(3), Decimal(50), "EUR", "ex-1")]
    fresh = unreported(licence(*reported), here, reported)
    assert [(row.type, plain(row.quantity), plain(row.value)) for row in fresh] == [("O", "2", "0"), ("C", "2", "0")]
    assert balances(licence(*reported), fresh)[1].drawn == 3


def test_what_was_drawn_in_pieces_is_known_again_when_the_registry_reports_dozens() -> None:
    dozens = replace(licence(), lines=(LicenceLine(1, quantity=Decimal(1), unit="doz"),))
    here = [Usage(1, Decimal(3), declaration="EX-1", unit="pcs")]
    assert unreported(dozens, here, [Usage(1, Decimal("0.25"), declaration="EX-1")]) == ()


def test_six_drawings_of_two_pieces_are_one_dozen_exactly() -> None:
    dozen = replace(licence(), lines=(LicenceLine(1, quantity=Decimal(1), unit="doz"),))
    assert balances(dozen, [Usage(1, Decimal(2), unit="pcs")] * 6)[1].left == 0


@pytest.mark.parametrize(("kind", "taken"), [("O", "5"), ("A", "5"), ("L", "5"), ("M", "5"), ("C", "-5")])
def test_every_type_of_drawing_has_its_sign(kind: str, taken: str) -> None:
    assert signed(Decimal(5), kind) == Decimal(taken)


def test_an_adjustment_downwards_and_a_contra_written_negative_both_give_back() -> None:
    assert signed(Decimal(-5), "A") == -5
    assert signed(Decimal(-5), "C") == -5


def test_no_limit_stays_no_limit_whatever_was_drawn() -> None:
    balance = balances(licence(Usage(1, Decimal(500)), quantity=None))[1]
    assert balance.left is None
    assert balance.drawn == 500


def test_an_overdrawn_line_shows_what_is_missing() -> None:
    assert balances(licence(Usage(1, Decimal(101))))[1].left == -1
    assert not bears(Decimal(-1), Decimal("0.001"), Decimal(100))


def test_a_drawing_in_another_currency_is_named_and_not_added() -> None:
    balance = balances(licence(Usage(1, Decimal(1), Decimal(10), "USD")))[1]
    assert balance.value_drawn == 0
    assert balance.other_currency == "USD"


@pytest.mark.parametrize(
    ("number", "text"), [("20.000", "20"), ("0.10", "0.1"), ("1E+3", "1000"), ("0.000", "0"), ("-1.50", "-1.5")]
)
def test_amounts_are_written_without_exponent_and_idle_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
