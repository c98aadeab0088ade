"""What an office remembers beside its generations: whom it follows, how far it had come, and what was done.

    <home>/sync/follow.json      the source of the last pull
    <home>/sync/root.json        the first trusted root, as it was handed over
    <home>/sync/marks.json       the highest version of every role ever installed, and the newest signed time
    <home>/sync/history.jsonl    pulls, refusals, roll backs, stated dates; one a line

A deleted cache lowers no mark; where the marks themselves are gone, the newest generation's record of them counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from border_kit import disk
from border_kit.clock import parse_moment, stamp
from border_kit.sync.moment import MARKS
from border_kit.sync.refusal import Refusal

Roles = dict[str, tuple[int, tuple[str, ...]]]
"""Version and key ids by role."""

_MAX_HISTORY = 500_000
_MAX_ROOT = 256_000


@dataclass(frozen=True, slots=True)
class Marks:
    """The highest version of every role, with the keys that could sign it then, and the newest signed time."""

    roles: Roles
    signed: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        roles = {name: {"version": version, "keys": list(keys)} for name, (version, keys) in sorted(self.roles.items())}
        return {"roles": roles, **({"signed": stamp(self.signed)} if self.signed else {})}


def read_marks(document: Mapping[str, Any]) -> Marks:
    """Marks as they were kept. Raises KeyError, TypeError, ValueError where they are none."""
    roles = {str(name): (int(row["version"]), tuple(map(str, row["keys"]))) for name, row in document["roles"].items()}
    return Marks(roles, parse_moment(str(document["signed"])) if "signed" in document else None)


class Memory:
    """An office's `sync` folder."""

    def __init__(self, home: Path) -> None:
        """Read nothing yet."""
        self.folder = home / "sync"

    @property
    def downloads(self) -> Path:
        """Where files lie until they are installed; what came of them survives an interruption.

        Those of the publication that is installed stay: they are what this office can hand on by stick, signatures and all.
        """
        return self.folder / "download"

    def keep_downloads(self, digests: Collection[str]) -> None:
        """Remove every download but these (SHA-256)."""
        with suppress(OSError):  # what is left over goes with the next pull
            for entry in list(os.scandir(self.downloads)):
                if entry.name not in digests:
                    Path(entry.path).unlink()

    def source(self) -> str | None:
        """Where the last pull came from; None before the first."""
        try:
            found = json.loads((self.folder / "follow.json").read_bytes())["source"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if isinstance(found, str) else None

    def follow(self, source: str) -> None:
        """Remember where to pull from."""
        if source != self.source():
            disk.replace_file(self.folder / "follow.json", json.dumps({"source": source}).encode())

    def root(self) -> bytes | None:
        """The first trusted root; None before it was handed over."""
        try:
            with (self.folder / "root.json").open("rb") as stream:
                return stream.read(_MAX_ROOT)
        except FileNotFoundError:
            return None

    def trust(self, root: bytes) -> None:
        """Keep the first trusted root."""
        if self.root() != root:
            disk.replace_file(self.folder / "root.json", root)

    def marks(self, recorded: Mapping[str, Any] | None) -> Marks:
        """The marks by their own file; where that is gone, as the newest generation recorded them.

        Raises:
            Refusal: the file is there and cannot be read; without it nothing tells an old copy from a new one.
        """
        try:
            return read_marks(json.loads((self.folder / MARKS).read_bytes()))
        except FileNotFoundError:
            return read_marks(recorded) if recorded else Marks({})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refusal(
                "marks_unreadable",
                f"The file {MARKS}, which tells old data from new, cannot be read ({error}).",
                "Restore it from a backup; remove it only when your authority says so.",
            ) from error

    def keep(self, marks: Marks) -> None:
        """Keep the marks durably."""
        disk.replace_file(self.folder / MARKS, (json.dumps(marks.to_json(), indent=1) + "\n").encode())

    def log(self, at: datetime, what: str, **details: Any) -> None:
        """Add a line to the history, forced to disk; the oldest half goes where it grows long."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "history.jsonl"
        if path.exists() and path.stat().st_size > _MAX_HISTORY:
            lines = path.read_bytes().splitlines(keepends=True)
            disk.replace_file(path, b"".join(lines[len(lines) // 2 :]))
        line = json.dumps({"at": stamp(at), "what": what, **details}, ensure_ascii=False)
        with path.open("ab") as stream:
            stream.write((line + "\n").encode("utf-8", "replace"))
            stream.flush()
            os.fsync(stream.fileno())

    def history(self, most: int = 50) -> list[dict[str, Any]]:
        """The last lines of the history, newest first; a line that a power cut halved is left out."""
        try:
            lines = (self.folder / "history.jsonl").read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found: list[dict[str, Any]] = []
        for line in reversed(lines):
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict) and len(found) < most:
                found.append(row)
        return found
