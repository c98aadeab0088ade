"""XML lists, read entry by entry: nothing declared is expanded, no file can fill the memory, names without their namespace.

Namespaces of these files change from year to year while their element names stay, so an element is known by its local name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from border_kit.errors import InputError

MAX_ENTRY = 8_000_000
"""Bytes of one entry; the largest real ones have some 20 kB."""


@contextmanager
def parsing(name: str) -> Iterator[None]:
    """Tell what a parser finds wrong as an InputError that names the file."""
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - only importers pay for it

    try:
        yield
    except (ParseError, DefusedXmlException, LookupError, ValueError, OSError) as error:
        raise InputError(
            "xml_unusable", f"{name} is no XML that can be read ({error}).", "Download it again."
        ) from error


@dataclass(slots=True)
class _Bounded:
    """A stream that refuses to go on when one entry has swallowed too much: no file can fill the memory."""

    stream: IO[bytes]
    limit: int
    since: int = 0

    def read(self, size: int = 65_536) -> bytes:
        """Read on. Raises ValueError when the entry is too large."""
        chunk = self.stream.read(size)
        self.since += len(chunk)
        if self.since > self.limit:
            raise ValueError(f"an entry has more than {self.limit:,} bytes")
        return chunk


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def root(path: Path) -> Element:
    """The root element with its attributes, and nothing of what is in it. Raises InputError."""
    with parsing(path.name), path.open("rb") as raw:
        for _, element in _events(_Bounded(raw, MAX_ENTRY), ("start",)):
            element.tag = local(element.tag)
            return element
    raise AssertionError("a document without a root is refused by the parser")


def entries(path: Path, tags: Collection[str], limit: int = MAX_ENTRY) -> Iterator[Element]:
    """Every whole element of one of these names, and then it is forgotten; its elements bear local names.

    Elements of these names may not stand inside each other. `limit` is in bytes of the file. Raises InputError.
    """
    depth: list[Element] = []
    inside = 0
    with parsing(path.name), path.open("rb") as raw:
        stream = _Bounded(raw, limit)
        for event, element in _events(stream, ("start", "end")):
            if event == "start":
                element.tag = local(element.tag)
                inside += element.tag in tags
                depth.append(element)
                continue
            depth.pop()
            if element.tag in tags:
                inside -= 1
                if not inside:
                    yield element
                    stream.since = 0
            if not inside and depth:
                depth[-1].remove(element)


def _events(stream: _Bounded, kinds: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - only importers pay for it

    found: Any = iterparse(stream, events=kinds, forbid_dtd=True)
    yield from found
