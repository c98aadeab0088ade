"""Scenarios as whoever writes them sees them: listed with what is wrong, proven, solved, drawn, previewed, begun, by keys."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from border_kit.training import author, lint
from border_kit.training.scenario import default_modules, load
from border_kit.tui.screens.page import PageScreen
from border_kit.tui.screens.training import TrainingScreen
from border_kit.tui.screens.workshop import PreviewScreen, WorkshopScreen
from tests.tui.screens import opened, press, same_as_golden, settle, shown, type_text
from tests.tui.test_screens import fixed

CAMERA = "surveyors-camera"
MINE = Path("mine")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trainer's folder: a scenario that is right, one from the template, one that is broken, a deck."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BORDER_KIT_HOME", str(tmp_path / "home"))
    author.write("two-crates-more", "Two crates more", "signal", MINE)
    shutil.copy(default_modules() / f"{CAMERA}.yaml", MINE)
    (MINE / "half.yaml").write_text("format: 1\nid: half\ntitle: [\n", encoding="utf-8")
    (MINE / "cards").mkdir()
    shutil.copy(default_modules() / "cards" / "autonomy.yaml", MINE / "cards")
    return tmp_path


def page(pilot: object) -> str:
    screen = pilot.app.screen  # type: ignore[attr-defined]  # a Pilot, whose type is generic in the application
    assert isinstance(screen, PageScreen)
    return screen.page_text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_workshop_looks_as_it_should(shipped: Path, size: tuple[int, int]) -> None:
    async with opened(fixed(shipped), size=size) as pilot:
        await pilot.app.push_screen(WorkshopScreen(MINE))
        await settle(pilot)
        await press(pilot, "down", "f3", "down")
        same_as_golden(f"workshop-{size[0]}", shown(pilot))


async def test_problems_stand_with_line_and_reason(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(WorkshopScreen(MINE))
        await settle(pilot)
        assert "half.yaml:4" in shown(pilot)
        await press(pilot, "enter")
        assert "1 PROBLEM" in page(pilot)
        await press(pilot, "escape", "end", "up", "enter")
        told = page(pilot)
        _, problems = lint.look(MINE / "two-crates-more.yaml")
        assert f"{len(problems)} PROBLEMS" in told
        assert f"two-crates-more.yaml:{problems[0].line}" in told
        assert "WHAT THE ENGINES ANSWER" in told


async def test_all_are_proven_and_then_held_against_one_another(shipped: Path) -> None:
    async with opened(fixed(shipped), size=(120, 40)) as pilot:
        await pilot.app.push_screen(WorkshopScreen(MINE))
        await settle(pilot)
        await press(pilot, "f9")
        assert "4 files, 4 proven, 3 with problems" in shown(pilot)
        await press(pilot, "down", "enter")
        assert "surveyors-camera.yaml:11 at lookalikes[0]" in page(pilot)


async def test_a_scenario_is_solved_drawn_previewed_and_played(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(WorkshopScreen(MINE))
        await settle(pilot)
        await press(pilot, "down", "f4")
        solved = page(pilot)
        assert "Shortest line with full marks" in solved
        assert "[decide_detain]" in solved.partition("The expert's line")[2]
        await press(pilot, "escape", "f5")
        await press(pilot, "delete")
        await type_text(pilot, "7")
        await press(pilot, "enter")
        drawn = author.draws(MINE / f"{CAMERA}.yaml", [7])[0]
        assert "seed 7" in page(pilot)
        assert all(value in page(pilot) for value in drawn["values"].values())
        await press(pilot, "escape", "f6")
        await type_text(pilot, "7")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, PreviewScreen)
        assert load(MINE / f"{CAMERA}.yaml", seed=7).briefing.split(".")[0] in " ".join(page(pilot).split())
        assert "signal" not in page(pilot)
        await press(pilot, "f2")
        assert isinstance(pilot.app.screen, TrainingScreen)
        assert pilot.app.screen._run.start.seed == 7
        await press(pilot, "f10")
        assert isinstance(pilot.app.screen, PreviewScreen)


async def test_what_cannot_be_is_told_in_words(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(WorkshopScreen(MINE))
        await settle(pilot)
        await press(pilot, "f4")
        assert "half.yaml cannot be read" in shown(pilot)
        await press(pilot, "escape", "end", "f5", "enter")
        assert "autonomy.yaml is a deck of cards" in shown(pilot)
        await press(pilot, "escape", "up", "up", "f5")
        await type_text(pilot, "7x")
        await press(pilot, "enter")
        assert "A seed is a number of 0 to 2147483647." in " ".join(shown(pilot).split())
        await press(pilot, "escape", "f8")
        await press(pilot, *["backspace"] * 4)
        await type_text(pilot, "nowhere")
        await press(pilot, "enter")
        assert "cannot be read" in shown(pilot)


async def test_a_scenario_is_begun_from_the_template(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(WorkshopScreen(MINE))
        await settle(pilot)
        await press(pilot, "f2")
        for words in ("one-crate-less", "One crate less"):
            await type_text(pilot, words)
            await press(pilot, "enter")
        await press(pilot, *["backspace"] * 6)
        await type_text(pilot, "noise")
        await press(pilot, "enter", "enter")
        assert "one-crate-less" in shown(pilot)
        assert "one-crate-less.yaml:" in shown(pilot)
        assert load(MINE / "one-crate-less.yaml").kind == "noise"
        before = (MINE / "one-crate-less.yaml").read_bytes()
        await press(pilot, "f2")
        for words in ("one-crate-less", "Again"):
            await type_text(pilot, words)
            await press(pilot, "enter")
        await press(pilot, "f2")
        assert "one-crate-less.yaml is there already." in " ".join(shown(pilot).split())
        assert (MINE / "one-crate-less.yaml").read_bytes() == before
