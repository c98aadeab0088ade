"""How old is what we work with: every volume, its edition, its age, and whether it is a demo."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from border_kit.catalog.info import info
from border_kit.desk import render
from border_kit.tui.plain import Text
from border_kit.tui.screens.base import DeskScreen


class DataScreen(DeskScreen):
    """The catalog's volumes."""

    heading = "data"

    def body(self) -> ComposeResult:
        """One block a volume."""
        with VerticalScroll():
            yield Text(id="volumes")

    def on_mount(self) -> None:
        """Read the manifest."""
        self.query_one(VerticalScroll).focus()
        self._load()

    @work
    async def _load(self) -> None:
        text = await self.ask(
            lambda desk: f"{render.ages(desk.catalog.ages())}\n\n{render.catalog_info(info(desk.catalog))}"
        )
        self.query_one("#volumes", Text).show(text or "")
