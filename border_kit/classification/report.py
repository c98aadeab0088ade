"""The findings of a classification: near misses, HS codes that disagree, vague lines, questions still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from border_kit.classification.extract import Code
from border_kit.classification.model import Candidate, Question
from border_kit.classification.rules.knowledge import HsLink, Knowledge
from border_kit.classification.rules.rating import NearMiss, Rated
from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.text import clean_line

_LONGEST_GOODS = 120
_HEADING = 4
_MOST_QUESTIONS = 6
_MOST_MISSES = 4


def near_misses(misses: Iterable[NearMiss], open_entries: set[str], subject: Subject) -> Iterator[Finding]:
    """Which stated value, note or known model takes the goods out, and where they then stand. One finding an entry."""
    told: set[str] = set()
    for miss in misses:
        if miss.entry.id in open_entries or miss.entry.id in told or len(told) == _MOST_MISSES:
            continue
        told.add(miss.entry.id)
        onward = f" They then stand at {miss.to}." if miss.to else ""
        yield Finding(
            "near_miss",
            Severity.INFO,
            subject,
            f"The goods are near {miss.entry.code} and not in it: {miss.reason}.{onward}",
            miss.evidence,
            ask="Confirm the value in the data sheet." if miss.evidence else None,
            citation=miss.cite,
        )


def hs_disagrees(
    hs: str, links: Sequence[HsLink], best: Candidate, subject: Subject, *, as_of: str, goods: str | None = None
) -> Finding | None:
    """The declared HS code is under no heading of the goods that the words name; None where it is, or none is known.

    Headings (4 digits) are compared: below them even careful declarants differ. `goods` is what an imported nomenclature calls
    goods of the declared code.
    """
    if not links or len(hs) < _HEADING:
        return None
    if any(link.hs.startswith(hs[:_HEADING]) or hs.startswith(link.hs[:_HEADING]) for link in links):
        return None
    usual = ", ".join(dict.fromkeys(link.hs for link in links if not link.ex)) or ", ".join(
        dict.fromkeys(link.hs for link in links)
    )
    said = f" ({clean_line(goods, _LONGEST_GOODS)})" if goods else ""
    return Finding(
        "hs_disagrees",
        Severity.ATTENTION,
        subject,
        f"HS {hs}{said} does not fit the description: goods of {best.code} are declared under {usual}.",
        (Evidence("declared against usual", row=f"entry:{best.entry}", left=hs, right=usual), *best.evidence[:1]),
        ask="Ask how the HS code was chosen, and for the data sheet.",
        as_of=as_of,
    )


def vague(subject: Subject, text: str) -> Finding:
    """The line names no goods."""
    return Finding(
        "vague_line",
        Severity.ASK,
        subject,
        "The description does not say what the goods are.",
        (Evidence("no word names goods", span=(0, len(text))),),
        ask="What exactly are the goods: type, maker, model, and what are they for?",
    )


def questions(open_questions: Sequence[Question], subject: Subject) -> Iterator[Finding]:
    """What is still to ask, the most deciding first."""
    for question in open_questions[:_MOST_QUESTIONS]:
        yield Finding(
            "parameter_missing",
            Severity.ASK,
            subject,
            f"Not stated: {question.name}; it decides about {question.code}.",
            (Evidence(f"{question.name} is not stated", row=f"entry:{question.list}/{question.code}"),),
            ask=question.ask,
        )


def watched(hs: str, knowledge: Knowledge, subject: Subject) -> Iterator[Finding]:
    """The HS code is on a watch list (Common High Priority List)."""
    for heading, tier, name, cite in knowledge.watched(hs)[:1]:
        yield Finding(
            "watch_hs",
            Severity.INFO,
            subject,
            f"HS {hs} is on the {name} (tier {tier}).",
            (Evidence(f"heading {heading}, tier {tier}", row=f"watch_hs:{heading}"),),
            citation=cite,
        )


def stated_codes(codes: Iterable[Code], rated: Iterable[Rated], subject: Subject) -> Iterator[Finding]:
    """The line states a control code."""
    known = {item.candidate.code for item in rated}
    for code in codes:
        where = "" if code.value in known else ", which this catalog does not hold"
        yield Finding(
            "control_code_stated",
            Severity.INFO,
            subject,
            f"The line states the control code {code.value}{where}.",
            (Evidence("control code", span=code.span, row=f"code:{code.value}"),),
            ask="Ask for the licence, or on what the sender's own rating rests.",
        )


def cut_off(subject: Subject, kept: int) -> Finding:
    """The description is longer than what is looked at."""
    return Finding(
        "description_cut",
        Severity.ATTENTION,
        subject,
        f"The description is too long: only its first {kept:,} characters were looked at.",
        (Evidence("the rest was not read", span=(0, kept)),),
        ask="Ask for the goods line by line.",
    )
