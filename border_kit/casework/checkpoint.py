"""Checkpoints: the log's head, signed by the office, carried out of it on paper, by stick or by sync.

Whoever holds disk and keys can rewrite what no outside checkpoint has seen. A checkpoint is one line of text that fits a QR
code of version 10: what it says is that event `seq` had this hash on that day.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from border_kit import signing
from border_kit.casework import log
from border_kit.casework.operators import SignedIn
from border_kit.clock import stamp
from border_kit.errors import InputError
from border_kit.findings import Json

PREFIX = "BKCP1"
SIGNED_AS = b"border_kit checkpoint 1\n"
_FORM = re.compile(
    r"BKCP1;(?P<office>[^;\r\n]{0,40});(?P<seq>\d{1,12});(?P<hash>[0-9a-f]{64});(?P<at>[0-9TZ:-]{20});"
    r"(?P<key>[0-9a-f]{16})?;(?P<signature>[A-Za-z0-9+/]{86}==)?"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Event `seq` of an office's log had this hash at that moment; `key` and `signature` are empty before enrolment."""

    office: str
    seq: int
    hash: str
    at: str
    key: str = ""
    signature: str = ""

    @property
    def signed_text(self) -> bytes:
        """What the office signs."""
        return SIGNED_AS + f"{self.office};{self.seq};{self.hash};{self.at}".encode()

    def __str__(self) -> str:
        return f"{PREFIX};{self.office};{self.seq};{self.hash};{self.at};{self.key};{self.signature}"

    def to_json(self) -> dict[str, Json]:
        """All fields, and the line of text that carries them."""
        return {
            "office": self.office,
            "seq": self.seq,
            "hash": self.hash,
            "at": self.at,
            "key": self.key or None,
            "signed": bool(self.signature),
            "text": str(self),
        }


def take(connection: sqlite3.Connection, office: str, author: log.Author, *, at: datetime) -> Checkpoint:
    """The head of the log as it stands, signed where an operator is signed in."""
    seq, digest = log.head(connection)
    bare = Checkpoint(office.replace(";", " "), seq, digest, stamp(at))
    if not isinstance(author, SignedIn):
        return bare
    signature = signing.text(author.office.sign(bare.signed_text))
    return Checkpoint(bare.office, bare.seq, bare.hash, bare.at, author.office.id, signature)


def parse(text: str) -> Checkpoint:
    """Read one. Raises InputError for anything else."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise InputError(
            "checkpoint_unreadable", "This is no checkpoint.", "It is one line that begins with BKCP1; scan it again."
        )
    parts = found.groupdict(default="")
    return Checkpoint(parts["office"], int(parts["seq"]), parts["hash"], parts["at"], parts["key"], parts["signature"])


def read_checkpoints(text: str) -> list[Checkpoint]:
    """Checkpoints given as a line of text, or as a file with one a line. Raises InputError."""
    if text.startswith(PREFIX):
        return [parse(text)]
    try:
        lines = Path(text).read_text(encoding="utf-8")[:1_000_000].splitlines()
    except (OSError, ValueError) as error:
        raise InputError(
            "checkpoint_unreadable", f"The checkpoint cannot be read ({error}).", "Name its file."
        ) from error
    return [parse(line) for line in lines if line.strip()]
