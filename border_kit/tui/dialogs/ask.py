"""Small questions: a reason, a choice, an error to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from border_kit.tui.plain import Choices, Field, Text, choice, plain


class ReasonDialog(ModalScreen[str | None]):
    """Ask for words; Enter takes them, Esc takes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f10", "cancel", "Cancel")]

    def __init__(self, question: str, *, needed: bool = True) -> None:
        """Ask `question`; where words are not `needed`, Enter alone says nothing and goes on."""
        super().__init__()
        self._question = question
        self._needed = needed

    def compose(self) -> ComposeResult:
        """The question and a field."""
        with Vertical(classes="dialog"):
            yield Text(self._question)
            yield Field(id="reason", longest=2_000)
            yield Text("Enter saves · Esc goes back", classes="notes")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the words, if there are any."""
        if event.value.strip() or not self._needed:
            self.dismiss(event.value)

    def action_cancel(self) -> None:
        """Nothing was said."""
        self.dismiss(None)


class ChoiceDialog(ModalScreen[str | None]):
    """Choose one of a few rows; Esc chooses none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f10", "cancel", "Cancel")]

    def __init__(self, question: str, rows: Sequence[tuple[str, str]]) -> None:
        """Ask `question`; `rows` are (key, text)."""
        super().__init__()
        self._question = question
        self._rows = tuple(rows)

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        with Vertical(classes="dialog"):
            yield Text(self._question)
            yield Choices(*(choice(plain(text), key) for key, text in self._rows))
            yield Text("Enter chooses · Esc goes back", classes="notes")

    def on_mount(self) -> None:
        """Arrows move at once."""
        self.query_one(Choices).focus()

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Take the row."""
        event.stop()
        self.dismiss(event.option.id)

    def action_cancel(self) -> None:
        """None was chosen."""
        self.dismiss(None)


class MessageDialog(ModalScreen[None]):
    """Something to read: what happened, and what to do next."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,f10", "close", "Close")]

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        """Show a message and the next step."""
        super().__init__()
        self._title, self._message, self._hint = title, message, hint

    def compose(self) -> ComposeResult:
        """Title, message, next step."""
        with Vertical(classes="dialog"):
            yield Text(self._title)
            yield Text(self._message)
            if self._hint:
                yield Text(self._hint)
            yield Text("Enter or Esc closes", classes="notes")

    def action_close(self) -> None:
        """Read."""
        self.dismiss(None)
