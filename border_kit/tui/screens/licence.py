"""A licence by its number: status, dates, lines, what is left as known here."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input

from border_kit.desk import render_licence
from border_kit.tui.plain import Field, Text
from border_kit.tui.screens.base import DeskScreen


class LicenceScreen(DeskScreen):
    """One licence of the registry."""

    heading = "licence"

    def __init__(self, number: str = "") -> None:
        """Begin with a number, if one is in hand."""
        super().__init__()
        self._number = number

    def body(self) -> ComposeResult:
        """The number and the licence's page."""
        yield Field(self._number, hint="licence number, typed or scanned", id="number", longest=100)
        with VerticalScroll():
            yield Text("Enter looks the licence up.", id="page")

    def on_mount(self) -> None:
        """Look up what is in hand."""
        self.query_one("#number", Input).focus()
        if self._number:
            self._load(self._number)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look it up."""
        self._load(event.value)

    @work(exclusive=True)
    async def _load(self, number: str) -> None:
        text = await self.ask(
            lambda desk: render_licence.licence_page(desk.licences.page(number)) if desk.registry.find(number) else ""
        )
        shown = (
            text or f"No registry of this catalog has a licence {number!r}. Phone the authority; use a number you know."
        )
        self.query_one("#page", Text).show(shown)
