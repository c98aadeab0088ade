"""Letters and sounds: every word in Latin letters, in a spelling-free sound, and as its consonants.

Three keys of a word serve three needs. `latin` is how it is written in Latin letters; `phones` replaces spellings of one
sound by one sign (kh, sh, ch and their like; tables say which); `sound` folds the vowels of `phones` to three, so that
Mohammed and Muhamad are one; `skeleton` keeps consonants alone, which is what Arabic and Hebrew write.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from border_kit.screening.abugida import in_order, written_out
from border_kit.screening.tables import rows
from border_kit.text import fold

MAX_WORD = 48
"""Letters of one word that are looked at."""

_VOWELS = "aeiou"
_FOLDED_VOWELS = bytes.maketrans(b"eyow", b"aiuv")
_DROPPED_VOWELS = b"aeiouyw"
_DOUBLE = re.compile(r"(.)\1")
_SOFT_C = re.compile(r"c(?=[eiy])")
_VOWEL_Y = re.compile(r"y(?![aeiou])")
_NOT_LATIN = re.compile(r"[^a-z0-9]+")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_GREEK_OR_CYRILLIC = re.compile("[\u0370-\u052f\u1f00-\u1fff]")
# A letter or digit, and what hangs on it: marks of Latin, Hebrew, Arabic, and the vowel signs of the scripts of India and beyond.
WORD = re.compile(
    "[^\\W_]+(?:[\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0e7f\u0e80-\u109f\u1780-\u17d3]+[^\\W_]*)*"
)


class Word(NamedTuple):
    """One word under its keys.

    `bare` marks a word written without its short vowels; `readings` are further skeletons; `foreign` marks one of another
    script than Latin, `tongue` is ko for Hangul and zh for Chinese characters.
    """

    latin: str
    phones: str
    sound: str
    skeleton: str
    bare: bool = False
    foreign: bool = False
    readings: tuple[str, ...] = ()
    tongue: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """How one letter is written in Latin inside, at the start and at the end of a word; `others` are other readings."""

    inside: str
    start: str
    end: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """The tables of scripts; spellings at the start of a word have two letters, those at its end three."""

    scripts: dict[str, dict[str, Letter]]
    readings: dict[str, str]
    spellings: dict[str, str]
    pattern: re.Pattern[str]
    starts: dict[str, str]
    ends: dict[str, str]
    look_alikes: dict[str, str]


@lru_cache(maxsize=1)
def letters() -> Letters:
    """The package's tables, read once."""
    scripts: dict[str, dict[str, Letter]] = {}
    for row in rows("letters.tsv"):
        script, letter, inside, start, end, others = (*row, "", "", "", "")[:6]
        scripts.setdefault(script, {})[letter] = Letter(inside, start or inside, end or inside, tuple(others.split()))
    places: dict[str, dict[str, str]] = {}
    for row in rows("sounds.tsv"):
        place, spelling, sound = (*row, "")[:3]
        places.setdefault(place, {})[spelling] = sound
    return Letters(
        scripts,
        {word: latin for _, word, latin in rows("readings.tsv")},
        places["any"],
        re.compile(_any_of(places["any"])),
        places["start"],
        places["end"],
        {row[0]: row[1] for row in rows("confusables.tsv")},
    )


_WHOLE = frozenset({"han", "hangul", "kana", "indic", "mainland"})
"""Scripts whose marks and parts are letters of their own."""


def _any_of(spellings: Iterable[str]) -> str:
    """A pattern of spellings, the longest first; those of one first letter are tried together."""
    rests: dict[str, list[str]] = {}
    for spelling in sorted(spellings, key=len, reverse=True):
        rests.setdefault(spelling[0], []).append(spelling[1:])
    return "|".join(f"{first}(?:{'|'.join(found)})" for first, found in rests.items())


def folded(text: str) -> str:
    """A word folded for look-up; scripts written in syllables and characters keep theirs whole, vowel signs included."""
    if text.isascii():
        return text.lower()
    if script_of(text) not in _WHOLE:
        return fold(text)
    return unicodedata.normalize("NFKC", text.casefold())


def script_of(word: str) -> str:
    """The script of a word by its letters: latin, cyrillic, greek, arabic, hebrew, han, hangul, kana, indic, mainland or other.

    Indic are the scripts of India and Ceylon, mainland those of Thai, Lao, Burmese and Khmer.
    """
    if word.isascii():
        return "latin"
    for char in word:
        found = _script(char)
        if found:
            return found
    return "other"


@lru_cache(maxsize=8192)
def _script(char: str) -> str:
    code = ord(char)
    for name, ranges in _RANGES:
        for low, high in ranges:
            if low <= code <= high:
                return name
    return ""


# Blocks of the Unicode Standard, Blocks.txt.
_RANGES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("latin", ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x1E00, 0x1EFF))),
    ("cyrillic", ((0x400, 0x52F),)),
    ("greek", ((0x370, 0x3FF), (0x1F00, 0x1FFF))),
    ("arabic", ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF))),
    ("hebrew", ((0x590, 0x5FF),)),
    ("han", ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))),
    ("hangul", ((0xAC00, 0xD7AF),)),
    ("kana", ((0x3040, 0x30FF),)),
    ("indic", ((0x900, 0xDFF),)),
    ("mainland", ((0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF))),
)


def may_mix(text: str) -> bool:
    """Whether there are letters in a text that look alike in two scripts: Latin ones, and Greek or Cyrillic ones."""
    return not text.isascii() and bool(_GREEK_OR_CYRILLIC.search(text) and _LATIN_LETTER.search(text))


def unmix(word: str) -> tuple[str, bool]:
    """A word whose letters come from one script, and whether look-alikes of another stood in it (UTS 39)."""
    if not may_mix(word):
        return word, False
    seen = {script_of(char) for char in word if char.isalpha()}
    if not ("latin" in seen and seen & {"cyrillic", "greek"}):
        return word, False
    table = letters().look_alikes
    if sum(script_of(char) == "latin" for char in word) * 2 >= len(word):
        return "".join([_look_alike(char, table) for char in word]), True
    back: dict[str, str] = {}
    for char, latin in table.items():
        if script_of(char) == "cyrillic":
            back.setdefault(latin, char)
    return "".join([_look_alike(char, back) for char in word]), True


def _look_alike(char: str, table: dict[str, str]) -> str:
    """The letter that one looks like; a capital that the table does not name looks as its small one does."""
    found = table.get(char) or table.get(char.lower(), char)
    return found.upper() if char.isupper() else found


@lru_cache(maxsize=8192)
def word(text: str) -> Word:
    """The keys of one folded word of any script."""
    return keys_of(text)


def keys_of(text: str) -> Word:
    """As `word`, for who keeps what comes back."""
    text = text[:MAX_WORD]
    if text.isascii():
        return _latin(text)
    script = script_of(text)
    if script == "latin":
        return _latin(_ascii(text))
    if script in {"arabic", "hebrew", "mainland"}:
        return _unvowelled(in_order(text) if script == "mainland" else text, script)
    if script == "hangul":
        return keyed("".join([_syllable(char) for char in text]), foreign=True, tongue="ko")
    table = letters().scripts.get(script, {})
    if script == "indic":
        made = keyed(written_out(text, _indic(), _ascii), foreign=True)
        plain = made.skeleton.replace("S", "s")  # Venkateswara, Siva
        return made._replace(readings=(plain,)) if plain != made.skeleton else made
    made = keyed(_spelled(text, table) if table else _ascii(text), foreign=True, tongue="zh" if script == "han" else "")
    return _otherwise(made, text, script, table) if table else made


def _otherwise(made: Word, text: str, script: str, table: dict[str, Letter]) -> Word:
    """A Cyrillic or Greek word that is also read as its letters are written with accents (Ščerbakov), or two of them as one sound."""
    accented, pairs = _others(script)
    other = "".join([accented.get(char, char) for char in text])
    for pair, latin in pairs:
        other = other.replace(pair, latin)
    if other == text:
        return made
    skeleton = skeleton_of(phones_of(_plain(_spelled(other, table))))
    return made._replace(readings=(skeleton,)) if skeleton != made.skeleton and len(skeleton) > 1 else made


@lru_cache(maxsize=8)
def _others(script: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """How letters of a script are written with accents, and pairs of them that are one sound."""
    table = letters().scripts[script]
    accented = {char: letter.others[0] for char, letter in table.items() if letter.others}
    return accented, [(pair, letter.inside) for pair, letter in table.items() if len(pair) > 1]


@lru_cache(maxsize=1)
def _indic() -> dict[str, str]:
    return {char: letter.inside for char, letter in letters().scripts["indic"].items()}


def _syllable(char: str) -> str:
    """A syllable of Hangul as names write it, else by its letters."""
    table = letters().scripts["hangul"]
    if char in table:
        return table[char].inside
    return "".join(
        [table[part].inside if part in table else _ascii(part) for part in unicodedata.normalize("NFD", char)]
    )


_BELARUSIAN = re.compile(r"[aeo]u(?:na)?$|dz[iey]|ts[iey]|^ia|^ya.*[ao]u")
_BELARUSIAN_SPELLINGS = ((re.compile(r"dz(?=[iey])"), "d"), (re.compile(r"ts(?=[iey])"), "t"), (re.compile(r"h"), "g"),
                         (re.compile(r"(?<=[aeio])u(?![aeiou])"), "v"))  # fmt: skip


_GERMAN = re.compile(r"sch|[oe]w(?:a|skij|skaja)?$")
_GERMAN_SPELLINGS = ((re.compile(r"w"), "v"), (re.compile(r"j(?=[aeiou])|j$"), "y"), (re.compile(r"z"), "ts"))
_GERMAN_ZH = re.compile(r"(?<![td])sch(?!tsch)")


_ACCENTED = re.compile(r"(?:[oe]va?|ina?|enko|[cy]k|uk|ak|s[kc][iy]|[iv]ch?|djordje)$")
_ACCENT_SPELLINGS = ((re.compile(r"shch"), "sc"), (re.compile(r"(?<=[szc])h"), ""), (re.compile(r"kh"), "h"), (re.compile(r"dj"), "d"))  # fmt: skip


def _latin(text: str) -> Word:
    """A word in Latin letters; one romanised from Belarusian is also read as Russian would have it (Raukou, Ravkov).

    So is one spelled in German, where `w` is v, `j` y, `z` ts, and `sch` stands for both sh and zh (Schukow, Zhukov), a Slavic
    family name as accents that were lost have it (Zukov, Scerbakov), and one that begins as the French write a w (Ouahab).
    """
    made = keyed(text)
    if len(text) < 5:  # too short to tell
        return made
    others = [_respelled(text, _BELARUSIAN_SPELLINGS)] if _BELARUSIAN.search(text) else []
    if ("w" in text or "sch" in text) and _GERMAN.search(text):
        german = _respelled(text, _GERMAN_SPELLINGS)
        others += [german, _GERMAN_ZH.sub("zh", german)]
    if "h" in text or "dj" in text:
        others += [_respelled(text, _ACCENT_SPELLINGS)] if _ACCENTED.search(text) else []
    if text.startswith("ou"):
        others += ["w" + text[2:]] if text[2] in _VOWELS else []
    if not others:
        return made
    skeletons = dict.fromkeys(skeleton_of(phones_of(other)) for other in others)
    readings = tuple(one for one in skeletons if one != made.skeleton and len(one) > 1)
    return made._replace(readings=readings) if readings else made


def _respelled(text: str, spellings: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, letter in spellings:
        text = pattern.sub(letter, text)
    return text


def _spelled(text: str, table: dict[str, Letter]) -> str:
    pieces: list[str] = []
    last = len(text) - 1
    for index, char in enumerate(text):
        letter = table.get(char)
        if letter is None:
            pieces.append(char if char.isascii() else _ascii(char))
        else:
            pieces.append(letter.start if index == 0 else letter.end if index == last else letter.inside)
    return "".join(pieces)


def _unvowelled(text: str, script: str) -> Word:
    tables = letters()
    known = tables.readings.get(text)
    if known is not None:
        return keyed(known, foreign=True)
    table = tables.scripts[script]
    latin = _NOT_LATIN.sub("", _spelled(text, table))
    phones = _single("".join([_phone(text, index, table) for index in range(len(text))]))
    skeleton = skeleton_of(phones)
    # Further readings change one letter at a time; that covers what one romaniser does to one name.
    variants: list[str] = []
    for index, char in enumerate(text):
        letter = table.get(char)
        for other in letter.others if letter else ():
            before = "".join([_phone(text, at, table) for at in range(index)])
            after = "".join([_phone(text, at, table) for at in range(index + 1, len(text))])
            variants.append(skeleton_of(_single(before + phones_of(other) + after)))
    kept = tuple(dict.fromkeys(variant for variant in variants if variant != skeleton))
    return Word(latin, phones, sound_of(phones), skeleton, bare=True, foreign=True, readings=kept[:8])


def _phone(text: str, index: int, table: dict[str, Letter]) -> str:
    """One letter as it sounds: letters side by side are never one (zh of z and h)."""
    letter = table.get(text[index])
    if letter is None:
        return phones_of(_NOT_LATIN.sub("", _ascii(text[index])))
    latin = letter.start if index == 0 else letter.end if index == len(text) - 1 else letter.inside
    return phones_of(latin) if len(latin) > 1 else latin.replace("q", "k").replace("w", "v" if index else "w")


def _ascii(text: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415 - 13 ms that Latin names need not pay

    return _NOT_LATIN.sub("", fold(anyascii(text)).lower())


def keyed(latin: str, *, bare: bool = False, foreign: bool = False, tongue: str = "") -> Word:
    """The keys of a word that is written so in Latin letters."""
    clean = latin.isascii() and latin.isalnum() and latin.islower()
    latin = latin[:MAX_WORD] if clean else _plain(latin)
    phones = phones_of(latin)
    return Word(latin, phones, sound_of(phones), skeleton_of(phones), bare, foreign, (), tongue)


def _plain(latin: str) -> str:
    """Latin letters and digits alone, as many as are looked at."""
    return _NOT_LATIN.sub("", latin)[:MAX_WORD]


def _single(text: str) -> str:
    """A text in which no sign stands twice in a row (a template of `re` would be read anew each time)."""
    if _DOUBLE.search(text) is None:
        return text
    return "".join([char for char, before in zip(text, " " + text, strict=False) if char != before])


def phones_of(latin: str) -> str:
    """A Latin word with one sign a sound; doubled signs are single."""
    tables = letters()
    head = ""
    if latin[:2] in tables.starts:
        head, latin = tables.starts[latin[:2]], latin[2:]
    if latin[-3:] in tables.ends and len(latin) > 4:  # two letters and the ending
        latin = latin[:-3] + tables.ends[latin[-3:]]
    body = _SOFT_C.sub("s", latin) if "c" in latin else latin
    body = _single(head + tables.pattern.sub(lambda match: tables.spellings[match[0]], body))
    if len(body) > 2 and body[-1] == "h" and body[-2] in _VOWELS:  # a vowel and more before it
        body = body[:-1]
    return body[:1] + _VOWEL_Y.sub("i", body[1:]) if "y" in body else body


def sound_of(phones: str) -> str:
    """Phones with the vowels folded to three (a e, i y, o u) and w read as v."""
    sound = phones.encode().translate(_FOLDED_VOWELS).decode()  # as bytes in a sixth of the time
    if phones[0:1] == "y" and phones[1:2] in _VOWELS:
        sound = "y" + sound[1:]
    if "aa" in sound or "ii" in sound or "uu" in sound or "vv" in sound:  # no other sign stands twice in phones
        sound = _single(sound)
    return phones if sound == phones else sound  # one text where they are the same: there are very many


def skeleton_of(phones: str) -> str:
    """The consonants of phones; y and w count at the start only, where Arabic letters are consonants too."""
    head = phones[:1]
    rest = phones[1:].encode().translate(None, _DROPPED_VOWELS).decode()
    return _single(rest if head in _VOWELS else head + rest).replace("w", "v")
