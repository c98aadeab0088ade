"""What a check is told besides the shipment and the licence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from border_kit.classification.model import Classification
from border_kit.licensing import tolerance as tolerances
from border_kit.licensing.model import Draw
from border_kit.licensing.tolerance import Tolerance
from border_kit.screening.model import ALERT

GUIDANCE = "HMRC officer guidance SGSELSG6010"
"""Where the decision table stands."""


class Scored(Protocol):
    """How alike two names are: `score` 0 to 1, and why."""

    @property
    def score(self) -> float:
        """0 to 1."""
        ...

    @property
    def explanation(self) -> Sequence[Any]:
        """The reasons."""
        ...


class SameName(Protocol):
    """The scorer of names (`screening.score.compare`): the declared name, the licensed one, a kind or None."""

    def __call__(self, left: str, right: str, kind: str | None = None) -> Scored:
        """Compare two names."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """The circumstances of a check.

    `classified` by the shipment's line number; `code_types` the licence types that a document code claims (a code that claims
    none has an empty tuple); `answers` to conditions by licence number and position (from 1; 0 is the registration for an
    open general licence): True met, False not, None or absent not known; `known_codes` the control codes of the licence that classification could have found.
    """

    today: date
    same_name: SameName
    classified: Mapping[int, Classification] = field(default_factory=dict)
    code_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tolerance: Tolerance = tolerances.NONE
    max_age_days: int | None = None
    draws: Sequence[Draw] = ()
    answers: Mapping[tuple[str, int], bool | None] = field(default_factory=dict)
    known_codes: frozenset[str] = frozenset()
    same_from: float = ALERT
    """From this score on, two names are taken for one party (docs/interfaces.md)."""
