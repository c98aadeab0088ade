"""Looking things up: an entry with everything that leads to it, an HS code, a listed party, a licence."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from border_kit.catalog import codes, editions, goods
from border_kit.catalog.criteria_words import release_words, tree_words
from border_kit.catalog.dossier import reason
from border_kit.catalog.search import search
from border_kit.catalog.volumes import Catalog
from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.text import clean_line

__all__ = ["search", "show"]

Page = dict[str, Json]

_MAX_QUERY = 200
_MAX_ROWS = 200
_EXAMPLES = 12
_TITLE = 160


def show(catalog: Catalog, what: str) -> Page:
    """The page of an entry (`6A003.b.4.b`, `US-CCL/9A120`), an HS code, a party (`UN-SC:QDi.001`) or a licence number.

    Raises:
        InputError: nothing of that name is in this catalog.
        CatalogError: a volume is damaged.
    """
    name = clean_line(what, _MAX_QUERY)
    for page in (_entry, goods.page, _party, _licence):
        found = page(catalog, name)
        if found is not None:
            return found
    raise InputError(
        "not_found",
        f"Nothing is found under {name!r} in this catalog.",
        "Search with: border-kit catalog search WORDS. What is not listed here may still be caught by a catch-all.",
    )


def _entry(catalog: Catalog, name: str) -> Page | None:
    if not catalog.has("controls") or not name:
        return None
    prefix, slash, bare = name.rpartition("/")
    code = codes.tidy(bare)
    lists = [prefix.upper()] if slash else _lists_with(catalog, code)
    if not lists:
        return None
    wanted = f"{lists[0]}/{code}"
    rows = catalog.rows("controls", f"SELECT * FROM entry WHERE id = :id AND {catalog.in_force}", id=wanted)
    text = _imported(catalog, lists[0], code)
    if not rows and text is None:
        return None
    page: Page = {"kind": "entry", "id": wanted, "code": code, "list": lists[0]}
    page |= _authored(catalog, rows[0]) if rows else _unwritten(catalog, lists[0], code)
    if text is not None and not page["title"]:
        page["title"] = str(text["text"])[:_TITLE]
    said = [row for row in editions.texts(catalog, code) if row["list"] == lists[0] or row["applies_to"] is None]
    return page | {
        "imported_text": text,
        "texts": [*said],
        "goods": goods.links_of(catalog, wanted),
        "also_on": [*lists[1:]],
        "as_of": catalog.as_of.isoformat() if catalog.as_of else None,
    }


def _unwritten(catalog: Catalog, name: str, code: str) -> Page:
    """What is known of a paragraph that only an imported list has."""
    found = catalog.rows(
        "controls",
        f"SELECT code, substr(text, 1, {_TITLE}) AS title FROM list_text WHERE list = :list AND parent = :code "
        f"AND {catalog.in_force} ORDER BY position",
        list=name,
        code=code,
    )
    return {
        "title": None,
        "root": codes.root(code),
        "below": [f"{name}/{row['code']} {row['title']}" for row in found],
        "equivalent_of": _equivalent_of(catalog, name, code),
    }


def _lists_with(catalog: Catalog, code: str) -> list[str]:
    """The lists that have a code, the kit's primary list first."""
    rows = catalog.rows(
        "controls",
        f"SELECT list FROM entry WHERE code = :code AND {catalog.in_force} "
        f"UNION SELECT list FROM list_text WHERE code = :code AND {catalog.in_force}",
        code=code,
    )
    return sorted((row["list"] for row in rows), key=lambda name: (name != "EU-DU", name))


def _authored(catalog: Catalog, row: sqlite3.Row) -> Page:
    units = {each["id"]: each for each in catalog.rows("controls", "SELECT id, name, ask FROM parameter")}
    names = {key: value["name"] for key, value in units.items()}
    releases = json.loads(row["releases"])
    return {
        "title": row["title"],
        "summary": row["summary"],
        "root": row["root"],
        "parent": row["parent"],
        "regimes": json.loads(row["regimes"]),
        "criteria": tree_words(json.loads(row["criteria"]), names) if row["criteria"] else [],
        "released_if": [release_words(release, names) for release in releases],
        "hs": _hs_of(catalog, row["id"]),
        "named_by": _named_by(catalog, row["id"]),
        "equivalents": _equivalents(catalog, row["id"]),
        "equivalent_of": _equivalent_of(catalog, row["list"], row["code"]),
        "below": _below(catalog, row["id"]),
        "law_as_of": _law(catalog, row["list"]),
        "edition": row["edition"],
        "applies_from": row["valid_from"],
        "applies_to": row["valid_to"],
        "citation": row["cite"],
    }


def _imported(catalog: Catalog, name: str, code: str) -> Page | None:
    rows = catalog.rows(
        "controls",
        f"SELECT * FROM list_text WHERE list = :list AND code = :code AND {catalog.in_force}",
        list=name,
        code=code,
    )
    if not rows:
        return None
    row = rows[0]
    return {
        "text": row["text"],
        "notes": row["notes"].splitlines() if row["notes"] else [],
        "parent": row["parent"],
        "edition": row["edition"],
        "applies_from": row["valid_from"],
    }


def _hs_of(catalog: Catalog, owner: str) -> list[Json]:
    rows = catalog.rows(
        "controls", f"SELECT * FROM hs_link WHERE owner = :owner AND {catalog.in_force} ORDER BY hs", owner=owner
    )
    return [goods.shown(row) for row in rows]


def _named_by(catalog: Catalog, entry: str) -> list[Json]:
    """The classes of goods that lead to an entry, each with some of the words that name it."""
    concepts = catalog.rows(
        "controls",
        f"SELECT id, name, usually FROM concept WHERE {catalog.in_force} AND id IN "
        f"(SELECT concept FROM route WHERE entry = :entry AND {catalog.in_force}) ORDER BY id",
        entry=entry,
    )
    return [
        {"class": row["name"], "id": row["id"], "usually": row["usually"], "terms": _examples(catalog, row["id"])}
        for row in concepts
    ]


def _examples(catalog: Catalog, concept: str) -> list[Json]:
    rows = catalog.rows(
        "controls",
        f"SELECT phrase FROM term WHERE owner = :owner AND kind = 'name' AND {catalog.in_force} "
        f"ORDER BY language <> 'en', length(phrase), phrase LIMIT {_EXAMPLES}",
        owner=concept,
    )
    return [row["phrase"] for row in rows]


def _equivalents(catalog: Catalog, entry: str) -> list[Json]:
    rows = catalog.rows(
        "controls", f"SELECT * FROM equivalence WHERE entry = :entry AND {catalog.in_force} ORDER BY rank", entry=entry
    )
    return [f"{row['list']}/{row['code']}{' (approximate)' if row['approximate'] else ''}" for row in rows]


def _equivalent_of(catalog: Catalog, name: str, code: str) -> list[Json]:
    rows = catalog.rows(
        "controls",
        f"SELECT entry FROM equivalence WHERE list = :list AND code = :code AND {catalog.in_force} ORDER BY entry",
        list=name,
        code=code,
    )
    return [row["entry"] for row in rows]


def _below(catalog: Catalog, entry: str) -> list[Json]:
    rows = catalog.rows(
        "controls", f"SELECT id, title FROM entry WHERE parent = :id AND {catalog.in_force} ORDER BY code", id=entry
    )
    return [f"{row['id']} {row['title']}" for row in rows]


def _law(catalog: Catalog, name: str) -> str | None:
    rows = catalog.rows("controls", "SELECT law_as_of FROM list WHERE id = :id", id=name)
    return rows[0]["law_as_of"] if rows else None


def _party(catalog: Catalog, name: str) -> Page | None:
    """A party by its id, by `LIST:id` of any of its listings, or by the list's own id; with why its listings are one party."""
    if not catalog.has("parties") or not name:
        return None
    listings = catalog.rows(
        "parties",
        f"""SELECT * FROM listing WHERE party = :wanted OR source_ref = :wanted OR party IN (
          SELECT party FROM listing WHERE source_ref = :ref AND list = :list) ORDER BY list, valid_from LIMIT {_MAX_ROWS}""",
        wanted=name,
        list=name.partition(":")[0],
        ref=name.partition(":")[2],
    )
    if not listings:
        return None
    return {
        "kind": "party",
        "demo": catalog.info("parties").demo,
        "one_party_because": _reasons(catalog, {row["party"] for row in listings}),
        "listings": [_listing(catalog, row) for row in listings],
    }


def _reasons(catalog: Catalog, parties: set[str]) -> list[Json]:
    """Why listings are one party, in words."""
    found = [
        row
        for party in sorted(parties)
        for row in catalog.rows("parties", "SELECT * FROM link WHERE party = :party ORDER BY one, other", party=party)
    ]
    return [reason(row) for row in found]


def _listing(catalog: Catalog, row: sqlite3.Row) -> Page:
    def parts(select: str) -> list[dict[str, Any]]:
        return [
            dict(part) for part in catalog.rows("parties", f"{select} WHERE listing = :id ORDER BY id", id=row["id"])
        ]

    keys = ("party", "list", "source_ref", "kind", "caption", "programme", "listed_on", "note", "edition")
    return {key: row[key] for key in keys} | {
        "applies_from": row["valid_from"],
        "applies_to": row["valid_to"],
        "names": [f"{part['name']} ({part['quality']})" for part in parts("SELECT name, quality FROM party_name")],
        "facts": [f"{part['type']}: {part['value']}" for part in parts("SELECT type, value FROM party_fact")],
        "identifiers": [f"{part['type']}: {part['value']}" for part in parts("SELECT type, value FROM identifier")],
    }


def _licence(catalog: Catalog, name: str) -> Page | None:
    for volume in catalog.named("licences"):
        rows = catalog.rows(
            volume, "SELECT * FROM licence WHERE number = :wanted ORDER BY until IS NOT NULL, until DESC", wanted=name
        )
        if rows:
            return _licence_page(catalog, volume, rows[0])
    return None


_LICENCE = [
    "number",
    "authority",
    "type",
    "status",
    "holder",
    "consignee",
    "end_user",
    "valid_from",
    "valid_to",
    "edition",
]


def _licence_page(catalog: Catalog, volume: str, row: sqlite3.Row) -> Page:
    def parts(table: str) -> list[Json]:
        key, owner = ("licence", row["id"]) if table == "licence_line" else ("number", row["number"])
        found = catalog.rows(volume, f"SELECT * FROM {table} WHERE {key} = :owner ORDER BY id LIMIT 1000", owner=owner)
        left_out = {"id", "licence", "number", "edition"}
        return [{name: value for name, value in dict(part).items() if name not in left_out} for part in found]

    page: Page = {"kind": "licence", "demo": catalog.info(volume).demo}
    page |= {key: row[key] for key in _LICENCE}
    page |= {key: json.loads(row[key]) for key in ("destinations", "conditions")}
    tables = {
        "lines": "licence_line",
        "usage": "licence_usage",
        "statuses": "licence_status",
        "obligations": "obligation",
    }
    return page | {key: parts(table) for key, table in tables.items()}
