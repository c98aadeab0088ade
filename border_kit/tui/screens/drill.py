"""Drill: one card after the other, the answer, and how well it was known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from border_kit.training.drill.cards import Card
from border_kit.training.drill.history import RATINGS, Rating
from border_kit.training.drill.schedule import span
from border_kit.training.drill.sitting import Drill
from border_kit.tui.dialogs.ask import ChoiceDialog
from border_kit.tui.plain import Choices, Text, choice, line, lines, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.sheet import cut

_LIMIT, _NEW = 20, 8
"""Cards of one sitting, and how many of them were never shown: some five minutes."""
_MEANS = {
    "again": "not known: once more today",
    "hard": "known, with effort",
    "good": "known",
    "easy": "known at once",
}
_SHOW, _NEXT, _MORE = "show", "next", "more"
_ALL = "every deck"


class DrillScreen(DeskScreen):
    """The cards that are due, then a few new ones; every answer is kept before the next card is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "deck", "Deck"),
        Binding("f3", "more", "New cards"),
    ]
    heading = "drill"

    def __init__(self, learner: str | None = None) -> None:
        """`learner` None is whoever is signed in, else this machine's."""
        super().__init__()
        self._learner = learner
        self._drill: Drill | None = None
        self._deck = _ALL
        self._decks: list[str] = []
        self._hand: list[Card] = []
        self._shown: list[Card] = []
        self._back: Content | None = None

    def body(self) -> ComposeResult:
        """Where one is, the card, and what can be answered."""
        yield Text(id="count", classes="notes")
        with VerticalScroll(can_focus=False):
            yield Text(id="card")
        yield Choices(classes="answers")

    def on_mount(self) -> None:
        """Deal the first cards."""
        self.query_one(Choices).focus()
        self._deal()

    @work(exclusive=True, group="drill")
    async def _deal(self) -> None:
        """Open the drill and take the cards of a sitting."""
        self.query_one("#count", Text).show("Reading the cards …")
        only = () if self._deck == _ALL else (self._deck,)
        learner = self._learner or self.desk_app.settings.operator
        self._drill = await self.ask(lambda desk: Drill.of(desk, learner, only=only))
        if self._drill is not None:
            if not only:
                self._decks = sorted({card.deck for card in self._drill.cards.values()})
            self._hand = list(self._drill.deal(limit=_LIMIT, new=_NEW).cards)
            self._shown = []
            self._show()

    # What is shown

    def _show(self) -> None:
        """The next card, its answer still hidden; without one, what was done."""
        drill = self._drill
        if drill is None:
            return
        if not self._hand:
            self._hand, self._shown = drill.again(self._shown), []
        count = drill.counts()
        told = f"{drill.learner}   {count['due']} due · {count['new']} never shown · {len(self._hand)} in this sitting"
        self.query_one("#count", Text).show(line((told, "dim")))
        self._back = None
        if self._hand:
            self._ask(self._hand[0])
        else:
            self.query_one("#card", Text).show("Nothing more is due. New cards come with F3.")
            self.query_one(Choices).fill([choice("More new cards", _MORE)])

    def _ask(self, card: Card) -> None:
        self.query_one("#card", Text).show(lines(self._front(card)))
        rows = [choice(text, str(number)) for number, text in enumerate(card.shuffled())]
        self.query_one(Choices).fill(rows or [choice("Show the answer", _SHOW)])

    def _reveal(self, card: Card, verdict: str = "") -> None:
        """The answer under the question."""
        rows = [*self._front(card), line("")]
        if verdict:
            rows.append(line((verdict, "green" if verdict == _RIGHT else "red")))
        rows += [line(row) for row in self._wrapped(card.back)]
        rows += [line((row, "dim")) for row in self._wrapped("Source: " + "; ".join(card.sources))]
        self.query_one("#card", Text).show(lines(rows))
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def _front(self, card: Card) -> Iterator[Content]:
        yield line((card.deck, "dim"))
        yield line("")
        yield from (line((row, "strong")) for row in self._wrapped(card.front))

    def _wrapped(self, text: str) -> list[str]:
        return cut(" ".join(text.split()), max(40, min(self.size.width, 100) - 4))

    # What is answered

    @work(exclusive=True, group="drill")
    async def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Show the answer, mark a choice, keep a rating, or go on."""
        chosen = event.option.id or ""
        if chosen == _MORE:
            self.action_more()
        elif chosen == _NEXT:
            self._next()
        elif self._hand and self._drill is not None:
            card = self._hand[0]
            if chosen == _SHOW:
                self._reveal(card)
                self._rate(card, RATINGS)
            elif chosen in RATINGS:
                await self._keep(card, rating=chosen)
            else:
                await self._mark(card, card.shuffled()[int(chosen)])

    def _rate(self, card: Card, ratings: tuple[Rating, ...]) -> None:
        """How well was it known, and when would it come again?"""
        assert self._drill is not None  # a card is shown
        ahead = self._drill.ahead(card)
        answers = self.query_one(Choices)
        answers.fill(
            choice(
                line((pad(rating.capitalize(), 7), "strong"), pad(_MEANS[rating], 28), (span(ahead[rating]), "dim")),
                rating,
            )
            for rating in ratings
        )
        answers.highlighted = ratings.index("good")

    async def _mark(self, card: Card, chosen: str) -> None:
        """A choice: a wrong one is kept at once, a right one with how well it was known."""
        if chosen == card.right:
            self._reveal(card, _RIGHT)
            self._rate(card, tuple(rating for rating in RATINGS if rating != "again"))
        elif await self._kept(card, choice=chosen):
            self._reveal(card, f"Wrong. Right is: {card.right}")
            self.query_one(Choices).fill([choice("Next card", _NEXT)])

    async def _keep(self, card: Card, *, rating: Rating) -> None:
        """Keep how well it was known, and go on."""
        if await self._kept(card, rating=rating, choice=card.right):
            self._next()

    async def _kept(self, card: Card, *, rating: Rating | None = None, choice: str | None = None) -> bool:
        drill = self._drill
        assert drill is not None  # a card is shown
        return await self.ask(lambda _desk: drill.answer(card, rating=rating, choice=choice)) is not None

    def _next(self) -> None:
        self._shown.append(self._hand.pop(0))
        self._show()

    # Other cards

    def action_more(self) -> None:
        """New cards after those in hand."""
        if self._drill is not None:
            more = self._drill.deal(limit=_LIMIT, new=_LIMIT).cards
            self._hand += [card for card in more if card not in self._hand]
            self._show()

    @work(exclusive=True, group="deck")
    async def action_deck(self) -> None:
        """Drill one deck, or every one."""
        rows = [(name, name) for name in (_ALL, *self._decks)]
        wanted = await self.app.push_screen_wait(ChoiceDialog("Which cards?", rows))
        if wanted:
            self._deck = wanted
            self._deal()


_RIGHT = "Right."
