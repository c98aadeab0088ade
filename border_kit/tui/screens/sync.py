"""Following an authority: what is installed and how old, a pull with its progress, what it would cost, the way back, the history."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.worker import Worker, get_current_worker

from border_kit.clock import parse_date
from border_kit.desk import following, render_stick, render_sync
from border_kit.errors import BorderKitError
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ChoiceDialog, ReasonDialog
from border_kit.tui.plain import Text
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen

if TYPE_CHECKING:
    from types import ModuleType

    from border_kit.desk.desk import Desk

_LINE = 9600
"""Bits a second of the line that costs are told for."""

_HISTORY = 30
_OFTEN = 0.2
"""Seconds between two words about progress."""


def _sticks() -> ModuleType:
    """What loads TUF and the network, only where a stick is used."""
    from border_kit.desk import sticks

    return sticks


class _StoppedError(Exception):
    """Whoever watched has stopped it; what has come is kept."""


class SyncScreen(DeskScreen):
    """Pull, look, roll back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "pull", "Pull"),
        Binding("f3", "pull_from", "From"),
        Binding("f4", "cost", "Cost"),
        Binding("f5", "roll_back", "Undo"),
        Binding("f6", "date", "Day"),
        Binding("f8", "stop", "Stop"),
        Binding("f9", "stick", "Stick"),
    ]
    heading = "update"

    class Progressed(Message):
        """A transfer is so far, in words."""

        def __init__(self, words: str) -> None:
            """Carry the words."""
            super().__init__()
            self.words = words

    class Ended(Message):
        """A transfer ended: with an answer to show under a title, with an error, or stopped (neither)."""

        def __init__(self, title: str, answer: str = "", error: BorderKitError | None = None) -> None:
            """Carry how it ended."""
            super().__init__()
            self.title = title
            self.answer = answer
            self.error = error

    def __init__(self) -> None:
        """Nothing is under way."""
        super().__init__()
        self._under_way: Worker[None] | None = None

    def body(self) -> ComposeResult:
        """What is under way, and the state."""
        yield Text(id="progress", classes="notes")
        with VerticalScroll():
            yield Text(id="state")

    def on_mount(self) -> None:
        """Show what there is."""
        self.query_one(VerticalScroll).focus()
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        now, chosen = self.desk_app.settings.now, self.desk_app.settings.catalog
        text = await self.ask(lambda _desk: render_sync.status(following.status(now, _HISTORY)))
        note = f"This session was opened on {chosen}: what is pulled is used without --catalog.\n" if chosen else ""
        self.query_one("#state", Text).show(note + (text or ""))

    def action_pull(self) -> None:
        """Pull from where the last pull came from."""
        self._begin(None, None)

    @work(exclusive=True, group="ask")
    async def action_pull_from(self) -> None:
        """Ask for the source, and for the first root where none is trusted yet; then pull."""
        source = await self.app.push_screen_wait(ReasonDialog("From where? An address, or the folder of a stick."))
        if source is None:
            return
        root = None
        if not following.trusts_somebody():
            named = await self.app.push_screen_wait(
                ReasonDialog("This office trusts nobody yet. Which file holds the authority's first root?")
            )
            if named is None:
                return
            try:
                root = following.read_root(Path(named.strip()))
            except BorderKitError as error:
                self.desk_app.show_error(error)
                return
        self._begin(source.strip(), root)

    def _begin(self, source: str | None, root: bytes | None) -> None:
        if self._under_way is None:
            self.query_one("#progress", Text).show("Asking the source…")
            self._under_way = self._pull(source, root)

    @work(thread=True, group="transfer")
    def _pull(self, source: str | None, root: bytes | None) -> None:
        now = self.desk_app.settings.now
        self._transfer("update", lambda progress: render_sync.pulled(following.pull(now, source, root, progress)))

    @work(exclusive=True, group="ask")
    async def action_stick(self) -> None:
        """Write a stick for other offices, or read one; the key of an office that is new here is asked for."""
        choices = [("write", "Write a stick: for other offices"), ("read", "Read a stick: what it brings")]
        chosen = await self.app.push_screen_wait(ChoiceDialog("A stick", choices))
        named = chosen and await self.app.push_screen_wait(ReasonDialog(f"The folder of the stick to {chosen}?"))
        if not named:
            return
        folder = Path(named.strip())
        if chosen == "write":
            await self._stick("stick written", lambda desk: render_stick.exported(_sticks().export(desk, folder)))
            return
        key = await self.app.push_screen_wait(
            ReasonDialog("The key of a new office, compared by telephone just now? None: leave it empty.", needed=False)
        )
        if key is not None:
            know = key.split()
            await self._stick(
                "stick read", lambda desk: render_stick.taken(_sticks().bring_in(desk, folder, know=know))
            )

    async def _stick(self, title: str, act: Callable[[Desk], str]) -> None:
        """Do what a stick needs with the desk, then show what came of it."""
        self.query_one("#progress", Text).show("Leave the stick in…")
        answer = await self.ask(act)
        self.query_one("#progress", Text).show("")
        await self.desk_app.reopen()
        self._load()
        if answer:
            self.app.push_screen(PageScreen(title, answer))

    def action_cost(self) -> None:
        """Ask the source what a pull would cost."""
        if self._under_way is None:
            self.query_one("#progress", Text).show("Asking the source…")
            self._under_way = self._ask_cost()

    @work(thread=True, group="transfer")
    def _ask_cost(self) -> None:
        now = self.desk_app.settings.now

        def cost(progress: following.Progress) -> str:
            return "\n".join(render_sync.offered(following.offered(now, None, None, _LINE, progress)))

        self._transfer("what a pull costs", cost)

    def _transfer(self, title: str, work_on: Any) -> None:
        """Do something that fetches, in a thread: its progress and its end come as messages."""
        worker, meter, shown = get_current_worker(), following.Meter(), 0.0

        def progress(what: str, done: int, total: int) -> None:
            nonlocal shown
            if worker.is_cancelled:
                raise _StoppedError
            words = meter.words(what, done, total)
            if time.monotonic() - shown > _OFTEN:
                shown = time.monotonic()
                self.post_message(self.Progressed(words))

        try:
            self.post_message(self.Ended(title, work_on(progress)))
        except _StoppedError:
            self.post_message(self.Ended(title))
        except BorderKitError as error:
            self.post_message(self.Ended(title, error=error))

    def on_sync_screen_progressed(self, event: Progressed) -> None:
        """Say how far it is."""
        self.query_one("#progress", Text).show(event.words)

    async def on_sync_screen_ended(self, event: Ended) -> None:
        """Say how it ended; the desk opens what is installed now."""
        self._under_way = None
        self.query_one("#progress", Text).show("" if event.answer else "Stopped: a pull goes on where it stopped.")
        await self.desk_app.reopen()
        self._load()
        if event.error is not None:
            self.query_one("#progress", Text).show("")
            self.desk_app.show_error(event.error)
        elif event.answer:
            self.app.push_screen(PageScreen(event.title, event.answer))

    def action_stop(self) -> None:
        """Stop what is under way; what has come is kept."""
        if self._under_way is not None:
            self._under_way.cancel()
            self.query_one("#progress", Text).show("Stopping…")

    @work(exclusive=True, group="ask")
    async def action_roll_back(self) -> None:
        """Choose an older catalog, say why, and use it."""
        now = self.desk_app.settings.now
        found = await self.ask(lambda _desk: following.status(now, 0))
        rows = render_sync.choices(found) if found else []
        if not rows:
            plain.tell(self.app, "There is no other catalog to go to.")
            return
        number = await self.app.push_screen_wait(ChoiceDialog("Which catalog shall be in use?", rows))
        why = number and await self.app.push_screen_wait(ReasonDialog("Why? It is kept in the history."))
        if not number or why is None:
            return
        operator = self.desk_app.settings.operator
        done = await self.ask(lambda _desk: following.roll_back(now, int(number), why.strip(), operator))
        if done:
            plain.tell(self.app, f"Generation {done['generation']} is in use.")
            await self.desk_app.reopen()
            self._load()

    @work(exclusive=True, group="ask")
    async def action_date(self) -> None:
        """State today's date where the machine's clock is wrong."""
        said = await self.app.push_screen_wait(
            ReasonDialog("Today's date, as 2026-11-27? Only where this machine's clock is wrong; it is logged.")
        )
        if said is None:
            return
        try:
            today = parse_date(said.strip())
        except ValueError:
            plain.tell(self.app, "That is no date; write 2026-11-27.", severe=True)
            return
        now, operator = self.desk_app.settings.now, self.desk_app.settings.operator
        done = await self.ask(lambda _desk: following.state_date(now, today, operator))
        if done:
            plain.tell(self.app, f"Today is {done['date']} until the clock is set right.")
            await self.desk_app.reopen()
            self._load()
