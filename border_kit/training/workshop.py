"""A folder of scenarios and decks as whoever writes them sees it: what each is, and what is wrong with it so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from border_kit.catalog.sources import Problem, SourceError
from border_kit.errors import InputError
from border_kit.text import clean_line
from border_kit.training import author, lint, telling
from border_kit.training.drill.cards import deck_files
from border_kit.training.drill.cards import load as load_deck
from border_kit.training.model import Class, Scenario
from border_kit.training.scenario import scenario_files

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk

State = Literal["unreadable", "wrong", "looks right", "proven"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the folder. `scenario` is None for a deck, and for what cannot be read.

    `problems` are those that are known; `proven` says that the engines and lists were asked too.
    """

    path: Path
    deck: bool
    scenario: Scenario | None = None
    title: str = ""
    problems: tuple[Problem, ...] = ()
    proven: bool = False

    @property
    def state(self) -> State:
        """How far it is known to be right."""
        if self.problems:
            return "unreadable" if self.scenario is None and not self.deck else "wrong"
        return "proven" if self.proven else "looks right"

    @property
    def kind(self) -> Class | Literal["deck", "?"]:
        """What it is."""
        if self.scenario is not None:
            return self.scenario.kind
        return "deck" if self.deck else "?"


def entries(folder: Path) -> Iterator[Entry]:
    """Every scenario and deck of a folder, looked at without engines. Raises InputError where the folder cannot be read."""
    for path in scenario_files(folder):
        scenario, problems = lint.look(path)
        yield Entry(
            path, deck=False, scenario=scenario, title=scenario.title if scenario else "", problems=tuple(problems)
        )
    for path in deck_files(folder):
        yield _deck(path)


def _deck(path: Path) -> Entry:
    try:
        found = load_deck(path)
    except SourceError as error:
        return Entry(path, deck=True, problems=error.problems)
    return Entry(path, deck=True, title=f"{len(found.cards)} cards")


def proven(entry: Entry, desk: Desk) -> Entry:
    """An entry once the engines and lists were asked. Raises CatalogError."""
    if entry.deck:
        return replace(entry, problems=tuple(lint.together((), [entry.path], desk, whole=False)), proven=True)
    scenario, problems = lint.prove(entry.path, desk)
    return replace(entry, scenario=scenario, problems=tuple(problems), proven=True)


def together(found: Iterable[Entry], desk: Desk) -> list[Entry]:
    """Entries with what is wrong between them: look-alikes that are missing, the same thing twice."""
    rows = list(found)
    good = [row.scenario for row in rows if row.scenario is not None]
    between = lint.together(good, [row.path for row in rows if row.deck], desk, whole=True)
    return [
        replace(row, problems=tuple(sorted({*row.problems, *(item for item in between if item.file == row.path.name)})))
        for row in rows
    ]


def view(entry: Entry) -> Iterator[str]:
    """All of it for the trainer: what is wrong, with line and reason, then the whole of the scenario or the deck."""
    yield str(entry.path)
    if entry.problems:
        yield f"{len(entry.problems)} PROBLEM{'S' if len(entry.problems) > 1 else ''}"
        for problem in entry.problems:
            yield from telling.paragraphs(clean_line(str(problem), 1_000), "    ", first="- ")
    else:
        yield (
            "Proven against the engines."
            if entry.proven
            else "Nothing is wrong that can be seen without the engines: F3 asks them."
        )
    yield ""
    if entry.scenario is not None:
        yield from author.trainer_view(entry.scenario)
    elif entry.deck and entry.title:
        for card in load_deck(entry.path).cards:
            yield from telling.paragraphs(card.front, "    ", first="? ")
            yield from telling.paragraphs(card.back, "    ")


def scenario_of(entry: Entry) -> Scenario:
    """The scenario of an entry. Raises InputError for a deck, and for what cannot be read."""
    if entry.scenario is None:
        what = "is a deck of cards" if entry.deck else "cannot be read"
        raise InputError("no_scenario", f"{clean_line(entry.path.name, 100)} {what}.", "Choose a scenario.")
    return entry.scenario
