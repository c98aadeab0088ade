"""Scripts whose letters are a consonant with a vowel in it: those of India and beyond, written out; those of the mainland, put in order.

The Unicode blocks of the scripts of India are laid out alike (after ISCII), so that one table serves them all: what it says of a
letter of Devanagari holds for the letter in the same place of the others, unless they have a line of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_FIRST, _SINHALA, _BLOCK = 0x900, 0xD80, 0x80
_CONSONANTS = frozenset({*range(0x15, 0x3A), *range(0x58, 0x60)})
_VOWEL_SIGNS = frozenset({*range(0x3E, 0x4D), *range(0x55, 0x58), 0x62, 0x63})
_NUKTA, _VIRAMA = 0x3C, 0x4D
_KEPT_VOWEL = 0xB80
"""From this block (Tamil) on a word that ends in its inherent vowel is read with it; before, only after two consonants."""


def written_out(text: str, table: Mapping[str, str], latin: Callable[[str], str]) -> str:
    """A word of a script of India in Latin letters, with the vowels that its consonants hold."""
    found: list[str] = []
    index = 0
    while index < len(text):
        base = index
        place = _place(text, base)
        dotted = _place(text, base + 1) == _NUKTA
        index += 2 if dotted else 1
        if place in {_NUKTA, _VIRAMA}:
            continue
        found.append(_letter(text[base:index], table, latin))
        if place in _CONSONANTS:
            following = _place(text, index)
            last = index == len(text)
            if following in _VOWEL_SIGNS or following == _VIRAMA:
                continue
            if not last or ord(text[base]) >= _KEPT_VOWEL or (base and _place(text, base - 1) == _VIRAMA):
                found.append("a")
    return "".join(found)


def _letter(text: str, table: Mapping[str, str], latin: Callable[[str], str]) -> str:
    known = table.get(text)
    if known is None:
        code = ord(text[0])
        if code < _SINHALA:
            alike = "".join(chr(_FIRST + (ord(char) - _FIRST) % _BLOCK) for char in text)
            known = table.get(alike) or table.get(alike[0])
    return latin(text[0]) if known is None else known


def _place(text: str, index: int) -> int:
    """The place of a letter in its block, as if all blocks were laid out alike; -1 behind the end and for other letters."""
    if index >= len(text):
        return -1
    code = ord(text[index])
    if not _FIRST <= code < _SINHALA + _BLOCK:
        return -1
    return _SINHALA_PLACES.get(code, -1) if code >= _SINHALA else (code - _FIRST) % _BLOCK


_SINHALA_PLACES = {
    **dict.fromkeys(range(0xD9A, 0xDC7), 0x15),
    **dict.fromkeys(range(0xDCF, 0xDE0), 0x3E),
    0xDF2: 0x3E,
    0xDF3: 0x3E,
    0xDCA: _VIRAMA,
}
_BEFORE = re.compile("([\u0e40-\u0e44\u0ec0-\u0ec4])([\u0e01-\u0e2e\u0e81-\u0eae])")
_SILENT = re.compile("[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c")


def in_order(text: str) -> str:
    """A word of Thai or Lao with its vowels behind the consonants they are read after, and without letters marked as silent."""
    return _BEFORE.sub(r"\2\1", _SILENT.sub("", text))
