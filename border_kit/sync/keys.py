"""Signers' keys: one file a person, sealed under a passphrase, and beside it the public half to hand to the ceremony.

Ed25519 through `border_kit.signing`. A key file never leaves its signer's machine; what travels is the public half and the
carried file that is signed (`ceremony.py`).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.signer import Signature, Signer, SSlibKey

from border_kit import disk, signing
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.sync.roles import slug
from border_kit.text import clean_line

SEALED = ".key.json"
PUBLIC = ".pub.json"
NAME = "x-border-kit-name"
"""A field of the public key: whose it is (TUF section 4.2 lets keys carry fields of one's own)."""
SHORTEST = 12
"""Characters of a passphrase: whoever copies the file may try at leisure."""
_FORMAT = "border-kit signer 1"
_LARGEST = 20_000


@dataclass(frozen=True, slots=True)
class Public:
    """The public half of a signer's key."""

    name: str
    key: SSlibKey

    @property
    def id(self) -> str:
        """TUF's key id, 64 hexadecimal digits."""
        return str(self.key.keyid)


class KeySigner(Signer):
    """Signs TUF metadata with an opened key."""

    def __init__(self, key: signing.Key, public: Public) -> None:
        self._key = key
        self.public = public

    @property
    def public_key(self) -> SSlibKey:
        """The public half."""
        return self.public.key

    @classmethod
    def from_priv_key_uri(cls, priv_key_uri: str, public_key: Any, secrets_handler: Any = None) -> KeySigner:
        """Not a way to our keys: they are files. Raises NotImplementedError."""
        raise NotImplementedError(priv_key_uri)

    def sign(self, payload: bytes) -> Signature:
        """An Ed25519 signature (RFC 8032)."""
        return Signature(self.public.id, self._key.sign(payload).hex())


def new(name: str, folder: Path, passphrase: str) -> tuple[Path, Path]:
    """Make a signer's key: the sealed file and the public half.

    Args:
        name: whose key it is; the files are named after it.
        folder: where the two files go; it is made if need be.
        passphrase: seals the key; whoever has the file and this can sign.

    Raises:
        UsageError: a key of that name is there already, or the passphrase is too short.
        StoreError: the folder may not be written.
    """
    if len(passphrase) < SHORTEST:
        raise UsageError(
            "passphrase_short", f"The passphrase has fewer than {SHORTEST} characters.", "Take some words."
        )
    key, name = signing.Key.new(), clean_line(name, 100)
    secret, public = folder / f"{slug(name)}{SEALED}", folder / f"{slug(name)}{PUBLIC}"
    document = {"format": _FORMAT, "name": name, "public": signing.text(key.public)}
    box = signing.seal(key.seed, passphrase)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(secret, {**document, "box": box})
        _write(public, document)
    except FileExistsError as error:
        raise UsageError(
            "key_exists",
            f"There is a key of {name} in {folder} already; it was not touched.",
            "Choose another name or folder.",
        ) from error
    except OSError as error:
        raise StoreError("key_not_written", f"The key could not be written ({error}).", "Check the folder.") from error
    return secret, public


def read_public(path: Path) -> Public:
    """The public half of a key, from either file. Raises InputError."""
    document = _document(path)
    try:
        return public_half(str(document["name"]), signing.raw(document["public"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(path, error) from error


def unlock(path: Path, passphrase: str) -> KeySigner:
    """Open a sealed key for signing. Raises InputError for a file that is no key of ours, UsageError for a wrong passphrase."""
    document = _document(path)
    try:
        key = signing.Key(signing.unseal(document["box"], passphrase))
        public = public_half(str(document["name"]), signing.raw(document["public"]))
    except UsageError as error:
        raise UsageError("passphrase_wrong", f"That is not the passphrase of {path.name}.", "Try again.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(path, error) from error
    if key.public.hex() != public.key.keyval["public"]:
        raise _unusable(path, ValueError("its two halves do not belong together"))
    return KeySigner(key, public)


def holder(key: Any) -> str:
    """Whose key it is, for the eye."""
    return clean_line(str(key.unrecognized_fields.get(NAME, "")), 100) or str(key.keyid)[:16]


def public_half(name: str, public: bytes) -> Public:
    """The public half of a raw Ed25519 key. Raises ValueError for other bytes."""
    key = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(public))
    key.unrecognized_fields[NAME] = clean_line(name, 100)
    return Public(clean_line(name, 100), key)


def _document(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(disk.read_small(path, _LARGEST))
        expect_format(document, _FORMAT)
    except (OSError, ValueError, RecursionError) as error:
        raise _unusable(path, error) from error
    return document


def expect_format(document: object, name: str) -> None:
    """Raise ValueError for what is no JSON object of a format of ours."""
    if not isinstance(document, dict) or document.get("format") != name:
        raise ValueError("it is none of ours")


def _unusable(path: Path, error: Exception) -> InputError:
    return InputError(
        "key_unusable",
        f"{path.name} is no signer's key ({error}).",
        "Keys are made with: border-kit sync key new NAME --into DIR",
    )


def _write(path: Path, document: dict[str, Any]) -> None:
    """Write a new file that its owner alone can read, to disk."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
