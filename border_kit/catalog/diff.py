"""What differs between two catalogs, or between two days of one: rows added, changed and ended, table by table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from border_kit.catalog import schema, volumes
from border_kit.catalog.schema import VOLUMES, volume_kind
from border_kit.catalog.volumes import Catalog
from border_kit.errors import CatalogError
from border_kit.findings import Json

LISTED = 100
"""Rows that are named for each table and kind of difference; the rest is counted."""

# What makes two rows of different editions the same row, where it is not their identifier.
_KEYS = {
    "listing": ("list", "source_ref"),
    "party_name": ("list", "source_ref", "name", "quality"),
    "party_fact": ("list", "source_ref", "type", "value"),
    "identifier": ("list", "source_ref", "type", "value"),
    "list_text": ("list", "code"),
    "licence": ("number",),
}
_OF_LISTINGS = frozenset({"party_name", "party_fact", "identifier"})
"""Parts of a listing: they are known again by their list's own id, whichever party the listing was joined to."""
_LEFT_OUT = frozenset({"meta", "edition"})
_DATED = frozenset({"controls", "parties"})
"""Kinds of volumes whose rows have dates of their own; a licence's and a key's dates are what they say."""

_BESIDE = frozenset({"id", "edition", "listing", "position", "party", "content", "since", "until", "run"})


@dataclass(slots=True)
class _Table:
    told: Callable[[str, tuple[str, ...]], None]
    added: int = 0
    changed: int = 0
    ended: int = 0
    rows: dict[str, list[Json]] = field(default_factory=lambda: {"added": [], "changed": [], "ended": []})

    def note(self, what: str, key: tuple[str, ...], row: Json) -> None:
        self.told(what, key)
        setattr(self, what, getattr(self, what) + 1)
        if len(self.rows[what]) < LISTED:
            self.rows[what].append(row)

    def to_json(self) -> dict[str, Json]:
        return {"added": self.added, "changed": self.changed, "ended": self.ended, "rows": dict(self.rows)}


def diff(old: Path, new: Path, *, old_day: date | None = None, new_day: date | None = None) -> dict[str, Json]:
    """Compare two catalogs, or one catalog on two days.

    Args:
        old: the catalog before.
        new: the catalog after; may be the same directory.
        old_day: the day that `old` is asked for; None takes what is in force.
        new_day: the same of `new`.

    Returns:
        `differs`, the editions of both, by volume and table the counts and the first rows added, changed and ended, and in `lists`
        the entries of each party list that were added, changed (in any of their parts) and ended.

    Raises:
        CatalogError: a catalog is missing or damaged.
    """
    left = volumes.open_catalog(old, date.max, old_day)
    right = volumes.open_catalog(new, date.max, new_day)
    try:
        found: dict[str, Json] = {}
        entries = _Entries()
        for name in sorted(set(left.volumes) | set(right.volumes)):
            tables = dict(_volume(left, right, name, entries))
            if tables:
                found[name] = tables
        return {
            "differs": bool(found),
            "old": _editions(left),
            "new": _editions(right),
            "volumes": found,
            "lists": entries.to_json(),
        }
    finally:
        left.close()
        right.close()


def _editions(catalog: Catalog) -> dict[str, Json]:
    return {name: info.edition for name, info in sorted(catalog.volumes.items())}


@dataclass(slots=True)
class _Entries:
    """What happened to the entries of party lists, each counted once."""

    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, table: str, what: str, key: tuple[str, ...]) -> None:
        """A row of a listing or of one of its parts came, changed or went."""
        if table == "listing" and what != "changed":
            self.found[key[0], key[1]] = what
        elif table == "listing" or table in _OF_LISTINGS:
            self.found.setdefault((key[0], key[1]), "changed")

    def to_json(self) -> dict[str, Json]:
        """By list the counts."""
        lists: dict[str, dict[str, Json]] = {}
        for (name, _), what in sorted(self.found.items()):
            counts = lists.setdefault(name, {"added": 0, "changed": 0, "ended": 0})
            counts[what] = int(str(counts[what])) + 1
        return {**lists}


def _volume(left: Catalog, right: Catalog, name: str, entries: _Entries) -> Iterator[tuple[str, Json]]:
    dated = left.as_of is not None or right.as_of is not None
    if not dated and left.has(name) and right.has(name) and left.info(name).digest == right.info(name).digest:
        return
    for table in VOLUMES[volume_kind(name)]:
        if table not in _LEFT_OUT:
            found = _Table(lambda what, key, table=table: entries.note(table, what, key))  # type: ignore[misc]  # bound at once
            changes = _compare(_rows(left, name, table), _rows(right, name, table), _columns(name, table), found)
            if changes.added or changes.changed or changes.ended:
                yield table, changes.to_json()


def _key(name: str, table: str) -> tuple[str, ...]:
    pk = VOLUMES[volume_kind(name)][table].pk
    return _KEYS.get(table, (pk,) if isinstance(pk, str) else pk)


def _columns(name: str, table: str) -> tuple[str, ...]:
    """The columns in which a row may change: neither its key nor what every edition renews."""
    kind = volume_kind(name)
    beside = _BESIDE | ({"valid_from", "valid_to"} if kind in _DATED else frozenset())
    return tuple(column for column in VOLUMES[kind][table].columns if column not in {*_key(name, table), *beside})


Keyed = tuple[tuple[str, ...], sqlite3.Row]


def _rows(catalog: Catalog, name: str, table: str) -> Iterator[Keyed]:
    """The rows in force in the order of their keys, each key once."""
    if not catalog.has(name):
        return
    kind = volume_kind(name)
    key = _key(name, table)
    where = _in_force(
        table, dated=kind in _DATED and "valid_to" in VOLUMES[kind][table].columns, today=catalog.as_of is None
    )
    order = ", ".join(f"coalesce({column}, '')" for column in key)
    source = table
    if table in _OF_LISTINGS:
        source = f"(SELECT t.*, l.list, l.source_ref FROM {table} t JOIN listing l ON l.id = t.listing)"
    sql = f"SELECT * FROM {source} WHERE {where} ORDER BY {order}"
    try:
        last: tuple[str, ...] | None = None
        for row in catalog.open(name).execute(sql, {"day": catalog.day}):
            found = tuple(row[column] or "" for column in key)
            if found != last:
                yield found, row
            last = found
    except sqlite3.DatabaseError as error:
        raise CatalogError(
            "volume_damaged", f"The volume {name} cannot be read ({error}).", "Fetch or build the catalog again."
        ) from error


def _in_force(table: str, *, dated: bool, today: bool) -> str:
    held = schema.HELD if today else schema.HELD_AS_OF
    if table == "licence":
        return held
    if table == "licence_line":
        return f"licence IN (SELECT id FROM licence WHERE {held})"
    return "1" if not dated else "valid_to IS NULL" if today else schema.AS_OF


def _compare(left: Iterator[Keyed], right: Iterator[Keyed], columns: tuple[str, ...], found: _Table) -> _Table:
    """Walk two sorted runs of rows side by side: memory grows with the differences, not with the tables."""
    before, after = next(left, None), next(right, None)
    while before is not None or after is not None:
        if after is None or (before is not None and _bytes(before[0]) < _bytes(after[0])):
            assert before is not None  # the loop's own condition, told to the type checker
            found.note("ended", before[0], "/".join(before[0]))
            before = next(left, None)
        elif before is None or _bytes(before[0]) > _bytes(after[0]):
            found.note("added", after[0], "/".join(after[0]))
            after = next(right, None)
        else:
            changed: list[Json] = [column for column in columns if before[1][column] != after[1][column]]
            if changed:
                found.note("changed", before[0], {"row": "/".join(before[0]), "columns": changed})
            before, after = next(left, None), next(right, None)
    return found


def _bytes(key: tuple[str, ...]) -> tuple[bytes, ...]:
    """SQLite orders text by its UTF-8 bytes."""
    return tuple(part.encode("utf-8", "surrogatepass") for part in key)
