"""The tables of a casebook, and how an older one is brought up to date. Nothing that was written is ever changed by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from border_kit import store
from border_kit.casework import log, operators, search, summary

_RULINGS = """
CREATE TABLE IF NOT EXISTS ruling (
  seq INTEGER NOT NULL, line INTEGER NOT NULL, case_id TEXT NOT NULL, hs TEXT, description TEXT NOT NULL, PRIMARY KEY (seq, line)
);
"""

_FOUND = summary.SCHEMA + search.SCHEMA

_TABLES = (
    log.SCHEMA
    + log.CONTENT_SCHEMA
    + operators.SCHEMA
    + _RULINGS
    + _FOUND
    + """
CREATE TABLE IF NOT EXISTS draft (id TEXT PRIMARY KEY, changed_at TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS remembered (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key));
"""
)

_UPGRADES = {
    1: f"ALTER TABLE event ADD COLUMN signatures TEXT; {operators.SCHEMA}",
    2: _RULINGS,
    3: "DROP TABLE case_row;",
    4: f"DROP TABLE IF EXISTS case_row; {log.CONTENT_SCHEMA}",
}
"""By the version of a casebook's layout, what makes it one version newer."""


LAYOUT = store.Layout("casebook", "casebook", 5, _TABLES, _UPGRADES, option="--casebook")


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new casebook, or bring an older one up to date. Raises StoreError for a foreign file."""
    LAYOUT.prepare(connection)
    if _derived(connection) < search.TABLES:
        with store.writing(connection):
            store.run(connection, _FOUND)
            summary.rebuild(connection)


def _derived(connection: sqlite3.Connection) -> frozenset[str]:
    """Which of the tables that follow from the log are there."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return search.TABLES & {row["name"] for row in found}


def take_row(connection: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    """Put a stored event and its contents into a casebook's tables, as they are; who calls has checked them."""
    fields = ("seq", "case_id", "kind", "body", "hash", "signatures")
    connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", tuple(row[name] for name in fields))
    if row["data"] is not None:
        connection.execute("INSERT INTO content VALUES (?, ?, ?)", (row["seq"], row["salt"], row["data"]))
