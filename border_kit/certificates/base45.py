"""Base45 (RFC 9285), strict: nothing but the alphabet, no empty text, no value that no bytes have."""

from __future__ import annotations

import re

from border_kit.certificates.refusal import RefusedError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""RFC 9285, section 4.2, table 1: a character's place is its value."""

_VALUES = bytes(ALPHABET.find(chr(code)) & 0xFF for code in range(256))
_FOREIGN = re.compile(rf"[^{re.escape(ALPHABET)}]")
_TRIPLE, _PAIR = 0xFFFF, 0xFF


def decode(text: str) -> bytes:
    """Decode a text. Raises RefusedError.

    Three characters are two bytes, two at the end are one (section 4.1); a text of 3n + 1 characters, and a group whose
    value is above 65535 or 255 (`GGW`, section 6), mean nothing.
    """
    foreign = _FOREIGN.search(text)
    if foreign:
        where = foreign.start() + 1
        raise RefusedError("base45_character", f"Character {where} of the code is none that a certificate has.")
    if not text:
        raise RefusedError("base45_empty", "Nothing follows the prefix.")
    if len(text) % 3 == 1:
        raise RefusedError("base45_length", "The code is incomplete: a character is missing or one is too many.")
    values = text.encode("ascii").translate(_VALUES)
    whole = len(values) // 3 * 3
    found = bytearray()
    for low, middle, high in zip(values[0:whole:3], values[1:whole:3], values[2:whole:3], strict=True):
        number = low + middle * 45 + high * 2025
        if number > _TRIPLE:
            raise RefusedError("base45_value", "Three characters of the code stand for no bytes.")
        found += number.to_bytes(2, "big")
    if whole < len(values):
        number = values[whole] + values[whole + 1] * 45
        if number > _PAIR:
            raise RefusedError("base45_value", "The last two characters of the code stand for no byte.")
        found.append(number)
    return bytes(found)


def encode(data: bytes) -> str:
    """Encode bytes (section 4.1)."""
    found: list[str] = []
    for at in range(0, len(data) - 1, 2):
        rest, low = divmod(data[at] * 256 + data[at + 1], 45)
        high, middle = divmod(rest, 45)
        found += (ALPHABET[low], ALPHABET[middle], ALPHABET[high])
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        found += (ALPHABET[low], ALPHABET[high])
    return "".join(found)
