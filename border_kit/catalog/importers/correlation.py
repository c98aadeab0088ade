"""`eu-correlation`: which goods of the Combined Nomenclature (or TARIC) may fall under which dual-use entry, CSV or XLSX.

The rows become links between goods and entries. A correlation is wide: most goods of a code are under no entry, so a link of it
is `ex`, and weak as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from border_kit.catalog import codes
from border_kit.catalog.importers import grid, tables
from border_kit.catalog.importers.base import Order, Skipped
from border_kit.catalog.importers.controls_volume import Link, Sheaf
from border_kit.errors import InputError

LIST = "EU-CORRELATION"

_COLUMNS = {
    "taric": ("taric code", "taric"),
    "cn": ("cn code", "cn", "combined nomenclature", "code nc", "kn code", "hs code", "hs"),
    "entry": (
        "dual use code", "dual use codification", "dual use", "du code", "code du", "annex i code", "annex i", "eccn",
        "control code", "dual use item",
    ),
}  # fmt: skip
_ENTRY = re.compile(r"[0-9][A-E][0-9]{3}(?:\.?[a-z0-9]{1,3}(?:\.[a-z0-9]{1,3})*\.?)?", re.IGNORECASE)
_MILITARY = re.compile(r"ML[0-9]{1,2}(?:\.[a-z0-9]{1,3})*", re.IGNORECASE)
_GOODS = re.compile(r"(?:ex\s*)?([0-9]{2}(?:[ .]?[0-9]{2}){1,4})", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:CN|TARIC|NC|KN|Combined Nomenclature)\D{0,20}(20[0-9]{2})\b", re.IGNORECASE)
_SPLIT = re.compile(r"[;,\n|/]|\band\b")
_MOST = 200
_MOST_LINKS = 200_000


def read(order: Order) -> Sheaf:
    """The links of a correlation table; it states no date. Raises InputError."""
    path = tables.regular_file(order.path)
    year = next((match.group(1) for text in grid.header_texts(path) if (match := _YEAR.search(text))), "")
    return Sheaf(None, LIST, _links(order, f"CN{year}"))


def _links(order: Order, nomenclature: str) -> Iterator[Link | Skipped]:
    seen: set[tuple[str, str]] = set()
    for row in grid.records(order.path, _COLUMNS, ("entry",)):
        if isinstance(row, Skipped):
            yield row
            continue
        number, cells = row
        order.progress(LIST, number, 0)
        goods = _goods(cells.get("taric", "")) or _goods(cells.get("cn", ""))
        entries = _entries(cells["entry"])
        if not goods:
            yield Skipped(number, "it has no code of goods")
        elif not entries:
            yield Skipped(number, f"{cells['entry'][:40]!r} is no code of a control list")
        for hs in goods:
            for owner in entries:
                if len(seen) > _MOST_LINKS:
                    raise InputError(
                        "too_many_links",
                        f"{order.path.name} has more than {_MOST_LINKS:,} links.",
                        "Is it a correlation table?",
                    )
                if (hs, owner) not in seen:
                    seen.add((hs, owner))
                    yield Link("", owner, hs, nomenclature, number)


def _goods(cell: str) -> list[str]:
    """The codes of a cell, digits only, without trailing pairs of zeros beyond the heading."""
    found = []
    for part in re.split(r"[;,\n|]", cell)[:_MOST]:
        match = _GOODS.fullmatch(part.strip())
        digits = "".join(char for char in match.group(1) if char.isdigit()) if match else ""
        while len(digits) > 6 and digits.endswith("00"):  # a subheading of the HS has six digits
            digits = digits[:-2]
        if digits:
            found.append(digits)
    return found


def _entries(cell: str) -> list[str]:
    """The entries of a cell, with their list."""
    found = []
    for part in _SPLIT.split(cell)[:_MOST]:
        bare = "".join(part.split()).strip(".")
        if _MILITARY.fullmatch(bare):
            found.append(f"EU-ML/{bare[:2].upper()}{bare[2:].lower()}")
        elif _ENTRY.fullmatch(bare):
            levels = re.findall(r"[a-z]+|[0-9]+", bare[5:].lower())  # dots are often left out: 6A003b4
            found.append(f"EU-DU/{codes.tidy('.'.join((bare[:5], *levels)))}")
    return found
