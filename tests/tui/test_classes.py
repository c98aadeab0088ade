"""Classes on the screen: drawn, taken in, reported and saved by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from border_kit import signing
from border_kit.desk import places
from border_kit.desk.settings import Settings
from border_kit.training.classes import trainer
from border_kit.training.classes.holding import Class
from border_kit.training.classes.pack import Pack, Results
from border_kit.tui.screens.classes import ClassesScreen
from tests.training.test_classes import expert, releases, started, taken
from tests.tui.screens import opened, press, same_as_golden, settle, shown, type_text
from tests.tui.test_screens import fixed


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A stick with the results of two of three learners, of a class that was started here, with a key from earlier."""
    key = places.home() / "training" / "trainer.key"
    key.parent.mkdir(parents=True)
    key.write_text(signing.text(bytes(range(32))), encoding="ascii")
    _, packs = started(tmp_path / "stick", "ana,ben,cem", warm_up=6)
    for pack, line in zip(packs, (expert, releases), strict=False):
        taken(pack, line, tmp_path / "work")
    return tmp_path / "stick"


async def test_results_are_taken_in_and_reported_by_keys(shipped: Path, stick: Path, office: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(ClassesScreen())
        await settle(pilot)
        assert "0 of 3 back" in shown(pilot)
        await press(pilot, "f3")
        await type_text(pilot, str(stick))
        await press(pilot, "enter")
        assert "ana: 6 of 6 decided" in shown(pilot)
        assert "Nothing yet of cem." in shown(pilot)
        await press(pilot, "escape")
        same_as_golden("classes", shown(pilot))
        await press(pilot, "enter")
        same_as_golden("class-report", shown(pilot))
        await press(pilot, "escape", "f4", "f5")
    saved = sorted(path.name for path in (office / "papers").iterdir())
    assert saved == ["class-spring-001.csv", "class-spring-001.pdf"]
    assert (office / "papers" / saved[1]).read_bytes().startswith(b"%PDF")


async def test_a_class_is_drawn_by_keys(shipped: Path, tmp_path: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await press(pilot, "down", "end", "enter")
        assert isinstance(pilot.app.screen, ClassesScreen)
        assert "No class was started here yet" in shown(pilot)
        await press(pilot, "f2")
        for words in ("autumn", "ana, ben", str(tmp_path / "packs")):
            await type_text(pilot, words)
            await press(pilot, "enter")
        await press(pilot, "f2")
        assert "Choose a PIN" in shown(pilot)
        await type_text(pilot, "orange-7")
        await press(pilot, "enter")
        await type_text(pilot, "orange-8")
        await press(pilot, "enter")
        assert not (tmp_path / "packs").exists()
        await press(pilot, "f2")
        for words in ("autumn", "ana, ben", str(tmp_path / "packs")):
            await type_text(pilot, words)
            await press(pilot, "enter")
        await press(pilot, "f2")
        for _ in range(2):
            await type_text(pilot, "orange-7")
            await press(pilot, "enter")
        assert "orange" not in shown(pilot)
        assert "autumn" in shown(pilot)
        await press(pilot, "escape")
        assert shown(pilot).startswith("border_kit")
    held = Class.load("autumn")
    assert (list(held.learners), len(held.session.items)) == (["ana", "ben"], 26)
    assert len(list((tmp_path / "packs").glob("*.pack.json"))) == 2


async def test_a_class_is_signed_with_the_pin_that_is_changed_by_keys(shipped: Path, tmp_path: Path) -> None:
    key = trainer.make("orange-7")
    async with opened(fixed(shipped), size=(120, 40)) as pilot:
        await pilot.app.push_screen(ClassesScreen())
        await settle(pilot)
        await press(pilot, "f8")
        assert f"The PIN of your key {key.id}" in shown(pilot)
        await type_text(pilot, "orange-8")
        await press(pilot, "enter")
        assert "The PIN is wrong." in shown(pilot)
        await press(pilot, "escape", "f8")
        for words in ("orange-7", "lemon-12", "lemon-12"):
            await type_text(pilot, words)
            await press(pilot, "enter")
        assert trainer.unlocked("lemon-12") == key
        await press(pilot, "f2")
        for words in ("autumn", "ana", str(tmp_path / "packs"), "4", "25", "10", "30"):
            await press(pilot, "home", *["delete"] * 2)
            await type_text(pilot, words)
            await press(pilot, "enter")
        await press(pilot, "f2")
        await type_text(pilot, "lemon-12")
        await press(pilot, "enter")
    held = Class.load("autumn")
    kinds = [(item.mode, held.scenario(item).kind) for item in held.session.items]
    assert Pack.load(tmp_path / "packs" / "autumn-ana.pack.json").trainer == key.public
    assert (kinds.count(("warm_up", "signal")), kinds.count(("exam", "signal")), len(kinds)) == (1, 3, 14)


async def test_an_edited_result_is_refused_on_the_screen_with_the_reason(shipped: Path, stick: Path) -> None:
    path = stick / "spring-ana.result.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"confidence": 90', '"confidence": 99'), encoding="utf-8")
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(ClassesScreen())
        await settle(pilot)
        await press(pilot, "f3")
        await type_text(pilot, str(stick))
        await press(pilot, "enter")
        assert "REFUSED spring-ana.result.json" in shown(pilot)
        assert "is not what was signed" in " ".join(shown(pilot).split())


async def test_a_wrong_form_is_told_and_writes_nothing(shipped: Path, tmp_path: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(ClassesScreen())
        await settle(pilot)
        await press(pilot, "f2", "f2")
        assert "The packs need a folder." in shown(pilot)
    assert not (tmp_path / "office" / "training" / "classes").exists()


async def test_a_learner_takes_a_pack_by_keys_and_the_results_stand_beside_it(shipped: Path, tmp_path: Path) -> None:
    held, packs = started(tmp_path / "stick", "ana")
    scenario = held.scenario(held.session.items[0])
    async with opened(Settings(catalog=shipped)) as pilot:
        await pilot.app.push_screen(ClassesScreen())
        await settle(pilot)
        await press(pilot, "f6")
        await type_text(pilot, str(packs[0]))
        await press(pilot, "enter")
        await type_text(pilot, "0123456789abcdef")
        await press(pilot, "enter")
        assert "not by 0123456789abcdef" in " ".join(shown(pilot).split())
        await press(pilot, "escape", "f6")
        for words in (str(packs[0]), trainer.unlocked("").id):
            await type_text(pilot, words)
            await press(pilot, "enter")
        assert "0 of 2 decided" in shown(pilot)
        await press(pilot, "f2")
        assert scenario.title in shown(pilot)
        assert "TRAINING" in shown(pilot)
        await press(pilot, "f2", "enter")
        await press(pilot, *["escape"] * 4)
    decided = Results.read((tmp_path / "stick" / "spring-ana.result.json").read_bytes(), "ana").results[0]
    assert decided is not None
    assert (decided.mode, decided.learner, decided.decision) == ("warm_up", "ana", "release")
