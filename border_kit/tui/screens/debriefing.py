"""The debrief on screen: result and lines side by side, then one question at a time, each before its answer."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from border_kit.clock import SystemClock
from border_kit.desk import papers
from border_kit.errors import BorderKitError
from border_kit.training import telling
from border_kit.training.debrief import debrief
from border_kit.training.run import Run
from border_kit.tui import plain
from border_kit.tui.plain import Choices, Text, choice
from border_kit.tui.screens.base import DeskScreen

_ASK, _ANSWER, _LEAVE = "ask", "answer", "leave"


class DebriefScreen(DeskScreen):
    """What is talked through after a run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save('pdf')", "PDF"),
        Binding("f3", "save('md')", "Markdown"),
        Binding("pageup", "story(-1)", show=False),
        Binding("pagedown", "story(1)", show=False),
    ]
    heading = "debrief"

    def __init__(self, run: Run) -> None:
        """Of a run that has ended."""
        super().__init__()
        self._found = debrief(run)
        self._rows = list(telling.debriefing(self._found))
        self._number = -1

    def body(self) -> ComposeResult:
        """The debrief so far, and the next question or answer."""
        with VerticalScroll(id="story", can_focus=False):
            yield Text(id="told")
        yield Choices(classes="answers")

    def on_mount(self) -> None:
        """The result first."""
        self.query_one(Choices).focus()
        self._paint(_ASK, end=False)

    def _paint(self, following: str, *, end: bool = True) -> None:
        self.query_one("#told", Text).show("\n".join(self._rows))
        left = len(self._found.questions) - self._number - 1
        if following == _ASK and not left:
            following = _LEAVE
        words = {
            _ASK: f"Next question ({left} left)",
            _ANSWER: "Think first, then Enter shows the answer",
            _LEAVE: "That was all: back",
        }
        self.query_one(Choices).fill([choice(words[following], following)])
        if end:
            self.call_after_refresh(self.query_one("#story", VerticalScroll).scroll_end, animate=False)

    def action_story(self, pages: int) -> None:
        """Scroll."""
        story = self.query_one("#story", VerticalScroll)
        (story.scroll_page_down if pages > 0 else story.scroll_page_up)(animate=False)

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """A question, its answer, or the end."""
        if event.option.id == _LEAVE:
            self.action_leave()
        elif event.option.id == _ASK:
            self._number += 1
            item = self._found.questions[self._number]
            self._rows += ["", *telling.paragraphs(f"Question {self._number + 1}: {item.ask}")]
            self._paint(_ANSWER)
        else:
            self._rows += telling.answer(self._found, self._number)
            self._paint(_ASK)

    def action_save(self, form: str) -> None:
        """Save the whole debrief, with every answer."""
        found = self._found
        try:
            content = found.paper(SystemClock().now()).to_pdf() if form == "pdf" else found.to_markdown().encode()
            path = papers.save(f"debrief {found.title}", content, form)
        except BorderKitError as error:
            self.desk_app.show_error(error)
        else:
            plain.tell(self.app, f"Saved as {path}")

    def page_text(self) -> str:
        """What was talked through so far."""
        return "\n".join(self._rows)

    def action_leave(self) -> None:
        """Back to the office's own desk."""
        self.desk_app.leave_training()
