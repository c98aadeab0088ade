"""Under which keys a listed word stands, and under which keys a word of a query looks.

Three ways lead to a word: its Latin letters with one left out, on both sides, which meets every single slip of the hand without a
scan (Symmetric Delete: Garbe 2012); its sound, which meets other spellings; its consonants, which meet what is written
without vowels. Keys are 32-bit checksums: a collision costs one look, never a wrong answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from border_kit.screening.letters import Word
from border_kit.screening.parse import Name, Part

_LETTERS, _SOUND, _CONSONANTS = 0x4C, 0x53, 0x43
"""Where the checksum of each way starts, so that a sound is not taken for letters."""
_NO_SLIP = 2
"""Words of so few letters bear no slip."""
_CONSONANT_SLIP = 4
"""Of fewer consonants, too little is left when one is left out."""

_UNTELLING = frozenset({"legal", "stop", "vessel", "honorific", "particle", "patronym"})


def found_by(name: Name) -> list[Part]:
    """The words that a name is found by; forms and grammar only where nothing else is there."""
    kept = [part for part in name.parts if part.role not in _UNTELLING and part.keys.latin]
    return kept or [part for part in name.parts if part.keys.latin]


def telling_weight(name: Name) -> float:
    """The weight of a name without forms and grammar."""
    return sum(part.weight for part in name.parts if part.role not in _UNTELLING)


def initial_bit(latin: str) -> int:
    """Sixteen classes of first letters, one bit each: the rank of a name whose other words are given by initials."""
    return 1 << (ord(latin[0]) & 15) if latin else 0


def index_keys(word: Word) -> set[int]:
    """All keys under which a listed word stands."""
    found = _slips(word.latin, _LETTERS)
    found.add(crc32(word.sound.encode(), _SOUND))
    if word.foreign:
        found |= _slips(word.sound, _SOUND)
    return found | _consonants(word)


def query_keys(word: Word) -> set[int]:
    """All keys under which a word of a query looks."""
    return index_keys(word) | _slips(word.sound, _SOUND) if word.foreign else index_keys(word)


def sound_key(sound: str) -> int:
    """The key of a word as it sounds."""
    return crc32(sound.encode(), _SOUND)


def _consonants(word: Word) -> set[int]:
    found = {crc32(form.encode(), _CONSONANTS) for form in (word.skeleton, *word.readings) if len(form) > 1}
    if len(word.skeleton) >= _CONSONANT_SLIP:
        found |= _slips(word.skeleton, _CONSONANTS)
    return found


def _slips(form: str, way: int) -> set[int]:
    if len(form) <= _NO_SLIP:
        return {crc32(form.encode(), way)}
    data = form.encode()
    found = {crc32(data[:at] + data[at + 1 :], way) for at in range(len(data))}
    found.add(crc32(data, way))
    return found


def initials_of(parts: Iterable[Part]) -> int:
    """The initials of a name's telling words, as one mask."""
    mask = 0
    for part in parts:
        mask |= initial_bit(part.keys.latin)
    return mask
