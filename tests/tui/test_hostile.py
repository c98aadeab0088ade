"""Foreign text reaches every screen as text: no markup, no control characters, no direction overrides, no crash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from border_kit.desk.settings import Settings
from tests.conftest import NOW
from tests.tui.screens import opened, press, settle, shown

HOSTILE = [
    "[/]",
    "[bold red]x[/bold red] [@click=app.quit]y[/]",
    "\x1b[31mred\x1b[0m\x07\x9b2J",
    "abc\u202edcba\u2066",
    '" OR 1=1 -- NEAR( * ^ "',
    "\ud800 lone",
    "e\u0301" * 200,
    "مرحبا 无人机 🚁\ufe0f\u200d",
    "x" * 5_000,
    "$(rm -rf /); `x` %s {0} \\N{DASH}",
    "=cmd|' /C calc'!A0",
]
HOME = 2
"""Screens below which nothing is open but the first."""
BAD = ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\ud800"]


def shipment(text: str) -> dict[str, Any]:
    return {
        "id": text[:200],
        "direction": "export",
        "end_use": text,
        "parties": [{"role": "consignee", "name": text, "address": text}, {"role": "forwarder", "name": text}],
        "lines": [{"no": 1, "description": text, "documents": [text[:50]], "licences": [{"number": text[:100]}]}],
    }


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_shipment_shows_as_text_on_every_screen(shipped: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps([shipment(text), shipment(text + "2")]), encoding="utf-8")
    settings = Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite")
    async with opened(settings, file=file) as pilot:
        screens = [shown(pilot)]
        for keys in (("enter",), ("f6",), ("escape", "f5")):
            await press(pilot, *keys)
            screens.append(shown(pilot))
        await press(pilot, "x", "enter", "escape", "escape", "escape", "escape", "f4")
        screens.append(shown(pilot))
        await press(pilot, "down", "enter")
        screens.append(shown(pilot))
    assert not [char for char in BAD if any(char in screen for screen in screens)]
    assert any("2026" in screen for screen in screens)


@pytest.mark.parametrize("key", ["f5", "f6", "f8", "f4", "f3"])
async def test_a_hostile_search_is_only_a_search(shipped: Path, tmp_path: Path, key: str) -> None:
    async with opened(Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite")) as pilot:
        for text in HOSTILE:
            await press(pilot, key)
            field = pilot.app.screen.query(Input).first()
            field.focus()
            field.value = text
            await settle(pilot)
            await press(pilot, "enter")
            assert not [char for char in BAD if char in shown(pilot)]
            while len(pilot.app.screen_stack) > HOME:
                await press(pilot, "escape")


async def test_a_hostile_burst_in_the_scan_field_is_only_a_burst(shipped: Path) -> None:
    async with opened(Settings(catalog=shipped, now=NOW)) as pilot:
        for text in HOSTILE:
            pilot.app.screen.query_one("#scan", Input).value = text
            await press(pilot, "enter")
            assert not [char for char in BAD if char in shown(pilot)]
            while len(pilot.app.screen_stack) > HOME:
                await press(pilot, "escape")
