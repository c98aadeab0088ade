"""What is wrong with a profile before anybody relies on it: gaps, overlaps, rules that can never decide, missing citations."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise, product

from border_kit.policy import outside, publication, responses
from border_kit.policy.autonomy import Definition
from border_kit.policy.lane import rank_of
from border_kit.policy.profile import LIST_AGE, Profile, Rule

_LONGEST_KEPT = 100
"""Years of a retention period."""
_KEPT = ("cases", "observations", "queue")
"""What a retention period may be of."""


def problems(profile: Profile) -> tuple[str, ...]:
    """Everything found, in words, each naming the part it is about; empty when nothing is wrong."""
    return tuple(
        problem
        for check in (
            _rules,
            _ages,
            _dates,
            _criteria,
            _autonomy,
            _tiers,
            _checklists,
            _exemptions,
            _retention,
            _reviews,
            _responses,
            _publication,
            _outside,
        )
        for problem in check(profile)
    )


def _rules(profile: Profile) -> Iterator[str]:
    yield from _twice("rule", [rule.id for rule in profile.rules])
    for position, rule in enumerate(profile.rules):
        if not rule.codes and not rule.severities and rule.subject is None and rule.at_least is None:
            yield f"rule {rule.id}: it looks at nothing in particular, so it fires at every finding"
        for other_position, other in enumerate(profile.rules):
            if rule is not other and _hides(other, other_position, rule, position):
                yield f"rule {rule.id}: it can never decide, since {other.id} fires whenever it does and leads at least as far"
                break


def _hides(other: Rule, other_position: int, rule: Rule, position: int) -> bool:
    """Whether `other` fires whenever `rule` does, and wins."""
    mine = (*rank_of(rule), -position)
    theirs = (*rank_of(other), -other_position)
    if theirs < mine or (other.at_least is None) != (rule.at_least is None):
        return False
    if other.at_least is not None and rule.at_least is not None:
        return other.at_least <= rule.at_least
    codes = not other.codes or (
        bool(rule.codes) and all(any(_within(code, wide) for wide in other.codes) for code in rule.codes)
    )
    severities = not other.severities or (bool(rule.severities) and rule.severities <= other.severities)
    return codes and severities and other.subject in (None, rule.subject)


def _within(code: str, wide: str) -> bool:
    return code == wide or ("*" not in code and fnmatchcase(code, wide))


def _ages(profile: Profile) -> Iterator[str]:
    if not 0 < profile.ages.green < profile.ages.amber:
        yield "ages: green ends before amber, and both are days"
    for kind, limit in profile.ages.limits.items():
        if limit < profile.ages.amber:
            yield f"ages: {kind} cannot tell before the corner is amber ({limit} days)"
    for clock, days in profile.clocks.items():
        if days < 1:
            yield f"clock {clock}: {days} working days"
    if not 0 <= profile.random_per_mille <= 1000:  # per mille
        yield "random: a rate is between 0 and 1000 per mille"


def _dates(profile: Profile) -> Iterator[str]:
    yield from _twice("tolerance", [row.from_date for row in profile.tolerances])
    for row in profile.tolerances:
        if not row.cite:
            yield f"tolerance {row.from_date}: no citation"
    if not profile.cite:
        yield "profile: no citation"
    if not profile.weekend <= frozenset(range(1, 8)) or len(profile.weekend) > 6:  # days of the week
        yield "weekend: days are 1 (Monday) to 7 (Sunday), and one is left to work on"


def _criteria(profile: Profile) -> Iterator[str]:
    yield from _twice("criterion", [item.id for item in profile.criteria])
    for item in profile.criteria:
        begins = [begin for begin, _ in item.bands]
        if not begins or begins[0] != 0 or any(left >= right for left, right in pairwise(begins)):
            yield f"criterion {item.id}: bands begin at 0 and rise"
        if not item.cite:
            yield f"criterion {item.id}: no citation"
        weights = [signal.weight for signal in item.signals] + [question.weight for question in item.questions]
        if min(weights, default=0) < 0:
            yield f"criterion {item.id}: a negative weight would let a red flag lower the band"
        if begins and sum(weights) < begins[-1]:
            yield f"criterion {item.id}: its highest band can never be reached"


def _autonomy(profile: Profile) -> Iterator[str]:
    if profile.autonomy is None:
        return
    yield from _twice("definition", [item.id for item in profile.autonomy.definitions])
    for definition in profile.autonomy.definitions:
        yield from _twice(f"definition {definition.id}: level", [level.id for level in definition.levels])
        if not definition.cite:
            yield f"definition {definition.id}: no source"
        asked = {question for level in definition.levels for way in level.needs for question in way}
        for question in sorted(asked - set(profile.autonomy.questions)):
            yield f"definition {definition.id}: {question} is asked nowhere"
        if not definition.levels or {} not in definition.levels[-1].needs:
            yield f"definition {definition.id}: its lowest level must need nothing, or some goods have no level"
        yield from _unreachable(definition, sorted(asked))


def _unreachable(definition: Definition, asked: list[str]) -> Iterator[str]:
    """Levels that no answers lead to, over the full table of answers."""
    reached = {
        definition.level_of(dict(zip(asked, said, strict=True))) for said in product(("yes", "no"), repeat=len(asked))
    }
    for level in definition.levels:
        if level.id not in reached:
            yield f"definition {definition.id}: no answers lead to level {level.id}"


def _tiers(profile: Profile) -> Iterator[str]:
    if profile.tiers is None:
        return
    found = next((item for item in _definitions(profile) if item.id == profile.tiers.definition), None)
    if found is None:
        yield f"tiers: there is no definition {profile.tiers.definition}"
        return
    bands = {*profile.tiers.destinations.values(), profile.tiers.otherwise}
    for level, band in product((level.id for level in found.levels), sorted(bands)):
        tier = profile.tiers.matrix.get((level, band))
        if tier is None:
            yield f"tiers: the matrix has a gap at {level} × {band}"
        elif tier not in profile.tiers.tiers:
            yield f"tiers: {level} × {band} leads to {tier}, which is no tier"
    for tier_id in sorted(set(profile.tiers.tiers) - set(profile.tiers.matrix.values())):
        yield f"tiers: nothing leads to {tier_id}"


def _definitions(profile: Profile) -> tuple[Definition, ...]:
    return profile.autonomy.definitions if profile.autonomy else ()


def _checklists(profile: Profile) -> Iterator[str]:
    if profile.statements:
        offered = (
            {item for tier in profile.tiers.tiers.values() for item in tier.assurances} if profile.tiers else set()
        )
        demanded = profile.statements.demanded
        for name in sorted(set(demanded) - offered):
            yield f"statements: no tier demands {name!r}"
        used = {element for names in demanded.values() for element in names}
        for name, element in profile.statements.elements.items():
            if name not in used:
                yield f"statements: no assurance demands {name}"
            if not element.cite:
                yield f"statements: {name} has no source"
    asked = profile.capabilities.questions if profile.capabilities else ()
    yield from _twice(
        "question",
        [
            *(profile.statements.elements if profile.statements else ()),
            *(profile.autonomy.questions if profile.autonomy else ()),
            *(name for item in asked for name in (item.id, *(control.id for control in item.controls))),
        ],
    )
    for item in asked:
        if not item.cite or not item.controls:
            yield f"capability {item.id}: it needs a source and a control question"


def _exemptions(profile: Profile) -> Iterator[str]:
    yield from _twice("exemption", [item.id for item in profile.exemptions])
    for item in profile.exemptions:
        if item.valid_from > item.valid_to:
            yield f"exemption {item.id}: it ends before it begins"
        if not item.entries or not item.destinations:
            yield f"exemption {item.id}: an empty scope covers nothing"
        if not item.cite or not item.issuer:
            yield f"exemption {item.id}: issuer and citation are needed"
        elif profile.exemption_issuers is not None and item.issuer not in profile.exemption_issuers:
            yield f"exemption {item.id}: its issuer is not among exemption_issuers, so it never counts"


def _retention(profile: Profile) -> Iterator[str]:
    yield from _twice("retention", [item.id for item in profile.retention])
    for item in profile.retention:
        if not 0 < item.years <= _LONGEST_KEPT or not item.cite:
            yield f"retention {item.id}: it needs 1 to {_LONGEST_KEPT} years and a citation"
        if item.of not in _KEPT:
            yield f"retention {item.id}: it is of one of {', '.join(_KEPT)}"
        if item.of != "cases" and (item.decisions or item.lanes or item.events):
            yield f"retention {item.id}: decisions, lanes and events are of cases"
    if profile.retention and not any(item.of == "cases" and item.covers("", "", ()) for item in profile.retention):
        yield "retention: no period covers every case, so some are kept for ever"


def _reviews(profile: Profile) -> Iterator[str]:
    yield from _twice("review", [item.id for item in profile.reviews])
    for item in profile.reviews:
        if item.about == LIST_AGE:
            if item.older_than_days < 1 or not item.kinds or not item.cite:
                yield f"review {item.id}: it needs days, kinds of volumes and a citation"
            continue
        if item.about not in ("overrides", "referrals_unmatched"):
            yield f"review {item.id}: nothing counts {item.about}"
        if item.at_least < 1 or item.within_days < 1 or not item.cite:
            yield f"review {item.id}: it needs a count, days and a citation"


def _responses(profile: Profile) -> Iterator[str]:
    return responses.problems(profile.responses) if profile.responses else iter(())


def _publication(profile: Profile) -> Iterator[str]:
    return publication.problems(profile.publication) if profile.publication else iter(())


def _outside(profile: Profile) -> Iterator[str]:
    return outside.problems(profile.outside) if profile.outside else iter(())


def _twice(what: str, ids: list[str]) -> Iterator[str]:
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"{what} {name}: it stands there twice"
