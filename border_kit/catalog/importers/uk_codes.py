"""What the fields of UK licence data mean: codes, dates and amounts of the fixed layouts."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from border_kit.text import clean_line, whole_number

_DAY = re.compile(r"[0-9]{8}")


class BadRecordError(ValueError):
    """A record that means nothing; its message says why, `no` the line."""

    def __init__(self, no: int, reason: str) -> None:
        super().__init__(reason)
        self.no = no


@lru_cache(maxsize=1)
def codes() -> dict[tuple[str, str], str]:
    """Every code by its kind, with its meaning."""
    path = Path(__file__).with_name("data") / "uk_codes.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return {(kind, code): meaning for kind, code, meaning in rows}


def meaning(kind: str, code: str, no: int) -> str:
    """What a code means. Raises BadRecordError for one that nobody here knows."""
    found = codes().get((kind, code.upper()))
    if found is None:
        raise BadRecordError(no, f"the {kind} {clean_line(code, 20)!r} is not known")
    return found


def day(text: str, no: int) -> str | None:
    """A date as ccyymmdd; None where it is empty. Raises BadRecordError."""
    if not text:
        return None
    try:
        return datetime.strptime(text if _DAY.fullmatch(text) else "", "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise BadRecordError(no, f"{clean_line(text, 20)!r} is no date as ccyymmdd") from error


def amount(text: str, pattern: re.Pattern[str], what: str, no: int) -> str:
    """A quantity or value of the layout. Raises BadRecordError."""
    if not pattern.fullmatch(text):
        raise BadRecordError(no, f"the {what} {clean_line(text, 30)!r} is no number of this layout")
    return text


def line_number(text: str, no: int) -> int:
    """The number of a licence's line. Raises BadRecordError."""
    number = whole_number(text, 9)  # as licences-json bounds it
    if number is None:
        raise BadRecordError(no, f"{clean_line(text, 20)!r} is no line number")
    return number
