"""The case list: newest first, filtered as one types, a page at a time from the casebook."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from border_kit.casework.case import CaseRow
from border_kit.desk.render import VERDICT_WORDS
from border_kit.tui.plain import Choices, Field, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.result import ResultScreen

PAGE = 200


class CasesScreen(DeskScreen):
    """Cases."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "page(-1)", "Newer"),
        Binding("f3", "page(1)", "Older"),
        Binding("down", "into_list", "List", show=False),
    ]
    heading = "cases"

    def __init__(self) -> None:
        """Begin at the newest."""
        super().__init__()
        self._page = 0

    def body(self) -> ComposeResult:
        """A filter and the list."""
        yield Field(hint="filter by number, party, goods or licence", id="filter", longest=200)
        yield Text(id="count", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Show the newest."""
        self.query_one("#filter", Input).focus()
        self._load()

    def on_screen_resume(self) -> None:
        """A case may have changed meanwhile."""
        self._load()

    def on_input_changed(self) -> None:
        """Filter as one types."""
        self._page = 0
        self._load()

    def on_input_submitted(self) -> None:
        """Enter goes to the list."""
        self.query_one(Choices).focus()

    def action_into_list(self) -> None:
        """Down leaves the filter for the list."""
        self.query_one(Choices).focus()

    def action_page(self, step: int) -> None:
        """Turn a page."""
        self._page = max(0, self._page + step)
        self._load()

    @work(exclusive=True)
    async def _load(self) -> None:
        words, offset = self.query_one("#filter", Input).value, self._page * PAGE
        rows = await self.ask(lambda desk: desk.casebook.rows(text=words, limit=PAGE, offset=offset))
        if rows is None:
            return
        self.query_one(Choices).fill(choice(_row(row), row.case_id) for row in rows)
        self.query_one("#count", Text).show(f"{len(rows)} cases from {offset + 1}" if rows else "No cases.")

    @work(exclusive=True)
    async def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Open a case."""
        number = event.option.id or ""
        case = await self.ask(lambda desk: desk.casebook.show(number))
        if case:
            self.app.push_screen(ResultScreen(None, case.assessment, case))


def _row(row: CaseRow) -> Content:
    return line(
        pad(row.case_id, 11),
        pad(row.opened_at[:16], 17),
        pad(row.lane, 7),
        pad(VERDICT_WORDS[row.verdict], 14),
        pad(row.decision or "undecided", 17),
        row.shipment,
    )
