"""What a check is told besides the shipment and the licence."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from border_kit.classification.model import Classification
from border_kit.licensing import tolerance as tolerances
from border_kit.licensing.model import Licence, Usage
from border_kit.licensing.tolerance import Tolerance

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


class SameName(Hashable, Protocol):
    """The scorer of names (`screening.score.compare`): the declared name, the licensed one, a kind or None."""

    def __call__(self, left: str, right: str, kind: str | None = None) -> Scored:
        """Compare two names."""
        ...


DrawnHere = Callable[[Licence], Sequence[Usage]]
"""The drawings made here on a licence that its registry does not report yet."""


def nothing_drawn(_licence: Licence) -> Sequence[Usage]:
    """No ledger is kept here."""
    return ()


def words_are_words(_text: str) -> bool:
    """Nobody is there who knows which words are known: every word is taken for one that says what it says."""
    return True


@dataclass(frozen=True, slots=True)
class Terms:
    """The circumstances of a check.

    `classified` by the shipment's line number; `code_types` the licence types that a document code claims (a code that claims
    none has an empty tuple); `answers` to conditions by licence number and position (from 1; 0 is the registration for an
    open general licence): True met, False not, None or absent not known; `known_codes` the control codes of the licence that classification could have found.
    `classify` reads a licence's own text (text, HS code), `understood` says whether a text is in words that are known here.
    """

    today: date
    same_name: SameName
    classified: Mapping[int, Classification] = field(default_factory=dict)
    code_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tolerance: Tolerance = tolerances.NONE
    max_age_days: int | None = None
    drawn_here: DrawnHere = nothing_drawn
    answers: Mapping[tuple[str, int], bool | None] = field(default_factory=dict)
    known_codes: frozenset[str] = frozenset()
    classify: Callable[[str, str | None], Classification] | None = None
    understood: Callable[[str], bool] = words_are_words
