"""Opening a catalog: which volumes there are, how old they are, and the rows that apply on a day.

A catalog that is damaged is refused, never silently replaced. `Catalog` opens lazily: a question about names never opens the
controls. A `Catalog` belongs to one thread; a worker opens its own with `again()`.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from border_kit import store
from border_kit.catalog import schema
from border_kit.errors import CatalogError
from border_kit.findings import Json

MANIFEST = "manifest.json"
FORMAT = 1
MAX_MANIFEST = 1_000_000
"""Bytes; a manifest is some kilobytes."""


@dataclass(frozen=True, slots=True)
class VolumeInfo:
    """What the manifest says of a volume: its file, edition and as-of dates, whether it is a demo, its logical digest."""

    name: str
    file: str
    edition: str
    as_of: date
    demo: bool
    digest: str
    rows: dict[str, int]

    def age_days(self, today: date) -> int:
        """Whole days since the data were current; never below zero."""
        return max(0, (today - self.as_of).days)


@dataclass(slots=True)
class Catalog:
    """An open catalog directory. `as_of` None asks what is in force on `today`; a date asks what applied on it."""

    root: Path
    volumes: dict[str, VolumeInfo]
    today: date
    as_of: date | None = None
    _open: dict[str, sqlite3.Connection] = field(default_factory=dict, repr=False)

    @property
    def in_force(self) -> str:
        """The SQL condition on `valid_from` and `valid_to`; bind `day`."""
        return schema.IN_FORCE if self.as_of is None else schema.AS_OF

    @property
    def day(self) -> str:
        """The day of the question, ISO."""
        return (self.as_of or self.today).isoformat()

    def has(self, name: str) -> bool:
        """Whether the catalog holds a volume."""
        return name in self.volumes

    def info(self, name: str) -> VolumeInfo:
        """What the manifest says of a volume. Raises CatalogError when the catalog has none of that name."""
        if name not in self.volumes:
            raise CatalogError(
                "volume_missing",
                f"This catalog has no volume of {name}.",
                "Install a catalog that has it (border-kit catalog info shows what is here).",
            )
        return self.volumes[name]

    def named(self, kind: str) -> list[str]:
        """The names of all volumes of a kind, sorted (there is one licence volume an authority)."""
        return sorted(name for name in self.volumes if schema.volume_kind(name) == kind)

    def open(self, name: str) -> sqlite3.Connection:
        """The volume's connection, its schema proven equal to the one expected. Raises CatalogError."""
        if name not in self._open:
            connection = store.open_volume(self.root / self.info(name).file)
            expect_schema(connection, schema.volume_kind(name), name)
            self._open[name] = connection
        return self._open[name]

    def index(self, name: str) -> sqlite3.Connection:
        """The derived index beside a volume. Raises CatalogError when it was never built or belongs to other data."""
        key = f"{name}.index"
        if key not in self._open:
            path = self.root / index_file(name)
            if not path.is_file():
                raise _stale_index(name, "is missing")
            connection = store.open_volume(path)
            try:
                row = connection.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()
            except sqlite3.Error as error:
                raise _stale_index(name, f"cannot be read ({error})") from error
            if row is None or row[0] != index_key(self.info(name).digest):
                raise _stale_index(name, "belongs to other data")
            self._open[key] = connection
        return self._open[key]

    def rows(self, name: str, sql: str, **values: str | float | None) -> list[sqlite3.Row]:
        """Rows of a volume; `:day` is bound to the day of the question. Raises CatalogError on a damaged volume."""
        try:
            return self.open(name).execute(sql, {"day": self.day, **values}).fetchall()
        except sqlite3.DatabaseError as error:
            raise CatalogError(
                "volume_damaged",
                f"The volume {name} cannot be read ({error}).",
                "Fetch or build the catalog again.",
            ) from error

    def again(self) -> Catalog:
        """The same catalog with connections of its own, for another thread."""
        return Catalog(self.root, self.volumes, self.today, self.as_of)

    def on(self, day: date | None) -> Catalog:
        """The same open volumes, asked about another day (None: what is in force). It belongs to the same thread."""
        return Catalog(self.root, self.volumes, self.today, day, self._open)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def ages(self) -> dict[str, Json]:
        """Edition, age and demo mark of every volume, as the contract's `catalog` block names them."""
        return {
            name: {"edition": info.edition, "age_days": info.age_days(self.today), "demo": info.demo}
            for name, info in sorted(self.volumes.items())
        }


INDEX_FORMAT = 2
"""Raised whenever a room changes how its index is laid out: an index of another format is stale."""


def index_key(digest: str) -> str:
    """What an index names in its `meta` as `digest`: the data it was made from and the layout it has."""
    return f"{INDEX_FORMAT}/{digest}"


def index_file(name: str) -> str:
    """The file name of a volume's derived index."""
    return f"{name}.index.sqlite"


def open_catalog(root: Path, today: date, as_of: date | None = None) -> Catalog:
    """Open a catalog directory. Raises CatalogError when it is missing or its manifest cannot be trusted."""
    return Catalog(root, read_manifest(root), today, as_of)


def read_manifest(root: Path) -> dict[str, VolumeInfo]:
    """Read and check `manifest.json`. Raises CatalogError."""
    path = root / MANIFEST
    try:
        return _parse_manifest(_head(path))
    except FileNotFoundError as error:
        raise CatalogError(
            "catalog_missing",
            f"There is no catalog in {root}.",
            "Build one with: border-kit catalog build --into DIR",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CatalogError(
            "catalog_damaged", f"The catalog's manifest cannot be read ({error}).", "Fetch or build the catalog again."
        ) from error


def _head(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise ValueError("it is no file")
    with path.open("rb") as stream:
        return stream.read(MAX_MANIFEST + 1)


def _parse_manifest(content: bytes) -> dict[str, VolumeInfo]:
    if len(content) > MAX_MANIFEST:
        raise ValueError("it is too large")
    document = json.loads(content)
    if document["format"] != FORMAT:
        raise ValueError(f"its format is {document['format']!r}, this version reads {FORMAT}")
    return {name: _volume(name, row) for name, row in document["volumes"].items()}


def _volume(name: str, row: dict[str, Any]) -> VolumeInfo:
    schema.volume_kind(name)
    if row["file"] != f"{name}.sqlite":
        raise ValueError(f"volume {name} names the file {row['file']!r}")
    rows = {str(table): int(count) for table, count in row["rows"].items()}
    return VolumeInfo(
        name,
        row["file"],
        str(row["edition"]),
        date.fromisoformat(row["as_of"]),
        bool(row["demo"]),
        str(row["digest"]),
        rows,
    )


REBUILD = "Rebuild it with: border-kit catalog index (name its folder behind it if you named one with --catalog)."
"""What to do about a search index that is lost, damaged or of another version."""


def _stale_index(name: str, what: str) -> CatalogError:
    return CatalogError(
        "index_stale",
        f"The search index of {name} {what}.",
        REBUILD,
    )


def table_sql(kind: str, *, published: bool = False) -> dict[str, str]:
    """The expected schema of a kind of volume: SQL by object name, as SQLite stores it; as it is published, without its indexes."""
    found: dict[str, str] = {}
    for name, table in schema.VOLUMES[kind].items():
        keys = (table.pk,) if isinstance(table.pk, str) else table.pk
        columns = ", ".join(
            f"{column} {'INTEGER' if kind_of is int else 'TEXT'}{' NOT NULL' if column in table.not_null else ''}"
            for column, kind_of in table.columns.items()
        )
        found[name] = f"CREATE TABLE {name} ({columns}, PRIMARY KEY ({', '.join(keys)})) WITHOUT ROWID"
        for index in () if published else table.indexes:
            label = f"idx_{name}_{'_'.join(index)}"
            found[label] = f"CREATE INDEX {label} ON {name} ({', '.join(index)})"
    return found


def expect_schema(connection: sqlite3.Connection, kind: str, name: str, *, published: bool = False) -> None:
    """Refuse a volume that holds anything but the expected tables and indexes (no trigger, no view, no surprise).

    Indexes that SQLite makes by itself for primary keys have no SQL; by their names nothing is passed over. As they are
    published, volumes hold tables alone.
    """
    expected = table_sql(kind, published=published)
    try:
        found = {
            row["name"]: row["sql"]
            for row in connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type <> 'index' OR sql IS NOT NULL"
            )
        }
    except sqlite3.Error as error:
        raise CatalogError(
            "volume_damaged", f"The volume {name} cannot be read ({error}).", "Fetch or build the catalog again."
        ) from error
    if found != expected:
        odd = sorted(set(found.items()) ^ set(expected.items()))
        raise CatalogError(
            "volume_foreign",
            f"The volume {name} is not built as this version expects (at {odd[0][0]}).",
            "Fetch or build a catalog for this version.",
        )
