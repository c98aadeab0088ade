"""`uk-csv`: the United Kingdom's lists as CSV: OFSI's consolidated list (ConList) and the UK Sanctions List.

A line with the date stands above the header (`Last Updated,27/04/2020`; `Report Date: 14-Oct-2025`). There is a row for each name
(and in the UK Sanctions List for each address): rows are joined by `Group ID`, or `Unique ID`. `Name 6` is the surname or the whole
name of an entity. Dates are day first; `00` and `dd` stand for what is not known. ConList
numbers several values of one cell: `(1) … (2) …`. Which layout it is the header says.
Sources: HM Treasury, "Financial sanctions targets: format guide"; FCDO, "UK Sanctions List: format guide".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from border_kit.catalog.importers import dates, tables
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Order, Skipped
from border_kit.catalog.importers.entry import SEE, Entry, kind_of
from border_kit.errors import InputError
from border_kit.text import clean_line

OFSI, SANCTIONS_LIST = "UK-OFSI", "UK-SL"
Row = Mapping[str, str]

_COLUMNS = {
    # what it is: the column of ConList, then that of the UK Sanctions List
    "born": ("dob", "d.o.b", "date of birth"), "nationality": ("nationality", "nationality(/ies)"),
    "passport": ("passport number",), "passport_note": ("passport details", "passport additional information"),
    "national_id": ("national identification number", "national identifier number"),
    "national_note": ("ni details", "national identification details", "national identifier additional information"),
    "registration": ("business registration number (s)", "business registration number(s)"),
    "imo": ("imo number",), "position": ("position",), "gender": ("gender",), "title": ("title",), "regime": ("regime", "regime name"),
    "kind": ("group type", "individual, entity, ship", "designation type", "entity type"),
    "alias": ("alias type", "name type"), "quality": ("alias quality", "alias strength"), "script": ("name non-latin script",),
    "language": ("non-latin script language",), "town": ("town of birth",), "birth_country": ("country of birth",),
    "country": ("country", "address country"), "postcode": ("post/zip code", "address postal code"),
    "listed": ("uk sanctions list date designated", "date designated", "listed on"), "other": ("other information",),
    "reasons": ("uk statement of reasons",), "un": ("un reference number",), "ofsi": ("ofsi group id",),
    "flag": ("current believed flag of ship",), "former_flag": ("previous flags",), "ship": ("type of ship",),
    "owner": ("current owner/operator (s)", "current owner/operator(s)"), "phone": ("phone number",), "email": ("email address",),
    "website": ("website",), "source": ("designation source",), "measures": ("sanctions imposed",),
}  # fmt: skip
_UN_REF = re.compile(
    r"\bUN (?:Ref(?:erence)?|listing)\b[:\s.]*(?:No\.?|number)?[:\s]*([A-Z]{2,3}[ie]\.\d{3,4})", re.IGNORECASE
)
_PASSPORT = re.compile(r"\bPassport (?:no|number)\b[:.]?\s*([A-Z0-9][A-Z0-9-]{4,})", re.IGNORECASE)
_GENDER = re.compile(r"\bGender\)?\s*:?\s*(male|female)\b", re.IGNORECASE)
_IMO = re.compile(r"\bIMO(?: number)?\)?\s*[:.]?\s*(\d{7})\b", re.IGNORECASE)


def read(order: Order) -> Batch:
    """Read a UK file of either layout; the date above its header is the edition. Raises InputError."""
    path = tables.regular_file(order.path)
    encoding = tables.encoding_of(path, fallback="cp1252")
    stated, above, header = _head(order, encoding)
    column = next((name for name in ("unique id", "group id") if name in header), None)
    if column is None or "name 6" not in header:
        raise InputError(
            "not_uk_csv",
            f"{path.name} is no UK list: it has no columns Name 6 and Group ID (or Unique ID).",
            "Take ConList.csv, or UK-Sanctions-List.csv.",
        )
    found = tables.records(path, ("name 6", column), encoding, above=above)
    return Batch(stated, OFSI if column == "group id" else SANCTIONS_LIST, _rows(found, column, path.name))


def _head(order: Order, encoding: str) -> tuple[str | None, int, list[str]]:
    """The date above the header, how many lines stand above it, and the header."""
    stated = None
    found = tables.rows(order.path, encoding)
    for above, row in enumerate(found):
        cells = [" ".join(cell.split()).lower() for cell in row[1]] if isinstance(row, tuple) else []
        if "name 6" in cells or above > 5:  # a header stands in the first lines or nowhere
            return stated, above, cells
        told = " ".join(cells).removeprefix("last updated").removeprefix("report date:").strip()
        stated = stated or dates.day(told.split(" ")[0] if told else "", "dmy")
    return stated, 0, []


Found = Iterator[tuple[int, dict[str, str]] | Skipped]


def _rows(found: Found, column: str, name: str) -> Iterator[Listing | Skipped]:
    for group in tables.grouped(found, lambda row: row.get(column, "").strip(), name):
        yield group if isinstance(group, Skipped) else _listing(*group, column)


def _get(row: Row, what: str) -> str:
    return next((shown for name in _COLUMNS[what] if (shown := clean_line(row.get(name, ""), MAX_CELL))), "")


_NUMBERED = re.compile(r"(?:^|(?<=[\s.,;]))\(\d{1,2}\)\s*")


def _all(row: Row, what: str) -> list[str]:
    """The values of a cell that numbers several: `(1) AB123 (2) CD456`."""
    text = _get(row, what)
    parts = _NUMBERED.split(text) if text.startswith("(1)") else [text]
    return [kept for part in parts if (kept := part.strip(" ,;"))]


def _listing(number: int, rows: list[dict[str, str]], column: str) -> Listing | Skipped:
    party = Entry(number, rows[0][column].strip())
    for row in rows:
        _name(party, row)
        _facts(party, row)
        _numbers(party, row)
    days = [day for row in rows if (day := dates.day(_get(row, "listed"), "dmy"))]
    party.listed_on = min(days, default=None)
    return party.listing()


def _name(party: Entry, row: Row) -> None:
    kind = kind_of(_get(row, "kind"))
    if kind != "unknown":
        party.kind = kind
    parts = [clean_line(row.get(f"name {at}", ""), 500) for at in (1, 2, 3, 4, 5, 6)]
    alias = _get(row, "alias").casefold()
    weak = "low" in _get(row, "quality").casefold() or "weak" in _get(row, "quality").casefold()
    former = "fka" in alias or "f.k.a" in alias or "former" in alias
    main = alias in {"primary name", "prime alias"}
    party.name(
        " ".join(part for part in parts if part),
        "primary" if main else "weak" if weak else "former" if former else "alias",
    )
    party.name(_get(row, "script"), "original", _get(row, "language"))


def _facts(party: Entry, row: Row) -> None:
    for part in re.split(r"[;|]", _get(row, "born")):
        if part.strip():
            party.born(part, "dmy")
    for what in ("nationality", "country"):
        party.country(_get(row, what))
    party.country(_get(row, "flag"), "flag")
    party.gender(_get(row, "gender"))
    for what, kind in (("position", "designation"), ("title", "title"), ("ship", "vessel_type"), ("owner", "owner"),
                       ("former_flag", "former_flag"), ("phone", "phone"), ("email", "email"), ("website", "website"),
                       ("measures", "measure"), ("source", "designated_by")):  # fmt: skip
        for said in _all(row, what):
            party.fact(kind, said)
    for town, country in zip_longest(_all(row, "town"), _all(row, "birth_country"), fillvalue=""):
        party.place((town, country), "place_of_birth")
    lines = [row.get(f"address {at}", "") or row.get(f"address line {at}", "") for at in (1, 2, 3, 4, 5, 6)]
    party.place((*lines, _get(row, "postcode"), _get(row, "country")))
    party.programme.append(_get(row, "regime"))
    party.notes += [_get(row, "other"), _get(row, "reasons")]


def _numbers(party: Entry, row: Row) -> None:
    for kind in ("passport", "national_id", "registration"):
        for number in _all(row, kind):
            party.identifier(kind, number)
    for what in ("passport_note", "national_note"):
        party.fact(what, _get(row, what))
    other = _get(row, "other")
    for number in [*re.findall(r"\d{7}", _get(row, "imo")), *_IMO.findall(other)]:
        party.identifier("imo", number)
    for number in _PASSPORT.findall(other):
        party.identifier("passport", number)
    gender = _GENDER.search(other)
    party.gender(gender.group(1) if gender else "")
    for reference in [_get(row, "un"), *_UN_REF.findall(other)]:
        if reference:
            party.fact(SEE, f"un:{reference}")
    if _get(row, "ofsi"):
        party.fact(SEE, f"uk:{_get(row, 'ofsi')}")
