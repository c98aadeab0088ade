"""A scenario on the officer's own screens, by keyboard, at 80 × 24."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from border_kit.cli.edge import run as command
from border_kit.clock import FixedClock
from border_kit.desk.settings import Settings
from border_kit.training import runs
from border_kit.training.result import Mode
from border_kit.training.run import Run
from border_kit.training.scenario import default_modules, find, load
from border_kit.tui.app import BorderKitApp
from border_kit.tui.plain import Choices
from border_kit.tui.screens.debriefing import DebriefScreen
from border_kit.tui.screens.home import HomeScreen
from border_kit.tui.screens.training import TrainingResult, TrainingScreen
from tests.conftest import NOW, no_application
from tests.tui.screens import burst, press, same_as_golden, settle, shown, type_text

PAPERS = Path(__file__).resolve().parents[1] / "training" / "papers" / "two-seals.yaml"
CAMERA = "surveyors-camera"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BORDER_KIT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def begun(path: Path, *, mode: Mode = "practice", seed: int | None = None) -> Run:
    return runs.begin(load(path, seed=seed), "learner", FixedClock(NOW), seed=seed, mode=mode)


def camera() -> Run:
    return begun(find(default_modules(), CAMERA))


@asynccontextmanager
async def playing(shipped: Path, run: Run, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    app = BorderKitApp(Settings(catalog=shipped, now=NOW), run=run)
    async with app.run_test(size=size) as pilot:
        for _ in range(4):
            await settle(pilot)
        yield pilot


async def choose(pilot: Pilot[None], *labels: str) -> None:
    """Choose actions by what they are called, and close what they open."""
    for label in labels:
        screen = pilot.app.screen
        assert isinstance(screen, TrainingScreen), screen
        names = [action.label for action in screen._run.available()]
        await type_text(pilot, str(names.index(label) + 1))
        await press(pilot, "enter")
        await settle(pilot)
        while not isinstance(pilot.app.screen, TrainingScreen | DebriefScreen):
            await press(pilot, "escape")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_scenario_looks_as_it_should(shipped: Path, size: tuple[int, int]) -> None:
    async with playing(shipped, camera(), size) as pilot:
        same_as_golden(f"training-{size[0]}", shown(pilot))
        await type_text(pilot, "1")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, TrainingResult)
        same_as_golden(f"training-check-{size[0]}", shown(pilot))


async def test_a_whole_scenario_by_keyboard_ends_in_its_debrief(shipped: Path, home: Path) -> None:
    run = camera()
    async with playing(shipped, run) as pilot:
        await choose(pilot, "Check the declaration", "Open the invoice", "Ask the broker on what Y901 rests")
        await choose(
            pilot,
            "Ask the broker for the data sheet",
            "Open the data sheet",
            "Check again with the values of the data sheet",
        )
        await choose(pilot, "Phone the licensing authority at the number of the registry")
        assert "09:09, 16 min left" in shown(pilot).splitlines()[0]
        await press(pilot, "f5")
        assert "How sure are you" in shown(pilot)
        await press(pilot, *["down"] * 4, "enter")
        assert isinstance(pilot.app.screen, DebriefScreen)
        same_as_golden("training-debrief", shown(pilot))
        await press(pilot, "enter")
        text = pilot.app.screen.page_text()
        assert "Question 1: What does Y901 prove?" in text
        assert "It is the declarant's statement" not in text
        await press(pilot, "enter")
        assert "It is the declarant's statement" in pilot.app.screen.page_text()
        await press(pilot, "f2", "f3", "f7")
        await press(pilot, "f10")
        assert isinstance(pilot.app.screen, HomeScreen)
    assert sorted(path.suffix for path in (home / "papers").iterdir()) == [".md", ".pdf", ".txt"]
    result = run.result()
    assert (result.decision, result.confidence, result.minutes) == ("detain_and_refer", 90, 29)


async def test_the_kit_s_clock_is_the_scenario_s_until_it_is_left(shipped: Path) -> None:
    run = camera()
    async with playing(shipped, run) as pilot:
        app = pilot.app
        assert isinstance(app, BorderKitApp)
        assert app.settings.now == run.scenario.at(0)
        await choose(pilot, "Check the declaration", "Have the carton opened and read the labels")
        assert run.step.progress.minutes > 0
        assert app.settings.now == run.scenario.at(run.step.progress.minutes)
        await press(pilot, "f10")
        assert app.settings.now == NOW


async def test_the_screen_and_the_plain_runner_give_the_same_result(
    shipped: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = camera()
    async with playing(shipped, run) as pilot:
        await choose(pilot, "Check the declaration", "Have the carton opened and read the labels")
        await press(pilot, "f4", "enter")
    answers = tmp_path / "answers.txt"
    answers.write_text("check_declaration\nexamine_goods\ndecide_examine 50\n", encoding="utf-8")
    command(
        [
            "train",
            "run",
            CAMERA,
            "--answers",
            str(answers),
            "--catalog",
            str(shipped),
            "--json",
            "--now",
            NOW.isoformat(),
        ],
        no_application,
    )
    plain = json.loads(capfd.readouterr().out)["result"]
    screen = run.result().to_json()
    assert {**plain, "log": ""} == {**screen, "log": ""}


async def test_the_banner_stands_on_every_screen_while_a_scenario_is_played(shipped: Path) -> None:
    async with playing(shipped, camera()) as pilot:
        await type_text(pilot, "1")
        await press(pilot, "enter")
        for key in ("f6", "escape", "f8", "escape", "f9", "escape", "f1"):
            await press(pilot, key)
            assert shown(pilot).splitlines()[0].startswith(" TRAINING: everything here is fictional"), key
        await press(pilot, "escape", "escape")
        for scanned in ("Brumovich", "852589", "IND-22-0071", "CL1:ABC"):
            await burst(pilot, scanned + "\n")
            assert shown(pilot).splitlines()[0].startswith(" TRAINING"), scanned
            await press(pilot, "escape")
        await press(pilot, "ctrl+p")
        assert shown(pilot).splitlines()[0].startswith(" TRAINING")


async def test_no_party_licence_or_case_of_the_office_can_be_reached_while_a_scenario_is_played(
    shipped: Path, home: Path
) -> None:
    async with playing(shipped, camera()) as pilot:
        app = pilot.app
        assert isinstance(app, BorderKitApp)
        root = await app.backroom.ask(lambda desk: desk.settings.catalog_root())
        book = await app.backroom.ask(lambda desk: (desk.casebook.rows(), desk.settings.casebook_path())[1])
        assert "border-kit-training-" in str(root)
        assert "border-kit-training-" in str(book)
        listed = await app.backroom.ask(lambda desk: desk.catalog.rows("parties", "SELECT caption FROM party"))
        assert {row["caption"] for row in listed} == {"Qarvel Maritime Provisions", "Lasko Bremovani"}
        await press(pilot, "f10")
        assert isinstance(app.screen, HomeScreen)
        assert "TRAINING" not in shown(pilot)
        assert "parties 2d*" in shown(pilot)
        assert await app.backroom.ask(lambda desk: desk.settings.catalog_root()) == shipped
        assert not root.exists()
    assert not (home / "casebook.sqlite").exists()


async def test_a_run_that_was_left_goes_on_from_the_list(shipped: Path) -> None:
    run = camera()
    async with playing(shipped, run) as pilot:
        await choose(pilot, "Check the declaration", "Open the invoice")
        await press(pilot, "f10")
        await open_list(pilot)
        text = shown(pilot)
        assert "left: goes on" in text
        assert not {"signal", "noise"} & set(text.split())
        index = next(number for number, row in enumerate(text.splitlines()) if "left: goes on" in row)
        top = next(number for number, row in enumerate(text.splitlines()) if row.strip().startswith("*"))
        await press(pilot, *["down"] * (index - top), "enter")
        await settle(pilot)
        assert "Open the invoice (08:43, 42 min left)" in shown(pilot)
        await press(pilot, "f8")
        assert "Check the declaration" in shown(pilot)
        await press(pilot, "down", "enter")
        assert "Corvane HX6" in shown(pilot)


async def open_list(pilot: Pilot[None]) -> None:
    await press(pilot, "down")
    while "Training" not in _highlighted(pilot):
        await press(pilot, "down")
    await press(pilot, "enter")
    await settle(pilot)


def _highlighted(pilot: Pilot[None]) -> str:

    listed = pilot.app.screen.query_one(Choices)
    return str(listed.get_option_at_index(listed.highlighted or 0).prompt)


async def test_papers_are_proven_by_their_code_newer_lists_change_the_answer_and_messages_press_in(
    shipped: Path,
) -> None:
    async with playing(shipped, begun(PAPERS)) as pilot:
        assert "Let it go." in shown(pilot)  # presses in at once
        await press(pilot, "enter")
        app = pilot.app
        assert isinstance(app, BorderKitApp)
        assert app.training is not None
        play = app.training.play
        text = await app.backroom.ask(lambda _desk: play.world.papers.texts["good"])
        assert "parties 129d" in shown(pilot)
        await burst(pilot, text + "\n")
        assert "certificate PASS" in shown(pilot)
        assert play.run.step.progress.done == ("scan_good",)
        await press(pilot, "escape")
        await type_text(pilot, str([item.id for item in play.run.available()].index("wait") + 1))
        await press(pilot, "enter")
        assert "Here is a stick from the office." in shown(pilot)
        await press(pilot, "enter")
        await choose(pilot, "Load the stick")
        assert "parties 1d" in shown(pilot)
        found = await app.backroom.ask(lambda _desk: play.world.prove("good").verification.verdict)
        assert found == "fail"


async def test_an_exam_ends_without_outcome_or_debrief(shipped: Path) -> None:
    run = begun(find(default_modules(), CAMERA), mode="exam")
    async with playing(shipped, run) as pilot:
        await press(pilot, "f2", "enter")
        text = shown(pilot)
        assert "Your decision is recorded." in text
        assert "left on the morning flight" not in text
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, HomeScreen)
    assert run.result().decision == "release"


async def test_a_decision_can_be_taken_back_until_the_confidence_is_stated(shipped: Path) -> None:
    run = camera()
    async with playing(shipped, run) as pilot:
        await press(pilot, "f2", "escape")
        assert not run.ended
        await type_text(pilot, "99")
        await press(pilot, "enter")
        await press(pilot, "escape")
        assert run.done == []
