"""How a new edition replaces the one before in the controls volume: list text, nomenclature, HS links, chemicals.

What a new edition no longer has ends on its date, what changed ends and begins again, what is new begins. What the same
edition began before is corrected in place. Rows of authored knowledge are never touched: a row belongs to a list by its edition.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from border_kit.catalog import codes, writer
from border_kit.catalog.importers.base import Findings, Skipped, Tally
from border_kit.catalog.importers.parties_volume import Edition, open_edition
from border_kit.catalog.schema import VOLUMES
from border_kit.catalog.writer import Row, Value

_PARTS = {"chemical": "chemical_name"}
"""Tables whose rows have names in a table of their own."""


class Entry(Protocol):
    """One row of an imported list. An empty `list` is the list that the import is for."""

    table: ClassVar[str]

    @property
    def list(self) -> str:
        """The list's id, or nothing."""
        ...

    @property
    def row(self) -> int:
        """The row as the file counts."""
        ...

    @property
    def key(self) -> str:
        """What names the row within its list."""
        ...

    @property
    def cells(self) -> Row:
        """The columns in which two editions may differ."""
        ...

    @property
    def place(self) -> Row:
        """Columns that every edition may renew without the row being another: its place in the file."""
        ...

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Language and text of further names."""
        ...


@dataclass(frozen=True, slots=True)
class Sheaf:
    """What a reader found: the date the file states (ISO, or None), the list it is by default, and its rows."""

    stated: str | None
    default_list: str
    rows: Iterable[Entry | Skipped]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an imported list: `parent` is the code above it in the file, `position` its place there."""

    table: ClassVar[str] = "list_text"
    list: str
    code: str
    parent: str | None
    position: int
    text: str
    notes: str | None
    row: int
    names: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The code."""
        return self.code

    @property
    def cells(self) -> Row:
        """What it says and where it belongs."""
        return {
            "code": self.code,
            "root": codes.root(self.code),
            "parent": self.parent,
            "text": self.text,
            "notes": self.notes,
        }

    @property
    def place(self) -> Row:
        """Its place in the text."""
        return {"position": self.position}


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of a nomenclature. `code` has only the digits that count, `suffix` tells lines of one code apart.

    `parent` is the key of the line above it, `indent` how many dashes stand before it.
    """

    table: ClassVar[str] = "nomenclature"
    list: str
    code: str
    suffix: str
    parent: str | None
    indent: int
    language: str
    position: int
    text: str
    row: int
    names: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Code and suffix."""
        return f"{self.code}-{self.suffix}" if self.suffix else self.code

    @property
    def cells(self) -> Row:
        """What it says and where it belongs."""
        return {
            "code": self.code, "suffix": self.suffix, "parent": self.parent, "indent": self.indent,
            "language": self.language, "text": self.text,
        }  # fmt: skip

    @property
    def place(self) -> Row:
        """Its place in the file."""
        return {"position": self.position}


@dataclass(frozen=True, slots=True)
class Link:
    """A row of a correlation table: goods of the code `hs` may fall under the entry `owner` (`EU-DU/6A003`)."""

    table: ClassVar[str] = "hs_link"
    list: str
    owner: str
    hs: str
    nomenclature: str
    row: int
    names: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Goods and entry."""
        return f"{self.hs}={self.owner}"

    @property
    def cells(self) -> Row:
        """A correlation names goods of which only some are controlled: `ex`, and weak as evidence."""
        return {
            "owner": self.owner, "owner_kind": "entry", "hs": self.hs, "hs_edition": self.nomenclature, "ex": 1,
            "strength": "weak",
        }  # fmt: skip

    @property
    def place(self) -> Row:
        """Nothing."""
        return {}


@dataclass(frozen=True, slots=True)
class Chemical:
    """A chemical of an imported list; `entries` are codes with their lists, `concentration` the per cent that catches."""

    table: ClassVar[str] = "chemical"
    list: str
    name: str
    cas: str | None
    schedule: str | None
    entries: tuple[str, ...]
    concentration: str | None
    cite: str
    row: int
    names: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The CAS number, else the name; one chemical may stand under several schedules."""
        return f"{self.cas or self.name.casefold()}/{self.schedule or ''}"

    @property
    def cells(self) -> Row:
        """All that the list says of it."""
        return {
            "name": self.name, "cas": self.cas, "schedule": self.schedule, "entries": json.dumps(list(self.entries)),
            "concentration": self.concentration, "cite": self.cite,
        }  # fmt: skip

    @property
    def place(self) -> Row:
        """Nothing."""
        return {}


@dataclass(slots=True)
class _Found:
    """The rows of one list in one table, by their keys."""

    table: str
    rows: dict[str, Entry] = field(default_factory=dict)


def merge(
    connection: sqlite3.Connection,
    rows: Iterable[Entry | Skipped],
    edition_of: Callable[[str], Edition],
    progress: writer.Progress = writer.no_progress,
) -> tuple[list[Tally], Findings]:
    """Bring a full edition of one or several lists into a controls volume, as `parties_volume.merge` does for parties."""
    skipped = Findings()
    found: dict[str, _Found] = {}
    for row in rows:
        if isinstance(row, Skipped):
            skipped.add(row)
            continue
        known = found.setdefault(row.list, _Found(row.table)).rows
        if row.key in known:
            skipped.add(Skipped(row.row, f"the code {row.key} stands twice in {row.list or 'the file'}"))
        else:
            known[row.key] = row
    tallies = []
    for name in sorted(found):
        edition = edition_of(name)
        progress(edition.list, len(found[name].rows), len(found[name].rows))
        tallies.append(_merge_list(connection, found[name], edition))
    return tallies, skipped


def _merge_list(connection: sqlite3.Connection, found: _Found, edition: Edition) -> Tally:
    before = _stored(connection, found.table, edition.list)
    open_edition(connection, "controls", edition)
    tally = Tally(edition.list, edition.date, edition.assumed, taken=len(found.rows))
    for key in sorted(set(before) - set(found.rows)):
        _end(connection, found.table, before[key], edition)
        tally.ended += 1
    named = _names(connection, found.table, edition.list)
    new: list[Row] = []
    parts: list[Row] = []
    for key, entry in found.rows.items():
        stored = before.get(key)
        begun = edition.date
        if stored is None:
            tally.added += 1
        elif _same(entry, stored, named.get(stored["id"], set())):
            continue
        else:
            tally.changed += 1
            begun = stored["valid_from"] if stored["edition"] == edition.id else edition.date
            _end(connection, found.table, stored, edition)
        new.append(_row(entry, edition, begun))
        parts += _part_rows(entry, str(new[-1]["id"]))
    _renew_places(connection, found, before)
    writer.append(connection, "controls", {found.table: new})
    if parts:
        writer.append(connection, "controls", {_PARTS[found.table]: parts})
    return tally


def _stored(connection: sqlite3.Connection, table: str, name: str) -> dict[str, sqlite3.Row]:
    """The rows of a list that have not ended, by key (an id is `LIST/key@date`)."""
    rows = connection.execute(
        f"SELECT * FROM {table} WHERE valid_to IS NULL AND edition IN (SELECT id FROM edition WHERE list = ?)", (name,)
    )
    return {row["id"][len(name) + 1 :].rpartition("@")[0]: row for row in rows}


def _names(connection: sqlite3.Connection, table: str, name: str) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    if table in _PARTS:
        for row in connection.execute(
            f"SELECT {table} AS owner, language, name FROM {_PARTS[table]} WHERE {table} IN "
            f"(SELECT id FROM {table} WHERE edition IN (SELECT id FROM edition WHERE list = ?))",
            (name,),
        ):
            found.setdefault(row["owner"], set()).add((row["language"], row["name"]))
    return found


def _same(entry: Entry, stored: sqlite3.Row, names: set[tuple[str, str]]) -> bool:
    return all(stored[column] == value for column, value in entry.cells.items()) and names == set(entry.names)


def _renew_places(connection: sqlite3.Connection, found: _Found, before: Mapping[str, sqlite3.Row]) -> None:
    """Rows that stay keep their past, but stand where the new edition has them."""
    moved = [
        (*entry.place.values(), before[key]["id"])
        for key, entry in found.rows.items()
        if key in before and any(before[key][column] != value for column, value in entry.place.items())
    ]
    if moved:
        columns = ", ".join(f"{column} = ?" for column in next(iter(found.rows.values())).place)
        connection.executemany(f"UPDATE {found.table} SET {columns} WHERE id = ?", moved)


def _end(connection: sqlite3.Connection, table: str, row: sqlite3.Row, edition: Edition) -> None:
    if row["edition"] == edition.id:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))
        if table in _PARTS:
            connection.execute(f"DELETE FROM {_PARTS[table]} WHERE {table} = ?", (row["id"],))
    else:
        connection.execute(f"UPDATE {table} SET valid_to = ? WHERE id = ?", (edition.date, row["id"]))


def _row(entry: Entry, edition: Edition, begun: Value) -> Row:
    row: Row = {"id": f"{edition.list}/{entry.key}@{edition.date}", "edition": edition.id, "valid_from": begun}
    if "list" in VOLUMES["controls"][entry.table].columns:
        row["list"] = edition.list
    return row | entry.cells | entry.place


def _part_rows(entry: Entry, owner: str) -> list[Row]:
    return [
        {"id": f"{owner}#{number}", entry.table: owner, "language": language, "name": name}
        for number, (language, name) in enumerate(dict.fromkeys(entry.names))
    ]
