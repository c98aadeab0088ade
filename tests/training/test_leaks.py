"""What learners see before they act tells nothing of the class; where it does, lint says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from border_kit.training import leaks
from border_kit.training.model import Role, Scenario
from border_kit.training.scenario import default_modules, scenarios


@pytest.fixture(scope="module")
def shipped() -> tuple[Scenario, ...]:
    return scenarios(default_modules()).scenarios


def test_the_shipped_scenarios_do_not_tell_their_class_before_they_begin(shipped: tuple[Scenario, ...]) -> None:
    found = leaks.told(shipped)
    assert 0.3 < found.share < 0.72
    assert list(leaks.inspect(shipped)) == []


def _says(scenario: Scenario) -> Scenario:
    return replace(scenario, briefing=f"{scenario.briefing} Something is odd tonight.")


def _crowded(scenario: Scenario) -> Scenario:
    crowd = tuple(Role(f"r{number}", "A", "A", ()) for number in range(7 - len(scenario.roles)))
    return replace(scenario, roles=scenario.roles + crowd)


@pytest.mark.parametrize(("change", "word"), [(_says, "odd"), (_crowded, "7 roles")])
def test_what_stands_in_signals_alone_is_told(
    shipped: tuple[Scenario, ...], change: Callable[[Scenario], Scenario], word: str
) -> None:
    marked = [change(item) if item.kind == "signal" else item for item in shipped]
    (problem,) = leaks.inspect(marked)
    assert f"'{word}' (20 signals, 0 clean)" in problem.message
    assert leaks.told(marked).share > 0.95


def test_what_stands_in_all_of_them_tells_nothing(shipped: tuple[Scenario, ...]) -> None:
    assert list(leaks.inspect([_says(item) for item in shipped])) == []


def test_of_a_few_scenarios_or_of_one_class_nothing_is_said(shipped: tuple[Scenario, ...]) -> None:
    assert list(leaks.inspect([_says(item) for item in shipped[:19]])) == []
    signals = [item for item in shipped if item.kind == "signal"]
    assert list(leaks.inspect(signals)) == []
