"""The case log: an append-only chain of events.

Each event is canonical JSON (RFC 8785) and carries the SHA-256 of the one before it, so that a changed, dropped, inserted or
reordered event is found with its number. Events are marked unsigned until operators are enrolled. `verify()` recomputes
everything from the stored text and shares no code with the writer but the hash.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from border_kit.clock import stamp
from border_kit.findings import Json

FIRST = "0" * 64
"""What stands before the first event."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY, case_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS event_case ON event (case_id, seq);
CREATE TRIGGER IF NOT EXISTS event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are final'); END;
CREATE TRIGGER IF NOT EXISTS event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events stay'); END;
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case."""

    seq: int
    case_id: str
    kind: str
    at: str
    operator: str | None
    data: dict[str, Any]
    hash: str

    def to_json(self) -> dict[str, Json]:
        """As `case show` prints it."""
        return {
            "seq": self.seq,
            "case": self.case_id,
            "kind": self.kind,
            "at": self.at,
            "operator": self.operator,
            "signed": False,
            "data": self.data,
            "hash": self.hash,
        }


def append(
    connection: sqlite3.Connection,
    case_id: str,
    kind: str,
    data: dict[str, Json],
    *,
    at: datetime,
    operator: str | None,
) -> Event:
    """Append one event inside the caller's transaction."""
    import rfc8785  # noqa: PLC0415 - only writers need it

    row = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (row["seq"] + 1, row["hash"]) if row else (1, FIRST)
    moment = stamp(at)
    record: dict[str, Any] = {
        "seq": seq,
        "case": case_id,
        "kind": kind,
        "at": moment,
        "operator": operator,
        "signed": False,
        "prev": previous,
        "data": data,
    }
    body = rfc8785.dumps(record)
    digest = hashlib.sha256(body).hexdigest()
    connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", (seq, case_id, kind, body.decode(), digest))
    return Event(seq, case_id, kind, moment, operator, data, digest)


def events(connection: sqlite3.Connection, case_id: str | None = None) -> Iterator[Event]:
    """The events of one case, or of all, oldest first."""
    where, values = ("WHERE case_id = ?", (case_id,)) if case_id else ("", ())
    for row in connection.execute(f"SELECT seq, case_id, kind, body, hash FROM event {where} ORDER BY seq", values):
        record = json.loads(row["body"])
        yield Event(
            row["seq"], row["case_id"], row["kind"], record["at"], record["operator"], record["data"], row["hash"]
        )


@dataclass(frozen=True, slots=True)
class LogCheck:
    """Whether the chain holds: how many events, the head, and the number and fault of the first bad one."""

    events: int
    head: str
    first_bad: int | None = None
    fault: str | None = None

    @property
    def intact(self) -> bool:
        """True when no event was found bad."""
        return self.first_bad is None

    def to_json(self) -> dict[str, Json]:
        """As `case verify-log` prints it."""
        return {
            "intact": self.intact,
            "events": self.events,
            "head": self.head,
            "first_bad": self.first_bad,
            "fault": self.fault,
            "signed": False,
        }


def verify(connection: sqlite3.Connection) -> LogCheck:
    """Recompute the whole chain from the stored text and name the first event that does not fit."""
    previous, count = FIRST, 0
    for row in connection.execute("SELECT seq, case_id, kind, body, hash FROM event ORDER BY seq"):
        count += 1
        fault = _fault(row, count, previous)
        if fault:
            return LogCheck(count, previous, first_bad=count, fault=fault)
        previous = row["hash"]
    return LogCheck(count, previous)


def _fault(row: sqlite3.Row, expected: int, previous: str) -> str | None:
    if row["seq"] != expected:
        return f"event {expected} is missing (the next is {row['seq']})"
    if hashlib.sha256(row["body"].encode()).hexdigest() != row["hash"]:
        return "the text does not fit its hash"
    try:
        record = json.loads(row["body"])
    except ValueError:
        return "the text is no JSON"
    if record.get("prev") != previous:
        return "it does not follow the event before it"
    if (record.get("seq"), record.get("case"), record.get("kind")) != (row["seq"], row["case_id"], row["kind"]):
        return "its columns do not fit its text"
    return None
