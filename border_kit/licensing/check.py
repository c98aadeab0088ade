"""A shipment held against the licences it declares: the decision table, one rule after the other.

The table is that of HMRC's officer guidance SGSELSG6010 (individual, open individual, global, open general), with transit
licences judged alike; reasons and verdicts are those of docs/interfaces.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from border_kit.catalog.drawing import fold_number
from border_kit.classification.model import Classification
from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.licensing import places, rules
from border_kit.licensing import tolerance as tolerances
from border_kit.licensing.amounts import amounts, assign
from border_kit.licensing.model import (
    FAIL_REASONS,
    OPEN_REASONS,
    Authority,
    Licence,
    LicenceAnswer,
    LineBalance,
    Rule,
    Verdict,
)
from border_kit.licensing.registry import Found, Registry
from border_kit.licensing.terms import GUIDANCE, DrawnHere, SameName, Terms, nothing_drawn, words_are_words
from border_kit.licensing.tolerance import Tolerance
from border_kit.shipment.model import Line, Shipment
from border_kit.units import exact


def check(
    shipment: Shipment,
    registry: Registry,
    *,
    today: date,
    same_name: SameName,
    classified: Mapping[int, Classification] | None = None,
    code_types: Mapping[str, tuple[str, ...]] | None = None,
    tolerance: Tolerance | None = None,
    max_age_days: int | None = None,
    drawn_here: DrawnHere = nothing_drawn,
    classify: Callable[[str, str | None], Classification] | None = None,
    understood: Callable[[str], bool] = words_are_words,
    answers: Mapping[tuple[str, int], bool | None] | None = None,
) -> tuple[LicenceAnswer, ...]:
    """Hold a shipment against every licence number it declares, in order (see `Terms` for the circumstances).

    Dates are judged on the shipment's date, else on `today`; a registry older than `max_age_days` cannot tell. Raises
    CatalogError on a damaged volume.
    """
    return check_all(
        shipment,
        registry,
        Terms(
            today=today,
            same_name=same_name,
            classified=classified or {},
            code_types=code_types or {},
            tolerance=tolerance or tolerances.NONE,
            max_age_days=max_age_days,
            drawn_here=drawn_here,
            classify=classify,
            understood=understood,
            answers=answers or {},
        ),
    )


def check_all(shipment: Shipment, registry: Registry, terms: Terms) -> tuple[LicenceAnswer, ...]:
    """Hold a shipment against every licence number it declares, in order. Raises CatalogError on a damaged volume."""
    found = {number: registry.look_up(number) for number in shipment.licence_numbers}
    return tuple(_answer(shipment, number, found, registry, terms) for number in shipment.licence_numbers)


def check_stated(shipment: Shipment, licence: Licence, registry: Registry, terms: Terms) -> LicenceAnswer:
    """Hold a shipment against a licence that a certificate states: the lines that name it, else all if none names any."""
    wanted = fold_number(licence.number)
    named = [(line, ref.line) for line in shipment.lines for ref in line.licences if fold_number(ref.number) == wanted]
    drawn = named or ([] if shipment.licence_numbers else [(line, None) for line in shipment.lines])
    answer = check_licence(shipment, licence, drawn, replace(terms, known_codes=_known_codes(licence, registry, terms)))
    if drawn or not shipment.lines:
        return answer
    message = f"No line of the shipment declares licence {licence.number}."
    ask = "Which lines does this certificate cover?"
    unnamed = rules.unclear("number", message, None, licence.number, ask)
    return _concluded(licence.number, [*answer.rules, unnamed], licence.authority, answer.lines)


def _known_codes(licence: Licence, registry: Registry, terms: Terms) -> frozenset[str]:
    """The control codes of a licence that classification could have found."""
    codes = {line.control_code for line in licence.lines if line.control_code}
    return frozenset(code for code in codes if registry.knows_code(code)) if terms.classified else frozenset()


def check_licence(
    shipment: Shipment, licence: Licence, drawn: Iterable[tuple[Line, int | None]], terms: Terms
) -> LicenceAnswer:
    """Hold a shipment against one licence, whatever it was made from; `drawn` are the lines that name it, with its line."""
    taken = list(drawn)
    seen = _rules_of(shipment, licence, [line for line, _ in taken], terms)
    with exact():
        goods, demands = assign(taken, licence, terms)
        counted, lines = amounts(demands, terms)
    return _concluded(licence.number, [*seen, *goods, *counted], licence.authority, tuple(lines))


def _answer(
    shipment: Shipment, number: str, found: Mapping[str, Found | None], registry: Registry, terms: Terms
) -> LicenceAnswer:
    here = found[number]
    if here is None:
        return _unknown(number, registry, terms)
    licence = here.licence
    same = {spelling for spelling, one in found.items() if one is not None and one.licence == licence}
    drawn = [(line, ref.line) for line in shipment.lines for ref in line.licences if ref.number in same]
    known = _known_codes(licence, registry, terms)
    answers = {(licence.number if name in same else name, at): value for (name, at), value in terms.answers.items()}
    answer = check_licence(shipment, licence, drawn, replace(terms, known_codes=known, answers=answers))
    return _concluded(number, [*_number_rules(number, here), *answer.rules], licence.authority, answer.lines)


def _rules_of(shipment: Shipment, licence: Licence, lines: list[Line], terms: Terms) -> list[Rule]:
    seen = [
        *_age(licence.authority, terms),
        *_missing_runs(licence.authority),
        rules.status(licence, terms),
        rules.validity(shipment, licence, terms),
    ]
    unknown_type = rules.kind(licence)
    if unknown_type:
        seen.append(unknown_type)
    seen += rules.parties(shipment, licence, terms)
    seen += places.rules(shipment, licence, lines)
    seen += rules.document_codes(lines, licence, terms)
    seen += rules.conditions(licence, terms)
    return seen


def _number_rules(number: str, here: Found) -> Iterable[Rule]:
    printed = here.licence.number
    if not here.exact:
        yield Rule("number", "note", f"Declared as {number}, known as {printed}.", None, number, printed)
    if here.others:
        message = "More than one licence answers to this number; the first is held against the shipment."
        yield Rule(
            "number", "cannot_tell", message, "not_stated", number, printed, "Which authority issued the licence?"
        )


def _age(authority: Authority, terms: Terms) -> Iterable[Rule]:
    if terms.max_age_days is None or authority.as_of is None:
        return
    days = (terms.today - authority.as_of).days
    if days > terms.max_age_days:
        shown = authority.as_of.isoformat()
        message = f"The registry is {days} days old; beyond {terms.max_age_days} days it cannot tell."
        ask = f"Call {authority.name}{f' ({authority.phone})' if authority.phone else ''}, or fetch a newer registry."
        yield Rule("registry", "cannot_tell", message, "registry_too_old", terms.today.isoformat(), shown, ask)


def _missing_runs(authority: Authority) -> Iterable[Rule]:
    if authority.missing:
        shown = ", ".join(map(str, authority.missing[:5]))
        message = f"Usage run {shown} of {authority.name} never came here: what is left may be less than it seems."
        yield Rule("registry", "note", message, None, None, shown, "Ask for the missing run.")


def _unknown(number: str, registry: Registry, terms: Terms) -> LicenceAnswer:
    """A number that no registry has: a failure, unless there is no registry or one is too old to know it."""
    if not registry.volumes:
        message = "This catalog has no licence registry."
        return _concluded(
            number,
            [
                Rule(
                    "registry",
                    "cannot_tell",
                    message,
                    "registry_missing",
                    number,
                    None,
                    "Install one, or call the authority.",
                )
            ],
        )
    authorities = registry.authorities
    authority = authorities[0] if len(authorities) == 1 else None
    old = [rule for one in authorities for rule in _age(one, terms)]
    if old:
        return _concluded(number, old, authority, demo=registry.demo)
    message = f"No registry here has the licence {number}."
    ask = "Check the number as printed, and call the authority by the number that the registry gives."
    return _concluded(
        number, [rules.failed("number", "unknown_licence", message, number, None, ask)], authority, demo=registry.demo
    )


def _concluded(
    number: str,
    seen: Sequence[Rule],
    authority: Authority | None = None,
    lines: tuple[LineBalance, ...] = (),
    *,
    demo: bool = False,
) -> LicenceAnswer:
    reasons = {rule.reason for rule in seen if rule.reason}
    ordered = tuple(reason for reason in (*FAIL_REASONS, *OPEN_REASONS) if reason in reasons)
    fails = any(rule.outcome == "fails" for rule in seen)
    verdict: Verdict = (
        "fail" if fails else "cannot_tell" if any(rule.outcome == "cannot_tell" for rule in seen) else "pass"
    )
    return LicenceAnswer(
        number=number,
        verdict=verdict,
        reasons=ordered,
        lines=lines,
        rules=tuple(seen),
        findings=tuple(_finding(number, rule, authority) for rule in seen if rule.outcome in _SEVERITY),
        authority=authority,
        demo=demo or (authority is not None and authority.demo),
    )


_SEVERITY = {"fails": Severity.STOP, "cannot_tell": Severity.ASK, "ask": Severity.ASK, "note": Severity.INFO}


def _code(rule: Rule) -> str:
    if rule.outcome == "fails":
        return "licence_unknown" if rule.reason == "unknown_licence" else f"licence_{rule.reason}"
    if rule.outcome == "ask":
        return f"licence_{rule.question or rule.name}"
    return "licence_cannot_tell" if rule.outcome == "cannot_tell" else f"licence_{rule.name}_noted"


def _finding(number: str, rule: Rule, authority: Authority | None) -> Finding:
    """A rule as a finding, with both values side by side: left the shipment's, right the licence's."""
    return Finding(
        code=_code(rule),
        severity=_SEVERITY[rule.outcome],
        subject=Subject("licence", number),
        message=rule.message,
        evidence=(Evidence(rule.reason or rule.name, row=f"licence:{number}", left=rule.left, right=rule.right),),
        ask=rule.ask,
        citation=rule.cite or GUIDANCE,
        as_of=authority.as_of.isoformat() if authority and authority.as_of else None,
    )
