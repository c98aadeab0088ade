"""How old is what we work with: every volume, its edition, its age, and whether it is a demo."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from border_kit.catalog.info import info
from border_kit.desk import render
from border_kit.tui.plain import Text
from border_kit.tui.screens.base import DeskScreen


class DataScreen(DeskScreen):
    """The catalog's volumes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "update", "Update")]
    heading = "data"

    def body(self) -> ComposeResult:
        """One block a volume."""
        with VerticalScroll():
            yield Text(id="volumes")

    def on_mount(self) -> None:
        """Read the manifest."""
        self.query_one(VerticalScroll).focus()
        self._load()

    def action_update(self) -> None:
        """Pull, look what it costs, go back."""
        from border_kit.tui import screens

        self.app.push_screen(screens.named("sync")())

    @work
    async def _load(self) -> None:
        text = await self.ask(
            lambda desk: f"{render.ages(desk.catalog.ages())}\n\n{render.catalog_info(info(desk.catalog))}"
        )
        self.query_one("#volumes", Text).show(text or "")
