"""The case list: filtered as one types and by what cases wait for, a page at a time from the casebook."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from border_kit.casework.search import LANES, ORDERS, STATES, WAITS, Wanted
from border_kit.casework.summary import CaseRow
from border_kit.desk import render
from border_kit.desk.desk import Desk
from border_kit.findings import Advice
from border_kit.tui.plain import Choices, choice, line, pad
from border_kit.tui.screens import paged
from border_kit.tui.screens.paged import Choose, Page, PagedScreen, kept_to
from border_kit.tui.screens.result import ResultScreen

_WIDE = 100

CHOSEN = {
    "state": Choose("How does it stand?", tuple(STATES)),
    "lane": Choose("Which lane?", LANES),
    "waits": Choose("What does it wait for?", WAITS),
    "decision": Choose("Which decision?", ("undecided", *(advice.value for advice in Advice))),
    "order": Choose("In which order?", ORDERS, every=False),
}
TYPED = {
    "badge": "Who acted in it (badge)?",
    "opened_from": "Opened on or after which day (2026-03-02)?",
    "opened_to": "Opened on or before which day?",
    "due_by": "Due on or before which day?",
}
DECISION_WORDS = {"release": "release", "document_check": "documents", "examine": "examine", "detain_and_refer": "hold"}
STYLE = {"red": "red", "yellow": "amber", "blue": "", "green": "green"}


class CasesScreen(PagedScreen):
    """Cases."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "filter", "Keep"),
        Binding("f5", "every", "All"),
    ]
    heading = "cases"
    hint = "any part of a number, name, seal or description, in any script"

    def __init__(self) -> None:
        """Begin at the newest."""
        super().__init__()
        self._kept = Wanted()
        self._shown: tuple[list[CaseRow], int] = ([], 0)

    def action_every(self) -> None:
        """Every case again."""
        self._kept = Wanted()
        self.query_one("#filter", Input).value = ""
        self.begin_anew()

    @work
    async def action_filter(self) -> None:
        """Keep to some: by how they stand, lane, decision, operator, day."""
        kept = await self.narrowed(self._kept, CHOSEN, TYPED)
        if kept is not None:
            self._kept = kept
            self.begin_anew()

    async def page_at(self, text: str, offset: int) -> Page | None:
        """A page of the list."""
        wanted = replace(self._kept, text=text)
        found = await self.ask(lambda desk: _found(desk, wanted, offset))
        if found is None:
            return None
        self._shown = rows, total = found
        wide = self.size.width >= _WIDE
        told = f"{offset + 1} to {offset + len(rows)} of {render.counted(total)} cases" if rows else "No cases."
        return Page([choice(_row(row, wide=wide), row.case_id) for row in rows], total, told + kept_to(wanted))

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
        return render.cases((row.to_json() for row in rows), total=total, offset=self._page * paged.PAGE)


def _found(desk: Desk, wanted: Wanted, offset: int) -> tuple[list[CaseRow], int]:
    return desk.cases.rows(wanted, limit=paged.PAGE, offset=offset), desk.cases.count(wanted)


def _row(row: CaseRow, *, wide: bool) -> Content:
    waits = f"waits: {row.waits.replace('_', ' ')}" if row.waits else f"due {row.due}" if row.due else ""
    return line(
        pad(row.case_id, 11),
        pad(row.opened_at[:16] if wide else row.opened_at[:10], 18 if wide else 11),
        (pad(row.lane, 7), STYLE.get(row.lane, "")),
        *([pad(render.VERDICT_WORDS[row.verdict], 15)] if wide else []),
        pad(DECISION_WORDS.get(row.decision or "", "undecided"), 11),
        (pad(waits, 24 if wide else 17), "amber"),
        row.shipment,
    )
