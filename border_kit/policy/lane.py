"""From findings to a lane: the highest that any rule of the profile asks for, the deciding reason first.

Mapping of lane, advice and verdict: docs/interfaces.md. A rule can only raise; the order of findings never matters.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace

from border_kit.findings import Advice, Finding, Json, Lane, Severity, Subject, Verdict
from border_kit.policy.profile import Rule

NOTHING_FOUND = "nothing_found"

WITHOUT_PROFILE = (
    Rule(
        "no_profile_stop",
        "Something stands against it",
        Lane.RED,
        Advice.DETAIN_AND_REFER,
        Verdict.STOP,
        severities=frozenset({Severity.STOP}),
    ),
    Rule(
        "no_profile",
        "No policy profile is at hand",
        Lane.YELLOW,
        Advice.DOCUMENT_CHECK,
        Verdict.CANNOT_TELL,
        precedence=1,
    ),
)
"""What is applied where the catalog has no profile (no controls volume): never better than a document check."""

_VERDICT_RANK = {Verdict.NOTHING_FOUND: 0, Verdict.CANNOT_TELL: 1, Verdict.CHECK: 2, Verdict.STOP: 3}


@dataclass(frozen=True, slots=True)
class RuleView:
    """What one rule saw: the findings it looked at, and whether it asks for its lane."""

    rule: str
    title: str
    lane: Lane
    fires: bool
    saw: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """One row of `why`."""
        return {
            "rule": self.rule,
            "title": self.title,
            "lane": self.lane.value,
            "fires": self.fires,
            "saw": list(self.saw),
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """Lane, advice and verdict; the code of the finding that decided; and every rule's view."""

    lane: Lane
    advice: Advice
    verdict: Verdict
    decided_by: str
    why: tuple[RuleView, ...]


def decide(findings: Sequence[Finding], rules: Sequence[Rule]) -> Decision:
    """Apply a profile's rules to findings. Pure: the same findings and rules in any order give the same decision."""
    ordered = sorted(findings, key=_weightiest)
    views: list[RuleView] = []
    best: tuple[tuple[int, int, int], Rule, Finding] | None = None
    for position, rule in enumerate(sorted(rules, key=lambda rule: rule.place)):
        seen = [finding for finding in ordered if rule.matches(finding)]
        fires = _fires(rule, seen)
        views.append(RuleView(rule.id, rule.title, rule.lane, fires, tuple(_saw(finding) for finding in seen)))
        key = (*rank_of(rule), -position)
        if fires and (best is None or key > best[0]):
            best = (key, rule, seen[0])
    if best is None:
        return Decision(Lane.GREEN, Advice.RELEASE, Verdict.NOTHING_FOUND, NOTHING_FOUND, tuple(views))
    _, rule, finding = best
    return Decision(rule.lane, rule.advice, rule.verdict, finding.code, tuple(views))


RANDOM = "random_selection"


def drawn(secret: bytes, shipment: bytes, per_mille: int) -> bool:
    """Whether chance selects a shipment: HMAC-SHA256 (RFC 2104) of the office's secret over its canonical text.

    Repeatable inside the office and not to be foreseen from outside. `per_mille` is the rate, 0 to 1000.
    """
    digest = hmac.new(secret, b"border_kit draw 1\n" + shipment, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") * 1000 < per_mille * 2**64


def raised(decision: Decision, lane: Lane) -> Decision:
    """A green shipment that was drawn, in the lane that the profile names; chance never lowers and never moves another lane."""
    if decision.lane is not Lane.GREEN or lane.rank <= Lane.GREEN.rank:
        return decision
    advice, verdict = (
        (Advice.RELEASE, Verdict.NOTHING_FOUND) if lane is Lane.BLUE else (Advice.DOCUMENT_CHECK, Verdict.CHECK)
    )
    return replace(decision, lane=lane, advice=advice, verdict=verdict, decided_by=RANDOM)


def selected(shipment_ref: str, per_mille: int) -> Finding:
    """The finding that says that chance selected, and no rule."""
    return Finding(
        code=RANDOM,
        severity=Severity.INFO,
        subject=Subject("shipment", shipment_ref),
        message=f"Drawn by chance ({per_mille} in 1,000): no rule fired.",
        citation="Minimum random rate of selectivity; the profile's figure",
    )


def rank_of(rule: Rule) -> tuple[int, int]:
    """How far a rule leads: its lane, and within a lane its verdict. Of equal ones that of the lowest precedence is shown."""
    return (rule.lane.rank, _VERDICT_RANK[rule.verdict])


def nothing_found(shipment_ref: str) -> Finding:
    """The finding that stands where nothing else does: never "not controlled"."""
    return Finding(
        code=NOTHING_FOUND,
        severity=Severity.INFO,
        subject=Subject("shipment", shipment_ref),
        message="Nothing found in the lists that were searched; catch-all still applies.",
        citation="Reg. (EU) 2021/821 art. 4; 15 CFR 744",
    )


def _fires(rule: Rule, seen: Sequence[Finding]) -> bool:
    if rule.at_least is None:
        return bool(seen)
    # The same flag seen on ten lines is one flag.
    weights = {finding.code: finding.weight for finding in sorted(seen, key=lambda item: item.weight)}
    return sum(weights.values()) >= rule.at_least


def _weightiest(finding: Finding) -> tuple[int, int, str, str, str]:
    return (-finding.severity.rank, -finding.weight, finding.code, finding.subject.kind, finding.subject.ref)


def _saw(finding: Finding) -> str:
    return f"{finding.code} ({finding.subject.kind} {finding.subject.ref})"
