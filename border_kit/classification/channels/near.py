"""When no name fits: the product class to which most of a line's words belong, by weight.

Terms are phrases, and nobody writes them all: "rotor straightening press for centrifuge tubes" holds no one of them, and yet its
words are all words of one class. This is the design's retrieval over names, aliases and summaries: a word weighs by how few classes
have it (inverse document frequency), and a class is near when it has much of the weight and several of the words. What is found so
is as weak as a weak term: possible at most, unless a figure that decides is met.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from border_kit.classification.lookup import Lookup
from border_kit.classification.match import Hit
from border_kit.classification.near import tells
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.classification.words.stems import keys

FEWEST = 3
"""Words of a line that a class must have: two are a coincidence."""
SHARE = 0.35
"""The share of the line's weight that these words must have."""
WEIGHT = 12.0
"""The weight that they must have together: three words which many classes share name none of them."""
_MOST_WORDS = 40
_MOST = 2


class _Near(NamedTuple):
    concept: str
    places: frozenset[int]
    share: float


def find(line: Line, figures: frozenset[int], lookup: Lookup, grammar: Grammar) -> list[Hit]:
    """The classes nearest to a line, the nearest first, at most two."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(line.words):
        if place not in figures and tells(word.text, grammar):
            places.setdefault(word.text, []).append(place)
    words = list(places)[:_MOST_WORDS]
    if len(words) < FEWEST:
        return []
    known = lookup.near(key for word in words for key in keys(word))
    classes = {word: frozenset[str]().union(*(known.get(key, frozenset()) for key in keys(word))) for word in words}
    total = lookup.near_classes()
    weights = {
        word: math.log(total / len(names)) if names else math.log(total) + 1.0 for word, names in classes.items()
    }
    return [_hit(near) for near in _ranked(classes, weights, places)]


def _ranked(
    classes: Mapping[str, Iterable[str]], weights: Mapping[str, float], places: Mapping[str, list[int]]
) -> list[_Near]:
    heavy: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for word, names in classes.items():
        for name in names:
            heavy[name] += weights[word]
            words[name].append(word)
    whole = sum(weights.values())
    found = [
        _Near(name, frozenset(place for word in words[name] for place in places[word]), weight / whole)
        for name, weight in heavy.items()
        if len(words[name]) >= FEWEST and weight >= max(SHARE * whole, WEIGHT)
    ]
    return sorted(found, key=lambda near: (-near.share, near.concept))[:_MOST]


def _hit(near: _Near) -> Hit:
    return Hit("near", near.concept, "en", "", near.places, min(near.places), max(near.places) + 1)
