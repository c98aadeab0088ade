"""The usage that an authority reports: single drawings, and the running totals that stand beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from typing import Any

from border_kit.catalog import writer
from border_kit.catalog.drawing import signed
from border_kit.catalog.writer import Row

TOTAL = "running total"
"""The `part` of a row that stands for drawings which were never itemised here, but are in the authority's running total."""

_DIGITS = 120
_FIELDS = ("quantity", "value", "currency", "declaration", "part", "date")


def rows(data: Any, edition: str) -> Iterator[Row]:
    """The usage of a licence that is stated whole."""
    for at, row in enumerate(data.get("usage") or ()):
        yield _row(f"{data['number']}/u{at:06}", data["number"], row, edition)


def _row(label: str, number: str, row: Any, edition: str) -> Row:
    plain = {key: row.get(key) or None for key in _FIELDS}
    return {
        "id": label,
        "number": number,
        "line": row["line"],
        **plain,
        "type": row.get("type", "O"),
        "edition": edition,
    }


def add(connection: sqlite3.Connection, data: Any, edition: str, *, totals: bool) -> list[str]:
    """Add the drawings of a usage record, and what its running totals have beyond all drawings known.

    `totals` is false for a run that comes late: its totals are old, but the drawings it brings explain a part of the newer ones.
    Returns remarks where a total is less than the drawings known: then the drawings count, since nobody may draw twice.
    """
    number = data["number"]
    before = {line: _drawn(connection, number, line) for line in data["totals"]}
    fresh = [
        _row(f"{number}/{data['reference']}/{at:06}", number, row, edition) for at, row in enumerate(data["usage"])
    ]
    connection.executemany("DELETE FROM licence_usage WHERE id = ?", [(row["id"],) for row in fresh])
    writer.insert(connection, "licences", {"licence_usage": fresh})
    remarks: list[str] = []
    for line, (quantity, value, currency) in data["totals"].items():
        connection.execute("DELETE FROM licence_usage WHERE id = ?", (f"{number}/total/{line}",))
        stated = (quantity, value) if totals else before[line]
        itemised = _drawn(connection, number, line)
        more = [told - known for told, known in zip(stated, itemised, strict=True)]
        if any(amount > 0 for amount in more):
            beyond = {"line": line, "part": TOTAL, "type": "A", "currency": currency}
            beyond |= {
                key: format(max(amount, Decimal(0)), "f")
                for key, amount in zip(("quantity", "value"), more, strict=True)
            }
            writer.insert(
                connection, "licences", {"licence_usage": [_row(f"{number}/total/{line}", number, beyond, edition)]}
            )
        if totals and any(amount < 0 for amount in more):
            remarks.append(
                f"{number}, line {line}: the running total is {format(quantity, 'f')}, but drawings of {format(itemised[0], 'f')} "
                "are known; the drawings count."
            )
    return remarks


def _drawn(connection: sqlite3.Connection, number: str, line: int) -> tuple[Decimal, Decimal]:
    """Quantity and value drawn on a line, exact."""
    quantity = value = Decimal(0)
    with localcontext(Context(prec=_DIGITS)):
        for row in connection.execute(
            "SELECT quantity, value, type FROM licence_usage WHERE number = ? AND line = ?", (number, line)
        ):
            quantity += signed(Decimal(row[0]) if row[0] else None, row[2])
            value += signed(Decimal(row[1]) if row[1] else None, row[2])
    return quantity, value
