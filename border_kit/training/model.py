"""A scenario as the runner, the linter and the oracle see it. `scenario.load` makes it, nothing changes it.

Every part keeps the `path` at which it stands in its file, so that any complaint can name the line.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from border_kit.catalog.sources import Key, Problem, Severity, Source
from border_kit.findings import Advice, Json, Lane, SubjectKind, Verdict
from border_kit.training.conditions import Condition
from border_kit.training.world import Overlay

Class = Literal["signal", "noise"]
"""Signal: something is wrong and an officer should find it. Noise: it looks alike and is in order."""

ActionKind = Literal[
    "check", "open", "scan", "ask", "phone", "examine", "wait", "load", "sign", "seal", "hand_over", "decide"
]
"""`load` takes in a newer list; `sign` asks for a second signature; `seal` compares a seal; `hand_over` passes custody on."""


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody who plays a part; `id` is what messages and actions name."""

    id: str
    name: str
    about: str
    path: Key


@dataclass(frozen=True, slots=True)
class Document:
    """A paper. It is at hand from the start, or an action brings it. `certificate` is the one whose QR code it bears."""

    id: str
    kind: str
    title: str
    text: str
    at_hand: bool
    certificate: str | None
    path: Key


@dataclass(frozen=True, slots=True)
class Observation:
    """What doing `action` reveals while `when` holds, and the minutes that it costs; `deciding` marks what settles the case."""

    id: str
    action: str
    minutes: int
    text: str
    when: Condition
    deciding: bool
    path: Key


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows an action; the first whose `when` holds is told."""

    text: str
    when: Condition
    consequence: str | None
    path: Key


@dataclass(frozen=True, slots=True)
class Action:
    """What a learner can do once `when` holds: `of` is the document, declaration, role or update that it is about.

    `brings` are documents; `against` the declaration that a scanned certificate is held against. An action of the kind
    `decide` carries the `decision` and ends the scenario.
    """

    id: str
    kind: ActionKind
    label: str
    of: str | None
    when: Condition
    brings: tuple[str, ...]
    against: str | None
    decision: Advice | None
    outcomes: tuple[Outcome, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Inject:
    """A message of a role that presses in once `at` minutes are used, if `when` holds then; `loads` a newer list with it."""

    id: str
    at: int
    sender: str
    text: str
    when: Condition
    loads: str | None
    path: Key


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric: `points` (negative: taken off) while `when` holds in the end."""

    id: str
    points: int
    when: Condition
    text: str
    cite: tuple[str, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Answer:
    """Which decisions are right, and the observations that make them so."""

    decisions: tuple[Advice, ...]
    because: tuple[str, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """A finding that the engines must give: its code, and the subject where it matters which."""

    code: str
    subject: tuple[SubjectKind, str] | None
    path: Key


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """What the classification must say of a goods line; `code` is the best candidate's."""

    no: int
    verdict: str
    code: str | None
    path: Key


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the real engines must answer to one declaration; `absent` are codes of findings that must not come.

    `after` are the updates that were loaded before; it holds from the minute `begin` on, until the next one of the same takes over.
    """

    declaration: str
    after: tuple[str, ...]
    begin: int
    lane: Lane
    advice: Advice
    verdict: Verdict
    decided_by: str
    findings: tuple[ExpectedFinding, ...]
    absent: tuple[str, ...]
    lines: tuple[ExpectedLine, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Proof:
    """What the real verifier must say of a certificate: its verdict, the `stage` that does not hold, reasons among others.

    It holds from the minute `begin` on, until the next one of the same takes over.
    """

    certificate: str
    against: str | None
    after: tuple[str, ...]
    begin: int
    verdict: str
    stage: str | None
    reasons: tuple[str, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the debrief, and the answer that follows it."""

    ask: str
    answer: str
    cite: tuple[str, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Debrief:
    """What is talked through afterwards: what it was about, an expert's line of actions, questions with answers."""

    summary: str
    expert: tuple[str, ...]
    questions: tuple[Question, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Card:
    """A drill card."""

    id: str
    front: str
    back: str
    cite: tuple[str, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that answers, cards and the rubric name by `id`."""

    id: str
    text: str
    path: Key


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. `kind` is its class; `clock` its start in the zone of the place; `time_limit` in minutes; `giveaways` words no title may use."""

    id: str
    title: str
    kind: Class
    difficulty: int
    objectives: tuple[str, ...]
    lookalikes: tuple[str, ...]
    giveaways: tuple[str, ...]
    clock: datetime
    time_limit: int
    learner: str
    briefing: str
    roles: tuple[Role, ...]
    overlay: Overlay
    documents: tuple[Document, ...]
    observations: tuple[Observation, ...]
    actions: tuple[Action, ...]
    injects: tuple[Inject, ...]
    answer: Answer
    rubric: tuple[Criterion, ...]
    expected: tuple[Expectation, ...]
    proofs: tuple[Proof, ...]
    debrief: Debrief
    cards: tuple[Card, ...]
    citations: tuple[Citation, ...]
    source: Source = field(repr=False, compare=False)

    def problem(self, path: Key, message: str, severity: Severity = "error") -> Problem:
        """A complaint at a part of this scenario's file."""
        return self.source.problem(path, message, severity)

    def action(self, name: str) -> Action:
        """The action of that id. Raises KeyError."""
        return {item.id: item for item in self.actions}[name]

    def document(self, name: str) -> Document:
        """The document of that id. Raises KeyError."""
        return {item.id: item for item in self.documents}[name]

    def role(self, name: str) -> Role:
        """Whoever plays the part of that id. Raises KeyError."""
        return {item.id: item for item in self.roles}[name]

    def at(self, minutes: int) -> datetime:
        """The moment after so many minutes, in UTC as the engines count."""
        return (self.clock + timedelta(minutes=minutes)).astimezone(UTC)

    @property
    def digest(self) -> str:
        """SHA-256 of what the file says, before any draw: learner and trainer have the same scenario if they have the same."""
        text = json.dumps(self.source.data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def full_marks(self) -> int:
        """The points of a perfect line."""
        return sum(item.points for item in self.rubric if item.points > 0)

    def to_json(self) -> dict[str, Json]:
        """One row of `train list --json`."""
        return {
            "id": self.id,
            "title": self.title,
            "class": self.kind,
            "difficulty": self.difficulty,
            "objectives": list(self.objectives),
        }
