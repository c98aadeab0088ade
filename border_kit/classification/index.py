"""The derived index of the controls volume: built once a volume, asked a few rows at a time.

A phrase (term, alias, cue, model, negative context …) is filed under its rarest word alone, so a line reads only the phrases
whose rarest word it holds. Patterns are filed under their rarest slot. Spelling keys are the words with one or two letters
left out (Garbe, "SymSpell", 2012). Sentences are searched with SQLite's FTS5.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from border_kit.classification import near
from border_kit.classification.goods import Goods, Slotted
from border_kit.classification.words import grammar as grammar_of
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import words_of
from border_kit.classification.words.stems import EXACT, LATIN_LANGUAGES, phrase_key, script

Progress = Callable[[str, int, int], None]

FORMAT = "1"

TABLES = (
    "CREATE TABLE meta (key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (key)) WITHOUT ROWID",
    # words: the keys of the phrase in order; glue: 1 where a word is glued to the one before it; owners: kind, owner, language
    # and rank, tab-separated, one owner a line.
    """CREATE TABLE phrase (anchor TEXT NOT NULL, id INTEGER NOT NULL, words TEXT NOT NULL, glue TEXT NOT NULL,
    owners TEXT NOT NULL, valid_from TEXT, valid_to TEXT, PRIMARY KEY (anchor, id)) WITHOUT ROWID""",
    """CREATE TABLE pattern (anchor TEXT NOT NULL, id INTEGER NOT NULL, concept TEXT NOT NULL, strong INTEGER NOT NULL,
    slots TEXT NOT NULL, head TEXT NOT NULL, valid_from TEXT, valid_to TEXT, PRIMARY KEY (anchor, id)) WITHOUT ROWID""",
    # sources: 1 word of the control knowledge, 2 ordinary trade word, 4 word of list text; a sum.
    near.TABLE,
    "CREATE TABLE word (word TEXT NOT NULL, sources INTEGER NOT NULL, PRIMARY KEY (word)) WITHOUT ROWID",
    "CREATE TABLE deletion (part TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (part, word)) WITHOUT ROWID",
    """CREATE TABLE document (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, list TEXT NOT NULL, code TEXT NOT NULL,
    root TEXT NOT NULL, title TEXT NOT NULL, row TEXT NOT NULL, valid_from TEXT, valid_to TEXT)""",
    "CREATE VIRTUAL TABLE body USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')",
)

CONTROL, ORDINARY, LIST_TEXT = 1, 2, 4

SHORTEST_TYPO = 5
"""Words of fewer letters are never corrected: too many are one letter apart."""
TWO_TYPOS = 8
"""From this length on two letters may be wrong."""
_PREFIX = 7
_SHORT_NAME = 7


@dataclass(slots=True)
class _Phrases:
    """Phrases by what they look like, with their owners."""

    owners: dict[tuple[tuple[str, ...], str, str | None, str | None], dict[str, None]]
    vocabulary: dict[str, int]


def build(volume: sqlite3.Connection, index: sqlite3.Connection, digest: str, progress: Progress | None = None) -> None:
    """Fill an empty `index` from an open controls `volume`; `digest` says which volume it belongs to."""
    grammar = grammar_of.load()
    steps: tuple[Callable[[], None], ...]
    phrases = _Phrases({}, {})
    goods = Goods(volume)
    steps = (
        lambda: _read_phrases(volume, phrases, goods, grammar),
        lambda: _write_patterns(volume, index, phrases, goods, grammar),
        lambda: _write_documents(volume, index, phrases, grammar),
        lambda: _write_phrases(index, phrases),
        lambda: near.build(volume, index, grammar),
        lambda: _write_words(volume, index, phrases, grammar),
    )
    for table in TABLES:
        index.execute(table)
    index.execute("BEGIN")
    for done, step in enumerate(steps):
        if progress:
            progress("index controls", done, len(steps))
        step()
    index.executemany("INSERT INTO meta VALUES (?, ?)", [("digest", digest), ("format", FORMAT)])
    index.execute("COMMIT")


def _rows(volume: sqlite3.Connection, sql: str) -> Iterator[sqlite3.Row]:
    yield from volume.execute(sql)


def _add(
    phrases: _Phrases, grammar: Grammar, phrase: str, language: str, owner: tuple[str, str, str], row: Any
) -> None:
    """File one phrase under `owner` (kind, id, rank)."""
    words = words_of(phrase, grammar)
    if not words:
        return
    keys = tuple(phrase_key(word.text, language) for word in words)
    glue = "".join("1" if word.glued else "0" for word in words)
    kind, name, rank = owner
    place = (keys, glue, row["valid_from"], row["valid_to"])
    phrases.owners.setdefault(place, {})[f"{kind}\t{name}\t{language}\t{rank}"] = None
    for word in words:
        if word.text.isalpha():
            source = ORDINARY if kind in ("negative", "vague") else CONTROL
            phrases.vocabulary[word.text] = phrases.vocabulary.get(word.text, 0) | source


def _read_phrases(volume: sqlite3.Connection, phrases: _Phrases, goods: Goods, grammar: Grammar) -> None:
    for row in _rows(volume, "SELECT * FROM term"):
        if row["kind"] in ("name", "weak", "atom"):
            _add(phrases, grammar, row["phrase"], row["language"], (row["kind"], row["owner"], ""), row)
        if row["kind"] in ("name", "weak"):
            for atom in goods.atoms(row["owner"], strong=row["kind"] == "name"):
                _add(phrases, grammar, row["phrase"], row["language"], ("atom", atom, ""), row)
    for row in _rows(volume, "SELECT * FROM negative"):
        _add(phrases, grammar, row["phrase"], row["language"], ("negative", row["id"], row["scope"]), row)
    for row in _rows(volume, "SELECT *, NULL AS valid_from, NULL AS valid_to FROM vague"):
        _add(phrases, grammar, row["phrase"], row["language"], ("vague", row["id"], ""), row)
    for row in _rows(volume, "SELECT * FROM parameter"):
        _read_parameter(phrases, grammar, row)
    _read_models(volume, phrases, goods, grammar)
    for row in _rows(
        volume,
        "SELECT n.chemical AS chemical, n.language AS language, n.name AS name, c.valid_from, c.valid_to "
        "FROM chemical_name n JOIN chemical c ON c.id = n.chemical "
        "UNION ALL SELECT id, 'en', name, valid_from, valid_to FROM chemical",
    ):
        short = (
            len(row["name"]) <= _SHORT_NAME
        )  # a short name is no stem of another word: sarin is no form of Turkish "sarı"
        _add(phrases, grammar, row["name"], EXACT if short else row["language"], ("chemical", row["chemical"], ""), row)


def _read_models(volume: sqlite3.Connection, phrases: _Phrases, goods: Goods, grammar: Grammar) -> None:
    for row in _rows(volume, "SELECT * FROM model"):
        for word in words_of(row["brand"], grammar):  # a brand is no typing error of another word
            phrases.vocabulary[word.text] = phrases.vocabulary.get(word.text, 0) | ORDINARY
        for name in json.loads(row["names"]):
            _add(phrases, grammar, name, EXACT, ("model", row["id"], ""), row)
            for atom in () if row["needs_brand"] or row["below"] else goods.atoms(row["concept"], strong=True):
                _add(phrases, grammar, name, EXACT, ("atom", atom, ""), row)


def _read_parameter(phrases: _Phrases, grammar: Grammar, row: sqlite3.Row) -> None:
    spec = json.loads(row["spec"])
    groups: list[tuple[str, str, dict[str, list[str]]]] = [
        ("cue", row["dimension"], spec.get("cues") or {}),
        ("yes", "", spec.get("yes") or {}),
        ("no", "", spec.get("no") or {}),
        *(("value", choice, forms) for choice, forms in (spec.get("values") or {}).items()),
        ("beside", "", {"*": spec.get("not_beside") or []}),
    ]
    for kind, rank, by_language in groups:
        for language, forms in by_language.items():
            for form in forms:
                for each in LATIN_LANGUAGES[:1] if language == EXACT else (language,):
                    home = {"cyrillic": "ru", "arabic": "ar", "other": "zh"}.get(script(form.lower()), each)
                    _add(phrases, grammar, form, home if language == EXACT else each, (kind, row["id"], rank), row)


_SLOT = re.compile(r"\{([a-z0-9_-]+)\}|([^\s{}]+)")


def _write_patterns(
    volume: sqlite3.Connection, index: sqlite3.Connection, phrases: _Phrases, goods: Goods, grammar: Grammar
) -> None:
    """Patterns go under their rarest slot; a plain word of a pattern becomes an atom of its own (`=gps`)."""
    authored: dict[Slotted, None] = {}
    days: dict[str, Any] = {}
    for row in _rows(volume, "SELECT * FROM term WHERE kind IN ('pattern', 'weak_pattern')"):
        slots = tuple(_slots(row, phrases, grammar))
        if slots:
            authored[Slotted(row["owner"], row["kind"] == "pattern", slots)] = None
            days[row["owner"]] = row
    found = list(goods.expanded(authored))
    uses = Counter(slot for pattern in found for slot in pattern.slots)
    index.executemany(
        "INSERT INTO pattern VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                min(pattern.slots, key=lambda slot: (uses[slot], slot)),
                number,
                pattern.concept,
                int(pattern.strong),
                " ".join(pattern.slots),
                pattern.head,
                days[pattern.concept]["valid_from"],
                days[pattern.concept]["valid_to"],
            )
            for number, pattern in enumerate(found)
        ),
    )


def _slots(row: Any, phrases: _Phrases, grammar: Grammar) -> Iterator[str]:
    for match in _SLOT.finditer(row["phrase"]):
        atom, word = match.groups()
        if word:
            atom = f"={word.lower()}"
            home = {"cyrillic": "ru", "arabic": "ar", "other": "zh"}.get(script(word.lower()), "en")
            _add(phrases, grammar, word, home, ("atom", atom, ""), row)
        yield atom


def _write_phrases(index: sqlite3.Connection, phrases: _Phrases) -> None:
    uses = Counter(key for keys, *_ in phrases.owners for key in set(keys))
    index.executemany(
        "INSERT INTO phrase VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                min(keys, key=lambda key: (key[2:].isdigit(), uses[key], -len(key), key)),
                number,
                " ".join(keys),
                glue,
                "\n".join(owners),
                start,
                end,
            )
            for number, ((keys, glue, start, end), owners) in enumerate(phrases.owners.items())
        ),
    )


def _write_documents(
    volume: sqlite3.Connection, index: sqlite3.Connection, phrases: _Phrases, grammar: Grammar
) -> None:
    """One document an entry and one a paragraph of imported text, each with the headings that it stands under."""
    for number, (kind, row, text) in enumerate(_documents(volume), start=1):
        index.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                kind,
                row["list"],
                row["code"],
                row["root"],
                row["heading"][:200],
                row["id"],
                row["valid_from"],
                row["valid_to"],
            ),
        )
        index.execute("INSERT INTO body (rowid, text) VALUES (?, ?)", (number, text))
        for word in words_of(text, grammar):
            if word.text.isalpha() and word.text.isascii():
                phrases.vocabulary[word.text] = phrases.vocabulary.get(word.text, 0) | LIST_TEXT


_ANCESTORS = 6


def _documents(volume: sqlite3.Connection) -> Iterator[tuple[str, sqlite3.Row, str]]:
    """Kind, row and searched text of everything that is searched as sentences."""
    for kind, table, heading, body in (
        ("entry", "entry", "title", "summary"),
        ("list_text", "list_text", "text", "notes"),
    ):
        rows = {row["id"]: row for row in _rows(volume, f"SELECT *, {heading} AS heading, {body} AS body FROM {table}")}
        by_code = {(row["list"], row["code"]): row for row in rows.values()}
        for row in rows.values():
            headings: list[str] = []
            above, steps = row["parent"], 0
            while above and steps < _ANCESTORS:
                parent = rows.get(above) or by_code.get((row["list"], above))
                if parent is None or parent["id"] == row["id"]:
                    break
                headings.append(parent["heading"])
                above, steps = parent["parent"], steps + 1
            yield kind, row, " \n ".join([row["heading"], row["body"] or "", *headings])[:20_000]


def _write_words(volume: sqlite3.Connection, index: sqlite3.Connection, phrases: _Phrases, grammar: Grammar) -> None:
    """The vocabulary: control words, ordinary trade words, words of list text and of a nomenclature; stems of them all."""
    vocabulary = phrases.vocabulary
    for word in _ordinary(volume, grammar):
        vocabulary[word] = vocabulary.get(word, 0) | ORDINARY
    index.executemany("INSERT INTO word VALUES (?, ?)", sorted(vocabulary.items()))
    index.executemany(
        "INSERT OR IGNORE INTO deletion VALUES (?, ?)",
        (
            (part, word)
            for word, sources in vocabulary.items()
            if sources & (CONTROL | LIST_TEXT)
            for part in deletions(word)
        ),
    )


def _ordinary(volume: sqlite3.Connection, grammar: Grammar) -> Iterator[str]:
    shipped = Path(__file__).with_name("words") / "ordinary.txt"
    for line in shipped.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield from line.split()
    yield from (word for word in grammar.stop | grammar.trailing | grammar.labels | grammar.mixture if word.isalpha())
    for row in _rows(volume, "SELECT text FROM nomenclature"):
        yield from (word.text for word in words_of(row["text"], grammar) if word.text.isalpha())


def deletions(word: str) -> set[str]:
    """The spelling keys of a word: itself and what is left when one letter (two from eight letters on) goes.

    Only the first seven letters count, which keeps the keys few; words of other scripts than Latin and Cyrillic have none.
    """
    if len(word) < SHORTEST_TYPO or script(word) not in ("latin", "cyrillic"):
        return set()
    head = word[:_PREFIX]
    found = {head}
    for gone in range(1, 3 if len(word) >= TWO_TYPOS else 2):
        found |= {
            "".join(char for place, char in enumerate(head) if place not in out)
            for out in combinations(range(len(head)), gone)
        }
    return found


__all__ = ["CONTROL", "LIST_TEXT", "ORDINARY", "build", "deletions"]
