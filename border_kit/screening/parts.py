"""The parts that a word gives: itself or what is written together in it, each with its role and weight, by where the word stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from border_kit.screening import pieces, weights
from border_kit.screening.letters import Word, folded, keys_of, script_of, unmix, word
from border_kit.screening.lexicon import Entry, Role, lexicon, meant

_NAMES = frozenset({"name", "family"})
_OF_NAMES: frozenset[Role] = frozenset({"name", "family", "initial"})
SOUNDED = 4
"""Shorter words have no sound of their own."""


@dataclass(slots=True)
class Part:
    """One word of a name. Names share their parts: none is ever changed.

    `text` is the folded word as it stands, `keys` its Latin, sound and consonant keys, `canon` the word it means where the
    tables know (a business word, a class of legal form, a number), `generation` how many patronymic particles stand
    before it, `weight` how much it counts (a rare name 1, see weights).
    """

    text: str
    keys: Word
    role: Role
    canon: str = ""
    generation: int = 0
    weight: float = 1.0

    def __hash__(self) -> int:
        """By the text alone: words are looked up by the million."""
        return hash(self.text)

    @property
    def is_name(self) -> bool:
        """Whether the word is one that tells parties apart."""
        return self.role in _OF_NAMES


def part_of(text: str, keys: Word, role: Role, canon: str = "", generation: int = 0, *, person: bool) -> Part:
    """A part with its weight in the name of a person, or in another."""
    return Part(text, keys, role, canon, generation, weights.weight(text, keys, role, canon, person=person))


def of_generation(part: Part, generation: int) -> Part:
    """A part behind so many patronymic particles."""
    return Part(part.text, part.keys, part.role, part.canon, generation, part.weight)


def named_so(part: Part, role: Role, *, person: bool) -> Part:
    """A part in another role, weighed anew."""
    return part_of(part.text, part.keys, role, "", part.generation, person=person)


def names_in(parts: Sequence[Part]) -> list[int]:
    """Where the words stand of which a person's last one is the family's."""
    return [at for at, part in enumerate(parts) if part.role in _NAMES and part.text not in weights.HALF_WORDS]


def family_last(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of a person's name with the last of the names among them as the family's."""
    for at in names_in(parts)[-1:]:
        return (*parts[:at], named_so(parts[at], "family", person=True), *parts[at + 1 :])
    return parts


FIRST, INNER, LAST, OTHER, ENDING = range(5)
"""Where a word stands: at the head of a person's name, inside it, at its end; in another name, at the end of one."""
GENERATION = 8
"""What is added to the place for each patronymic particle before it."""


class Known(dict[int, tuple[Part, ...]]):
    """A folded word, and the weighed parts that it gives by where it stands, made when they are first asked for.

    `begins_form` and `begins_term`: whether a legal form, or a business term of several words, may begin with it; `is_piece`: whether
    it may be a piece of a word that was spelled out or cut; `is_right`: whether it is known to be no misspelt word.
    """

    __slots__ = ("_business", "_meant", "begins_form", "begins_term", "is_piece", "is_right", "text", "word")

    def __init__(self, text: str) -> None:
        """Read a folded word."""
        table = lexicon()
        self.text = text
        self.word = keys_of(text)
        self._business: Entry | tuple[()] | None = ()  # not asked yet
        self._meant = ""
        self.is_right = False
        self.is_piece = len(text) == 1 or script_of(text) in pieces.SYLLABIC
        self.begins_term = text in table.phrases
        self.begins_form = (
            text in table.legal_starts
            or len(text) == 1
            or (len(text) >= SOUNDED and self.word.sound in table.sounded_starts)
        )

    def business(self) -> Entry | None:
        """What it means in an organisation's name."""
        if isinstance(self._business, tuple):
            self._business = lexicon().business(self.text, self.word)
        return self._business

    def mended(self) -> Known:
        """The word of a legal form, or the business word, that this one is a slip of, unless lists know it as it is."""
        if not self._meant:
            known = self.text if self.business() else meant(self.text)
            sound = self.word.sound
            sure = known == self.text or sound == word(known).sound or not weights.weights().knows(sound)
            self._meant = known if sure else self.text
            self.is_right = self._meant == self.text
        return self if self.is_right else known_word(self._meant)

    def __missing__(self, place: int) -> tuple[Part, ...]:
        if place >= GENERATION:
            generation, at = divmod(place, GENERATION)
            made = tuple([of_generation(part, generation) for part in self[at]])
        else:
            made = _one(self, place)
        self[place] = made
        return made


known_word = lru_cache(maxsize=32768)(Known)


@lru_cache(maxsize=65536)
def known_words(text: str) -> tuple[Known, ...]:
    """The words in one written word."""
    whole = text if text.isascii() else unmix(text)[0]
    return tuple([known_word(piece) for piece in map(folded, pieces.cut(whole)) if piece])  # a lone tatweel is nothing


def acronym(text: str) -> tuple[Part, ...]:
    """What letters that were spelled out stand for, or the name that they are."""
    known = lexicon().expansions.get(text)
    return _expanded(known) if known else (part_of(text, word(text), "name", person=False),)


def _expanded(entries: tuple[Entry, ...]) -> tuple[Part, ...]:
    return tuple([part_of(entry.canon, word(entry.canon), entry.role, entry.canon, person=False) for entry in entries])


_SHORT_NAMES = frozenset(
    {"an", "as", "ad", "ar", "az", "at", "us", "san", "do", "di", "le", "ten", "mac", "bar", "ming"}
)
"""Particles that are names at the head of a person's name (An Se-ho, Le Van Minh)."""
_ROMAN = {"i": "1", "v": "5", "x": "10"}
"""Numerals of one letter, at the end of a firm's or ship's name."""
_PERSON_ROLES: tuple[Role, ...] = ("honorific", "patronym", "particle")


def _one(known: Known, place: int) -> tuple[Part, ...]:
    """The parts that one word gives: itself, or what is written together in it, each with its role."""
    text, keys = known.text, known.word
    person = place <= LAST
    if text[0].isdecimal() and (whole := pieces.ORDINAL.fullmatch(text)):
        return (part_of(text, keys, "number", str(int(whole.group(1))), person=person),)
    if len(text) == 1 and text.isalpha() and script_of(text) not in pieces.SYLLABIC:
        numeral = _ROMAN.get(text, "") if place == ENDING else ""
        return (part_of(text, keys, "number" if numeral else "initial", numeral, person=person),)
    table = lexicon()
    if not person:
        if text in table.expansions:
            return _expanded(table.expansions[text])
        entry = known.business()
    elif (place == LAST and text not in table.titles) or (place == FIRST and text in _SHORT_NAMES):
        entry = None
    else:
        entry = table.entry((text,), *_PERSON_ROLES)
    if entry is not None:
        return (part_of(text, keys, entry.role, entry.canon, person=person),)
    apart = pieces.compound(text)
    if not apart:
        return (part_of(text, keys, _role_of(text, place), person=person),)
    parts = tuple([_piece(piece, person=person) for piece in apart])
    return family_last(parts) if place == LAST else parts


def _role_of(text: str, place: int) -> Role:
    return "family" if place == LAST and text not in weights.HALF_WORDS else "name"


def _piece(text: str, *, person: bool) -> Part:
    """A word written together with others: an article, a business word in a firm's name, else a name."""
    if text in pieces.ARTICLES:
        return part_of(text, word(text), "particle", "al", person=person)
    entry = None if person else lexicon().business(text)
    if entry is None:
        return part_of(text, word(text), "name", person=person)
    return part_of(text, word(text), entry.role, entry.canon, person=person)
