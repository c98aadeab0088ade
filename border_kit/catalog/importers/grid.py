"""Tables of goods and chemicals, as CSV of any separator or as XLSX, read by what their header calls the columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from border_kit.catalog.importers import tables, text_lines
from border_kit.catalog.importers.base import MAX_CELL, Skipped
from border_kit.errors import InputError
from border_kit.shipment.readers.options import Limits
from border_kit.shipment.readers.tabular.source import text_of
from border_kit.shipment.readers.tabular.workbook import open_workbook
from border_kit.text import clean_line, fold

_LIMITS = Limits(rows=500_000, cells=10_000_000, columns=200)
_HEADER_ROWS = 30
"""Rows in which the header is looked for: titles and dates stand above it."""
_SEPARATORS = ",;\t|"
_SAMPLE = 20

Columns = Mapping[str, Sequence[str]]
"""What a field may be called, in small letters; the first name that a header has is taken."""


def records(path: Path, columns: Columns, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]] | Skipped]:
    """The rows of a table by our names of its columns; empty rows are left out.

    Raises:
        InputError: the file cannot be read, or none of its first rows is a header with the needed columns.
    """
    found = _rows(path)
    header: dict[str, int] = {}
    for number, row in found:
        if not header:
            header = _header(row, columns, needed)
            if not header and number >= _HEADER_ROWS:
                break
            continue
        cells = {name: clean_line(row[at], MAX_CELL) if at < len(row) else "" for name, at in header.items()}
        if any(cells.values()):
            yield number, cells
    if not header:
        wanted = ", ".join(f"{name} ({' | '.join(columns[name][:3])})" for name in needed)
        raise InputError("columns_missing", f"{path.name} has no header with these columns: {wanted}.", "Name them so.")


def header_texts(path: Path) -> list[str]:
    """The cells of the first rows (titles say of which year a table is)."""
    return [clean_line(cell, 300) for number, row in _rows(path) if number <= _HEADER_ROWS for cell in row if cell]


def _header(row: Sequence[str], columns: Columns, needed: Sequence[str]) -> dict[str, int]:
    names = ["".join(char if char.isalnum() else " " for char in fold(cell)).split() for cell in row]
    titles = [" ".join(name) for name in names]
    found: dict[str, int] = {}
    for field, aliases in columns.items():
        places = [at for alias in aliases for at, title in enumerate(titles) if title == alias]
        places += [at for alias in aliases for at, title in enumerate(titles) if title.startswith(f"{alias} ")]
        free = [at for at in places if at not in found.values()]
        if free:
            found[field] = free[0]
    return found if all(name in found for name in needed) else {}


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"PK"
    if zipped:
        sheets = open_workbook(path, _LIMITS)
        for sheet in list(sheets.values())[:1]:
            for number, row in sheet.rows():
                yield number, [text_of(cell) for cell in row]
        return
    encoding = tables.encoding_of(path, fallback="cp1252")
    separator = _separator(path, encoding)
    with text_lines.reading(path, encoding) as text:
        reader = csv.reader(tables.lines(text, path.name), delimiter=separator)
        try:
            yield from enumerate(reader, start=1)
        except csv.Error as error:
            raise InputError(
                "bad_csv",
                f"Row {reader.line_num} of {path.name} cannot be read: {error}.",
                "Is a quotation mark left open?",
            ) from error


def _separator(path: Path, encoding: str) -> str:
    """The separator that gives most of the first rows the same number of cells, more than one."""
    with text_lines.reading(path, encoding) as text:
        sample = [line for line, _ in zip(tables.lines(text, path.name), range(_SAMPLE), strict=False)]
    return max(_SEPARATORS, key=lambda mark: _agreeing(sample, mark))


def _agreeing(sample: Sequence[str], mark: str) -> tuple[int, int]:
    """How many rows have the commonest number of cells, and that number; a row of one cell proves nothing."""
    try:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=mark) if len(row) > 1)
    except csv.Error:
        return 0, 0
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
