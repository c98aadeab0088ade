"""Sentences against the text of the lists: a channel of its own, for descriptions that are written out.

Terse invoice lines gain nothing from it, and it says *possible* at most: BM25 always finds something, so what counts is the
share of the sentence's weight (inverse document frequency) that a paragraph holds.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator

from border_kit.classification.lookup import Lookup
from border_kit.classification.model import Band, Candidate
from border_kit.classification.rules.knowledge import Knowledge
from border_kit.classification.rules.rating import Rated
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.classification.words.stems import script
from border_kit.findings import Evidence

SHORTEST = 7
"""Words that name something, from which on a line is a sentence."""

_POSSIBLE = 0.62
_WEAK = 0.30
_MOST_WORDS = 48
_MOST_ROWS = 60
_MOST_ROOTS = 5


def rate(line: Line, grammar: Grammar, lookup: Lookup, knowledge: Knowledge) -> Iterator[Rated]:
    """Roots whose text holds much of a sentence, best first, at most five."""
    words = _content(line, grammar)
    if len(words) < SHORTEST:
        return
    weights = lookup.weights(words)
    heaviest = max(weights.values(), default=0.0)
    whole = sum(weight or heaviest for weight in weights.values())
    known = [word for word, weight in weights.items() if weight > 0]
    if not known or whole <= 0:
        return
    query = " OR ".join(f'"{word}"' for word in known)
    best: dict[tuple[str, str], float] = {}
    rows: dict[tuple[str, str], sqlite3.Row] = {}
    for row in lookup.search(query, _MOST_ROWS):
        key = (row["list"], row["root"])
        share = -float(row["score"]) / whole
        rows.setdefault(key, row)
        best[key] = max(best.get(key, 0.0), share)
    span = (line.words[0].start, line.words[-1].end)
    for key in sorted(best, key=lambda each: -best[each])[:_MOST_ROOTS]:
        share = best[key]
        if share < _WEAK or not math.isfinite(share):
            continue
        row = rows[key]
        band: Band = "possible" if share >= _POSSIBLE else "weak"
        entry = knowledge.entry(f"{row['list']}/{row['code']}") if row["kind"] == "entry" else None
        why = Evidence(f"the wording is near the text of {row['code']}", span=span, row=f"{row['kind']}:{row['row']}")
        yield Rated(
            Candidate(
                row["code"],
                row["root"],
                row["list"],
                band,
                (0.40 if band == "possible" else 0.05) + 0.1 * min(1.0, share),
                row["title"],
                entry.equivalents if entry else (),
                evidence=(why,),
                cite=entry.cite if entry else "",
            )
        )


def _content(line: Line, grammar: Grammar) -> list[str]:
    found: dict[str, None] = {}
    for word in line.words:
        if (
            word.text.isalpha()
            and script(word.text) == "latin"
            and len(word.text) > 2  # noqa: PLR2004 - "of", "or"
            and word.text not in grammar.stop
            and (word.text,) not in grammar.roles
        ):
            found[word.text] = None
    return list(found)[:_MOST_WORDS]
