"""A checklist ticked by keys leaves the same case as the command."""

from __future__ import annotations

import json
from pathlib import Path

from border_kit.casework.case import Casebook
from border_kit.desk.settings import Settings
from border_kit.tui.screens.result import ResultScreen
from tests.cli.test_policy import SHIPMENT
from tests.command import call
from tests.tui.screens import opened, press, shown, type_text


async def test_elements_and_capabilities_are_answered_in_turn_and_equal_the_command(
    shipped: Path, tmp_path: Path
) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")
    keyed, typed = tmp_path / "keyed.sqlite", tmp_path / "typed.sqlite"
    for path in (keyed, typed):
        call("case", "new", file, "--casebook", path, "--catalog", shipped)
    case = Casebook.at(typed).rows()[0].case_id
    said = (("eus_exporter", "yes"), ("eus_end_user", "no"), ("cap_thermal", "yes"))
    for question, answer in said:
        call("case", "answer", case, question, answer, "--casebook", typed, "--catalog", shipped)
    async with opened(Settings(catalog=shipped, casebook=keyed)) as pilot:
        await type_text(pilot, case)
        await press(pilot, "enter", "f8", "end", "up", "enter")
        assert "(19 to ask)" in shown(pilot)
        await press(pilot, "enter", "down", "enter", "escape")
        await press(pilot, "f8", "end", "enter", "enter", "escape")
        assert isinstance(pilot.app.screen, ResultScreen)
        await press(pilot, "f6")
        assert "END-USER" in pilot.app.screen.page_text()
    found = [Casebook.at(path).show(case) for path in (keyed, typed)]
    assert found[0].answers == dict(said)
    assert found[0].answers == found[1].answers
    assert found[0].assessment == found[1].assessment
