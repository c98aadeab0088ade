"""`ftm-jsonl`: FollowTheMoney entities as OpenSanctions publishes them: JSON lines, one array, or a delta.

Each dataset of an entity is a list of its own (`eu_fsf`, `us_ofac_sdn`); the entity's id is the listing's. Values are always lists,
the caption is display only. A delta has `{"op": "ADD"|"MOD"|"DEL", "entity": {…}}` a line and changes what it names; a `DEL` has an id
only. Entities that are no parties (addresses, passports, sanctions) are passed over; what they say of a party is not joined.
Source: followthemoney.tech, "Schema reference"; opensanctions.org, "Delta updates".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from border_kit.catalog.importers import dates, json_stream, tables
from border_kit.catalog.importers.base import Batch, Gone, Item, Listing, Order, Skipped
from border_kit.catalog.importers.entry import SEE, Entry
from border_kit.text import clean_line

KINDS = {
    "Person": "person", "Organization": "organisation", "Company": "organisation", "PublicBody": "organisation",
    "LegalEntity": "unknown", "Vessel": "vessel", "Airplane": "aircraft", "Thing": "unknown", "Vehicle": "unknown", "Asset": "unknown",
}  # fmt: skip
"""The schemata that are parties; a LegalEntity may be a person or a firm."""
_NAMES = (
    ("name", "alias"),
    ("alias", "alias"),
    ("previousName", "former"),
    ("weakAlias", "weak"),
    ("abbreviation", "weak"),
)
_COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "mainCountry", "flag")
_IDENTIFIERS = {
    "passportNumber": "passport", "idNumber": "national_id", "socialSecurityNumber": "national_id", "taxNumber": "tax", "innCode": "tax",
    "vatCode": "tax", "registrationNumber": "registration", "ogrnCode": "registration", "okpoCode": "registration",
    "uscCode": "registration", "npiCode": "registration", "leiCode": "lei", "imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign",
    "swiftBic": "swift", "bikCode": "other", "dunsCode": "duns", "serialNumber": "aircraft_serial", "registrationCode": "tail_number",
    "kppCode": "other", "permId": "other", "uniqueEntityId": "other",
}  # fmt: skip
_FACTS = {
    "position": "designation", "birthPlace": "place_of_birth", "address": "address", "title": "title", "topics": "topic",
    "website": "website", "email": "email", "phone": "phone", "legalForm": "legal_form", "type": "vessel_type", "flag": "flag",
    "pastFlags": "former_flag", "owner": "owner", "sector": "sector",
}  # fmt: skip
_REFERENTS = (
    # How OpenSanctions makes ids of the offices' own: the prefix, and which list's number follows.
    (re.compile(r"ofac-(\d+)"), "ofac:{}"),
    (re.compile(r"gb-hmt-(\d+)"), "uk:{}"),
    (re.compile(r"eu-fsf-eu-(\d+)-(\d+)"), "eu:EU.{}.{}"),
)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})\d{6}\b")
_SEEN = re.compile(r'"last_(?:seen|change)"\s*:\s*"(\d{4}-\d{2}-\d{2})')


def read(order: Order) -> Batch:
    """Read entities or a delta; the newest `last_seen` in it, else the time in its name, is the edition. Raises InputError."""
    path = tables.regular_file(order.path)
    first = next((row for row in json_stream.objects(path) if isinstance(row, tuple)), None)
    delta = first is not None and "op" in first[1]
    return Batch(_stated(order), "FTM", _rows(order, delta=delta), partial=delta)


def _stated(order: Order) -> str | None:
    newest = ""
    with order.path.open(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(json_stream.MAX_OBJECT):
            newest = max(newest, *_SEEN.findall(line), "")
    named = _STAMP.search(order.path.name)
    return dates.iso_day(newest) or (dates.iso_day("-".join(named.groups())) if named else None)


def _rows(order: Order, *, delta: bool) -> Iterator[Item]:
    for row in json_stream.objects(order.path):
        if isinstance(row, Skipped):
            yield row
        elif delta:
            yield from _change(*row)
        else:
            yield from _entity(*row)


def _change(number: int, row: dict[str, Any]) -> Iterator[Item]:
    operation, entity = row.get("op"), row.get("entity")
    if operation not in {"ADD", "MOD", "DEL"} or not isinstance(entity, dict):
        yield Skipped(number, f"the operation {str(operation)[:40]!r} is none of ADD, MOD, DEL with an entity")
        return
    ref = _ref(entity)
    if not ref:
        yield Skipped(number, "the id is empty")
        return
    listed = list(_entity(number, entity)) if operation != "DEL" else []
    # A changed entity is listed by the datasets it names now, and by no other.
    yield Gone(ref, number, frozenset(item.list for item in listed if isinstance(item, Listing)))
    yield from listed


def _ref(entity: dict[str, Any]) -> str:
    found = entity.get("id")
    return clean_line(found, 200) if isinstance(found, str) else ""


def _entity(number: int, entity: dict[str, Any]) -> Iterator[Item]:
    schema, properties = entity.get("schema"), entity.get("properties")
    if not isinstance(schema, str) or not isinstance(properties, dict):
        yield Skipped(number, "it has no schema or no properties")
        return
    if schema not in KINDS:
        return
    party = _party(number, entity, schema, properties)
    datasets = [clean_line(name, 80) for name in _strings(entity.get("datasets"))]
    for dataset in dict.fromkeys(name for name in datasets if name) or ("",):
        yield party.listing(dataset)


def _party(number: int, entity: dict[str, Any], schema: str, properties: dict[str, Any]) -> Entry:
    party = Entry(number, _ref(entity), KINDS[schema])
    said = {key: _strings(values) for key, values in properties.items()}
    _names(party, entity.get("caption"), said)
    for key in _COUNTRIES:
        for text in said.get(key, ()):
            party.country(text)
    for key, kind in (("birthDate", "born"), ("incorporationDate", "established")):
        for text in said.get(key, ()):
            party.born(text, kind=kind)
    for text in said.get("gender", ()):
        party.gender(text)
    for key, kind in _IDENTIFIERS.items():
        for text in said.get(key, ()):
            party.identifier(kind, text)
    for key, kind in _FACTS.items():
        for text in said.get(key, ()):
            party.fact(kind, text)
    party.programme += said.get("programId") or said.get("program") or []
    party.notes += said.get("notes", [])
    _references(party, _strings(entity.get("referents")))
    return party


def _names(party: Entry, caption: object, said: dict[str, list[str]]) -> None:
    if isinstance(caption, str) and caption in said.get("name", ()):
        party.name(caption, "primary")
    for key, quality in _NAMES:
        for text in said.get(key, ()):
            party.name(text, quality)
    if not any(said.get(key) for key, _ in _NAMES):
        parts = [
            text for key in ("firstName", "middleName", "fatherName", "lastName") for text in said.get(key, [])[:1]
        ]
        party.name(" ".join(parts), "primary")


def _references(party: Entry, referents: list[str]) -> None:
    for text in referents:
        for pattern, form in _REFERENTS:
            match = pattern.fullmatch(text)
            if match:
                party.fact(SEE, form.format(*match.groups()))


def _strings(values: object) -> list[str]:
    """The strings of a property; whatever else stands there is no value."""
    if isinstance(values, str):
        return [values]
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
