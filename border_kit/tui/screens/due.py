"""What licences ask for: obligations that fall due by a day, and that one was met."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from border_kit.desk.licences import parse_day
from border_kit.desk.render_licence import obligation
from border_kit.errors import UsageError
from border_kit.licensing.obligations import Due
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ChoiceDialog, ReasonDialog
from border_kit.tui.plain import Choices, Field, Text, choice, line
from border_kit.tui.screens.base import DeskScreen

_OUTCOMES = (("done", "It was met"), ("waived", "The authority let it go"))
_STYLES = {"overdue": "red", "due": "amber", "open": "", "done": "green", "waived": "dim"}


class DueScreen(DeskScreen):
    """Obligations."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "settle", "Done"),
        Binding("f3", "all", "All"),
        Binding("down", "into_list", show=False),
    ]
    heading = "due"

    def __init__(self) -> None:
        """Begin with what is not done."""
        super().__init__()
        self._settled = False
        self._rows: dict[str, Due] = {}

    def body(self) -> ComposeResult:
        """The day, and what falls due by it."""
        yield Field(hint="due by: 2026-12-31; empty for today", id="by", longest=10)
        yield Text(id="count", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Show what is due today."""
        self.query_one("#by", Input).focus()
        self._load()

    def on_input_submitted(self) -> None:
        """Another day."""
        self._load()
        self.query_one(Choices).focus()

    def action_into_list(self) -> None:
        """Down leaves the field for the list."""
        self.query_one(Choices).focus()

    def action_all(self) -> None:
        """With what is done, or without."""
        self._settled = not self._settled
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        settled = self._settled
        try:
            day = parse_day(self.query_one("#by", Input).value.strip())
        except UsageError as error:
            self.query_one("#count", Text).show(f"{error.message} {error.hint}")
            return
        found = await self.ask(lambda desk: desk.licences.due(day or desk.clock.now().date(), settled=settled))
        if found is None:
            return
        self._rows = {row.obligation.id: row for row in found}
        self.query_one(Choices).fill(choice(_row(row), key) for key, row in self._rows.items())
        late = sum(row.state == "overdue" for row in found)
        self.query_one("#count", Text).show(f"{len(found)} obligations, {late} overdue" if found else "Nothing is due.")

    def on_option_list_option_selected(self) -> None:
        """Enter settles the row."""
        self.action_settle()

    @work(exclusive=True)
    async def action_settle(self) -> None:
        """Record that an obligation was met or waived, and on what that rests."""
        highlighted = self.query_one(Choices).highlighted_option
        row = self._rows.get(highlighted.id or "") if highlighted else None
        if row is None or row.settled:
            return
        shown = f"{row.licence}: {row.obligation.kind.replace('_', ' ')}"
        outcome = await self.app.push_screen_wait(ChoiceDialog(shown, _OUTCOMES))
        if outcome is None:
            return
        note = await self.app.push_screen_wait(ReasonDialog("On what does that rest? The paper's number, the call."))
        if note is None:
            return
        done = await self.ask(lambda desk: desk.licences.discharge(row.licence, row.obligation.id, outcome, note))
        if done:
            plain.tell(self.app, f"{shown}: {outcome}, saved.")
            self._load()


def _row(row: Due) -> Content:
    text = obligation(row.to_json())
    state, _, rest = text.partition(" ")
    return line((state, _STYLES[row.state]), f" {rest}  ", (row.licence, "strong"))
