"""What came of cases, and what that says of the rules: hit rates and review triggers, worked out from the log's events alone.

A rate is of the cases with an outcome, and says of how many: a rule that was looked after five times has no rate to build on.
Cases drawn by chance are the measure that rules are held against. Contents that were deleted no longer count, and are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from border_kit.casework import log
from border_kit.findings import Json

CONFIRMED, OTHER, NOTHING = "confirmed", "other_irregularity", "nothing_found"
BY_CHANCE = "random_selection"
REVIEWS = "reviews"
"""The case id of review events."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rule: cases in which it fired and an outcome is known, by outcome."""

    rule: str
    confirmed: int
    other: int
    nothing: int

    @property
    def cases(self) -> int:
        """Cases with an outcome."""
        return self.confirmed + self.other + self.nothing

    def to_json(self) -> dict[str, Json]:
        """One element of `rates`."""
        return {
            "rule": self.rule,
            "cases": self.cases,
            "confirmed": self.confirmed,
            "other_irregularity": self.other,
            "nothing_found": self.nothing,
            "rate": round(self.confirmed / self.cases, 3),
        }


@dataclass(slots=True)
class Story:
    """One case so far: its newest assessment and outcome."""

    assessment: Mapping[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    forgotten: bool = False


def stories(events: Iterable[log.Event]) -> dict[str, Story]:
    """What the log says of every case."""
    found: dict[str, Story] = {}
    for event in events:
        if event.kind == "opened":
            found[event.case_id] = Story(event.data.get("assessment", {}))
        story = found.get(event.case_id)
        if story is None:
            continue
        if event.forgotten:
            story.forgotten = True
        elif event.kind == "assessed":
            story.assessment = event.data["assessment"]
        elif event.kind == "outcome":
            story.outcome = str(event.data["result"])
    return found


def rates(cases: Mapping[str, Story]) -> list[Rate]:
    """Every rule that fired in a case with an outcome, the most looked after first; chance is a row like a rule."""
    counts: dict[str, Counter[str]] = {}
    for story in cases.values():
        if story.outcome is None or story.forgotten:
            continue
        fired = {str(view["rule"]) for view in story.assessment.get("why", ()) if view["fires"]}
        if story.assessment.get("decided_by") == BY_CHANCE:
            fired.add(BY_CHANCE)
        for rule in fired:
            counts.setdefault(rule, Counter())[story.outcome] += 1
    found = [Rate(rule, count[CONFIRMED], count[OTHER], count[NOTHING]) for rule, count in counts.items()]
    return sorted(found, key=lambda row: (-row.cases, row.rule))


class Trigger(Protocol):
    """A rule of the profile: so many events of a kind about one thing, within so many days, ask for a review."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def about(self) -> str:
        """`overrides` (decisions against the advice) or `referrals_unmatched` (rulings that no licence was needed)."""
        ...

    @property
    def at_least(self) -> int:
        """How many."""
        ...

    @property
    def within_days(self) -> int:
        """Days that are looked back."""
        ...


@dataclass(frozen=True, slots=True)
class Review:
    """Something to be looked at again: which trigger, about what, on which cases it rests."""

    trigger: str
    subject: str
    evidence: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """As the event and `policy review` have it."""
        return {"trigger": self.trigger, "subject": self.subject, "evidence": list(self.evidence)}


def reviews(events: Sequence[log.Event], triggers: Iterable[Trigger], day: date) -> Iterator[Review]:
    """What is to be reviewed now. A trigger fires once at its threshold: what a review rested on never counts again."""
    used = _used(events)
    for trigger in triggers:
        since = (day - timedelta(trigger.within_days)).isoformat()
        counted: dict[str, list[str]] = {}
        for subject, event in _occurrences(events, trigger.about):
            proof = f"{event.case_id}#{event.seq}"
            if event.at[:10] >= since and (trigger.id, subject, proof) not in used:
                counted.setdefault(subject, []).append(proof)
        for subject, proofs in sorted(counted.items()):
            if len(proofs) >= trigger.at_least:
                yield Review(trigger.id, subject, tuple(proofs))


class AgeTrigger(Protocol):
    """A rule of the profile: a volume of these kinds that is older than so many days asks for a review."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def older_than_days(self) -> int:
        """Days that a volume may be old."""
        ...

    @property
    def kinds(self) -> Collection[str]:
        """The kinds of volumes that are looked at."""
        ...


def old_lists(
    events: Iterable[log.Event], triggers: Iterable[AgeTrigger], volumes: Iterable[tuple[str, str, date]], day: date
) -> Iterator[Review]:
    """The volumes (kind, name, as-of date) that are too old on a day. Each state of a volume is raised once; the next one may be again."""
    used, known = _used(events), sorted(volumes)
    for trigger in triggers:
        for kind, name, as_of in known:
            proof = f"{name}@{as_of.isoformat()}"
            old = (day - as_of).days > trigger.older_than_days
            if old and kind in trigger.kinds and (trigger.id, name, proof) not in used:
                yield Review(trigger.id, name, (proof,))


def _used(events: Iterable[log.Event]) -> set[tuple[str, str, str]]:
    """What reviews that were raised rest on: (trigger, subject, proof)."""
    return {
        (event.data["trigger"], event.data["subject"], proof)
        for event in events
        if event.case_id == REVIEWS and event.kind == "review_raised" and not event.forgotten
        for proof in event.data["evidence"]
    }


def _occurrences(events: Iterable[log.Event], about: str) -> Iterator[tuple[str, log.Event]]:
    """What a trigger counts: (what it is about, the event)."""
    decided_by: dict[str, str] = {}
    for event in events:
        if event.forgotten:
            continue
        if event.kind in ("opened", "assessed"):
            decided_by[event.case_id] = str(event.data["assessment"]["decided_by"])
        elif about == "overrides" and event.kind == "decided" and event.data["decision"] != event.data["advice"]:
            yield decided_by.get(event.case_id, ""), event
        elif (
            about == "referrals_unmatched" and event.kind == "ruled" and event.data["outcome"] == "no_licence_required"
        ):
            yield str(event.data.get("entry") or decided_by.get(event.case_id, "")), event
