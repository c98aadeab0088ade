"""Backups of an office's files: copied while in use, checked after writing and before restoring, never written over anything.

A backup is a folder: `casebook.sqlite`, the usage ledger and the record of shown certificates where there are any, the attachments
under their hashes, and `backup.json`, written last, which names every file with its SHA-256 and the log's head as a checkpoint.
Operators' keys lie in the casebook, each under its PIN, so they come back with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from border_kit import disk, store
from border_kit.casework import audit, operators, retention
from border_kit.casework.case import Casebook
from border_kit.casework.checkpoint import Checkpoint, parse, take
from border_kit.clock import stamp
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.findings import Json

FORMAT = "border_kit backup 1"
MANIFEST = "backup.json"
CASEBOOK = "casebook.sqlite"
_LARGEST_MANIFEST = 50_000_000
_PATH = re.compile(r"casebook\.sqlite|ledger\.sqlite|certificates\.sqlite|files/[0-9a-f]{2}/[0-9a-f]{64}")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it was found good: when it was made, of how many events, its files, and attachments that were missing then."""

    folder: Path
    at: str
    checkpoint: Checkpoint
    events: int
    files: tuple[str, ...]
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """As `case backup` and `case restore` print it."""
        return {
            "folder": str(self.folder),
            "at": self.at,
            "events": self.events,
            "checkpoint": self.checkpoint.to_json(),
            "files": len(self.files),
            "missing_attachments": list(self.missing),
        }


def make(book: Casebook, into: Path, attachments: Path, beside: Mapping[str, Path], *, at: datetime) -> Backup:
    """Write a backup into a new folder and check it. Raises UsageError where something is there already, StoreError."""
    if into.exists() or into.is_symlink():
        raise UsageError("backup_exists", f"{into} is there already: nothing is written over.", "Name a new folder.")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{into.name}.", dir=into.parent))
    except OSError as error:
        raise _unwritten(into, error) from error
    try:
        _fill(book, partial, attachments, beside, at=at)
        check(partial)
        partial.rename(into)
        disk.sync_folder(into.parent)
    except OSError as error:
        raise _unwritten(into, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)  # nothing is there any more where it was renamed
    return check(into)


def _unwritten(into: Path, error: OSError) -> StoreError:
    return StoreError(
        "backup_not_written",
        f"The backup {into.name} could not be written ({error.strerror}).",
        "Free some space there, or name another place; nothing here has changed.",
    )


def _fill(book: Casebook, folder: Path, attachments: Path, beside: Mapping[str, Path], *, at: datetime) -> None:
    book.copy_to(folder / CASEBOOK)
    for name, path in beside.items():
        if path.is_file():
            other = store.open_office(path)
            try:
                store.copy(other, folder / name)
            finally:
                other.close()
    copy = store.read_copy(folder / CASEBOOK)
    try:
        office = operators.read(copy)
        head = take(copy, office.id if office else "", book.author, at=at)
        wanted = retention.attached(copy)
    finally:
        copy.close()
    missing = [digest for digest in sorted(wanted) if not _take(attachments, folder, digest)]
    names = [CASEBOOK, *(name for name in beside if (folder / name).is_file())]
    names += [f"files/{digest[:2]}/{digest}" for digest in sorted(wanted) if digest not in missing]
    manifest = {
        "format": FORMAT,
        "at": stamp(at),
        "checkpoint": str(head),
        "files": [{"path": name, "sha256": _digest(folder / name)} for name in names],
        "missing": missing,
    }
    disk.replace_file(folder / MANIFEST, json.dumps(manifest, indent=1).encode())


def _take(attachments: Path, folder: Path, digest: str) -> bool:
    """Copy one attachment; False where it is gone or no longer answers to its hash."""
    source, target = attachments / digest[:2] / digest, folder / "files" / digest[:2] / digest
    try:
        if _digest(source) != digest:
            return False
    except OSError:
        return False
    _copy(source, target)
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy a file, its owner's alone, forced to disk; whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    with (
        source.open("rb") as old,
        os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as new,
    ):
        shutil.copyfileobj(old, new, _PIECE)
        new.flush()
        os.fsync(new.fileno())
    partial.replace(target)
    disk.sync_folder(target.parent)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check(folder: Path, checkpoints: Iterable[Checkpoint] = ()) -> Backup:
    """Check a backup: every file against its hash, every page of the casebook, the log against its head and outside checkpoints.

    Raises InputError for what is no backup or no longer the one that was made.
    """
    manifest = _manifest(folder)
    head, names = manifest["checkpoint"], [row["path"] for row in manifest["files"]]
    for row in manifest["files"]:
        try:
            good = _digest(folder / row["path"]) == row["sha256"]
        except OSError:
            good = False
        if not good:
            raise _bad(f"{row['path']} is missing or has been changed")
    copy = store.read_copy(folder / CASEBOOK)
    try:
        found = audit.verify(copy, [head, *checkpoints])
    except sqlite3.Error as error:
        raise _bad(f"its casebook cannot be read ({error})") from error
    finally:
        copy.close()
    if not found.intact:
        raise _bad(f"its log is broken at event {found.first_bad}: {found.fault}")
    return Backup(folder, manifest["at"], head, found.events, tuple(names), tuple(manifest["missing"]))


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _LARGEST_MANIFEST:
            raise _bad("its list of files is too long")
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT:
            raise _bad("it was written by another version of the kit")
        files = [{"path": str(row["path"]), "sha256": str(row["sha256"])} for row in found["files"]]
        missing = [str(name) for name in found["missing"]]
        head = parse(str(found["checkpoint"]))
        at = str(found["at"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _bad(f"it has no readable {MANIFEST} ({type(error).__name__})") from error
    names = [row["path"] for row in files]
    if CASEBOOK not in names or len(set(names)) < len(names) or not all(_PATH.fullmatch(name) for name in names):
        raise _bad("its list of files makes no sense")
    return {"files": files, "missing": missing, "checkpoint": head, "at": at}


def _bad(why: str) -> InputError:
    return InputError("backup_bad", f"This backup cannot be trusted: {why}.", "Use another one; nothing was restored.")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, what it replaced (`aside`), and how many events of the replaced log the backup does not have."""

    backup: Backup
    aside: Path | None
    lost: int

    def to_json(self) -> dict[str, Json]:
        """As `case restore` prints it."""
        return {**self.backup.to_json(), "aside": str(self.aside) if self.aside else None, "events_lost": self.lost}


def restore(
    backup: Backup, casebook: Path, attachments: Path, beside: Mapping[str, Path], *, replace: bool, at: datetime
) -> Restored:
    """Put a checked backup in its place. What is there is moved aside, and only where `replace` allows it.

    No process may have the office's files open. At any moment a whole casebook is in its place: the old or the restored one.
    Raises UsageError, StoreError.
    """
    places = {CASEBOOK: casebook, **{name: path for name, path in beside.items() if name in backup.files}}
    there = [path for path in places.values() if path.exists()]
    if there and not replace:
        raise UsageError(
            "casebook_exists",
            f"{there[0].name} is there already: nothing is written over without --replace.",
            "With --replace it is moved aside, never deleted.",
        )
    lost = _newer(casebook, backup) if casebook.exists() else 0
    stray = [journal for path in places.values() for journal in _journals(path)]
    aside = casebook.with_name(f"replaced-{re.sub(r'[^0-9]', '', stamp(at))}") if there or stray else None
    try:
        for name in backup.files:
            if name.startswith("files/"):
                _copy(backup.folder / name, attachments / name.removeprefix("files/"))
        for name, path in places.items():
            _copy(backup.folder / name, path.with_name(path.name + ".restoring"))
        if aside is not None:
            aside.mkdir(parents=True, exist_ok=False)
        for path in places.values():
            _exchange(path, aside)
    except OSError as error:
        raise StoreError(
            "not_restored",
            f"The backup could not be put in its place ({error.strerror}).",
            "Free some disk space or check the permissions, then repeat; what was there still is, or lies in a folder replaced-….",
        ) from error
    return Restored(backup, aside, lost)


def _exchange(path: Path, aside: Path | None) -> None:
    """The restored file for the one that is there, which stays aside with its journal: no old journal may meet the new file."""
    if aside is not None:
        if path.exists():
            with contextlib.suppress(StoreError):  # one that is damaged goes aside as it is
                old = store.open_office(path)
                store.settle(old)
                old.close()
            _copy(path, aside / path.name)
        for journal in _journals(path):
            journal.rename(aside / journal.name)
    path.with_name(path.name + ".restoring").replace(path)
    disk.sync_folder(path.parent)


def _journals(path: Path) -> list[Path]:
    """What SQLite left beside a database: of one that was not closed, or was deleted without it."""
    beside = (path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))
    return [journal for journal in beside if journal.exists()]


def _newer(casebook: Path, backup: Backup) -> int:
    """How many events the casebook in place has that the backup has not; all of them where the logs differ."""
    try:
        book = Casebook.at(casebook, reading=True)
    except StoreError:
        return 0
    try:
        found = book.verify([backup.checkpoint])
        return found.events - backup.events if found.intact else found.events
    except sqlite3.Error:
        return 0
    finally:
        book.close()
