"""Training in the application: while a scenario is played, every screen works on its world and says so in its first row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from border_kit.tui.plain import line

if TYPE_CHECKING:
    from border_kit.desk.settings import Settings
    from border_kit.training.play import Play
    from border_kit.tui.backroom import Backroom


@dataclass(slots=True)
class Training:
    """A scenario that is played, and the office's own desk to which the application returns."""

    play: Play
    settings: Settings
    backroom: Backroom
    ages: Content

    def banner(self) -> Content:
        """The first row of every screen."""
        from border_kit.training import telling

        run = self.play.run
        return line(f" {telling.BANNER}   {telling.clock(run.scenario, run.step.progress.minutes)}")
