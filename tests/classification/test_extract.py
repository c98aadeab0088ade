from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.classification.extract import cas_is_valid, extract, normal_hs


@pytest.mark.parametrize("code", ["111-48-8", "7790-98-9", "7732-18-5"])
def test_the_check_digit_of_a_cas_number_is_proven(code: str) -> None:
    assert cas_is_valid(code)
    assert [found.value for found in extract(f"drum, CAS {code}, 99%").cas] == [code]


@given(st.integers(min_value=0, max_value=9))
def test_only_one_check_digit_is_right(digit: int) -> None:
    assert bool(extract(f"111-48-{digit}").cas) == (digit == 8)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ECCN 6A003.b.4.b", "6A003.b.4.b"),
        ("eccn: 6a003b4b", "6A003.b.4.b"),
        ("under ML10.c.", "ML10.c"),
        ("ML 10 c", "ML10"),
        ("USML VIII(a)(5)", "VIII(a)(5)"),
        ("9A610.x", "9A610.x"),
        ("3A001.a.5.a.3", "3A001.a.5.a.3"),
    ],
)
def test_a_control_code_is_read_in_canonical_spelling(text: str, value: str) -> None:
    assert [code.value for code in extract(text).control] == [value]


def test_a_label_marks_a_control_code_and_a_denial_drops_it() -> None:
    assert extract("ECCN 6A003").control[0].labelled
    assert not extract("board 6A003").control[0].labelled
    assert extract("ECCN no. 6A003").control[0].labelled
    assert extract("goods are not subject to 6A003").control == ()


def test_an_hs_code_needs_a_label_or_its_dots() -> None:
    assert [code.value for code in extract("camera HS 8525.89").hs] == ["852589"]
    assert [code.value for code in extract("camera (8525.89.00)").hs] == ["85258900"]
    assert extract("order 852589 of 2024").hs == ()


def test_a_un_number_is_found() -> None:
    assert [code.value for code in extract("UN 1442, class 5.1").un] == ["1442"]


@pytest.mark.parametrize(
    ("declared", "digits"),
    [("8525.89", "852589"), ("8525 89 00", "85258900"), ("abc", None), (None, None), ("8", None)],
)
def test_a_declared_hs_code_is_reduced_to_digits(declared: str | None, digits: str | None) -> None:
    assert normal_hs(declared) == digits


@given(st.text(max_size=80))
def test_any_text_gives_codes_that_stand_in_it(text: str) -> None:
    found = extract(text)
    for code in (*found.hs, *found.cas, *found.un, *found.control):
        assert 0 <= code.span[0] < code.span[1] <= len(text)
