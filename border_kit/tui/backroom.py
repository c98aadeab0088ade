"""Where the desk works: one thread of its own, so that nothing ever blocks typing.

A SQLite connection belongs to the thread that opened it: the desk is made in that thread and never leaves it. Screens hand in a
function of the desk and await its answer.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.store import unreadable

if TYPE_CHECKING:
    from border_kit.training.play import Play

Answer = TypeVar("Answer")


class Backroom:
    """One thread with one desk: the office's, or that of a training scenario that is played."""

    def __init__(self, settings: Settings, play: Play | None = None) -> None:
        """Open nothing yet."""
        self._settings = settings
        self._play = play
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._desk: Desk | None = None

    async def ask(self, question: Callable[[Desk], Answer]) -> Answer:
        """Run a question in the desk's thread. Raises what the question raises."""
        return await asyncio.wrap_future(self._thread.submit(self._answer, question))

    def _answer(self, question: Callable[[Desk], Answer]) -> Answer:
        if self._play is not None:
            return question(self._play.world.desk)
        if self._desk is None:
            self._desk = Desk(self._settings)
        try:
            return question(self._desk)
        except sqlite3.Error as error:
            raise unreadable(error) from error

    async def reopen(self) -> None:
        """Close the desk: the next question opens what is installed by then."""
        await asyncio.wrap_future(self._thread.submit(self._close))

    def close(self) -> None:
        """Finish what was begun, then close the desk."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _close(self) -> None:
        if self._play is not None:
            self._play.close()
        if self._desk is not None:
            self._desk.close()
            self._desk = None
