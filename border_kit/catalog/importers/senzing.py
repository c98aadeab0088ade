"""`senzing-jsonl`: entity records of the Senzing specification: flat keys, or a list of FEATURES; JSON lines or one array.

`DATA_SOURCE` is the list, `RECORD_ID` the listing's id. A key may have a usage in front or behind (`PRIMARY_NAME_FULL`).
Source: senzing.com, "Entity specification".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from border_kit.catalog.importers import json_stream, tables
from border_kit.catalog.importers.base import Batch, Listing, Order, Skipped
from border_kit.catalog.importers.entry import Entry, kind_of
from border_kit.text import clean_line

_IDENTIFIERS = {
    "PASSPORT_NUMBER": "passport", "SSN_NUMBER": "national_id", "SSN": "national_id", "SSN_LAST4": "other", "NATIONAL_ID_NUMBER": "national_id",
    "TAX_ID_NUMBER": "tax", "DRIVERS_LICENSE_NUMBER": "licence", "LEI_NUMBER": "lei", "DUNS_NUMBER": "duns", "IMO_NUMBER": "imo",
    "MMSI_NUMBER": "mmsi", "CALL_SIGN": "call_sign", "OTHER_ID_NUMBER": "other", "TRUSTED_ID_NUMBER": "other", "NPI_NUMBER": "other",
    "REGISTRATION_NUMBER": "registration", "ACCOUNT_NUMBER": "other",
}  # fmt: skip
_COUNTRIES = (
    "ADDR_COUNTRY", "NATIONALITY", "CITIZENSHIP", "COUNTRY_OF_ASSOCIATION", "REGISTRATION_COUNTRY", "PASSPORT_COUNTRY",
    "NATIONAL_ID_COUNTRY", "TAX_ID_COUNTRY",
)  # fmt: skip
_FACTS = {
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "WEBSITE_ADDRESS": "website",
    "PLACE_OF_BIRTH": "place_of_birth",
}
_ADDRESS = (
    "ADDR_FULL",
    "ADDR_LINE1",
    "ADDR_LINE2",
    "ADDR_LINE3",
    "ADDR_CITY",
    "ADDR_STATE",
    "ADDR_POSTAL_CODE",
    "ADDR_COUNTRY",
)
_PERSON_NAME = ("NAME_FIRST", "NAME_MIDDLE", "NAME_LAST", "NAME_SUFFIX")
_WEAK = frozenset({"NICKNAME"})


def read(order: Order) -> Batch:
    """Read Senzing records; they state no date. Raises InputError."""
    tables.regular_file(order.path)
    return Batch(None, "SENZING", _rows(order))


def _rows(order: Order) -> Iterator[Listing | Skipped]:
    for row in json_stream.objects(order.path):
        yield row if isinstance(row, Skipped) else _listing(*row)


def _listing(number: int, record: dict[str, Any]) -> Listing | Skipped:
    party = Entry(number, _text(record, "RECORD_ID"))
    features = record.get("FEATURES")
    groups = [item for item in features if isinstance(item, dict)] if isinstance(features, list) else []
    for group in (record, *groups):
        kind = kind_of(_text(group, "RECORD_TYPE"))
        party.kind = kind if kind != "unknown" else party.kind
        for values in (group, *_lists(group)):
            _names(party, values)
            _facts(party, values)
    return party.listing(clean_line(_text(record, "DATA_SOURCE"), 80))


def _lists(group: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Groups in lists of their own (`NAMES`, `ADDRESSES`, `IDENTIFIERS`), as older records have them."""
    for key, items in group.items():
        if key != "FEATURES" and isinstance(items, list):
            yield from (item for item in items if isinstance(item, dict))


def _text(values: dict[str, Any], key: str) -> str:
    """A value under its key; numbers are taken as they are written."""
    found = values.get(key)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _named(values: dict[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """Every value of a key, with the usage in front of it (`PRIMARY_NAME_FULL`) or nothing."""
    for name in values:
        if name == key or name.endswith(f"_{key}"):
            yield name.removesuffix(key).strip("_"), _text(values, name)


def _names(party: Entry, values: dict[str, Any]) -> None:
    usage = _text(values, "NAME_TYPE").upper()
    for key in ("NAME_FULL", "NAME_ORG"):
        for prefix, text in _named(values, key):
            _name(party, text, prefix or usage)
            if key == "NAME_ORG" and text and party.kind == "unknown":
                party.kind = "organisation"
    for prefix, last in _named(values, "NAME_LAST"):
        front = f"{prefix}_" if prefix else ""
        parts = [last if key == "NAME_LAST" else _text(values, front + key) for key in _PERSON_NAME]
        _name(party, " ".join(part for part in parts if part), prefix or usage)
        if last and party.kind == "unknown":
            party.kind = "person"


def _name(party: Entry, text: str, usage: str) -> None:
    quality = (
        "primary" if usage == "PRIMARY" else "weak" if usage in _WEAK else "former" if "FORMER" in usage else "alias"
    )
    party.name(text, quality)


def _facts(party: Entry, values: dict[str, Any]) -> None:
    for _, text in _named(values, "DATE_OF_BIRTH"):
        party.born(text, "mdy")
    for _, text in _named(values, "REGISTRATION_DATE"):
        party.born(text, "mdy", "established")
    party.gender(_text(values, "GENDER"))
    for key in _COUNTRIES:
        for _, text in _named(values, key):
            party.country(text)
    for key, kind in _FACTS.items():
        for _, text in _named(values, key):
            party.fact(kind, text)
    for key, kind in _IDENTIFIERS.items():
        for _, text in _named(values, key):
            party.identifier(kind, text)
    party.place([_text(values, key) for key in _ADDRESS])
