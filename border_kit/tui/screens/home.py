"""The first screen: a scan field that takes focus back, what can be done, and drafts to take up again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from border_kit.desk.scan import recognise
from border_kit.tui import plain
from border_kit.tui.plain import Choices, ScanField, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.scanned import open_scan

_MENU = (
    ("new", "F2", "New check", "type or scan a declaration"),
    ("file", "F3", "Open a file", "JSON, CSV, XLSX, ASYCUDA XML"),
    ("cases", "F4", "Cases", "what was checked and decided here"),
    ("triage", "", "Triage", "long manifests, red first"),
    ("catalog", "F5", "Catalog", "control entries, HS codes"),
    ("names", "F6", "Names", "does a name resemble a listed party?"),
    ("licence", "F8", "Licences", "status and what is left"),
    ("certificate", "scan", "Certificates", "is the paper real? scan, photo or PDF"),
    ("office", "", "Office", "log, backups, retention, exports"),
    ("observations", "", "Observations", "what civil society and industry say of parties and goods"),
    ("data", "F9", "Data", "what is installed, and how old it is"),
    ("sync", "", "Update", "pull new data, from the network or a stick; go back"),
    ("scenarios", "", "Training", "play a scenario on these screens, with fictional papers"),
    ("drill", "", "Drill", "training cards that come back before they are forgotten"),
    ("classes", "", "Classes", "training classes by stick: draw, take in, report"),
)


class HomeScreen(DeskScreen):
    """Where a shift begins."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "go('new')", "New"),
        Binding("f3", "go('file')", "File"),
        Binding("f4", "go('cases')", "Case"),
        Binding("f5", "go('catalog')", "Lists"),
        Binding("f6", "go('names')", "Name"),
        Binding("f8", "go('licence')", "Lic."),
        Binding("f9", "go('data')", "Data"),
        Binding("f10", "app.quit", "Quit"),
        Binding("escape", "to_scan", show=False),
        Binding("down", "into_list", show=False),
    ]
    heading = "border_kit"

    def __init__(self) -> None:
        """No drafts are known yet."""
        super().__init__()
        self._drafts: dict[str, dict[str, Any]] = {}

    def body(self) -> ComposeResult:
        """The scan field and the menu."""
        yield Text(
            "Scan or type: a licence, certificate, case or HS code, a file, or a name to screen.", classes="notes"
        )
        yield ScanField(hint="scan here", id="scan", longest=10_000)
        yield Text(id="note", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Ready for the scanner."""
        self.action_to_scan()

    def on_screen_resume(self) -> None:
        """Back here: the scanner first, and the drafts as they are now."""
        self.action_to_scan()
        self._load()

    def action_to_scan(self) -> None:
        """The scan field takes focus back."""
        self.query_one("#scan", Input).focus()

    def places(self) -> Iterable[tuple[str, str, str]]:
        """What the menu leads to and no key does: name, what it is, and the action, for the command palette."""
        return [(name, what, f"go('{place}')") for place, key, name, what in _MENU if not key.startswith("F")]

    def action_into_list(self) -> None:
        """Down leaves the field for the menu."""
        self.query_one(Choices).focus()

    @work(exclusive=True, group="drafts")
    async def _load(self) -> None:
        due = await self._due()
        rows = [
            choice(
                line((pad(key, 5), "strong"), pad(name, 14), due if action == "drill" and due else (what, "dim")),
                action,
            )
            for action, key, name, what in _MENU
        ]
        if self.desk_app.settings.now is None:
            found = await self.ask(lambda desk: desk.casebook.drafts()) or []
            self._drafts = {draft_id: body for draft_id, _, body in found[:20]}
            rows += [
                choice(line((pad("", 5), ""), pad("Draft", 14), _about(draft_id, body)), draft_id)
                for draft_id, body in self._drafts.items()
            ]
        self.query_one(Choices).fill(rows)

    async def _due(self) -> str:
        """How many drill cards of whoever is signed in are due; nothing where none are."""
        learner, now = self.desk_app.settings.operator, self.desk_app.settings.clock().now()
        count = await self.ask(lambda _desk: _due_count(learner, now)) or 0
        return f"{count} {'card is' if count == 1 else 'cards are'} due" if count else ""

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Do what the row says."""
        self.action_go(event.option.id or "")

    def action_go(self, where: str) -> None:
        """Open a screen, or a draft."""
        from border_kit.tui import screens

        if where in self._drafts:
            self.app.push_screen(screens.named("new")(where, self._drafts[where]))
        else:
            self.app.push_screen(screens.named(where)())

    @work(exclusive=True)
    async def on_scan_field_scanned(self, event: ScanField.Scanned) -> None:
        """Say what a burst is, and open what it names."""
        burst = event.burst
        scan = await self.ask(lambda desk: recognise(desk, burst))
        if scan:
            self.query_one("#note", Text).show(await open_scan(self, scan))


def _about(draft_id: str, body: dict[str, Any]) -> str:
    fields = body.get("fields", {})
    goods = [row.get("description", "") for row in body.get("lines", ())] + [fields.get("description", "")]
    said = " · ".join(part for part in (fields.get("id", ""), fields.get("consignee", ""), *goods) if part)
    return plain.fit(f"{draft_id.removeprefix('draft ')}  {said}", 60)


def _due_count(learner: str | None, now: datetime) -> int:
    from border_kit.training.drill import history  # the first paint waits for no training

    if not history.path_of(learner or history.NOBODY).exists():
        return 0
    from border_kit.training.drill.sitting import due_count

    return due_count(learner, now)
