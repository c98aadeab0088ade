"""Finding cases: by names, numbers and goods, by what they wait for, by who acted, by day.

Text is found by any part of three letters or more in any script (FTS5 with the trigram tokenizer: https://www.sqlite.org/fts5.html);
shorter words, a Chinese name of two characters say, are looked for in the rows themselves. Accents and case do not count, and a
name in another script is found by its rendering in Latin letters too. All of it follows from the log: the index is brought up to
date in the transaction of the row, and what is missing is made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from border_kit.text import clean, fold

LANES = ("red", "yellow", "blue", "green")
WAITS = ("second_signature", "dispute", "ruling")
STATES = {
    "open": "(decision IS NULL OR waits IS NOT NULL OR due IS NOT NULL)",
    "undecided": "decision IS NULL",
    "waiting": "waits IS NOT NULL",
    "due": "due IS NOT NULL",
    "closed": "(decision IS NOT NULL AND waits IS NULL AND due IS NULL)",
}
"""How a case stands: decided or not, waiting for somebody, a clock running, or none of it."""
ORDERS = ("newest", "due")

MOST_WORDS = 50
"""Different words that are searched by; SQLite bounds how many conditions one question may have."""
COUNTED = 10_000
"""Matches that are counted; beyond them it is enough to know that there are more."""
_LONGEST = 100_000
_TRIGRAM = 3

SCHEMA = """
CREATE TABLE IF NOT EXISTS acted (badge TEXT NOT NULL, case_id TEXT NOT NULL, PRIMARY KEY (badge, case_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS case_row_due ON case_row (due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS case_row_waits ON case_row (waits) WHERE waits IS NOT NULL;
CREATE VIRTUAL TABLE IF NOT EXISTS case_text USING fts5 (words, content='case_row', content_rowid='no', tokenize='trigram');
"""

TABLES = frozenset({"case_row", "case_text", "acted"})
"""What follows from the log, and is made again from it when it is missing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are wanted: each field that is set narrows; `opened_to` is the last day that counts."""

    text: str = ""
    lane: str | None = None
    state: str | None = None
    waits: str | None = None
    decision: str | None = None
    badge: str | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    due_by: date | None = None
    order: str = "newest"


def matching(text: str) -> tuple[str, list[str]]:
    """What is searched by: the longer words as FTS5 takes them literally ("" for none), and those too short for its index.

    Quoting: https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    words = list(dict.fromkeys(fold(clean(text)).split()))[:MOST_WORDS]
    quoted = ['"' + word.replace('"', '""') + '"' for word in words if len(word) >= _TRIGRAM]
    return " ".join(quoted), [word for word in words if len(word) < _TRIGRAM]


def statement(wanted: Wanted, columns: str) -> tuple[str, list[str | int]]:
    """The question in SQL, with its values, in the wanted order; the caller adds what bounds it."""
    conditions: list[str] = []
    values: list[str | int] = []
    for condition, given in _conditions(wanted):
        conditions.append(condition)
        values += given
    match, rest = matching(wanted.text)
    source, newest = "case_row", "no"
    if match:
        source, newest = "case_text JOIN case_row ON no = case_text.rowid", "case_text.rowid"
        conditions.append("case_text MATCH ?")
        values.append(match)
    for word in rest:
        conditions.append("instr(case_row.words, ?)")
        values.append(word)
    where = " AND ".join(conditions) or "1"
    order = "due IS NULL, due, no DESC" if wanted.order == "due" else f"{newest} DESC"
    return f"SELECT {columns} FROM {source} WHERE {where} ORDER BY {order}", values


def count(connection: sqlite3.Connection, wanted: Wanted) -> int:
    """How many cases are wanted, up to one more than COUNTED."""
    sql, values = statement(wanted, "1")
    found = connection.execute(f"SELECT count(*) FROM ({sql} LIMIT {COUNTED + 1})", values).fetchone()
    return int(found[0])


def index(connection: sqlite3.Connection, no: int, old: str | None, new: str) -> None:
    """Bring the index up to date with the words of one row, inside the caller's transaction; `old` is None for a new row.

    (A trigger could do it, but office files are opened with an untrusted schema, where SQLite lets no trigger write to FTS5.)
    """
    if old is not None and old != new:
        connection.execute("INSERT INTO case_text (case_text, rowid, words) VALUES ('delete', ?, ?)", (no, old))
    if old != new:
        connection.execute("INSERT INTO case_text (rowid, words) VALUES (?, ?)", (no, new))


def _conditions(wanted: Wanted) -> Iterator[tuple[str, tuple[str, ...]]]:
    for column in ("lane", "waits"):
        value = getattr(wanted, column)
        if value is not None:
            yield f"{column} = ?", (value,)
    if wanted.decision is not None:
        yield ("decision IS NULL", ()) if wanted.decision == "undecided" else ("decision = ?", (wanted.decision,))
    if wanted.state is not None:
        yield STATES[wanted.state], ()
    if wanted.badge is not None:
        yield "case_id IN (SELECT case_id FROM acted WHERE badge = ?)", (wanted.badge,)
    if wanted.opened_from is not None:
        yield "opened_at >= ?", (wanted.opened_from.isoformat(),)
    if wanted.opened_to is not None and wanted.opened_to < date.max:
        yield "opened_at < ?", ((wanted.opened_to + timedelta(1)).isoformat(),)
    if wanted.due_by is not None:
        yield "due <= ?", (wanted.due_by.isoformat(),)


def words_of(case_id: str, shipment: Mapping[str, Any]) -> str:
    """What a case is found by: its numbers, names and goods, folded for comparison."""
    return searchable(case_id, *parts_of(shipment))


def parts_of(shipment: Mapping[str, Any]) -> Iterator[object]:
    """The numbers, names and goods of a shipment."""
    transport = shipment.get("transport") or {}
    yield from (shipment.get("id"), shipment.get("destination"), transport.get("vessel"), transport.get("imo"))
    yield from (*(transport.get("containers") or ()), *(transport.get("seals") or ()))
    for party in shipment.get("parties", ()):
        name = str(party.get("name") or "")
        yield from (name, _in_latin(name), *(item.get("value") for item in party.get("identifiers") or ()))
    for line in shipment.get("lines", ()):
        yield from (line.get("description"), line.get("hs"))
        yield from (ref.get("number") for ref in line.get("licences") or ())


def searchable(*parts: object) -> str:
    """Parts of any kind as one text to search in; what is said twice stands once."""
    return " ".join(dict.fromkeys(fold(clean(str(part))) for part in parts if part))[:_LONGEST]


def _in_latin(name: str) -> str:
    if name.isascii():
        return ""
    from anyascii import anyascii  # noqa: PLC0415 - 13 ms that Latin names need not pay

    return anyascii(name)
