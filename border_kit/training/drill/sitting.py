"""A learner at the cards: which there are, which come now, and what an answer leads to. Both faces drill through this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from border_kit.catalog.sources import SourceError
from border_kit.clock import Clock, stamp
from border_kit.desk.desk import Desk
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.text import clean_line
from border_kit.training import runs
from border_kit.training import scenario as scenarios
from border_kit.training.drill import pairs
from border_kit.training.drill.cards import SCENARIO, Card, by_key, decks, scenario_cards
from border_kit.training.drill.history import NOBODY, History, Rating, Review, path_of
from border_kit.training.drill.schedule import Hand, Schedule, deal
from border_kit.training.run import MAX_LEARNER


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer that was kept, and when its card comes again."""

    review: Review
    due: datetime

    def to_json(self) -> dict[str, Json]:
        """The answer and the day."""
        return {**self.review.to_json(), "due": stamp(self.due)}


class Drill:
    """One learner's cards, answers and schedule."""

    def __init__(self, learner: str, cards: Iterable[Card], clock: Clock, broken: Sequence[SourceError] = ()) -> None:
        """Read the learner's history. Raises StoreError when it cannot be read."""
        self.learner = learner
        self.cards = by_key(cards)
        self.broken = tuple(broken)
        self._clock = clock
        self._history = History(path_of(learner))
        self._schedule = Schedule(self._history.reviews())

    @classmethod
    def of(cls, desk: Desk, learner: str | None, modules: Path | None = None, only: Sequence[str] = ()) -> Drill:
        """The drill of a learner.

        Args:
            desk: its clock, and the controls that pairs are made of.
            learner: the name; None is whoever learns at this machine.
            modules: the folder of scenarios and decks; None is the shipped one.
            only: names of decks; none is every deck that the learner may see.

        Raises:
            InputError: the folder cannot be read.
            UsageError: there is no deck of a name.
            StoreError: the history cannot be read.
        """
        name = clean_line(learner or NOBODY, MAX_LEARNER) or NOBODY
        folder = modules or scenarios.default_modules()
        known = {*_finished(name), *only} | {
            review.card.partition("/")[0] for review in History(path_of(name)).reviews()
        }
        cards, broken = _cards(desk, folder, known, paired=not only or pairs.DECK in only)
        found = cls(name, (card for card in cards if not only or card.deck in only), desk.clock, broken)
        missing = sorted(set(only) - {card.deck for card in found.cards.values()})
        if missing:
            there = ", ".join(sorted({card.deck for card in cards} | {pairs.DECK}))
            raise UsageError("deck_unknown", f"There is no deck {missing[0][:80]!r}.", f"There are: {there}.")
        return found

    @property
    def passed_over(self) -> int:
        """Lines of the history that are no answers: damaged, or of another program. They stay in the file."""
        return self._history.passed_over

    def counts(self) -> dict[str, Json]:
        """How much is due, new and answered."""
        now = self._clock.now()
        return {
            "cards": len(self.cards),
            "due": sum(self._schedule.is_due(key, now) for key in self.cards),
            "new": sum(self._schedule.due(key) is None for key in self.cards),
            "reviews": self._schedule.reviews,
            "remembered": self._schedule.remembered,
        }

    def deal(self, *, limit: int, new: int, seed: int = 0) -> Hand:
        """The cards of a sitting."""
        return deal(list(self.cards.values()), self._schedule, self._clock.now(), limit=limit, new=new, seed=seed)

    def answer(self, card: Card, *, rating: Rating | None = None, choice: str | None = None) -> Outcome:
        """Keep an answer; one of a card with choices is marked, and a wrong one is `again` whatever was said.

        Raises StoreError when it could not be kept.
        """
        right = None if choice is None else choice == card.right
        judged: Rating = "again" if right is False else rating or "good"
        review = Review(self._clock.now(), card.key, judged, right)
        self._history.add(review)
        self._schedule.take(review)
        due = self._schedule.due(card.key)
        assert due is not None  # it was answered just now
        return Outcome(review, due)

    def ahead(self, card: Card) -> dict[Rating, timedelta]:
        """In how long a card would come again, for each rating."""
        return self._schedule.ahead(card.key, self._clock.now())

    def again(self, shown: Iterable[Card]) -> list[Card]:
        """Those of the cards just shown that were not known: they come once more before the sitting ends."""
        return [card for card in shown if self._schedule.last(card.key) == "again"]


def _finished(learner: str) -> set[str]:
    """The decks of scenarios that a learner has played to the end, and was told about."""
    return {
        SCENARIO + start.scenario
        for _, start, decided in runs.logs()
        if decided and start.learner == learner and start.mode != "exam"
    }


def due_count(learner: str | None, now: datetime) -> int:
    """How many cards of a learner's history are due, without reading any deck. Raises StoreError."""
    return Schedule(History(path_of(learner or NOBODY)).reviews()).due_count(now)


def _cards(desk: Desk, folder: Path, known: set[str], *, paired: bool) -> tuple[list[Card], list[SourceError]]:
    """Every card of the decks, the cards of scenarios that the learner knows, and where asked the pairs of the controls."""
    found, errors = decks(folder)
    broken = list(errors)
    cards = [card for deck in found for card in deck.cards]
    for path in _files(folder, known):
        try:
            cards += scenario_cards(scenarios.load(path))
        except SourceError as error:
            broken.append(error)
    if paired and desk.catalog.has("controls"):
        cards += pairs.pairs(desk.catalog)
    return cards, broken


def _files(folder: Path, known: set[str]) -> Iterator[Path]:
    yield from (path for path in scenarios.scenario_files(folder) if SCENARIO + path.stem in known)
