"""The words of every product class, for lines that no phrase fits (channels/near.py): filled when the index is built."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import words_of
from border_kit.classification.words.stems import phrase_key, script

TABLE = "CREATE TABLE near (key TEXT NOT NULL, classes TEXT NOT NULL, PRIMARY KEY (key)) WITHOUT ROWID"

ENTRY = "="
"""What marks an entry among the classes: its own title and summary are words to be near to."""
_SHORTEST = 3


def build(volume: sqlite3.Connection, index: sqlite3.Connection, grammar: Grammar) -> None:
    """Fill the table: the classes of every word key, and under an empty key how many classes there are."""
    found: dict[str, set[str]] = defaultdict(set)
    classes: set[str] = set()
    for name, language, text in _texts(volume):
        classes.add(name)
        for word in words_of(text, grammar):
            if tells(word.text, grammar):
                found[phrase_key(word.text, language)].add(name)
    rows = [("", str(len(classes))), *((key, " ".join(sorted(names))) for key, names in sorted(found.items()))]
    index.executemany("INSERT INTO near VALUES (?, ?)", rows)


def _texts(volume: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Class, language and text of everything that describes the classes which lead to an entry."""
    led = {row[0] for row in volume.execute("SELECT DISTINCT concept FROM route")}
    for name, text in volume.execute("SELECT id, name FROM concept"):
        if name in led:
            yield name, "en", text
    for name, language, text in volume.execute(
        "SELECT owner, language, phrase FROM term WHERE kind IN ('name', 'weak')"
    ):
        if name in led:
            yield name, language, text
    atoms: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, language, text in volume.execute("SELECT owner, language, phrase FROM term WHERE kind = 'atom'"):
        atoms[name].append((language, text))
    for name, pattern in volume.execute("SELECT owner, phrase FROM term WHERE kind = 'pattern'"):
        for atom in re.findall(r"\{([^{}]+)\}", pattern):
            yield from ((name, language, text) for language, text in atoms.get(atom, ()))
    summaries = "SELECT r.concept, e.title || ' ' || coalesce(e.summary, '') FROM route r JOIN entry e ON e.id = r.entry WHERE r.rank = 0"
    for name, text in volume.execute(summaries):
        yield name, "en", text
    for name, text in volume.execute("SELECT id, title || ' ' || coalesce(summary, '') FROM entry"):
        yield ENTRY + name, "en", text


def tells(word: str, grammar: Grammar) -> bool:
    """Whether a word says what goods are; scripts without blanks between words are left to the phrases."""
    return (
        word.isalpha()
        and len(word) >= _SHORTEST
        and script(word) != "other"
        and word not in grammar.stop
        and word not in grammar.trailing
        and (word,) not in grammar.roles
    )
