"""How long cases are kept, and how their contents are forgotten while the log still proves itself.

The periods are the profile's. A case is due when its last event is longer ago than every period that applies to it; one that is
undecided, waits for something, or holds goods in custody is never due. Deleting takes what its events say, its summary's words and its
rulings; who did what kind of thing when, and every hash and signature, stay (docs/decisions/0055).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from border_kit.casework import acts, log
from border_kit.casework.summary import CaseRow
from border_kit.errors import UsageError
from border_kit.findings import Json

if TYPE_CHECKING:
    from border_kit.casework.case import Casebook

_SETTLED = 3600
"""Seconds after which a kept file without an event is nobody's: an attachment is written just before its event."""


class Period(Protocol):
    """A rule of the profile: cases that it covers are kept for so many years after their last event."""

    @property
    def id(self) -> str:
        """Its name in the profile."""
        ...

    @property
    def years(self) -> int:
        """Years after the last event."""
        ...

    @property
    def of(self) -> str:
        """What it is of: `cases`, or the case id of events that are of none."""
        ...

    def covers(self, decision: str, lane: str, kinds: Collection[str]) -> bool:
        """Whether it applies to a case of this decision and lane, with events of these kinds."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """A case whose retention has ended: since when, under which rule. `older_layout`: its events cannot be emptied.

    `events` are the numbers of those that are due where they are of no case; a case is due as a whole.
    """

    case_id: str
    last: str
    due: date
    rule: str
    older_layout: bool
    events: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """One element of `due`."""
        return {
            "case": self.case_id,
            "last_event": self.last,
            "due": self.due.isoformat(),
            "rule": self.rule,
            "older_layout": self.older_layout,
            "events": list(self.events),
        }


def due(connection: sqlite3.Connection, periods: Sequence[Period], day: date) -> Iterator[Due]:
    """The cases whose retention has ended by a day, oldest first; none where the profile names no period for them."""
    periods = [period for period in periods if period.of == "cases"]
    if not periods:
        return
    sql = """
      SELECT row.case_id, row.decision, row.lane, told.kinds, told.older, json_extract(last.body, '$.at') AS last
      FROM case_row AS row
      JOIN (SELECT case_id, max(seq) AS seq, group_concat(DISTINCT kind) AS kinds,
                   max(json_extract(body, '$.content') IS NULL) AS older FROM event GROUP BY case_id) AS told USING (case_id)
      JOIN event AS last ON last.seq = told.seq
      WHERE row.forgotten IS NULL AND row.decision IS NOT NULL AND row.waits IS NULL AND row.opened_at <= ?
      ORDER BY told.seq"""
    shortest = min(period.years for period in periods)
    for row in connection.execute(sql, (years_after(day, -shortest).isoformat() + "~",)):
        kinds = frozenset(row["kinds"].split(","))
        applying = [period for period in periods if period.covers(row["decision"], row["lane"], kinds)]
        if not applying:
            continue
        longest = max(applying, key=lambda period: period.years)
        ends = years_after(date.fromisoformat(row["last"][:10]), longest.years)
        if ends <= day and not ("custody" in kinds and _in_custody(connection, row["case_id"])):
            yield Due(row["case_id"], row["last"], ends, longest.id, bool(row["older"]))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _in_custody(connection: sqlite3.Connection, case_id: str) -> bool:
    return bool(acts.state(log.events(connection, case_id)).in_custody)


def refuse_older(connection: sqlite3.Connection, case_id: str) -> None:
    """Raises UsageError for a case with events of the older layout, whose signed text holds the contents."""
    sql = "SELECT 1 FROM event WHERE case_id = ? AND json_extract(body, '$.content') IS NULL"
    if connection.execute(sql, (case_id,)).fetchone():
        raise UsageError(
            "case_older_layout",
            f"Case {case_id} was written by an older layout that signs the contents themselves: they cannot be deleted.",
            "It stays; cases that were opened since can be deleted.",
        )


def told(row: CaseRow, rule: str) -> dict[str, Json]:
    """What the retention event says: the rule, and what of the case's summary is kept (nothing about persons or goods)."""
    kept: dict[str, Json] = {
        "lane": row.lane,
        "advice": row.advice,
        "verdict": row.verdict,
        "decided_by": row.decided_by,
        "decision": row.decision,
        "decided_at": row.decided_at,
    }
    return {"rule": rule, "kept": kept}


def delete(connection: sqlite3.Connection, event: log.Event) -> None:
    """Delete what a case's events before its retention event say, inside the caller's transaction."""
    connection.execute(
        "DELETE FROM content WHERE seq IN (SELECT seq FROM event WHERE case_id = ? AND seq < ?)",
        (event.case_id, event.seq),
    )
    connection.execute("DELETE FROM ruling WHERE case_id = ?", (event.case_id,))


def delete_some(connection: sqlite3.Connection, case_id: str, events: Collection[int]) -> None:
    """Delete what some events of no case say, behind the retention event that names them, inside the caller's transaction."""
    connection.executemany(
        "DELETE FROM content WHERE seq IN (SELECT seq FROM event WHERE case_id = ? AND seq = ?)",
        [(case_id, number) for number in events],
    )


def remains(row: CaseRow) -> dict[str, Any]:
    """What is left of an assessment whose case was forgotten, in the form of one."""
    told: dict[str, Any] = {
        "code": "contents_deleted",
        "severity": "info",
        "subject": {"kind": "shipment", "ref": row.case_id},
        "message": "The contents of this case were deleted, their retention having ended; hashes and signatures stay.",
        "evidence": [],
        "ask": None,
        "citation": "",
        "as_of": None,
        "weight": 0,
    }
    empty: dict[str, Any] = {
        name: []
        for name in (
            "lines", "parties", "licences", "certificates", "questions", "open_parameters", "why", "shadow",
        )
    }  # fmt: skip
    facts = {"lane": row.lane, "advice": row.advice, "verdict": row.verdict, "decided_by": row.decided_by}
    return {
        "id": row.case_id, **facts, "findings": [told], **empty, "risk": None, "selection": "", "profile": "", "catalog": {},
    }  # fmt: skip


def sweep(book: Casebook, attachments: Path, papers: Path, *, at: datetime) -> int:
    """Delete kept files that no event names any more, and papers of forgotten cases; how many. Raises OSError."""
    gone = 0
    named, forgotten = book.attached(), book.forgotten()
    for file in sorted(attachments.glob("??/*")):
        if file.name not in named and at.timestamp() - file.stat().st_mtime > _SETTLED:
            file.unlink()
            gone += 1
    for file in sorted(papers.glob("*-*-*")):
        if "-".join(file.name.split("-")[:2]) in forgotten:
            file.unlink()
            gone += 1
    return gone


def attached(connection: sqlite3.Connection) -> frozenset[str]:
    """The hashes of every attachment that an event names."""
    rows = connection.execute("SELECT body, data FROM event LEFT JOIN content USING (seq) WHERE kind = 'attached'")
    found = (json.loads(row["data"]) if row["data"] else json.loads(row["body"]).get("data", {}) for row in rows)
    return frozenset(str(data["sha256"]) for data in found if "sha256" in data)
