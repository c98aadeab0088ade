"""Software held against its maker's signed list: which of the files supplied are the ones that the maker signed.

It is about files that were supplied, never about a device: what runs in the device may be something else, and the answer says so.
The maker's key comes from the maker by another way than the files (a contract, a call), never from the list itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from border_kit import signing
from border_kit.errors import InputError, UsageError
from border_kit.findings import Json
from border_kit.text import clean_line

FORMAT = "border_kit software 1"
SIGNED_AS = b"border_kit software 1\n"
LIMIT = "This is about the files that were supplied. What runs in the device was not looked at."
LARGEST_LIST = 20_000_000
MOST_FILES = 100_000
LARGEST_FILE = 20_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. `signature` is `good`, `bad` or `no_key`; paths by how they came out."""

    maker: str
    product: str
    signature: str
    match: tuple[str, ...]
    mismatch: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    not_checkable: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """`pass`, `fail` or `cannot_tell`: nothing passes whose signature was not checked, or of which a file was not."""
        if self.signature == "bad" or self.mismatch or self.missing or self.extra:
            return "fail"
        return "pass" if self.signature == "good" and not self.not_checkable and self.match else "cannot_tell"

    def to_json(self) -> dict[str, Json]:
        """As the event keeps it."""
        return {
            "maker": self.maker,
            "product": self.product,
            "verdict": self.verdict,
            "signature": self.signature,
            "match": len(self.match),
            "mismatch": list(self.mismatch),
            "missing": list(self.missing),
            "extra": list(self.extra),
            "not_checkable": list(self.not_checkable),
            "limit": LIMIT,
        }


def sign(maker: str, product: str, folder: Path, key: signing.Key) -> dict[str, Json]:
    """A maker's list of the files in a folder, signed. Raises InputError for a file that cannot be read."""
    files: list[Json] = []
    for name, path in _supplied(folder):
        digest = _digest(path)
        if digest is None:
            raise InputError("file_unreadable", f"{name} cannot be read.", "Check the permissions.")
        files.append({"path": name, "sha256": digest})
    bare: dict[str, Json] = {"format": FORMAT, "maker": maker, "product": product, "files": files}
    return {**bare, "signature": signing.text(key.sign(_signed_text(bare)))}


def _signed_text(bare: Mapping[str, Json]) -> bytes:
    import rfc8785  # noqa: PLC0415 - only where software is looked at

    return SIGNED_AS + rfc8785.dumps(dict(bare))


def check(manifest: Path, folder: Path, key: str) -> Check:
    """Hold the files of a folder against a maker's list; `key` is the maker's public key (base64), empty where it is not known.

    Raises InputError for a list that is none, UsageError for a key that is none or a folder that is not there.
    """
    document = _read(manifest)
    public = _key(key)
    if not folder.is_dir():
        raise UsageError("folder_missing", f"{folder} is no folder.", "Name the folder with the supplied files.")
    wanted: dict[str, str] = {row["path"]: row["sha256"] for row in document["files"]}
    found = {name: path for name, path in _supplied(folder) if path.absolute() != manifest.absolute()}
    match, mismatch, unread = list[str](), list[str](), list[str]()
    for name in sorted(wanted.keys() & found.keys()):
        digest = _digest(found[name])
        into = unread if digest is None else match if digest == wanted[name] else mismatch
        into.append(name)
    return Check(
        maker=clean_line(document["maker"], 200),
        product=clean_line(document["product"], 200),
        signature=_signature(document, public),
        match=_shown(match),
        mismatch=_shown(mismatch),
        missing=_shown(wanted.keys() - found.keys()),
        extra=_shown(found.keys() - wanted.keys()),
        not_checkable=_shown(unread),
    )


def _shown(names: Any) -> tuple[str, ...]:
    return tuple(clean_line(name, 300) for name in sorted(names))


def _signature(document: Mapping[str, Any], public: bytes | None) -> str:
    if public is None:
        return "no_key"
    bare = {key: value for key, value in document.items() if key != "signature"}
    try:
        return "good" if signing.good(public, _signed_text(bare), signing.raw(document["signature"])) else "bad"
    except (TypeError, ValueError):
        return "bad"


def _key(text: str) -> bytes | None:
    if not text.strip():
        return None
    try:
        public = signing.raw(text.strip())
    except ValueError:
        public = b""
    if len(public) != 32:  # RFC 8032
        raise UsageError("key_unreadable", "This is no public key.", "It is 32 bytes in base64, from the maker.")
    return public


def _read(manifest: Path) -> dict[str, Any]:
    try:
        if manifest.stat().st_size > LARGEST_LIST:
            raise _bad("it is too long")
        found = json.loads(manifest.read_bytes(), parse_constant=lambda _: None)
    except OSError as error:
        raise _bad(error.strerror or "it cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise _bad("it is no JSON") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _bad(f"it is not of the form {FORMAT!r}")
    if set(found) != {"format", "maker", "product", "files", "signature"} or not isinstance(found["files"], list):
        raise _bad("its fields are not those of a maker's list")
    if not all(isinstance(found[name], str) for name in ("maker", "product", "signature")):
        raise _bad("maker, product or signature is no text")
    paths = [_path(row) for row in found["files"][: MOST_FILES + 1]]
    if len(paths) > MOST_FILES or len(set(paths)) < len(paths):
        raise _bad("it names too many files, or one twice")
    return found


def _path(row: Any) -> str:
    """A path of the list: relative, inside the folder, with a hash. Raises InputError."""
    good = isinstance(row, dict) and set(row) == {"path", "sha256"} and all(isinstance(v, str) for v in row.values())
    if not good:
        raise _bad("a file in it has no path and hash")
    path = PurePosixPath(row["path"])
    if path.is_absolute() or ".." in path.parts or "\\" in row["path"] or str(path) != row["path"] or path.name == "":
        raise _bad(f"{clean_line(row['path'], 80)!r} leads out of the folder")
    return str(path)


def _bad(why: str) -> InputError:
    return InputError("software_list_bad", f"The maker's list cannot be used: {why}.", "Ask the maker for it again.")


def _supplied(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every entry below a folder that is no folder, as (path with /, where); links are not followed."""
    count = 0
    for place, _, names in os.walk(folder, followlinks=False):
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                raise UsageError("folder_large", f"{folder} has more than {MOST_FILES:,} files.", "Name a smaller one.")
            path = Path(place) / name
            yield path.relative_to(folder).as_posix(), path


def _digest(path: Path) -> str | None:
    """The SHA-256 of a plain file; None for what is none, is too large or cannot be read."""
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > LARGEST_FILE:
            return None
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
