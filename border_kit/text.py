"""Foreign text: made safe once, folded for comparison, cut into tokens that remember where they stood.

Sources: Unicode Standard Annex 15 (normalisation), UAX 9 (bidirectional controls), UTS 39 (invisible characters).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_FIELD = 100_000
"""Characters of one field that are looked at; the rest is cut, and the cut is marked."""

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u3164\uffa0"
_DROPPED = {ord(char): None for char in _BIDI + _INVISIBLE}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]|[\U000e0000-\U000e007f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str, limit: int = MAX_FIELD) -> str:
    """Make one foreign string safe to store and show.

    Lone surrogates become U+FFFD, control characters a space, invisible and direction-changing characters go, the text is
    composed (NFC), cut to `limit` characters (with an ellipsis) and stripped. Tabs and line breaks inside stay.
    """
    return visible(text[:limit] + "…" if len(text) > limit else text).strip()


def visible(text: str) -> str:
    """A text without what a terminal or a reader would not see as text: the work of `clean()`, blanks at the ends kept."""
    if text.isascii() and text.isprintable():
        return text
    safe = _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    safe = _CONTROL.sub(" ", safe.translate(_DROPPED))
    return unicodedata.normalize("NFC", safe)


def clean_line(text: str, limit: int = MAX_FIELD) -> str:
    """`clean()` on one line: every run of white space becomes one space."""
    return " ".join(clean(text, limit).split())


def whole_number(text: str, digits: int) -> int | None:
    """A number written with at most so many of the digits 0 to 9 and nothing else, None for any other text.

    Without a bound a text of some thousand digits would make `int()` refuse, and one of twenty what a database can hold.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def has_direction_controls(text: str) -> bool:
    """Whether a text carries characters that reorder or hide others (worth telling an officer)."""
    return any(char in _BIDI or char in _INVISIBLE for char in text)


def fold(text: str) -> str:
    """Fold for comparison: compatibility forms, case, accents and Arabic marks away; other scripts keep their letters."""
    if text.isascii():
        return text.lower()
    return "".join(_fold_char(char) for char in text)


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    folded = _EXTRA.get(char)
    if folded is not None:
        return folded
    whole = unicodedata.normalize("NFKC", char.casefold())
    if char in _WHOLE or any(first <= whole[:1] <= last for first, last in _SYLLABLES):
        return whole
    decomposed = unicodedata.normalize("NFKD", char.casefold())
    kept = "".join(part for part in decomposed if not unicodedata.combining(part) and part != "\u0640")
    return "".join(_EXTRA.get(part, part) for part in kept)


_SYLLABLES = (("\u3041", "\u30ff"), ("\uac00", "\ud7a3"))
"""Kana and Hangul: their marks and parts make other syllables, so they stay whole."""

_WHOLE = frozenset("йЙ")
"""Letters that only look like one letter with an accent."""
_EXTRA = {
    "ı": "i", "İ": "i", "ə": "e", "Ə": "e", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th",
    "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ß": "ss", "ё": "е", "Ё": "е",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ؤ": "و", "ئ": "ي",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
    "×": "x", "µ": "u", "μ": "u", "º": "°", "˚": "°", "≥": ">=", "≤": "<=", "，": ",", "、": ",", "；": ";",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its folded `text` and the `start` and `end` of what it stands for in the original."""

    text: str
    start: int
    end: int


_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold a text and say, for each folded character, the index of the original character it came from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    pieces: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        folded = _fold_char(char)
        pieces.append(folded)
        origin.extend([index] * len(folded))
    return "".join(pieces), origin


def tokens(text: str) -> list[Token]:
    """Cut a text into folded words with the places where they stand in it; a CJK character is a word of its own."""
    folded, origin = fold_with_offsets(text)
    found: list[Token] = []
    for match in _WORD.finditer(folded):
        for start, end in _split_cjk(match.group(), match.start()):
            found.append(Token(folded[start:end], origin[start], origin[end - 1] + 1))
    return found


def _split_cjk(word: str, offset: int) -> list[tuple[int, int]]:
    if word.isascii() or not _CJK.search(word):
        return [(offset, offset + len(word))]
    parts: list[tuple[int, int]] = []
    run = 0
    for index, char in enumerate(word):
        if _CJK.match(char):
            if run < index:
                parts.append((offset + run, offset + index))
            parts.append((offset + index, offset + index + 1))
            run = index + 1
    if run < len(word):
        parts.append((offset + run, offset + len(word)))
    return parts
