"""Chemicals by CAS number, name or synonym, and whether the concentration of a mixture catches it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from border_kit.classification.extract import Code
from border_kit.classification.match import Hit
from border_kit.classification.model import Band, Candidate, ParameterAnswer, Question
from border_kit.classification.quantities import Quantity
from border_kit.classification.rules.context import Standing
from border_kit.classification.rules.criteria import Answer, Leaf, Stated, judge_leaf
from border_kit.classification.rules.knowledge import Chemical, Entry, Knowledge
from border_kit.classification.rules.rating import NearMiss, Rated, lowered
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.findings import Evidence

_PARAMETER = "concentration"
_NAME = "concentration by weight"
_ASK = "What is the concentration of {name}, in per cent by weight?"
_SCORE = {"likely": 0.9, "possible": 0.55, "weak": 0.2}


class Found(NamedTuple):
    """A chemical that a line names: by its CAS number or by a name in `hit`, at `span`."""

    chemical: Chemical
    span: tuple[int, int]
    by_cas: bool
    standing: Standing
    cover: frozenset[int] = frozenset()


def find(codes: Iterable[Code], hits: Iterable[tuple[Hit, Standing]], line: Line, knowledge: Knowledge) -> list[Found]:
    """The chemicals of a line, each once; a CAS number outweighs a name."""
    found: dict[str, Found] = {}
    for code in codes:
        for chemical in knowledge.chemicals_by_cas(code.value):
            found.setdefault(chemical.id, Found(chemical, code.span, by_cas=True, standing=Standing()))
    for hit, standing in hits:
        named = knowledge.chemical(hit.id)
        if named is not None and standing.harmless is None:
            found.setdefault(
                named.id, Found(named, line.span(hit.first, hit.last), by_cas=False, standing=standing, cover=hit.cover)
            )
    return list(found.values())


def rate(
    found: Found, line: Line, quantities: Iterable[Quantity], grammar: Grammar, knowledge: Knowledge
) -> Iterator[Rated]:
    """The entries of a chemical, rated. Named and nothing against it is likely; in a mixture of unknown strength, possible."""
    stated = tuple(
        Stated(quantity.text, quantity.unit, quantity.readings, span=quantity.span)
        for quantity in quantities
        if quantity.dimension == "percent"
    )
    chemical = found.chemical
    leaf = (
        Leaf(_PARAMETER, ">=", str(chemical.concentration), "%", chemical.cite)
        if chemical.concentration is not None
        else None
    )
    verdict = judge_leaf(leaf, stated) if leaf else Answer.NOT_STATED
    mixed = any(word.text in grammar.mixture for word in line.words)
    for rank, key in enumerate(chemical.entries):
        entry = knowledge.entry(key)
        if entry is not None:
            yield _rated(found, entry, rank, leaf, stated, verdict, mixed=mixed)


def _rated(
    found: Found,
    entry: Entry,
    rank: int,
    leaf: Leaf | None,
    stated: tuple[Stated, ...],
    verdict: Answer,
    *,
    mixed: bool,
) -> Rated:
    chemical = found.chemical
    answers: tuple[ParameterAnswer, ...] = ()
    if leaf is not None:
        shown = " / ".join(value.shown for value in stated) or None
        answers = (ParameterAnswer(_NAME, shown, verdict.value, _PARAMETER, f">= {leaf.value} %", leaf.cite),)
    is_open = verdict is Answer.NOT_STATED and (leaf is not None or mixed)
    band: Band = "weak" if verdict is Answer.NOT_MET else "possible" if mixed and is_open else "likely"
    evidence = (_named(found),)
    miss = None
    if verdict is Answer.NOT_MET and leaf is not None:
        reason = f"{_NAME}: {answers[0].stated}, a mixture is caught from {leaf.value} %"
        miss = NearMiss(entry, reason, None, chemical.cite, evidence)
    band = lowered(band, found.standing.steps)
    ask = Question(_PARAMETER, _NAME, _ASK.format(name=chemical.name), entry.code, entry.list, "percent", "%")
    candidate = Candidate(
        entry.code,
        entry.root,
        entry.list,
        band,
        _SCORE[band] + 0.03 * found.by_cas - 0.01 * rank,
        entry.title,
        entry.equivalents,
        (_NAME,) if is_open else (),
        answers,
        evidence,
        (ask,) if is_open else (),
        None,
        miss.reason if miss else None,
        chemical.cite,
    )
    return Rated(candidate, miss, entry.hs, found.cover)


def _named(found: Found) -> Evidence:
    chemical = found.chemical
    schedule = f", schedule {chemical.schedule}" if chemical.schedule else ""
    how = f"CAS number of {chemical.name}" if found.by_cas else f"names the chemical {chemical.name}"
    return Evidence(how + schedule, span=found.span, row=f"chemical:{chemical.id}")
