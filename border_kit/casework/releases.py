"""The release ledger: which statistics left the office, as events of the log, so that no two of them can be held against each other.

A case is counted in one set of releases only: those of one period and one choice of cases. What overlaps with that in any other way is
refused, since the difference of two such tables would be a table of few cases. A further table of the same cases is let out while it
asks about something else: what both tell then is the number of all cases, which the first release has told (docs/decisions/0090).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from border_kit.casework.case import Casebook
from border_kit.casework.log import Event
from border_kit.errors import InputError, UsageError
from border_kit.findings import Json

CASE, RELEASED = "releases", "statistics_released"

_PERIOD = re.compile(r"(?P<year>2[0-9]{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A year (`2026`), quarter (`2026-Q1`) or month (`2026-03`), from its first to its last day."""

    label: str
    first: date
    last: date

    def overlaps(self, other: Period) -> bool:
        """Whether a day belongs to both."""
        return self.first <= other.last and other.first <= self.last


def period(text: str) -> Period:
    """A period as it is written. Raises UsageError."""
    found = _PERIOD.fullmatch(text.strip().upper())
    if found is None:
        raise UsageError("period_unknown", f"{text[:20]!r} is no period.", "Write 2026, 2026-Q1 or 2026-03.")
    year, quarter, month = int(found["year"]), found["quarter"], found["month"]
    begin, end = (
        (1, 12) if not (quarter or month) else (int(month or 3 * int(quarter) - 2), int(month or 3 * int(quarter)))
    )
    return Period(found[0], date(year, begin, 1), date(year, end, calendar.monthrange(year, end)[1]))


@dataclass(frozen=True, slots=True)
class Release:
    """One release. `no` is its event's number; `document` what was published, `about` the families of dimensions it tells of."""

    no: int
    at: str
    operator: str | None
    signed: bool
    period: Period
    only: Mapping[str, str]
    about: frozenset[str]
    document: dict[str, Any]
    sha256: str

    def to_json(self) -> dict[str, Json]:
        """One element of `releases`."""
        return {
            "no": self.no,
            "at": self.at,
            "operator": self.operator,
            "signed": self.signed,
            "period": self.period.label,
            "only": dict(self.only),
            "tables": [table["dimensions"] for table in self.document["tables"]],
            "cases": self.document["cases"],
            "sha256": self.sha256,
        }


def releases(book: Casebook) -> list[Release]:
    """Everything released, the oldest first. Raises StoreError."""
    return [_read(event) for event in book.events(CASE) if event.kind == RELEASED]


def _read(event: Event) -> Release:
    data = event.data
    return Release(
        no=event.seq,
        at=event.at,
        operator=event.operator,
        signed=event.signed,
        period=period(data["document"]["period"]["label"]),
        only=dict(data["document"]["only"]),
        about=frozenset(data["about"]),
        document=data["document"],
        sha256=data["sha256"],
    )


def release(book: Casebook, number: int) -> Release:
    """One release. Raises InputError when there is none of that number."""
    found = next((one for one in releases(book) if one.no == number), None)
    if found is None:
        raise InputError("release_unknown", f"There is no release {number}.", "border-kit policy releases lists them.")
    return found


def refuse_difference(
    known: Iterable[Release], wanted: Period, only: Mapping[str, str], about: Collection[str], cases: int | None = None
) -> None:
    """Refuse what could be held against an earlier release. `cases` is how many are counted now. Raises UsageError."""
    for one in known:
        if not wanted.overlaps(one.period):
            continue
        if (wanted, dict(only)) != (one.period, dict(one.only)):
            raise UsageError(
                "release_overlaps",
                f"Release {one.no} of {one.period.label} counts some of the same cases: the difference of the two would tell of few.",
                f"Publish a period that it does not touch, or give out release {one.no} again: policy releases --again {one.no}.",
            )
        told = sorted(one.about & set(about))
        if told:
            raise UsageError(
                "release_repeats",
                f"Release {one.no} tells of these cases by {', '.join(told)} already; another table of it could be held against that.",
                f"Its totals hold every smaller table: policy releases --again {one.no}.",
            )
        if cases is not None and cases != one.document["cases"]:
            raise UsageError(
                "release_changed",
                f"Release {one.no} counted {one.document['cases']} cases of {one.period.label}, and now there are {cases}.",
                "Was another casebook restored? Nothing more is published of this period.",
            )


def record(book: Casebook, document: dict[str, Any], about: frozenset[str], sha256: str, *, at: datetime) -> Event:
    """Put a release into the ledger: what is published, whole, and nothing that another terminal's release speaks against.

    Raises UsageError, also where nobody who may is signed in, and StoreError.
    """
    wanted, only, cases = period(str(document["period"]["label"])), document["only"], document["cases"]
    data: dict[str, Json] = {"document": document, "about": [*sorted(about)], "sha256": sha256}
    with book.step():
        refuse_difference(releases(book), wanted, only, about, cases)
        return book.append(CASE, RELEASED, data, at=at)
