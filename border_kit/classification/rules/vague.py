"""Lines that say nothing: what is left when packing, counting and empty phrases are taken away."""

from __future__ import annotations

from collections.abc import Iterable

from border_kit.classification.match import Hit
from border_kit.classification.words.grammar import Grammar
from border_kit.classification.words.line import Line
from border_kit.classification.words.stems import script
from border_kit.units import find_unit


def is_vague(line: Line, hits: Iterable[Hit], grammar: Grammar, figures: frozenset[int]) -> bool:
    """Whether no word of a line names goods.

    Words inside vague phrases, numbers, units, articles, packing words and the words inside `figures` (quantities, codes) name nothing; the words of a
    known product class do, also where a vague phrase holds them.
    """
    empty: set[int] = set()
    named: set[int] = set()
    for hit in hits:
        if hit.kind == "vague":
            empty |= hit.cover
        elif hit.kind in ("name", "model", "pattern", "chemical"):
            named |= hit.cover
    for place, word in enumerate(line.words):
        if place in named:
            return False
        if place in empty or place in figures:
            continue
        if _names(word.text, grammar):
            return False
    return True


def _names(text: str, grammar: Grammar) -> bool:
    if not text.isalpha() or (len(text) == 1 and script(text) != "other"):
        return False
    if text in grammar.stop or text in grammar.trailing or (text,) in grammar.roles or (text,) in grammar.parts:
        return False
    return find_unit(text) is None or script(text) == "other"
