"""Learners that tests send through scenarios: one that does as the expert does, two that never look, and an average one."""

from __future__ import annotations

import random

from border_kit.findings import Advice
from border_kit.training import solver
from border_kit.training.conditions import Progress
from border_kit.training.grading import Judged, judge
from border_kit.training.model import Action, Scenario
from border_kit.training.session import available, begin, perform


def perfect(scenario: Scenario) -> Judged:
    """The expert's line, and sure of it."""
    progress, stuck = solver.replay(scenario, scenario.debrief.expert)
    assert stuck is None
    return judge(scenario, progress, 100)


def always(scenario: Scenario, advice: Advice, *, looks: bool = False) -> Judged:
    """Decides the same whatever comes; `looks` does all that the expert does before."""
    progress = begin(scenario).progress
    if looks:
        progress, _ = solver.replay(scenario, scenario.debrief.expert[:-1])
    (action, *_) = [item for item in solver.decisions(scenario) if item.decision is advice]
    return judge(scenario, perform(scenario, progress, action).progress, 90)


def average(scenario: Scenario, seed: int) -> Judged:
    """Takes most of the expert's steps; whoever saw what decides is mostly right, others guess."""
    chance = random.Random(f"{seed}:{scenario.id}")
    progress = begin(scenario).progress
    for name in scenario.debrief.expert[:-1]:
        open_now = {action.id: action for action in available(scenario, progress)}
        if name in open_now and chance.random() < 0.8:
            progress = perform(scenario, progress, open_now[name]).progress
    known = set(scenario.answer.because) & progress.known
    knows = bool(known) and chance.random() < 0.9
    right = [item for item in solver.decisions(scenario) if item.decision in scenario.answer.decisions]
    chosen = chance.choice(right if knows else list(solver.decisions(scenario)))
    return judge(scenario, _decided(scenario, progress, chosen), 80 if knows else 50)


def _decided(scenario: Scenario, progress: Progress, action: Action) -> Progress:
    return perform(scenario, progress, action).progress
