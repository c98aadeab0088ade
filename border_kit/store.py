"""The only place that opens databases.

Volumes (reference data) are opened read-only and immutable; a volume is foreign until proven, so the schema in it is never
trusted. Office files (cases, drafts) are durable: what a call has confirmed survives a power cut (SQLite documentation,
"PRAGMA synchronous": FULL in WAL mode syncs at every commit). A connection belongs to the thread that opened it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

from border_kit.errors import CatalogError, StoreError


def open_volume(path: Path) -> sqlite3.Connection:
    """Open a catalog volume read-only and immutable. Raises CatalogError when it is missing or no database."""
    if not path.is_file():
        raise CatalogError(
            "volume_missing", f"The volume {path.name} is not there.", "Build or import the catalog again."
        )
    uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.row_factory = sqlite3.Row
        for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=268435456"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise CatalogError(
            "volume_damaged", f"The volume {path.name} cannot be read ({error}).", "Fetch or build the catalog again."
        ) from error
    return connection


def create_volume(path: Path) -> sqlite3.Connection:
    """Create a new database file to be filled and moved into place; nothing in it is durable before `seal()`."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def seal(connection: sqlite3.Connection, path: Path) -> None:
    """Close a newly built database and force it to disk."""
    if connection.in_transaction:
        connection.execute("COMMIT")
    connection.close()
    sync_file(path)


def memory() -> sqlite3.Connection:
    """An empty database in memory (training, tests, expected schemas)."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def open_office(path: Path) -> sqlite3.Connection:
    """Open (or create, readable by its owner alone) an office file. Raises StoreError when that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, timeout=10.0)
        connection.row_factory = sqlite3.Row
        for pragma in ("trusted_schema=OFF", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            "casebook_unusable",
            f"The office file {path.name} cannot be opened ({error}).",
            "Check that the path is right, the disk is not full and you may write there.",
        ) from error
    return connection


def statements(script: str) -> list[str]:
    """Cut a script into statements (a trigger holds semicolons of its own)."""
    found, pending = [], ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            if pending.strip(" \n;"):
                found.append(pending)
            pending = ""
    return found


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One durable transaction: all of it or nothing. Raises StoreError when the disk says no."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreError(
            "casebook_not_written",
            f"Nothing was saved: the office file could not be written ({error}).",
            "Free some disk space or check the permissions, then repeat the step.",
        ) from error


def sync_file(path: Path) -> None:
    """Force a file and its folder to disk."""
    with path.open("rb+") as stream:  # Windows syncs only what is open for writing
        os.fsync(stream.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, where the system has such a thing (Windows has not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_small(path: Path, most: int) -> bytes:
    """The content of a small file. Raises OSError, and ValueError for one of more than `most` bytes or that is no file."""
    if path.exists() and not path.is_file():
        raise ValueError("it is no file")
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError("it is too large")
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Write a small file so that after a power cut it holds the old content or the new, never half."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    sync_folder(path.parent)


@contextmanager
def alone(lock: Path, busy: StoreError) -> Iterator[None]:
    """Hold a lock file, which the system lets go of when its holder dies. Raises `busy` where another process holds it."""
    with lock.open("a+b") as handle:
        _lock(handle, lock, busy)
        try:
            yield
        finally:
            with suppress(OSError):  # Windows keeps an open file; it is empty and does no harm
                lock.unlink()


def _lock(handle: IO[bytes], lock: Path, busy: StoreError) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows only

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - POSIX only

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle.fileno()).st_ino != lock.stat().st_ino:
            raise FileNotFoundError(lock)  # another change has just ended and took its lock file away
    except OSError as error:
        raise busy from error
