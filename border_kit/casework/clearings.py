"""Cleared decisions: an officer found that a name does not mean the listed party it resembles, and said why.

They are events of the casebook, under the case id `names`. A clearing is never changed: it is withdrawn by another event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from border_kit.casework.case import Casebook
from border_kit.casework.log import Event
from border_kit.errors import InputError, UsageError
from border_kit.findings import Json
from border_kit.text import clean, clean_line

CASE = "names"
CLEARED, WITHDRAWN = "party_cleared", "clearing_withdrawn"


@dataclass(frozen=True, slots=True)
class Clearing:
    """One clearing. `no` is its event's number; `refs` are the party's listings then; `digest` is what they said.

    `asked` is what was asked beside the name: kind, country, born, identifiers (`type:value`).
    """

    no: int
    at: str
    operator: str | None
    signed: bool
    name: str
    asked: dict[str, Any]
    party: str
    refs: tuple[tuple[str, str], ...]
    caption: str
    digest: str
    because: str

    def to_json(self) -> dict[str, Json]:
        """As `screen --cleared` prints it."""
        return {
            "no": self.no,
            "at": self.at,
            "operator": self.operator,
            "signed": self.signed,
            "name": self.name,
            "asked": self.asked,
            "party": self.party,
            "refs": [{"list": name, "source_ref": ref} for name, ref in self.refs],
            "caption": self.caption,
            "because": self.because,
        }


def record(book: Casebook, data: dict[str, Json], because: str, *, at: datetime) -> Event:
    """Record a clearing: `data` as `Clearing` names it. Raises UsageError without a reason, StoreError."""
    words = clean(because, 2_000)
    if not words:
        raise UsageError("reason_missing", "Clearing a hit needs a reason.", 'Say why with --because "…".')
    return book.append(CASE, CLEARED, {**data, "because": words}, at=at)


def withdraw(book: Casebook, number: int, because: str, *, at: datetime) -> Event:
    """Withdraw a clearing: its hits alert again. Raises InputError when there is none of that number."""
    if all(one.no != number for one in standing(book)):
        raise InputError(
            "clearing_unknown", f"There is no clearing {number}.", "border-kit screen --cleared lists them."
        )
    return book.append(CASE, WITHDRAWN, {"clearing": number, "because": clean(because, 2_000)}, at=at)


def standing(book: Casebook) -> list[Clearing]:
    """The clearings that were not withdrawn, oldest first."""
    events = list(book.events(CASE))
    gone = {event.data.get("clearing") for event in events if event.kind == WITHDRAWN}
    return [_read(event) for event in events if event.kind == CLEARED and event.seq not in gone]


def _read(event: Event) -> Clearing:
    data = event.data
    return Clearing(
        no=event.seq,
        at=event.at,
        operator=event.operator,
        signed=event.signed,
        name=str(data["name"]),
        asked=dict(data["asked"]),
        party=str(data["party"]),
        refs=tuple((str(ref["list"]), str(ref["source_ref"])) for ref in data["refs"]),
        caption=clean_line(str(data["caption"])),
        digest=str(data["digest"]),
        because=str(data["because"]),
    )
