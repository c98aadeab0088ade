"""A policy profile: which findings lead to which lane, and the figures that are an authority's to set.

Profiles are data (catalogs/policy/, table `profile` of the controls volume), versioned and cited. Nothing in the code decides
a lane: a rule of the profile does.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from border_kit.catalog.volumes import Catalog
from border_kit.errors import CatalogError, UsageError
from border_kit.findings import Advice, Finding, Lane, Severity, Verdict
from border_kit.policy import autonomy, checklists, criteria, exemptions, outside, publication, responses, tiers
from border_kit.text import tokens

Section = TypeVar("Section")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks at (codes, severities, subject; or the sum of red-flag weights) and where it leads.

    Of rules that lead equally far the one with the lowest `precedence` gives the reason; the order in which rules stand says nothing.
    """

    id: str
    title: str
    lane: Lane
    advice: Advice
    verdict: Verdict
    codes: tuple[str, ...] = ()
    severities: frozenset[Severity] = frozenset()
    subject: str | None = None
    at_least: int | None = None
    precedence: int = 0

    @property
    def place(self) -> tuple[int, str]:
        """What rules are ordered by."""
        return (self.precedence, self.id)

    def matches(self, finding: Finding) -> bool:
        """Whether the rule looks at this finding."""
        if self.at_least is not None:
            return finding.weight > 0
        if self.codes and not any(fnmatchcase(finding.code, code) for code in self.codes):
            return False
        if self.severities and finding.severity not in self.severities:
            return False
        return self.subject in (None, finding.subject.kind)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Extra per cent that a licence bears, from a date on: of goods that are counted, that are measured, and of the value."""

    from_date: str
    quantity_percent: Decimal
    measure_percent: Decimal
    value_percent: Decimal
    cite: str


def read_tolerance(row: Mapping[str, Any]) -> Tolerance:
    """A tolerance from a row that fits its schema; goods that are measured have that of counted ones unless it is given."""
    return Tolerance(
        str(row["from"]),
        Decimal(row["quantity_percent"]),
        Decimal(row.get("measure_percent", row["quantity_percent"])),
        Decimal(row["value_percent"]),
        str(row["cite"]),
    )


@dataclass(frozen=True, slots=True)
class Deadline:
    """Working days that a decision gives, and where that stands."""

    working_days: int
    cite: str

    def due(self, day: date, weekend: frozenset[int]) -> date:
        """The last of so many working days after a day; public holidays are the office's to know."""
        left = self.working_days
        while left:
            day += timedelta(1)
            left -= day.isoweekday() not in weekend
        return day


@dataclass(frozen=True, slots=True)
class SecondSignature:
    """A decision that one person alone does not take, where the advice was one of these."""

    decision: str
    advice: frozenset[str]
    cite: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How many years after its last event a case is kept. It covers cases of these decisions, lanes or kinds of events; all, if none is named.

    `of` other things than `cases`: `observations` from outside, after they ended; what operators did to the `queue`.
    """

    id: str
    years: int
    cite: str
    decisions: frozenset[str] = frozenset()
    lanes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    of: str = "cases"

    def covers(self, decision: str, lane: str, kinds: Collection[str]) -> bool:
        """Whether it applies to a case. Of several that apply, the longest counts."""
        if not (self.decisions or self.lanes or self.events):
            return True
        return decision in self.decisions or lane in self.lanes or not self.events.isdisjoint(kinds)


LIST_AGE = "list_age"
"""What a trigger is about that looks at how old lists are."""


@dataclass(frozen=True, slots=True)
class ReviewTrigger:
    """So many `about` (overrides, referrals_unmatched) of one thing within so many days ask for a review of rule or list.

    About `list_age` it is a volume of one of these `kinds` that is older than `older_than_days`.
    """

    id: str
    about: str
    at_least: int
    within_days: int
    cite: str
    older_than_days: int = 0
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ages:
    """Days of the age corner: green up to, amber up to; `limits` the age from which a volume cannot tell."""

    green: int
    amber: int
    limits: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Profile:
    """A policy profile, ready to apply."""

    id: str
    version: str
    status: str
    title: str
    cite: str
    rules: tuple[Rule, ...]
    ages: Ages
    tolerances: tuple[Tolerance, ...]
    clocks: Mapping[str, int]
    random_lane: Lane
    random_per_mille: int
    route_stops: int
    trade_words: Mapping[str, frozenset[str]]
    criteria: tuple[criteria.Criterion, ...] = ()
    autonomy: autonomy.Autonomy | None = None
    tiers: tiers.Tiers | None = None
    statements: checklists.Statements | None = None
    capabilities: checklists.Capabilities | None = None
    exemptions: tuple[exemptions.Exemption, ...] = ()
    exemption_issuers: frozenset[str] | None = None
    """Whose exemptions count; None where any issuer's in the profile do."""
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    weekend: frozenset[int] = frozenset({6, 7})
    seconds: tuple[SecondSignature, ...] = ()
    retention: tuple[Retention, ...] = ()
    reviews: tuple[ReviewTrigger, ...] = ()
    responses: responses.Ladder | None = None
    publication: publication.Publication | None = None
    outside: outside.Outside | None = None

    def second_signature(self, decision: str, advice: str) -> str | None:
        """The citation of the rule that demands a second signature of a decision; None where none does."""
        found = (rule.cite for rule in self.seconds if rule.decision == decision and advice in rule.advice)
        return next(found, None)

    @property
    def yes_or_no(self) -> frozenset[str]:
        """The questions of the profile that only yes, no and not known answer."""
        return frozenset(
            (
                *(self.autonomy.questions if self.autonomy else ()),
                *(self.statements.elements if self.statements else ()),
                *(item.id for item in (self.capabilities.questions if self.capabilities else ())),
                *(question for item in self.exemptions for question, _ in item.conditions),
                *(question.id for item in self.criteria for question in item.questions),
            )
        )

    def words(self, kind: str) -> frozenset[str]:
        """The folded words by which trade names show a kind of business (`bank`, `forwarding`)."""
        return self.trade_words.get(kind, frozenset())

    def tolerance(self, day: str) -> Tolerance:
        """The tolerance in force on a day (ISO); none at all before the first."""
        found = [row for row in self.tolerances if row.from_date <= day]
        return max(found, key=lambda row: row.from_date, default=Tolerance("", Decimal(0), Decimal(0), Decimal(0), ""))


def section(found: Section | None, name: str, what: str, code: str) -> Section:
    """A section of a profile that what is asked for stands on. Raises UsageError where there is none, or no profile."""
    if found is None:
        raise UsageError(
            code,
            f"The policy profile says nothing of {what}.",
            f"An authority adds the section {name} (docs/authority.md).",
        )
    return found


def load(catalog: Catalog, profile_id: str = "example") -> Profile:
    """The live profile of a catalog. Raises CatalogError when the catalog has none or it cannot be applied."""
    rows = _rows(catalog, "status = 'live' AND id = :id", id=profile_id)
    if not rows:
        raise CatalogError(
            "profile_missing", f"The catalog has no policy profile {profile_id!r}.", "Install a full catalog."
        )
    return rows[0]


def shadows(catalog: Catalog) -> tuple[Profile, ...]:
    """The profiles on trial: scored beside the live one, never deciding. Raises CatalogError when one cannot be applied."""
    return tuple(_rows(catalog, "status = 'shadow'"))


def _rows(catalog: Catalog, where: str, **values: str) -> list[Profile]:
    sql = f"SELECT id, version, status, cite, spec FROM profile WHERE {catalog.in_force} AND {where} ORDER BY version DESC, id"
    rows = catalog.rows("controls", sql, **values)
    return [parse({**dict(row), "spec": json.loads(row["spec"])}) for row in rows]


def parse(document: Mapping[str, Any]) -> Profile:
    """Read a profile as authored. Raises CatalogError naming what is wrong."""
    try:
        return _parse(document, document["spec"])
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise CatalogError(
            "profile_unusable",
            f"The policy profile {document.get('id', '?')!r} cannot be applied ({error!r}).",
            "Correct the profile and build the catalog again.",
        ) from error


def _parse(document: Mapping[str, Any], spec: Mapping[str, Any]) -> Profile:
    ages = spec["ages"]
    return Profile(
        id=str(document["id"]),
        version=str(document["version"]),
        status=str(document["status"]),
        title=str(spec["title"]),
        cite=str(document["cite"]),
        rules=tuple(sorted((_rule(at, row) for at, row in enumerate(spec["rules"])), key=lambda rule: rule.place)),
        ages=Ages(int(ages["green"]), int(ages["amber"]), {str(k): int(v) for k, v in ages["limits"].items()}),
        tolerances=tuple(read_tolerance(row) for row in spec["tolerance"]),
        clocks={str(row["id"]): int(row["working_days"]) for row in spec["clocks"]},
        random_lane=Lane(spec["random"]["lane"]),
        random_per_mille=int(spec["random"]["per_mille"]),
        route_stops=int(spec["route"]["stops"]),
        trade_words={
            str(kind): frozenset(token.text for word in words for token in tokens(str(word)))
            for kind, words in spec["words"].items()
        },
        criteria=criteria.parse(spec.get("criteria", ())),
        autonomy=autonomy.parse(spec["autonomy"]) if "autonomy" in spec else None,
        tiers=tiers.parse(spec["tiers"]) if "tiers" in spec else None,
        statements=checklists.parse_statements(spec["statements"]) if "statements" in spec else None,
        capabilities=checklists.parse_capabilities(spec["capabilities"]) if "capabilities" in spec else None,
        responses=responses.parse(spec["responses"]) if "responses" in spec else None,
        publication=publication.parse(spec["publication"]) if "publication" in spec else None,
        outside=outside.parse(spec["observations"]) if "observations" in spec else None,
        exemptions=exemptions.parse(spec.get("exemptions", ())),
        exemption_issuers=frozenset(str(name) for name in spec["exemption_issuers"])
        if "exemption_issuers" in spec
        else None,
        deadlines={
            str(row["decision"]): Deadline(int(row["working_days"]), str(row["cite"]))
            for row in spec["clocks"]
            if "decision" in row
        },
        weekend=frozenset(int(day) for day in spec.get("weekend", (6, 7))),
        seconds=tuple(
            SecondSignature(str(row["decision"]), frozenset(str(word) for word in row["advice"]), str(row["cite"]))
            for row in spec.get("second_signature", ())
        ),
        reviews=tuple(_review(row) for row in spec.get("reviews", ())),
        retention=tuple(
            Retention(
                str(row["id"]),
                int(row["years"]),
                str(row["cite"]),
                frozenset(str(word) for word in row.get("decisions", ())),
                frozenset(str(word) for word in row.get("lanes", ())),
                frozenset(str(word) for word in row.get("events", ())),
                str(row.get("of", "cases")),
            )
            for row in spec.get("retention", ())
        ),
    )


def _review(row: Mapping[str, Any]) -> ReviewTrigger:
    """A trigger: one about the age of lists names days and kinds of volumes, any other a count and days."""
    if row["about"] == LIST_AGE:
        kinds = frozenset(str(kind) for kind in row["kinds"])
        return ReviewTrigger(str(row["id"]), LIST_AGE, 1, 0, str(row["cite"]), int(row["older_than_days"]), kinds)
    return ReviewTrigger(
        str(row["id"]), str(row["about"]), int(row["at_least"]), int(row["within_days"]), str(row["cite"])
    )


def _rule(position: int, row: Mapping[str, Any]) -> Rule:
    """A rule; one that states no precedence has that of its place in the profile."""
    return Rule(
        id=str(row["id"]),
        title=str(row["title"]),
        lane=Lane(row["lane"]),
        advice=Advice(row["advice"]),
        verdict=Verdict(row["verdict"]),
        codes=tuple(str(code) for code in row.get("codes", ())),
        severities=frozenset(Severity(word) for word in row.get("severities", ())),
        subject=row.get("subject"),
        at_least=int(row["at_least"]) if "at_least" in row else None,
        precedence=int(row.get("precedence", position)),
    )
