"""Reading a file at the desk: the readers, plus what this office has answered before about files like it.

An office answers once how a kind of table is to be read, and in which order its declarations write dates; both are kept in its casebook.
Under a set clock (`--now`) and where there is no casebook yet, nothing is remembered.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit.errors import AmbiguousInputError
from border_kit.shipment.model import Manifest
from border_kit.shipment.readers import DATE_ORDERS, DateOrder, Reading, ReadOptions, open_reading, preview, whole
from border_kit.shipment.readers.column_map import column_map, column_map_json, parse_column_map

if TYPE_CHECKING:
    from border_kit.casework.case import Casebook
    from border_kit.desk.desk import Desk

DECLARATIONS = "declarations"
"""What the date order of files without columns is remembered under."""


def as_date_order(text: str | None) -> DateOrder | None:
    """A date order as typed, or None."""
    return next((order for order in DATE_ORDERS if order == text), None)


def read_shipments(desk: Desk, file: Path, options: ReadOptions) -> Manifest:
    """Read a whole shipment file. Raises InputError, and AmbiguousInputError where it leaves open what was never answered."""
    return whole(reading(desk, file, options))


def reading(desk: Desk, file: Path, options: ReadOptions) -> Reading:
    """Open a shipment file, to be read as it is gone through. Raises as `read_shipments()`."""
    book = _casebook(desk)
    if book is None:
        return open_reading(file, options)
    known = {key: column_map(value) for key, value in book.all_remembered("columns").items()}
    chosen = replace(options, remembered=known)
    try:
        found = open_reading(file, chosen)
    except AmbiguousInputError as error:
        order = as_date_order(book.remembered("date_order", _key(file, chosen)))
        if order is None or error.option != "--date-order":
            raise
        found = open_reading(file, replace(chosen, date_order=order))
        found.remarks.append(
            f"Dates are read as {order}, as answered at this office before (--date-order says otherwise)."
        )
    _remember(book, file, chosen)
    return found


def _remember(book: Casebook, file: Path, options: ReadOptions) -> None:
    if options.date_order:
        book.remember("date_order", _key(file, options), options.date_order)
    if options.columns:
        shown = preview(file, options)
        chosen = parse_column_map(options.columns) if isinstance(options.columns, str) else options.columns
        if shown:
            book.remember("columns", shown.fingerprint, dict(column_map_json(chosen)))


def _key(file: Path, options: ReadOptions) -> str:
    shown = preview(file, options)
    return shown.fingerprint if shown else DECLARATIONS


def _casebook(desk: Desk) -> Casebook | None:
    """The office's casebook, where there is one already and the clock is the machine's."""
    if desk.settings.now is not None or not desk.settings.casebook_path().is_file():
        return None
    return desk.casebook
