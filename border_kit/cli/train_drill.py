"""`border-kit train drill`: cards at a terminal, as JSON, and answered by a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from border_kit.cli.common import FOLDER, common, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import Row, RowError, print_json, put, reply, row, rows, write
from border_kit.findings import Json
from border_kit.text import clean_line

if TYPE_CHECKING:
    from border_kit.training.drill.cards import Card
    from border_kit.training.drill.history import Rating
    from border_kit.training.drill.sitting import Drill

_WIDTH = 78


@click.command(
    epilog="""\b
Examples:
  border-kit train drill                          the cards that are due, then a few new ones
  border-kit train drill --deck pairs --new 5     five look-alike pairs that were never shown
  border-kit train drill --json                   which cards are due, as JSON; nothing is asked
  border-kit train drill --answers answers.jsonl  {"card": "papers/y901", "rating": "good"} a line, or "choice"
""",
)
@click.option("--learner", metavar="NAME", help="Whose history (default: the operator, else the one of this machine).")
@click.option("--deck", "decks", multiple=True, metavar="NAME", help="Only cards of this deck; may be given again.")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="The most cards of a sitting."
)
@click.option(
    "--new", type=click.IntRange(0, 500), default=8, show_default=True, help="The most of them never shown before."
)
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True, help="Draws which new cards come.")
@click.option(
    "--answers", metavar="FILE", help="Take answers from JSON lines (or - for standard input), and print each outcome."
)
@click.option(
    "--modules", type=FOLDER, metavar="DIR", help="Scenarios and decks of this folder instead of the shipped ones."
)
@common_options
@click.pass_context
def drill(
    context: click.Context,
    learner: str | None,
    decks: tuple[str, ...],
    limit: int,
    new: int,
    seed: int,
    answers: str | None,
    modules: Path | None,
) -> int:
    """Drill cards: each comes back when it is about to be forgotten (FSRS); every answer is kept at once."""
    from border_kit.training.drill.sitting import Drill

    options = common(context)
    opened = Drill.of(options.desk(), learner or options.settings.operator, modules, decks)
    for error in opened.broken:
        say(f"Left out: {error}")
    if opened.passed_over:
        say(f"Lines of the history that are no answers, passed over and left in the file: {opened.passed_over}.")
    if answers is not None:
        return _answered(opened, answers)
    hand = opened.deal(limit=limit, new=new, seed=seed)
    if options.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _listed(opened, hand.to_json(), [card.front for card in hand.cards])
    return _asked(opened, list(hand.cards))


def _listed(drill: Drill, hand: dict[str, Json], fronts: list[str]) -> int:
    """Which cards would be shown; nothing is asked."""
    reply(
        {"learner": drill.learner, **drill.counts(), **hand},
        lambda: "\n".join([_counted(drill), *(clean_line(front, 200) for front in fronts)]),
    )
    return Exit.OK


def _counted(drill: Drill) -> str:
    count = drill.counts()
    return f"{count['due']} cards due, {count['new']} never shown, {count['reviews']} answers so far."


# By a file


def _answered(drill: Drill, source: str) -> int:
    """Take answers in order; a bad row answers in its place, and the others are taken."""
    with rows(source) as lines:
        for number, raw in enumerate(lines, 1):
            if raw.strip():
                print_json(_outcome(drill, number, raw), indent=None)
    return Exit.OK


def _outcome(drill: Drill, number: int, raw: bytes) -> dict[str, Json]:
    try:
        given = row(number, raw, needs_id=False)
        return _take(drill, given)
    except RowError as error:
        return {"line": number, "error": {"code": error.code, "message": error.message}}


def _take(drill: Drill, given: Row) -> dict[str, Json]:
    from border_kit.training.drill.history import RATINGS

    card = drill.cards.get(given.text("card"))
    choice, rating = given.optional("choice"), given.optional("rating")
    if card is None:
        given.fail("card_unknown", f"there is no card {clean_line(given.text('card'), 80)!r}")
    if rating is not None and rating not in RATINGS:
        given.fail("rating_unknown", f"the rating is one of {', '.join(RATINGS)}")
    if choice is not None and choice not in card.choices:
        given.fail("choice_unknown", "that is none of the card's choices")
    if choice is None and rating is None:
        given.fail("field_missing", "the field 'rating' or 'choice' is missing")
    return drill.answer(card, rating=rating, choice=choice).to_json()


# At a terminal


def _asked(drill: Drill, hand: list[Card]) -> int:
    """One card after the other; those not known come again at the end."""
    write(_counted(drill))
    shown = 0
    while hand:
        for card in hand:
            shown += 1
            put("")
            put("\n".join(_wrapped(card.front)))
            drill.answer(card, rating=None if card.choices else _rated(drill, card), choice=_chosen(card))
        hand = drill.again(hand)
    write(f"Done: {shown} shown. {_counted(drill)}" if shown else "Nothing is due.")
    return Exit.OK


def _chosen(card: Card) -> str | None:
    """The choice that the learner takes, and the answer."""
    if not card.choices:
        return None
    shuffled = card.shuffled()
    put("\n".join(f"  {number}  {clean_line(choice)}" for number, choice in enumerate(shuffled, 1)))
    number = click.prompt("Which", type=click.IntRange(1, len(shuffled)), err=True)
    right = shuffled[number - 1] == card.right
    put("\n".join(["Right." if right else f"Wrong. Right is: {clean_line(card.right or '')}", *_back(card)]))
    return shuffled[number - 1]


def _rated(drill: Drill, card: Card) -> Rating:
    """The answer, and how well the learner says it was known."""
    from border_kit.training.drill.history import RATINGS
    from border_kit.training.drill.schedule import span

    click.prompt("Enter shows the answer", default="", show_default=False, err=True)
    put("\n".join(_back(card)))
    ahead = drill.ahead(card)
    put("   ".join(f"{number} {rating} ({span(ahead[rating])})" for number, rating in enumerate(RATINGS, 1)))
    return RATINGS[click.prompt("How well", type=click.IntRange(1, len(RATINGS)), err=True) - 1]


def _back(card: Card) -> Iterator[str]:
    yield from _wrapped(card.back)
    yield from _wrapped("Source: " + "; ".join(card.sources))


def _wrapped(text: str) -> Iterator[str]:
    import textwrap

    for line in text.splitlines():
        yield from textwrap.wrap(clean_line(line), _WIDTH) or [""]
