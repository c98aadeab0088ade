"""How a scenario proceeds: what can be done now, and what doing it reveals, costs and leads to.

Pure steps, so that the runner, the solver and the replay of an action log are one and the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from border_kit.training.conditions import Progress, holds
from border_kit.training.model import Action, Observation, Outcome, Scenario

_NEEDS_PAPER = frozenset({"open", "scan"})


@dataclass(frozen=True, slots=True)
class Step:
    """What an action led to: where the learner stands now, what was observed, and the outcome that is told."""

    progress: Progress
    observations: tuple[Observation, ...]
    outcome: Outcome | None


def at_hand(scenario: Scenario, progress: Progress) -> frozenset[str]:
    """The documents that can be opened: those given at the start and those that actions brought."""
    brought = {name for action in scenario.actions if action.id in progress.done for name in action.brings}
    return frozenset({document.id for document in scenario.documents if document.at_hand} | brought)


def possible(scenario: Scenario, progress: Progress, action: Action) -> bool:
    """Whether an action can be done now: not done before, its condition holds, its paper is there, nothing is decided."""
    if progress.decision is not None or action.id in progress.done or not holds(action.when, progress):
        return False
    return action.kind not in _NEEDS_PAPER or action.of in at_hand(scenario, progress)


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
    )
    return Step(after, seen, next((outcome for outcome in action.outcomes if holds(outcome.when, after)), None))
