"""The case log: an append-only chain of signed events.

Each event is canonical JSON (RFC 8785) and carries the SHA-256 of the one before it, so that a changed, dropped, inserted or
reordered event is found with its number. It is signed by the operator who acted and by the office (Ed25519); before an office
is enrolled, events are marked unsigned. casework/audit.py checks all of it and shares no code with this writer.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from border_kit.clock import stamp
from border_kit.findings import Json

FIRST = "0" * 64
"""What stands before the first event."""

SIGNED_AS = b"border_kit event 1\n"
"""What is signed: these bytes, then the event's canonical text."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY, case_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, signatures TEXT
);
CREATE INDEX IF NOT EXISTS event_case ON event (case_id, seq);
CREATE TRIGGER IF NOT EXISTS event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are final'); END;
CREATE TRIGGER IF NOT EXISTS event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events stay'); END;
"""


class Author(Protocol):
    """Who acts: a badge, and the names of the keys that sign (`operator`, `office`), empty where nobody signs."""

    @property
    def badge(self) -> str | None:
        """The badge of the operator who acts."""
        ...

    @property
    def keys(self) -> dict[str, str]:
        """Key ids by who signs with them."""
        ...

    def sign(self, message: bytes) -> dict[str, str]:
        """Signatures (base64) by who signs."""
        ...


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Somebody who has no key; the badge is what they say it is."""

    badge: str | None = None

    @property
    def keys(self) -> dict[str, str]:
        """None."""
        return {}

    def sign(self, message: bytes) -> dict[str, str]:  # noqa: ARG002 - nobody signs
        """None."""
        return {}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case, or to the office (whose events stand under the case id `office`)."""

    seq: int
    case_id: str
    kind: str
    at: str
    operator: str | None
    data: dict[str, Any]
    hash: str
    signed: bool = False

    def to_json(self) -> dict[str, Json]:
        """As `case show` prints it."""
        return {
            "seq": self.seq,
            "case": self.case_id,
            "kind": self.kind,
            "at": self.at,
            "operator": self.operator,
            "signed": self.signed,
            "data": self.data,
            "hash": self.hash,
        }


def append(
    connection: sqlite3.Connection, case_id: str, kind: str, data: dict[str, Json], *, at: datetime, author: Author
) -> Event:
    """Append one event inside the caller's transaction."""
    import rfc8785  # noqa: PLC0415 - only writers need it

    seq, previous = head(connection)
    keys = author.keys
    record: dict[str, Any] = {
        "seq": seq + 1,
        "case": case_id,
        "kind": kind,
        "at": stamp(at),
        "operator": author.badge,
        "signed": bool(keys),
        "prev": previous,
        "data": data,
    }
    if keys:
        record["keys"] = keys
    body = rfc8785.dumps(record)
    digest = hashlib.sha256(body).hexdigest()
    signatures = json.dumps(author.sign(SIGNED_AS + body)) if keys else None
    connection.execute(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", (seq + 1, case_id, kind, body.decode(), digest, signatures)
    )
    return Event(seq + 1, case_id, kind, record["at"], author.badge, data, digest, bool(keys))


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Number and hash of the newest event."""
    row = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    return (row["seq"], row["hash"]) if row else (0, FIRST)


def events(connection: sqlite3.Connection, case_id: str | None = None) -> Iterator[Event]:
    """The events of one case, or of all, oldest first."""
    where, values = ("WHERE case_id = ?", (case_id,)) if case_id else ("", ())
    for row in connection.execute(f"SELECT seq, case_id, kind, body, hash FROM event {where} ORDER BY seq", values):
        record = json.loads(row["body"])
        yield Event(
            row["seq"],
            row["case_id"],
            row["kind"],
            record["at"],
            record["operator"],
            record["data"],
            row["hash"],
            record["signed"],
        )
