"""`un-xml`: the consolidated list of the United Nations Security Council, in its official XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from border_kit.catalog.importers import dates, tables, xml_stream
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Order, Skipped
from border_kit.catalog.importers.entry import Entry
from border_kit.errors import InputError
from border_kit.text import clean_line

LIST = "UN-SC"
ROOT = "CONSOLIDATED_LIST"

_FORMER = re.compile(r"\b(?:previously|formerly)\b", re.IGNORECASE)
_QUOTES = " \"'“”‘’«»"


def read(order: Order) -> Batch:
    """Read a UN list; `dateGenerated` of its root is the edition. Raises InputError."""
    path = tables.regular_file(order.path)
    root = xml_stream.root(path)
    if root.tag != ROOT:
        raise InputError(
            "not_un_xml", f"{path.name} is no UN list: its root is {root.tag[:60]!r}.", f"Expected <{ROOT}>."
        )
    found = xml_stream.entries(path, {"INDIVIDUAL", "ENTITY"})
    return Batch(dates.iso_day(root.get("dateGenerated", "")), LIST, (_listing(*row) for row in enumerate(found, 1)))


def _listing(number: int, entry: Element) -> Listing | Skipped:
    party = Entry(number, _text(entry, "REFERENCE_NUMBER", 100))
    if not party.ref:
        return Skipped(number, "the REFERENCE_NUMBER is empty")
    party.kind = "person" if entry.tag == "INDIVIDUAL" else "organisation"
    party.programme.append(_text(entry, "UN_LIST_TYPE", 100))
    party.listed_on = dates.iso_day(_text(entry, "LISTED_ON"))
    party.notes.append(entry.findtext("COMMENTS1") or "")
    _names(entry, party)
    _facts(entry, party)
    for document in entry.iterfind("INDIVIDUAL_DOCUMENT"):
        party.identifier(_document(document), _text(document, "NUMBER", 500))
    return party.listing()


def _text(entry: Element, path: str, limit: int = MAX_CELL) -> str:
    return clean_line(entry.findtext(path) or "", limit)


def _names(entry: Element, party: Entry) -> None:
    places = (_text(entry, f"{place}_NAME") for place in ("FIRST", "SECOND", "THIRD", "FOURTH"))
    party.name(" ".join(part for part in places if part), "primary")
    for text in _parts(_text(entry, "NAME_ORIGINAL_SCRIPT")):
        party.name(text, "original")
    for alias in [*entry.iterfind("INDIVIDUAL_ALIAS"), *entry.iterfind("ENTITY_ALIAS")]:
        quality = _text(alias, "QUALITY").casefold()
        former = quality.startswith("f.k.a") or _FORMER.search(_text(alias, "NOTE"))
        for text in _parts(_text(alias, "ALIAS_NAME")):
            party.name(text, "former" if former else "weak" if quality == "low" else "alias")


def _parts(text: str) -> Iterator[str]:
    """The names of a cell; several are separated by semicolons, and some stand in quotes."""
    for part in re.split("[;؛；]", text):
        bare = part.strip(_QUOTES + ",،")
        if bare:
            yield bare


_FACTS = (
    ("title", "TITLE/VALUE"),
    ("designation", "DESIGNATION/VALUE"),
)
_PLACES = (
    ("place_of_birth", "INDIVIDUAL_PLACE_OF_BIRTH"),
    ("address", "INDIVIDUAL_ADDRESS"),
    ("address", "ENTITY_ADDRESS"),
)


def _facts(entry: Element, party: Entry) -> None:
    for path in ("NATIONALITY/VALUE", "INDIVIDUAL_ADDRESS/COUNTRY", "ENTITY_ADDRESS/COUNTRY"):
        for element in entry.iterfind(path):
            party.country(element.text or "")
    for kind, path in _FACTS:
        for element in entry.iterfind(path):
            party.fact(kind, element.text or "")
    party.gender(_text(entry, "GENDER"))
    for birth in entry.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        party.born(_birth(birth))
    for element in entry.iterfind("INDIVIDUAL_ALIAS/DATE_OF_BIRTH"):
        party.born(element.text or "")
    for kind, path in _PLACES:
        for place in entry.iterfind(path):
            party.place((part.text for part in place), kind)


def _birth(birth: Element) -> str:
    """A date of birth by its TYPE_OF_DATE: EXACT, APPROXIMATELY, BETWEEN, or none."""
    first, last = _text(birth, "FROM_YEAR"), _text(birth, "TO_YEAR")
    text = _text(birth, "DATE") or _text(birth, "YEAR")
    if first and last:
        return f"{first} to {last}"
    if _text(birth, "TYPE_OF_DATE").casefold().startswith("approx") and text:
        return f"circa {text}"
    return text or _text(birth, "NOTE")


def _document(document: Element) -> str:
    kind = f"{_text(document, 'TYPE_OF_DOCUMENT')} {_text(document, 'TYPE_OF_DOCUMENT2')}".casefold()
    passport = any(word in kind for word in ("passport", "passeport", "pasaporte"))
    return "passport" if passport else "national_id" if "identi" in kind else "other"
