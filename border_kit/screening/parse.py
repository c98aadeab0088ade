"""A name as a structure: its words with their roles, in reading order, with the weight each carries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

from border_kit.screening import pieces, weights
from border_kit.screening.letters import WORD, Word, folded, may_mix, script_of, unmix, word
from border_kit.screening.lexicon import Entry, Lexicon, Role, lexicon, meant
from border_kit.text import clean_line

Kind = Literal["person", "organisation", "vessel", "aircraft", "unknown"]
KINDS: tuple[str, ...] = get_args(Kind)

MAX_NAME = 400
"""Characters of a name that are parsed; longer text is no name, and the bound keeps every answer quick."""
MAX_WORDS = 28

_APOSTROPHES = re.compile("(?<=\\w)['’‘`´ʼʿʾ′]+(?=\\w)|[ʿʾʼ]")
_WORDS_AND_COMMAS = re.compile(f"{WORD.pattern}|,")
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5]")
"""Signs that Unicode calls printable and nobody sees."""
_JOINERS = re.compile("(?<![\u0600-\u06ff\u0750-\u077f])[\u200c\u200d]+")
"""Signs that join or part letters without being seen; only between Arabic letters they part words (Persian)."""
_ORDINAL_END = re.compile(r"(?<=\d)-(?:ый|ий|ой|ая|яя|ое|ые|го|му|й|я|е|а)\b", re.IGNORECASE)
"""The ending that makes an ordinal of a number in Cyrillic (558-й)."""
_SYLLABIC = frozenset({"han", "hangul", "kana"})
_PERSONS = frozenset({"person", "unknown"})
_SHIPS = frozenset({"vessel", "aircraft"})
_OF_NAMES: frozenset[Role] = frozenset({"name", "family", "initial"})
_LONG_FORM = 4
"""Letters from which a legal form is one in what is said to be a person's name as well."""
_SOUNDED = 4
"""Shorter words have no sound of their own."""
_MOST_LETTERS = 6
"""Letters in a row that are tried as one legal form (`L.L.C-OPC`)."""
_LETTERED = 5
"""A name that is only a legal form of fewer letters (`AG`, `Fond`) is a name."""


@dataclass(slots=True)
class Part:
    """One word of a name. Names share their parts: none is ever changed.

    `text` is the folded word as it stands, `keys` its Latin, sound and consonant keys, `canon` the word it means where the
    tables know (a business word, a class of legal form, a number), `generation` how many patronymic particles stand
    before it, `weight` how much it counts (a rare name 1, see weights).
    """

    text: Final[str]
    keys: Final[Word]
    role: Final[Role]
    canon: Final[str] = ""
    generation: Final[int] = 0
    weight: Final[float] = 1.0

    def __hash__(self) -> int:
        """By the text alone: words are looked up by the million."""
        return hash(self.text)

    @property
    def is_name(self) -> bool:
        """Whether the word is one that tells parties apart."""
        return self.role in _OF_NAMES


@dataclass(slots=True)
class Name:
    """A parsed name, never changed; `kind` is the one given or the one its words tell; `mixed` are words with letters of two scripts."""

    text: Final[str]
    folded: Final[str]
    kind: Final[str]
    parts: Final[tuple[Part, ...]]
    mixed: Final[tuple[str, ...]] = ()
    cut: Final[bool] = False

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
    words, before, mixed = _words(line)
    if given != "person" and len(words) > 1:
        words = [known if known.is_right else known.mended() for known in words]
    legal = _legal_forms(words, line)
    if legal and given == "person":  # short forms are names there (Ag in the Sahel, Son)
        legal = {at: form for at, form in legal.items() if _letters(words[at : at + form[0]]) >= _LONG_FORM}
    kind = given or _kind_of(words, legal, line)
    person = kind in _PERSONS
    if person and not legal and line.count(",") == 1:  # put `FAMILY, Given` in reading order
        words = words[before:] + words[:before]
    prefix = _vessel_prefix(words, line) if kind in _SHIPS else 0
    parts = _settled(_parts(line, words, legal, prefix, person=person), person=person)
    return Name(line, " ".join([part.text for part in parts]), kind, parts, tuple(mixed), len(text) > MAX_NAME)


def line_of(text: str) -> str:
    """A name as one line of safe text, before it is cut into words."""
    if len(text) <= MAX_NAME and text.isprintable() and _is_composed(text):
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
    return text.isascii() or (unicodedata.is_normalized("NFKC", text) and _UNSEEN.search(text) is None)


class _Known(dict[int, tuple[Part, ...]]):
    """A folded word, and the weighed parts that it gives by where it stands, made when they are first asked for.

    `begins_form`: whether a legal form may begin with it; `is_right`: whether it is known to be no misspelt word; `is_piece`:
    whether it may be a piece of a word that was spelled out or cut.
    """

    __slots__ = ("_business", "begins_form", "is_piece", "is_right", "text", "word")

    def __init__(self, text: str) -> None:
        """Read a folded word."""
        table = lexicon()
        self.text = text
        self.word = word(text)
        self._business: Entry | tuple[()] | None = ()
        self.is_right = False
        self.is_piece = len(text) == 1 or script_of(text) in _SYLLABIC
        self.begins_form = (
            text in table.legal_starts
            or len(text) == 1
            or (len(text) >= _SOUNDED and self.word.sound in table.sounded_starts)
        )

    def business(self) -> Entry | None:
        """What it means in an organisation's name."""
        if self._business == ():
            self._business = lexicon().business(self.text)
        return self._business or None

    def mended(self) -> _Known:
        """The word of a legal form, or the business word, that this one is a slip of, unless lists know it as it is."""
        known = self.text if self.business() else meant(self.text)
        if known != self.text:
            sound = self.word.sound
            if sound == word(known).sound or not weights.weights().knows(sound):
                return _known(known)
        self.is_right = True
        return self

    def __missing__(self, place: int) -> tuple[Part, ...]:
        if place >= _GENERATION:
            generation, at = divmod(place, _GENERATION)
            made = tuple([_of_generation(part, generation) for part in self[at]])
        else:
            parts = _family_last(_one(self, place)) if place == _LAST else _one(self, place)
            made = tuple([weights.weighed(part, person=place <= _LAST) for part in parts])
        self[place] = made
        return made


_FIRST, _INNER, _LAST, _OTHER, _ENDING = range(5)
"""Where a word stands: at the head of a person's name, inside it, at its end; in another name, at the end of one."""
_GENERATION = 8
"""What is added to the place for each patronymic particle before it."""


_known = lru_cache(maxsize=32768)(_Known)


@lru_cache(maxsize=65536)
def _written(text: str) -> tuple[_Known, ...]:
    """The words in one written word."""
    return tuple(
        [_known(piece) for piece in map(folded, pieces.cut(text if text.isascii() else unmix(text)[0])) if piece]
    )  # a lone tatweel is nothing


def _words(line: str) -> tuple[list[_Known], int, list[str]]:
    """The words of a line, how many of them stand before its last comma, and which are written with letters of two scripts."""
    found: list[_Known] = []
    before = 0
    mixed: list[str] = []
    mixes = may_mix(line)
    for written in _WORDS_AND_COMMAS.findall(line):
        if written == ",":
            before = len(found)
            continue
        found += _written(written)
        if mixes and unmix(written)[1]:
            mixed.append(written)
        if len(found) >= MAX_WORDS:
            break
    return found[:MAX_WORDS], before, mixed


@lru_cache(maxsize=16)
def _origins(line: str) -> list[tuple[bool, int]]:
    """Of each word of a line, whether it stands in capitals, and which written word it was cut from; seldom asked, and so not kept with it."""
    written = enumerate(WORD.findall(line))
    found = [(piece.isupper(), at) for at, text in written for piece in pieces.cut(unmix(text)[0]) if folded(piece)]
    return found[:MAX_WORDS]


def _letters(words: Iterable[_Known]) -> int:
    return sum([len(known.text) for known in words])


def _legal_forms(words: list[_Known], line: str) -> dict[int, tuple[int, Entry]]:
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


def _legal_at(words: list[_Known], index: int) -> tuple[int, Entry | None]:
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
    if len(first.text) < _SOUNDED:
        return 1, None
    for size in range(min(table.sounded_starts.get(first.word.sound, 0), left), 0, -1):
        sounds = tuple([known.word.sound for known in words[index : index + size]])
        if sounds in table.sounded:
            return size, table.sounded[sounds]
    return 1, None


def _may_be_legal(words: list[_Known], index: int, size: int, line: str) -> bool:
    """A short form counts only at an edge of the name, and where its capitals do not come from the whole line's."""
    letters = _letters(words[index : index + size])
    if letters >= 4:  # longer forms mean nothing else
        return size < len(words) or letters >= _LETTERED
    around = (*words[index - 1 : index], *words[index + size : index + size + 1])
    if size > 1 and letters == size and any(len(known.text) == 1 for known in around):
        return False  # the letters go on: an acronym, not a form
    edge = index == 0 or index + size >= len(words) - 1
    if not edge or size == len(words):
        return False
    if size == 1 and letters == 2 and index + size < len(words) and index > 0:  # `RT-Quentil` behind a form
        return False
    text = words[index].text
    if size > 1 or letters == 3 or not text.isascii() or text in _SURE_OF_TWO:  # `LLC`
        return True
    capitals = [capital for capital, _ in _origins(line)]
    return capitals[index] and (index > 0 or not all(capitals))


_SURE_OF_TWO = frozenset({"ao", "oy", "kk", "bv", "nv", "ag", "sa", "ab", "as"})
"""Forms of two letters that hardly any name begins or ends with."""


def _kind_of(words: list[_Known], legal: dict[int, tuple[int, Entry]], line: str) -> str:
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


def _vessel_prefix(words: list[_Known], line: str) -> int:
    """How many words at the head of a name only say that it is a ship's."""
    table = lexicon()
    for size in range(min(table.vessel_starts.get(words[0].text, 0), len(words) - 1) if words else 0, 0, -1):
        texts = tuple([known.text for known in words[:size]])
        if table.entry(texts, "vessel") and (len(texts[0]) > 3 or _origins(line)[0][0]):
            return size
    return 0


def _parts(
    line: str, words: list[_Known], legal: dict[int, tuple[int, Entry]], prefix: int, *, person: bool
) -> list[Part]:
    found: list[Part] = []
    if prefix:
        found.append(_fixed(words[:prefix], "vessel"))
    first, inner, end = (_FIRST, _INNER, _LAST) if person else (_OTHER, _OTHER, _ENDING)
    phrases = {} if person else lexicon().phrases
    generation = 0
    index = prefix
    last = len(words) - 1
    while index <= last:
        known = words[index]
        size, entry = legal.get(index) or (_term_at(words, index) if known.text in phrases else _NO_ENTRY)
        if entry is not None:
            form = _fixed(words[index : index + size], entry.role, entry.canon)
            found.append(_of_generation(form, generation // _GENERATION) if generation else form)
        elif known.is_piece and not person and (size := _spelled(line, words, legal, index)) > 1:
            found += _acronym("".join([piece.text for piece in words[index : index + size]]))
        else:
            place = first if index == 0 else end if index == last else inner
            made = known[place + generation]
            if made[0].role == "patronym":
                generation += _GENERATION
                made = known[place + generation]
            found += made
        index += size
    return found


_NO_ENTRY: tuple[int, Entry | None] = (1, None)


def _term_at(words: list[_Known], index: int) -> tuple[int, Entry | None]:
    """The longest business term of several words that begins at a word (`real estate`)."""
    table = lexicon()
    for size in range(min(table.phrases[words[index].text], len(words) - index), 1, -1):
        texts = tuple([known.text for known in words[index : index + size]])
        entry = table.entry(texts, "filler", "generic", "place")
        if entry is not None:
            return size, entry
    return _NO_ENTRY


def _spelled(line: str, words: list[_Known], legal: dict[int, tuple[int, Entry]], index: int) -> int:
    """How many single letters in a row make an acronym here (in a person's name they stay initials).

    In scripts without spaces, how many pieces make one word: what would be the family's and the given name of a person.
    """
    if script_of(words[index].text) in _SYLLABIC:
        origins = [origin for _, origin in _origins(line)]
        pair = words[index : index + 2] if origins.count(origins[index]) == 2 else []  # as a name is cut
        whole = len(pair) == 2 and origins[index] == origins[index + 1]
        return 2 if whole and not any(_is_term(known.text) for known in pair) else 1
    run = 0
    while index + run < len(words) and index + run not in legal and len(words[index + run].text) == 1:
        if not words[index + run].text.isalpha() or script_of(words[index + run].text) in _SYLLABIC:
            break
        run += 1
    return max(1, run)


def _is_term(text: str) -> bool:
    """Whether a piece of a text without spaces is a word that the tables know."""
    return len(text) > 1 and (text,) in lexicon().forms


def _fixed(words: list[_Known], role: Role, canon: str = "") -> Part:
    """Words that are one: a legal form, a business term, or what stands before a ship's name (which is written together)."""
    return _joined(("" if role == "vessel" else " ").join([known.text for known in words]), role, canon)


@lru_cache(maxsize=1024)
def _joined(text: str, role: Role, canon: str) -> Part:
    return weights.weighed(Part(text, word(text.replace(" ", "")), role, canon), person=False)


def _acronym(text: str) -> list[Part]:
    known = lexicon().expansions.get(text)
    parts = _expanded(known) if known else (Part(text, word(text), "name"),)
    return [weights.weighed(part, person=False) for part in parts]


def _expanded(entries: tuple[Entry, ...]) -> tuple[Part, ...]:
    return tuple(Part(entry.canon, word(entry.canon), entry.role, entry.canon) for entry in entries)


def _of_generation(part: Part, generation: int) -> Part:
    return Part(part.text, part.keys, part.role, part.canon, generation, part.weight)


_SHORT_NAMES = frozenset(
    {"an", "as", "ad", "ar", "az", "at", "us", "san", "do", "di", "le", "ten", "mac", "bar", "ming"}
)
"""Particles that are names at the head of a person's name (An Se-ho, Le Van Minh)."""
_ROMAN = {"i": "1", "v": "5", "x": "10"}
"""Numerals of one letter, at the end of a firm's or ship's name."""
_PERSON_ROLES: tuple[Role, ...] = ("honorific", "patronym", "particle")


def _one(known: _Known, place: int) -> tuple[Part, ...]:
    """The parts that one word gives, not yet weighed: itself, or what is written together in it, each with its role."""
    text, keys = known.text, known.word
    if text[0].isdecimal() and (whole := pieces.ORDINAL.fullmatch(text)):
        return (Part(text, keys, "number", str(int(whole.group(1)))),)
    table = lexicon()
    person = place <= _LAST
    if len(text) == 1 and text.isalpha() and script_of(text) not in _SYLLABIC:
        numeral = _ROMAN.get(text) if place == _ENDING else None
        return (Part(text, keys, "number", numeral) if numeral else Part(text, keys, "initial"),)
    if not person and text in table.expansions:
        return _expanded(table.expansions[text])
    if not person:
        entry = known.business()
    elif (place == _LAST and text not in table.titles) or (place == _FIRST and text in _SHORT_NAMES):
        entry = None
    else:
        entry = table.entry((text,), *_PERSON_ROLES)
    if entry is not None:
        return (Part(text, keys, entry.role, entry.canon),)
    apart = pieces.compound(text)
    if not apart:
        return (Part(text, keys, "name"),)
    return tuple(
        Part(piece, word(piece), "particle", "al") if piece in pieces.ARTICLES else _named(piece, table, person=person)
        for piece in apart
    )


def _named(text: str, table: Lexicon, *, person: bool) -> Part:
    """A word behind an article: a business word in a firm's name, else a name."""
    entry = None if person else table.business(text)
    return Part(text, word(text), entry.role, entry.canon) if entry else Part(text, word(text), "name")


def _settled(parts: list[Part], *, person: bool) -> tuple[Part, ...]:
    """The parts of a name as a whole: there is a name among them, and of several names of a person the last is the family's."""
    names = weights.names_in(parts)
    kept: Sequence[Part] = parts if len(names) > 1 else _names_at_least(parts)
    if kept is not parts:
        names = weights.names_in(kept)
    has_family = person and len(names) > 1
    if kept is parts and has_family == (bool(names) and parts[names[-1]].role == "family"):
        return tuple(parts)
    kept = [_plain(part) if part.role == "family" else part for part in kept]
    return tuple([weights.weighed(part, person=person) for part in (_family_last(kept) if has_family else kept)])


def _family_last(parts: Sequence[Part]) -> Sequence[Part]:
    """The parts, not yet weighed, with the last of the names among them as the family's."""
    for at in weights.names_in(parts)[-1:]:
        return [*parts[:at], _named_so(parts[at], "family"), *parts[at + 1 :]]
    return parts


def _names_at_least(parts: list[Part]) -> list[Part]:
    """A name of titles and particles only is taken at its word (`Major`), and one of a word and a short one too (`Di An`)."""
    names = sum([part.role in _OF_NAMES for part in parts])
    if names == 1 and len(parts) == 2:  # two words
        if any(part.role == "particle" and part.canon == "de" for part in parts):
            return [_plain(part) if part.role == "particle" and part.canon == "de" else part for part in parts]
        return parts
    if names or any(part.role in {"filler", "generic", "place", "number"} for part in parts):
        return parts
    return [_plain(part) if part.role != "legal" else part for part in parts]


def _plain(part: Part) -> Part:
    return _named_so(part, "name")


def _named_so(part: Part, role: Role) -> Part:
    return Part(part.text, part.keys, role, "", part.generation)


def forget() -> None:
    """Forget the words that were read: who reads a whole list needs the memory more than the time."""
    for known in (parse, _known, _written, _joined, _origins, word):
        known.cache_clear()
