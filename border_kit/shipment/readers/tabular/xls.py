"""Measuring a legacy XLS before it is opened: how many cells its sheets span and how much text they would hold.

Only what is needed for that is read: the chain of sectors of the workbook's stream (MS-CFB, sections 2.2 to 2.6) and, of its
records (MS-XLS, section 2.4), the cells and the table of shared texts.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEADER = 512
_FIRST_DIFAT = 109
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (free, end of chain), MS-CFB 2.1."""
_ENTRY = 128
_STREAM_NAMES = ("Workbook", "Book")

_BOF, _CONTINUE, _SST, _LABEL_SST = 0x0809, 0x003C, 0x00FC, 0x00FD
_CELLS = frozenset({0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, _LABEL_SST})
_RUNS = frozenset({0x00BD, 0x00BE})
"""Several cells of a row in one record, the last column at its end."""


class BrokenXlsError(ValueError):
    """The file is no workbook in the layout that MS-CFB and MS-XLS describe."""


@dataclass(slots=True)
class Size:
    """What a workbook would cost: cells of all its rectangles, and characters of shared texts as often as used."""

    cells: int = 0
    characters: int = 0
    _rows: int = 0
    _columns: int = 0

    def place(self, row: int, column: int) -> None:
        """A cell of the sheet at hand."""
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)

    def next_sheet(self) -> None:
        """The sheet at hand is complete."""
        self.cells += self._rows * self._columns
        self._rows = self._columns = 0


def measure(raw: bytes) -> Size:
    """The size of a workbook. Raises BrokenXlsError."""
    try:
        return _measured(_stream(raw))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BrokenXlsError(str(error)) from error


@dataclass(slots=True)
class _Sectors:
    raw: bytes
    size: int
    fat: array[int] = field(default_factory=lambda: array("L"))

    def sector(self, number: int) -> bytes:
        start = _HEADER + number * self.size if self.size == _HEADER else (number + 1) * self.size
        found = self.raw[start : start + self.size]
        if not found:
            raise BrokenXlsError("a sector lies outside the file")
        return found

    def chain(self, number: int) -> Iterator[bytes]:
        """The sectors of a chain; one that runs in a circle is broken."""
        for _ in range(len(self.raw) // self.size + 1):
            if number >= _END:
                return
            yield self.sector(number)
            number = self.fat[number]
        raise BrokenXlsError("a chain of sectors has no end")


def _stream(raw: bytes) -> bytes:
    """The workbook's stream."""
    sectors = _Sectors(raw, 1 << struct.unpack_from("<H", raw, 30)[0])
    if sectors.size not in {512, 4096}:
        raise BrokenXlsError("its sectors have an unknown size")
    directory, mini_limit = struct.unpack_from("<I", raw, 48)[0], struct.unpack_from("<I", raw, 56)[0]
    for number in _fat_sectors(raw, sectors):
        part = sectors.sector(number)
        sectors.fat.extend(struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4]))
    entries = b"".join(sectors.chain(directory))
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le")
        if name in _STREAM_NAMES:
            start, size = struct.unpack_from("<II", entries, at + 116)
            if size < mini_limit:
                raise BrokenXlsError("the workbook is too small to be one")
            return b"".join(sectors.chain(start))[:size]
    raise BrokenXlsError("there is no workbook in it")


def _fat_sectors(raw: bytes, sectors: _Sectors) -> Iterator[int]:
    """The sectors that hold the table of chains: the header's list, and its continuation."""
    yield from (number for number in struct.unpack_from(f"<{_FIRST_DIFAT}I", raw, 76) if number < _END)
    following = struct.unpack_from("<I", raw, 68)[0]
    for _ in range(len(raw) // sectors.size + 1):
        if following >= _END:
            return
        part = sectors.sector(following)
        numbers = struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])
        yield from (number for number in numbers[:-1] if number < _END)
        following = numbers[-1]


def _measured(stream: bytes) -> Size:
    size = Size()
    lengths = array("L")
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if kind == _BOF:
            size.next_sheet()
        elif kind == _SST and not lengths:
            lengths = _shared_lengths(stream, body, length)
        elif kind in _CELLS and length >= 4:  # row and column, two bytes each
            size.place(*struct.unpack_from("<HH", stream, body))
            if kind == _LABEL_SST and length >= 10:  # MS-XLS 2.4.149
                index = struct.unpack_from("<I", stream, body + 6)[0]
                size.characters += lengths[index] if index < len(lengths) else 0
        elif kind in _RUNS and length >= 6:  # row, first and last column
            size.place(
                struct.unpack_from("<H", stream, body)[0], struct.unpack_from("<H", stream, body + length - 2)[0]
            )
        at = body + length
    size.next_sheet()
    return size


def _shared_lengths(stream: bytes, at: int, length: int) -> array[int]:
    """The characters of each shared text (MS-XLS 2.4.265 and 2.5.293); texts may run on in continuation records."""
    parts = [stream[at : at + length]]
    following = at + length
    while following + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, following)
        if kind != _CONTINUE:
            break
        parts.append(stream[following + 4 : following + 4 + size])
        following += 4 + size
    return _Texts(parts).lengths(struct.unpack_from("<I", parts[0], 4)[0])


@dataclass(slots=True)
class _Texts:
    """A reader over continued records. A text that is cut starts again with a byte that tells its width."""

    parts: list[bytes]
    part: int = 0
    at: int = 8

    def lengths(self, count: int) -> array[int]:
        found = array("L")
        while len(found) < count and not self._done():
            characters, flags = struct.unpack("<HB", self._take(3))
            runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
            extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
            found.append(characters)
            self._characters(characters, wide=bool(flags & 1))
            self._skip(4 * runs + extra)
        return found

    def _done(self) -> bool:
        while self.part < len(self.parts) and self.at >= len(self.parts[self.part]):
            self.part, self.at = self.part + 1, 0
        return self.part >= len(self.parts)

    def _take(self, count: int) -> bytes:
        found = b""
        while len(found) < count and not self._done():
            piece = self.parts[self.part][self.at : self.at + count - len(found)]
            found, self.at = found + piece, self.at + len(piece)
        return found

    def _skip(self, count: int) -> None:
        while count > 0 and not self._done():
            step = min(count, len(self.parts[self.part]) - self.at)
            count, self.at = count - step, self.at + step

    def _characters(self, count: int, *, wide: bool) -> None:
        while count > 0:
            if self.at >= len(self.parts[self.part]):
                if self._done():
                    return
                wide = bool(self.parts[self.part][0] & 1)
                self.at = 1
            width = 2 if wide else 1
            step = min(count, (len(self.parts[self.part]) - self.at) // width)
            if step == 0:
                self.at = len(self.parts[self.part])
                continue
            count, self.at = count - step, self.at + step * width
