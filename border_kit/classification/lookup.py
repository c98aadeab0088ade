"""Reading the derived index: only the rows that a line's words touch, each remembered for the next line.

A `Lookup` belongs to one thread, as its catalog does.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from border_kit.catalog.volumes import REBUILD, Catalog
from border_kit.classification.index import CONTROL, LIST_TEXT, ORDINARY, SHORTEST_TYPO, TWO_TYPOS, deletions
from border_kit.classification.words.stems import script
from border_kit.errors import CatalogError

_CHUNK = 400
_MARKED = re.compile("\x01([^\x02]*)\x02")
_MOST_KEPT = 60_000

Value = TypeVar("Value")


class Owner(NamedTuple):
    """Whom a phrase belongs to: kind (`name`, `weak`, `atom`, `cue`, `model` …), id, language, and what the kind adds."""

    kind: str
    id: str
    language: str
    rank: str


class Phrase(NamedTuple):
    """A phrase of the index: its word keys, where words are glued, and its owners."""

    words: tuple[str, ...]
    glue: str
    owners: tuple[Owner, ...]


class Pattern(NamedTuple):
    """Atoms that make a product class when they stand together in one clause; `head`, if any, must be the goods themselves."""

    concept: str
    strong: bool
    slots: tuple[str, ...]
    head: str = ""


@dataclass(slots=True)
class Lookup:
    """The index of an open catalog."""

    catalog: Catalog
    _phrases: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    _patterns: dict[str, tuple[Pattern, ...]] = field(default_factory=dict)
    _words: dict[str, int] = field(default_factory=dict)
    _corrected: dict[str, str | None] = field(default_factory=dict)
    _weights: dict[str, float] = field(default_factory=dict)
    _documents: int | None = None
    _near: dict[str, frozenset[str]] = field(default_factory=dict)

    def phrases(self, keys: Iterable[str]) -> dict[str, tuple[Phrase, ...]]:
        """The phrases filed under each key that has any."""
        return self._kept(self._phrases, keys, self._read_phrases, ())

    def patterns(self, atoms: Iterable[str]) -> dict[str, tuple[Pattern, ...]]:
        """The patterns filed under each atom that has any."""
        return self._kept(self._patterns, atoms, self._read_patterns, ())

    def words(self, words: Iterable[str]) -> dict[str, int]:
        """The sources (CONTROL, ORDINARY, LIST_TEXT, summed) of each word of the vocabulary."""
        return self._kept(self._words, words, self._read_words, 0)

    def near(self, keys: Iterable[str]) -> dict[str, frozenset[str]]:
        """The product classes that have a word, by word key."""
        return self._kept(self._near, keys, self._read_near, frozenset())

    def near_classes(self) -> int:
        """How many product classes there are to be near to."""
        return int(next(iter(self.near([""])[""])))

    def correct(self, word: str) -> str | None:
        """The one control word that an unknown word is most likely meant to be, or None.

        Optimal string alignment distance 1, or 2 from eight letters on; the first letter is kept in doubt; a tie between
        different words decides nothing.
        """
        if len(word) < SHORTEST_TYPO or not word.isalpha() or script(word) not in ("latin", "cyrillic"):
            return None
        if word not in self._corrected:
            if len(self._corrected) > _MOST_KEPT:
                self._corrected.clear()
            self._corrected[word] = self._correct(word)
        return self._corrected[word]

    def _correct(self, word: str) -> str | None:
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - only lines with an unknown word need it

        rows = self._select("SELECT DISTINCT word FROM deletion WHERE part IN ({})", sorted(deletions(word)))
        limit = 2 if len(word) >= TWO_TYPOS else 1
        near: list[tuple[int, bool, str]] = []
        for row in rows:
            found = row[0]
            distance = OSA.distance(word, found, score_cutoff=limit)
            if distance <= limit and abs(len(found) - len(word)) <= limit and not _is_ending(word, found):
                near.append((distance, found[0] != word[0], found))
        if not near:
            return None
        near.sort()
        sources = self.words(found for _, _, found in near)
        control = [item for item in near if sources.get(item[2], 0) & (CONTROL | LIST_TEXT)]
        best = [item for item in control if item[:2] == control[0][:2]]
        preferred = [item for item in best if sources[item[2]] & CONTROL] or best
        if not preferred or preferred[0][1]:
            return None
        return preferred[0][2] if len(preferred) == 1 or preferred[0][0] == 1 else None

    def search(self, query: str, most: int) -> list[sqlite3.Row]:
        """Documents that match an FTS5 query, best first, with their `score` (BM25, the lower the better)."""
        day: dict[str, str | int] = {"day": self.catalog.day, "query": query, "most": most}
        sql = (
            "SELECT d.*, bm25(body) AS score FROM body JOIN document d ON d.id = body.rowid "
            f"WHERE body MATCH :query AND {self.catalog.in_force} ORDER BY score LIMIT :most"
        )
        return self._fetch(sql, day)

    def matched(self, query: str, documents: Sequence[int]) -> dict[int, frozenset[str]]:
        """The words of each document, as they stand in it, that an FTS5 query meets."""
        marks = ", ".join(str(int(document)) for document in documents)
        rows = self._fetch(
            "SELECT rowid AS id, highlight(body, 0, char(1), char(2)) AS text FROM body "
            f"WHERE body MATCH :query AND rowid IN ({marks})",
            {"query": query},
        )
        return {row["id"]: frozenset(word.lower() for word in _MARKED.findall(row["text"])) for row in rows}

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each word among the documents, as FTS5's bm25() weighs it; rare words weigh most.

        A word that stands in no document weighs nothing.
        """
        found: dict[str, float] = {}
        total = self._total()
        for word in words:
            if word not in self._weights:
                if len(self._weights) > _MOST_KEPT:
                    self._weights.clear()
                rows = self._fetch("SELECT count(*) AS found FROM body WHERE body MATCH :query", {"query": f'"{word}"'})
                count = int(rows[0]["found"])
                self._weights[word] = max(0.000001, math.log((total - count + 0.5) / (count + 0.5))) if count else 0.0
            found[word] = self._weights[word]
        return found

    def _total(self) -> int:
        if self._documents is None:
            self._documents = int(self._fetch("SELECT count(*) AS found FROM document", {})[0]["found"])
        return self._documents

    def _kept(
        self,
        kept: dict[str, Value],
        keys: Iterable[str],
        read: Callable[[Sequence[str]], dict[str, Value]],
        empty: Value,
    ) -> dict[str, Value]:
        wanted = dict.fromkeys(keys)  # in the order asked: what is found must not depend on how a set happens to lie
        unknown = sorted(key for key in wanted if key not in kept)
        if unknown:
            if len(kept) > _MOST_KEPT:
                kept.clear()
                unknown = sorted(wanted)
            found = read(unknown)
            for key in unknown:
                kept[key] = found.get(key, empty)
        return {key: value for key in wanted if (value := kept[key])}

    def _read_phrases(self, keys: Sequence[str]) -> dict[str, tuple[Phrase, ...]]:
        found: dict[str, list[Phrase]] = {}
        for row in self._select(
            f"SELECT anchor, words, glue, owners FROM phrase WHERE anchor IN ({{}}) AND {self.catalog.in_force}", keys
        ):
            owners = tuple(Owner(*line.split("\t")) for line in row["owners"].split("\n"))
            found.setdefault(row["anchor"], []).append(Phrase(tuple(row["words"].split(" ")), row["glue"], owners))
        return {key: tuple(phrases) for key, phrases in found.items()}

    def _read_patterns(self, atoms: Sequence[str]) -> dict[str, tuple[Pattern, ...]]:
        found: dict[str, list[Pattern]] = {}
        for row in self._select(f"SELECT * FROM pattern WHERE anchor IN ({{}}) AND {self.catalog.in_force}", atoms):
            pattern = Pattern(row["concept"], bool(row["strong"]), tuple(row["slots"].split(" ")), row["head"])
            found.setdefault(row["anchor"], []).append(pattern)
        return {key: tuple(patterns) for key, patterns in found.items()}

    def _read_words(self, words: Sequence[str]) -> dict[str, int]:
        return {
            row["word"]: row["sources"]
            for row in self._select("SELECT word, sources FROM word WHERE word IN ({})", words)
        }

    def _read_near(self, keys: Sequence[str]) -> dict[str, frozenset[str]]:
        rows = self._select("SELECT key, classes FROM near WHERE key IN ({})", keys)
        return {row["key"]: frozenset(row["classes"].split(" ")) for row in rows}

    def _select(self, sql: str, values: Sequence[str]) -> list[sqlite3.Row]:
        """Rows of a statement whose `{}` is a list of values; `:day` is bound."""
        rows: list[sqlite3.Row] = []
        for start in range(0, len(values), _CHUNK):
            part = values[start : start + _CHUNK]
            names = {f"v{place}": value for place, value in enumerate(part)}
            statement = sql.format(", ".join(f":{name}" for name in names))
            rows += self._fetch(statement, {**names, "day": self.catalog.day})
        return rows

    def _fetch(self, sql: str, values: dict[str, str | int]) -> list[sqlite3.Row]:
        try:
            return self.catalog.index("controls").execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise CatalogError(
                "index_damaged",
                f"The search index of controls cannot be read ({error}).",
                REBUILD,
            ) from error


def _is_ending(word: str, found: str) -> bool:
    """Whether two words differ by an ending alone: that is grammar, which the stems have judged, and no typing error."""
    shorter, longer = sorted((word, found), key=len)
    return len(shorter) != len(longer) and longer.startswith(shorter) and len(longer) - len(shorter) <= 1


__all__ = ["CONTROL", "LIST_TEXT", "ORDINARY", "Lookup", "Owner", "Pattern", "Phrase"]
