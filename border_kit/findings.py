"""The one language in which engines answer: a Finding, and the words for lanes, advice and verdicts.

Values are those of docs/interfaces.md and of the lanes of ASYCUDA selectivity (red, yellow, blue, green).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

SubjectKind = Literal["shipment", "line", "party", "licence", "certificate"]


class Severity(StrEnum):
    """How much a finding weighs, lightest first."""

    INFO = "info"
    ASK = "ask"
    ATTENTION = "attention"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """0 for info to 3 for stop."""
        return list(Severity).index(self)


class Lane(StrEnum):
    """Selectivity lane, lightest first."""

    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for green to 3 for red."""
        return list(Lane).index(self)


class Advice(StrEnum):
    """What the kit advises. It never goes further than this (the decision ceiling)."""

    RELEASE = "release"
    DOCUMENT_CHECK = "document_check"
    EXAMINE = "examine"
    DETAIN_AND_REFER = "detain_and_refer"

    @property
    def rank(self) -> int:
        """0 for release to 3 for detain and refer."""
        return list(Advice).index(self)


class Verdict(StrEnum):
    """The word before the colour."""

    NOTHING_FOUND = "nothing_found"
    CHECK = "check"
    STOP = "stop"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: `ref` is a line number, a party's role and name, a licence number or a certificate's id."""

    kind: SubjectKind
    ref: str

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        return {"kind": self.kind, "ref": self.ref}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that counted.

    `span` is from–to in characters of the input that the finding's subject names; `row` is the id of a catalog row
    (`entry:EU-DU/6A003`); `left` and `right` are two values that were held against each other (declared, licensed).
    """

    why: str
    span: tuple[int, int] | None = None
    row: str | None = None
    left: str | None = None
    right: str | None = None

    def to_json(self) -> dict[str, Json]:
        """The fields that are set; `span`, `row` and `why` always."""
        found: dict[str, Json] = {"span": list(self.span) if self.span else None, "row": self.row, "why": self.why}
        if self.left is not None or self.right is not None:
            found |= {"left": self.left, "right": self.right}
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an engine saw, with what to ask or do next.

    `code` is stable and machine-readable (snake_case); `message` is one sentence for the officer; `ask` a question to
    put; `citation` where the rule stands; `as_of` the date of the data it rests on (ISO); `weight` what it adds to the
    sum of red flags (0: it is none).
    """

    code: str
    severity: Severity
    subject: Subject
    message: str
    evidence: tuple[Evidence, ...] = ()
    ask: str | None = None
    citation: str | None = None
    as_of: str | None = None
    weight: int = 0

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "subject": self.subject.to_json(),
            "message": self.message,
            "evidence": [item.to_json() for item in self.evidence],
            "ask": self.ask,
            "citation": self.citation,
            "as_of": self.as_of,
            "weight": self.weight,
        }
