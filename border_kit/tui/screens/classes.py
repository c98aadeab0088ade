"""Classes by stick: the trainer draws one, takes results in, looks at the report and saves it; a learner takes a pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from border_kit.clock import Clock
from border_kit.desk import papers
from border_kit.desk.desk import Desk
from border_kit.errors import UsageError
from border_kit.signing import SHORTEST_PIN, Key
from border_kit.text import whole_number
from border_kit.training.classes import holding, pack, pictures, printed, report, trainer
from border_kit.training.classes.holding import Class
from border_kit.training.scenario import default_modules, scenario_files
from border_kit.tui import plain
from border_kit.tui.dialogs.form import Asked, FormDialog
from border_kit.tui.plain import Choices, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen

_STICK = "/media/stick"
_FORM = (
    Asked("name", "Class", hint="spring"),
    Asked("learners", "Learners", hint="ana, ben, cem, or a file of names"),
    Asked("into", "Packs into", hint=_STICK),
    Asked("warm_up", "Warm-up", "6"),
    Asked("warm_up_share", "signals in %", hint="50"),
    Asked("exam", "Exam", "20"),
    Asked("exam_share", "signals in %", hint="5, but two at least"),
    Asked("seed", "Seed", "0"),
)
_PIN = Asked("pin", "PIN", secret=True)
_NEW_PIN = (_PIN, Asked("again", "Once more", secret=True))


Saving = Callable[[Desk, str], Path]
"""Saves something of a class, and says where."""


@dataclass(frozen=True, slots=True)
class Row:
    """A class in the list: its name, when it was drawn, how many have packs, how many have come back, shipments."""

    name: str
    made: str
    learners: int
    back: int
    items: int


class ClassesScreen(DeskScreen):
    """The classes that were started here, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "start", "New"),
        Binding("f3", "collect", "Take"),
        Binding("f4", "pdf", "PDF"),
        Binding("f5", "csv", "CSV"),
        Binding("f6", "take", "Pack"),
        Binding("f8", "pin", "PIN"),
        Binding("f9", "workshop", "Workshop"),
    ]
    heading = "classes"

    def body(self) -> ComposeResult:
        """The list; Enter shows a report."""
        yield Text("Reading the classes …", id="note", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Arrows move at once."""
        self.query_one(Choices).focus()

    def on_screen_resume(self) -> None:
        """Something may have come back meanwhile."""
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        loaded = await self.ask(lambda _desk: (_rows(), trainer.kept()))
        if loaded is None:
            return
        found, kept = loaded
        told = "Enter shows the report. " if found else "No class was started here yet: F2 draws one. "
        own = "" if kept is None else f"\nYour key: {kept.id}{'' if kept.sealed else ', WITHOUT A PIN: F8 chooses one'}"
        self.query_one("#note", Text).show(f"{told}A learner takes a pack with F6.{own}")
        self.query_one(Choices).fill(choice(_shown(row), row.name) for row in found)

    @property
    def _chosen(self) -> str | None:
        option = self.query_one(Choices).highlighted_option
        return option.id if option else None

    @work(exclusive=True, group="report")
    async def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """The report of a class."""
        name = event.option.id
        found = await self.ask(lambda _desk: "\n".join(pictures.told(report.of_class(Class.load(name)))))
        if found is not None:
            self.app.push_screen(PageScreen(f"class: {name}", found))

    # What a trainer does

    @work(exclusive=True)
    async def action_start(self) -> None:
        """Draw a class and write its packs."""
        note = "The same seed draws the same class."
        said = await self.app.push_screen_wait(FormDialog("A new class", _FORM, note))
        order = None if said is None else await self.ask(lambda _desk: _order(said))
        key = None if order is None else await self._key()
        if order is not None and key is not None:
            done = await self.ask(lambda desk: _started(order, desk.clock, key))
            if done:
                plain.tell(self.app, done)
                self._load()

    async def _key(self) -> Key | None:
        """The key to sign with: its PIN is asked for, or a first one chosen. None where that was left."""
        found = await self.ask(lambda _desk: (trainer.kept(),))
        if found is None:
            return None
        kept = found[0]
        if kept is None or kept.sealed is None:
            pin = await self._new_pin("Choose a PIN for the key that signs your packs")
            return None if pin is None else await self.ask(lambda _desk: trainer.first(pin))
        said = await self.app.push_screen_wait(FormDialog(f"The PIN of your key {kept.id}", (_PIN,)))
        return None if said is None else await self.ask(lambda _desk: trainer.unlocked(said["pin"]))

    async def _new_pin(self, title: str) -> str | None:
        note = f"{SHORTEST_PIN} characters at least. Nobody can tell it to you again."
        said = await self.app.push_screen_wait(FormDialog(title, _NEW_PIN, note))
        if said is not None and said["pin"] != said["again"]:
            plain.tell(self.app, "The two PINs differ: nothing was changed.", severe=True)
            return None
        return None if said is None else said["pin"]

    @work(exclusive=True)
    async def action_pin(self) -> None:
        """Choose another PIN for the key."""
        key = await self._key()
        if key is None:
            return
        pin = await self._new_pin(f"Another PIN for your key {key.id} (Esc keeps it)")
        if pin is not None and await self.ask(lambda _desk: trainer.protect(key, pin)) is not None:
            plain.tell(self.app, f"Key {key.id}: the PIN was changed.")

    def action_workshop(self) -> None:
        """Scenarios as whoever writes them sees them."""
        from border_kit.tui.screens.workshop import WorkshopScreen

        self.app.push_screen(WorkshopScreen())

    @work(exclusive=True)
    async def action_collect(self) -> None:
        """Take results in, and say what was refused and why."""
        name = self._chosen
        if name is None:
            return
        said = await self.app.push_screen_wait(
            FormDialog(f"Results of {name}", (Asked("source", "From", hint=_STICK),))
        )
        if said and said["source"]:
            told = await self.ask(lambda _desk: _collected(name, Path(said["source"])))
            if told:
                self.app.push_screen(PageScreen(f"results: {name}", told))

    @work(exclusive=True, group="save")
    async def action_pdf(self) -> None:
        """Save the report as PDF."""
        await self._save(lambda desk, name: papers.save(f"class-{name}", _pdf(desk, name), "pdf"))

    @work(exclusive=True, group="save")
    async def action_csv(self) -> None:
        """Save a row a shipment for a spreadsheet."""
        await self._save(lambda _desk, name: papers.save(f"class-{name}", _csv(name), "csv"))

    async def _save(self, saved: Saving) -> None:
        name = self._chosen
        if name is not None:
            path = await self.ask(lambda desk: saved(desk, name))
            if path is not None:
                plain.tell(self.app, f"Saved as {path}")

    # What a learner does

    @work(exclusive=True)
    async def action_take(self) -> None:
        """Take a pack."""
        from border_kit.tui.screens.pack import PackScreen

        said = await self.app.push_screen_wait(
            FormDialog(
                "Your pack",
                (
                    Asked("file", "Pack", hint=f"{_STICK}/spring-ana.pack.json"),
                    Asked("trainer", "Key", hint="the trainer's, as read out"),
                ),
                "A pack that another key signed is refused; without a key named here, who signed it is shown.",
            )
        )
        if said and said["file"]:
            found = await self.ask(lambda _desk: pack.Pack.load(Path(said["file"]), said["trainer"] or None))
            if found is not None:
                self.app.push_screen(PackScreen(found, Path(said["file"]).parent))


def _rows() -> list[Row]:
    return [
        Row(
            one.session.name,
            one.session.made,
            len(one.learners),
            len(one.learners) - len(one.missing),
            len(one.session.items),
        )
        for one in holding.classes()
    ]


def _shown(row: Row) -> Content:
    return line(
        (pad(row.name, 28), "strong"),
        pad(row.made[:10], 12),
        pad(f"{row.items} shipments", 15),
        (f"{row.back} of {row.learners} back", "green" if row.back == row.learners else "amber"),
    )


@dataclass(frozen=True, slots=True)
class Order:
    """A class as the form asks for it."""

    name: str
    learners: tuple[str, ...]
    into: Path
    plan: holding.Plan


def _order(said: Mapping[str, str]) -> Order:
    """What was written into the form. Raises UsageError, InputError."""
    if not said["into"]:
        raise UsageError("folder_missing", "The packs need a folder.", "Name the stick.")
    plan = holding.Plan(
        *(_number(said[name]) for name in ("warm_up", "exam", "seed")),
        *(_number(said[name]) if said[name] else None for name in ("warm_up_share", "exam_share")),
    )
    plan.signals()
    return Order(said["name"], pack.people(said["learners"]), Path(said["into"]), plan)


def _started(order: Order, clock: Clock, key: Key) -> str:
    files = scenario_files(default_modules())
    found, packs = holding.start(order.name, order.learners, files, order.into, clock, order.plan, key)
    return f"{found.session.name}: {len(packs)} packs written. Your key: {key.id}"


def _number(text: str) -> int:
    number = whole_number(text, 10)
    if number is None or number >= 2**31:
        raise UsageError("number_unreadable", f"{text[:20]!r} is no whole number.", "Write digits alone.")
    return number


def _collected(name: str, source: Path) -> str:
    found = Class.load(name)
    taken, refused = found.collect(source)
    rows = [f"{one.learner}: {one.decided} of {len(one.results)} decided" for one in taken]
    rows += [f"REFUSED {one.file}: {one.reason}" for one in refused]
    rows += [f"Nothing yet of {', '.join(found.missing)}."] if found.missing else []
    return "\n".join(rows)


def _pdf(desk: Desk, name: str) -> bytes:
    return printed.to_pdf(report.of_class(Class.load(name)), desk.clock.now())


def _csv(name: str) -> bytes:
    return report.of_class(Class.load(name)).to_csv().encode()
