"""Seeing what a source offers an office: The Update Framework's rules, the office's marks, and its clock.

TUF's own files are worked on in a copy (`sync/work`) that begins as the generation in use left them; an interrupted pull goes on
from there, and another source begins anew, so that what one promised and never delivered keeps nobody from another.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tuf.api.metadata import Metadata, Root
from tuf.api.serialization import DeserializationError

from border_kit import disk
from border_kit.catalog import schema
from border_kit.catalog.volumes import VolumeInfo, read_manifest
from border_kit.catalog.writer import Install
from border_kit.sync import layout
from border_kit.sync.fetchers import fetcher_for
from border_kit.sync.generations import STATE, Generation, Generations
from border_kit.sync.memory import Marks, Memory
from border_kit.sync.moment import TOLERANCE, OfficeClock, day
from border_kit.sync.refusal import LineError, Refusal
from border_kit.sync.transfer import Fetcher, Progress, no_progress
from border_kit.sync.updater import CatalogUpdater, File, Mark, Publication, Rules, StatusList, Volume


@dataclass(frozen=True, slots=True)
class Office:
    """What following works with: the office's folder and clock, the desk's install step, and who is told how far it is.

    `outdated` names the volumes of a catalog whose search index has to be made again.
    """

    home: Path
    clock: OfficeClock
    install: Install
    progress: Progress = no_progress
    fetcher: Callable[[str, Progress], Fetcher] = fetcher_for
    outdated: Callable[[Path], Sequence[str]] = lambda _root: ()

    @property
    def generations(self) -> Generations:
        """The installed catalogs."""
        return Generations(self.home)

    @property
    def memory(self) -> Memory:
        """What is remembered beside them."""
        return Memory(self.home)


@dataclass(frozen=True, slots=True)
class Change:
    """A volume that is offered anew: `way` is what to fetch, `before` the edition that is installed."""

    volume: Volume
    way: tuple[File, ...]
    before: str | None

    @property
    def bytes(self) -> int:
        """Bytes on the wire."""
        return sum(step.length for step in self.way)

    @property
    def by_patch(self) -> bool:
        """Whether it comes as patches."""
        return bool(self.way and self.way[0].base)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source offers: `changes` and `lists` to fetch, `kept` and `gone` volumes of those installed, what is `refused`."""

    source: str
    fetcher: Fetcher
    publication: Publication
    generation: Generation | None
    installed: Mapping[str, VolumeInfo]
    marks: Marks
    state: Path
    changes: tuple[Change, ...]
    lists: tuple[StatusList, ...]
    gone: tuple[str, ...]
    refused: dict[str, Refusal]

    @property
    def bytes(self) -> int:
        """Bytes on the wire, without the metadata that this offer has already brought."""
        return sum(change.bytes for change in self.changes) + sum(one.file.length for one in self.lists)

    @property
    def kept(self) -> tuple[str, ...]:
        """The installed volumes that stay as they are."""
        anew = {change.volume.name for change in self.changes} | set(self.gone)
        return tuple(name for name in sorted(self.installed) if name not in anew)

    @property
    def is_news(self) -> bool:
        """Whether there is anything to install, be it a newer signature on the same volumes."""
        recorded = self.generation.record.get("marks") if self.generation else None
        return bool(self.changes or self.lists or self.gone or recorded != self.marks.to_json())


def look(office: Office, source: str | None = None, root: bytes | None = None) -> Offer:
    """See what a source offers; fetches metadata and nothing else.

    Args:
        office: who follows.
        source: address or folder; the one of the last pull where none is named.
        root: the first trusted root, for an office that follows for the first time.

    Raises:
        Refusal: no source or no root is known, the source cannot be trusted or reached, or the clock is wrong.
        StoreError: the disk is full or may not be written.
    """
    source = source or office.memory.source()
    if source is None:
        raise LineError(
            "source_unknown",
            "This office has not pulled yet, so it knows no source.",
            "Name one: --from URL or folder.",
        )
    opened = office.generations.usable()
    marks = office.memory.marks(office.generations.newest_marks())
    trusted = _root(office.memory, root)
    state = _state(office, source, opened)
    fetcher = office.fetcher(source, office.progress)
    now = office.clock.now()
    rules = Rules(now, {name: Mark(*mark) for name, mark in marks.roles.items()})
    updater = CatalogUpdater(state, fetcher.base, fetcher, rules, root=_newest_root(state) or trusted)
    updater.refresh()
    publication = updater.publication()
    new = updater.marks()
    signed = _floor(marks, new, publication.signed)
    _hold_clock(office.clock, now, signed)
    found = Marks({name: (mark.version, mark.keys) for name, mark in new.items()}, signed)
    return _offer(source, fetcher, publication, opened, found, state)


def _root(memory: Memory, given: bytes | None) -> bytes:
    """The root that trust begins with. Raises Refusal where none is known, or another one is."""
    known = memory.root()
    if known is None and given is None:
        raise Refusal(
            "root_missing",
            "This office trusts nobody yet.",
            "Get the first root from your authority by hand, compare its fingerprint, and name it once: --root FILE.",
        )
    if known is not None and given is not None and known != given:
        raise Refusal(
            "root_known",
            "This office follows another authority, or was given another first root.",
            "Leave --root out. A new root of the same authority is found by itself.",
        )
    if known is None and given is not None:
        _expect_root(given)
        return given
    return known or b""


def _expect_root(given: bytes) -> None:
    """Whether a file that was handed over is a root at all; what it is worth is TUF's to say. Raises Refusal."""
    try:
        Metadata[Root].from_bytes(given)
    except DeserializationError as error:
        raise Refusal(
            "root_unusable",
            "The file that was named as first root is none.",
            "It is the authority's 1.root.json, as it was handed over: --root FILE.",
        ) from error


def _state(office: Office, source: str, opened: Generation | None) -> Path:
    """TUF's own files to work on: those of an interrupted pull from this source, else a copy of the installed ones."""
    state = office.memory.folder / "work"
    mark = state / "begun"
    stamp = hashlib.sha256(f"{source}\n{opened.number if opened else 0}".encode()).hexdigest().encode()
    if mark.is_file() and mark.read_bytes() == stamp:
        return state
    shutil.rmtree(state, ignore_errors=True)
    (state / "root_history").mkdir(parents=True)
    if opened is not None:
        keep_state(opened.root / STATE, state)
    disk.replace_file(mark, stamp)
    return state


def keep_state(state: Path, into: Path) -> None:
    """Copy TUF's own files: plain ones, no links."""
    (into / "root_history").mkdir(parents=True, exist_ok=True)
    for path in (*state.glob("*.json"), *state.glob("root_history/*.json")):
        if path.is_file() and path.name != "root.json":
            shutil.copyfile(path, into / path.relative_to(state))


def _newest_root(state: Path) -> bytes | None:
    """The newest root that was proven before."""
    found = {int(path.name.split(".")[0]): path for path in state.glob("root_history/*.root.json")}
    return found[max(found)].read_bytes() if found else None


def _floor(marks: Marks, new: Mapping[str, Mark], signed: datetime) -> datetime:
    """The newest signed time; where the root has replaced the timestamp's keys, what they had signed no longer counts."""
    before = marks.roles.get("timestamp")
    rotated = before is not None and not set(before[1]) & set(new["timestamp"].keys)
    return signed if marks.signed is None or rotated else max(marks.signed, signed)


def _hold_clock(clock: OfficeClock, now: datetime, signed: datetime) -> None:
    if now < signed - TOLERANCE:
        raise Refusal(
            "clock_wrong",
            f"The clock is WRONG: it shows {day(now)}, and the data were signed on {day(signed)}. Nothing is installed.",
            "Set this machine's date, or state today's date once: border-kit sync date YYYY-MM-DD"
            if not clock.is_stated
            else "The date that was stated is too early: state it again with border-kit sync date YYYY-MM-DD",
        )


def _offer(
    source: str, fetcher: Fetcher, publication: Publication, opened: Generation | None, marks: Marks, state: Path
) -> Offer:
    installed = read_manifest(opened.root) if opened else {}
    recorded = opened.volumes if opened else {}
    refused = dict(publication.refused)
    changes = []
    for name, volume in sorted(publication.volumes.items()):
        whole = opened is not None and name in installed and opened.is_whole(installed[name].file)
        way = way_from(volume, recorded.get(name, {}) if whole else {})  # what was damaged here is fetched anew
        if way and volume.content.schema_version != schema.SCHEMA_VERSION:
            refused[name] = _other_schema(name, volume.content.schema_version)
        elif way:
            changes.append(Change(volume, way, installed[name].edition if name in installed else None))
    offered = {*publication.volumes, *publication.refused}
    gone = tuple(name for name in sorted(installed) if name not in offered)
    changes.sort(key=lambda change: change.bytes)
    lists = tuple(
        one for one in publication.status_lists if one.file.target.hashes["sha256"] not in known_lists(recorded)
    )
    lists = lists if "trust" in {*installed, *publication.volumes} else ()
    return Offer(
        source, fetcher, publication, opened, installed, marks, state, tuple(changes), lists, gone, refused
    )  # fmt: skip


def way_from(volume: Volume, have: Mapping[str, object]) -> tuple[File, ...]:
    """What to fetch from what is recorded of an installed volume (nothing where it is not here), in order."""
    published = have.get("published")
    return volume.way(published if isinstance(published, str) else None)


def known_lists(recorded: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The digests of the status lists that were merged into the installed trust volume."""
    found = recorded.get("trust", {}).get("lists", [])
    return [str(one) for one in found] if isinstance(found, list) else []


def _other_schema(name: str, version: int) -> Refusal:
    return Refusal(
        "schema_other",
        f"The volume {name} is of schema {version}; this version of border-kit reads {schema.SCHEMA_VERSION}.",
        "Update the program. The volume that is installed stays in use.",
    )


def address(fetcher: Fetcher, file: File) -> tuple[str, str]:
    """Where a file lies (TUF section 3.1, consistent snapshots), and its SHA-256."""
    sha256 = str(file.target.hashes["sha256"])
    folder, _, name = file.target.path.rpartition("/")
    return f"{fetcher.base}{layout.TARGETS}{folder}/{sha256}.{name}", sha256
