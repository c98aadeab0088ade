"""What of a scenario can be reached at all: an over-approximation, so that whatever it rules out is out for certain.

A condition that contradicts itself is seen (`did a and not did a`), what excludes each other across conditions is not; the solver
tries that out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations

from border_kit.training.conditions import (
    Before,
    Condition,
    Decided,
    Did,
    Fact,
    Knows,
    Minutes,
    Received,
    compare,
    facts,
    true,
)
from border_kit.training.model import Action, Scenario
from border_kit.training.session import NEEDS_PAPER

_MOST_FACTS = 10
"""A condition that names more is taken for possible."""


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

    def possible(self, condition: Condition) -> bool:
        """Whether a condition can ever hold: whether any facts that can be, and do not contradict each other, make it true."""
        named = frozenset(facts(condition))
        free = [fact for fact in named if not isinstance(fact, Minutes) and self._can(fact)]
        if len(free) > _MOST_FACTS:
            return True
        clock = {fact.number + aside for fact in named if isinstance(fact, Minutes) for aside in (-1, 0, 1)} & set(
            range(self.minutes + 1)
        ) | {0}
        return any(
            true(condition, partial(_is, chosen, minutes))
            for size in range(len(free) + 1)
            for chosen in map(frozenset, combinations(free, size))
            if _agree(chosen)
            for minutes in clock
        )

    def _can(self, fact: Fact) -> bool:
        match fact:
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
            case Minutes():
                return True


def _is(chosen: frozenset[Fact], minutes: int, fact: Fact) -> bool:
    if isinstance(fact, Minutes):
        return compare(minutes, fact.relation, fact.number)
    return fact in chosen or (isinstance(fact, Did) and any(fact.action in _done(other) for other in chosen))


def _done(fact: Fact) -> tuple[str, ...]:
    return (fact.first, fact.then) if isinstance(fact, Before) else ()


def _agree(chosen: frozenset[Fact]) -> bool:
    """Whether facts can all be: one decision, and no two actions each before the other."""
    orders = {(fact.first, fact.then) for fact in chosen if isinstance(fact, Before)}
    return sum(isinstance(fact, Decided) for fact in chosen) <= 1 and not any((b, a) in orders for a, b in orders)


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
