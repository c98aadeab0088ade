"""Rows of the controls volume from authored knowledge. Identifiers are made of what a row says, never of where it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from border_kit.catalog import codes
from border_kit.catalog.authored.knowledge import Item, Knowledge, full_reference, leaves, phrases
from border_kit.catalog.writer import Row, to_cell

EDITION_KIND = "authored"

NO_LANGUAGE = "mul"
"""The language of a pattern: several (ISO 639-2)."""


def tables(known: Knowledge) -> dict[str, Iterable[Row]]:
    """Every table of the controls volume that is authored."""
    edition = f"{EDITION_KIND}@{known.edition}"
    made: dict[str, Iterable[Row]] = {
        "edition": [_edition(known, edition)],
        "list": [_only(item.data, "id", "name", "law_as_of", "cite") for item in known.all("lists")],
        "entry": _entries(known),
        "criterion": _criteria(known),
        "equivalence": _equivalences(known),
        "concept": _concepts(known),
        "term": _terms(known),
        "route": _routes(known),
        "parameter": _parameters(known),
        "model": _models(known),
        "negative": _negatives(known),
        "hs_link": _hs_links(known),
        "chemical": _chemicals(known),
        "chemical_name": _chemical_names(known),
        "un_number": _un_numbers(known),
        "system": _systems(known),
        "watch_hs": [
            {"id": item.id, **_only(item.data, "hs", "tier", "name", "list", "cite")} for item in known.all("watch_hs")
        ],
        "red_flag": [
            _only(item.data, "id", "title", "kind", "question", "weight", "cite") | _dates(item)
            for item in known.all("red_flags")
        ],
        "document_code": _document_codes(known),
        "vague": _vague(known),
        "profile": [
            _only(item.data, "id", "version", "status", "cite") | {"spec": to_cell(item.data["spec"])} | _dates(item)
            for item in known.all("profiles")
        ],
    }
    dated = {name: _stamped(rows, edition) for name, rows in made.items() if name not in {"edition", "list"}}
    return {name: _unique(rows, name) for name, rows in (made | dated).items()}


_NAME_KEYS: dict[str, tuple[str, ...]] = {
    "equivalence": ("entry", "list", "code"),
    "route": ("concept", "entry"),
    "document_code": ("code",),
}


def _unique(rows: Iterable[Row], table: str) -> Iterator[Row]:
    """The first row of each key: a phrase written twice is one term."""
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        key = tuple(row[name] for name in _NAME_KEYS.get(table, ("id",)))
        if key not in seen:
            seen.add(key)
            yield row


def _stamped(rows: Iterable[Row], edition: str) -> Iterator[Row]:
    return ({"edition": edition, **row} for row in rows)


def _edition(known: Knowledge, edition: str) -> Row:
    return {
        "id": edition, "list": EDITION_KIND, "name": known.name, "edition": known.edition, "as_of": known.as_of,
        "kind": EDITION_KIND, "source": "catalogs/controls", "cite": None, "demo": 0, "assumed": 0, "current": 1,
    }  # fmt: skip


def _only(data: dict[str, Any], *names: str) -> Row:
    return {name: data.get(name) for name in names}


def _dates(item: Item, default: str | None = None) -> Row:
    return {"valid_from": item.data.get("from", default), "valid_to": item.data.get("to")}


def _law_dates(known: Knowledge) -> dict[str, str | None]:
    """The day from which each list's entries are known: that of the law the facts were checked against."""
    return {item.id: item.data.get("law_as_of") for item in known.all("lists")}


def _entry_dates(known: Knowledge) -> dict[str, Row]:
    law = _law_dates(known)
    return {item.id: _dates(item, law.get(codes.split(item.id)[0])) for item in known.all("entries")}


def _entries(known: Knowledge) -> Iterator[Row]:
    entries = known.by_id("entries")
    parameters = known.by_id("parameters")
    dates = _entry_dates(known)
    for item in known.all("entries"):
        name, code = codes.split(item.id)
        data = item.data
        releases = [_release(release, parameters) for release in data.get("releases", ())]
        yield {
            "id": item.id, "list": name, "code": code, "root": codes.root(code),
            "parent": next((f"{name}/{above}" for above in codes.ancestors(code) if f"{name}/{above}" in entries), None),
            "title": data["title"], "summary": data.get("summary"), "regimes": to_cell(data.get("regimes", [])),
            "criteria": to_cell(_tree(data["criteria"], parameters)) if "criteria" in data else None,
            "releases": to_cell(releases), "cite": data["cite"], **dates[item.id],
        }  # fmt: skip


def _tree(node: dict[str, Any], parameters: dict[str, Item]) -> dict[str, Any]:
    """A tree as authored, with the parameter's own unit where a leaf names none."""
    for word in ("all", "any"):
        if word in node:
            return node | {word: [_tree(child, parameters) for child in node[word]]}
    if "not" in node:
        return node | {"not": _tree(node["not"], parameters)}
    unit = parameters[node["parameter"]].data.get("unit")
    return node if unit is None else {"unit": unit, **node}


def _release(release: dict[str, Any], parameters: dict[str, Item]) -> dict[str, Any]:
    full = release | {"when": _tree(release["when"], parameters)}
    return full | {"to": full_reference(release["to"])} if "to" in release else full


def _criteria(known: Knowledge) -> Iterator[Row]:
    parameters = known.by_id("parameters")
    dates = _entry_dates(known)
    for item in known.all("entries"):
        for leaf in leaves(item.data):
            path = "/".join(str(step) for step in leaf.below)
            yield {
                "id": f"{item.id}#{path}", "entry": item.id, "part": leaf.part,
                **_only(leaf.data, "parameter", "op", "value"),
                "unit": leaf.data.get("unit", parameters[leaf.data["parameter"]].data.get("unit")),
                "cite": leaf.data.get("cite", item.data["cite"]), **dates[item.id],
            }  # fmt: skip


def _equivalences(known: Knowledge) -> Iterator[Row]:
    for item in known.all("entries"):
        for rank, same in enumerate(item.data.get("equivalents", ())):
            row = same if isinstance(same, dict) else {"code": same}
            name, code = codes.split(full_reference(row["code"]))
            yield {
                "entry": item.id,
                "list": name,
                "code": code,
                "rank": rank,
                "approximate": int(row.get("approximate", False)),
            }


def _concepts(known: Knowledge) -> Iterator[Row]:
    for item in known.all("concepts"):
        yield {
            "id": item.id,
            "name": item.data["name"],
            "usually": item.data.get("usually", "controlled"),
            "area": item.area,
        }


def _terms(known: Knowledge) -> Iterator[Row]:
    for item in known.all("atoms"):
        yield from _phrase_terms(item.id, "atom", item.data)
    for item in known.all("concepts"):
        yield from _phrase_terms(item.id, "name", item.data.get("terms"))
        yield from _phrase_terms(item.id, "weak", item.data.get("weak"))
        for kind in ("pattern", "weak_pattern"):
            for pattern in item.data.get(f"{kind}s", ()):
                yield _term(item.id, kind, NO_LANGUAGE, pattern)


def _phrase_terms(owner: str, kind: str, block: dict[str, list[str]] | None) -> Iterator[Row]:
    for language, _, phrase in phrases(block):
        yield _term(owner, kind, language, phrase)


def _term(owner: str, kind: str, language: str, phrase: str) -> Row:
    return {
        "id": f"{kind}:{owner}/{language}/{phrase}",
        "owner": owner,
        "kind": kind,
        "language": language,
        "phrase": phrase,
    }


def _routes(known: Knowledge) -> Iterator[Row]:
    """Routes to entries that are written; the checks tell of the others."""
    entries = known.by_id("entries")
    for item in known.all("concepts"):
        for rank, reference in enumerate(item.data["entries"]):
            if full_reference(reference) in entries:
                yield {"concept": item.id, "entry": full_reference(reference), "rank": rank}


def _parameters(known: Knowledge) -> Iterator[Row]:
    for item in known.all("parameters"):
        yield {"id": item.id, **_only(item.data, "name", "dimension", "unit", "ask"), "spec": to_cell(item.data)}


def _models(known: Knowledge) -> Iterator[Row]:
    for item in known.all("models"):
        data = item.data
        yield {
            "id": item.id, "brand": data["brand"], "names": to_cell(data["names"]),
            "needs_brand": int(data.get("needs_brand", False)), "concept": data["concept"],
            "facts": to_cell(data.get("facts", {})), "below": int(data.get("below", False)), "cite": data["cite"],
        }  # fmt: skip


def _negatives(known: Knowledge) -> Iterator[Row]:
    for item in known.all("negatives"):
        concepts = to_cell(sorted(item.data.get("concepts", [])))
        limited = "" if concepts == "[]" else "#" + hashlib.sha256(concepts.encode()).hexdigest()[:8]
        for language, _, phrase in phrases(item.data["terms"]):
            yield {
                "id": f"{item.id}/{language}/{phrase}{limited}", "scope": item.data["scope"], "language": language,
                "phrase": phrase, "concepts": concepts, "why": item.data["why"],
            }  # fmt: skip


def _hs_links(known: Knowledge) -> Iterator[Row]:
    dates = _entry_dates(known)
    for section, kind in (("entries", "entry"), ("concepts", "concept")):
        for item in known.all(section):
            for link in item.data.get("hs", ()):
                row = link if isinstance(link, dict) else {"code": link}
                yield {
                    "id": f"{kind}:{item.id}/{row['code']}", "owner": item.id, "owner_kind": kind, "hs": row["code"],
                    "hs_edition": known.hs_edition, "ex": int(row.get("ex", False)), "strength": row.get("strength", "strong"),
                    **(dates[item.id] if kind == "entry" else {}),
                }  # fmt: skip


def _chemicals(known: Knowledge) -> Iterator[Row]:
    for item in known.all("chemicals"):
        yield {
            "id": item.id, **_only(item.data, "name", "cas", "schedule", "concentration", "cite"),
            "entries": to_cell([full_reference(one) for one in item.data["entries"]]),
        }  # fmt: skip


def _chemical_names(known: Knowledge) -> Iterator[Row]:
    for item in known.all("chemicals"):
        named = [("en", item.data["name"]), *((lang, one) for lang, _, one in phrases(item.data.get("synonyms")))]
        for language, name in named:
            yield {"id": f"{item.id}/{language}/{name}", "chemical": item.id, "language": language, "name": name}


def _un_numbers(known: Knowledge) -> Iterator[Row]:
    for item in known.all("un_numbers"):
        kind = "chemical" if "chemical" in item.data else "concept"
        yield {"id": item.id, **_only(item.data, "un", "name", "cite"), "kind": kind, "target": item.data[kind], "strength": item.data.get("strength", "strong")}  # fmt: skip


def _systems(known: Knowledge) -> Iterator[Row]:
    for item in known.all("systems"):
        entries = [full_reference(one) for one in item.data["entries"]]
        spec = {name: item.data[name] for name in ("parts", "must", "needs", "ask")} | {"entries": entries}
        yield {"id": item.id, **_only(item.data, "name", "cite"), "spec": to_cell(spec)} | _dates(item)


def _document_codes(known: Knowledge) -> Iterator[Row]:
    for item in known.all("document_codes"):
        yield (
            _only(item.data, "code", "meaning", "cite")
            | _dates(item)
            | {"licence_types": to_cell(item.data.get("licence_types", []))}
        )


def _vague(known: Knowledge) -> Iterator[Row]:
    for item in known.all("vague"):
        for language, _, phrase in phrases(item.data):
            yield {"id": f"{language}/{phrase}", "language": language, "phrase": phrase}
