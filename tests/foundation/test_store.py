"""Files that survive, and databases that cannot surprise."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from border_kit import disk, store
from border_kit.catalog.volumes import Catalog, open_catalog
from border_kit.errors import CatalogError, StoreError


def test_a_volume_cannot_be_written(shipped: Path) -> None:
    connection = store.open_volume(shipped / "controls.sqlite")
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM entry")


def test_a_missing_or_foreign_volume_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"controls\.sqlite"):
        store.open_volume(tmp_path / "controls.sqlite")
    (tmp_path / "text.sqlite").write_text("no database at all, " * 500, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"text\.sqlite"):
        store.open_volume(tmp_path / "text.sqlite")


def _copy(shipped: Path, into: Path) -> Path:
    for path in shipped.iterdir():
        (into / path.name).write_bytes(path.read_bytes())
    return into


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TRIGGER t AFTER INSERT ON party BEGIN SELECT 1; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE extra (x)",
        "DROP TABLE identifier",
        "ALTER TABLE party ADD COLUMN more TEXT",
    ],
)
def test_a_volume_with_another_schema_is_refused(shipped: Path, tmp_path: Path, change: str) -> None:
    raw = sqlite3.connect(_copy(shipped, tmp_path) / "parties.sqlite")
    raw.execute(change)
    raw.commit()
    raw.close()
    catalog: Catalog = open_catalog(tmp_path, date(2026, 11, 25))
    with pytest.raises(CatalogError, match="not built as this version expects"):
        catalog.open("parties")


def test_an_index_of_other_data_is_refused(shipped: Path, tmp_path: Path) -> None:
    folder = _copy(shipped, tmp_path)
    raw = sqlite3.connect(folder / "parties.index.sqlite")
    raw.execute("UPDATE meta SET value = 'other' WHERE key = 'digest'")
    raw.commit()
    raw.close()
    catalog = open_catalog(folder, date(2026, 11, 25))
    with pytest.raises(CatalogError, match="belongs to other data"):
        catalog.index("parties")


def test_a_replaced_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "current"
    disk.replace_file(path, b"1")
    disk.replace_file(path, b"2")
    assert path.read_bytes() == b"2"
    assert [item.name for item in tmp_path.iterdir()] == ["current"]


def test_an_office_file_in_no_folder_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be opened"):
        store.open_office(tmp_path / "file" / "casebook.sqlite")


def _insert(connection: sqlite3.Connection) -> None:
    """A row written before a statement that fails."""
    connection.execute("INSERT INTO t VALUES (1)")
    connection.execute("INSERT INTO nowhere VALUES (1)")


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    connection = store.open_office(tmp_path / "office.sqlite")
    connection.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreError), store.writing(connection):
        _insert(connection)
    assert connection.execute("SELECT count(*) FROM t").fetchone()[0] == 0


NOTES = store.Layout("notes", "book of notes", 3, "CREATE TABLE note (a, b, c);", {1: "ALTER TABLE note ADD COLUMN b;", 2: "ALTER TABLE note ADD COLUMN c;"})  # fmt: skip


def _laid_out(connection: sqlite3.Connection) -> sqlite3.Connection:
    NOTES.prepare(connection)
    return connection


def _columns(path: Path) -> tuple[int, list[str]]:
    raw = sqlite3.connect(path)
    found = [row[1] for row in raw.execute("PRAGMA table_info(note)")]
    version = int(raw.execute("PRAGMA user_version").fetchone()[0])
    raw.close()
    return version, found


@pytest.mark.parametrize(
    ("older", "version"),
    [("", 0), ("CREATE TABLE note (a)", 1), ("CREATE TABLE note (a, b)", 2), ("CREATE TABLE note (a, b, c)", 3)],
)
def test_an_office_file_of_any_older_version_is_brought_up_to_date(tmp_path: Path, older: str, version: int) -> None:
    path = tmp_path / "notes.sqlite"
    raw = sqlite3.connect(path)
    raw.executescript(f"{older}; PRAGMA user_version = {version}")
    raw.close()
    NOTES.open(path, _laid_out).close()
    assert _columns(path) == (3, ["a", "b", "c"])


@pytest.mark.parametrize(
    ("content", "code"),
    [("CREATE TABLE note (a); PRAGMA user_version = 4", "notes_version"), ("CREATE TABLE other (x)", "notes_foreign")],
)
def test_a_newer_or_a_foreign_office_file_is_refused_and_left_as_it_is(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "notes.sqlite"
    raw = sqlite3.connect(path)
    raw.executescript(content)
    raw.close()
    before = _columns(path)
    with pytest.raises(StoreError) as refused:
        NOTES.open(path, _laid_out)
    assert refused.value.code == code
    assert _columns(path) == before


def test_two_that_open_a_new_office_file_at_once_make_it_once(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    late, made = store.open_office(path), []

    def first(connection: sqlite3.Connection) -> None:
        made.append(connection)

    def while_waiting(statement: str) -> None:
        if statement.startswith("BEGIN") and not made:
            NOTES.open(path, lambda connection: NOTES.prepare(connection, first))

    late.set_trace_callback(while_waiting)
    NOTES.prepare(late, first)
    assert len(made) == 1
    assert _columns(path) == (3, ["a", "b", "c"])
