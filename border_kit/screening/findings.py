"""What a screening means for a shipment's party, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.screening.model import Hit, Screening
from border_kit.screening.parse import parse
from border_kit.shipment.model import Party

WORTH_A_LOOK = 0.62
"""From this score on a hit that is no alert is worth a look; below it ordinary names would keep an officer busy."""

GUIDANCE = "Reg. (EU) 2021/821 art. 4; 15 CFR 744 and 764; national lists of designated parties"


def findings_for(party: Party, screening: Screening | None) -> tuple[Finding, ...]:
    """The findings about one party; `screening` is None where nobody could be asked."""
    return tuple(_findings(party, screening))


def _findings(party: Party, screening: Screening | None) -> Iterator[Finding]:
    subject = Subject("party", party.ref)
    if not party.name.strip():
        yield Finding(
            "party_unnamed",
            Severity.ASK,
            subject,
            f"The {party.role.replace('_', ' ')} has no name.",
            ask=f"Who is the {party.role.replace('_', ' ')}?",
        )
        return
    mixed = parse(party.name).mixed
    if mixed:
        yield Finding(
            "mixed_scripts",
            Severity.ATTENTION,
            subject,
            f"Words of the {party.role.replace('_', ' ')}'s name mix letters of two scripts: {', '.join(mixed[:3])}.",
            (Evidence("mixed letters", left=party.name),),
            ask="Compare the name with an identity paper, letter by letter.",
            citation="Unicode Technical Standard 39",
        )
    if screening and screening.hits:
        best = screening.hits[0]
        if best.alert:
            yield _listed("listed_party", Severity.STOP, "is, by name, the listed party", subject, party, best, screening)
        elif best.score >= WORTH_A_LOOK:
            yield _listed(
                "possible_listed_party", Severity.INFO, "resembles the listed party", subject, party, best, screening
            )


def _listed(
    code: str, severity: Severity, how: str, subject: Subject, party: Party, hit: Hit, screening: Screening
) -> Finding:
    demo = " (demo list)" if screening.demo else ""
    return Finding(
        code,
        severity,
        subject,
        f"The {party.role.replace('_', ' ')} {how} {hit.list} {hit.source_ref} at {hit.score * 100:.0f} of 100{demo}.",
        (Evidence("name against listed name", row=f"party:{hit.party}", left=party.name, right=hit.name),),
        ask="Compare date of birth, country and numbers with the listing; refer before release.",
        citation=GUIDANCE,
        as_of=screening.as_of,
    )
