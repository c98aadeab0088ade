"""How alike two descriptions of goods are worded, and whether a text is in words that are known here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from border_kit.text import tokens
from border_kit.units import find_unit

_MOST = 0.5
_STEM = 4
_ENDING = 3
_SHORTEST = 3
"""Letters of a word that says something: not of, in, de."""
_FUNCTION_WORDS = frozenset(
    [
        "and",
        "the",
        "for",
        "with",
        "from",
        "und",
        "für",
        "mit",
        "von",
        "aus",
        "les",
        "des",
        "pour",
        "avec",
        "con",
        "para",
        "por",
        "del",
        "los",
        "las",
        "для",
        "ile",
        "ve",
        "من",
        "مع",
    ]
)


class Wording(Enum):
    """How the words of two texts stand to each other: each has most of the other's, one has, neither has; or none can be compared."""

    SAME = "same"
    PARTLY = "partly"
    OTHER = "other"
    UNKNOWN = "unknown"


def compare_wording(declared: str, licensed: str | None) -> tuple[float, Wording]:
    """The share of the licence's words that the declaration has, and what that says.

    Most is more than half. Words of different scripts cannot be compared.
    """
    left, right = _words(declared), _words(licensed or "")
    if not left.all or not right.all:
        return 0.0, Wording.UNKNOWN
    covered = _covered(right, left)
    back = len(left.all) > 1 and _covered(left, right) > _MOST
    if covered > _MOST and back:
        return covered, Wording.SAME
    if covered > _MOST or back:
        return covered, Wording.PARTLY
    if covered == 0 and _script(left.all) != _script(right.all):
        return 0.0, Wording.UNKNOWN
    return covered, Wording.OTHER


def accented(text: str) -> bool:
    """Whether a text has letters beyond the plain Latin ones."""
    return any(char.isalpha() and not char.isascii() for char in text)


def telling_words(text: str) -> tuple[str, ...]:
    """The words of a text that say something, folded, each once."""
    return _words(text).all


@dataclass(frozen=True, slots=True)
class _Words:
    """The telling words of a text, each once, and by how they begin."""

    all: tuple[str, ...]
    by_stem: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4_096)
def _words(text: str) -> _Words:
    found = dict.fromkeys(token.text for token in tokens(text[:5_000]))
    kept = tuple(
        word
        for word in found
        if word not in _FUNCTION_WORDS
        and not word[0].isdigit()
        and find_unit(word) is None
        and (len(word) >= _SHORTEST or not word.isascii())
    )
    by_stem: dict[str, tuple[str, ...]] = {}
    for word in kept:
        by_stem[word[:_STEM]] = (*by_stem.get(word[:_STEM], ()), word)
    return _Words(kept, by_stem)


def _covered(wanted: _Words, there: _Words) -> float:
    """The share of the wanted words that stand there, as they are or with another ending."""
    met = sum(any(_same_word(word, other) for other in there.by_stem.get(word[:_STEM], ())) for word in wanted.all)
    return met / len(wanted.all)


def _same_word(one: str, other: str) -> bool:
    """The same word, or the same stem (they begin alike) with another ending."""
    if one == other:
        return True
    ends = (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    shared = next(ends, min(len(one), len(other)))
    return shared >= _STEM and len(one) - shared <= _ENDING and len(other) - shared <= _ENDING


def _script(words: Sequence[str]) -> str:
    letter = words[0][0]
    is_latin = letter.isascii() or ord(letter) < 0x250  # the last Latin block in use ends there
    return "latin" if is_latin else f"{ord(letter) // 0x100}"
