"""The first pass over a table: what its columns prove, where it ends, whether consignments stand together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from border_kit.errors import InputError
from border_kit.shipment.readers.options import DateOrder, DecimalMark, ReadOptions
from border_kit.shipment.readers.tabular.dates import DateEvidence
from border_kit.shipment.readers.tabular.header import Header
from border_kit.shipment.readers.tabular.numbers import Evidence, decide, take_apart
from border_kit.shipment.readers.tabular.source import Cell, Row, Source, text_of
from border_kit.shipment.readers.tabular.words import is_blank, key, words
from border_kit.text import clean_line

NUMBERS = ("quantity", "net_mass", "value")


@dataclass(frozen=True, slots=True)
class Survey:
    """What the whole table proves. `marks` is the decimal mark of each number column, `order` that of its dates."""

    marks: dict[str, DecimalMark | None]
    order: DateOrder | None
    scattered: bool
    last_row: int
    remarks: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    numbers: dict[str, Evidence] = field(default_factory=dict)
    dates: DateEvidence = field(default_factory=DateEvidence)
    closed: set[int] = field(default_factory=set)
    current: str | None = None
    scattered: bool = False
    last_row: int = 0

    def consignment(self, name: str) -> None:
        """Notice a consignment that comes back after another one."""
        if name and name != self.current:
            if self.current is not None:
                self.closed.add(hash(self.current))
            self.current = name
            self.scattered = self.scattered or hash(name) in self.closed


def survey(source: Source, header: Header, options: ReadOptions, decimal: DecimalMark | None) -> Survey:
    """Go through the table once. Raises InputError beyond the row limit, AmbiguousInputError where it leaves things open."""
    columns = header.columns
    tally = _Tally({name: Evidence() for name in NUMBERS if columns.at.get(name)})
    dates = columns.first("date")
    consignment = columns.first("consignment")
    for count, (number, cells) in enumerate(data_rows(source, header), start=1):
        if count > options.limits.rows:
            raise InputError(
                "too_many_rows", f"The table has more than {options.limits.rows} rows.", "Split the file.", row=number
            )
        tally.last_row = number
        for name, evidence in tally.numbers.items():
            cell = cell_at(cells, columns.first(name))
            if isinstance(cell, str) and cell:
                evidence.look(cell)
        day = cell_at(cells, dates)
        if isinstance(day, str) and day:
            tally.dates.look(day)
        tally.consignment(clean_line(text_of(cell_at(cells, consignment)), 200))
    marks, remarks = decide(tally.numbers, decimal)
    order, said = tally.dates.order(options.date_order)
    return Survey(marks, order, tally.scattered, tally.last_row, (*remarks, *([said] if said else [])))


def data_rows(source: Source, header: Header) -> Iterator[Row]:
    """The rows below the header that say anything and are not the header again."""
    start = header.rows[-1] if header.rows else 0
    for number, cells in source.rows():
        if (
            number > start
            and any(cell is not None and cell != "" and not is_blank(text_of(cell)) for cell in cells)
            and not header.repeats(cells)
        ):
            yield number, cells


def cell_at(cells: Sequence[Cell], position: int | None) -> Cell:
    """The cell of a column; a short row has empty ones."""
    return cells[position] if position is not None and position < len(cells) else None


def is_totals(number: int, cells: Sequence[Cell], header: Header, last_row: int) -> bool:
    """Whether a row is a sum and no goods: it says so, or it is the last and holds nothing but numbers."""
    columns = header.columns
    described = clean_line(text_of(cell_at(cells, columns.first("description"))), 200)
    if not is_blank(text_of(cell_at(cells, columns.first("hs")))) or (described and not _says_total(described)):
        return False
    texts = [clean_line(text_of(cell), 200) for cell in cells if isinstance(cell, str) and cell.strip()]
    if any(_says_total(text) for text in texts):
        return True
    return number == last_row and not described and all(take_apart(text) is not None for text in texts)


def _says_total(text: str) -> bool:
    return " ".join(part for part in key(text).split() if not part.isdecimal()) in words().totals
