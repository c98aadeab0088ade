"""What long lists share: a field that searches as one types, pages from SQL, keeping to some rows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual.widgets.option_list import Option

from border_kit.clock import parse_date
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ChoiceDialog, ReasonDialog
from border_kit.tui.plain import Choices, Field, Text
from border_kit.tui.screens.base import DeskScreen

PAGE = 200
PAUSE = 0.1
"""Seconds that fingers rest before the list is searched."""
ANY = "any"

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Page:
    """What a list shows: its rows, how many there are in all, and what is said above them."""

    rows: Sequence[Option]
    total: int
    told: str


@dataclass(frozen=True, slots=True)
class Choose:
    """A filter whose values are a few words; where `every` is false, one of them always holds."""

    question: str
    words: tuple[str, ...]
    every: bool = True


class PagedScreen(DeskScreen):
    """A long list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "page(-1)", "Prev"),
        Binding("f3", "page(1)", "Next"),
        Binding("down", "into_list", "List", show=False),
    ]
    hint: ClassVar[str] = ""

    def __init__(self) -> None:
        """Begin at the first page."""
        super().__init__()
        self._page = 0
        self._total = 0

    def body(self) -> ComposeResult:
        """A filter and the list."""
        yield Field(hint=self.hint, id="filter", longest=200)
        yield Text(id="count", classes="notes")
        yield Choices()

    async def page_at(self, text: str, offset: int) -> Page | None:
        """The rows from `offset` on that hold `text`; None where asking failed."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Ready for keys."""
        self.begin()

    def begin(self) -> None:
        """Type at once."""
        self.query_one("#filter", Input).focus()

    def on_screen_resume(self) -> None:
        """Something may have changed meanwhile."""
        self.load()

    def on_input_changed(self) -> None:
        """Filter as one types."""
        self.begin_anew()

    def on_input_submitted(self) -> None:
        """Enter goes to the list."""
        self.query_one(Choices).focus()

    def action_into_list(self) -> None:
        """Down leaves the filter for the list."""
        self.query_one(Choices).focus()

    def action_page(self, step: int) -> None:
        """Turn a page, as far as there are any."""
        if step < 0 or (self._page + 1) * PAGE < self._total:
            self._page = max(0, self._page + step)
            self.load()

    def begin_anew(self) -> None:
        """Show the first page of what is wanted now."""
        self._page = 0
        self.load()

    @property
    def typed(self) -> str:
        """What is searched for."""
        return self.query_one("#filter", Input).value

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor."""
        rows = self.query_one(Choices)
        return rows.get_option_at_index(rows.highlighted).id if rows.highlighted is not None else None

    @work(exclusive=True, group="list")
    async def load(self) -> None:
        """Show the page; the cursor stays on its row where that is still there."""
        await asyncio.sleep(PAUSE)
        found = await self.page_at(self.typed, self._page * PAGE)
        if found is None:
            return
        rows, before = self.query_one(Choices), self.chosen
        self._total = found.total
        rows.fill(found.rows)
        keys = [row.id for row in found.rows]
        if before in keys:
            rows.highlighted = keys.index(before)
        self.query_one("#count", Text).show(found.told)

    async def narrowed(self, kept: Kept, chosen: Mapping[str, Choose], typed: Mapping[str, str]) -> Kept | None:
        """Ask what to keep to: a dialog for the filter, one for its value. None where the officer stops."""
        rows = [(name, f"{name.replace('_', ' ')}: {said(kept, name)}") for name in (*chosen, *typed)]
        name = await self.app.push_screen_wait(ChoiceDialog("Keep to some", rows))
        if name is None:
            return None
        value = await (self._choose(chosen[name]) if name in chosen else self._type(name, typed[name]))
        if value is None:
            return None
        change: dict[str, Any] = {name: None if value == ANY else value}
        return replace(kept, **change)  # type: ignore[type-var]  # what is kept to is a dataclass

    async def _choose(self, choose: Choose) -> str | None:
        every = ((ANY, ANY),) if choose.every else ()
        rows = [*every, *((word, word.replace("_", " ")) for word in choose.words)]
        return await self.app.push_screen_wait(ChoiceDialog(choose.question, rows))

    async def _type(self, name: str, question: str) -> object:
        answer = await self.app.push_screen_wait(ReasonDialog(question, needed=False))
        if answer is None or not answer.strip():
            return None if answer is None else ANY
        if not name.endswith(("_from", "_to", "_by")):
            return answer.strip()
        try:
            return parse_date(answer.strip())
        except ValueError:
            plain.tell(self.app, f"{answer[:40]!r} is no date; write 2026-03-02.", severe=True)
            return None


def said(kept: object, name: str) -> str:
    """A filter's value in words."""
    value: Any = getattr(kept, name)
    return ANY if value is None else str(value).replace("_", " ")


def kept_to(kept: Any) -> str:
    """Every filter that narrows, in words behind a dot; nothing where none does."""
    found = (item for item in fields(kept) if item.name != "text" and getattr(kept, item.name) != item.default)
    told = ", ".join(f"{item.name.replace('_', ' ')} {said(kept, item.name)}" for item in found)
    return f" · {told}" if told else ""
