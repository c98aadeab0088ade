"""Quantities: exact, convertible or not comparable."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.units import DIMENSIONS, convert, find_unit


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("2", "doz", "pcs", "24"),
        ("1", "PRS", "pcs", "2"),
        ("1", "GROSS", "doz", "12"),
        ("500", "g", "KGM", "0.5"),
        ("2.5", "t", "kg", "2500"),
        ("1", "lb", "kg", "0.45359237"),
        ("9", "fps", "Hz", "9"),
        ("46.3", "km/h", "km/h", "46.3"),
        ("1", "nmi", "m", "1852"),
        ("25", "°C", "K", "298.15"),
        ("7", "ROLLS", "rolls", "7"),
    ],
)
def test_conversion_is_exact(value: str, unit: str, to: str, expected: str) -> None:
    assert convert(Decimal(value), unit, to) == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "to"), [("kg", "pcs"), ("kg", "l"), ("ROLLS", "pcs"), ("", "kg"), ("Hz", "mm"), ("set", "pcs")]
)
def test_what_does_not_compare_is_never_guessed(unit: str, to: str) -> None:
    assert convert(Decimal(1), unit, to) is None


def test_capitals_count_only_where_they_must() -> None:
    assert find_unit("mW") != find_unit("MW")
    assert find_unit("GHZ") == find_unit("GHz")
    assert find_unit("mw") is None
    assert find_unit("g", "acceleration") is None
    found = find_unit("g")
    assert found is not None
    assert found.dimension == "mass"
    assert "frequency" in DIMENSIONS


@given(st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False), st.sampled_from(["g", "kg", "mg", "t"]))
def test_there_and_back_is_the_same(value: Decimal, unit: str) -> None:
    there = convert(value, unit, "kg")
    assert there is not None
    assert convert(there, "kg", unit) == value
