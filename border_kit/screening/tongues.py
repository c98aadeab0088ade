"""Keys of words of one language that all its romanisations share."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from border_kit.screening.afar import SAYS_ENOUGH, of_latin
from border_kit.screening.letters import Word

_KOREAN = (
    (re.compile(r"ee|ui"), "i"), (re.compile(r"ch|j|tch"), "j"), (re.compile(r"sh|ss"), "s"), (re.compile(r"kk|g|k"), "k"), (re.compile(r"tt|d"), "t"),
    (re.compile(r"pp|b|ph"), "p"), (re.compile(r"r"), "l"), (re.compile(r"yeo|you|yu|yo"), "yo"), (re.compile(r"eo|eu|oo|ou|u"), "o"),
    (re.compile(r"ae|ai|ay|oe"), "e"), (re.compile(r"al(?=k)"), "a"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


@lru_cache(maxsize=1024)
def korean(word: Word) -> str:
    """A key that all romanisations of one Korean word share (Revised, McCune-Reischauer, Pyongyang's and home-made ones)."""
    text = word.latin
    for pattern, sign in _KOREAN:
        text = pattern.sub(sign, text)
    # North and South differ in an l at the head of a word: dropped before i and y, else n.
    if len(text) < 3 or not text.startswith("l"):  # nothing would be left
        return text
    return text[1:] if text[1] in "iy" else "n" + text[1:]


_WADE_BEGINS, _WADE_ENDS = ("hs", "ts", "tz"), ("ien", "ueh", "ieh", "ung")
"""Spellings of Wade and Giles that pinyin and other languages do without; so is `hs` inside a word, but for `ths`."""


@lru_cache(maxsize=4096)
def is_wade(latin: str) -> bool:
    """Whether a word is spelled as only Wade and Giles do."""
    return latin.startswith(_WADE_BEGINS) or latin.endswith(_WADE_ENDS) or "hs" in latin.replace("ths", " ")


_CHINESE = (
    (re.compile(r"oo"), "u"), (re.compile(r"ee"), "i"), (re.compile(r"tzu"), "zi"), (re.compile(r"s[sz]u"), "si"), (re.compile(r"rh"), "r"),
    (re.compile(r"j(?=e|ung|ui|o|a|ih)"), "r"), (re.compile(r"(?<=[ln])(?:v|yu)"), "u"), (re.compile(r"(?<=[gkh])e(?![nihrao])"), "o"), (re.compile(r"(?<![gkh])uo"), "o"),
    (re.compile(r"hs|sh|x"), "S"), (re.compile(r"ts|tz|(?<![sc])z(?!h)|c(?!h)"), "c"), (re.compile(r"ch|zh|q|j"), "C"), (re.compile(r"[bp]"), "p"),
    (re.compile(r"[dt]"), "t"), (re.compile(r"[gk](?![^aeiou]|$)"), "k"), (re.compile(r"ien|ian|yen|yan"), "Y"), (re.compile(r"uei|ui"), "u"),
    (re.compile(r"ueh|yue|ue|ieh|ie|ye"), "E"), (re.compile(r"ung|ong"), "U"), (re.compile(r"ih|eh"), "i"), (re.compile(r"yi|y(?=i)"), "i"), (re.compile(r"iu|you|yu"), "u"),
)  # fmt: skip


@lru_cache(maxsize=1024)
def chinese(word: Word) -> str:
    """A key that pinyin and Wade-Giles of one Chinese word share (aspirates are folded: Wade-Giles often comes without its marks)."""
    text = word.latin
    for pattern, sign in _CHINESE:
        text = pattern.sub(sign, text)
    return text


_CANTONESE = (
    (re.compile(r"ar"), "a"), (re.compile(r"ck"), "k"), (re.compile(r"oy"), "oi"),
    (re.compile(r"t?sz[eu]?|tze(?![aiou])"), "si"), (re.compile(r"eung|eong|iong|oeng"), "Eng"), (re.compile(r"euk|eok"), "Ek"),
    (re.compile(r"ch|ts|tz|zh|j(?=[aeiouE])|z|c"), "C"), (re.compile(r"sh"), "s"), (re.compile(r"kw|gw|qu"), "Q"), (re.compile(r"g(?=[aeiou])"), "k"),
    (re.compile(r"b"), "p"), (re.compile(r"d"), "t"), (re.compile(r"ow"), "au"), (re.compile(r"aw|oh|ou"), "o"), (re.compile(r"yue(?=[nt])|yu(?=[nt])|ue(?=[nt])|oo(?=[nt])"), "u"),
    (re.compile(r"ue|oo|yu"), "u"), (re.compile(r"ee|ei|ey|ie"), "i"), (re.compile(r"eng"), "ing"), (re.compile(r"ek"), "ik"), (re.compile(r"um"), "am"), (re.compile(r"up"), "ap"),
    (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


@lru_cache(maxsize=1024)
def cantonese(word: Word) -> str:
    """A key that the spellings of one Cantonese word in passports of Hong Kong and Macao, and overseas, share."""
    text = word.latin
    for pattern, sign in _CANTONESE:
        text = pattern.sub(sign, text)
    return text


_JAPANESE = (
    (re.compile(r"shi|si"), "S"), (re.compile(r"sh|sy"), "S"), (re.compile(r"tsu|tu"), "T"), (re.compile(r"chi|ti"), "C"), (re.compile(r"ch|ty"), "C"),
    (re.compile(r"ji|zi|di"), "J"), (re.compile(r"jy|zy|j"), "J"), (re.compile(r"fu|hu"), "F"), (re.compile(r"m(?=[bpm])"), "n"), (re.compile(r"oh(?![aiueo])|ou|oo"), "o"),
    (re.compile(r"l"), "r"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


@lru_cache(maxsize=1024)
def japanese(word: Word) -> str:
    """A key that Hepburn, Kunrei and the spellings of passports share, with or without long vowels."""
    text = word.latin
    for pattern, sign in _JAPANESE:
        text = pattern.sub(sign, text)
    return text


def afar(word: Word) -> str:
    """The consonants of a name from afar, spelled in Chinese characters or in Latin; too few of them make no key."""
    classes = word.readings[0] if word.tongue == "afar" else of_latin(word.latin)
    return classes if len(classes) >= SAYS_ENOUGH else word.latin


KEYS: dict[str, Callable[[Word], str]] = {"ko": korean, "zh": chinese, "yue": cantonese, "ja": japanese, "afar": afar}
"""The key of each language."""

_SYLLABLE = (
    "(?:[bpmfdtnlgkhjqxrzcsywv]|[zcst]h|t[sz]|hs|sz|ss|kw|gw|ng|kk|tt|pp|jj)?[aeiouwy]{1,3}(?:ng|ck|[nklmpthr])?"
)
_EASTERN = re.compile(f"(?:{_SYLLABLE}){{1,3}}")
_ONE_SYLLABLE = re.compile(_SYLLABLE)
_JAPANESE_LETTERS = re.compile("[abcdefghijkmnoprstuwyz]*[aeiounh]")


def romanised(word: Word) -> list[tuple[str, str]]:
    """The languages of which a Latin word may romanise a word in characters, by its letters, each with the word's key."""
    eastern, japanese_too = _EASTERN.fullmatch(word.latin), _JAPANESE_LETTERS.fullmatch(word.latin)
    fits = {"ko": eastern, "zh": eastern, "yue": eastern, "ja": japanese_too, "afar": True}
    return [(tongue, key(word)) for tongue, key in KEYS.items() if fits[tongue]]


def is_syllable(word: Word) -> bool:
    """Whether a word may be one syllable of a Chinese or Korean name."""
    return _ONE_SYLLABLE.fullmatch(word.latin) is not None
