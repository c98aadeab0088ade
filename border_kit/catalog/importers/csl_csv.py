"""`csl-csv`: the United States' Consolidated Screening List as CSV, in both its layouts (28 columns, or 29 with a leading `_id`).

The source column names one of a dozen lists of Commerce, State and Treasury; each becomes a list of its own (`CSL-SDN`, `CSL-EL`).
Cells with several values are parted by `; `. `entity_number` is Treasury's own number. Where a row has no number, its id is made of
what the row says. A row with an `end_date` ends with that day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from border_kit.catalog.importers import dates, nations, tables
from border_kit.catalog.importers.base import Batch, Listing, Order, Skipped
from border_kit.catalog.importers.entry import SEE, Entry, kind_of
from border_kit.catalog.importers.ofac_remarks import take_remark
from border_kit.text import clean_line, fold

_CODE = re.compile(r"\(([A-Z]{2,5})\)")
_TREASURY = re.compile(r"treasury", re.IGNORECASE)
_FACTS = {
    "title": "title", "vessel_type": "vessel_type", "vessel_owner": "owner", "places_of_birth": "place_of_birth",
    "license_requirement": "licence_requirement", "license_policy": "licence_policy", "federal_register_notice": "notice",
}  # fmt: skip


def read(order: Order) -> Batch:
    """Read a CSL file; it states no date. Raises InputError."""
    path = tables.regular_file(order.path)
    found = tables.records(path, ("source", "name"), tables.encoding_of(path, fallback="cp1252"))
    return Batch(None, "CSL", _rows(found))


def _rows(found: Iterator[tuple[int, dict[str, str]] | Skipped]) -> Iterator[Listing | Skipped]:
    seen: dict[str, int] = {}
    for row in found:
        yield row if isinstance(row, Skipped) else _listing(*row, seen)


def _listing(number: int, row: dict[str, str], seen: dict[str, int]) -> Listing | Skipped:
    source = clean_line(row.get("source", ""), 200)
    if not source:
        return Skipped(number, "the source is empty")
    code = _CODE.search(source)
    list_id = f"CSL-{code.group(1) if code else fold(source)[:20].strip().replace(' ', '-').upper()}"
    party = Entry(number, _ref(row, list_id, seen))
    party.kind = _kind(row)
    party.name(row.get("name", ""), "primary")
    for alias in tables.cells(row.get("alt_names", "")):
        party.name(alias)
    party.programme += [clean_line(part, 200) for part in tables.cells(row.get("programs", ""))]
    party.ends = dates.day(row.get("end_date", ""), "mdy")
    party.listed_on = dates.day(row.get("start_date", ""), "mdy")
    party.notes.append(row.get("remarks", ""))
    if row.get("entity_number", "").strip() and _TREASURY.search(source):
        party.fact(SEE, f"ofac:{row['entity_number'].strip()}")
    _facts(party, row)
    return party.listing(list_id)


def _kind(row: dict[str, str]) -> str:
    """The kind that the row names; the lists of Commerce and State name none."""
    return kind_of(row.get("type", ""))


def _ref(row: dict[str, str], list_id: str, seen: dict[str, int]) -> str:
    """The row's number, else the first letters of a digest over its name and addresses: the newer layout's `_id` changes daily."""
    number = clean_line(row.get("entity_number", ""), 60)
    if number:
        return number
    told = "\n".join(fold(clean_line(row.get(key, ""))) for key in ("name", "addresses", "start_date"))
    ref = hashlib.sha256(told.encode()).hexdigest()[:16]
    seen[list_id + ref] = seen.get(list_id + ref, 0) + 1
    return ref if seen[list_id + ref] == 1 else f"{ref}-{seen[list_id + ref]}"


def _facts(party: Entry, row: dict[str, str]) -> None:
    for column in ("citizenships", "nationalities"):
        for value in tables.cells(row.get(column, "")):
            party.country(value)
    party.country(row.get("vessel_flag", ""), "flag")
    for address in tables.cells(row.get("addresses", "")):
        party.fact("address", address)
        country = nations.country_of(address.rpartition(",")[2])
        if country:
            party.country(country)
    for value in tables.cells(row.get("dates_of_birth", "")):
        party.born(value, "mdy")
    for column, kind in _FACTS.items():
        party.fact(kind, row.get(column, ""))
    party.identifier("call_sign", row.get("call_sign", ""))
    for value in tables.cells(row.get("ids", "")):
        _number(party, value)


def _number(party: Entry, value: str) -> None:
    """A number as the list writes it: `Passport, 836238033, KP`, or in the older layout `KP 836238033, Passport`."""
    first, comma, rest = (part.strip() for part in value.partition(","))
    head, _, last = (part.strip() for part in value.rpartition(","))
    if not comma:
        take_remark(value, party)
    elif _digit(first) and not _digit(last):
        issued, _, bare = head.partition(" ")
        take_remark(f"{last} {bare} ({issued})" if bare and nations.country_of(issued) else f"{last} {head}", party)
    else:
        number, _, country = rest.rpartition(", ")
        known = number and nations.country_of(country)
        take_remark(f"{first} {number} ({country})" if known else f"{first} {rest}", party)


def _digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
