"""Sentences against the text of the lists: a channel of its own, for descriptions that are written out.

Terse invoice lines gain nothing from it, and it says *possible* at most: BM25 always finds something, so what counts is the
share of the sentence's weight (inverse document frequency) that a paragraph holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from border_kit.classification.lookup import Lookup
from border_kit.classification.model import Band, Candidate
from border_kit.classification.rules.knowledge import Knowledge
from border_kit.classification.rules.rating import Rated
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.classification.words.stems import script
from border_kit.findings import Evidence

SHORTEST = 4
"""Words that name something, from which on list text is searched at all."""
SENTENCE = 7
"""From which on a line is a sentence, and near enough a text to be possible."""

_POSSIBLE = 0.6
_WEAK = 0.2
_WEAK_SHORT = 0.50
_SMALL_WORDS = 3
_MOST_WORDS = 48
_MOST_SEARCHED = 12
_COMMON = 1.5
"""Inverse document frequency up to which a word stands in so many texts that looking for it finds nothing and takes long."""
_RANK = 0.3
"""How much the rank of the search (BM25) counts beside the share of the words: it tells like texts apart."""
_MOST_ROWS = 60
_MOST_ROOTS = 8


def rate(line: Line, grammar: Grammar, lookup: Lookup, knowledge: Knowledge) -> Iterator[Rated]:
    """Roots whose text holds much of a sentence, best first, at most eight."""
    words = _content(line, grammar)
    if len(words) < SHORTEST:
        return
    weights = lookup.weights(words)
    known = [word for word, weight in weights.items() if weight > 0]
    if not known:
        return
    is_sentence = len(words) >= SENTENCE
    is_prose = is_sentence or _is_prose(line, grammar)
    query = _any_of(known)
    found = _best_of_each_root(lookup.search(_any_of(_telling(weights)), _MOST_ROWS))
    matched = lookup.matched(query, [row["id"] for row in found])
    for row in found:
        share = _share(weights, matched.get(row["id"], ()))
        if share >= (_WEAK if is_prose else _WEAK_SHORT):
            band: Band = "possible" if is_sentence and share >= _POSSIBLE else "weak"
            near = share + _RANK * row["score"] / found[0]["score"]
            yield _rated(row, band, near / (1 + _RANK), line, knowledge)


def _is_prose(line: Line, grammar: Grammar) -> bool:
    """Whether a line has the small words of a sentence; invoices do without them."""
    return sum(word.text in grammar.stop for word in line.words) >= _SMALL_WORDS


def _telling(weights: Mapping[str, float]) -> list[str]:
    """The words worth looking for: the rarest ones, without those that most texts have."""
    rarest = sorted((word for word in weights if weights[word] > 0), key=lambda word: -weights[word])
    rare = [word for word in rarest if weights[word] > _COMMON]
    return (rare or rarest[:SHORTEST])[:_MOST_SEARCHED]


def _any_of(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _best_of_each_root(rows: Iterable[sqlite3.Row]) -> list[sqlite3.Row]:
    best: dict[str, sqlite3.Row] = {}
    for row in rows:
        best.setdefault(row["root"], row)
    return list(best.values())[:_MOST_ROOTS]


def _share(weights: Mapping[str, float], matched: Iterable[str]) -> float:
    """The share of a sentence's weight that a text holds; a word that no text has weighs as the rarest one.

    A matched word stands for the word of the sentence with which it shares most letters: their stems are the same.
    """
    heaviest = max(weights.values())
    met = {max(weights, key=lambda word: (_common(word, found), weights[word] > 0)) for found in matched}
    return sum(weights[word] for word in met) / sum(weight or heaviest for weight in weights.values())


def _common(left: str, right: str) -> int:
    """How many letters two words share from their beginning."""
    return next(
        (place for place, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]),
        min(len(left), len(right)),
    )


def _rated(row: sqlite3.Row, band: Band, near: float, line: Line, knowledge: Knowledge) -> Rated:
    entry = knowledge.entry(
        f"{row['list']}/{row['code']}"
    )  # where a list and an authored entry share a code, ours is used
    span = (line.words[0].start, line.words[-1].end)
    why = Evidence(f"the wording is near the text of {row['code']}", span=span, row=f"{row['kind']}:{row['row']}")
    return Rated(
        Candidate(
            row["code"],
            row["root"],
            row["list"],
            band,
            (0.40 if band == "possible" else 0.05) + 0.3 * min(1.0, near),
            entry.title if entry else row["title"],
            entry.equivalents if entry else (),
            evidence=(why,),
            cite=entry.cite if entry else row["row"],
        )
    )


def _content(line: Line, grammar: Grammar) -> list[str]:
    found: dict[str, None] = {}
    for word in line.words:
        if (
            word.text.isalpha()
            and script(word.text) == "latin"
            and len(word.text) > 2  # "of", "or"
            and word.text not in grammar.stop
            and (word.text,) not in grammar.roles
        ):
            found[word.text] = None
    return list(found)[:_MOST_WORDS]
