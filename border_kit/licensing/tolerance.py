"""What a licence bears beyond its figures: dated data of the policy profile, never a constant here.

Older 15 CFR 750.11 told apart how a licence counts: by number, by weight or measure, by value. So does a profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from border_kit.licensing.model import Amount
from border_kit.units import find_unit, trade_codes


class Tolerance(Protocol):
    """Extra per cent of what is left, by number, by measure and of value, and where that stands."""

    @property
    def quantity_percent(self) -> Decimal:
        """Per cent of what is left that may be exceeded, of goods that are counted."""
        ...

    @property
    def measure_percent(self) -> Decimal:
        """The same of goods that are weighed or measured."""
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
    measure_percent: Decimal = Decimal(0)
    value_percent: Decimal = Decimal(0)
    cite: str = ""


NONE = Percent()
"""No tolerance: what holds where no profile says otherwise."""

_MEASURES = frozenset({"mass", "length", "area", "volume"})


def percent_of(tolerance: Tolerance, unit: str | None) -> Decimal:
    """The tolerance of a quantity in a unit: what is weighed or measured has one of its own."""
    symbol = trade_codes().get(unit.strip().casefold(), (Decimal(1), unit))[1] if unit else ""
    found = next((one for one in (find_unit(symbol, kind) for kind in _MEASURES) if one), None)
    return tolerance.measure_percent if found else tolerance.quantity_percent


def bears(left: Amount, asked: Amount, percent: Decimal) -> bool:
    """Whether what is left, with the tolerance on it, covers what is asked. Exact."""
    return asked == 0 or Fraction(asked) * 100 <= max(Fraction(left), Fraction(0)) * (100 + Fraction(percent))
