"""Installed catalogs, one generation each: whole or not there, switched in one step, with older ones to fall back to.

    <home>/current               one line: the number of the generation in use
    <home>/generations/<n>/      volumes, their indexes and ways back to what was published, manifest.json, tuf/ (TUF's own files), generation.json

A generation is prepared in `generations/.new`, forced to disk, renamed to its number, and only then named by `current` (written
beside it, forced, renamed, folder forced): at whatever point a machine stops, one whole catalog is in use. Nothing in a
generation changes afterwards but its indexes and the mark that it was rolled back; none goes while somebody works with it.
Opening one loads no TUF and no network.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from border_kit import disk
from border_kit.catalog.volumes import read_manifest
from border_kit.clock import stamp
from border_kit.errors import CatalogError, StoreError, UsageError
from border_kit.text import whole_number

CURRENT = "current"
FOLDER = "generations"
RECORD = "generation.json"
STATE = "tuf"
KEPT = 2
"""Older generations that are kept beside the one in use."""

_STAGE = ".new"
_GONE = ".gone-"
_LOCK = ".lock"
_SQLITE = b"SQLite format 3\0"
_MAX_RECORD = 1_000_000


@dataclass(frozen=True, slots=True)
class Generation:
    """An installed catalog: its number, its folder, and what was recorded when it was installed."""

    number: int
    root: Path
    record: Mapping[str, Any]

    @property
    def left(self) -> Mapping[str, str] | None:
        """When and why it was rolled back from; None where it was not."""
        return self.record.get("left")

    @property
    def volumes(self) -> Mapping[str, Mapping[str, Any]]:
        """What was published of each volume: `published` and `length` (SHA-256 and size of the file), `lists` (status lists merged here)."""
        found: Mapping[str, Mapping[str, Any]] = self.record.get("volumes", {})
        return found

    def is_whole(self, file: str) -> bool:
        """Whether a volume's file is to the last byte what was installed; reads all of it. Yes where that was not recorded."""
        expected = self.record.get("digests", {}).get(file)
        try:
            return expected is None or expected == _sha256(self.root / file)
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Opened:
    """The generation in use. `warning` says what is wrong with the one that should be; empty where nothing is."""

    generation: Generation
    warning: str = ""


class Generations:
    """The generations of one office's folder."""

    def __init__(self, home: Path) -> None:
        """Look into nothing yet."""
        self._home = home
        self.folder = home / FOLDER

    def opened(self) -> Opened | None:
        """The generation in use; an older one, with a warning, where that is damaged; None where none was ever installed.

        Raises:
            CatalogError: something was installed, and nothing whole is left of it.
        """
        number, why = self._named()
        if number is not None:
            why = self.fault(number)
            if why is None:
                return Opened(self.read(number))
        for other in self.numbers():
            if other != number and self.fault(other) is None and self.read(other).left is None:
                found = self.read(other)
                return Opened(found, _warning(why or "", found))
        if why is None:
            return None
        raise CatalogError(
            "catalog_damaged",
            f"The installed catalog cannot be used: {why}.",
            "Install one again with border-kit sync pull, or name one with --catalog.",
        )

    def usable(self) -> Generation | None:
        """The generation to go on from: the one in use; None where nothing whole is here."""
        try:
            opened = self.opened()
        except CatalogError:
            return None
        return opened.generation if opened else None

    def newest_marks(self) -> Mapping[str, Any] | None:
        """The marks that the newest installation recorded, whichever is in use; None where there is none."""
        return next((self.read(number).record.get("marks") for number in self.numbers()), None)

    def numbers(self) -> list[int]:
        """The numbers of all generations, newest first."""
        try:
            names = [entry.name for entry in os.scandir(self.folder)]
        except FileNotFoundError:
            return []
        numbers = (whole_number(name, 15) for name in names)
        return sorted((number for number in numbers if number is not None), reverse=True)

    def read(self, number: int) -> Generation:
        """A generation with what was recorded of it (nothing, where that cannot be read)."""
        root = self.folder / str(number)
        try:
            record = json.loads((root / RECORD).read_bytes()[:_MAX_RECORD])
        except (OSError, ValueError, RecursionError):
            record = {}
        return Generation(number, root, record if isinstance(record, dict) else {})

    def fault(self, number: int) -> str | None:
        """What is wrong with a generation, as far as sizes and beginnings of files show; None where nothing is."""
        found = self.read(number)
        if not found.root.is_dir():
            return f"generation {number} is not there"
        try:
            infos = read_manifest(found.root).values()
        except CatalogError as error:
            return f"generation {number}: {error.message}"
        sizes = found.record.get("sizes", {})
        for info in infos:
            path = found.root / info.file
            try:
                with path.open("rb") as stream:
                    whole = stream.read(len(_SQLITE)) == _SQLITE and path.stat().st_size == sizes.get(
                        info.file, path.stat().st_size
                    )
            except OSError:
                whole = False
            if not whole:
                return f"generation {number}: the volume {info.name} is damaged or missing"
        return None

    @contextmanager
    def preparing(self) -> Iterator[Path]:
        """An empty folder in which the next generation is prepared, gone afterwards; one preparation at a time.

        Raises:
            StoreError: the disk is full or may not be written, or another pull is under way.
        """
        with self.alone():
            self._sweep()
            stage = self.folder / _STAGE
            stage.mkdir()
            try:
                yield stage
            finally:
                shutil.rmtree(stage, ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody else pulls, looks at a source or rolls back. Raises StoreError where somebody does, or the disk may not be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with disk.alone(self.folder / _LOCK, _busy()):
                yield
        except OSError as error:
            raise _unwritten(error) from error

    def commit(self, stage: Path, record: Mapping[str, Any]) -> Generation:
        """Make what was prepared the generation in use. Raises OSError; whatever was in use before that stays in use."""
        number = max([0, *self.numbers(), self._named()[0] or 0]) + 1
        files = [path for path in stage.glob("*.sqlite") if ".index." not in path.name]
        sizes = {path.name: path.stat().st_size for path in files}
        digests = {path.name: _sha256(path) for path in files}
        found = {"format": 1, "number": number, **record, "sizes": sizes, "digests": digests}
        (stage / RECORD).write_bytes(_packed(found))
        _force(stage)
        root = self.folder / str(number)
        stage.rename(root)
        disk.sync_folder(self.folder)
        self._name(number)
        self._prune(number)
        return Generation(number, root, found)

    def roll_back(self, at: datetime, why: str, to: int | None = None) -> tuple[Generation, Generation]:
        """Go back to an older whole generation (or to the one named); the one that was left is not fallen back to.

        Returns:
            What was left, and what is in use now.

        Raises:
            UsageError: there is nothing to go back to.
            StoreError: the disk is full or may not be written, or a pull is under way.
        """
        with self.alone():
            now = self.opened()
            if now is None:
                raise UsageError("nothing_installed", "No catalog was installed here.", "Pull one first.")
            target = self._target(now.generation.number, to)
            self._mark(now.generation, {"at": stamp(at), "why": why})
            self._name(target.number)
            self._mark(target, None)
            return now.generation, self.read(target.number)

    def _target(self, number: int, to: int | None) -> Generation:
        others = [other for other in self.numbers() if other != number and self.fault(other) is None]
        found = [self.read(other) for other in others]
        chosen = [
            one for one in found if (one.number == to if to is not None else one.number < number and not one.left)
        ]
        if chosen:
            return chosen[0]
        kept = ", ".join(str(other) for other in others) or "none"
        raise UsageError(
            "nothing_to_go_back_to",
            f"There is no {'generation ' + str(to) if to is not None else 'older generation'} that is whole (others here: {kept}).",
            "border-kit sync status lists what is kept.",
        )

    def _named(self) -> tuple[int | None, str | None]:
        """The number that `current` holds, or why it holds none; neither where nothing was ever installed."""
        try:
            name = (self._home / CURRENT).read_bytes()[:32].decode("ascii").strip()
        except FileNotFoundError:
            installed = bool(self.numbers()) or (self._home / "sync" / "marks.json").exists()
            return None, "the file that names it is gone" if installed else None
        except (OSError, UnicodeDecodeError):
            return None, "the file that names it cannot be read"
        return (int(name), None) if name.isdigit() else (None, "the file that names it names no generation")

    def _name(self, number: int) -> None:
        disk.replace_file(self._home / CURRENT, f"{number}\n".encode())

    def _mark(self, generation: Generation, left: Mapping[str, str] | None) -> None:
        disk.replace_file(generation.root / RECORD, _packed({**generation.record, "left": left}))

    def _prune(self, number: int) -> None:
        """Keep the newest older ones that differ, first those that nobody rolled back from; and any that somebody works with."""
        now = self.read(number)
        older = [self.read(other) for other in self.numbers() if other != number]
        same = [one for one in older if one.volumes and one.volumes == now.volumes]
        different = sorted(
            (one for one in older if one not in same), key=lambda one: (one.left is not None, -one.number)
        )
        for one in (*same, *different[KEPT:]):
            if not disk.is_held(one.root):
                self._remove(one.root)

    def _remove(self, root: Path) -> None:
        """Out of sight in one step, then piece by piece; Windows keeps files that somebody has open."""
        gone = root.with_name(f"{_GONE}{root.name}")
        with suppress(OSError):
            root.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what an interrupted preparation or removal left."""
        for entry in self.folder.iterdir():
            if entry.name == _STAGE or entry.name.startswith(_GONE):
                shutil.rmtree(entry, ignore_errors=True)


def enough_room(home: Path, need: int) -> None:
    """Whether the disk has room for so many bytes more. Raises StoreError before anything is fetched."""
    free = shutil.disk_usage(home).free
    if free < need:
        raise StoreError(
            "disk_full",
            f"The update needs {need / 1e6:.0f} MB of disk, and {free / 1e6:.0f} MB are free.",
            "Free some disk space, then pull again. What is installed stays in use.",
        )


def take_over(before: Path, stage: Path, name: str, *, linked: bool) -> None:
    """Take an unchanged file over from another generation: as a second name of the same file, or as a copy."""
    if linked:
        with suppress(OSError):
            os.link(before / name, stage / name)
            return
    shutil.copyfile(before / name, stage / name)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _force(stage: Path) -> None:
    """Force every file and folder of a prepared generation to disk."""
    for folder, _, names in os.walk(stage, topdown=False):
        for name in names:
            with (Path(folder) / name).open("rb+") as stream:
                os.fsync(stream.fileno())
        disk.sync_folder(Path(folder))


def _packed(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, indent=1, sort_keys=True) + "\n").encode()


def _warning(why: str, found: Generation) -> str:
    signed = str(found.record.get("signed", ""))[:10]
    return (
        f"The installed catalog cannot be used ({why}). In use is the one before, generation {found.number}"
        f"{' of ' + signed if signed else ''}. Pull again: border-kit sync pull."
    )


def _busy() -> StoreError:
    return StoreError("sync_busy", "Another pull is under way in this office.", "Wait until it has ended.")


def _unwritten(error: OSError) -> StoreError:
    return StoreError(
        "sync_not_written",
        f"The update could not be written ({error.strerror or error}).",
        "Free some disk space or check the permissions, then repeat the step. What was installed stays in use.",
    )
