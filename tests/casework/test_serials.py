"""Serial numbers licensed against seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.casework.serials import inspect

SERIALS = st.lists(st.from_regex(r"SN-[2-7ACEFHJKMNPRTUVWXY]{6}", fullmatch=True), unique=True, max_size=8)


@given(SERIALS)
def test_what_is_licensed_and_seen_agrees_however_it_is_written(numbers: list[str]) -> None:
    found = inspect(numbers, [number.lower().replace("-", " ") for number in reversed(numbers)])
    assert found.clean
    assert sorted(found.matched) == sorted(numbers)


@given(SERIALS, SERIALS)
def test_every_number_stands_in_just_one_place(licensed: list[str], seen: list[str]) -> None:
    found = inspect(licensed, seen)
    assert sorted([*found.matched, *found.missing, *(left for left, _ in found.mistyped)]) == sorted(licensed)
    assert sorted([*found.matched, *found.extra, *(right for _, right in found.mistyped)]) == sorted(seen)


@given(SERIALS, SERIALS)
def test_order_never_matters(licensed: list[str], seen: list[str]) -> None:
    assert inspect(licensed, seen) == inspect(licensed[::-1], sorted(seen))


@pytest.mark.parametrize(
    ("licensed", "seen", "slip"),
    [
        ("SN-100B2", "SN-1O0B2", True),
        ("SN-58021", "SN-S8O2I", True),
        ("SN-10082", "SN-10802", True),
        ("SN-10082", "SN-1008", True),
        ("SN-10082", "SN-10155", False),
        ("A12", "A13", False),
    ],
)
def test_slips_of_hand_and_eye_are_paired_and_other_numbers_are_not(licensed: str, seen: str, slip: bool) -> None:
    found = inspect([licensed], [seen])
    assert (found.mistyped == ((licensed, seen),)) is slip
    assert (found.missing == (licensed,)) is not slip
    assert not found.clean


def test_missing_extra_and_seen_twice_are_told_apart() -> None:
    found = inspect(["A-77001", "A-88002"], ["A-77001", "a 77001", "Z-55555"])
    assert (found.matched, found.missing, found.extra) == (("A-77001",), ("A-88002",), ("Z-55555",))
    assert [times for _, times in found.twice] == [2]


def test_nothing_and_nonsense_are_no_numbers() -> None:
    assert inspect(["", " - ", "\x00"], ["…"]).clean
