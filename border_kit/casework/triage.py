"""The triage queue: what large manifests gave, a shipment an item, the weightiest first, until somebody has dealt with it.

A file of the office, beside the casebook. A *run* is one file that was taken in; each of its shipments waits, is assessed, and is
then open until it is done. Everything is one SQLite transaction or another: whoever is killed in the middle finds what was
confirmed, and goes on with what waits. The queue is a list of work and no proof: an item that matters is turned into a case.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from border_kit import store
from border_kit.casework import search
from border_kit.casework.queued import Assessed, Failed, Item, Run, Wanted, packed, unpacked
from border_kit.casework.search import LANES
from border_kit.errors import InputError
from border_kit.shipment.model import Rejected
from border_kit.text import clean, clean_line, fold

_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, file TEXT NOT NULL UNIQUE, begun_at TEXT NOT NULL, moment TEXT NOT NULL,
  basis TEXT NOT NULL, catalog TEXT NOT NULL, shipments INTEGER NOT NULL, lines INTEGER NOT NULL, remarks TEXT NOT NULL,
  finished_at TEXT
);
CREATE TABLE IF NOT EXISTS item (
  no INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES run (id), shipment TEXT NOT NULL, lines INTEGER NOT NULL,
  state TEXT NOT NULL, urgency INTEGER NOT NULL, lane TEXT, advice TEXT, verdict TEXT, decided_by TEXT NOT NULL, because TEXT NOT NULL,
  assigned TEXT, case_id TEXT, marked_at TEXT, marked_by TEXT, alike TEXT NOT NULL, words TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS paper (no INTEGER PRIMARY KEY REFERENCES item (no), declared BLOB NOT NULL, answer BLOB);
CREATE TABLE IF NOT EXISTS refused (run INTEGER NOT NULL REFERENCES run (id), row INTEGER NOT NULL, field TEXT, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS item_weight ON item (urgency DESC, decided_by, no);
CREATE INDEX IF NOT EXISTS item_run ON item (run, urgency DESC, decided_by, no);
CREATE INDEX IF NOT EXISTS item_waits ON item (run, alike, no) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS item_counts ON item (run, state, lane, lines);
CREATE INDEX IF NOT EXISTS refused_run ON refused (run, row);
CREATE VIRTUAL TABLE IF NOT EXISTS item_text USING fts5 (words, content='item', content_rowid='no', tokenize='trigram');
"""

_LAYOUT = store.Layout("triage", "triage queue", 1, _SCHEMA, mend="Move it away: it holds work, and no proof.")

_ALIKE = 200
_LONGEST = 300


_COLUMNS = "no, run, shipment, lines, state, lane, advice, verdict, decided_by, because, assigned, case_id, marked_at, marked_by"


@dataclass(slots=True)
class _Taken:
    """What a file brought so far."""

    shipments: int = 0
    lines: int = 0
    refused: int = 0
    remarks: list[str] = field(default_factory=list)


class Triage:
    """The queue of one office. Belongs to the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use an open office file (or a database in memory); its tables are made where it is new."""
        self._connection = connection
        _LAYOUT.prepare(connection)

    @classmethod
    def at(cls, path: Path) -> Triage:
        """Open or create the queue. Raises StoreError."""
        return _LAYOUT.open(path, cls)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # Files come in, and are gone through

    def take_in(self, head: Run, entries: Iterable[Mapping[str, Any] | Rejected], remarks: Sequence[str]) -> Run:
        """Put a whole file into the queue, or nothing of it: shipments (as JSON) and refused rows as they come.

        `remarks` is read when the entries have ended. Raises what reading them raises, and StoreError.
        """
        with store.writing(self._connection) as connection:
            row = (head.name, head.file, head.begun_at, head.moment, head.basis, json.dumps(head.catalog))
            connection.execute("INSERT INTO run VALUES (NULL, ?, ?, ?, ?, ?, ?, 0, 0, '[]', NULL)", row)
            run = int(connection.execute("SELECT last_insert_rowid()").fetchone()[0])
            taken = _Taken()
            for entry in entries:
                self._take(connection, run, entry, taken)
            if not taken.shipments and not taken.refused:
                raise InputError("no_shipments", "The file holds no shipment.", "Choose another file.")
            connection.execute(
                "UPDATE run SET shipments = ?, lines = ?, remarks = ?, finished_at = ? WHERE id = ?",
                (
                    taken.shipments,
                    taken.lines,
                    json.dumps(list(remarks)),
                    None if taken.shipments else head.begun_at,
                    run,
                ),
            )
        return self.run(run)

    @staticmethod
    def _take(connection: sqlite3.Connection, run: int, entry: Mapping[str, Any] | Rejected, taken: _Taken) -> None:
        if isinstance(entry, Rejected):
            _refuse(connection, run, entry)
            taken.refused += 1
            return
        lines, words = len(entry["lines"]), search.searchable(*search.parts_of(entry))
        row = (run, clean_line(str(entry["id"]), _LONGEST), lines, _alike(entry), words)
        no = connection.execute(
            "INSERT INTO item VALUES (NULL, ?, ?, ?, 'waiting', -1, NULL, NULL, NULL, '', '', NULL, NULL, NULL, NULL, ?, ?)",
            row,
        ).lastrowid
        connection.execute("INSERT INTO paper VALUES (?, ?, NULL)", (no, packed(entry)))
        connection.execute("INSERT INTO item_text (rowid, words) VALUES (?, ?)", (no, words))
        taken.shipments += 1
        taken.lines += lines

    def run(self, number: int) -> Run:
        """One file of the queue. Raises InputError when there is none of that number."""
        row = self._connection.execute("SELECT * FROM run WHERE id = ?", (_bounded(number),)).fetchone()
        if row is None:
            raise InputError(
                "run_unknown", f"There is no run {number} in the queue.", "border-kit case queue runs lists them."
            )
        return _run(row)

    def runs(self) -> list[Run]:
        """Every file of the queue, the newest first."""
        return [_run(row) for row in self._connection.execute("SELECT * FROM run ORDER BY id DESC")]

    def known(self, file: str) -> Run | None:
        """The run of a file that was taken in before."""
        row = self._connection.execute("SELECT * FROM run WHERE file = ?", (file,)).fetchone()
        return _run(row) if row else None

    def anew(self, run: Run) -> Run:
        """Let everything of a run that is not done be assessed again, by `run`'s moment, basis and catalog."""
        with store.writing(self._connection) as connection:
            connection.execute(
                "UPDATE run SET moment = ?, basis = ?, catalog = ?, finished_at = NULL WHERE id = ?",
                (run.moment, run.basis, json.dumps(run.catalog), run.id),
            )
            connection.execute(
                "UPDATE item SET state = 'waiting', urgency = -1, lane = NULL, advice = NULL, verdict = NULL, decided_by = '', because = '' "
                "WHERE run = ? AND state = 'open'",
                (run.id,),
            )
        return self.run(run.id)

    def waiting(self, run: int, lines: int) -> Iterator[list[tuple[int, bytes]]]:
        """What is still to be assessed, in portions of about so many goods lines; shipments of the same parties stand together.

        It may be gone through while what it gave is stored.
        """
        after: tuple[str, int] = ("", 0)
        while True:
            found = self._connection.execute(
                "SELECT no, alike, lines, declared FROM item JOIN paper USING (no) "
                "WHERE run = ? AND state = 'waiting' AND (alike, no) > (?, ?) ORDER BY alike, no LIMIT ?",
                (run, *after, lines),
            ).fetchall()
            if not found:
                return
            portion: list[tuple[int, bytes]] = []
            weight = 0
            for row in found:
                portion.append((row["no"], row["declared"]))
                after, weight = (row["alike"], row["no"]), weight + row["lines"]
                if weight >= lines:
                    break
            yield portion

    def store(self, run: int, answers: Iterable[Assessed | Failed], *, at: str) -> int:
        """Keep what was assessed; an item that somebody else assessed meanwhile stays as it is. Gives how many goods lines."""
        lines = 0
        with store.writing(self._connection) as connection:
            for answer in answers:
                waits = "SELECT lines FROM item WHERE no = ? AND state = 'waiting'"
                row = connection.execute(waits, (answer.no,)).fetchone()
                if row is not None:
                    lines += row["lines"]
                    _settle(connection, run, answer)
            if connection.execute("SELECT 1 FROM item WHERE run = ? AND state = 'waiting'", (run,)).fetchone() is None:
                connection.execute("UPDATE run SET finished_at = ? WHERE id = ?", (at, run))
        return lines

    def drop(self, run: int) -> None:
        """Take a file out of the queue, with everything it brought."""
        self.run(run)
        with store.writing(self._connection) as connection:
            connection.execute(
                "INSERT INTO item_text (item_text, rowid, words) SELECT 'delete', no, words FROM item WHERE run = ?",
                (run,),
            )
            connection.execute("DELETE FROM paper WHERE no IN (SELECT no FROM item WHERE run = ?)", (run,))
            for table in ("item", "refused"):
                connection.execute(f"DELETE FROM {table} WHERE run = ?", (run,))
            connection.execute("DELETE FROM run WHERE id = ?", (run,))

    # What is in it

    def counts(self, run: int | None = None) -> dict[str, int]:
        """Items by lane, those that wait, those done, refused rows, goods lines in all and assessed."""
        where, values = ("WHERE run = ?", (run,)) if run is not None else ("", ())
        found = dict.fromkeys((*LANES, "waiting", "done", "lines", "lines_assessed"), 0)
        sql = f"SELECT state, lane, count(*) AS items, sum(lines) AS lines FROM item {where} GROUP BY run, state, lane"
        for row in self._connection.execute(sql, values):
            found["lines"] += row["lines"]
            if row["lane"] is None:
                found["waiting"] += row["items"]
                continue
            found[row["lane"]] += row["items"]
            found["lines_assessed"] += row["lines"]
            found["done"] += row["items"] if row["state"] == "done" else 0
        refused = self._connection.execute(f"SELECT count(*) FROM refused {where}", values).fetchone()
        return {**found, "refused": int(refused[0])}

    def verdicts(self, run: int) -> frozenset[str]:
        """The verdicts that occur in a run."""
        rows = self._connection.execute(
            "SELECT DISTINCT verdict FROM item WHERE run = ? AND verdict IS NOT NULL", (run,)
        )
        return frozenset(row["verdict"] for row in rows)

    def codes(self) -> tuple[str, ...]:
        """The findings that decided something."""
        rows = self._connection.execute("SELECT DISTINCT decided_by FROM item WHERE decided_by <> '' ORDER BY 1")
        return tuple(row["decided_by"] for row in rows)

    def items(self, wanted: Wanted, *, limit: int = 50, offset: int = 0) -> list[Item]:
        """Items by lane, red first, then by what decides, the weightiest first; a page at a time."""
        sql, values = _statement(wanted, _COLUMNS)
        rows = self._connection.execute(
            f"{sql} ORDER BY urgency DESC, decided_by, no LIMIT ? OFFSET ?", (*values, limit, offset)
        )
        return [Item(*row) for row in rows]

    def count(self, wanted: Wanted) -> int:
        """How many items are wanted."""
        sql, values = _statement(wanted, "count(*)")
        return int(self._connection.execute(sql, values).fetchone()[0])

    def item(self, number: int) -> Item:
        """One item. Raises InputError when there is none of that number."""
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM item WHERE no = ?", (_bounded(number),)).fetchone()
        if row is None:
            raise InputError(
                "item_unknown", f"There is no item {number} in the queue.", "border-kit case queue list lists them."
            )
        return Item(*row)

    def paper(self, number: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The shipment of an item as declared, and its whole answer, None while it waits. Raises InputError."""
        found = self.item(number)
        row = self._connection.execute("SELECT declared, answer FROM paper WHERE no = ?", (found.no,)).fetchone()
        if row["answer"] is None or found.state == "waiting":
            return unpacked(row["declared"]), None
        return unpacked(row["declared"]), {**unpacked(row["answer"]), "catalog": self.run(found.run).catalog}

    def refused(self, run: int, *, limit: int = 1_000, offset: int = 0) -> list[Rejected]:
        """Rows of a file that could not be used."""
        rows = self._connection.execute(
            "SELECT row, field, reason FROM refused WHERE run = ? ORDER BY row, rowid LIMIT ? OFFSET ?",
            (run, limit, offset),
        )
        return [Rejected(*row) for row in rows]

    # What is done with it

    def markable(self, numbers: Iterable[int], *, done: bool | None = None) -> list[Item]:
        """The items, all of which can be marked so. Raises InputError for one that is not there, or not assessed yet."""
        found = [self.item(number) for number in numbers]
        waits = next((item for item in found if item.state == "waiting"), None)
        if done is not None and waits is not None:
            raise InputError(
                "item_waits", f"Item {waits.no} is not assessed yet.", "border-kit case queue run goes on."
            )
        return found

    def mark(
        self, numbers: Iterable[int], *, at: str, by: str | None, done: bool | None = None, assigned: str | None = None
    ) -> list[Item]:
        """Mark items as done or open again, or assign them (an empty name takes that back). Raises InputError."""
        with store.writing(self._connection) as connection:
            found = self.markable(numbers, done=done)
            for item in found:
                state = item.state if done is None else "done" if done else "open"
                to = item.assigned if assigned is None else clean_line(assigned, 100) or None
                connection.execute(
                    "UPDATE item SET state = ?, assigned = ?, marked_at = ?, marked_by = ? WHERE no = ?",
                    (state, to, at, by, item.no),
                )
        return [self.item(item.no) for item in found]

    def opened(self, number: int, case_id: str, *, at: str, by: str | None) -> Item:
        """Note that an item became a case: it is done."""
        with store.writing(self._connection) as connection:
            connection.execute(
                "UPDATE item SET state = 'done', case_id = ?, marked_at = ?, marked_by = ? WHERE no = ?",
                (case_id, at, by, number),
            )
        return self.item(number)


def _statement(wanted: Wanted, columns: str) -> tuple[str, list[str | int]]:
    match, rest = search.matching(wanted.text)
    source = "item_text JOIN item ON no = item_text.rowid" if match else "item"
    conditions: list[tuple[str, str | int]] = [("item_text MATCH ?", match)] if match else []
    conditions += [("instr(item.words, ?)", word) for word in rest]
    for name in ("run", "lane", "state", "decided_by", "assigned"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append((f"{name} = ?", value))
    where = " AND ".join(condition for condition, _ in conditions) or "1"
    return f"SELECT {columns} FROM {source} WHERE {where}", [value for _, value in conditions]


def _settle(connection: sqlite3.Connection, run: int, answer: Assessed | Failed) -> None:
    if isinstance(answer, Failed):
        row = connection.execute("SELECT shipment, words FROM item WHERE no = ?", (answer.no,)).fetchone()
        _refuse(connection, run, Rejected(0, f"shipment {row['shipment']}", answer.reason))
        connection.execute(
            "INSERT INTO item_text (item_text, rowid, words) VALUES ('delete', ?, ?)", (answer.no, row["words"])
        )
        connection.execute("DELETE FROM paper WHERE no = ?", (answer.no,))
        connection.execute("DELETE FROM item WHERE no = ?", (answer.no,))
        return
    connection.execute(
        "UPDATE item SET state = 'open', urgency = ?, lane = ?, advice = ?, verdict = ?, decided_by = ?, because = ? WHERE no = ?",
        (answer.urgency, answer.lane, answer.advice, answer.verdict, answer.decided_by, answer.because, answer.no),
    )
    connection.execute("UPDATE paper SET answer = ? WHERE no = ?", (answer.answer, answer.no))


def _refuse(connection: sqlite3.Connection, run: int, row: Rejected) -> None:
    cell = clean_line(row.field, _LONGEST) if row.field else None
    connection.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (run, row.row, cell, clean(row.reason, 1_000)))


def _run(row: sqlite3.Row) -> Run:
    found = Run(**row)
    return replace(found, catalog=json.loads(row["catalog"]), remarks=tuple(json.loads(row["remarks"])))


def _alike(shipment: Mapping[str, Any]) -> str:
    """What shipments of the same parties and goods share, so that they are assessed after one another."""
    names = sorted(fold(str(party.get("name") or "")) for party in shipment["parties"])
    goods = [str(line.get("description") or "") for line in shipment["lines"][:1]]
    return clean_line(" | ".join([*names, *goods]), _ALIKE)


def _bounded(number: int) -> int:
    """A number that SQLite can look for."""
    return number if 0 < number < 2**63 else 0
