"""Which certificates were shown here, and with what: the office's own record, which offices can exchange.

A certificate that comes a second time is no crime (an open licence serves many shipments), but a copy in other hands looks just
like it: the officer is told where it was before. A row is never changed; two offices' rows merge in any order to the same set.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from border_kit import disk, store
from border_kit.clock import parse_moment, stamp
from border_kit.errors import InputError, StoreError
from border_kit.findings import Json
from border_kit.text import clean_line

_SCHEMA = """
CREATE TABLE IF NOT EXISTS shown (
  id TEXT PRIMARY KEY, issuer TEXT NOT NULL, cti TEXT NOT NULL, number TEXT NOT NULL, shipment TEXT NOT NULL,
  office TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shown_cti ON shown (cti, issuer);
"""
_LAYOUT = store.Layout("seen", "record of certificates", 1, _SCHEMA)
MAX_FILE = 64_000_000
MAX_CELL = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate was shown with a shipment, at an office, at a moment (`2026-03-02T10:15:00Z`)."""

    issuer: str
    cti: str
    number: str
    shipment: str
    office: str
    at: str

    @property
    def id(self) -> str:
        """The SHA-256 of what the row says."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return dict(asdict(self))

    @property
    def line(self) -> str:
        """The row as it travels."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)


class SeenBook:
    """The record of one office. Belongs to the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use an open database; its table is made where it is new."""
        self._connection = connection
        _LAYOUT.prepare(connection)

    @classmethod
    def at(cls, path: Path) -> SeenBook:
        """Open or create the record. Raises StoreError."""
        return _LAYOUT.open(path, cls)

    @classmethod
    def reading(cls, path: Path) -> SeenBook:
        """The record for looking into; an empty one where there is none yet."""
        return cls.at(path) if path.is_file() else cls(store.memory())

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def of(self, issuer: str, cti: str) -> list[Shown]:
        """Where a certificate was shown, the oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM shown WHERE cti = ? AND issuer = ? ORDER BY at, id LIMIT 100", (cti, issuer)
        )
        return [_row(row) for row in rows]

    @property
    def newest(self) -> datetime | None:
        """The newest moment that the record knows of: a clock that shows less was set back."""
        found = self._connection.execute("SELECT max(at) FROM shown").fetchone()[0]
        return parse_moment(found) if found else None

    def rows(self) -> Iterable[Shown]:
        """Every row, the oldest first."""
        return (_row(row) for row in self._connection.execute("SELECT * FROM shown ORDER BY at, id"))

    def add(self, rows: Iterable[Shown]) -> int:
        """Add rows; those that are there already are not added again. Gives how many were new. Raises StoreError."""
        new = 0
        with store.writing(self._connection) as connection:
            for row in rows:
                done = connection.execute(
                    "INSERT OR IGNORE INTO shown VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (row.id, row.issuer, row.cti, row.number, row.shipment, row.office, row.at),
                )
                new += done.rowcount
        return new


def _row(row: sqlite3.Row) -> Shown:
    return Shown(row["issuer"], row["cti"], row["number"], row["shipment"], row["office"], row["at"])


def export(book: SeenBook, path: Path) -> int:
    """Write every row as JSON lines, for another office. Gives how many. Raises StoreError."""
    rows = [row.line for row in book.rows()]
    try:
        disk.replace_file(path, ("\n".join(rows) + "\n" if rows else "").encode())
    except OSError as error:
        raise StoreError("seen_not_written", f"{path.name} could not be written ({error.strerror}).") from error
    return len(rows)


def read(path: Path, now: datetime) -> list[Shown]:
    """The rows that another office wrote. Raises InputError naming the first that is none; nothing is taken then."""
    if not path.is_file() or path.stat().st_size > MAX_FILE:
        raise InputError(
            "seen_file",
            f"{clean_line(path.name, 100)} is no record of certificates.",
            "Name the file that the other office exported.",
        )
    found: list[Shown] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError("seen_file", f"{clean_line(path.name, 100)} is no text.", "Name the exported file.") from error
    for number, line in enumerate(lines, 1):
        row = parsed(line, now)
        if row is None:
            raise InputError(
                "seen_file", f"Row {number} is no certificate that was shown.", "Export the file again.", row=number
            )
        found.append(row)
    return found


def parsed(line: str, now: datetime) -> Shown | None:
    """A row, None where it is none; one from the future would make every clock look wrong."""
    try:
        data = json.loads(line)
        cells = {name: data[name] for name in ("issuer", "cti", "number", "shipment", "office", "at")}
        if not all(isinstance(cell, str) and len(cell) <= MAX_CELL for cell in cells.values()):
            return None
        moment = parse_moment(cells["at"])
        if moment > now or stamp(moment) != cells["at"]:
            return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Shown(**{name: clean_line(cell) for name, cell in cells.items()})
