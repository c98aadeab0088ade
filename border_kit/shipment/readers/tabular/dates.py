"""Dates as papers print them. The order of day and month is proven by the file or asked for, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from border_kit.errors import AmbiguousInputError
from border_kit.shipment.readers.options import DATE_ORDERS, DateOrder
from border_kit.text import clean_line

OPTION = "--date-order"

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_PARTS = re.compile(r"(\d{1,4})([./\-\s])\s?(\d{1,2})\2\s?(\d{1,4})\.?(?:[T ,].*)?")
_YEAR = 4
_CENTURY_FROM = 80
"""Two-digit years from here on are of the last century (POSIX strptime has 69; no declaration is older than 1980)."""


def readings(text: str) -> dict[DateOrder, date]:
    """Every day that a cell may mean, by the order of its parts; all orders agree on an ISO date; empty: no date."""
    cell = clean_line(text, 60)
    if not cell.isascii():
        cell = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in cell)
    sure = _ISO.fullmatch(cell) or _COMPACT.fullmatch(cell)
    if sure:
        day = _day(sure[1], sure[2], sure[3])
        return dict.fromkeys(DATE_ORDERS, day) if day else {}
    match = _PARTS.fullmatch(cell)
    if match is None:
        return {}
    first, second, third = match[1], match[3], match[4]
    found: dict[DateOrder, date | None] = {
        "dmy": _day(third, second, first) if len(first) < _YEAR else None,
        "mdy": _day(third, first, second) if len(first) < _YEAR else None,
        "ymd": _day(first, second, third) if len(third) < _YEAR else None,
    }
    return {order: day for order, day in found.items() if day}


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in {2, _YEAR}:
        return None
    number = int(year) + (0 if len(year) == _YEAR else 1900 if int(year) >= _CENTURY_FROM else 2000)
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


@dataclass(slots=True)
class DateEvidence:
    """What the date cells of a file prove together, gathered cell by cell."""

    fits: dict[DateOrder, int] = field(default_factory=lambda: dict.fromkeys(DATE_ORDERS, 0))
    cells: int = 0
    differ: set[frozenset[DateOrder]] = field(default_factory=set)
    example: dict[frozenset[DateOrder], str] = field(default_factory=dict)

    def look(self, text: str) -> None:
        """Take one cell into account; what is no date in any order says nothing."""
        found = readings(text)
        if not found:
            return
        self.cells += 1
        for order in found:
            self.fits[order] += 1
        for one in DATE_ORDERS:
            for other in DATE_ORDERS:
                if one < other and found.get(one) != found.get(other):
                    pair: frozenset[DateOrder] = frozenset((one, other))
                    self.differ.add(pair)
                    self.example.setdefault(pair, clean_line(text, 40))

    def order(self, said: DateOrder | None) -> tuple[DateOrder | None, str | None]:
        """The order of the file's dates and a remark. Raises AmbiguousInputError where the file leaves it open."""
        if said or not self.cells:
            return said, None
        possible = [order for order in DATE_ORDERS if self.fits[order] == self.cells]
        if not possible:
            raise self._open("the dates contradict each other", next(iter(self.example.values())))
        for other in possible[1:]:
            pair: frozenset[DateOrder] = frozenset((possible[0], other))
            if pair in self.differ:
                raise self._open("day and month cannot be told apart", self.example[pair])
        return possible[0], None if len(possible) == len(
            DATE_ORDERS
        ) else f"Dates are read as {possible[0]}: no other order fits all of them."

    def _open(self, why: str, example: str) -> AmbiguousInputError:
        return AmbiguousInputError(
            "dates_ambiguous",
            f"The date {example!r} can be read in more than one way: {why}.",
            f"Say how this sender writes dates with {OPTION} dmy, mdy or ymd.",
            option=OPTION,
        )
