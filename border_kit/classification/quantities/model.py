"""What a stated quantity is: intervals in a unit, at a place of the text."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from border_kit.units import convert

Kind = Literal["point", "range", "bound", "grid"]


class Interval(NamedTuple):
    """What a quantity can be: from `low` to `high` (None: open end), each end inside or not."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool = True
    high_in: bool = True

    def converted(self, unit: str, to: str) -> Interval | None:
        """The interval in another unit; None where the units are not comparable."""
        low = None if self.low is None else convert(self.low, unit, to)
        high = None if self.high is None else convert(self.high, unit, to)
        if (low is None) != (self.low is None) or (high is None) != (self.high is None):
            return None
        return Interval(low, high, self.low_in, self.high_in)


class Quantity(NamedTuple):
    """One stated quantity: its possible `readings` in `unit`, of a `dimension`, at `span` of the original text.

    `kind` is `point`, `range` (8–14), `bound` (≥ 300) or `grid` (640x512, then the reading is the product and `sides` are its
    factors). `approximate` marks "about"; `per_piece` marks "/pc"; `alike` are other units that the symbol may mean (`g`).
    """

    readings: tuple[Interval, ...]
    unit: str
    dimension: str
    span: tuple[int, int]
    text: str
    kind: Kind = "point"
    approximate: bool = False
    per_piece: bool = False
    alike: tuple[str, ...] = ()
    sides: tuple[Decimal, ...] = ()
