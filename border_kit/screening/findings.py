"""What screening tells about a party of a shipment, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from border_kit.catalog.identifiers import type_of
from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.screening.letters import unmix
from border_kit.screening.model import ALERT, Explanation, Hit, Screening
from border_kit.screening.qualifiers import plausible
from border_kit.shipment.model import Party
from border_kit.text import clean_line, has_direction_controls

WORTH_A_LOOK = 0.62
"""A hit below the alert is worth an officer's attention from here on, where two words or something beside the name agree."""
_HEAVY = 0.2
"""The share of the query from which a word counts as one of two."""
_SHOWN_HITS = 5
_SHOWN_NUMBERS = 20


def findings_for(party: Party, screening: Screening | None) -> tuple[Finding, ...]:
    """The findings on one party of a shipment; `screening` is None where nobody could be asked.

    `listed_party` (stop) for alerts; `listed_party_cleared` (info) for hits that an officer cleared and whose listing is unchanged; `possible_listed_party` (attention) for weaker hits on which more than one word of the
    name, or a birth, country or number agrees; `mixed_scripts` (attention) for letters that pose as others; `party_unnamed`
    and `number_wrong` (ask; an IMO number or LEI that its check digits refute). The citation is the list's id; the date that of the lists.
    """
    subject = Subject("party", party.ref)
    return (
        *_unnamed(party, subject),
        *_wrong_numbers(party, subject),
        *(_listed(party, screening, subject) if screening else ()),
        *_mixed(party, subject),
    )


def _unnamed(party: Party, subject: Subject) -> Iterator[Finding]:
    if not any(char.isalnum() for char in party.name):
        yield Finding(
            "party_unnamed",
            Severity.ASK,
            subject,
            f"The {_role(party)} has no name, so nobody could be screened.",
            ask=f"Who is the {_role(party)}?",
        )


_CHECKED = {
    "imo": ("IMO number", "a ship's", "IMO Res. A.1117(30)"),
    "lei": ("LEI", "a legal entity's", "ISO 17442"),
}
"""Of each type of number with check digits: its name, whose it is, and the rule."""


def _wrong_numbers(party: Party, subject: Subject) -> Iterator[Finding]:
    """Numbers that nobody has, so that they could neither find nor refute."""
    for item in party.identifiers[:_SHOWN_NUMBERS]:
        kind = type_of(item.type)
        if kind not in _CHECKED or plausible(item):
            continue
        name, whose, rule = _CHECKED[kind]
        number = clean_line(item.value, 40)
        yield Finding(
            "number_wrong",
            Severity.ASK,
            subject,
            f"The {name} {number} of the {_role(party)} cannot be {whose} number: length or check digit is wrong.",
            (Evidence(f"{name} that does not check", left=number),),
            ask=f"What is the right {name} of the {_role(party)}? It was screened without it.",
            citation=rule,
        )


def _role(party: Party) -> str:
    return party.role.replace("_", " ")


def _listed(party: Party, screening: Screening, subject: Subject) -> Iterator[Finding]:
    cleared = [hit for hit in screening.hits if hit.cleared and hit.cleared.holds]
    if cleared:
        yield _cleared(party, cleared, screening, subject)
    alerts = [hit for hit in screening.hits if hit.decides]
    if alerts:
        yield _found("listed_party", Severity.STOP, "matches", party, alerts, screening, subject)
        return
    open_ones = [hit for hit in screening.hits if hit not in cleared]
    weaker = [hit for hit in open_ones if hit.score < ALERT and _worth_a_look(hit)]
    if weaker:
        yield _found("possible_listed_party", Severity.ATTENTION, "resembles", party, weaker, screening, subject)


def _cleared(party: Party, hits: list[Hit], screening: Screening, subject: Subject) -> Finding:
    """That hits were cleared before: told, with who said why, and deciding nothing."""
    told = "; ".join(
        f"{clean_line(hit.name, 80)!r} ({hit.list} {hit.source_ref}, {hit.score:.2f}): {hit.cleared.because} "
        f"[{hit.cleared.at[:10]}, {hit.cleared.operator or 'no operator'}]"
        for hit in hits[:_SHOWN_HITS]
        if hit.cleared
    )
    return Finding(
        "listed_party_cleared",
        Severity.INFO,
        subject,
        f"The {_role(party)} {clean_line(party.name, 80)!r} was found before not to be {told}.",
        tuple(_evidence(party, hit) for hit in hits[:_SHOWN_HITS]),
        citation=f"{hits[0].list} {hits[0].source_ref}",
        as_of=screening.as_of,
    )


def _found(
    code: str, severity: Severity, verb: str, party: Party, hits: list[Hit], screening: Screening, subject: Subject
) -> Finding:
    best = hits[0]
    demo = " of a demo list with fictional parties" if screening.demo else ""
    others = f", and {len(hits) - 1} more" if len(hits) > 1 else ""
    message = (
        f"The {_role(party)} {clean_line(party.name, 80)!r} {verb} {clean_line(best.name, 80)!r}"
        f" ({best.list} {best.source_ref}{_elsewhere(best)}{demo}, {best.score:.2f}){others}."
    )
    return Finding(
        code,
        severity,
        subject,
        message,
        tuple(_evidence(party, hit) for hit in hits[:_SHOWN_HITS]),
        ask="Compare birth date, country, address and numbers with the listing; the name alone proves nothing.",
        citation=f"{best.list} {best.source_ref}",
        as_of=screening.as_of,
    )


def _elsewhere(hit: Hit) -> str:
    """The other lists that have the same party: three are named, the rest counted."""
    others = [f"{name} {ref}" for name, ref in hit.refs if (name, ref) != (hit.list, hit.source_ref)]
    rest = f" and {len(others) - 3} more" if len(others) > 3 else ""  # see above
    return f", also {', '.join(others[:3])}{rest}" if others else ""


def _evidence(party: Party, hit: Hit) -> Evidence:
    told = "; ".join(_reason(item) for item in hit.explanation[:8])
    return Evidence(
        f"{hit.score:.2f}: {told}", row=f"party:{hit.party}", left=clean_line(party.name, 200), right=hit.name
    )


def _reason(item: Explanation) -> str:
    sides = " = ".join(clean_line(side, 60) for side in (item.query, item.listed) if side)
    label = "" if item.part == "word" else f"{item.part} "
    return f"{label}{sides} ({item.how})" if sides else item.how


def _worth_a_look(hit: Hit) -> bool:
    words = sum(
        item.part == "word" and bool(item.query and item.listed) and item.weight >= _HEAVY for item in hit.explanation
    )
    beside = any(item.how == "agree" for item in hit.explanation)
    return hit.score >= WORTH_A_LOOK and (words > 1 or beside)


_JOINED = re.compile("[A-Za-z\u00c0-\u052f][\u200c\u200d]")
"""A sign that joins or parts letters without being seen, where the script has no use for it."""


def _mixed(party: Party, subject: Subject) -> Iterator[Finding]:
    odd = [clean_line(word, 40) for word in party.name[:1000].split() if unmix(word)[1]]
    hidden = has_direction_controls(party.name[:1000]) or _JOINED.search(party.name[:1000])
    if not odd and not hidden:
        return
    what = "letters of two scripts in one word" if odd else "invisible or direction-changing characters"
    yield Finding(
        "mixed_scripts",
        Severity.ATTENTION,
        subject,
        f"The name of the {_role(party)} has {what}: it may not be what it looks like.",
        tuple(Evidence(f"{word!r} mixes scripts") for word in odd[:_SHOWN_HITS]),
        ask="Is the name on the papers written so, or was it typed to escape a search?",
        citation="Unicode UTS 39 (confusable characters)",
    )
