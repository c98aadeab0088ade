"""A published catalog as it lies on disk: the state it is in, and how a complete proposal becomes its next state.

The repository is its own record: nothing is kept beside it. Every file but `timestamp.json` is written once and never changed
(TUF section 6, consistent snapshots), so any server, object store or stick can hold it, and a reader sees the old publication
or the new one. What an interrupted publication left behind is named by nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from tuf.api.exceptions import RepositoryError, StorageError
from tuf.api.metadata import (
    DelegatedRole,
    Metadata,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
    VerificationResult,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from border_kit import disk
from border_kit.errors import InputError, StoreError
from border_kit.sync import layout, roles
from border_kit.sync.proposal import Proposal
from border_kit.sync.refusal import Refusal

_ROOT = re.compile(r"([1-9][0-9]{0,8})\.root\.json")
_COMPACT = JSONSerializer(compact=True)


@dataclass(frozen=True, slots=True)
class State:
    """The metadata of one publication by role: the four at the top, and every role that has signed something."""

    metadata: dict[str, Metadata[Any]]

    @property
    def root(self) -> Root:
        """Who may sign at the top."""
        return cast("Root", self.metadata[Root.type].signed)

    @property
    def targets(self) -> Targets:
        """Who may sign which path."""
        return cast("Targets", self.metadata[Targets.type].signed)

    @property
    def snapshot(self) -> Snapshot:
        """Which versions belong together."""
        return cast("Snapshot", self.metadata[Snapshot.type].signed)

    @property
    def timestamp(self) -> Timestamp:
        """Which snapshot is the newest."""
        return cast("Timestamp", self.metadata[Timestamp.type].signed)

    def delegated(self) -> dict[str, DelegatedRole]:
        """The roles that targets delegates to, by name, in their order."""
        delegations = self.targets.delegations
        return dict(delegations.roles or {}) if delegations else {}

    def version(self, role: str) -> int:
        """The version of a role; 0 before it signed anything."""
        return int(self.metadata[role].signed.version) if role in self.metadata else 0

    def role(self, name: str) -> Role | None:
        """Keys and threshold of a role, by who delegates to it."""
        return self.root.roles.get(name) if name in roles.TOP else self.delegated().get(name)

    def verified(self, name: str, metadata: Metadata[Any]) -> VerificationResult | None:
        """How the signatures on a role's metadata count under this state's root and targets. None where nobody may sign it."""
        if self.role(name) is None:
            return None
        delegator = self.root if name in roles.TOP else self.targets
        return delegator.get_verification_result(name, metadata.signed_bytes, metadata.signatures)

    def within(self, changed: dict[str, Metadata[Any]]) -> State:
        """The state that this one becomes with these roles changed."""
        return State({**self.metadata, **changed})


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Change a repository alone. Raises StoreError where another command is at it, or it may not be written."""
    busy = StoreError("repository_busy", f"Another command is changing {folder}.", "Wait until it has ended.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with disk.alone(folder / ".lock", busy):
            yield
    except OSError as error:
        raise StoreError(
            "repository_not_written",
            f"The repository in {folder} could not be written ({error}).",
            "The old publication stays valid. Free some disk space or check the permissions, then repeat.",
        ) from error


def is_repository(folder: Path) -> bool:
    """Whether something was ever published here."""
    return (folder / layout.METADATA / "timestamp.json").is_file()


def read(folder: Path) -> State:
    """The state that a repository is in. Raises InputError where there is none, or it is not whole."""
    try:
        timestamp = _load(folder, "timestamp.json")
        snapshot = _load(folder, f"{timestamp.signed.snapshot_meta.version}.snapshot.json")
        found = {Timestamp.type: timestamp, Snapshot.type: snapshot, Root.type: _load(folder, _newest_root(folder))}
        for name, meta in snapshot.signed.meta.items():
            found[name.removesuffix(".json")] = _load(folder, f"{meta.version}.{name}")
    except (OSError, AttributeError, KeyError, StorageError, DeserializationError, RepositoryError) as error:
        raise InputError(
            "repository_unusable",
            f"There is no whole repository in {folder} ({error}).",
            "Found one with: border-kit sync key found --to DIR",
        ) from error
    return State(found)


def earlier(folder: Path, role: str, version: int) -> Iterator[dict[str, TargetFile]]:
    """The files that a role named in its versions before one (`layout.named`), newest first, as far as they are kept."""
    for number in range(version - 1, 0, -1):
        try:
            document = json.loads((folder / layout.METADATA / f"{number}.{role}.json").read_bytes())
            rows = document["signed"]["targets"].items()
            yield layout.named({path: TargetFile.from_dict(row, path) for path, row in rows})
        except (OSError, ValueError, KeyError):
            return


def finish(folder: Path, proposal: Proposal) -> State:
    """Make a proposal that everybody signed the repository's state: files to disk first, the timestamp last.

    Interrupted at any point, the old publication stays valid, and calling this again completes the new one.

    Raises:
        Refusal: it is not signed as it must be, was overtaken by another one, or a file that it names is missing.
        StoreError: the disk is full or may not be written.
    """
    before = read(folder) if is_repository(folder) else None
    if before is not None:
        judges = before.metadata[Root.type], before.metadata[Targets.type]
        proposal = replace(proposal, root=judges[0], targets=judges[1])
    after = (before or State({})).within(proposal.metadata)
    _expect_fresh(before, proposal)
    lacking = proposal.lacking()
    if lacking:
        raise Refusal(
            "signatures_missing",
            "Not everybody has signed who must: "
            + "; ".join(f"{lack.role} lacks {lack.missing}" for lack in lacking)
            + ".",
            "Carry the file to the others (border-kit sync key sign FILE --key …), then repeat.",
        )
    _expect_files(folder, after, proposal)
    try:
        (folder / layout.METADATA).mkdir(parents=True, exist_ok=True)
        for name in _order(before, after, proposal):
            metadata = proposal.metadata[name]
            file = "timestamp.json" if name == Timestamp.type else f"{metadata.signed.version}.{name}.json"
            disk.replace_file(folder / layout.METADATA / file, metadata.to_bytes(_COMPACT))
    except OSError as error:
        raise StoreError(
            "repository_not_written",
            f"The repository was not brought to its new state ({error}).",
            "The old publication stays valid. Free some disk space or check the permissions, then repeat.",
        ) from error
    return after


def _order(before: State | None, after: State, proposal: Proposal) -> list[str]:
    """In which order the files become visible: what is named before what names it.

    A new root is seen at once. Where what it governs is also signed as the old root wants it, root comes last, and no reader
    ever sees an invalid state; else (keys were lost) root comes right before the timestamp.
    """
    names = sorted(name for name in proposal.metadata if name not in roles.TOP)
    names += [name for name in (Targets.type, Snapshot.type) if name in proposal.metadata]
    last = [name for name in (Root.type, Timestamp.type) if name in proposal.metadata]
    tops = (name for name in roles.TOP if name != Root.type)
    if before is not None and all(before.verified(name, after.metadata[name]) for name in tops):
        last.reverse()
    return names + last


def _expect_fresh(before: State | None, proposal: Proposal) -> None:
    """Refuse a proposal made on another state than the repository is in; one that was half written is completed."""
    for name, version in proposal.base.items():
        now = before.version(name) if before else 0
        if now not in {version, proposal.metadata[name].signed.version if name in proposal.metadata else version}:
            raise Refusal(
                "proposal_overtaken",
                f"The repository has moved on: {name} is in version {now}, the proposal was made on version {version}.",
                "Make it anew and have it signed again.",
            )


def _expect_files(folder: Path, after: State, proposal: Proposal) -> None:
    for name, metadata in proposal.metadata.items():
        if name in roles.TOP and name != Targets.type:
            continue
        role = after.delegated().get(name)
        for path, target in _named(name, metadata.signed).items():
            if name not in roles.TOP and (role is None or not role.is_delegated_path(path)):
                raise Refusal("not_its_path", f"{name} may not sign {path}.", "Make the proposal anew.")
            file = target_file(folder, path, target.hashes["sha256"])
            if not file.is_file() or file.stat().st_size != target.length:
                raise Refusal(
                    "file_missing",
                    f"The repository lacks {path} in the version that the proposal names.",
                    "Publish from the machine that prepared the proposal, or make it anew.",
                )


def _named(name: str, signed: Targets) -> dict[str, TargetFile]:
    try:
        return layout.named(signed.targets)
    except ValueError as error:
        raise Refusal(
            "content_unreadable", f"What {name} would sign cannot be read: {error}.", "Make it anew."
        ) from error


def target_file(folder: Path, path: str, sha256: str) -> Path:
    """Where a target lies: its name behind its hash (TUF section 6.1)."""
    head, slash, name = path.rpartition("/")
    return folder / layout.TARGETS / f"{head}{slash}{sha256}.{name}"


def _load(folder: Path, name: str) -> Metadata[Any]:
    return Metadata.from_file(str(folder / layout.METADATA / name))


def _newest_root(folder: Path) -> str:
    found = [int(hit[1]) for path in (folder / layout.METADATA).iterdir() if (hit := _ROOT.fullmatch(path.name))]
    return f"{max(found, default=1)}.root.json"
