"""One licence, from a registry's row or from a certificate's claims, and the answer of holding a shipment against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from border_kit.certificates.claims import LicenceLine
from border_kit.findings import Finding, Json
from border_kit.units import exact

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


Amount = Decimal | Fraction
"""An exact amount; a fraction where units were converted (a piece is a twelfth of a dozen)."""

_PLACES = 12
"""Digits behind the point that are shown of a fraction which no decimal can write out."""


def plain(number: Amount | None) -> str | None:
    """An amount as the contract writes it: no exponent, no idle zeros."""
    if number is None:
        return None
    text = format(number if isinstance(number, Decimal) else _decimal(number), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _decimal(number: Fraction) -> Decimal:
    with exact():
        whole = Decimal(number.numerator) / number.denominator
        written_out = Fraction(whole) == number
        return whole if written_out else round(whole, _PLACES)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issued: the registry's authority, its phone (the number to call, never the one on the paper), run and date.

    `missing` are runs of usage that never came here: until they do, what is left may be less than it seems.
    """

    id: str
    name: str
    phone: str | None = None
    run: int | None = None
    as_of: date | None = None
    demo: bool = False
    missing: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "id": self.id,
            "name": self.name,
            "phone": self.phone,
            "run": self.run,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "missing_runs": list(self.missing),
            "demo": self.demo,
        }


@dataclass(frozen=True, slots=True)
class Usage:
    """One drawing on a licence line, or several of a kind added up; in the line's unit where it states none.

    `type`: O original, A adjusted, C contra, L late, M additional. `part` is of the declaration.
    """

    line: int
    quantity: Decimal | None = None
    value: Decimal | None = None
    currency: str | None = None
    declaration: str | None = None
    date: str | None = None
    type: str = "O"
    part: str | None = None
    unit: str | None = None

    def to_json(self) -> dict[str, Json]:
        """As licences-json names it."""
        return {
            "line": self.line,
            "quantity": plain(self.quantity),
            "value": plain(self.value),
            "currency": self.currency,
            "declaration": self.declaration,
            "part": self.part,
            "date": self.date,
            "type": self.type,
        }


@dataclass(frozen=True, slots=True)
class StatusChange:
    """From a day on, the licence has a status."""

    status: str
    from_date: date

    def to_json(self) -> dict[str, Json]:
        """As licences-json names it."""
        return {"status": self.status, "from": self.from_date.isoformat()}


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the licence asks for later: delivery verification, re-export consent, a visit. `due` is the last good day."""

    kind: str
    due: str | None = None
    condition: str | None = None
    id: str = ""

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"id": self.id, "kind": self.kind, "due": self.due, "condition": self.condition}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence. `valid_to` is the last day on which it is good; `source` says what it was made from.

    Places are countries, and groups of countries whose members nobody here knows; no place named is no limit, but for
    destinations. `usage` is what the registry reports as drawn, added up by line, type and currency.
    """

    number: str
    type: str
    status: str
    authority: Authority
    direction: str | None = None
    holder: str | None = None
    consignee: str | None = None
    end_user: str | None = None
    destinations: tuple[str, ...] = ()
    prohibited_destinations: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    prohibited_origins: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    prohibited_route: tuple[str, ...] = ()
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
        return later[-1].status if later else self.status

    def to_json(self) -> dict[str, Json]:
        """As licences-json names it, with the authority; balances stand beside it (see `page.py`)."""
        return {
            "number": self.number,
            "type": self.type,
            "status": self.status,
            "authority": self.authority.to_json(),
            "direction": self.direction,
            "holder": self.holder,
            "consignee": self.consignee,
            "end_user": self.end_user,
            "destinations": list(self.destinations),
            "prohibited_destinations": list(self.prohibited_destinations),
            "origins": list(self.origins),
            "prohibited_origins": list(self.prohibited_origins),
            "route": list(self.route),
            "prohibited_route": list(self.prohibited_route),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "conditions": list(self.conditions),
            "lines": [line.to_json() for line in self.lines],
            "history": [change.to_json() for change in self.history],
            "obligations": [row.to_json() for row in self.obligations],
            "cti": self.cti,
            "status_index": self.status_index,
            "goods_hash": self.goods_hash,
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
    """A licence line against what the shipment asks of it, in the line's unit; None: no limit, or not stated.

    `shipment_lines` are the shipment's lines that draw on it.
    """

    no: int
    licensed: Amount | None
    drawn: Amount
    left: Amount | None
    asked: Amount | None
    unit: str | None
    value_licensed: Amount | None = None
    value_drawn: Amount = Decimal(0)
    value_left: Amount | None = None
    value_asked: Amount | None = None
    currency: str | None = None
    shipment_lines: tuple[int, ...] = ()

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
            "shipment_lines": list(self.shipment_lines),
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
    missing = f" (without run {', '.join(map(str, authority.missing[:5]))})" if authority.missing else ""
    dated = authority.as_of.isoformat() if authority.as_of else "not stated"
    return f"known here as of {run}{missing}, dated {dated}, plus draws here"
