from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.classification.quantities import Interval, Quantity, find_quantities


def only(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, found
    return found[0]


def point(value: str) -> Interval:
    return Interval(Decimal(value), Decimal(value))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("9Hz", "9", "Hz"),
        ("0.8um", "0.8", "um"),
        ("0,8 µm", "0.8", "µm"),
        ("1,5 kW", "1.5", "kW"),
        ("7.62mm", "7.62", "mm"),
        ("1 500 kg", "1500", "kg"),
        ("1.500.000 Hz", "1500000", "Hz"),
        ("1,234.5 kg", "1234.5", "kg"),
        ("1.234,5 kg", "1234.5", "kg"),
        ("0.5 deg/h", "0.5", "deg/h"),
        ("0.5°/h", "0.5", "°/h"),
        ("0.8 nmi/h", "0.8", "nmi/h"),
        ("25 Гц", "25", "Hz"),
        ("٣٠٠ كم", "300", "km"),
        ("300公里", "300", "km"),
        ("120 km/h", "120", "km/h"),
        ("-40 °C", "-40", "°C"),
        ("1.2e6 Hz", "1.2E+6", "Hz"),
        ("5a", "5", "A"),
        ("5-axis", "5", "axis"),
        ("five-axis", "5", "axis"),
        ("五轴", "5", "axis"),
        ("max. 30 Hz", "30", "Hz"),
    ],
)
def test_a_quantity_is_read_with_its_unit(text: str, value: str, unit: str) -> None:
    found = only(text)
    assert (found.readings, found.unit) == ((point(value),), unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2.4E+9Hz", "2400000000", "Hz"),
        ("1.5×10⁻³ Pa", "0.0015", "Pa"),
        ("5·10⁵ rad", "500000", "rad"),
        ("10**6 Pa", "1000000", "Pa"),
        ("10⁻⁶ mbar", "0.000001", "mbar"),
        ("1 1/2 inch", "1.5", "inch"),
        ('3/4"', "0.75", "inch"),
        ("½ inch", "0.5", "inch"),
        ("99.999 %", "99.999", "%"),
        ("30万像素", "300000", "px"),
        ("1.2 million km", "1200000", "km"),
        ("5 тыс. км", "5000", "km"),
        ("Range (km): 300", "300", "km"),
        ("Power [kW] 1,5", "1.5", "kW"),
        ("Mach 0.8", "0.8", "mach"),
        ("100 PS", "100", "hp"),
        ("1 h 30 min", "90", "min"),
        ("1h30", "90", "min"),
        ("дальность до 300 км", "300", "km"),
        ("5.5N purity", "99.9995", "%"),
        ("12,34,567 m", "1234567", "m"),
    ],
)
def test_numbers_and_units_are_read_as_many_hands_write_them(text: str, value: str, unit: str) -> None:
    assert any(
        found.unit == unit and found.readings[0].low == found.readings[0].high == Decimal(value)
        for found in find_quantities(text)
    )


@pytest.mark.parametrize(
    "text", ["between 5 and 8 GHz", "zwischen 5 und 8 GHz", "entre 5 et 8 GHz", "5...8 GHz", "介于5和8GHz"]
)
def test_between_is_a_range(text: str) -> None:
    assert only(text).readings == (Interval(Decimal(5), Decimal(8)),)


def test_two_voltages_are_either_and_a_raised_exponent_that_was_lost_is_one_reading() -> None:
    assert only("12/24 V").readings == (point("12"), point("24"))
    assert point("0.000001") in only("10-6 mbar").readings


def test_a_tolerance_is_a_spread_in_the_unit_of_its_middle() -> None:
    assert only("10mm ±500 µm").readings == (Interval(Decimal("9.5"), Decimal("10.5")),)
    assert only("200 mm ±5 %").readings == (Interval(Decimal(190), Decimal(210)),)


def test_a_list_of_numbers_is_no_number_and_so_many_times_a_weight_is_a_weight_each() -> None:
    assert find_quantities("types 5,6,7 m") == []
    found = only("20 x 5 kg")
    assert (found.readings, found.per_piece) == ((point("5"),), True)


@pytest.mark.parametrize(
    ("text", "closed"),
    [("300 km'den fazla", False), ("لا يقل عن 300 كم", True), ("min. 300 km", True), ("300公里以上", True)],
)
def test_a_bound_behind_or_before_the_value_is_read_in_every_language(text: str, closed: bool) -> None:
    assert only(text).readings == (Interval(Decimal(300), None, low_in=closed),)


@pytest.mark.parametrize("text", ["640x512", "640 x 512", "640×512", "640*512 px", "640х512"])
def test_a_grid_counts_its_pixels_in_every_spelling(text: str) -> None:
    found = only(text)
    assert (found.readings, found.unit, found.kind) == ((point("327680"),), "px", "grid")


def test_a_named_resolution_counts_pixels_and_4k_is_no_temperature() -> None:
    assert only("VGA sensor").readings == (point("307200"),)
    assert only("4K video").dimension == "pixels"


@pytest.mark.parametrize(
    "text", ["8-14 µm", "8 – 14 µm", "8 to 14 um", "8 µm - 14 µm", "8..14um", "8~14 um", "8 bis 14 µm"]
)
def test_a_range_is_one_quantity(text: str) -> None:
    found = only(text)
    assert found.readings == (Interval(Decimal(8), Decimal(14)),)
    assert found.kind == "range"


@pytest.mark.parametrize("text", ["-40..85C", "-40 to +85 °C", "-40°C~+85°C"])
def test_a_temperature_range_keeps_its_sign(text: str) -> None:
    assert only(text).readings == (Interval(Decimal(-40), Decimal(85)),)


@pytest.mark.parametrize(
    "text", [">=300km", "≥ 300 km", "at least 300 km", "300+ km", "300 km or more", "не менее 300 км"]
)
def test_at_least_is_open_above(text: str) -> None:
    assert only(text).readings == (Interval(Decimal(300), None),)


@pytest.mark.parametrize(
    ("text", "inside"), [("<= 9 Hz", True), ("≤9Hz", True), ("< 9 Hz", False), ("better than 9 Hz", False)]
)
def test_at_most_says_whether_the_end_is_inside(text: str, inside: bool) -> None:
    assert only(text).readings == (Interval(Decimal(0), Decimal(9), high_in=inside),)


def test_plus_minus_behind_a_value_is_its_spread_and_alone_is_a_magnitude() -> None:
    assert only("10 ± 0.5 mm").readings == (Interval(Decimal("9.5"), Decimal("10.5")),)
    assert only("±30 g").readings == (point("30"),)


def test_three_digits_behind_a_mark_leave_two_readings() -> None:
    assert only("1,500 kg").readings == (point("1500"), point("1.500"))
    assert only("1.500 kg").readings == (point("1.500"), point("1500"))
    assert only("0.500 kg").readings == (point("0.500"),)


def test_tow_counts_filaments_and_a_slash_marks_per_piece() -> None:
    assert only("12K tow").readings == (point("12000"),)
    assert only("5 kg/pc").per_piece


@pytest.mark.parametrize(
    "text",
    ["100x50x20 mm", "2 x 4 m", "M300", "3 in 1 cable", "USB 2.0 cable", "DIN 912", "no units 15 here", "5 kg/m2", ""],
)
def test_what_is_no_quantity_is_left_alone(text: str) -> None:
    assert find_quantities(text) == []


def test_megawatt_and_milliwatt_are_told_apart() -> None:
    assert [only(text).unit for text in ("5 MW", "5 mW")] == ["MW", "mW"]
    assert find_quantities("5 mw") == []


@given(st.text(max_size=60))
def test_spans_point_into_the_text_as_given(text: str) -> None:
    for quantity in find_quantities(text):
        assert text[slice(*quantity.span)] == quantity.text


@given(st.decimals(min_value="0.001", max_value="99999", places=3), st.sampled_from(["Hz", "mm", "kW", "deg/h"]))
def test_a_written_value_is_among_its_readings(value: Decimal, unit: str) -> None:
    for mark in (".", ","):
        found = only(f"{str(value).replace('.', mark)} {unit}")
        assert point(str(value)) in found.readings


def test_the_decimal_mark_of_a_text_decides_what_three_digits_behind_the_other_mark_are() -> None:
    assert find_quantities("17,000 l/s, 5.5 kW")[0].readings == (point("17000"),)
    assert find_quantities("1.500 kg, 0,5 m")[0].readings == (point("1500"),)
    assert find_quantities("0.25 mm, 5.000 mm")[1].readings == (point("5"),)
    assert find_quantities("99.999 %, 0,5 kg")[0].readings == (point("99.999"),)


@pytest.mark.parametrize("text", ["MPE 0.9+L/400 µm", "EMPE 0,9 + L/400", "0.9+(L/400) um"])
def test_an_error_that_grows_with_length_is_read_by_its_constant_part(text: str) -> None:
    found = find_quantities(text)[0]
    assert (found.readings, found.dimension) == ((point("0.9"),), "length")
