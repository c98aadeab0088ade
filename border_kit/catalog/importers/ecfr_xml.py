"""`ecfr-xml`: the United States lists in the bulk XML of the eCFR: 15 CFR 774 Supplement No. 1 and 22 CFR 121.1.

A title, a part or the appendix alone: `DIV1` … `DIV9`, each with a `HEAD`, then blocks (`P`, `FP`, `FP-1`, `FP-2`, `HD1`, `NOTE`,
`TABLE`) one after the other. An entry of the Commerce Control List begins with a block whose bold words begin with its number;
its paragraphs carry whole designators (`a.4.b.`). A category of the Munitions List begins with a heading; its paragraphs are
(a)(1)(i)(A) and carry the last of them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element

from border_kit.catalog.importers import dates, tables, xml_stream
from border_kit.catalog.importers.base import MAX_CELL, Order, Skipped
from border_kit.catalog.importers.controls_volume import Paragraph, Sheaf
from border_kit.catalog.importers.outline import FEDERAL, NOTE, Outline, Piece
from border_kit.errors import InputError
from border_kit.text import clean_line

CCL, USML = "US-CCL", "USML"

_BLOCKS = frozenset(
    ("HEAD", "P", "FP", "FP-1", "FP-2", "FP1", "FP1-2", "HD1", "HD2", "HD3", "HED", "NOTE", "TABLE", "AMDDATE")
)
_CCL_HEAD = re.compile(r"supplement\s+no\.?\s*1\s+to\s+part\s+774", re.IGNORECASE)
_USML_HEAD = re.compile(r"§?\s*121\.1\b")
_ECCN = re.compile(r"([0-9][A-E][0-9]{3})\b[\s.:—–-]*(.*)", re.DOTALL)
_CATEGORY = re.compile(r"Category\s+([IVX]{1,5})\s*[—–-]+\s*(\S.*)", re.IGNORECASE)
_SECTION = re.compile(
    r"(License Requirements|List[- ]Based License Exceptions|License Exceptions|Special Conditions for STA|"
    r"List of Items Controlled|Reporting Requirements)\b.*",
    re.IGNORECASE,
)
_ITEMS = re.compile(r"Items\s*:?\s*(?=\S|$)")
_DESIGNATOR = re.compile(r"([a-z]{1,2}(?:\.(?:[a-z]{1,2}|[0-9]{1,3}))*)\.\s+(\S.*)", re.DOTALL)
_LONG_DESIGNATOR = re.compile(r"([a-z]{1,2}(?:\.(?:[a-z]{1,2}|[0-9]{1,3}))+)\s+(\S.*)", re.DOTALL)
_LEVEL = re.compile(r"\*?\s*\(([a-z]{1,5}|[A-Z]{1,2}|[0-9]{1,3})\)(?:\s*[—–-]\s*\([a-z0-9]{1,5}\))?\s*")
_MAX_HEAD = 20_000
_MAX_NESTED = 60
_HEAD_BLOCKS = 400


@dataclass(slots=True)
class _Reading:
    """Where in the document the reading is: which list, which entry, which section of the entry."""

    position: int = 0
    number: int = 0
    name: str = ""
    outline: Outline | None = None
    in_items: bool = False
    skipped: list[Skipped] = field(default_factory=list)


def read(order: Order) -> Sheaf:
    """The paragraphs of an eCFR file; its amendment date is the edition, where it has one. Raises InputError."""
    path = tables.regular_file(order.path)
    return Sheaf(_amended(path), CCL, _paragraphs(order, path))


def _amended(path: Path) -> str | None:
    """The last of the amendment dates that stand before the text (`Jan. 5, 2026`)."""
    found = (
        _written(_text(block))
        for block in islice(xml_stream.entries(path, _BLOCKS), _HEAD_BLOCKS)
        if block.tag == "AMDDATE"
    )
    return max((day for day in found if day), default=None)


def _written(text: str) -> str | None:
    match = re.match(r"([A-Z][a-z]{2})[a-z]*\.?\s+([0-9]{1,2}),\s*([0-9]{4})", text)
    if match is None:
        return None
    day = dates.born(f"{match.group(2)} {match.group(1)} {match.group(3)}")
    return day if day is not None and day <= date.max.isoformat() else None


def _paragraphs(order: Order, path: Path) -> Iterator[Paragraph | Skipped]:
    reading = _Reading()
    known = False
    for block in xml_stream.entries(path, _BLOCKS):
        reading.number += 1
        order.progress(reading.name or path.name, reading.number, 0)
        if block.tag == "HEAD":
            yield from _finished(reading)
            head = _text(block)
            reading.name = CCL if _CCL_HEAD.search(head) else USML if _USML_HEAD.match(head) else ""
            known = known or bool(reading.name)
        elif reading.name == CCL:
            yield from _ccl_block(reading, block)
        elif reading.name == USML:
            yield from _usml_block(reading, block)
    yield from _finished(reading)
    if not known:
        raise InputError(
            "not_a_list",
            f"{path.name} holds neither Supplement No. 1 to Part 774 (title 15) nor § 121.1 (title 22).",
            "Download the part that has the list.",
        )


def _finished(reading: _Reading) -> Iterator[Paragraph | Skipped]:
    """The paragraphs of the entry that was open."""
    yield from reading.skipped
    reading.skipped.clear()
    for piece in reading.outline.pieces if reading.outline else ():
        reading.position += 1
        yield _paragraph(reading, piece)
    reading.outline = None


def _paragraph(reading: _Reading, piece: Piece) -> Paragraph:
    return Paragraph(
        reading.name, piece.code, piece.parent, reading.position, piece.shown_text(), piece.full_notes(), piece.row
    )


# The Commerce Control List


def _ccl_block(reading: _Reading, block: Element) -> Iterator[Paragraph | Skipped]:
    entry = _entry_of(block)
    if entry is not None and (reading.outline is None or entry[0] != reading.outline.root):
        yield from _finished(reading)
        reading.outline = Outline(entry[0], reading.number)
        reading.outline.text(entry[1])
        reading.in_items = False
    elif reading.outline is None or _is_category(block):
        yield from _finished(reading)
        text = _text(block)
        if text:
            yield Skipped(reading.number, f"{text[:60]!r} belongs to no entry")
    elif block.tag in ("NOTE", "TABLE"):
        _note_lines(reading.outline, block)
    else:
        _ccl_text(reading, reading.outline, _text(block), is_label=block.tag != "P")


def _entry_of(block: Element) -> tuple[str, str] | None:
    """Number and heading of the entry that a block begins, else None: its first words are bold and begin with the number."""
    first = next(iter(block), None)
    if block.tag not in ("P", "FP", "FP-1", "FP-2", "HD2", "HD3") or first is None or first.tag not in ("B", "E"):
        return None
    if (block.text or "").strip() or not _ECCN.match(_text(first)):
        return None
    match = _ECCN.match(_text(block))
    return (match.group(1), match.group(2)) if match else None


def _is_category(block: Element) -> bool:
    """A heading that ends the entry before it: a category, or a product group ("A. End Items …")."""
    return block.tag == "HD1" and re.match(r"(?:Category\s+[0-9]|[A-E]\.\s|Annex)", _text(block)) is not None


def _ccl_text(reading: _Reading, outline: Outline, text: str, *, is_label: bool) -> None:
    if is_label and _SECTION.fullmatch(text):
        reading.in_items = text.lower().startswith("list of items")
        return
    items = _ITEMS.match(text)
    if items is not None:
        reading.in_items = True
        text = text[items.end() :]
    if not text:
        return
    match = (_DESIGNATOR.fullmatch(text) or _LONG_DESIGNATOR.fullmatch(text)) if reading.in_items else None
    if match is not None and outline.path(match.group(1).split("."), match.group(2), reading.number):
        return
    _as_note(outline, text)


def _as_note(outline: Outline, text: str) -> None:
    outline.note(text)
    outline.close_note()


def _note_lines(outline: Outline, block: Element) -> None:
    """A note or a table of an entry: one line a paragraph, or a row, of it."""
    if block.tag == "TABLE":
        rows = (
            [_text(cell) for cell in row if cell.tag in ("TD", "TH", "ENT")]
            for row in block.iter()
            if row.tag in ("TR", "ROW")
        )
        for cells in rows:
            shown = ": ".join(cell for cell in cells if cell)
            if shown:
                _as_note(outline, shown)
        return
    parts = [part for part in block.iter() if part.tag in ("HED", "P", "FP", "FP-1", "FP-2", "HD1", "HD2", "HD3")]
    lines = [text for part in parts if (text := _text(part))] or [_text(block)]
    for line in _with_heading(lines):
        _as_note(outline, line)


def _with_heading(lines: list[str]) -> list[str]:
    """A note's heading and its first words in one line."""
    return [f"{lines[0]} {lines[1]}", *lines[2:]] if len(lines) > 1 and len(lines[0]) < 80 else lines  # a line of print


# The Munitions List


def _usml_block(reading: _Reading, block: Element) -> Iterator[Paragraph | Skipped]:
    text = _text(block)
    category = _CATEGORY.fullmatch(text) if block.tag.startswith(("HD", "P", "FP")) else None
    if category is not None:
        yield from _finished(reading)
        reading.outline = Outline(category.group(1).upper(), reading.number, kinds=FEDERAL, joint="({})")
        reading.outline.text(category.group(2))
    elif reading.outline is None:
        if text:
            yield Skipped(reading.number, f"{text[:60]!r} stands before the first category")
    elif block.tag in ("NOTE", "TABLE"):
        _note_lines(reading.outline, block)
    elif NOTE.match(text):
        _as_note(reading.outline, text)
    elif text:
        _usml_text(reading, reading.outline, text)


def _usml_text(reading: _Reading, outline: Outline, text: str) -> None:
    """A paragraph that may begin with several levels at once: `(b) (1) …`."""
    markers: list[str] = []
    rest = text
    while (match := _LEVEL.match(rest)) is not None and len(markers) < len(FEDERAL):
        markers.append(match.group(1))
        rest = rest[match.end() :]
    if not markers:
        _as_note(outline, text)
        return
    for place, marker in enumerate(markers):
        said = rest if place == len(markers) - 1 else ""
        if not outline.marker(marker, said, reading.number):
            reading.skipped.append(
                Skipped(reading.number, f"({marker}) follows nothing in {outline.root}; kept as text")
            )


def _text(element: Element) -> str:
    """All text of an element in one line; raised figures keep a mark."""
    return clean_line("".join(_words(element)), min(MAX_CELL, _MAX_HEAD))


def _words(element: Element, depth: int = 0) -> Iterator[str]:
    if depth > _MAX_NESTED:
        raise InputError("too_deep", f"A block nests more than {_MAX_NESTED} elements.", "Is it a file of the eCFR?")
    if element.text:
        yield element.text
    for child in element:
        raised = child.tag.upper() in ("SU", "SUP")
        inner = "".join(_words(child, depth + 1))
        yield f"^{inner}" if raised and inner.strip(" 0123456789−–-") == "" and inner.strip() else inner
        if child.tag.upper() in ("BR", "LI"):
            yield " "
        if child.tail:
            yield child.tail
