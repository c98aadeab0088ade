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

from border_kit.screening.index.keys import index_keys, initial_bit, tells
from border_kit.screening.index.layout import WEIGHT_STEPS
from border_kit.screening.index.prepared import kind_of, part_row, word_row
from border_kit.screening.letters import Word
from border_kit.screening.parse import parse
from border_kit.screening.parts import Part

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
        self._same: dict[
            int, _Numbered
        ] = {}  # the same by the ids of those very parts: most come again as the same object

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
            _found_by(parts, read)
        return read

    def _numbered(self, parts: tuple[Part, ...], read: Read) -> list[_Numbered]:
        same = self._same
        return [same.get(id(part)) or self._parts.get(part) or self._meet(part, read) for part in parts]

    def _meet(self, part: Part, read: Read) -> _Numbered:
        """A part that comes up for the first time."""
        keys = part.keys
        place = self._words.get(keys)
        if place is None:
            place = self._words[keys] = len(self._words)
            read.words.append((word_row(keys), array("Q", index_keys(keys)).tobytes()))
        read.parts.append((part_row(part), place))
        made = _Numbered(len(self._parts), place, initial_bit(keys.latin), part.weight, tells(part))
        self._parts[part] = self._same[id(part)] = made
        return made


def _found_by(parts: list[_Numbered], read: Read) -> None:
    """The words that a name is found by (as `keys.found_by` has them), and its signature."""
    kept = [part for part in parts if part.tells and part.initial] or [part for part in parts if part.initial]
    words = sorted({part.word for part in kept})
    read.found.extend(words)
    read.found_sizes.append(len(words))
    read.weights.append(min(255, round(sum([part.weight for part in parts if part.tells]) * WEIGHT_STEPS)))
    mask = 0
    for part in kept:
        mask |= part.initial
    read.initials.append(mask)
