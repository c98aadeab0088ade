"""`ccl-csv`: the United States lists (Commerce Control List and Munitions List) as a table of paragraphs.

Columns: derived_ecn_no, ecn_number, parent_ecn, description_en, notes (parent_ecn is the derived_ecn_no of the paragraph above).
Such tables have often been through a spreadsheet, which turns `1E203` into `1.00E+203` and lets a letter O stand for a zero:
what can be put right is, the rest is skipped with the reason.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from border_kit.catalog import codes
from border_kit.catalog.importers import tables
from border_kit.catalog.importers.base import MAX_CELL, Order, Skipped
from border_kit.catalog.importers.controls_volume import Paragraph, Sheaf
from border_kit.text import clean_line

CCL = "US-CCL"
USML = "USML"

_ECCN = re.compile(r"[0-9][A-E][0-9]{3}(?:\.[A-Z0-9]{1,4}){0,12}", re.IGNORECASE)
_USML = re.compile(r"[IVX]{1,5}(?:\([A-Za-z0-9]{1,8}\)){0,8}")
_MANGLED = re.compile(r"([0-9])\.00E\+([0-9]{1,3})", re.IGNORECASE)
_LETTER_O = re.compile(r"O([A-E][0-9]{3}.*)", re.IGNORECASE)
_HEADING = re.compile(r"CATEGORY\s.*|PART\s[0-9]|MUNITIONS LIST|[0-9][A-E]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    key: str
    code: str
    parent: str
    text: str
    notes: str


@dataclass(slots=True)
class _File:
    lines: list[_Line | Skipped] = field(default_factory=list)
    by_key: dict[str, _Line] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def read(order: Order) -> Sheaf:
    """The paragraphs of a ccl-csv file; it states no date. Raises InputError."""
    return Sheaf(None, CCL, _rows(tables.regular_file(order.path)))


def _rows(path: Path) -> Iterator[Paragraph | Skipped]:
    needed = ("derived_ecn_no", "ecn_number", "parent_ecn", "description_en")
    file = _File()
    for row in tables.records(path, needed, tables.encoding_of(path, fallback="cp1252")):
        _note(row, file)
    resolved = {line.key: _resolve(line, file) for line in file.by_key.values()}
    for position, each in enumerate(file.lines):
        yield each if isinstance(each, Skipped) else _paragraph(each, position, file, resolved)


def _note(row: tuple[int, dict[str, str]] | Skipped, file: _File) -> None:
    if isinstance(row, Skipped):
        file.lines.append(row)
        return
    number, cells = row
    line = _Line(
        row=number,
        key=cells.get("derived_ecn_no", "").strip().lstrip("0"),
        code=clean_line(cells.get("ecn_number", ""), 80),
        parent=cells.get("parent_ecn", "").strip().lstrip("0"),
        text=clean_line(cells.get("description_en", ""), MAX_CELL),
        notes=cells.get("notes", ""),
    )
    file.lines.append(line)
    file.by_key[line.key] = line
    file.children[line.parent].append(line.code)


def _resolve(line: _Line, file: _File) -> tuple[str, str] | str:
    """List and code of a line, put right where that is certain; else the reason why it is not taken."""
    bare = "".join(line.code.split())
    mangled = _MANGLED.fullmatch(bare)
    if mangled:
        bare = _unmangle(mangled.group(1), mangled.group(2), line, file)
        if not bare:
            return f"a spreadsheet turned the code into {line.code}, and nothing says which code it was"
    letter = _LETTER_O.fullmatch(bare)
    if letter:
        bare = f"0{letter.group(1)}"
    if _ECCN.fullmatch(bare):
        return CCL, codes.tidy(bare)
    if _USML.fullmatch(bare):
        return USML, codes.tidy(bare)
    return _why_not(line.code)


def _why_not(code: str) -> str:
    if not code:
        return "the code is empty"
    if code.upper() == "EAR99":
        return "EAR99 is no entry of a list"
    return f"{code} is a heading, not an entry" if _HEADING.fullmatch(code) else f"{code} is no code of this list"


def _unmangle(digit: str, exponent: str, line: _Line, file: _File) -> str:
    """`1.00E+203` was 1E203. `0.00E+00` was any 0E…: only the paragraphs below it can tell."""
    above = file.by_key.get(line.parent)
    below = {codes.root(code.upper()) for code in file.children.get(line.key, ()) if _ECCN.fullmatch(code)}
    if len(below) == 1 and next(iter(below)).startswith(f"{digit}E"):
        return next(iter(below))
    if digit == "0" or below or above is None or above.code.strip().upper() != f"{digit}E":
        return ""
    return f"{digit}E{int(exponent):03}"


def _paragraph(
    line: _Line, position: int, file: _File, resolved: dict[str, tuple[str, str] | str]
) -> Paragraph | Skipped:
    if file.by_key.get(line.key) is not line:
        return Skipped(line.row, f"the number {line.key!r} stands twice in the file")
    found = resolved[line.key]
    if isinstance(found, str):
        return Skipped(line.row, found)
    if not line.text:
        return Skipped(line.row, f"{found[1]} has no text")
    above = resolved.get(line.parent, "")
    return Paragraph(
        list=found[0],
        code=found[1],
        parent=above[1] if isinstance(above, tuple) else None,
        position=position,
        text=line.text,
        notes=flatten_notes(line.notes) or None,
        row=line.row,
    )


_MAX_NOTES = 60_000
_MAX_DEPTH = 12


def flatten_notes(cell: str) -> str:
    """The notes of a cell that holds a Python-style list of {'description', 'child_list'}, one a line, indented by depth."""
    if not cell.strip() or cell.strip() == "[]":
        return ""
    try:
        value = ast.literal_eval(cell[:_MAX_NOTES])
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return clean_line(cell, MAX_CELL)
    return "\n".join(_note_lines(value, 0))[:MAX_CELL]


def _note_lines(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, list) and depth <= _MAX_DEPTH:
        for note in value:
            if isinstance(note, dict):
                yield "  " * depth + clean_line(str(note.get("description", "")), MAX_CELL)
                yield from _note_lines(note.get("child_list"), depth + 1)
