"""Rulings of past cases, shown when a like line comes again. A ruling binds nobody here: it is a precedent to look at.

Two lines are alike when their HS subheadings agree, where both state one, and most of their words do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from border_kit.casework import log
from border_kit.findings import Json
from border_kit.text import tokens

ALIKE = 0.6
"""The least share of words that two like lines have in common (of all their words together)."""
_SUBHEADING = 6
_MOST = 5
_LOOKED_AT = 5_000
"""Rulings of the newest so many lines are looked at."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A ruling on a like line: in which case, how alike (0 to 1), and what the ruling said."""

    case_id: str
    line: int
    description: str
    alike: float
    at: str
    ruling: dict[str, Any]

    def to_json(self) -> dict[str, Json]:
        """One element of `precedents`."""
        return {
            "case": self.case_id,
            "line": self.line,
            "description": self.description,
            "alike": round(self.alike, 2),
            "at": self.at,
            "authority": self.ruling.get("authority"),
            "reference": self.ruling.get("reference"),
            "outcome": self.ruling.get("outcome"),
            "entry": self.ruling.get("entry"),
            "text": self.ruling.get("text"),
        }


def index(connection: sqlite3.Connection, event: log.Event, shipment: Mapping[str, Any]) -> None:
    """Note the lines that a ruling is about, inside the caller's transaction; without numbers it is about all."""
    wanted = set(str(event.data.get("lines", "")).replace(",", " ").split())
    for row in shipment.get("lines", ()):
        if not wanted or str(row.get("no")) in wanted:
            connection.execute(
                "INSERT INTO ruling VALUES (?, ?, ?, ?, ?)",
                (event.seq, row.get("no"), event.case_id, row.get("hs"), str(row.get("description") or "")),
            )


class Rulings:
    """The rulings of a casebook, by the words of the lines they are about; read once, asked for many lines."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read the newest."""
        self._connection = connection
        self._rows: list[tuple[frozenset[str], sqlite3.Row]] = []
        self._by_word: dict[str, list[int]] = {}
        for row in connection.execute("SELECT * FROM ruling ORDER BY seq DESC, line LIMIT ?", (_LOOKED_AT,)):
            words = _words(row["description"])
            for word in words:
                self._by_word.setdefault(word, []).append(len(self._rows))
            self._rows.append((words, row))

    def like(self, description: str, hs: str | None) -> list[Precedent]:
        """The rulings on lines like this one, the most alike first, newer before older."""
        asked = _words(description)
        found: list[tuple[float, int]] = []
        for number in {number for word in asked for number in self._by_word.get(word, ())}:
            words, row = self._rows[number]
            alike = len(asked & words) / len(asked | words)
            if alike >= ALIKE and not _other_heading(hs, row["hs"]):
                found.append((alike, number))
        found.sort(key=lambda item: (-item[0], item[1]))
        return [_precedent(self._connection, alike, self._rows[number][1]) for alike, number in found[:_MOST]]


def _other_heading(one: str | None, other: str | None) -> bool:
    return bool(one and other and one[:_SUBHEADING] != other[:_SUBHEADING])


def _precedent(connection: sqlite3.Connection, alike: float, row: sqlite3.Row) -> Precedent:
    event = next(item for item in log.events(connection, row["case_id"]) if item.seq == row["seq"])
    return Precedent(row["case_id"], row["line"], row["description"], alike, event.at, event.data)


def _words(description: str) -> frozenset[str]:
    """The words that name goods; bare numbers (quantities, positions) do not."""
    return frozenset(token.text for token in tokens(description[:2_000]) if not token.text.isdigit())
