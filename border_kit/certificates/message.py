"""A bare COSE_Sign1 against a bare key: what `certificate cose` answers."""

from __future__ import annotations

from border_kit.certificates import cbor, cose, keys
from border_kit.certificates.refusal import RefusedError


def check(message_hex: str, key: dict[str, object], external_aad_hex: str = "") -> str | None:
    """Why a message is not proven by a key, None where it is. Never raises on what is in the three."""
    try:
        message = _bytes(message_hex, "message")
        aad = _bytes(external_aad_hex, "external_aad")
        found = cose.proven(cose.split(cbor.decode(message, cbor.LENIENT), cbor.LENIENT), cose.COMMAND)
        public = keys.from_jwk(key)
        if public.algorithm != found.algorithm:
            return "key_algorithm"
        keys.verify(public, found.parts.signature, found.to_be_signed(aad))
    except RefusedError as error:
        return error.code
    return None


def _bytes(text: str, name: str) -> bytes:
    """Hexadecimal digits in pairs, nothing between them."""
    if not text.isascii() or not all(char in "0123456789abcdefABCDEF" for char in text) or len(text) % 2:
        raise RefusedError(f"{name}_not_hex", "This is no hexadecimal text.")
    return bytes.fromhex(text)
