"""Observations from outside by keys, as the commands do it."""

from __future__ import annotations

import json
from pathlib import Path

from textual.pilot import Pilot

from border_kit.desk.settings import Settings
from border_kit.tui.screens.observations import ObservationsScreen
from border_kit.tui.screens.page import PageScreen
from tests.cli.test_observations import PARTY, document, shipment
from tests.command import call
from tests.tui.screens import opened, press, shown, type_text


async def _to_observations(pilot: Pilot[None]) -> ObservationsScreen:
    await press(pilot, "down")
    while "observations" not in (pilot.app.screen.focused.highlighted_option.id or ""):  # type: ignore[union-attr]  # the menu
        await press(pilot, "down")
    await press(pilot, "enter")
    screen = pilot.app.screen
    assert isinstance(screen, ObservationsScreen)
    return screen


async def test_an_observation_is_brought_in_known_accepted_and_declined_by_keys(shipped: Path, tmp_path: Path) -> None:
    path = tmp_path / "o.json"
    path.write_text(json.dumps(document(PARTY, says="[bold]relabelled[/bold] \x1b[2J")), encoding="utf-8")
    goods = tmp_path / "s.json"
    goods.write_text(json.dumps(shipment()), encoding="utf-8")
    options = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped)

    def told() -> str:
        return call("case", "observation", "list", *options).out.rstrip("\n")

    def codes() -> list[str]:
        rows = call("check", goods, "--json", *options).json["assessments"][0]["findings"]
        return [row["severity"] for row in rows if row["code"] == "observation_matches"]

    settings = Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", operator="B-01")
    async with opened(settings) as pilot:
        screen = await _to_observations(pilot)
        await press(pilot, "f2")
        await type_text(pilot, str(path))
        await press(pilot, "enter")
        assert "1 wait, unverified" in shown(pilot)
        assert screen.page_text() == told()
        assert "UNKNOWN KEY" in told()
        await press(pilot, "f6", "enter")
        await type_text(pilot, "by telephone")
        await press(pilot, "enter")
        assert "known key" in told()
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, PageScreen)
        assert "[bold]relabelled[/bold] [2J" in " ".join(pilot.app.screen.page_text().split())
        assert "It is unverified and touches no shipment." in pilot.app.screen.page_text()
        await press(pilot, "escape")
        assert codes() == []
        await press(pilot, "f3", "down", "enter")
        await type_text(pilot, "seen twice")
        await press(pilot, "enter")
        assert codes() == ["attention"]
        assert screen.page_text() == told()
        await press(pilot, "f4")
        await type_text(pilot, "withdrawn")
        await press(pilot, "enter")
        assert codes() == []
        assert "No observation." in screen.page_text()
        await press(pilot, "f5")
        assert screen.page_text() == told()
        await press(pilot, "f2")
        await type_text(pilot, str(goods))
        await press(pilot, "enter")
        assert "cannot be used" in " ".join(shown(pilot).split())
