"""What a learner has answered: one append-only file each, a line an answer, on the disk before the next card is shown.

A line that a power cut left half is passed over, and the next answer begins a line of its own: nothing else is lost.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from border_kit import disk
from border_kit.clock import parse_moment, stamp
from border_kit.desk import places
from border_kit.errors import StoreError
from border_kit.findings import Json
from border_kit.text import clean_line

Rating = Literal["again", "hard", "good", "easy"]
"""How well an answer was known; the names are FSRS's."""
RATINGS: tuple[Rating, ...] = get_args(Rating)

NOBODY = "learner"
"""Whose history it is where nobody said who learns: that of this machine."""

MAX_BYTES = 64_000_000
"""A history of some four hundred thousand answers; a larger file is none of ours."""
_MAX_KEY = 200
_LAST_YEAR = 9_000
"""A card may come again a hundred years later (fsrs: maximum_interval); no calendar goes beyond the year 9999."""


@dataclass(frozen=True, slots=True)
class Review:
    """One answer: when, which card (`deck/id`), how well it was known; `right` where the kit marked it."""

    at: datetime
    card: str
    rating: Rating
    right: bool | None = None

    def to_json(self) -> dict[str, Json]:
        """One line of the file."""
        row: dict[str, Json] = {"at": stamp(self.at), "card": self.card, "rating": self.rating}
        return row if self.right is None else row | {"right": self.right}


def folder() -> Path:
    """Where the histories of this machine's learners lie."""
    return places.home() / "training" / "drill"


def path_of(learner: str) -> Path:
    """The file of a learner: a readable name, made certain by a digest where letters had to go."""
    safe = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:40]
    mark = "" if safe == learner else "-" + hashlib.sha256(learner.encode("utf-8", "replace")).hexdigest()[:8]
    return folder() / f"{safe or 'learner'}{mark}.jsonl"


class History:
    """The answers of one learner."""

    def __init__(self, path: Path) -> None:
        """`path` need not be there yet."""
        self._path = path
        self.passed_over = 0
        """Lines that the last reading could not use."""

    def reviews(self) -> Iterator[Review]:
        """Every answer, in the order in which they were given. Raises StoreError when the file cannot be read."""
        try:
            found = self._path.stat()
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
                raise StoreError(
                    "history_foreign",
                    f"{self._path.name} is too large to be a history of cards, or is no file.",
                    "Move it away.",
                )
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(
                "history_unreadable",
                f"The history {self._path.name} cannot be read ({error.strerror}).",
                "Check the permissions.",
            ) from error
        self.passed_over = 0
        for line in content.splitlines():
            review = _read(line)
            if review is not None:
                yield review
            elif line.strip():
                self.passed_over += 1

    def add(self, review: Review) -> None:
        """Keep an answer: it is on the disk when this returns. Raises StoreError when it could not be kept."""
        line = json.dumps(review.to_json(), ensure_ascii=False).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = not self._path.exists()
            handle = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
            try:
                whole = b"" if _ends_whole(handle) else b"\n"
                if os.write(handle, whole + line) != len(whole + line):
                    raise OSError(28, "the disk is full")
                os.fsync(handle)
            finally:
                os.close(handle)
            if new:
                disk.sync_folder(self._path.parent)
        except OSError as error:
            raise StoreError(
                "history_not_written",
                f"The answer was not kept ({error.strerror}).",
                "Free some disk space or check the permissions, then answer again.",
            ) from error


def _ends_whole(handle: int) -> bool:
    """Whether the file ends with a line break: after a power cut it may not."""
    size = os.fstat(handle).st_size
    if size == 0:
        return True
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) == b"\n"


def _read(line: bytes) -> Review | None:
    """One answer; None for a line that is none (half written, or of another program)."""
    try:
        row: Any = json.loads(line)
        at = parse_moment(row["at"]).astimezone(UTC)
        card, rating, right = row["card"], row["rating"], row.get("right")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    named = isinstance(card, str) and 0 < len(card) <= _MAX_KEY
    if not named or at.year > _LAST_YEAR or rating not in RATINGS or not (right is None or isinstance(right, bool)):
        return None
    return Review(at, clean_line(card), rating, right)
