from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import InputError, UsageError
from border_kit.training import variants
from border_kit.training.series import Candidate, Item, draw, signals

CLASSES = [Candidate(f"signal-{n}", "signal") for n in range(5)] + [Candidate(f"clean-{n}", "noise") for n in range(4)]
KIND = {item.id: item.kind for item in CLASSES}


def held(items: tuple[Item, ...]) -> int:
    return [KIND[item.scenario] for item in items].count("signal")


def test_a_warm_up_is_half_signals() -> None:
    items = draw(CLASSES, "warm_up", 12, 1)
    assert [KIND[item.scenario] for item in items].count("signal") == 6


@given(st.integers(40, 200), st.integers(0, 10_000))
def test_an_exam_holds_two_signals_and_at_most_one_in_twenty(count: int, seed: int) -> None:
    items = draw(CLASSES, "exam", count, seed)
    assert len(items) == count
    assert 2 <= held(items) <= count / 20


@given(st.sampled_from(["warm_up", "exam"]), st.integers(4, 60))
def test_a_series_of_four_and_more_holds_two_of_each_class(kind: Any, count: int) -> None:
    assert 2 <= signals(kind, count) <= count - 2


def test_a_short_series_holds_one_of_each() -> None:
    assert [signals("exam", count) for count in (2, 3, 4, 20, 59, 60)] == [1, 1, 2, 2, 2, 3]


@given(st.integers(2, 200), st.integers(1, 99))
def test_a_share_is_taken_at_its_word_but_leaves_both_classes(count: int, share: int) -> None:
    found = signals("exam", count, share)
    assert 1 <= found <= count - 1
    assert found == count * share // 100 or found in {1, count - 1}
    assert held(draw(CLASSES, "exam", count, 3, share=share)) == found


def test_an_exam_does_not_ask_again_what_the_warm_up_has_told() -> None:
    many = [Candidate(f"s{n}", "signal") for n in range(5)] + [Candidate(f"c{n}", "noise") for n in range(30)]
    for seed in range(20):
        warm_up = draw(many, "warm_up", 6, seed)
        exam = draw(many, "exam", 20, seed, before=warm_up)
        assert not {item.scenario for item in warm_up} & {item.scenario for item in exam}


def test_what_has_to_come_again_comes_in_another_variant() -> None:
    fields = {"who": [f"name {n}" for n in range(8)]}
    few = [Candidate("s", "signal", 1, fields), Candidate("c", "noise", 1, fields)]
    first = draw(few, "warm_up", 6, 2)
    items = [*first, *draw(few, "exam", 6, 2, before=first)]
    for name, times in (("s", 5), ("c", 7)):
        drawn = [variants.draw(fields, item.seed)["who"] for item in items if item.scenario == name]
        assert len(drawn) == len(set(drawn)) == times


def test_every_difficulty_has_its_part_of_what_is_drawn() -> None:
    graded = [Candidate(f"{kind}-{n}", kind, 1 + n % 3) for kind in ("signal", "noise") for n in range(12)]
    difficulty = {item.id: item.difficulty for item in graded}
    for seed in range(20):
        drawn = Counter(difficulty[item.scenario] for item in draw(graded, "warm_up", 12, seed))
        assert set(drawn.values()) == {4}


def test_an_exam_draws_clean_scenarios_again_in_other_variants() -> None:
    items = draw(CLASSES, "exam", 40, 3)
    clean = [item for item in items if KIND[item.scenario] == "noise"]
    assert len(clean) == 38
    assert {item.scenario for item in clean} == {"clean-0", "clean-1", "clean-2", "clean-3"}
    assert len(set(clean)) == len(clean)


def test_the_same_seed_draws_the_same_series_and_another_another() -> None:
    assert draw(CLASSES, "warm_up", 10, 7) == draw(list(reversed(CLASSES)), "warm_up", 10, 7)
    assert draw(CLASSES, "warm_up", 10, 7) != draw(CLASSES, "warm_up", 10, 8)


def test_no_scenario_comes_twice_before_each_has_come_once() -> None:
    items = draw(CLASSES, "warm_up", 8, 5)
    assert len({item.scenario for item in items}) == 8


def test_a_series_that_cannot_hold_what_it_must_is_refused() -> None:
    for kind, count, share in (("exam", 1, None), ("warm_up", 1, None), ("exam", 20, 0), ("exam", 20, 100)):
        with pytest.raises(UsageError):
            draw(CLASSES, kind, count, 1, share=share)  # type: ignore[arg-type]  # the words of a Literal
    with pytest.raises(InputError):
        draw([Candidate("signal-1", "signal")], "warm_up", 4, 1)
