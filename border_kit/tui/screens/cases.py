"""The case list: filtered as one types and by what cases wait for, a page at a time from the casebook."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from border_kit.casework.search import LANES, ORDERS, STATES, WAITS, Wanted
from border_kit.casework.summary import CaseRow
from border_kit.clock import parse_date
from border_kit.desk import render
from border_kit.desk.desk import Desk
from border_kit.findings import Advice
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ChoiceDialog, ReasonDialog
from border_kit.tui.plain import Choices, Field, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.result import ResultScreen

PAGE = 200
PAUSE = 0.1
"""Seconds that fingers rest before the list is searched."""
_ANY = "any"
_WIDE = 100

CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "state": ("How does it stand?", tuple(STATES)),
    "lane": ("Which lane?", LANES),
    "waits": ("What does it wait for?", WAITS),
    "decision": ("Which decision?", ("undecided", *(advice.value for advice in Advice))),
    "order": ("In which order?", ORDERS),
}
TYPED = {
    "badge": "Who acted in it (badge)?",
    "opened_from": "Opened on or after which day (2026-03-02)?",
    "opened_to": "Opened on or before which day?",
    "due_by": "Due on or before which day?",
}
DECISION_WORDS = {"release": "release", "document_check": "documents", "examine": "examine", "detain_and_refer": "hold"}
_STYLE = {"red": "red", "yellow": "amber", "blue": "", "green": "green"}


class CasesScreen(DeskScreen):
    """Cases."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "page(-1)", "Before"),
        Binding("f3", "page(1)", "After"),
        Binding("f4", "filter", "Filter"),
        Binding("f5", "every", "All"),
        Binding("down", "into_list", "List", show=False),
    ]
    heading = "cases"

    def __init__(self) -> None:
        """Begin at the newest."""
        super().__init__()
        self._page = 0
        self._kept = Wanted()
        self._shown: tuple[list[CaseRow], int] = ([], 0)

    def body(self) -> ComposeResult:
        """A filter and the list."""
        yield Field(hint="any part of a number, name, seal or description, in any script", id="filter", longest=200)
        yield Text(id="count", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Show the newest."""
        self.query_one("#filter", Input).focus()

    def on_screen_resume(self) -> None:
        """A case may have changed meanwhile."""
        self._load()

    def on_input_changed(self) -> None:
        """Filter as one types."""
        self._page = 0
        self._load()

    def on_input_submitted(self) -> None:
        """Enter goes to the list."""
        self.query_one(Choices).focus()

    def action_into_list(self) -> None:
        """Down leaves the filter for the list."""
        self.query_one(Choices).focus()

    def action_page(self, step: int) -> None:
        """Turn a page, as far as there are any."""
        if step < 0 or (self._page + 1) * PAGE < self._shown[1]:
            self._page = max(0, self._page + step)
            self._load()

    def action_every(self) -> None:
        """Every case again."""
        self._kept = Wanted()
        self.query_one("#filter", Input).value = ""
        self._page = 0
        self._load()

    @work
    async def action_filter(self) -> None:
        """Keep to some: by how they stand, lane, decision, operator, day."""
        rows = [(name, f"{name.replace('_', ' ')}: {_said(self._kept, name)}") for name in (*CHOICES, *TYPED)]
        name = await self.app.push_screen_wait(ChoiceDialog("Keep to some cases", rows))
        if name is None:
            return
        value = await (self._choose(name) if name in CHOICES else self._type(name))
        if value is not None:
            change: dict[str, Any] = {name: None if value == _ANY else value}
            self._kept = replace(self._kept, **change)
            self._page = 0
            self._load()

    async def _choose(self, name: str) -> str | None:
        question, words = CHOICES[name]
        every = () if name == "order" else ((_ANY, _ANY),)
        rows = [*every, *((word, word.replace("_", " ")) for word in words)]
        return await self.app.push_screen_wait(ChoiceDialog(question, rows))

    async def _type(self, name: str) -> str | date | None:
        said = await self.app.push_screen_wait(ReasonDialog(TYPED[name], needed=False))
        if said is None or not said.strip():
            return None if said is None else _ANY
        if name == "badge":
            return said.strip()
        try:
            return parse_date(said.strip())
        except ValueError:
            plain.tell(self.app, f"{said[:40]!r} is no date; write 2026-03-02.", severe=True)
            return None

    @property
    def _wanted(self) -> Wanted:
        return replace(self._kept, text=self.query_one("#filter", Input).value)

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        await asyncio.sleep(PAUSE)
        wanted, offset = self._wanted, self._page * PAGE
        found = await self.ask(lambda desk: _found(desk, wanted, offset))
        if found is None:
            return
        self._shown = rows, total = found
        wide = self.size.width >= _WIDE
        self.query_one(Choices).fill(choice(_row(row, wide=wide), row.case_id) for row in rows)
        kept = ", ".join(
            f"{name.replace('_', ' ')} {_said(wanted, name)}"
            for name in (*CHOICES, *TYPED)
            if getattr(wanted, name) != getattr(Wanted(), name)
        )
        told = f"{offset + 1} to {offset + len(rows)} of {render.counted(total)} cases" if rows else "No cases."
        self.query_one("#count", Text).show(told + (f" · {kept}" if kept else ""))

    @work(exclusive=True, group="open")
    async def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Open a case."""
        number = event.option.id or ""
        case = await self.ask(lambda desk: desk.cases.show(number))
        if case:
            self.app.push_screen(ResultScreen(None, case.assessment, case))

    def page_text(self) -> str:
        """The page of the list, as the command prints it."""
        rows, total = self._shown
        return render.cases((row.to_json() for row in rows), total=total, offset=self._page * PAGE)


def _found(desk: Desk, wanted: Wanted, offset: int) -> tuple[list[CaseRow], int]:
    return desk.cases.rows(wanted, limit=PAGE, offset=offset), desk.cases.count(wanted)


def _said(wanted: Wanted, name: str) -> str:
    value: Any = getattr(wanted, name)
    return _ANY if value is None else str(value).replace("_", " ")


def _row(row: CaseRow, *, wide: bool) -> Content:
    waits = f"waits: {row.waits.replace('_', ' ')}" if row.waits else f"due {row.due}" if row.due else ""
    return line(
        pad(row.case_id, 11),
        pad(row.opened_at[:16] if wide else row.opened_at[:10], 18 if wide else 11),
        (pad(row.lane, 7), _STYLE.get(row.lane, "")),
        *([pad(render.VERDICT_WORDS[row.verdict], 15)] if wide else []),
        pad(DECISION_WORDS.get(row.decision or "", "undecided"), 11),
        (pad(waits, 24 if wide else 17), "amber"),
        row.shipment,
    )
