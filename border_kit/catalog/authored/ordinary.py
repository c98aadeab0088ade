"""Would a term alert on ordinary goods? Every phrase of a class that leads to an entry, held against what ordinary goods are called.

The goods are authored too (`ordinary_goods`), by HS chapter and, under `hard`, crossed with controlled words. What a negative of the
class or of all classes covers, and what a longer name of an ordinary class (`entries: []`) covers, alerts nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from border_kit import text
from border_kit.catalog.authored.knowledge import Item, Knowledge, phrases
from border_kit.catalog.sources import Key, Problem

_ENDINGS = ("es", "s")
_SHORTEST = 4
Words = tuple[str, ...]


class _Name(NamedTuple):
    """A phrase that leads somewhere: its words, whose it is, where it stands."""

    words: Words
    item: Item
    where: Key


def check(known: Knowledge) -> Iterator[Problem]:
    """One warning a phrase that some ordinary goods would meet."""
    led: dict[str, list[_Name]] = {}
    harmless: dict[str, list[Words]] = {}
    for name in _names(known):
        led.setdefault(name.words[0], []).append(name)
    for words in _ordinary_names(known):
        harmless.setdefault(words[0], []).append(words)
    negatives = list(_negatives(known))
    told: set[tuple[str, Key]] = set()
    for block in known.all("ordinary_goods"):
        for _, _, phrase in phrases(block.data):
            goods = _words(phrase)
            covered = [words for word in goods for words in harmless.get(word, ()) if _holds(goods, words)]
            for name in (name for word in goods for name in led.get(word, ()) if _holds(goods, name.words)):
                if (name.item.id, name.where) in told or _is_covered(name, goods, covered, negatives):
                    continue
                told.add((name.item.id, name.where))
                yield name.item.problem(
                    f"{' '.join(name.words)!r} would alert on ordinary goods: {phrase!r}",
                    *name.where,
                    severity="warning",
                )


def _is_covered(
    name: _Name, goods: Words, covered: list[Words], negatives: list[tuple[Words, frozenset[str] | None]]
) -> bool:
    if any(len(words) > len(name.words) and _holds(words, name.words) for words in covered):
        return True
    return any(
        (classes is None or name.item.id in classes) and len(words) >= 1 and _holds(goods, words)
        for words, classes in negatives
    )


def _names(known: Knowledge) -> Iterator[_Name]:
    for item in known.all("concepts"):
        if item.data["entries"]:
            for key in ("terms", "weak"):
                for language, index, phrase in phrases(item.data.get(key)):
                    if words := _words(phrase):
                        yield _Name(words, item, (key, language, index))


def _ordinary_names(known: Knowledge) -> Iterator[Words]:
    for item in known.all("concepts"):
        if not item.data["entries"]:
            for key in ("terms", "weak"):
                yield from (words for _, _, phrase in phrases(item.data.get(key)) if (words := _words(phrase)))


def _negatives(known: Knowledge) -> Iterator[tuple[Words, frozenset[str] | None]]:
    for item in known.all("negatives"):
        classes = frozenset(item.data["concepts"]) if item.data.get("concepts") else None
        if item.data["scope"] != "for":
            yield from ((words, classes) for _, _, phrase in phrases(item.data["terms"]) if (words := _words(phrase)))


def _words(phrase: str) -> Words:
    """Folded words without the endings of a plural: lint needs no grammar, it may warn once too often."""
    return tuple(_singular(token.text) for token in text.tokens(phrase))


def _singular(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _holds(goods: Words, words: Words) -> bool:
    return any(goods[start : start + len(words)] == words for start in range(len(goods) - len(words) + 1))
