"""Earlier editions of a published volume, and from which of them patches lead on.

A patch leads straight to the newest edition from every edition of the last few days, and from the last one of each of the
weeks before (the star). An edition in between has the patch that once led from it to the last one of its week: by way of
that an office comes from any edition of those weeks in two patches. The repository's own earlier metadata say all this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from tuf.api.metadata import TargetFile, Targets

from border_kit.sync import layout, patch, repository
from border_kit.sync.layout import Content
from border_kit.sync.repository import State
from border_kit.sync.roles import Sheet

_MOST_A_DAY = 4
"""Editions of one day that a patch leads on from; an authority that publishes more often has its last ones patched."""


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier edition: its content, its full file, and the patches that its role has signed since."""

    content: Content
    full: TargetFile
    patches: dict[str, TargetFile]

    def unpack(self, folder: Path, into: Path) -> None:
        """Write the volume as it was published."""
        packed = repository.target_file(folder, self.full.path, self.full.hashes["sha256"])
        patch.apply(packed, into, length=self.content.length, sha256=self.content.sha256)

    def is_whole(self, folder: Path) -> bool:
        """Whether its full file is still there."""
        return repository.target_file(folder, self.full.path, self.full.hashes["sha256"]).is_file()

    def bridge(self, folder: Path, bases: Sequence[Past]) -> TargetFile | None:
        """The smallest patch that ever led from this edition to one of these, with the length it unpacks to."""
        found = []
        for base in bases:
            for path, target in self.patches.items():
                name = layout.patch_name(self.content.sha256, base.content.sha256)
                if path.endswith(name) and repository.target_file(folder, path, target.hashes["sha256"]).is_file():
                    custom = {"custom": {"length": base.content.length}}
                    found.append(TargetFile(target.length, dict(target.hashes), path, custom))
        return min(found, key=lambda target: target.length, default=None)


def history(folder: Path, state: State, name: str, now: datetime, weeks: int) -> Iterator[Past]:
    """The editions of a volume, newest first, back to the oldest that a patch may lead from; each once.

    Args:
        folder: the repository.
        state: the state that it is in.
        name: the volume's role.
        now: the moment from which weeks are counted.
        weeks: how many.
    """
    if name not in state.metadata:
        return
    current: Targets = state.metadata[name].signed
    oldest = now - timedelta(weeks=weeks + 1)
    full = layout.folder(state.delegated()[name]) + layout.FULL
    signed: dict[str, TargetFile] = {}
    seen: set[str] = set()
    for targets in chain([layout.named(current.targets)], repository.earlier(folder, name, current.version)):
        signed = {**targets, **signed}
        target = targets.get(full)
        if target is None:
            continue
        past = Past(layout.content(target.custom), target, signed)
        if seen and past.content.signed < oldest:
            return
        if past.content.sha256 not in seen and past.is_whole(folder):
            seen.add(past.content.sha256)
            yield past


def star(past: Sequence[Past], now: datetime, sheet: Sheet) -> list[Past]:
    """The editions from which a patch leads straight to the newest, newest first.

    Args:
        past: earlier editions, newest first.
        now: the day of the new edition.
        sheet: how many days and weeks. A week is that of the calendar (ISO 8601), so that its last edition stays its last.
    """
    days = sorted({one.content.signed.date() for one in past}, reverse=True)[: sheet.daily]
    found = {}
    for day in days:
        for one in [one for one in past if one.content.signed.date() == day][:_MOST_A_DAY]:
            found[one.content.sha256] = one
    found |= {one.content.sha256: one for one in weekly(past, now, sheet.weekly)}
    return sorted(found.values(), key=lambda one: one.content.signed, reverse=True)


def weekly(past: Sequence[Past], now: datetime, weeks: int) -> list[Past]:
    """The last edition of each of so many past weeks and of the current one, newest first: where bridges lead to."""
    last: dict[tuple[int, int], Past] = {}
    for one in past:
        last.setdefault(one.content.signed.isocalendar()[:2], one)
    monday = now - timedelta(weeks=weeks, days=now.isoweekday() - 1)
    return [one for one in last.values() if one.content.signed.date() >= monday.date()]
