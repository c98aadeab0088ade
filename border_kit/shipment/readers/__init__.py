"""Reading files of shipments: our JSON, CSV and workbooks, ASYCUDA World declarations.

The format is told by the content, not by the name. `read()` takes a whole file, `iter_shipments()` one shipment at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from border_kit.errors import InputError
from border_kit.shipment.model import Manifest, Rejected, Shipment
from border_kit.shipment.readers.json_reader import parse_json, read_shipment, shipment_from_json
from border_kit.shipment.readers.options import DATE_ORDERS, ColumnMap, DateOrder, Limits, ReadOptions

if TYPE_CHECKING:
    from border_kit.shipment.readers.tabular.table import TablePreview

__all__ = [
    "DATE_ORDERS", "ColumnMap", "DateOrder", "Format", "Limits", "ReadOptions", "Reading", "detect", "iter_shipments",
    "open_reading", "parse_json", "preview", "read", "read_shipment", "shipment_from_json", "whole",
]  # fmt: skip

Format = Literal["json", "delimited", "workbook", "asycuda"]

_HEAD = 4_096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "a PDF", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image", b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7z archive", b"SQLite format 3": "a database", b"{\\rtf": "an RTF text",
}  # fmt: skip


@dataclass(slots=True)
class Reading:
    """A file being read: go through `items`; `remarks` is complete when they have ended."""

    items: Iterator[Shipment | Rejected]
    remarks: list[str] = field(default_factory=list)


def detect(path: Path, limits: Limits | None = None) -> Format:
    """The format of a file by its content. Raises InputError: missing, empty, too large, or nothing this kit reads."""
    bounds = limits or Limits()
    try:
        if not path.is_file():
            raise InputError("no_file", f"There is no file {path.name[:100]!r}.", "Check the path.")
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except (OSError, ValueError) as error:
        raise InputError(
            "unreadable_file", f"The file {path.name[:100]!r} cannot be read.", "Check the path and the permissions."
        ) from error
    if size > bounds.file_bytes:
        raise InputError(
            "file_too_large",
            f"The file has {size // 1_000_000} MB; {bounds.file_bytes // 1_000_000} MB are read.",
            "Split it.",
        )
    if head.startswith((b"PK", _OLE)):
        return "workbook"
    for mark, name in _FOREIGN.items():
        if head.startswith(mark):
            raise InputError(
                "unknown_format", f"The file is {name}.", "Choose a JSON, CSV, XLSX, XLS or ASYCUDA XML file."
            )
    return _of_text(head)


def _of_text(head: bytes) -> Format:
    """Text formats by their first character, whatever the encoding's marks and zero bytes."""
    start = (
        head.removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
        .replace(b"\0", b"")
        .lstrip()
    )
    if not start:
        raise InputError("empty_file", "The file is empty.", "Choose another file.")
    if start.startswith(b"<"):
        return "asycuda"
    return "json" if start.startswith((b"{", b"[")) else "delimited"


def resolved(options: ReadOptions | None) -> ReadOptions:
    """The options with the text of `--columns` read. Raises UsageError when it means nothing."""
    chosen = options or ReadOptions()
    if not isinstance(chosen.columns, str):
        return chosen
    from border_kit.shipment.readers.column_map import parse_column_map  # noqa: PLC0415 - only where columns were said

    return replace(chosen, columns=parse_column_map(chosen.columns))


def open_reading(path: Path, options: ReadOptions | None = None) -> Reading:
    """Open a file and read it as it is gone through. Raises InputError, AmbiguousInputError, UsageError (a bad column map)."""
    chosen = resolved(options)
    kind = detect(path, chosen.limits)
    if kind == "json":
        return _json_reading(path, chosen)
    if kind == "asycuda":
        from border_kit.shipment.readers.asycuda import read_asycuda  # noqa: PLC0415 - JSON need not pay for the XML parser

        manifest = read_asycuda(path, chosen)
        return Reading(iter((*manifest.rejected, *manifest.shipments)), list(manifest.remarks))
    from border_kit.shipment.readers.tabular.table import open_table  # noqa: PLC0415 - JSON need not pay for tables

    table = open_table(path, kind, chosen)
    return Reading(table.items(), table.remarks)


def _json_reading(path: Path, options: ReadOptions) -> Reading:
    from border_kit.shipment.readers.json_reader import iter_json  # noqa: PLC0415 - with its siblings, for symmetry

    reading = Reading(iter(()))

    def items() -> Iterator[Shipment | Rejected]:
        for item in iter_json(path, options.limits):
            if isinstance(item, str):
                reading.remarks.append(item)
            else:
                yield item

    reading.items = items()
    return reading


def read(path: Path, options: ReadOptions | None = None) -> Manifest:
    """Read a whole file: its shipments, the rows refused, the remarks.

    Raises InputError when nothing of it can be used (with row and field where known), AmbiguousInputError (with the option
    that answers it) when it leaves a question open.
    """
    return whole(open_reading(path, options))


def whole(reading: Reading) -> Manifest:
    """Go through a reading to its end. Raises as `read()`."""
    shipments: list[Shipment] = []
    rejected: list[Rejected] = []
    for item in reading.items:
        if isinstance(item, Shipment):
            shipments.append(item)
        else:
            rejected.append(item)
    if not shipments and not rejected:
        raise InputError("no_shipments", "The file holds no shipment.", "Choose another file.")
    return Manifest(tuple(shipments), tuple(rejected), tuple(reading.remarks))


def iter_shipments(path: Path, options: ReadOptions | None = None) -> Iterator[Shipment | Rejected]:
    """Shipments (and rows refused) one at a time: in constant memory for a CSV whose consignments stand together."""
    yield from open_reading(path, options).items


def preview(path: Path, options: ReadOptions | None = None) -> TablePreview | None:
    """How the columns of a table are understood, for the officer to adjust; None for formats without columns."""
    chosen = resolved(options)
    kind = detect(path, chosen.limits)
    if kind in {"json", "asycuda"}:
        return None
    from border_kit.shipment.readers.tabular.table import preview_table  # noqa: PLC0415 - JSON need not pay for tables

    return preview_table(path, kind, chosen)
