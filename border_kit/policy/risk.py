"""How risky, in the profile's own terms: criteria, autonomy under each definition, the tier; and what trial profiles would do.

None of this sets a lane: rules do (policy/lane.py). A shadow profile is scored and shown, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from border_kit.findings import Finding, Json
from border_kit.policy import lane
from border_kit.policy.autonomy import Classified, classify
from border_kit.policy.checklists import CapabilityView, StatementView, capabilities, statement
from border_kit.policy.criteria import CriterionView, assess
from border_kit.policy.profile import Profile
from border_kit.policy.tiers import TierView, tier_of


@dataclass(frozen=True, slots=True)
class Risk:
    """What the profile's criteria, definitions and tiers say; `autonomy` is empty for goods that nobody asks it about."""

    criteria: tuple[CriterionView, ...]
    autonomy: tuple[Classified, ...]
    tier: TierView | None
    statement: StatementView | None = None
    capabilities: CapabilityView | None = None

    def to_json(self) -> dict[str, Json]:
        """The field `risk`."""
        return {
            "criteria": [view.to_json() for view in self.criteria],
            "autonomy": [item.to_json() for item in self.autonomy],
            "tier": self.tier.to_json() if self.tier else None,
            "statement": self.statement.to_json() if self.statement else None,
            "capabilities": self.capabilities.to_json() if self.capabilities else None,
        }


@dataclass(frozen=True, slots=True)
class Shadow:
    """Where a profile on trial would have led."""

    profile: str
    decision: lane.Decision

    def to_json(self) -> dict[str, Json]:
        """One element of `shadow`."""
        return {
            "profile": self.profile,
            "lane": self.decision.lane.value,
            "advice": self.decision.advice.value,
            "verdict": self.decision.verdict.value,
            "decided_by": self.decision.decided_by,
        }


def look(
    profile: Profile,
    findings: Sequence[Finding],
    answers: Mapping[str, str],
    codes: Collection[str],
    destination: str | None,
) -> Risk:
    """The risk of a shipment whose goods point at these control codes."""
    asked = profile.autonomy is not None and profile.autonomy.concerns(codes)
    classified = classify(profile.autonomy, answers) if asked and profile.autonomy else ()
    levels = [frozenset(level.id for level in item.possible) for item in classified]
    tier = tier_of(profile.tiers, classified, destination) if profile.tiers else None
    return Risk(
        assess(profile.criteria, findings, answers, levels),
        classified,
        tier,
        statement(profile.statements, tier.tier.assurances, answers) if tier and profile.statements else None,
        capabilities(profile.capabilities, codes, answers) if profile.capabilities else None,
    )


def shadow(profiles: Iterable[Profile], findings: Sequence[Finding]) -> tuple[Shadow, ...]:
    """What each trial profile would decide on the same findings."""
    return tuple(
        Shadow(f"{item.id} {item.version}: {item.title}", lane.decide(findings, item.rules)) for item in profiles
    )
