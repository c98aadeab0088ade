"""Codes of goods: what a nomenclature says they are, and which entries and classes they lead to."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator

from border_kit.catalog.volumes import Catalog
from border_kit.findings import Json

Page = dict[str, Json]

HS = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,4}")
_HS_DEPTH = 6
_MAX_ROWS = 200
_MAX_ABOVE = 16
_ENGLISH = "en"


def digits(name: str) -> str | None:
    """A code of goods without its dots and blanks, or None where it is none; `CN-EN/8525` is one as well."""
    bare = name.rpartition("/")[2].replace(".", "").replace(" ", "")
    return bare if HS.fullmatch(bare) else None


def page(catalog: Catalog, name: str) -> Page | None:
    """What an HS code leads to: links to it, to a heading above it, or to subheadings below it."""
    code = digits(name)
    if code is None or not catalog.has("controls"):
        return None
    above = [code[:size] for size in range(2, len(code) + 1, 2)]
    marks = ", ".join(f":p{at}" for at in range(len(above)))
    values = {f"p{at}": prefix for at, prefix in enumerate(above)}
    where = f"(hs IN ({marks}) OR hs LIKE :below) AND {catalog.in_force}"
    below = code[:_HS_DEPTH] + "%"
    links = catalog.rows(
        "controls",
        f"SELECT * FROM hs_link WHERE {where} ORDER BY owner_kind DESC, strength = 'weak', length(hs) DESC, owner LIMIT {_MAX_ROWS}",
        **values,
        below=below,
    )
    watch = catalog.rows("controls", f"SELECT * FROM watch_hs WHERE {where} ORDER BY hs", **values, below=below)
    texts = [*_descriptions(catalog, code)]
    if not (links or watch or texts):
        return None
    return {
        "kind": "hs",
        "code": code,
        "nomenclature": [*_lines(catalog, above)],
        "descriptions": [*texts],
        "entries": [_linked(catalog, row) for row in links if row["owner_kind"] == "entry"],
        "classes": [_linked(catalog, row) for row in links if row["owner_kind"] == "concept"],
        "watch": [f"{row['list']}, tier {row['tier']}: {row['hs']} ({row['cite']})" for row in watch],
        "below": [*_below(catalog, code)],
    }


def shown(row: sqlite3.Row) -> str:
    """A link in words: `ex 901380 (HS2022, weak)`."""
    return f"{'ex ' if row['ex'] else ''}{row['hs']} ({row['hs_edition']}, {row['strength']})"


def described(catalog: Catalog, hs: str) -> str | None:
    """What the imported nomenclatures say goods of a code are, headings joined; in English where there is English."""
    texts = [*_descriptions(catalog, hs)]
    return str(texts[0]["text"]) if texts else None


def links_of(catalog: Catalog, owner: str) -> list[Json]:
    """The HS links of an entry, our own first, each with what the goods are where a nomenclature was imported."""
    rows = catalog.rows(
        "controls",
        f"SELECT * FROM hs_link WHERE owner = :owner AND {catalog.in_force} "
        f"ORDER BY edition NOT LIKE 'authored@%', hs LIMIT {_MAX_ROWS}",
        owner=owner,
    )
    return [
        {
            "hs": row["hs"],
            "nomenclature": row["hs_edition"],
            "ex": bool(row["ex"]),
            "strength": row["strength"],
            "source": row["edition"],
            "text": described(catalog, row["hs"]),
        }
        for row in rows
    ]


def _linked(catalog: Catalog, link: sqlite3.Row) -> Page:
    table, column = ("entry", "title") if link["owner_kind"] == "entry" else ("concept", "name")
    rows = catalog.rows("controls", f"SELECT {column} AS title FROM {table} WHERE id = :id", id=link["owner"])
    return {
        "id": link["owner"],
        "title": rows[0]["title"] if rows else None,
        "hs": shown(link),
        "source": link["edition"],
    }


def _lines(catalog: Catalog, codes: Iterable[str]) -> Iterator[str]:
    """The lines of the code and of those above it, in one language."""
    marks = {f"p{at}": code for at, code in enumerate(codes)}
    rows = catalog.rows(
        "controls",
        f"SELECT * FROM nomenclature WHERE code IN ({', '.join(f':{mark}' for mark in marks)}) AND {catalog.in_force} "
        "ORDER BY code, language <> 'en', list, suffix = ''",
        **marks,
    )
    kept: dict[str, str] = {}
    for row in rows:
        if kept.setdefault(row["code"], row["list"]) == row["list"]:
            yield f"{row['code']} {row['text']}"


def _descriptions(catalog: Catalog, hs: str) -> Iterator[Page]:
    """The whole description of a code in every nomenclature that has it, or a code above it, English first."""
    for size in range(len(hs), 1, -2):
        rows = catalog.rows(
            "controls",
            f"SELECT * FROM nomenclature WHERE code = :code AND suffix = '' AND {catalog.in_force} "
            "ORDER BY language <> 'en', list",
            code=hs[:size],
        )
        for row in rows:
            yield {"list": row["list"], "language": row["language"], "code": row["code"], "text": _joined(catalog, row)}
        if rows:
            return


def _joined(catalog: Catalog, row: sqlite3.Row) -> str:
    """A line with the lines above it: "Other" alone says nothing. The chapter is left out."""
    texts, steps = [row["text"]], 0
    while row["parent"] and steps < _MAX_ABOVE:
        code, _, suffix = row["parent"].partition("-")
        above = catalog.rows(
            "controls",
            f"SELECT * FROM nomenclature WHERE list = :list AND code = :code AND suffix = :suffix AND {catalog.in_force}",
            list=row["list"],
            code=code,
            suffix=suffix,
        )
        if not above or len(above[0]["code"]) == 2:  # a chapter
            break
        row = above[0]
        texts.append(row["text"])
        steps += 1
    return " › ".join(reversed(texts))


def _below(catalog: Catalog, code: str) -> Iterator[str]:
    rows = catalog.rows(
        "controls",
        f"SELECT * FROM nomenclature WHERE code LIKE :below AND length(code) = :size AND {catalog.in_force} "
        f"ORDER BY language <> 'en', list, position LIMIT {_MAX_ROWS}",
        below=code + "__",
        size=len(code) + 2,
    )
    yield from (f"{row['code']} {row['text']}" for row in rows if row["list"] == rows[0]["list"])
