"""Usage runs: what was made here, what came, what is missing; the next run out to a stick, others in from one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from border_kit.desk import render_licence
from border_kit.desk.desk import Desk
from border_kit.errors import InputError
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ReasonDialog
from border_kit.tui.plain import Text
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen


class RunsScreen(DeskScreen):
    """Runs of this office and others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "export", "Out"),
        Binding("f3", "bring_in", "In"),
    ]
    heading = "runs"

    def body(self) -> ComposeResult:
        """The runs."""
        with VerticalScroll():
            yield Text(id="runs")

    def on_mount(self) -> None:
        """Show what there is."""
        self.query_one(VerticalScroll).focus()
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        document = await self.ask(_runs)
        if document is not None:
            self.query_one("#runs", Text).show(document)

    @work(exclusive=True)
    async def action_export(self) -> None:
        """Write the next run into a folder."""
        folder = await self.app.push_screen_wait(ReasonDialog("Into which folder? (the stick)"))
        if folder is None:
            return
        shown = await self.ask(lambda desk: _export(desk, folder.strip()))
        if shown:
            plain.tell(self.app, shown)
            self._load()

    @work(exclusive=True)
    async def action_bring_in(self) -> None:
        """Bring in a run file, or every run file of a folder."""
        path = await self.app.push_screen_wait(ReasonDialog("Which run file, or which folder of run files?"))
        if path is None:
            return
        text = await self.ask(lambda desk: _bring_in(desk, path.strip()))
        if text:
            self.app.push_screen(PageScreen("runs brought in", text))
            self._load()


def _runs(desk: Desk) -> str:
    known = desk.drawings
    document = {
        "office": known.office or "has no ledger yet",
        "runs": [run.to_json() for run in known.runs()],
        "remarks": [*known.gaps(), *known.forks()],
    }
    return render_licence.runs(document)


def _export(desk: Desk, folder: str) -> str:
    from border_kit.desk import usage_runs

    made = usage_runs.export(desk, Path(folder))
    return f"Run {made[1].number} written to {made[0]}." if made else "Nothing was drawn here since the last run."


def _bring_in(desk: Desk, path: str) -> str:
    from border_kit.desk import usage_runs

    place = Path(path)
    files = sorted(place.glob("usage-*.jsonl")) if place.is_dir() else [place]
    if not files:
        raise InputError("no_runs", f"{place.name} holds no run files.", "They are called usage-OFFICE-NUMBER.jsonl.")
    return render_licence.reconciled(usage_runs.bring_in(desk, files).to_json())
