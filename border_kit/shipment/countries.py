"""Countries as papers write them, read as ISO 3166-1 alpha-2. The names are data: `countries.txt`, with its source."""

from __future__ import annotations

import re
from functools import cache

from border_kit.text import clean_line, tokens

_ALPHA2 = re.compile(r"[A-Za-z]{2}")
_LOCODE = re.compile(r"[A-Za-z]{2} ?[A-Za-z2-9]{3}")


def country_code(text: str) -> str | None:
    """The alpha-2 code a country cell means, or None where it is no country this kit knows.

    Takes alpha-2 (user-assigned codes included), alpha-3, the English name and some names in other languages.
    """
    cell = clean_line(text, 200)
    if _ALPHA2.fullmatch(cell):
        return _names().get(_key(cell), cell.upper())
    return _names().get(_key(cell))


def place_country(text: str) -> str | None:
    """`country_code()`, or the country of a UN/LOCODE (`NLRTM`, `NL RTM`; UN/ECE Recommendation 16)."""
    found = country_code(text)
    if found is None and _LOCODE.fullmatch(clean_line(text, 200)):
        letters = clean_line(text, 200)[:2].upper()
        return letters if letters in _names().values() else None
    return found


_SMALL = frozenset({"the", "of", "and", "region"})


def _key(text: str) -> frozenset[str]:
    """The words of a name in any order, small ones left out: `Korea, North` is `North Korea`."""
    words = frozenset("saint" if token.text == "st" else token.text for token in tokens(text))
    return words - _SMALL or words


@cache
def _names() -> dict[frozenset[str], str]:
    from importlib import resources  # noqa: PLC0415 - some milliseconds that a start without countries need not pay

    table = resources.files("border_kit.shipment").joinpath("countries.txt").read_text(encoding="utf-8")
    rows = (line.split("|") for line in table.splitlines() if line and not line.startswith("#"))
    return {_key(name): row[0] for row in rows for name in row[1:] if name}
