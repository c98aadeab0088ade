"""Catalog look-up: entries by code or words as one types; Enter opens the entry's page."""

from __future__ import annotations

from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from border_kit.catalog import browse
from border_kit.desk import render
from border_kit.tui.plain import Choices, Field, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen


class LookScreen(DeskScreen):
    """What does the catalog know?"""

    heading = "catalog"

    def __init__(self, words: str = "") -> None:
        """Begin with words, if there are any."""
        super().__init__()
        self._words = words

    def body(self) -> ComposeResult:
        """Words, and the entries they find."""
        yield Field(self._words, hint="a code (6A003, ML10.c), an HS code, or words", id="words", longest=200)
        yield Text("Type to search · Enter opens", id="count", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#words", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types."""
        self._search(event.value)

    def on_input_submitted(self) -> None:
        """Enter goes to the entries."""
        self.query_one(Choices).focus()

    @work(exclusive=True)
    async def _search(self, words: str) -> None:
        found = await self.ask(lambda desk: browse.search(desk.catalog, words, 100)) if words.strip() else []
        rows = found or []
        self.query_one(Choices).fill(choice(_row(row), str(row["id"])) for row in rows)
        self.query_one("#count", Text).show(f"{len(rows)} found" if words.strip() else "Type to search · Enter opens")

    @work(exclusive=True)
    async def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Open the page of an entry."""
        what = event.option.id or ""
        page = await self.ask(lambda desk: browse.show(desk.catalog, what))
        if page:
            self.app.push_screen(PageScreen(what, render.fields(page)))


def _row(row: dict[str, Any]) -> Content:
    return line(pad(row["code"], 16), pad(row["list"], 8), row["title"])
