"""The case list: filters on F4, pages from SQL, and what is seen is what the command prints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework import acts
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import Demands, decide
from border_kit.casework.log import Unsigned
from border_kit.desk.settings import Settings
from border_kit.tui.screens import cases, paged
from tests.command import call
from tests.tui.screens import opened, press, shown, type_text

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LANES = ("red", "yellow", "green")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody types here: the list is searched at once."""
    monkeypatch.setattr(paged, "PAUSE", 0.0)


@pytest.fixture
def settings(shipped: Path, tmp_path: Path) -> Settings:
    """Six cases: two of each lane; one held until a day, one waiting for a ruling."""
    found = Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", operator="B-7")
    book = Casebook.at(found.casebook_path())
    for number in range(6):
        book.author = Unsigned(f"B-{number % 2}")
        shipment: dict[str, Any] = {
            "id": f"EX-{number}",
            "parties": [{"name": "Øresund Kontor 王伟" if number == 3 else "Aldermoor"}],
            "lines": [],
        }
        assessment: dict[str, Any] = {
            "lane": LANES[number % 3],
            "advice": "release",
            "verdict": "check",
            "decided_by": "watch_hs",
        }
        book.open_case(shipment, assessment, at=NOW + timedelta(days=number))
    decide(book, "2026-0001", "detain_and_refer", "unclear", Demands(due="2026-04-01"), at=NOW)
    acts.record(book, "2026-0002", "refer", {"to": "Authority", "question": "Listed?"}, at=NOW)
    book.close()
    return found


def listed(text: str) -> list[str]:
    return [word for row in text.splitlines() for word in row.split() if word.startswith("EX-")]


def told(settings: Settings, *options: str) -> str:
    return call("case", "list", "--casebook", settings.casebook_path(), *options).out.rstrip("\n")


@pytest.mark.parametrize(
    ("keys", "options", "expected"),
    [
        (["f4", "enter", *["down"] * 4, "enter"], ["--state", "due"], ["EX-0"]),
        (["f4", "down", "enter", "down", "enter"], ["--lane", "red"], ["EX-3", "EX-0"]),
        (["f4", *["down"] * 2, "enter", "end", "enter"], ["--waits", "ruling"], ["EX-1"]),
        (["f4", *["down"] * 3, "enter", "end", "enter"], ["--decision", "detain_and_refer"], ["EX-0"]),
        (["f4", *["down"] * 4, "enter", "end", "enter"], ["--order", "due"], ["EX-0", "EX-5", "EX-4", "EX-3", "EX-2", "EX-1"]),
    ],
)  # fmt: skip
async def test_each_filter_of_the_screen_is_an_option_of_the_command(
    settings: Settings, keys: list[str], options: list[str], expected: list[str]
) -> None:
    async with opened(settings) as pilot:
        await press(pilot, "f4", *keys)
        assert listed(shown(pilot)) == expected
        screen = pilot.app.screen
        assert isinstance(screen, cases.CasesScreen)
        assert screen.page_text() == told(settings, *options)
        assert f"{options[0].removeprefix('--')} {options[1].replace('_', ' ')}" in shown(pilot)
        await press(pilot, "f5")
        assert len(listed(shown(pilot))) == 6


async def test_badge_and_days_are_typed_and_a_wrong_day_is_said(settings: Settings) -> None:
    async with opened(settings) as pilot:
        await press(pilot, "f4", "f4", *["down"] * 5, "enter")
        await type_text(pilot, "B-1")
        await press(pilot, "enter")
        assert listed(shown(pilot)) == ["EX-5", "EX-3", "EX-1", "EX-0"]
        await press(pilot, "f4", *["down"] * 6, "enter")
        await type_text(pilot, "2026-03-04")
        await press(pilot, "enter")
        assert listed(shown(pilot)) == ["EX-5", "EX-3"]
        await press(pilot, "f4", "end", "enter")
        await type_text(pilot, "31.12")
        await press(pilot, "enter")
        assert any("is no date" in told.message for told in pilot.app._notifications)
        assert listed(shown(pilot)) == ["EX-5", "EX-3"]


@pytest.mark.parametrize(
    ("typed", "expected"), [("oresund", ["EX-3"]), ("王伟", ["EX-3"]), ("ex-4", ["EX-4"]), ("a*", [])]
)
async def test_the_list_is_searched_as_one_types(settings: Settings, typed: str, expected: list[str]) -> None:
    async with opened(settings) as pilot:
        await press(pilot, "f4")
        await type_text(pilot, typed)
        assert listed(shown(pilot)) == expected


async def test_pages_turn_and_stop_at_the_ends(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "PAGE", 4)
    async with opened(settings) as pilot:
        await press(pilot, "f4")
        assert "1 to 4 of 6 cases" in shown(pilot)
        await press(pilot, "f3", "f3")
        assert "5 to 6 of 6 cases" in shown(pilot)
        assert listed(shown(pilot)) == ["EX-1", "EX-0"]
        await press(pilot, "f2", "f2")
        assert "1 to 4 of 6 cases" in shown(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_a_case_waits_for_is_seen_at_every_width(settings: Settings, size: tuple[int, int]) -> None:
    async with opened(settings, size=size) as pilot:
        await press(pilot, "f4")
        text = shown(pilot)
        assert "waits: ruling" in text
        assert "due 2026-04-01" in text
        assert "EX-0" in text
