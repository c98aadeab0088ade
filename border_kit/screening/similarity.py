"""How alike two words are, and in what way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.distance.OSA import normalized_similarity as _in_common

from border_kit.screening.distance import costs, unvowelled_distance, weighted_distance
from border_kit.screening.letters import Word
from border_kit.screening.lexicon import lexicon
from border_kit.screening.parts import Part
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


NOTHING = 0.0, ""
"""What words have in common that have nothing to do with each other."""


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
        return _initial(left, right) if "initial" in {left.role, right.role} else NOTHING
    if left.role in _MEANT or right.role in _MEANT:
        return _business(left, right)
    return _names(left, right)


_ALONE = frozenset({"initial", "number"})


def _business(left: Part, right: Part) -> tuple[float, str]:
    """Of business words: two that mean different things are not one misspelt, and a name is not nearly a business word."""
    one, other = left.keys, right.keys
    found = _as_one(one, other) or NOTHING
    if found[0] >= SOUND:
        return found
    if left.canon and right.canon:
        return NOTHING
    found = word_similarity(one, other) if _slip(one.latin, other.latin) else NOTHING
    if found[0] < INFLECTED and _inflected(one.sound, other.sound):
        return INFLECTED, "inflection"
    if found[0] < SHORTENED and _shortened(one.latin, other.latin):
        return SHORTENED, "abbreviation"
    return found


def _names(left: Part, right: Part) -> tuple[float, str]:
    """Of names: by letters and sounds, as spellings or short forms of one name, as forms of one word."""
    one, other = left.keys, right.keys
    found = word_similarity(one, other)
    if found[0] >= VARIANT:
        return found
    known = lexicon()
    if left.text in known.variants and _agree(known.variants, left.text, right.text):
        return VARIANT, "spelling"
    # The table is in Latin letters (Саша).
    if found[0] < NICKNAME and one.latin in known.nicknames and _agree(known.nicknames, one.latin, other.latin):
        return NICKNAME, "nickname"
    if found[0] < INFLECTED and _inflected(one.sound, other.sound):
        found = INFLECTED, "inflection"
    if found[0] and _two_names(one, other):
        return (found[0] * _OTHER_NAME, found[1]) if found[0] * _OTHER_NAME >= LEAST else NOTHING
    return found


_COMMON_NAME = 12
"""A word that stands in so many entities is a name of its own, not a slip in writing another (one in six hundred persons)."""
_OTHER_NAME = 0.9


def _two_names(left: Word, right: Word) -> bool:
    """Whether two words that are merely near are each a well-known name (Marina and Marija, Hassan and Hossein)."""
    persons = weights().persons
    return (
        not (left.bare or right.bare)
        and left.skeleton != right.skeleton
        and persons.get(left.sound, 0) >= _COMMON_NAME
        and persons.get(right.sound, 0) >= _COMMON_NAME
    )


_MEANT = frozenset({"filler", "generic", "place"})
_CANON_HOW = {
    "legal": "legal form",
    "number": "number",
    "honorific": "title",
    "particle": "particle",
    "patronym": "particle",
}


def _slip(left: str, right: str) -> bool:
    """Whether two long words differ by one slip of the hand."""
    return len(left) > 5 < len(right) and OSA.distance(left, right, score_cutoff=1) <= 1  # long enough


def _initial(left: Part, right: Part) -> tuple[float, str]:
    one, other = (left, right) if left.role == "initial" else (right, left)
    if other.role == "initial":
        return (TRANSLITERATION, "transliteration") if one.keys.sound == other.keys.sound else (0.0, "")
    fits = one.keys.latin and (
        other.keys.latin.startswith(one.keys.latin) or other.keys.phones[:1] == one.keys.phones[:1]
    )
    return (0.8, "initial") if fits and other.is_name else (0.0, "")


def _agree(table: Mapping[str, frozenset[object]], left: str, right: str) -> bool:
    """Whether two words stand in one group of a table."""
    return not table.get(left, _NO_GROUPS).isdisjoint(table.get(right, _NO_GROUPS))


_NO_GROUPS: frozenset[object] = frozenset()
_ADJECTIVE = re.compile(r"(?:[aiu]?n|uv|av)?sk[aiuy]{0,3}(?:[gvmhX][aiu]?)?$")


def _inflected(left: str, right: str) -> bool:
    """Whether of two sounds one is a Slavic adjective of a place or name and the other that name (Zlatoustovskiy, Zlatoust)."""
    if "sk" not in (both := left + right) and "ck" not in both:
        return False
    one, other = left.replace("ck", "tsk"), right.replace("ck", "tsk")  # of Tashkent
    stems = [_ADJECTIVE.sub("", sound) for sound in (one, other)]
    plain = [stem.rstrip("aiu") for stem in stems]
    return stems != [one, other] and plain[0] == plain[1] and min(map(len, stems)) >= 4  # less says nothing


def _shortened(left: str, right: str) -> bool:
    """Whether one business word is the other cut short (Trans for Transportation)."""
    return len(left) >= 4 <= len(right) and (left.startswith(right) or right.startswith(left))


def word_similarity(left: Word, right: Word) -> tuple[float, str]:
    """How alike two words are by their letters and sounds; a pair is read both as it sounds and as it was typed."""
    return _as_one(left, right) or _near(left, right)


def _as_one(left: Word, right: Word) -> tuple[float, str] | None:
    """Of words that are written the same, sound the same, or are one word in their language; None of others."""
    one, _, sound, _, _, foreign, _, tongue = left
    other, _, sound_there, _, _, foreign_there, _, tongue_there = right
    if one == other:
        crossing = (foreign or foreign_there) and left != right
        return (TRANSLITERATION, "transliteration") if crossing else (EXACT, "exact")
    if not one or not other:
        return NOTHING
    tongue = tongue or tongue_there
    if not tongue:
        if sound == sound_there and len(sound) > 1:
            if foreign or foreign_there:
                return SOUND, "transliteration"
            return SOUND if len(sound) > _SHORT_SOUND else ALIKE_SHORT, "sound"
        if is_wade(one) or is_wade(other):
            tongue = "zh"
    if tongue and KEYS[tongue](left) == KEYS[tongue](right):
        return SOUND, "transliteration"
    return None


def _near(left: Word, right: Word) -> tuple[float, str]:
    """Likeness of words that neither look nor sound the same, where they have sounds or consonants in common."""
    _, phones, _, skeleton, bare, _, readings, _ = left
    _, phones_there, _, skeleton_there, bare_there, _, readings_there, _ = right
    same = (
        (skeleton == skeleton_there and len(skeleton) > 1) or skeleton_there in readings or skeleton in readings_there
    )
    if (
        same
        or _in_common(skeleton, skeleton_there, score_cutoff=_IN_COMMON)
        or (not (bare or bare_there) and _in_common(phones, phones_there, score_cutoff=_IN_COMMON))
    ):
        return _typed_or_read(left, right, same)
    return NOTHING


@lru_cache(maxsize=2048)
def _typed_or_read(left: Word, right: Word, same: bool) -> tuple[float, str]:
    """Likeness as typed, or as it sounds, whichever is more; `same` are words of one skeleton."""
    one, other = left.latin, right.latin
    bare = left.bare or right.bare
    shorter = min(len(one), len(other))
    typed = _typed(one, other, shorter)
    read = _read(left, right, same=same) if same or shorter >= _SYLLABLE or bare else 0.0
    if shorter <= _SYLLABLE and not (same or bare):
        read = min(read, _SHORT_SLIP)
    score = max(typed, read)
    if (left.tongue or right.tongue) and len(one) <= _SYLLABLES >= len(other):
        score = min(score, _SHORT_SLIP)
    if score < LEAST:
        return NOTHING
    if typed > read or not same:
        return score, "typo"
    return score, "transliteration" if left.foreign or right.foreign else "sound"


def _typed(left: str, right: str, shorter: int) -> float:
    """Similarity of two spellings that are a slip or two of the hand apart, else 0."""
    edits = OSA.distance(left, right, score_cutoff=2)
    if edits > (1 if shorter < _TWO_SLIPS else 2) or shorter <= 2:  # two letters bear no slip
        return 0.0
    typed = min(TYPO, 1.0 - 1.25 * edits / (shorter + 1))
    if left.rstrip("aeiou") == right or right.rstrip("aeiou") == left:
        typed = min(typed, _ENDED)
    return min(typed, _SHORT_SLIP) if shorter <= _SYLLABLE else typed


def _read(left: Word, right: Word, *, same: bool) -> float:
    """Similarity by the weighted edit distance of the phones."""
    one, other = left.phones, right.phones
    bare = left.bare or right.bare
    size = max(len(one), len(other)) if bare else (len(one) + len(other)) / 2
    # A changed sign makes another word of a short one.
    times = 1.0 if bare or size > 5 else 1.25 if size > 4 else 1.6
    first = 0.0 if same else _first(left.skeleton[:1], right.skeleton[:1])
    distance = weighted_distance if left.bare == right.bare else unvowelled_distance
    cost = distance(other, one) if left.bare else distance(one, other)
    if same and not bare and left.skeleton != right.skeleton:
        cost = min(cost, 0.15 * size)  # one is a known reading of the other
    cost = (cost + first) * times
    least = min(len(left.skeleton), len(right.skeleton))
    ceiling = 0.93 if least >= 3 else 0.82 if least == 2 else 0.72  # few consonants say little
    if cost <= _vowels_alone(left, right):
        ceiling = 0.92
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    if not bare and longer[:-1] == shorter and longer[-1] in "aeiou":
        ceiling = _ENDED
    return max(0.0, min(ceiling, 1.0 - cost / max(1.0, size)))


def _first(left: str, right: str) -> float:
    """What it costs more that two words begin with other consonants, which no table names."""
    table = costs()
    return 0.0 if left == right or table.swap.get(left, {}).get(right, 1.0) < 1.0 else table.first


def _vowels_alone(left: Word, right: Word) -> float:
    """What two vowels of one class may cost, where the consonants agree and the words are no mere syllables."""
    long = min(len(left.latin), len(right.latin)) >= 5  # two syllables
    return 0.21 if long and left.skeleton == right.skeleton and len(left.skeleton) > 1 else -1.0
