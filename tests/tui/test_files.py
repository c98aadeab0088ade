"""Choosing a file by keys: the list has the focus, and what is typed or scanned there is a path."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from border_kit.desk.desk import Settings
from border_kit.tui.screens.result import ResultScreen
from tests.conftest import EXAMPLES
from tests.tui.screens import opened, press, type_text


async def test_a_path_typed_over_the_list_opens_the_file(shipped: Path, tmp_path: Path) -> None:
    settings = Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", operator="B-7")
    path = str(EXAMPLES / "green-release-shirts.json")
    async with opened(settings) as pilot:
        await press(pilot, "f3")
        await type_text(pilot, path)
        assert pilot.app.screen.query_one("#path", Input).value == path
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ResultScreen)
