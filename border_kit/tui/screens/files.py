"""Open a declaration or manifest from a file; what the file leaves open is asked once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from border_kit.casework.queued import Run
from border_kit.desk import places
from border_kit.desk.answers import Assessment
from border_kit.desk.desk import Desk
from border_kit.desk.intake import as_date_order, reading
from border_kit.errors import AmbiguousInputError, BorderKitError
from border_kit.shipment.model import Shipment
from border_kit.shipment.readers import ReadOptions
from border_kit.tui.dialogs.ask import ChoiceDialog
from border_kit.tui.plain import Choices, Field, Text, choice, plain, tell
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.result import ResultScreen
from border_kit.tui.screens.triage import TriageScreen

SUFFIXES = frozenset({".json", ".jsonl", ".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xml"})
MAX_LISTED = 500
_REMARKS = 3
Alone = tuple[Shipment, Assessment, tuple[str, ...]]
"""The only shipment of a file, its assessment, and the remarks."""
DATE_ORDERS = (
    ("dmy", "day, month, year (31/12/2026)"),
    ("mdy", "month, day, year (12/31/2026)"),
    ("ymd", "year, month, day"),
)


class FilesScreen(DeskScreen):
    """Choose a file."""

    heading = "open a file"

    def __init__(self, folder: Path | None = None) -> None:
        """Begin in a folder: the one named, the inbox, or the samples."""
        super().__init__()
        self._folder = (folder or places.inbox()).resolve()

    def body(self) -> ComposeResult:
        """A path to type, column names where they were guessed wrong, and the files of the folder."""
        with Horizontal(classes="field"):
            yield Text("file", classes="name")
            yield Field(hint="path of a file or folder", id="path", longest=4_000)
        with Horizontal(classes="field"):
            yield Text("columns", classes="name")
            yield Field(hint="only if guessed wrong: description=Goods,quantity=Qty", id="columns", longest=4_000)
        yield Text(id="folder", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """List the folder."""
        self._list()
        self.query_one(Choices).focus()

    def on_key(self, event: events.Key) -> None:
        """What is typed or scanned while the list has the focus is a path."""
        if event.is_printable and event.character and isinstance(self.focused, Choices):
            event.stop()
            path = self.query_one("#path", Field)
            path.select_on_focus = False  # or the second letter would replace the first
            path.focus()
            path.insert_text_at_cursor(event.character)

    def _list(self) -> None:
        try:
            found = sorted(self._folder.iterdir(), key=lambda path: (path.is_file(), path.name.casefold()))
        except OSError as error:
            self.query_one("#folder", Text).show(f"{self._folder}: {error.strerror}")
            return
        shown = [path for path in found if path.is_dir() or path.suffix.lower() in SUFFIXES][:MAX_LISTED]
        rows = [
            choice(plain(f"{path.name}{'/' if path.is_dir() else ''}"), str(path))
            for path in shown
            if path.name[0] != "."
        ]
        self.query_one(Choices).fill([choice(plain("../"), str(self._folder.parent)), *rows])
        self.query_one("#folder", Text).show(str(self._folder))

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Enter a folder or read a file."""
        self._go(Path(event.option.id or "."))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The path that was typed."""
        path = self.query_one("#path", Input).value.strip()
        if event.input.id == "columns" and not path:
            self.query_one(Choices).focus()
        elif path:
            self._go(Path(path).expanduser())

    def _go(self, path: Path) -> None:
        if _is_folder(path):
            self._folder = path.resolve()
            self._list()
        else:
            self.read(path)

    @work(exclusive=True)
    async def read(self, path: Path) -> None:
        """Read and assess a file, then show its answer."""
        options = ReadOptions(columns=self.query_one("#columns", Input).value.strip() or None)
        self.query_one("#folder", Text).show(f"Reading {path.name} …")
        found = await self._read(path, options)
        self.query_one("#folder", Text).show(str(self._folder))
        if found is None:
            return
        if isinstance(found, Run):
            self.app.push_screen(TriageScreen(found.id, found.name))
            remarks = found.remarks
        else:
            shipment, answer, remarks = found
            self.app.push_screen(ResultScreen(shipment, answer.to_json()))
        for remark in remarks[:_REMARKS]:
            tell(self.app, remark)

    async def _read(self, path: Path, options: ReadOptions) -> Run | Alone | None:
        while True:
            try:
                return await self.desk_app.backroom.ask(partial(_looked_at, file=path, options=options))
            except AmbiguousInputError as error:
                if error.option != "--date-order":
                    self.desk_app.show_error(error)
                    return None
                chosen = await self.app.push_screen_wait(ChoiceDialog(error.message, DATE_ORDERS))
                if chosen is None:
                    return None
                options = replace(options, date_order=as_date_order(chosen))
            except BorderKitError as error:
                self.desk_app.show_error(error)
                return None


def _is_folder(path: Path) -> bool:
    """Whether a path as typed names a folder; one that no file system can hold names none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _looked_at(desk: Desk, file: Path, options: ReadOptions) -> Run | Alone:
    """One shipment, assessed; a file of several, or with rows that cannot be used, in the triage queue."""
    found = reading(desk, file, options)
    first = list(islice(found.items, 2))
    if len(first) == 1 and isinstance(first[0], Shipment):
        return first[0], desk.assess(first[0]), tuple(found.remarks)
    return desk.bulk.take_in(file, options)
