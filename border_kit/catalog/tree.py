"""The catalog as a tree: lists, categories and product groups, entries and their paragraphs; nomenclatures by chapter.

A node is named `LIST` (`EU-DU`), `LIST/6` (a category), `LIST/6A` (a group of it), `LIST/6A003.b` (an entry or paragraph); goods
are `CN-EN/8525`. What we have written and what was imported stand in one tree: a paragraph may be known from either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from border_kit.catalog import codes
from border_kit.catalog.volumes import Catalog
from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.text import clean_line

Node = dict[str, Json]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One control list: titles by code and by what knows it (`ours` or `text`), and the codes below each code."""

    name: str
    titles: dict[str, dict[str, str]]
    below: dict[str, list[str]]

    @property
    def lettered(self) -> bool:
        """Whether its entries stand in categories and product groups (6A003)."""
        return all(_ECCN.match(code) for code in self.below[""])


_ECCN = re.compile(r"[0-9][A-E][0-9]{3}")
_BRANCH = re.compile(r"[0-9][A-E]?")
_MAX_NAME = 120
_TITLE = 160
_PARTS = re.compile(r"[0-9]+|[^0-9]+")


def children(catalog: Catalog, node: str = "") -> list[Node]:
    """The nodes below a node, in the order of the list; none below a leaf.

    Returns:
        `id`, `code`, `list`, `title`, `kind` (list | category | group | entry | goods), `known` (what has it: `ours`,
        `text`), and `below`, how many nodes stand under it.

    Raises:
        InputError: there is no such node.
        CatalogError: the catalog has no controls, or they are damaged.
    """
    catalog.info("controls")
    name = clean_line(node, _MAX_NAME)
    if not name:
        return _lists(catalog)
    listed, _, place = name.partition("/")
    if listed in _nomenclatures(catalog):
        return _goods(catalog, listed, place)
    shelf = _shelf(catalog, listed)
    if not shelf.titles:
        raise InputError("not_found", f"There is no list {listed!r} in this catalog.", "See: border-kit catalog tree")
    if place and not _BRANCH.fullmatch(place) and place not in shelf.titles and place not in shelf.below:
        raise InputError(
            "not_found", f"{listed} has no {place!r} in this catalog.", f"See: border-kit catalog tree {listed}"
        )
    return _branch(shelf, place)


def below(catalog: Catalog, node: str, depth: int = 1) -> list[Node]:
    """The nodes below a node, each with those below it as `nodes`, so many levels deep. Raises as `children`."""
    nodes = children(catalog, node)
    listed = node.partition("/")[0]
    if not listed or listed in _nomenclatures(catalog):
        return [
            _with_nodes(each, below(catalog, str(each["id"]), depth - 1)) if _deeper(each, depth) else each
            for each in nodes
        ]
    return _deep(nodes, _shelf(catalog, listed), depth)


def _deep(nodes: list[Node], shelf: _Shelf, depth: int) -> list[Node]:
    """Nodes of a control list with what is below them, from one reading of the list."""
    return [
        _with_nodes(each, _deep(_branch(shelf, str(each["id"]).partition("/")[2]), shelf, depth - 1))
        if _deeper(each, depth)
        else each
        for each in nodes
    ]


def _deeper(node: Node, depth: int) -> bool:
    return depth > 1 and bool(node["below"])


def _with_nodes(node: Node, nodes: list[Node]) -> Node:
    return node | {"nodes": [*nodes]}


def above(catalog: Catalog, node: str) -> str:
    """The node above a node: `EU-DU/6A003.b` is under `EU-DU/6A003`, that under `EU-DU/6A`; a list is under nothing."""
    listed, _, place = node.partition("/")
    if not place:
        return ""
    if listed in _nomenclatures(catalog):
        code, _, suffix = place.partition("-")
        rows = catalog.rows(
            "controls",
            f"SELECT parent FROM nomenclature WHERE list = :list AND code = :code AND suffix = :suffix AND {catalog.in_force}",
            list=listed,
            code=code,
            suffix=suffix,
        )
        return f"{listed}/{rows[0]['parent']}" if rows and rows[0]["parent"] else listed
    if _BRANCH.fullmatch(place):
        return f"{listed}/{place[0]}" if len(place) > 1 else listed
    upper = _under(place, _shelf(catalog, listed).titles)
    if upper:
        return f"{listed}/{upper}"
    return f"{listed}/{place[:2]}" if _ECCN.match(place) else listed


def _lists(catalog: Catalog) -> list[Node]:
    """Every list that has entries, text or goods; the kit's primary list first, goods last."""
    rows = catalog.rows(
        "controls",
        f"SELECT list, count(*) AS n, 'ours' AS known FROM entry WHERE {catalog.in_force} GROUP BY list "
        f"UNION ALL SELECT list, count(*), 'text' FROM list_text WHERE {catalog.in_force} GROUP BY list",
    )
    names = {row["id"]: row["name"] for row in catalog.rows("controls", "SELECT id, name FROM list")}
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["list"], {})[row["known"]] = row["n"]
    nodes = [
        _node(name, name, name, names.get(name, name), "list", known, max(known.values()))
        for name, known in sorted(found.items(), key=lambda item: (item[0] != "EU-DU", item[0]))
    ]
    goods = [
        _node(name, name, name, f"goods, {count} lines", "list", ("text",), count)
        for name, count in sorted(_nomenclatures(catalog).items())
    ]
    return nodes + goods


def _nomenclatures(catalog: Catalog) -> dict[str, int]:
    rows = catalog.rows(
        "controls", f"SELECT list, count(*) AS n FROM nomenclature WHERE {catalog.in_force} GROUP BY list"
    )
    return {row["list"]: row["n"] for row in rows}


def _node(id_: str, code: str, listed: str, title: str, kind: str, known: Iterable[str], below: int) -> Node:
    return {
        "id": id_, "code": code, "list": listed, "title": title[:_TITLE], "kind": kind, "known": [*sorted(known)], "below": below,
    }  # fmt: skip


def _shelf(catalog: Catalog, listed: str) -> _Shelf:
    rows = catalog.rows(
        "controls",
        f"SELECT code, title, 'ours' AS known FROM entry WHERE list = :list AND {catalog.in_force} "
        f"UNION ALL SELECT code, substr(text, 1, {_TITLE}), 'text' FROM list_text WHERE list = :list AND {catalog.in_force}",
        list=listed,
    )
    titles: dict[str, dict[str, str]] = {}
    for row in rows:
        titles.setdefault(row["code"], {})[row["known"]] = row["title"]
    below: dict[str, list[str]] = {"": []}
    for code in sorted(titles, key=in_order):
        below.setdefault(_under(code, titles), []).append(code)
    below[""] += [each for each in below if each and each not in titles]  # items that have no row of their own
    below[""].sort(key=in_order)
    return _Shelf(listed, titles, below)


def _under(code: str, titles: Mapping[str, object]) -> str:
    """The nearest code above a code that the list has, or the item it belongs to, or nothing."""
    upper = codes.ancestors(code)
    return next((each for each in upper if each in titles), upper[-1] if upper else "")


def _branch(shelf: _Shelf, place: str) -> list[Node]:
    if (place and not _BRANCH.fullmatch(place)) or not shelf.lettered:
        return [_entry(shelf, code) for code in shelf.below.get(place, ())]
    size = len(place) + 1
    roots = [code for code in shelf.below[""] if code.startswith(place)]
    if size > len("6A"):
        return [_entry(shelf, code) for code in roots]
    return [
        _node(
            f"{shelf.name}/{branch}",
            branch,
            shelf.name,
            _branch_name(branch),
            "category" if size == 1 else "group",
            (),
            sum(code.startswith(branch) for code in roots),
        )
        for branch in sorted({code[:size] for code in roots})
    ]


def _entry(shelf: _Shelf, code: str) -> Node:
    known = shelf.titles.get(code, {})
    title = known.get("ours") or known.get("text") or str(_names()["USML"].get(code, ""))
    kind = "entry" if known else "category"
    return _node(f"{shelf.name}/{code}", code, shelf.name, title, kind, known, len(shelf.below.get(code, ())))


def in_order(code: str) -> list[tuple[bool, int, str]]:
    """A key that sorts codes as lists do: 6A003.b.9 before 6A003.b.10, ML2 before ML10."""
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _PARTS.findall(code)]


def _branch_name(branch: str) -> str:
    names = _names()
    return str(names["ECCN"].get(branch, "")) if len(branch) == 1 else str(names["group"].get(branch[1], ""))


@lru_cache(maxsize=1)
def _names() -> dict[str, Any]:
    named: dict[str, Any] = json.loads(Path(__file__).with_name("categories.json").read_text(encoding="utf-8"))
    return named


def _goods(catalog: Catalog, listed: str, place: str) -> list[Node]:
    """The lines of a nomenclature below a line, in the order of the file."""
    rows = catalog.rows(
        "controls",
        "SELECT code, suffix, text, (SELECT count(*) FROM nomenclature b WHERE b.list = n.list AND b.parent = n.code || "
        f"CASE n.suffix WHEN '' THEN '' ELSE '-' || n.suffix END) AS below FROM nomenclature n WHERE list = :list AND "
        f"{'parent = :place' if place else 'parent IS NULL'} AND {catalog.in_force} ORDER BY position",
        list=listed,
        place=place,
    )
    nodes = []
    for row in rows:
        key = f"{row['code']}-{row['suffix']}" if row["suffix"] else row["code"]
        nodes.append(_node(f"{listed}/{key}", row["code"], listed, row["text"], "goods", ("text",), row["below"]))
    return nodes
