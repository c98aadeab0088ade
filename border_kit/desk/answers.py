"""The assessment of one shipment, as both faces show it and a case keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from border_kit.classification.model import Classification
from border_kit.findings import Advice, Finding, Json, Lane, Verdict
from border_kit.licensing.model import LicenceAnswer
from border_kit.policy.lane import RuleView
from border_kit.policy.responses import Response
from border_kit.policy.risk import Risk, Shadow
from border_kit.screening.model import Screening
from border_kit.shipment.model import Line, Party

if TYPE_CHECKING:
    from border_kit.desk.certificates import Checked


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What a goods line is; None where the catalog has no controls."""

    line: Line
    classification: Classification | None

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        return {
            "no": self.line.no,
            "description": self.line.description,
            "classification": self.classification.to_json() if self.classification else None,
        }


@dataclass(frozen=True, slots=True)
class PartyAnswer:
    """Whom a party resembles; None where the catalog has no listed parties."""

    party: Party
    screening: Screening | None

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        return {
            "name": self.party.name,
            "role": self.party.role,
            "screening": self.screening.to_json() if self.screening else None,
        }


@dataclass(frozen=True, slots=True)
class CertificateAnswer:
    """What a certificate of the shipment proved; `ref` is its place, from 1."""

    ref: str
    checked: Checked

    def to_json(self) -> dict[str, Json]:
        """As the contract names it: the verification, with `ref`."""
        return {"ref": self.ref, **self.checked.to_json()}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask before deciding; `id` is what `case answer` names."""

    id: str
    text: str

    def to_json(self) -> dict[str, Json]:
        """One row of `questions`."""
        return {"id": self.id, "text": self.text}


@dataclass(frozen=True, slots=True)
class OpenParameter:
    """One parameter of a goods line that is still missing; `kind` says how to answer: `yesno`, `choice` or `quantity`.

    `id` is what `case answer` names; `code` the entry that it decides; `asked_before` that it was answered "not known".
    """

    id: str
    line: int
    parameter: str
    text: str
    kind: str
    unit: str | None
    choices: tuple[str, ...]
    code: str
    asked_before: bool = False

    def to_json(self) -> dict[str, Json]:
        """One row of `open_parameters`."""
        return {
            "id": self.id,
            "line": self.line,
            "parameter": self.parameter,
            "text": self.text,
            "kind": self.kind,
            "unit": self.unit,
            "choices": list(self.choices),
            "code": self.code,
            "asked_before": self.asked_before,
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """Lane, advice and verdict of one shipment, and everything they rest on. `selection` says whether chance took part."""

    id: str
    lane: Lane
    advice: Advice
    verdict: Verdict
    decided_by: str
    findings: tuple[Finding, ...]
    lines: tuple[LineAnswer, ...]
    parties: tuple[PartyAnswer, ...]
    licences: tuple[LicenceAnswer, ...]
    certificates: tuple[CertificateAnswer, ...]
    questions: tuple[Question, ...]
    open_parameters: tuple[OpenParameter, ...]
    why: tuple[RuleView, ...]
    selection: str
    profile: str
    risk: Risk | None = None
    shadow: tuple[Shadow, ...] = ()
    response: Response | None = None

    @property
    def deciding(self) -> Finding | None:
        """The finding that set the lane."""
        return next((finding for finding in self.findings if finding.code == self.decided_by), None)

    def to_json(self) -> dict[str, Json]:
        """One element of `assessments` of the contract."""
        return {
            "id": self.id,
            "lane": self.lane.value,
            "advice": self.advice.value,
            "verdict": self.verdict.value,
            "decided_by": self.decided_by,
            "findings": [finding.to_json() for finding in self.findings],
            "lines": [answer.to_json() for answer in self.lines],
            "parties": [answer.to_json() for answer in self.parties],
            "licences": [answer.to_json() for answer in self.licences],
            "certificates": [answer.to_json() for answer in self.certificates],
            "questions": [question.to_json() for question in self.questions],
            "open_parameters": [row.to_json() for row in self.open_parameters],
            "why": [view.to_json() for view in self.why],
            "selection": self.selection,
            "profile": self.profile,
            "risk": self.risk.to_json() if self.risk else None,
            "shadow": [item.to_json() for item in self.shadow],
            "response": self.response.to_json() if self.response else None,
        }
