"""Keys of the office and its operators: Ed25519 for signing, sealed at rest under a PIN, handed on sealed.

Ed25519: RFC 8032. A seed at rest is encrypted with ChaCha20-Poly1305 (RFC 8439) under a key that scrypt (RFC 7914) makes from
the PIN. A secret for another operator is wrapped with X25519 (RFC 7748) and HKDF-SHA256 (RFC 5869). Nothing here reads or
writes files: who keeps a sealed box is the caller's business. A PIN of a few digits only slows down who has copied the
file; that is said in the guides.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from border_kit.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

SHORTEST_PIN = 6
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}
"""RFC 7914 parameters: 32 MiB and about a tenth of a second on an old laptop."""
_COSTS = range(2, 2**21)
"""n × r × p of a sealed box that is ours; one that asks for more would only keep the officer waiting."""
_SEED = 32
_NONCE = 12
_SALT = 16


def text(raw: bytes) -> str:
    """Bytes as they stand in JSON (base64, RFC 4648 section 4)."""
    return b64encode(raw).decode()


def raw(value: object) -> bytes:
    """Bytes from JSON. Raises ValueError for anything but base64."""
    if not isinstance(value, str):
        raise TypeError("no base64 text")
    try:
        return b64decode(value, validate=True)
    except Base64Error as error:
        raise ValueError(str(error)) from error


def key_id(public: bytes) -> str:
    """The short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


@dataclass(frozen=True)
class Key:
    """A private key, known by its 32-byte seed. `public` is the raw Ed25519 key, `box` the X25519 key secrets are wrapped for."""

    seed: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"

    @classmethod
    def new(cls) -> Key:
        """A key from the system's random numbers."""
        return cls(os.urandom(_SEED))

    @cached_property
    def _signer(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def _opener(self) -> X25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return X25519PrivateKey.from_private_bytes(self.derived(b"border_kit box"))

    @cached_property
    def public(self) -> bytes:
        """The raw public signing key, 32 bytes."""
        return self._signer.public_key().public_bytes_raw()

    @cached_property
    def box(self) -> bytes:
        """The raw public key that secrets are wrapped for, 32 bytes."""
        return self._opener.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """The short name of the public key."""
        return key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes."""
        return self._signer.sign(message)

    def derived(self, purpose: bytes) -> bytes:
        """A secret of 32 bytes for another purpose, from which the key cannot be told (HKDF)."""
        return _derived(self.seed, purpose)

    def unwrap(self, wrapped: bytes) -> bytes:
        """A secret that was wrapped for this key. Raises ValueError when it was not, or was changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        sender, sealed = wrapped[:_SEED], wrapped[_SEED:]
        try:
            shared = self._opener.exchange(X25519PublicKey.from_public_bytes(sender))
            return _cipher(_derived(shared, b"border_kit wrap" + sender + self.box)).decrypt(
                bytes(_NONCE), sealed, None
            )
        except InvalidTag as error:
            raise ValueError("not wrapped for this key") from error


def wrap(secret: bytes, box: bytes) -> bytes:
    """A secret that only the holder of the key with this `box` can read (X25519 with a key used once)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    once = X25519PrivateKey.generate()
    sender = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(box))
    return sender + _cipher(_derived(shared, b"border_kit wrap" + sender + box)).encrypt(bytes(_NONCE), secret, None)


_SEALED = b"border_kit sealed 1"
_MOST_ADDRESSES = 50
ADDRESS = "BKTO1"


def address(box: bytes) -> str:
    """What another office needs to encrypt for this key, as one word: the box and its check digits."""
    return f"{ADDRESS};{text(box)};{key_id(box)[:8]}"


def box_of(written: str) -> bytes:
    """The box of an address. Raises UsageError for anything else; its check digits catch a slip of the hand."""
    try:
        name, coded, check = written.strip().split(";")
        box = raw(coded)
    except ValueError as error:
        raise _no_address() from error
    if name != ADDRESS or len(box) != _SEED or key_id(box)[:8] != check:
        raise _no_address()
    return box


def _no_address() -> UsageError:
    return UsageError(
        "address_unreadable",
        "This is no address to encrypt for.",
        f"It begins with {ADDRESS}; the receiver's operator list shows it.",
    )


def enclose(content: bytes, boxes: Sequence[bytes]) -> bytes:
    """Content that only the holders of these boxes can read: a key used once, wrapped for each of them (ChaCha20-Poly1305)."""
    secret = os.urandom(_SEED)
    wrapped = [{"to": key_id(box), "key": text(wrap(secret, box))} for box in boxes]
    head = _SEALED + b" " + json.dumps(wrapped).encode() + b"\n"
    return head + _cipher(secret).encrypt(bytes(_NONCE), content, head)


def is_enclosed(content: bytes) -> bool:
    """Whether these bytes are what `enclose` makes."""
    return content.startswith(_SEALED + b" ")


def disclose(enclosed: bytes, keys: Iterable[Key]) -> bytes:
    """What was enclosed for one of these keys. Raises UsageError when it was for none of them, ValueError when it was changed."""
    from cryptography.exceptions import InvalidTag

    head, _, _ = enclosed[: 200 * _MOST_ADDRESSES].partition(b"\n")
    try:
        rows = json.loads(head.removeprefix(_SEALED))
        found = {str(row["to"]): raw(row["key"]) for row in rows[:_MOST_ADDRESSES]}
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError("no sealed file of ours") from error
    for key in keys:
        wrapped = found.get(key_id(key.box))
        if wrapped is not None:
            try:
                return _cipher(key.unwrap(wrapped)).decrypt(bytes(_NONCE), enclosed[len(head) + 1 :], head + b"\n")
            except InvalidTag as error:
                raise ValueError("it was changed") from error
    raise UsageError(
        "not_for_us", "This file is encrypted for somebody else.", "Ask the sender to encrypt it for your address."
    )


def good(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is the key's over the message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def seal(secret: bytes, pin: str) -> dict[str, str | int]:
    """A secret under a PIN, as JSON. Raises UsageError for a PIN that is too short."""
    if len(pin) < SHORTEST_PIN:
        raise UsageError("pin_short", f"The PIN has fewer than {SHORTEST_PIN} characters.", "Choose a longer one.")
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = _cipher(_stretched(pin, salt, **_SCRYPT)).encrypt(nonce, secret, None)
    return {"kdf": "scrypt", **_SCRYPT, "salt": text(salt), "nonce": text(nonce), "sealed": text(sealed)}


def unseal(box: dict[str, Any], pin: str) -> bytes:
    """What was sealed. Raises UsageError for a wrong PIN, ValueError for a box that is none of ours."""
    from cryptography.exceptions import InvalidTag

    try:
        n, r, p = int(box["n"]), int(box["r"]), int(box["p"])
        salt, nonce, sealed = (raw(box[name]) for name in ("salt", "nonce", "sealed"))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("no sealed box of ours") from error
    if box.get("kdf") != "scrypt" or n * r * p not in _COSTS or n & (n - 1) or len(nonce) != _NONCE:
        raise ValueError("no sealed box of ours")
    try:
        return _cipher(_stretched(pin, salt, n=n, r=r, p=p)).decrypt(nonce, sealed, None)
    except InvalidTag as error:
        raise UsageError("pin_wrong", "The PIN is wrong.", "Try again; a supervisor can enrol you anew.") from error


def _stretched(pin: str, salt: bytes, *, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(pin.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=2**28, dklen=_SEED)


def _derived(secret: bytes, info: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), _SEED, salt=None, info=info).derive(secret)


def _cipher(key: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)
