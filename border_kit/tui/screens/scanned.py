"""What a burst of the scanner opens."""

from __future__ import annotations

from pathlib import Path

from border_kit.desk.scan import Scan
from border_kit.tui import screens
from border_kit.tui.screens.base import DeskScreen


async def open_scan(screen: DeskScreen, scan: Scan) -> str:
    """Open what a burst names, on top of a screen; what is wrong with it, or nothing."""
    if scan.kind == "garbled":
        return scan.note
    if scan.kind == "file":
        await screen.desk_app.open_file(Path(scan.value))
    elif scan.kind == "picture":
        screen.app.push_screen(screens.named("certificate")("", Path(scan.value)))
    elif scan.kind == "case":
        case = await screen.ask(lambda desk: desk.casebook.show(scan.value))
        if case:
            screen.app.push_screen(screens.named("result")(None, case.assessment, case))
    else:
        name = {"certificate": "certificate", "licence": "licence", "hs": "catalog", "words": "names"}.get(scan.kind)
        if name is not None:
            screen.app.push_screen(screens.named(name)(scan.value))
    return ""
