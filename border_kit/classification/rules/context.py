"""Where a product class stands in its line: is it the goods themselves, an accessory of them, absent, or a toy?

"Propellers for drones" are propellers; "camera without GPS" has none; "toy drone" is a toy. What stands behind "with" is
in the parcel and negates nothing. A harmless word that tells only a use, a grade, a customer or a neighbour ("carbon fibre
for fishing rods") makes the goods less sure, never harmless (docs/decisions/0026).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from border_kit.classification.lookup import CONTROL, ORDINARY, Lookup
from border_kit.classification.match import Hit
from border_kit.classification.rules.knowledge import Knowledge, Negative
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.classification.words.stems import LATIN_LANGUAGES, script, stem

_USED = "tells a harmless use: the goods are less sure"
_NEXT = 2
"""A harmless head noun may stand up to this many words behind the class ("thermal camera carrying case")."""


class _Bearing(Enum):
    """What a harmless phrase says of a class: nothing, what it is used for (or who for, or beside what), or what the goods are."""

    NOTHING = auto()
    USE = auto()
    GOODS = auto()


class Standing(NamedTuple):
    """What the context makes of a class: `harmless` (why, if so), `steps` of the band that it loses, and why.

    `aside` marks what merely comes with the goods ("autopilot board with GPS"): it ranks behind them. `used`: the step is
    for a harmless use that the line tells.
    """

    harmless: str | None = None
    negative: str | None = None
    span: tuple[int, int] | None = None
    steps: int = 0
    why: str = ""
    aside: bool = False
    used: bool = False


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
    _for_places: list[int] = field(init=False)
    _figure_places: list[int] = field(init=False)
    _widths: dict[frozenset[int], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, segment in enumerate(self.line.segment):
            self._members.setdefault(segment, []).append(place)
        self._for_places = [place for place, role in enumerate(self.line.role) if role == "for"]
        self._figure_places = sorted(self.figures)

    def standing(self, hit: Hit) -> Standing:
        """The standing of a class that was found."""
        line = self.line
        if line.role[hit.first] == "without" or all(line.role[place] == "without" for place in hit.cover):
            return Standing(harmless="the line says that it is without it")
        used: Standing | None = None
        for negative in self.negatives:
            rule = self.knowledge.negative(negative.id)
            bearing = _Bearing.NOTHING if rule is None else self._bearing(rule, negative, hit)
            if rule is not None and bearing is _Bearing.GOODS:
                return Standing(rule.why, rule.id, line.span(negative.first, negative.last))
            if bearing is _Bearing.USE:
                told = line.span(negative.first, negative.last)
                used = Standing(span=told, steps=1, why=_USED, used=True)
        if all(line.role[place] in ("for", "mark") for place in hit.cover):
            return self._accessory(hit)
        if self._other_head(hit):
            return Standing(steps=1, why="the head noun names other goods")
        if used is not None and hit.kind != "chemical":  # whatever a chemical is for, it is that chemical
            return used
        return Standing(aside=any(line.role[place] == "with" for place in hit.cover))

    def _bearing(self, rule: Negative, negative: Hit, hit: Hit) -> _Bearing:
        if negative.cover < hit.cover:
            return _Bearing.NOTHING
        if rule.concepts is not None and hit.id not in rule.concepts:
            is_goods = self._names_the_goods(negative, hit) and self._leads_alike(rule.concepts, hit)
            return _Bearing.GOODS if is_goods else _Bearing.NOTHING
        if rule.scope == "for":
            return self._bearing_of_whole(rule, negative, hit)
        if not self._reaches(rule, negative, hit):
            return _Bearing.NOTHING
        return _Bearing.USE if rule.scope != "line" and self._is_use(negative, hit, rule) else _Bearing.GOODS

    def _reaches(self, rule: Negative, negative: Hit, hit: Hit) -> bool:
        """Whether a phrase stands where its rule speaks of a class; a phrase that is the class's own name always does."""
        if rule.scope == "line" or negative.cover == hit.cover:
            return True
        role = self.line.role[negative.first]
        if role in ("with", "without") and self.line.role[hit.first] != role:
            return False
        if rule.scope == "clause":
            return self._same_clause(negative, hit)
        return role != "for" and self._is_head(negative, hit)

    def _bearing_of_whole(self, rule: Negative, negative: Hit, hit: Hit) -> _Bearing:
        """What a whole behind "for" says: it is not there itself; of a class before it, that this is used in it."""
        line = self.line
        if line.role[negative.first] != "for" or line.clause[negative.first] != line.clause[hit.first]:
            return _Bearing.NOTHING
        if all(line.role[place] in ("for", "mark") for place in hit.cover):
            return _Bearing.GOODS
        return _Bearing.USE if rule.concepts is not None else _Bearing.NOTHING

    def _is_use(self, negative: Hit, hit: Hit, rule: Negative) -> bool:
        """Whether a harmless phrase stands as use, grade, customer or neighbour of a class, not as what the goods are.

        It does behind "for", beside a word such as "grade" or "factory", next to "and", behind a comma, and behind the class
        where a figure parts them: what the goods are stands first on papers ("thermal camera 640x512 hunting").
        """
        line = self.line
        if negative.cover & hit.cover:
            return False
        if self._is_behind_for(negative, hit):
            return True
        if self._is_for_users(negative) or self._is_behind_and(negative, hit):
            return True
        if line.segment[negative.first] not in (line.segment[hit.first], line.segment[hit.last - 1]):
            return True
        if rule.concepts is not None and hit.strong and self._is_adjective(negative, hit):
            return True
        return _holds(self._figure_places, hit.last, negative.first)

    def _is_adjective(self, negative: Hit, hit: Hit) -> bool:
        """Whether a phrase stands before a class that no other head noun follows ("kitchen diaphragm valve DN50")."""
        if hit.language in self.grammar.first_headed or negative.last > hit.first or self.line.role[hit.first]:
            return False
        return not self._other_head(hit)

    def _is_behind_and(self, negative: Hit, hit: Hit) -> bool:
        second = max(self._widest(negative)[0], hit.first)
        return second > 0 and self.line.words[second - 1].text in self.grammar.between_and

    def _is_behind_for(self, negative: Hit, hit: Hit) -> bool:
        """Whether a "for" parts a phrase from a class that it does not govern ("pour cannes à pêche": for fishing as well)."""
        if self.line.role[hit.first] == "for":
            return False
        start = self._members[self.line.segment[negative.first]][0]
        start = max(start, min(hit.last, negative.first))
        return _holds(self._for_places, start, negative.last)

    def _widest(self, negative: Hit) -> tuple[int, int]:
        """The first and last place of the longest harmless phrase that holds one: a "car muffler" for a muffler."""
        if negative.cover not in self._widths:
            holding = [other for other in self.negatives if other.cover >= negative.cover]
            self._widths[negative.cover] = min(other.first for other in holding), max(other.last for other in holding)
        return self._widths[negative.cover]

    def _is_for_users(self, negative: Hit) -> bool:
        """Whether a word that tells a use, a grade or a customer stands right beside a phrase: "shampoo grade", "usine de shampooing"."""
        first, last = self._widest(negative)
        while first and self.line.role[first - 1] == "mark":
            first -= 1
        before = tuple(word.text for word in self.line.words[max(0, first - 2) : first])
        behind = tuple(word.text for word in self.line.words[last : last + 2])
        return not self.grammar.uses.isdisjoint({before, before[-1:], behind, behind[:1]})

    def _leads_alike(self, concepts: Iterable[str], hit: Hit) -> bool:
        """Whether a chemical leads to an entry of one of some classes: what takes those out of it takes the chemical out too."""
        chemical = self.knowledge.chemical(hit.id) if hit.kind == "chemical" else None
        classes = (self.knowledge.concept(name) for name in concepts) if chemical else ()
        return chemical is not None and any(concept and {*concept.entries} & {*chemical.entries} for concept in classes)

    def _names_the_goods(self, negative: Hit, hit: Hit) -> bool:
        """Whether a harmless word is the head noun of what holds the chemical: toothpaste with it, not it of toothpaste grade."""
        if self._is_for_users(negative) or self._is_behind_for(negative, hit):
            return False
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


def _holds(places: list[int], start: int, end: int) -> bool:
    """Whether any of some places in order lies from `start` to before `end`."""
    found = bisect_left(places, start)
    return found < len(places) and places[found] < end


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
