"""Files that belong to a case (photos, data sheets), kept beside the casebook under the hash of their content.

The event names the hash: a file that was exchanged no longer answers to it. Nothing is ever unpacked or opened here.
"""

from __future__ import annotations

import hashlib
import stat
from datetime import datetime
from pathlib import Path

from border_kit import disk
from border_kit.casework import log
from border_kit.casework.case import Casebook
from border_kit.errors import InputError, StoreError
from border_kit.text import clean_line

LARGEST = 50_000_000
"""Bytes of one attachment."""


def attach(book: Casebook, folder: Path, number: str, file: Path, *, at: datetime) -> log.Event:
    """Keep a copy of a file and record its hash. Raises InputError for what is no file or too large, StoreError."""
    case_id = book.row(number).case_id
    content = _content(file)
    digest = hashlib.sha256(content).hexdigest()
    kept = folder / digest[:2] / digest
    try:
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            disk.replace_file(kept, content)
            kept.chmod(0o600)
    except OSError as error:
        raise StoreError(
            "attachment_not_saved",
            f"The file could not be kept ({error.strerror}).",
            "Free some disk space and repeat.",
        ) from error
    name = clean_line(file.name, 200)
    return book.append(case_id, "attached", {"name": name, "sha256": digest, "bytes": len(content)}, at=at)


def _content(file: Path) -> bytes:
    try:
        facts = file.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise InputError("attachment_unusable", f"{file.name} is no file.", "Attach a photo or a document.")
        if facts.st_size > LARGEST:
            raise InputError(
                "attachment_large", f"{file.name} has more than {LARGEST:,} bytes.", "Attach a smaller copy."
            )
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise InputError(
            "attachment_unusable", f"{file.name} cannot be read ({error.strerror}).", "Check the path."
        ) from error


def missing(book: Casebook, folder: Path, number: str) -> list[str]:
    """Names of attachments whose file is gone or no longer answers to its hash."""
    found: list[str] = []
    for event in book.show(number).events:
        if event.kind == "attached":
            kept = folder / event.data["sha256"][:2] / event.data["sha256"]
            try:
                good = hashlib.sha256(kept.read_bytes()).hexdigest() == event.data["sha256"]
            except OSError:
                good = False
            if not good:
                found.append(str(event.data["name"]))
    return found
