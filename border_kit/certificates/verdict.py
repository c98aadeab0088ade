"""The answer of a verification: every stage in a sentence, the verdict they add up to, and how old the lists were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from border_kit.certificates.claims import Claims
from border_kit.certificates.trust import Authority, TrustKey
from border_kit.findings import Json

Stage = Literal[
    "prefix", "base45", "zlib", "cbor", "cose", "claims", "key", "signature", "issuer", "validity", "status", "registry",
    "shipment",
]  # fmt: skip
STAGES: tuple[Stage, ...] = (
    "prefix", "base45", "zlib", "cbor", "cose", "claims", "key", "signature", "issuer", "validity", "status", "registry",
    "shipment",
)  # fmt: skip
"""In the order in which they are taken (docs/interfaces.md)."""

State = Literal["ok", "failed", "skipped", "cannot_tell"]
Verdict = Literal["pass", "fail", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values held against each other: `paper` is what the certificate says, `other` the registry or the shipment."""

    what: str
    paper: str | None
    other: str | None
    same: bool

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"what": self.what, "paper": self.paper, "other": self.other, "same": self.same}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one stage ended: `code` is the machine reason of whatever is neither ok nor skipped."""

    state: State
    message: str
    codes: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()


SKIPPED = Outcome("skipped", "Not looked at.")


@dataclass(frozen=True, slots=True)
class Age:
    """How old a list was that the answer rests on."""

    as_of: date
    days: int

    def to_json(self) -> dict[str, Json]:
        """Both fields."""
        return {"as_of": self.as_of.isoformat(), "age_days": self.days}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a certificate proved. `claims` is there from the stage claims on, and proven only where `signature` is ok."""

    profile: str
    outcomes: Mapping[Stage, Outcome]
    claims: Claims | None = None
    authority: Authority | None = None
    key: TrustKey | None = None
    ages: Mapping[str, Age] = field(default_factory=dict)
    demo: bool = False

    @property
    def verdict(self) -> Verdict:
        """The worst of the stages."""
        states = {outcome.state for outcome in self.outcomes.values()}
        return "fail" if "failed" in states else "cannot_tell" if "cannot_tell" in states else "pass"

    @property
    def proven(self) -> bool:
        """Whether the signature holds: only then is what the paper says the issuer's word."""
        return self.outcomes["signature"].state == "ok"

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of what failed, then of what could not be told."""
        return tuple(
            dict.fromkeys(
                code
                for state in ("failed", "cannot_tell")
                for stage in STAGES
                if self.outcomes[stage].state == state
                for code in self.outcomes[stage].codes
            )
        )

    def followed(self, **outcomes: Outcome) -> Verification:
        """The same answer with the stages `registry` and `shipment` filled; never after a failure."""
        if self.verdict == "fail":
            return self
        found: dict[Stage, Outcome] = dict(self.outcomes)
        for stage in STAGES:
            if stage in outcomes:
                found[stage] = outcomes[stage]
                if outcomes[stage].state == "failed":
                    break
        return replace(self, outcomes=found)

    def to_json(self) -> dict[str, Json]:
        """As the contract names it, with a sentence a stage, the claims, who issued, and the ages of the lists."""
        return {
            "profile": self.profile,
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "stages": {stage: self.outcomes[stage].state for stage in STAGES},
            "explanation": [
                {
                    "stage": stage,
                    "state": self.outcomes[stage].state,
                    "message": self.outcomes[stage].message,
                    "codes": list(self.outcomes[stage].codes),
                    "compared": [row.to_json() for row in self.outcomes[stage].compared],
                }
                for stage in STAGES
            ],
            "claims": self.claims.to_json() if self.claims else None,
            "proven": self.proven,
            "authority": self.authority.to_json() if self.authority else None,
            "key": self.key.to_json() if self.key else None,
            "lists": {name: age.to_json() for name, age in self.ages.items()},
            "demo": self.demo,
        }
