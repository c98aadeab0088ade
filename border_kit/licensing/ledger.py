"""The usage ledger: what this office, and every office whose runs came here, drew on licences.

An entry is never changed and never taken away; what was wrong is put right by a contra entry. An entry's id is the SHA-256 of
what it says, and a ledger is the set of its entries: two offices that drew apart come to the same ledger, whatever order
their runs arrive in and however often. Every balance is computed from the set. A contra entry counts once, however many
offices wrote it, and only where the entry that it reverses is here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from border_kit import store
from border_kit.catalog.drawing import fold_number
from border_kit.clock import stamp
from border_kit.errors import InputError, UsageError
from border_kit.licensing.entry import COLUMNS, Entry
from border_kit.licensing.model import Usage
from border_kit.licensing.runs import Run, RunFile
from border_kit.licensing.usage import fold_declaration
from border_kit.text import clean_line, whole_number

_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_MARKS = ", ".join("?" for _ in COLUMNS)

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (id TEXT NOT NULL UNIQUE, folded TEXT NOT NULL, {", ".join(COLUMNS.values())});
CREATE INDEX IF NOT EXISTS entry_licence ON entry (folded, kind);
CREATE INDEX IF NOT EXISTS entry_at ON entry (at);
CREATE INDEX IF NOT EXISTS entry_office ON entry (office, seq);
CREATE TABLE IF NOT EXISTS run (
  office TEXT NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, made TEXT NOT NULL,
  hash TEXT NOT NULL, here TEXT NOT NULL, PRIMARY KEY (office, number, hash)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS entry_is_final BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are final'); END;
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries stay'); END;
"""
_LAYOUT = store.Layout("ledger", "usage ledger", 1, _SCHEMA, option="--ledger")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run from another office brought: entries that were new, and the licences they are about."""

    run: Run
    new: int
    known: int
    licences: tuple[str, ...]


class Ledger:
    """One office's ledger. Belongs to the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, new_id: Callable[[], str], *, training: bool = False) -> None:
        """Take a connection; the schema is made where the file is new.

        `new_id` gives the mark of this office's entries: its name, a `~` and something random, so that no two offices share one.
        """
        self._connection = connection

        def name(new: sqlite3.Connection) -> None:
            made = [("office", new_id()), ("training", str(int(training)))]
            new.executemany("INSERT INTO meta VALUES (?, ?)", made)

        _LAYOUT.prepare(connection, name)

    @classmethod
    def at(cls, path: Path, new_id: Callable[[], str], *, training: bool = False) -> Ledger:
        """Open or create the ledger of a file. Raises StoreError."""
        return _LAYOUT.open(path, lambda connection: cls(connection, new_id, training=training))

    @classmethod
    def reading(cls, path: Path) -> Ledger:
        """The ledger of a file for reading; where there is none, an empty one in memory. Raises StoreError."""
        if not path.exists():
            return cls(store.memory(), str)
        found = cls.at(path, str)
        found._connection.execute("PRAGMA query_only=ON")  # noqa: SLF001 - its own
        return found

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def office(self) -> str:
        """How this office's entries are marked: its name and a random part, so that two offices never share one."""
        return self._meta("office")

    @property
    def training(self) -> bool:
        """Whether training made it: then a set clock may write it."""
        return self._meta("training") == "1"

    def _meta(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row["value"]) if row else ""

    def name_office(self, name: str) -> str:
        """Give the office its name, once, before its first entry. Raises UsageError."""
        shown = clean_line(name, 60).replace("~", "-").replace("/", "-")
        if not shown:
            raise UsageError("office_unnamed", "An office's name has at least one letter.", "Write XA-BOR-01.")
        own = self.office
        with store.writing(self._connection) as connection:
            if connection.execute("SELECT 1 FROM entry WHERE office = ?", (own,)).fetchone():
                raise UsageError(
                    "office_named", f"This office has entries as {own}.", "A name is given before the first."
                )
            named = f"{shown}~{own.rpartition('~')[2]}"
            connection.execute("UPDATE meta SET value = ? WHERE key = 'office'", (named,))
        return named

    # Writing

    def record(self, drafts: Sequence[Entry], *, at: datetime, operator: str | None) -> list[Entry]:
        """Write entries of this office, all or none. Raises StoreError, and UsageError for a drawing that is here already."""
        office = self.office
        with store.writing(self._connection) as connection:
            row = connection.execute("SELECT max(seq) FROM entry WHERE office = ?", (office,)).fetchone()
            first = (row[0] or 0) + 1
            entries = [
                replace(draft, office=office, seq=first + position, at=stamp(at), operator=operator)
                for position, draft in enumerate(drafts)
            ]
            for entry in entries:
                self._refuse_twice(entry)
                _insert(connection, [entry])
        return entries

    def _refuse_twice(self, entry: Entry) -> None:
        if entry.kind == "contra":
            reversed_by = self._one("kind = 'contra' AND reverses = ?", entry.reverses)
            if reversed_by is not None:
                raise UsageError(
                    "reversed", f"It was reversed already, by {reversed_by.ref}.", "Nothing is left to do."
                )
        elif entry.kind == "draw" and entry.type == "O":
            twin = next((one for one in self.standing(entry.licence) if _twins(one, entry)), None)
            if twin is not None:
                raise UsageError(
                    "drawn_already",
                    f"Declaration {entry.declaration} has drawn on line {entry.line} of {entry.licence} already ({twin.ref}).",
                    "For one more drawing under it use type M; to put it right reverse the first.",
                )

    def contra_of(self, ref: str, note: str) -> Entry:
        """The contra entry that would reverse an entry. Raises InputError where there is none, UsageError where it cannot be."""
        found = self.find(ref)
        if found.kind != "draw":
            raise UsageError("not_a_drawing", f"{found.ref} is no drawing.", "Only drawings are reversed.")
        return replace(
            found, kind="contra", type="C", reverses=found.id, note=clean_line(note, 2_000) or None, case=found.case
        )

    # Reading

    def find(self, ref: str) -> Entry:
        """An entry by `OFFICE/SEQ`, or by its sequence number here. Raises InputError."""
        office, _, stated = clean_line(ref, 200).rpartition("/")
        seq = whole_number(stated, 15)  # what SQLite holds as a whole number
        found = None if seq is None else self._one("office = ? AND seq = ?", office or self.office, seq)
        if found is None:
            raise InputError(
                "entry_unknown",
                f"The ledger has no entry {clean_line(ref, 80)!r}.",
                "border-kit licence ledger lists them.",
            )
        return found

    def entries(self, licence: str | None = None, *, limit: int = 50, offset: int = 0) -> list[Entry]:
        """Entries, of one licence or all, newest first, a page at a time."""
        where, values = ("folded = ?", [fold_number(licence)]) if licence else ("1", list[str]())
        sql = f"SELECT {_NAMES} FROM entry WHERE {where} ORDER BY at DESC, office, seq DESC LIMIT ? OFFSET ?"
        return [Entry.of(row) for row in self._connection.execute(sql, (*values, limit, offset))]

    def count(self) -> int:
        """How many entries there are."""
        return int(self._connection.execute("SELECT count(*) FROM entry").fetchone()[0])

    def standing(self, licence: str) -> list[Entry]:
        """The drawings on a licence that were not reversed."""
        rows = self._of_licence(licence)
        reversed_ids = {row.reverses for row in rows if row.kind == "contra"}
        return [row for row in rows if row.kind == "draw" and row.id not in reversed_ids]

    def _of_licence(self, licence: str) -> list[Entry]:
        sql = f"SELECT {_NAMES} FROM entry WHERE folded = ?"
        return [Entry.of(row) for row in self._connection.execute(sql, (fold_number(licence),))]

    def usage(self, licence: str, *, until: str | None = None) -> list[Usage]:
        """What was drawn on a licence, in the sum: contra entries once each, and only beside what they reverse."""
        sql = (
            "SELECT e.line, e.quantity, e.value, e.currency, e.declaration, e.date, e.type, e.part, e.unit FROM entry e "
            "WHERE e.folded = ? AND (? IS NULL OR e.date <= ?) AND (e.kind = 'draw' OR (e.kind = 'contra' "
            "AND EXISTS (SELECT 1 FROM entry d WHERE d.id = e.reverses) AND NOT EXISTS (SELECT 1 FROM entry c "
            "WHERE c.folded = e.folded AND c.kind = 'contra' AND c.reverses = e.reverses AND c.id < e.id)))"
        )
        found = self._connection.execute(sql, (fold_number(licence), until, until))
        return [usage_of(*row) for row in found]

    def discharges(self, licence: str | None = None) -> list[Entry]:
        """What was done about obligations."""
        where, values = ("folded = ? AND", [fold_number(licence)]) if licence else ("", list[str]())
        sql = f"SELECT {_NAMES} FROM entry WHERE {where} kind = 'discharge' ORDER BY at, office, seq"
        return [Entry.of(row) for row in self._connection.execute(sql, values)]

    def _one(self, where: str, *values: object) -> Entry | None:
        row = self._connection.execute(
            f"SELECT {_NAMES} FROM entry WHERE {where} ORDER BY id LIMIT 1", values
        ).fetchone()
        return Entry.of(row) if row else None

    # Runs

    def runs(self) -> list[Run]:
        """Every run that was made or came here, by office and number."""
        sql = "SELECT office, number, first, last, made, hash, here FROM run ORDER BY office, number, hash"
        return [Run(*row) for row in self._connection.execute(sql)]

    def make_run(self, *, at: datetime) -> RunFile | None:
        """Make the next run of this office: its entries since the last one. None where there are none. Raises StoreError."""
        office = self.office
        with store.writing(self._connection) as connection:
            last = connection.execute(
                "SELECT coalesce(max(number), 0), coalesce(max(last), 0) FROM run WHERE office = ?", (office,)
            ).fetchone()
            fresh = self._between(office, last[1] + 1, None)
            if not fresh:
                return None
            made = RunFile.of(office, last[0] + 1, stamp(at), fresh)
            _note(connection, replace(made.run, here="made"))
        return made

    def run_file(self, office: str, number: int) -> RunFile:
        """A run that is here, as the file it was. Raises InputError."""
        for run in self.runs():
            if run.office == office and run.number == number:
                made = RunFile.of(office, number, run.made, self._between(office, run.first, run.last))
                if made.run.hash == run.hash:
                    return made
        raise InputError(
            "run_unknown", f"Run {number} of {office} is not here.", "border-kit licence runs list shows them."
        )

    def _between(self, office: str, first: int, last: int | None) -> list[Entry]:
        sql = f"SELECT {_NAMES} FROM entry WHERE office = ? AND seq >= ? AND (? IS NULL OR seq <= ?) ORDER BY seq, id"
        return [Entry.of(row) for row in self._connection.execute(sql, (office, first, last, last))]

    def take_run(self, file: RunFile, *, at: datetime) -> Taken:
        """Bring a run in. What is here already is known again; the same run twice changes nothing. Raises StoreError."""
        with store.writing(self._connection) as connection:
            before = self.count()
            _insert(connection, file.entries)
            new = self.count() - before
            _note(connection, replace(file.run, here=stamp(at)))
        licences = tuple(dict.fromkeys(entry.licence for entry in file.entries))
        return Taken(file.run, new, len(file.entries) - new, licences)

    def gaps(self) -> list[str]:
        """Runs that never came, in words."""
        found: list[str] = []
        for office, own in _by_office(self.runs()).items():
            numbers = [0, *sorted({run.number for run in own})]
            for low, high in pairwise(numbers):
                if high - low > 1:
                    shown = f"Run {low + 1}" if high - low == 2 else f"Runs {low + 1} to {high - 1}"  # one is missing
                    found.append(f"{shown} of {office} never came here: what it drew is not counted.")
        return found

    def forks(self) -> list[str]:
        """Offices that wrote two entries under one number, in words: a ledger was copied, restored or tampered with."""
        sql = "SELECT office, seq FROM entry GROUP BY office, seq HAVING count(*) > 1 ORDER BY office, seq LIMIT 100"
        return [
            f"Office {row['office']} wrote entry {row['seq']} twice, differently: its ledger was copied, restored or changed. Both count."
            for row in self._connection.execute(sql)
        ]

    def drawn_twice(self, licence: str) -> list[str]:
        """Originals that stand twice under one declaration (at two offices), in words; both count until one is reversed."""
        seen: dict[object, Entry] = {}
        found: list[str] = []
        for entry in sorted(self.standing(licence), key=lambda one: (one.at, one.office, one.seq)):
            first = seen.setdefault((entry.line, fold_declaration(entry.declaration), entry.part, entry.type), entry)
            if first is not entry and entry.type == "O" and entry.declaration:
                found.append(
                    f"Declaration {entry.declaration} drew twice on line {entry.line} of {entry.licence}: {first.ref} and {entry.ref}."
                )
        return found


def usage_of(line: int, quantity: str | None, value: str | None, *more: str | None) -> Usage:
    """A row of the ledger as a drawing."""
    currency, declaration, day, kind, part, unit = more
    return Usage(line, _number(quantity), _number(value), currency, declaration, day, kind or "O", part, unit)


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _insert(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    rows = ((entry.id, fold_number(entry.licence), *entry.cells()) for entry in entries)
    connection.executemany(f"INSERT OR IGNORE INTO entry (id, folded, {_NAMES}) VALUES (?, ?, {_MARKS})", rows)


def _note(connection: sqlite3.Connection, run: Run) -> None:
    row = (run.office, run.number, run.first, run.last, run.made, run.hash, run.here)
    connection.execute("INSERT OR IGNORE INTO run VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _twins(one: Entry, other: Entry) -> bool:
    same = one.line == other.line and one.type == other.type and one.part == other.part
    return same and fold_declaration(one.declaration) == fold_declaration(other.declaration)


def _by_office(runs: Iterable[Run]) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(run.office, []).append(run)
    return found
