"""A licence by its number: status, dates, lines, what is left as known here; drawing on it, and taking a drawing back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input

from border_kit.desk import render_licence
from border_kit.desk.desk import Desk
from border_kit.desk.licences import Order
from border_kit.errors import BorderKitError, UsageError
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ChoiceDialog, ReasonDialog
from border_kit.tui.dialogs.form import Asked, FormDialog
from border_kit.tui.plain import Field, Text
from border_kit.tui.screens.base import DeskScreen

Page = Mapping[str, Any]


class LicenceScreen(DeskScreen):
    """One licence of the registry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "draw", "Draw"),
        Binding("f3", "reverse", "Reverse"),
        Binding("f4", "ledger", "Ledger"),
        Binding("f5", "due", "Due"),
        Binding("f6", "runs", "Runs"),
        Binding("down", "into_page", show=False),
    ]
    heading = "licence"

    def __init__(self, number: str = "") -> None:
        """Begin with a number, if one is in hand."""
        super().__init__()
        self._number = number
        self._page: Page | None = None

    def body(self) -> ComposeResult:
        """The number and the licence's page."""
        yield Field(self._number, hint="licence number, typed or scanned", id="number", longest=100)
        with VerticalScroll():
            yield Text("Enter looks the licence up.", id="page")

    def on_mount(self) -> None:
        """Look up what is in hand."""
        self.query_one("#number", Input).focus()
        if self._number:
            self._load(self._number)

    def on_screen_resume(self) -> None:
        """Something may have been drawn or done meanwhile."""
        if self._page is not None:
            self._load(self._page["number"])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look it up."""
        self._load(event.value)

    def action_into_page(self) -> None:
        """Down leaves the field for the page."""
        self.query_one(VerticalScroll).focus()

    def page_text(self) -> str:
        """The whole page, not only what fits."""
        return render_licence.licence_page(self._page) if self._page else super().page_text()

    @work(exclusive=True, group="load")
    async def _load(self, number: str) -> None:
        self._page = await self.ask(lambda desk: desk.licences.page(number) if desk.registry.find(number) else None)
        if self._page is None:
            message = (
                f"No registry of this catalog has a licence {number!r}. Phone the authority; use a number you know."
            )
            self.query_one("#page", Text).show(message)
        else:
            self._show(self._page)

    def _show(self, document: Page) -> None:
        self._page = document
        self.query_one("#page", Text).show(page(document))

    async def _line(self, document: Page) -> str | None:
        """Which line, where there is more than one."""
        rows = [(str(row["no"]), " · ".join(render_licence.licence_line(row))) for row in document["lines"]]
        if len(rows) == 1:
            return rows[0][0]
        return await self.app.push_screen_wait(ChoiceDialog("Draw on which line?", rows)) if rows else None

    @work(exclusive=True)
    async def action_draw(self) -> None:
        """Draw on a line: the amounts, then what it comes to, then the confirmation."""
        document = self._page
        if document is None:
            plain.tell(self.app, "Look a licence up first.")
            return
        no = await self._line(document)
        if no is None:
            return
        line = next(row for row in document["lines"] if str(row["no"]) == no)
        given: Mapping[str, str] = {}
        note = "\n".join(row.strip() for row in render_licence.licence_line(line)[1:])
        while True:
            asked = await self.app.push_screen_wait(
                FormDialog(f"Draw on {document['number']}, line {no}", _fields(line, given), note)
            )
            if asked is None:
                return
            given = asked
            try:
                order = _order(document["number"], int(no), asked)
            except UsageError as error:
                note = error.message
                continue
            if await self._confirmed(order, asked) and (note := await self._drawn(order)) == "":
                return

    async def _confirmed(self, order: Order, asked: Mapping[str, str]) -> bool:
        amounts = " and ".join(
            part
            for part in (
                f"{asked['quantity']} {asked['unit']}".strip(),
                f"{asked['value']} {asked['currency']}".strip() if asked["value"] else "",
            )
            if part
        )
        question = f"Draw {amounts} on line {order.line} of {order.number} for {order.declaration}? It is undone only by a contra entry."
        return (
            await self.app.push_screen_wait(ChoiceDialog(question, (("draw", "Draw"), ("back", "Back to the form"))))
            == "draw"
        )

    async def _drawn(self, order: Order) -> str:
        """Draw; what speaks against it, or nothing."""
        try:
            drawn = await self.desk_app.backroom.ask(lambda desk: desk.licences.draw(order))
        except UsageError as error:
            return f"{error.message} {error.hint}".replace("--anyway", "Anyway")
        except BorderKitError as error:
            self.desk_app.show_error(error)
            return ""
        plain.tell(self.app, f"Drawn: entry {drawn.entries[0].ref}.")
        self._show(drawn.pages[0])
        return ""

    @work(exclusive=True)
    async def action_reverse(self) -> None:
        """Take a drawing back by a contra entry."""
        document = self._page
        standing = (
            [row for row in document["ledger"] if row["kind"] == "draw" and not row["reversed"]] if document else []
        )
        if not standing:
            plain.tell(self.app, "Nothing was drawn here on this licence.")
            return
        rows = [(row["ref"], render_licence.entry_line(row)) for row in standing]
        ref = await self.app.push_screen_wait(ChoiceDialog("Reverse which drawing?", rows))
        if ref is None:
            return
        reason = await self.app.push_screen_wait(
            ReasonDialog(f"Why is {ref} taken back? It stays in the ledger, with a contra entry beside it.")
        )
        if reason is None:
            return
        drawn = await self.ask(lambda desk: desk.licences.reverse(ref, reason))
        if drawn:
            plain.tell(self.app, f"Reversed by entry {drawn.entries[0].ref}.")
            self._show(drawn.pages[0])

    def action_ledger(self) -> None:
        """The entries of this licence, or of all."""
        from border_kit.tui.screens.ledger import LedgerScreen

        self.app.push_screen(LedgerScreen(self._page["number"] if self._page else None))

    def action_due(self) -> None:
        """What licences ask for."""
        from border_kit.tui.screens.due import DueScreen

        self.app.push_screen(DueScreen())

    def action_runs(self) -> None:
        """Runs of this office and others."""
        from border_kit.tui.screens.runs import RunsScreen

        self.app.push_screen(RunsScreen())


_STATUS = {"issued": "green", "reinstated": "green"}


def page(document: Page) -> Content:
    """A licence's page, its status and an overdraw coloured; each is a word first."""
    rows = render_licence.licence_page(document).split("\n")
    word = document["status"].upper()
    head = plain.line(
        (rows[0].partition(word)[0], "strong"),
        (word, _STATUS.get(document["status"], "red")),
        rows[0].partition(word)[2],
    )
    return plain.lines([head, *(plain.line((row, "red" if row.endswith("OVERDRAWN") else "")) for row in rows[1:])])


def _fields(line: Page, given: Mapping[str, str]) -> list[Asked]:
    start = {"unit": line["unit"] or "", "currency": line["currency"] or ""} | dict(given)
    return [
        Asked("declaration", "Declaration", start.get("declaration", ""), "its reference, as printed"),
        Asked("quantity", "Quantity", start.get("quantity", ""), "12 or 0.125"),
        Asked("unit", "Unit", start["unit"]),
        Asked("value", "Value", start.get("value", ""), "empty where the licence has none"),
        Asked("currency", "Currency", start["currency"]),
        Asked("anyway", "Anyway", start.get("anyway", ""), "why, where the licence speaks against it"),
    ]


def _order(number: str, line: int, asked: Mapping[str, str]) -> Order:
    """What stands in the form, as an order. Raises UsageError."""
    return Order(
        number, line, asked["declaration"],
        quantity=_amount(asked["quantity"]), unit=asked["unit"] or None,
        value=_amount(asked["value"]), currency=asked["currency"] or None, anyway=asked["anyway"] or None,
    )  # fmt: skip


def _amount(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not (number.is_finite() and len(text) < 40):  # longer than any amount
        raise UsageError("bad_amount", f"{text[:40]!r} is no amount.", "Write 12 or 0.125.")
    return number


def draw_for_case(desk: Desk, case: str, anyway: str | None = None) -> str:
    """Draw what a case's shipment asks of its licences; what came of it, in words. Raises UsageError, StoreError."""
    from border_kit.shipment.readers import shipment_from_json

    shipment = shipment_from_json(desk.cases.show(case).shipment, position=1)
    drawn = desk.licences.draw_for(shipment, case=case, anyway=anyway)
    if drawn.held:
        reasons = "; ".join(f"{answer.number}: {', '.join(answer.reasons) or answer.verdict}" for answer in drawn.held)
        raise UsageError("licence_held", f"Nothing was drawn: {reasons}.", "")
    return (
        f"Drawn: {len(drawn.entries)} entries, {drawn.entries[0].ref} and on."
        if len(drawn.entries) > 1
        else f"Drawn: entry {drawn.entries[0].ref}."
    )
