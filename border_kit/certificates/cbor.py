"""CBOR (RFC 8949): a bounded reader with two strictnesses, and a writer of the deterministic encoding.

Both refuse what is not well-formed (section 3, appendix C), text that is no UTF-8, and a key that comes twice (section 5.6).
The deterministic one also refuses indefinite lengths, heads longer than need be, keys out of order (section 4.2.1),
floating-point numbers, simple values but false, true and null, and tags it was not told of.

A map is a dict. Its keys are int, str and bytes as they are; any other key is an `OtherKey`, so that 1, 1.0 and true stay
apart. Byte strings are bytes, arrays lists, tags `Tag`, simple values without a meaning in Python `Simple`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from border_kit.certificates.refusal import RefusedError


@dataclass(frozen=True, slots=True)
class Tag:
    """A tagged item (section 3.4)."""

    number: int
    value: Item


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple value other than false, true and null (section 3.3); 23 is undefined."""

    number: int


@dataclass(frozen=True, slots=True)
class OtherKey:
    """A key that is no int, text or byte string, by its encoding."""

    encoded: bytes


Key = int | str | bytes | OtherKey
Item = int | str | bytes | bool | float | None | list["Item"] | dict[Key, "Item"] | Tag | Simple


@dataclass(frozen=True, slots=True)
class Rules:
    """How strict to be: deterministic or only well-formed, the tags that are known (None: any), the bounds."""

    deterministic: bool
    tags: frozenset[int] | None = None
    depth: int = 16
    size: int = 65_536


STRICT = Rules(deterministic=True, tags=frozenset({18}), depth=8)
"""A licence certificate: tag 18 (COSE_Sign1) alone; a payload is five levels deep."""

LENIENT = Rules(deterministic=False, depth=64, size=1_000_000)
"""Anything well-formed, within bounds."""

_UINT, _NINT, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _OTHER = range(8)
_INDEFINITE = 31
_BREAK = 0xFF
_FLOATS = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}


def decode(data: bytes, rules: Rules) -> Item:
    """Read exactly one item. Raises RefusedError."""
    if len(data) > rules.size:
        raise RefusedError("cbor_size", f"The content is larger than {rules.size} bytes.")
    reader = _Reader(data, rules)
    item = reader.item(0)
    if reader.at != len(data):
        raise RefusedError("cbor_trailing", "Something follows the end of the content.")
    return item


class _Reader:
    """One pass over the bytes; `at` is where it stands."""

    def __init__(self, data: bytes, rules: Rules) -> None:
        self.data = data
        self.rules = rules
        self.at = 0

    def item(self, depth: int) -> Item:
        """The next item, `depth` levels down."""
        if depth > self.rules.depth:
            raise RefusedError("cbor_depth", f"The content is nested more than {self.rules.depth} levels deep.")
        major, info, argument = self._head()
        if major == _UINT:
            return argument
        if major == _NINT:
            return -1 - argument
        if major == _OTHER:
            return self._other(info, argument)
        if major == _TAG:
            return self._tag(argument, depth)
        return self._container(major, info, argument, depth)

    def _container(self, major: int, info: int, length: int, depth: int) -> Item:
        indefinite = info == _INDEFINITE
        if major in (_BYTES, _TEXT):
            raw = self._chunks(major) if indefinite else self._take(length)
            return raw if major == _BYTES else _text(raw)
        # Every element takes a byte at least: a length beyond the bytes that are left is refused before anything is made.
        if not indefinite and length * (2 if major == _MAP else 1) > len(self.data) - self.at:
            raise _truncated()
        if major == _ARRAY:
            return self._array(None if indefinite else length, depth)
        return self._map(None if indefinite else length, depth)

    def _head(self) -> tuple[int, int, int]:
        """Major type, additional information and argument (section 3); indefinite lengths have the argument 0."""
        first = self._take(1)[0]
        major, info = first >> 5, first & 0x1F
        if info < 24:  # section 3: the argument itself
            return major, info, info
        if info == _INDEFINITE:
            return self._indefinite(major)
        if info > 27:  # section 3: 28 to 30 are reserved
            raise RefusedError("cbor_reserved", "The content uses a reserved form.")
        width = 1 << (info - 24)
        argument = int.from_bytes(self._take(width), "big")
        if self.rules.deterministic and major != _OTHER and argument < (24, 256, 65536, 1 << 32)[info - 24]:
            raise RefusedError("cbor_not_shortest", "A number or length is written longer than it must be.")
        return major, info, argument

    def _indefinite(self, major: int) -> tuple[int, int, int]:
        if major in (_UINT, _NINT, _TAG):
            raise RefusedError("cbor_reserved", "The content uses a reserved form.")
        if major == _OTHER:
            raise RefusedError("cbor_break", "An end mark stands where an item must.")
        if self.rules.deterministic:
            raise RefusedError("cbor_indefinite", "A part of the content does not say how long it is.")
        return major, _INDEFINITE, 0

    def _take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise _truncated()
        found = self.data[self.at : end]
        self.at = end
        return found

    def _ends(self) -> bool:
        """Whether an indefinite part ends here; the end mark is consumed."""
        if self.at < len(self.data) and self.data[self.at] == _BREAK:
            self.at += 1
            return True
        return False

    def _chunks(self, major: int) -> bytes:
        """A string of indefinite length: definite chunks of the same type (section 3.2.3), each whole UTF-8 where text."""
        found: list[bytes] = []
        while not self._ends():
            kind, info, length = self._head()
            if kind != major or info == _INDEFINITE:
                raise RefusedError("cbor_chunk", "A string in pieces holds a piece of another kind.")
            chunk = self._take(length)
            if major == _TEXT:
                _text(chunk)
            found.append(chunk)
        return b"".join(found)

    def _array(self, length: int | None, depth: int) -> list[Item]:
        found: list[Item] = []
        while (len(found) < length) if length is not None else not self._ends():
            found.append(self.item(depth + 1))
        return found

    def _map(self, length: int | None, depth: int) -> dict[Key, Item]:
        found: dict[Key, Item] = {}
        before = b""
        while (len(found) < length) if length is not None else not self._ends():
            start = self.at
            key = self.item(depth + 1)
            encoded = self.data[start : self.at]
            if self.rules.deterministic and encoded < before:
                raise RefusedError("cbor_key_order", "The content's keys are out of order.")
            before = encoded
            name = key if isinstance(key, int | str | bytes) and not isinstance(key, bool) else OtherKey(encoded)
            if name in found:
                raise RefusedError("cbor_duplicate_key", "The content states the same thing twice.")
            found[name] = self.item(depth + 1)
        return found

    def _tag(self, number: int, depth: int) -> Tag:
        if self.rules.tags is not None and number not in self.rules.tags:
            raise RefusedError("cbor_tag", f"The content uses the tag {number}, which has no place in it.")
        return Tag(number, self.item(depth + 1))

    def _other(self, info: int, argument: int) -> Item:
        """Simple values and floating-point numbers (section 3.3)."""
        if info in _FLOATS:
            if self.rules.deterministic:
                raise RefusedError("cbor_float", "A number is written as a floating-point number.")
            form, width = _FLOATS[info]
            number: float = struct.unpack(form, argument.to_bytes(width, "big"))[0]
            return number
        if info == 24 and argument < 32:  # section 3.3: two bytes only for values from 32
            raise RefusedError("cbor_simple", "A simple value is written in a form it must not have.")
        if argument in (20, 21, 22) and info < 24:  # section 3.3: false, true, null
            return {20: False, 21: True, 22: None}[argument]
        if self.rules.deterministic:
            raise RefusedError("cbor_simple", "The content uses a simple value that has no place in it.")
        return Simple(argument)


def _truncated() -> RefusedError:
    return RefusedError("cbor_truncated", "The content ends too early.")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError("cbor_utf8", "A text of the content is not UTF-8.") from error


def encode(item: Item) -> bytes:
    """Write an item in the deterministic encoding (section 4.2.1). Floats and simple values are not written (TypeError)."""
    if item is None or isinstance(item, bool):
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[item]
    for kind, writer in _WRITERS.items():
        if isinstance(item, kind):
            return writer(item)
    raise TypeError(f"{type(item).__name__} is not written")


def _number(item: int) -> bytes:
    return _head_of(_UINT, item) if item >= 0 else _head_of(_NINT, -1 - item)


def _map_of(item: dict[Key, Item]) -> bytes:
    pairs = sorted(
        (key.encoded if isinstance(key, OtherKey) else encode(key), encode(value)) for key, value in item.items()
    )
    return _head_of(_MAP, len(pairs)) + b"".join(key + value for key, value in pairs)


_WRITERS: dict[type, Callable[..., bytes]] = {
    int: _number,
    bytes: lambda item: _head_of(_BYTES, len(item)) + item,
    str: lambda item: _head_of(_TEXT, len(item.encode())) + item.encode(),
    list: lambda item: _head_of(_ARRAY, len(item)) + b"".join(encode(part) for part in item),
    dict: _map_of,
    Tag: lambda item: _head_of(_TAG, item.number) + encode(item.value),
}


def _head_of(major: int, argument: int) -> bytes:
    """The shortest head (section 4.2.1)."""
    for info, bound in ((24, 1 << 8), (25, 1 << 16), (26, 1 << 32), (27, 1 << 64)):
        if argument < 24:  # section 3: the argument itself
            return bytes([major << 5 | argument])
        if argument < bound:
            return bytes([major << 5 | info]) + argument.to_bytes(1 << (info - 24), "big")
    raise ValueError(f"{argument} is larger than CBOR writes")
