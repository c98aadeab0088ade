r"""The record lines of UK licence data: numbered lines, fields between backslashes, a header, counted records, a trailer.

    1\fileHeader\source\destination\dataId\ccyymmddhhmm\run[\reset]
    2\licence\…                     a record is closed by `end`, which counts its lines
    9\end\licence\8
    10\fileTrailer\records

A file whose frame does not hold is no file to trust a part of: it is refused whole, with the line and the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from border_kit.catalog.importers import tables
from border_kit.errors import InputError
from border_kit.text import clean_line, whole_number

MAX_BYTES = 128_000_000
_DATED = "%Y%m%d%H%M"
_FRAME = ("fileHeader", "fileTrailer", "end")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, the name of its record, its fields."""

    no: int
    name: str
    fields: tuple[str, ...]

    def field(self, position: int) -> str:
        """A field by its position after the name, from 0; empty where the line is shorter."""
        return self.fields[position] if position < len(self.fields) else ""


@dataclass(frozen=True, slots=True)
class UkFile:
    """A whole file: what it holds, from whom to whom, when, which run, whether runs are counted anew, and its records."""

    data_id: str
    source: str
    destination: str
    written: datetime
    run: int
    reset: bool
    records: tuple[tuple[Line, ...], ...]
    digest: str


def refused(path: Path, no: int, reason: str, code: str = "uk_lines") -> InputError:
    """A file that is refused, for a line and a reason."""
    return InputError(
        code, f"{path.name}, line {no}: {reason}.", "Nothing of the file was taken. Ask for it again.", row=no
    )


def read(path: Path, opens: str) -> UkFile:
    """Read a file whose records are opened by lines named `opens`. Raises InputError with line and reason."""
    if path.stat().st_size > MAX_BYTES:
        raise InputError("file_too_large", f"{path.name} is larger than {MAX_BYTES:,} bytes.", "Ask for smaller runs.")
    content = path.read_bytes()
    lines = list(_lines(path, content))
    header = _header(path, lines[0] if lines else None)
    if lines[-1].name != "fileTrailer":
        raise refused(path, lines[-1].no + 1, "the fileTrailer is missing: the file was cut off")
    records = tuple(_records(path, lines[1:-1], opens))
    _trailer(path, lines[-1], len(records))
    return UkFile(*header, records, hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest())


def data_id(path: Path) -> str:
    """What the header says a file holds (`licenceData`, `usageData` …). Raises InputError where it has no header."""
    with path.open("rb") as stream:
        head = stream.readline(10_000)
    return _header(path, next(_lines(path, head), None))[0]


def _lines(path: Path, content: bytes) -> Iterator[Line]:
    text = content.removeprefix(b"\xef\xbb\xbf")
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        decoded = text.decode("cp1252", "replace")
    for no, raw in enumerate(decoded.removesuffix("\n").split("\n"), start=1):
        line = raw.removesuffix("\r")
        if len(line) > tables.MAX_LINE:
            raise refused(path, no, "the line is too long")
        number, _, rest = line.partition("\\")
        if not (number.isascii() and number.isdigit()) or int(number[:12]) != no:
            raise refused(path, no, f"it should begin with its own number {no}\\, and begins {clean_line(line, 30)!r}")
        name, *fields = rest.split("\\")
        yield Line(no, name, tuple(clean_line(field, 20_000) for field in fields))


def _header(path: Path, line: Line | None) -> tuple[str, str, str, datetime, int, bool]:
    if line is None or line.name != "fileHeader":
        raise refused(path, 1, "the file does not begin with a fileHeader")
    source, destination, holds, written, run = (line.field(position) for position in range(5))
    try:
        moment = datetime.strptime(written, _DATED)  # noqa: DTZ007 - the files state no zone; the day is what counts
    except ValueError as error:
        raise refused(path, 1, f"{written!r} is no date as ccyymmddhhmm") from error
    number = whole_number(run, 12)  # more than any authority counts
    if number is None:
        raise refused(path, 1, f"{run!r} is no run number")
    if line.field(5) not in ("", "N", "Y"):
        raise refused(path, 1, f"{line.field(5)!r} is neither Y nor N")
    return holds, source, destination, moment, number, line.field(5) == "Y"


def _records(path: Path, lines: Sequence[Line], opens: str) -> Iterator[tuple[Line, ...]]:
    """The records, each with its lines between the opening one and its `end`, inner `end`s included."""
    record: list[Line] = []
    opened: list[Line] = []
    for line in lines:
        if not record and line.name != opens:
            raise refused(path, line.no, f"a record {opens!r} was expected, and {clean_line(line.name, 40)!r} came")
        if record and line.name in (opens, *_FRAME[:2]):
            raise refused(path, line.no, f"{line.name!r} came before the end of the record of line {record[0].no}")
        record.append(line)
        if line.name == opens or (line.name == "line" and opens == "licenceUsage"):
            opened.append(line)
        if line.name == "end":
            _closed(path, line, opened)
        if not opened:
            yield tuple(record)
            record = []
    if record:
        raise refused(path, lines[-1].no + 1, f"the record of line {record[0].no} has no end")


def _closed(path: Path, line: Line, opened: list[Line]) -> None:
    """An `end` closes what was opened last, and counts its lines."""
    start = opened.pop()
    if line.field(0) != start.name:
        raise refused(
            path, line.no, f"it ends {clean_line(line.field(0), 40)!r}, but {start.name!r} of line {start.no} is open"
        )
    if line.field(1) != str(line.no - start.no + 1):
        raise refused(path, line.no, f"it counts {line.field(1)!r} lines, and there are {line.no - start.no + 1}")


def _trailer(path: Path, line: Line, records: int) -> None:
    if line.field(0) != str(records):
        raise refused(path, line.no, f"the trailer counts {line.field(0)!r} records, and there are {records}")
    if any(line.fields[1:]):
        raise refused(path, line.no, "the trailer has a field that this layout does not know")
