"""What an entry of the European Union's financial sanctions files says, whichever of their layouts it stands in.

The XML has an element with attributes for each part of an entry; the CSV files have the same words as columns, in front of them
the part's name. Both come here as parts: a part's name and its values by the XML's attribute names in lower case.
Source: European Commission, FISMA, "EU consolidated financial sanctions list", XML schema FSF 1.1 and CSV formats 1.0 and 1.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from border_kit.catalog.importers import dates
from border_kit.catalog.importers.base import Listing, Skipped
from border_kit.catalog.importers.entry import SEE, Entry, kind_of

LIST = "EU"
Values = Mapping[str, str]

_TYPES = {
    "passport": "passport", "diplomaticpassport": "passport", "id": "national_id", "nationalid": "national_id", "ssn": "national_id",
    "fiscalcode": "tax", "tax": "tax", "tin": "tax", "registrationnumber": "registration", "regnumber": "registration",
    "chamberofcommerce": "registration", "imo": "imo", "mmsi": "mmsi", "swiftbic": "swift", "swift": "swift", "bic": "swift", "lei": "lei",
    "driverlicence": "licence", "residentpermit": "national_id", "electionid": "national_id", "birthcert": "national_id",
}  # fmt: skip
"""Codes of `identificationTypeCode`, in letters alone."""


def listing(number: int, entity: Values, parts: Iterable[tuple[str, Values]]) -> Listing | Skipped:
    """A listing from an entity's own values and its parts (nameAlias, birthDate, address, …, in lower case)."""
    party = Entry(number, entity.get("eureferencenumber") or entity.get("logicalid", ""))
    party.listed_on = dates.iso_day(entity.get("designationdate", ""))
    party.notes += [entity.get("remark", ""), entity.get("designationdetails", "")]
    for reference in entity.get("unitednationid", "").split(";"):
        if reference.strip():
            party.fact(SEE, f"un:{reference.strip()}")
    for name, values in parts:
        reader = _PARTS.get(name)
        if reader:
            reader(party, values)
    return party.listing()


def _subject(party: Entry, values: Values) -> None:
    kinds = [kind_of(values.get(key, "")) for key in ("code", "classificationcode")]
    found = next((kind for kind in kinds if kind != "unknown"), None)
    if found:
        party.kind = found


def _regulation(party: Entry, values: Values) -> None:
    party.programme.append(values.get("programme", ""))


def _name(party: Entry, values: Values) -> None:
    whole = values.get("wholename", "")
    if not whole:
        whole = " ".join(part for key in ("firstname", "middlename", "lastname") if (part := values.get(key, "")))
    strong = values.get("strong", "true").casefold() != "false"
    former = "formerly" in values.get("remark", "").casefold()
    party.name(
        whole, "weak" if not strong else "former" if former else "alias", values.get("namelanguage", "").casefold()
    )
    party.gender(values.get("gender", ""))
    party.fact("title", values.get("title", ""))
    party.fact("designation", values.get("function", ""))


def _citizenship(party: Entry, values: Values) -> None:
    party.country(_country(values))


def _country(values: Values) -> str:
    code = values.get("countryiso2code", "")
    return code if code not in {"", "00"} else "" if code == "00" else values.get("countrydescription", "")


def _birth(party: Entry, values: Values) -> None:
    first, last = values.get("yearrangefrom", ""), values.get("yearrangeto", "")
    parts = [values.get(key, "") for key in ("year", "monthofyear", "dayofmonth")]
    text = values.get("birthdate", "") or "-".join(part.zfill(2) for part in parts if part and part != "0")
    if first and last:
        text = f"{first} to {last}"
    foreign = values.get("calendartype", "").upper() not in {"", "GREGORIAN"}
    if text and not foreign:
        party.born(f"circa {text}" if values.get("circa", "").casefold() == "true" else text)
    elif text:
        party.fact("born_text", f"{text} ({values['calendartype'].lower()} calendar)")
    places = [values.get(key, "") for key in ("city", "place", "region", "countrydescription")]
    party.place(places, "place_of_birth")


def _address(party: Entry, values: Values) -> None:
    party.country(_country(values))
    keys = ("street", "pobox", "zipcode", "city", "place", "region", "countrydescription")
    party.place(values.get(key, "") for key in keys)
    for kind, key in (("address_note", "contactinfo"),):
        party.fact(kind, values.get(key, ""))


def _identification(party: Entry, values: Values) -> None:
    code = "".join(char for char in values.get("identificationtypecode", "") if char.isalpha()).casefold()
    words = values.get("identificationtypedescription", "").casefold()
    kind = _TYPES.get(code) or _TYPES.get("".join(char for char in words if char.isalpha()), "other")
    number = values.get("number", "") or values.get("latinnumber", "")
    if kind == "other" and "passport" in words:
        kind = "passport"
    if values.get("knownfalse", "").casefold() == "true":
        party.fact("false_document", f"{kind} {number}")
        return
    party.identifier(kind, number)


_PARTS = {
    "subjecttype": _subject,
    "regulation": _regulation,
    "namealias": _name,
    "citizenship": _citizenship,
    "birthdate": _birth,
    "address": _address,
    "identification": _identification,
}
