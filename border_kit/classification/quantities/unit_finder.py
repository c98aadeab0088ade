"""Which unit stands behind a number, or before it, and where it ends."""

from __future__ import annotations

import re

from border_kit.classification.words.grammar import Grammar
from border_kit.text import fold
from border_kit.units import Unit, find_unit

LONGEST_UNIT = 24
"""Characters within which a unit is sought."""
_LABEL_UNIT = re.compile(r"[(\[]\s*(?P<unit>[^()\[\]\d]{1,12})\s*[)\]]\s*[:=]?\s*(?:[≥≤><~]=?\s*)?$")
_LETTERS = frozenset("mglshKVWANJFTdtBL")


class UnitFinder:
    """One text: `plain` keeps capitals (`mW` is not `MW`), `low` is folded; both have the places of the original."""

    def __init__(self, plain: str, low: str, grammar: Grammar) -> None:
        """Look for units in a text."""
        self.plain = plain
        self.low = low
        self.grammar = grammar

    def behind(self, end: int) -> tuple[Unit, int] | None:
        """The longest unit that stands behind a number (a space, a hyphen or nothing between), and where it ends."""
        start = end
        if self.plain[start : start + 1] == "+":
            start += 1
        while self.plain[start : start + 1] == " " and start < end + 2:
            start += 1
        if start == end and self.plain[start : start + 1] == "-" and self.plain[start + 1 : start + 2].isalpha():
            start += 1
        limit = min(len(self.plain), start + LONGEST_UNIT)
        for stop in range(limit, start, -1):
            if self._ends_inside_word(start, stop):
                continue
            unit = self._named_unit(start, stop, glued=start == end)
            if unit is not None:
                return unit, stop
        return None

    def before(self, start: int, end: int) -> tuple[Unit, int] | None:
        """`Range (km): 300`, `Power [kW] 1.5` and `Mach 0.8`: the unit stands before its number, which ends the quantity."""
        before = self.plain[max(0, start - LONGEST_UNIT) : start]
        match = _LABEL_UNIT.search(before)
        if match is not None:
            name = match["unit"].strip()
            unit = find_unit(name) or find_unit(self.grammar.units.get(fold(name), ""))
            return (unit, end) if unit is not None and not self.plain[end : end + 1].isalpha() else None
        word = before.rstrip(" =:").rpartition(" ")[2].lower()
        symbol = self.grammar.prefix_units.get(word)
        unit = find_unit(symbol) if symbol else None
        return (unit, end) if unit is not None else None

    def _ends_inside_word(self, start: int, stop: int) -> bool:
        last, after = self.plain[stop - 1], self.plain[stop : stop + 1]
        if last == " ":
            return True
        if after.isalpha() and last.isalpha():
            return not (last > "\u2e80" or after > "\u2e80")
        if after and (after in "²³^√" or (after.isdigit() and last.isalpha())):
            return True
        if after in ("/", "·") and self.plain[stop + 1 : stop + 2].isalpha():
            word = re.split(r"[\W\d]", self.low[stop + 1 : stop + 8], maxsplit=1)[0]
            return word not in self.grammar.per_piece
        return self.plain[start] in "/-^" or False

    def _named_unit(self, start: int, stop: int, *, glued: bool) -> Unit | None:
        name = self.plain[start:stop]
        if name.isdigit() or name[0].isdigit():
            return None
        if len(name) == 1:
            return self._letter_unit(name, stop, glued=glued)
        low = self.low[start:stop]
        if low in ("in", "no", "ch", "sa", "pr", "us", "ms") and not glued and not self._alone(low, stop):
            return None
        capitals = self.grammar.capital_units.get(name)
        known = find_unit(capitals) if capitals else find_unit(name)
        if known is not None and not (name.endswith(".") and len(name) == 2):  # "5 m." is m, taken shorter
            return known
        symbol = self.grammar.units.get(low)
        return find_unit(symbol) if symbol else None

    def _letter_unit(self, name: str, stop: int, *, glued: bool) -> Unit | None:
        """One letter is a unit in its own capital (`5 A`, `5 m`), or in any when it is glued to the number (`5a`)."""
        following = self.plain[stop : stop + 2].strip()
        symbol = self.grammar.units.get(fold(name))
        if name in "kK" and glued and self._thousands(stop):
            return None
        if name == '"':
            unit = find_unit("inch") if self.plain.count(name, 0, stop - 1) % 2 == 0 else None
        elif name in _LETTERS or (name in "°%" or not name.isascii()):
            unit = find_unit(name) or (find_unit(symbol) if symbol else None)
        elif name in "xX" and not following[:1].isdigit():
            unit = find_unit("x")
        elif glued and name.upper() in "VAWKCNJ":
            unit = find_unit(symbol or name.upper())
        else:
            unit = None
        crowded = name not in '°%"h' and not glued and following[:1].isdigit() and not following[1:].isdigit()
        return None if crowded else unit

    def _thousands(self, stop: int) -> bool:
        return self.low[stop : stop + 12].lstrip(" -").startswith(("tow", "filament"))

    def _alone(self, low: str, stop: int) -> bool:
        """`3 in 1` is no inch and `5 US` no microsecond: such a short word counts in small letters and before no digit."""
        if low == "no" or (low == "us" and self.plain[stop - 2 : stop] != "us"):
            return False
        return not self.plain[stop : stop + 2].strip()[:1].isdigit()
