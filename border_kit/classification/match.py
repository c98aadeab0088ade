"""Phrases and patterns of the index found in a line: what it names, with the words that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from border_kit.classification.goods import is_goods
from border_kit.classification.lookup import Lookup, Owner, Pattern, Phrase
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line, neighbours
from border_kit.classification.words.stems import keys, script

WINDOW = 8.0
"""A pattern's atoms stand within this many words (docs/catalog-sources.md)."""

_MOST_HITS = 4000
_MOST_PLACES = 200
_LONG_NUMBER = 4
_NAME_LETTERS = 3
_SURE_LETTERS = 7
"""Letters from which on a single word that was corrected still names something."""


class Hit(NamedTuple):
    """A phrase or pattern found: whose it is, and the places of the words it covers (`first` to `last`, excluded)."""

    kind: str
    id: str
    language: str
    rank: str
    cover: frozenset[int]
    first: int
    last: int

    @property
    def strong(self) -> bool:
        """Whether it means its class by itself."""
        return self.kind in ("name", "pattern", "model")


class _Edge(NamedTuple):
    """One way to read a stretch of the line as one word."""

    start: int
    end: int
    keys: frozenset[str]


def find_hits(line: Line, lookup: Lookup) -> list[Hit]:
    """Every authored phrase that stands in a line, in the order of the line."""
    edges = _edges(line, lookup)
    starting: dict[int, list[_Edge]] = {}
    ending: dict[int, list[_Edge]] = {}
    by_key: dict[str, list[_Edge]] = {}
    for edge in edges:
        starting.setdefault(edge.start, []).append(edge)
        ending.setdefault(edge.end, []).append(edge)
        for key in edge.keys:
            by_key.setdefault(key, []).append(edge)
    finder = _Finder(line, starting, ending)
    found: dict[Hit, None] = {}
    for anchor, phrases in lookup.phrases(by_key).items():
        for edge in by_key[anchor][:_MOST_PLACES]:
            for phrase in phrases:
                for hit in finder.hits(phrase, anchor, edge):
                    found[hit] = None
            if len(found) > _MOST_HITS:
                break
    return sorted(found, key=lambda hit: (hit.first, hit.last, hit.kind, hit.id, hit.language, hit.rank))


def _edges(line: Line, lookup: Lookup) -> list[_Edge]:
    edges = [_Edge(place, place + 1, frozenset(keys(word.text))) for place, word in enumerate(line.words)]
    joins = neighbours(line.words)
    known = lookup.words(text for _, text in joins)
    edges += [_Edge(place, place + 2, frozenset(keys(text))) for place, text in joins if text in known]
    return edges


class _Finder(NamedTuple):
    line: Line
    starting: dict[int, list[_Edge]]
    ending: dict[int, list[_Edge]]

    def hits(self, phrase: Phrase, anchor: str, edge: _Edge) -> Iterator[Hit]:
        """The hits of a phrase whose anchor word is read at `edge`."""
        for place, key in enumerate(phrase.words):
            if key != anchor or not self._may_follow(phrase, place, edge.start):
                continue
            for first in self._backward(phrase, place - 1, edge.start):
                for last in self._forward(phrase, place + 1, edge.end):
                    if self._starts_well(first):
                        yield from self._owned(phrase, first, last)

    def _backward(self, phrase: Phrase, place: int, end: int) -> Iterator[int]:
        if place < 0:
            yield end
            return
        for edge in self.ending.get(end, ()):
            if phrase.words[place] in edge.keys and self._may_follow(phrase, place, edge.start) and self._adjacent(end):
                yield from self._backward(phrase, place - 1, edge.start)

    def _forward(self, phrase: Phrase, place: int, start: int) -> Iterator[int]:
        if place == len(phrase.words):
            yield start
            return
        if start < len(self.line.words) and self._adjacent(start) and self._may_follow(phrase, place, start):
            for edge in self.starting.get(start, ()):
                if phrase.words[place] in edge.keys:
                    yield from self._forward(phrase, place + 1, edge.end)

    def _adjacent(self, place: int) -> bool:
        """Whether a word stands next to the one before it, with no mark between that ends a segment."""
        word = self.line.words[place]
        return self.line.segment[place] == self.line.segment[place - 1] or (
            not any(char.isspace() for char in word.gap) and self.line.clause[place] == self.line.clause[place - 1]
        )

    def _may_follow(self, phrase: Phrase, place: int, start: int) -> bool:
        """`h100` is not `H 100`: what is glued in a short name must be glued, or hyphened, on the line."""
        if not place or phrase.glue[place] == "0":
            return True
        word = self.line.words[start]
        if word.glued or word.gap in ("-", "/", "."):
            return True
        letters = phrase.words[place - 1].partition(":")[2]
        return word.gap == " " and letters.isalpha() and len(letters) >= _NAME_LETTERS

    def _starts_well(self, first: int) -> bool:
        word = self.line.words[first]
        return (
            not word.glued or script(word.text) == "other" or (word.text.isalpha() and len(word.text) > _NAME_LETTERS)
        )

    def _owned(self, phrase: Phrase, first: int, last: int) -> Iterator[Hit]:
        cover = frozenset(range(first, last))
        for owner in phrase.owners:
            if owner.kind != "model" or self._ends_name(last):
                yield Hit(owner.kind, owner.id, owner.language, owner.rank, cover, first, last)

    def _ends_name(self, last: int) -> bool:
        """`mavic 3` is not the `Mavic 3T`: a short number in a name may not run on into one or two letters."""
        if last >= len(self.line.words) or not self.line.words[last].glued:
            return True
        number, following = self.line.words[last - 1].text, self.line.words[last].text
        if not number.isdigit():
            return True
        return len(number) >= _LONG_NUMBER or len(following) >= _NAME_LETTERS


def sure_of(line: Line, hits: list[Hit]) -> list[Hit]:
    """The hits without those that one corrected word makes alone: "satin" is no sarin. A longer one is left as a weak name."""
    kept = []
    for hit in hits:
        words = [line.words[place] for place in hit.cover]
        if len(words) > 1 or not words[0].corrected or hit.kind not in ("name", "weak", "chemical", "model"):
            kept.append(hit)
        elif hit.kind in ("name", "weak") and len(words[0].text) >= _SURE_LETTERS:
            kept.append(hit._replace(kind="weak"))
    return kept


def find_patterns(line: Line, hits: Iterable[Hit], lookup: Lookup, grammar: Grammar) -> list[Hit]:
    """The patterns whose atoms stand together in one clause, each by its narrowest place.

    What a line denies is no atom of it, be it by a preposition ("without GPS") or inside a name ("non-cooled" is not cooled).
    """
    every = list(hits)
    names = [hit for hit in every if hit.kind in ("name", "weak", "model")]
    found_atoms = [hit for hit in every if hit.kind == "atom" and not (is_goods(hit.id) and _is_part(hit, names))]
    denying = [hit for hit in found_atoms if len(hit.cover) > 1 and _denies(line, hit, grammar)]
    atoms: dict[str, list[Hit]] = {}
    for hit in found_atoms:
        if line.role[hit.first] != "without" and not any(hit.cover < other.cover for other in denying):
            atoms.setdefault(hit.id, []).append(hit)
    found: list[Hit] = []
    for anchor, patterns in lookup.patterns(atoms).items():
        for pattern in patterns:
            if all(slot in atoms for slot in pattern.slots):
                found += _narrowest(line, pattern, anchor, atoms)
    return found


def _is_part(hit: Hit, names: list[Hit]) -> bool:
    """Whether a name is part of a longer one: a glue gun is no gun."""
    return any(hit.cover < other.cover for other in names)


def _is_headed(line: Line, pattern: Pattern, placed: tuple[Hit, ...]) -> bool:
    """Whether the head slot of a pattern is what the goods are: "drawings of a radar", not "radar with drawings" nor a list."""
    head = next((hit for hit in placed if hit.id == pattern.head), None)
    if head is None:
        return True
    same = all(line.segment[hit.first] == line.segment[head.first] for hit in placed)
    return line.role[head.first] == "" and (same or head.first == min(hit.first for hit in placed))


def _denies(line: Line, hit: Hit, grammar: Grammar) -> bool:
    return grammar.roles.get((line.words[hit.first].text,)) == "without"


def _narrowest(line: Line, pattern: Pattern, anchor: str, atoms: dict[str, list[Hit]]) -> list[Hit]:
    """The narrowest placing of a pattern in each clause that holds one."""
    rest = list(pattern.slots)
    rest.remove(anchor)
    best: dict[int, tuple[float, tuple[Hit, ...]]] = {}
    for hit in atoms[anchor][:_MOST_PLACES]:
        clause = line.clause[hit.first]
        for placed in _placings(line, rest, (hit,), atoms):
            width = _width(line, placed)
            if not _is_headed(line, pattern, placed):
                continue
            if clause not in best or width < best[clause][0]:
                best[clause] = (width, placed)
    return [_pattern_hit(pattern, placed) for _, placed in best.values()]


def _placings(
    line: Line, rest: list[str], placed: tuple[Hit, ...], atoms: dict[str, list[Hit]]
) -> Iterator[tuple[Hit, ...]]:
    if not rest:
        yield placed
        return
    for hit in atoms[rest[0]]:
        if line.clause[hit.first] != line.clause[placed[0].first] or any(hit.cover & other.cover for other in placed):
            continue
        if _width(line, (*placed, hit)) <= WINDOW:
            yield from _placings(line, rest[1:], (*placed, hit), atoms)


def _width(line: Line, placed: tuple[Hit, ...]) -> float:
    """From the first word to the end of the last, counted in words."""
    last = max(hit.last for hit in placed) - 1
    return line.place[last] - line.place[min(hit.first for hit in placed)] + 1.0


def _pattern_hit(pattern: Pattern, placed: tuple[Hit, ...]) -> Hit:
    cover = frozenset[int]().union(*(hit.cover for hit in placed))
    language = placed[0].language
    kind = "pattern" if pattern.strong else "weak_pattern"
    return Hit(kind, pattern.concept, language, "", cover, min(cover), max(cover) + 1)


def longest(line: Line, hits: list[Hit]) -> list[Hit]:
    """Drop a class whose words are all part of a longer match of another class (`drone` in `drone propeller`).

    A weak match does not silence a strong one, unless it names the goods and the strong one only what they are for: what
    a compound is, its last word says, and in "propellers for drones" the word before "for".
    """
    kept = []
    for hit in hits:
        covering = (
            other for other in hits if other.id != hit.id and hit.cover < other.cover and _names_goods(line, hit, other)
        )
        if next(covering, None) is None:
            kept.append(hit)
    return kept


def _names_goods(line: Line, hit: Hit, other: Hit) -> bool:
    if other.strong or not hit.strong or other.last > hit.last:
        return True
    return all(line.role[place] == "for" for place in hit.cover) and any(
        line.role[place] == "" for place in other.cover
    )


__all__ = ["Hit", "Owner", "find_hits", "find_patterns", "longest", "sure_of"]
