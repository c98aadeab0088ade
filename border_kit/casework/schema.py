"""The tables of a casebook, and how an older one is brought up to date. Nothing that was written is ever changed by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from border_kit import store
from border_kit.casework import log, operators, search, summary
from border_kit.errors import StoreError

VERSION = 5

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


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new casebook, or bring an older one up to date. Raises StoreError for a foreign file."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in range(VERSION + 1):
        raise StoreError(
            "casebook_version",
            f"The casebook was written by another version of the kit (layout {version}).",
            "Update the kit, or name another file with --casebook.",
        )
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(
            "casebook_foreign", "This file is a database, but no casebook.", "Name another file with --casebook."
        )
    if version < VERSION:
        scripts = [_TABLES] if version == 0 else [_UPGRADES[older] for older in range(version, VERSION)]
        with store.writing(connection):
            for script in scripts:
                _run(connection, script)
            connection.execute(f"PRAGMA user_version = {VERSION}")
    if _derived(connection) < search.TABLES:
        with store.writing(connection):
            _run(connection, _FOUND)
            summary.rebuild(connection)


def _run(connection: sqlite3.Connection, script: str) -> None:
    for statement in store.statements(script):
        connection.execute(statement)


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
