"""Drill cards, and where they come from: decks in files, and the cards of scenarios that a learner has finished.

A card is known by `deck/id` for ever: the history of every learner names it so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from border_kit.catalog import sources
from border_kit.catalog.sources import Problem, Source, SourceError
from border_kit.findings import Json
from border_kit.text import clean
from border_kit.training.model import Scenario
from border_kit.training.scenario import HINT, scenario_files

FOLDER = "cards"
"""The folder of decks in a folder of scenarios."""

SCENARIO = "scenario-"
"""What the name of a scenario's own deck begins with; no deck of a file may."""


@dataclass(frozen=True, slots=True)
class Card:
    """A question and its answer. With `choices`, `right` is one of them and the answer can be marked; `sources` are texts."""

    deck: str
    name: str
    front: str
    back: str
    sources: tuple[str, ...]
    choices: tuple[str, ...] = ()
    right: str | None = None

    @property
    def key(self) -> str:
        """What histories call it."""
        return f"{self.deck}/{self.name}"

    def shuffled(self) -> tuple[str, ...]:
        """The choices in an order that does not tell the answer: the same for a card everywhere."""
        return tuple(sorted(self.choices, key=lambda choice: draw(self.key, choice)))

    def to_json(self) -> dict[str, Json]:
        """The question alone: what a learner may see before the answer."""
        return {"card": self.key, "front": self.front, "choices": list(self.shuffled())}


def draw(*parts: object) -> bytes:
    """What an order is drawn by: a digest, so that the same parts give the same order on every machine."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).digest()


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards of one file, and the document they were read from."""

    name: str
    title: str
    cards: tuple[Card, ...]
    source: Source


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a deck, as it is published in docs/schemas."""
    path = Path(__file__).parents[1] / "schemas" / "cards.schema.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def deck_files(modules: Path) -> list[Path]:
    """The deck files of a folder of scenarios, sorted; none where it has no folder of cards. Raises InputError."""
    folder = modules / FOLDER
    return scenario_files(folder) if folder.is_dir() else []


def load(path: Path) -> Deck:
    """Read a deck. Raises SourceError listing every problem with its line."""
    try:
        source = _sound(path)
    except SourceError as error:
        error.hint = HINT
        raise
    data = source.data
    cards = tuple(_card(data["deck"], row, data["citations"]) for row in data["cards"])
    return Deck(data["deck"], clean(data["title"]), cards, source)


def _sound(path: Path) -> Source:
    source = sources.load(path, schema())
    problems = list(_problems(source, path))
    if problems:
        raise SourceError(problems)
    return source


def _card(deck: str, row: dict[str, Any], citations: dict[str, str]) -> Card:
    return Card(
        deck=deck,
        name=row["id"],
        front=clean(row["front"]),
        back=clean(row["back"]),
        sources=tuple(clean(citations[name]) for name in row["cite"]),
        choices=tuple(clean(choice) for choice in row.get("choices", ())),
        right=clean(row["right"]) if "right" in row else None,
    )


def _problems(source: Source, path: Path) -> Iterator[Problem]:
    data = source.data
    if data["deck"] != path.stem:
        yield source.problem(("deck",), f"the file is called {path.stem}, the deck {data['deck']}: name them alike")
    if data["deck"].startswith(SCENARIO) or data["deck"] == "pairs":
        yield source.problem(
            ("deck",), f"the name {data['deck']!r} is kept for cards that the kit makes: choose another"
        )
    seen: set[str] = set()
    cited: set[str] = set()
    for position, row in enumerate(data["cards"]):
        place = ("cards", position)
        if row["id"] in seen:
            yield source.problem((*place, "id"), f"the id {row['id']!r} stands twice")
        seen.add(row["id"])
        cited |= set(row["cite"])
        for number, name in enumerate(row["cite"]):
            if name not in data["citations"]:
                yield source.problem((*place, "cite", number), f"there is no source {name!r} in `citations`")
        if "right" in row and row["right"] not in row["choices"]:
            yield source.problem((*place, "right"), "`right` is none of the choices, word for word")
    for name in data["citations"]:
        if name not in cited:
            yield source.problem(("citations", name), f"nothing names the source {name!r}: cite it, or remove it")


def decks(modules: Path) -> tuple[tuple[Deck, ...], tuple[SourceError, ...]]:
    """Every deck of a folder of scenarios, and the errors of those that are wrong."""
    good: list[Deck] = []
    broken: list[SourceError] = []
    for path in deck_files(modules):
        try:
            good.append(load(path))
        except SourceError as error:
            broken.append(error)
    return tuple(good), tuple(broken)


def scenario_cards(scenario: Scenario) -> tuple[Card, ...]:
    """The cards that a scenario leaves behind. They tell its answer: they are drilled by who has finished it."""
    texts = {citation.id: citation.text for citation in scenario.citations}
    return tuple(
        Card(SCENARIO + scenario.id, card.id, card.front, card.back, tuple(texts[name] for name in card.cite))
        for card in scenario.cards
    )


def by_key(cards: Iterable[Card]) -> dict[str, Card]:
    """Cards by what histories call them."""
    return {card.key: card for card in cards}
