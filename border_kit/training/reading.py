"""Reading a document that fits the schema: ids that exist, conditions that parse, moments of the calendar.

A `Reading` collects everything that is wrong; those who build the parts of a scenario share one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import MAXYEAR, UTC, date, datetime
from typing import Any, TypeVar

from border_kit.catalog.sources import Key, Problem, Source, texts
from border_kit.clock import parse_moment
from border_kit.training.conditions import (
    ALWAYS,
    Before,
    Condition,
    ConditionError,
    Decided,
    Did,
    Knows,
    Received,
    facts,
    parse,
)

T = TypeVar("T")

EPOCH = datetime.fromtimestamp(0, UTC)
_KINDS: dict[str, Key] = {
    "role": ("roles", "others"),
    "declaration": ("overlay", "declarations"),
    "authority": ("overlay", "trust", "authorities"),
    "certificate": ("overlay", "certificates"),
    "update": ("overlay", "updates"),
    "document": ("documents",),
    "observation": ("observations",),
    "action": ("actions",),
    "message": ("injects",),
}
_FIELD = re.compile(r"[a-z][a-z_]*(?:\[\d+\])?(?:\.[a-z][a-z_]*(?:\[\d+\])?)*")
"""A field as messages name it, at their beginning: `lines[0].quantity`, valid_to."""
_PARTS = re.compile(r"[a-z][a-z_]*|\d+")
_QUOTED = re.compile(r"'([^']{1,80})'")
_OTHERS: tuple[Key, ...] = (("rubric",), ("cards",), ("overlay", "parties"), ("overlay", "exemptions"))


class Reading:
    """One document being read; `problems` is everything that is wrong with it so far."""

    def __init__(self, source: Source, data: dict[str, Any]) -> None:
        """`data` is the document of `source` with its placeholders filled."""
        self.problems: list[Problem] = []
        self.source = source
        self.data = data
        self.ids = {kind: self.known(path) for kind, path in _KINDS.items()}
        self.ids["citation"] = set(data["citations"])
        for path in _OTHERS:
            self.known(path)

    def at(self, path: Key) -> Any:
        """The value at a path; nothing where an optional part is not there."""
        found: Any = self.data
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return () if found is None else found

    def each(self, path: Key, make: Callable[[Any, Key], T]) -> tuple[T, ...]:
        """A part made of each row of a list."""
        return tuple(make(row, (*path, position)) for position, row in enumerate(self.at(path)))

    def known(self, path: Key) -> set[str]:
        """The ids of a list's rows; one that stands twice is a problem."""
        seen: set[str] = set()
        for position, row in enumerate(self.at(path)):
            if row["id"] in seen:
                self.wrong((*path, position, "id"), f"the id {row['id']!r} stands twice")
            seen.add(row["id"])
        return seen

    def wrong(self, path: Key, message: str) -> None:
        """Note a problem."""
        self.problems.append(self.source.problem(path, message))

    def wrong_within(self, path: Key, message: str) -> None:
        """Note a problem that a reader of real data has with a part: at the field that its message names, where it names one."""
        named = _FIELD.search(message)
        field = tuple(int(part) if part.isdigit() else part for part in _PARTS.findall(named[0])) if named else ()
        place = (*path, *field)
        quoted = _QUOTED.search(message)
        if quoted is not None:
            below = (at for at, text in texts(self.data) if at[: len(place)] == place and text == quoted[1])
            place = next(below, place)
        self.wrong(place, message)

    def refer(self, kind: str, name: str, path: Key) -> str:
        """A name that must be the id of something of a kind."""
        if name not in self.ids[kind]:
            known = ", ".join(sorted(self.ids[kind])[:20]) or "none"
            self.wrong(path, f"there is no {kind} {name!r} (there are: {known})")
        return name

    def refer_all(self, kind: str, names: Iterable[str], path: Key) -> tuple[str, ...]:
        """Names that must all be ids of a kind."""
        return tuple(self.refer(kind, name, (*path, position)) for position, name in enumerate(names))

    def cite(self, row: dict[str, Any], path: Key) -> tuple[str, ...]:
        """The citations that a part names."""
        return self.refer_all("citation", row.get("cite", ()), (*path, "cite"))

    def when(self, row: dict[str, Any], path: Key, *, ended: bool = False) -> Condition:
        """The condition of a part; `ended` says whether a decision may have been taken when it is judged."""
        text = row.get("when")
        if text is None:
            return ALWAYS
        place = (*path, "when")
        try:
            condition = parse(text)
        except ConditionError as error:
            self.wrong(place, f"the condition cannot be read: {error}")
            return ALWAYS
        for fact in facts(condition):
            match fact:
                case Did(action):
                    self.refer("action", action, place)
                case Before(first, then):
                    self.refer("action", first, place)
                    self.refer("action", then, place)
                case Knows(observation):
                    self.refer("observation", observation, place)
                case Received(message):
                    self.refer("message", message, place)
                case Decided() if not ended:
                    self.wrong(place, "`decided` can never hold here: a decision ends the scenario")
                case _:
                    pass
        return condition

    def moment(self, text: str, path: Key) -> datetime:
        """A moment in the zone in which it is written."""
        try:
            moment = parse_moment(text)
            if moment.year < MAXYEAR:  # so that time can pass
                return moment.astimezone(datetime.fromisoformat(text).tzinfo)
        except ValueError:
            pass
        self.wrong(path, f"{text!r} is no moment of the calendar")
        return EPOCH

    def day(self, text: str, path: Key) -> date:
        """A day of the calendar."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(path, f"{text!r} is no date of the calendar")
            return EPOCH.date()

    def day_of(self, row: dict[str, Any], name: str, path: Key) -> date | None:
        """A day that may be left out."""
        return self.day(row[name], (*path, name)) if name in row else None
