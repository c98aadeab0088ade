"""The catalog browser by keyboard: the tree, a page and the ways on from it, another day, what an edition changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from border_kit.catalog.importers import import_into
from border_kit.desk.settings import Settings
from tests.conftest import NOW
from tests.tui.screens import opened, press, same_as_golden, settle, shown, type_text

HEAD = "derived_ecn_no,ecn_number,parent_ecn,description_en,notes\n"
HOSTILE = "[bold red]x[/] \x1b[31m\u202edrow [@click=app.quit]y[/]"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped controls with two editions of an invented list of our own."""
    folder = tmp_path_factory.mktemp("browser")
    for edition, text in (("2025-01-01", "Invented kites"), ("2026-01-01", HOSTILE)):
        (folder / "eccn.csv").write_text(f'{HEAD}1,0A999,,"{text}",[]\n2,0A999.A,1,Strings,[]\n', encoding="utf-8")
        import_into("ccl-csv", folder / "eccn.csv", folder / "catalog", edition=edition, today=date(2026, 11, 23))
    return folder / "catalog"


async def look_for(pilot: Pilot[None], words: str) -> None:
    field = pilot.app.screen.query_one("#words", Input)
    field.value = words
    field.focus()
    await settle(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_tree_and_a_page_look_as_they_should(shipped: Path, size: tuple[int, int]) -> None:
    async with opened(Settings(catalog=shipped, now=NOW), size=size) as pilot:
        await press(pilot, "f5")
        same_as_golden(f"browser-{size[0]}", shown(pilot))
        await type_text(pilot, "6A003.b.4.b")
        await press(pilot, "enter", "enter")
        same_as_golden(f"entry-{size[0]}", shown(pilot))


async def test_arrows_go_down_and_up_the_tree_and_the_cursor_stays_where_one_was(shipped: Path) -> None:
    async with opened(Settings(catalog=shipped, now=NOW)) as pilot:
        await press(pilot, "f5", "down", "right")
        assert "catalog › EU-DU ·" in shown(pilot)
        await press(pilot, *["down"] * 6, "right", "right", "down", "down", "right")
        assert "catalog › EU-DU › 6A003 ·" in shown(pilot)
        await press(pilot, "left")
        assert "catalog › EU-DU › 6A ·" in shown(pilot)
        await press(pilot, "enter")
        assert "EU-DU/6A003  Cameras" in shown(pilot)
        await press(pilot, "escape", "f2")
        assert "catalog ·" in shown(pilot)


async def test_goods_lead_to_entries_and_entries_to_goods(shipped: Path) -> None:
    async with opened(Settings(catalog=shipped, now=NOW)) as pilot:
        await press(pilot, "f5")
        await type_text(pilot, "901380")
        await press(pilot, "enter", "enter")
        assert shown(pilot).startswith("901380 ")
        assert "MAY FALL UNDER" in shown(pilot)
        await press(pilot, "f3", "enter")
        assert "CRITERIA" in shown(pilot) or "our own words" in shown(pilot)
        rows = shown(pilot)
        assert "HS   " in rows or "below" in rows or "above" in rows


async def test_another_day_shows_what_was_said_then_and_changes_are_told(imported: Path) -> None:
    async with opened(Settings(catalog=imported, now=NOW)) as pilot:
        await press(pilot, "f5", "f4")
        await type_text(pilot, "2025-06-30")
        await press(pilot, "enter")
        assert "as of 2025-06-30" in shown(pilot)
        await look_for(pilot, "US-CCL/0A999")
        await press(pilot, "down", "enter")
        assert "Invented kites" in shown(pilot)
        await press(pilot, "escape", "f4")
        await type_text(pilot, "tomorrow")
        await press(pilot, "enter")
        assert "That is no day" in shown(pilot)


async def test_what_an_edition_changed_is_shown_without_its_markup(imported: Path) -> None:
    async with opened(Settings(catalog=imported, now=NOW)) as pilot:
        await press(pilot, "f5")
        await look_for(pilot, "US-CCL/0A999")
        await press(pilot, "f5")
        text = shown(pilot)
        assert "US-CCL, 2025-01-01 → 2026-01-01: 0 added, 1 changed, 0 ended" in text
        assert "[bold red]x[/]" in text
        assert not {"\x1b", "\u202e"} & set(text)
        await press(pilot, "escape", "down", "enter")
        assert "[bold red]x[/]" in shown(pilot)
        assert not {"\x1b", "\u202e"} & set(shown(pilot))
