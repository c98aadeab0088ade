"""Who acts: a badge, typed or scanned, and its PIN."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from border_kit.tui.plain import Field, Text


class SignInDialog(ModalScreen[tuple[str, str] | None]):
    """Ask for badge and PIN; Enter goes on, Esc goes back. An empty badge ends the shift of who was signed in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f10", "cancel", "Cancel")]

    def __init__(self, badge: str = "") -> None:
        """Begin with a badge that is known already."""
        super().__init__()
        self._badge = badge

    def compose(self) -> ComposeResult:
        """Two fields."""
        with Vertical(classes="dialog"):
            yield Text("Who acts? Scan or type your badge, then your PIN.")
            yield Field(self._badge, hint="badge", id="badge", longest=40)
            pin = Field(hint="PIN", id="pin", longest=200)
            pin.password = True
            yield pin
            yield Text("Enter goes on · no badge signs off · Esc goes back", classes="notes")

    def on_mount(self) -> None:
        """The PIN at once where the badge is known."""
        self.query_one("#pin" if self._badge else "#badge", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """From the badge to the PIN, and from there back."""
        badge = self.query_one("#badge", Input).value.strip()
        if event.input.id == "badge" and badge:
            self.query_one("#pin", Input).focus()
        else:
            self.dismiss((badge, self.query_one("#pin", Input).value))

    def action_cancel(self) -> None:
        """Nobody signed in."""
        self.dismiss(None)
