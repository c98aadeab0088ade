"""A border post that follows: its folder, its clock, and a pull from a folder or a server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tuf.api.metadata import Targets

from border_kit.catalog import writer
from border_kit.clock import FixedClock
from border_kit.sync import ceremony, layout, patch, repository
from border_kit.sync.fetchers import Limits, fetcher_for
from border_kit.sync.follow import Office
from border_kit.sync.moment import office_clock
from border_kit.sync.publish import put
from border_kit.sync.pull import Pulled, pull
from border_kit.sync.star import history
from border_kit.sync.transfer import Fetcher, Progress
from tests.sync.authority import Authority

QUICK = Limits(connect=5, gap=2, head=2, window=5, least=1_000, tries=3, pause=0.001, longest_pause=0.01)


def quick(source: str, progress: Progress) -> Fetcher:
    """A fetcher whose patience is that of a test."""
    return fetcher_for(source, progress, QUICK)


@dataclass
class Post:
    """An office's folder, and what its machine's clock shows."""

    home: Path
    root: bytes
    install: Any = writer.no_install

    def office(self, shown: datetime) -> Office:
        """What a pull works with."""
        clock = office_clock(self.home / "sync", FixedClock(shown))
        return Office(self.home, clock, self.install, fetcher=quick)

    def pull(self, source: object, shown: datetime, **options: Any) -> Pulled:
        """Pull, with the root where this is the first time."""
        first = not (self.home / "sync" / "root.json").exists()
        return pull(self.office(shown), str(source), self.root if first else None, **options)

    @property
    def current(self) -> Path:
        """The catalog in use."""
        return self.home / "generations" / (self.home / "current").read_text().strip()

    def numbers(self) -> list[int]:
        """The generations that are here."""
        return sorted(int(path.name) for path in (self.home / "generations").iterdir() if path.name.isdigit())

    def rows(self, table: str = "party") -> int:
        """Rows of a table of the parties in use, as the manifest says."""
        volumes = json.loads((self.current / "manifest.json").read_bytes())["volumes"]
        found: int = volumes["parties"]["rows"][table]
        return found


def renew(authority: Authority) -> None:
    """Have the timestamp signed anew: nothing else changes."""
    authority.finish(ceremony.renew(authority.sheet, repository.read(authority.folder), ["timestamp"], authority.now))


def publish_harmed(authority: Authority, harm: Callable[[Path], None]) -> None:
    """Publish the newest parties with a file that was harmed after it was built, correctly signed."""
    state = repository.read(authority.folder)
    [past] = list(history(authority.folder, state, "parties", authority.now, 8))[:1]
    path = authority.folder.parent / "harmed.sqlite"
    past.unpack(authority.folder, path)
    harm(path)
    content = path.read_bytes()
    signed = replace(
        past.content, sha256=hashlib.sha256(content).hexdigest(), length=len(content), signed=authority.now
    )
    targets = Targets()
    put(authority.folder, targets, f"parties/{layout.FULL}", patch.pack(content), signed.to_json())
    authority.finish(ceremony.propose(authority.sheet, state, {"parties": targets}, ["harmed"], authority.now))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in _files(folder)}


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
