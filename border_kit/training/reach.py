"""What of a scenario can be reached at all: an over-approximation, so that whatever it rules out is out for certain.

Orders and contradictions are not tried out (`did a and not did a` counts as possible); the solver does that.
"""

from __future__ import annotations

from dataclasses import dataclass

from border_kit.training.conditions import (
    AllOf,
    AnyOf,
    Before,
    Condition,
    Decided,
    Did,
    Knows,
    Minutes,
    Not,
    Received,
)
from border_kit.training.model import Action, Scenario
from border_kit.training.session import NEEDS_PAPER


@dataclass(frozen=True, slots=True)
class Reach:
    """The actions that can be done, the observations that can be made, the documents that can be at hand, the most minutes.

    `messages` are those that can come within the time.
    """

    actions: frozenset[str]
    observations: frozenset[str]
    documents: frozenset[str]
    minutes: int
    decisions: frozenset[str]
    messages: frozenset[str] = frozenset()

    def possible(self, condition: Condition) -> bool:  # noqa: PLR0911 - one return a kind
        """Whether a condition can ever hold."""
        match condition:
            case Did(action):
                return action in self.actions
            case Before(first, then):
                return {first, then} <= self.actions and first != then
            case Knows(observation):
                return observation in self.observations
            case Received(message):
                return message in self.messages
            case Decided(decision):
                return decision.value in self.decisions
            case Minutes(relation, number):
                return {"<": number > 0, "<=": True, ">": self.minutes > number, ">=": self.minutes >= number}[relation]
            case Not(part):
                return part != AllOf(())
            case AllOf(parts):
                return all(self.possible(part) for part in parts)
            case AnyOf(parts):
                return any(self.possible(part) for part in parts)


def reach(scenario: Scenario) -> Reach:
    """Everything that can be reached, by letting the reachable grow until it no longer does."""
    found = Reach(
        frozenset(), frozenset(), frozenset(item.id for item in scenario.documents if item.at_hand), 0, frozenset()
    )
    while True:
        grown = _grow(scenario, found)
        if grown == found:
            return found
        found = grown


def _grow(scenario: Scenario, found: Reach) -> Reach:
    actions = [action for action in scenario.actions if found.possible(action.when) and _at_hand(action, found)]
    names = frozenset(action.id for action in actions)
    seen = [item for item in scenario.observations if item.action in names and found.possible(item.when)]
    return Reach(
        actions=names,
        observations=frozenset(item.id for item in seen),
        documents=found.documents | {name for action in actions for name in action.brings},
        minutes=sum(item.minutes for item in seen),
        decisions=frozenset(action.decision.value for action in actions if action.decision is not None),
        messages=frozenset(
            item.id
            for item in scenario.injects
            if item.at <= min(scenario.time_limit, found.minutes) and found.possible(item.when)
        ),
    )


def _at_hand(action: Action, found: Reach) -> bool:
    return action.kind not in NEEDS_PAPER or action.of is None or action.of in found.documents
