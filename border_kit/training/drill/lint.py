"""What is wrong with decks of cards: what no schema can say, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from border_kit.catalog.sources import Key, Problem, Source, SourceError
from border_kit.text import tokens
from border_kit.training.drill.cards import Deck, load
from border_kit.training.model import Scenario
from border_kit.training.names import RealParty, names_in

_ALIKE = 0.9
"""Questions that share so much of their words (Jaccard) are one question."""
_SHORT = 3
"""A whole answer of fewer words than this may stand in its question by chance."""


@dataclass(frozen=True, slots=True)
class _Question:
    """The words of a question, whose it is, and where it stands."""

    words: tuple[str, ...]
    whose: str
    source: Source
    path: Key


def lint(
    files: Iterable[Path], scenarios: Iterable[Scenario] = (), real_party: RealParty | None = None
) -> list[Problem]:
    """Everything that is wrong with deck files, in the order of files and lines.

    Args:
        files: the deck files.
        scenarios: those whose own cards stand beside them.
        real_party: screening against real lists, where any are loaded.
    """
    found: set[Problem] = set()
    good: list[Deck] = []
    for path in files:
        try:
            good.append(load(path))
        except SourceError as error:
            found |= set(error.problems)
    for deck in good:
        found |= {*_told(deck), *(_parties(deck, real_party) if real_party else ())}
    return sorted(found | set(_twice([*_of_scenarios(scenarios), *_of_decks(good)])))


def _told(deck: Deck) -> Iterator[Problem]:
    """Questions that hold their own answer."""
    for position, card in enumerate(deck.cards):
        front = _words(card.front)
        if card.right is not None:
            there = [_within(_words(choice), front) for choice in card.choices]
            leaked = there[card.choices.index(card.right)] and not all(there)
        else:
            answer = _words(re.split(r"(?<=[.!?:;])\s", card.back, maxsplit=1)[0])
            leaked = len(answer) >= _SHORT and _within(answer, front)
        if leaked:
            yield deck.source.problem(
                ("cards", position, "front"), "the question holds its own answer: ask it otherwise"
            )


def _parties(deck: Deck, real_party: RealParty) -> Iterator[Problem]:
    for position, card in enumerate(deck.cards):
        for name in dict.fromkeys(names_in(" . ".join((card.front, card.back, *card.choices)))):
            listed = real_party(name)
            if listed is not None:
                yield deck.source.problem(
                    ("cards", position), f"the name {name!r} resembles a listed party ({listed}): invent another"
                )


def _of_decks(decks: Iterable[Deck]) -> Iterator[_Question]:
    for deck in decks:
        for position, card in enumerate(deck.cards):
            yield _Question(_words(card.front), card.key, deck.source, ("cards", position, "front"))


def _of_scenarios(scenarios: Iterable[Scenario]) -> Iterator[_Question]:
    for scenario in scenarios:
        for card in scenario.cards:
            yield _Question(_words(card.front), f"{scenario.id}/{card.id}", scenario.source, card.path)


def _twice(questions: Sequence[_Question]) -> Iterator[Problem]:
    """Questions that were asked before, at their later place."""
    for earlier, later in combinations(questions, 2):
        ours, theirs = frozenset(later.words), frozenset(earlier.words)
        if len(ours & theirs) >= _ALIKE * len(ours | theirs) and not any(map(_telling, ours ^ theirs)):
            yield later.source.problem(later.path, f"{earlier.whose} asks the same: ask something else")


def _telling(word: str) -> bool:
    """Whether a word alone makes another question: a figure or a code."""
    return any(char.isdigit() for char in word)


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text))


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    size = len(part)
    return size > 0 and any(tuple(whole[at : at + size]) == tuple(part) for at in range(len(whole) - size + 1))
