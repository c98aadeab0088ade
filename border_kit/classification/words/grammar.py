"""Words of ordinary language that steer the reading of a line: prepositions, negations, comparators, unit names.

They are data (`grammar.json`), in folded form; this module gives them a shape that is quick to ask.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from border_kit.text import fold, tokens

Phrases = frozenset[tuple[str, ...]]


class Grammar(NamedTuple):
    """The steering words.

    `roles` maps a word sequence to the role of what follows it (`for`, `with`, `without`, `of`); `for_after` are words that
    stand behind what the goods are for (Turkish, Chinese); `uses` beside a word say that it is a use, a grade or a customer. `comparators` map a folded phrase to its operator; `units` map a
    folded spelling to a unit symbol, `abbreviations` one of trade to its word, `capital_units` one whose capitals count (`PS`), `prefix_units` one that stands first (Mach);
    `multipliers` are powers of ten; single words that say nothing about the goods are in `trailing` and `stop`.
    """

    roles: dict[tuple[str, ...], str]
    for_after: Phrases
    parts: Phrases
    uses: Phrases
    trailing: frozenset[str]
    stop: frozenset[str]
    labels: frozenset[str]
    abbreviations: dict[str, str]
    mixture: frozenset[str]
    dissolved: frozenset[str]
    purity: frozenset[str]
    salts: frozenset[str]
    first_headed: frozenset[str]
    either_headed: frozenset[str]
    confusable: dict[str, str]
    comparators: dict[str, str]
    comparators_after: dict[str, str]
    range_words: tuple[str, ...]
    between: tuple[str, ...]
    between_and: frozenset[str]
    multipliers: dict[str, int]
    number_words: dict[str, str]
    per_piece: frozenset[str]
    each: tuple[str, ...]
    units: dict[str, str]
    capital_units: dict[str, str]
    prefix_units: dict[str, str]
    resolutions: dict[str, tuple[int, int]]


def _sequence(phrase: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(phrase))


def _sequences(phrases: Iterable[str]) -> Phrases:
    return frozenset(sequence for phrase in phrases if (sequence := _sequence(phrase)))


def _by_phrase(table: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for operator, phrases in table.items():
        for phrase in phrases:
            found.setdefault(fold(phrase), operator)
    return found


def _pixels(size: str) -> tuple[int, int]:
    wide, _, high = size.partition("x")
    return int(wide), int(high)


@lru_cache(maxsize=1)
def load() -> Grammar:
    """Read the steering words that ship with the package (read once; the result cannot be changed)."""
    raw: dict[str, Any] = json.loads(Path(__file__).with_name("grammar.json").read_text(encoding="utf-8"))
    roles = {sequence: role for role in ("of", "with", "without", "for") for sequence in _sequences(raw[role])}
    return Grammar(
        roles=roles,
        for_after=_sequences(raw["for_after"]),
        parts=_sequences(raw["parts"]),
        uses=_sequences(raw["uses"]),
        trailing=frozenset(raw["trailing"]),
        stop=frozenset(raw["stop"]),
        labels=frozenset(raw["labels"]),
        abbreviations=raw["abbreviations"],
        mixture=frozenset(raw["mixture"]),
        dissolved=frozenset(raw["dissolved"]),
        purity=frozenset(raw["purity"]),
        salts=frozenset(raw["salts"]),
        first_headed=frozenset(raw["first_headed"]),
        either_headed=frozenset(raw["either_headed"]),
        confusable=raw["confusable"],
        comparators=_by_phrase(raw["comparators"]),
        comparators_after=_by_phrase(raw["comparators_after"]),
        range_words=tuple(fold(word) for word in raw["range_words"]),
        between=tuple(fold(word) for word in raw["between"]),
        between_and=frozenset(fold(word) for word in raw["between_and"]),
        multipliers={fold(word): power for word, power in raw["multipliers"].items()},
        number_words=raw["number_words"],
        per_piece=frozenset(raw["per_piece"]),
        each=tuple(raw["each"]),
        capital_units=raw["capital_units"],
        prefix_units=raw["prefix_units"],
        units={fold(name): symbol for name, symbol in raw["units"].items()},
        resolutions={name: _pixels(size) for name, size in raw["resolutions"].items()},
    )
