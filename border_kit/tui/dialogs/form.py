"""A small form: a few fields, filled by typing or scanning, Enter goes on and takes them at the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from border_kit.tui.plain import Field, Text


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form: how it is called, what stands in it, a hint, whether it is a PIN (`secret`), which nobody sees."""

    name: str
    title: str
    value: str = ""
    hint: str = ""
    secret: bool = False


class FormDialog(ModalScreen[Mapping[str, str] | None]):
    """Fill in a few fields; Enter in the last takes them, Esc takes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10", "cancel", "Cancel"),
        Binding("f2", "take", "Take"),
        # Before the field has it: so the next key of a burst is the next field's.
        Binding("enter", "next", show=False, priority=True),
        Binding("down", "app.focus_next", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(self, title: str, fields: Sequence[Asked], note: str = "") -> None:
        """Ask for `fields` under a title."""
        super().__init__()
        self._title, self._fields, self._note = title, tuple(fields), note

    def compose(self) -> ComposeResult:
        """The fields, a row each."""
        with Vertical(classes="dialog"):
            yield Text(self._title)
            for asked in self._fields:
                with Horizontal(classes="field"):
                    yield Text(asked.title, classes="name")
                    field = Field(asked.value, hint=asked.hint, id=asked.name, longest=500)
                    field.password = asked.secret
                    yield field
            if self._note:
                yield Text(self._note, classes="notes")
            yield Text("Enter goes on, and takes them at the last · F2 takes them · Esc goes back", classes="notes")

    def on_mount(self) -> None:
        """Begin at the first field."""
        self.query(Input).first().focus()

    def action_next(self) -> None:
        """Go on to the next field; from the last one take them all, in its turn behind the keys it still has to read."""
        last = self.query_one(f"#{self._fields[-1].name}", Field)
        if self.focused is last:
            last.post_message(events.Key("enter", "\r"))
        else:
            self.app.action_focus_next()

    def on_input_submitted(self) -> None:
        """The last field has read its keys."""
        self.action_take()

    def action_take(self) -> None:
        """Take what stands there, once every field has read its keys."""
        self.call_after_refresh(self._take)

    def _take(self) -> None:
        self.dismiss({asked.name: self._value(asked) for asked in self._fields})

    def _value(self, asked: Asked) -> str:
        value = self.query_one(f"#{asked.name}", Input).value
        return value if asked.secret else value.strip()

    def action_cancel(self) -> None:
        """Nothing was filled in."""
        self.dismiss(None)
