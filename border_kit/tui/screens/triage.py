"""The triage queue: shipments of manifests, red first, then by what decides; a bar while they are assessed; Enter opens one."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from border_kit.casework.case import Case
from border_kit.casework.queued import STATES, Item, Wanted
from border_kit.casework.search import LANES
from border_kit.desk import render_queue
from border_kit.desk.bulk import Progress
from border_kit.desk.desk import Desk
from border_kit.shipment.model import Shipment
from border_kit.shipment.readers import shipment_from_json
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ReasonDialog
from border_kit.tui.plain import Choices, Text, choice, line, pad
from border_kit.tui.screens import paged
from border_kit.tui.screens.page import PageScreen
from border_kit.tui.screens.paged import Choose, Page, PagedScreen, kept_to
from border_kit.tui.screens.result import ResultScreen

_STYLE = {"red": "red", "yellow": "amber", "blue": "", "green": "green"}
_WIDE = 100
_EACH = 1.0
"""Seconds between two looks at the list while it is still being filled."""
_REFUSED = 5_000
_TYPED = {"assigned": "Assigned to whom (badge)?"}


class TriageScreen(PagedScreen):
    """The queue, or what one file brought to it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "filter", "Keep"),
        Binding("f5", "done", "Done"),
        Binding("f6", "assign", "Give"),
        Binding("f8", "refused", "Bad"),
        Binding("f9", "case", "Case"),
    ]
    hint = "any part of a number, name or description"

    def __init__(self, run: int | None = None, name: str = "queue") -> None:
        """Show the whole queue, or one run of it."""
        super().__init__()
        self.heading = f"triage {name}"
        self._kept = Wanted(run=run)
        self._shown: tuple[list[Item], dict[str, int], int] = ([], {}, 0)
        self._looked = 0.0

    def body(self) -> ComposeResult:
        """How far the work is, then the list."""
        yield Text(id="progress")
        yield from super().body()

    def begin(self) -> None:
        """Arrows move at once; what waits is gone on with."""
        self.query_one(Choices).focus()
        self.desk_app.work_queue()

    def progressed(self, state: Progress | None) -> None:
        """More was assessed; None when nothing waits any more."""
        told = f"{state.run.name}  {render_queue.bar(state.assessed, state.lines, 'goods lines')}" if state else ""
        bar = self.query("#progress")
        if not bar:  # not painted yet, or closing
            return
        bar.first(Text).show(plain.plain(told))
        if state is None or monotonic() - self._looked > _EACH:
            self._looked = monotonic()
            self.load()

    async def page_at(self, text: str, offset: int) -> Page | None:
        """A page of the queue."""
        wanted = replace(self._kept, text=text)
        found = await self.ask(lambda desk: _found(desk, wanted, offset))
        if found is None:
            return None
        self._shown = rows, counts, total = found
        wide = self.size.width >= _WIDE
        told = f"{offset + 1} to {offset + len(rows)} of {total:,}" if rows else "Nothing here"
        said = f"{told}: {render_queue.summary(counts)}{kept_to(wanted)}"
        return Page([choice(_row(row, wide=wide), str(row.no)) for row in rows], total, said)

    @work
    async def action_filter(self) -> None:
        """Keep to a lane, a state, what decided, whose it is, one file."""
        known = await self.ask(_known)
        if known is None:
            return
        codes, runs = known
        chosen = {
            "lane": Choose("Which lane?", LANES),
            "state": Choose("How does it stand?", STATES),
            "decided_by": Choose("Which finding decided?", codes),
            "run": Choose("Which run?", runs),
        }
        kept: Any = await self.narrowed(self._kept, chosen, _TYPED)
        if kept is not None:
            self._kept = replace(kept, run=int(kept.run) if kept.run is not None else None)
            self.begin_anew()

    @property
    def _item(self) -> Item | None:
        number = self.chosen
        return next((item for item in self._shown[0] if str(item.no) == number), None)

    @work(exclusive=True, group="mark")
    async def action_done(self) -> None:
        """Mark the item as done, or as open again."""
        item = self._item
        if item:
            await self.ask(lambda desk: desk.bulk.mark([item.no], done=item.state != "done"))
            self.load()

    @work(exclusive=True, group="mark")
    async def action_assign(self) -> None:
        """Assign the item to somebody; nothing typed takes that back."""
        item = self._item
        badge = (
            await self.app.push_screen_wait(ReasonDialog("Who is to deal with it (badge)?", needed=False))
            if item
            else None
        )
        if item and badge is not None:
            await self.ask(lambda desk: desk.bulk.mark([item.no], assigned=badge))
            self.load()

    @work(exclusive=True, group="open")
    async def action_refused(self) -> None:
        """The rows that could not be used."""
        run = self._kept.run
        rows = await self.ask(lambda desk: _refused(desk, run))
        if rows is not None:
            self.app.push_screen(PageScreen("rows that could not be used", render_queue.refused(rows)))

    @work(exclusive=True, group="open")
    async def action_case(self) -> None:
        """Turn the item into a case, and show it."""
        item = self._item
        case = await self.ask(lambda desk: desk.bulk.case_of(item.no)) if item else None
        if case:
            self.app.push_screen(ResultScreen(None, case.assessment, case))

    @work(exclusive=True, group="open")
    async def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Open an item: its case where it became one, else its whole answer."""
        number = int(event.option.id or 0)
        found = await self.ask(lambda desk: _opened(desk, number))
        if found:
            shipment, answer, case = found
            self.app.push_screen(ResultScreen(None if case else shipment, answer, case, item=number))

    def page_text(self) -> str:
        """The page of the queue, as the command prints it."""
        rows, counts, total = self._shown
        if not counts:
            return ""
        return render_queue.items((row.to_json() for row in rows), counts, total=total, offset=self._page * paged.PAGE)


def _found(desk: Desk, wanted: Wanted, offset: int) -> tuple[list[Item], dict[str, int], int]:
    queue = desk.bulk.queue
    return queue.items(wanted, limit=paged.PAGE, offset=offset), queue.counts(wanted.run), queue.count(wanted)


def _known(desk: Desk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return desk.bulk.queue.codes(), tuple(str(run.id) for run in desk.bulk.queue.runs())


def _refused(desk: Desk, run: int | None) -> list[dict[str, Any]]:
    queue = desk.bulk.queue
    numbers = [run] if run is not None else [one.id for one in queue.runs()]
    return [row.to_json() for number in numbers for row in queue.refused(number, limit=_REFUSED)]


def _opened(desk: Desk, number: int) -> tuple[Shipment, dict[str, Any], Case | None]:
    """An item's shipment and answer, and its case; what still waits is assessed now."""
    item, (declared, answer) = desk.bulk.queue.item(number), desk.bulk.queue.paper(number)
    shipment = shipment_from_json(declared, position=1)
    if item.case_id is not None:
        case = desk.cases.show(item.case_id)
        return shipment, case.assessment, case
    return shipment, answer or desk.assess(shipment).to_json(), None


def _row(item: Item, *, wide: bool) -> Content:
    mark = render_queue.mark(item.to_json())
    return line(
        (pad(item.lane or "waiting", 8), _STYLE.get(item.lane or "", "dim")),
        pad(item.shipment, 34 if wide else 20),
        pad(item.because if wide else item.decided_by, 54 if wide else 30),
        (pad(mark, 22 if wide else 18), "green" if item.state == "done" else "amber"),
    )
