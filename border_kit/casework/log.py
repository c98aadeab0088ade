"""The case log: an append-only chain of signed events.

Each event is canonical JSON (RFC 8785) and carries the SHA-256 of the one before it, so that a changed, dropped, inserted or
reordered event is found with its number. It is signed by the operator who acted and by the office (Ed25519); before an office
is enrolled, events are marked unsigned. casework/audit.py checks all of it and shares no code with this writer.

What an event says (its `data`) lies apart: the signed text holds a salted SHA-256 of it. So a case's contents can be deleted
when their retention ends, or left out of an extract, and the chain still proves itself (docs/decisions/0055). Events of
casebooks before layout 4 hold their data in the signed text.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from border_kit.clock import stamp
from border_kit.errors import StoreError
from border_kit.findings import Json

FIRST = "0" * 64
"""What stands before the first event."""

SIGNED_AS = b"border_kit event 1\n"
"""What is signed: these bytes, then the event's canonical text."""

RETENTION = "retention"
"""The event that says that a case's contents were deleted, and under which rule."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY, case_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, signatures TEXT
);
CREATE INDEX IF NOT EXISTS event_case ON event (case_id, seq);
CREATE TRIGGER IF NOT EXISTS event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are final'); END;
CREATE TRIGGER IF NOT EXISTS event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events stay'); END;
"""

CONTENT_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS content (seq INTEGER PRIMARY KEY, salt TEXT NOT NULL, data TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS content_is_final BEFORE UPDATE ON content BEGIN SELECT RAISE(ABORT, 'events are final'); END;
CREATE TRIGGER IF NOT EXISTS content_stays BEFORE DELETE ON content WHEN NOT EXISTS (
  SELECT 1 FROM event AS own JOIN event AS told ON told.case_id = own.case_id AND told.kind = '{RETENTION}' AND told.seq > own.seq
  WHERE own.seq = OLD.seq
) BEGIN SELECT RAISE(ABORT, 'contents stay until retention ends'); END;
"""
"""Contents of a case can be deleted once its retention event is in the log, and never before."""

_SALT = 16


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
    forgotten: bool = False
    """Its contents were deleted: `data` is empty."""

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
            "forgotten": self.forgotten,
        }


def append(
    connection: sqlite3.Connection, case_id: str, kind: str, data: dict[str, Json], *, at: datetime, author: Author
) -> Event:
    """Append one event inside the caller's transaction."""
    import rfc8785  # noqa: PLC0415 - only writers need it

    seq, previous = head(connection)
    keys, salt, said = author.keys, os.urandom(_SALT).hex(), rfc8785.dumps(data)
    record: dict[str, Any] = {
        "seq": seq + 1,
        "case": case_id,
        "kind": kind,
        "at": stamp(at),
        "operator": author.badge,
        "signed": bool(keys),
        "prev": previous,
        "content": hashlib.sha256(salt.encode() + b"\n" + said).hexdigest(),
    }
    if keys:
        record["keys"] = keys
    body = rfc8785.dumps(record)
    digest = hashlib.sha256(body).hexdigest()
    signatures = json.dumps(author.sign(SIGNED_AS + body)) if keys else None
    connection.execute(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", (seq + 1, case_id, kind, body.decode(), digest, signatures)
    )
    connection.execute("INSERT INTO content VALUES (?, ?, ?)", (seq + 1, salt, said.decode()))
    return Event(seq + 1, case_id, kind, record["at"], author.badge, data, digest, bool(keys))


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Number and hash of the newest event."""
    row = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    return (row["seq"], row["hash"]) if row else (0, FIRST)


def events(connection: sqlite3.Connection, case_id: str | None = None) -> Iterator[Event]:
    """The events of one case, or of all, oldest first. Raises StoreError where one cannot be read."""
    where, values = ("WHERE case_id = ?", (case_id,)) if case_id else ("", ())
    sql = f"SELECT seq, case_id, kind, body, hash, data FROM event LEFT JOIN content USING (seq) {where} ORDER BY seq"
    try:
        for row in connection.execute(sql, values):
            yield _event(row)
    except sqlite3.Error as error:
        raise _unreadable(case_id, error) from error


def _event(row: sqlite3.Row) -> Event:
    try:
        record = json.loads(row["body"])
        inside = "data" in record
        return Event(
            row["seq"],
            row["case_id"],
            row["kind"],
            record["at"],
            record["operator"],
            dict(record["data"] if inside else json.loads(row["data"] or "{}")),
            row["hash"],
            record["signed"],
            forgotten=not inside and row["data"] is None,
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unreadable(row["case_id"], error) from error


def _unreadable(case_id: object, error: Exception) -> StoreError:
    return StoreError(
        "events_unreadable",
        f"Events of {f'case {case_id}' if case_id else 'the log'} cannot be read ({type(error).__name__}).",
        "border-kit case verify-log names the first bad event; restore a backup.",
    )
