"""A name as a structure: its words with their roles, in reading order, with the weight each carries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

from border_kit.screening import weights
from border_kit.screening.letters import Word, folded, script_of, unmix, word
from border_kit.screening.lexicon import Entry, Lexicon, Role, lexicon, meant
from border_kit.text import clean_line

Kind = Literal["person", "organisation", "vessel", "aircraft", "unknown"]
KINDS: tuple[str, ...] = get_args(Kind)

MAX_NAME = 400
"""Characters of a name that are parsed; longer text is no name, and the bound keeps every answer quick."""
MAX_WORDS = 28

_APOSTROPHES = re.compile("(?<=\\w)['’‘`´ʼʿʾ′]+(?=\\w)|[ʿʾʼ]")
_WORD = re.compile(r"[^\W_]+")
_CASE_BREAK = re.compile(
    r"(?<=[a-zа-я])(?=[A-ZА-Я]{2})|(?<=[A-ZА-Я])(?=[A-ZА-Я][a-zа-я])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_SYLLABIC = frozenset({"han", "hangul", "kana"})
_OF_NAMES: frozenset[Role] = frozenset({"name", "family", "initial"})


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


@lru_cache(maxsize=4096)
def parse(text: str, kind: str | None = None) -> Name:
    """Read a name. Any string gives a Name; one without letters has no parts."""
    line = line_of(text)
    given = kind if kind in KINDS and kind != "unknown" else None
    table = lexicon()
    raw, mixed = _raw_words(line)
    if given != "person" and len(raw) > 1:
        _mend(raw)
    roles = _legal_forms(raw, table)
    kind = given or _kind_of(raw, roles, table)
    person = kind in {"person", "unknown"}
    raw, roles = _uninvert(line, raw, roles, person=person)
    parts = _parts(raw, roles, table, kind)
    return Name(
        line,
        " ".join(part.text for part in parts),
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
    return _APOSTROPHES.sub("", line)


@dataclass(slots=True)
class _Raw:
    """A word before its role is known: folded, the character it started at, and whether it was written in capitals."""

    text: str
    start: int
    capitals: bool


def _raw_words(line: str) -> tuple[list[_Raw], list[str]]:
    found: list[_Raw] = []
    mixed: list[str] = []
    for match in _WORD.finditer(line):
        pieces, odd = _cut(match.group())
        if odd:
            mixed.append(match.group())
        start = match.start()
        found.extend([_Raw(piece, start, capitals) for piece, capitals in pieces])
        if len(found) >= MAX_WORDS:
            break
    return found[:MAX_WORDS], mixed


@lru_cache(maxsize=32768)
def _cut(text: str) -> tuple[tuple[tuple[str, bool], ...], bool]:
    """The words that stand in one run of letters, folded, each with whether it was in capitals; whether scripts were mixed."""
    whole, odd = unmix(text)
    pieces = [(folded(piece), piece.isupper()) for piece in _pieces(whole, lexicon())]
    return tuple(piece for piece in pieces if piece[0]), odd  # a lone tatweel is nothing


def _mend(raw: list[_Raw]) -> None:
    """Read misspelt words of legal forms and business words as what they stand for, unless lists know them as they are."""
    for item in raw:
        known = meant(item.text)
        if known != item.text and not weights.weights().knows(word(item.text).sound):
            item.text = known


def _pieces(text: str, table: Lexicon) -> list[str]:
    """Cut what is written together: a legal form glued to a name, letters and digits, Chinese and Korean names."""
    if script_of(text) in _SYLLABIC:
        return _unspaced(text, table)
    if text.isalpha() and (text.islower() or text.isupper() or text.istitle()):
        return _unglued(text, table)
    if _ORDINAL.fullmatch(text):
        return [text]
    cut = [piece for piece in _CASE_BREAK.split(text) if piece]
    if len(cut) > 1 and (not text.isalpha() or _legal_at_edge(cut, table)):
        return cut
    return _unglued(text, table)


def _legal_at_edge(cut: list[str], table: Lexicon) -> bool:
    """Whether a change of case sets a legal form in capitals apart from the name before or behind it."""
    if len(cut) != 2 or max(map(len, cut)) < 4:  # noqa: PLR2004 - one form and one name
        return False
    return any(piece.isupper() and table.entry((folded(piece),), "legal") for piece in cut)


def _unglued(text: str, table: Lexicon) -> list[str]:
    plain = folded(text)
    for form in table.glued_before:
        if plain.startswith(form) and len(plain) >= len(form) + 4:
            return [text[: len(form)], text[len(form) :]]
    for form in table.glued_after:
        if plain.endswith(form) and len(plain) >= len(form) + 4:
            return [text[: -len(form)], text[-len(form) :]]
    return [text]


def _unspaced(text: str, table: Lexicon) -> list[str]:
    """Words of a text without spaces: those the tables know, and what stands between; a short rest is family and given."""
    found: list[str] = []
    rest = ""
    index = 0
    while index < len(text):
        known = next((form for form in table.unspaced if text.startswith(form, index)), None)
        if known is None:
            rest += text[index]
            index += 1
            continue
        found.extend([rest] if rest else [])
        found.append(known)
        rest = ""
        index += len(known)
    if not found and 2 <= len(rest) <= 4 and script_of(rest) != "kana":  # noqa: PLR2004 - a family and a given name
        return [rest[0], rest[1:]]
    return [*found, rest] if rest else found


def _legal_forms(raw: list[_Raw], table: Lexicon) -> dict[int, tuple[int, Entry]]:
    """Legal forms by the index of their first word: how many words they take, and which class they are."""
    found: dict[int, tuple[int, Entry]] = {}
    words = tuple(item.text for item in raw)
    index = 0
    while index < len(raw):
        longest = table.longest if len(words[index]) == 1 else table.starts.get(words[index], 0)
        for size in range(min(longest, len(raw) - index), 0, -1):
            form = words[index : index + size]
            spelled = len(form) > 1 and all(len(letter) == 1 for letter in form)
            entry = table.entry(form, "legal") or (table.entry(("".join(form),), "legal") if spelled else None)
            if entry and _may_be_legal(raw, index, size):
                found[index] = (size, entry)
                index += size - 1
                break
        index += 1
    return found


def _may_be_legal(raw: list[_Raw], index: int, size: int) -> bool:
    """A short form counts only at an edge of the name, and where its capitals do not come from the whole line's."""
    letters = sum(len(item.text) for item in raw[index : index + size])
    if size == len(raw) and letters < 5:  # noqa: PLR2004 - a name that is only `AG` or `Fond` is a name
        return False
    if letters >= 4:  # noqa: PLR2004 - longer forms mean nothing else
        return True
    after = raw[index + size : index + size + 1]
    if size > 1 and letters == size and after and len(after[0].text) == 1:
        return False  # the letters go on: an acronym, not a form
    edge = index == 0 or index + size >= len(raw) - 1
    if not edge or len(raw) == 1:
        return False
    if size > 1 or letters == 3:  # noqa: PLR2004 - `S.A.`, `LLC`
        return True
    return raw[index].capitals and (index > 0 or not all(item.capitals for item in raw))


_ORGANISATION_ROLES: tuple[Role, ...] = ("generic", "legal")


def _kind_of(raw: list[_Raw], legal: dict[int, tuple[int, Entry]], table: Lexicon) -> str:
    if raw and len(raw) > 1 and _vessel_prefix(raw, table):
        return "vessel"
    if legal:
        return "organisation"
    generic = [item for item in raw if len(item.text) > 2 and table.entry((item.text,), "generic")]  # noqa: PLR2004
    return "organisation" if generic else "unknown"


def _vessel_prefix(raw: list[_Raw], table: Lexicon) -> int:
    for size in (3, 2, 1):
        words = tuple(item.text for item in raw[:size])
        if len(raw) > size and table.entry(words, "vessel") and (raw[0].capitals or len(words[0]) > 3):  # noqa: PLR2004
            return size
    return 0


def _uninvert(
    line: str, raw: list[_Raw], legal: dict[int, tuple[int, Entry]], *, person: bool
) -> tuple[list[_Raw], dict[int, tuple[int, Entry]]]:
    """Put `FAMILY, Given` in reading order."""
    comma = line.find(",")
    if not person or legal or comma < 0 or line.find(",", comma + 1) >= 0:
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
    while index < len(raw):
        if index in legal:
            size, entry = legal[index]
            text = " ".join(item.text for item in raw[index : index + size])
            found.append(Part(text, word(text.replace(" ", "")), "legal", entry.canon, generation))
            index += size
            continue
        item = raw[index]
        run = _initials(raw, legal, index, person=person)
        if run > 1:
            joined = "".join(other.text for other in raw[index : index + run])
            found.append(Part(joined, word(joined), "name", "", generation))
            index += run
            continue
        for part in _one(item.text, person=person, first=index == 0, last=index == len(raw) - 1):
            generation += part.role == "patronym"
            found.append(Part(part.text, part.keys, part.role, part.canon, generation) if generation else part)
        index += 1
    return _names_at_least(found)


def _initials(raw: list[_Raw], legal: dict[int, tuple[int, Entry]], index: int, *, person: bool) -> int:
    """How many single letters in a row make an acronym here (in a person's name they stay initials)."""
    run = 0
    while not person and index + run < len(raw) and index + run not in legal and len(raw[index + run].text) == 1:
        if not raw[index + run].text.isalpha() or script_of(raw[index + run].text) in _SYLLABIC:
            break
        run += 1
    return run


_PERSON_ROLES: tuple[Role, ...] = ("honorific", "patronym", "particle")
_OTHER_ROLES: tuple[Role, ...] = ("number", "stop", "generic", "place", "particle")


@lru_cache(maxsize=32768)
def _one(text: str, *, person: bool, first: bool, last: bool) -> tuple[Part, ...]:
    """What one word is, where nothing but its place matters."""
    if text.isdigit():
        return (Part(text, word(text), "number", text.lstrip("0") or "0"),)
    if len(text) == 1 and text.isalpha() and script_of(text) not in _SYLLABIC:
        return (Part(text, word(text), "initial"),)
    roles: tuple[Role, ...] = _PERSON_ROLES if person else _OTHER_ROLES
    entry = lexicon().entry((text,), *roles)
    if text.startswith(("ال", "لل")) and len(text) > 4 and entry is None and text != "الله":  # noqa: PLR2004
        return (_article(), *_one(text[2:], person=person, first=False, last=last))
    if text.startswith("عبدال") and len(text) > 7:  # noqa: PLR2004 - abd and the word it serves
        served = "الله" if text == "عبدالله" else text[5:]
        return (Part("عبد", word("عبد"), "name"), _article(), Part(served, word(served), "name"))
    if entry is None or (person and last and entry.role != "stop" and len(text) > 1 and not first):
        return (Part(text, word(text), "name"),)
    return (Part(text, word(text), entry.role, entry.canon),)


def _article() -> Part:
    return Part("ال", word("al"), "particle", "al")


def _names_at_least(parts: list[Part]) -> list[Part]:
    """A name of titles and particles only is taken at its word (`Major`), and one of a word and a short one too (`Di An`)."""
    names = sum(part.is_name for part in parts)
    if names == 1 and len(parts) == 2:  # noqa: PLR2004 - two words
        return [
            replace(part, role="name", canon="") if (part.role, part.canon) == ("particle", "de") else part
            for part in parts
        ]
    if names or any(part.role in {"generic", "place", "number"} for part in parts):
        return parts
    return [replace(part, role="name", canon="") if part.role != "legal" else part for part in parts]
