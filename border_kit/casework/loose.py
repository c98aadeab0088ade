"""Events of no case that say something about persons or goods, and when that has been kept for long enough.

Observations from outside are due as a whole, so many years after they ended; what operators did to the queue, each by itself. The ledger
of releases is never due: it keeps two statistics from being held against each other, and tells what was published anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from border_kit.casework import observations
from border_kit.casework.case import Casebook
from border_kit.casework.queued import DROPPED, MARKED, QUEUE
from border_kit.casework.retention import Due, Period, years_after


def due(book: Casebook, periods: Sequence[Period], day: date) -> Iterator[Due]:
    """What is due by a day: one row for each kind, with the numbers of its events. Raises StoreError."""
    for case_id, ended in ((observations.CASE, observations.ended), (QUEUE, _done)):
        own = [period for period in periods if period.of == case_id]
        if not own:
            continue
        longest = max(own, key=lambda period: period.years)
        found = sorted((end, events) for end, events in ended(book, day) if years_after(end, longest.years) <= day)
        if found:
            numbers = sorted(number for _, events in found for number in events)
            first, last = found[0][0], found[-1][0]
            yield Due(
                case_id,
                last.isoformat(),
                years_after(first, longest.years),
                longest.id,
                older_layout=False,
                events=tuple(numbers),
            )


def _done(book: Casebook, _day: date) -> Iterator[tuple[date, tuple[int, ...]]]:
    """What was done to the queue: when, and the number of the event."""
    for event in book.events(QUEUE):
        if event.kind in (MARKED, DROPPED) and not event.forgotten:
            yield date.fromisoformat(event.at[:10]), (event.seq,)
