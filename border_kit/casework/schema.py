"""The tables of a casebook, and how an older one is brought up to date. Nothing that was written is ever changed by it."""

from __future__ import annotations

import sqlite3

from border_kit import store
from border_kit.casework import log, operators
from border_kit.errors import StoreError

VERSION = 3

_RULINGS = """
CREATE TABLE IF NOT EXISTS ruling (
  seq INTEGER NOT NULL, line INTEGER NOT NULL, case_id TEXT NOT NULL, hs TEXT, description TEXT NOT NULL, PRIMARY KEY (seq, line)
);
"""

_TABLES = (
    log.SCHEMA
    + operators.SCHEMA
    + _RULINGS
    + """
CREATE TABLE IF NOT EXISTS case_row (
  case_id TEXT PRIMARY KEY, opened_at TEXT NOT NULL, shipment TEXT NOT NULL, lane TEXT NOT NULL, advice TEXT NOT NULL,
  verdict TEXT NOT NULL, decided_by TEXT NOT NULL, decision TEXT, decided_at TEXT, words TEXT NOT NULL, waits TEXT, due TEXT
);
CREATE INDEX IF NOT EXISTS case_row_opened ON case_row (opened_at);
CREATE TABLE IF NOT EXISTS draft (id TEXT PRIMARY KEY, changed_at TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS remembered (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key));
"""
)

_UPGRADES = {
    1: f"ALTER TABLE event ADD COLUMN signatures TEXT; {operators.SCHEMA}",
    2: f"ALTER TABLE case_row ADD COLUMN waits TEXT; ALTER TABLE case_row ADD COLUMN due TEXT; {_RULINGS}",
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
    if version == VERSION:
        return
    scripts = [_TABLES] if version == 0 else [_UPGRADES[older] for older in range(version, VERSION)]
    with store.writing(connection):
        for script in scripts:
            for statement in store.statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
