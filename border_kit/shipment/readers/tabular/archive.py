"""Measuring an XLSX archive by inflating it, before anything opens it as a workbook.

What costs memory is counted as a spreadsheet reader would meet it: bytes of all parts, the rectangle that holds a sheet's
cells, merged ranges, and shared texts as often as they are used. Parts are parsed as XML, not searched, since markup can be
written so that a search does not see it.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from border_kit.errors import InputError
from border_kit.shipment.readers.options import Limits
from border_kit.text import whole_number

_CHUNK = 1 << 18
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_PLAIN = frozenset({None, "utf-8", "utf8", "utf-16"})
_BROKEN = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
)


def refuse(why: str) -> InputError:
    """The error for a workbook that no honest sender writes."""
    return InputError(
        "suspicious_workbook", f"The workbook is refused: {why}.", "Ask the sender for a plain copy, or for CSV."
    )


def damaged(error: Exception) -> InputError:
    """The error for a workbook that cannot be read."""
    return InputError(
        "bad_workbook", f"The workbook is damaged ({str(error)[:100]}).", "Open and save it again, or save it as CSV."
    )


def bound_archive(path: Path, limits: Limits) -> tuple[str, ...]:
    """Measure an XLSX archive. Raises InputError for what is none, or cannot be an honest one; gives remarks."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _bound_members(members, limits)
            gauge = _Gauge(limits)
            for member in sorted(members, key=_order):
                gauge.member(archive, member)
            gauge.finish()
    except _BROKEN as error:
        raise damaged(error) from error
    names = [member.filename.lower() for member in members]
    remarks = []
    if any(name.endswith("vbaproject.bin") for name in names):
        remarks.append("The workbook carries macros; they were not run.")
    if any("externallinks/" in name for name in names):
        remarks.append("The workbook refers to other files; they were not opened, and the values it shows may be old.")
    return tuple(remarks)


def _bound_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.archive_members:
        raise refuse(f"it has {len(members)} parts")
    names = [member.filename.lower() for member in members]
    if len(set(names)) != len(names):
        raise refuse("two of its parts have one name")
    if (
        "content.xml" in names
        or any(name.endswith("workbook.bin") for name in names)
        or not any(map(_is_workbook, names))
    ):
        raise InputError("unknown_format", "The file is an archive and no XLSX workbook.", "Save it as XLSX or CSV.")
    for member in members:
        if member.flag_bits & 1:
            raise InputError("encrypted_workbook", "The workbook is protected by a password.", "Ask for an open copy.")
        if (
            member.filename.startswith(("/", "\\"))
            or ".." in re.split(r"[\\/]", member.filename)
            or ":" in member.filename
        ):
            raise refuse("a part of it points outside the file")


def _is_workbook(name: str) -> bool:
    return name.endswith("workbook.xml")


def _order(member: zipfile.ZipInfo) -> int:
    """The workbook and its relations first: they say which of the other parts are sheets."""
    name = member.filename.lower()
    return 0 if _is_workbook(name) or name.endswith(".rels") else 1


def _file_name(path: str) -> str:
    return re.split(r"[\\/]", path.lower())[-1]


@dataclass(slots=True)
class _Gauge:
    """What the parts of a workbook come to together."""

    limits: Limits
    inflated: int = 0
    lengths: list[int] = field(default_factory=list)
    uses: dict[int, int] = field(default_factory=dict)
    sheet_ids: set[str] = field(default_factory=set)
    targets: dict[str, set[str]] = field(default_factory=dict)

    def member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """Inflate one part; parse it where it is markup, or must be because a sheet is said to stand there."""
        name = member.filename.lower()
        with archive.open(member) as stream:
            head = self._read(stream)
            must = name.endswith((".xml", ".rels")) or _file_name(name) in self._sheets()
            if (
                must
                or head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
                or head[:2] in (b"\xff\xfe", b"\xfe\xff")
            ):
                self._parse(stream, head)
            else:
                while self._read(stream):
                    pass

    def _sheets(self) -> set[str]:
        return {target for name in self.sheet_ids for target in self.targets.get(name, ())}

    def _read(self, stream: IO[bytes]) -> bytes:
        chunk = stream.read(_CHUNK)
        self.inflated += len(chunk)
        if self.inflated > self.limits.archive_bytes:
            raise refuse(f"inflated, it is larger than {self.limits.archive_bytes // 1_000_000} MB")
        return chunk

    def _parse(self, stream: IO[bytes], head: bytes) -> None:
        part = _Part(self, self.limits)
        parser = part.parser()
        try:
            chunk = head
            while chunk:
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keywords
                chunk = self._read(stream)
            if head:
                parser.Parse(b"", True)  # noqa: FBT003 - the same
        except expat.ExpatError as error:
            raise damaged(error) from error

    def finish(self) -> None:
        """Refuse when the shared texts, written out as often as they are used, would flood the memory."""
        text = sum(count * self.lengths[index] for index, count in self.uses.items() if index < len(self.lengths))
        if text > self.limits.cell_text:
            raise refuse("its texts, written out, would fill the memory")


@dataclass(slots=True)
class _Part:
    """One part while it is parsed: the rectangle of its cells, its shared texts, its sheets and relations."""

    gauge: _Gauge
    limits: Limits
    depth: int = 0
    row: int = 0
    column: int = 0
    rows: int = 0
    columns: int = 0
    merges: int = 0
    shared: bool = False
    in_text: bool = False
    index: list[str] | None = None
    length: int = 0
    texts: int = 0

    def parser(self) -> expat.XMLParserType:
        """A parser that reports to this part."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.doctype
        parser.XmlDeclHandler = self.declaration
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        return parser

    def doctype(self, *_: object) -> None:
        """No workbook has a document type."""
        raise refuse("it declares a document type")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Another encoding might read otherwise here than there."""
        if (encoding.lower() if encoding else None) not in _PLAIN:
            raise refuse("a part of it is in an unusual encoding")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        if self.depth > self.limits.xml_depth:
            raise refuse("a part of it is nested too deeply")
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell(attributes)
        elif local == "row":
            self._row(attributes)
        elif local == "v" and self.shared:
            self.index = []
        elif local == "si":
            self.in_text, self.length = True, 0
        elif local == "mergeCell":
            self.merges += 1
            if self.merges > self.limits.merges:
                raise refuse("it has too many merged ranges")
        elif local == "sheet":
            self.gauge.sheet_ids |= {
                value for key, value in attributes.items() if key.rpartition(":")[2].lower() == "id"
            }
        elif local == "Relationship":
            self.gauge.targets.setdefault(attributes.get("Id", ""), set()).add(_file_name(attributes.get("Target", "")))

    def end(self, name: str) -> None:
        """An element ends."""
        self.depth -= 1
        local = name.rpartition(":")[2]
        if local == "v" and self.index is not None:
            number = whole_number("".join(self.index).strip(), 9)
            if number is not None:
                self.gauge.uses[number] = self.gauge.uses.get(number, 0) + 1
            self.index = None
        elif local == "si":
            if self.texts < len(self.gauge.lengths):
                self.gauge.lengths[self.texts] = max(self.gauge.lengths[self.texts], self.length)
            else:
                self.gauge.lengths.append(self.length)
            self.in_text, self.texts = False, self.texts + 1

    def characters(self, text: str) -> None:
        """Text between the tags."""
        if self.index is not None:
            self.index.append(text[:20])
        elif self.in_text:
            self.length += len(text)

    def _row(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is not None and not _ROW.fullmatch(reference.strip()):
            raise refuse("a row has an odd number")
        self.row = int(reference) if reference else self.row + 1
        self.column = 0
        self._grow()

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            match = _CELL.fullmatch(reference.strip())
            if match is None:
                raise refuse("a cell has an odd place")
            self.row, self.column = int(match[2]), _column(match[1])
        self.shared = attributes.get("t") == "s"
        self._grow()

    def _grow(self) -> None:
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        if self.rows * self.columns > self.limits.cells or self.row > _MOST_ROWS:
            raise refuse(f"a sheet reaches to row {self.rows}, column {self.columns}")


_MOST_ROWS = 1_048_576
"""Rows of an XLSX sheet (ECMA-376, SpreadsheetML)."""


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
