"""Pages of the catalog as plain text: entries, goods, the tree, what an edition changed. Foreign text is made safe line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from border_kit.desk.render import fields, section
from border_kit.text import clean_line

Document = Mapping[str, Any]

MARK = {("ours",): "*", ("text",): "t", ("ours", "text"): "*t"}
"""What knows a node: our own knowledge, the text of an imported list."""

_LINKS = 12
"""HS links that a page lists at length; the JSON has them all."""
_TERMS = 6
_LONGEST = 4_000
_CHANGES = 40


def page(document: Document) -> str:
    """The page of whatever was looked up."""
    shown = {"entry": _entry, "hs": _goods}.get(document["kind"])
    return "\n".join(shown(document)) if shown else fields(document)


def _entry(document: Document) -> Iterator[str]:
    yield f"{document['id']}  {clean_line(document['title'] or '')}"
    if document.get("as_of"):
        yield f"as of {document['as_of']}"
    if document.get("summary"):
        yield clean_line(document["summary"])
    yield from _basis(document)
    yield from section("CRITERIA", (str(row) for row in document.get("criteria", ())))
    for release in document.get("released_if", ()):
        yield from section(f"NOT HERE: {clean_line(release['note'])}", map(str, release["when"]))
        yield f"  then {release['then'] or 'under no entry that we know'} ({release['citation']})"
    yield from section("NAMED BY", (_class(row) for row in document.get("named_by", ())))
    yield from section("EQUIVALENT", map(str, document.get("equivalents", ())))
    yield from section("EQUIVALENT OF", map(str, document.get("equivalent_of", ())))
    yield from section("HS", _links(document["goods"]))
    yield from section("BELOW", (clean_line(str(row), 150) for row in document.get("below", ())))
    for text in document["texts"]:
        yield from _text(text)
    if document["also_on"]:
        yield f"also on {', '.join(document['also_on'])}"


def _basis(document: Document) -> Iterator[str]:
    """What the page rests on: whose words these are, and of which day the law was."""
    if "citation" not in document:
        yield "Only an imported list has this paragraph: its text stands below."
        return
    dates = f"applies from {document['applies_from'] or 'before the record'}"
    dates += f" to {document['applies_to']}" if document["applies_to"] else ""
    regimes = f"; {', '.join(document['regimes'])}" if document["regimes"] else ""
    yield f"our own words, {clean_line(document['citation'])}; law of {document['law_as_of']}; {dates}{regimes}"


def _class(row: Document) -> str:
    terms = ", ".join(clean_line(term, 60) for term in row["terms"][:_TERMS])
    usually = " (usually below the entry)" if row["usually"] == "below" else ""
    return f"{clean_line(row['class'])}{usually}: {terms}" if terms else f"{clean_line(row['class'])}{usually}"


def _links(rows: Sequence[Document]) -> Iterator[str]:
    for row in rows[:_LINKS]:
        said = f"  {clean_line(row['text'], 300)}" if row["text"] else ""
        source = "" if str(row["source"]).startswith("authored") else f", {clean_line(row['source'])}"
        yield f"{'ex ' if row['ex'] else ''}{row['hs']} ({row['nomenclature']}, {row['strength']}{source}){said}"
    if len(rows) > _LINKS:
        yield f"… and {len(rows) - _LINKS} more (see --json)"


def _text(row: Document) -> Iterator[str]:
    ended = f" to {row['applies_to']}" if row["applies_to"] else ""
    yield f"TEXT OF {row['list']}, from {row['applies_from']}{ended} (edition {row['edition']})"
    yield f"  {clean_line(row['text'], _LONGEST)}"
    for note in row["notes"]:
        pad = note[: len(note) - len(note.lstrip(" "))]
        yield f"    {pad}{clean_line(note, _LONGEST)}"


def _goods(document: Document) -> Iterator[str]:
    yield f"HS {document['code']}"
    yield from section("GOODS", (f"{row['list']}  {clean_line(row['text'], 400)}" for row in document["descriptions"]))
    if not document["descriptions"]:
        yield "  No nomenclature was imported that has this code."
    yield from section("MAY FALL UNDER", (_led(row) for row in document["entries"]))
    yield from section("CLASSES OF GOODS", (_led(row) for row in document["classes"]))
    yield from section("WATCHED", map(str, document["watch"]))
    yield from section("BELOW", (clean_line(str(row), 150) for row in document["below"]))


def _led(row: Document) -> str:
    return f"{row['id']}  {clean_line(row['title'] or '', 100)}  [{row['hs']}]"


def tree(document: Document, indent: int = 0) -> str:
    """Nodes below a node: `+` where there is more below, `*` our own knowledge, `t` text of an imported list."""
    rows = [f"{'  ' * indent}{node_row(row)}" for row in document["below"] for row in _flat(row)]
    return "\n".join(rows) or "There is nothing below."


def _flat(node: Document) -> Iterator[Document]:
    yield node
    for below in node.get("nodes", ()):
        yield from _flat({**below, "depth": node.get("depth", 0) + 1})


def node_row(node: Document) -> str:
    """One node in one row."""
    more = "+" if node["below"] else " "
    known = MARK.get(tuple(node["known"]), "")
    return f"{'  ' * node.get('depth', 0)}{more} {node['code']:16} {known:2} {clean_line(node['title'], 110)}"


def changes(document: Document) -> str:
    """What one edition changed against another."""
    counts = ", ".join(f"{document[kind]} {kind}" for kind in ("added", "changed", "ended"))
    shown = [f"{document['list']}, {document['from']} → {document['to']}: {counts}"]
    for kind, sign in (("added", "+"), ("ended", "-")):
        rows = document["paragraphs"][kind]
        shown += section(
            kind.upper(), _short((f"{sign} {row['code']}  {_one(row['text'])}" for row in rows), document[kind])
        )
    shown += section("CHANGED", _short(_pairs(document["paragraphs"]["changed"]), 2 * document["changed"]))
    return "\n".join(shown)


def _pairs(rows: Iterable[Document]) -> Iterator[str]:
    for row in rows:
        yield f"- {row['code']}  {_one(row['old'])}"
        yield f"+ {row['code']}  {_one(row['new'])}"


def _short(rows: Iterable[str], count: int) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number == _CHANGES:
            yield f"… and {count - _CHANGES} rows more (see --json)"
            return
        yield row


def _one(text: str) -> str:
    return clean_line(text, 300)
