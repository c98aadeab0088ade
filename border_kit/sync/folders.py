"""A stick as a source: a folder of plain files, read under caps, through no link, by names that were looked at first.

A file is copied to local disk and then proven there; the stick is never read twice for one file, so a file that is swapped after
the check was never the one that is used.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import unquote

from tuf.api.exceptions import DownloadHTTPError

from border_kit.sync.names import below
from border_kit.sync.refusal import LineError, Refusal
from border_kit.sync.transfer import CHUNK, Fetcher, Part, Progress, no_progress

SCHEME = "folder:///"
"""Addresses name files below the folder, never a place of this machine."""


class FolderFetcher(Fetcher):
    """Fetches from a folder."""

    base = SCHEME

    def __init__(self, root: Path, progress: Progress = no_progress) -> None:
        """Read below a folder. Raises Refusal when there is none."""
        super().__init__(progress)
        self._root = root
        if not root.is_dir():
            raise LineError(
                "source_missing", f"There is no folder {root}.", "Put the stick in, and name its folder with --from."
            )

    def _into(self, url: str, part: Part, most: int, *, exact: bool) -> None:
        name = unquote(url.removeprefix(SCHEME))
        try:
            self._copy(name, part, most, exact=exact)
        except FileNotFoundError as error:
            self._still_there(error)
            raise DownloadHTTPError(f"no file {name}", 404) from error
        except OSError as error:
            raise _unreadable(error) from error

    def _copy(self, name: str, part: Part, most: int, *, exact: bool) -> None:
        """Copy from the beginning: a stick is fast, and its ETag is nobody's."""
        place = below(self._root, name)
        part.drop()
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(place, flags), "rb", buffering=0) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Refusal("not_a_file", f"{name!r} is no plain file.", "Do not use this source.")
            _fits(name, found.st_size, most, exact=exact)
            while chunk := stream.read(min(CHUNK, most + 1 - part.at)):
                part.write(chunk)
                self.received += len(chunk)
                self.progress(name, part.at, found.st_size)
                _fits(name, part.at, most, exact=False)
        _fits(name, part.at, most, exact=exact)

    def _still_there(self, error: OSError) -> None:
        """A file may be missing; where the whole folder is gone, the stick was pulled."""
        if not self._root.is_dir():
            raise _unreadable(error) from error


def _fits(name: str, size: int, most: int, *, exact: bool) -> None:
    if size > most or (exact and size != most):
        raise Refusal(
            "length_differs",
            f"{name!r} has {size} bytes, where {'' if exact else 'at most '}{most} were signed for.",
            "Copy the repository to the stick again.",
        )


def _unreadable(error: OSError) -> LineError:
    return LineError(
        "stick_unreadable",
        f"The folder could not be read to its end ({error.strerror or error}).",
        "Leave the stick in until the pull has ended, or copy the repository to it again. What is installed is as it was.",
    )
