"""A scenario, played: what happened so far, the scan field, what can be done now, and the decision on the officer's own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input

from border_kit.desk.scan import recognise
from border_kit.errors import BorderKitError
from border_kit.findings import Advice
from border_kit.text import whole_number
from border_kit.training import telling
from border_kit.training.model import Action, Document, Inject
from border_kit.training.play import Play, Told
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ChoiceDialog, MessageDialog
from border_kit.tui.plain import Choices, ScanField, Text, choice, line, lines
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.certificate import CertificateScreen
from border_kit.tui.screens.page import PageScreen
from border_kit.tui.screens.result import ResultScreen
from border_kit.tui.screens.scanned import open_scan
from border_kit.tui.sheet import cut

_SURE = (
    (50, " 50 %  as likely wrong as right"),
    (60, " 60 %"),
    (70, " 70 %"),
    (80, " 80 %"),
    (90, " 90 %"),
    (100, "100 %  certain"),
    (30, " 30 %  more likely wrong"),
    (10, " 10 %  nearly sure that it is wrong"),
)


Opening = Callable[[], DeskScreen]
"""Makes a screen; one that was closed cannot be shown again."""


class TrainingScreen(DeskScreen):
    """Everything that is done here is kept before its result is shown; what is left goes on later."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "decide('release')", "Release"),
        Binding("f3", "decide('document_check')", "Docs"),
        Binding("f4", "decide('examine')", "Exam"),
        Binding("f5", "decide('detain_and_refer')", "Hold"),
        Binding("f6", "brief", "Brief"),
        Binding("f8", "again", "Seen"),
        Binding("escape", "to_scan", show=False),
        Binding("down", "into_list", show=False),
        Binding("pageup", "story(-1)", show=False),
        Binding("pagedown", "story(1)", show=False),
    ]

    def __init__(self, play: Play) -> None:
        """Play, or go on playing."""
        super().__init__()
        self._play = play
        self._run = play.run
        self._busy = False
        self._seen: dict[str, tuple[str, Opening]] = {}
        self.heading = f"scenario: {play.run.scenario.title}"

    def body(self) -> ComposeResult:
        """The scan field, the story, and what can be done."""
        yield ScanField(hint="number of an action, or scan", id="scan", longest=10_000)
        with VerticalScroll(id="story", can_focus=False):
            yield Text(id="told")
        yield Choices(id="actions", classes="answers")

    def on_mount(self) -> None:
        """What happened so far, and the scanner first."""
        for message in self._run.step.messages if not self._run.done else ():
            self._press(message)
        self.action_to_scan()
        self._paint()
        if self._run.done:
            self._recall()

    @work(group="recall")
    async def _recall(self) -> None:
        """What was seen before the run was left, on the lists as they are now."""
        found = await self.ask(lambda _desk: [(told.action, self._screen(told)) for told in self._told_before()]) or []
        self._seen |= {action.id: (action.label, shown) for action, shown in found if shown is not None}

    def _told_before(self) -> Iterable[Told]:
        for done, step in zip(self._run.done, self._run.steps, strict=True):
            action = self._run.scenario.action(done.action)
            yield Told(action, step, self._play.paper(action), *self._play.answer(action))

    def on_screen_resume(self) -> None:
        """Back from a paper or an answer."""
        self.action_to_scan()

    def action_to_scan(self) -> None:
        """The scan field takes focus back."""
        self.query_one("#scan", Input).focus()

    def action_into_list(self) -> None:
        """Down leaves the field for the list."""
        self.query_one("#actions", Choices).focus()

    def action_story(self, pages: int) -> None:
        """Scroll the story."""
        story = self.query_one("#story", VerticalScroll)
        (story.scroll_page_down if pages > 0 else story.scroll_page_up)(animate=False)

    # What is shown

    def _paint(self) -> None:
        story = [*self._opening(), *self._steps()]
        self.query_one("#told", Text).show(lines(story))
        rows = [
            choice(
                line((f"{number:2} ", "strong"), (f"{action.kind.replace('_', ' '):9} ", "dim"), action.label),
                action.id,
            )
            for number, action in enumerate(self._run.available(), 1)
        ]
        self.query_one("#actions", Choices).fill(rows)
        if self._run.done:
            self.call_after_refresh(self.query_one("#story", VerticalScroll).scroll_end, animate=False)

    def _opening(self) -> Iterable[Content]:
        scenario = self._run.scenario
        for text in (scenario.learner, scenario.briefing):
            yield from self._words(text)
        papers = ", ".join(item.title for item in scenario.documents if item.at_hand) or "none"
        yield from self._words(f"Papers at hand: {papers}", "dim")

    def _steps(self) -> Iterable[Content]:
        """The story of the steps, each with what it let one see."""
        for done, step in zip(self._run.done, self._run.steps, strict=True):
            told = Told(self._run.scenario.action(done.action), step)
            first, *rest = telling.told(self._play, told)
            yield line((first.removeprefix("-- "), "strong"))
            for row in rest:
                yield from self._words(row, "amber" if row.startswith(">>") else "")

    def _words(self, text: str, style: str = "") -> Iterable[Content]:
        for part in plain.block(text).plain.splitlines() or [""]:
            yield from (line((row, style)) for row in cut(part, max(40, self.size.width - 4)))

    def page_text(self) -> str:
        """The whole story."""
        return lines([*self._opening(), *self._steps()]).plain

    # What is done

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Do what the row says."""
        self._choose(event.option.id or "")

    @work(exclusive=True, group="scan")
    async def on_scan_field_scanned(self, event: ScanField.Scanned) -> None:
        """A number of the list, the code of a paper at hand, or anything that the officer's own field takes."""
        burst = event.burst.strip()
        actions = self._run.available()
        number = whole_number(burst, 2)
        if number is not None and 1 <= number <= len(actions):
            self._choose(actions[number - 1].id)
            return
        paper = await self.ask(lambda _desk: self._bearing(burst, actions))
        if paper is not None:
            self._choose(paper)
            return
        scan = await self.ask(lambda desk: recognise(desk, event.burst))
        if scan and scan.kind == "file":
            plain.tell(self.app, "Files of the office are not opened while a scenario is played.", severe=True)
        elif scan:
            note = await open_scan(self, scan)
            if note:
                plain.tell(self.app, note, severe=True)

    def _bearing(self, burst: str, actions: Iterable[Action]) -> str | None:
        """The action that scans the paper whose code this is, as the first of those that can be done."""
        texts = self._play.world.papers.texts
        for action in actions:
            paper = self._play.paper(action) if action.kind == "scan" else None
            if paper is not None and paper.certificate is not None and texts[paper.certificate] == burst:
                return action.id
        return None

    def _choose(self, name: str) -> None:
        action = next((item for item in self._run.available() if item.id == name), None)
        if action is None or self._busy:
            return
        if action.decision is not None:
            self._decide(action)
        else:
            self._act(action)

    @work(group="step")
    async def _act(self, action: Action, confidence: int | None = None) -> None:
        """Do it, show what it opened, let messages press in."""
        self._busy = True
        try:
            told = await self.desk_app.backroom.ask(lambda _desk: self._play.do(action.id, confidence))
            shown = await self.ask(lambda _desk: self._screen(told))
            await self.desk_app.refresh_training()
        except BorderKitError as error:
            self.desk_app.show_error(error)
            return
        finally:
            self._busy = False
        self._paint()
        if self._run.ended:
            self._end()
            return
        if shown is not None:
            self._seen[action.id] = (action.label, shown)
            self.app.push_screen(shown())
        for message in told.step.messages:
            self._press(message)

    def _screen(self, told: Told) -> Opening | None:
        """What makes the officer's own screen for what an action opened."""
        if told.assessment is not None and told.action.of is not None:
            shipment = self._play.world.shipment(told.action.of)
            return partial(TrainingResult, self, shipment, told.assessment.to_json())
        if told.checked is not None:
            return partial(CertificateScreen, found=dict(told.checked.to_json()))
        return partial(PaperScreen, told.document, told) if told.document is not None else None

    def _press(self, message: Inject) -> None:
        sender = self._run.scenario.role(message.sender)
        self.app.push_screen(MessageDialog(f"{sender.name}", message.text))

    def action_decide(self, decision: str) -> None:
        """Decide, on the keys of the officer's own screen."""
        actions = [item for item in self._run.available() if item.decision is Advice(decision)]
        if not actions:
            plain.tell(self.app, "That cannot be decided here now.")
        else:
            self._decide(actions[0], *actions[1:])

    @work(group="decide", exclusive=True)
    async def _decide(self, *actions: Action) -> None:
        """Ask how sure the learner is, then decide."""
        action = actions[0]
        if len(actions) > 1:
            rows = [(item.id, item.label) for item in actions]
            chosen = await self.app.push_screen_wait(ChoiceDialog("Which decision?", rows))
            if chosen is None:
                return
            action = self._run.scenario.action(chosen)
        sure = await self.app.push_screen_wait(
            ChoiceDialog(
                f"{action.label}. How sure are you that this is right?", [(str(per), text) for per, text in _SURE]
            )
        )
        if sure is not None:
            self._act(action, int(sure))

    def _end(self) -> None:
        """The debrief; after an exam, nothing but that it is recorded."""
        from border_kit.tui.screens.debriefing import DebriefScreen  # at the end only

        while self.app.screen is not self:
            self.app.pop_screen()
        if self._run.tells:
            self.app.push_screen(DebriefScreen(self._run))
        else:
            self.desk_app.leave_training()
            self.app.push_screen(
                MessageDialog("Recorded", "Your decision is recorded.", "The trainer holds the debrief.")
            )

    # What can be looked at again

    def action_brief(self) -> None:
        """The briefing, and who is there."""
        scenario = self._run.scenario
        rows = [*telling.opening(self._play)]
        self.app.push_screen(PageScreen(f"briefing: {scenario.title}", "\n".join(rows)))

    @work(exclusive=True, group="again")
    async def action_again(self) -> None:
        """Papers and answers that were seen already, which costs no time."""
        if not self._seen:
            plain.tell(self.app, "Nothing was opened or checked yet.")
            return
        rows = [(name, label) for name, (label, _) in self._seen.items()]
        name = await self.app.push_screen_wait(ChoiceDialog("What do you want to see again?", rows))
        if name is not None:
            self.app.push_screen(self._seen[name][1]())

    def action_leave(self) -> None:
        """Leave; the run is kept and goes on from the list of scenarios."""
        self.desk_app.leave_training()
        plain.tell(self.app, "The run is kept: choose the scenario again to go on.")


class TrainingResult(ResultScreen):
    """The officer's answer screen; a decision on it is the scenario's."""

    def __init__(self, training: TrainingScreen, shipment: Any, document: Any) -> None:
        """Show an assessment of the scenario that is played on `training`."""
        super().__init__(shipment, document)
        self._training = training

    def action_decide(self, decision: str) -> None:  # type: ignore[override]  # the officer's own is a worker, which nobody awaits
        """Decide in the scenario."""
        self._training.action_decide(decision)


class PaperScreen(PageScreen):
    """A paper of the scenario, with what opening it let one see."""

    def __init__(self, document: Document, told: Told) -> None:
        """Show a paper."""
        seen = "\n".join(f"» {item.text}" for item in told.step.observations)
        code = "\n\n[QR code: scan it]" if document.certificate is not None else ""
        super().__init__(document.title, f"{document.text}{code}\n\n{seen}")
