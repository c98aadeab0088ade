from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.findings import Advice
from border_kit.training.grading import Counts, Series, by, calibration, coverage, detection, response
from border_kit.training.model import Scenario
from border_kit.training.scenario import default_modules, load, scenarios
from tests.training import learners

MODULE = Path(__file__).with_name("modules") / "two-lamps.yaml"
HOLDS = (Advice.DOCUMENT_CHECK, Advice.EXAMINE, Advice.DETAIN_AND_REFER)


@cache
def shipped_scenarios() -> tuple[Scenario, ...]:
    return scenarios(default_modules()).scenarios


# Signal detection


@pytest.mark.parametrize(
    ("counts", "d_prime", "criterion"),
    [((18, 2, 6, 34), 2.18, -0.09), ((20, 0, 0, 40), 4.232, 0.135)],
)
def test_sensitivity_and_criterion_of_known_counts(
    counts: tuple[int, int, int, int], d_prime: float, criterion: float
) -> None:
    found = detection(Counts(*counts))
    assert found is not None
    assert found.d_prime == pytest.approx(d_prime, abs=0.005)
    assert found.criterion == pytest.approx(criterion, abs=0.005)


def test_rates_are_corrected_so_that_none_is_zero_or_one() -> None:
    found = detection(Counts(20, 0, 0, 40))
    assert found is not None
    assert found.hit_rate == pytest.approx(20.5 / 21)
    assert found.false_alarm_rate == pytest.approx(0.5 / 41)
    assert found.a_prime == pytest.approx(0.991, abs=0.001)


def test_holding_everything_and_releasing_everything_tell_nothing_apart() -> None:
    for counts in (Counts(20, 0, 20, 0), Counts(0, 20, 0, 20)):
        found = detection(counts)
        assert found is not None
        assert found.d_prime == pytest.approx(0)
        assert found.a_prime == pytest.approx(0.5)
    holds, releases = detection(Counts(20, 0, 20, 0)), detection(Counts(0, 20, 0, 20))
    assert holds is not None
    assert releases is not None
    assert holds.criterion < -1.5 < 1.5 < releases.criterion


def test_a_series_of_one_class_has_no_sensitivity() -> None:
    assert detection(Counts(3, 1, 0, 0)) is None
    assert detection(Counts(0, 0, 1, 5)) is None
    assert detection(Counts()) is None


_NUMBERS = st.integers(0, 200)


@given(st.builds(Counts, st.integers(1, 200), _NUMBERS, _NUMBERS, st.integers(1, 200)))
def test_sensitivity_changes_its_sign_when_signal_and_noise_are_exchanged(counts: Counts) -> None:
    other = Counts(counts.false_alarms, counts.correct_rejections, counts.hits, counts.misses)
    one, two = detection(counts), detection(other)
    assert one is not None
    assert two is not None
    assert one.d_prime == pytest.approx(-two.d_prime)
    assert one.criterion == pytest.approx(two.criterion)
    assert one.a_prime == pytest.approx(1 - two.a_prime)
    assert 0 <= one.a_prime <= 1


@given(st.integers(1, 50), st.integers(0, 49), st.integers(1, 50), st.integers(0, 49))
def test_another_hit_in_place_of_a_miss_never_lowers_sensitivity(
    signals: int, hits: int, noise: int, alarms: int
) -> None:
    hits, alarms = min(hits, signals - 1), min(alarms, noise)
    fewer = detection(Counts(hits, signals - hits, alarms, noise - alarms))
    more = detection(Counts(hits + 1, signals - hits - 1, alarms, noise - alarms))
    assert fewer is not None
    assert more is not None
    assert more.d_prime > fewer.d_prime


def test_anything_but_a_release_says_that_there_is_something() -> None:
    signal = load(MODULE)
    assert response(signal, Advice.RELEASE) == "miss"
    assert {response(signal, advice) for advice in HOLDS} == {"hit"}
    assert response(signal, None) is None
    noise = next(item for item in shipped_scenarios() if item.kind == "noise")
    assert response(noise, Advice.RELEASE) == "correct_rejection"
    assert response(noise, Advice.DETAIN_AND_REFER) == "false_alarm"


# Calibration


def test_brier_score_and_curve_of_stated_confidence() -> None:
    found = calibration([(90, True), (90, True), (95, False), (50, True), (100, True)])
    assert found is not None
    assert found.brier == pytest.approx((0.01 + 0.01 + 0.9025 + 0.25 + 0) / 5)
    assert found.overconfidence == pytest.approx(0.85 - 0.8)
    assert [(item.low, item.high, item.count) for item in found.bins] == [(50, 60, 1), (90, 100, 4)]
    assert found.bins[1].stated == pytest.approx(0.9375)
    assert found.bins[1].right == pytest.approx(0.75)


def test_without_a_stated_confidence_there_is_no_calibration() -> None:
    assert calibration([]) is None


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=60))
def test_a_brier_score_lies_between_never_wrong_and_always_wrong_and_bins_hold_everything(
    pairs: list[tuple[int, bool]],
) -> None:
    found = calibration(pairs)
    assert found is not None
    assert 0 <= found.brier <= 1
    assert sum(item.count for item in found.bins) == len(pairs)
    assert all(item.low / 100 - 1e-9 <= item.stated <= item.high / 100 + 1e-9 for item in found.bins)
    honest = calibration([(100 if right else 0, right) for _, right in pairs])
    assert honest is not None
    assert honest.brier == 0


# Series over the shipped scenarios


def test_a_perfect_line_has_full_marks_in_every_shipped_scenario() -> None:
    series = Series(tuple(learners.perfect(item) for item in shipped_scenarios()))
    assert all(item.marks.perfect for item in series.judged)
    assert series.score == pytest.approx(100)


def test_holding_everything_and_releasing_everything_score_nothing_even_after_looking() -> None:
    for looks in (False, True):
        for advice in (Advice.RELEASE, Advice.DETAIN_AND_REFER):
            series = Series(tuple(learners.always(item, advice, looks=looks) for item in shipped_scenarios()))
            assert series.score == 0


def test_a_seeded_average_learner_lies_between() -> None:
    modules = shipped_scenarios()
    scores = [
        Series(tuple(learners.average(item, seed * 20 + turn) for item in modules for turn in range(20))).score
        for seed in range(5)
    ]
    assert all(score is not None and 25 < score < 90 for score in scores), scores


def test_looking_without_deciding_earns_nothing() -> None:
    (judged,) = Series((learners.perfect(load(MODULE)),)).judged
    undecided = Series((judged, replace(judged, decision=None, response=None)))
    assert undecided.points_share == pytest.approx(0.5)
    assert undecided.to_json()["decided"] == 1


def test_runs_are_taken_together_by_scenario_and_class() -> None:
    runs = [learners.always(item, Advice.RELEASE) for item in shipped_scenarios()]
    assert set(by(runs, "scenario")) == {item.id for item in shipped_scenarios()}
    kinds = by(runs, "kind")
    assert kinds["signal"].counts.hits == 0
    assert kinds["noise"].counts.false_alarms == 0


def test_coverage_counts_how_often_each_criterion_held() -> None:
    scenario = load(MODULE)
    found = coverage([learners.perfect(scenario), learners.always(scenario, Advice.RELEASE)])
    assert found == {"two-lamps.invoice_first": (1, 2), "two-lamps.right": (1, 2)}
