"""Playing a scenario: the run that is kept, beside the world whose engines answer its checks and scans.

Both faces play through this. A play belongs to the thread that opened its world. The world's clock is the scenario's: it stands
where the minutes used so far have brought it, and an engine answers at the moment at which its action is done with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit.training.model import Action
from border_kit.training.overlay import World
from border_kit.training.run import Run
from border_kit.training.session import Step, at_hand, loaded, perform

if TYPE_CHECKING:
    from border_kit.desk.answers import Assessment
    from border_kit.desk.certificates import Checked
    from border_kit.training.model import Document


@dataclass(frozen=True, slots=True)
class Told:
    """What an action told: the step it led to, the paper that was opened, what the engines answered."""

    action: Action
    step: Step
    document: Document | None = None
    assessment: Assessment | None = None
    checked: Checked | None = None


class Play:
    """A run that is played. Its world is made when an engine is first asked, and again when newer lists were loaded."""

    def __init__(self, run: Run, installed: Path) -> None:
        """Play a run on the controls of an installed catalog."""
        self.run = run
        self._installed = installed
        self._world: World | None = None
        self._loaded: frozenset[str] = frozenset()

    def close(self) -> None:
        """Remove the world; the run's log stays."""
        if self._world is not None:
            self._world.close()
            self._world = None

    @property
    def world(self) -> World:
        """The world as it is now. Raises as `World.opened` does."""
        now = loaded(self.run.scenario, self.run.step.progress)
        if self._world is None or now != self._loaded:
            self.close()
            overlay = self.run.scenario.overlay.after(now)
            self._world = World.opened(overlay, self._installed, self.run.scenario.at(self.run.step.progress.minutes))
            self._loaded = now
        return self._world.at(self.run.scenario.at(self.run.step.progress.minutes))

    def do(self, name: str, confidence: int | None = None) -> Told:
        """Do an action. Raises as `Run.do` does, and CatalogError where the engines cannot answer; then it was not done."""
        action = next((item for item in self.run.available() if item.id == name), None)
        assessment, checked = self.answer(action) if action is not None else (None, None)
        step = self.run.do(name, confidence)
        done = self.run.scenario.action(name)
        return Told(done, step, self.paper(done), assessment, checked)

    def answer(self, action: Action) -> tuple[Assessment | None, Checked | None]:
        """What the engines say to an action, on the lists as they are now, at the moment at which it is done with."""
        scenario, paper = self.run.scenario, self.paper(action)
        after = scenario.at(perform(scenario, self.run.step.progress, action).progress.minutes)
        if action.kind == "check" and action.of is not None:
            return self.world.at(after).assess(action.of), None
        if action.kind == "scan" and paper is not None and paper.certificate is not None:
            return None, self.world.at(after).prove(paper.certificate, action.against)
        return None, None

    def paper(self, action: Action) -> Document | None:
        """The paper that an action opens, scans or compares."""
        if action.kind not in {"open", "scan", "seal"} or action.of is None:
            return None
        return self.run.scenario.document(action.of)

    def papers(self) -> tuple[Document, ...]:
        """The papers at hand."""
        names = at_hand(self.run.scenario, self.run.step.progress)
        return tuple(item for item in self.run.scenario.documents if item.id in names)
