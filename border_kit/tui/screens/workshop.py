"""Where scenarios are written: listed with what is wrong with them, proven, previewed, solved, drawn, begun from a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from border_kit.clock import Clock
from border_kit.errors import UsageError
from border_kit.text import clean_line
from border_kit.training import author, runs, workshop
from border_kit.training.run import Run
from border_kit.training.scenario import default_modules, load
from border_kit.training.workshop import Entry, State
from border_kit.tui import plain
from border_kit.tui.dialogs.form import Asked, FormDialog
from border_kit.tui.plain import Choices, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen

MAX_SEED = 2**31 - 1
SEEDS = 5
"""Seeds whose draws are shown at once."""
_STYLES: Mapping[State, str] = {"unreadable": "red", "wrong": "red", "looks right": "dim", "proven": "green"}
_COLUMNS = 54
"""Cells of what stands before a title."""
_SEED = Asked("seed", "Seed", hint="as written")


class WorkshopScreen(DeskScreen):
    """The scenarios and decks of a folder, for those who write and choose them: it tells what learners must not see."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "new", "New"),
        Binding("f3", "prove", "Prove"),
        Binding("f4", "solve", "Solve"),
        Binding("f5", "draw", "Seed"),
        Binding("f6", "preview", "View"),
        Binding("f8", "folder", "Dir"),
        Binding("f9", "prove_all", "All"),
    ]
    heading = "scenarios, for the trainer"

    def __init__(self, folder: Path | None = None) -> None:
        """Look at a folder; without one, at the modules that are installed."""
        super().__init__()
        self._folder = folder
        self._entries: list[Entry] = []

    def body(self) -> ComposeResult:
        """The list, and what is wrong with the chosen one."""
        yield Text("Reading the scenarios …", id="note", classes="notes")
        yield Choices()
        yield Text(id="about", classes="notes")

    def on_mount(self) -> None:
        """Arrows move at once."""
        self.query_one(Choices).focus()
        self._load(None)

    @work(exclusive=True, group="load")
    async def _load(self, chosen: str | None) -> None:
        """Read the folder anew; the file of that name is chosen then."""
        found = await self.ask(lambda _desk: _read(self._folder))
        if found is not None:
            self._folder, self._entries = found
            self._show(chosen)
            self._note()

    def _show(self, chosen: str | None = None) -> None:
        """The list as it is known now."""
        listed = self.query_one(Choices)
        name = chosen or (listed.highlighted_option.id if listed.highlighted_option else None)
        listed.fill(choice(self._row(entry), str(number)) for number, entry in enumerate(self._entries))
        names = [entry.path.name for entry in self._entries]
        place = names.index(name) if name in names else int(name) if name and name.isdigit() else 0
        if listed.option_count:
            listed.highlighted = min(place, listed.option_count - 1)

    def _row(self, entry: Entry) -> Content:
        return _row(entry, self.query_one(Choices).scrollable_content_region.width - 1)

    def _note(self, doing: str = "") -> None:
        wrong = sum(bool(entry.problems) for entry in self._entries)
        proven = sum(entry.proven for entry in self._entries)
        told = (
            f"{len(self._entries)} files, {proven} proven, {wrong} with problems. "
            if self._entries
            else "No scenarios. "
        )
        keys = "F3 proves one, F9 all." if self._entries else "F2 begins one."
        where = clean_line(str(self._folder), 200)
        self.query_one("#note", Text).show(f"{where}\n{told}{doing or keys}")

    @property
    def _chosen(self) -> Entry | None:
        option = self.query_one(Choices).highlighted_option
        return self._entries[int(option.id)] if option and option.id else None

    def on_option_list_option_highlighted(self, event: Choices.OptionHighlighted) -> None:
        """What is wrong with the one under the cursor, or what it teaches."""
        self._tell(self._entries[int(event.option.id or 0)])

    def _tell(self, entry: Entry) -> None:
        objectives = entry.scenario.objectives if entry.scenario else ()
        rows = [str(problem) for problem in entry.problems] or [f"· {text}" for text in objectives]
        more = [f"… and {len(rows) - 3} more: Enter shows them"] if len(rows) > 3 else []  # rows of room
        self.query_one("#about", Text).show("\n".join([*(plain.fit(row, 230) for row in rows[:3]), *more]))

    # Looking

    def on_option_list_option_selected(self) -> None:
        """All of it: what is wrong, then the whole."""
        entry = self._chosen
        if entry is not None:
            self._page(f"{entry.path.stem}, whole", lambda: workshop.view(entry))

    def action_solve(self) -> None:
        """The shortest line with full marks, beside the expert's."""
        entry = self._chosen
        if entry is not None:
            found = lambda: author.solution_view(author.solution(workshop.scenario_of(entry)))  # noqa: E731 - said where it is used
            self._page(f"{entry.path.stem}, solved", found)

    @work(exclusive=True, group="page")
    async def _page(self, heading: str, told: Callable[[], Iterator[str]]) -> None:
        text = await self.ask(lambda _desk: "\n".join(told()))
        if text is not None:
            self.app.push_screen(PageScreen(heading, text))

    @work(exclusive=True)
    async def action_draw(self) -> None:
        """What seeds draw."""
        entry = self._chosen
        said = (
            None
            if entry is None
            else await self.app.push_screen_wait(
                FormDialog("What seeds draw for the fields of this scenario", (Asked("seed", "First seed", "0"),))
            )
        )
        if entry is not None and said is not None:
            self._page(f"{entry.path.stem}, drawn", lambda: _drawn(entry, said["seed"]))

    @work(exclusive=True)
    async def action_preview(self) -> None:
        """As a learner will see it; it can be played from there."""
        entry = self._chosen
        said = (
            None
            if entry is None
            else await self.app.push_screen_wait(
                FormDialog("As a learner sees it", (_SEED,), "The same seed is the same variant everywhere.")
            )
        )
        if entry is None or said is None:
            return
        found = await self.ask(lambda _desk: _previewed(entry, said["seed"]))
        if found is not None:
            self.app.push_screen(PreviewScreen(entry.path, *found))

    # Proving

    @work(exclusive=True, group="prove")
    async def action_prove(self) -> None:
        """Ask the engines about the chosen one."""
        entry = self._chosen
        if entry is not None and await self._proven(self._entries.index(entry)):
            self._note()

    @work(exclusive=True, group="prove")
    async def action_prove_all(self) -> None:
        """Ask the engines about all of them, one after the other, then look at them together. Leaving the screen stops it."""
        for number in range(len(self._entries)):
            self._note(f"Proving {number + 1} of {len(self._entries)} …")
            if not await self._proven(number):
                return
        rows = list(self._entries)
        found = await self.ask(lambda desk: workshop.together(rows, desk))
        if found is not None:
            self._entries = found
            self._show()
            self._note()

    async def _proven(self, number: int) -> bool:
        entry = self._entries[number]
        found = await self.ask(lambda desk: workshop.proven(entry, desk))
        if found is None:
            self._note()
            return False
        self._entries[number] = found
        listed = self.query_one(Choices)
        listed.replace_option_prompt_at_index(number, self._row(found))
        if listed.highlighted == number:
            self._tell(found)
        return True

    # Writing

    @work(exclusive=True)
    async def action_new(self) -> None:
        """Begin a scenario from the template."""
        own = self._folder if self._folder and self._folder != default_modules() else ""
        said = await self.app.push_screen_wait(
            FormDialog(
                "A new scenario",
                (
                    Asked("name", "Id", hint="two-crates-more"),
                    Asked("title", "Title", hint="what learners see before they start"),
                    Asked("kind", "Class", "signal", "signal or noise"),
                    Asked("into", "Into", str(own), "my-scenarios"),
                ),
                "Signal: something is wrong. Noise: it looks alike and is in order.",
            )
        )
        path = None if said is None else await self.ask(lambda _desk: _written(said))
        if path is not None:
            self._folder = path.parent
            plain.tell(
                self.app, f"Written: {path}. Its TODOs are listed with their lines; lists are read anew with F8."
            )
            self._load(path.name)

    @work(exclusive=True)
    async def action_folder(self) -> None:
        """Look at another folder, or at this one anew."""
        said = await self.app.push_screen_wait(
            FormDialog(
                "Scenarios of which folder?",
                (Asked("folder", "Folder", str(self._folder or "")),),
                "Nothing: the installed ones.",
            )
        )
        if said is not None:
            self._folder = Path(said["folder"]) if said["folder"] else None
            self._load(None)


class PreviewScreen(PageScreen):
    """A scenario as a learner sees it, and a way to play it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "play", "Play")]

    def __init__(self, path: Path, seed: int | None, text: str) -> None:
        """Show a variant."""
        super().__init__(f"{path.stem}, {'as written' if seed is None else f'seed {seed}'}", text)
        self._path, self._seed = path, seed

    @work(exclusive=True, group="play")
    async def action_play(self) -> None:
        """Play it, from the beginning."""
        learner, clock = self.desk_app.settings.operator or "learner", self.desk_app.settings.clock()
        run = await self.ask(lambda _desk: _begun(self._path, self._seed, learner, clock))
        if run is not None:
            self.desk_app.play(run)


def _read(folder: Path | None) -> tuple[Path, list[Entry]]:
    found = folder or default_modules()
    return found, list(workshop.entries(found))


def _row(entry: Entry, width: int) -> Content:
    """A row of so many cells."""
    count = len(entry.problems)
    told = f"{count} problem{'' if count == 1 else 's'}" if entry.state == "wrong" else entry.state
    difficulty = "*" * entry.scenario.difficulty if entry.scenario else ""
    name = f"cards/{entry.path.stem}" if entry.deck else entry.path.stem
    return line(
        (pad(told, 13), _STYLES[entry.state]), pad(entry.kind, 7), (pad(difficulty, 4), "strong"), pad(name, 30), (plain.fit(entry.title, width - _COLUMNS), "dim")
    )  # fmt: skip


def _seed(text: str) -> int | None:
    """A seed as it was typed; nothing is the scenario as its author wrote it. Raises UsageError."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_SEED):
        raise UsageError("seed_unreadable", f"A seed is a number of 0 to {MAX_SEED}.", "Write digits alone.")
    return int(text)


def _drawn(entry: Entry, text: str) -> Iterator[str]:
    workshop.scenario_of(entry)
    first = _seed(text) or 0
    yield from author.draws_view(entry.path, range(first, min(first + SEEDS, MAX_SEED + 1)))


def _previewed(entry: Entry, text: str) -> tuple[int | None, str]:
    workshop.scenario_of(entry)
    seed = _seed(text)
    return seed, "\n".join(author.learner_view(load(entry.path, seed=seed)))


def _written(said: Mapping[str, str]) -> Path:
    kinds: Mapping[str, Literal["signal", "noise"]] = {"signal": "signal", "noise": "noise", "clean": "noise"}
    kind = kinds.get(said["kind"].casefold())
    if kind is None:
        raise UsageError("class_unknown", f"{clean_line(said['kind'], 40)!r} is no class.", "Write signal or noise.")
    if not said["title"] or not said["into"]:
        what = "a folder" if said["title"] else "a title"
        raise UsageError("form_incomplete", f"The scenario needs {what}.", "Fill in every field.")
    return author.write(said["name"], said["title"], kind, Path(said["into"]))


def _begun(path: Path, seed: int | None, learner: str, clock: Clock) -> Run:
    return runs.begin(load(path, seed=seed), learner, clock, seed=seed)
