"""Under which keys a listed word stands, and under which keys a word of a query looks.

Four ways lead to a word: its Latin letters with one left out, on both sides, which meets every single slip of the hand without a
scan (Symmetric Delete: Garbe 2012); its sound, which meets other spellings; its consonants, which meet what is written
without vowels; and, of a word in characters or Hangul, what all romanisations of its language share. A key is a 32-bit checksum with, in eight bits more, which letter was left out and whether the word is of
another script: from that alone it is told how alike two words are, and no word need be read. A collision of checksums brings
in a name that is compared in vain, never a wrong answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from border_kit.screening.index.layout import KEY_BITS
from border_kit.screening.letters import Word, skeleton_of, word
from border_kit.screening.parse import Name
from border_kit.screening.parts import Part
from border_kit.screening.tongues import KEYS, is_syllable, romanised

_LETTERS, _SOUND, _CONSONANTS, _COARSE, _SPOKEN = map(
    crc32, (b"letters", b"sound", b"consonants", b"coarse", b"spoken")
)
"""Where the checksum of each way starts, so that a sound is not taken for letters: far apart, or one first letter makes up for it."""
_NO_SLIP = 2
"""Words of so few letters bear no slip."""
_CONSONANT_SLIP = 4
"""Of fewer consonants, too little is left when one is left out."""
_ARTICLES = ("al", "el")
_GLUED = 6
"""Letters of a word that may begin with an article."""
_TWO_SLIPS = 8
"""Words of so many letters bear two."""
WHOLE = 0x1F
"""No letter was left out; a number below says which."""
FOREIGN = 0x20
SAME = 0.97
"""How alike words are that sound the same."""

_UNTELLING = frozenset({"legal", "stop", "vessel", "honorific", "particle", "patronym"})


def tells(part: Part) -> bool:
    """Whether a word is more than a form or grammar."""
    return part.role not in _UNTELLING


def found_by(name: Name) -> list[Part]:
    """The words that a name is found by; forms and grammar only where nothing else is there."""
    kept = [part for part in name.parts if tells(part) and part.keys.latin]
    return kept or [part for part in name.parts if part.keys.latin]


def telling_weight(name: Name) -> float:
    """The weight of a name without forms and grammar."""
    return sum([part.weight for part in name.parts if tells(part)])


def initial_bit(latin: str) -> int:
    """Sixteen classes of first letters, one bit each: the rank of a name whose other words are given by initials."""
    return 1 << (ord(latin[0]) & 15) if latin else 0


def index_keys(item: Word) -> set[int]:
    """All keys under which a listed word stands, each as a page has it (see layout) with no word yet."""
    found = _slips(item.latin, _LETTERS)
    found |= _slips(item.sound, _SOUND) if item.foreign else {crc32(item.sound.encode(), _SOUND): WHOLE}
    found |= _consonants(item)
    if not item.foreign and len(item.latin) >= _GLUED and item.latin.startswith(_ARTICLES):
        bare = skeleton_of(item.phones[2:])  # an article written as part of the item, which Arabic script sets apart
        found |= {crc32(bare.encode(), _CONSONANTS): WHOLE} if len(bare) > 1 else {}
    found |= _coarse(item)
    if item.tongue:
        found[_spoken(item.tongue, KEYS[item.tongue](item))] = WHOLE
    mark = FOREIGN if item.foreign else 0
    return {key << KEY_BITS | at | mark for key, at in found.items()}


def query_keys(item: Word) -> dict[int, Sought]:
    """All keys under which a word of a query looks."""
    size = len(item.skeleton)
    found = {key: Sought(_COARSE, size, at, item.foreign) for key, at in _coarse(item).items()}
    found |= {key: Sought(_CONSONANTS, size, at, item.foreign) for key, at in _consonants(item).items()}
    if item.foreign:
        found |= {key: Sought(_LETTERS, len(item.sound), at) for key, at in _slips(item.sound, _SOUND).items()}
    found |= {key: Sought(_LETTERS, len(item.latin), at) for key, at in _slips(item.latin, _LETTERS).items()}
    return found | sound_keys(item.sound) | _spoken_keys(item)


def letters_key(latin: str) -> int:
    """The key of a word as it is written in Latin letters, whole."""
    return crc32(latin.encode(), _LETTERS)


def joined_keys(first: Word, second: Word) -> dict[int, Sought]:
    """The keys of two words written as one: as it sounds, and where vowels are not written by its consonants."""
    joined = word(first.latin + second.latin)
    if first.bare and second.bare:
        return {
            key: Sought(_CONSONANTS, len(joined.skeleton), at, foreign=True)
            for key, at in _consonants(joined).items()
            if at == WHOLE
        }
    spoken = _spoken_keys(joined) if is_syllable(first) and is_syllable(second) else {}
    return sound_keys(joined.sound) | spoken


def _spoken_keys(item: Word) -> dict[int, Sought]:
    """The keys of a Latin word as it may romanise a word in characters, in each of the languages."""
    if item.foreign or not item.latin:
        return {}
    return {_spoken(*key): Sought(_SPOKEN, len(item.latin), WHOLE) for key in romanised(item)}


def _spoken(tongue: str, key: str) -> int:
    return crc32(f"{tongue} {key}".encode(), _SPOKEN)


def sound_keys(sound: str) -> dict[int, Sought]:
    """The key of a word as it sounds."""
    return {crc32(sound.encode(), _SOUND): Sought(_SOUND, len(sound), WHOLE)}


@dataclass(frozen=True, slots=True)
class Sought:
    """How a query looks under one key: which way, the length of its form there, and which letter it left out (or WHOLE)."""

    way: int
    size: int
    at: int
    foreign: bool = False

    def alike(self, info: int) -> float:
        """How alike the word of the query and a listed word are that meet under a key, 0 to 1; 0 where it is by chance."""
        at = info & WHOLE
        if self.way in {_SOUND, _SPOKEN}:
            return SAME if at == WHOLE else 0.0
        if self.way == _LETTERS:
            return self._by_letters(at)
        if self.way == _COARSE:
            crosses = self.foreign or info & FOREIGN
            return 0.0 if not crosses else 0.8 if self.size > 2 else 0.7  # two consonants say little
        if self.at == WHOLE and at == WHOLE:
            return 0.86 if self.size > 2 else 0.75  # two consonants say little
        return 0.9 * self._by_letters(at) if self.foreign or info & FOREIGN else 0.0

    def _by_letters(self, at: int) -> float:
        """One letter too many on either side, or another one in its place, or two exchanged; two slips in a long word."""
        if self.at == WHOLE and at == WHOLE:
            return 1.0
        if WHOLE in {self.at, at} or abs(self.at - at) <= 1:
            return 1.0 - 1.0 / (self.size + (self.at == WHOLE))
        return 1.0 - 2.0 / self.size if self.size >= _TWO_SLIPS else 0.0


def _coarse(item: Word) -> dict[int, int]:
    """Consonants in wide classes: scripts tell apart what others write alike (kh and h, French and English ch, ts and t-s)."""
    return {crc32(item.skeleton.translate(_CLASSES).encode(), _COARSE): WHOLE} if len(item.skeleton) > 1 else {}


_CLASSES = str.maketrans({"C": "S", "c": "ts", "X": "h", "g": "k"})


def _consonants(item: Word) -> dict[int, int]:
    found = {crc32(form.encode(), _CONSONANTS): WHOLE for form in (item.skeleton, *item.readings) if len(form) > 1}
    return _slips(item.skeleton, _CONSONANTS) | found if len(item.skeleton) >= _CONSONANT_SLIP else found


def _slips(form: str, way: int) -> dict[int, int]:
    """The keys of a form and of all its forms with one letter left out, each with the first letter that may be it."""
    data = form.encode()
    found: dict[int, int] = {}
    if len(form) > _NO_SLIP:
        for at in range(len(data) - 1, -1, -1):  # backwards, so that the first stays
            found[crc32(data[:at] + data[at + 1 :], way)] = at if at < WHOLE else WHOLE - 1
    found[crc32(data, way)] = WHOLE
    return found
