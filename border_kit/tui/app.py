"""The terminal application: screens over one desk that works in a thread of its own."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from border_kit.desk.certificates import list_ages
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.errors import BorderKitError
from border_kit.policy.profile import load as load_profile
from border_kit.tui import keys
from border_kit.tui.backroom import Backroom
from border_kit.tui.dialogs.ask import MessageDialog
from border_kit.tui.dialogs.sign_in import SignInDialog
from border_kit.tui.plain import Text, line, tell
from border_kit.tui.screens.home import HomeScreen
from border_kit.tui.screens.page import PageScreen
from border_kit.tui.theme import DESK, SIXTEEN_COLOURS
from border_kit.tui.training import Training

if TYPE_CHECKING:
    from border_kit.training.run import Run

BREATH = 0.15
"""Seconds that the desk works through the triage queue before it looks up for other questions."""

if TYPE_CHECKING:
    from border_kit.desk.bulk import Progress

SHORT = {"controls": "lists", "parties": "parties", "licences": "lic."}
"""How the corner names the kinds of volumes."""


class BorderKitApp(App[None]):
    """border_kit at a terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "border_kit"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar = [Binding("ctrl+o", "sign_in", "Operator", show=False)]

    def __init__(
        self, settings: Settings, *, shipment_file: Path | None = None, color: bool = True, run: Run | None = None
    ) -> None:
        """Open on a desk's settings, with a shipment loaded if a file is named, or with a scenario."""
        if not color:
            os.environ["NO_COLOR"] = "1"
        super().__init__()
        self.settings = settings
        self.backroom = Backroom(settings)
        self.ages: Content = Content("")
        self.training: Training | None = None
        self._file = shipment_file
        self._at_work = False
        self._run = run

    def on_mount(self) -> None:
        """Show the first screen; the data's age follows as soon as it is read."""
        self.register_theme(DESK)
        plain_console = os.environ.get("TERM") in ("linux", "vt100", "vt220", "dumb") or "NO_COLOR" in os.environ
        self.theme = SIXTEEN_COLOURS if plain_console else DESK.name
        self.push_screen(HomeScreen())
        self.call_after_refresh(self._begin)  # the first screen is painted before anything is read

    @work
    async def _begin(self) -> None:
        await self._show_ages()
        for alarm in self.settings.alarms():
            self.push_screen(MessageDialog(alarm.word, alarm.text))
        if self._file is not None:
            await self.open_file(self._file)
        if self._run is not None:
            self.play(self._run)

    async def _show_ages(self) -> None:
        """The age of the data, in the corner of every screen."""
        try:
            self.ages = await self.backroom.ask(_ages)
        except BorderKitError as error:
            self.show_error(error)
            self.ages = line(("no catalog", "red"))
        self._repaint()

    async def reopen(self) -> None:
        """Open the desk anew: another catalog or another date applies."""
        await self.backroom.reopen()
        await self._show_ages()

    def _repaint(self) -> None:
        """The first rows of every screen that is open, as they are now."""
        for screen in self.screen_stack:
            for corner in screen.query("#ages").results(Text):
                corner.show(self.ages)
            for banner in screen.query("#training").results(Text):
                banner.show(self.training.banner() if self.training else "")

    @work(exclusive=True, group="play")
    async def play(self, run: Run) -> None:
        """Play a scenario: until it is left, every screen works on its world, and on nothing of the office's."""
        from border_kit.training.play import Play
        from border_kit.tui.screens.training import TrainingScreen

        try:
            play = Play(run, self.settings.catalog_root())
        except BorderKitError as error:
            self.show_error(error)
            return
        room = Backroom(self.settings, play)
        try:
            settings = await room.ask(lambda desk: desk.settings)
        except BorderKitError as error:
            room.close()
            self.show_error(error)
            return
        for screen in self.screen_stack:
            self.workers.cancel_node(screen)
        self.training = Training(play, self.settings, self.backroom, self.ages)
        self.settings, self.backroom = settings, room
        await self.push_screen(TrainingScreen(play))
        await self.refresh_training()

    async def refresh_training(self) -> None:
        """The clock of the scenario and the age of its lists, on every screen, after something was done."""
        room = self.backroom
        ages, now = await room.ask(lambda desk: (_ages(desk), desk.settings.now))
        if room is self.backroom:  # the scenario was not left meanwhile
            self.ages, self.settings = ages, replace(self.settings, now=now)
            self._repaint()

    def leave_training(self) -> None:
        """Back to the office's own desk; the scenario's world is gone, the run is kept."""
        assert self.training is not None  # left once
        room, left = self.backroom, self.training
        self.training = None
        self.settings, self.backroom, self.ages = left.settings, left.backroom, left.ages
        room.close()
        first = next(place for place, screen in enumerate(self.screen_stack) if screen.query("#training"))
        while len(self.screen_stack) > first:
            self.pop_screen()
        self._repaint()

    async def open_file(self, file: Path) -> None:
        """Show the files' screen and read a file at once."""
        from border_kit.tui.screens.files import FilesScreen

        screen = FilesScreen(file.parent)
        await self.push_screen(screen)
        screen.read(file)

    @work
    async def action_sign_in(self) -> None:
        """Sign in, hand the shift over, or sign off."""
        await self.sign_in()

    async def sign_in(self) -> bool:
        """Ask who acts; True where somebody is signed in afterwards. The error of a wrong PIN is shown."""
        who = await self.push_screen_wait(SignInDialog(self.settings.operator or ""))
        if who is None:
            return False
        try:
            said, badge = await self.backroom.ask(lambda desk: desk.sign_in(*who))
        except BorderKitError as error:
            self.show_error(error)
            return False
        self.settings = replace(self.settings, operator=badge)
        tell(self, said)
        return badge is not None

    def acting(self, badge: str) -> None:
        """Somebody acts from now on, without having been signed in by the dialog."""
        self.settings = replace(self.settings, operator=badge)

    def work_queue(self) -> None:
        """Go on with what waits in the triage queue, unless that is being done; it goes on whatever screen is open."""
        if not self._at_work:
            self._at_work = True
            self._work_queue()

    @work(group="queue")
    async def _work_queue(self) -> None:
        from border_kit.processes import cores
        from border_kit.tui.screens.triage import TriageScreen

        state: Progress | None = None
        room = self.backroom  # the office's queue, also while a scenario is played meanwhile
        try:
            while True:
                state = await room.ask(lambda desk: desk.bulk.step(cores(), BREATH))
                for screen in self.screen_stack:
                    if isinstance(screen, TriageScreen):
                        screen.progressed(state)
                if state is None:
                    return
        except BorderKitError as error:
            self.show_error(error)
        finally:
            self._at_work = False

    def show_error(self, error: BorderKitError) -> None:
        """What happened, and what to do next."""
        self.push_screen(MessageDialog("That did not work", error.message, error.hint))

    def action_show_help(self) -> None:
        """Every key of every screen."""
        if not (isinstance(self.screen, PageScreen) and self.screen.heading == "help"):
            self.push_screen(PageScreen("help", keys.help_text()))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: every action of the screen that is open."""
        for key in screen.active_bindings.values():
            if key.binding.description and key.enabled and key.binding.key.startswith("f"):
                name = f"{key.binding.key_display or key.binding.key.upper()} {key.binding.description}"
                yield SystemCommand(name, key.binding.description, _runner(self, key.binding.action))
        if isinstance(screen, HomeScreen):
            for name, what, action in screen.places():
                yield SystemCommand(name, what, _runner(self, action))

    async def on_unmount(self) -> None:
        """Finish what was begun, then close the desk."""
        self.backroom.close()
        if self.training is not None:
            self.training.backroom.close()


def _runner(app: App[None], action: str) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await app.run_action(action, app.screen)

    return run


def _ages(desk: Desk) -> Content:
    """The corner: how old each kind of data is, coloured by the profile's days, with the demo mark; and what is amiss."""
    catalog = desk.catalog
    profile = load_profile(catalog) if catalog.has("controls") else None
    green, amber = (profile.ages.green, profile.ages.amber) if profile else (7, 30)
    parts: list[tuple[str, str]] = []

    def put(name: str, days: list[int], *, demo: bool) -> None:
        age = max(days)
        style = "green" if age <= green else "amber" if age <= amber else "red"
        parts.append((f" {name} {age}d{'*' if demo else ''}", style))

    for kind, name in SHORT.items():
        infos = [catalog.info(volume) for volume in catalog.named(kind)]
        if infos:
            put(name, [info.age_days(catalog.today) for info in infos], demo=any(info.demo for info in infos))
        else:
            parts.append((f" no {name}", "red"))
    if revoked := list_ages(catalog):
        put("revoked", revoked, demo=catalog.info("trust").demo)
    parts += [(f" {alarm.word}", "red") for alarm in desk.settings.alarms()]
    return line(*parts, (" *demo" if any("*" in text for text, _ in parts) else "", "dim"))
