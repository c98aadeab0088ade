"""Saving what is shown, as files of the office's own, readable by their owner alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from border_kit import disk
from border_kit.desk import places
from border_kit.errors import StoreError

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def folder() -> Path:
    """Where papers are saved."""
    return places.home() / "papers"


def save_text(name: str, text: str) -> Path:
    """Save a text under a name made safe; an earlier paper is never overwritten. Raises StoreError."""
    return save(name, _encoded(text), "txt")


def save(name: str, content: bytes, ending: str) -> Path:
    """Save a file under a name made safe; an earlier paper is never overwritten. Raises StoreError."""
    stem = _UNSAFE.sub("-", name).strip("-").lower()[:60] or "paper"
    with _saving():
        folder().mkdir(parents=True, exist_ok=True)
        path = _free(stem, ending)
        _put(path, content)
    return path


def save_as(path: Path, content: str | bytes) -> None:
    """Save a text or a file under a path that the officer named. Raises StoreError."""
    with _saving():
        _put(path, content if isinstance(content, bytes) else _encoded(content))


def save_lines(path: Path, lines: Iterable[str]) -> int:
    """Save many lines under a path that the officer named, as they come; the old file stays until the new one is whole.

    Gives how many. Raises StoreError.
    """
    count = 0
    with _saving():
        partial = path.with_name(path.name + ".partial")
        with partial.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            for count, line in enumerate(lines, 1):  # noqa: B007 - told to the caller
                stream.write(line + "\n")
        partial.chmod(0o600)
        disk.sync_file(partial)
        partial.replace(path)
        disk.sync_folder(path.parent)
    return count


def print_out(path: Path) -> None:
    """Hand a saved paper to the system's printer (`lp` or `lpr`, the print verb on Windows). Raises StoreError."""
    try:
        if sys.platform == "win32":
            os.startfile(path, "print")  # noqa: S606 - our own file, by the system's print verb
            return
        program = shutil.which("lp") or shutil.which("lpr")
        if program is None:
            raise _unprinted("this system has no lp or lpr")
        subprocess.run([program, str(path)], check=True, capture_output=True, timeout=30)  # noqa: S603 - our own file, no shell
    except subprocess.CalledProcessError as error:
        raise _unprinted(error.stderr.decode("utf-8", "replace").strip() or "the printer refused") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unprinted(str(error)) from error


def _unprinted(why: str) -> StoreError:
    return StoreError(
        "not_printed", f"The paper was not printed ({why}).", f"It is saved in {folder()}: carry it to a printer."
    )


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


def _encoded(text: str) -> bytes:
    return (text.rstrip() + "\n").encode("utf-8", "replace")


def _put(path: Path, content: bytes) -> None:
    disk.replace_file(path, content)
    path.chmod(0o600)


def _free(stem: str, ending: str) -> Path:
    for number in range(1, 10_000):
        path = folder() / f"{stem}-{number:03d}.{ending}"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        return path
    raise OSError(0, "there are ten thousand papers of that name")
