"""What is asked beside the rules: the elements of an end-user statement, and what the goods can do.

Both are data of the profile, each line with its source, and both are answered by the officer like any question (`case answer`).
An element that a statement lacks is a finding; what nobody ticked yet is a fact still missing, and sets no lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from border_kit.findings import Finding, Json, Severity, Subject
from border_kit.policy.autonomy import covers

LIMIT = "This is what papers and people say of the goods; the device itself was not looked at."


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a sound statement has."""

    id: str
    ask: str
    cite: str


@dataclass(frozen=True, slots=True)
class Statements:
    """The elements by id, and which of them an assurance demands."""

    elements: Mapping[str, Element]
    demanded: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class StatementView:
    """The checklist of the assurances that a tier demands, with what was ticked."""

    assurances: tuple[str, ...]
    elements: tuple[Element, ...]
    answers: Mapping[str, str]

    @property
    def missing(self) -> tuple[Element, ...]:
        """Elements that nobody ticked, or of which it is not known."""
        return tuple(item for item in self.elements if self.answers[item.id] == "not_known")

    @property
    def absent(self) -> tuple[Element, ...]:
        """Elements that the statement does not have."""
        return tuple(item for item in self.elements if self.answers[item.id] == "no")

    def to_json(self) -> dict[str, Json]:
        """The field `statement`."""
        return {
            "assurances": list(self.assurances),
            "elements": [
                {"id": item.id, "ask": item.ask, "answer": self.answers[item.id], "citation": item.cite}
                for item in self.elements
            ],
            "missing": [item.id for item in self.missing],
            "absent": [item.id for item in self.absent],
            "complete": not self.missing and not self.absent,
        }


def statement(known: Statements, assurances: Iterable[str], answers: Mapping[str, str]) -> StatementView | None:
    """The checklist of the assurances demanded; None where none of them is a statement."""
    asked = tuple(name for name in assurances if name in known.demanded)
    ids = dict.fromkeys(element for name in asked for element in known.demanded[name])
    if not ids:
        return None
    return StatementView(
        asked, tuple(known.elements[name] for name in ids), {name: _said(name, answers) for name in ids}
    )


def finding(view: StatementView, shipment_ref: str) -> Finding | None:
    """What a statement lacks, as one finding; None where nothing was found to be lacking."""
    if not view.absent:
        return None
    named = "; ".join(item.ask.rstrip("?") for item in view.absent)
    return Finding(
        "statement_incomplete",
        Severity.ATTENTION,
        Subject("shipment", shipment_ref),
        f"The end-user statement lacks {len(view.absent)} of {len(view.elements)} elements: {named}.",
        ask="Ask for a statement that has them, from whoever issued it.",
        citation=view.absent[0].cite,
    )


@dataclass(frozen=True, slots=True)
class Control:
    """A control question: what decides under these entries."""

    id: str
    ask: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing that goods may be able to do, and the control questions it opens."""

    id: str
    area: str
    ask: str
    cite: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The questionnaire, and goods of which entries it is for."""

    entries: tuple[str, ...]
    questions: tuple[Capability, ...]


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """The questionnaire with its answers. Not known opens the control questions as yes does: it is never no."""

    questions: tuple[Capability, ...]
    answers: Mapping[str, str]

    def opened(self, item: Capability) -> tuple[Control, ...]:
        """The control questions that an answer opened."""
        return item.controls if self.answers.get(item.id) in ("yes", "not_known") else ()

    def to_json(self) -> dict[str, Json]:
        """The field `capabilities`; `open` names what is still to be asked, in order."""
        rows: list[Json] = []
        left: list[Json] = [item.id for item in self.questions if item.id not in self.answers]
        for item in self.questions:
            controls = self.opened(item)
            left += [control.id for control in controls if _said(control.id, self.answers) == "not_known"]
            rows.append(
                {
                    "id": item.id,
                    "area": item.area,
                    "ask": item.ask,
                    "answer": _said(item.id, self.answers),
                    "citation": item.cite,
                    "controls": [
                        {
                            "id": control.id,
                            "ask": control.ask,
                            "answer": _said(control.id, self.answers),
                            "entries": list(control.entries),
                        }
                        for control in controls
                    ],
                }
            )
        return {"questions": rows, "open": left, "limit": LIMIT}


def capabilities(known: Capabilities, codes: Iterable[str], answers: Mapping[str, str]) -> CapabilityView | None:
    """The questionnaire for goods that point at these control codes; None where it is not for them."""
    if not any(covers(known.entries, code) for code in codes):
        return None
    return CapabilityView(known.questions, answers)


def _said(question: str, answers: Mapping[str, str]) -> str:
    return answers.get(question, "not_known")


def parse_statements(spec: Mapping[str, Any]) -> Statements:
    """Read the section as authored. Raises KeyError, TypeError, ValueError."""
    elements = [Element(str(row["id"]), str(row["ask"]), str(row["cite"])) for row in spec["elements"]]
    found = Statements(
        {item.id: item for item in elements},
        {str(row["assurance"]): tuple(str(name) for name in row["elements"]) for row in spec["demanded"]},
    )
    unknown = {name for names in found.demanded.values() for name in names} - set(found.elements)
    if unknown or len(found.elements) < len(elements):
        raise ValueError(f"elements of a statement: unknown or twice: {sorted(unknown)}")
    return found


def parse_capabilities(spec: Mapping[str, Any]) -> Capabilities:
    """Read the section as authored. Raises KeyError, TypeError, ValueError."""
    return Capabilities(
        tuple(str(code) for code in spec["entries"]),
        tuple(
            Capability(
                str(row["id"]),
                str(row["area"]),
                str(row["ask"]),
                str(row["cite"]),
                tuple(
                    Control(str(item["id"]), str(item["ask"]), tuple(str(code) for code in item["entries"]))
                    for item in row["controls"]
                ),
            )
            for row in spec["questions"]
        ),
    )
