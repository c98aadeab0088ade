"""A page of text: why, help, an entry, a licence, a case."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from border_kit.tui.plain import Text
from border_kit.tui.screens.base import DeskScreen


class PageScreen(DeskScreen):
    """A text that scrolls, and can be saved."""

    def __init__(self, heading: str, text: str) -> None:
        """Show `text` under `heading`."""
        super().__init__()
        self.heading = heading
        self._text = text

    def body(self) -> ComposeResult:
        """The text, scrolling."""
        with VerticalScroll():
            yield Text(self._text)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.query_one(VerticalScroll).focus()

    def page_text(self) -> str:
        """The whole text, not only what fits."""
        return f"{self.heading}\n\n{self._text}"
