"""Chemicals by CAS number, UN number, name or synonym, and whether the concentration of a mixture catches it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from border_kit.classification.answers import CONCENTRATION
from border_kit.classification.extract import Code
from border_kit.classification.match import Hit
from border_kit.classification.model import Band, Candidate, ParameterAnswer, Question
from border_kit.classification.rules.binding import Bound, words_at
from border_kit.classification.rules.context import Standing
from border_kit.classification.rules.criteria import Answer, Leaf, Stated, judge_leaf
from border_kit.classification.rules.knowledge import Chemical, Entry, Knowledge
from border_kit.classification.rules.rating import NearMiss, Rated, lowered, source_of
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.findings import Evidence

_ASK = "What is the concentration of {name}, in per cent by weight?"
_SCORE = {"likely": 0.9, "possible": 0.55, "weak": 0.2}
_BY_NUMBER = 0.03
_STEP = 0.01
_NEXT = 3
"""Words behind "in" among which the solvent stands ("in 70 % methanol")."""
_BY_VOLUME = ("v/v", "vol", "(v/v", "(vol", "об")


class Found(NamedTuple):
    """A chemical that a line names: by a number or by a name in `hit`, at `span`; `how` says by what."""

    chemical: Chemical
    span: tuple[int, int]
    how: str
    standing: Standing
    cover: frozenset[int] = frozenset()

    @property
    def by_name(self) -> bool:
        """Whether only a name says so."""
        return bool(self.cover)


def find(
    cas: Iterable[Code],
    un: Iterable[Code],
    hits: Iterable[tuple[Hit, Standing]],
    line: Line,
    grammar: Grammar,
    knowledge: Knowledge,
) -> list[Found]:
    """The chemicals of a line, each once; a CAS number outweighs a UN number, and that a name."""
    found: dict[str, Found] = {}
    for code in cas:
        for chemical in knowledge.chemicals_by_cas(code.value):
            found.setdefault(chemical.id, Found(chemical, code.span, f"CAS number of {chemical.name}", Standing()))
    for code in un:
        for chemical in knowledge.chemicals_by_un(code.value):
            how = f"UN {code.value} is the number of {chemical.name}"
            found.setdefault(chemical.id, Found(chemical, code.span, how, Standing()))
    for hit, standing in hits:
        named = knowledge.chemical(hit.id)
        if named is not None and standing.harmless is None and not _is_salt(hit, line, grammar):
            span = line.span(hit.first, hit.last)
            found.setdefault(
                named.id, Found(named, span, f"names the chemical {named.name}", standing, cover=hit.cover)
            )
    return list(found.values())


def _is_salt(hit: Hit, line: Line, grammar: Grammar) -> bool:
    """Whether the next word makes another compound of a name: hydrazine sulfate is no hydrazine."""
    return (
        hit.last < len(line.words)
        and not line.words[hit.last].gap.strip()
        and line.words[hit.last].text in grammar.salts
    )


def rate(
    found: Found, others: Iterable[Found], bound: Bound, grammar: Grammar, knowledge: Knowledge
) -> Iterator[Rated]:
    """The entries of a chemical, rated. Named and nothing against it is likely; in a mixture of unknown strength, possible."""
    chemical = found.chemical
    stated = bound.answers.get(CONCENTRATION.id) or tuple(_concentrations(found, others, bound, grammar))
    leaf = (
        Leaf(CONCENTRATION.id, ">", str(chemical.concentration), "%", chemical.cite)
        if chemical.concentration is not None
        else None
    )
    verdict = judge_leaf(leaf, stated) if leaf else Answer.NOT_STATED
    mixed = _is_mixed(found, bound.line, grammar)
    entries = dict.fromkeys(entry for key in chemical.entries if (entry := knowledge.nearest(key)))
    for rank, entry in enumerate(entries):
        yield _rated(found, entry, rank, leaf, stated, verdict, mixed=mixed)


def _concentrations(found: Found, others: Iterable[Found], bound: Bound, grammar: Grammar) -> Iterator[Stated]:
    """The shares that a line states of one chemical: those nearer to it than to another one, and not its solvent's.

    A share in the chemical's own segment keeps others off; one elsewhere counts where nothing else is named beside it ("purity 98 %").
    """
    line = bound.line
    own = words_at(line, found.span)
    rivals = [words_at(line, other.span) for other in others if other.chemical.id != found.chemical.id]
    shares = [
        (quantity, words_at(line, quantity.span)) for quantity in bound.quantities if quantity.dimension == "percent"
    ]
    shares = [share for share in shares if share[1][0] < len(line.words)]
    home = line.segment[own[0]] if own[0] < len(line.words) else 0
    beside = [share for share in shares if line.segment[share[1][0]] == home]
    for quantity, at in beside or shares:
        if any(_gap(at, rival) < _gap(at, own) for rival in rivals) or _is_solvents(at, own, line, grammar):
            continue
        if not beside and any(
            line.segment[place] == line.segment[at[0]] and _is_substance(line.words[place].text, grammar)
            for place in range(len(line.words))
        ):
            continue
        by_weight = not line.original[quantity.span[1] :].lstrip().casefold().startswith(_BY_VOLUME)
        yield Stated(quantity.text, quantity.unit, quantity.readings if by_weight else (), span=quantity.span)


def _gap(left: tuple[int, int], right: tuple[int, int]) -> int:
    return max(left[0] - right[1], right[0] - left[1], 0)


def _is_solvents(at: tuple[int, int], own: tuple[int, int], line: Line, grammar: Grammar) -> bool:
    """Whether a share stands behind "in", behind the chemical, and before a word: `… in 70 % methanol`."""
    before = range(own[1], at[0])
    behind = line.words[at[1]].text if at[1] < len(line.words) else ""
    return any(line.words[place].text in grammar.dissolved for place in before) and _is_substance(behind, grammar)


def _is_substance(word: str, grammar: Grammar) -> bool:
    named = word.isalpha() and len(word) > 2  # units
    return named and word not in grammar.stop | grammar.mixture | grammar.trailing | grammar.purity


def _is_mixed(found: Found, line: Line, grammar: Grammar) -> bool:
    """Whether the line speaks of a mixture: it says so, or names what the chemical stands in ("in methanol")."""
    if any(word.text in grammar.mixture for word in line.words):
        return True
    behind = range(words_at(line, found.span)[1], len(line.words) - 1)
    return any(
        line.words[place].text in grammar.dissolved
        and any(_is_substance(word.text, grammar) for word in line.words[place + 1 : place + 1 + _NEXT])
        for place in behind
    )


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
    chemical, name = found.chemical, CONCENTRATION.name
    evidence = [_named(found)]
    answers: tuple[ParameterAnswer, ...] = ()
    if leaf is not None:
        shown = " / ".join(dict.fromkeys(value.shown for value in stated)) or None
        rule = f"> {leaf.value} %"
        span = next((value.span for value in stated if value.span), None)
        answers = (
            ParameterAnswer(
                name, shown, verdict.value, CONCENTRATION.id, rule, leaf.cite, span, source_of(stated)
            ),
        )  # fmt: skip
        if shown is not None:
            word = {"met": "meets", "not_met": "does not meet", "not_stated": "does not decide"}[verdict.value]
            evidence.append(Evidence(f"{name} {shown} {word} {rule}", span=span, row=f"chemical:{chemical.id}"))
    is_open = verdict is Answer.NOT_STATED and (leaf is not None or mixed)
    band: Band = "weak" if verdict is Answer.NOT_MET else "possible" if mixed and is_open else "likely"
    miss = None
    if verdict is Answer.NOT_MET and leaf is not None:
        reason = f"{name}: {answers[0].stated}, a mixture is caught above {leaf.value} %"
        miss = NearMiss(entry, reason, None, chemical.cite, tuple(evidence))
    band = lowered(band, found.standing.steps)
    ask = Question(CONCENTRATION.id, name, _ASK.format(name=chemical.name), entry.code, entry.list, "percent", "%")
    candidate = Candidate(
        entry.code,
        entry.root,
        entry.list,
        band,
        _SCORE[band] + _BY_NUMBER * (not found.by_name) - _STEP * rank,
        entry.title,
        entry.equivalents,
        (name,) if is_open else (),
        answers,
        tuple(evidence),
        (ask,) if is_open else (),
        None,
        miss.reason if miss else None,
        chemical.cite,
        criteria_met=verdict is Answer.MET or (leaf is None and not mixed),
    )
    return Rated(candidate, miss, entry.hs, found.cover)


def _named(found: Found) -> Evidence:
    chemical = found.chemical
    schedule = f", schedule {chemical.schedule}" if chemical.schedule else ""
    return Evidence(found.how + schedule, span=found.span, row=f"chemical:{chemical.id}")
