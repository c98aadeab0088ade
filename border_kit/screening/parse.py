"""A name as a structure: its words with their roles, in reading order, with the weight each carries."""

from __future__ import annotations

import itertools
import operator
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from border_kit.screening import pieces
from border_kit.screening.letters import WORD, folded, may_mix, script_of, unmix, word
from border_kit.screening.lexicon import Entry, Role, lexicon
from border_kit.screening.parts import (
    ENDING,
    FIRST,
    GENERATION,
    INNER,
    LAST,
    OTHER,
    SOUNDED,
    Known,
    Part,
    acronym,
    family_last,
    known_word,
    known_words,
    named_so,
    names_in,
    of_generation,
    part_of,
)
from border_kit.text import clean_line

Kind = Literal["person", "organisation", "vessel", "aircraft", "unknown"]
KINDS: tuple[str, ...] = get_args(Kind)

MAX_NAME = 400
"""Characters of a name that are parsed; longer text is no name, and the bound keeps every answer quick."""
MAX_WORDS = 28

_APOSTROPHES = re.compile("(?<=\\w)['’‘`´ʼʿʾ′]+(?=\\w)|[ʿʾʼ]")
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5]")
"""Signs that Unicode calls printable and nobody sees."""
_JOINERS = re.compile("(?<![\u0600-\u06ff\u0750-\u077f])[\u200c\u200d]+")
"""Signs that join or part letters without being seen; only between Arabic letters they part words (Persian)."""
_ORDINAL_END = re.compile(r"(?<=\d)-(?:ый|ий|ой|ая|яя|ое|ые|го|му|й|я|е|а)\b", re.IGNORECASE)
"""The ending that makes an ordinal of a number in Cyrillic (558-й)."""
_PERSONS = frozenset({"person", "unknown"})
_SHIPS = frozenset({"vessel", "aircraft"})
_LONG_FORM = 4
"""Letters from which a legal form is one in what is said to be a person's name as well."""
_MOST_LETTERS = 6
"""Letters in a row that are tried as one legal form (`L.L.C-OPC`)."""
_LETTERED = 5
"""A name that is only a legal form of fewer letters (`AG`, `Fond`) is a name."""


@dataclass(slots=True)
class Name:
    """A parsed name, never changed; `kind` is the one given or the one its words tell; `mixed` are words with letters of two scripts."""

    text: str
    folded: str
    kind: str
    parts: tuple[Part, ...]
    mixed: tuple[str, ...] = ()
    cut: bool = False

    def __hash__(self) -> int:
        """As of parts."""
        return hash(self.text)

    @property
    def is_person(self) -> bool:
        """Whether it is read as a person's name (also where nothing tells what it is)."""
        return self.kind in {"person", "unknown"}


@lru_cache(maxsize=1024)
def parse(text: str, kind: str | None = None) -> Name:
    """Read a name. Any string gives a Name; one without letters has no parts."""
    line = line_of(text)
    given = kind if kind in KINDS and kind != "unknown" else None
    words = _words(line)
    mixed = tuple(_mixed(line)) if may_mix(line) else ()
    if given != "person" and len(words) > 1:
        words = _mended(words, line, given)
    legal = _legal_forms(words, line)
    if legal and given == "person":  # short forms are names there (Ag in the Sahel, Son)
        legal = {at: form for at, form in legal.items() if _letters(words[at : at + form[0]]) >= _LONG_FORM}
    kind = given or _kind_of(words, legal, line)
    person = kind in _PERSONS
    if person and not legal and line.count(",") == 1:  # put `FAMILY, Given` in reading order
        before = sum(map(len, map(known_words, WORD.findall(line[: line.index(",")]))))
        words = words[before:] + words[:before]
    prefix = _vessel_prefix(words, line) if kind in _SHIPS else 0
    parts = _settled(_parts(line, words, legal, prefix, person=person), person=person)
    return Name(line, " ".join([part.text for part in parts]), kind, parts, mixed, len(text) > MAX_NAME)


def _mended(words: list[Known], line: str, given: str | None) -> list[Known]:
    """The words with slips in business words and forms mended.

    In a name of no given kind that takes a form, or another word that says what it is: a name alone may look like a slip.
    """
    mended = [known if known.is_right else known.mended() for known in words]
    if given or not any(map(operator.is_not, mended, words)) or _legal_forms(mended, line):
        return mended
    return words if _kind_of(words, {}, line) == "unknown" else mended


def line_of(text: str) -> str:
    """A name as one line of safe text, before it is cut into words."""
    if len(text) <= MAX_NAME and text.isprintable() and (text.isascii() or _is_composed(text)):
        line = " ".join(text.split())  # what the rest comes to, ten times as fast
    else:
        line = unicodedata.normalize("NFKC", clean_line(text, MAX_NAME))
    line = line.replace("&", " and ")
    if line.isascii() and "'" not in line and "`" not in line:
        return line
    for bracketed, form in lexicon().bracketed if "(" in line else ():
        line = line.replace(bracketed, f" {form} ")
    return _ORDINAL_END.sub("", _JOINERS.sub("", _APOSTROPHES.sub("", line)))


def _is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFKC", text) and _UNSEEN.search(text) is None


def _words(line: str) -> list[Known]:
    return list(itertools.chain.from_iterable(map(known_words, WORD.findall(line))))[:MAX_WORDS]


def _mixed(line: str) -> Iterator[str]:
    """The written words of a line whose letters come from two scripts."""
    read = 0
    for written in WORD.findall(line):
        if read < MAX_WORDS and unmix(written)[1]:
            yield written
        read += len(known_words(written))


@lru_cache(maxsize=16)
def _origins(line: str) -> list[tuple[bool, int]]:
    """Of each word of a line, whether it stands in capitals, and which written word it was cut from; seldom asked, and so not kept with it."""
    written = enumerate(WORD.findall(line))
    found = [(piece.isupper(), at) for at, text in written for piece in pieces.cut(unmix(text)[0]) if folded(piece)]
    return found[:MAX_WORDS]


def _letters(words: Iterable[Known]) -> int:
    return sum([len(known.text) for known in words])


def _legal_forms(words: list[Known], line: str) -> dict[int, tuple[int, Entry]]:
    """Legal forms by the index of their first word: how many words they take, and which class they are."""
    found: dict[int, tuple[int, Entry]] = {}
    after = 0
    for index in [at for at, known in enumerate(words) if known.begins_form]:
        if index >= after:
            size, entry = _legal_at(words, index)
            if entry is not None and _may_be_legal(words, index, size, line):
                found[index] = (size, entry)
                after = index + size
    return found


def _legal_at(words: list[Known], index: int) -> tuple[int, Entry | None]:
    """The longest legal form that begins at a word: as it is written, spelled out letter by letter, or as it sounds."""
    table = lexicon()
    left = len(words) - index
    first = words[index]
    letters = 0
    while letters < min(left, _MOST_LETTERS) and len(words[index + letters].text) == 1:
        letters += 1
    for size in range(max(min(table.legal_starts.get(first.text, 0), left), letters), 0, -1):
        texts = tuple([known.text for known in words[index : index + size]])
        entry = table.entry(texts, "legal")
        if entry is None and 1 < size <= letters:
            entry = table.entry(("".join(texts),), "legal")
        if entry is not None:
            return size, entry
    if len(first.text) < SOUNDED:
        return 1, None
    for size in range(min(table.sounded_starts.get(first.word.sound, 0), left), 0, -1):
        sounds = tuple([known.word.sound for known in words[index : index + size]])
        if sounds in table.sounded:
            return size, table.sounded[sounds]
    return 1, None


def _may_be_legal(words: list[Known], index: int, size: int, line: str) -> bool:
    """A short form counts only at an edge of the name, and where its capitals do not come from the whole line's."""
    letters = _letters(words[index : index + size])
    if letters >= 4:  # longer forms mean nothing else
        return size < len(words) or letters >= _LETTERED
    around = (*words[index - 1 : index], *words[index + size : index + size + 1])
    if size > 1 and letters == size and any(len(known.text) == 1 for known in around):
        return False  # the letters go on: an acronym, not a form
    edge = index + size >= len(words) - 1 if index else not words[0].text.isascii() or _may_head(words, size)
    if not edge or size == len(words):
        return False
    if size == 1 and letters == 2 and index + size < len(words) and index > 0:  # `RT-Quentil` behind a form
        return False
    text = words[index].text
    if size > 1 or letters == 3 or not text.isascii() or text in _SURE_OF_TWO:  # `LLC`
        return True
    capitals = [capital for capital, _ in _origins(line)]
    return capitals[index] and (index > 0 or not all(capitals))


def _may_head(words: list[Known], size: int) -> bool:
    """Whether a short Latin form may stand before a name; one that may be a name does only where more than common words is left.

    Else it is the name (`DP World`, `SPC Trading`).
    """
    table = lexicon()
    sure = table.heads.get("".join([known.text for known in words[:size]]))
    if sure is None or sure:
        return bool(sure)
    return any(not (known.begins_form or known.business() or known.text in table.expansions) for known in words[size:])


_SURE_OF_TWO = frozenset({"ao", "oy", "kk", "bv", "nv", "ag", "sa", "ab", "as"})
"""Forms of two letters that hardly any name begins or ends with."""


def _kind_of(words: list[Known], legal: dict[int, tuple[int, Entry]], line: str) -> str:
    if _vessel_prefix(words, line):
        return "vessel"
    if legal:
        return "organisation"
    generic = any(
        (len(known.text) > 2 or known is words[-1])  # two letters say so at the end only (ABC Co)
        and (entry := known.business())
        and entry.role in {"generic", "filler"}
        for known in words
    )
    return "organisation" if generic else "unknown"


def _vessel_prefix(words: list[Known], line: str) -> int:
    """How many words at the head of a name only say that it is a ship's."""
    table = lexicon()
    for size in range(min(table.vessel_starts.get(words[0].text, 0), len(words) - 1) if words else 0, 0, -1):
        texts = tuple([known.text for known in words[:size]])
        if table.entry(texts, "vessel") and (len(texts[0]) > 3 or _origins(line)[0][0]):
            return size
    return 0


def _parts(
    line: str, words: list[Known], legal: dict[int, tuple[int, Entry]], prefix: int, *, person: bool
) -> list[Part]:
    found: list[Part] = []
    if prefix:
        found.append(_fixed(words[:prefix], "vessel"))
    first, inner, end = (FIRST, INNER, LAST) if person else (OTHER, OTHER, ENDING)
    expansions = lexicon().expansions
    alone = not person and len(words) - prefix - sum([size for size, _ in legal.values()]) == 1
    generation = 0
    index = prefix
    last = len(words) - 1
    while index <= last:
        known = words[index]
        size, entry = legal.get(index) or (_term_at(words, index) if known.begins_term and not person else _NO_ENTRY)
        if entry is not None:
            form = _fixed(words[index : index + size], entry.role, entry.canon)
            found.append(of_generation(form, generation // GENERATION) if generation else form)
        elif alone and known.text in expansions:  # an abbreviation that is all of a name is a name
            found.append(part_of(known.text, known.word, "name", person=False))
        elif known.is_piece and not person and (size := _spelled(line, words, legal, index)) > 1:
            found += acronym("".join([piece.text for piece in words[index : index + size]]))
        else:
            place = first if index == 0 else end if index == last else inner
            made = known[place + generation]
            if made[0].role == "patronym":
                generation += GENERATION
                made = known[place + generation]
            found += made
        index += size
    return found


_NO_ENTRY: tuple[int, Entry | None] = (1, None)


def _term_at(words: list[Known], index: int) -> tuple[int, Entry | None]:
    """The longest business term of several words that begins at a word (`real estate`)."""
    table = lexicon()
    for size in range(min(table.phrases[words[index].text], len(words) - index), 1, -1):
        texts = tuple([known.text for known in words[index : index + size]])
        entry = table.entry(texts, "filler", "generic", "place")
        if entry is not None:
            return size, entry
    return _NO_ENTRY


def _spelled(line: str, words: list[Known], legal: dict[int, tuple[int, Entry]], index: int) -> int:
    """How many single letters in a row make an acronym here (in a person's name they stay initials).

    In scripts without spaces, how many pieces make one word: what would be the family's and the given name of a person.
    """
    if script_of(words[index].text) in pieces.SYLLABIC:
        origins = [origin for _, origin in _origins(line)]
        pair = words[index : index + 2] if origins.count(origins[index]) == 2 else []  # as a name is cut
        whole = len(pair) == 2 and origins[index] == origins[index + 1]
        return 2 if whole and not any(_is_term(known.text) for known in pair) else 1
    run = 0
    while index + run < len(words) and index + run not in legal and len(words[index + run].text) == 1:
        if not words[index + run].text.isalpha() or script_of(words[index + run].text) in pieces.SYLLABIC:
            break
        run += 1
    return max(1, run)


def _is_term(text: str) -> bool:
    """Whether a piece of a text without spaces is a word that the tables know."""
    return len(text) > 1 and (text,) in lexicon().forms


def _fixed(words: list[Known], role: Role, canon: str = "") -> Part:
    """Words that are one: a legal form, a business term, or what stands before a ship's name (which is written together)."""
    return _joined(("" if role == "vessel" else " ").join([known.text for known in words]), role, canon)


@lru_cache(maxsize=1024)
def _joined(text: str, role: Role, canon: str) -> Part:
    return part_of(text, word(text.replace(" ", "")), role, canon, person=False)


def _settled(parts: list[Part], *, person: bool) -> tuple[Part, ...]:
    """The parts of a name as a whole: there is a name among them, and of several names of a person the last is the family's."""
    names = names_in(parts)
    if len(names) > 1 and (parts[names[-1]].role == "family") == person:  # as nearly all are
        return tuple(parts)
    kept = parts if len(names) > 1 else _names_at_least(parts, person=person)
    if not person:
        return tuple(kept)
    plain = tuple([named_so(part, "name", person=True) if part.role == "family" else part for part in kept])
    return family_last(plain) if len(names_in(plain)) > 1 else plain


def _names_at_least(parts: list[Part], *, person: bool) -> list[Part]:
    """A name of titles and particles only is taken at its word (`Major`), and one of a word and a short one too (`Di An`)."""
    names = sum([part.is_name for part in parts])
    if names == 1 and len(parts) == 2:  # two words
        plain = [part.role == "particle" and part.canon == "de" for part in parts]
    elif names or any(part.role in {"filler", "generic", "place", "number"} for part in parts):
        return parts
    else:
        plain = [part.role != "legal" for part in parts]
    return [named_so(part, "name", person=person) if so else part for part, so in zip(parts, plain, strict=True)]


def forget() -> None:
    """Forget the words that were read: who reads a whole list needs the memory more than the time."""
    for known in (parse, known_word, known_words, _joined, _origins, word):
        known.cache_clear()
