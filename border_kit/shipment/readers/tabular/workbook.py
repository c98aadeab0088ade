"""XLSX and XLS workbooks: bounded before they are opened, read as values only (no macro runs, no link is followed)."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from border_kit.errors import InputError
from border_kit.shipment.readers.options import Limits
from border_kit.shipment.readers.tabular.source import Cell, Row

_CHUNK = 1 << 18
_TAIL = 1 << 12
_PLACE = re.compile(rb"<(?:\w+:)?(c|row)\b([^<>]*)>")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{0,7})([0-9]{1,9})")
_STRING = re.compile(rb"<(?:\w+:)?si\b")
_SHARED_TEXT = re.compile(
    rb"\bt\s*=\s*[\"']s[\"'][^<>]*>(?:\s*<(?:\w+:)?f\b[^<>]*/>)?\s*<(?:\w+:)?v[^<>]*>\s*([0-9]{1,9})\s*<"
)
_BROKEN = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
)
_XLS_BYTES = 40_000_000
_EXCEL_DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number; what its floats have beyond them is noise."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, its values in memory (bounded by `Limits.cells`); merged cells repeat the value of their first cell."""

    table: tuple[tuple[Cell, ...], ...]
    first_row: int
    remarks: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """The rows in order, numbered as the spreadsheet numbers them."""
        yield from enumerate(self.table, start=self.first_row)


def bound_archive(path: Path, limits: Limits) -> tuple[str, ...]:
    """Measure an XLSX archive by inflating it. Raises InputError for what cannot be an honest workbook; gives remarks."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _bound_members(members, limits)
            gauge = _Gauge(limits)
            shared = [member for member in members if member.filename.lower().endswith("sharedstrings.xml")]
            for member in shared + [member for member in members if member not in shared]:
                gauge.member(archive, member)
    except _BROKEN as error:
        raise InputError(
            "bad_workbook",
            f"The workbook is damaged ({str(error)[:100]}).",
            "Open and save it again, or save it as CSV.",
        ) from error
    names = [member.filename.lower() for member in members]
    remarks = []
    if any(name.endswith("vbaproject.bin") for name in names):
        remarks.append("The workbook carries macros; they were not run.")
    if any("externallinks/" in name for name in names):
        remarks.append("The workbook refers to other files; they were not opened, and the values it shows may be old.")
    return tuple(remarks)


def _bound_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.archive_members:
        raise _refuse(f"it has {len(members)} parts")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise _refuse("two of its parts have one name")
    for member in members:
        if member.flag_bits & 1:
            raise InputError("encrypted_workbook", "The workbook is protected by a password.", "Ask for an open copy.")
        if (
            member.filename.startswith(("/", "\\"))
            or ".." in re.split(r"[\\/]", member.filename)
            or ":" in member.filename
        ):
            raise _refuse("a part of it points outside the file")


def _refuse(why: str) -> InputError:
    return InputError(
        "suspicious_workbook", f"The workbook is refused: {why}.", "Ask the sender for a plain copy, or for CSV."
    )


class _Gauge:
    """Counts what a workbook would cost: bytes, cells of the rectangle, shared texts as often as they are used."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes = 0
        self.lengths = array("L")
        self.text = 0

    def member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        name = member.filename.lower()
        sheet = name.endswith(".xml") and "worksheets/" in name
        strings = name.endswith("sharedstrings.xml")
        place = _Rectangle(self.limits)
        gap = 0
        rest = b""
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                self.bytes += len(chunk)
                if self.bytes > self.limits.archive_bytes:
                    raise _refuse(f"inflated, it is larger than {self.limits.archive_bytes // 1_000_000} MB")
                if not rest and name.endswith((".xml", ".rels")) and b"<!doctype" in chunk[:_TAIL].lower():
                    raise _refuse("it declares a document type")
                if strings:
                    gap = self._gaps(chunk, gap)
                elif sheet:
                    rest = self._places(rest + chunk, place)
        if strings:
            self.lengths.append(gap)
        if sheet:
            self._places(rest, place, last=True)

    def _gaps(self, chunk: bytes, gap: int) -> int:
        """Note how far apart the shared texts begin: no text is longer than that. Gives the stretch left open."""
        before = 0
        for match in _STRING.finditer(chunk):
            self.lengths.append(gap + match.start() - before)
            gap, before = 0, match.start()
        return gap + len(chunk) - before

    def _places(self, data: bytes, place: _Rectangle, *, last: bool = False) -> bytes:
        """Count the cells and their shared texts; what follows the last whole cell is kept for the next chunk."""
        end = len(data) if last else data.rfind(b"</c>") + 4 if b"</c>" in data else data.rfind(b">") + 1
        for match in _PLACE.finditer(data, 0, end):
            place.see(match[1] == b"row", match[2])
        for match in _SHARED_TEXT.finditer(data, 0, end):
            index = int(match[1]) + 1  # the first stretch is what stands before the first text
            self.text += self.lengths[index] if index < len(self.lengths) else 0
        if self.text > self.limits.cell_text:
            raise _refuse("its texts, written out, would fill the memory")
        return data[end:][-_CHUNK:]


class _Rectangle:
    """The smallest rectangle that holds the cells seen."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = self.column = 0
        self.rows = self.columns = 0

    def see(self, is_row: bool, attributes: bytes) -> None:
        found = _REFERENCE.search(attributes)
        if is_row:
            self.row = int(found[2]) if found else self.row + 1
            self.column = 0
        elif found and found[1]:
            self.row, self.column = int(found[2]), _column(found[1])
        else:
            self.column += 1
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        if (
            self.rows * max(1, self.columns) > self.limits.cells and self.columns > 1
        ) or self.rows > self.limits.rows * 2:
            raise _refuse(f"a sheet reaches to row {self.rows}, column {self.columns}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def open_workbook(path: Path, limits: Limits, sheet: str | None = None) -> dict[str, Sheet]:
    """The visible sheets of a workbook by name (only `sheet`, where one is named). Raises InputError."""
    with path.open("rb") as stream:
        zipped = stream.read(4)[:2] == b"PK"
    remarks = bound_archive(path, limits) if zipped else _bound_xls(path)
    import python_calamine as calamine  # noqa: PLC0415 - 5 ms that JSON and CSV need not pay

    try:
        with closing(calamine.CalamineWorkbook.from_path(path)) as workbook:
            return _sheets(workbook, calamine, limits, sheet, remarks)
    except calamine.PasswordError as error:
        raise InputError(
            "encrypted_workbook", "The workbook is protected by a password.", "Ask for an open copy."
        ) from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise InputError(
            "bad_workbook", f"The workbook cannot be read ({str(error)[:100]}).", "Save it again, or as CSV."
        ) from error


def _bound_xls(path: Path) -> tuple[str, ...]:
    if path.stat().st_size > _XLS_BYTES:
        raise _refuse(f"an XLS file of more than {_XLS_BYTES // 1_000_000} MB")
    return ()


def _sheets(
    workbook: Any, calamine: Any, limits: Limits, wanted: str | None, remarks: tuple[str, ...]
) -> dict[str, Sheet]:
    visible = [
        meta.name
        for meta in workbook.sheets_metadata
        if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    hidden = len(workbook.sheet_names) - len(visible)
    if wanted and wanted not in workbook.sheet_names:
        raise InputError(
            "sheet_missing", f"There is no sheet {wanted[:60]!r}.", f"The sheets are: {', '.join(visible)[:300]}."
        )
    notes = (*remarks, f"{hidden} hidden sheets were not read.") if hidden and not wanted else remarks
    return {name: _sheet(workbook.get_sheet_by_name(name), limits, notes) for name in ([wanted] if wanted else visible)}


def _sheet(sheet: Any, limits: Limits, remarks: tuple[str, ...]) -> Sheet:
    if sheet.height * sheet.width > limits.cells or sheet.width > limits.columns * 10:
        raise _refuse("a sheet has too many cells")
    if sheet.height > limits.rows + 100:
        raise InputError(
            "too_many_rows", f"The sheet has {sheet.height} rows; {limits.rows} are read.", "Split the file."
        )
    table = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    top, left = sheet.start or (0, 0)
    for (from_row, from_column), (to_row, to_column) in sheet.merged_cell_ranges or ():
        _spread(table, from_row - top, from_column - left, to_row - top, to_column - left)
    return Sheet(tuple(tuple(row) for row in table), top + 1, remarks)


def _spread(table: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    """Write a merged cell's value into the cells it covers."""
    if not (0 <= top < len(table) and 0 <= left < len(table[top])):
        return
    value = table[top][left]
    for row in table[top : bottom + 1]:
        for column in range(left, min(right + 1, len(row))):
            if row[column] is None:
                row[column] = value


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float | int):
        number = Decimal(f"{value:.{_EXCEL_DIGITS}g}") if isinstance(value, float) else Decimal(value)
        return number if number.is_finite() else str(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return value if isinstance(value, str) and value else None
