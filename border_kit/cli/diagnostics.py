"""How a command ends and talks: exit codes, and lines on stderr."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from border_kit.text import clean_line

if TYPE_CHECKING:
    from pathlib import Path

    from border_kit.desk.settings import Settings
    from border_kit.training.run import Run


class Application(Protocol):
    """What opens the terminal application."""

    def __call__(self, settings: Settings, file: Path | None, *, color: bool, run: Run | None = None) -> None:
        """Run it until it is closed, with a shipment loaded if a file is named, or a scenario begun."""


class ReaderGoneError(Exception):
    """The reader of our output has closed it (`| head`)."""


class Exit(IntEnum):
    """Exit codes of the contract (docs/interfaces.md)."""

    OK = 0
    ATTENTION = 1
    USAGE = 2
    CANNOT_TELL = 3
    INPUT = 4
    CATALOG = 5
    INTERNAL = 70
    INTERRUPTED = 130


def say(*parts: str) -> None:
    """Talk: one line on stderr. A closed stderr is nobody's error."""
    words = clean_line(" ".join(part for part in parts if part), 2_000)
    try:
        sys.stderr.write(words + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
