"""Words with a role: legal forms, titles, particles, business words, ship prefixes, numbers, short forms of given names.

Looked up by the folded word as it stands, in any script. A form of several words is looked up as the tuple of its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from border_kit.screening.letters import folded
from border_kit.screening.tables import rows, words_of

Role = Literal[
    "name",
    "family",
    "initial",
    "honorific",
    "particle",
    "patronym",
    "stop",
    "generic",
    "place",
    "legal",
    "number",
    "vessel",
]

_SPLIT = re.compile(r"[^\w]+|_")
_ARABIC_ARTICLES = ("ال", "لل")


_LEAST_MISSPELT = 4
"""Shorter words are not taken for misspelt ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form means: its `role`, and the word (or class of legal form) it stands for."""

    role: Role
    canon: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables of words; `starts` says of a word how many words the longest legal form that begins with it has."""

    forms: dict[tuple[str, ...], tuple[Entry, ...]]
    longest: int
    starts: dict[str, int]
    nicknames: dict[str, frozenset[str]]
    glued_before: tuple[str, ...]
    glued_after: tuple[str, ...]
    unspaced: tuple[str, ...]
    misspellable: dict[str, tuple[str, ...]]

    def entry(self, words: tuple[str, ...], *roles: Role) -> Entry | None:
        """The first meaning of a form in one of the roles."""
        return next((entry for entry in self.forms.get(words, ()) if entry.role in roles), None)


def words_in(text: str) -> tuple[str, ...]:
    """A form as the tuple of its folded words."""
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    return tuple(folded(word) for word in _SPLIT.split(text) if word)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The package's tables, read once."""
    forms: dict[tuple[str, ...], list[Entry]] = {}
    nicknames: dict[str, set[str]] = {}
    for role, canon, cell in rows("words.tsv"):
        for form in words_of(cell):
            if role == "nickname":
                nicknames.setdefault(folded(form), set()).add(canon)
            else:
                _add(forms, words_in(form), Entry(_role(role), form if canon == "*" else canon))
    for kind, _, cell in rows("legal_forms.tsv"):
        for form in words_of(cell):
            words = words_in(form)
            _add(forms, words, Entry("legal", kind))
            if len(words) > 1 and all(len(word) == 1 for word in words):
                _add(forms, ("".join(words),), Entry("legal", kind))
    glued = list(rows("glued_forms.tsv"))
    return Lexicon(
        {words: tuple(entries) for words, entries in forms.items()},
        max(map(len, forms)),
        _starts(forms),
        {name: frozenset(canons) for name, canons in nicknames.items()},
        tuple(form for place, form in glued if place == "before"),
        tuple(form for place, form in glued if place == "after"),
        tuple(
            sorted({words[0] for words in forms if len(words) == 1 and _is_unspaced(words[0])}, key=len, reverse=True)
        ),
        _misspellable(forms),
    )


@lru_cache(maxsize=16384)
def meant(text: str) -> str:
    """The word of a legal form, or the business word, that a misspelt word stands for; else the word itself."""
    table = lexicon()
    if len(text) < _LEAST_MISSPELT or (text,) in table.forms or not text.isascii():
        return text
    near = {known for form in one_left_out(text) for known in table.misspellable.get(form, ())}
    if not near:
        return text
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - 16 ms that `--version` need not pay

    near = {known for known in near if OSA.distance(text, known, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else text


def one_left_out(text: str) -> set[str]:
    """A word, and all forms of it with one letter left out: two words a slip apart have one in common (Garbe 2012)."""
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _starts(forms: dict[tuple[str, ...], list[Entry]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for words, entries in forms.items():
        if any(entry.role == "legal" for entry in entries):
            found[words[0]] = max(len(words), found.get(words[0], 0))
    return found


def _misspellable(forms: dict[tuple[str, ...], list[Entry]]) -> dict[str, tuple[str, ...]]:
    """The long words of legal forms and business words, by their forms with one letter left out."""
    found: dict[str, set[str]] = {}
    for words, entries in forms.items():
        role = entries[0].role
        if role not in {"legal", "generic"}:
            continue
        least = 5 if role == "legal" else 7
        for text in words:
            if (len(text) >= least or text in {"gmbh", "corp"}) and text.isascii():
                for form in one_left_out(text):
                    found.setdefault(form, set()).add(text)
    return {form: tuple(texts) for form, texts in found.items()}


def _role(text: str) -> Role:
    known: dict[str, Role] = {
        "honorific": "honorific", "particle": "particle", "patronym": "patronym", "stop": "stop", "generic": "generic",
        "place": "place", "vessel": "vessel", "number": "number",
    }  # fmt: skip
    return known[text]


def _add(forms: dict[tuple[str, ...], list[Entry]], words: tuple[str, ...], entry: Entry) -> None:
    """Add a form; an Arabic word is also known without its article (`the`, `for the`)."""
    if not words:
        return
    bare = len(words) == 1 and len(words[0]) > 4 and words[0].startswith(_ARABIC_ARTICLES)  # noqa: PLR2004 - a word behind it
    for known in (words, (words[0][2:],)) if bare else (words,):
        if entry not in forms.setdefault(known, []):
            forms[known].append(entry)


def _is_unspaced(word: str) -> bool:
    return "\u3040" <= word[0] <= "\ud7af" and len(word) > 1
