"""Words with a role: legal forms, titles, particles, business words, ship prefixes, numbers, short forms of given names.

Looked up by the folded word as it stands, in any script; a form of several words as the tuple of its words. Slavic business
words are looked up by their stem, in Cyrillic or in any romanisation; long legal forms also by their sound.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from border_kit.screening.letters import WORD, Word, folded, script_of, word
from border_kit.screening.tables import rows, words_of

Role = Literal[
    "name",
    "family",
    "initial",
    "honorific",
    "particle",
    "patronym",
    "stop",
    "filler",
    "generic",
    "place",
    "legal",
    "number",
    "vessel",
]

_ARABIC_ARTICLES = ("ال", "لل")
_LEAST_MISSPELT = 4
"""Shorter words are not taken for misspelt ones."""
_LEAST_FIRST = 7
"""Nor are shorter ones that begin with another letter."""
_SOUNDED = frozenset({"latin", "cyrillic"})
"""Scripts of the long legal forms that are known by their sound too, in any romanisation."""
_SHORT_FORMS = frozenset({"filler", "place"})
"""Roles of words that may have two Latin letters (Co, UK)."""
_LEAST_CYRILLIC_STEM = 2
_LEAST_STEM = 5
"""Signs of a stem's sound from which a romanised word is looked up by it; shorter ones would take names for words."""
# What may stand behind a Slavic stem: a suffix that makes an adjective or a noun of it, and an ending of case and number.
_CYRILLIC_ENDING = re.compile(
    r"(?:ическ|еск|ск|льн|н|ов|ев|ств|ник|к|ц)?(?:[аяоеыиуюйьіїєэ']{0,3}(?:го|му|мі|ми|в|м|х|к)?)"
)
_LATIN_ENDING = re.compile(r"(?:i?Cisk|isk|sk|ln|n|uv|av|stv|nik|k|c)?[aiuyj]{0,3}(?:gu?|va?u?|mu|mi|[mXhk])?[aiu]?")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form means: its `role`, and the word (or class of legal form) it stands for."""

    role: Role
    canon: str


Stems = dict[str, tuple[tuple[str, Entry], ...]]
_Ends = tuple[int, dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]
"""A number of letters, and words by so many first, and by so many last ones."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables of words.

    `legal_starts`, `sounded_starts`, `vessel_starts` and `phrases` (business terms of several words, `real estate`) are the first
    words of such forms, with the most words of one that begins so; `stems` are by their first letters, longest first; `variants` are the
    groups of spellings that a word belongs to; `expansions` the entries that an abbreviation stands for; `bracketed` forms in
    brackets (`(株)`) with what they are short for; `heads` short Latin legal forms that stand before a name, and whether they are surely
    none; `titles` those behind a name without a space (先生); `long_words` those of _misspellable; `form_words` the words that are never
    taken for another one misspelt.
    """

    forms: dict[tuple[str, ...], tuple[Entry, ...]]
    legal_starts: dict[str, int]
    vessel_starts: dict[str, int]
    sounded: dict[tuple[str, ...], Entry]
    sounded_starts: dict[str, int]
    stems: Stems
    stem_sounds: Stems
    expansions: dict[str, tuple[Entry, ...]]
    nicknames: dict[str, frozenset[str]]
    variants: dict[str, frozenset[int]]
    phrases: dict[str, int]
    bracketed: tuple[tuple[str, str], ...]
    heads: dict[str, bool]
    glued_before: tuple[str, ...]
    glued_after: tuple[str, ...]
    unspaced: dict[str, tuple[str, ...]]
    titles: tuple[str, ...]
    long_words: dict[int, tuple[_Ends, ...]]
    form_words: frozenset[str]

    def entry(self, words: tuple[str, ...], *roles: Role) -> Entry | None:
        """The first meaning of a form in one of the roles."""
        for entry in self.forms.get(words, ()):
            if entry.role in roles:
                return entry
        return None

    def business(self, text: str, keys: Word | None = None) -> Entry | None:
        """What a folded word of an organisation means: as it stands, without a plural's ending, or by a Slavic stem; `keys` are its keys, if known."""
        found = self.entry((text,), "stop", "filler", "generic", "place", "number", "particle")
        if found is not None or len(text) < _LEAST_MISSPELT:
            return found
        if text.isascii():
            if text.endswith("s"):
                found = self.entry((text[:-1],), "filler", "generic")
            return found or _by_stem((keys or word(text)).sound, self.stem_sounds, _LATIN_ENDING, _LEAST_STEM)
        if script_of(text) == "cyrillic":
            return _by_stem(text, self.stems, _CYRILLIC_ENDING, _LEAST_CYRILLIC_STEM)
        return None


def _by_stem(text: str, stems: Stems, ending: re.Pattern[str], least: int) -> Entry | None:
    for stem, entry in stems.get(text[:least], ()):
        if text.startswith(stem) and ending.fullmatch(text, len(stem)):
            return entry
    return None


def _stems(entries: dict[str, Entry], least: int) -> Stems:
    found: dict[str, list[tuple[str, Entry]]] = {}
    for stem in sorted(entries, key=len, reverse=True):
        if len(stem) >= least:
            found.setdefault(stem[:least], []).append((stem, entries[stem]))
    return {head: tuple(stems) for head, stems in found.items()}


def words_in(text: str) -> tuple[str, ...]:
    """A form as the tuple of its folded words."""
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    return tuple(folded(word) for word in WORD.findall(text))


class _Building:
    """The tables while they are read."""

    def __init__(self) -> None:
        self.forms: dict[tuple[str, ...], list[Entry]] = {}
        self.sounded: dict[tuple[str, ...], Entry] = {}
        self.stems: dict[str, Entry] = {}
        self.nicknames: dict[str, set[str]] = {}
        self.canons: dict[str, Entry] = {}

    def words(self) -> None:
        """Grammar, titles, numbers, short forms of names, business words."""
        for role, canon, cell in rows("words.tsv"):
            for form in words_of(cell):
                if role == "nickname":
                    self.nicknames.setdefault(folded(form), set()).add(canon)
                else:
                    self.add(words_in(form), Entry(_role(role), form if canon == "*" else canon))
        for role, canon, cell in rows("terms.tsv"):
            entry = self.canons.setdefault(canon, Entry(_role(role), canon))
            for form in (canon, *words_of(cell)):
                if form.startswith("~"):
                    self.stems.setdefault(folded(form[1:]).replace("'", ""), entry)
                elif len(form) > 2 or not form.isascii() or role in _SHORT_FORMS:  # others mean too many things
                    self.add(words_in(form), entry)
        for entries in self.forms.values():
            for entry in entries:
                self.canons.setdefault(entry.canon, entry)

    def legal(self) -> None:
        """Legal forms; those written by hand also by their sound, so that any romanisation of them is one."""
        for kind, _, cell in rows("legal_forms.tsv"):
            entry = Entry("legal", kind)
            for form in words_of(cell):
                words = words_in(form)
                self.add(words, entry)
                if len(words) > 1 and all(len(word) == 1 for word in words):
                    self.add(("".join(words),), entry)
                elif sum(map(len, words)) > 7 and script_of(words[0]) in _SOUNDED:  # short sounds mean others
                    self.sounded.setdefault(tuple(word(text).sound for text in words), entry)
        for kind, _, form in rows("elf_forms.tsv"):
            words = tuple(form.split(" ")) if form.isascii() else words_in(form)
            if len(words) != 2 or max(map(len, words)) > 1:  # two letters stand for too many things
                self.forms.setdefault(words, [Entry("legal", kind)])

    def add(self, words: tuple[str, ...], entry: Entry) -> None:
        """Add a form; an Arabic word is also known without its article (`the`, `for the`)."""
        if not words:
            return
        bare = len(words) == 1 and len(words[0]) > 4 and words[0].startswith(_ARABIC_ARTICLES)  # a word behind it
        for known in (words, (words[0][2:],)) if bare else (words,):
            found = self.forms.setdefault(known, [])
            if entry not in found:
                found.append(entry)

    def _form_of(self, text: str) -> Entry:
        """The word that a form stands for; a form that no table knows stands for itself."""
        known = (entry for entry in self.forms.get((text,), ()) if entry.role in {"filler", "generic", "place"})
        return next(known, Entry("generic", text))

    def expansions(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Abbreviations with what they stand for; Cyrillic ones also as they are romanised."""
        for canons, cell in rows("abbreviations.tsv"):
            entries = tuple(self.canons.get(canon) or self._form_of(canon) for canon in canons.split(";"))
            for form in words_of(cell):
                plain = folded(form)
                yield plain, entries
                if not plain.isascii() and plain.isalpha():
                    yield word(plain).latin, entries


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The package's tables, read once."""
    made = _Building()
    made.words()
    made.legal()
    variants: dict[str, set[int]] = {}
    for group, (_, name, cell) in enumerate(rows("variants.tsv")):
        for form in (name, *words_of(cell)):
            variants.setdefault(folded(form).replace("'", ""), set()).add(group)
    glued = list(rows("glued_forms.tsv"))
    unspaced: dict[str, list[str]] = {}
    for words in made.forms:
        if len(words) == 1 and _is_unspaced(words[0]):
            unspaced.setdefault(words[0][0], []).append(words[0])
    sounds = {word(stem).sound: entry for stem, entry in made.stems.items()}
    return Lexicon(
        {words: tuple(entries) for words, entries in made.forms.items()},
        _starts(words for words, entries in made.forms.items() if any(entry.role == "legal" for entry in entries)),
        _starts(words for words, entries in made.forms.items() if any(entry.role == "vessel" for entry in entries)),
        made.sounded,
        _starts(made.sounded),
        _stems(made.stems, _LEAST_CYRILLIC_STEM),
        _stems(sounds, _LEAST_STEM),
        dict(made.expansions()),
        {name: frozenset(canons) for name, canons in made.nicknames.items()},
        {name: frozenset(groups) for name, groups in variants.items()},
        _starts(words for words, entries in made.forms.items() if len(words) > 1 and _is_term(entries)),
        tuple((row[1], row[2]) for row in glued if row[0] == "bracketed"),
        {row[1]: row[0] == "first" for row in glued if row[0] in {"first", "perhaps"}},
        tuple(row[1] for row in glued if row[0] == "before"),
        tuple(row[1] for row in glued if row[0] == "after"),
        {first: tuple(sorted(texts, key=len, reverse=True)) for first, texts in unspaced.items()},
        _titles_behind(made.forms),
        _misspellable(made.forms),
        _form_words(made.forms),
    )


def _titles_behind(forms: dict[tuple[str, ...], list[Entry]]) -> tuple[str, ...]:
    """Titles of East Asia, which stand behind the name and are written together with it, the longest first."""
    found = (words[0] for words, entries in forms.items() if len(words) == 1 and entries[0].role == "honorific")
    return tuple(sorted((text for text in found if "\u3040" <= text[0] <= "\ud7af"), key=len, reverse=True))


def _form_words(forms: dict[tuple[str, ...], list[Entry]]) -> frozenset[str]:
    """Words that are a form, or part of two and more (`limitata`); one that a single form has may be misspelt in it."""
    counted = Counter(itertools.chain.from_iterable(set(words) for words in forms))
    return frozenset(text for text, count in counted.items() if count > 1 or (text,) in forms)


def _is_term(entries: list[Entry]) -> bool:
    return entries[0].role in {"filler", "generic", "place"}


def _starts(forms: Iterable[tuple[str, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for words in forms:
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


def meant(text: str) -> str:
    """The word of a legal form, or the business word, that a word stands for which is none itself and may be misspelt; else the word itself."""
    table = lexicon()
    if len(text) < _LEAST_MISSPELT or not text.isascii() or text in table.form_words:
        return text
    near: list[str] = []
    for half, heads, tails in table.long_words.get(len(text), ()):
        near += heads.get(text[:half], ())
        if len(text) >= _LEAST_FIRST:  # a short word with another first letter is another word (Wuhan, Joshi)
            near += tails.get(text[-half:], ())
    if not near:
        return text
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - 16 ms that `--version` need not pay

    found = {known for known in near if OSA.distance(text, known, score_cutoff=1) <= 1}
    # Of several words that stand for one thing any will do; a word of its own goes before one of a longer form.
    alone = {known: table.forms[known,][0] for known in found if (known,) in table.forms}
    return min(alone or found, default=text) if len(set(alone.values()) or found) == 1 else text


def _misspellable(forms: dict[tuple[str, ...], list[Entry]]) -> dict[int, tuple[_Ends, ...]]:
    """For each length of a misspelt word the long words of legal forms and business words that it may stand for, by the half of their letters at either end.

    One slip leaves one of the halves as it was, whichever of the two words is the longer.
    """
    found: dict[int, dict[int, _Ends]] = {}
    for text in _long_words(forms):
        for size in (len(text) - 1, len(text), len(text) + 1):
            half = _half(min(size, len(text)))
            _, heads, tails = found.setdefault(size, {}).setdefault(half, (half, {}, {}))
            heads[text[:half]] = (*heads.get(text[:half], ()), text)
            tails[text[-half:]] = (*tails.get(text[-half:], ()), text)
    return {size: tuple(ends.values()) for size, ends in found.items()}


def _long_words(forms: dict[tuple[str, ...], list[Entry]]) -> Iterator[str]:
    least = {"legal": 5, "generic": 7, "filler": 7}
    for text, role in {(text, entries[0].role) for words, entries in forms.items() for text in words}:
        if role in least and (len(text) >= least[role] or text in {"gmbh", "corp"}) and text.isascii():
            yield text


def _half(size: int) -> int:
    """The letters that one slip, an exchange of neighbours in the middle included, leaves at one end of a word."""
    return max(1, (size - 1) // 2)


def _role(text: str) -> Role:
    known: dict[str, Role] = {
        "honorific": "honorific", "particle": "particle", "patronym": "patronym", "stop": "stop", "generic": "generic",
        "filler": "filler", "place": "place", "vessel": "vessel", "number": "number",
    }  # fmt: skip
    return known[text]


def _is_unspaced(word: str) -> bool:
    return "\u3040" <= word[0] <= "\ud7af" and len(word) > 1
