"""EU designations as the Official Journal prints them, transcribed act by act (the layout of OpenSanctions' `eu_journal` files).

One file an act: `celex` names it; the list is that act (`EU-32014R0269`). An amending act's file has `amendedCelex` and
`amendmentCelex` and changes only the rows it names. Scalars come first; all later columns hold several values parted by `; `,
quoted as CSV where a value has `;` or `"` in it. Dates and countries are as printed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from border_kit.catalog.importers import dates, tables
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listed, Listing, Order, Skipped
from border_kit.catalog.importers.entry import Entry
from border_kit.errors import InputError
from border_kit.text import clean_line, fold

_KINDS = {
    "person": "person", "legalentity": "organisation", "company": "organisation", "organization": "organisation",
    "publicbody": "organisation", "vessel": "vessel", "airplane": "aircraft",
}  # fmt: skip
_IDENTIFIERS = {
    "passportnumber": "passport", "registrationnumber": "registration", "taxnumber": "tax", "idnumber": "national_id", "inncode": "tax",
    "ogrncode": "registration", "kppcode": "other", "okpocode": "registration", "leicode": "lei", "swiftbic": "swift",
    "imonumber": "imo", "mmsi": "mmsi",
}  # fmt: skip
_FACTS = {
    "birthplace": "place_of_birth", "position": "designation", "address": "address", "phone": "phone", "email": "email",
    "website": "website", "legalform": "legal_form", "sector": "sector", "fathername": "father", "mothername": "mother",
    "appearance": "appearance",
}  # fmt: skip
_NAMES = {"alias": "alias", "weakalias": "weak", "previousname": "former"}


def read(order: Order) -> Batch:
    """Read a file of one act, or a folder of such files; they state no date. Raises InputError."""
    files = sorted(order.path.glob("*.csv")) if order.path.is_dir() else [order.path]
    if not files:
        raise InputError("no_files", f"{order.path.name} holds no CSV file.", "Name the folder with the acts' files.")
    amendments = [_amends(tables.regular_file(file)) for file in files]
    if any(amendments) and not all(amendments):
        raise InputError(
            "mixed_acts",
            f"{order.path.name} mixes whole acts and amending acts.",
            "Import the folder of whole acts first, then the amending ones.",
        )
    return Batch(None, "EU-JOURNAL", _files(order, files), partial=any(amendments))


def _amends(path: Path) -> bool:
    header, _ = tables.header_of(path, tables.encoding_of(path, fallback="cp1252"))
    if "recordid" not in header or not {"celex", "amendedcelex"} & set(header):
        raise InputError(
            "not_eu_journal", f"{path.name} has no columns celex and recordId.", "Import it as another kind."
        )
    return "amendedcelex" in header


def _files(order: Order, files: list[Path]) -> Iterator[Listing | Listed | Skipped]:
    for path in files:
        names: dict[str, int] = {}
        if not _amends(path):
            # An act with no row left is still an edition of its list: it ends what stood in it.
            yield Listed("" if order.list_id else f"EU-{path.stem}" if path.stem[:1].isdigit() else "")
        for row in tables.records(path, ("recordid", "name"), tables.encoding_of(path, fallback="cp1252")):
            yield row if isinstance(row, Skipped) else _listing(order, *row, names)


def _listing(order: Order, number: int, row: dict[str, str], seen: dict[str, int]) -> Listing | Skipped:
    act = clean_line(row.get("celex") or row.get("amendedcelex") or "", 40)
    party = Entry(number, _ref(act, row, seen) if act else "")
    party.kind = _kind(row)
    party.name(row.get("name", ""), "primary")
    for column, quality in _NAMES.items():
        for value in values(row.get(column, "")):
            party.name(value, quality)
    _facts(party, row)
    for column, kind in _IDENTIFIERS.items():
        for value in values(row.get(column, "")):
            party.identifier(kind, value)
    party.programme.append(clean_line(row.get("programkey", ""), 200))
    party.listed_on = dates.day(row.get("startdate", ""))
    party.notes += [row.get("reason", ""), *values(row.get("notes", ""))]
    party.fact("measure", row.get("measure", ""))
    return party.listing("" if order.list_id else f"EU-{act}")


def _kind(row: dict[str, str]) -> str:
    kind = _KINDS.get(row.get("schema", "").strip().casefold(), "unknown")
    return "vessel" if kind == "unknown" and row.get("imonumber", "").strip() else kind


def _ref(act: str, row: dict[str, str], seen: dict[str, int]) -> str:
    """Act, annex and number of the record; annexes without numbers name their entries, and one name may stand there twice."""
    annex, record = clean_line(row.get("annex", ""), 40), clean_line(row.get("recordid", ""), 40)
    if record:
        return f"{act}/{annex}/{record}"
    name = f"{act}/{annex}/{fold(clean_line(row.get('name', ''), 120))}"
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name} ({seen[name]})"


def _facts(party: Entry, row: dict[str, str]) -> None:
    for column in ("country", "nationality", "jurisdiction"):
        for value in values(row.get(column, "")):
            party.country(value)
    for value in values(row.get("flag", "")):
        party.country(value, "flag")
    party.born(", ".join(values(row.get("birthdate", ""))))
    party.born(", ".join(values(row.get("incorporationdate", ""))), kind="established")
    party.gender(row.get("gender", ""))
    for column, kind in _FACTS.items():
        for value in values(row.get(column, "")):
            party.fact(kind, value)


def values(cell: str) -> list[str]:
    """The values of a cell, parted by `; ` and quoted as CSV."""
    if not cell.strip():
        return []
    try:
        parts = next(csv.reader([" ".join(cell.splitlines())], delimiter=";", skipinitialspace=True), [])
    except csv.Error:
        parts = cell.split(";")
    return [kept for part in parts if (kept := clean_line(part, MAX_CELL))]
