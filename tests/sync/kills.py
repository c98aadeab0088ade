"""A process that is really killed (SIGKILL) at a step of its pull: every fsync, rename, replace and link is a step."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from border_kit.desk.desk import Desk
from border_kit.desk.install import install
from border_kit.desk.settings import Settings
from border_kit.screening.model import Query
from border_kit.sync.generations import Generations
from border_kit.sync.pull import pull
from tests.sync.post import Post

STEPS = ("fsync", "replace", "rename", "link")


class _Counted:
    """Counts the steps of a process; at one of them it is killed, before the call or right after it."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.count = 0
        self._at = at
        self._after = after

    def wrap(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self._at and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            found = real(*arguments, **options)
            if self.count == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        return step


def counted(work: Callable[[], object], at: int = 0, *, after: bool = False) -> int:
    """Do something with its steps counted; how many there were."""
    steps = _Counted(at, after=after)
    patches = [mock.patch.object(os, name, steps.wrap(getattr(os, name))) for name in STEPS]
    for one in patches:
        one.start()
    try:
        work()
    finally:
        for one in patches:
            one.stop()
    return steps.count


def in_child(work: Callable[[], object], kill_after: float | None = None) -> int | None:
    """Do something in a process of its own; the signal that ended it, None where it ended by itself."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if kill_after is not None:
                signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
                signal.setitimer(signal.ITIMER_REAL, kill_after)
            work()
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) == 0, "the child failed"
    return None


def pulling(home: Path, source: str, shown: datetime) -> Callable[[], object]:
    """A pull, ready to be done in a child."""
    return lambda: pull(Post(home, b"", install).office(shown), source)


def screened(home: Path, name: str) -> list[Any]:
    """What an office's catalog in use answers about a name."""
    opened = Generations(home).opened()
    assert opened is not None
    desk = Desk(Settings(catalog=opened.generation.root))
    try:
        return [hit.to_json() for hit in desk.screener.screen(Query(name)).hits]
    finally:
        desk.close()


def fresh(home: Path, into: Path) -> Path:
    """A copy of an office's folder."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(home, into)
    return into
