"""The editions of imported lists, the past of a paragraph, and what one edition changed against another."""

from __future__ import annotations

from datetime import date

from border_kit.catalog.tree import in_order
from border_kit.catalog.volumes import Catalog
from border_kit.errors import InputError
from border_kit.findings import Json

Document = dict[str, Json]

LISTED = 500
"""Paragraphs that a difference names of each kind; the rest is counted."""

# What an imported list has in each table: its key, what is shown of a row, and where it stands.
_TABLES = {
    "list_text": ("code", "text"),
    "nomenclature": ("code || CASE suffix WHEN '' THEN '' ELSE '-' || suffix END", "text"),
    "hs_link": ("hs || ' = ' || owner", "hs_edition"),
    "chemical": ("name || coalesce(' (' || cas || ')', '')", "entries || ' ' || coalesce(concentration, '')"),
}


def editions(catalog: Catalog) -> list[Document]:
    """Every edition of every list of the controls, newest first within its list."""
    rows = catalog.rows("controls", "SELECT * FROM edition WHERE kind <> 'authored' ORDER BY list, edition DESC")
    return [
        {
            "list": row["list"],
            "edition": row["edition"],
            "kind": row["kind"],
            "source": row["source"],
            "assumed": bool(row["assumed"]),
            "current": bool(row["current"]),
        }
        for row in rows
    ]


def texts(catalog: Catalog, code: str) -> list[Document]:
    """What the imported lists say under a code, in every edition that said something else, newest first."""
    rows = catalog.rows(
        "controls",
        "SELECT * FROM list_text WHERE code = :code ORDER BY list <> 'EU-DU', list, valid_from DESC",
        code=code,
    )
    return [
        {
            "list": row["list"],
            "edition": row["edition"],
            "applies_from": row["valid_from"],
            "applies_to": row["valid_to"],
            "parent": row["parent"],
            "text": row["text"],
            "notes": row["notes"].splitlines() if row["notes"] else [],
        }
        for row in rows
    ]


def changes(catalog: Catalog, name: str, old: date | None = None, new: date | None = None) -> Document:
    """What a list said on one day and on another: paragraphs added, changed (old and new text) and ended.

    Args:
        catalog: with a controls volume.
        name: the list's id.
        old: the day before; without one, the list's edition before the newest.
        new: the day after; without one, the list's newest edition.

    Raises:
        InputError: the list was never imported, or has no two editions and no days were given.
    """
    known = [str(row["edition"]) for row in editions(catalog) if row["list"] == name]
    if not known:
        raise InputError("not_found", f"No edition of {name!r} was imported.", "See: border-kit catalog info --json")
    if old is None and len(known) == 1:
        raise InputError(
            "one_edition",
            f"Only one edition of {name} was imported ({known[0]}).",
            "Import another edition, or compare two days (catalog diff --list ID --from DATE --to DATE).",
        )
    days = (old.isoformat() if old else known[1], new.isoformat() if new else known[0])
    found: dict[str, list[Json]] = {"added": [], "changed": [], "ended": []}
    for table in _TABLES:
        before, after = (_said(catalog, table, name, day) for day in days)
        found["added"] += [{"code": key, "text": after[key]} for key in after.keys() - before.keys()]
        found["ended"] += [{"code": key, "text": before[key]} for key in before.keys() - after.keys()]
        found["changed"] += [
            {"code": key, "old": before[key], "new": after[key]}
            for key in before.keys() & after.keys()
            if before[key] != after[key]
        ]
    return {
        "list": name,
        "from": days[0],
        "to": days[1],
        "differs": any(found.values()),
        **{kind: len(rows) for kind, rows in found.items()},
        "paragraphs": {kind: sorted(rows, key=_place)[:LISTED] for kind, rows in found.items()},
    }


def _place(row: Json) -> list[tuple[bool, int, str]]:
    assert isinstance(row, dict)  # rows made above
    return in_order(str(row["code"]))


def _said(catalog: Catalog, table: str, name: str, day: str) -> dict[str, str]:
    key, text = _TABLES[table]
    notes = " || coalesce(char(10) || notes, '')" if table == "list_text" else ""
    rows = catalog.rows(
        "controls",
        f"SELECT {key} AS key, {text}{notes} AS said FROM {table} WHERE edition IN (SELECT id FROM edition WHERE list = :list) "
        "AND (valid_from IS NULL OR valid_from <= :then) AND (valid_to IS NULL OR valid_to > :then)",
        list=name,
        then=day,
    )
    return {row["key"]: row["said"] for row in rows}
