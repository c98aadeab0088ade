"""What is to last is forced to disk, and what is small is replaced whole; locks by which processes keep out of each other's way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from border_kit.errors import StoreError

_PASSING: ContextVar[bool] = ContextVar("passing", default=False)


@contextmanager
def passing() -> Iterator[None]:
    """Within this block nothing is forced to the disk: for folders that are gone with their process. Of this thread alone."""
    token = _PASSING.set(True)
    try:
        yield
    finally:
        _PASSING.reset(token)


def is_passing() -> bool:
    """Whether what is written now need not last."""
    return _PASSING.get()


def _force(handle: int) -> None:
    if not _PASSING.get():
        os.fsync(handle)


def sync_file(path: Path) -> None:
    """Force a file and its folder to disk."""
    with path.open("rb+") as stream:  # Windows syncs only what is open for writing
        _force(stream.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, where the system has such a thing (Windows has not)."""
    if os.name == "nt" or _PASSING.get():
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_small(path: Path, most: int) -> bytes:
    """The content of a small file. Raises OSError, and ValueError for one of more than `most` bytes or that is no file."""
    if path.exists() and not path.is_file():
        raise ValueError("it is no file")
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError("it is too large")
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Write a small file so that after a power cut it holds the old content or the new, never half."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        _force(stream.fileno())
    partial.replace(path)
    sync_folder(path.parent)


@contextmanager
def alone(lock: Path, busy: StoreError) -> Iterator[None]:
    """Hold a lock file, which the system lets go of when its holder dies. Raises `busy` where another process holds it."""
    with lock.open("a+b") as handle:
        _lock(handle, lock, busy)
        try:
            yield
        finally:
            with suppress(OSError):  # Windows keeps an open file; it is empty and does no harm
                lock.unlink()


def _lock(handle: IO[bytes], lock: Path, busy: StoreError) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows only

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - POSIX only

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle.fileno()).st_ino != lock.stat().st_ino:
            raise FileNotFoundError(lock)  # another change has just ended and took its lock file away
    except OSError as error:
        raise busy from error


class Held:
    """A folder that somebody works with, until it is closed or its holder dies: whoever tidies up asks `is_held` before.

    Where the system has no such locks nothing is held; Windows keeps files that are open by itself.
    """

    def __init__(self, folder: Path) -> None:
        """Hold a folder; one that is not there is not held."""
        self._handle = -1
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - POSIX only

            with suppress(OSError):
                self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # a pipe would be waited for
                fcntl.flock(self._handle, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether anybody, this process included, works with a folder (`Held`)."""
    if sys.platform == "win32":
        return False
    import fcntl  # noqa: PLC0415 - POSIX only

    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
    return False
