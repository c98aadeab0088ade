"""CSV files as other people write them: bounded lines, rows numbered as a spreadsheet shows them."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from border_kit.catalog.importers.base import Skipped
from border_kit.errors import InputError

MAX_LINE = 1_000_000
MAX_BYTES = 2_000_000_000
MAX_GROUPED = 2_000_000
"""Rows of a file in which one party takes several; the largest real one has some 60,000."""
MAX_UNREAD = 1_000
"""Rows of a file whose lines are read again; one with more such is no CSV file, and reading on must not take for ever."""


def regular_file(path: Path) -> Path:
    """The path of a file that can be read. Raises InputError for anything else (a folder, a device, nothing)."""
    try:
        if path.is_file() and path.stat().st_size <= MAX_BYTES:
            return path
        reason = "is larger than 2 GB" if path.is_file() else "is no file" if path.exists() else "is not there"
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({error})"
    raise InputError("file_unusable", f"{path.name} {reason}.", "Check the path.")


def encoding_of(path: Path, fallback: str | None = None) -> str:
    """`utf-8-sig` where the whole file is UTF-8, `utf-16` where its first bytes say so, else the fallback.

    Raises InputError where there is none.
    """
    try:
        with path.open("rb") as raw:
            if raw.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                return "utf-16"
        with path.open(encoding="utf-8-sig", newline="") as stream:
            while stream.read(1_000_000):
                pass
    except UnicodeDecodeError as error:
        if fallback is None:
            raise InputError(
                "encoding", f"{path.name} is not UTF-8 (byte {error.start}).", "Save it as UTF-8 and import it again."
            ) from error
        return fallback
    except OSError as error:
        raise InputError(
            "file_unusable", f"{path.name} cannot be read ({error.strerror}).", "Check the file."
        ) from error
    return "utf-8-sig"


def lines(stream: IO[str], name: str) -> Iterator[str]:
    """The lines of a file. Raises InputError for a line that is too long to be one."""
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith("\n"):
            raise InputError(
                "line_too_long", f"{name} has a line of more than {MAX_LINE:,} characters.", "Is it a CSV file?"
            )
        yield line


def _unclosed(source: _Lines) -> bool:
    """Whether the file ended inside a quoted cell."""
    return source.ended and sum(line.count('"') for line in source.held) % 2 == 1


class _Lines:
    """The lines of a file, those of the record in hand held, so that they can be read again."""

    def __init__(self, found: Iterator[str]) -> None:
        self._found = found
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self.ended = False
        self._left = MAX_UNREAD

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._found, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.held.append(line)
        return line

    def unread(self) -> None:
        """Give back all lines of the record in hand but its first."""
        self._left -= 1
        if self._left >= 0:
            self._again.extendleft(reversed(self.held[1:]))
            self.ended = False


def rows(path: Path, encoding: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]] | Skipped]:
    """The records of a CSV file with their number (1 is the first record, headers included).

    A quote that is opened and never closed costs its own line, not those behind it.
    """
    try:
        with path.open(encoding=encoding, newline="") as stream:
            source = _Lines(lines(stream, path.name))
            reader = csv.reader(source, delimiter=delimiter)
            number = 0
            while True:
                number += 1
                source.held.clear()
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Skipped(number, f"the row cannot be read ({error})")
                else:
                    if not _unclosed(source):
                        yield number, row
                        continue
                    yield Skipped(number, "a quote is opened and never closed")
                source.unread()
                reader = csv.reader(source, delimiter=delimiter)
    except UnicodeError as error:
        place = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else error
        raise InputError(
            "encoding",
            f"{path.name} is no text that can be read ({place}).",
            "Save it as UTF-8 and import it again.",
        ) from error
    except OSError as error:
        raise InputError(
            "file_unusable", f"{path.name} cannot be read ({error.strerror}).", "Check the file."
        ) from error


def records(
    path: Path, needed: Iterable[str], encoding: str, delimiter: str = ",", above: int = 0
) -> Iterator[tuple[int, dict[str, str]] | Skipped]:
    """The rows of a CSV file by the names of its header (in lower case); empty rows are left out.

    Of columns with the same name the first that is filled counts. `above` lines stand before the header.

    Raises:
        InputError: a column that is needed is not there.
    """
    found = rows(path, encoding, delimiter)
    for _ in range(above):
        next(found, None)
    first = next(found, None)
    header = [" ".join(cell.split()).lower() for cell in first[1]] if isinstance(first, tuple) else []
    missing = [name for name in needed if name not in header]
    if missing:
        raise InputError(
            "columns_missing",
            f"{path.name} has no column {', '.join(missing)}.",
            f"The first row names the columns; it must have {', '.join(needed)}.",
        )
    for row in found:
        if isinstance(row, Skipped):
            yield row
        elif any(cell.strip() for cell in row[1]):
            yield row[0], _named(header, row[1])


def _named(header: list[str], row: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip(header, row, strict=False):
        if not found.get(name, "").strip():
            found[name] = cell
    return found


def header_of(path: Path, encoding: str) -> tuple[list[str], str]:
    """The first line's columns in lower case, and what parts them (`,`, `;` or a tab): what occurs most in it."""
    try:
        with path.open(encoding=encoding, newline="") as stream:
            first = next(lines(stream, path.name), "")
    except (UnicodeError, OSError) as error:
        raise InputError("file_unusable", f"{path.name} cannot be read ({error}).", "Check the file.") from error
    delimiter = max(",;\t", key=first.count)
    names = next(csv.reader([first], delimiter=delimiter), [])
    return [" ".join(name.split()).lower() for name in names], delimiter


def grouped(
    found: Iterable[tuple[int, dict[str, str]] | Skipped], key: Callable[[dict[str, str]], str], name: str
) -> Iterator[tuple[int, list[dict[str, str]]] | Skipped]:
    """Rows that belong together, wherever they stand: the number of the first and all of them, in the order of the file.

    What these files hold is held whole while it is grouped. Raises InputError where that is more than any of them has.
    """
    groups: dict[str, tuple[int, list[dict[str, str]]]] = {}
    for count, row in enumerate(found):
        if count >= MAX_GROUPED:
            raise InputError("too_many_rows", f"{name} has more than {MAX_GROUPED:,} rows.", "Is it the right file?")
        if isinstance(row, Skipped):
            yield row
        elif not key(row[1]):
            yield Skipped(row[0], "the id is empty")
        else:
            kept = {column: cell for column, cell in row[1].items() if cell}
            groups.setdefault(key(row[1]), (row[0], []))[1].append(kept)
    yield from groups.values()


def cells(value: str, limit: int = 1_000) -> list[str]:
    """The values of a cell that holds several, separated by `;`."""
    return [part.strip() for part in value.split(";")[:limit] if part.strip()]
