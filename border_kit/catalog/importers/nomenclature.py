"""`nomenclature`: the Harmonized System and the Combined Nomenclature, as CSV or as the Commission's XLSX.

Layouts known: `section,hscode,description,parent,level` (HS), `goods_code,hier_pos,language,description` (CN without suffix and
indent), and the Commission's export (Goods code with suffix, dates, language, Hier. Pos., Indent, Description). Each language of
a nomenclature is a list of its own (`CN-DE`). A heading without a code of its own repeats the code of the line below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from border_kit.catalog.importers import grid, tables
from border_kit.catalog.importers.base import Order, Skipped
from border_kit.catalog.importers.controls_volume import Heading, Sheaf

_COLUMNS = {
    "code": ("goods code", "hscode", "hs code", "hs", "cn code", "commodity code", "code"),
    "text": ("description", "text", "designation", "bezeichnung", "libelle"),
    "language": ("language", "lang"),
    "depth": ("hier pos", "hierarchy", "level"),
    "indent": ("indent", "indentation"),
    "end": ("end date", "valid to"),
    "parent": ("parent",),
}
_CODE = re.compile(r"([0-9][0-9. ]{0,13}[0-9])(?:\s+([0-9]{2}))?")
_SUFFIXED = re.compile(r"([0-9]{10})\s*([0-9]{2})")
_LANGUAGE_IN_NAME = re.compile(r"[_\-. ]([a-z]{2})(?:[_\-. ]|$)", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{2})[-./]([0-9]{2})[-./]([0-9]{4})")
_HS_DIGITS = 6
_OWN_LINE = "80"
"""Suffix of the line that has the code itself (TARIC: product line suffix 80 is declarable, lower ones are headings)."""
_MAX_INDENT = 20
_MAX_HEADINGS = 12
"""Headings without a code of their own above one code; published nomenclatures have seven."""


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    kind: str
    code: str
    suffix: str
    language: str
    indent: int | None
    text: str


def read(order: Order) -> Sheaf:
    """The lines of a nomenclature; it states no date. Raises InputError."""
    path = tables.regular_file(order.path)
    named = _LANGUAGE_IN_NAME.findall(path.stem)
    return Sheaf(None, "", _headings(order, named[-1].lower() if named else "und"))


def _headings(order: Order, language: str) -> Iterator[Heading | Skipped]:
    """Lines with their parents. Without indents the codes themselves tell what stands under what."""
    open_lines: dict[str, list[tuple[int, Heading]]] = {}
    waiting: _Line | None = None
    lines: Iterator[_Line | Skipped | None] = _chained(_lines(order, language))
    for position, line in enumerate(lines):
        if isinstance(line, Skipped):
            yield line
            continue
        if waiting is not None:
            placed = _suffixed(waiting, line, open_lines)
            yield placed if isinstance(placed, Skipped) else _placed(placed, position, open_lines, order)
        waiting = line


def _chained(lines: Iterator[_Line | Skipped]) -> Iterator[_Line | Skipped | None]:
    """The lines, and a None that says there is no further one."""
    yield from lines
    yield None


def _suffixed(line: _Line, after: _Line | None, open_lines: dict[str, list[tuple[int, Heading]]]) -> _Line | Skipped:
    """A line with its suffix: where the file has none, of lines with the same code the last is the code's own."""
    if line.suffix:
        return line
    if after is None or after.code != line.code or after.language != line.language:
        return replace(line, suffix=_OWN_LINE)
    before = [heading.suffix for _, heading in open_lines.get(line.language, ()) if heading.code == line.code]
    if len(before) > _MAX_HEADINGS:
        return Skipped(line.row, f"{line.code} stands more than {_MAX_HEADINGS} times")
    return replace(
        line, suffix=f"{10 * (len(before) + 1):02}" if len(before) < int(_OWN_LINE) // 10 - 1 else f"{80 + len(before)}"
    )


def _placed(line: _Line, position: int, open_lines: dict[str, list[tuple[int, Heading]]], order: Order) -> Heading:
    order.progress(order.path.name, position, 0)
    above = open_lines.setdefault(line.language, [])
    depth = _depth(line)
    while above and not _stands_under(line, depth, above[-1]):
        above.pop()
    heading = Heading(
        list=order.list_id or f"{line.kind}-{line.language.upper()}",
        code=line.code,
        suffix="" if line.suffix == _OWN_LINE else line.suffix,
        parent=above[-1][1].key if above else None,
        indent=len(above),
        language=line.language,
        position=position,
        text=line.text,
        row=line.row,
    )
    above.append((depth, heading))
    return heading


def _depth(line: _Line) -> int:
    """Chapters, then headings, then the dashes."""
    by_code = {2: 0, 4: 1}.get(len(line.code))
    return by_code if by_code is not None and not line.indent else 1 + (line.indent or 0)


def _stands_under(line: _Line, depth: int, above: tuple[int, Heading]) -> bool:
    other_depth, other = above
    if line.indent is not None:
        return other_depth < depth
    if not other.suffix:
        return line.code != other.code and line.code.startswith(other.code)
    stem = other.code[:-1]  # a heading without a code covers the codes that differ from its own in the last digit
    return line.code.startswith(stem) and len(line.code) >= len(other.code)


def _lines(order: Order, language: str) -> Iterator[_Line | Skipped]:
    for row in grid.records(order.path, _COLUMNS, ("code", "text")):
        yield row if isinstance(row, Skipped) else _line(*row, order.today, language)


def _line(number: int, cells: dict[str, str], today: date, language: str) -> _Line | Skipped:
    digits, suffix = _digits(cells["code"])
    if not digits:
        return Skipped(number, f"{cells['code'][:40]!r} is no code of goods")
    if not cells["text"]:
        return Skipped(number, f"{digits} has no description")
    ended = _day(cells.get("end", ""))
    if ended is not None and ended < today:
        return Skipped(number, f"{digits} ended on {ended.isoformat()}")
    size = _size(digits, cells.get("depth", ""))
    indent = None
    if "indent" in cells:
        indent = min(cells["indent"].count("-"), _MAX_INDENT)
    return _Line(
        row=number,
        kind="HS" if len(digits) <= _HS_DIGITS else "CN",
        code=digits[:size],
        suffix=suffix,
        language=(cells.get("language") or language).lower()[:8],
        indent=indent,
        text=cells["text"].replace("|", " "),  # the export's hard space
    )


def _digits(cell: str) -> tuple[str, str]:
    """Digits and suffix of a code, in any spelling; nothing where it is no code."""
    suffixed = _SUFFIXED.fullmatch(cell)
    if suffixed:
        return suffixed.group(1), suffixed.group(2)
    match = _CODE.fullmatch(cell)
    digits = "".join(char for char in match.group(1) if char.isdigit()) if match else ""
    return (digits, "") if len(digits) in (2, 4, 6, 8, 10) else ("", "")


def _size(digits: str, depth: str) -> int:
    """How many digits of a code count: what the file says, else all but trailing pairs of zeros."""
    said = depth.partition(".")[0]
    if said.isdigit() and int(said) in (2, 4, 6, 8, 10):
        return int(said)
    size = len(digits)
    while size > 2 and len(digits) > _HS_DIGITS and digits[size - 2 : size] == "00":  # a chapter has two digits
        size -= 2
    return size


def _day(cell: str) -> date | None:
    match = _DAY.fullmatch(cell)
    try:
        return (
            date(int(match.group(3)), int(match.group(2)), int(match.group(1))) if match else date.fromisoformat(cell)
        )
    except ValueError:
        return None
