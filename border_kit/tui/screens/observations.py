"""Observations from outside: bring one in, look at it, accept or decline it, know a sender's key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from border_kit.casework import observations as log
from border_kit.casework.observations import SEVERITIES, Observation
from border_kit.desk import observations, render_observations
from border_kit.desk.desk import Desk
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ChoiceDialog, ReasonDialog
from border_kit.tui.dialogs.form import Asked, FormDialog
from border_kit.tui.plain import Choices, Text, choice, line
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen

_STYLES = {"waiting": "amber", "accepted": "green", "declined": "dim", "expired": "dim"}
_WEIGHTS = tuple((word, f"Tell it as {word}") for word in SEVERITIES)


class ObservationsScreen(DeskScreen):
    """What outsiders say."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "take_in", "Get"),
        Binding("f3", "accept", "Accept"),
        Binding("f4", "decline", "Decline"),
        Binding("f5", "every", "All"),
        Binding("f6", "admit", "Key"),
    ]
    heading = "observations"

    def __init__(self) -> None:
        """Begin with what waits or is heard."""
        super().__init__()
        self._every = False
        self._rows: dict[str, Observation] = {}

    def body(self) -> ComposeResult:
        """How many, and a row each."""
        yield Text(id="count", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Arrows move at once."""
        self.query_one(Choices).focus()
        self._load()

    def action_every(self) -> None:
        """With what was declined or is over, or without."""
        self._every = not self._every
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        found = await self.ask(observations.known)
        if found is None:
            return
        shown = [one for one in found if self._every or one.state in ("waiting", "accepted")]
        self._rows = {str(one.no): one for one in shown}
        self.query_one(Choices).fill(
            choice(line((render_observations.row(one.to_json()), _STYLES[one.state])), key)
            for key, one in self._rows.items()
        )
        waiting, left = sum(one.state == "waiting" for one in found), len(found) - len(shown)
        hidden = f" {left} settled: F5." if left else ""
        self.query_one("#count", Text).show(
            f"{waiting} wait, unverified: they touch no shipment until a supervisor accepts them.{hidden}"
        )

    @property
    def _here(self) -> Observation | None:
        option = self.query_one(Choices).highlighted_option
        return self._rows.get(option.id or "") if option else None

    def on_option_list_option_selected(self) -> None:
        """Enter shows it whole."""
        one = self._here
        if one is not None:
            self.app.push_screen(PageScreen(f"observation {one.no}", render_observations.observation(one.to_json())))

    @work(exclusive=True)
    async def action_take_in(self) -> None:
        """Bring a file in."""
        said = await self.app.push_screen_wait(ReasonDialog("Which file (its path)?"))
        if said and said.strip():
            await self._done(lambda desk: observations.take_in(desk, Path(said.strip())))

    @work(exclusive=True)
    async def action_accept(self) -> None:
        """Accept the one under the cursor: how it weighs, and why."""
        one = self._here
        weight = await self.app.push_screen_wait(ChoiceDialog("How is it told?", _WEIGHTS)) if one else None
        reason = await self.app.push_screen_wait(ReasonDialog("Why is it accepted?")) if weight else None
        if one and weight and reason:
            await self._done(lambda desk: observations.accept(desk, one.no, weight, reason))

    @work(exclusive=True)
    async def action_decline(self) -> None:
        """Decline the one under the cursor, or let it be heard no longer."""
        one = self._here
        reason = await self.app.push_screen_wait(ReasonDialog("Why is it declined?")) if one else None
        if one and reason:
            await self._done(lambda desk: observations.decline(desk, one.no, reason))

    @work(exclusive=True)
    async def action_admit(self) -> None:
        """Know the key of the one under the cursor, once it was compared."""
        one = self._here
        if one is None:
            return
        sender = one.document["sender"]
        asked = (Asked("name", "Whose key is it", value=str(sender["name"])), Asked("reason", "How was it compared"))
        shown = one.to_json()["key"]
        said = await self.app.push_screen_wait(FormDialog(f"Know the key {shown}", asked))
        if said:
            done = await self.ask(
                lambda desk: log.admit(
                    desk.casebook, str(sender["key"]), said["name"], said["reason"], at=desk.clock.now()
                )
            )
            if done:
                plain.tell(self.app, f"The key of {said['name']} is known here.")
                self._load()

    async def _done(self, act: Callable[[Desk], Observation]) -> None:
        one = await self.ask(act)
        if one is not None:
            plain.tell(self.app, render_observations.row(one.to_json()))
            self._load()

    def page_text(self) -> str:
        """The list, as the command prints it."""
        return render_observations.observations(one.to_json() for one in self._rows.values())
