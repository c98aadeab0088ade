"""How alike two words are, and in what way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from border_kit.screening.letters import Word, letters, phones_of
from border_kit.screening.lexicon import lexicon
from border_kit.screening.parse import Part
from border_kit.screening.tables import rows
from border_kit.screening.tongues import KEYS, is_wade
from border_kit.screening.weights import weights

EXACT, TRANSLITERATION, SOUND, VARIANT, NICKNAME, TRANSLATION, TYPO = 1.0, 0.98, 0.95, 0.92, 0.86, 0.93, 0.93
INFLECTED, SHORTENED, ALIKE_SHORT = 0.9, 0.84, 0.86
LEAST = 0.66
"""Below this two words have nothing to do with each other."""
_SYLLABLE = 4
"""Words of so few letters are alike only when their consonants agree, or one slip leaves the rest whole."""
_SHORT_SLIP = 0.74
"""The most for a slip in a word of three or four letters: it makes another word as often as not."""
_SYLLABLES = 8
"""Words of so few letters read from characters are one syllable or two: what sounds nearly like one is another."""
_SHORT_SOUND = 3
"""Words of so few sounds sound alike by chance (Ama, Emma)."""
_TWO_SLIPS = 9
"""Words from so many letters on bear two slips of the hand; one slip in a word of five still points at it."""
_IN_COMMON = 0.5
"""Words whose sounds and consonants are both less alike have nothing in common."""
_ENDED = 0.8
"""The most for a word that is the other with a vowel behind it (Karim, Karimi)."""


_OTHER = 1.3
"""The cost of any two signs that no table names."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost of reading one sign for another; vowels against vowels and left out; consonants left out."""

    swap: dict[tuple[str, str], float]
    gaps: dict[str, float]
    readings: dict[tuple[str, str], float]
    other: float = _OTHER
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
    return Costs(swap, dict.fromkeys("aeiou", 0.5) | dict.fromkeys("hyv", 0.55), _readings(swap))


def _readings(swap: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Costs between a word written without its short vowels and one with all: what one letter can be read as costs little."""
    found = dict(swap)
    for script in ("arabic", "hebrew"):
        for letter in letters().scripts[script].values():
            sounds = [phones_of(text) for text in (letter.inside, letter.start, *letter.others) if text]
            for left in sounds:
                for right in sounds:
                    if len(left) == len(right) == 1 and left != right:
                        found[left, right] = min(found.get((left, right), 1.0), 0.1)
    vowels = {
        ("a", "e"): 0.15,
        ("i", "e"): 0.0,
        ("o", "u"): 0.0,
        ("i", "y"): 0.0,
        ("u", "v"): 0.1,
        ("o", "v"): 0.1,
        ("a", "o"): 0.4,
    }
    for left in "aeiou":
        for right in "aeiou":
            found[left, right] = 0.0 if left == right else 0.6
    for (left, right), cost in vowels.items():
        found[left, right] = found[right, left] = cost
    return found


def similarity(left: Part, right: Part) -> tuple[float, str]:
    """How alike two words are, 0 to 1, and how.

    The ways: exact, transliteration, sound, spelling (of one name), typo, initial, nickname, translation, inflection,
    abbreviation, number, legal form, title, particle.
    """
    if left.text == right.text:
        return EXACT, "exact"
    if left.canon and left.canon == right.canon and (left.role == right.role or left.role in _MEANT):
        return (EXACT if left.role in {"number", "patronym"} else TRANSLATION), _CANON_HOW.get(left.role, "translation")
    if left.role in _ALONE or right.role in _ALONE:
        return _initial(left, right) if "initial" in {left.role, right.role} else (0.0, "")
    if left.role in _MEANT or right.role in _MEANT:
        return _business(left, right)
    return _names(left, right)


_ALONE = frozenset({"initial", "number"})


def _business(left: Part, right: Part) -> tuple[float, str]:
    """Of business words: two that mean different things are not one misspelt, and a name is not nearly a business word."""
    found = word_similarity(left.keys, right.keys)
    both = bool(left.canon and right.canon)
    if found[0] < SOUND and (both or not _slip(left, right)):
        found = 0.0, ""
    return found if both else max(found, _shortened(left, right), _inflected(left, right))


def _names(left: Part, right: Part) -> tuple[float, str]:
    """Of names: by letters and sounds, as spellings or short forms of one name, as forms of one word."""
    found = word_similarity(left.keys, right.keys)
    if found[0] >= VARIANT:
        return found
    if _variants(left.text, right.text):
        return VARIANT, "spelling"
    if found[0] < NICKNAME and _nicknames(left.text, right.text):
        return NICKNAME, "nickname"
    if found[0] < INFLECTED:
        found = max(found, _inflected(left, right))
    if found[0] and _two_names(left, right):
        return (found[0] * _OTHER_NAME, found[1]) if found[0] * _OTHER_NAME >= LEAST else (0.0, "")
    return found


_COMMON_NAME = 12
"""A word that stands in so many entities is a name of its own, not a slip in writing another (one in six hundred persons)."""
_OTHER_NAME = 0.9


def _two_names(left: Part, right: Part) -> bool:
    """Whether two words that are merely near are each a well-known name (Marina and Marija, Hassan and Hossein)."""
    persons = weights().persons
    one, other = left.keys, right.keys
    return (
        not (one.bare or other.bare)
        and one.skeleton != other.skeleton
        and persons.get(one.sound, 0) >= _COMMON_NAME
        and persons.get(other.sound, 0) >= _COMMON_NAME
    )


_MEANT = frozenset({"filler", "generic", "place"})
_CANON_HOW = {
    "legal": "legal form",
    "number": "number",
    "honorific": "title",
    "particle": "particle",
    "patronym": "particle",
}


def _slip(left: Part, right: Part) -> bool:
    """Whether two long words differ by one slip of the hand."""
    one, other = left.keys.latin, right.keys.latin
    return min(len(one), len(other)) > 5 and OSA.distance(one, other, score_cutoff=1) <= 1  # long enough


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
    ours = table.get(left)
    return ours is not None and bool(ours & table.get(right, frozenset()))


def _variants(left: str, right: str) -> bool:
    """Whether two words are spellings of one name."""
    table = lexicon().variants
    ours = table.get(left)
    return ours is not None and bool(ours & table.get(right, frozenset()))


_ADJECTIVE = re.compile(r"(?:[aiu]?n|uv|av)?sk[aiuy]{0,3}(?:[gvmhX][aiu]?)?$")


def _inflected(left: Part, right: Part) -> tuple[float, str]:
    """A Slavic adjective of a place or name and the name itself (Zlatoustovskiy, Zlatoust)."""
    one, other = left.keys.sound.replace("ck", "tsk"), right.keys.sound.replace("ck", "tsk")  # of Tashkent
    if "sk" not in one and "sk" not in other:
        return 0.0, ""
    stems = [_ADJECTIVE.sub("", sound) for sound in (one, other)]
    if min(map(len, stems)) < 4:  # what is left says nothing
        return 0.0, ""
    plain = [stem.rstrip("aiu") for stem in stems]
    return (INFLECTED, "inflection") if stems != [one, other] and plain[0] == plain[1] else (0.0, "")


def _shortened(left: Part, right: Part) -> tuple[float, str]:
    """A business word cut short (Trans for Transportation)."""
    short, long = sorted((left.keys.latin, right.keys.latin), key=len)
    return (SHORTENED, "abbreviation") if len(short) >= 4 and long.startswith(short) else (0.0, "")


@lru_cache(maxsize=4096)
def word_similarity(left: Word, right: Word) -> tuple[float, str]:
    """How alike two words are by their letters and sounds; a pair is read both as it sounds and as it was typed."""
    crossing = left.foreign or right.foreign
    if left.latin == right.latin:
        return (TRANSLITERATION, "transliteration") if crossing and left != right else (EXACT, "exact")
    if not left.latin or not right.latin:
        return 0.0, ""
    spoken = left.tongue or right.tongue
    if left.sound == right.sound and len(left.sound) > 1 and not spoken:
        by_chance = not crossing and len(left.sound) <= _SHORT_SOUND
        return ALIKE_SHORT if by_chance else SOUND, "transliteration" if crossing else "sound"
    tongue = spoken or ("zh" if is_wade(left.latin) or is_wade(right.latin) else "")
    if tongue and KEYS[tongue](left) == KEYS[tongue](right):
        return SOUND, "transliteration"
    score, how = _near(left, right)
    if spoken and len(left.latin) <= _SYLLABLES >= len(right.latin):
        score = min(score, _SHORT_SLIP)
    if score < LEAST:
        return 0.0, ""
    return score, "transliteration" if crossing and how == "sound" else how


def _near(left: Word, right: Word) -> tuple[float, str]:
    """Likeness of words that neither look nor sound the same: as typed, or as it sounds, whichever is more."""
    same = _same_skeleton(left, right)
    bare = left.bare or right.bare
    if not same:
        one, other = (left.skeleton, right.skeleton) if bare else (left.phones, right.phones)
        if OSA.normalized_similarity(one, other, score_cutoff=_IN_COMMON) < _IN_COMMON and (
            bare or OSA.normalized_similarity(left.skeleton, right.skeleton, score_cutoff=_IN_COMMON) < _IN_COMMON
        ):
            return 0.0, ""
    shorter = min(len(left.latin), len(right.latin))
    typed = 0.0
    edits = OSA.distance(left.latin, right.latin, score_cutoff=2)
    if edits <= (1 if shorter < _TWO_SLIPS else 2) and shorter > 2:  # two letters bear no slip
        typed = min(TYPO, 1.0 - 1.25 * edits / (shorter + 1))
        if left.latin.rstrip("aeiou") == right.latin or right.latin.rstrip("aeiou") == left.latin:
            typed = min(typed, _ENDED)
        if shorter <= _SYLLABLE:
            typed = min(typed, _SHORT_SLIP)
    read = _read(left, right, same=same) if same or shorter >= _SYLLABLE or bare else 0.0
    if shorter <= _SYLLABLE and not (same or bare):
        read = min(read, _SHORT_SLIP)
    return (typed, "typo") if typed > read else (read, "sound" if same else "typo")


def _same_skeleton(left: Word, right: Word) -> bool:
    return (
        (left.skeleton == right.skeleton and len(left.skeleton) > 1)
        or right.skeleton in left.readings
        or left.skeleton in right.readings
    )


def _read(left: Word, right: Word, *, same: bool) -> float:
    """Similarity by the weighted edit distance of the phones."""
    bare = left.bare or right.bare
    table = costs()
    if bare:
        full, written = (right, left) if left.bare else (left, right)
        cost = (
            unvowelled_distance(full.phones, written.phones)
            if not full.bare
            else weighted_distance(full.phones, written.phones)
        )
    else:
        cost = weighted_distance(left.phones, right.phones)
    size = max(len(left.phones), len(right.phones)) if bare else (len(left.phones) + len(right.phones)) / 2
    if same and not bare and left.skeleton != right.skeleton:
        cost = min(cost, 0.15 * size)  # one is a known reading of the other
    if not same and left.skeleton[:1] != right.skeleton[:1]:
        swap = table.swap.get((left.skeleton[:1], right.skeleton[:1]), 1.0)
        cost += table.first if swap >= 1.0 else 0.0
    if not bare:
        # A changed sign makes another word of a short one.
        cost *= 1.6 if size <= 4 else 1.25 if size <= 5 else 1.0
    least = min(len(left.skeleton), len(right.skeleton))
    ceiling = 0.93 if least >= 3 else 0.82 if least == 2 else 0.72  # few consonants say little
    if cost <= _vowels_alone(left, right):
        ceiling = 0.92
    shorter, longer = sorted((left.phones, right.phones), key=len)
    if not bare and longer[:-1] == shorter and longer[-1] in "aeiou":
        ceiling = _ENDED
    return max(0.0, min(ceiling, 1.0 - cost / max(1.0, size)))


def _vowels_alone(left: Word, right: Word) -> float:
    """What two vowels of one class may cost, where the consonants agree and the words are no mere syllables."""
    long = min(len(left.latin), len(right.latin)) >= 5  # two syllables
    return 0.21 if long and left.skeleton == right.skeleton and len(left.skeleton) > 1 else -1.0


def weighted_distance(left: str, right: str) -> float:
    """Edit distance of two words of phones with the package's costs."""
    table = costs()
    gaps, other = table.gaps, table.other
    return _distance(
        left, right, [gaps.get(char, other) for char in left], [gaps.get(char, other) for char in right], table.swap
    )


_VOWELS = frozenset("aeiou")
_SHORT, _LONG, _EDGE = 0.06, 0.4, 0.3
"""Costs of a vowel that is not written, of a written one that is not heard, and of one not written at an edge of a word."""


def unvowelled_distance(full: str, written: str) -> float:
    """Edit distance of a word with all its vowels from one written with the long ones only.

    Short vowels inside the word are free but for a trifle; a written vowel must be heard, and a word that begins or ends with
    a vowel is written with it.
    """
    table = costs()
    if full[:1] in _VOWELS and written[:1] == "a":
        written = full[0] + written[1:]  # an alif at the head stands for any vowel
    soft = {"h": 0.3, "y": 0.3, "v": 0.5}
    last = len(full) - 1
    gaps_full = [
        (_EDGE if index in {0, last} else _SHORT) if char in "aeiou" else soft.get(char, table.other)
        for index, char in enumerate(full)
    ]
    gaps_written = [_LONG if char in "aeiou" else soft.get(char, table.other) for char in written]
    return _distance(full, written, gaps_full, gaps_written, table.readings)


def _distance(
    left: str, right: str, gaps_left: list[float], gaps_right: list[float], swap: dict[tuple[str, str], float]
) -> float:
    """Edit distance; given up, with what it costs so far, where it cannot end below the line of what is alike."""
    most = _HOPELESS * max(len(left), len(right))
    before: list[float] = []
    previous = [0.0]
    for gap in gaps_right:
        previous.append(previous[-1] + gap)
    for i, first in enumerate(left):
        gap = gaps_left[i]
        last = previous[0] + gap
        row = [last]
        least = last
        for j, second in enumerate(right):
            best = previous[j] if first == second else previous[j] + swap.get((first, second), _OTHER)
            above = previous[j + 1] + gap
            if above < best:  # noqa: PLR1730 - min() would take half of the time of the whole comparison
                best = above
            last += gaps_right[j]
            if last < best:  # noqa: PLR1730 - as above
                best = last
            if i and j and first == right[j - 1] and left[i - 1] == second and first != second:
                best = min(best, before[j - 1] + 0.8)
            row.append(best)
            last = best
            if best < least:  # noqa: PLR1730 - as above
                least = best
        if least > most:
            return least
        before, previous = previous, row
    return previous[-1]


_HOPELESS = 0.4
"""Costs a letter from which two words have nothing to do with each other (see LEAST)."""
