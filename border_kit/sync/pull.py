"""Following an authority: fetch what is new, prove it, and make it the next generation; whole or not at all.

The order of a pull: see what is offered (`follow.look`), look for room, fetch and unpack each volume (patches first, the full
file where they fail), prove it, add status lists, take over what did not change, build indexes, keep the marks, switch. What
interrupts it costs nothing but what had not come yet.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from border_kit import store
from border_kit.catalog import schema, volumes, writer
from border_kit.catalog.volumes import MANIFEST, VolumeInfo, index_file
from border_kit.clock import stamp
from border_kit.errors import BorderKitError, CatalogError, StoreError
from border_kit.findings import Json
from border_kit.sync import layout, patch, published
from border_kit.sync.follow import Change, Offer, Office, address, keep_state, look
from border_kit.sync.generations import STATE, Generation, enough_room, take_over
from border_kit.sync.refusal import Refusal
from border_kit.sync.telling import told
from border_kit.sync.transfer import Fetcher, Progress
from border_kit.sync.updater import File

FEWEST = 0.5
"""A table may lose so much of its rows from one edition to the next; what loses more is taken for an accident."""
SMALL = 20
"""Rows below which a table may shrink as it likes."""

_ANOTHER_WAY = frozenset(
    {
        "hash_differs", "length_differs", "too_long", "file_missing", "file_differs", "file_oversized",
        "patch_other_base", "patch_damaged", "patch_oversized", "volume_differs", "published_lost",
    }
)  # fmt: skip
"""Refusals of a patch after which the full file is worth its bytes."""

_ROOM = 32_000_000
"""Bytes of disk that a pull leaves free, at least."""
_INDEXED = {"controls", "parties"}


@dataclass(slots=True)
class Taken:
    """What was fetched of one volume."""

    name: str
    before: str | None
    edition: str
    bytes: int
    way: str
    """`patch`, `full`, or `full_after_patch` where a patch was of no use."""


@dataclass(slots=True)
class Pulled:
    """How a pull ended. `generation` is what is in use now, None where nothing was ever installed."""

    source: str
    signed: str
    generation: int | None = None
    installed: bool = False
    volumes: list[Taken] = field(default_factory=list)
    status_lists: int = 0
    gone: tuple[str, ...] = ()
    refused: dict[str, Refusal] = field(default_factory=dict)
    indexed: tuple[str, ...] = ()
    """Volumes whose search index was made or brought up to date."""
    bytes: int = 0

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        return {
            "source": self.source,
            "signed": self.signed,
            "generation": self.generation,
            "installed": self.installed,
            "volumes": [
                {"name": one.name, "before": one.before, "edition": one.edition, "bytes": one.bytes, "way": one.way}
                for one in self.volumes
            ],
            "status_lists": self.status_lists,
            "indexed": list(self.indexed),
            "gone": list(self.gone),
            "refused": [
                {"name": name, "code": why.code, "message": why.message, "hint": why.hint}
                for name, why in sorted(self.refused.items())
            ],
            "bytes": self.bytes,
        }


def pull(
    office: Office, source: str | None = None, root: bytes | None = None, *, shrinking: bool = False, once: bool = False
) -> Pulled:
    """Bring an office up to date; what it does and what it refuses stand in the history.

    Args:
        office: who follows.
        source: address or folder; the one of the last pull where none is named.
        root: the first trusted root, for an office that follows for the first time.
        shrinking: take volumes that lost more rows than an accident may explain.
        once: do not remember the source for the next pull (a stick that came by).

    Raises:
        Refusal, LineError: nothing was installed, and why.
        StoreError: the disk is full or may not be written.
    """
    try:
        return _Pull(office, shrinking=shrinking, once=once).run(source, root)
    except BorderKitError as error:
        if error.code != "sync_busy":
            with suppress(OSError):  # a full disk is told, not logged
                office.memory.log(office.clock.now(), "refused", code=error.code, message=error.message, source=source)
        raise


class _Pull:
    def __init__(self, office: Office, *, shrinking: bool, once: bool) -> None:
        self._office = office
        self._once = once
        self._memory = office.memory
        self._shrinking = shrinking
        self._overall: _Overall | None = None

    def run(self, source: str | None, root: bytes | None) -> Pulled:
        """One pull."""
        with _written(), self._office.generations.preparing() as stage:
            self._memory.downloads.mkdir(parents=True, exist_ok=True)
            offer = look(self._office, source, root)
            done = Pulled(offer.source, stamp(offer.publication.signed), refused=offer.refused)
            done.generation = offer.generation.number if offer.generation else None
            if offer.refused and not set(offer.publication.volumes) - set(offer.refused):
                raise next(iter(offer.refused.values()))
            if not self._once:
                self._memory.follow(offer.source)
            if offer.is_news:
                self._install(offer, stage, done, root)
            elif offer.generation is not None:  # an update of the program may have made its indexes useless
                done.indexed = tuple(self._office.outdated(offer.generation.root))
                self._office.install(offer.generation.root, done.indexed)
            done.bytes = offer.fetcher.received
            with suppress(OSError):  # what is installed is installed
                self._memory.log(self._office.clock.now(), "pulled" if done.installed else "checked", **done.to_json())
            self._memory.keep_downloads(offer.publication.digests)
        return done

    def _install(self, offer: Offer, stage: Path, done: Pulled, root: bytes | None) -> None:
        enough_room(self._office.home, _need(offer))
        self._overall = _Overall(self._office.progress, offer.bytes)
        offer.fetcher.progress = self._overall
        found = self._volumes(offer, stage, done)
        recorded = {name: dict(row) for name, row in (offer.generation.volumes if offer.generation else {}).items()}
        contents = {one.name: offer.publication.volumes[one.name].content for one in done.volumes}
        recorded |= {name: {"published": one.sha256, "length": one.length} for name, one in contents.items()}
        self._lists(offer, stage, found, recorded, done)
        if (offer.changes or offer.lists) and not done.volumes and not done.status_lists:
            raise next(iter(done.refused.values()))  # all that was new was refused: the first reason is the answer
        for path in sorted(stage.glob("*.published")):
            published.complete(stage, path.stem, path)
            path.unlink()
        anew = {path.stem for path in stage.glob("*.sqlite")}
        kept = self._take_over(offer, stage, found, anew)
        (stage / MANIFEST).write_bytes(writer.manifest_bytes(found))
        done.indexed = tuple(sorted({*anew, *self._office.outdated(stage)}))
        self._office.install(stage, done.indexed)
        keep_state(offer.state, stage / STATE)
        if root is not None:
            self._memory.trust(root)
        self._memory.keep(offer.marks)
        record = {
            "installed": stamp(self._office.clock.now()),
            "date_stated": self._office.clock.is_stated,
            "source": offer.source,
            "signed": done.signed,
            "marks": offer.marks.to_json(),
            "volumes": {name: recorded[name] for name in sorted({*anew, *kept})},
        }
        done.generation = self._office.generations.commit(stage, record).number
        done.installed, done.gone = True, offer.gone
        shutil.rmtree(offer.state, ignore_errors=True)

    def _volumes(self, offer: Offer, stage: Path, done: Pulled) -> dict[str, VolumeInfo]:
        """Fetch, unpack, prove and copy every volume that is new; one that is refused stays as it is installed."""
        found: dict[str, VolumeInfo] = {}
        for change in offer.changes:
            info = change.volume.content.info
            path = _published(stage, info.name)
            try:
                taken = self._brought(offer, change, path)
                prove(path, info, None if self._shrinking else offer.installed.get(info.name))
            except Refusal as error:
                path.unlink(missing_ok=True)
                done.refused[info.name] = error
            else:
                shutil.copyfile(path, stage / info.file)
                done.volumes.append(taken)
                found[info.name] = info
        return found

    def _brought(self, offer: Offer, change: Change, into: Path) -> Taken:
        """Fetch a volume as it is published: by patches, and where those are of no use by the full file."""
        name = change.volume.name
        taken = Taken(name, change.before, change.volume.content.info.edition, change.bytes, "full")
        base = into.with_suffix(".base")
        if change.by_patch and offer.generation is not None:
            try:
                published.restore(offer.generation.root, name, offer.generation.volumes.get(name, {}), base)
                self._unpack(offer.fetcher, change.way, base, into)
            except Refusal as error:
                if error.code not in _ANOTHER_WAY:
                    raise
                taken.bytes, taken.way = change.volume.full.length, "full_after_patch"
            else:
                taken.way = "patch"
                return taken
            finally:
                base.unlink(missing_ok=True)
        self._unpack(offer.fetcher, (change.volume.full,), base, into)
        return taken

    def _unpack(self, fetcher: Fetcher, way: tuple[File, ...], base: Path, into: Path) -> None:
        """Fetch each step and unpack it, one on top of the other; the first patch starts from `base`, which is used up."""
        for step in way:
            if into.exists():
                into.replace(base)
            packed = self._fetched(fetcher, step)
            patch.apply(packed, into, length=step.size, sha256=step.digest, base=base if step.base else None)

    def _fetched(self, fetcher: Fetcher, file: File) -> Path:
        url, sha256 = address(fetcher, file)
        path = self._memory.downloads / sha256
        with told(file.target.path):
            fetcher.obtain(url, path, length=file.length, sha256=sha256)
        if self._overall:
            self._overall.came += file.length
        return path

    def _lists(
        self,
        offer: Offer,
        stage: Path,
        found: dict[str, VolumeInfo],
        recorded: dict[str, dict[str, object]],
        done: Pulled,
    ) -> None:
        """Put the published status lists into the trust volume, new or as it is installed.

        Where they are refused, none that is installed is lost: a new trust volume gets those of the one before.
        """
        if not offer.lists and "trust" not in found:
            return
        before = offer.generation.root if offer.generation and "trust" in offer.installed else None
        path = stage / "trust.sqlite"
        if not path.exists() and before is None:
            return
        from border_kit.sync import revocations  # noqa: PLC0415 - loads the importers, which few pulls need

        lists = offer.publication.status_lists
        rows: list[writer.Row] = []
        try:
            rows = [revocations.row(one, self._fetched(offer.fetcher, one.file)) for one in lists]
        except Refusal as error:
            done.refused[layout.REVOCATIONS] = error
        if layout.REVOCATIONS in done.refused:
            if not path.exists():
                return
            rows, lists = revocations.rows(before / path.name) if before else [], ()
        if not path.exists() and before is not None:
            shutil.copyfile(before / path.name, path)
            with suppress(Refusal):  # what was lost before stays lost: the next trust volume comes whole
                published.restore(before, "trust", recorded.get("trust", {}), _published(stage, "trust"))
        if rows:
            found["trust"] = revocations.merge(path, rows)
            digests = [str(one.file.target.hashes["sha256"]) for one in lists]
            recorded["trust"] = {**recorded.get("trust", {}), "lists": digests}
            done.status_lists = len(offer.lists) if lists else 0

    @staticmethod
    def _take_over(offer: Offer, stage: Path, found: dict[str, VolumeInfo], anew: set[str]) -> list[str]:
        """Take over what did not change, and the earlier indexes, which are brought up to date. The names of the volumes."""
        kept = [name for name in offer.installed if name not in anew and name not in offer.gone]
        if offer.generation is None:
            return []
        for name in kept:
            found[name] = offer.installed[name]
            take_over(offer.generation.root, stage, found[name].file, linked=not anew and not offer.gone)
        for name in kept:
            if (offer.generation.root / published.back_file(name)).is_file():
                take_over(offer.generation.root, stage, published.back_file(name), linked=True)
        for name in {*kept, *(anew & set(offer.installed))}:
            if (offer.generation.root / index_file(name)).is_file():
                take_over(offer.generation.root, stage, index_file(name), linked=True)
        return kept


@dataclass(slots=True)
class _Overall:
    """Progress of a whole pull, from that of each of its files."""

    report: Progress
    total: int
    came: int = 0

    def __call__(self, _what: str, done: int, _total: int) -> None:
        """One file is so far."""
        self.report("the update", self.came + done, max(self.total, self.came + done))


@contextmanager
def _written() -> Iterator[None]:
    """What the disk refuses, told as such."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(
            "sync_not_written",
            f"The update could not be written ({getattr(error, 'strerror', None) or error}).",
            "Free some disk space or check the permissions, then pull again: it goes on where it stopped.",
        ) from error


def _need(offer: Offer) -> int:
    """Bytes of disk that a pull needs beside what is there: files that come, volumes they become, indexes, copies."""
    before: Generation | None = offer.generation
    need = _ROOM + offer.bytes
    for (
        change
    ) in offer.changes:  # as published, before and after, and as installed, up to twice as large with its indexes
        need += (6 if change.volume.name in _INDEXED else 4) * change.volume.content.length
    if before is not None and offer.changes:
        need += sum((before.root / offer.installed[name].file).stat().st_size for name in offer.kept)
    return need


def prove(path: Path, info: VolumeInfo, before: VolumeInfo | None) -> None:
    """Prove that an unpacked volume is what its authority says: schema, pages, row counts, and no sudden loss of rows.

    Raises:
        Refusal: it is not.
    """
    try:
        connection = store.open_volume(path, mapped=False)
        try:
            volumes.expect_schema(connection, schema.volume_kind(info.name), info.name, published=True)
            _sound(connection.execute("PRAGMA quick_check(1)").fetchone()[0], info.name)
            stated = dict(connection.execute("SELECT key, value FROM meta").fetchall())
            counted = writer.counts(connection, schema.volume_kind(info.name))
        finally:
            connection.close()
    except CatalogError as error:
        raise Refusal(error.code, f"Refused: {error.message}", _REPORT) from error
    if (stated.get("volume"), stated.get("edition")) != (info.name, info.edition) or counted != dict(info.rows):
        raise Refusal("volume_differs", f"The volume {info.name} is not what was signed of it.", _REPORT)
    if before is not None:
        _lost(info, before)


def _sound(found: str, name: str) -> None:
    if found != "ok":
        raise Refusal("volume_damaged", f"Refused: the volume {name} is damaged ({found}).", _REPORT)


def _lost(info: VolumeInfo, before: VolumeInfo) -> None:
    for table, count in sorted(before.rows.items()):
        if count >= SMALL and info.rows.get(table, 0) < FEWEST * count:
            raise Refusal(
                "rows_missing",
                f"Refused: the new {info.name} has {info.rows.get(table, 0)} rows of {table} where {count} are installed.",
                "Ask the authority whether that is meant; then take it with: border-kit sync pull --shrinking",
            )


def _published(stage: Path, name: str) -> Path:
    """Where a volume lies in a stage as it is published."""
    return stage / f"{name}.published"


_REPORT = "What is installed stays in use. Report it to the authority that publishes."
