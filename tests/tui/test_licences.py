"""Licence work by keyboard: drawing, taking back, what falls due, runs, and releasing a case with its licence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from textual.pilot import Pilot

from border_kit.desk.desk import Desk
from border_kit.desk.licences import Order
from border_kit.desk.settings import Settings
from border_kit.licensing.ledger import Ledger
from border_kit.tui.dialogs.form import FormDialog
from border_kit.tui.screens.result import ResultScreen
from tests.conftest import EXAMPLES
from tests.tui.screens import burst, opened, press, settle, shown, type_text

NUMBER = "IND-22-0071"
CAMERA = EXAMPLES / "blue-release-licensed-camera.json"


def office(shipped: Path, folder: Path) -> Settings:
    return Settings(catalog=shipped, casebook=folder / "casebook.sqlite", operator="B-7")


async def licence(pilot: Pilot[None]) -> None:
    await press(pilot, "f8")
    await burst(pilot, f"{NUMBER}\n")


def entries(folder: Path) -> list[tuple[str, str | None, str | None]]:
    ledger = Ledger.reading(folder / "ledger.sqlite")
    found: list[tuple[str, str | None, str | None]] = [
        (entry.kind, entry.quantity, entry.declaration) for entry in reversed(ledger.entries())
    ]
    ledger.close()
    return found


async def test_a_drawing_is_typed_as_fast_as_a_scanner_types_confirmed_and_taken_back(
    shipped: Path, tmp_path: Path
) -> None:
    async with opened(office(shipped, tmp_path)) as pilot:
        await licence(pilot)
        await press(pilot, "f2")
        await burst(pilot, "EX-77\n5\n\n12500\n\n\n")
        assert "Draw 5 pcs and 12500 EUR on line 1 of IND-22-0071 for EX-77?" in " ".join(shown(pilot).split())
        await press(pilot, "enter")
        assert "7 of 20 pcs left" in shown(pilot)
        assert "17500 of 50000 EUR left" in shown(pilot)
        await press(pilot, "f3", "enter")
        await type_text(pilot, "typed twice")
        await press(pilot, "enter")
        assert "12 of 20 pcs left" in shown(pilot)
        await press(pilot, "f4")
        assert "2 entries from 1" in shown(pilot)
        assert "REVERSED" in shown(pilot)
        await press(pilot, "enter")
        assert "typed twice" in shown(pilot)
    assert entries(tmp_path) == [("draw", "5", "EX-77"), ("contra", "5", "EX-77")]


async def test_what_the_licence_does_not_bear_comes_back_to_the_form_with_the_reason(
    shipped: Path, tmp_path: Path
) -> None:
    async with opened(office(shipped, tmp_path)) as pilot:
        await licence(pilot)
        await press(pilot, "f2")
        await burst(pilot, "EX-78\n12.001\n\n\n\n\n")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FormDialog)
        assert "line 1 has 12 pcs left, and 12.001 pcs are asked" in " ".join(shown(pilot).split())
        assert "EX-78" in shown(pilot)
        await press(pilot, "f2", "escape")
        await press(pilot, "escape")
        assert "12 of 20 pcs left" in shown(pilot)
    assert entries(tmp_path) == []


async def test_nothing_is_drawn_without_a_licence_or_without_the_confirmation(shipped: Path, tmp_path: Path) -> None:
    async with opened(office(shipped, tmp_path)) as pilot:
        await press(pilot, "f8", "f2", "f3")
        await burst(pilot, f"{NUMBER}\n")
        await press(pilot, "f2")
        await burst(pilot, "EX-79\n1\n\n\n\n\n")
        await press(pilot, "down", "enter", "escape")
        await settle(pilot)
    assert entries(tmp_path) == []


async def test_what_falls_due_is_settled_by_two_keys_and_a_reason(shipped: Path, tmp_path: Path) -> None:
    async with opened(office(shipped, tmp_path)) as pilot:
        await licence(pilot)
        await press(pilot, "f5")
        await burst(pilot, "soon\n")
        assert "'soon' is no date" in shown(pilot)
        await press(pilot, "shift+tab", "ctrl+u")
        pilot.app.screen.query_one("#by").focus()
        await burst(pilot, "2999-12-31\n")
        assert "delivery verification" in shown(pilot)
        await press(pilot, "f2", "enter")
        await type_text(pilot, "certificate 44")
        await press(pilot, "enter")
        assert "delivery verification" not in shown(pilot)
        await press(pilot, "f3")
        assert "DONE" in shown(pilot)
        assert "certificate 44" in " ".join(shown(pilot).split())
    assert [kind for kind, _, _ in entries(tmp_path)] == ["discharge"]


async def test_runs_go_out_to_a_folder_and_others_come_in_from_it(shipped: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    for name, quantity in (("here", "9"), ("there", "8")):
        desk = Desk(office(shipped, tmp_path / name))
        desk.licences.draw(Order(NUMBER, 1, f"EX-{name}", quantity=Decimal(quantity)))
        desk.close()
    async with opened(office(shipped, tmp_path / "there")) as pilot:
        await press(pilot, "f8", "f6", "f2")
        await type_text(pilot, str(stick))
        await press(pilot, "enter")
        assert "run     1" in shown(pilot) or "run 1" in shown(pilot)
    async with opened(office(shipped, tmp_path / "here")) as pilot:
        await press(pilot, "f8", "f6", "f3")
        await type_text(pilot, str(stick))
        await press(pilot, "enter")
        text = " ".join(shown(pilot).split())
        assert "1 new entries" in text
        assert "Line 1 of IND-22-0071 is overdrawn: 25 pcs drawn of 20 pcs" in text


async def test_a_released_case_draws_on_its_licence_after_a_confirmation(shipped: Path, tmp_path: Path) -> None:
    async with opened(office(shipped, tmp_path), file=CAMERA) as pilot:
        assert isinstance(pilot.app.screen, ResultScreen)
        await press(pilot, "f2")
        assert "Draw on the licences? IND-22-0071 line 1: 5 pcs" in " ".join(shown(pilot).split())
        await press(pilot, "enter")
        await press(pilot, "f9", "end", "enter", "enter")
        assert "has drawn on line 1" in " ".join(shown(pilot).split())
    assert entries(tmp_path) == [("draw", "5", "EX-26-1002")]


async def test_a_release_without_a_passing_licence_is_drawn_only_with_a_reason(shipped: Path, tmp_path: Path) -> None:
    desk = Desk(office(shipped, tmp_path))
    desk.licences.draw(Order(NUMBER, 1, "EX-1", quantity=Decimal(8)))
    desk.close()
    async with opened(office(shipped, tmp_path), file=CAMERA) as pilot:
        await press(pilot, "f9", "end", "enter", "enter")
        text = " ".join(shown(pilot).split())
        assert "Nothing was drawn: IND-22-0071: quantity_exceeded" in text
        await press(pilot, "escape")
        assert len(entries(tmp_path)) == 1
        await press(pilot, "f9", "end", "enter", "enter")
        await type_text(pilot, "let go by the supervisor")
        await press(pilot, "enter")
    assert entries(tmp_path)[-1] == ("draw", "5", "EX-26-1002")


async def test_hostile_text_in_the_ledger_shows_as_text_on_every_screen(shipped: Path, tmp_path: Path) -> None:
    odd = "[bold]EX\x1b[31m\u202e{0} $(x)\x07"
    desk = Desk(office(shipped, tmp_path))
    desk.licences.draw(Order(NUMBER, 1, odd, quantity=Decimal(1), note=odd, part=odd))
    desk.close()
    screens = []
    async with opened(office(shipped, tmp_path)) as pilot:
        await licence(pilot)
        await press(pilot, "down", "end")
        screens.append(shown(pilot))
        for keys in (("f4",), ("enter",), ("escape", "escape", "f3")):
            await press(pilot, *keys)
            screens.append(shown(pilot))
    assert not [char for char in "\x1b\u202e\x07" if any(char in screen for screen in screens)]
    assert all("[bold]EX" in screen for screen in screens)
