"""Writing volumes, and putting them into a catalog so that it is the old one or the new one, never half.

A change is prepared in a folder inside the catalog, forced to disk and marked ready; then its files are moved over, the
manifest last. What was interrupted before the mark is thrown away by the next change, what was interrupted after it is
finished. One change at a time: a lock file is held meanwhile (the system lets go of it when its holder dies).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from border_kit import disk, store
from border_kit.catalog import schema, volumes
from border_kit.catalog.volumes import MANIFEST, VolumeInfo
from border_kit.errors import StoreError

Value = str | int | None
Row = dict[str, Value]
Tables = Mapping[str, Iterable[Row]]
Install = Callable[[Path, Iterable[str]], None]
"""Builds the derived indexes of the named volumes of a catalog directory; handed in by the desk."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many rows of it are done, and of how many (0: not known)."""

STAGE = ".stage"
LOCK = ".lock"
READY = "ready.json"


def no_install(root: Path, names: Iterable[str]) -> None:
    """Build no derived indexes (tests, and tools that only look at the data)."""


def no_progress(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def to_cell(value: object) -> str:
    """A list or a mapping as it stands in a cell: JSON, keys sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def create(path: Path, kind: str, *, published: bool = False) -> sqlite3.Connection:
    """Create an empty volume of a kind with exactly the expected schema, inside one transaction until `finish`."""
    connection = store.create_volume(path)
    connection.execute("BEGIN")
    for statement in volumes.table_sql(kind, published=published).values():
        connection.execute(statement)
    return connection


def add_indexes(path: Path, kind: str) -> None:
    """Make the indexes that a volume lacks: as it is published, it has none."""
    connection = change(path)
    try:
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        for name, statement in volumes.table_sql(kind).items():
            if name not in there:
                connection.execute(statement)
    finally:
        store.seal(connection, path)


def change(path: Path) -> sqlite3.Connection:
    """Open a copy of a volume for changing, inside one transaction until `finish`."""
    connection = store.create_volume(path)
    connection.execute("BEGIN")
    return connection


def insert(connection: sqlite3.Connection, kind: str, tables: Tables) -> None:
    """Insert rows into the tables of a volume; missing columns are null."""
    import sqlite_utils  # noqa: PLC0415 - only writers pay for it

    database = sqlite_utils.Database(connection)
    for name, rows in tables.items():
        columns = schema.VOLUMES[kind][name].columns
        full = ({column: row.get(column) for column in columns} for row in rows)
        database.table(name, pk=schema.VOLUMES[kind][name].pk).insert_all(full, batch_size=500)


def append(connection: sqlite3.Connection, kind: str, tables: Mapping[str, list[Row]]) -> None:
    """Insert many rows of known shape: `insert` without its look at every value, three times as fast on long lists."""
    for name, rows in tables.items():
        columns = list(schema.VOLUMES[kind][name].columns)
        marks = ", ".join("?" * len(columns))
        values = ([row.get(column) for column in columns] for row in rows)
        connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", values)


def finish(connection: sqlite3.Connection, path: Path, name: str, meta: Mapping[str, str]) -> VolumeInfo:
    """Write the volume's `meta` (edition, as_of, demo, name), count, digest, force to disk; the manifest's row of it."""
    kind = schema.volume_kind(name)
    full = {"volume": name, "schema_version": str(schema.SCHEMA_VERSION), **meta}
    connection.execute("DELETE FROM meta")
    insert(connection, kind, {"meta": [{"key": key, "value": value} for key, value in full.items()]})
    info = VolumeInfo(
        name=name,
        file=path.name,
        edition=full["edition"],
        as_of=date.fromisoformat(full["as_of"]),
        demo=full["demo"] == "1",
        digest=digest(connection, kind),
        rows=counts(connection, kind),
    )
    store.seal(connection, path)
    return info


def counts(connection: sqlite3.Connection, kind: str) -> dict[str, int]:
    """Rows by table."""
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in schema.VOLUMES[kind]}


def digest(connection: sqlite3.Connection, kind: str) -> str:
    """SHA-256 over every row of a volume in the order of its keys: the same knowledge, the same digest.

    Rows are written as SQL literals (SQLite documentation, "quote(X)"), so null, number and text stay apart.
    """
    summed = hashlib.sha256()
    for name, table in sorted(schema.VOLUMES[kind].items()):
        keys = (table.pk,) if isinstance(table.pk, str) else table.pk
        cells = "||','||".join(f"quote({column})" for column in table.columns)
        summed.update(f"{name}({','.join(table.columns)})\n".encode())
        for row in connection.execute(f"SELECT {cells} FROM {name} ORDER BY {', '.join(keys)}"):
            summed.update(row[0].encode("utf-8", "surrogatepass") + b"\n")
    return summed.hexdigest()


def manifest_bytes(found: Mapping[str, VolumeInfo]) -> bytes:
    """The manifest of these volumes; no time of building stands in it."""
    rows = {
        name: {
            "file": info.file,
            "edition": info.edition,
            "as_of": info.as_of.isoformat(),
            "demo": info.demo,
            "digest": info.digest,
            "rows": info.rows,
        }
        for name, info in sorted(found.items())
    }
    return (json.dumps({"format": volumes.FORMAT, "volumes": rows}, indent=1, sort_keys=True) + "\n").encode()


def _busy(into: Path) -> StoreError:
    return StoreError(
        "catalog_busy", f"Another import or build is changing the catalog in {into}.", "Wait until it has ended."
    )


@contextmanager
def staging(into: Path) -> Iterator[Path]:
    """A folder inside a catalog in which a change is prepared; gone afterwards, whatever happened.

    Raises:
        StoreError: the disk is full, may not be written, or another change is under way.
    """
    stage = into / STAGE
    try:
        into.mkdir(parents=True, exist_ok=True)
        with disk.alone(into / LOCK, _busy(into)):
            recover(into)
            stage.mkdir()
            try:
                yield stage
            finally:
                if not (stage / READY).exists():
                    shutil.rmtree(stage, ignore_errors=True)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "catalog_not_written",
            f"The catalog in {into} was not changed ({error}).",
            "Free some disk space or check the permissions, then repeat the step.",
        ) from error


def publish(
    stage: Path,
    into: Path,
    found: Mapping[str, VolumeInfo],
    changed: Iterable[str],
    install: Install,
    gone: Iterable[str] = (),
) -> None:
    """Make a prepared change the catalog: build its indexes, mark it ready, move it over.

    Args:
        stage: the prepared folder, holding the changed volumes.
        into: the catalog.
        found: every volume of the catalog afterwards.
        changed: the names of the volumes in the stage.
        install: builds their derived indexes.
        gone: the names of volumes that the catalog no longer has; their files are removed.
    """
    disk.replace_file(stage / MANIFEST, manifest_bytes(found))
    install(stage, list(changed))
    for path in sorted(stage.iterdir()):
        disk.sync_file(path)
    files = sorted(file for name in gone for file in (f"{name}.sqlite", volumes.index_file(name)))
    disk.replace_file(stage / READY, json.dumps({"gone": files}).encode())
    try:
        _move(stage, into)
    except KeyboardInterrupt:
        _move(stage, into)
        raise


def recover(into: Path) -> None:
    """Finish a change that was marked ready, or throw away one that was not."""
    stage = into / STAGE
    if (stage / READY).exists():
        _move(stage, into)
    elif stage.exists():
        shutil.rmtree(stage)


def _move(stage: Path, into: Path) -> None:
    """Move a ready change over; may be called again at any point of itself."""
    gone = json.loads((stage / READY).read_bytes())["gone"]
    for path in sorted(stage.iterdir()):
        if path.name not in {MANIFEST, READY}:
            path.replace(into / path.name)
    disk.sync_folder(into)
    if (stage / MANIFEST).exists():
        (stage / MANIFEST).replace(into / MANIFEST)
        disk.sync_folder(into)
    for name in gone:
        (into / name).unlink(missing_ok=True)
    shutil.rmtree(stage)
