"""XLSX and XLS workbooks: bounded before they are opened, read as values only (no macro runs, no link is followed)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from border_kit.errors import InputError
from border_kit.shipment.readers.options import Limits
from border_kit.shipment.readers.tabular.archive import bound_archive, damaged, refuse
from border_kit.shipment.readers.tabular.source import Cell, Row

_EXCEL_DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number; what its floats have beyond them is noise."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, read a row at a time from what its reader holds of it (bounded by `Limits.cells`).

    Merged cells (`merges`: top, left, bottom, right, from the first cell) repeat the value of their first cell.
    """

    cells: Any
    merges: tuple[tuple[int, int, int, int], ...]
    remarks: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """The rows in order, numbered as the spreadsheet numbers them."""
        if self.cells.height == 0:
            return
        top, _ = self.cells.start or (0, 0)
        waiting = deque(sorted(self.merges))
        open_merges: list[tuple[int, int, int, Cell]] = []  # bottom, left, right, value
        with _told():
            for number, values in enumerate(islice(self.cells.iter_rows(), top, None)):
                row = [_cell(value) for value in values]
                while waiting and waiting[0][0] <= number:
                    above, first, bottom, last = waiting.popleft()
                    if above == number and 0 <= first < len(row):
                        open_merges.append((bottom, first, last, row[first]))
                open_merges = [merge for merge in open_merges if merge[0] >= number]
                for _, first, last, value in open_merges:
                    _spread(row, first, last, value)
                yield number + top + 1, row


def open_workbook(path: Path, limits: Limits, sheet: str | None = None) -> dict[str, Sheet]:
    """The visible sheets of a workbook by name (only `sheet`, where one is named). Raises InputError."""
    with path.open("rb") as stream:
        zipped = stream.read(4)[:2] == b"PK"
    remarks = bound_archive(path, limits) if zipped else _bound_xls(path, limits)
    import python_calamine as calamine  # noqa: PLC0415 - 5 ms that JSON and CSV need not pay

    with (
        _told(),
        path.open("rb") as stream,
        closing(calamine.CalamineWorkbook.from_filelike(stream)) as workbook,
    ):
        return _sheets(workbook, calamine, limits, sheet, remarks)


@contextmanager
def _told() -> Iterator[None]:
    """What the library says of a file, in words. Raises InputError."""
    import python_calamine as calamine  # noqa: PLC0415 - only where there is a workbook

    try:
        yield
    except calamine.PasswordError as error:
        raise InputError(
            "encrypted_workbook", "The workbook is protected by a password.", "Ask for an open copy."
        ) from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged(error) from error
    except BaseException as error:  # a panic of the library's Rust code derives from nothing narrower
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(ValueError("its reader gave up")) from error


def _bound_xls(path: Path, limits: Limits) -> tuple[str, ...]:
    """Measure a legacy workbook. Raises InputError."""
    from border_kit.shipment.readers.tabular.xls import BrokenXlsError, measure  # noqa: PLC0415 - only for legacy files

    try:
        size = measure(path.read_bytes())
    except BrokenXlsError as error:
        raise damaged(error) from error
    if size.cells > limits.cells:
        raise refuse(f"its sheets span {size.cells} cells")
    if size.characters > limits.cell_text:
        raise refuse("its texts, written out, would fill the memory")
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
        raise refuse("a sheet has too many cells")
    if sheet.height > limits.rows + 100:
        raise InputError(
            "too_many_rows", f"The sheet has {sheet.height} rows; {limits.rows} are read.", "Split the file."
        )
    top, left = sheet.start or (0, 0)
    merges = tuple(
        (
            from_row - top,
            from_column - left,
            min(to_row - top, sheet.height - 1),
            min(to_column - left, sheet.width - 1),
        )
        for (from_row, from_column), (to_row, to_column) in sheet.merged_cell_ranges or ()
    )
    covered = sum(
        max(0, bottom + 1 - max(0, above)) * max(0, last + 1 - first) for above, first, bottom, last in merges
    )
    if covered > sheet.height * sheet.width:
        raise refuse("its merged ranges overlap")
    return Sheet(sheet, merges, remarks)


def _spread(row: list[Cell], first: int, last: int, value: Cell) -> None:
    """Write a merged cell's value into the cells of a row that it covers."""
    for column in range(first, min(last + 1, len(row))):
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
