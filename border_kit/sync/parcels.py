"""What offices send each other: parcels, each signed by the office that made it, numbered, and naming the one before.

A parcel is two lines: what it holds (JSON), and the office's Ed25519 signature over it. It holds usage runs, rows of certificates
that were shown, and the checkpoint of the log, with how many there are and a hash over them. Whoever carries a parcel on carries
it as it is. An office keeps every parcel it made or took; two offices that exchange theirs hold the same set afterwards:

    <home>/sync/parcels/<office>/<number>-<digest>.parcel
    <home>/sync/offices.json                                    the public keys that each office signs with

A key counts only once it was compared by another way than the stick, and named here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from border_kit import disk, signing
from border_kit.clock import parse_moment
from border_kit.errors import StoreError
from border_kit.sync.refusal import LineError, Refusal
from border_kit.text import clean_line

FORMAT = "border-kit parcel 1"
SIGNED_AS = b"border_kit parcel 1\n"
MAX_BYTES = 64_000_000
MOST = 20_000
"""Parcels of one office that are looked through: one a day for half a century."""

_NAME = re.compile(r"(\d{6})-([0-9a-f]{16})\.parcel")
_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_OFFICE = 80
_SHAPE = {
    "format": str, "office": str, "number": int, "made": str, "previous": str, "key": str, "runs": list, "seen": list,
    "checkpoint": str, "total": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel. `previous` is the digest of the office's parcel before (empty: the first); `content` is the file as it is."""

    office: str
    number: int
    made: str
    previous: str
    key: bytes
    runs: tuple[str, ...]
    seen: tuple[str, ...]
    checkpoint: str
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.number:06}-{self.digest[:16]}.parcel"

    def __str__(self) -> str:
        return f"parcel {self.number} of {clean_line(self.office, _LONGEST_OFFICE)}"


@dataclass(frozen=True, slots=True)
class Goods:
    """What goes into a parcel: run files, rows of certificates as JSON lines, the checkpoint's line."""

    runs: Sequence[str]
    seen: Sequence[str]
    checkpoint: str


def slug(office: str) -> str:
    """The folder of an office, which every file system takes; no two offices share one."""
    plain = _UNSAFE.sub("-", office.lower()).strip("-")[:40]
    return f"{plain or 'office'}-{hashlib.sha256(office.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def make(office: str, key: signing.Key, before: Parcel | None, made: str, goods: Goods) -> Parcel:
    """The next parcel of an office. Raises StoreError for more than a parcel holds."""
    body = {
        "format": FORMAT,
        "office": office,
        "number": before.number + 1 if before else 1,
        "made": made,
        "previous": before.digest if before else "",
        "key": signing.text(key.public),
        "runs": list(goods.runs),
        "seen": list(goods.seen),
        "checkpoint": goods.checkpoint,
        "total": _total(goods.runs, goods.seen),
    }
    line = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    content = line + b"\n" + signing.text(key.sign(SIGNED_AS + line)).encode() + b"\n"
    if len(content) > MAX_BYTES:
        raise StoreError(
            "parcel_too_large",
            f"What is new here is more than a parcel holds ({len(content) / 1e6:.0f} of {MAX_BYTES / 1e6:.0f} MB).",
            "Hand it on with: border-kit licence runs export",
        )
    return read(content, "the new parcel")


def _total(runs: Sequence[str], seen: Sequence[str]) -> dict[str, Any]:
    summed = hashlib.sha256()
    for item in (*runs, *seen):
        summed.update(item.encode("utf-8", "surrogatepass") + b"\0")
    return {"runs": len(runs), "seen": len(seen), "hash": summed.hexdigest()}


def read(content: bytes, name: str) -> Parcel:
    """Read a parcel and prove it against the key that it names. Raises Refusal; whether that key is the office's is not asked here."""
    lines = content.split(b"\n")
    if len(content) > MAX_BYTES or len(lines) != 3 or lines[2]:  # what it holds, its signature, an end
        raise _damaged(name, "it was cut off, or is no parcel")
    try:
        body = json.loads(lines[0])
        if not _sound(body):
            raise ValueError("it has not the fields of a parcel")  # noqa: TRY301 - a fault like the others
        key, signature = signing.raw(body["key"]), signing.raw(lines[1].decode("ascii"))
        parse_moment(body["made"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged(name, clean_line(str(error), 120)) from error
    runs, seen = tuple(body["runs"]), tuple(body["seen"])
    if body["total"] != _total(runs, seen):
        raise _damaged(name, "its count or hash total is another")
    if not signing.good(key, SIGNED_AS + lines[0], signature):
        raise _damaged(name, "its signature does not hold: it was changed after it was signed")
    return Parcel(
        body["office"], body["number"], body["made"], body["previous"], key, runs, seen, body["checkpoint"], content
    )


def _sound(body: object) -> bool:
    if not isinstance(body, dict) or set(body) != set(_SHAPE) or body["format"] != FORMAT:
        return False
    typed = all(type(body[field]) is kind for field, kind in _SHAPE.items())
    office = str(body["office"])
    return (
        typed
        and clean_line(office, _LONGEST_OFFICE) == office != ""
        and 1 <= body["number"] < 1_000_000  # the digits of its name
        and all(isinstance(item, str) for item in (*body["runs"], *body["seen"]))
        and (body["number"] == 1) == (body["previous"] == "")
    )


def _damaged(name: str, why: str) -> Refusal:
    return Refusal(
        "parcel_damaged",
        f"{clean_line(name, 60)} is refused: {why}.",
        "Nothing of it is taken. Have the stick written again by the office it comes from.",
    )


class Shelf:
    """Parcels in a folder, by office; an office's own keeping, or those on a stick."""

    def __init__(self, folder: Path) -> None:
        """Look into nothing yet."""
        self.folder = folder

    def offices(self) -> list[str]:
        """The folders of offices."""
        return sorted(_listed(self.folder))

    def names(self, office: str) -> list[str]:
        """The names of an office's parcels (by its folder), in their order."""
        return sorted(name for name in _listed(self.folder / office) if _NAME.fullmatch(name))

    def content(self, office: str, name: str) -> bytes:
        """A parcel's bytes. Raises OSError, ValueError."""
        return disk.read_small(self.folder / office / name, MAX_BYTES)

    def parcels(self, office: str) -> Iterator[Parcel]:
        """An office's parcels (by its folder), in their order. Raises StoreError where one is damaged here."""
        for name in self.names(office):
            try:
                yield read(self.content(office, name), name)
            except (OSError, ValueError, Refusal) as error:
                raise StoreError(
                    "parcels_damaged",
                    f"The kept {name} cannot be read ({error}).",
                    f"Remove the file {office}/{name} below sync/parcels; another office's stick brings it back.",
                ) from error

    def last(self, office: str) -> Parcel | None:
        """The newest parcel of an office (by its folder)."""
        names = self.names(office)
        return read(self.content(office, names[-1]), names[-1]) if names else None

    def has(self, parcel: Parcel) -> bool:
        """Whether this very parcel is here."""
        return (self.folder / slug(parcel.office) / parcel.name).is_file()

    def put(self, office: str, name: str, content: bytes) -> bool:
        """Keep a parcel durably; False where it is there already. Raises StoreError."""
        place = self.folder / office / name
        with suppress(OSError, ValueError):
            if self.content(office, name) == content:
                return False
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            disk.replace_file(place, content)
        except OSError as error:
            raise StoreError(
                "parcel_not_written",
                f"The parcel {name} could not be saved ({error.strerror or error}).",
                "Free some disk space or check the permissions, then repeat: what is here already is known again.",
            ) from error
        return True


def _listed(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, MOST)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise LineError(
            "stick_unreadable", f"{folder} cannot be read ({error.strerror or error}).", "Put the stick in again."
        ) from error


class Known:
    """The public keys of offices, each put here by somebody's word."""

    def __init__(self, folder: Path) -> None:
        """Read `offices.json` in an office's sync folder. Raises StoreError where it is damaged."""
        self._path = folder / "offices.json"
        try:
            found = json.loads(self._path.read_bytes())
            self._keys = {str(office): [signing.raw(key) for key in keys] for office, keys in found.items()}
        except FileNotFoundError:
            self._keys = {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise StoreError(
                "offices_unreadable",
                f"The list of known offices cannot be read ({error}).",
                "Restore sync/offices.json from a backup, or remove it and name every office again with --know.",
            ) from error

    def offices(self) -> list[str]:
        """The offices that are known."""
        return sorted(self._keys)

    def keys(self, office: str) -> list[bytes]:
        """An office's keys, the newest last."""
        return self._keys.get(office, [])

    def know(self, office: str, key: bytes) -> None:
        """Take a key for an office's, durably."""
        if key not in self.keys(office):
            self._keys.setdefault(office, []).append(key)
            document = {name: [signing.text(one) for one in keys] for name, keys in sorted(self._keys.items())}
            self._path.parent.mkdir(parents=True, exist_ok=True)
            disk.replace_file(self._path, (json.dumps(document, indent=1) + "\n").encode())


def expect(parcel: Parcel, shelf: Shelf, known: Known, named: Collection[str] = ()) -> None:
    """Whether a parcel that is not here may be taken next, its key known, or `named` now by its fingerprint.

    Raises:
        Refusal: its office or key is not known, an earlier one is missing, or the office signed another under its number.
    """
    fingerprint = signing.key_id(parcel.key)
    if parcel.key not in known.keys(parcel.office) and fingerprint not in named:
        other = bool(known.keys(parcel.office))
        raise Refusal(
            "office_key_other" if other else "office_unknown",
            f"{parcel} is signed with the key {fingerprint}, {'not the one known of it' if other else 'and that office is not known here'}.",
            f"Ask that office by telephone for its key; if it is the same: border-kit sync bundle import DIR --know {fingerprint}",
        )
    last = shelf.last(slug(parcel.office))
    number = last.number if last else 0
    if parcel.number <= number:
        raise Refusal(
            "parcel_fork",
            f"{parcel} is another than the one that came here before: that office's folder was restored, copied or changed.",
            "Both cannot be right. Nothing of it is taken; find out with that office, and tell the authority.",
        )
    if parcel.number > number + 1:
        raise Refusal(
            "parcel_missing",
            f"{parcel} came, and the last one here is {number or 'none'}: those between must come first.",
            "Bring a stick of that office, or of another that has them.",
        )
    if parcel.previous != (last.digest if last else ""):
        raise Refusal(
            "parcel_fork",
            f"{parcel} follows another parcel {number} than the one here: that office's folder was restored, copied or changed.",
            "Nothing of it is taken; find out with that office, and tell the authority.",
        )
