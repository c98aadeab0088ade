"""What is left of a licence: a sum over drawings, never a stored figure.

The signs follow the usage lines that UK customs reports to the licensing authority (CHIEF licence usage): O original, L late
and M additional take from the licence, A adjusted takes what it states (a negative one gives back), C contra gives back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from border_kit.findings import Json
from border_kit.licensing.model import Draw, Licence, LicenceLine, Usage, plain

TYPES = ("O", "A", "C", "L", "M")

_ZERO = Decimal(0)


def signed(amount: Decimal | None, kind: str) -> Decimal:
    """What a drawing takes from the balance (negative: gives back). An unknown kind counts like an original."""
    if amount is None:
        return _ZERO
    return amount.copy_abs().copy_negate() if kind.upper() == "C" else amount


@dataclass(frozen=True, slots=True)
class Balance:
    """What was drawn on a line, in its unit and its currency; `other_currency` names one that could not be counted."""

    line: LicenceLine
    drawn: Decimal = _ZERO
    value_drawn: Decimal = _ZERO
    other_currency: str | None = None

    @property
    def left(self) -> Decimal | None:
        """Quantity left, negative where overdrawn, None where there is no limit."""
        return None if self.line.quantity is None else self.line.quantity - self.drawn

    @property
    def value_left(self) -> Decimal | None:
        """Value left, negative where overdrawn, None where there is no limit."""
        return None if self.line.value is None else self.line.value - self.value_drawn

    def to_json(self) -> dict[str, Json]:
        """Drawn and left."""
        return {
            "drawn": plain(self.drawn),
            "left": plain(self.left),
            "value_drawn": plain(self.value_drawn),
            "value_left": plain(self.value_left),
        }


def balances(licence: Licence, draws: Iterable[Draw] = ()) -> Mapping[int, Balance]:
    """The balance of every line: the registry's usage, plus drawings made here that it does not know yet."""
    by_line: dict[int, list[Usage]] = {}
    for row in (*licence.usage, *unknown_to(licence, draws)):
        by_line.setdefault(row.line, []).append(row)
    return {line.no: _balance(line, by_line.get(line.no, [])) for line in licence.lines}


def _balance(line: LicenceLine, rows: list[Usage]) -> Balance:
    counted = [row for row in rows if same_currency(row.currency, line.currency)]
    return Balance(
        line,
        drawn=sum((signed(row.quantity, row.type) for row in rows), _ZERO),
        value_drawn=sum((signed(row.value, row.type) for row in counted), _ZERO),
        other_currency=next(
            (row.currency for row in rows if row.value and not same_currency(row.currency, line.currency)), None
        ),
    )


def unknown_to(licence: Licence, draws: Iterable[Draw]) -> list[Usage]:
    """The drawings on a licence that its registry has not reported yet; a drawing reported once is taken out once."""
    reported = list(licence.usage)
    fresh: list[Usage] = []
    for draw in draws:
        if draw.licence != licence.number:
            continue
        if draw.usage in reported:
            reported.remove(draw.usage)
        else:
            fresh.append(draw.usage)
    return fresh


def same_currency(one: str | None, other: str | None) -> bool:
    """Whether two amounts are in one currency; an amount without one is in the line's."""
    return one is None or other is None or one.upper() == other.upper()
