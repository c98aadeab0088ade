"""A new check, typed or scanned field by field from a paper invoice; every field is kept as a draft."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input

from border_kit.clock import stamp
from border_kit.desk.answers import Assessment
from border_kit.desk.desk import Desk
from border_kit.shipment.model import Shipment
from border_kit.shipment.readers import shipment_from_json
from border_kit.tui import plain
from border_kit.tui.plain import Field, Text, line
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.result import ResultScreen

# One row of the form: its label, then (field, what to type, narrow?)
_FORM = (
    ("shipment", (("id", "number", False), ("direction", "export", True), ("date", "2026-03-02", True))),
    ("from, to", (("origin", "XA", True), ("destination", "YY", True), ("end_use", "stated end use", False))),
    ("exporter", (("exporter", "name", False), ("exporter_country", "CC", True))),
    ("consignee", (("consignee", "name", False), ("consignee_country", "CC", True))),
    ("end user", (("end_user", "name", False), ("end_user_country", "CC", True))),
    ("forwarder", (("forwarder", "name", False), ("forwarder_country", "CC", True))),
    ("travels by", (("vessel", "ship, aircraft or truck", False), ("imo", "IMO number", True))),
)
_LINE = (
    ("goods", (("description", "as on the invoice", False), ("hs", "HS code", True))),
    (
        "quantity",
        (("quantity", "20", True), ("unit", "pcs", True), ("value", "12000", True), ("currency", "EUR", True)),
    ),
    ("papers", (("documents", "Y901 X060", False), ("licence", "licence number", False))),
)
_ROLES = ("exporter", "consignee", "end_user", "forwarder")


class NewScreen(DeskScreen):
    """The form of a new check."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "check", "Check", priority=True),
        Binding("f6", "another", "Line", priority=True),
        Binding("f9", "discard", "Discard"),
        # With priority: the field changes before the next key of a scanner's burst is given to anyone.
        Binding("enter", "app.focus_next", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    heading = "new check"

    def __init__(self, draft_id: str | None = None, draft: dict[str, Any] | None = None) -> None:
        """An empty form, or a draft taken up again."""
        super().__init__()
        self._draft_id = draft_id
        self._fields: dict[str, str] = dict((draft or {}).get("fields", {}))
        self._lines: list[dict[str, str]] = list((draft or {}).get("lines", ()))

    def body(self) -> ComposeResult:
        """The form."""
        with VerticalScroll():
            for label, fields in (*_FORM, *_LINE):
                with Horizontal(classes="field"):
                    yield Text(label, classes="name")
                    for name, hint, narrow in fields:
                        yield Field(
                            self._fields.get(name, ""),
                            hint=hint,
                            id=name,
                            longest=2_000,
                            classes="narrow" if narrow else "",
                        )
            yield Text(id="lines")
            yield Text("Enter or Down: next field · F6: this line is done, next line · F5: check", classes="notes")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#description" if self._fields else "#id", Input).focus()
        self._show_lines()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Each field is kept as soon as it is left."""
        if self._fields.get(event.input.id or "", "") != event.value:
            self._collect()
            self._keep()

    def _collect(self) -> None:
        self._fields = {field.id or "": field.value for field in self.query(Input)}

    def _show_lines(self) -> None:
        rows = [
            line((f"line {number}".ljust(14), "dim"), plain.fit(row["description"], 50), ("  " + row["hs"], "dim"))
            for number, row in enumerate(self._lines, 1)
        ]
        self.query_one("#lines", Text).show(plain.lines(rows))

    def action_another(self) -> None:
        """Put the goods line aside and begin the next."""
        self._collect()
        if not self._fields["description"].strip():
            plain.tell(self.app, "Type what the goods are first.")
            return
        self._lines.append(self._take_line())
        self._show_lines()
        self.query_one("#description", Input).focus()
        self._keep()

    def _take_line(self) -> dict[str, str]:
        names = [name for _, fields in _LINE for name, _, _ in fields]
        taken = {name: self._fields[name] for name in names}
        for name in names:
            self._fields[name] = ""
            self.query_one(f"#{name}", Input).value = ""
        return taken

    @work(exclusive=True, group="draft")
    async def _keep(self) -> None:
        if self.desk_app.settings.now is not None:
            return  # under a set clock nothing is kept
        body: dict[str, Any] = {"fields": dict(self._fields), "lines": list(self._lines)}
        self._draft_id = await self.ask(lambda desk: _save(desk, self._draft_id, body)) or self._draft_id

    @work(exclusive=True)
    async def action_check(self) -> None:
        """Assess what was typed."""
        self._collect()
        document = self._document()
        answer = await self.ask(lambda desk: _assess(desk, document))
        if answer is None:
            return
        self.app.push_screen(ResultScreen(answer[0], answer[1].to_json()))

    @work(exclusive=True)
    async def action_discard(self) -> None:
        """Throw the draft away."""
        draft_id = self._draft_id
        if draft_id:
            await self.ask(lambda desk: desk.casebook.drop_draft(draft_id))
        self._draft_id = None
        self.action_leave()

    def _document(self) -> dict[str, Any]:
        """What was typed, in the kit's own shipment format."""
        fields = {name: value.strip() for name, value in self._fields.items()}
        current = {name: fields[name] for _, row in _LINE for name, _, _ in row}
        rows = [*self._lines, current] if any(current.values()) or not self._lines else self._lines
        return {
            "id": fields["id"] or "typed",
            "direction": fields["direction"].lower() or "export",
            "date": fields["date"] or None,
            "end_use": fields["end_use"] or None,
            "route": [fields["origin"].upper()] if fields["origin"] else [],
            "destination": fields["destination"].upper() or None,
            "transport": {"vessel": fields["vessel"] or None, "imo": fields["imo"] or None},
            "parties": [
                {"role": role, "name": fields[role], "country": fields[f"{role}_country"].upper() or None}
                for role in _ROLES
                if fields[role]
            ],
            "lines": [_line(number, row) for number, row in enumerate(rows, 1)],
        }


def _line(number: int, row: dict[str, str]) -> dict[str, Any]:
    plain_row = {name: value.strip() or None for name, value in row.items()}
    return {
        "no": number,
        "description": plain_row["description"] or "",
        "hs": plain_row["hs"],
        "quantity": plain_row["quantity"],
        "unit": plain_row["unit"],
        "value": plain_row["value"],
        "currency": (plain_row["currency"] or "").upper() or None,
        "documents": (plain_row["documents"] or "").upper().replace(",", " ").split(),
        "licences": [{"number": plain_row["licence"]}] if plain_row["licence"] else [],
    }


def _save(desk: Desk, draft_id: str | None, body: dict[str, Any]) -> str:
    moment = desk.clock.now()
    chosen = draft_id or f"draft {stamp(moment)}"
    desk.casebook.save_draft(chosen, json.loads(json.dumps(body)), at=moment)
    return chosen


def _assess(desk: Desk, document: dict[str, Any]) -> tuple[Shipment, Assessment]:
    shipment = shipment_from_json(document, position=1)
    return shipment, desk.assess(shipment)
