"""Following an authority on the screen: pull with progress, what it costs, going back, a wrong clock; and what the corner says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from border_kit.desk.settings import Settings
from border_kit.tui.screens.sync import SyncScreen
from tests.sync.authority import Authority, names
from tests.tui.screens import opened, press, settle, shown

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def published(tmp_path: Path) -> Authority:
    """A repository with two editions, the newer of yesterday, and its first root beside it."""
    made = Authority(tmp_path / "repository", now=NOW - timedelta(days=3))
    made.found()
    made.parties(names())
    (tmp_path / "root.json").write_bytes(made.root)
    return made


async def at_update(pilot: Pilot[None]) -> None:
    await press(pilot, "f9", "f2")
    assert isinstance(pilot.app.screen, SyncScreen)


async def answered(pilot: Pilot[None], text: str) -> None:
    """Fill the open dialog as by pasting, and confirm."""
    dialog = pilot.app.screen
    dialog.query_one(Input).value = text
    await pilot.press("enter")
    for _ in range(100):
        await pilot.pause(0.02)
        if pilot.app.screen is not dialog and not isinstance(pilot.app.screen, SyncScreen):
            break
        if pilot.app.screen is not dialog and pilot.app.screen._under_way is None:  # type: ignore[attr-defined]  # SyncScreen's
            break
    await settle(pilot)


async def first_pull(pilot: Pilot[None], made: Authority) -> None:
    await at_update(pilot)
    await press(pilot, "f3")
    await answered(pilot, str(made.folder))
    await answered(pilot, str(made.folder.parent / "root.json"))
    await settle(pilot)


async def test_the_first_pull_asks_for_source_and_root_and_the_corner_follows(published: Authority) -> None:
    async with opened(Settings()) as pilot:
        await first_pull(pilot, published)
        assert "INSTALLED generation 1" in shown(pilot)
        await press(pilot, "escape")
        text = shown(pilot)
        assert "no lists parties 3d" in text.splitlines()[0]
        assert "pulled generation 1" in text
        assert "in use" in text


async def test_pull_cost_and_the_way_back(published: Authority) -> None:
    async with opened(Settings(), size=(120, 40)) as pilot:
        await first_pull(pilot, published)
        await press(pilot, "escape")
        published.later(days=2)
        published.parties({**names(), 4: "Zumurrud Shipping"})
        await press(pilot, "f4")
        await settle(pilot)
        assert "at 9600 bit/s" in shown(pilot)
        await press(pilot, "escape", "f2")
        await settle(pilot)
        assert "generation 2" in shown(pilot)
        assert "(patch)" in shown(pilot)
        await press(pilot, "escape", "f5")
        assert "generation 1" in shown(pilot)
        await pilot.press("enter")
        await pilot.pause()
        await answered(pilot, "aliases are missing")
        await settle(pilot)
        assert "aliases are missing" in shown(pilot)
        assert "parties 3d" in shown(pilot)


async def test_a_refused_pull_is_told_in_words(published: Authority) -> None:
    async with opened(Settings()) as pilot:
        await first_pull(pilot, published)
        await press(pilot, "escape", "f3")
        await answered(pilot, "/nowhere/at-all")
        await settle(pilot)
        text = shown(pilot)
        assert "That did not work" in text
        assert "stick" in text


async def test_a_wrong_clock_stands_in_the_corner_and_the_date_can_be_stated(
    published: Authority, office: Path
) -> None:
    async with opened(Settings()) as pilot:
        await first_pull(pilot, published)
    marks = office / "sync" / "marks.json"
    ahead = (NOW + timedelta(days=40)).date().isoformat()
    signed = published.now.date().isoformat()
    marks.write_text(marks.read_text().replace(signed, ahead))
    async with opened(Settings()) as pilot:
        assert "The clock is WRONG" in shown(pilot)
        await press(pilot, "escape")
        assert "CLOCK WRONG" in shown(pilot).splitlines()[0]
        await at_update(pilot)
        await press(pilot, "f6")
        await answered(pilot, ahead)
        await settle(pilot)
        assert "DATE STATED" in shown(pilot).splitlines()[0]


async def test_a_damaged_catalog_is_told_at_start_and_stays_in_the_corner(published: Authority, office: Path) -> None:
    async with opened(Settings()) as pilot:
        await first_pull(pilot, published)
        await press(pilot, "escape")
        published.later(days=1)
        published.parties({**names(), 4: "Zumurrud Shipping"})
        await press(pilot, "f2")
        await settle(pilot)
    (office / "generations" / "2" / "parties.sqlite").write_bytes(b"x")
    async with opened(Settings(), size=(120, 40)) as pilot:
        assert "generation 2" in shown(pilot)
        await press(pilot, "escape")
        assert "OLDER CATALOG" in shown(pilot).splitlines()[0]


async def test_home_and_the_palette_lead_there(shipped: Path) -> None:
    async with opened(Settings(catalog=shipped)) as pilot:
        assert "Update" in shown(pilot)
        await press(pilot, "f9")
        assert "F2 Update" in shown(pilot)
        await press(pilot, "f2")
        text = shown(pilot)
        assert "nothing yet" in text
        assert "--catalog" in text
        for key in ("F2 Pull", "F3 From", "F4 Cost", "F5 Undo", "F6 Day", "F8 Stop", "F9 Stick"):
            assert key in text


async def test_a_stick_is_written_and_read_by_keys(published: Authority, tmp_path: Path) -> None:
    async with opened(Settings(), size=(120, 40)) as pilot:
        await first_pull(pilot, published)
        await press(pilot, "escape", "f9", "enter")
        await answered(pilot, str(tmp_path / "stick"))
        assert "(whole volumes)" in shown(pilot)
        await press(pilot, "escape", "f9", "down", "enter")
        await answered(pilot, str(tmp_path / "stick"))
        await answered(pilot, "")
        assert "NOTHING NEW" in shown(pilot)
