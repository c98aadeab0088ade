"""What a table is before anybody understands it: numbered rows of cells that can be gone through more than once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

Cell = str | Decimal | date | None
"""A cell: text, or what a workbook holds as a number or a day; None is empty."""

Row = tuple[int, Sequence[Cell]]
"""The row's number as the file counts (from 1) and its cells."""


class Source(Protocol):
    """A table in a file. `remarks` tell what was assumed in reading it."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the officer should know of how the file was opened."""
        ...

    def rows(self) -> Iterator[Row]:
        """All rows from the top. May be called again. Raises InputError."""
        ...


def text_of(cell: Cell) -> str:
    """A cell as text; numbers without an exponent."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell if isinstance(cell, str) else cell.isoformat()
