"""`military-list`: the Common Military List of the European Union as text made from the PDF (`pdftotext -layout`).

Contents with dotted leaders come first and definitions last; page headers repeat; notes have lists of their own. Where the
text lost its indentation, the order of the markers and the punctuation tell the levels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count

from border_kit.catalog.importers import tables, text_lines
from border_kit.catalog.importers.base import Order, Skipped
from border_kit.catalog.importers.controls_volume import Paragraph, Sheaf
from border_kit.catalog.importers.outline import NOTE, Outline, Piece
from border_kit.catalog.importers.reading import Token, read_entry

LIST = "EU-ML"

_ENTRY = re.compile(r"\s{0,8}ML\s?([0-9]{1,2})\.?(?:\s+(.*))?")
_MARKER = re.compile(r"([a-z]{1,2}|[0-9]{1,3})\.\s+(\S.*)")
_CITED = re.compile(r"ML[0-9]{1,2}(?:\.[a-z0-9]{1,2})+")
_LEADER = re.compile(r"\.{5,}\s*[0-9]*\s*$")
_END = re.compile(r"\s*(?:DEFINITIONS\b.*|Definitions of terms\b.*)")
_NUMBER = re.compile(r"[0-9]+")
_INDENTED = 4
_REPEATED = 5
"""A line that stands so often, but for its numbers, is the head or the foot of a page."""


def read(order: Order) -> Sheaf:
    """The paragraphs of a military list; it states no date. Raises InputError."""
    path = tables.regular_file(order.path)
    return Sheaf(None, LIST, _paragraphs(order, tables.encoding_of(path, fallback="cp1252")))


def _paragraphs(order: Order, encoding: str) -> Iterator[Paragraph | Skipped]:
    lines = _lines(order, encoding)
    indented = sum(len(line) - len(line.lstrip()) >= _INDENTED for _, line in lines) > len(lines) // 10
    cited = frozenset(code for _, line in lines for code in _cited(line))
    positions = count(1)
    for number, rows in _entries(lines):
        if not number:
            yield from (Skipped(row, "it stands before the first entry") for row, _ in rows)
            continue
        order.progress(LIST, rows[0][0], 0)
        pieces = _by_column(f"ML{number}", rows) if indented else _by_sequence(f"ML{number}", rows, cited)
        for piece, position in zip(pieces, positions, strict=False):
            yield Paragraph("", piece.code, piece.parent, position, piece.shown_text(), piece.full_notes(), piece.row)


def _entries(lines: list[tuple[int, str]]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """The lines of each entry, by its number (0: what stands before the first)."""
    number = 0
    rows: list[tuple[int, str]] = []
    for row, line in _body(lines):
        entry = _ENTRY.fullmatch(line)
        if entry is not None and int(entry.group(1)) == number + 1:
            if rows:
                yield number, rows
            number, rows = number + 1, [(row, " " * max(0, entry.start(2)) + (entry.group(2) or ""))]
        else:
            rows.append((row, line))
    if rows:
        yield number, rows


def _cited(line: str) -> Iterator[str]:
    """The codes that a line refers to, and those above them."""
    for match in _CITED.finditer(line):
        parts = match.group().rstrip(".").split(".")
        yield from (".".join(parts[:size]) for size in range(2, len(parts) + 1))


def _by_sequence(root: str, rows: list[tuple[int, str]], cited: frozenset[str]) -> list[Piece]:
    tokens = []
    for row, line in rows:
        bare = line.strip()
        marker = None if NOTE.match(bare) else _MARKER.fullmatch(bare)
        tokens.append(Token(marker.group(1), marker.group(2), row) if marker else Token("", bare, row))
    pieces = read_entry(root, [token for token in tokens if token.text], cited)
    pieces[0].row = rows[0][0]
    return pieces


def _by_column(root: str, rows: list[tuple[int, str]]) -> list[Piece]:
    first = rows[0][1]
    outline = Outline(root, rows[0][0], indent=len(first) - len(first.lstrip()))
    for row, line in rows:
        bare = line.strip()
        column = len(line) - len(bare)
        marker = None if NOTE.match(bare) else _MARKER.fullmatch(bare)
        if NOTE.match(bare):
            outline.note(bare, column)
        elif marker:
            outline.marker(marker.group(1), marker.group(2), row, column)
        elif bare:
            outline.text(bare)
    return outline.pieces


def _body(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines between the contents and the definitions."""
    begun = next((at for at in range(len(lines) - 1, -1, -1) if _LEADER.search(lines[at][1])), -1)
    for row, line in lines[begun + 1 :]:
        if _END.fullmatch(line):
            return
        yield row, line


def _lines(order: Order, encoding: str) -> list[tuple[int, str]]:
    """The lines that say something, without the heads and feet of pages (a list of this kind has some thousand lines)."""
    with text_lines.reading(order.path, encoding) as stream:
        found = [
            (row, raw.replace("\f", "").replace("\u00ad ", "").rstrip())
            for row, raw in enumerate(tables.lines(stream, order.path.name), start=1)
        ]
    often = Counter(_NUMBER.sub("#", line.strip()) for _, line in found if line.strip())
    return [
        (row, line)
        for row, line in found
        if line.strip()
        and not line.strip().isdigit()
        and (often[_NUMBER.sub("#", line.strip())] < _REPEATED or not line.strip()[-1].isdigit())
    ]
