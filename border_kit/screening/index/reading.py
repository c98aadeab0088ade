"""Reading names for the index: every name as numbers of words, every word told once.

Whoever reads (a process of the builder, or the update of an index) numbers words as they come up and tells each one's row and
keys the first time only; who takes the numbers keeps what they stand for (`build.Vocabulary`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

from border_kit.screening.index.keys import found_by, index_keys, initial_bit, tells
from border_kit.screening.index.layout import WEIGHT_STEPS
from border_kit.screening.index.prepared import kind_of, part_row, word_row
from border_kit.screening.letters import Word
from border_kit.screening.parse import Name, parse
from border_kit.screening.parts import Part
from border_kit.screening.spoken import in_characters, spoken

_MOST_WORDS = 255
"""Words that a name is found by: their number is kept in a byte."""

Listed = tuple[str, str]
"""Text and kind of a listed name."""


def checksum(text: str, kind: str) -> int:
    """What tells that a stored name was made of the same text and kind."""
    return crc32(f"{kind}\0{text}".encode(errors="surrogatepass"))


@dataclass(slots=True)
class Read:
    """What was made of some names.

    A name each: `checksums`, `kinds`, `sizes` (how many words), `found_sizes` (how many it is found by), `weights`, `initials`.
    In a row for all names: `uses` (parts by number) and `found` (words by number). `parts` and `words` are those that this
    reader has not told before, in the order of their numbers: a part's row with its word's number, a word's row with its keys.
    """

    checksums: array[int] = field(default_factory=lambda: array("I"))
    kinds: list[str] = field(default_factory=list)
    sizes: bytearray = field(default_factory=bytearray)
    uses: array[int] = field(default_factory=lambda: array("I"))
    found: array[int] = field(default_factory=lambda: array("I"))
    found_sizes: bytearray = field(default_factory=bytearray)
    weights: bytearray = field(default_factory=bytearray)
    initials: array[int] = field(default_factory=lambda: array("H"))
    parts: list[tuple[tuple[str, str, str, int, float], int]] = field(default_factory=list)
    words: list[tuple[tuple[str, str, str, str, int, int, str], bytes]] = field(default_factory=list)


class _Numbered(NamedTuple):
    """A part by numbers: its own, its word's, its first letter's bit (0: it has none) and weight, and whether it tells parties apart."""

    number: int
    word: int
    initial: int
    weight: float
    tells: bool


class Reader:
    """Reads names some at a time; remembers the numbers of all their words."""

    def __init__(self) -> None:
        self._words: dict[Word, int] = {}
        self._parts: dict[Part, _Numbered] = {}
        self._same: dict[int, _Numbered] = {}  # by the ids of those very parts: most come again as the same object

    def read(self, listed: Iterable[Listed]) -> Read:
        """Read some names."""
        read = Read()
        for text, kind in listed:
            name = parse.__wrapped__(text, kind_of(kind))
            read.checksums.append(checksum(text, kind))
            read.kinds.append(name.kind)
            parts = self._numbered(name.parts, read)
            plain = not name.mixed and not name.cut
            read.sizes.append(len(parts) if plain else 0)
            if plain:
                read.uses.extend([part.number for part in parts])
            _found_by(parts, self._otherwise(name, read), read)
        return read

    def _otherwise(self, name: Name, read: Read) -> Iterable[int]:
        """The telling words of a name in Chinese characters as it is read in other languages: it is found by them too."""
        others = spoken.__wrapped__(name) if in_characters(name) else ()
        return [self._word(part.keys, read) for other in others for part in found_by(other)]

    def _numbered(self, parts: tuple[Part, ...], read: Read) -> list[_Numbered]:
        same = self._same
        return [same.get(id(part)) or self._parts.get(part) or self._meet(part, read) for part in parts]

    def _meet(self, part: Part, read: Read) -> _Numbered:
        """A part that comes up for the first time."""
        place = self._word(part.keys, read)
        read.parts.append((part_row(part), place))
        made = _Numbered(len(self._parts), place, initial_bit(part.keys.latin), part.weight, tells(part))
        self._parts[part] = self._same[id(part)] = made
        return made

    def _word(self, word: Word, read: Read) -> int:
        """A word's number; a new one is told."""
        number = self._words.get(word)
        if number is None:
            number = self._words[word] = len(self._words)
            read.words.append((word_row(word), array("Q", index_keys(word)).tobytes()))
        return number


def _found_by(parts: list[_Numbered], others: Iterable[int], read: Read) -> None:
    """The words that a name is found by (as `keys.found_by` has them, and `others`), and its signature."""
    kept = [part for part in parts if part.tells and part.initial] or [part for part in parts if part.initial]
    words = sorted({part.word for part in kept}.union(others))[:_MOST_WORDS]
    read.found.extend(words)
    read.found_sizes.append(len(words))
    read.weights.append(min(255, round(sum([part.weight for part in parts if part.tells]) * WEIGHT_STEPS)))
    mask = 0
    for part in kept:
        mask |= part.initial
    read.initials.append(mask)
