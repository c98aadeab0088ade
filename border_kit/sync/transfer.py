"""What every source of updates does: hand out small files under a cap, and large ones resumed and proven by length and hash.

Nothing is believed here: a file counts only once its hash is the one that signed metadata state. What has come of a file is
kept beside its place (`.partial`), with what is needed to go on later (`.resume`), across processes and power cuts.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tuf.ngclient.fetcher import FetcherInterface

from border_kit import disk
from border_kit.errors import StoreError
from border_kit.sync.refusal import Refusal

Progress = Callable[[str, int, int], None]
"""Told what is fetched, how many bytes of it are here, and of how many (0: not known)."""

CHUNK = 64 * 1024
DURABLE = 512 * 1024
"""Bytes after which what has come is forced to disk: a power cut costs at most so many."""

UNBOUNDED = 64 * 1024 * 1024
"""Bytes that a fetch without a stated bound may take; ours always state one."""


def no_progress(what: str, done: int, total: int) -> None:
    """Tell nobody."""


class Part:
    """What has come of one file so far, and of which state of it (its ETag)."""

    def __init__(self, stream: IO[bytes], kept: Path | None = None) -> None:
        """Go on with an open file; `kept` is where it is to be found again."""
        self._stream = stream
        self._kept = kept
        self._unsynced = 0
        self.at = stream.seek(0, os.SEEK_END)
        self.etag: str | None = self._remembered()
        self.dropped = False
        """Whether anything that had come was of no use."""

    def write(self, chunk: bytes) -> None:
        """Add what came. Raises StoreError when the disk says no."""
        with _disk():
            self._stream.write(chunk)
            self.at += len(chunk)
            self._unsynced += len(chunk)
            if self._kept is not None and self._unsynced >= DURABLE:
                self.force()

    def force(self) -> None:
        """Force it to disk. Raises StoreError."""
        with _disk():
            self._stream.flush()
            os.fsync(self._stream.fileno())
        self._unsynced = 0

    def drop(self) -> None:
        """Begin anew."""
        self.dropped = self.dropped or self.at > 0
        self._stream.seek(0)
        self._stream.truncate()
        self.at = 0
        self.is_of(None)

    def is_of(self, etag: str | None) -> None:
        """Remember which state of the file this is."""
        if etag == self.etag:
            return
        self.etag = etag
        if self._kept is not None:
            disk.replace_file(_resume(self._kept), json.dumps({"etag": etag}).encode())

    def ends(self, with_: bytes) -> bool:
        """Whether what is here ends with these bytes, but for blank space."""
        self._stream.seek(max(0, self.at - 64))
        found = self._stream.read().rstrip().endswith(with_)
        self._stream.seek(0, os.SEEK_END)
        return found

    def digest(self) -> str:
        """The SHA-256 of what is here, hex."""
        self._stream.seek(0)
        found = hashlib.file_digest(self._stream, "sha256").hexdigest()  # type: ignore[arg-type]  # IO[bytes] is all it needs
        self._stream.seek(0, os.SEEK_END)
        return found

    def _remembered(self) -> str | None:
        if self._kept is None or self.at == 0:
            return None
        try:
            etag = json.loads(_resume(self._kept).read_bytes())["etag"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return etag if isinstance(etag, str) else None


@contextmanager
def _disk() -> Iterator[None]:
    """Our own disk, told apart from a stick or a line that fails."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            "sync_not_written",
            f"What was fetched could not be saved ({error.strerror or error}).",
            "Free some disk space or check the permissions, then pull again: it goes on where it stopped.",
        ) from error


def _resume(partial: Path) -> Path:
    return partial.with_suffix(".resume")


def forget(path: Path) -> None:
    """Remove whatever has come of a file."""
    for suffix in (".partial", ".resume", ".resume.partial", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


class Fetcher(FetcherInterface):
    """A source of updates. `base` is the address that names are put behind; it ends with a slash.

    `progress` is told how far a file is; what it raises ends the fetch, and what has come is kept.
    """

    base: str

    def __init__(self, progress: Progress = no_progress) -> None:
        """Count from nothing."""
        self.progress = progress
        self.received = 0
        """Bytes of bodies that came so far."""

    @abstractmethod
    def _into(self, url: str, part: Part, most: int, *, exact: bool) -> None:
        """Fetch the rest of a file behind what is here, at most `most` bytes in all (`exact`: just as many).

        Raises Refusal, or tuf's DownloadHTTPError where the source answers that there is no such file.
        """

    def obtain(self, url: str, path: Path, *, length: int, sha256: str) -> None:
        """Fetch a file whole to `path`, from where an earlier call was interrupted; it is there only when proven.

        A file whose hash is wrong is fetched once more from its beginning: a bad line damages what it carries.

        Raises:
            Refusal: it cannot be fetched, or is not the file that was signed for.
            StoreError: the disk is full or may not be written.
        """
        if _proven(path, length, sha256):
            return
        partial = path.with_name(path.name + ".partial")
        with partial.open("a+b") as stream:
            part = Part(stream, partial)
            if self._whole(url, part, length) != sha256:
                part.drop()
                if self._whole(url, part, length) != sha256:
                    part.drop()
                    raise Refusal(
                        "hash_differs",
                        f"What came as {path.name[:16]} is not the file that the authority signed for.",
                        "Pull again later; if it stays so, pull from another place and tell the authority.",
                    )
        partial.replace(path)
        disk.sync_folder(path.parent)
        _resume(partial).unlink(missing_ok=True)

    def _whole(self, url: str, part: Part, length: int) -> str:
        if part.at > length:
            part.drop()
        if part.at < length:
            self._into(url, part, length, exact=True)
        part.force()
        return part.digest()

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[Any]]:
        """A temporary file with the content of a small file, as tuf asks for it. Raises Refusal, DownloadHTTPError."""
        with tempfile.TemporaryFile() as stream:
            self._into(url, Part(stream), max_length, exact=False)
            stream.seek(0)
            yield stream

    def _fetch(self, url: str) -> Iterator[bytes]:
        with self.download_file(url, UNBOUNDED) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk


def _proven(path: Path, length: int, sha256: str) -> bool:
    """Whether an earlier call has brought this very file."""
    try:
        with path.open("rb") as stream:
            return path.stat().st_size == length and hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False
