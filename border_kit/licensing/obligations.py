"""What licences ask for later: what falls due by a day, and what was done about it.

The registry states obligations; that one was met (or waived by the authority) is an entry of the usage ledger, so that it
travels between offices as drawings do, and is never taken back in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from border_kit.findings import Json
from border_kit.licensing.entry import Entry
from border_kit.licensing.model import Obligation

State = Literal["done", "waived", "overdue", "due", "open"]
OUTCOMES = ("done", "waived")
"""How an obligation ends: it was met, or the authority let it go."""


@dataclass(frozen=True, slots=True)
class Due:
    """An obligation of a licence and how it stands on a day: `due` falls due, `overdue` fell, `open` has no day."""

    licence: str
    obligation: Obligation
    state: State
    by: Entry | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in OUTCOMES

    def to_json(self) -> dict[str, Json]:
        """The obligation, its state, and the entry that settled it."""
        return {
            "licence": self.licence,
            **self.obligation.to_json(),
            "state": self.state,
            "settled_by": self.by.ref if self.by else None,
            "note": self.by.note if self.by else None,
        }


def standing(found: Iterable[tuple[str, Obligation]], discharges: Iterable[Entry], today: date) -> Iterator[Due]:
    """How each obligation stands; the first discharge of one counts."""
    settled: dict[str, Entry] = {}
    for entry in discharges:
        settled.setdefault(str(entry.part), entry)
    for licence, obligation in found:
        settler = settled.get(obligation.id)
        yield Due(licence, obligation, _state(obligation, settler, today), settler)


def _state(obligation: Obligation, entry: Entry | None, today: date) -> State:
    if entry is not None:
        return "waived" if entry.declaration == "waived" else "done"
    if obligation.due is None:
        return "open"
    return "overdue" if obligation.due < today.isoformat() else "due"
