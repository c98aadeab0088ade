"""Time comes in from outside: engines have no clock of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """The current moment, with its time zone."""
        ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The current moment in UTC, whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: tests, training and `--now`."""

    moment: datetime

    def now(self) -> datetime:
        """The moment that was set."""
        return self.moment


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 date or date-time as a moment in UTC; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"outside the calendar: {text!r}") from error


def parse_date(text: str) -> date:
    """Read an ISO 8601 calendar date (YYYY-MM-DD). Raises ValueError."""
    if len(text) != len("2026-03-02"):
        raise ValueError(f"not a date as YYYY-MM-DD: {text!r}")
    return date.fromisoformat(text)


def stamp(moment: datetime) -> str:
    """A moment as the kit writes it: `2026-03-02T10:15:00Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
