"""When a card comes again: FSRS (the free spaced repetition scheduler, fsrs 6) over a learner's history.

The schedule is never stored: it is what the answers say. Without FSRS's random spread, so that the same history gives the same
days everywhere; 90 % of the cards should still be known on the day they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import fsrs

from border_kit.findings import Json
from border_kit.training.drill.cards import Card, draw
from border_kit.training.drill.history import RATINGS, Rating, Review

RETENTION = 0.9
"""The share of cards that should be remembered when they come again (fsrs: desired_retention)."""

_RATINGS: Mapping[Rating, fsrs.Rating] = {
    "again": fsrs.Rating.Again,
    "hard": fsrs.Rating.Hard,
    "good": fsrs.Rating.Good,
    "easy": fsrs.Rating.Easy,
}
_STEP = (timedelta(minutes=10),)
"""After how long a card comes again that was not known: within the sitting, or in the next."""
_SCHEDULER = fsrs.Scheduler(
    desired_retention=RETENTION, learning_steps=_STEP, relearning_steps=_STEP, enable_fuzzing=False
)


class Schedule:
    """What a learner's answers say of each card."""

    def __init__(self, reviews: Iterable[Review] = ()) -> None:
        """Take the answers in the order in which they were given."""
        self._states: dict[str, fsrs.Card] = {}
        self._last: dict[str, Rating] = {}
        self.reviews = 0
        self.remembered = 0
        for review in reviews:
            self.take(review)

    def take(self, review: Review) -> None:
        """One more answer."""
        self.reviews += 1
        self.remembered += review.rating != "again"
        self._states[review.card] = self._after(review.card, review.rating, review.at)
        self._last[review.card] = review.rating

    def _after(self, key: str, rating: Rating, at: datetime) -> fsrs.Card:
        moment = at.astimezone(UTC)
        state = self._states.get(key) or fsrs.Card(card_id=0, due=moment)
        return _SCHEDULER.review_card(state, _RATINGS[rating], moment)[0]

    def due(self, key: str) -> datetime | None:
        """When a card comes again; None for one never answered."""
        state = self._states.get(key)
        return state.due if state else None

    def last(self, key: str) -> Rating | None:
        """How well a card was known the last time; None for one never answered."""
        return self._last.get(key)

    def is_due(self, key: str, now: datetime) -> bool:
        """Whether a card that was answered before is due."""
        state = self._states.get(key)
        return state is not None and state.due <= now

    def due_count(self, now: datetime) -> int:
        """How many cards of the history are due."""
        return sum(state.due <= now for state in self._states.values())

    def known(self, key: str, now: datetime) -> float:
        """The probability (0 to 1) that a card is still known; 0 for one never answered."""
        state = self._states.get(key)
        return float(_SCHEDULER.get_card_retrievability(state, now.astimezone(UTC))) if state else 0.0

    def ahead(self, key: str, now: datetime) -> dict[Rating, timedelta]:
        """In how long the card would come again, for each rating."""
        return {rating: self._after(key, rating, now).due - now for rating in RATINGS}


@dataclass(frozen=True, slots=True)
class Hand:
    """The cards of one sitting: those that are due, the least known first, then new ones."""

    due: tuple[Card, ...]
    new: tuple[Card, ...]
    waiting: int
    """How many more are due than this sitting takes."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """In the order in which they are shown."""
        return self.due + self.new

    def to_json(self) -> dict[str, Json]:
        """Questions only, as `train drill --json` prints them."""
        return {
            "hand": [{**card.to_json(), "new": card in self.new} for card in self.cards],
            "waiting": self.waiting,
        }


_DAY, _MONTH, _YEAR = 1, 30, 365
_HOUR = 60


def span(length: timedelta) -> str:
    """A time to wait, in one word and a number: `10 min`, `3 d`, `4 mo`, `2 y`."""
    days, minutes = length.days, round(length.total_seconds() / 60)
    if days >= _YEAR:
        return f"{days / _YEAR:.1f} y"
    if days >= 2 * _MONTH:
        return f"{days // _MONTH} mo"
    if days >= _DAY:
        return f"{days} d"
    return f"{minutes // _HOUR} h" if minutes >= 2 * _HOUR else f"{minutes} min"


def deal(cards: Sequence[Card], schedule: Schedule, now: datetime, *, limit: int, new: int, seed: int = 0) -> Hand:
    """Choose the cards of a sitting.

    Args:
        cards: every card the learner may be shown.
        schedule: the learner's.
        now: the moment.
        limit: the most cards of the sitting.
        new: the most of them that were never shown.
        seed: draws which new cards come, and in which order.
    """
    due = sorted(
        (card for card in cards if schedule.is_due(card.key, now)),
        key=lambda card: (schedule.known(card.key, now), card.key),
    )
    fresh = sorted((card for card in cards if schedule.due(card.key) is None), key=lambda card: draw(seed, card.key))
    taken = due[:limit]
    return Hand(tuple(taken), tuple(_mixed(fresh)[: max(0, min(new, limit - len(taken)))]), len(due) - len(taken))


def _mixed(fresh: Sequence[Card]) -> list[Card]:
    """New cards so that made ones (they are many) take every third place and no more, while there are others."""
    made = [card for card in fresh if card.deck == "pairs"]
    own = [card for card in fresh if card.deck != "pairs"]
    mixed: list[Card] = []
    while own or made:
        mixed += own[:2] + made[:1]
        del own[:2], made[:1]
    return mixed
