"""Notations that are no number with a unit behind it: `VGA`, `five-axis`, `12K tow`, `6N purity`, `1h30`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from border_kit.classification.quantities.model import Interval, Quantity
from border_kit.classification.words.grammar import Grammar
from border_kit.units import find_unit

_COUNTED = re.compile(
    r"(?<!\w)(?P<word>[^\W\d_]{2,9}|[一二三四五六七八九])[ -]?(?P<unit>(?:ax|achs|ej|eks|ос)[^\W\d_]{0,8}|轴)(?!\w)"
    r"|(?<=[^\W\d_])(?P<inner>[三四五六七八九])(?=轴)"
)
_TOW = re.compile(r"(?<!\w)(?P<number>\d{1,3}(?:[.,]\d)?) ?k[ -]?(?:tows?|filaments?)(?!\w)")
_NINES = re.compile(r"(?<![\w.,])(?P<whole>[2-9])(?:[.,]?(?P<half>5))?n(?:[ -]?(?:pur\w*|grade|reinheit))?(?!\w)")
_PURE = re.compile(r"\bpur|reinh|чист|纯|saf|نقاو|grade")
_HOURS = re.compile(r"(?<![\w.,])(?P<hours>\d{1,2})\s?h(?P<minutes>[0-5]\d)(?:\s?min)?(?!\w)")


def resolutions(text: str, low: str, grammar: Grammar) -> Iterator[Quantity]:
    """Named resolutions count pixels, each once."""
    for name, (wide, high) in grammar.resolutions.items():
        at = low.find(name)
        while at >= 0:
            end = at + len(name)
            if not low[at - 1 : at].isalnum() and not low[end : end + 1].isalnum():
                pixels = Decimal(wide * high)
                sides = (Decimal(wide), Decimal(high))
                yield _point(pixels, "px", "pixels", text, (at, end))._replace(kind="grid", sides=sides)
                break
            at = low.find(name, end)


def counted(text: str, low: str, grammar: Grammar) -> Iterator[Quantity]:
    """Counted words, filaments in thousands, purity in nines, hours and minutes."""
    for match in _COUNTED.finditer(low):
        digits = grammar.number_words.get(match["word"] or match["inner"])
        if digits and (match["inner"] or grammar.units.get(match["unit"]) == "axes"):
            end = match.end() + bool(match["inner"])
            yield _point(Decimal(digits), "axis", "axes", text, (match.start(), end))
    for match in _TOW.finditer(low):
        yield _point(Decimal(match["number"].replace(",", ".")) * 1000, "pcs", "count", text, match.span())
    if _PURE.search(low):
        for match in _NINES.finditer(low):
            purity = 100 - Decimal(5 if match["half"] else 10).scaleb(1 - int(match["whole"]))
            yield _point(purity, "%", "percent", text, match.span())
    for match in _HOURS.finditer(low):
        yield _point(Decimal(match["hours"]) * 60 + Decimal(match["minutes"]), "min", "time", text, match.span())


def _point(value: Decimal, unit: str, dimension: str, text: str, span: tuple[int, int]) -> Quantity:
    assert find_unit(unit, dimension) is not None  # the units of this module are the kit's own
    return Quantity((Interval(value, value),), unit, dimension, span, text[slice(*span)])
