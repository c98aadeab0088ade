"""`eur-lex-html`: Annex I of the dual-use regulation from a page of EUR-Lex (consolidated text or Official Journal).

The page lays the list out as tables inside tables: the first cell of a row has the marker (`6A003`, `a.`, `Note:`), the second
its text and the tables of what is below it; newer pages do the same with `grid-list` columns. How deep the tables are nested
says how deep a paragraph stands. Only text is taken from the page: no script, no link, no picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path

from border_kit.catalog.importers import dates, tables, text_lines
from border_kit.catalog.importers.base import MAX_CELL, Order, Skipped
from border_kit.catalog.importers.controls_volume import Paragraph, Sheaf
from border_kit.catalog.importers.outline import NOTE, Outline
from border_kit.errors import InputError
from border_kit.text import clean_line

LIST = "EU-DU"

_ENTRY = re.compile(r"([0-9][A-E][0-9]{3})\.?(?:\s+(\S.*))?")
_MARKER = re.compile(r"\(?([a-z]{1,2}|[0-9]{1,3})[.)](?:\s+(\S.*))?")
_HEADING = re.compile(r"(?:CATEGORY\s+[0-9].*|PART\s+[IVX0-9]+.*|[0-9][A-E][0-9]?(?:\s+\D.*)?)", re.IGNORECASE)
_ANNEX = re.compile(r"ANNEX\s+([IVX]+[A-Z]?)\b.*", re.IGNORECASE)
_DATED = re.compile(r"—\s*[A-Z]{2}\s*—\s*([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_BLOCKS = frozenset(("p", "td", "th", "tr", "table", "div", "li", "h1", "h2", "h3", "h4", "dt", "dd", "br"))
_SILENT = frozenset(("script", "style", "head", "nav", "footer"))
_AMENDED = re.compile(r"[►▼]\s?[A-Z][0-9]{0,3}\b|◄")
"""Marks of amendments in consolidated texts: `▼M3`, `►M3 … ◄`."""
_STEP = 7
"""Columns for one level of nesting, as the outline counts them."""
_MAX_DEPTH = 60
_MAX_BLOCK = 200_000
_CHUNK = 1 << 16
_HEAD_BLOCKS = 60


@dataclass(frozen=True, slots=True)
class _Block:
    """A text of the page and how deep it is nested; `is_label` for the first cell of a row."""

    text: str
    depth: int
    line: int
    is_label: bool


@dataclass(slots=True)
class _Page:
    """What is open while the page is read."""

    columns: list[int] = field(default_factory=list)
    """For each open table or grid, how many cells of its row have begun."""
    silent: int = 0
    text: list[str] = field(default_factory=list)
    size: int = 0


class _Reader(HTMLParser):
    """Collects blocks; unknown elements are looked through, unclosed ones do no harm."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = _Page()
        self.blocks: list[_Block] = []
        self._grids: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.page.silent += 1
        if tag in _BLOCKS:
            self._flush()
        if tag == "div":
            kind = dict(attrs).get("class") or ""
            self._grids.append("grid-container" in kind)
            if "grid-container" in kind:
                self._open()
            elif "grid-list-column" in kind or "list" in kind.split():
                self._cell()
        elif tag == "table":
            self._open()
        elif tag == "tr":
            self._row()
        elif tag in ("td", "th"):
            self._cell()

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag in _SILENT:
            self.page.silent = max(0, self.page.silent - 1)
        elif tag == "table" or (tag == "div" and self._grids and self._grids.pop()):
            self._close()

    def handle_data(self, data: str) -> None:
        if self.page.silent or not data:
            return
        self.page.size += len(data)
        if self.page.size <= _MAX_BLOCK:
            self.page.text.append(data)

    def _flush(self) -> None:
        text = clean_line(_AMENDED.sub("", "".join(self.page.text)), MAX_CELL)
        self.page.text, self.page.size = [], 0
        if text:
            first = bool(self.page.columns) and self.page.columns[-1] == 1
            self.blocks.append(_Block(text, len(self.page.columns), self.getpos()[0], first))

    def _open(self) -> None:
        if len(self.page.columns) >= _MAX_DEPTH:
            raise InputError("too_deep", f"The page nests more than {_MAX_DEPTH} tables.", "Is it a page of EUR-Lex?")
        self.page.columns.append(0)

    def _row(self) -> None:
        if self.page.columns:
            self.page.columns[-1] = 0

    def _cell(self) -> None:
        if self.page.columns:
            self.page.columns[-1] += 1

    def _close(self) -> None:
        if self.page.columns:
            self.page.columns.pop()


def read(order: Order) -> Sheaf:
    """The paragraphs of Annex I; the consolidation's date is the edition. Raises InputError."""
    path = tables.regular_file(order.path)
    return Sheaf(_stated(path), LIST, _paragraphs(order, path))


def _blocks(path: Path) -> Iterator[_Block]:
    reader = _Reader()
    with text_lines.reading(path, tables.encoding_of(path, fallback="cp1252")) as stream:
        while chunk := stream.read(_CHUNK):
            reader.feed(chunk)
            yield from reader.blocks
            reader.blocks.clear()
    reader.close()
    reader._flush()  # noqa: SLF001 - what stands behind the last element
    yield from reader.blocks


def _stated(path: Path) -> str | None:
    """The date of the consolidated text (`02021R0821 — EN — 16.12.2023 — …`)."""
    for block in islice(_blocks(path), _HEAD_BLOCKS):
        match = _DATED.search(block.text)
        if match:
            return dates.iso_day(f"{match.group(3)}-{match.group(2)}-{match.group(1)}")
    return None


def _paragraphs(order: Order, path: Path) -> Iterator[Paragraph | Skipped]:
    outline: Outline | None = None
    position = 0
    for block in _joined(_blocks(path)):
        order.progress(LIST, block.line, 0)
        entry = _ENTRY.fullmatch(block.text)
        annex = _ANNEX.fullmatch(block.text)
        if annex is not None and outline is not None and annex.group(1).upper() != "I":
            break
        if entry is not None and entry.group(2) and (outline is None or entry.group(1) != outline.root):
            yield from _finished(outline, position)
            position += len(outline.pieces) if outline else 0
            outline = Outline(entry.group(1), block.line, indent=(block.depth + 1) * _STEP)
            outline.text(entry.group(2))
        elif outline is None or _HEADING.fullmatch(block.text):
            if outline is not None:
                yield Skipped(block.line, f"{block.text[:60]} is a heading, not an entry")
        else:
            _feed(outline, block)
    yield from _finished(outline, position)


def _joined(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """Each label with the text of the cell beside it."""
    label: _Block | None = None
    for block in blocks:
        if label is not None and block.depth == label.depth and not block.is_label:
            yield _Block(f"{label.text} {block.text}", label.depth, label.line, is_label=False)
            label = None
            continue
        if label is not None:
            yield label
        label = block if block.is_label and _is_label(block.text) else None
        if label is None:
            yield block
    if label is not None:
        yield label


def _is_label(text: str) -> bool:
    return _ENTRY.fullmatch(text) is not None or _MARKER.fullmatch(text) is not None or NOTE.fullmatch(text) is not None


def _feed(outline: Outline, block: _Block) -> None:
    column = block.depth * _STEP
    marker = _MARKER.fullmatch(block.text)
    if NOTE.match(block.text):
        outline.note(block.text, column)
    elif marker is not None:
        outline.marker(marker.group(1), marker.group(2) or "", block.line, column)
    else:
        outline.text(block.text)


def _finished(outline: Outline | None, position: int) -> Iterator[Paragraph]:
    for place, piece in enumerate(outline.pieces if outline else (), start=position):
        yield Paragraph("", piece.code, piece.parent, place, piece.shown_text(), piece.full_notes(), piece.row)
