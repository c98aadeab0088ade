"""Goods against a licence line: by commodity code, control entry and wording."""

from __future__ import annotations

import pytest

from border_kit.licensing.goods import compare_hs
from border_kit.licensing.wording import Wording, compare_wording


@pytest.mark.parametrize(
    ("declared", "licensed", "expected"),
    [
        ("852589", "852589", "agree"),
        ("8525890000", "8525.89", "agree"),
        ("85258911", "85258999", "agree"),
        ("852589", "8525", "agree"),
        ("852589", "852581", "differ"),
        ("852589", "8806", "differ"),
        (None, "852589", "unknown"),
        ("852589", None, "unknown"),
    ],
)
def test_commodity_codes_agree_in_the_digits_that_both_state(
    declared: str | None, licensed: str | None, expected: str
) -> None:
    assert compare_hs(declared, licensed).value == expected


@pytest.mark.parametrize(
    ("declared", "licensed", "expected"),
    [
        ("Thermal imaging cameras 640x480", "Thermal imaging camera", Wording.SAME),
        ("camera, imaging, thermal", "Thermal imaging camera", Wording.SAME),
        ("Security camera for home", "Thermal imaging camera", Wording.OTHER),
        ("Camera", "Thermal imaging camera", Wording.OTHER),
        ("Office chairs", "Thermal imaging camera", Wording.OTHER),
        ("Тепловизор", "Thermal imaging camera", Wording.UNKNOWN),
        ("红外热像仪", "Thermal imaging camera", Wording.UNKNOWN),
        ("Фрезерные станки", "Станок фрезерный", Wording.SAME),
        ("", "Thermal imaging camera", Wording.UNKNOWN),
        ("12345", "Thermal imaging camera", Wording.UNKNOWN),
    ],
)
def test_wording_agrees_when_most_words_are_there(declared: str, licensed: str, expected: Wording) -> None:
    assert compare_wording(declared, licensed)[1] is expected


def test_function_words_alone_make_no_agreement() -> None:
    assert compare_wording("bolts for the door with nuts", "camera for the aircraft with mount")[1] is Wording.OTHER
