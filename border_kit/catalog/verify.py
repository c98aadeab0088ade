"""Whether a catalog is what its manifest says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from border_kit import store
from border_kit.catalog import volumes, writer
from border_kit.catalog.schema import volume_kind
from border_kit.catalog.volumes import VolumeInfo
from border_kit.errors import CatalogError


def verify(root: Path) -> tuple[str, ...]:
    """Check every volume: readable, sound pages, expected schema, row counts, digest; and that its index belongs to it.

    Args:
        root: the catalog directory.

    Returns:
        What is wrong, a sentence each; nothing when the catalog is intact.

    Raises:
        CatalogError: there is no catalog, or its manifest cannot be read.
    """
    found = volumes.read_manifest(root)
    return tuple(problem for name in sorted(found) for problem in _volume(root, found[name]))


def _volume(root: Path, info: VolumeInfo) -> Iterator[str]:
    try:
        connection = store.open_volume(root / info.file)
    except CatalogError as error:
        yield error.message
        return
    try:
        yield from _content(connection, info)
    except CatalogError as error:
        yield error.message
    except sqlite3.Error as error:
        yield f"The volume {info.name} cannot be read ({error})."
    finally:
        connection.close()
    yield from _index(root, info)


def _content(connection: sqlite3.Connection, info: VolumeInfo) -> Iterator[str]:
    kind = volume_kind(info.name)
    for row in connection.execute("PRAGMA integrity_check(5)"):
        if row[0] != "ok":
            yield f"The volume {info.name} is damaged: {row[0]}."
    volumes.expect_schema(connection, kind, info.name)
    counted = writer.counts(connection, kind)
    for table in sorted(counted):
        if counted[table] != info.rows.get(table):
            yield f"{info.name}: {counted[table]} rows in {table}, the manifest says {info.rows.get(table)}."
    if writer.digest(connection, kind) != info.digest:
        yield f"{info.name}: the content is not what the manifest's digest says."
    stated = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    if stated.get("volume") != info.name or stated.get("edition") != info.edition:
        yield f"{info.name}: the file says it is {stated.get('volume')} of {stated.get('edition')}."


def _index(root: Path, info: VolumeInfo) -> Iterator[str]:
    """A volume may have a derived index; one that is there must belong to it."""
    path = root / volumes.index_file(info.name)
    if not path.exists():
        return
    try:
        connection = store.open_volume(path)
    except CatalogError as error:
        yield error.message
        return
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()
        if row is None or row[0] != volumes.index_key(info.digest):
            yield f"The search index of {info.name} belongs to other data: border-kit catalog index DIR rebuilds it."
    except sqlite3.Error as error:
        yield f"The search index of {info.name} cannot be read ({error})."
    finally:
        connection.close()
