"""The triage queue on screen: what keys do there is what the commands do, and the list is the command's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from border_kit.desk.bulk import Bulk
from border_kit.desk.settings import Settings
from border_kit.tui.screens import paged
from border_kit.tui.screens.result import ResultScreen
from border_kit.tui.screens.triage import TriageScreen
from tests.cli.test_queue import manifest
from tests.command import call
from tests.conftest import EXAMPLES, NOW
from tests.tui.screens import opened, press, settle, shown, type_text


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody types here: the list is searched at once."""
    monkeypatch.setattr(paged, "PAUSE", 0.0)


@pytest.fixture
def settings(shipped: Path, tmp_path: Path) -> Settings:
    return Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", operator="B-7")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Twenty shipments of two lines, and a row that cannot be used."""
    return manifest(tmp_path / "m.csv", 20)


def told(settings: Settings, *options: str) -> str:
    book, catalog = str(settings.casebook_path()), str(settings.catalog)
    return call("case", "queue", "list", "--casebook", book, "--catalog", catalog, *options).out.rstrip("\n")


async def work_done(pilot: Pilot[None]) -> TriageScreen:
    """Wait until everything that waits is assessed, and shown."""
    screen = pilot.app.screen
    assert isinstance(screen, TriageScreen)
    for _ in range(200):
        await settle(pilot)
        if screen._shown[1].get("waiting") == 0 and not screen.desk_app._at_work:
            break
        await asyncio.sleep(0.02)
    await settle(pilot)
    return screen


async def test_a_manifest_is_shown_red_first_as_the_command_lists_it(settings: Settings, file: Path) -> None:
    async with opened(settings, file=file) as pilot:
        screen = await work_done(pilot)
        text = shown(pilot)
        assert "1 to 20 of 20" in text
        assert "1 rows refused" in text
        assert screen.page_text() == told(settings, "--run", "1")
        lanes = [row.split()[0] for row in text.splitlines() if "C-00" in row]
        assert lanes == sorted(lanes, key=["red", "yellow", "blue", "green"].index)
        assert len(set(lanes)) > 1


async def test_done_and_assigned_are_kept_and_the_command_sees_them(settings: Settings, file: Path) -> None:
    async with opened(settings, file=file) as pilot:
        screen = await work_done(pilot)
        first = screen.chosen or ""
        await press(pilot, "f5")
        assert screen.chosen == first
        assert "done" in shown(pilot)
        assert first in told(settings, "--state", "done")
        await press(pilot, "f5", "f6")
        await type_text(pilot, "B-9")
        await press(pilot, "enter")
        assert "B-9" in shown(pilot)
        assert told(settings, "--state", "done").startswith("Nothing here")
        assert screen.page_text() == told(settings, "--run", "1")


async def test_f9_turns_an_item_into_a_case_once(settings: Settings, file: Path) -> None:
    async with opened(settings, file=file) as pilot:
        screen = await work_done(pilot)
        number = screen.chosen or ""
        await press(pilot, "f9")
        assert isinstance(pilot.app.screen, ResultScreen)
        assert "CASE" in shown(pilot)
        await press(pilot, "escape", "f9", "escape")
        assert "case 20" in shown(pilot)
    book = ["--casebook", str(settings.casebook_path()), "--catalog", str(settings.catalog)]
    cases = call("case", "list", "--json", *book).json["cases"]
    again = call("case", "queue", "open", number, "--json", *book).json["cases"]
    assert cases == again


async def test_a_decision_on_an_item_opens_its_case_and_marks_it(settings: Settings, file: Path) -> None:
    async with opened(settings, file=file) as pilot:
        await work_done(pilot)
        await press(pilot, "enter")
        assert "STOP" in shown(pilot)
        await press(pilot, "f5", "escape")
        assert "case 20" in shown(pilot)
        await press(pilot, "enter")
        assert "DECIDED   detain_and_refer" in shown(pilot)


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        (["enter", "down", "enter"], ["--lane", "red"]),
        (["down", "enter", "end", "enter"], ["--state", "done"]),
        (["down", "down", "enter", "end", "enter"], ["--decided-by", "vague_line"]),
    ],
)
async def test_each_filter_is_an_option_of_the_command(
    settings: Settings, file: Path, keys: list[str], options: list[str]
) -> None:
    async with opened(settings, file=file) as pilot:
        screen = await work_done(pilot)
        await press(pilot, "f4", *keys)
        assert screen.page_text() == told(settings, "--run", "1", *options)
        await press(pilot, "tab")


async def test_refused_rows_are_shown_with_their_reason(settings: Settings, file: Path) -> None:
    async with opened(settings, file=file) as pilot:
        await work_done(pilot)
        await press(pilot, "f8")
        assert "row 3, description" in shown(pilot)


async def test_the_queue_is_searched_and_paged(settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "PAGE", 8)
    async with opened(settings, file=file) as pilot:
        screen = await work_done(pilot)
        await press(pilot, "f3", "f3", "f3")
        assert "17 to 20 of 20" in shown(pilot)
        await press(pilot, "f2")
        assert "9 to 16 of 20" in shown(pilot)
        screen.query_one("#filter").focus()
        await type_text(pilot, "示例")
        assert "1 to 4 of 4" in shown(pilot)


async def test_what_was_left_in_the_middle_goes_on_when_the_queue_is_opened(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("border_kit.desk.bulk.PORTION", 6)
    steps = iter(range(2))

    def broken_off(bulk: Bulk, processes: int, _seconds: float) -> object:
        return whole(bulk, processes) if next(steps, None) is not None else None

    whole = Bulk.step
    with monkeypatch.context() as patched:
        patched.setattr(Bulk, "step", broken_off)
        async with opened(settings, file=file) as pilot:
            assert "waiting" in shown(pilot)
    async with opened(settings) as pilot:
        await press(pilot, *["down"] * 4, "enter")
        await work_done(pilot)
        assert "waiting" not in shown(pilot)
        assert "1 to 20 of 20" in shown(pilot)


async def test_under_a_set_clock_the_queue_is_in_memory_alone(shipped: Path, file: Path, tmp_path: Path) -> None:
    settings = Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", now=NOW)
    async with opened(settings, file=file) as pilot:
        await work_done(pilot)
        assert "1 to 20 of 20" in shown(pilot)
    assert not (tmp_path / "triage.sqlite").exists()


async def test_a_clear_case_takes_no_more_keys_than_a_hold(shipped: Path, tmp_path: Path) -> None:
    """From the answer to the confirmed decision: as many keys, and as many questions, for whoever may go as for whoever may not."""
    needed: dict[str, int] = {}
    for number, (sample, key) in enumerate((("green-release-shirts", "f2"), ("red-detain-listed-party", "f5"))):
        settings = Settings(catalog=shipped, casebook=tmp_path / f"{number}.sqlite", operator="B-7")
        async with opened(settings, file=EXAMPLES / f"{sample}.json") as pilot:
            pressed = 0
            for press_now in (key, "enter", "enter", "enter"):
                await press(pilot, press_now)
                pressed += 1
                if "DECIDED" in shown(pilot):
                    break
            needed[sample] = pressed
    assert needed["green-release-shirts"] <= needed["red-detain-listed-party"]
    assert needed["green-release-shirts"] == 1
