"""Reading the quantities of one text, number by number: what stands before, between and behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from border_kit.classification.quantities import notations
from border_kit.classification.quantities.model import Interval, Kind, Quantity
from border_kit.classification.quantities.numbers import NUMBER, ONE_TO_ONE
from border_kit.classification.quantities.numbers import readings as readings_of
from border_kit.classification.quantities.unit_finder import LONGEST_UNIT, UnitFinder
from border_kit.classification.words import grammar as grammar_of
from border_kit.classification.words.grammar import Grammar
from border_kit.text import fold
from border_kit.units import Unit, convert, find_unit

_MAX_NUMBERS = 4000
_MAX_DIGITS = 24


def find_quantities(text: str, grammar: Grammar | None = None) -> list[Quantity]:
    """All quantities of a text, in its order; a number without a unit is none (but `640x512` and `VGA` count pixels)."""
    return list(_Reader(text, grammar or grammar_of.load()).read())


class _Number(NamedTuple):
    readings: tuple[Decimal, ...]
    start: int
    end: int
    sign: str


class _Reader:
    """One text: `plain` keeps capitals (`mW` is not `MW`), `low` is folded; both have the places of the original."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text = text
        self.plain = text if text.isascii() else text.translate(ONE_TO_ONE)
        self.low = self.plain.lower() if text.isascii() else "".join(_one(char) for char in self.plain)
        self.grammar = grammar
        self.units = UnitFinder(self.plain, self.low, grammar)
        marks = {mark for _, mark, digits in _DECIMAL.findall(self.plain) if len(digits) != _GROUP}
        self.decimal = marks.pop() if len(marks) == 1 else ""
        """The decimal mark of this text, where its numbers agree on one."""

    def read(self) -> Iterator[Quantity]:
        numbers = self._numbers()
        index = 0
        while index < len(numbers):
            taken, quantity = self._one(numbers, index)
            if quantity is not None:
                yield quantity
            index += taken
        yield from notations.resolutions(self.text, self.low, self.grammar)
        yield from notations.counted(self.text, self.low, self.grammar)

    def _numbers(self) -> list[_Number]:
        found: list[_Number] = []
        for match in NUMBER.finditer(self.plain):
            if len(match.group()) > _MAX_DIGITS or self._inside_word(match.start()):
                continue
            values = self._meant(match, readings_of(match.group()))
            if values:
                sign, start = self._sign(match.start())
                found.append(self._multiplied(_Number(values, start, match.end(), sign)))
            if len(found) == _MAX_NUMBERS:
                break
        return found

    def _meant(self, match: re.Match[str], values: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        """One reading of `17,000` where the text writes its other decimals with a point."""
        written = match.group()
        if len(values) <= 1 or self.low[match.end() : match.end() + 2].strip().startswith("%"):
            return values
        mark = "," if "," in written else "."
        if not self.decimal:
            return values
        return (min(values),) if self.decimal == mark else (max(values),)

    def _multiplied(self, number: _Number) -> _Number:
        """`30万像素` and `1.2 million km`: a word of magnitude before the unit."""
        rest = self.low[number.end : number.end + LONGEST_UNIT]
        for word, power in self.grammar.multipliers.items():
            lead = len(rest) - len(rest.lstrip(" "))
            end = number.end + lead + len(word)
            if rest.startswith(word, lead) and self.units.behind(end) is not None:
                return number._replace(readings=tuple(value.scaleb(power) for value in number.readings), end=end)
        return number

    def _inside_word(self, start: int) -> bool:
        """A digit behind a letter belongs to a name (`M300`), unless that letter is the x of `640x512`."""
        before = self.plain[start - 1 : start]
        if not before.isalpha() or before > "\u2e80":
            return False
        return not (before in "xXхХ" and self.plain[start - 2 : start - 1].isdigit())

    def _sign(self, start: int) -> tuple[str, int]:
        before = self.plain[max(0, start - 4) : start]
        loose = before.rstrip(" ")
        for mark in ("±", "+/-"):
            if loose.endswith(mark):
                return "±", start - (len(before) - len(loose)) - len(mark)
        if before.endswith(("-", "+")):
            lead = before[-2:-1]
            if not lead or lead in " (=:[,~>/" or before.endswith(("..-", "..+")):
                return before[-1], start - 1
        return "", start

    def _one(self, numbers: list[_Number], index: int) -> tuple[int, Quantity | None]:
        """The quantity that begins at a number, and how many numbers it used."""
        first = numbers[index]
        grid = self._grid(numbers, index)
        if grid is not None:
            return grid
        unit = self.units.behind(first.end)
        if index + 1 < len(numbers):
            pair = self._pair(first, numbers[index + 1], unit)
            if pair is not None:
                return 2, pair
        if unit is None:
            unit = self.units.before(first.start, first.end)
        if unit is None or self.low[first.start : unit[1]] in self.grammar.resolutions:
            return 1, None
        return 1, self._single(first, unit)

    def _pair(self, first: _Number, second: _Number, unit: tuple[Unit, int] | None) -> Quantity | None:
        """Two numbers that make one quantity: `8-14 µm`, `10 ±0.5 mm`, `12/24 V`, `3/4 inch`, `1 h 30 min`, `0.9+L/400 µm`."""
        behind = self.units.behind(second.end)
        if self.low[first.end : second.start].replace(" ", "") in _LENGTH_TERM:
            micron = behind or (_MICRON, second.end)
            return self._quantity(_points(first.readings), first.start, micron, "point")
        if behind is None:
            return None
        if self._joined(first, second, unit) and (unit is None or unit[0].dimension == behind[0].dimension):
            return self._range(first, second, unit, behind)
        between = self.low[unit[1] if unit else first.end : second.start].strip()
        if second.sign == "±" and not between:
            return self._spread(first, second, unit, behind)
        found: tuple[Interval, ...] = ()
        if unit is None and between == "/":
            found = _slashed(first, second, behind[0])
        elif unit is not None and not between and (unit[0].symbol, behind[0].symbol) in _STEPS and not second.sign:
            larger = [convert(value, unit[0].symbol, behind[0].symbol) for value in first.readings]
            found = _points((a or Decimal(0)) + b for a in larger for b in second.readings)
        return self._quantity(found, first.start, behind, "point") if found else None

    def _joined(self, left: _Number, right: _Number, unit: tuple[Unit, int] | None) -> bool:
        """Whether `8-14`, `8..14`, `8 to 14` or `8 µm - 14 µm` stands there."""
        between = self.low[unit[1] if unit else left.end : right.start]
        joint = between.strip()
        if right.sign == "-" and not joint:
            return bool(between.isspace()) and left.sign == "-"
        if joint in self.grammar.between_and and (between != joint or not joint.isascii()):
            return self.low[: left.start].rstrip().endswith(self.grammar.between)
        if joint == "/" and {left.sign, right.sign} == {"-", "+"}:
            return True
        if joint in ("-", "..", "...", "…", "~", "/-") or (joint == "" and right.sign == "-"):
            return True
        return joint in self.grammar.range_words and (between != joint or not joint.isascii())

    def _range(
        self, left: _Number, right: _Number, unit: tuple[Unit, int] | None, second: tuple[Unit, int]
    ) -> Quantity:
        symbol = second[0].symbol
        readings = []
        for one in left.readings:
            for other in right.readings:
                start = _signed(one, left.sign)
                if unit is not None:
                    moved = convert(start, unit[0].symbol, symbol)
                    start = start if moved is None else moved
                end = _signed(other, right.sign if right.sign == "+" or self._is_negative_end(left, right) else "")
                readings.append(Interval(min(start, end), max(start, end)))
        if second[0].dimension == "pressure" and self.plain[left.start : right.start] == "10-" and not unit:
            power = Decimal(10) ** -min(
                _HIGHEST_POWER, int(right.readings[0])
            )  # a raised exponent that was lost: 10-6 mbar
            readings.append(Interval(power, power))
        return self._quantity(tuple(readings), left.start, second, "range")

    def _spread(
        self, middle: _Number, half: _Number, unit: tuple[Unit, int] | None, behind: tuple[Unit, int]
    ) -> Quantity | None:
        """`10 ±0.5 mm`, `10 mm ±0.5 mm` and `10 mm ±5 %`, in the unit of the middle."""
        value, width = _signed(middle.readings[0], middle.sign), half.readings[0]
        own = unit or behind
        if behind[0].dimension == "percent" and own[0].dimension != "percent":
            width = abs(value) * width / _WHOLE
        else:
            moved = convert(width, behind[0].symbol, own[0].symbol)
            if moved is None:
                return None
            width = moved
        reading = Interval(value - width, value + width)
        return self._quantity((reading,), middle.start, (own[0], behind[1]), "range")

    def _is_negative_end(self, left: _Number, right: _Number) -> bool:
        return bool(self.plain[left.end : right.start].strip(" °CcKkFf")) and right.sign == "-"

    def _grid(self, numbers: list[_Number], index: int) -> tuple[int, Quantity | None] | None:
        """`640x512` counts pixels; `100x50x20 mm` is a size, which no bare dimension may claim."""
        sides = [numbers[index]]
        while index + len(sides) < len(numbers):
            following = numbers[index + len(sides)]
            between = self.low[sides[-1].end : following.start].strip()
            if between not in ("x", "*", "х", "by") or following.sign:
                break
            sides.append(following)
        if len(sides) == 1:
            return None
        unit = self.units.behind(sides[-1].end)
        factors = tuple(side.readings[0] for side in sides)
        if len(sides) == 2 and (unit is None or unit[0].dimension == "pixels") and all(map(_is_side, factors)):
            product = factors[0] * factors[1]
            end = unit[1] if unit else sides[-1].end
            span = (sides[0].start, end)
            return 2, Quantity(
                (Interval(product, product),), "px", "pixels", span, self.text[slice(*span)], "grid", sides=factors
            )
        if len(sides) == 2 and unit is not None and unit[0].dimension in _PACKED:  # 20 x 5 kg: twenty times 5 kg
            return 2, self._single(sides[1], unit)._replace(per_piece=unit[0].dimension in ("mass", "volume"))
        return len(sides), None

    def _single(self, number: _Number, unit: tuple[Unit, int]) -> Quantity:
        operator = self._comparator(number.start) or self._comparator_after(number.end, unit[1])
        readings = []
        for value in number.readings:
            signed = _signed(value, number.sign)
            readings.append(_bounded(signed, operator))
        kind: Kind = "bound" if operator in (">=", ">", "<=", "<") else "point"
        return self._quantity(tuple(readings), number.start, unit, kind, approximate=operator == "~")

    def _quantity(
        self,
        readings: tuple[Interval, ...],
        start: int,
        unit: tuple[Unit, int],
        kind: Kind,
        *,
        approximate: bool = False,
    ) -> Quantity:
        end = unit[1]
        if unit[0].dimension == "percent" and len(readings) > 1:  # 99.999 % is no ninety-nine thousand
            readings = tuple(item for item in readings if item.high is None or item.high <= _WHOLE) or readings
        return Quantity(
            readings,
            unit[0].symbol,
            unit[0].dimension,
            (start, end),
            self.text[start:end],
            kind,
            approximate,
            self._per_piece(end),
            _ALIKE.get(self.plain[start:end].lstrip("0123456789.,±+- "), _ALIKE.get(unit[0].symbol, ())),
        )

    def _per_piece(self, end: int) -> bool:
        tail = self.low[end : end + 12].lstrip()
        if not tail.startswith("/"):
            return tail.startswith(self.grammar.each)
        return re.split(r"\W", tail[1:].lstrip(), maxsplit=1)[0] in self.grammar.per_piece

    def _comparator(self, start: int) -> str:
        tail = self.low[max(0, start - 24) : start].rstrip()
        if not tail.endswith((">=", "<=", "=>", "=<")):
            tail = tail.rstrip(" :=")
        tail = tail.replace("≥", ">=").replace("≤", "<=").rstrip(".")
        best = ""
        for phrase in self.grammar.comparators:
            if len(phrase) > len(best) and tail.endswith(phrase) and _is_whole(tail, phrase):
                best = phrase
        if best and find_unit(best) and tail[: -len(best)].rstrip()[-1:].isdigit():
            return ""  # "30 min 300 km": minutes
        return self.grammar.comparators.get(best, "")

    def _comparator_after(self, end: int, unit_end: int) -> str:
        if self.plain[end : end + 1] == "+" or self.plain[unit_end : unit_end + 1] == "+":
            return ">="
        tail = self.low[unit_end : unit_end + 20].lstrip(" ('’.")
        for phrase, operator in self.grammar.comparators_after.items():
            if tail.startswith(phrase):
                return operator
        return ""


_DECIMAL = re.compile(r"(?<![\d.,])(\d+)([.,])(\d+)(?![\d.,]*\d)", re.ASCII)
_GROUP = 3
_PACKED = frozenset({"mass", "volume", "power", "force", "voltage", "energy", "frequency", "current"})
_FRACTIONED = frozenset({"length", "volume", "mass"})
_DENOMINATORS = frozenset(map(Decimal, (2, 3, 4, 8, 16, 32, 64)))
_STEPS = frozenset(
    {
        ("h", "min"),
        ("hr", "min"),
        ("hrs", "min"),
        ("hour", "min"),
        ("min", "s"),
        ("ft", "in"),
        ("ft", "inch"),
        ("deg", "arcmin"),
    }
)
_MICRON = Unit("um", "length", Decimal("0.000001"))
_WHOLE = Decimal(100)
_LENGTH_TERM = frozenset({"+l/", "+(l/"})
"""What stands between the two figures of a measuring error, `1.7+L/400 µm`: the error at no length decides (2B006.a)."""
_HIGHEST_POWER = 15
_ALIKE = {
    "g": ("g0",), "G": ("g0",), "mg": ("mg0",), "µg": ("µg0",), "ug": ("µg0",), "nm": ("nmi",), "nm/h": ("nmi/h",),
    "grms": ("g0",), "°": ("°C",), "deg": ("°C",),
}  # fmt: skip
_SMALLEST_SIDE = 32


def _is_side(value: Decimal) -> bool:
    return value == value.to_integral_value() and _SMALLEST_SIDE <= value <= 100_000  # pixels of one side


def _one(char: str) -> str:
    """One folded character for one, so that places stay."""
    folded = fold(char) if char not in "≥≤µ" else char
    return folded[0] if folded else char


def _is_whole(tail: str, phrase: str) -> bool:
    """A phrase at the end of `tail` is no part of a longer word."""
    before = tail[: -len(phrase)][-1:]
    return not (before.isalnum() and phrase[0].isalpha() and before < "\u2e80")


def _signed(value: Decimal, sign: str) -> Decimal:
    return -value if sign == "-" else value


def _points(values: Iterable[Decimal]) -> tuple[Interval, ...]:
    return tuple(Interval(value, value) for value in values)


def _slashed(left: _Number, right: _Number, unit: Unit) -> tuple[Interval, ...]:
    """`3/4 inch` is a fraction, `12/24 V` one or the other."""
    up, down = left.readings[0], right.readings[0]
    if unit.dimension in _FRACTIONED and up < down and down in _DENOMINATORS:
        return (Interval(up / down, up / down),)
    return _points((*left.readings, *right.readings))


def _bounded(value: Decimal, operator: str) -> Interval:
    """The interval that a comparator leaves; a magnitude that is at most something is not below zero."""
    floor = Decimal(0) if value >= 0 else None
    if operator in (">=", ">"):
        return Interval(value, None, low_in=operator == ">=")
    if operator in ("<=", "<"):
        return Interval(floor, value, high_in=operator == "<=")
    return Interval(value, value)
