"""From a catalog to a publication: volumes and status lists become targets, patches lead to them from earlier editions.

Files go into the repository first, named by their hash, where nothing refers to them yet; the proposal that names them is
then signed, and `repository.finish` makes it visible. Publishing the same catalog again changes nothing.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tuf.api.metadata import Signed, TargetFile, Targets

from border_kit import disk
from border_kit.catalog.volumes import Catalog
from border_kit.errors import StoreError, UsageError
from border_kit.findings import Json
from border_kit.sync import ceremony, layout, patch, repository, roles
from border_kit.sync.derive import derive
from border_kit.sync.layout import Content
from border_kit.sync.proposal import Proposal
from border_kit.sync.repository import State
from border_kit.sync.roles import Sheet
from border_kit.sync.star import Past, history, star, weekly

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much (0: not known)."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of one volume: bytes of the full file, and of each patch by the day of the edition it starts from."""

    name: str
    edition: str
    full: int
    patches: tuple[tuple[str, int], ...]
    follows: bool

    def to_json(self) -> dict[str, Json]:
        """As both faces show it; `follows` is false where the file was begun anew."""
        return {
            "name": self.name,
            "edition": self.edition,
            "full_bytes": self.full,
            "patches": [{"from": day, "bytes": size} for day, size in self.patches],
            "follows": self.follows,
        }


@dataclass(frozen=True, slots=True)
class Prepared:
    """A proposal, and what it publishes; nothing to sign where nothing changed (`proposal` None)."""

    proposal: Proposal | None
    volumes: tuple[Published, ...] = ()
    unchanged: tuple[str, ...] = ()
    status_lists: int = 0

    def to_json(self) -> dict[str, Json]:
        """As both faces show it."""
        return {
            "changes": [*(self.proposal.words if self.proposal else ())],
            "volumes": [volume.to_json() for volume in self.volumes],
            "unchanged": [*self.unchanged],
            "status_lists": self.status_lists,
        }


def prepare(
    sheet: Sheet,
    folder: Path,
    catalog: Catalog,
    now: datetime,
    *,
    only: Collection[str] = (),
    anew: Collection[str] = (),
    progress: Progress = lambda _what, _done, _total: None,
) -> Prepared:
    """Put what changed in a catalog into a repository and propose to publish it.

    Args:
        sheet: expiries, and how many patches are kept.
        folder: the repository.
        catalog: what to publish.
        now: when it is signed.
        only: the roles to look at; all of the repository's where empty.
        anew: roles to sign anew although nothing changed (they would expire).
        progress: told what is being done.

    Raises:
        UsageError: a role is asked for that the repository or the catalog does not have.
        CatalogError: a volume is damaged.
        StoreError: the disk is full or may not be written.
    """
    state = repository.read(folder)
    names = _names(state, catalog, only)
    changed: dict[str, Signed] = {}
    done: list[Published] = []
    lists = 0
    try:
        for name in names:
            if name == layout.REVOCATIONS:
                lists = _status_lists(folder, state, catalog, changed)
            elif told := _Volume(sheet, folder, state, catalog, name, now).publish(changed, progress):
                done.append(told)
    except OSError as error:
        raise StoreError(
            "repository_not_written",
            f"The repository could not be written ({error}).",
            "The old publication stays valid. Free some disk space or check the permissions, then repeat.",
        ) from error
    unchanged = tuple(name for name in names if name not in changed)
    changed |= {
        name: deepcopy(state.metadata[name].signed) for name in anew if name not in changed and name in state.metadata
    }
    if not changed:
        return Prepared(None, unchanged=unchanged)
    words = [f"{told.name}: edition {told.edition}." for told in done]
    words += [f"{lists} status lists."] if lists else []
    words += [f"{name} is signed anew." for name in changed if name in anew]
    return Prepared(ceremony.propose(sheet, state, changed, words, now), tuple(done), unchanged, lists)


def _names(state: State, catalog: Catalog, only: Collection[str]) -> list[str]:
    """The delegated roles that have something to publish."""
    able = [name for name in state.delegated() if catalog.has(name)]
    if layout.REVOCATIONS in state.delegated() and catalog.has("trust"):
        able.append(layout.REVOCATIONS)
    for name in only:
        if name not in able:
            raise UsageError(
                "role_unknown",
                f"{name} cannot be published: {'the repository has no such role' if name not in state.delegated() else 'the catalog lacks it'}.",
                "See: border-kit sync key roles DIR; border-kit catalog info",
            )
    return [name for name in able if not only or name in only]


@dataclass(frozen=True, slots=True)
class _Volume:
    """One volume on its way into the repository."""

    sheet: Sheet
    folder: Path
    state: State
    catalog: Catalog
    name: str
    now: datetime

    def publish(self, changed: dict[str, Signed], progress: Progress) -> Published | None:
        """Write its files and its role's new targets; None where the repository has this edition."""
        info = self.catalog.info(self.name)
        past = list(history(self.folder, self.state, self.name, self.now, self.sheet.weekly))
        if past and past[0].content.info == info:
            return None
        progress(self.name, 0, 0)
        with tempfile.TemporaryDirectory(prefix="border-kit-") as scratch:
            published, derived = Path(scratch, "published"), Path(scratch, "derived")
            if past:
                past[0].unpack(self.folder, published)
            fresh = self.catalog.root / info.file
            follows = derive(info, fresh, published if past else None, derived)
            content = Content(info, patch.sha256(derived), derived.stat().st_size, self.now)
            targets = Targets()
            full, bases = patch.pack(derived.read_bytes()), star(past, self.now, self.sheet)
            sizes = tuple(self._patches(targets, content, derived, len(full), bases, progress))
        folder = layout.folder(self.state.delegated()[self.name])
        bridges = layout.bridges_json(self._bridges(content, bases, past))
        custom = content.to_json() | ({"bridges": bridges} if bridges else {})
        self._put(targets, folder + layout.FULL, full, custom)
        changed[self.name] = targets
        return Published(self.name, info.edition, len(full), sizes, follows)

    def _patches(
        self, targets: Targets, content: Content, volume: Path, full: int, bases: Sequence[Past], progress: Progress
    ) -> Iterator[tuple[str, int]]:
        """Patches from the earlier editions that the sheet keeps."""
        folder = layout.folder(self.state.delegated()[self.name])
        earlier = volume.with_name("earlier")
        for number, base in enumerate(bases):
            progress(f"patches of {self.name}", number, len(bases))
            if base.content.sha256 == content.sha256:
                continue
            base.unpack(self.folder, earlier)
            made = patch.make(earlier, volume)
            if len(made) < full:
                name = layout.patch_name(base.content.sha256, content.sha256)
                yield base.content.signed.date().isoformat(), self._put(targets, folder + name, made)

    def _bridges(self, content: Content, bases: Sequence[Past], past: Sequence[Past]) -> Iterator[TargetFile]:
        """The patches that led from each of the other earlier editions to the last one of its week."""
        landings = weekly(past, self.now, self.sheet.weekly)
        kept = {base.content.sha256 for base in bases} | {content.sha256}
        for one in past:
            if one.content.sha256 not in kept and (bridge := one.bridge(self.folder, landings)):
                yield bridge

    def _put(self, targets: Targets, path: str, content: bytes, custom: dict[str, Any] | None = None) -> int:
        return put(self.folder, targets, path, content, custom)


def put(folder: Path, targets: Targets, path: str, content: bytes, custom: dict[str, Any] | None = None) -> int:
    """Write a target's file under its hash and name it in a role's targets; its size in bytes."""
    sha256 = hashlib.sha256(content).hexdigest()
    file = repository.target_file(folder, path, sha256)
    if not file.is_file() or file.read_bytes() != content:
        file.parent.mkdir(parents=True, exist_ok=True)
        disk.replace_file(file, content)
    fields = {"custom": custom} if custom else {}
    targets.targets[path] = TargetFile(len(content), {"sha256": sha256}, path, fields)
    return len(content)


def _status_lists(folder: Path, state: State, catalog: Catalog, changed: dict[str, Signed]) -> int:
    """The newest status list of each address as a target; how many, or 0 where nothing changed."""
    rows = catalog.rows("trust", "SELECT authority, uri, token, as_of FROM status_list ORDER BY uri, as_of")
    newest = {row["uri"]: row for row in rows}
    targets = Targets()
    for uri, row in newest.items():
        path = f"{layout.REVOCATIONS}/{hashlib.sha256(uri.encode()).hexdigest()[:16]}.cwt"
        custom = {"uri": uri, "authority": row["authority"], "as_of": row["as_of"]}
        put(folder, targets, path, row["token"].encode(), custom)
    before = state.metadata.get(layout.REVOCATIONS)
    if before is not None and before.signed.targets == targets.targets:
        return 0
    if not newest and before is None:
        return 0
    changed[layout.REVOCATIONS] = targets
    return len(newest)


def finish(folder: Path, proposal: Proposal, now: datetime) -> State:
    """Make a signed proposal visible, then remove what nobody needs any more. Raises as `repository.finish` does."""
    state = repository.finish(folder, proposal)
    try:
        sweep(folder, now, roles.of(folder).weekly)
    except OSError as error:
        raise StoreError(
            "repository_not_swept",
            f"The publication is complete; old files could not be removed ({error}).",
            "They do no harm. Check the permissions.",
        ) from error
    return state


def sweep(folder: Path, now: datetime, weeks: int) -> None:
    """Remove files that earlier publications named and that no reader needs any more. Call it after `repository.finish`.

    Kept is what the newest publication names, what the one before named (somebody may be fetching it), the full files of
    earlier editions from which the next patches will be made, and the bridges that will lead from those. What no publication
    ever named may belong to a proposal that is still being signed: it stays as long as earlier editions do.
    """
    state = repository.read(folder)
    keep: set[Path] = set()
    gone: set[Path] = set()
    for name in state.delegated():
        signed = [layout.named(state.metadata[name].signed.targets)] if name in state.metadata else []
        signed += repository.earlier(folder, name, state.version(name))
        keep |= {_place(folder, target) for targets in signed[:2] for target in targets.values()}
        gone |= {_place(folder, target) for targets in signed[2:] for target in targets.values()}
        if name != layout.REVOCATIONS:
            past = list(history(folder, state, name, now, weeks))
            landings = weekly(past, now, weeks)
            bridges = [bridge for one in past if (bridge := one.bridge(folder, landings))]
            keep |= {_place(folder, target) for target in (*bridges, *(one.full for one in past))}
    oldest = (now - timedelta(weeks=weeks + 1)).timestamp()
    for path in (folder / layout.TARGETS).rglob("*"):
        if path.is_file() and path not in keep and (path in gone or path.stat().st_mtime < oldest):
            path.unlink()


def _place(folder: Path, target: TargetFile) -> Path:
    return repository.target_file(folder, target.path, target.hashes["sha256"])
