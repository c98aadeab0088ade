"""One licence, from a registry's row or from a certificate's claims, and the answer of holding a shipment against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from border_kit.findings import Finding, Json

Verdict = Literal["pass", "fail", "cannot_tell"]
Outcome = Literal["holds", "fails", "cannot_tell", "ask", "note"]

TYPES = ("individual", "open_individual", "global", "open_general", "transit")
GOOD_STATUSES = ("issued", "reinstated")
BAD_STATUSES = ("draft", "suspended", "revoked", "surrendered", "cancelled", "exhausted", "expired")
"""Each is a reason of the contract by its own name."""

FAIL_REASONS = (
    "unknown_licence", "not_yet_valid", "expired", "draft", "suspended", "revoked", "surrendered", "cancelled", "exhausted",
    "exporter_differs", "end_user_differs", "consignee_differs", "destination_differs", "goods_differ", "quantity_exceeded",
    "value_exceeded", "condition_unmet", "document_code_mismatch",
)  # fmt: skip
OPEN_REASONS = ("unit_incomparable", "currency_incomparable", "not_stated", "registry_missing", "registry_too_old")
"""Reasons of cannot_tell."""


def plain(number: Decimal | None) -> str | None:
    """A decimal as the contract writes it: no exponent, no idle zeros."""
    if number is None:
        return None
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issued: the registry's authority, its phone (the number to call, never the one on the paper), run and date."""

    id: str
    name: str
    phone: str | None = None
    run: int | None = None
    as_of: date | None = None
    demo: bool = False

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "id": self.id,
            "name": self.name,
            "phone": self.phone,
            "run": self.run,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "demo": self.demo,
        }


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """One line of a licence. A quantity or value of None is no limit."""

    no: int
    control_code: str | None = None
    hs: str | None = None
    description: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    value: Decimal | None = None
    currency: str | None = None

    def to_json(self) -> dict[str, Json]:
        """As licences-json names it."""
        return {
            "no": self.no,
            "control_code": self.control_code,
            "hs": self.hs,
            "description": self.description,
            "quantity": plain(self.quantity),
            "unit": self.unit,
            "value": plain(self.value),
            "currency": self.currency,
        }


@dataclass(frozen=True, slots=True)
class Usage:
    """One drawing on a licence line, in the line's unit. `type`: O original, A adjusted, C contra, L late, M additional."""

    line: int
    quantity: Decimal | None = None
    value: Decimal | None = None
    currency: str | None = None
    declaration: str | None = None
    date: str | None = None
    type: str = "O"

    def to_json(self) -> dict[str, Json]:
        """As licences-json names it."""
        return {
            "line": self.line,
            "quantity": plain(self.quantity),
            "value": plain(self.value),
            "currency": self.currency,
            "declaration": self.declaration,
            "date": self.date,
            "type": self.type,
        }


@dataclass(frozen=True, slots=True)
class Draw:
    """A drawing made here, on a licence of any registry, that the registry may not know yet."""

    licence: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class StatusChange:
    """From a day on, the licence has a status."""

    status: str
    from_date: date


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the licence asks for later: delivery verification, re-export consent, a visit."""

    kind: str
    due: str | None = None
    condition: str | None = None

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"kind": self.kind, "due": self.due, "condition": self.condition}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence. `valid_to` is the last day on which it is good; `source` says what it was made from."""

    number: str
    type: str
    status: str
    authority: Authority
    holder: str | None = None
    consignee: str | None = None
    end_user: str | None = None
    destinations: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: tuple[str, ...] = ()
    lines: tuple[LicenceLine, ...] = ()
    usage: tuple[Usage, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    history: tuple[StatusChange, ...] = ()
    cti: str | None = None
    status_index: int | None = None
    goods_hash: str | None = None
    source: Literal["registry", "certificate"] = "registry"

    def line(self, number: int) -> LicenceLine | None:
        """A line by its number."""
        return next((line for line in self.lines if line.no == number), None)

    def status_on(self, day: date) -> str:
        """The status as known for a day: the registry's, and changes after its date that it announced for a day gone by."""
        known_on = self.authority.as_of
        later = [
            change
            for change in self.history
            if change.from_date <= day and known_on is not None and change.from_date > known_on
        ]
        return max(later, key=lambda change: change.from_date).status if later else self.status

    def to_json(self) -> dict[str, Json]:
        """As licences-json names it, with the authority, what is left by line, and the obligations."""
        from border_kit.licensing.usage import balances  # noqa: PLC0415 - usage.py counts by this model

        known = balances(self)
        return {
            "number": self.number,
            "type": self.type,
            "status": self.status,
            "authority": self.authority.to_json(),
            "holder": self.holder,
            "consignee": self.consignee,
            "end_user": self.end_user,
            "destinations": list(self.destinations),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "conditions": list(self.conditions),
            "lines": [line.to_json() | known[line.no].to_json() for line in self.lines],
            "usage": [row.to_json() for row in self.usage],
            "obligations": [row.to_json() for row in self.obligations],
            "cti": self.cti,
            "status_index": self.status_index,
            "demo": self.authority.demo,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule of the decision table saw: `left` is what the shipment says, `right` what the licence says.

    `reason` is the contract's code where the rule fails or cannot tell; `line` the shipment's line where it is about one;
    `question` names what an officer can answer for good (`condition_1`, `registration`).
    """

    name: str
    outcome: Outcome
    message: str
    reason: str | None = None
    left: str | None = None
    right: str | None = None
    ask: str | None = None
    line: int | None = None
    cite: str | None = None
    question: str | None = None

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "name": self.name,
            "outcome": self.outcome,
            "message": self.message,
            "reason": self.reason,
            "left": self.left,
            "right": self.right,
            "ask": self.ask,
            "line": self.line,
            "cite": self.cite,
            "question": self.question,
        }


@dataclass(frozen=True, slots=True)
class LineBalance:
    """A licence line against what the shipment asks of it, in the line's unit; None: no limit, or not stated."""

    no: int
    licensed: Decimal | None
    drawn: Decimal
    left: Decimal | None
    asked: Decimal | None
    unit: str | None
    value_licensed: Decimal | None = None
    value_drawn: Decimal = Decimal(0)
    value_left: Decimal | None = None
    value_asked: Decimal | None = None
    currency: str | None = None

    def to_json(self) -> dict[str, Json]:
        """As the contract names it, and the same for the value."""
        return {
            "no": self.no,
            "licensed": plain(self.licensed),
            "drawn": plain(self.drawn),
            "left": plain(self.left),
            "asked": plain(self.asked),
            "unit": self.unit,
            "value": {
                "licensed": plain(self.value_licensed),
                "drawn": plain(self.value_drawn),
                "left": plain(self.value_left),
                "asked": plain(self.value_asked),
                "currency": self.currency,
            },
        }


@dataclass(frozen=True, slots=True)
class LicenceAnswer:
    """One licence against one shipment: verdict, reasons (failures first), every rule that looked, the lines drawn on."""

    number: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    lines: tuple[LineBalance, ...] = ()
    rules: tuple[Rule, ...] = ()
    findings: tuple[Finding, ...] = ()
    authority: Authority | None = None
    demo: bool = field(default=False)

    def to_json(self) -> dict[str, Json]:
        """One element of `licences` of the contract, with the rules, the findings, and as of which run."""
        return {
            "number": self.number,
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "lines": [line.to_json() for line in self.lines],
            "authority": self.authority.to_json() if self.authority else None,
            "known": known_as_of(self.authority),
            "rules": [rule.to_json() for rule in self.rules],
            "findings": [finding.to_json() for finding in self.findings],
            "demo": self.demo,
        }


def known_as_of(authority: Authority | None) -> str | None:
    """What a balance rests on, in words: the kit never pretends to be the authority."""
    if authority is None:
        return None
    run = f"run {authority.run}" if authority.run is not None else "an unnumbered run"
    return f"known here as of {run}, dated {authority.as_of.isoformat() if authority.as_of else 'not stated'}, plus draws here"
