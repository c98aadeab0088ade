"""Saving what is shown, as files of the office's own, readable by their owner alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from border_kit import store
from border_kit.desk import places
from border_kit.errors import StoreError

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def folder() -> Path:
    """Where papers are saved."""
    return places.home() / "papers"


def save_text(name: str, text: str) -> Path:
    """Save a text under a name made safe; an earlier paper is never overwritten. Raises StoreError."""
    stem = _UNSAFE.sub("-", name).strip("-").lower()[:60] or "paper"
    with _saving():
        folder().mkdir(parents=True, exist_ok=True)
        path = _free(stem)
        _put(path, text)
    return path


def save_as(path: Path, text: str) -> None:
    """Save a text under a path that the officer named. Raises StoreError."""
    with _saving():
        _put(path, text)


@contextmanager
def _saving() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            "paper_not_saved",
            f"The paper could not be saved ({error.strerror}).",
            "Free some disk space or check the permissions.",
        ) from error


def _put(path: Path, text: str) -> None:
    store.replace_file(path, (text.rstrip() + "\n").encode("utf-8", "replace"))
    path.chmod(0o600)


def _free(stem: str) -> Path:
    for number in range(1, 10_000):
        path = folder() / f"{stem}-{number:03d}.txt"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        return path
    raise OSError(0, "there are ten thousand papers of that name")
