"""Numbers as papers print them: `1.234,50`, `1,234.50`, `1 234,5`, `١٢٣٤٫٥`.

Which sign is the decimal mark is decided for a whole column by what its cells prove, never by one cell's looks: `1,234`
alone proves nothing, and a column of nothing else is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from border_kit.errors import AmbiguousInputError
from border_kit.shipment.readers.options import DecimalMark
from border_kit.text import clean_line

OPTION = "--columns"

_NEUTRAL = "\u00a0\u2009\u202f\u2007 '’_٬"
_ARABIC_MARK = "٫"
_BODY = re.compile(
    r"(?P<before>[^\d.,+\-−(]*)(?P<sign>[+\-−(]?)\s*(?P<body>[\d.,٫][\d.,٫٬\u00a0\u2009\u202f\u2007 '’_]*)(?P<after>[^\d]*)"
)
_SPACED = re.compile(rf"\d{{1,3}}(?:[{_NEUTRAL}]\d{{2,3}})*[{_NEUTRAL}]\d{{3}}(?:[.,٫]\d+)?")
_MAX_DIGITS = 30
_GROUP = 3


class Proof(Enum):
    """What one cell proves of its decimal mark."""

    NONE = auto()
    POINT = auto()
    COMMA = auto()
    EITHER = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Numeral:
    """A cell taken apart: digits and marks in ASCII (`body`), what it `proof`s, whether negative, the `word` beside it."""

    body: str
    proof: Proof
    negative: bool
    word: str


def take_apart(text: str) -> Numeral | None:
    """A cell as a numeral with at most a unit or currency beside it; None where it is no number."""
    match = _BODY.fullmatch(_ascii_digits(clean_line(text, 200)))
    if match is None:
        return None
    body, marked = _without_groups(match["body"].strip())
    if not body:
        return None
    word = f"{match['before'].strip()} {match['after'].strip(' )')}".strip()
    if sum(char.isdigit() for char in body) not in range(1, _MAX_DIGITS + 1):
        return None
    return Numeral(body, _proof(body, marked), match["sign"] in "-−(" and match["sign"] != "", word)


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _without_groups(body: str) -> tuple[str, bool]:
    """The body without signs that only ever group (empty where they group nothing), and whether `.` and `,` then do not."""
    neutral = any(char in _NEUTRAL for char in body)
    if neutral and not _SPACED.fullmatch(body):
        return "", False
    bare = "".join(char for char in body if char not in _NEUTRAL)
    if _ARABIC_MARK in bare:
        return bare.replace(",", "").replace(".", "").replace(_ARABIC_MARK, "."), True
    return bare, neutral


def _proof(body: str, marked: bool) -> Proof:
    points, commas = body.count("."), body.count(",")
    if points and commas:
        mark = max(".,", key=body.rfind)
        return (
            _of(mark)
            if body.count(mark) == 1 and _grouped(body.split(mark, maxsplit=1)[0], "," if mark == "." else ".")
            else Proof.BROKEN
        )
    sign = "." if points else ","
    if points + commas > 1:
        return _of("," if sign == "." else ".") if _grouped(body, sign) else Proof.BROKEN
    if points + commas == 0:
        return Proof.NONE
    left, right = body.split(sign)
    if marked or len(right) != _GROUP or not 1 <= len(left) <= _GROUP or left.startswith("0"):
        return _of(sign)
    return Proof.EITHER


def _of(mark: str) -> Proof:
    return Proof.POINT if mark == "." else Proof.COMMA


def _grouped(text: str, sign: str) -> bool:
    """Whether digits stand in groups: of three, or in the Indian way (two, and three at the end)."""
    first, *rest = text.split(sign)
    if not rest or not 1 <= len(first) <= _GROUP:
        return False
    return len(rest[-1]) == _GROUP and (
        all(len(part) == _GROUP for part in rest) or all(len(part) == _GROUP - 1 for part in rest[:-1])
    )


@dataclass(slots=True)
class Evidence:
    """What the cells of one column prove, gathered cell by cell. `open_cell` is a first cell that proves nothing."""

    point: int = 0
    comma: int = 0
    open_cell: str | None = None

    def look(self, text: str) -> None:
        """Take one cell into account."""
        numeral = take_apart(text)
        if numeral is None:
            return
        if numeral.proof is Proof.POINT:
            self.point += 1
        elif numeral.proof is Proof.COMMA:
            self.comma += 1
        elif numeral.proof is Proof.EITHER and self.open_cell is None:
            self.open_cell = clean_line(text, 40)

    @property
    def mark(self) -> DecimalMark | None:
        """The decimal mark that is proven, None where nothing is or both are."""
        return "." if self.point and not self.comma else "," if self.comma and not self.point else None


def decide(evidence: dict[str, Evidence], said: DecimalMark | None) -> tuple[dict[str, DecimalMark | None], list[str]]:
    """The decimal mark of every column, and remarks on how it was found.

    A column that proves nothing takes the mark that the other columns of the file prove. Raises AmbiguousInputError where
    that leaves a cell with two readings.
    """
    whole = _together(evidence.values())
    marks: dict[str, DecimalMark | None] = {}
    remarks: list[str] = []
    for name, column in evidence.items():
        mark = said or column.mark
        if mark is None and not (column.point and column.comma) and column.open_cell:
            mark = whole.mark
            if mark:
                remarks.append(
                    f"Column {name}: {column.open_cell!r} is read with the decimal {_word(mark)} that the file's other columns show."
                )
        if mark is None and column.open_cell:
            raise _two_readings(name, column)
        if mark and not said and (mark == "," or column.open_cell):
            remarks.append(f"Column {name}: numbers have a decimal {_word(mark)}.")
        marks[name] = mark
    return marks, remarks


def _together(columns: Iterable[Evidence]) -> Evidence:
    whole = Evidence()
    for column in columns:
        whole.point += column.point
        whole.comma += column.comma
    return whole


def _word(mark: DecimalMark) -> str:
    return "point" if mark == "." else "comma"


def _two_readings(name: str, column: Evidence) -> AmbiguousInputError:
    why = (
        "its other cells contradict each other" if column.point and column.comma else "nothing in the file tells which"
    )
    return AmbiguousInputError(
        "numbers_ambiguous",
        f"In the column {name}, {column.open_cell!r} may be a thousand or a fraction: {why}.",
        f"Say which with {OPTION} decimal=comma or {OPTION} decimal=point.",
        option=OPTION,
    )


def value_of(numeral: Numeral, mark: DecimalMark | None) -> Decimal | None:
    """The number, read with a column's decimal mark (None: each cell by its own proof); None where they disagree."""
    if numeral.proof is Proof.BROKEN:
        return None
    own: DecimalMark | None = "." if numeral.proof is Proof.POINT else "," if numeral.proof is Proof.COMMA else None
    if mark and own and mark != own:
        return None
    decimal = mark or own or "."
    other = "," if decimal == "." else "."
    digits = numeral.body.replace(other, "").replace(decimal, ".")
    number = Decimal(f"0{digits}" if digits.startswith(".") else digits)
    return -number if numeral.negative else number
