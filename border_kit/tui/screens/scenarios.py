"""The scenarios to choose from. What would give a scenario away (its class) is not shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from border_kit.clock import Clock, SystemClock
from border_kit.text import whole_number
from border_kit.training import runs
from border_kit.training.model import Scenario
from border_kit.training.run import Run
from border_kit.training.scenario import default_modules, find, load, scenarios
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ReasonDialog
from border_kit.tui.plain import Choices, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen

MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario as a learner sees it: `left` is the run that was left, if there is one."""

    scenario: Scenario
    left: tuple[Path, int | None] | None


class ScenariosScreen(DeskScreen):
    """Choose a scenario; one that was left goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "anew", "Anew"),
        Binding("f3", "variant", "Variant"),
    ]
    heading = "training"

    def __init__(self) -> None:
        """Nothing is read yet."""
        super().__init__()
        self._rows: dict[str, Row] = {}

    def body(self) -> ComposeResult:
        """The list, and what the chosen one teaches."""
        yield Text("Reading the scenarios …", id="note", classes="notes")
        yield Choices()
        yield Text(id="about", classes="notes")

    def on_mount(self) -> None:
        """Arrows move at once."""
        self.query_one(Choices).focus()

    def on_screen_resume(self) -> None:
        """Runs may have been left or ended meanwhile."""
        self._load()

    @property
    def _learner(self) -> str:
        return self.desk_app.settings.operator or "learner"

    @work(exclusive=True)
    async def _load(self) -> None:
        found = await self.ask(lambda _desk: _rows(self._learner))
        if found is None:
            return
        self._rows = {row.scenario.id: row for row in found}
        self.query_one("#note", Text).show(
            "Everything in a scenario is fictional; nothing of it reaches the office's data. Enter plays."
        )
        listed = self.query_one(Choices)
        chosen = listed.highlighted or 0
        listed.fill(
            choice(
                line(
                    (pad("*" * row.scenario.difficulty, 5), "strong"),
                    pad(row.scenario.title, 50),
                    ("left: goes on" if row.left else f"{row.scenario.time_limit} min", "amber" if row.left else "dim"),
                ),
                row.scenario.id,
            )
            for row in found
        )
        if listed.option_count:
            listed.highlighted = min(chosen, listed.option_count - 1)

    def on_option_list_option_highlighted(self, event: Choices.OptionHighlighted) -> None:
        """Where the scenario under the cursor begins; what it teaches would tell what is to be found."""
        row = self._rows.get(event.option.id or "")
        if row is not None:
            self.query_one("#about", Text).show(row.scenario.briefing)

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Play, or go on."""
        row = self._rows.get(event.option.id or "")
        if row is not None:
            self._play(row, row.left, None)

    def action_anew(self) -> None:
        """Play from the beginning, also where a run was left."""
        row = self._chosen()
        if row is not None:
            self._play(row, None, None)

    @work(exclusive=True, group="variant")
    async def action_variant(self) -> None:
        """Play the variant of a number."""
        row = self._chosen()
        if row is None:
            return
        said = await self.app.push_screen_wait(
            ReasonDialog("Which variant (a number; the same number is the same variant)?")
        )
        if said is None:
            return
        number = whole_number(said.strip(), 10)
        if number is None or number > MAX_SEED:
            plain.tell(self.app, f"A variant is a number of 0 to {MAX_SEED}.", severe=True)
            return
        self._play(row, None, number)

    def _chosen(self) -> Row | None:
        listed = self.query_one(Choices)
        if listed.highlighted is None:
            return None
        return self._rows.get(listed.get_option_at_index(listed.highlighted).id or "")

    @work(exclusive=True, group="play")
    async def _play(self, row: Row, left: tuple[Path, int | None] | None, seed: int | None) -> None:
        learner, clock = self._learner, SystemClock()
        run = await self.ask(lambda _desk: _begun(row.scenario.id, left, seed, learner, clock))
        if run is not None:
            self.desk_app.play(run)


def _rows(learner: str) -> list[Row]:
    """The scenarios, the easier first, then by title."""
    waiting: dict[tuple[str, str], tuple[Path, int | None]] = {}
    for path, start, decided in runs.logs():
        if not decided and start.learner == learner:
            waiting.setdefault((start.scenario, start.digest), (path, start.seed))
    found = scenarios(default_modules()).scenarios
    rows = [Row(item, waiting.get((item.id, item.digest))) for item in found]
    return sorted(rows, key=lambda row: (row.scenario.difficulty, row.scenario.title.casefold()))


def _begun(name: str, left: tuple[Path, int | None] | None, seed: int | None, learner: str, clock: Clock) -> Run:
    path = find(default_modules(), name)
    if left is not None:
        return Run.resumed(load(path, seed=left[1]), left[0], clock)
    return runs.begin(load(path, seed=seed), learner, clock, seed=seed)
