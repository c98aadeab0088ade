"""Is this paper real? A scan field, the pictures of the inbox, and a verdict that explains every stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input

from border_kit.desk import places
from border_kit.desk import render_certificates as render
from border_kit.desk.desk import Desk
from border_kit.desk.render import VERDICT_WORDS
from border_kit.desk.scan import PICTURES
from border_kit.errors import InputError
from border_kit.tui import plain
from border_kit.tui.dialogs.ask import ReasonDialog
from border_kit.tui.plain import Choices, ScanField, Text, choice, line
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen
from border_kit.tui.sheet import wrapped

MAX_LISTED = 200
STYLES = {"pass": "nothing_found", "fail": "stop", "cannot_tell": "cannot_tell"}
STAGE_STYLES = {"ok": "green", "failed": "red", "cannot_tell": "amber", "skipped": "dim"}


class CertificateScreen(DeskScreen):
    """One certificate at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "scan", "Scan"),
        Binding("f3", "inbox", "Inbox"),
        Binding("f5", "keep", "Keep in case"),
        Binding("f6", "page", "All"),
    ]
    heading = "certificate"

    def __init__(self, text: str = "", file: Path | None = None, found: dict[str, Any] | None = None) -> None:
        """Begin with a text or a file, if one is in hand, or with what was `found` already."""
        super().__init__()
        self._text = text
        self._file = file
        self._found = found

    def body(self) -> ComposeResult:
        """The scan field, then the verdict or the pictures of the inbox."""
        yield ScanField(hint="scan a certificate, or type the path of a photo, scan or PDF", id="scan", longest=10_000)
        yield Text(id="folder", classes="notes")
        yield Choices(id="pictures")
        with VerticalScroll(id="answer"):
            yield Text(id="sheet")

    def on_mount(self) -> None:
        """What is in hand is proven at once; else the scanner first."""
        self.query_one("#scan", Input).focus()
        if self._found is not None:
            self._tell(self._found)
        elif self._text:
            self._prove(self._text)
        elif self._file is not None:
            self._open(self._file)
        else:
            self.action_inbox()

    def action_scan(self) -> None:
        """The scan field takes focus back."""
        self.query_one("#scan", Input).focus()

    def action_inbox(self) -> None:
        """The pictures of the inbox, the newest first."""
        folder = places.inbox()
        found = _pictures(folder)
        self._shows(answer=False)
        self.query_one("#folder", Text).show(f"{folder}: {len(found)} pictures and PDFs, the newest first")
        self.query_one("#pictures", Choices).fill(choice(path.name, str(path)) for path in found)
        self.query_one("#scan", Input).focus()

    def _shows(self, *, answer: bool) -> None:
        self.query_one("#pictures").display = not answer
        self.query_one("#answer").display = answer

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Read the picture that was chosen."""
        self._open(Path(event.option.id or "."))

    def on_scan_field_scanned(self, event: ScanField.Scanned) -> None:
        """A burst is a certificate, or the path of a picture."""
        burst = event.burst.strip()
        path = Path(burst) if burst and len(burst) < 4_000 and not burst.upper().startswith("CL1") else None  # PATH_MAX
        if path is not None and _is_file(path):
            self._open(path)
        elif burst:
            self._prove(event.burst.strip("\r\n\t"))

    @work(exclusive=True)
    async def _open(self, path: Path) -> None:
        """Find the code on a picture; several are shown and none is picked."""
        self.query_one("#folder", Text).show(f"reading {path.name} …")
        text = await self.ask(lambda _desk: _code_of(path))
        self.query_one("#folder", Text).show(path.name if text else f"{path.name} was not read")
        if text:
            await self._verify(text)

    @work(exclusive=True)
    async def _prove(self, text: str) -> None:
        await self._verify(text)

    async def _verify(self, text: str) -> None:
        found = await self.ask(lambda desk: _proven(desk, text))
        if found is not None:
            self._tell(found)

    def _tell(self, found: dict[str, Any]) -> None:
        self._found = found
        self._shows(answer=True)
        self.query_one("#sheet", Text).show(plain.lines(self._sheet(max(40, self.size.width - 4))))
        number = found["claims"]["number"] if found["claims"] and found["proven"] else "not proven"
        self.title_is(f"certificate  {VERDICT_WORDS[found['verdict']]}  {number}")
        self.query_one("#answer").focus()

    def _sheet(self, width: int) -> Iterator[Content]:
        """The verdict, what to do, every stage in a sentence, what was compared, what the paper says."""
        found = self._found
        assert found is not None  # set by the caller
        demo = ("  DEMO DATA", "amber") if found["demo"] else ""
        word = VERDICT_WORDS[found["verdict"]]
        yield line((f" {word} ", STYLES[found["verdict"]]), (f" {render.HEADLINES[found['verdict']]}", "strong"), demo)
        yield from wrapped("DO", render.what_next(found), width)
        for row in found["seen"][:3]:
            yield from wrapped(
                "BEFORE", f"shown with {row['shipment']} at {row['office']} on {row['at'][:10]}", width, "amber"
            )
        for row in found["explanation"]:
            if row["state"] == "skipped":
                continue
            said = f"{render.STATE_WORDS[row['state']]}: {row['message']}"
            yield from wrapped(row["stage"], said, width, STAGE_STYLES[row["state"]])
            for pair in row["compared"]:
                yield from wrapped("", render.compared(pair), width, "" if pair["same"] else "red")
        for text in render.claims(found):
            yield line((text, "strong" if text.startswith("THE PAPER") else ""))
        for text in render.lists(found["lists"]):
            yield from wrapped("", text, width, "dim")

    def action_page(self) -> None:
        """Everything, to scroll through."""
        if self._found:
            self.app.push_screen(PageScreen("certificate", render.verification(self._found)))

    def page_text(self) -> str:
        """What F7 saves."""
        return render.verification(self._found) if self._found else super().page_text()

    @work(exclusive=True, group="keep")
    async def action_keep(self) -> None:
        """Save the proof into a case."""
        found = self._found
        if found is None:
            plain.tell(self.app, "Scan or open a certificate first.")
            return
        number = await self.app.push_screen_wait(ReasonDialog("Into which case? (2026-0001)"))
        if number and await self.ask(lambda desk: desk.certificates.keep(found, number)):
            plain.tell(self.app, f"Kept in case {number}.")


def _pictures(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in PICTURES and path.is_file()]
        return sorted(found, key=lambda path: -path.stat().st_mtime)[:MAX_LISTED]
    except OSError:
        return []


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _code_of(path: Path) -> str:
    from border_kit.desk.codes import codes_of, one_of

    if not _is_file(path):
        raise InputError("file_missing", f"{path.name} is not there.", "Check the path.")
    return one_of(codes_of(path), "licence")


def _proven(desk: Desk, text: str) -> dict[str, Any]:
    return {**desk.certificates.verify(text).to_json(), "text": text}
