"""What every screen has: a title, the age of the data in the same corner, the keys in the footer, a way to save what is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen

from border_kit.desk import papers
from border_kit.desk.desk import Desk
from border_kit.errors import BorderKitError
from border_kit.tui import plain
from border_kit.tui.plain import Text

if TYPE_CHECKING:
    from border_kit.tui.app import BorderKitApp

MIN_WIDTH, MIN_HEIGHT = 60, 20

Answer = TypeVar("Answer")


class DeskScreen(Screen[None]):
    """The base of every screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.show_help", "Help"),
        Binding("f7", "save_text", "Save"),
        Binding("f10", "leave", "Back"),
        Binding("escape", "leave", "Close", show=False),
        Binding("ctrl+o", "app.sign_in", "Operator: sign in or off", key_display="Ctrl+O"),
    ]

    heading = "border_kit"
    """What stands in the title bar."""

    @property
    def desk_app(self) -> BorderKitApp:
        """The application, typed."""
        from border_kit.tui.app import BorderKitApp  # the application imports the screens

        assert isinstance(self.app, BorderKitApp)  # narrows Textual's App
        return self.app

    def compose(self) -> ComposeResult:
        """The frame; a screen fills `body()`. In training its first row says so, on every screen."""
        if self.desk_app.training is not None:
            yield Text(self.desk_app.training.banner(), id="training")
        with Horizontal(id="bar"):
            yield Text(plain.plain(self.heading), id="title")
            yield Text(self.desk_app.ages, id="ages")
        with Vertical(id="body"):
            yield from self.body()
        yield Text(f"This terminal is too small: border_kit needs {MIN_WIDTH} × {MIN_HEIGHT}.", id="too-small")
        yield Text(self._keys(), id="keys")

    def _keys(self) -> Content:
        """Every function key of this screen, in the order of the keyboard: all of them fit 80 cells."""
        shown: dict[int, str] = {}
        for binding in self._bindings.shown_keys:
            number = (binding.key_display or binding.key).upper().removeprefix("F")
            if number.isdigit():
                shown[int(number)] = binding.description
        parts = [part for number, what in sorted(shown.items()) for part in (" ", (f"F{number}", "strong"), f" {what}")]
        return plain.line(*parts[1:])

    def body(self) -> ComposeResult:
        """The screen's own widgets."""
        yield from ()

    def title_is(self, text: str | Content) -> None:
        """Change the title."""
        self.query_one("#title", Text).show(text if isinstance(text, Content) else plain.plain(text))

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the terminal is too small, instead of breaking."""
        self.set_class(event.size.width < MIN_WIDTH or event.size.height < MIN_HEIGHT, "too-small")

    async def ask(self, question: Callable[[Desk], Answer]) -> Answer | None:
        """Ask the desk; an error is shown as words and gives None. What needs an operator asks who acts, and goes on."""
        try:
            return await self.desk_app.backroom.ask(question)
        except BorderKitError as error:
            if error.code == "sign_in":
                return await self.ask(question) if await self.desk_app.sign_in() else None
            self.desk_app.show_error(error)
            return None

    def page_text(self) -> str:
        """What F7 saves: by default what is on the screen."""
        return screen_text(self)

    def action_save_text(self) -> None:
        """Save what is seen as a text file."""
        try:
            path = papers.save_text(self.heading, self.page_text())
        except BorderKitError as error:
            self.desk_app.show_error(error)
        else:
            plain.tell(self.app, f"Saved as {path}")

    def action_leave(self) -> None:
        """Back to the screen before."""
        if len(self.app.screen_stack) > 2:  # Textual's own bottom screen and the home screen
            self.app.pop_screen()


def screen_text(screen: Screen[Any]) -> str:
    """The characters on a screen, row by row."""
    strips = screen._compositor.render_strips()  # noqa: SLF001 - Textual has no public way to read the screen as text
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
