"""Dates of birth and of listing as lists print them → ISO: a day, a month, a year, or a span of years `1950/1955`."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WRITTEN = re.compile(r"(?:([0-9]{1,2})\s+)?([A-Za-z]{3,9})\.?\s+([0-9]{4})")
_SPAN = re.compile(r"(.{4,20}?)\s*(?:\bto\b|\bor\b|/|–|-)\s*(.{4,20})")
_ABOUT = re.compile(r"(?:circa|approximately|approx\.?|about|c\.)\s+", re.IGNORECASE)


def iso_day(text: str) -> str | None:
    """A full ISO date, checked against the calendar; None for anything else."""
    head = text.strip()[:10]
    try:
        return date.fromisoformat(head).isoformat() if len(head) == len("2026-01-01") else None
    except ValueError:
        return None


def born(text: str) -> str | None:
    """A date of birth as YYYY[-MM[-DD]] or YYYY/YYYY; None where it cannot be read.

    An approximate date keeps its year and reaches one year to each side.
    """
    bare = text.strip().rstrip(".")
    about = _ABOUT.match(bare)
    if about:
        found = born(bare[about.end() :])
        return None if found is None else span(int(found[:4]) - 1, int(found[-4:] if "/" in found else found[:4]) + 1)
    single = _single(bare)
    if single is not None:
        return single
    match = _SPAN.fullmatch(bare)
    if match is None:
        return None
    first, last = _single(match.group(1).strip()), _single(match.group(2).strip())
    return span(int(first[:4]), int(last[:4])) if first and last else None


def span(first: int, last: int) -> str:
    """A span of years, the earlier first."""
    low, high = sorted((first, last))
    return f"{low:04}" if low == high else f"{low:04}/{high:04}"


def _single(text: str) -> str | None:
    iso = _ISO.fullmatch(text)
    if iso:
        return _checked(*(int(part) if part else None for part in iso.groups()))
    written = _WRITTEN.fullmatch(text)
    if written is None or written.group(2)[:3].lower() not in _MONTHS:
        return None
    day, month, year = written.groups()
    return _checked(int(year), _MONTHS.index(month[:3].lower()) + 1, int(day) if day else None)


def _checked(year: int | None, month: int | None, day: int | None) -> str | None:
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    parts = [f"{year:04}"] + [f"{part:02}" for part in (month, day) if part]
    return "-".join(parts)
