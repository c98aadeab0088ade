"""Driving the application in tests: open it, press keys, read the screen as text."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from border_kit.desk.desk import Settings
from border_kit.tui.app import BorderKitApp
from border_kit.tui.screens.base import screen_text

GOLDEN = Path(__file__).parent / "golden"


@asynccontextmanager
async def opened(
    settings: Settings, *, size: tuple[int, int] = (80, 24), file: Path | None = None
) -> AsyncIterator[Pilot[None]]:
    """The running application, settled."""
    app = BorderKitApp(settings, shipment_file=file)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every question to the desk is answered and shown."""
    for _ in range(4):
        busy = [worker for worker in pilot.app.workers if not _waits(worker.name)]
        if busy:
            with contextlib.suppress(WorkerCancelled):  # a newer one took its place
                await pilot.app.workers.wait_for_complete(busy)
        await pilot.pause()


_DIALOGS = frozenset(
    (
        "_decide",
        "action_act",
        "action_stick",
        "action_again",
        "action_variant",
        "action_keep",
        "action_answer",
        "action_assign",
        "action_back_up",
        "action_as_of",
        "action_bring_in",
        "action_clear",
        "action_collect",
        "action_decide",
        "action_take",
        "action_start",
        "action_deck",
        "action_draw",
        "action_export",
        "action_filter",
        "action_date",
        "action_pull_from",
        "action_read",
        "action_restore",
        "action_retention",
        "action_roll_back",
        "action_reverse",
        "action_rules",
        "action_settle",
        "action_sign_in",
    )
)


def _waits(name: str) -> bool:
    """Workers that wait for a dialog to be answered."""
    return name in _DIALOGS


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys and wait for what they start."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type as a scanner does: a burst without pauses."""
    for char in text:
        await pilot.press(_KEYS.get(char, char))
    await settle(pilot)


async def burst(pilot: Pilot[None], text: str) -> None:
    """Hand over all keys of a burst at once, as a terminal does: none waits for what the one before starts."""
    for char in text:
        event = events.Key("enter" if char == "\n" else _KEYS.get(char, char), "\r" if char == "\n" else char)
        event.set_sender(pilot.app)
        pilot.app._driver.send_message(event)  # type: ignore[union-attr]  # a running application has a driver
    await pilot.pause(0.5)
    await settle(pilot)


_KEYS = {" ": "space", "-": "minus", ".": "full_stop", "/": "slash", ":": "colon", ",": "comma", "_": "underscore"}


def shown(pilot: Pilot[None]) -> str:
    """The screen as text."""
    return screen_text(pilot.app.screen)


def same_as_golden(name: str, text: str) -> None:
    """Compare with the kept screen; BORDER_KIT_GOLDEN=write keeps a new one."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("BORDER_KIT_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == path.read_text(encoding="utf-8"), f"the screen {name} has changed"
