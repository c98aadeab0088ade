"""The only place that opens databases.

Volumes (reference data) are opened read-only and immutable; a volume is foreign until proven, so the schema in it is never
trusted. Office files (cases, drafts) are durable: what a call has confirmed survives a power cut (SQLite documentation,
"PRAGMA synchronous": FULL in WAL mode syncs at every commit). A connection belongs to the thread that opened it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from border_kit import disk, in_use
from border_kit.errors import CatalogError, StoreError

Book = TypeVar("Book")


def open_volume(path: Path, *, mapped: bool = True) -> sqlite3.Connection:
    """Open a catalog volume read-only and immutable. Raises CatalogError when it is missing or no database.

    `mapped` false reads it page by page: for work that goes through all of it, whose mapped pages would count as its memory.
    """
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
        if not mapped:
            connection.execute("PRAGMA mmap_size=0")
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
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-8192"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def seal(connection: sqlite3.Connection, path: Path) -> None:
    """Close a newly built database and force it to disk."""
    if connection.in_transaction:
        connection.execute("COMMIT")
    connection.close()
    disk.sync_file(path)


def memory() -> sqlite3.Connection:
    """An empty database in memory (training, tests, expected schemas)."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def scratch() -> sqlite3.Connection:
    """An empty database for what does not fit in memory: SQLite keeps it in a file of its own, which is gone when it is closed."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_office(path: Path) -> sqlite3.Connection:
    """Open (or create, readable by its owner alone) an office file. Raises StoreError when that cannot be done.

    A file that is there but may only be read is opened for reading: every writing step then says so.
    """
    try:
        if path.exists() and not _writable(path):
            return _open_reading(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, timeout=10.0, factory=in_use.Connection)
        connection.row_factory = sqlite3.Row
        for pragma in (
            "trusted_schema=OFF",
            "journal_mode=WAL",
            "synchronous=OFF" if disk.is_passing() else "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.hold(path)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            "casebook_unusable",
            f"The office file {path.name} cannot be opened ({_words(error)}).",
            "Check that the path is right, the disk is not full and you may write there.",
        ) from error
    return connection


def _writable(path: Path) -> bool:
    """Whether the file and its folder (for the journal beside it) take writing.

    The file is not opened to see it: closing it would let go of every lock that this process holds on it (POSIX fcntl), and another
    process, taking itself for the last, would delete the journal under us (SQLite, "How To Corrupt", 2.2).
    """
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _open_reading(path: Path) -> sqlite3.Connection:
    """A file on a medium that cannot be written; what its journal holds is read where the system lets us."""
    if not path.is_file():
        raise sqlite3.OperationalError("it is no file")  # a pipe would be waited for
    name, journal = quote(str(path.resolve())), path.with_name(path.name + "-wal")
    still = "" if journal.exists() and journal.stat().st_size else "&immutable=1"
    connection = sqlite3.connect(
        f"file:{name}?mode=ro{still}", uri=True, isolation_level=None, factory=in_use.Connection
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.hold(path)
    return connection


def settle(connection: sqlite3.Connection) -> None:
    """Bring the journal into the file and empty it. Raises StoreError."""
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise _unwritten(error) from error


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a whole database that may be in use, page by page, as of one moment, and force it to disk. Raises StoreError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        target = sqlite3.connect(path, isolation_level=None)
        try:
            connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        finally:
            target.close()
        disk.sync_file(path)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            "backup_not_written",
            f"The copy {path.name} could not be written ({_words(error)}).",
            "Free some space there, or name another place; nothing here has changed.",
        ) from error


def read_copy(path: Path) -> sqlite3.Connection:
    """A closed database file for reading alone, its pages checked. Raises StoreError when it is damaged or none."""
    try:
        connection = _open_reading(path)
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            "copy_damaged", f"{path.name} cannot be read ({_words(error)}).", "Take another copy."
        ) from error
    if found != "ok":
        connection.close()
        raise StoreError("copy_damaged", f"{path.name} is damaged ({found}).", "Take another copy.")
    return connection


def damage(connection: sqlite3.Connection) -> str | None:
    """What is wrong with the pages of an open database; None where they are whole."""
    try:
        found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return _words(error)
    return None if found == "ok" else found


def unreadable(error: sqlite3.Error) -> StoreError:
    """What a database said while it was read, as words for the officer."""
    return StoreError(
        "file_unreadable",
        f"A file of this office or of its catalog cannot be read ({_words(error)}).",
        "border-kit case verify-log and border-kit catalog verify say which; restore a backup or fetch the catalog again.",
    )


_SAYS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may only be read here",
    sqlite3.SQLITE_BUSY: "another program is writing to it",
    sqlite3.SQLITE_IOERR: "the disk refused",
    sqlite3.SQLITE_IOERR_SHMSIZE: "the disk is full",  # no room for the index of the journal
    sqlite3.SQLITE_NOTADB: "it is no database",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
}


def _words(error: Exception) -> str:
    """What the disk or the database said, in words; its own stand behind them."""
    code = getattr(error, "sqlite_errorcode", -1)
    said = _SAYS.get(code) or _SAYS.get(code & 0xFF)
    own = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{said}: {own}" if said and said != own else own


def _unwritten(error: sqlite3.Error) -> StoreError:
    hint = {
        sqlite3.SQLITE_FULL: "Free some disk space, then repeat the step.",
        sqlite3.SQLITE_READONLY: "Have the permissions put right or name another casebook, then repeat the step.",
        sqlite3.SQLITE_BUSY: "Close the other program, then repeat the step.",
    }.get(
        getattr(error, "sqlite_errorcode", -1) & 0xFF,
        "Free some disk space or check the permissions, then repeat the step.",
    )
    return StoreError(
        "casebook_not_written",
        f"Nothing was saved: the office file could not be written ({_words(error)}).",
        hint,
    )


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


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of one kind of office file, in the version that this kit writes.

    Attributes:
        kind: begins the codes of its errors: `ledger` gives `ledger_unusable`.
        name: what it is called in a sentence.
        version: of `schema`; stands in the file as `user_version`.
        upgrades: by the version of an older file, what makes it one version newer.
        option: the command's option that names such a file; without one it has its place.
        mend: what to do with a file that cannot be read.
    """

    kind: str
    name: str
    version: int
    schema: str
    upgrades: Mapping[int, str] = field(default_factory=dict)
    option: str = ""
    mend: str = "Restore it from a backup."

    def prepare(
        self, connection: sqlite3.Connection, first: Callable[[sqlite3.Connection], object] | None = None
    ) -> None:
        """Make the tables of a new file (`first` fills them), or bring an older one up to date.

        Raises StoreError for a file of something else, or of a version that this kit does not know.
        """
        if self._version(connection) == self.version:
            return
        with writing(connection):
            found = self._version(connection)  # another process may have been first
            for step in [self.schema] if found == 0 else [self.upgrades[older] for older in range(found, self.version)]:
                run(connection, step)
            if found == 0 and first is not None:
                first(connection)
            connection.execute(f"PRAGMA user_version = {self.version}")

    def _version(self, connection: sqlite3.Connection) -> int:
        """The version of a file, 0 for an empty one; read in one statement, so that it is of one moment."""
        asked = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
        found, tables = connection.execute(asked).fetchone()
        elsewhere = f"name another file with {self.option}" if self.option else "move it away"
        if found not in (0, self.version, *self.upgrades):
            raise StoreError(
                f"{self.kind}_version",
                f"The {self.name} was written by another version of the kit (layout {found}).",
                f"Update the kit, or {elsewhere}.",
            )
        if found == 0 and tables:
            raise StoreError(
                f"{self.kind}_foreign", f"This file is a database, but no {self.name}.", f"{elsewhere.capitalize()}."
            )
        return int(found)

    def open(self, path: Path, use: Callable[[sqlite3.Connection], Book]) -> Book:
        """Open or create a file, and what uses it; closed again where that refuses. Raises StoreError."""
        connection = open_office(path)
        try:
            return use(connection)
        except sqlite3.Error as error:
            connection.close()
            raise StoreError(
                f"{self.kind}_unusable", f"The {self.name} {path.name} cannot be read ({_words(error)}).", self.mend
            ) from error
        except StoreError:
            connection.close()
            raise


def run(connection: sqlite3.Connection, script: str) -> None:
    """Run every statement of a script (sqlite3's own `executescript` would end the transaction)."""
    for statement in statements(script):
        connection.execute(statement)


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One durable transaction: all of it or nothing; within one that is under way, part of it. Raises StoreError when the disk says no."""
    under_way = connection.in_transaction
    if under_way:
        yield connection
        return
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
        raise _unwritten(error) from error
