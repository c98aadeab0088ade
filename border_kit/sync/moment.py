"""What day it is, where a machine's clock may be wrong: nothing is older than what was signed before it.

The newest signed time that an office has seen is a floor: a clock more than a day before it is WRONG. Then nothing is installed
until the clock is set right, or an officer states the date: it is logged, never before the signed time, and papers proven
meanwhile reach CANNOT TELL at best. Reading all this costs two small files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from border_kit import disk
from border_kit.clock import Clock, SystemClock, parse_moment, stamp
from border_kit.errors import UsageError

MARKS = "marks.json"
STATED = "date.json"
TOLERANCE = timedelta(days=1)
FARTHEST = timedelta(days=20 * 366)
"""How long after what was signed a stated date may lie: no catalog is used so long, and a slip of a digit is told."""
_LATEST = date(3000, 1, 1)
"""The same where nothing was signed yet; the calendar of a computer ends in 9999."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A date that an officer stated, and what the machine's clock showed then."""

    day: date
    machine: datetime
    behind: bool
    """Whether the machine's clock was behind the signed time then (else it was ahead of the truth)."""

    def now(self, machine: datetime) -> datetime:
        """The stated day's noon, gone on by as much as the machine's clock has since."""
        return datetime.combine(self.day, time(12), UTC) + (machine - self.machine)


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """The machine's clock, or the date that was stated where that is wrong. `signed` is the newest signed time seen here."""

    signed: datetime | None = None
    stated: Stated | None = None
    machine: Clock = field(default_factory=SystemClock)

    def now(self) -> datetime:
        """The moment to go by."""
        shown = self.machine.now()
        return self.stated.now(shown) if self.stated is not None and self._holds(self.stated, shown) else shown

    @property
    def is_stated(self) -> bool:
        """Whether an officer's word stands in for the clock."""
        return self.stated is not None and self._holds(self.stated, self.machine.now())

    @property
    def is_wrong(self) -> bool:
        """Whether the moment to go by lies more than a day before what was already signed."""
        return self.signed is not None and self.now() < self.signed - TOLERANCE

    @property
    def warning(self) -> str:
        """What is to be said about the clock; empty where it can be believed."""
        shown = self.machine.now()
        if self.is_wrong and self.signed is not None:
            return (
                f"The clock is WRONG: it shows {day(shown)}, and data of {day(self.signed)} are here. "
                "Set it right, or state today's date with: border-kit sync date YYYY-MM-DD"
            )
        if self.is_stated:
            return (
                f"The date {day(self.now())} was stated by an officer; the machine's clock shows {day(shown)}. "
                "Certificates reach CANNOT TELL at best."
            )
        return ""

    def _holds(self, stated: Stated, shown: datetime) -> bool:
        """Whether the clock is still the one that was wrong: not set right, not fallen back again, not before what is signed."""
        if shown < stated.machine or (self.signed is not None and stated.now(shown) < self.signed - TOLERANCE):
            return False
        return not stated.behind or (self.signed is not None and shown < self.signed - TOLERANCE)


def office_clock(folder: Path, machine: Clock | None = None) -> OfficeClock:
    """The clock of an office by its sync folder. What cannot be read is as if it were not there."""
    marks, said = _document(folder / MARKS), _document(folder / STATED)
    signed, stated = _signed(marks), _stated(said)
    return OfficeClock(signed, stated, machine or SystemClock())


def _signed(marks: dict[str, str]) -> datetime | None:
    try:
        signed = parse_moment(marks["signed"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return signed if signed.year > 1 else None  # the calendar's first days leave no room for a tolerance


def _stated(said: dict[str, str]) -> Stated | None:
    try:
        day = min(date.fromisoformat(said["day"]), _LATEST)
        return Stated(day, parse_moment(said["machine"]), bool(said["behind"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def state(folder: Path, today: date, machine: Clock | None = None) -> OfficeClock:
    """Take an officer's word for today's date. Raises UsageError where it lies before the signed time, or the clock agrees with it."""
    clock = office_clock(folder, machine)
    shown = clock.machine.now()
    if clock.signed is not None and today < clock.signed.date():
        raise UsageError(
            "date_before_signed",
            f"Today cannot be {today.isoformat()}: data signed on {day(clock.signed)} are here.",
            "Look at a calendar, a paper of today, or ask another post.",
        )
    if today > (clock.signed.date() + FARTHEST if clock.signed else _LATEST):
        raise UsageError(
            "date_too_late",
            f"Today can hardly be {today.isoformat()}.",
            "Look at the year, and write it as 2026-11-27.",
        )
    if abs((today - shown.date()).days) <= 1:
        (folder / STATED).unlink(missing_ok=True)
        raise UsageError(
            "date_agrees", f"The machine's clock shows {day(shown)}: it agrees.", "Nothing needs to be stated."
        )
    behind = clock.signed is not None and shown < clock.signed - TOLERANCE
    folder.mkdir(parents=True, exist_ok=True)
    document = {"day": today.isoformat(), "machine": stamp(shown), "behind": behind}
    disk.replace_file(folder / STATED, json.dumps(document).encode())
    return office_clock(folder, machine)


def _document(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes()[:1_000_000])
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def day(moment: datetime) -> str:
    """A moment's date, ISO."""
    return moment.date().isoformat()
