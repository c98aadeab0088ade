"""What readers yield and what an import reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from border_kit.catalog.writer import Progress
from border_kit.findings import Json

MAX_CELL = 20_000
"""Characters kept of one value of a file."""

MAX_SKIPPED = 10_000
"""Skipped rows that a report lists; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a party: quality primary | alias | weak | former | original."""

    text: str
    quality: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A party as one list has it. `ref` is the list's own id; facts and identifiers are (type, value).

    `listed_on` is an ISO date where the file states one, `ends` the last day of a listing that the file limits. `list` is empty
    where the file names none.
    """

    list: str
    ref: str
    kind: str
    caption: str
    names: tuple[Name, ...]
    facts: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    programme: str | None = None
    listed_on: str | None = None
    note: str | None = None
    ends: str | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that could not be taken: `row` as the file counts (1-based) and the reason in words."""

    row: int
    reason: str

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        return {"row": self.row, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Listed:
    """Says that the source holds a whole edition of a list, even where no row of it follows."""

    list: str


@dataclass(frozen=True, slots=True)
class Gone:
    """An entity that a delta takes away: its listings on every list of this kind of source, but those `kept`."""

    ref: str
    row: int
    kept: frozenset[str] = frozenset()


Item = Listing | Skipped | Listed | Gone
"""What a reader yields."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported: the file, what the caller says of it, and today's date."""

    path: Path
    list_id: str | None
    edition: str | None
    today: date
    progress: Progress

    def dated(self, stated: str | None) -> tuple[str, bool]:
        """The edition's date, and whether it is assumed: the file's own, else the caller's, else today."""
        if stated is not None:
            return stated, False
        return (self.edition, False) if self.edition is not None else (self.today.isoformat(), True)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a reader found: the date the file states (ISO, or None), the list it is by default, and its rows.

    A `partial` batch (an amendment, a delta) changes only the listings it names; any other is a whole edition, and what it does
    not name has left the list. `remarks` are what whoever imports must know of the file as a whole (a part of it is missing).
    """

    stated: str | None
    default_list: str
    rows: Iterable[Item]
    partial: bool = False
    remarks: tuple[str, ...] = ()


Reader = Callable[[Order], Batch]


@dataclass(slots=True)
class Tally:
    """What happened to one list."""

    list: str
    edition: str
    assumed: bool
    taken: int = 0
    added: int = 0
    changed: int = 0
    ended: int = 0

    def to_json(self) -> dict[str, Json]:
        """One list of a report."""
        return {
            "list": self.list,
            "edition": self.edition,
            "assumed": self.assumed,
            "taken": self.taken,
            "added": self.added,
            "changed": self.changed,
            "ended": self.ended,
        }


@dataclass(slots=True)
class Findings:
    """Skipped rows, collected with a bound."""

    listed: list[Skipped] = field(default_factory=list)
    count: int = 0

    def add(self, skipped: Skipped) -> None:
        """Note a row that was not taken."""
        self.count += 1
        if len(self.listed) < MAX_SKIPPED:
            self.listed.append(skipped)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, list by list; `volume` is the volume it went into, `remarks` what its reader must know (a run is missing)."""

    kind: str
    volume: str
    lists: tuple[Tally, ...]
    skipped: tuple[Skipped, ...]
    skipped_count: int
    removed_demo: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        """Rows taken, of all lists."""
        return sum(tally.taken for tally in self.lists)

    def to_json(self) -> dict[str, Json]:
        """As the contract names it; with several lists the totals stand on top and each list in `lists`."""
        total: dict[str, Json] = {
            "kind": self.kind,
            "volume": self.volume,
            "list": ";".join(tally.list for tally in self.lists),
            "edition": max(tally.edition for tally in self.lists),
            "assumed": any(tally.assumed for tally in self.lists),
            "taken": self.taken,
            "skipped": [row.to_json() for row in self.skipped],
            "skipped_count": self.skipped_count,
            "added": sum(tally.added for tally in self.lists),
            "changed": sum(tally.changed for tally in self.lists),
            "ended": sum(tally.ended for tally in self.lists),
            "removed_demo": list(self.removed_demo),
            "remarks": list(self.remarks),
        }
        if len(self.lists) > 1:
            total["lists"] = [tally.to_json() for tally in self.lists]
        return total
