"""The volume that is published: the one published before, with the rows changed that differ, and without its SQL indexes.

A catalog may have been built anew or imported in another order; its rows are what counts. Changing the published file row by
row leaves its pages where they were, and the patch small: a volume built anew, or a VACUUM, makes a patch many times as large
(benchmarks/results/sync-patches.md). Indexes follow from the rows, and whoever installs a volume makes them: half of the pages
that a day changes would be theirs.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from border_kit import store
from border_kit.catalog import schema, volumes, writer
from border_kit.catalog.volumes import VolumeInfo
from border_kit.errors import CatalogError

_SLACK = 1.5
"""How much larger than one written anew the published file may grow before it is begun anew, at the price of one full file."""


def derive(info: VolumeInfo, fresh: Path, published: Path | None, into: Path) -> bool:
    """Write the volume to publish.

    Args:
        info: the manifest's row of the volume.
        fresh: the volume in the catalog.
        published: the file published before; None for the first time.
        into: where the new file goes.

    Returns:
        Whether it follows the published file; else it is written anew.

    Raises:
        CatalogError: the catalog's volume is damaged, or not what its manifest says.
    """
    anew = into.with_name(f"{into.name}.anew")
    try:
        kind = schema.volume_kind(info.name)
        store.seal(writer.create(anew, kind, published=True), anew)
        _bring(info, fresh, anew)
        most = anew.stat().st_size * _SLACK
        if published is not None and _follows(info, fresh, published, into) and into.stat().st_size <= most:
            return True
        anew.replace(into)
    finally:
        anew.unlink(missing_ok=True)
    return False


def _follows(info: VolumeInfo, fresh: Path, published: Path, into: Path) -> bool:
    """Change a copy of the file published before; whether that led to the same knowledge (one of another build does not)."""
    shutil.copyfile(published, into)
    try:
        _bring(info, fresh, into)
    except CatalogError:
        return False
    return True


def _bring(info: VolumeInfo, fresh: Path, into: Path) -> None:
    """Bring a file of the published form to the rows of the fresh volume. Raises CatalogError where that is not what it leads to."""
    kind = schema.volume_kind(info.name)
    connection = store.create_volume(into)
    try:
        connection.execute("PRAGMA secure_delete=ON")
        volumes.expect_schema(connection, kind, info.name, published=True)
        _expect_schema(info.name, fresh)
        connection.execute("ATTACH ? AS fresh", (str(fresh),))
        connection.execute("BEGIN")
        for name in schema.VOLUMES[kind]:
            _rows(connection, kind, name)
        connection.execute("COMMIT")
        if writer.digest(connection, kind) != info.digest:
            raise CatalogError(
                "volume_damaged",
                f"The volume {info.name} is not what the catalog's manifest says.",
                "See what is wrong: border-kit catalog verify DIR",
            )
    except sqlite3.Error as error:
        raise CatalogError(
            "volume_damaged", f"The volume {info.name} cannot be read ({error}).", "Build or import the catalog again."
        ) from error
    finally:
        store.seal(connection, into)


def _expect_schema(name: str, path: Path) -> None:
    connection = store.open_volume(path)
    try:
        volumes.expect_schema(connection, schema.volume_kind(name), name)
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, kind: str, name: str) -> None:
    """Take out the rows that are gone, put in those that are new, change in place those that differ."""
    table = schema.VOLUMES[kind][name]
    key = (table.pk,) if isinstance(table.pk, str) else table.pk
    keys, columns = ", ".join(key), ", ".join(table.columns)
    rest = ", ".join(f"{column} = excluded.{column}" for column in table.columns if column not in key)
    connection.execute(
        f"DELETE FROM main.{name} WHERE ({keys}) IN (SELECT {keys} FROM main.{name} EXCEPT SELECT {keys} FROM fresh.{name})"
    )
    connection.execute(
        f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM "
        f"(SELECT {columns} FROM fresh.{name} EXCEPT SELECT {columns} FROM main.{name}) WHERE true "
        f"ON CONFLICT ({keys}) DO {f'UPDATE SET {rest}' if rest else 'NOTHING'}"
    )
