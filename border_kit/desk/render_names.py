"""Answers about names as plain text: hits with every reference, why each word counted, what was cleared, two names side by side.

Everything is made from the contract's JSON. A word says what a mark or colour says: `=` the same, `~` alike, `!` against it,
`+` only in what was asked, `-` only in the list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]

_AGAINST = frozenset({"conflict", "legal forms differ", "numbers differ", "another number", "may be chance"})
_SURE = 0.9995
_INDENT = " " * 4
_COLUMNS = ("asked", "listed", "how")
_WIDTHS = (18, 18, 18)
"""Cells of the columns: with weight and likeness a table fits 80 cells, indented as it stands."""


def word_for(hit: Document) -> str:
    """What a hit is, in a word: ALERT, CLEARED (an officer found it is not the party), or weak."""
    if hit["alert"] and not is_cleared(hit):
        return "ALERT"
    return "CLEARED" if is_cleared(hit) else "weak"


def is_cleared(hit: Document) -> bool:
    """Whether an officer cleared the hit, and that still holds."""
    return bool(hit.get("cleared") and hit["cleared"]["holds"])


def hit_line(hit: Document) -> str:
    """One hit in one row: the word, the score, the list's own id, how many lists more, the name that matched, the party."""
    more = f" (+{len(hit['refs']) - 1} more)" if len(hit["refs"]) > 1 else ""
    caption = "" if hit["caption"] == hit["name"] else f" = {in_latin(clean_line(hit['caption'], 60))}"
    name = in_latin(clean_line(hit["name"], 60))
    return f"{word_for(hit):7} {hit['score']:.2f}  {hit['list']} {hit['source_ref']}{more}  {name}{caption}"


def hit_block(hit: Document) -> list[str]:
    """A hit with all that is to be known of it: its other references, what was cleared, why it matched."""
    beside = [f"{_INDENT}{row}" for row in (refs_line(hit), cleared_line(hit)) if row]
    return [hit_line(hit), *beside, *(f"{_INDENT}{row}" for row in explanation_table(hit["explanation"]))]


def refs_line(hit: Document) -> str:
    """The other lists that have the same party, with their ids, or nothing."""
    own = (hit["list"], hit["source_ref"])
    others = [f"{ref['list']} {ref['source_ref']}" for ref in hit["refs"] if (ref["list"], ref["source_ref"]) != own]
    return f"also on {'; '.join(clean_line(other) for other in others)}" if others else ""


def cleared_line(hit: Document) -> str:
    """What an officer found before, or nothing."""
    found = hit.get("cleared")
    if not found:
        return ""
    who = f"{found['at'][:10]} by {found['operator'] or 'no operator'}"
    if found["holds"]:
        return clean_line(f"not the same, found {who}: {found['because']}")
    return clean_line(f"cleared {who} ({found['because']}), but {found['why_not']}: it counts again")


def screening(name: str, found: Document) -> str:
    """The answer of `screen`."""
    shown = [screening_head(name, found)]
    for hit in found["hits"]:
        shown += [f"  {row}" for row in hit_block(hit)]
    return "\n".join(shown)


def screening_head(name: str, found: Document) -> str:
    """The first line of an answer: the word, whether it is a demo, the name."""
    demo = " in a demo list with fictional parties" if found["demo"] else ""
    hits = found["hits"]
    if not hits:
        word = "NOTHING FOUND"
    elif any(hit["alert"] and not is_cleared(hit) for hit in hits):
        word = "ALERT"
    else:
        word = "CLEARED BEFORE" if any(hit["alert"] for hit in hits) else "WEAK HITS ONLY"
    return f"{word}{demo}  {in_latin(clean_line(name, 100))!r}"


def comparison(left: str, right: str, found: Document) -> str:
    """The answer of `compare`."""
    word = "ALERT" if found["score"] >= 0.7 else "no alert"  # docs/interfaces.md: from 0.70 on
    head = (
        f"{found['score']:.2f}  {word}: {in_latin(clean_line(left, 80))!r} against {in_latin(clean_line(right, 80))!r}"
    )
    return "\n".join([head, *(f"  {row}" for row in explanation_table(found["explanation"]))])


def explanation_table(rows: Sequence[Document]) -> list[str]:
    """An explanation as a table; nothing where there is none."""
    if not rows:
        return []
    head = " ".join(pad(name, width) for name, width in zip(_COLUMNS, _WIDTHS, strict=True))
    return [f"  {head} weight alike", *(_table_row(row) for row in rows)]


def _table_row(row: Document) -> str:
    asked, listed = sides(row)
    cells = " ".join(pad(text, width) for text, width in zip((asked, listed, str(row["how"])), _WIDTHS, strict=True))
    figures = f"{row['weight']:6.2f} {row['score']:5.2f}" if row.get("weight") else ""
    return f"{mark(row)} {cells} {figures}".rstrip()


def sides(row: Document) -> tuple[str, str]:
    """What was asked and what is listed, each with the name of the detail where it is no word of the name."""
    label = "" if row["part"] in {"word", "name"} else f"{row['part']} "
    asked, listed = (clean_line(f"{label}{text}") if text else "" for text in (row.get("query"), row.get("listed")))
    return (asked or (f"{row['part']}" if not listed else "")), listed


def mark(row: Document) -> str:
    """One sign for how two sides stand to each other; the word beside it says the same."""
    query, listed, how = row.get("query"), row.get("listed"), str(row["how"])
    if how in _AGAINST or "differ" in how:
        return "!"
    if query is None or listed is None:
        return "+" if query is not None else "-" if listed is not None and row["part"] == "word" else " "
    return "=" if row.get("score", 0) >= _SURE or how == "agree" else "~"


def clearings(rows: Iterable[Document]) -> str:
    """The answer of `screen --cleared`."""
    shown = []
    for row in rows:
        refs = "; ".join(f"{ref['list']} {ref['source_ref']}" for ref in row["refs"])
        beside = ", ".join(
            f"{key} {value if isinstance(value, str) else '; '.join(value)}" for key, value in row["asked"].items()
        )
        who = f"{row['operator'] or 'no operator'}{'' if row['signed'] else ', unsigned'}"
        shown.append(
            clean_line(f"{row['no']}  {row['at'][:16]}  {who}: {row['name']!r}{f' ({beside})' if beside else ''}")
        )
        shown.append(clean_line(f"is not {row['caption']} ({refs}): {row['because']}"))
    lines = [line if at % 2 == 0 else f"      {line}" for at, line in enumerate(shown)]
    return "\n".join(lines) or "Nothing is cleared."


def in_latin(text: str) -> str:
    """A text in another script with a rendering in Latin letters behind it."""
    if all(char.isascii() or not char.isalpha() or "LATIN" in unicodedata.name(char, "") for char in text):
        return text
    from anyascii import anyascii  # 13 ms that Latin names need not pay

    return f"{text} [{' '.join(anyascii(text).split())}]"


def cells(text: str) -> int:
    """How many cells of a terminal a text takes (Unicode Standard Annex 11)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def pad(text: str, width: int) -> str:
    """Cut or fill a text to so many cells."""
    kept = clean_line(text)
    if cells(kept) > width:
        while cells(kept) > width - 1:
            kept = kept[:-1]
        kept += "…"
    return kept + " " * (width - cells(kept))
