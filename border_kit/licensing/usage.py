"""What is left of a licence: a sum over drawings, never a stored figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from border_kit.catalog.drawing import TYPES, signed
from border_kit.certificates.claims import LicenceLine
from border_kit.findings import Json
from border_kit.licensing.model import Licence, Usage, plain
from border_kit.units import exact, ratio

__all__ = ["TYPES", "Balance", "balances", "signed", "summed", "unreported"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """What was drawn on a line, in its unit and its currency.

    `other_currency` and `other_unit` name one that could not be counted: then what is left is not more than it says.
    """

    line: LicenceLine
    drawn: Fraction = Fraction(0)
    value_drawn: Fraction = Fraction(0)
    other_currency: str | None = None
    other_unit: str | None = None

    @property
    def left(self) -> Fraction | None:
        """Quantity left, negative where overdrawn, None where there is no limit."""
        return None if self.line.quantity is None else Fraction(self.line.quantity) - self.drawn

    @property
    def value_left(self) -> Fraction | None:
        """Value left, negative where overdrawn, None where there is no limit."""
        return None if self.line.value is None else Fraction(self.line.value) - self.value_drawn

    @property
    def overdrawn(self) -> bool:
        """Whether more was drawn than was licensed."""
        return any(left is not None and left < 0 for left in (self.left, self.value_left))

    def to_json(self) -> dict[str, Json]:
        """Drawn and left."""
        return {
            "drawn": plain(self.drawn),
            "left": plain(self.left),
            "value_drawn": plain(self.value_drawn),
            "value_left": plain(self.value_left),
            "overdrawn": self.overdrawn,
        }


def balances(licence: Licence, here: Iterable[Usage] = ()) -> Mapping[int, Balance]:
    """The balance of every line: the registry's usage, plus drawings made here that it does not know yet."""
    by_line: dict[int, list[Usage]] = {}
    for row in (*licence.usage, *here):
        by_line.setdefault(row.line, []).append(row)
    return {line.no: _balance(line, by_line.get(line.no, [])) for line in licence.lines}


def _balance(line: LicenceLine, rows: list[Usage]) -> Balance:
    drawn = value_drawn = Fraction(0)
    other_currency = other_unit = None
    for row in rows:
        factor = Fraction(1) if row.unit is None else ratio(row.unit, line.unit or "")
        if factor is None:
            other_unit = row.unit if row.quantity else other_unit
        else:
            drawn += Fraction(signed(row.quantity, row.type)) * factor
        if same_currency(row.currency, line.currency):
            value_drawn += Fraction(signed(row.value, row.type))
        elif row.value:
            other_currency = row.currency
    return Balance(line, drawn, value_drawn, other_currency, other_unit)


Key = tuple[int, str | None, str, str | None, str | None]
"""Line, declaration, type, currency, unit."""


def summed(rows: Iterable[Usage], *, by_declaration: bool = False) -> tuple[Usage, ...]:
    """Drawings of a kind added up: one row a line, type, currency and unit, and where asked a declaration."""
    sums: dict[Key, tuple[Decimal, Decimal]] = {}
    with exact():
        for row in rows:
            declaration = fold_declaration(row.declaration) if by_declaration else None
            key = (row.line, declaration, row.type.upper(), row.currency and row.currency.upper(), row.unit)
            quantity, value = sums.get(key, (_ZERO, _ZERO))
            sums[key] = (quantity + (row.quantity or _ZERO), value + (row.value or _ZERO))
    return tuple(
        Usage(line, quantity, value, currency, declaration, type=kind, unit=unit)
        for (line, declaration, kind, currency, unit), (quantity, value) in sums.items()
    )


def fold_declaration(reference: str | None) -> str | None:
    """A declaration's reference as it is compared: capitals, no blanks."""
    return "".join(reference.split()).upper() if reference else None


def unreported(licence: Licence, here: Iterable[Usage], reported: Iterable[Usage]) -> tuple[Usage, ...]:
    """The part of the drawings made here that the registry does not report yet.

    A drawing is known again by licence line, declaration and type. What the registry reports under the same three covers
    what was recorded here up to its amount: a drawing reported in full counts once, one reported in part counts whole.
    """
    covered: dict[tuple[int, str | None, str], tuple[Decimal, Decimal]] = {}
    with exact():
        for row in summed(reported, by_declaration=True):
            quantity, value = covered.get((row.line, row.declaration, row.type), (_ZERO, _ZERO))
            added = (quantity + (row.quantity or _ZERO), value + (row.value or _ZERO))
            covered[row.line, row.declaration, row.type] = added
        fresh: list[Usage] = []
        for row in summed(here, by_declaration=True):
            key = (row.line, row.declaration, row.type)
            known = covered.get(key, (_ZERO, _ZERO)) if row.declaration else (_ZERO, _ZERO)
            factor = _in_line_units(licence, row)
            quantity, taken = _beyond(row.quantity or _ZERO, known[0] / factor)
            value, value_taken = _beyond(row.value or _ZERO, known[1])
            covered[key] = (known[0] - taken * factor, known[1] - value_taken)
            if quantity or value:
                fresh.append(replace(row, quantity=quantity, value=value))
    return tuple(fresh)


def _in_line_units(licence: Licence, row: Usage) -> Decimal:
    """How many of the line's unit one unit of a drawing is; 1 where they cannot be compared."""
    line = licence.line(row.line)
    found = ratio(row.unit, line.unit or "") if row.unit and line else None
    return Decimal(found.numerator) / found.denominator if found else Decimal(1)


def _beyond(here: Decimal, known: Decimal) -> tuple[Decimal, Decimal]:
    """What goes beyond the known, and how much of the known it took; both of one sign with what is here."""
    taken = min(max(known, _ZERO), here) if here >= 0 else max(min(known, _ZERO), here)
    return here - taken, taken


def same_currency(one: str | None, other: str | None) -> bool:
    """Whether two amounts are in one currency; an amount without one is in the line's."""
    return one is None or other is None or one.upper() == other.upper()
