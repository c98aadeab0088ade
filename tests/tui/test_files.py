"""Choosing a file by keys: the list has the focus, and what is typed or scanned there is a path."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from border_kit.desk.settings import Settings
from border_kit.tui.dialogs.ask import ChoiceDialog
from border_kit.tui.screens.result import ResultScreen
from tests.command import call
from tests.conftest import EXAMPLES
from tests.tui.screens import opened, press, shown, type_text


async def test_a_path_typed_over_the_list_opens_the_file(shipped: Path, tmp_path: Path) -> None:
    settings = Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", operator="B-7")
    path = str(EXAMPLES / "green-release-shirts.json")
    async with opened(settings) as pilot:
        await press(pilot, "f3")
        await type_text(pilot, path)
        assert pilot.app.screen.query_one("#path", Input).value == path
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ResultScreen)


async def test_the_casebook_that_a_screen_works_with_is_chosen_in_vain(shipped: Path, tmp_path: Path) -> None:
    book, photo = tmp_path / "casebook.sqlite", tmp_path / "photo.jpg"
    options = ("--catalog", shipped, "--casebook", book, "--json")
    case = call("case", "new", EXAMPLES / "green-release-shirts.json", *options).json["cases"][0]["case"]
    photo.hardlink_to(book)
    async with opened(Settings(catalog=shipped, casebook=book, operator="B-7")) as pilot:
        await press(pilot, "f3")
        await type_text(pilot, str(book))
        await press(pilot, "enter")
        assert "casebook.sqlite is a file of this office that is in use here" in shown(pilot)
        await press(pilot, "escape", "escape")
        await type_text(pilot, case)
        await press(pilot, "enter", "f9")
        dialog = pilot.app.screen
        assert isinstance(dialog, ChoiceDialog)
        await press(pilot, *["down"] * [name for name, _ in dialog._rows].index("attach"), "enter")
        await type_text(pilot, str(photo))
        await press(pilot, "enter")
        assert "photo.jpg is a file of this office that is in use here" in shown(pilot)
