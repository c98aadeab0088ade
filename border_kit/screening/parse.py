"""A name as a structure: its words with their roles, in reading order, with the weight each carries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from border_kit.screening import pieces, weights
from border_kit.screening.letters import WORD, Word, folded, script_of, unmix, word
from border_kit.screening.lexicon import Entry, Lexicon, Role, lexicon, meant
from border_kit.text import clean_line

Kind = Literal["person", "organisation", "vessel", "aircraft", "unknown"]
KINDS: tuple[str, ...] = get_args(Kind)

MAX_NAME = 400
"""Characters of a name that are parsed; longer text is no name, and the bound keeps every answer quick."""
MAX_WORDS = 28

_APOSTROPHES = re.compile("(?<=\\w)['’‘`´ʼʿʾ′]+(?=\\w)|[ʿʾʼ]")
_JOINERS = re.compile("(?<![\u0600-\u06ff\u0750-\u077f])[\u200c\u200d]+")
"""Signs that join or part letters without being seen; only between Arabic letters they part words (Persian)."""
_ORDINAL_END = re.compile(r"(?<=\d)-(?:ый|ий|ой|ая|яя|ое|ые|го|му|й|я|е|а)\b", re.IGNORECASE)
"""The ending that makes an ordinal of a number in Cyrillic (558-й)."""
_SYLLABIC = frozenset({"han", "hangul", "kana"})
_OF_NAMES: frozenset[Role] = frozenset({"name", "family", "initial"})
_LONG_FORM = 4
"""Letters from which a legal form is one in what is said to be a person's name as well."""
_SOUNDED = 4
"""Shorter words have no sound of their own."""
_MOST_LETTERS = 6
"""Letters in a row that are tried as one legal form (`L.L.C-OPC`)."""
_LETTERED = 5
"""A name that is only a legal form of fewer letters (`AG`, `Fond`) is a name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name.

    `text` is the folded word as it stands, `keys` its Latin, sound and consonant keys, `canon` the word it means where the
    tables know (a business word, a class of legal form, a number), `generation` how many patronymic particles stand
    before it, `weight` how much it counts (a rare name 1, see weights).
    """

    text: str
    keys: Word
    role: Role
    canon: str = ""
    generation: int = 0
    weight: float = 1.0

    def __hash__(self) -> int:
        """By the text alone: words are looked up by the million."""
        return hash(self.text)

    @property
    def is_name(self) -> bool:
        """Whether the word is one that tells parties apart."""
        return self.role in _OF_NAMES


@dataclass(frozen=True, slots=True)
class Name:
    """A parsed name; `kind` is the one given or the one its words tell; `mixed` are words with letters of two scripts."""

    text: str
    folded: str
    kind: str
    parts: tuple[Part, ...]
    mixed: tuple[str, ...] = ()
    cut: bool = False

    @property
    def is_person(self) -> bool:
        """Whether it is read as a person's name (also where nothing tells what it is)."""
        return self.kind in {"person", "unknown"}


@lru_cache(maxsize=1024)
def parse(text: str, kind: str | None = None) -> Name:
    """Read a name. Any string gives a Name; one without letters has no parts."""
    line = line_of(text)
    given = kind if kind in KINDS and kind != "unknown" else None
    table = lexicon()
    raw, mixed = _raw_words(line)
    if given != "person" and len(raw) > 1:
        _mend(raw)
    legal = _legal_forms(raw, table)
    if given == "person":  # short forms are names there (Ag in the Sahel, Son)
        legal = {
            at: form
            for at, form in legal.items()
            if sum(len(item.text) for item in raw[at : at + form[0]]) >= _LONG_FORM
        }
    kind = given or _kind_of(raw, legal, table)
    person = kind in {"person", "unknown"}
    raw, legal = _uninvert(line, raw, legal, person=person)
    parts = _parts(raw, legal, table, kind)
    return Name(
        line,
        " ".join([part.text for part in parts]),
        kind,
        weights.weighted(parts, person=person),
        tuple(mixed),
        cut=len(text) > MAX_NAME,
    )


def line_of(text: str) -> str:
    """A name as one line of safe text, before it is cut into words."""
    if text.isascii() and text.isprintable() and len(text) <= MAX_NAME and "'" not in text and "`" not in text:
        return " ".join(text.split()).replace("&", " and ")  # what the rest comes to, ten times as fast
    line = unicodedata.normalize("NFKC", clean_line(text, MAX_NAME)).replace("&", " and ")
    for bracketed, form in lexicon().bracketed if "(" in line else ():
        line = line.replace(bracketed, f" {form} ")
    return _ORDINAL_END.sub("", _JOINERS.sub("", _APOSTROPHES.sub("", line)))


@dataclass(slots=True)
class _Raw:
    """A word before its role is known: folded, the character it started at, whether it was written in capitals or may begin a form."""

    text: str
    start: int
    capitals: bool
    form: bool


def _raw_words(line: str) -> tuple[list[_Raw], list[str]]:
    found: list[_Raw] = []
    mixed: list[str] = []
    for match in WORD.finditer(line):
        cut, odd = _token(match.group())
        if odd:
            mixed.append(match.group())
        start = match.start()
        for text, capitals, form in cut:
            found.append(_Raw(text, start, capitals, form))
        if len(found) >= MAX_WORDS:
            break
    return found[:MAX_WORDS], mixed


@lru_cache(maxsize=32768)
def _token(text: str) -> tuple[tuple[tuple[str, bool, bool], ...], bool]:
    """One written word as the folded words in it, each with whether it is in capitals and may begin a form; and whether it mixes scripts."""
    whole, odd = unmix(text)
    found = [(folded(piece), piece.isupper()) for piece in pieces.cut(whole)]
    return tuple([(*piece, _begins_form(piece[0])) for piece in found if piece[0]]), odd  # a lone tatweel is nothing


def _begins_form(text: str) -> bool:
    """Whether a legal form may begin with a word: as it is written, spelled out letter by letter, or as it sounds."""
    table = lexicon()
    return (
        text in table.starts or len(text) == 1 or (len(text) >= _SOUNDED and word(text).sound in table.sounded_starts)
    )


def _mend(raw: list[_Raw]) -> None:
    """Read misspelt words of legal forms and business words as what they stand for, unless lists know them as they are."""
    for item in raw:
        known = meant(item.text)
        if known == item.text:
            continue
        sound = word(item.text).sound
        if sound == word(known).sound or not weights.weights().knows(sound):
            item.text, item.form = known, True


def _legal_forms(raw: list[_Raw], table: Lexicon) -> dict[int, tuple[int, Entry]]:
    """Legal forms by the index of their first word: how many words they take, and which class they are."""
    found: dict[int, tuple[int, Entry]] = {}
    if not any(item.form for item in raw):
        return found
    words = [item.text for item in raw]
    index = 0
    while index < len(raw):
        if not raw[index].form:
            index += 1
            continue
        size, entry = _legal_at(words, index, table)
        if entry is not None and _may_be_legal(raw, index, size):
            found[index] = (size, entry)
            index += size
        else:
            index += 1
    return found


def _legal_at(words: list[str], index: int, table: Lexicon) -> tuple[int, Entry | None]:
    """The longest legal form that begins at a word: as it is written, spelled out letter by letter, or as it sounds."""
    left = len(words) - index
    letters = 0
    while letters < min(left, _MOST_LETTERS) and len(words[index + letters]) == 1:
        letters += 1
    for size in range(max(min(table.starts.get(words[index], 0), left), letters), 0, -1):
        entry = table.entry(tuple(words[index : index + size]), "legal")
        if entry is None and 1 < size <= letters:
            entry = table.entry(("".join(words[index : index + size]),), "legal")
        if entry is not None:
            return size, entry
    if len(words[index]) < _SOUNDED:
        return 1, None
    for size in range(min(table.sounded_starts.get(word(words[index]).sound, 0), left), 0, -1):
        sounds = tuple([word(text).sound for text in words[index : index + size]])
        if sounds in table.sounded:
            return size, table.sounded[sounds]
    return 1, None


def _may_be_legal(raw: list[_Raw], index: int, size: int) -> bool:
    """A short form counts only at an edge of the name, and where its capitals do not come from the whole line's."""
    letters = sum(len(item.text) for item in raw[index : index + size])
    if letters >= 4:  # longer forms mean nothing else
        return size < len(raw) or letters >= _LETTERED
    after = raw[index + size : index + size + 1]
    before = raw[index - 1 : index] if index else []
    if size > 1 and letters == size and any(len(item.text) == 1 for item in (*before, *after)):
        return False  # the letters go on: an acronym, not a form
    edge = index == 0 or index + size >= len(raw) - 1
    if not edge or size == len(raw):
        return False
    if size == 1 and letters == 2 and index + size < len(raw) and index > 0:  # `RT-Quentil` behind a form
        return False
    if size > 1 or letters == 3 or not raw[index].text.isascii() or raw[index].text in _SURE_OF_TWO:  # `LLC`
        return True
    return raw[index].capitals and (index > 0 or not all(item.capitals for item in raw))


_SURE_OF_TWO = frozenset({"ao", "oy", "kk", "bv", "nv", "ag", "sa", "ab", "as"})
"""Forms of two letters that hardly any name begins or ends with."""


def _kind_of(raw: list[_Raw], legal: dict[int, tuple[int, Entry]], table: Lexicon) -> str:
    if raw and len(raw) > 1 and _vessel_prefix(raw, table):
        return "vessel"
    if legal:
        return "organisation"
    generic = any(
        (len(item.text) > 2 or item is raw[-1])  # two letters say so at the end only (ABC Co)
        and (known := table.business(item.text))
        and known.role in {"generic", "filler"}
        for item in raw
    )
    return "organisation" if generic else "unknown"


def _vessel_prefix(raw: list[_Raw], table: Lexicon) -> int:
    for size in (3, 2, 1):
        words = tuple(item.text for item in raw[:size])
        if len(raw) > size and table.entry(words, "vessel") and (raw[0].capitals or len(words[0]) > 3):
            return size
    return 0


def _uninvert(
    line: str, raw: list[_Raw], legal: dict[int, tuple[int, Entry]], *, person: bool
) -> tuple[list[_Raw], dict[int, tuple[int, Entry]]]:
    """Put `FAMILY, Given` in reading order."""
    comma = line.find(",") if person and not legal else -1
    if comma < 0 or line.find(",", comma + 1) >= 0:
        return raw, legal
    before = [item for item in raw if item.start < comma]
    after = [item for item in raw if item.start > comma]
    return ([*after, *before], legal) if before and after else (raw, legal)


def _parts(raw: list[_Raw], legal: dict[int, tuple[int, Entry]], table: Lexicon, kind: str) -> list[Part]:
    person = kind in {"person", "unknown"}
    prefix = _vessel_prefix(raw, table) if kind in {"vessel", "aircraft"} else 0
    joined = "".join(item.text for item in raw[:prefix])
    found = [Part(joined, word(joined), "vessel")] if prefix else []
    generation = 0
    index = prefix
    last = len(raw) - 1
    while index < len(raw):
        if index in legal:
            size, entry = legal[index]
            text = " ".join(item.text for item in raw[index : index + size])
            found.append(Part(text, word(text.replace(" ", "")), "legal", entry.canon, generation))
            index += size
            continue
        size, term = (1, None) if person else _term_at(raw, index, table)
        if term is not None:
            text = " ".join([item.text for item in raw[index : index + size]])
            found.append(Part(text, word(text.replace(" ", "")), term.role, term.canon, generation))
            index += size
            continue
        run = 1 if person or (len(raw[index].text) > 1 and raw[index].text.isascii()) else _spelled(raw, legal, index)
        text = raw[index].text if run == 1 else "".join(item.text for item in raw[index : index + run])
        made = _acronym(text, table) if run > 1 else _one(text, person=person, first=index == 0, last=index == last)
        for part in made:
            generation += part.role == "patronym"
            found.append(_of_generation(part, generation) if generation else part)
        index += run
    return _names_at_least(found)


def _term_at(raw: list[_Raw], index: int, table: Lexicon) -> tuple[int, Entry | None]:
    """The longest business term of several words that begins at a word (`real estate`)."""
    for size in range(min(table.phrases.get(raw[index].text, 0), len(raw) - index), 1, -1):
        entry = table.entry(tuple([item.text for item in raw[index : index + size]]), "filler", "generic", "place")
        if entry is not None:
            return size, entry
    return 1, None


def _spelled(raw: list[_Raw], legal: dict[int, tuple[int, Entry]], index: int) -> int:
    """How many single letters in a row make an acronym here (in a person's name they stay initials).

    In scripts without spaces, how many pieces make one word: what would be the family's and the given name of a person.
    """
    if script_of(raw[index].text) in _SYLLABIC:
        pair = raw[index : index + 2]
        same = [item for item in raw if item.start == raw[index].start]
        return 2 if len(same) == 2 and pair == same and not any(_is_term(item.text) for item in pair) else 1
    run = 0
    while index + run < len(raw) and index + run not in legal and len(raw[index + run].text) == 1:
        if not raw[index + run].text.isalpha() or script_of(raw[index + run].text) in _SYLLABIC:
            break
        run += 1
    return max(1, run)


def _is_term(text: str) -> bool:
    """Whether a piece of a text without spaces is a word that the tables know."""
    return len(text) > 1 and (text,) in lexicon().forms


def _acronym(text: str, table: Lexicon) -> tuple[Part, ...]:
    known = table.expansions.get(text)
    return _expanded(known) if known else (Part(text, word(text), "name"),)


def _expanded(entries: tuple[Entry, ...]) -> tuple[Part, ...]:
    return tuple(Part(entry.canon, word(entry.canon), entry.role, entry.canon) for entry in entries)


def _of_generation(part: Part, generation: int) -> Part:
    return Part(part.text, part.keys, part.role, part.canon, generation)


_SHORT_NAMES = frozenset(
    {"an", "as", "ad", "ar", "az", "at", "us", "san", "do", "di", "le", "ten", "mac", "bar", "ming"}
)
"""Particles that are names at the head of a person's name (An Se-ho, Le Van Minh)."""
_ROMAN = {"i": "1", "v": "5", "x": "10"}
"""Numerals of one letter, at the end of a firm's or ship's name."""
_PERSON_ROLES: tuple[Role, ...] = ("honorific", "patronym", "particle")


@lru_cache(maxsize=32768)
def _one(text: str, *, person: bool, first: bool, last: bool) -> tuple[Part, ...]:
    """The parts that one word gives: itself, or what is written together in it, each with its role."""
    if text[0].isdecimal() and (whole := pieces.ORDINAL.fullmatch(text)):
        return (Part(text, word(text), "number", str(int(whole.group(1)))),)
    table = lexicon()
    if len(text) == 1 and text.isalpha() and script_of(text) not in _SYLLABIC:
        numeral = _ROMAN.get(text) if last and not first and not person else None
        return (Part(text, word(text), "number", numeral) if numeral else Part(text, word(text), "initial"),)
    if not person and text in table.expansions:
        return _expanded(table.expansions[text])
    entry = table.entry((text,), *_PERSON_ROLES) if person else table.business(text)
    if entry is None or (person and ((last and not first) or (first and text in _SHORT_NAMES))):
        apart = pieces.compound(text)
        if apart:
            return tuple(
                Part(piece, word(piece), "particle", "al")
                if piece in pieces.ARTICLES
                else _named(piece, table, person=person)
                for piece in apart
            )
        return (Part(text, word(text), "name"),)
    return (Part(text, word(text), entry.role, entry.canon),)


def _named(text: str, table: Lexicon, *, person: bool) -> Part:
    """A word behind an article: a business word in a firm's name, else a name."""
    entry = None if person else table.business(text)
    return Part(text, word(text), entry.role, entry.canon) if entry else Part(text, word(text), "name")


def _names_at_least(parts: list[Part]) -> list[Part]:
    """A name of titles and particles only is taken at its word (`Major`), and one of a word and a short one too (`Di An`)."""
    names = sum(part.is_name for part in parts)
    if names == 1 and len(parts) == 2:  # two words
        return [_plain(part) if (part.role, part.canon) == ("particle", "de") else part for part in parts]
    if names or any(part.role in {"filler", "generic", "place", "number"} for part in parts):
        return parts
    return [_plain(part) if part.role != "legal" else part for part in parts]


def _plain(part: Part) -> Part:
    return Part(part.text, part.keys, "name", "", part.generation)


def forget() -> None:
    """Forget the words that were read: who reads a whole list needs the memory more than the time."""
    for known in (parse, _token, _one, word):
        known.cache_clear()
    weights.forget()
