"""Files that travel by stick: one JSON object with a body, the key that signed it, and the signature.

Ed25519 (RFC 8032) over the purpose of the file and the canonical JSON of its body (sorted keys, no blanks, ASCII), so that a pack can
never pass for a result, and every changed character is noticed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from border_kit import signing
from border_kit.errors import InputError, StoreError
from border_kit.signing import Key
from border_kit.text import clean_line

MAX_BYTES = 8_000_000
"""A pack of hundreds of scenarios; a larger file is none of ours."""


def seal(body: dict[str, Any], key: Key, purpose: str) -> bytes:
    """A body, signed."""
    document = {
        "body": body,
        "key": signing.text(key.public),
        "signature": signing.text(key.sign(_message(body, purpose))),
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def read(path: Path) -> bytes:
    """The bytes of a file from a stick. Raises StoreError, InputError for one that is too large."""
    try:
        if not path.is_file():  # a device would never end
            raise InputError("pack_missing", f"There is no file {clean_line(path.name, 100)!r}.", "Check the path.")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise StoreError(
            "pack_unreadable", f"{clean_line(path.name, 100)} cannot be read ({error.strerror}).", "Check the stick."
        ) from error
    if len(content) > MAX_BYTES:
        raise InputError("pack_large", f"{clean_line(path.name, 100)} is too large to be a pack.", "Check the file.")
    return content


def unseal(content: bytes, purpose: str, name: str) -> tuple[dict[str, Any], bytes]:
    """Body and public key of a signed file.

    Raises:
        InputError: `pack_invalid` for what is no such file, `pack_edited` where the signature is not over what stands there.
    """
    try:
        document: Any = json.loads(content)
        body, public, signature = document["body"], signing.raw(document["key"]), signing.raw(document["signature"])
        message = _message(body, purpose)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise invalid(name, "it is no signed file of a class") from error
    if not isinstance(body, dict) or not signing.good(public, message, signature):
        raise InputError(
            "pack_edited",
            f"{clean_line(name, 100)} is not what was signed: it was changed, cut, or is another kind of file.",
            "Fetch it anew from where it was made.",
        )
    return body, public


def invalid(name: str, why: str) -> InputError:
    """A file that is signed, but means nothing."""
    return InputError(
        "pack_invalid", f"{clean_line(name, 100)} cannot be used: {why}.", "Fetch it anew from where it was made."
    )


def _message(body: Any, purpose: str) -> bytes:
    text = json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"border_kit {purpose}\n{text}".encode()
