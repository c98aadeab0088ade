"""Foreign text made safe, folded, cut into words that know where they stood."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.text import (
    clean,
    clean_line,
    fold,
    fold_with_offsets,
    has_direction_controls,
    tokens,
    visible,
    whole_number,
)

ANY = st.text(st.characters(), max_size=200)


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY)
def test_clean_text_can_be_written_as_utf8_and_holds_no_control(text: str) -> None:
    safe = clean(text)
    safe.encode("utf-8")
    assert not [char for char in safe if unicodedata.category(char) == "Cc" and char not in "\n\t"]
    assert not has_direction_controls(safe)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  a\x1b[31mb\x00 ", "a [31mb"),
        ("abc\u202edcba\u2066", "abcdcba"),
        ("\ud800x", "\ufffdx"),
        ("e\u0301", "é"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u200bb\ufeff", "ab"),
        ("پنجاه\u200cو", "پنجاه\u200cو"),
        ("", ""),
    ],
)
def test_what_cleaning_does(raw: str, expected: str) -> None:
    assert clean(raw) == expected


def test_a_long_text_is_cut_and_says_so() -> None:
    assert clean("x" * 50, 10) == "x" * 10 + "…"
    assert clean_line("a \n\t b", 100) == "a b"
    assert visible(" a ") == " a "


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ÅNGSTRÖM", "angstrom"),
        ("Łódź", "lodz"),
        ("STRASSE Straße", "strasse strasse"),
        ("İstanbul ISPARTA ı", "istanbul isparta i"),
        ("Ёлка Йод", "елка йод"),
        ("أحمد إبراهيم", "احمد ابراهيم"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("640×512 µm ≥", "640x512 um >="),
        ("김영수", "김영수"),
        ("ガス", "ガス"),
    ],
)
def test_folding(raw: str, expected: str) -> None:
    assert fold(raw) == expected


@given(ANY)
def test_every_word_stands_where_it_says(text: str) -> None:
    folded, origin = fold_with_offsets(text)
    assert len(folded) == len(origin)
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text in fold(text[token.start : token.end])


def test_chinese_is_cut_by_character_and_latin_inside_it_by_word() -> None:
    assert [token.text for token in tokens("无人机 GPS模块")] == ["无", "人", "机", "gps", "模", "块"]


@given(st.text(), st.integers(1, 20))
def test_a_whole_number_is_digits_alone_and_never_longer_than_asked(foreign: str, digits: int) -> None:
    found = whole_number(foreign, digits)
    assert (found is not None) is bool(re.fullmatch(rf"[0-9]{{1,{digits}}}", foreign))


@given(st.integers(0, 10**9))
def test_a_whole_number_is_read_as_it_is_written(number: int) -> None:
    assert whole_number(str(number), 10) == number
    assert whole_number("0" + str(number), 11) == number


def test_a_number_of_many_thousand_digits_is_none() -> None:
    assert whole_number("9" * 100_000, 9) is None
