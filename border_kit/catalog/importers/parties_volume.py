"""How a new edition of a party list replaces the one before, so that the past can still be asked.

Listings that left the list end on the edition's date, changed ones end and begin again, new ones begin: on the date the list
states, else on the edition's. What the same edition began before is corrected in place: an edition has no past within itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from border_kit.catalog import writer
from border_kit.catalog.identifiers import fold_number
from border_kit.catalog.importers import parties_links
from border_kit.catalog.importers.base import Findings, Gone, Item, Listed, Listing, Skipped, Tally
from border_kit.catalog.writer import Row
from border_kit.errors import InputError

_PARTS = ("party_name", "party_fact", "identifier")
_BATCH = 1_000
_OPEN = "(l.valid_to IS NULL OR l.ends IS NOT NULL)"
"""A listing that its list still has: one that its list limits has a last day from the beginning."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one list, as the table `edition` has it."""

    list: str
    date: str
    kind: str
    source: str
    assumed: bool
    demo: bool = False
    name: str = ""

    @property
    def id(self) -> str:
        """`UN-SC@2026-02-27`."""
        return f"{self.list}@{self.date}"

    def row(self) -> Row:
        """As it is stored."""
        return {
            "id": self.id, "list": self.list, "name": self.name or self.list, "edition": self.date, "as_of": self.date,
            "kind": self.kind, "source": self.source, "cite": None, "demo": int(self.demo), "assumed": int(self.assumed),
            "current": 1,
        }  # fmt: skip


def open_edition(connection: sqlite3.Connection, volume_kind: str, edition: Edition) -> None:
    """Make an edition the current one of its list. Raises InputError when a newer one is installed."""
    newest = _newest(connection, edition.list)
    if newest is not None and newest > edition.date:
        raise InputError(
            "edition_older",
            f"The edition of {edition.list} of {edition.date} is older than the one installed ({newest}).",
            "Import it into another catalog, or give the right date with --edition.",
        )
    connection.execute("UPDATE edition SET current = 0 WHERE list = ?", (edition.list,))
    connection.execute("DELETE FROM edition WHERE id = ?", (edition.id,))
    writer.insert(connection, volume_kind, {"edition": [edition.row()]})


def _newest(connection: sqlite3.Connection, name: str) -> str | None:
    found: str | None = connection.execute("SELECT max(edition) FROM edition WHERE list = ?", (name,)).fetchone()[0]
    return found


def drop_demo(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Take demo lists out of a parties volume: fiction never stands beside a real list. Gives their ids."""
    demo = [row[0] for row in connection.execute("SELECT DISTINCT list FROM edition WHERE demo = 1 ORDER BY list")]
    for name in demo:
        for part in _PARTS:
            connection.execute(f"DELETE FROM {part} WHERE listing IN (SELECT id FROM listing WHERE list = ?)", (name,))
        connection.execute("DELETE FROM listing WHERE list = ?", (name,))
        connection.execute("DELETE FROM edition WHERE list = ?", (name,))
    return tuple(demo)


def merge(
    connection: sqlite3.Connection,
    rows: Iterable[Item],
    edition_of: Callable[[str], Edition],
    progress: writer.Progress = writer.no_progress,
    *,
    partial: bool = False,
) -> tuple[list[Tally], Findings]:
    """Bring one edition of one or several lists into a parties volume, then say anew which listings are one party.

    Args:
        connection: the volume, in a transaction.
        rows: the reader's rows; a listing's `list` is what the file says, possibly nothing.
        edition_of: the edition that a listing's list gets, by that name.
        progress: told the rows done.
        partial: the rows are all that changes (an amendment, a delta); else what they do not name has left its list.

    Returns:
        What happened to each list, and the rows that were skipped.

    Raises:
        InputError: an installed edition is newer.
    """
    work = _Merge(connection, edition_of, partial)
    for number, row in enumerate(rows, start=1):
        work.take(row)
        if number % _BATCH == 0:
            progress("parties", number, 0)
    work.flush()
    for edition in () if partial else work.editions.values():
        work.end_absent(edition)
    connection.execute("DROP TABLE temp.seen")
    progress("links", 0, 0)
    parties_links.relink(connection)
    return [work.tallies[name] for name in sorted(work.tallies)], work.skipped


@dataclass(slots=True)
class _Merge:
    connection: sqlite3.Connection
    edition_of: Callable[[str], Edition]
    partial: bool = False
    editions: dict[str, Edition] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    skipped: Findings = field(default_factory=Findings)
    _named: dict[str, Edition] = field(default_factory=dict)
    _new: dict[str, list[Row]] = field(default_factory=dict)
    _waiting: int = 0

    def __post_init__(self) -> None:
        self.connection.execute("CREATE TEMP TABLE seen (list TEXT, ref TEXT, PRIMARY KEY (list, ref)) WITHOUT ROWID")

    def take(self, row: Item) -> None:
        """Do what one row says."""
        match row:
            case Skipped():
                self.skipped.add(row)
            case Listed():
                self._edition(row.list)
            case Gone():
                self._gone(row)
            case Listing():
                self._listing(row)

    def _listing(self, row: Listing) -> None:
        """Compare one row with what the list said before."""
        edition = self._edition(row.list)
        new = self.connection.execute("INSERT OR IGNORE INTO temp.seen VALUES (?, ?)", (edition.list, row.ref)).rowcount
        if not new and self.partial:
            self.flush()  # a later amendment of the same entry: it takes the place of the earlier
        elif not new:
            self.skipped.add(Skipped(row.row, f"the id {row.ref!r} stands twice in {edition.list}"))
            return
        tally = self.tallies[edition.list]
        tally.taken += 1
        before = self._open_listing(edition.list, row.ref)
        if before is None:
            tally.added += 1
            self._begin(edition, row, self._begins(edition, row))
        elif _content(row) != self._stored(before):
            tally.changed += 1
            begun = before["valid_from"] if before["edition"] == edition.id else edition.date
            self._end(before, edition)
            self._begin(edition, row, begun)

    def _gone(self, row: Gone) -> None:
        """End an entity's listings on the lists of this kind of source, but those it keeps."""
        open_ones = self.connection.execute(
            f"SELECT l.* FROM listing l JOIN edition e ON e.id = l.edition WHERE l.source_ref = ? AND {_OPEN}",
            (row.ref,),
        ).fetchall()
        for listing in open_ones:
            kind = self.connection.execute("SELECT kind FROM edition WHERE id = ?", (listing["edition"],)).fetchone()[0]
            if kind == self.edition_of(listing["list"]).kind and listing["list"] not in row.kept:
                edition = self._edition(listing["list"])
                self.tallies[listing["list"]].ended += 1
                if (listing["valid_from"] or "") < edition.date:
                    self._close(listing, edition)
                else:
                    self._take_back(listing["id"])
        if not open_ones and not row.kept:
            self.skipped.add(Skipped(row.row, f"the id {row.ref!r} is on no list here"))

    def _edition(self, named: str) -> Edition:
        if named not in self._named:
            edition = self._dated(self.edition_of(named))
            self._named[named] = edition
            if edition.list not in self.editions:
                open_edition(self.connection, "parties", edition)
                self.editions[edition.list] = edition
                self.tallies[edition.list] = Tally(edition.list, edition.date, edition.assumed)
        return self._named[named]

    def _dated(self, edition: Edition) -> Edition:
        """An amendment applies to what is installed: from its own date, or from the installed edition's if that is later."""
        newest = _newest(self.connection, edition.list) if self.partial else None
        return replace(edition, date=newest) if newest is not None and newest > edition.date else edition

    def _open_listing(self, name: str, ref: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self.connection.execute(
            f"SELECT * FROM listing l WHERE list = ? AND source_ref = ? AND {_OPEN}", (name, ref)
        ).fetchone()
        return found

    def _begins(self, edition: Edition, row: Listing) -> str:
        """The day a listing begins: as the list states it, but never before an earlier listing of it ended."""
        ended = self.connection.execute(
            "SELECT max(valid_to) FROM listing WHERE list = ? AND source_ref = ?", (edition.list, row.ref)
        ).fetchone()[0]
        if row.listed_on is not None and (ended is None or row.listed_on >= ended):
            return row.listed_on
        return edition.date

    def _stored(self, listing: sqlite3.Row) -> tuple[Any, ...]:
        names = self._parts("SELECT name, quality, language FROM party_name", listing["id"])
        facts = self._parts("SELECT type, value FROM party_fact", listing["id"])
        identifiers = self._parts("SELECT type, value FROM identifier", listing["id"])
        head = tuple(listing[name] for name in ("kind", "caption", "programme", "listed_on", "note", "ends"))
        return (*head, names, facts, identifiers)

    def _parts(self, select: str, listing: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.execute(f"{select} WHERE listing = ? ORDER BY id", (listing,))]

    def _end(self, listing: sqlite3.Row, edition: Edition) -> None:
        """End a listing on the edition's day; what this very edition began is taken back instead."""
        if listing["edition"] == edition.id:
            self._take_back(listing["id"])
        else:
            self._close(listing, edition)

    def _take_back(self, listing: str) -> None:
        """Remove what the edition at hand began."""
        for part in _PARTS:
            self.connection.execute(f"DELETE FROM {part} WHERE listing = ?", (listing,))
        self.connection.execute("DELETE FROM listing WHERE id = ?", (listing,))

    def _close(self, listing: sqlite3.Row, edition: Edition) -> None:
        last = min(edition.date, listing["valid_to"] or edition.date)
        for part in _PARTS:
            self.connection.execute(f"UPDATE {part} SET valid_to = ? WHERE listing = ?", (last, listing["id"]))
        self.connection.execute("UPDATE listing SET valid_to = ?, ends = NULL WHERE id = ?", (last, listing["id"]))

    def _begin(self, edition: Edition, row: Listing, day: str) -> None:
        party = f"{edition.list}:{row.ref}"
        listing = f"{party}@{edition.date}"
        if self.partial:
            self._take_back(listing)  # a delta may take away and add again on one day
        common: Row = {"party": party, "edition": edition.id, "valid_from": day, "valid_to": _after(row.ends)}
        self._add("party", [{"id": party, "kind": row.kind, "caption": row.caption}])
        self._add("listing", [common | _head(edition, row, listing)])
        owned = common | {"listing": listing}
        self._add("party_name", [owned | part for part in _names(row, listing)])
        self._add(
            "party_fact",
            [
                owned | {"id": _id(listing, "f", at), "type": kind, "value": value}
                for at, (kind, value) in enumerate(row.facts)
            ],
        )
        self._add("identifier", [owned | part for part in _identifiers(row, listing)])
        self._waiting += 1
        if self._waiting >= _BATCH:
            self.flush()

    def _add(self, table: str, rows: list[Row]) -> None:
        self._new.setdefault(table, []).extend(rows)

    def flush(self) -> None:
        """Write what waits."""
        parties = self._new.pop("party", [])
        self.connection.executemany(
            "INSERT OR REPLACE INTO party (id, kind, caption) VALUES (:id, :kind, :caption)", parties
        )
        writer.append(self.connection, "parties", self._new)
        self._new = {}
        self._waiting = 0

    def end_absent(self, edition: Edition) -> None:
        """End the listings of a list that its new edition no longer has."""
        gone = self.connection.execute(
            f"SELECT * FROM listing l WHERE list = ? AND {_OPEN} AND source_ref NOT IN (SELECT ref FROM temp.seen WHERE list = ?)",
            (edition.list, edition.list),
        ).fetchall()
        for listing in gone:
            self._end(listing, edition)
            # One that had run out by itself before this edition had left already.
            self.tallies[edition.list].ended += listing["valid_to"] is None or listing["valid_to"] > edition.date


def _after(last: str | None) -> str | None:
    """The first day on which a listing no longer applies, from the last on which it does."""
    return (date.fromisoformat(last) + timedelta(days=1)).isoformat() if last else None


def _id(listing: str, letter: str, at: int) -> str:
    """Parts are numbered with leading zeros, so that their order is that of their ids."""
    return f"{listing}/{letter}{at:05}"


def _head(edition: Edition, row: Listing, listing: str) -> Row:
    return {
        "id": listing, "list": edition.list, "source_ref": row.ref, "kind": row.kind, "caption": row.caption,
        "programme": row.programme, "listed_on": row.listed_on, "note": row.note, "ends": row.ends,
    }  # fmt: skip


def _names(row: Listing, listing: str) -> list[Row]:
    return [
        {"id": _id(listing, "n", at), "name": name.text, "quality": name.quality, "language": name.language}
        for at, name in enumerate(row.names)
    ]


def _identifiers(row: Listing, listing: str) -> list[Row]:
    return [
        {"id": _id(listing, "i", at), "type": kind, "value": value, "folded": fold_number(kind, value)}
        for at, (kind, value) in enumerate(row.identifiers)
    ]


def _content(row: Listing) -> tuple[Any, ...]:
    names = [(name.text, name.quality, name.language) for name in row.names]
    return (
        row.kind,
        row.caption,
        row.programme,
        row.listed_on,
        row.note,
        row.ends,
        names,
        list(row.facts),
        list(row.identifiers),
    )
