"""`parties-csv`: our own plain format, `id,kind,name,aliases,countries,born,identifiers,list` (docs/interfaces.md).

Inside a cell values are separated by `;`; identifiers are `type:value`.
"""

from __future__ import annotations

from collections.abc import Iterator

from border_kit.catalog.identifiers import type_of
from border_kit.catalog.importers import dates, tables
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Name, Order, Skipped
from border_kit.shipment.countries import country_code
from border_kit.text import clean_line

DEFAULT_LIST = "PARTIES"
"""The list's id where neither the file nor the caller names one."""

_KINDS = {
    "person": "person", "individual": "person", "natural person": "person",
    "organisation": "organisation", "organization": "organisation", "entity": "organisation", "company": "organisation",
    "legal entity": "organisation", "vessel": "vessel", "ship": "vessel", "aircraft": "aircraft",
}  # fmt: skip


def read(order: Order) -> Batch:
    """Read a parties-csv file; it states no date of its own. Raises InputError."""
    path = tables.regular_file(order.path)
    found = tables.records(path, ("id", "name"), tables.encoding_of(path))
    return Batch(None, DEFAULT_LIST, _rows(found))


def _rows(found: Iterator[tuple[int, dict[str, str]] | Skipped]) -> Iterator[Listing | Skipped]:
    for row in found:
        yield row if isinstance(row, Skipped) else _listing(*row)


def _listing(number: int, row: dict[str, str]) -> Listing | Skipped:
    ref = clean_line(row.get("id", ""), 200)
    name = clean_line(row.get("name", ""), MAX_CELL)
    if not ref or not name:
        return Skipped(number, f"the {'id' if not ref else 'name'} is empty")
    aliases = (clean_line(alias, MAX_CELL) for alias in tables.cells(row.get("aliases", "")))
    return Listing(
        list=clean_line(row.get("list", ""), 80),
        ref=ref,
        kind=_KINDS.get(row.get("kind", "").strip().casefold(), "unknown"),
        caption=name,
        names=(
            Name(name, "primary"),
            *(Name(alias, "alias") for alias in dict.fromkeys(aliases) if alias and alias != name),
        ),
        facts=tuple(_facts(row)),
        identifiers=tuple(_identifiers(row.get("identifiers", ""))),
        row=number,
    )


def _facts(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in tables.cells(row.get("countries", "")):
        code = country_code(name)
        yield ("country", code) if code else ("country_text", clean_line(name, 200))
    for text in tables.cells(row.get("born", "")):
        day = dates.born(text)
        yield ("born", day) if day else ("born_text", clean_line(text, 200))


def _identifiers(cell: str) -> Iterator[tuple[str, str]]:
    for part in tables.cells(cell):
        kind, colon, value = part.partition(":")
        named = (kind, value) if colon and value.strip() else ("other", part)
        yield type_of(clean_line(named[0], 40)), clean_line(named[1], 200)
