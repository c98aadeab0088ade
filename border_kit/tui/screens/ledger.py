"""The usage ledger: entries newest first, of one licence or of all, a page at a time."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from border_kit.desk.render_licence import entry_line
from border_kit.tui.plain import Choices, Field, Text, choice
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen

PAGE = 200


class LedgerScreen(DeskScreen):
    """What was drawn here, and at offices whose runs came."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "page(-1)", "Newer"),
        Binding("f3", "page(1)", "Older"),
        Binding("down", "into_list", show=False),
    ]
    heading = "ledger"

    def __init__(self, number: str | None = None) -> None:
        """Begin at the newest; `number` shows one licence's entries alone."""
        super().__init__()
        self._number, self._page = number or "", 0

    def body(self) -> ComposeResult:
        """The licence, and its entries."""
        yield Field(self._number, hint="a licence's number; empty for all", id="number", longest=100)
        yield Text(id="count", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Show the newest."""
        self.query_one(Choices).focus()
        self._load()

    def on_input_submitted(self) -> None:
        """Another licence."""
        self._page = 0
        self._load()
        self.query_one(Choices).focus()

    def action_into_list(self) -> None:
        """Down leaves the field for the list."""
        self.query_one(Choices).focus()

    def action_page(self, step: int) -> None:
        """Turn a page."""
        self._page = max(0, self._page + step)
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        number, offset = self.query_one("#number", Input).value.strip() or None, self._page * PAGE
        found = await self.ask(
            lambda desk: (desk.drawings.entries(number, limit=PAGE, offset=offset), desk.drawings.office)
        )
        if found is None:
            return
        entries, office = found
        reversed_ids = {entry.reverses for entry in entries}
        rows = [entry.to_json() | {"reversed": entry.id in reversed_ids} for entry in entries]
        self.query_one(Choices).fill(choice(entry_line(row), str(row["ref"])) for row in rows)
        shown = f"{len(rows)} entries from {offset + 1}" if rows else "The ledger has no such entry"
        self.query_one("#count", Text).show(f"{shown} · this office: {office or 'has none yet'}")

    @work(exclusive=True)
    async def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """One entry, field by field."""
        from border_kit.desk.render import fields

        ref = event.option.id or ""
        entry = await self.ask(lambda desk: desk.drawings.find(ref))
        if entry:
            self.app.push_screen(PageScreen(f"entry {ref}", fields(entry.to_json())))
