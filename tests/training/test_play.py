from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.findings import Advice
from border_kit.training import solver
from border_kit.training.conditions import Progress
from border_kit.training.grading import mark
from border_kit.training.model import Scenario
from border_kit.training.scenario import default_modules, load, scenarios
from border_kit.training.session import at_hand, available, perform, possible

MODULE = Path(__file__).with_name("modules") / "two-lamps.yaml"
Edit = Callable[..., Path]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(MODULE)


def _ids(scenario: Scenario, progress: Progress) -> set[str]:
    return {action.id for action in available(scenario, progress)}


def test_what_can_be_done_grows_with_what_was_done(scenario: Scenario) -> None:
    assert _ids(scenario, Progress()) == {"check", "open_invoice", "wait", "release", "detain"}
    opened, stuck = solver.replay(scenario, ("open_invoice",))
    assert stuck is None
    assert _ids(scenario, opened) == {"check", "ask_sheet", "wait", "release", "detain"}
    asked, _ = solver.replay(scenario, ("open_invoice", "ask_sheet"))
    assert at_hand(scenario, asked) == {"invoice", "sheet"}
    assert "open_sheet" in _ids(scenario, asked)


def test_an_action_reveals_what_it_shows_and_costs_its_minutes(scenario: Scenario) -> None:
    before, _ = solver.replay(scenario, ("open_invoice", "ask_sheet"))
    step = perform(scenario, before, scenario.action("open_sheet"))
    assert [item.id for item in step.observations] == ["rate"]
    assert (before.minutes, step.progress.minutes) == (8, 11)
    assert "rate" in step.progress.known


def test_the_outcome_told_is_the_first_whose_condition_holds(scenario: Scenario) -> None:
    early = perform(scenario, Progress(), scenario.action("detain"))
    assert early.outcome is not None
    assert early.outcome.consequence == "A complaint."
    informed, _ = solver.replay(scenario, ("open_invoice", "ask_sheet", "open_sheet"))
    late = perform(scenario, informed, scenario.action("detain"))
    assert late.outcome is not None
    assert late.outcome.text == "With a reason."


def test_a_decision_ends_it(scenario: Scenario) -> None:
    ended = perform(scenario, Progress(), scenario.action("release")).progress
    assert ended.decision is Advice.RELEASE
    assert available(scenario, ended) == ()


def test_the_expert_earns_full_marks_and_a_guess_does_not(scenario: Scenario) -> None:
    progress, _ = solver.replay(scenario, scenario.debrief.expert)
    assert mark(scenario, progress).perfect
    guess = mark(scenario, perform(scenario, Progress(), scenario.action("release")).progress)
    assert (guess.points, guess.correct) == (-5, False)


def test_the_solver_finds_the_shortest_correct_line(scenario: Scenario) -> None:
    solution = solver.solve(scenario)
    assert solution.line == ("open_invoice", "ask_sheet", "open_sheet", "detain")
    assert solution.minutes == 11
    progress, stuck = solver.replay(scenario, solution.line)
    assert stuck is None
    assert mark(scenario, progress).perfect


def test_the_solver_says_when_there_is_no_correct_line(edited: Edit) -> None:
    assert solver.solve(load(edited("time_limit: 30", "time_limit: 10"))).line is None


def test_replay_names_the_action_that_could_not_be_done(scenario: Scenario) -> None:
    assert solver.replay(scenario, ("check", "open_sheet"))[1] == "open_sheet"
    assert solver.replay(scenario, ("check", "check"))[1] == "check"


@given(st.lists(st.integers(0, 20), max_size=12))
def test_any_line_of_actions_keeps_its_promises(choices: list[int]) -> None:
    scenario = load(MODULE)
    progress = Progress()
    for choice in choices:
        open_now = available(scenario, progress)
        if not open_now:
            break
        action = open_now[choice % len(open_now)]
        after = perform(scenario, progress, action).progress
        assert after.minutes >= progress.minutes
        assert after.known >= progress.known
        assert not possible(scenario, after, action)
        progress = after
    marks = mark(scenario, progress)
    assert marks.points <= marks.full
    assert solver.replay(scenario, progress.done) == (progress, None)


def test_in_the_shipped_modules_holding_everything_and_releasing_everything_both_score_badly() -> None:
    for scenario in scenarios(default_modules()).scenarios:
        for action in solver.decisions(scenario):
            marks = mark(scenario, perform(scenario, Progress(), action).progress)
            assert marks.points <= 0, (scenario.id, action.id)
        solution = solver.solve(scenario)
        assert solution.line is not None
        assert solution.minutes <= scenario.time_limit
