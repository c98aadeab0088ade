"""Countries and nationalities as lists print them: `(a) German, (b) Moroccan`, `Ukrainian, Russian`, `Iran (Islamic Republic of)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from border_kit.shipment.countries import country_code
from border_kit.text import clean_line, fold

_MARK = re.compile(r"\(?\b[a-z]\)\s*|\([0-9]\)\s*", re.IGNORECASE)
_APART = re.compile(r"\s*(?:[,;/]|\band\b|\bor\b)\s*")
_BESIDE = re.compile(
    r"\s*\(.*?\)\s*|\s+(?:since|until|by birth|citizenship|national(?:ity)?|citizen|passport|formerly|previously)\b.*",
    re.IGNORECASE,
)


def enumerated(text: str) -> list[str]:
    """The parts of a cell that lists several: `(a) … (b) …`, `a) …, b) …`; else the whole."""
    bare = text.strip().strip('"').strip()
    parts = _MARK.split(bare) if _MARK.match(bare) else [bare]
    return [kept for part in parts if (kept := part.strip(" ,;\"'"))]


def country_of(text: str) -> str | None:
    """The alpha-2 code that a country's name or the word for its citizens means."""
    return country_code(text) or _nationalities().get(fold(clean_line(text, 200)).strip(" ."))


def countries(text: str) -> Iterator[tuple[str | None, str]]:
    """Every country of a cell: its code (None where it is not known) and the words it was read from."""
    for part in enumerated(clean_line(text, 2_000)):
        known = country_of(part) or country_of(_BESIDE.sub("", part))
        pieces = [] if known else [(country_of(_BESIDE.sub("", piece)), piece) for piece in _APART.split(part) if piece]
        if known or not any(code for code, _ in pieces):
            yield known, part
        else:
            yield from pieces


@cache
def _nationalities() -> dict[str, str]:
    from importlib import resources  # noqa: PLC0415 - only importers pay for it

    table = resources.files("border_kit.catalog.importers").joinpath("nationalities.txt").read_text(encoding="utf-8")
    rows = (line.split("|") for line in table.splitlines() if line and not line.startswith("#"))
    return {fold(word): row[0] for row in rows for word in row[1:]}
