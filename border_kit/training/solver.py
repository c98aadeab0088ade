"""Looking for a line of actions that earns full marks within the time, the shortest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from border_kit.training.conditions import Before, Condition, Did, Knows, Minutes, Progress, Received, facts, holds
from border_kit.training.grading import mark
from border_kit.training.model import Action, Scenario
from border_kit.training.session import begin, perform, possible

MAX_STATES = 50_000
"""Situations looked at before the search gives up."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What the search found: the `line` of actions or None; `gave_up` where there was too much to look at."""

    line: tuple[str, ...] | None
    minutes: int = 0
    gave_up: bool = False


def solve(scenario: Scenario) -> Solution:
    """Search the shortest correct line. Actions that no rule of the scenario mentions are left out: they only cost time."""
    relevant = _relevant(scenario)
    actions = [action for action in scenario.actions if action.id in relevant]
    pairs = sorted({(fact.first, fact.then) for fact in _all_facts(scenario) if isinstance(fact, Before)})
    start = begin(scenario).progress
    queue: list[tuple[int, int, Progress]] = [(0, 0, start)]
    seen: set[object] = set()
    pushed = 0
    while queue:
        _, _, progress = heapq.heappop(queue)
        if progress.decision is not None:
            return Solution(progress.done, progress.minutes)
        for action in actions:
            if not possible(scenario, progress, action):
                continue
            after = perform(scenario, progress, action).progress
            key = _situation(after, pairs)
            if key in seen or not _worth(scenario, after):
                continue
            seen.add(key)
            pushed += 1
            heapq.heappush(queue, (after.minutes, pushed, after))
        if pushed > MAX_STATES:
            return Solution(None, gave_up=True)
    return Solution(None)


def replay(scenario: Scenario, names: tuple[str, ...]) -> tuple[Progress, str | None]:
    """Do actions in order; the name of the first that is not possible when it comes, or None."""
    progress = begin(scenario).progress
    for name in names:
        action = scenario.action(name)
        if not possible(scenario, progress, action):
            return progress, name
        progress = perform(scenario, progress, action).progress
    return progress, None


def _worth(scenario: Scenario, after: Progress) -> bool:
    """In time; and once decided, perfect."""
    if after.minutes > scenario.time_limit:
        return False
    return after.decision is None or mark(scenario, after).perfect


def _situation(progress: Progress, pairs: list[tuple[str, str]]) -> object:
    """What of the past can still matter: which actions were done, not in which order, but for the orders that are asked."""
    orders = tuple(holds(Before(*pair), progress) for pair in pairs)
    return frozenset(progress.done), progress.known, progress.received, progress.minutes, progress.decision, orders


def _conditions(scenario: Scenario) -> Iterator[Condition]:
    for part in (scenario.actions, scenario.observations, scenario.injects, scenario.rubric):
        yield from (item.when for item in part)


def _all_facts(scenario: Scenario) -> Iterator[object]:
    for condition in _conditions(scenario):
        yield from facts(condition)


def _relevant(scenario: Scenario) -> set[str]:
    """Actions that some condition names, that reveal what one names, that bring a paper, or that decide.

    Where something asks for time to have passed, waiting counts too.
    """
    named = {action.id for action in scenario.actions if action.brings or action.decision is not None}
    known: set[str] = set()
    for fact in _all_facts(scenario):
        match fact:
            case Did(action):
                named.add(action)
            case Before(first, then):
                named |= {first, then}
            case Knows(observation):
                known.add(observation)
            case Received() | Minutes(">" | ">=", _):
                named |= {action.id for action in scenario.actions if action.kind == "wait"}
            case _:
                pass
    return named | {item.action for item in scenario.observations if item.id in known}


def decisions(scenario: Scenario) -> Iterator[Action]:
    """The actions that end the scenario."""
    yield from (action for action in scenario.actions if action.decision is not None)
