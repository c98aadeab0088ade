"""The key with which a trainer signs packs: one file in the office's folder, sealed under a PIN as operators' keys are.

Only signing packs needs the PIN; who the key is stands beside it in the open, and results are taken in without it. A file of an
earlier version holds the bare seed: it works as it did, says so, and is sealed in place once a PIN is chosen.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from border_kit import disk, signing
from border_kit.desk import places
from border_kit.errors import StoreError, UsageError
from border_kit.findings import Json
from border_kit.signing import Key

KIND, FORMAT = "training key", 1
NO_PIN = (
    "The trainer's key has no PIN: whoever reads the office's folder can sign packs with it. "
    "Choose one: border-kit train key pin"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The key as it lies on the disk: its public half, and the secret one under a PIN (`sealed`) or, from earlier, bare (`seed`)."""

    public: bytes
    sealed: dict[str, Any] | None
    seed: bytes | None = None

    @property
    def id(self) -> str:
        """The short name that learners compare."""
        return signing.key_id(self.public)

    def to_json(self) -> dict[str, Json]:
        """As `train key show` prints it."""
        return {"trainer": self.id, "pin": self.sealed is not None}


def kept() -> Kept | None:
    """The trainer's key as it is kept; None before there is one. Raises StoreError where it cannot be read."""
    path = _path()
    try:
        text = path.read_text(encoding="ascii").strip() if path.exists() else ""
        return _read(text) if text else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unusable(str(error)) from error


def _read(text: str) -> Kept:
    """A key from its file. Raises KeyError, TypeError, ValueError for what is none."""
    if not text.startswith("{"):
        key = Key(signing.raw(text))
        return Kept(key.public, None, key.seed)
    row = json.loads(text)
    if (row["kind"], row["format"]) != (KIND, FORMAT) or not isinstance(row["sealed"], dict):
        raise ValueError("of another version of the kit")
    return Kept(signing.raw(row["public"]), row["sealed"])


def unlocked(pin: Callable[[], str] | str) -> Key:
    """The key, to sign with. Asks for the PIN only where one protects it. Raises UsageError for a wrong PIN, StoreError."""
    found = kept()
    if found is None:
        raise UsageError("key_missing", "There is no trainer's key here yet.", "Make one: border-kit train key new")
    if found.sealed is None:
        return Key(found.seed or b"")
    try:
        key = Key(signing.unseal(found.sealed, pin if isinstance(pin, str) else pin()))
    except UsageError as error:
        error.hint = "Try again. Who has lost it makes another key: border-kit train key new"
        raise
    except ValueError as error:
        raise _unusable(str(error)) from error
    if key.public != found.public:
        raise _unusable("its halves do not belong together")
    return key


def make(pin: str | None) -> Key:
    """A new key in place of the one that was there; None keeps it without a PIN. Raises UsageError for a short PIN, StoreError."""
    key = Key.new()
    _keep(key, pin)
    return key


def protect(key: Key, pin: str) -> Key:
    """The key, from now on under another PIN, or its first one. Raises UsageError for a short PIN, StoreError."""
    _keep(key, pin)
    return key


def first(pin: str | None) -> Key:
    """The key with its first PIN: made where there is none yet, sealed in place where it is bare. None leaves it without a PIN.

    Raises UsageError for a short PIN, and where a PIN protects the key already; StoreError.
    """
    found = kept()
    if found is None:
        return make(pin)
    key = unlocked("")
    return key if pin is None else protect(key, pin)


def _keep(key: Key, pin: str | None) -> None:
    content = signing.text(key.seed)
    if pin is not None:
        row = {
            "kind": KIND,
            "format": FORMAT,
            "public": signing.text(key.public),
            "sealed": signing.seal(key.seed, pin),
        }
        content = json.dumps(row)
    path = _path()
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            partial.unlink()
        os.close(
            os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        )  # readable by its owner before it holds a secret
        disk.replace_file(path, (content + "\n").encode())
    except OSError as error:
        raise _unusable(str(error.strerror)) from error


def _path() -> Path:
    return places.home() / "training" / "trainer.key"


def _unusable(why: str) -> StoreError:
    return StoreError(
        "key_unusable",
        f"The trainer's key cannot be used ({why}).",
        "Check the office's folder, or make another key: border-kit train key new",
    )
