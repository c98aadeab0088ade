"""`eu-csv`: the European Union's lists as CSV: the official file (formats 1.0 and 1.1), or the journal's text act by act.

Which layout it is the header says. The official files are parted by `;`, have one row a name, address, birth or paper, and join
them by the entity's number. Columns of 1.1 are named as the XML is (`NameAlias_WholeName`); those of 1.0 are shorter
(`Naal_wholename`, and a misprint that the Commission never changed: `Birt_plcae`).
"""

from __future__ import annotations

from collections.abc import Iterator

from border_kit.catalog.importers import dates, eu_entry, eu_journal, tables
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Order, Skipped
from border_kit.errors import InputError
from border_kit.text import clean_line

_PREFIXES = {
    "entity_subjecttype_": "subjecttype", "entity_regulation_": "regulation", "entity_": "entity", "namealias_": "namealias",
    "address_": "address", "birthdate_": "birthdate", "identification_": "identification", "citizenship_": "citizenship",
}  # fmt: skip
_NAMES = {
    "day": "dayofmonth", "month": "monthofyear", "typecode": "identificationtypecode",
    "typedescription": "identificationtypedescription", "eu_referencenumber": "eureferencenumber",
}  # fmt: skip
"""Columns of 1.1 whose attribute in the XML is another word."""
_SHORT = {
    "entity_logical_id": ("entity", "logicalid"), "eu_ref_num": ("entity", "eureferencenumber"), "un_number": ("entity", "unitednationid"),
    "entity_remark": ("entity", "remark"), "subject_type": ("subjecttype", "code"), "programme": ("regulation", "programme"),
    "naal_lastname": ("namealias", "lastname"), "naal_firstname": ("namealias", "firstname"), "naal_middlename": ("namealias", "middlename"),
    "naal_wholename": ("namealias", "wholename"), "naal_gender": ("namealias", "gender"), "naal_title": ("namealias", "title"),
    "naal_function": ("namealias", "function"), "naal_language": ("namealias", "namelanguage"), "naal_strong": ("namealias", "strong"),
    "addr_number": ("address", "pobox"), "addr_street": ("address", "street"), "addr_zipcode": ("address", "zipcode"),
    "addr_city": ("address", "city"), "addr_country": ("address", "countryiso2code"), "addr_other": ("address", "place"),
    "birt_date": ("birthdate", "birthdate"), "birt_plcae": ("birthdate", "place"), "birt_place": ("birthdate", "place"),
    "birt_country": ("birthdate", "countrydescription"), "iden_number": ("identification", "number"),
    "iden_type": ("identification", "identificationtypecode"), "iden_country": ("identification", "countryiso2code"),
    "citi_country": ("citizenship", "countryiso2code"),
}  # fmt: skip
"""The columns of 1.0."""
_DATES = ("filegenerationdate", "date_file")


def read(order: Order) -> Batch:
    """Read an EU file in any of its CSV layouts, or a folder of journal files. Raises InputError."""
    if order.path.is_dir():
        return eu_journal.read(order)
    path = tables.regular_file(order.path)
    encoding = tables.encoding_of(path, fallback="cp1252")
    header, delimiter = tables.header_of(path, encoding)
    if "recordid" in header:
        return eu_journal.read(order)
    if "entity_logicalid" not in header and "entity_logical_id" not in header:
        raise InputError(
            "not_eu_csv",
            f"{path.name} is no EU list: it has neither a column Entity_LogicalId nor recordId.",
            "The official file is csvFullSanctionsList (formats 1.0 and 1.1).",
        )
    return Batch(_stated(order, encoding, delimiter), eu_entry.LIST, _rows(order, encoding, delimiter))


def _stated(order: Order, encoding: str, delimiter: str) -> str | None:
    for row in tables.records(order.path, (), encoding, delimiter):
        if isinstance(row, tuple):
            return next((found for name in _DATES if (found := dates.day(row[1].get(name, ""), "dmy"))), None)
    return None


def _rows(order: Order, encoding: str, delimiter: str) -> Iterator[Listing | Skipped]:
    found = tables.records(order.path, (), encoding, delimiter)
    for group in tables.grouped(found, _number, order.path.name):
        yield group if isinstance(group, Skipped) else _listing(*group)


def _number(row: dict[str, str]) -> str:
    return (row.get("entity_logicalid") or row.get("entity_logical_id") or "").strip()


def _listing(number: int, rows: list[dict[str, str]]) -> Listing | Skipped:
    entity: dict[str, str] = {}
    parts: list[tuple[str, dict[str, str]]] = []
    for row in rows:
        split = _split(row)
        for name, value in split.pop("entity", {}).items():
            entity.setdefault(name, value)
        parts += split.items()
    return eu_entry.listing(number, entity, parts)


def _split(row: dict[str, str]) -> dict[str, dict[str, str]]:
    """A row by the parts that its columns belong to."""
    found: dict[str, dict[str, str]] = {}
    for column, cell in row.items():
        place = _SHORT.get(column) or _long(column)
        if place and cell.strip():
            found.setdefault(place[0], {})[place[1]] = clean_line(cell, MAX_CELL)
    if "subjecttype" in found and "code" not in found["subjecttype"]:
        found["subjecttype"]["code"] = found["subjecttype"].get("classificationcode", "")
    return found


def _long(column: str) -> tuple[str, str] | None:
    if column == "entity_subjecttype":
        return "subjecttype", "code"
    for prefix, part in _PREFIXES.items():
        if column.startswith(prefix):
            name = column.removeprefix(prefix)
            return part, _NAMES.get(name, name)
    return None
