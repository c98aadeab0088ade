"""Drill on the screen: by keyboard, at 80 × 24."""

from __future__ import annotations

from pathlib import Path

import pytest

from border_kit.training import scenario
from border_kit.training.drill.history import History, Review, path_of
from border_kit.tui.screens.drill import DrillScreen
from tests.conftest import NOW
from tests.tui.screens import opened, press, same_as_golden, settle, shown
from tests.tui.test_screens import fixed

MODULES = Path(__file__).parents[1] / "training" / "modules"


@pytest.fixture(autouse=True)
def _decks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own decks stand where the shipped ones are."""
    monkeypatch.setattr(scenario, "default_modules", lambda: MODULES)


def _answers(learner: str = "learner") -> list[tuple[str, str, bool | None]]:
    return [(review.card, review.rating, review.right) for review in History(path_of(learner)).reviews()]


async def test_a_card_is_asked_answered_and_kept(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(DrillScreen())
        await settle(pilot)
        same_as_golden("drill-question", shown(pilot))
        await press(pilot, "enter")
        same_as_golden("drill-answer", shown(pilot))
        assert _answers() == []
        await press(pilot, "enter")
        assert _answers() == [("lamps/who", "good", None)]
        assert "What has been proven?" in shown(pilot)


async def test_a_wrong_choice_is_kept_at_once_and_comes_again_before_the_end(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(DrillScreen())
        await settle(pilot)
        await press(pilot, "enter", "enter", "down", "enter")
        assert _answers()[1:] == [("lamps/claim", "again", False)]
        same_as_golden("drill-wrong", shown(pilot))
        for _ in range(30):
            await press(pilot, "enter")
            if _answers().count(("lamps/claim", "again", False)) and _answers().count(("lamps/claim", "good", True)):
                break
        assert ("lamps/claim", "good", True) in _answers()


async def test_home_says_how_many_cards_are_due(shipped: Path) -> None:
    history = History(path_of("learner"))
    for card in ("lamps/who", "lamps/claim"):
        history.add(Review(NOW, card, "again"))
    async with opened(fixed(shipped)) as pilot:
        assert "are due" not in shown(pilot)
    for card in ("lamps/who", "lamps/claim"):
        history.add(Review(NOW.replace(year=2025), card, "again"))
    async with opened(fixed(shipped)) as pilot:
        assert "Drill         2 cards are due" in shown(pilot)
        await press(pilot, "down", "end", "up", "enter")
        assert isinstance(pilot.app.screen, DrillScreen)
        assert "2 due" in shown(pilot)


async def test_one_deck_alone_is_drilled(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await pilot.app.push_screen(DrillScreen())
        await settle(pilot)
        await press(pilot, "f2")
        assert "every deck" in shown(pilot)
        await press(pilot, "end", "enter")
        assert "Does this entry reach these goods?" in " ".join(shown(pilot).split())
        assert "lamps" not in shown(pilot)


async def test_a_history_that_cannot_be_read_is_told_in_words(shipped: Path) -> None:
    path_of("learner").mkdir(parents=True)
    async with opened(fixed(shipped)) as pilot:
        assert "or is no file" in " ".join(shown(pilot).split())
