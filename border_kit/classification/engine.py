"""From a goods line to the control entries it may fall under, the questions still open, or an honest nothing.

The way: fold and cut the line · repair unknown words · find phrases and patterns · the longest match names the class · contexts
that make it harmless · routes to entries and three-valued criteria · bands by rule · HS as tie-break and finding, never a veto.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from border_kit.catalog import goods
from border_kit.catalog.volumes import Catalog
from border_kit.classification import answers as answered
from border_kit.classification import report
from border_kit.classification.channels import chemicals, codes, near, sentences
from border_kit.classification.extract import Codes, extract, normal_hs
from border_kit.classification.lookup import Lookup
from border_kit.classification.match import Hit, find_hits, find_patterns, longest, sure_of
from border_kit.classification.model import BANDS, Candidate, Classification, LineVerdict, questions
from border_kit.classification.quantities import find_quantities
from border_kit.classification.repair import repaired
from border_kit.classification.rules import rating
from border_kit.classification.rules.binding import Bound, words_at
from border_kit.classification.rules.context import Context, vocabulary_of
from border_kit.classification.rules.criteria import Stated
from border_kit.classification.rules.knowledge import Knowledge, Model
from border_kit.classification.rules.rating import Named, NearMiss, Rated, capped
from border_kit.classification.rules.vague import is_vague
from border_kit.classification.words import grammar as grammar_of
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line, cut, recut, reread, safe, words_of
from border_kit.findings import Finding, Subject
from border_kit.text import MAX_FIELD

MOST_CANDIDATES = 8
"""Docs/interfaces.md: at most eight."""

_MOST_KEPT = 4096
_MOST_CLASSES = 200
_Key = tuple[str, str | None, tuple[tuple[str, str], ...]]

__all__ = ["Classifier", "questions"]


@dataclass(slots=True)
class _Reading:
    """One line on its way through the engine."""

    line: Line
    hits: list[Hit]
    context: Context
    bound: Bound
    codes: Codes
    hs: str | None
    vague: bool
    models: list[tuple[Hit, Model]] = field(default_factory=list)
    classes: list[Hit] = field(default_factory=list)
    """Everything that names a product class: phrases, patterns, known models, UN numbers, or near words."""
    diluted: frozenset[int] = frozenset()
    """Words that name chemicals whose stated share is not caught: a class that only they name is not there either."""


@dataclass(slots=True)
class Classifier:
    """Classifies goods lines against the controls of an open catalog. It belongs to one thread, as the catalog does."""

    catalog: Catalog
    _grammar: Grammar = field(default_factory=grammar_of.load)
    _lookup: Lookup = field(init=False)
    _knowledge: Knowledge = field(init=False)
    _kept: dict[_Key, Classification] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.catalog.info("controls")
        self._lookup = Lookup(self.catalog)
        self._knowledge = Knowledge(self.catalog)

    def classify(
        self, text: str, hs: str | None = None, ref: str = "1", answers: Mapping[str, str] | None = None
    ) -> Classification:
        """Classify one line.

        Args:
            text: the description, any string; spans in the answer are offsets into it.
            hs: the declared HS code, in any spelling; what is no code is ignored.
            ref: how findings name the line.
            answers: what the officer answered (parameter → yes, no, not_known, a choice, or a value with its unit).

        Raises:
            CatalogError: the controls volume or its index is missing or damaged.
            UsageError: an answer is about no parameter, or is no value of it.
        """
        key = (text, hs, tuple(sorted((answers or {}).items())))
        known = self._kept.get(key)
        if known is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            known = self._kept[key] = self._classify(text, hs, answered.read(answers or {}, self._knowledge))
        subject = Subject("line", ref)
        return replace(known, findings=tuple(replace(item, subject=subject) for item in known.findings))

    def knows(self, words: Collection[str]) -> frozenset[str]:
        """Which of these folded words stand in the vocabulary: of the control knowledge, of ordinary trade, of imported texts."""
        return frozenset(self._lookup.words(words))

    def check_answer(self, parameter: str, answer: str) -> None:
        """Whether an answer could be used. Raises UsageError where it is about no parameter, or is no value of it."""
        answered.read({parameter: answer}, self._knowledge)

    def _classify(self, text: str, hs: str | None, answers: Mapping[str, tuple[Stated, ...]]) -> Classification:
        reading = self._read(safe(text), hs, answers)
        reading.models = self._models(reading)
        reading.classes = self._class_hits(reading)
        rated = [
            *codes.rate(reading.codes.control, self._knowledge),
            *self._chemicals(reading),
            *self._classes(reading),
        ]
        rated += _new_roots(rated, sentences.rate(reading.line, self._grammar, self._lookup, self._knowledge))
        if reading.vague:
            rated = [item._replace(candidate=capped(item.candidate)) for item in rated]
        candidates = _merged(rated)
        verdict = _verdict(candidates)
        named = frozenset(self._named(reading))
        answer = Classification(verdict, candidates, (), self.catalog.info("controls").demo, named)
        findings = tuple(self._findings(reading, rated, answer, len(text)))
        return replace(answer, findings=findings)

    def _read(self, text: str, hs: str | None, answers: Mapping[str, tuple[Stated, ...]]) -> _Reading:
        grammar = self._grammar
        line = cut(text, grammar)
        words = repaired(line, self._lookup)
        if words is not None:
            line = recut(line, words, grammar)
        hits = sure_of(line, find_hits(line, self._lookup))
        named = frozenset(place for hit in hits if len(hit.cover) > 1 and hit.kind in _NAMING for place in hit.cover)
        if named:
            reread(line, grammar, named)
        found = extract(text)
        quantities = find_quantities(text, grammar)
        negatives = [hit for hit in hits if hit.kind == "negative"]
        vocabulary = vocabulary_of((word.text for word in line.words), self._lookup)
        spans = [quantity.span for quantity in quantities]
        spans += [code.span for group in (found.hs, found.un, found.cas, found.control) for code in group]
        figures = frozenset(place for span in spans for place in range(*words_at(line, span)))
        context = Context(line, grammar, self._lookup, self._knowledge, negatives, vocabulary, figures)
        declared = normal_hs(hs) or next((code.value for code in found.hs), None)
        is_numbered = found.control or found.cas or any(self._knowledge.is_un(code.value) for code in found.un)
        empty = is_vague(line, hits, grammar, figures) and not is_numbered
        bound = Bound(line, quantities, hits, self._knowledge, answers)
        return _Reading(line, hits, context, bound, found, declared, empty)

    def _chemicals(self, reading: _Reading) -> Iterator[Rated]:
        hits = longest(reading.line, [hit for hit in reading.hits if hit.kind == "chemical"])
        standing = [(hit, reading.context.standing(hit)) for hit in hits[:_MOST_CLASSES]]
        found_all = chemicals.find(
            reading.codes.cas, reading.codes.un, standing, reading.line, self._grammar, self._knowledge
        )
        for found in found_all:
            rated = list(chemicals.rate(found, found_all, reading.bound, self._grammar, self._knowledge))
            if rated and all(item.miss for item in rated):
                reading.diluted |= frozenset(
                    place for hit in hits if hit.id == found.chemical.id for place in hit.cover
                )
            yield from rated

    def _classes(self, reading: _Reading) -> Iterator[Rated]:
        """The rated entries of every product class that the line names.

        A known model outweighs a class that only a noun names, and a near miss caps the classes that share its words; and the shorter names that it had silenced are heard again, for the
        goods may still be what those say (a hardened circuit that is not hard enough is a circuit).
        """
        models = reading.models
        found = [hit for hit in reading.classes if not hit.cover <= reading.diluted]
        groups = self._rated(reading, found, models)
        brands = {model.concept for hit, model in models if reading.line.role[hit.first] == ""}
        missed = {named.concept.id: named.hit.cover for named, rated in groups if rated and rated[0].miss is not None}
        if missed:
            heard = {named.concept.id for named, _ in groups}
            others = [hit for hit in found if hit.id not in missed]
            for named, rated in self._rated(reading, others, models):
                if named.concept.id not in heard:
                    yield from (item._replace(candidate=capped(item.candidate)) for item in rated)
        for named, rated in groups:
            beside = any(cover & named.hit.cover and len(cover) >= len(named.hit.cover) for cover in missed.values())
            outweighed = bool(brands) and named.concept.id not in brands
            for item in rated:
                unsure = outweighed or (beside and not item.is_met)
                yield item._replace(candidate=capped(item.candidate)) if unsure else item

    def _class_hits(self, reading: _Reading) -> list[Hit]:
        found = [hit for hit in reading.hits if hit.kind in ("name", "weak")]
        found += find_patterns(reading.line, reading.hits, self._lookup, self._grammar)
        found += [hit._replace(id=model.concept) for hit, model in reading.models]
        found += self._by_un_number(reading)
        if not found and not reading.context.negatives and not reading.vague:
            found = near.find(reading.line, reading.context.figures, self._lookup, self._grammar)
        return self._one_language(found)[:_MOST_CLASSES]

    def _by_un_number(self, reading: _Reading) -> Iterator[Hit]:
        """A UN number names a product class as its name would ("UN 0029": detonators)."""
        for code in reading.codes.un:
            first, last = words_at(reading.line, code.span)
            for concept, strong in self._knowledge.concepts_by_un(code.value) if first < last else ():
                yield Hit("name" if strong else "weak", concept.id, "*", "", frozenset(range(first, last)), first, last)

    def _rated(
        self, reading: _Reading, hits: list[Hit], models: list[tuple[Hit, Model]]
    ) -> list[tuple[Named, list[Rated]]]:
        """The classes that the longest of some hits name, each by its best match, with their entries rated."""
        by_concept = {model.concept: (model, reading.line.span(hit.first, hit.last)) for hit, model in reversed(models)}
        best: dict[str, Named] = {}
        for hit in longest(reading.line, hits):
            concept = self._knowledge.concept(hit.id)
            standing = reading.context.standing(hit)
            if concept is None or standing.harmless is not None:
                continue
            named = Named(concept, hit, standing, *by_concept.get(concept.id, (None, None)))
            if concept.id not in best or _rank(named) > _rank(best[concept.id]):
                best[concept.id] = named
        return [(named, rating.rate(named, reading.bound, self._knowledge, reading.hs)) for named in best.values()]

    def _named(self, reading: _Reading) -> Iterator[str]:
        """What the line names as its goods, be it controlled or not: product classes and atoms."""
        kinds = {"name": "concept", "weak": "concept", "pattern": "concept", "weak_pattern": "concept", "atom": "atom"}
        found = reading.classes + [hit for hit in reading.hits if hit.kind == "atom"]
        for hit in found[:_MOST_CLASSES]:
            is_goods = reading.line.role[hit.first] in ("", "with")
            if hit.kind in kinds and is_goods and reading.context.standing(hit).harmless is None:
                yield f"{kinds[hit.kind]}:{hit.id}"

    def _one_language(self, hits: list[Hit]) -> list[Hit]:
        """One hit for a word that many languages share: read in one whose head noun stands last, where there is one."""
        first = self._grammar.first_headed
        chosen: dict[tuple[str, str, frozenset[int]], Hit] = {}
        for hit in hits:
            key = (hit.kind, hit.id, hit.cover)
            if key not in chosen or (chosen[key].language in first and hit.language not in first):
                chosen[key] = hit
        return list(chosen.values())

    def _models(self, reading: _Reading) -> list[tuple[Hit, Model]]:
        """The known models of a line, the longest names first; a name that needs its brand counts only with it."""
        hits = [hit for hit in reading.hits if hit.kind == "model"]
        present = {word.text for word in reading.line.words}
        found = []
        for hit in hits:
            if any(hit.cover < other.cover for other in hits):
                continue
            model = self._knowledge.model(hit.id)
            if model is None:
                continue
            brand = {word.text for word in words_of(model.brand, self._grammar)}
            if not model.needs_brand or brand <= present:
                found.append((hit, model))
        found.sort(key=lambda item: (-len(item[0].cover), item[0].first))
        return found

    def _findings(
        self, reading: _Reading, rated: list[Rated], answer: Classification, length: int
    ) -> Iterator[Finding]:
        subject = Subject("line", "")
        if length > MAX_FIELD:
            yield report.cut_off(subject, MAX_FIELD)
        if reading.vague:
            yield report.vague(subject, reading.line.original)
        yield from report.stated_codes(reading.codes.control, rated, subject)
        kept = {candidate.entry for candidate in answer.candidates if candidate.band != "weak"}
        yield from report.near_misses(_told_misses(rated), kept, subject)
        if reading.hs:
            yield from self._hs_findings(reading.hs, rated, answer, subject)
        yield from report.questions(questions(answer), subject)
        yield from answered.findings(reading.bound.answers, answer.candidates, self._knowledge, subject)

    def _hs_findings(self, hs: str, rated: list[Rated], answer: Classification, subject: Subject) -> Iterator[Finding]:
        if answer.verdict != "none":
            links = [link for item in rated if item.candidate.band != "weak" for link in item.hs]
            found = report.hs_disagrees(
                hs,
                links,
                answer.candidates[0],
                subject,
                as_of=self.catalog.info("controls").edition,
                goods=goods.described(self.catalog, hs),
            )
            if found is not None:
                yield found
        yield from report.watched(hs, self._knowledge, subject)


_NAMING = frozenset({"name", "weak", "atom", "model", "chemical"})


def _new_roots(rated: list[Rated], others: Iterable[Rated]) -> list[Rated]:
    """Of candidates by wording, those that say something new: no root that a stronger channel has, here or as equivalent."""
    offered = [item.candidate for item in rated]
    roots = {candidate.root for candidate in offered}
    codes = {code for candidate in offered for code in candidate.equivalents}
    return [item for item in others if item.candidate.root not in roots and item.candidate.code not in codes]


def _told_misses(rated: list[Rated]) -> Iterator[NearMiss]:
    """The near misses worth telling: not those of a class that meets another of its entries ("not in the lesser one")."""
    caught = {
        item.candidate.concept
        for item in rated
        if item.miss is None and not item.is_onward and item.is_met and item.candidate.band != "weak"
    }
    for item in rated:
        if item.miss is not None and (item.miss.to or item.candidate.concept not in caught):
            yield item.miss


def _rank(named: Named) -> tuple[int, bool, int]:
    return (-named.standing.steps, named.hit.strong, len(named.hit.cover))


def _merged(rated: Iterable[Rated]) -> tuple[Candidate, ...]:
    """One candidate an entry, the best of them; best first, at most eight."""
    best: dict[str, Candidate] = {}
    for item in rated:
        candidate = item.candidate
        known = best.get(candidate.entry)
        if known is None:
            best[candidate.entry] = candidate
        elif _order(candidate) < _order(known):
            best[candidate.entry] = _joined(candidate, known)
        else:
            best[candidate.entry] = _joined(known, candidate)
    return tuple(sorted(best.values(), key=_order)[:MOST_CANDIDATES])


def _joined(better: Candidate, other: Candidate) -> Candidate:
    evidence = tuple(dict.fromkeys((*better.evidence, *other.evidence)))
    return replace(better, evidence=evidence, parameters=better.parameters or other.parameters)


def _order(candidate: Candidate) -> tuple[int, float, bool, str]:
    return (BANDS.index(candidate.band), -candidate.score, candidate.list != "EU-DU", candidate.code)


def _verdict(candidates: tuple[Candidate, ...]) -> LineVerdict:
    best = candidates[0].band if candidates else "weak"
    return "none" if best == "weak" else best
