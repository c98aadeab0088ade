"""Dates of birth and of listing as lists print them → ISO: a day, a month, a year, or a span of years `1950/1955`.

Dots part day, month, year in that order (EU journal). What slashes mean differs by office, so a reader says it: `dmy` (UK) or
`mdy` (US); where nobody says it, only what can be read in one way is read. `00` is a day or month that is not known.
"""

from __future__ import annotations

import re
from datetime import date

from border_kit.catalog.importers.nations import enumerated

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DOTTED = re.compile(r"([0-9]{1,2})[. ]\s*([0-9]{1,2})[. ]\s*([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2}|dd|mm)[/-]([0-9]{1,2}|mm|dd)[/-]([0-9]{4})", re.IGNORECASE)
_WRITTEN = re.compile(r"(?:([0-9]{1,2})\s*[-. ]\s*)?([A-Za-z]{3,9})\.?\s*[-,]?\s*([0-9]{4})")
_WRITTEN_US = re.compile(r"([A-Za-z]{3,9})\.?\s+([0-9]{1,2}),?\s+([0-9]{4})")
_MONTH_OR = re.compile(r"[A-Za-z]{3,9}\.?\s*[/-]\s*[A-Za-z]{3,9}\.?\s+([0-9]{4})")
_SPAN = re.compile(r"(?:between\s+)?(.{4,20}?)\s*(?:\bto\b|\bor\b|\band\b|/|–|-)\s*(.{4,20})", re.IGNORECASE)
_ABOUT = re.compile(r"\(?(?:circa|approximately|approx\.?|about|around|probably|possibly|c\.)\)?[:\s-]+", re.IGNORECASE)
_ABOUT_BEHIND = re.compile(r"\s*\((?:circa|approximately|approx\.?|probably|estimated?)\)", re.IGNORECASE)
_NOTE = re.compile(r"\s*(?:\([^()]*\)?|\b(?:POB|Place of birth|Gender|Nationality)\b.*)$", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 1850, 2100
"""Years in which a listed party can have been born or founded; a Hijri year lies before them."""
_HIJRI = re.compile(r"hijri|islamic calendar", re.IGNORECASE)
_APART = re.compile(r"\s*(?:[,;]|\bor\b|\s/\s)\s*(?=\(?[0-9A-Za-z])")


def iso_day(text: str) -> str | None:
    """A full ISO date, checked against the calendar; None for anything else."""
    head = text.strip()[:10]
    try:
        return date.fromisoformat(head).isoformat() if len(head) == len("2026-01-01") else None
    except ValueError:
        return None


def day(text: str, order: str = "") -> str | None:
    """A full date in any of the forms `born` reads; None for less than a day."""
    found = iso_day(text) or _single(text.strip(), order)
    return found if found and len(found) == len("2026-01-01") else None


def born(text: str, order: str = "") -> str | None:
    """A date of birth as YYYY[-MM[-DD]] or YYYY/YYYY; None where it cannot be read.

    An approximate date keeps its year and reaches one year to each side. `order` says what slashes part: dmy, mdy, or nothing.
    """
    bare = text.strip().rstrip(".")
    if _HIJRI.search(bare):
        return None
    about = _ABOUT.match(bare)
    behind = _ABOUT_BEHIND.search(bare)
    if about or behind:
        found = born(bare[about.end() :] if about else _ABOUT_BEHIND.sub("", bare), order)
        return None if found is None else span(int(found[:4]) - 1, int(found[-4:] if "/" in found else found[:4]) + 1)
    single = _single(bare, order)
    if single is not None:
        return single
    match = _SPAN.fullmatch(bare)
    if match is None:
        return None
    first, last = _single(match.group(1).strip(), order), _single(match.group(2).strip(), order)
    return span(int(first[:4]), int(last[:4])) if first and last else None


def births(text: str, order: str = "") -> list[str]:
    """Every date of birth in a cell: `(a) 1.2.1970, (b) 1971`, `5.5.1975 or 15.5.1975`, `Between 1960 and 1965`."""
    found: list[str] = []
    for part in enumerated(text):
        whole = born(part, order) if not re.search(r"\bor\b", part) else None
        pieces = [part] if whole else [piece for piece in _APART.split(part) if piece]
        read = [born(piece, order) or born(_NOTE.sub("", piece), order) for piece in pieces]
        found += [value for value in read if value]
    return list(dict.fromkeys(found))


def span(first: int, last: int) -> str:
    """A span of years, the earlier first."""
    low, high = sorted((first, last))
    return f"{low:04}" if low == high else f"{low:04}/{high:04}"


def _single(text: str, order: str) -> str | None:
    iso = _ISO.fullmatch(text)
    if iso:
        return _checked(*(int(part) if part else None for part in iso.groups()))
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        first, second, year = (int(part) for part in dotted.groups())
        return _checked(year, second, first)
    slashed = _SLASHED.fullmatch(text)
    if slashed:
        first, second, year = (int(part) if part.isdigit() else 0 for part in slashed.groups())
        return _in_order(first, second, year, order)
    return _written(text)


def _in_order(first: int, second: int, year: int, order: str) -> str | None:
    """Day and month as the office orders them; without its word only what can be read in one way."""
    if not order and first <= _MONTHS_IN_YEAR and second <= _MONTHS_IN_YEAR and first != second:
        return None
    day_first = order == "dmy" or (not order and first > _MONTHS_IN_YEAR)
    return _checked(year, *((second, first) if day_first else (first, second)))


_MONTHS_IN_YEAR = 12


def _written(text: str) -> str | None:
    either = _MONTH_OR.fullmatch(text)
    if either:
        return _checked(int(either.group(1)), None, None)
    american = _WRITTEN_US.fullmatch(text)
    written = _WRITTEN.fullmatch(text)
    if american:
        month, number, year = american.groups()
    elif written:
        number, month, year = written.groups()
    else:
        return None
    name = month[:3].lower()
    return _checked(int(year), _MONTHS.index(name) + 1, int(number) if number else None) if name in _MONTHS else None


def _checked(year: int | None, month: int | None, number: int | None) -> str | None:
    """A date as far as it is known; a day without its month is only a year, and other calendars' years are none."""
    if not _FIRST_YEAR <= (year or 0) <= _LAST_YEAR:
        return None
    try:
        date(year or 0, month or 1, (number or 1) if month else 1)
    except ValueError:
        return None
    parts = [f"{year:04}"] + [f"{part:02}" for part in ((month, number) if month else ()) if part]
    return "-".join(parts)
