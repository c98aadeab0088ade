from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import InputError, UsageError
from border_kit.training.model import Class
from border_kit.training.series import draw

CLASSES: list[tuple[str, Class]] = [(f"signal-{n}", "signal") for n in range(5)] + [
    (f"clean-{n}", "noise") for n in range(4)
]
KIND = dict(CLASSES)


def test_a_warm_up_is_half_signals() -> None:
    items = draw(CLASSES, "warm_up", 12, 1)
    assert [KIND[item.scenario] for item in items].count("signal") == 6


@given(st.integers(20, 200), st.integers(0, 10_000))
def test_an_exam_holds_a_signal_and_at_most_one_in_twenty(count: int, seed: int) -> None:
    items = draw(CLASSES, "exam", count, seed)
    signals = [KIND[item.scenario] for item in items].count("signal")
    assert len(items) == count
    assert 1 <= signals <= count / 20


def test_an_exam_draws_clean_scenarios_again_in_other_variants() -> None:
    items = draw(CLASSES, "exam", 40, 3)
    clean = [item for item in items if KIND[item.scenario] == "noise"]
    assert {item.scenario for item in clean} == {"clean-0", "clean-1", "clean-2", "clean-3"}
    assert len(set(clean)) == len(clean)


def test_the_same_seed_draws_the_same_series_and_another_another() -> None:
    assert draw(CLASSES, "warm_up", 10, 7) == draw(list(reversed(CLASSES)), "warm_up", 10, 7)
    assert draw(CLASSES, "warm_up", 10, 7) != draw(CLASSES, "warm_up", 10, 8)


def test_no_scenario_comes_twice_before_each_has_come_once() -> None:
    items = draw(CLASSES, "warm_up", 8, 5)
    assert len({item.scenario for item in items}) == 8


def test_a_series_that_cannot_hold_what_it_must_is_refused() -> None:
    with pytest.raises(UsageError):
        draw(CLASSES, "exam", 19, 1)
    with pytest.raises(UsageError):
        draw(CLASSES, "warm_up", 1, 1)
    with pytest.raises(InputError):
        draw([("signal-1", "signal")], "warm_up", 4, 1)
