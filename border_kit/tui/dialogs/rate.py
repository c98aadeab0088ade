"""Rating a goods line step by step: one missing parameter at a time, answered yes, no, not known, a choice, or a value with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from border_kit.tui.plain import Choices, Field, Text, choice, plain

NOT_KNOWN = "not_known"

Document = Mapping[str, Any]


class RatingDialog(ModalScreen[str | None]):
    """One question of a rating; gives the answer as `case answer` takes it, or None where the officer stops."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "not_known", "Not known"),
        Binding("escape,f10", "stop", "Stop"),
    ]

    def __init__(self, question: Document, goods: str, step: str, wrong: str = "") -> None:
        """Ask a row of `open_parameters` about `goods`; `step` says how far the rating is, `wrong` why it is asked again."""
        super().__init__()
        self._question = question
        self._goods = goods
        self._step = step
        self._wrong = wrong

    def compose(self) -> ComposeResult:
        """The goods, the question, and what may be answered."""
        question = self._question
        with Vertical(classes="dialog"):
            yield Text(plain(self._step), classes="notes")
            yield Text(plain(self._goods))
            yield Text(question["text"])
            if self._wrong:
                yield Text(self._wrong, id="wrong")
            if question["kind"] == "quantity":
                yield Field(id="value", longest=200, hint=f"a value, such as 12.5 {question['unit'] or ''}".rstrip())
                yield Text(
                    "Enter saves · F9 not known (it never clears) · Esc stops, F8 goes on later", classes="notes"
                )
            else:
                rows = [(word, word.replace("_", " ").replace("-", " ")) for word in self._words()]
                yield Choices(
                    *(choice(plain(text), key) for key, text in rows), choice("not known (it never clears)", NOT_KNOWN)
                )
                yield Text("Enter chooses · Esc stops, F8 goes on later", classes="notes")

    def _words(self) -> tuple[str, ...]:
        return ("yes", "no") if self._question["kind"] == "yesno" else tuple(self._question["choices"])

    def on_mount(self) -> None:
        """Type or move at once."""
        self.query_one(Field if self._question["kind"] == "quantity" else Choices).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the value, if there is one."""
        if event.value.strip():
            self.dismiss(event.value.strip())

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Take the row."""
        event.stop()
        self.dismiss(event.option.id)

    def action_not_known(self) -> None:
        """Nobody knows yet."""
        self.dismiss(NOT_KNOWN)

    def action_stop(self) -> None:
        """Go on another time."""
        self.dismiss(None)
