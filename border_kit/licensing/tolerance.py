"""What a licence bears beyond its figures: dated data of the policy profile, never a constant here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Tolerance(Protocol):
    """Extra per cent of quantity and of value, and where that stands."""

    @property
    def quantity_percent(self) -> Decimal:
        """Per cent of what is left that may be exceeded."""
        ...

    @property
    def value_percent(self) -> Decimal:
        """The same of the value."""
        ...

    @property
    def cite(self) -> str:
        """The rule."""
        ...


@dataclass(frozen=True, slots=True)
class Percent:
    """A tolerance in figures."""

    quantity_percent: Decimal = Decimal(0)
    value_percent: Decimal = Decimal(0)
    cite: str = ""


NONE = Percent()
"""No tolerance: what holds where no profile says otherwise."""


def bears(left: Decimal, asked: Decimal, percent: Decimal) -> bool:
    """Whether what is left, with the tolerance on it, covers what is asked. Exact."""
    return asked * 100 <= max(left, Decimal(0)) * (100 + percent) or asked == 0
