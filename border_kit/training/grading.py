"""Rubric points of one line of actions."""

from __future__ import annotations

from dataclasses import dataclass

from border_kit.training.conditions import Progress, holds
from border_kit.training.model import Criterion, Scenario


@dataclass(frozen=True, slots=True)
class Marks:
    """What a learner earned: the criteria that held, points out of `full`, and whether the decision was right in time."""

    held: tuple[Criterion, ...]
    points: int
    full: int
    correct: bool
    in_time: bool

    @property
    def perfect(self) -> bool:
        """Full marks, a right decision, in time."""
        return self.points == self.full and self.correct and self.in_time


def mark(scenario: Scenario, progress: Progress) -> Marks:
    """Mark a line of actions, ended or not."""
    held = tuple(criterion for criterion in scenario.rubric if holds(criterion.when, progress))
    return Marks(
        held=held,
        points=sum(criterion.points for criterion in held),
        full=scenario.full_marks,
        correct=progress.decision in scenario.answer.decisions,
        in_time=progress.minutes <= scenario.time_limit,
    )
