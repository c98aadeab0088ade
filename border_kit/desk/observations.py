"""Accepted observations from outside, held against shipments: by a party's name, by a number, by a goods code.

What names parties or numbers is told of these alone; only where it names nobody do its goods codes match by themselves, or every
shipment of a common heading would carry one sender's word about one firm. It is told as what somebody says: information, or something that
needs attention, never a stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit.casework import observations
from border_kit.casework.observations import Observation
from border_kit.catalog.identifiers import fold_number
from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.licensing.codes import paragraphs
from border_kit.policy.profile import section
from border_kit.screening.parse import Name, parse
from border_kit.screening.score import compare_names
from border_kit.shipment.model import Party
from border_kit.text import clean_line

if TYPE_CHECKING:
    from border_kit.desk.answers import LineAnswer, PartyAnswer
    from border_kit.desk.desk import Desk

SAME_NAME = 0.70
"""From where on a name counts as the one that was named: the line of an alert (docs/interfaces.md, `alert`)."""
CODE = "observation_matches"
_SHORTEST_HS = 4
_SAID = 240
_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class _Match:
    """That an observation concerns a subject: by what, as it was named and as it is declared."""

    observation: Observation
    subject: Subject
    by: str
    named: str
    declared: str


@dataclass(slots=True)
class Observed:
    """The observations that are heard on a day. Belongs to one thread: it keeps what it compared."""

    found: Sequence[Observation] = ()
    _names: dict[tuple[str, str | None], tuple[tuple[Observation, str], ...]] = field(default_factory=dict)
    _parsed: tuple[tuple[Observation, Mapping[str, str], Name], ...] = field(init=False)

    def __post_init__(self) -> None:
        named = ((one, party) for one in self.found for party in one.about.get("parties", ()))
        self._parsed = tuple((one, party, parse(party["name"], None)) for one, party in named)

    def findings(self, lines: Iterable[LineAnswer], parties: Iterable[PartyAnswer]) -> Iterator[Finding]:
        """What outsiders said of a shipment's parties and goods; of one observation and subject once."""
        if not self.found:
            return
        told: set[tuple[int, Subject]] = set()
        matches = [match for answer in parties for match in self._party(answer.party)]
        matches += [match for line in lines for match in self._line(line)]
        for match in matches:
            if (match.observation.no, match.subject) not in told:
                told.add((match.observation.no, match.subject))
                yield _finding(match)

    def _party(self, party: Party) -> Iterator[_Match]:
        subject = Subject("party", party.ref)
        numbers = {(item.type.casefold(), fold_number(item.type.casefold(), item.value)) for item in party.identifiers}
        for one in self.found:
            for item in one.about.get("identifiers", ()):
                if (item["type"], fold_number(item["type"], item["value"])) in numbers:
                    yield _Match(one, subject, item["type"], item["value"], item["value"])
        for one, named in self._named(party.name, party.country):
            yield _Match(one, subject, "name", named, party.name)

    def _named(self, name: str, country: str | None) -> tuple[tuple[Observation, str], ...]:
        """The observations that name somebody of this name; where both state a country, of the same one."""
        known = self._names.get((name, country))
        if known is None:
            asked = parse(name[:2_000], None)
            known = tuple(
                (one, party["name"])
                for one, party, listed in self._parsed
                if country in (None, party.get("country", country)) and name.strip()
                if compare_names(asked, listed, reasons_from=SAME_NAME).score >= SAME_NAME
            )
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            self._names[name, country] = known
        return known

    def _line(self, answer: LineAnswer) -> Iterator[_Match]:
        subject = Subject("line", str(answer.line.no))
        for one in self.found:
            if "parties" in one.about or "identifiers" in one.about:
                continue
            for code in one.about.get("goods", ()):
                declared = _declared(code, answer)
                if declared:
                    yield _Match(one, subject, "goods code", code, declared)


def _declared(code: str, answer: LineAnswer) -> str | None:
    """The HS code or likely or possible entry of a line that lies in a named code; None where none does."""
    digits = "".join(char for char in code if char not in " .")
    if digits.isdigit() and len(digits) >= _SHORTEST_HS:
        hs = "".join(char for char in answer.line.hs or "" if char.isdigit())
        return hs if hs.startswith(digits) else None
    wanted, (name, slash, _) = paragraphs(code), code.partition("/")
    for item in answer.classification.candidates if answer.classification else ():
        listed = not slash or item.list == name
        if item.band != "weak" and listed and wanted and paragraphs(item.code)[: len(wanted)] == wanted:
            return item.code
    return None


def _finding(match: _Match) -> Finding:
    one = match.observation
    who = one.ruled_by or "somebody who was not named"
    said = clean_line(str(one.document["says"]), _SAID)
    return Finding(
        code=CODE,
        severity=Severity(one.severity or "info"),
        subject=match.subject,
        message=f"{one.sender} says: “{said}” Accepted by {who} on {(one.ruled_at or '')[:10]}: {clean_line(one.reason or '', _SAID)}",
        evidence=(
            Evidence(
                f"{match.by} as in the observation", row=f"observation:{one.no}", left=match.named, right=match.declared
            ),
        ),
        citation=f"Observation {one.no} ({clean_line(str(one.document['reference']), 80)}), good until {one.until}; what its sender says, not a finding of customs",
        as_of=str(one.document["made_at"]),
    )


# What the office does with them


def heard(found: Iterable[Observation]) -> Observed:
    """Those of a list that are told with shipments."""
    return Observed(tuple(one for one in found if one.state == "accepted"))


def take_in(desk: Desk, file: Path) -> Observation:
    """Bring a file in: it waits. Raises InputError, UsageError, StoreError."""
    return observations.receive(desk.casebook, observations.read(file), at=desk.clock.now())


def accept(desk: Desk, number: int, severity: str, reason: str) -> Observation:
    """Accept one that waits, within the bounds of the profile. Raises InputError, UsageError, StoreError."""
    profile = desk.assessor.profile
    rule = section(
        profile.outside if profile else None,
        "observations",
        "observations from outside: none is accepted",
        "no_observation_rule",
    )
    found = observations.accept(
        desk.casebook,
        number,
        severity,
        reason,
        longest_days=rule.longest_days,
        most_standing=rule.most_standing,
        at=desk.clock.now(),
    )
    desk.forget("observations")
    return found


def decline(desk: Desk, number: int, reason: str) -> Observation:
    """Decline one that waits or was accepted. Raises InputError, UsageError, StoreError."""
    found = observations.decline(desk.casebook, number, reason, at=desk.clock.now())
    desk.forget("observations")
    return found


def known(desk: Desk, state: str | None = None) -> list[Observation]:
    """Every observation as it stands today, or those in one state. Raises StoreError."""
    rows = observations.listed(desk.cases, today(desk))
    return [one for one in rows if state in (None, one.state)]


def today(desk: Desk) -> date:
    """The day that counts at this desk."""
    return desk.settings.as_of or desk.clock.now().date()
