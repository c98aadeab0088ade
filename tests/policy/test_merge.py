"""Several authorities' weights on the same facts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import UsageError
from border_kit.policy.criteria import Asked, Criterion, CriterionView, assess
from border_kit.policy.merge import merge

BANDS = ((0, "low"), (3, "medium"), (6, "high"))
QUESTIONS = ("a", "b", "c")
WEIGHTS = st.tuples(*[st.integers(0, 5)] * 3)
ANSWERS = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(["yes", "no", "not_known"]))


def _views(weights: tuple[int, ...], answers: dict[str, str], begins: int = 3) -> tuple[CriterionView, ...]:
    questions = tuple(Asked(name, name, weight) for name, weight in zip(QUESTIONS, weights, strict=True))
    bands = ((0, "low"), (begins, "medium"), (begins + 3, "high"))
    return assess((Criterion("harm", "Harm", "cite", bands, (), questions, ()),), (), answers, ())


@given(st.dictionaries(st.sampled_from("pqrs"), WEIGHTS, min_size=1), ANSWERS, st.randoms(use_true_random=False))
def test_the_order_in_which_profiles_are_named_never_matters(
    weights: dict[str, tuple[int, ...]], answers: dict[str, str], chance: object
) -> None:
    views = {name: _views(row, answers) for name, row in weights.items()}
    shuffled = list(views)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert merge(views) == merge({name: views[name] for name in shuffled})


@given(st.dictionaries(st.sampled_from("pqrs"), WEIGHTS, min_size=1), ANSWERS)
def test_nobody_is_averaged_away_and_dissent_is_always_shown(
    weights: dict[str, tuple[int, ...]], answers: dict[str, str]
) -> None:
    views = {name: _views(row, answers) for name, row in weights.items()}
    (joint,) = merge(views)
    bands = {name: view[0].band for name, view in views.items()}
    scale = [band for _, band in BANDS]
    assert joint.band == max(bands.values(), key=scale.index)
    assert set(joint.dissent) == {name for name, band in bands.items() if band != joint.band}
    shown = joint.to_json()["views"]
    assert isinstance(shown, list)
    assert len(shown) == len(views)


@given(st.dictionaries(st.sampled_from("pqrs"), WEIGHTS, min_size=1), ANSWERS, st.sampled_from(QUESTIONS))
def test_another_red_flag_never_lowers_the_joint_band(
    weights: dict[str, tuple[int, ...]], answers: dict[str, str], flag: str
) -> None:
    scale = [band for _, band in BANDS]
    before = merge({name: _views(row, {**answers, flag: "no"}) for name, row in weights.items()})[0].band
    after = merge({name: _views(row, {**answers, flag: "yes"}) for name, row in weights.items()})[0].band
    assert scale.index(after) >= scale.index(before)


def test_one_who_does_not_ask_is_silent_and_other_bands_are_refused() -> None:
    (joint,) = merge({"defence": _views((6, 0, 0), {"a": "yes"}), "trade": ()})
    assert (joint.band, joint.dissent, joint.silent) == ("high", (), ("trade",))
    assert merge({"defence": _views((1, 0, 0), {}), "relief": _views((1, 0, 0), {}, begins=1)})[0].band == "low"
    other = Criterion("harm", "Harm", "cite", ((0, "green"), (1, "red")), (), (), ())
    with pytest.raises(UsageError, match="other bands"):
        merge({"defence": _views((1, 0, 0), {}), "relief": assess((other,), (), {}, ())})
    assert merge({}) == ()
