"""Where a product class stands in its line: is it the goods themselves, an accessory of them, absent, or a toy?

"Propellers for drones" are propellers; "camera without GPS" has none; "toy drone" is a toy. What stands behind "with" is
in the parcel and negates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from border_kit.classification.lookup import CONTROL, ORDINARY, Lookup
from border_kit.classification.match import Hit
from border_kit.classification.rules.knowledge import Knowledge, Negative
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.classification.words.stems import LATIN_LANGUAGES, script, stem

_NEXT = 2
"""A harmless head noun may stand up to this many words behind the class ("thermal camera carrying case")."""


class Standing(NamedTuple):
    """What the context makes of a class: `harmless` (why, if so), `steps` of the band that it loses, and why.

    `aside` marks what merely comes with the goods ("autopilot board with GPS"): it ranks behind them.
    """

    harmless: str | None = None
    negative: str | None = None
    span: tuple[int, int] | None = None
    steps: int = 0
    why: str = ""
    aside: bool = False


@dataclass(slots=True)
class Context:
    """The contexts of one line."""

    line: Line
    grammar: Grammar
    lookup: Lookup
    knowledge: Knowledge
    negatives: list[Hit]
    vocabulary: dict[str, int]
    figures: frozenset[int]
    """The places of words inside quantities and codes: they name nothing."""
    _heads: dict[tuple[int, bool], int | None] = field(default_factory=dict)
    _members: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, segment in enumerate(self.line.segment):
            self._members.setdefault(segment, []).append(place)

    def standing(self, hit: Hit) -> Standing:
        """The standing of a class that was found."""
        line = self.line
        if line.role[hit.first] == "without" or all(line.role[place] == "without" for place in hit.cover):
            return Standing(harmless="the line says that it is without it")
        for negative in self.negatives:
            rule = self.knowledge.negative(negative.id)
            if rule is not None and self._negates(rule, negative, hit):
                return Standing(rule.why, rule.id, line.span(negative.first, negative.last))
        if all(line.role[place] in ("for", "mark") for place in hit.cover):
            return self._accessory(hit)
        if self._other_head(hit):
            return Standing(steps=1, why="the head noun names other goods")
        return Standing(aside=any(line.role[place] == "with" for place in hit.cover))

    def _negates(self, rule: Negative, negative: Hit, hit: Hit) -> bool:
        line = self.line
        if negative.cover < hit.cover:
            return False
        if rule.concepts is not None and hit.id not in rule.concepts:
            return self._names_the_goods(negative, hit) and self._leads_alike(rule.concepts, hit)
        role = line.role[negative.first]
        if rule.scope == "for":
            return role == "for" and line.clause[negative.first] == line.clause[hit.first]
        if rule.scope == "line" or negative.cover == hit.cover:  # the class's own name is that of ordinary goods
            return True
        if role in ("with", "without") and line.role[hit.first] != role:
            return False
        return (
            self._same_clause(negative, hit)
            if rule.scope == "clause"
            else role != "for" and self._is_head(negative, hit)
        )

    def _leads_alike(self, concepts: Iterable[str], hit: Hit) -> bool:
        """Whether a chemical leads to an entry of one of some classes: what takes those out of it takes the chemical out too."""
        chemical = self.knowledge.chemical(hit.id) if hit.kind == "chemical" else None
        classes = (self.knowledge.concept(name) for name in concepts) if chemical else ()
        return chemical is not None and any(concept and {*concept.entries} & {*chemical.entries} for concept in classes)

    def _names_the_goods(self, negative: Hit, hit: Hit) -> bool:
        """Whether a harmless word is the head noun of what holds the chemical: toothpaste with it, not it of toothpaste grade."""
        between = range(min(negative.last, hit.last), max(negative.first, hit.first))
        words, leading = self.line.words, self._leading_segment()
        if any(place in self.figures or words[place].text in self.grammar.between_and for place in between):
            return False  # goods of their own, beside it
        return self.line.segment[negative.first] == leading and any(
            self._head(leading, last=last) in negative.cover for last in self._ends(negative.language)
        )

    def _same_clause(self, negative: Hit, hit: Hit) -> bool:
        return self.line.segment[negative.first] == self.line.segment[hit.first] or self._is_attribute(negative, hit)

    def _is_attribute(self, negative: Hit, hit: Hit) -> bool:
        """A neighbouring segment that holds nothing else is a mere attribute ("drone, toy")."""
        segments = (self.line.segment[negative.first], self.line.segment[hit.first])
        near = abs(segments[0] - segments[1]) == 1 and self.line.clause[negative.first] == self.line.clause[hit.first]
        return near and set(self._members[segments[0]]) <= negative.cover

    def _is_head(self, negative: Hit, hit: Hit) -> bool:
        line = self.line
        if line.clause[negative.first] != line.clause[hit.first]:
            return False
        if self._is_attribute(negative, hit):
            return True
        same = line.segment[negative.first] == line.segment[hit.first]
        if same and (
            negative.last == hit.first or 0 <= line.place[negative.first] - line.place[hit.last - 1] - 1.0 < _NEXT
        ):
            return True
        leading = line.segment[negative.first] == self._leading_segment()
        if not (same or leading):
            return False
        return any(
            self._head(line.segment[negative.first], last=last) in negative.cover
            for last in self._ends(negative.language)
        )

    def _ends(self, language: str) -> tuple[bool, ...]:
        """At which end of a noun phrase its head stands in a language: True for the last word."""
        if language in self.grammar.first_headed:
            return (False,)
        return (True, False) if language in self.grammar.either_headed else (True,)

    def _leading_segment(self) -> int:
        for segment in self._members:
            if self._head(segment, last=True) is not None:
                return segment
        return 0

    def _head(self, segment: int, *, last: bool) -> int | None:
        """The place of the head noun of a segment: its first or last word that names something, before any preposition."""
        key = (segment, last)
        if key not in self._heads:
            places = [place for place in self._members.get(segment, ()) if self._names(place)]
            self._heads[key] = (places[-1] if last else places[0]) if places else None
        return self._heads[key]

    def _names(self, place: int) -> bool:
        word = self.line.words[place]
        plain = word.text.isalpha() and (len(word.text) > 1 or script(word.text) == "other")
        return (
            plain
            and place not in self.figures
            and self.line.role[place] == ""
            and word.text not in self.grammar.stop
            and word.text not in self.grammar.trailing
            and not self._beside_digits(place)
        )

    def _beside_digits(self, place: int) -> bool:
        """`kg` of `25kg`, `x` of `640x512`: letters glued to a number are its unit or a part number."""
        word = self.line.words[place]
        return word.glued and place > 0 and self.line.words[place - 1].text.isdigit() and script(word.text) != "other"

    def _accessory(self, hit: Hit) -> Standing:
        """A class that only stands behind "for": the goods are something else, unless they are its parts."""
        before = [
            place for place in range(hit.first) if self.line.role[place] == "" and self.line.words[place].text.isalpha()
        ]
        before = [place for place in before if self.line.clause[place] == self.line.clause[hit.first]]
        if not before and not any(self._names(place) for place in range(len(self.line.words))):
            return Standing()
        is_part = any(self._is_part(place) or self._is_technical(place) for place in before)
        return Standing(steps=1 if is_part else 2, why='it stands behind "for": the goods may be an accessory')

    def _is_technical(self, place: int) -> bool:
        """Whether only the control knowledge knows a word: what such goods are for, they may be a part of."""
        sources = _sources(self.line.words[place].text, self.vocabulary)
        return bool(sources & CONTROL) and not sources & ORDINARY

    def _is_part(self, place: int) -> bool:
        words = self.line.words
        return any(
            tuple(word.text for word in words[place : place + length]) in self.grammar.parts for length in (1, 2)
        )

    def _other_head(self, hit: Hit) -> bool:
        """Whether the head noun behind the class is an ordinary word that the control knowledge does not know."""
        segment = self.line.segment[hit.first]
        if hit.language in self.grammar.first_headed or hit.kind == "model":
            return False
        head = self._head(segment, last=True)
        if head is None or head < hit.last or self._is_part(head):
            return False
        sources = _sources(self.line.words[head].text, self.vocabulary)
        return bool(sources & ORDINARY) and not sources & CONTROL


def forms(word: str) -> tuple[str, ...]:
    """A word and its Latin stems: under any of them the vocabulary may know it."""
    return (word, *(stem(word, language) for language in LATIN_LANGUAGES)) if script(word) == "latin" else (word,)


def vocabulary_of(words: Iterable[str], lookup: Lookup) -> dict[str, int]:
    """The vocabulary's sources of the words of a line and of their stems."""
    return lookup.words({form for word in words if word.isalpha() for form in forms(word)})


def _sources(word: str, vocabulary: dict[str, int]) -> int:
    found = 0
    for form in forms(word):
        found |= vocabulary.get(form, 0)
    return found
