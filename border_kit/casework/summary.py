"""A case in one row, for lists and search: it follows from the case's events alone, and can be made from them again at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields

from border_kit.casework import acts, log, search
from border_kit.findings import Json


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list."""

    case_id: str
    opened_at: str
    shipment: str
    lane: str
    advice: str
    verdict: str
    decided_by: str
    decision: str | None
    decided_at: str | None
    waits: str | None = None
    due: str | None = None
    forgotten: str | None = None
    """When its contents were deleted, their retention having ended."""

    def to_json(self) -> dict[str, Json]:
        """As `case list` prints it."""
        return {
            "case": self.case_id,
            "opened_at": self.opened_at,
            "shipment": self.shipment,
            "lane": self.lane,
            "advice": self.advice,
            "verdict": self.verdict,
            "decided_by": self.decided_by,
            "decision": self.decision,
            "decided_at": self.decided_at,
            "waits": self.waits,
            "due": self.due,
            "forgotten": self.forgotten,
        }


_LOST: Mapping[str, str] = dict.fromkeys(("lane", "advice", "verdict", "decided_by"), "")
"""Of a case whose contents are missing, though nobody deleted them (case verify-log names the event)."""
_NAMES = tuple(field.name for field in fields(CaseRow))
COLUMNS = ", ".join(_NAMES)
"""The columns of a row, in its order."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS case_row (
  no INTEGER PRIMARY KEY, case_id TEXT NOT NULL UNIQUE, opened_at TEXT NOT NULL, shipment TEXT NOT NULL, lane TEXT NOT NULL,
  advice TEXT NOT NULL, verdict TEXT NOT NULL, decided_by TEXT NOT NULL, decision TEXT, decided_at TEXT, waits TEXT, due TEXT,
  forgotten TEXT, words TEXT NOT NULL
);
"""
"""`no` is the number of the event that opened the case: the newest case has the highest."""

_UPSERT = f"""
INSERT INTO case_row (no, words, {COLUMNS}) VALUES ({", ".join("?" * (len(_NAMES) + 2))})
ON CONFLICT (case_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in ("words", *_NAMES))}
"""


def refresh(connection: sqlite3.Connection, case_id: str) -> None:
    """Bring the row of a case up to date with its events, inside the caller's transaction; the office's own events have none."""
    events = tuple(log.events(connection, case_id))
    if events and events[0].kind == "opened":
        no, words = events[0].seq, _words(events)
        known = connection.execute("SELECT words FROM case_row WHERE no = ?", (no,)).fetchone()
        search.index(connection, no, known["words"] if known else None, words)
        connection.execute(_UPSERT, (no, words, *astuple(_row(events))))


def rebuild(connection: sqlite3.Connection) -> None:
    """Make every row, and what it is found by, from the log, inside the caller's transaction."""
    opened = connection.execute("SELECT case_id FROM event WHERE kind = 'opened' ORDER BY seq").fetchall()
    for row in opened:
        refresh(connection, row["case_id"])
    connection.execute("INSERT INTO case_text (case_text) VALUES ('rebuild')")
    connection.execute(
        "INSERT OR IGNORE INTO acted SELECT json_extract(body, '$.operator') AS badge, case_id FROM event WHERE badge IS NOT NULL"
    )


def stray(connection: sqlite3.Connection) -> str | None:
    """The first case whose row in the list is not what its events say; None where all are."""
    opened = connection.execute("SELECT DISTINCT case_id FROM event WHERE kind = 'opened' ORDER BY seq").fetchall()
    count = connection.execute("SELECT count(*) FROM case_row").fetchone()[0]
    if count != len(opened):
        return f"the list has {count} cases, and the log {len(opened)}"
    for (case_id,) in opened:
        row = connection.execute(f"SELECT {COLUMNS} FROM case_row WHERE case_id = ?", (case_id,)).fetchone()
        if row is None or tuple(row) != astuple(_row(tuple(log.events(connection, case_id)))):
            return f"what the list says of case {case_id} does not follow from the log"
    return None


def _row(events: Sequence[log.Event]) -> CaseRow:
    opened, now = events[0], acts.state(events)
    if events[-1].kind == log.RETENTION:
        kept = events[-1].data["kept"]
        return CaseRow(opened.case_id, opened.at, "", **kept, forgotten=events[-1].at)
    assessed = (event for event in reversed(events) if event.kind in ("opened", "assessed"))
    assessment = next(assessed).data.get("assessment", _LOST)
    decided = now.decided
    return CaseRow(
        case_id=opened.case_id,
        opened_at=opened.at,
        shipment=str(opened.data.get("shipment", {}).get("id") or ""),
        lane=str(assessment["lane"]),
        advice=str(assessment["advice"]),
        verdict=str(assessment["verdict"]),
        decided_by=str(assessment["decided_by"]),
        decision=str(decided.data["decision"]) if decided else None,
        decided_at=decided.at if decided else None,
        waits=now.waits,
        due=decided.data.get("due") if decided else None,
    )


def _words(events: Sequence[log.Event]) -> str:
    words = search.words_of(events[0].case_id, events[0].data.get("shipment", {}))
    return search.searchable(words, *(part for event in events for part in _numbers(event)))


def _numbers(event: log.Event) -> Iterator[object]:
    """What later events add to find a case by: the references of rulings, the items and seals in custody."""
    if event.kind in ("ruled", "custody") and not event.forgotten:
        yield from (event.data.get(name) for name in ("reference", "item", "seal"))
