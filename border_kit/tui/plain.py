"""The one place that makes widgets from data.

Foreign text is cleaned (no control characters, no direction overrides) and never read as markup; a test holds every other module
of the application to making its text here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.app import App
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from border_kit.text import clean, clean_line, visible

Part = str | tuple[str, str]
"""A piece of a line: text, or text with the name of a style."""

STYLES = {
    "stop": "bold white on red",
    "check": "bold black on yellow",
    "cannot_tell": "bold white on blue",
    "nothing_found": "bold black on green",
    "strong": "bold",
    "dim": "dim",
    "red": "bold red",
    "amber": "yellow",
    "green": "green",
    "": "",
}
"""The styles a line may name. A verdict is a word first: every style may fail without losing a meaning."""


def plain(text: str) -> Content:
    """One line of foreign text."""
    return Content(clean_line(text))


def line(*parts: Part) -> Content:
    """One line of several pieces."""
    pieces = [(part, "") if isinstance(part, str) else part for part in parts]
    return Content.assemble(*((_safe(text), STYLES[style]) for text, style in pieces))


def lines(rows: Iterable[Content]) -> Content:
    """Several lines as one text."""
    return Content("\n").join(rows)


def block(text: str) -> Content:
    """A text of several lines."""
    return Content(clean(text))


def fit(text: str, width: int) -> str:
    """Cut a text to so many terminal cells, with an ellipsis where something is lost."""
    safe = clean_line(text)
    if cell_len(safe) <= width:
        return safe
    return set_cell_size(safe, max(0, width - 1)).rstrip() + "…" if width > 0 else ""


def pad(text: str, width: int) -> str:
    """Cut or fill a text to exactly so many terminal cells."""
    return set_cell_size(fit(text, width), width)


def _safe(text: str) -> str:
    """Clean inner text without losing the blanks that lay a line out."""
    stripped = clean_line(text)
    if stripped == text:
        return text
    head = text[: len(text) - len(text.lstrip(" "))]
    tail = text[len(text.rstrip(" ")) :] if text.strip(" ") else ""
    body = " ".join(clean(piece) for piece in text.strip(" ").split(" "))
    return head + body.replace("\n", " ").replace("\t", " ") + tail


class Text(Static):
    """A text on a screen."""

    def __init__(self, content: str | Content = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        """Show foreign text (a string is cleaned) or a line made here."""
        super().__init__(_content(content), markup=False, id=id, classes=classes)

    def show(self, content: str | Content) -> None:
        """Show another text."""
        self.update(_content(content))


def _content(content: str | Content) -> Content:
    return content if isinstance(content, Content) else block(content)


def choice(content: str | Content, key: str | None = None, *, disabled: bool = False) -> Option:
    """One row of a list."""
    return Option(content if isinstance(content, Content) else plain(content), id=key, disabled=disabled)


class Choices(OptionList):
    """A list of rows to move in and choose from."""

    def __init__(self, *rows: Option, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        """Show rows made by `choice()`."""
        super().__init__(*rows, id=id, classes=classes, markup=False, compact=True)

    def fill(self, rows: Iterable[Option]) -> None:
        """Show other rows."""
        self.clear_options()
        self.add_options(rows)
        if self.option_count:
            self.highlighted = 0


class Field(Input):
    """A field to type, scan or paste into; what is no text never gets in."""

    def __init__(
        self,
        value: str = "",
        *,
        hint: str = "",
        id: str | None = None,  # noqa: A002 - the toolkit's own name
        longest: int,
        classes: str | None = None,
    ) -> None:
        """A field that holds at most `longest` characters."""
        super().__init__(value[:longest], placeholder=clean_line(hint), id=id, max_length=longest, classes=classes)

    async def _on_key(self, event: events.Key) -> None:
        """Enter is taken in its turn: as a binding it would come after the keys that follow it in a burst."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.action_submit()
        else:
            await super()._on_key(event)

    def validate_value(self, value: str) -> str:
        """Keep one line of visible text."""
        return visible(value).replace("\n", " ").replace("\t", " ")[: self.max_length or None]


class ScanField(Field):
    """A field that gives its burst away and is empty again before the next key comes."""

    class Scanned(Message):
        """A burst ended with Enter; `burst` is what it was."""

        def __init__(self, burst: str) -> None:
            """Carry the burst."""
            super().__init__()
            self.burst = burst

    async def action_submit(self) -> None:
        """Take what stands here and make room for the next burst."""
        burst, self.value = self.value, ""
        self.post_message(self.Scanned(burst))


def tell(app: App[Any], message: str, *, severe: bool = False) -> None:
    """A passing notice."""
    app.notify(clean_line(message, 300), severity="error" if severe else "information", markup=False)
