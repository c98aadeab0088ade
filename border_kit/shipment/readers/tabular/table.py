"""A table into shipments: header, survey, then row by row; in constant memory where a consignment's rows stand together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from border_kit.errors import InputError
from border_kit.shipment.model import Rejected, Shipment
from border_kit.shipment.readers.options import ColumnMap, ReadOptions
from border_kit.shipment.readers.tabular.header import Header, find_header
from border_kit.shipment.readers.tabular.rows import Gathering, RowError, RowReader
from border_kit.shipment.readers.tabular.scattered import Placed, together
from border_kit.shipment.readers.tabular.source import Source, text_of
from border_kit.shipment.readers.tabular.survey import Survey, data_rows, is_totals, survey
from border_kit.text import clean_line

_MAX_REMARKS = 100
_LONG_SHIPMENT = 500
"""Goods lines from which one asks whether a table is a manifest of several shipments."""


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What a table's columns were understood to be, for the officer to see and adjust.

    `mapping` is field → header; `samples` are the first rows of text; `fingerprint` is what a mapping is remembered under.
    """

    headers: tuple[str, ...]
    mapping: dict[str, tuple[str, ...]]
    fingerprint: str
    samples: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class Table:
    """A table whose header was found and which was surveyed."""

    source: Source
    header: Header
    survey: Survey
    name: str
    remarks: list[str]
    _more: int = field(default=0)

    def items(self) -> Iterator[Shipment | Rejected]:
        """Shipments, and rows refused, as they come; `remarks` is complete when all have been taken."""
        reader = RowReader(self.header.columns, self.survey)
        rows = self._placed(reader)
        gathering: Gathering | None = None
        for row in together(rows) if self.survey.scattered else rows:
            if gathering is None or gathering.id != (row.consignment or self.name):
                yield from _finished(gathering)
                gathering = Gathering(row.consignment or self.name)
            try:
                content = reader.read(row.cells)
                remark = gathering.add(content)
            except RowError as error:
                yield Rejected(row.number, error.field, error.reason)
                continue
            for text in (*content.remarks, *([remark] if remark else [])):
                self._remark(f"Row {row.number}: {text}")
        yield from _finished(gathering)
        if gathering is not None and "consignment" not in self.header.columns.at:
            self._one_shipment(gathering)
        if self._more:
            self.remarks.append(f"{self._more} more remarks of these kinds are left out.")

    def _one_shipment(self, all_rows: Gathering) -> None:
        """Say what a long table, or one whose rows contradict each other, may lack."""
        if all_rows.contradicted or len(all_rows.lines) > _LONG_SHIPMENT:
            refused = f", and {all_rows.contradicted} that contradict them are refused" if all_rows.contradicted else ""
            self.remarks.append(
                f"No column names the consignment: {len(all_rows.lines)} rows are one shipment{refused}. "
                'Where a column tells shipments apart, name it: --columns "consignment=HEADER".'
            )

    def _placed(self, reader: RowReader) -> Iterator[Placed]:
        """The rows of goods, each with the consignment that it names, or that the row above belongs to."""
        current, filled = "", False
        for number, cells in data_rows(self.source, self.header):
            if is_totals(number, cells, self.header, self.survey.last_row):
                self._remark(f"Row {number} is a row of totals and no goods.")
                continue
            stated = reader.consignment(cells)
            current = stated or current
            if not stated and current:
                if not filled:
                    self._remark(f"Row {number} names no consignment; rows like it belong to the one above.")
                filled = True
            yield Placed(number, current, cells)

    def _remark(self, text: str) -> None:
        if len(self.remarks) < _MAX_REMARKS:
            self.remarks.append(text)
        else:
            self._more += 1


def _finished(gathering: Gathering | None) -> Iterator[Shipment]:
    if gathering is not None and gathering.lines:
        yield gathering.shipment()


def open_source(path: Path, kind: str, options: ReadOptions) -> Source:
    """The table of a file: the delimited file itself, or the sheet that has the clearest header. Raises InputError."""
    if kind == "delimited":
        from border_kit.shipment.readers.tabular.delimited import open_delimited  # noqa: PLC0415 - only one of the two is needed

        return open_delimited(path, options.limits, options.column_map.encoding)
    from border_kit.shipment.readers.tabular.workbook import open_workbook  # noqa: PLC0415 - the same

    sheets = open_workbook(path, options.limits, options.column_map.sheet)
    if not sheets:
        raise InputError("empty_workbook", "The workbook has no visible sheet.", "Choose another file.")
    if len(sheets) == 1:
        return next(iter(sheets.values()))
    readable: dict[str, int] = {}
    first_error: InputError | None = None
    for name, sheet in sheets.items():
        try:
            readable[name] = len(find_header(sheet, options).columns.at)
        except InputError as error:
            first_error = first_error or error
    if not readable:
        raise first_error or InputError("empty_workbook", "The workbook has no table.", "Choose another file.")
    best = max(readable, key=lambda name: readable[name])
    others = [name for name in sheets if name != best]
    note = f"Read the sheet {clean_line(best, 60)!r}; not read: {', '.join(repr(clean_line(name, 60)) for name in others)}."
    return replace(sheets[best], remarks=(*sheets[best].remarks, note))


def open_table(path: Path, kind: str, options: ReadOptions) -> Table:
    """Open a table for reading. Raises InputError and AmbiguousInputError."""
    source = open_source(path, kind, options)
    header = find_header(source, options)
    chosen = _decided_by(header, options)
    surveyed = survey(source, header, options, chosen.decimal)
    return Table(source, header, surveyed, path.stem, [*source.remarks, *header.columns.remarks, *surveyed.remarks])


def _decided_by(header: Header, options: ReadOptions) -> ColumnMap:
    if options.column_map.decimal is None and header.fingerprint in options.remembered:
        return options.remembered[header.fingerprint]
    return options.column_map


def preview_table(path: Path, kind: str, options: ReadOptions, rows: int = 5) -> TablePreview:
    """How a table's columns are understood, without reading it to its end. Raises InputError."""
    source = open_source(path, kind, options)
    header = find_header(source, options)
    samples = []
    for _, cells in data_rows(source, header):
        samples.append(tuple(clean_line(text_of(cell), 80) for cell in cells))
        if len(samples) == rows:
            break
    mapping = {
        name: tuple(clean_line(header.texts[at], 80) or f"#{at + 1}" for at in where)
        for name, where in header.columns.at.items()
    }
    return TablePreview(
        header.texts, mapping, header.fingerprint, tuple(samples), (*source.remarks, *header.columns.remarks)
    )
