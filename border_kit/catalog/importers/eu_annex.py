"""`eu-annex-text`: Annex I of the dual-use regulation as text made from the PDF (`pdftotext -layout`).

Pages wrap with a number and the title of the category, a heading may say that an entry is continued, notes stand between the
paragraphs, the indentation carries the level, and exponents stand on a line of their own above the figure that they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from border_kit.catalog.importers import tables, text_lines
from border_kit.catalog.importers.base import Order, Skipped
from border_kit.catalog.importers.controls_volume import Paragraph, Sheaf
from border_kit.catalog.importers.outline import NOTE, Outline

LIST = "EU-DU"

_ENTRY = re.compile(r"\s{0,3}([0-9][A-E][0-9]{3})(?:\s+|$)(.*)")
_CONTINUED = re.compile(r"\s{0,3}([0-9][A-E][0-9]{3}(?:\.\s?[a-z0-9]{1,3})*)\.?\s*continued", re.IGNORECASE)
_MARKER = re.compile(r"(\s*)([a-z]{1,2}|[0-9]{1,3})(?:\.\s+|\s{3,}(?=[A-Z]))(\S.*)")
_BARE_MARKER = re.compile(r"(\s*)([a-z]{1,2}|[0-9]{1,3})\.\s*$")
_HEADING = re.compile(
    r"\s*(?:CATEGORY\s+[0-9]\b.*|[0-9][A-E][0-9]?\s+(?:Systems|Test|Materials|Software|Technology)\b.*)"
)
_PAGE = re.compile(r"\s*[0-9]{1,3}\s*")
_EXPONENTS = re.compile(r"\s+[-–0-9]{1,3}(?:\s+[-–0-9]{1,3})*\s*")


def read(order: Order) -> Sheaf:
    """The paragraphs of an Annex I text; it states no date. Raises InputError."""
    path = tables.regular_file(order.path)
    return Sheaf(None, LIST, _paragraphs(order, tables.encoding_of(path, fallback="cp1252")))


def _paragraphs(order: Order, encoding: str) -> Iterator[Paragraph | Skipped]:
    outline: Outline | None = None
    position = 0
    for row, line in _lines(order, encoding):
        entry = _ENTRY.fullmatch(line)
        continued = _CONTINUED.fullmatch(line)
        if continued is not None:
            if outline is not None and continued.group(1).startswith(outline.root):
                outline.resume("".join(continued.group(1).split()))
        elif _HEADING.fullmatch(line):
            yield Skipped(row, f"{line.strip()[:60]} is a heading, not an entry")
        elif entry is not None and (outline is None or entry.group(1) != outline.root):
            if outline is not None:
                yield from _finished(outline, position)
                position += len(outline.pieces)
            outline = Outline(entry.group(1), row, indent=entry.start(2))
            _feed(outline, " " * entry.start(2) + entry.group(2), row)
        elif outline is None:
            yield Skipped(row, "it stands before the first entry")
        else:
            _feed(outline, line, row)
    if outline is not None:
        yield from _finished(outline, position)


def _finished(outline: Outline, position: int) -> Iterator[Paragraph | Skipped]:
    yield from (
        Paragraph("", piece.code, piece.parent, place, piece.shown_text(), piece.full_notes(), piece.row)
        for place, piece in enumerate(outline.pieces, start=position)
    )


def _feed(outline: Outline, line: str, row: int) -> None:
    bare = line.strip()
    column = len(line) - len(line.lstrip())
    note = NOTE.match(bare)
    marker = _MARKER.fullmatch(line) or _BARE_MARKER.fullmatch(line)
    if note is not None:
        outline.note(bare, column)
    elif marker is not None:
        rest = marker.group(3) if marker.re is _MARKER else ""
        inner = _MARKER.fullmatch(rest)
        taken = outline.marker(marker.group(2), "" if inner else rest, row, column)
        if inner is not None and taken:
            _feed(outline, " " * marker.start(3) + rest, row)
    else:
        outline.text(bare)


def _lines(order: Order, encoding: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with exponents put back; page numbers and the empty lines are left out."""
    exponents = ""
    with text_lines.reading(order.path, encoding) as stream:
        for row, raw in enumerate(tables.lines(stream, order.path.name), start=1):
            order.progress(LIST, row, 0)
            line = raw.replace("\f", "").replace("\t", "        ").rstrip()
            if not line.strip():
                continue
            indent = len(line) - len(line.lstrip())
            if _PAGE.fullmatch(line) and (indent == 0 or indent > _PAGE_COLUMN):
                continue
            if _EXPONENTS.fullmatch(line):
                exponents = line
                continue
            yield row, _raised(line, exponents)
            exponents = ""


_PAGE_COLUMN = 90


def _raised(line: str, exponents: str) -> str:
    """A line with the exponents of the line above it, each behind the figure or unit that ends under it."""
    for match in reversed(list(re.finditer(r"[-–0-9]+", exponents))):
        places = {
            found.end(): abs(found.end() - match.start()) - (_EXPONENT_SHIFT if found.group() == "10" else 0)
            for found in _RAISABLE.finditer(line)
            if abs(found.end() - match.start()) <= _EXPONENT_SHIFT
        }
        if places:
            place = min(places, key=lambda end: places[end])
            line = f"{line[:place]}^{match.group()}{line[place:]}"
    return line


_RAISABLE = re.compile(r"\b(?:10|[kcm]?m|s|Hz)(?=[\s,;.)/]|$)")
"""What carries an exponent in a list: a ten, a length, a time."""
_EXPONENT_SHIFT = 4
