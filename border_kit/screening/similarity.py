"""How alike two words are, and in what way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from border_kit.screening.letters import Word
from border_kit.screening.lexicon import lexicon
from border_kit.screening.parse import Part
from border_kit.screening.tables import rows

EXACT, TRANSLITERATION, SOUND, NICKNAME, TRANSLATION, TYPO = 1.0, 0.98, 0.95, 0.86, 0.9, 0.93
LEAST = 0.7
"""Below this two words have nothing to do with each other."""
_SYLLABLE = 4
"""Words of so few letters are alike only when their consonants agree."""
_TWO_SLIPS = 9
"""Words from so many letters on bear two slips of the hand; one slip in a word of five still points at it."""
_IN_COMMON = 0.55
"""Words whose sounds and consonants are both less alike have nothing in common."""
_ENDED = 0.8
"""The most for a word that is the other with a vowel behind it (Karim, Karimi)."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost of reading one sign for another; vowels against vowels and left out; consonants left out."""

    swap: dict[tuple[str, str], float]
    vowel_gap: float = 0.5
    bare_gap: float = 0.07
    soft_gap: float = 0.55
    other: float = 1.3
    first: float = 0.5


@lru_cache(maxsize=1)
def costs() -> Costs:
    """The package's table, read once."""
    swap: dict[tuple[str, str], float] = {}
    for _, left, right, cost in rows("costs.tsv"):
        swap[left, right] = swap[right, left] = float(cost)
    for left in "aeiou":
        for right in "aeiou":
            swap.setdefault((left, right), 0.1 if {left, right} in ({"a", "e"}, {"i", "e"}, {"o", "u"}) else 0.3)
    return Costs(swap)


def similarity(left: Part, right: Part) -> tuple[float, str]:
    """How alike two words are, 0 to 1, and how: exact, transliteration, sound, initial, nickname, translation, typo, legal form."""
    if left.text == right.text:
        return EXACT, "exact"
    if left.canon and left.canon == right.canon and left.role == right.role:
        return (EXACT if left.role in {"number", "patronym"} else TRANSLATION), _CANON_HOW.get(left.role, "translation")
    if left.role == "initial" or right.role == "initial":
        return _initial(left, right)
    if left.role == "number" or right.role == "number":
        return 0.0, ""
    found = word_similarity(left.keys, right.keys)
    if found[0] < NICKNAME and left.is_name and right.is_name and _nicknames(left.text, right.text):
        return NICKNAME, "nickname"
    return found


_CANON_HOW = {
    "legal": "legal form",
    "number": "number",
    "honorific": "title",
    "particle": "particle",
    "patronym": "particle",
}


def _initial(left: Part, right: Part) -> tuple[float, str]:
    one, other = (left, right) if left.role == "initial" else (right, left)
    if other.role == "initial":
        return (TRANSLITERATION, "transliteration") if one.keys.sound == other.keys.sound else (0.0, "")
    fits = one.keys.latin and (
        other.keys.latin.startswith(one.keys.latin) or other.keys.phones[:1] == one.keys.phones[:1]
    )
    return (0.8, "initial") if fits and other.is_name else (0.0, "")


def _nicknames(left: str, right: str) -> bool:
    table = lexicon().nicknames
    return bool(table.get(left, frozenset()) & table.get(right, frozenset()))


@lru_cache(maxsize=65536)
def word_similarity(left: Word, right: Word) -> tuple[float, str]:
    """How alike two words are by their letters and sounds; a pair is read both as it sounds and as it was typed."""
    crossing = left.foreign or right.foreign
    if left.latin == right.latin:
        return (TRANSLITERATION, "transliteration") if crossing and left != right else (EXACT, "exact")
    if not left.latin or not right.latin:
        return 0.0, ""
    if left.sound == right.sound and len(left.sound) > 1:
        return SOUND, "transliteration" if crossing else "sound"
    score, how = _near(left, right)
    if score < LEAST:
        return 0.0, ""
    return score, "transliteration" if crossing and how == "sound" else how


def _near(left: Word, right: Word) -> tuple[float, str]:
    """Likeness of words that neither look nor sound the same: as typed, or as it sounds, whichever is more."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - 16 ms that `--version` need not pay

    same = _same_skeleton(left, right)
    if not same and not (left.bare or right.bare):
        near = OSA.normalized_similarity(left.phones, right.phones)
        if max(near, OSA.normalized_similarity(left.skeleton, right.skeleton)) < _IN_COMMON:
            return 0.0, ""
    shorter = min(len(left.latin), len(right.latin))
    dropped = shorter == _SYLLABLE and len(left.latin) != len(right.latin)
    if shorter <= _SYLLABLE and not same and not dropped:
        return 0.0, ""
    typed = 0.0
    edits = OSA.distance(left.latin, right.latin, score_cutoff=2)
    if (shorter > _SYLLABLE or dropped) and edits <= (1 if shorter < _TWO_SLIPS else 2):
        typed = min(TYPO, 1.0 - 1.25 * edits / (shorter + 1))
        if left.latin.rstrip("aeiou") == right.latin or right.latin.rstrip("aeiou") == left.latin:
            typed = min(typed, _ENDED)
    read = _read(left, right) if same or not dropped else 0.0
    return (typed, "typo") if typed > read else (read, "sound" if same else "typo")


def _same_skeleton(left: Word, right: Word) -> bool:
    return (
        (left.skeleton == right.skeleton and len(left.skeleton) > 1)
        or right.skeleton in left.readings
        or left.skeleton in right.readings
    )


def _read(left: Word, right: Word) -> float:
    """Similarity by the weighted edit distance of the phones."""
    bare = left.bare or right.bare
    cost = weighted_distance(left.phones, right.phones, bare=bare)
    size = max(len(left.phones), len(right.phones)) if bare else (len(left.phones) + len(right.phones)) / 2
    if (
        left.skeleton[:1] != right.skeleton[:1]
        and costs().swap.get((left.skeleton[:1], right.skeleton[:1]), 1.0) >= 1.0
    ):
        cost += costs().first
    if not bare:
        # A changed sign makes another word of a short one.
        cost *= 1.6 if size <= 4 else 1.25 if size <= 5 else 1.0  # noqa: PLR2004
    least = min(len(left.skeleton), len(right.skeleton))
    ceiling = 0.93 if least >= 3 else 0.82 if least == 2 else 0.72  # noqa: PLR2004 - few consonants say little
    if cost <= _vowels_alone(left, right):
        ceiling = 0.92
    shorter, longer = sorted((left.phones, right.phones), key=len)
    if not bare and longer[:-1] == shorter and longer[-1] in "aeiou":
        ceiling = _ENDED
    return max(0.0, min(ceiling, 1.0 - cost / max(1.0, size)))


def _vowels_alone(left: Word, right: Word) -> float:
    """What two vowels of one class may cost, where the consonants agree and the words are no mere syllables."""
    long = min(len(left.latin), len(right.latin)) >= 5  # noqa: PLR2004 - two syllables
    return 0.21 if long and left.skeleton == right.skeleton and len(left.skeleton) > 1 else -1.0


def weighted_distance(left: str, right: str, *, bare: bool = False) -> float:
    """Edit distance with the package's costs; in a `bare` pair a missing vowel costs hardly anything."""
    table = costs()
    swap = table.swap
    gaps = dict.fromkeys("aeiou", table.bare_gap if bare else table.vowel_gap) | dict.fromkeys("hyv", table.soft_gap)
    before: list[float] = []
    previous = [0.0]
    for char in right:
        previous.append(previous[-1] + gaps.get(char, table.other))
    for i, first in enumerate(left, 1):
        gap = gaps.get(first, table.other)
        row = [previous[0] + gap]
        for j, second in enumerate(right, 1):
            best = previous[j - 1] if first == second else previous[j - 1] + swap.get((first, second), table.other)
            best = min(best, previous[j] + gap, row[j - 1] + gaps.get(second, table.other))
            if i > 1 and j > 1 and first == right[j - 2] and left[i - 2] == second and first != second:
                best = min(best, before[j - 2] + 0.8)
            row.append(best)
        before, previous = previous, row
    return previous[-1]
