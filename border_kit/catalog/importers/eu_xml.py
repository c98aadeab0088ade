"""`eu-xml`: the European Union's consolidated financial sanctions list in its official XML (FSF 1.0 and 1.1).

Everything stands in attributes; an entry is a `sanctionEntity`. The namespace is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from border_kit.catalog.importers import dates, eu_entry, tables, xml_stream
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Order, Skipped
from border_kit.errors import InputError
from border_kit.text import clean, clean_line

ROOT = "export"


def read(order: Order) -> Batch:
    """Read an EU file; `generationDate` of its root is the edition. Raises InputError."""
    path = tables.regular_file(order.path)
    root = xml_stream.root(path)
    if root.tag != ROOT:
        raise InputError(
            "not_eu_xml",
            f"{path.name} is no EU financial sanctions file: its root is {root.tag[:60]!r}.",
            f"Expected <{ROOT}>.",
        )
    return Batch(dates.iso_day(root.get("generationDate", "")), eu_entry.LIST, _rows(order))


def _rows(order: Order) -> Iterator[Listing | Skipped]:
    for number, entity in enumerate(xml_stream.entries(order.path, {"sanctionEntity"}), 1):
        yield eu_entry.listing(number, _values(entity), ((part.tag.casefold(), _values(part)) for part in entity))


def _values(element: Element) -> dict[str, str]:
    """The attributes of an element in lower case, and the remark that stands in it."""
    values = {xml_stream.local(name).casefold(): clean_line(text, MAX_CELL) for name, text in element.attrib.items()}
    remarks = [clean(remark.text or "", MAX_CELL) for remark in element.iterfind("remark")]
    return {**values, "remark": "; ".join(remark for remark in remarks if remark)}
