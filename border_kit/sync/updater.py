"""The client of a published catalog: The Update Framework's rules (python-tuf), and those of our own beside them.

TUF sees to signatures, thresholds, versions, expiry, mixing and who may sign which path. Ours: a version below the highest an
office ever saw is refused even where the cache that knew it is gone, a leap that no honest authority makes is refused, and
expiry is judged at a moment that the caller hands in. Nothing is kept here but TUF's own files in `metadata_dir`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from tuf.api.metadata import DelegatedRole, Delegations, Role, Root, TargetFile, Targets
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from border_kit.clock import parse_moment
from border_kit.sync import layout, roles
from border_kit.sync.layout import Content
from border_kit.sync.refusal import Refusal
from border_kit.sync.telling import told
from border_kit.text import clean_line


@dataclass(frozen=True, slots=True)
class Mark:
    """The highest version of a role that an office ever accepted, and the ids of the keys that could sign it then."""

    version: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What an office brings along: the moment at which expiry is judged, and the marks it kept (by role)."""

    now: datetime
    marks: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """One file to fetch.

    `base` is empty, or the first digits of the SHA-256 of the volume that a patch starts from; `digest` and `size` are of what
    it unpacks to (digits: all 64, or the first ones for an edition on the way), as `patch.apply` takes them.
    """

    target: TargetFile
    base: str = ""
    digest: str = ""
    size: int = 0

    @property
    def length(self) -> int:
        """Bytes on the wire."""
        return int(self.target.length)


@dataclass(frozen=True, slots=True)
class Volume:
    """What is published of a volume: its content, the full file, and every patch between its editions."""

    role: str
    version: int
    content: Content
    full: File
    patches: tuple[File, ...]

    @property
    def name(self) -> str:
        """The volume's name (`parties`, `licences-xa-la-01`)."""
        return self.content.info.name

    def way(self, installed: str | None) -> tuple[File, ...]:
        """What to fetch, in order, to come from the installed volume to this one: nothing, patches, or the full file.

        Args:
            installed: SHA-256 of the volume's file as it lies on disk; None where there is none.

        Returns:
            Nothing when it is the same; else the chain with the fewest bytes, which is the full file unless patches are smaller.
        """
        if installed == self.content.sha256:
            return ()
        chains = [(self.full,), *(self._chains(installed) if installed else ())]
        return min(chains, key=lambda chain: (sum(step.length for step in chain), len(chain)))

    def _chains(self, installed: str) -> Iterator[tuple[File, ...]]:
        """Straight to the newest edition, or by way of one between."""
        for first in self.patches:
            if not layout.is_volume(installed, first.base):
                continue
            if first.digest == self.content.sha256:
                yield (first,)
            else:
                yield from ((first, last) for last in self.patches if last.base == first.digest and self._ends(last))

    def _ends(self, patch: File) -> bool:
        return patch.digest == self.content.sha256


@dataclass(frozen=True, slots=True)
class StatusList:
    """A published status list: the address that certificates name, its authority, and the token's file."""

    uri: str
    authority: str
    as_of: str
    file: File


@dataclass(frozen=True, slots=True)
class Publication:
    """What a repository offers. `refused` says of each role that could not be trusted why; the others stand."""

    signed: datetime
    volumes: dict[str, Volume]
    status_lists: tuple[StatusList, ...]
    refused: dict[str, Refusal]

    @property
    def digests(self) -> set[str]:
        """The SHA-256 of every file that is named."""
        files = [file for volume in self.volumes.values() for file in (volume.full, *volume.patches)]
        files += [one.file for one in self.status_lists]
        return {str(file.target.hashes["sha256"]) for file in files}


class CatalogUpdater(Updater):
    """TUF's client over one repository.

    Args:
        metadata_dir: TUF's own files; holds a trusted `root.json` unless `root` is given.
        base_url: where the repository lies (it has `metadata/` and `targets/` below it).
        fetcher: what brings its files.
        rules: the moment and the marks.
        root: the trusted root of an office that follows for the first time.
    """

    def __init__(
        self,
        metadata_dir: Path,
        base_url: str,
        fetcher: FetcherInterface,
        rules: Rules,
        *,
        root: bytes | None = None,
    ) -> None:
        self.rules = rules
        self._limits = roles.standard().limits
        base = base_url if base_url.endswith("/") else f"{base_url}/"
        config = UpdaterConfig(
            root_max_length=self._limits.root,
            timestamp_max_length=self._limits.timestamp,
            snapshot_max_length=self._limits.snapshot,
            targets_max_length=self._limits.targets,
        )
        with told("root"):
            super().__init__(
                str(metadata_dir),
                base + layout.METADATA,
                None,
                base + layout.TARGETS,
                fetcher,
                config,
                bootstrap=root,
            )
        self._trusted_set.reference_time = rules.now

    def refresh(self) -> None:
        """Bring the top-level metadata up to date. Raises Refusal, and whatever the fetcher raises of its own."""
        with told("metadata"):
            super().refresh()
        for name, mark in sorted(self.rules.marks.items()):
            self._hold(name, mark)

    def publication(self) -> Publication:
        """What is offered, after `refresh`. A role that cannot be trusted is refused alone.

        Raises:
            Refusal: the repository says nothing of when it was signed.
            BorderKitError: whatever the fetcher raises of its own (no connection, a portal's page).
        """
        volumes: dict[str, Volume] = {}
        refused: dict[str, Refusal] = {}
        lists: tuple[StatusList, ...] = ()
        for role in self._delegated():
            try:
                if role.name == layout.REVOCATIONS:
                    lists = self._status_lists(role)
                elif (volume := self._volume(role)) is not None:
                    volumes[role.name] = volume
            except Refusal as error:
                refused[role.name] = error
        return Publication(self.signed, volumes, lists, refused)

    @property
    def signed(self) -> datetime:
        """When the publication was signed, by the timestamp role. Raises Refusal where it does not say."""
        try:
            return parse_moment(str(self._trusted_set.timestamp.unrecognized_fields[layout.SIGNED_AT]))
        except (KeyError, ValueError) as error:
            raise Refusal(
                "time_unsigned",
                "The publication does not say when it was signed.",
                "It was not made with border-kit sync publish; ask the authority.",
            ) from error

    def marks(self) -> dict[str, Mark]:
        """The marks to keep after this refresh: the highest version of every role, seen now or before."""
        found = {name: mark for name, mark in self.rules.marks.items() if self._binds(name, mark)}
        for name, version in self._versions().items():
            found[name] = Mark(version, tuple(sorted(self._role(name).keyids)))
        return found

    def bring(self, file: File, into: Path) -> None:
        """Fetch one file and prove its length and hash against the signed ones. Raises Refusal."""
        with told(file.target.path):
            self.download_target(file.target, str(into))

    def _update_root_symlink(self) -> None:
        """Keep `root.json` as a plain copy: a stick's file system, and Windows without a privilege, have no links."""
        root = Path(self._dir, "root_history", f"{self._trusted_set.root.version}.root.json")
        self._persist_metadata(Root.type, root.read_bytes())

    def _delegated(self) -> list[DelegatedRole]:
        delegations = self._trusted_set.targets.delegations
        return list((delegations.roles or {}).values()) if isinstance(delegations, Delegations) else []

    def _signed_by(self, role: DelegatedRole) -> Targets | None:
        """The role's metadata, loaded and verified by TUF's own walk; None where it has signed nothing yet."""
        if f"{role.name}.json" not in self._trusted_set.snapshot.meta and role.name not in self.rules.marks:
            return None
        with told(role.name):
            self.get_targetinfo(layout.folder(role) + layout.FULL)
        found = self._trusted_set.get(role.name)
        return found if isinstance(found, Targets) else None

    def _volume(self, role: DelegatedRole) -> Volume | None:
        targets = self._signed_by(role)
        if targets is None:
            return None
        full = self._file(role, layout.folder(role) + layout.FULL)
        if full is None:
            raise Refusal(
                "volume_withdrawn",
                f"The role {role.name} has signed that it publishes nothing.",
                "Only those who delegate to it may end a volume. Ask the authority that publishes.",
            )
        try:
            found, bridges = layout.content(full.target.custom), layout.bridges(full.target)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refusal(
                "content_unreadable",
                f"What {role.name} signed of its volume cannot be read ({error}).",
                "A newer version of border-kit may be needed.",
            ) from error
        if found.info.name != role.name:
            raise Refusal(
                "not_its_path",
                f"The role {role.name} signed a volume of {found.info.name}.",
                "It may sign its own alone. Report it to the authority that publishes.",
            )
        if full.length > found.length + layout.PACKED_MORE:
            raise _unsound(role, full.target)
        files = [self._file(role, path) for path in targets.targets if path != full.target.path]
        patches = [self._patch(file, found) for file in (*files, *(File(bridge) for bridge in bridges)) if file]
        full = replace(full, digest=found.sha256, size=found.length)
        return Volume(role.name, targets.version, found, full, tuple(patch for patch in patches if patch))

    @staticmethod
    def _patch(file: File, found: Content) -> File | None:
        """A patch to the newest edition, or to one on the way, which says how long that is. None for other files."""
        ends = layout.patch_ends(file.target.path.rpartition("/")[2])
        if ends is None:
            return None
        if layout.is_volume(found.sha256, ends[1]):
            return replace(file, base=ends[0], digest=found.sha256, size=found.length)
        try:
            return replace(file, base=ends[0], digest=ends[1], size=int(file.target.custom["length"]))
        except (KeyError, TypeError, ValueError):
            return None

    def _file(self, role: DelegatedRole, path: str) -> File | None:
        """A target that the role may sign, by TUF's own walk. Raises Refusal for a path that is not its own."""
        with told(role.name):
            if not role.is_delegated_path(path):
                raise Refusal(
                    "not_its_path",
                    f"The role {role.name} signed {path}, which is not its to sign.",
                    "Nothing of it is taken. Report it to the authority that publishes.",
                )
            target = self.get_targetinfo(path)
        if target is not None and not layout.is_sound(target):
            raise _unsound(role, target)
        return None if target is None else File(target)

    def _status_lists(self, role: DelegatedRole) -> tuple[StatusList, ...]:
        targets = self._signed_by(role)
        files = [self._file(role, path) for path in (targets.targets if targets else ())]
        try:
            return tuple(_status_list(file) for file in files if file)
        except (KeyError, TypeError, ValueError) as error:
            raise Refusal(
                "content_unreadable", f"A status list is described as none of ours ({error}).", "Ask the authority."
            ) from error

    def _versions(self) -> dict[str, int]:
        """The version of every role that the publication holds together."""
        trusted = self._trusted_set
        found = {"root": trusted.root.version, "timestamp": trusted.timestamp.version}
        found["snapshot"] = trusted.snapshot.version
        known = {"targets", *(role.name for role in self._delegated())}
        for file, meta in trusted.snapshot.meta.items():
            if (name := file.removesuffix(".json")) in known:
                found[name] = meta.version
        return found

    def _role(self, name: str) -> Role:
        trusted = self._trusted_set
        if name in roles.TOP:
            return trusted.root.roles[name]
        return {role.name: role for role in self._delegated()}[name]

    def _binds(self, name: str, mark: Mark) -> bool:
        """Whether a mark still counts: not once the keys were replaced, which only who delegates to the role can do.

        TUF section 5.3.11: versions start anew after a rotation, which is how an authority recovers from a stolen key. Those
        of root never do.
        """
        if name == "root":
            return True
        try:
            role = self._role(name)
        except KeyError:
            return False
        return len(set(role.keyids) & set(mark.keys)) >= min(role.threshold, len(mark.keys))

    def _hold(self, name: str, mark: Mark) -> None:
        """Refuse a version below a mark, or one that leaps away from it."""
        if not self._binds(name, mark):
            return
        version = self._versions().get(name, 0)
        if version < mark.version:
            raise Refusal(
                "version_older",
                f"The repository offers {name} in version {version or 'none'}; this office has already seen version {mark.version}.",
                "It is an old copy, or somebody holds newer data back. Use another source.",
            )
        if version > mark.version + self._limits.version_leap:
            raise Refusal(
                "version_leap",
                f"The version of {name} leaps from {mark.version} to {version}, as no honest publication does.",
                "A key may have been stolen. Report it to the authority that publishes.",
            )


def _status_list(file: File) -> StatusList:
    """A status list as its custom fields describe it. Raises KeyError, TypeError, ValueError."""
    uri, authority, as_of = (str(file.target.custom[name]) for name in ("uri", "authority", "as_of"))
    if file.length > layout.LARGEST_LIST:
        raise ValueError(f"it has {file.length} bytes")
    return StatusList(uri, authority, date.fromisoformat(as_of).isoformat(), file)


def _unsound(role: DelegatedRole, target: TargetFile) -> Refusal:
    return Refusal(
        "content_unreadable",
        f"What {role.name} signed of {clean_line(target.path, 100)} is no length or SHA-256 that a file of ours has.",
        "Nothing of it is taken. Report it to the authority that publishes.",
    )
