"""Files of this office that this process has open: no reader of foreign files opens one, and nothing is put in their place.

SQLite keeps terminals apart by locks that belong to the process: closing any other handle on such a file (or on the journal beside
it) lets go of all of them, and what is confirmed from then on can be lost (docs/decisions/0100). Whatever name a file is given
by, a hard link or a symbolic one too, it is known by its device and number. The rule stands at the interpreter's own opening
(PEP 578), where no reader, present or future, can forget it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import weakref
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from border_kit.errors import InputError, StoreError
from border_kit.text import clean_line

_ENDINGS = ("", "-wal", "-shm")
"""A database in WAL mode, its journal, and the index of that, which bears the locks."""
_open: Counter[tuple[int, int]] = Counter()
_change = threading.RLock()  # a connection may go while another comes
_stands: list[bool] = []

Number = tuple[int, int]


class Connection(sqlite3.Connection):
    """A connection to an office file that `hold` knows until it is closed or gone."""

    _let_go: weakref.finalize[Any, Any] | None = None

    def hold(self, path: Path) -> None:
        """From now on the file is in use."""
        with suppress(sqlite3.Error):  # whoever reads it will be told
            self.execute("SELECT count(*) FROM sqlite_master").fetchone()  # so that its journal is there
        numbers = [number for ending in _ENDINGS if (number := _number(f"{path}{ending}"))]
        _count(numbers, 1)
        self._let_go = weakref.finalize(self, _count, numbers, -1)
        with _change:
            if not _stands:
                _stands.append(True)
                sys.addaudithook(_guard)

    def close(self) -> None:
        """Close the file, which is then like any other."""
        super().close()
        if self._let_go is not None:
            self._let_go()


def _count(numbers: list[Number], by: int) -> None:
    with _change:
        for number in numbers:
            _open[number] += by
            if not _open[number]:
                del _open[number]


def _number(path: Any) -> Number | None:
    """Device and number of the file behind a name; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a name may be bytes
    except (OSError, ValueError, TypeError):
        return None
    return found.st_dev, found.st_ino


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what would open or replace a file in use. Raises InputError, StoreError."""
    if event == "open":
        path = arguments[0]
        if not isinstance(path, int) and _open and _number(path) in _open:
            raise InputError(
                "file_in_use",
                f"{_name(path)} is a file of this office that is in use here: nothing else is read from it.",
                "Name another file; border-kit case backup makes a copy that can be read.",
            )
    elif event == "os.rename" and _open and _number(arguments[1]) in _open:
        raise StoreError(
            "file_in_use",
            f"{_name(arguments[1])} is a file of this office that is in use here: nothing is written over it.",
            "Name another file.",
        )


def _name(path: Any) -> str:
    return clean_line(Path(os.fsdecode(path)).name, 100)
