"""`un-xml`: the consolidated list of the United Nations Security Council, in its official XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from border_kit.catalog.importers import dates, tables
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Name, Order, Skipped
from border_kit.errors import InputError
from border_kit.shipment.countries import country_code
from border_kit.text import clean, clean_line

LIST = "UN-SC"
ROOT = "CONSOLIDATED_LIST"
MAX_ENTRY = 8_000_000
"""Bytes of one entry; the largest real ones have some 20 kB."""

_FORMER = re.compile(r"\b(?:previously|formerly)\b", re.IGNORECASE)
_QUOTES = " \"'“”‘’«»"


def read(order: Order) -> Batch:
    """Read a UN list; `dateGenerated` of its root is the edition. Raises InputError."""
    path = tables.regular_file(order.path)
    with _parsing(path.name), path.open("rb") as raw:
        stated = _stated(_Bounded(raw), path.name)
    return Batch(stated, LIST, _rows(order))


@contextmanager
def _parsing(name: str) -> Iterator[None]:
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
    since: int = field(default=0)

    def read(self, size: int = 65_536) -> bytes:
        """Read on. Raises ValueError when the entry is too large."""
        chunk = self.stream.read(size)
        self.since += len(chunk)
        if self.since > MAX_ENTRY:
            raise ValueError(f"an entry has more than {MAX_ENTRY:,} bytes")
        return chunk


def _events(stream: _Bounded) -> Iterator[tuple[str, Element]]:
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - only importers pay for it

    found: Any = iterparse(stream, events=("start", "end"), forbid_dtd=True)
    yield from found


def _stated(stream: _Bounded, name: str) -> str | None:
    for _, element in _events(stream):
        if element.tag != ROOT:
            raise InputError(
                "not_un_xml", f"{name} is no UN list: its root is {element.tag[:60]!r}.", f"Expected <{ROOT}>."
            )
        return dates.iso_day(element.get("dateGenerated", ""))
    return None


def _rows(order: Order) -> Iterator[Listing | Skipped]:
    number = 0
    parents: list[Element] = []
    with _parsing(order.path.name), order.path.open("rb") as raw:
        stream = _Bounded(raw)
        for event, element in _events(stream):
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            if element.tag in {"INDIVIDUAL", "ENTITY"}:
                number += 1
                yield _listing(element, number)
                parents[-1].clear()
                stream.since = 0


def _listing(entry: Element, number: int) -> Listing | Skipped:
    ref = _text(entry, "REFERENCE_NUMBER", 100)
    parts = (_text(entry, f"{place}_NAME") for place in ("FIRST", "SECOND", "THIRD", "FOURTH"))
    caption = " ".join(part for part in parts if part)
    if not ref or not caption:
        return Skipped(number, f"the {'REFERENCE_NUMBER' if not ref else 'name'} is empty")
    listed = dates.iso_day(_text(entry, "LISTED_ON"))
    return Listing(
        list="",
        ref=ref,
        kind="person" if entry.tag == "INDIVIDUAL" else "organisation",
        caption=caption,
        names=tuple(dict.fromkeys(_names(entry, caption))),
        facts=tuple(dict.fromkeys(_facts(entry))),
        identifiers=tuple(dict.fromkeys(_identifiers(entry))),
        programme=_text(entry, "UN_LIST_TYPE", 100) or None,
        listed_on=listed,
        note=clean(entry.findtext("COMMENTS1") or "", MAX_CELL) or None,
        row=number,
    )


def _text(entry: Element, path: str, limit: int = MAX_CELL) -> str:
    return clean_line(entry.findtext(path) or "", limit)


def _names(entry: Element, caption: str) -> Iterator[Name]:
    yield Name(caption, "primary")
    for text in _parts(_text(entry, "NAME_ORIGINAL_SCRIPT")):
        yield Name(text, "original")
    for alias in [*entry.iterfind("INDIVIDUAL_ALIAS"), *entry.iterfind("ENTITY_ALIAS")]:
        quality = _text(alias, "QUALITY").casefold()
        former = quality.startswith("f.k.a") or _FORMER.search(_text(alias, "NOTE"))
        for text in _parts(_text(alias, "ALIAS_NAME")):
            yield Name(text, "former" if former else "weak" if quality == "low" else "alias")


def _parts(text: str) -> Iterator[str]:
    """The names of a cell; several are separated by semicolons, and some stand in quotes."""
    for part in re.split("[;؛；]", text):
        bare = part.strip(_QUOTES + ",،")
        if bare:
            yield bare


def _facts(entry: Element) -> Iterator[tuple[str, str]]:
    for path in ("NATIONALITY/VALUE", "INDIVIDUAL_ADDRESS/COUNTRY", "ENTITY_ADDRESS/COUNTRY"):
        for text in _values(entry, path):
            code = country_code(text)
            yield ("country", code) if code else ("country_text", text)
    for kind, path in (("title", "TITLE/VALUE"), ("designation", "DESIGNATION/VALUE")):
        for text in _values(entry, path):
            yield kind, text
    gender = _text(entry, "GENDER").casefold()
    if gender in {"male", "female"}:
        yield "gender", gender
    yield from _births(entry)
    yield from _places(entry)


def _births(entry: Element) -> Iterator[tuple[str, str]]:
    for birth in entry.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        yield from _born(birth)
    for text in _values(entry, "INDIVIDUAL_ALIAS/DATE_OF_BIRTH"):
        day = dates.born(text)
        yield ("born", day) if day else ("born_text", text)


_PLACES = (
    ("place_of_birth", "INDIVIDUAL_PLACE_OF_BIRTH"),
    ("address", "INDIVIDUAL_ADDRESS"),
    ("address", "ENTITY_ADDRESS"),
)


def _places(entry: Element) -> Iterator[tuple[str, str]]:
    for kind, path in _PLACES:
        for place in entry.iterfind(path):
            shown = ", ".join(clean_line(part.text or "", 500) for part in place if (part.text or "").strip())
            if shown:
                yield kind, shown


def _values(entry: Element, path: str) -> Iterator[str]:
    for element in entry.iterfind(path):
        text = clean_line(element.text or "", MAX_CELL)
        if text:
            yield text


def _born(birth: Element) -> Iterator[tuple[str, str]]:
    """A date of birth by its TYPE_OF_DATE: EXACT, APPROXIMATELY, BETWEEN, or none."""
    kind = _text(birth, "TYPE_OF_DATE").casefold()
    first, last = _text(birth, "FROM_YEAR"), _text(birth, "TO_YEAR")
    text = _text(birth, "DATE") or _text(birth, "YEAR")
    if first and last:
        text = f"{first} to {last}"
    elif kind.startswith("approx") and text:
        text = f"circa {text}"
    text = text or _text(birth, "NOTE")
    if text:
        day = dates.born(text)
        yield ("born", day) if day else ("born_text", text)


def _identifiers(entry: Element) -> Iterator[tuple[str, str]]:
    for document in entry.iterfind("INDIVIDUAL_DOCUMENT"):
        value = _text(document, "NUMBER", 500)
        kind = f"{_text(document, 'TYPE_OF_DOCUMENT')} {_text(document, 'TYPE_OF_DOCUMENT2')}".casefold()
        if value:
            passport = any(word in kind for word in ("passport", "passeport", "pasaporte"))
            yield ("passport" if passport else "national_id" if "identi" in kind else "other"), value
