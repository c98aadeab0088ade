"""Searching entries as one types: by code, by HS code, by the words of their titles and of the classes that lead to them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from border_kit.catalog import codes, goods
from border_kit.catalog.volumes import Catalog
from border_kit.findings import Json
from border_kit.text import clean_line, fold, tokens

Page = dict[str, Json]

_MAX_QUERY = 200
_MAX_WORDS = 8
_HS = re.compile(r"[0-9]{4,10}")
_HS_DEPTH = 6


def search(catalog: Catalog, text: str, limit: int = 20) -> list[Page]:
    """Entries for a code, an HS code or words, best first; every word must be found.

    Args:
        catalog: without a controls volume nothing is found.
        text: what was typed; cut to some hundred characters, and never part of a query's syntax.
        limit: how many at most.

    Returns:
        `id`, `code`, `list`, `title` and `why` (code, HS, title, named, imported text, goods) of each.
    """
    shown = clean_line(text, _MAX_QUERY)
    words = [token.text for token in tokens(shown)][:_MAX_WORDS]
    if not words or not catalog.has("controls"):
        return []
    found: dict[Json, Page] = {}
    for step in (_itself, _by_code, _by_hs, _by_title, _by_term, _by_text, _by_goods):
        for page in step(catalog, shown, words, limit):
            found.setdefault(page["id"], page)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def like(text: str) -> str:
    """A text as a LIKE pattern that means itself; used with ESCAPE '!'."""
    return re.sub(r"([!%_])", r"!\1", text)


def _pages(rows: Iterable[sqlite3.Row], why: str) -> list[Page]:
    return [
        {"id": row["id"], "code": row["code"], "list": row["list"], "title": row["title"], "why": why} for row in rows
    ]


def _by_code(catalog: Catalog, text: str, words: list[str], limit: int) -> list[Page]:
    """Entries whose code begins so; the kit's primary list first."""
    del words
    name, slash, bare = text.rpartition("/")
    rows = catalog.rows(
        "controls",
        f"SELECT id, code, list, title FROM entry WHERE code LIKE :code ESCAPE '!' AND (:list = '' OR list LIKE :list ESCAPE '!') "
        f"AND {catalog.in_force} ORDER BY list <> 'EU-DU', length(code), code LIMIT :limit",
        code=like(codes.tidy(bare)) + "%",
        list=like(name) if slash else "",
        limit=limit,
    )
    return _pages(rows, "code")


def _itself(catalog: Catalog, text: str, words: list[str], limit: int) -> list[Page]:
    """The page of a code of goods, where anything is known of it."""
    del words, limit
    code = goods.digits(text)
    if code is None or not _HS.fullmatch(code) or goods.page(catalog, code) is None:
        return []
    title = goods.described(catalog, code) or "what goods of this code may fall under"
    return [{"id": code, "code": code, "list": "HS", "title": title, "why": "HS"}]


def _by_hs(catalog: Catalog, text: str, words: list[str], limit: int) -> list[Page]:
    del words
    code = text.replace(".", "").replace(" ", "")
    if not _HS.fullmatch(code):
        return []
    rows = catalog.rows(
        "controls",
        f"SELECT id, code, list, title FROM entry WHERE {catalog.in_force} AND id IN (SELECT owner FROM hs_link "
        f"WHERE owner_kind = 'entry' AND (hs LIKE :below OR hs IN (:heading, :subheading)) AND {catalog.in_force}) "
        "ORDER BY list <> 'EU-DU', code LIMIT :limit",
        below=code[:_HS_DEPTH] + "%",
        heading=code[:4],
        subheading=code[:_HS_DEPTH],
        limit=limit,
    )
    return _pages(rows, f"HS {code}")


def _by_title(catalog: Catalog, text: str, words: list[str], limit: int) -> list[Page]:
    del text
    rows = catalog.rows(
        "controls",
        f"SELECT id, code, list, title, summary FROM entry WHERE {catalog.in_force} ORDER BY list <> 'EU-DU', code",
    )
    held = [row for row in rows if _holds(f"{row['title']} {row['summary'] or ''}", words)]
    return _pages(held[:limit], "title")


def _holds(text: str, words: list[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def _by_term(catalog: Catalog, text: str, words: list[str], limit: int) -> list[Page]:
    """Entries that a class of goods leads to, where a term of the class holds the words; the shortest term first."""
    del text
    terms = catalog.rows(
        "controls",
        f"SELECT owner, phrase FROM term WHERE kind IN ('name', 'weak') AND {catalog.in_force} ORDER BY kind, length(phrase), id",
    )
    named: dict[str, str] = {}
    for row in terms:
        if row["owner"] not in named and _holds(row["phrase"], words):
            named[row["owner"]] = row["phrase"]
    found: list[Page] = []
    for concept in list(named)[:limit]:
        routes = catalog.rows(
            "controls",
            f"SELECT id, code, list, title FROM entry WHERE {catalog.in_force} AND id IN "
            f"(SELECT entry FROM route WHERE concept = :concept AND rank < 3 AND {catalog.in_force}) ORDER BY list <> 'EU-DU', code",
            concept=concept,
        )
        found += _pages(routes, f"named: {named[concept]}")
    return found


def _by_text(catalog: Catalog, text: str, words: list[str], limit: int) -> list[Page]:
    """Paragraphs of imported lists, by code or by every word."""
    code = codes.tidy(text.rpartition("/")[2])
    marks = " AND ".join(f"text LIKE :w{at} ESCAPE '!'" for at in range(len(words)))
    rows = catalog.rows(
        "controls",
        "SELECT list || '/' || code AS id, code, list, substr(text, 1, 160) AS title FROM list_text "
        f"WHERE (code LIKE :code ESCAPE '!' OR ({marks})) AND {catalog.in_force} ORDER BY list, length(code), code LIMIT :limit",
        code=like(code) + "%",
        limit=limit,
        **{f"w{at}": f"%{like(word)}%" for at, word in enumerate(words)},
    )
    return _pages(rows, "imported text")


def _by_goods(catalog: Catalog, text: str, words: list[str], limit: int) -> list[Page]:
    """Goods of an imported nomenclature, by code or by every word."""
    code = text.replace(".", "").replace(" ", "")
    marks = " AND ".join(f"text LIKE :w{at} ESCAPE '!'" for at in range(len(words)))
    where = "code LIKE :code" if _HS.fullmatch(code) else marks
    rows = catalog.rows(
        "controls",
        "SELECT list || '/' || code AS id, code, list, substr(text, 1, 160) AS title FROM nomenclature "
        f"WHERE ({where}) AND {catalog.in_force} ORDER BY length(code), list, code LIMIT :limit",
        code=f"{code}%",
        limit=limit,
        **{f"w{at}": f"%{like(word)}%" for at, word in enumerate(words)},
    )
    return _pages(rows, "goods")
