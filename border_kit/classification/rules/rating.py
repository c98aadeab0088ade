"""From a product class to rated entries: what each criterion says, the band that follows, and a score for the order.

Bands follow the contract: *likely* means that the goods are named (class or known model) and nothing that decides is not met;
*possible* that the class is unsure, or that what decides is open and its usual value lies below; *weak* is a near miss. Bands
come from rules; the score orders candidates and means nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from border_kit.classification.match import Hit
from border_kit.classification.model import BANDS, Band, Candidate, ParameterAnswer, Question
from border_kit.classification.rules.binding import Bound
from border_kit.classification.rules.context import Standing
from border_kit.classification.rules.criteria import (
    Answer,
    Leaf,
    Node,
    Release,
    Stated,
    figures_met,
    judge,
    judge_leaf,
    leaves,
    open_leaves,
    plain_leaves,
)
from border_kit.classification.rules.knowledge import Concept, Entry, HsLink, Knowledge, Model
from border_kit.findings import Evidence

_BASE: Mapping[Band, float] = {"likely": 0.75, "possible": 0.45, "weak": 0.15}
_ROUTE_STEP = 0.03
_WORD_STEP = 0.02
_MOST_WORDS = 5
_MODEL = 0.06
_STRONG = 0.03
_MET = 0.015
_HS = 0.02
_ASIDE = 0.06
_RELEASED = "released at "
_NOT = "not "


class Named(NamedTuple):
    """A product class that a line names: how (`hit`), in which context, and by which known model."""

    concept: Concept
    hit: Hit
    standing: Standing
    model: Model | None
    model_span: tuple[int, int] | None = None


class NearMiss(NamedTuple):
    """An entry that a stated value, a note or a known model takes the goods out of."""

    entry: Entry
    reason: str
    to: str | None
    cite: str
    evidence: tuple[Evidence, ...]


class Rated(NamedTuple):
    """A candidate and, where it is one, the near miss that it is; `is_onward` marks where a note has released goods to."""

    candidate: Candidate
    miss: NearMiss | None = None
    hs: tuple[HsLink, ...] = ()
    cover: frozenset[int] = frozenset()
    is_onward: bool = False

    @property
    def is_met(self) -> bool:
        """Whether a value that the entry asks is stated and met; that no note releases the goods is none."""
        return any(_counts(answer) for answer in self.candidate.parameters)


def _counts(answer: ParameterAnswer) -> bool:
    return answer.verdict == Answer.MET and not answer.rule.startswith(_RELEASED)


def lowered(band: Band, steps: int) -> Band:
    """A band, some steps weaker."""
    return BANDS[min(len(BANDS) - 1, BANDS.index(band) + steps)]


def rate(named: Named, bound: Bound, knowledge: Knowledge, hs: str | None) -> list[Rated]:
    """The entries of a named class, rated, the class's own order kept.

    What is not met on the best entry caps the others: they are possible at most, unless a value of theirs is met.
    """
    entries = [found for key in named.concept.entries if (found := knowledge.entry(key)) is not None]
    aliases = {alias for entry in entries for alias in entry.equivalents if entry.list == "EU-DU"}
    rated: list[Rated] = []
    for rank, entry in enumerate(entries):
        if rank and entry.list != "EU-DU" and entry.code in aliases:
            continue
        rated += _rate_entry(named, entry, rank, bound, knowledge, hs)
    if not rated or rated[0].candidate.band == "likely":
        return rated
    return [rated[0], *(item if item.is_met else item._replace(candidate=capped(item.candidate)) for item in rated[1:])]


def capped(candidate: Candidate) -> Candidate:
    """At most possible."""
    if candidate.band != "likely":
        return candidate
    return replace(candidate, band="possible", score=max(0.0, candidate.score - _BASE["likely"] + _BASE["possible"]))


def _rate_entry(
    named: Named, entry: Entry, rank: int, bound: Bound, knowledge: Knowledge, hs: str | None
) -> Iterator[Rated]:
    stated = bound.stated(entry, named.model, named.hit.cover)
    criteria = judge(entry.criteria, stated) if entry.criteria else Answer.MET
    released = next((release for release in entry.releases if judge(release.when, stated) is Answer.MET), None)
    answers = tuple(_answers(entry, stated, knowledge))
    evidence = _evidence(named, entry, answers, bound)
    miss = _miss(named, entry, criteria, released, stated, answers, evidence)
    band = "weak" if miss else _band(named, entry, criteria, stated, knowledge)
    band = _in_context(band, named.standing, is_met=not miss and any(_counts(answer) for answer in answers))
    questions = () if miss else tuple(_questions(entry, stated, knowledge))
    links = (*entry.hs, *named.concept.hs)
    met = sum(answer.verdict == Answer.MET for answer in answers)
    candidate = Candidate(
        entry.code,
        entry.root,
        entry.list,
        band,
        _score(band, named, rank, met, agrees=hs is not None and _agrees(hs, links)),
        entry.title,
        entry.equivalents,
        tuple(dict.fromkeys(question.name for question in questions)),
        answers,
        evidence,
        questions,
        named.concept.id,
        miss.reason if miss else None,
        entry.cite,
        criteria_met=criteria is Answer.MET and miss is None,
    )
    yield Rated(candidate, miss, links, named.hit.cover)
    if miss and miss.to:
        onward = knowledge.entry(miss.to)
        if onward is not None and onward.id != entry.id:
            yield Rated(_onward(onward, candidate, miss), None, links, named.hit.cover, is_onward=True)


def _onward(entry: Entry, candidate: Candidate, miss: NearMiss) -> Candidate:
    """Where goods stand that a note has released: on a list of lesser control, so possible at most."""
    why = Evidence(miss.reason, row=f"entry:{entry.id}")
    return Candidate(
        entry.code,
        entry.root,
        entry.list,
        "possible",
        candidate.score + _BASE["possible"] - _BASE["weak"],
        entry.title,
        entry.equivalents,
        parameters=candidate.parameters,
        evidence=(*candidate.evidence, why),
        concept=candidate.concept,
        cite=entry.cite,
    )


def _band(
    named: Named, entry: Entry, criteria: Answer, stated: Mapping[str, tuple[Stated, ...]], knowledge: Knowledge
) -> Band:
    tree = entry.criteria
    decided = tree is not None and criteria is Answer.MET
    figures = frozenset() if tree is None else knowledge.figures(entry)
    raised = decided or (tree is not None and figures_met(tree, stated, figures))
    if tree is not None and not raised and _figure_missed(tree, stated, figures):
        return "possible"
    if named.model is not None or named.hit.strong:
        if not named.concept.usually_below or raised:
            return "likely"
        return "likely" if named.model is not None else "possible"
    return "likely" if raised and not (named.concept.usually_below and not decided) else "possible"


def _in_context(band: Band, standing: Standing, *, is_met: bool) -> Band:
    """A band as the context leaves it: a harmless use does not silence goods that state a value which the entry asks."""
    below = lowered(band, standing.steps)
    return "possible" if standing.used and is_met and below == "weak" else below


def _miss(
    named: Named,
    entry: Entry,
    criteria: Answer,
    released: Release | None,
    stated: Mapping[str, tuple[Stated, ...]],
    answers: tuple[ParameterAnswer, ...],
    evidence: tuple[Evidence, ...],
) -> NearMiss | None:
    if released is not None:
        shown = _shown(released.when, stated)
        return NearMiss(
            entry,
            f"{released.note} (stated: {shown})" if shown else released.note,
            released.to,
            released.cite,
            evidence,
        )
    if criteria is Answer.NOT_MET:
        missed = [answer for answer in answers if answer.verdict == Answer.NOT_MET]
        reason = "; ".join(f"{answer.name}: {answer.stated}, the entry asks {answer.rule}" for answer in missed)
        cite = next((answer.cite for answer in missed if answer.cite), entry.cite)
        return NearMiss(entry, reason or "the stated values do not meet the entry", None, cite, evidence)
    if named.model is not None and named.model.below:
        reason = f"the {named.model.brand} model is known to lie below the threshold"
        return NearMiss(entry, reason, None, named.model.cite, evidence)
    return None


def _figure_missed(criteria: Node, stated: Mapping[str, tuple[Stated, ...]], figures: frozenset[str]) -> bool:
    """Whether a stated figure is on the wrong side of some condition that counts as it stands."""
    return any(
        leaf.parameter in figures and judge_leaf(leaf, stated.get(leaf.parameter, ())) is Answer.NOT_MET
        for leaf in plain_leaves(criteria)
    )


def _shown(node: Node, stated: Mapping[str, tuple[Stated, ...]]) -> str:
    values = [value.shown for leaf in leaves(node) for value in stated.get(leaf.parameter, ())]
    return ", ".join(dict.fromkeys(values))


def _all_leaves(entry: Entry) -> Iterator[tuple[Leaf, str]]:
    """Every leaf of an entry with what takes goods out by it: a release, a NOT of the criteria, or nothing."""
    if entry.criteria:
        yield from _signed_leaves(entry.criteria, "")
    for release in entry.releases:
        yield from ((leaf, _RELEASED) for leaf in leaves(release.when))


def _signed_leaves(node: Node, sign: str) -> Iterator[tuple[Leaf, str]]:
    if isinstance(node, Leaf):
        yield node, sign
        return
    for child in node.nodes:
        yield from _signed_leaves(child, sign if node.kind != "not" else "" if sign else _NOT)


def _answers(entry: Entry, stated: Mapping[str, tuple[Stated, ...]], knowledge: Knowledge) -> Iterator[ParameterAnswer]:
    """One answer a leaf of the criteria, and one a leaf of the releases whose parameter the criteria do not ask.

    What takes goods out answers for the goods being caught: a note that takes out 9 Hz and less is *not met* at 9 Hz.
    """
    seen: set[tuple[str, str, str]] = set()
    asked = {leaf.parameter for leaf, sign in _all_leaves(entry) if sign != _RELEASED}
    for leaf, sign in _all_leaves(entry):
        key = (leaf.parameter, leaf.op, leaf.value)
        parameter = knowledge.parameter(leaf.parameter)
        if key in seen or parameter is None or (sign == _RELEASED and leaf.parameter in asked):
            continue
        seen.add(key)
        values = stated.get(leaf.parameter, ())
        verdict = judge_leaf(leaf, values)
        if sign:
            verdict = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET}.get(verdict, verdict)
        yield ParameterAnswer(
            parameter.name,
            " / ".join(dict.fromkeys(value.shown for value in values)) or None,
            verdict.value,
            parameter.id,
            f"{sign}{leaf.op} {leaf.value} {leaf.unit}".rstrip(),
            leaf.cite or entry.cite,
            next((value.span for value in values if value.span), None),
            source_of(values),
        )


def source_of(values: Iterable[Stated]) -> str | None:
    """Who stated a value: the line, a known model, or the officer's answer; None where nobody did."""
    rows = [(value.row or "line").partition(":")[0] for value in values]
    return rows[0] if rows else None


def _questions(entry: Entry, stated: Mapping[str, tuple[Stated, ...]], knowledge: Knowledge) -> Iterator[Question]:
    """What is not stated and may still decide, criteria before releases."""
    asked: set[str] = set()
    nodes = [*([entry.criteria] if entry.criteria else []), *(release.when for release in entry.releases)]
    for node in nodes:
        for leaf in open_leaves(node, stated):
            parameter = knowledge.parameter(leaf.parameter)
            if parameter is not None and parameter.id not in asked:
                asked.add(parameter.id)
                yield Question(
                    parameter.id,
                    parameter.name,
                    parameter.ask,
                    entry.code,
                    entry.list,
                    parameter.dimension,
                    parameter.unit,
                    parameter.choices,
                )


def _evidence(named: Named, entry: Entry, answers: Iterable[ParameterAnswer], bound: Bound) -> tuple[Evidence, ...]:
    """What counted: the words that name the class (stretches, where others stand between) and the values."""
    line, concept = bound.line, named.concept
    found = [
        Evidence(f"names: {concept.name}", span=span, row=f"concept:{concept.id}")
        for span in stretches(bound, named.hit.cover)
    ]
    if named.model is not None:
        found.append(
            Evidence(
                f"known model of {named.model.brand}",
                span=named.model_span,
                row=f"model:{named.model.id}",
            )
        )
    for answer in answers:
        if answer.stated is not None:
            row = f"answer:{answer.id}" if answer.source == "answer" else f"entry:{entry.id}"
            word = {"met": "meets", "not_met": "does not meet", "not_stated": "does not decide"}[answer.verdict]
            found.append(Evidence(f"{answer.name} {answer.stated} {word} {answer.rule}", span=answer.span, row=row))
    if named.standing.why:
        span = named.standing.span or line.span(named.hit.first, named.hit.last)
        found.append(Evidence(named.standing.why, span=span))
    return tuple(found)


def stretches(bound: Bound, cover: frozenset[int]) -> list[tuple[int, int]]:
    """The spans of the original that a set of words makes, neighbours joined."""
    spans: list[tuple[int, int]] = []
    last = -2
    for place in sorted(cover):
        word = bound.line.words[place]
        if place == last + 1:
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
        last = place
    return spans


def _agrees(hs: str, links: Iterable[HsLink]) -> bool:
    return any(hs.startswith(link.hs) or link.hs.startswith(hs) for link in links)


def _score(band: Band, named: Named, rank: int, met: int, *, agrees: bool) -> float:
    words = min(_MOST_WORDS, len(named.hit.cover))
    score = _BASE[band] + _WORD_STEP * words - _ROUTE_STEP * min(rank, 5)
    score -= _ASIDE * named.standing.aside
    score += _STRONG * named.hit.strong + _MODEL * (named.model is not None) + _MET * min(met, 4) + _HS * agrees
    return min(1.0, max(0.0, score))
