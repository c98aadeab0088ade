"""Exemptions: humanitarian carve-outs and temporary relief, with a scope, an issuer and an end.

An exemption stands in for a licence, for goods, destinations and days in its scope. It never lifts a prohibition: it is looked
at after them. A claim that does not hold is a finding that says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.policy.autonomy import covers
from border_kit.shipment.model import Line

State = Literal[
    "applies",
    "expired",
    "not_yet",
    "out_of_scope",
    "condition_open",
    "condition_unmet",
    "issuer_not_allowed",
    "approval_open",
    "approval_refused",
]


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exemption; `entries` are control codes with all below them, `conditions` are (question id, question). Dates are ISO.

    `approval` cites the rule by which the office must approve it before it counts; None where it counts by itself.
    """

    id: str
    title: str
    issuer: str
    cite: str
    entries: tuple[str, ...]
    destinations: frozenset[str]
    conditions: tuple[tuple[str, str], ...]
    valid_from: str
    valid_to: str
    approval: str | None = None

    def state(
        self,
        codes: Iterable[str],
        destination: str | None,
        day: str,
        answers: Mapping[str, str],
        ruled: str | None = None,
    ) -> State:
        """Whether it holds for goods of these control codes; `valid_to` is the last day on which it does.

        `ruled` is what a supervisor of the office said to it (approved, refused), where one did.
        """
        if day < self.valid_from:
            return "not_yet"
        if day > self.valid_to:
            return "expired"
        if (destination or "") not in self.destinations or not all(covers(self.entries, code) for code in codes):
            return "out_of_scope"
        said = [answers.get(question) for question, _ in self.conditions]
        if "no" in said:
            return "condition_unmet"
        if self.approval and ruled != "approved":
            return "approval_refused" if ruled == "refused" else "approval_open"
        return "applies" if all(answer == "yes" for answer in said) else "condition_open"


_SAYS: dict[State, str] = {
    "applies": "applies",
    "expired": "has ended",
    "not_yet": "has not begun",
    "out_of_scope": "does not cover these goods or this destination",
    "condition_open": "has a condition that is still open",
    "condition_unmet": "has a condition that is not met",
    "issuer_not_allowed": "comes from an issuer whose exemptions do not count here",
    "approval_open": "does not count until a supervisor of the office approves it (F9, or case exempt)",
    "approval_refused": "was refused by a supervisor of the office",
}


def claimed(exemptions: Sequence[Exemption], line: Line) -> Exemption | None:
    """The exemption that a line claims among its document codes."""
    codes = {code.upper() for code in line.documents}
    return next((item for item in exemptions if item.id.upper() in codes), None)


def finding(exemption: Exemption, state: State, line: Line, code: str) -> Finding:
    """What a claim comes to, as one finding."""
    ask = next((question for _, question in exemption.conditions), None) if state == "condition_open" else None
    return Finding(
        "exemption_applies" if state == "applies" else f"exemption_{state}",
        Severity.INFO if state == "applies" else Severity.ATTENTION,
        Subject("line", str(line.no)),
        f"Line {line.no} claims the exemption {exemption.id} ({exemption.title}) for {code}: it {_SAYS[state]}.",
        (
            Evidence(
                f"{exemption.issuer}, {exemption.valid_from} to {exemption.valid_to}",
                row=f"exemption:{exemption.id}",
                left=code,
                right=", ".join(exemption.entries),
            ),
        ),
        ask=ask,
        citation=exemption.cite,
    )


def parse(rows: Sequence[Mapping[str, Any]]) -> tuple[Exemption, ...]:
    """Read the section as authored. Raises KeyError, TypeError, ValueError."""
    return tuple(
        Exemption(
            str(row["id"]),
            str(row["title"]),
            str(row["issuer"]),
            str(row["cite"]),
            tuple(str(code) for code in row["entries"]),
            frozenset(str(code) for code in row["destinations"]),
            tuple((str(item["id"]), str(item["ask"])) for item in row.get("conditions", ())),
            str(row["from"]),
            str(row["to"]),
            str(row["approval"]) if "approval" in row else None,
        )
        for row in rows
    )
