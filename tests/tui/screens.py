"""Driving the application in tests: open it, press keys, read the screen as text."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from border_kit.desk.settings import Settings
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
    """Wait until every message is taken, every question to the desk answered and shown, and every worker left waits for a dialog."""
    calm = 0
    async with asyncio.timeout(300):
        while calm < CALM:
            await pilot.pause(0)
            if _at_work(pilot) or _to_draw(pilot):
                calm = 0
                await asyncio.sleep(0.002)
            else:
                calm += 1


CALM = 6
"""Rounds of messages without work: a key opens a screen, which is laid out, takes the focus and is refreshed."""


def _at_work(pilot: Pilot[None]) -> bool:
    """Whether more workers are on than wait for the answer of a dialog that is open."""
    begun = [worker for worker in pilot.app.workers if not worker.is_finished]
    futures = [callback.future for screen in pilot.app.screen_stack for callback in screen._result_callbacks]
    return len(begun) > sum(bool(future is not None and getattr(future, "_callbacks", None)) for future in futures)


def _to_draw(pilot: Pilot[None]) -> bool:
    """Whether the screen is still to be laid out or painted."""
    nodes = pilot.app.screen.walk_children(with_self=True)
    return any(node._layout_required or node._repaint_required for node in nodes if isinstance(node, Widget))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys and wait for what each starts."""
    for key in keys:
        send(pilot, key)
        await settle(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type a text, each letter taken before the next."""
    for char in text:
        send(pilot, char)
        await pilot.pause(0)
    await settle(pilot)


def send(pilot: Pilot[None], key: str) -> None:
    """Hand a key over as a terminal does."""
    name = _KEYS.get(key, key)
    event = events.Key(name, key if len(key) == 1 else "\r" if key == "enter" else None)
    event.set_sender(pilot.app)
    pilot.app._driver.send_message(event)  # type: ignore[union-attr]  # a running application has a driver


async def burst(pilot: Pilot[None], text: str) -> None:
    """Hand over all keys of a burst at once, as a scanner does: none waits for what the one before starts."""
    for char in text:
        send(pilot, "enter" if char == "\n" else char)
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
