"""What a caller may say about a file, and the bounds within which files are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

DecimalMark = Literal[".", ","]


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one file: what lies beyond is refused with a reason, never half read."""

    file_bytes: int = 200_000_000
    rows: int = 1_000_000
    columns: int = 2_000
    items: int = 1_000_000
    """Elements of a JSON array, items of a declaration."""
    json_depth: int = 64
    xml_depth: int = 64
    archive_members: int = 2_000
    archive_bytes: int = 400_000_000
    """Bytes of all members of a workbook together, counted while inflating them."""
    cells: int = 10_000_000
    """Cells of the smallest rectangle that holds a sheet."""
    merges: int = 100_000
    cell_text: int = 200_000_000
    """Bytes of all text cells of a workbook, shared texts counted as often as they are used."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How the columns of a table are to be read, as the officer said or as the desk remembered.

    `fields` maps a field to a header, to `#n` (the n-th column) or to an empty text (do not read this field). The rest
    answers what a table may leave open; None leaves it to the evidence in the file. `header_row` 0 says *no header*.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    decimal: DecimalMark | None = None
    encoding: str | None = None
    header_row: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What is known about a file before it is read. `columns` may be the text of `--columns` as it was typed.

    `remembered` holds column maps by `header_fingerprint()`.
    """

    columns: ColumnMap | str | None = None
    date_order: DateOrder | None = None
    remembered: Mapping[str, ColumnMap] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    @property
    def column_map(self) -> ColumnMap:
        """The columns as a map; what was typed must have been read before (`resolved()` in this package)."""
        if isinstance(self.columns, str):
            raise TypeError("the text of --columns has not been read yet")
        return self.columns or ColumnMap()
