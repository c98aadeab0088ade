"""How a scenario proceeds: what can be done now, and what doing it reveals, costs and leads to.

Pure steps, so that the runner, the solver and the replay of an action log are one and the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from border_kit.training.conditions import Progress, holds
from border_kit.training.model import Action, Inject, Observation, Outcome, Scenario

NEEDS_PAPER = frozenset({"open", "scan", "seal"})
"""Kinds of actions for which the paper that they are about must be at hand."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an action led to: where the learner stands now, what was observed, the outcome that is told, messages that came."""

    progress: Progress
    observations: tuple[Observation, ...] = ()
    outcome: Outcome | None = None
    messages: tuple[Inject, ...] = ()


def begin(scenario: Scenario) -> Step:
    """Where a learner stands before anything is done, with the messages that have come by then."""
    return _pressed(scenario, Step(Progress()))


def loaded(scenario: Scenario, progress: Progress) -> frozenset[str]:
    """The updates that were loaded so far, by actions or with messages."""
    by_action = {action.of for action in scenario.actions if action.kind == "load" and action.id in progress.done}
    by_message = {item.loads for item in scenario.injects if item.id in progress.received}
    return frozenset(name for name in by_action | by_message if name is not None)


def at_hand(scenario: Scenario, progress: Progress) -> frozenset[str]:
    """The documents that can be opened: those given at the start and those that actions brought."""
    brought = {name for action in scenario.actions if action.id in progress.done for name in action.brings}
    return frozenset({document.id for document in scenario.documents if document.at_hand} | brought)


def possible(scenario: Scenario, progress: Progress, action: Action) -> bool:
    """Whether an action can be done now: not done before, its condition holds, its paper is there, nothing is decided."""
    if progress.decision is not None or action.id in progress.done or not holds(action.when, progress):
        return False
    return action.kind not in NEEDS_PAPER or action.of is None or action.of in at_hand(scenario, progress)


def available(scenario: Scenario, progress: Progress) -> tuple[Action, ...]:
    """Everything that can be done now."""
    return tuple(action for action in scenario.actions if possible(scenario, progress, action))


def perform(scenario: Scenario, progress: Progress, action: Action) -> Step:
    """Do an action that is possible."""
    seen = tuple(item for item in scenario.observations if item.action == action.id and holds(item.when, progress))
    after = Progress(
        done=(*progress.done, action.id),
        known=progress.known | {item.id for item in seen},
        minutes=progress.minutes + sum(item.minutes for item in seen),
        decision=action.decision,
        received=progress.received,
    )
    outcome = next((outcome for outcome in action.outcomes if holds(outcome.when, after)), None)
    return _pressed(scenario, Step(after, seen, outcome))


def _pressed(scenario: Scenario, step: Step) -> Step:
    """A step with the messages that press in now; none does once it is decided."""
    progress = step.progress
    if progress.decision is not None:
        return step
    came = tuple(
        item
        for item in scenario.injects
        if item.at <= progress.minutes and item.id not in progress.received and holds(item.when, progress)
    )
    if not came:
        return step
    received = progress.received | {item.id for item in came}
    return replace(step, progress=replace(progress, received=received), messages=came)
