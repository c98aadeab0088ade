"""Findings that need two rooms at once: goods against licences and declared codes, the age and kind of the data used."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from border_kit.catalog.volumes import Catalog
from border_kit.classification.model import Candidate, Classification, questions
from border_kit.classification.model import Question as ParameterQuestion
from border_kit.desk.answers import CertificateAnswer, LineAnswer
from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.licensing.model import LicenceAnswer
from border_kit.policy import exemptions
from border_kit.policy.profile import Profile
from border_kit.shipment.model import Line, Shipment

if TYPE_CHECKING:
    from border_kit.certificates.verdict import Outcome, Verification

ASK_AUTHORITY = "Ask for the data sheet and the licensing authority's answer."


def control_findings(
    answers: Iterable[LineAnswer],
    licences: Mapping[str, LicenceAnswer],
    code_types: Mapping[str, tuple[str, ...]],
    exempt: Callable[[LineAnswer], Finding | None],
) -> Iterator[Finding]:
    """What a line's likely or possible entry means next to its licences, exemptions and document codes.

    `code_types` names, for each document code in force, the licence types that it claims (empty: it claims none is needed).
    `exempt` says what an exemption that a line claims comes to.
    """
    for answer in answers:
        claim = exempt(answer)
        if claim is not None:
            yield claim
        if claim is None or claim.code not in ("exemption_applies", "exemption_condition_open"):
            yield from _line_findings(answer, licences)
        yield from _code_findings(answer, code_types)


def _line_findings(answer: LineAnswer, licences: Mapping[str, LicenceAnswer]) -> Iterator[Finding]:
    line, classified = answer.line, answer.classification
    if classified is None or classified.verdict == "none":
        return
    subject = Subject("line", str(line.no))
    best = classified.candidates[0]
    evidence = tuple(best.evidence[:3])
    verdicts = [licences[ref.number].verdict for ref in line.licences if ref.number in licences]
    if "pass" in verdicts:
        yield Finding(
            "licence_covers",
            Severity.INFO,
            subject,
            f"Line {line.no} fits entry {best.code} and is covered by a licence.",
            evidence,
        )
    elif verdicts:
        return  # the licence's own findings say why it does not cover the line
    elif classified.verdict == "possible":
        yield Finding(
            "possible_control",
            Severity.ATTENTION,
            subject,
            f"Line {line.no} may fall under {best.code}, and no licence is declared.",
            evidence,
            ask=None if best.missing else ASK_AUTHORITY,
            citation=best.cite or None,
        )
    elif not best.criteria_met:
        yield Finding(
            "likely_control_undecided",
            Severity.ATTENTION,
            subject,
            f"Line {line.no} is likely under {best.code}, no licence is declared, and it is open: {', '.join(best.missing)}.",
            evidence,
            citation=best.cite or None,
        )
    else:
        yield Finding(
            "controlled_without_licence",
            Severity.STOP,
            subject,
            f"Line {line.no} is likely under {best.code}, and no licence is declared.{_notes(best)}",
            evidence,
            ask="Ask for the licence or the licensing authority's answer that none is needed.",
            citation=best.cite or None,
        )


def _notes(best: Candidate) -> str:
    """What a note may still release the goods by, though all that the entry asks is met."""
    return f" Only a note could release the goods: {', '.join(best.missing[:3])}." if best.missing else ""


def _code_findings(answer: LineAnswer, code_types: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    line, classified = answer.line, answer.classification
    subject = Subject("line", str(line.no))
    for code in line.documents:
        types = code_types.get(code.upper())
        if types is None:
            continue
        best = _on_eu_lists(classified)
        if not types and best is not None:
            yield Finding(
                "false_negative_declaration",
                Severity.ATTENTION,
                subject,
                f"{code} declares the goods as not listed, but line {line.no} points at {best.code}.",
                (Evidence("declared against found", row=f"document_code:{code}", left=code, right=best.code),),
                ask="Ask for the data sheet and on what the declaration rests.",
                citation="Reg. (EU) 2021/821; document code " + code,
            )
        elif types and not line.licences:
            yield Finding(
                "licence_number_missing",
                Severity.ASK,
                subject,
                f"{code} claims a licence, but line {line.no} names none.",
                (Evidence("declared code", row=f"document_code:{code}", left=code),),
                ask="Ask for the licence number.",
                citation="Reg. (EU) 2021/821; document code " + code,
            )


def _on_eu_lists(classified: Classification | None) -> Candidate | None:
    """The best entry of the EU's lists that the goods may fall under: what a code of the EU declares is about no other."""
    if classified is None:
        return None
    wanted = (item for item in classified.candidates if item.list in ("EU-DU", "EU-ML") and item.band != "weak")
    return next(wanted, None)


def exemption_claim(
    answer: LineAnswer,
    profile: Profile | None,
    destination: str | None,
    day: str,
    said: Mapping[str, str],
    ruled: Mapping[str, str],
) -> Finding | None:
    """What an exemption that a line claims comes to; None where it claims none, or points at no entry to be exempt from.

    `ruled` is what a supervisor said to exemptions, by id.
    """
    classified = answer.classification
    found = exemptions.claimed(profile.exemptions, answer.line) if profile else None
    if profile is None or found is None or classified is None or classified.verdict == "none":
        return None
    code, issuers = classified.candidates[0].code, profile.exemption_issuers
    if issuers is not None and found.issuer not in issuers:
        return exemptions.finding(found, "issuer_not_allowed", answer.line, code)
    state = found.state((code,), destination, day, said, ruled.get(found.id))
    return exemptions.finding(found, state, answer.line, code)


def document_codes(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """The document codes in force about dual-use licences, with the licence types each claims."""
    rows = catalog.rows("controls", f"SELECT code, licence_types FROM document_code WHERE {catalog.in_force}")
    return {row["code"].upper(): tuple(json.loads(row["licence_types"])) for row in rows}


def shape_findings(shipment: Shipment) -> Iterator[Finding]:
    """What a declaration leaves out that nobody can check without."""
    if not shipment.lines:
        yield Finding(
            "no_lines",
            Severity.ASK,
            Subject("shipment", shipment.id),
            "The shipment has no goods line.",
            ask="Ask for the invoice or packing list.",
        )
    for line in shipment.lines:
        if not line.description.strip():
            yield _undescribed(line)


def _undescribed(line: Line) -> Finding:
    return Finding(
        "description_missing",
        Severity.ASK,
        Subject("line", str(line.no)),
        f"Line {line.no} does not say what the goods are.",
        ask="Ask for the invoice or open a package.",
    )


def goods_findings(answer: LineAnswer, passed: Collection[str]) -> Iterator[Finding]:
    """What classification found about a line; on a line that a licence in `passed` covers, open parameters are not asked."""
    if answer.classification is None:
        return
    covered = _covered(answer.line, passed)
    for finding in answer.classification.findings:
        if not (covered and finding.code == "parameter_missing"):
            yield finding


def open_parameters(answer: LineAnswer, passed: Collection[str]) -> tuple[ParameterQuestion, ...]:
    """The parameters still to ask about a line; none where a licence in `passed` covers it."""
    if answer.classification is None or _covered(answer.line, passed):
        return ()
    return questions(answer.classification)


def _covered(line: Line, passed: Collection[str]) -> bool:
    return any(ref.number in passed for ref in line.licences)


def data_findings(catalog: Catalog, profile: Profile | None, shipment: Shipment) -> Iterator[Finding]:
    """What the officer must know about the data used: a volume that is missing, too old, or a demo.

    A registry that is missing or too old is the licence check's own finding; here it is only said to be a demo.
    """
    subject = Subject("shipment", shipment.id)
    for kind in ("controls", "parties"):
        if not catalog.named(kind):
            yield Finding(
                f"{kind}_missing_volume",
                Severity.ASK,
                subject,
                f"This catalog has no {kind}: that question is not answered.",
                ask=f"Install a catalog that holds {kind}.",
            )
        elif profile and kind in profile.ages.limits:
            yield from _too_old(catalog, kind, profile.ages.limits[kind], subject)
    used = ["controls", "parties"]
    used += ["licences"] if shipment.licence_numbers else []
    used += ["trust"] if shipment.certificates else []
    demos = [name for kind in used for name in catalog.named(kind) if catalog.info(name).demo]
    if demos:
        yield Finding(
            "demo_data",
            Severity.INFO,
            subject,
            f"Demo data with fictional entries were used ({', '.join(demos)}): nothing found there says nothing about the world.",
            tuple(Evidence("demo volume", row=f"volume:{name}") for name in demos),
        )


def _too_old(catalog: Catalog, name: str, limit: int, subject: Subject) -> Iterator[Finding]:
    info = catalog.info(name)
    age = info.age_days(catalog.today)
    if age > limit:
        yield Finding(
            f"{name}_too_old",
            Severity.ASK,
            subject,
            f"The {name} data are {age} days old; beyond {limit} days they cannot clear anything.",
            (Evidence("as of", left=info.as_of.isoformat(), right=catalog.today.isoformat()),),
            ask="Fetch newer data, or ask the regional office.",
            as_of=info.as_of.isoformat(),
        )


def certificate_findings(answers: Iterable[CertificateAnswer]) -> Iterator[Finding]:
    """What certificates proved, failed to prove or left open, and where they were shown before."""
    for answer in answers:
        found, subject = answer.checked.verification, Subject("certificate", answer.ref)
        named = f"Certificate {answer.ref}" + (f" ({found.claims.number})" if found.claims and found.proven else "")
        for stage, outcome in found.outcomes.items():
            if outcome.state in ("failed", "cannot_tell"):
                yield _stage_finding(named, stage, outcome, found, subject)
        if found.verdict == "pass":
            words = "is genuine, and not revoked as far as is known here."
            yield Finding("certificate_genuine", Severity.INFO, subject, f"{named} {words}", as_of=_as_of(found))
        for other in answer.checked.seen[:1]:
            more = f", and {len(answer.checked.seen) - 1} more times" if len(answer.checked.seen) > 1 else ""
            yield Finding(
                "certificate_seen_before",
                Severity.ATTENTION,
                subject,
                f"{named} was shown before: with {other.shipment} at {other.office} on {other.at[:10]}{more}.",
                tuple(Evidence("shown before", left=row.shipment, right=row.at) for row in answer.checked.seen[:5]),
                ask="Is this the original, and does it cover more than one shipment?",
            )


def _stage_finding(named: str, stage: str, outcome: Outcome, found: Verification, subject: Subject) -> Finding:
    failed = outcome.state == "failed"
    phone = found.authority.phone if found.authority else None
    call = f"Call {found.authority.name} ({phone})." if found.authority and phone else "Call the regional office."
    differ = [row for row in outcome.compared if not row.same]
    return Finding(
        f"certificate_{outcome.codes[0]}" if failed else "certificate_cannot_tell",
        Severity.STOP if failed else Severity.ASK,
        subject,
        f"{named}, {stage}: {outcome.message}",
        (
            *(Evidence(code, row=f"stage:{stage}") for code in outcome.codes),
            *(Evidence(row.what, left=row.other, right=row.paper) for row in differ),
        ),
        ask=f"{call} Never use a number that stands on the paper.",
        as_of=_as_of(found),
    )


def _as_of(found: Verification) -> str | None:
    age = found.ages.get("status_list") or found.ages.get("trust")
    return age.as_of.isoformat() if age else None
