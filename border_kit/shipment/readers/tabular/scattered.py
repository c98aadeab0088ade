"""Consignments whose rows do not stand together are brought together on disk, so that memory stays constant."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from border_kit import store
from border_kit.shipment.readers.tabular.source import Cell


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of goods and the consignment it belongs to."""

    number: int
    consignment: str
    cells: Sequence[Cell]


def together(rows: Iterable[Placed]) -> Iterator[Placed]:
    """The same rows by consignment, in the order in which consignments first come; inside one in the order of the file."""
    with closing(store.scratch()) as spool:
        spool.execute("CREATE TABLE consignment (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
        spool.execute(
            "CREATE TABLE row (place INTEGER, number INTEGER, cells TEXT, PRIMARY KEY (place, number)) WITHOUT ROWID"
        )
        for row in rows:
            spool.execute("INSERT OR IGNORE INTO consignment (name) VALUES (?)", (row.consignment,))
            spool.execute(
                "INSERT INTO row SELECT place, ?, ? FROM consignment WHERE name = ?",
                (row.number, json.dumps([_plain(cell) for cell in row.cells]), row.consignment),
            )
        for found in spool.execute(
            "SELECT name, number, cells FROM row JOIN consignment USING (place) ORDER BY place, number"
        ):
            yield Placed(found["number"], found["name"], [_cell(value) for value in json.loads(found["cells"])])


def _plain(cell: Cell) -> str | list[str] | None:
    """A cell as JSON has it: text stays, a number or a day is marked."""
    if cell is None or isinstance(cell, str):
        return cell
    return ["n", str(cell)] if isinstance(cell, Decimal) else ["d", cell.isoformat()]


def _cell(value: str | list[str] | None) -> Cell:
    if value is None or isinstance(value, str):
        return value
    kind, text = value
    return Decimal(text) if kind == "n" else date.fromisoformat(text)
