"""CSV and its kin: the encoding and the delimiter are found by evidence, and what was assumed is said."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from border_kit.errors import InputError, UsageError
from border_kit.shipment.readers.options import Limits
from border_kit.shipment.readers.tabular.columns import understand
from border_kit.shipment.readers.tabular.source import Row
from border_kit.text import MAX_FIELD

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("cp1252", "cp1251", "cp1256", "gb18030", "cp1254", "cp1250")
_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_SAMPLE_ROWS = 60


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """A delimited file as found: its encoding and delimiter, and what was assumed."""

    path: Path
    encoding: str
    delimiter: str
    remarks: tuple[str, ...]
    limits: Limits

    def rows(self) -> Iterator[Row]:
        """The records in order, numbered from 1, empty lines counted."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(_without_marker(stream), delimiter=self.delimiter, strict=False)
            number = 0
            while True:
                number += 1
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    raise InputError(
                        "bad_csv",
                        f"Row {number} cannot be read: {error}.",
                        "Is a quotation mark left open?",
                        row=number,
                    ) from error
                if cells is None:
                    return
                if len(cells) > self.limits.columns:
                    raise InputError(
                        "too_many_columns",
                        f"Row {number} has {len(cells)} cells; {self.limits.columns} are read.",
                        "",
                        row=number,
                    )
                if any(len(cell) > MAX_FIELD for cell in cells):
                    raise InputError(
                        "field_too_long", f"Row {number} has a cell of more than {MAX_FIELD} characters.",
                        "Is a quotation mark left open?", row=number,
                    )  # fmt: skip
                yield number, cells


def _without_marker(stream: io.TextIOBase) -> Iterator[str]:
    """The lines of the file; Excel's first line `sep=;` counts as an empty one."""
    for number, line in enumerate(stream):
        yield "\r\n" if number == 0 and line.lower().startswith("sep=") else line


def open_delimited(path: Path, limits: Limits, encoding: str | None = None) -> DelimitedFile:
    """Find out how a delimited file is written. Raises InputError when it is no text, UsageError for an unknown encoding."""
    head = _head(path, _SAMPLE)
    found, remarks = _encoding(path, head, encoding)
    sample = codecs.getincrementaldecoder(found)(errors="replace").decode(head)
    if (
        sum(1 for char in sample if unicodedata.category(char) == "Cc" and char not in "\t\r\n\f\x1a\x00")
        > len(sample) // 50
    ):
        raise InputError("not_text", "The file is no text.", "Choose a JSON, CSV, XLSX, XLS or ASYCUDA XML file.")
    delimiter = _delimiter(sample)
    if delimiter != ",":
        remarks.append(f"Cells are separated by {'a tab' if delimiter == chr(9) else repr(delimiter)}.")
    return DelimitedFile(path, found, delimiter, tuple(remarks), limits)


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _encoding(path: Path, head: bytes, said: str | None) -> tuple[str, list[str]]:
    if said:
        try:
            codecs.lookup(said)
            "".encode(said)
        except (LookupError, UnicodeError) as error:
            raise UsageError(
                "unknown_encoding", f"There is no encoding {said[:40]!r}.", "For example: utf-8, cp1252, gb18030."
            ) from error
        if not _decodes(path, said):
            raise InputError(
                "wrong_encoding", f"The file is not written in {said[:40]}.", "Name another encoding, or none."
            )
        return said, []
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _checked(path, name), []
    wide = _wide(head)
    if wide:
        return _checked(path, wide), [f"The file has no byte order mark; read as {wide}."]
    if _decodes(path, "utf-8"):
        return "utf-8", []
    return _legacy(path, head)


def _checked(path: Path, name: str) -> str:
    if not _decodes(path, name):
        raise InputError("wrong_encoding", f"The file begins as {name} and is not.", "Save it again as UTF-8.")
    return name


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Latin text is zero."""
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if zeros_odd > half * 0.4 and zeros_even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if zeros_even > half * 0.4 and zeros_odd < half * 0.05 else None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeError, ValueError):
        return False
    return True


def _legacy(path: Path, head: bytes) -> tuple[str, list[str]]:
    """One of the old code pages: the one in which the header makes sense, else the one whose letters fit together."""
    possible = [name for name in _LEGACY if _decodes(path, name)] or ["latin-1"]
    scores = {name: _sense(head.decode(name, errors="replace")) for name in possible}
    best = max(possible, key=lambda name: (scores[name], -possible.index(name)))
    assumed = f"The file is not UTF-8; it was read as {best}, which is an assumption."
    return best, [f"{assumed} If letters look wrong, name the encoding with --columns encoding=NAME."]


def _sense(text: str) -> tuple[int, float]:
    """How many header cells are known words, and how natural the foreign letters look."""
    first_lines = text.splitlines()[:10]
    known = max((_known(line, mark) for line in first_lines for mark in _DELIMITERS), default=0)
    return known, _natural(text)


def _known(line: str, delimiter: str) -> int:
    return len({match.field for cell in line.split(delimiter)[:100] if (match := understand(cell.strip('" ')))})


_COMMON = {
    "CYRILLIC": frozenset("оеаинтсрвл"),
    "ARABIC": frozenset("اليمنرتوبه"),
    "LATIN": frozenset("éèàüöäßçñóíáêôâãõøåæşğıÉÜÖÄ"),
}
"""The ten commonest letters of Russian and of Arabic text, and the accented letters of Western and Turkish text."""


def _natural(text: str) -> float:
    """The share of foreign letters that are common letters of their script, and that stand among their own kind."""
    foreign = [(index, char) for index, char in enumerate(text[:_SAMPLE]) if not char.isascii()]
    if not foreign:
        return 0.0
    good = 0.0
    for index, char in foreign:
        script = unicodedata.name(char, "").split(" ")[0]
        neighbour = text[index - 1 : index] + text[index + 1 : index + 2]
        if script == "CJK":
            good += 0.45
        elif script == "LATIN":
            good += (
                0.9
                if char in _COMMON["LATIN"] and any(part.isascii() and part.isalpha() for part in neighbour)
                else 0.0
            )
        elif char.lower() in _COMMON.get(script, ()):
            good += 0.9
    return round(good / len(foreign), 3)


def _delimiter(sample: str) -> str:
    first = sample.splitlines()[0] if sample else ""
    if first.lower().startswith("sep=") and first[4:5] in _DELIMITERS and len(first) > len("sep="):
        return first[4]
    return max(_DELIMITERS, key=lambda mark: (*_consistency(sample, mark), -_DELIMITERS.index(mark)))


def _consistency(sample: str, delimiter: str) -> tuple[int, float]:
    """How many header words a delimiter sets free, and the share of rows that then have the commonest width above one."""
    widths: list[int] = []
    known = 0
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for cells, _ in zip(reader, range(_SAMPLE_ROWS), strict=False):
            if cells:
                widths.append(len(cells))
                known = max(known, len({match.field for cell in cells[:100] if (match := understand(cell))}))
    except csv.Error:
        return 0, 0.0
    wide = [width for width in widths if width > 1]
    if not wide:
        return min(known, 1), 0.0
    common = max(set(wide), key=wide.count)
    return known, wide.count(common) / len(widths)
