"""The remarks of an OFAC row: `DOB 10 Dec 1948; Passport A1234 (Egypt); a.k.a. 'X'; …` → names, facts, identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from border_kit.catalog.importers import dates
from border_kit.catalog.importers.base import Name
from border_kit.catalog.importers.entry import Entry
from border_kit.catalog.importers.nations import country_of

_ALSO = re.compile(r"(a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)\s*'(.+?)'?", re.IGNORECASE)
_LABELLED = (
    # What a remark begins with → what it states. The first that fits wins.
    (re.compile(r"(?:Vessel Registration Identification |Company Number |Identification Number )IMO "), "id:imo"),
    (re.compile(r"IMO (?:number )?", re.IGNORECASE), "id:imo"),
    (re.compile(r"MMSI(?: number)? ", re.IGNORECASE), "id:mmsi"),
    (re.compile(r"Aircraft Tail Number "), "id:tail_number"),
    (re.compile(r"Aircraft Manufacturer's Serial Number \(MSN\) "), "id:aircraft_serial"),
    (re.compile(r"Aircraft Construction Number \(also called L/N or S/N or F/N\) "), "id:aircraft_serial"),
    (re.compile(r"Legal Entity (?:Identifier|Number)(?: \(LEI\))? "), "id:lei"),
    (re.compile(r"D-U-N-S Number "), "id:duns"),
    (re.compile(r"SWIFT/BIC "), "id:swift"),
    (re.compile(r"(?:Passport|Diplomatic Passport|Stateless Person Passport)(?: No\.)? "), "id:passport"),
    (
        re.compile(
            r"(?:National ID No\.|National Foreign ID Number|Cedula No\.|Cedula de Ciudadania|D\.N\.I\.|C\.U\.R\.P\.|SSN|Identification Number|"
            r"Personal ID Card|Citizen's Card Number|Electoral Registry No\.|Turkish Identification Number|Residency Number|"
            r"Kenyan ID No\.|Bosnian Personal ID No\.|Tazkira National ID Card|Afghan Money Service Provider License Number|"
            r"I\.F\.E\.|Birth Certificate Number) "
        ),
        "id:national_id",
    ),
    (
        re.compile(
            r"(?:Tax ID No\.|NIT #|RUC #|RIF #|R\.F\.C\.|RTN|C\.U\.I\.T\.|C\.U\.I\.|V\.A\.T\. Number|Italian Fiscal Code|Fiscal Code|RFC|NIF|CNPJ) "
        ),
        "id:tax",
    ),
    (
        re.compile(
            r"(?:Registration Number|Registration ID|Company Number|Commercial Registry Number|C\.R\. No\.|Trade License No\.|Matricula Mercantil No|"
            r"Folio Mercantil No\.|Business Registration (?:Number|Document #)|Business Number|Chamber of Commerce Number|Public Registration Number|"
            r"Certificate of Incorporation Number|Government Gazette Number|Enterprise Number|Economic Register Number \(CBLS\)|Commercial Registry Number|"
            r"Unified Social Credit Code \(USCC\)|Organization Code|Registered Charity No\.|License|Istanbul Chamber of Comm\. No\.|"
            r"Central Registration Number|Romanian C\.R\.|Dubai Chamber of Commerce Membership No\.|United Social Credit Code Certificate \(USCCC\)) "
        ),
        "id:registration",
    ),
    (re.compile(r"Driver's License No\. "), "id:licence"),
    (re.compile(r"Digital Currency Address - [A-Z0-9]+ "), "id:digital_currency"),
    (re.compile(r"DOB "), "born"),
    (re.compile(r"POB "), "place_of_birth"),
    (re.compile(r"(?:nationality|citizen) (?:of )?"), "country"),
    (re.compile(r"Gender "), "gender"),
    (re.compile(r"Former Vessel Flag "), "former_flag"),
    (re.compile(r"Aircraft Operator "), "operator"),
    (re.compile(r"Aircraft Model "), "aircraft_model"),
    (re.compile(r"Linked To: "), "linked_to"),
    (re.compile(r"(?:Telephone|Phone|Phone Number|Fax)(?: No\.)? (?=[\d(+])"), "phone"),
    (re.compile(r"Email Address "), "email"),
    (re.compile(r"Website "), "website"),
    (re.compile(r"Organization Established Date "), "established"),
)
_WRAPPED = re.compile(r"\A\((Linked To: [^()]+)\)\Z")
_LETTERS = frozenset({"id:swift", "id:tail_number"})
"""Numbers that may hold no digit."""

_VALUE = re.compile(r"#?\s*(?P<value>.+?)(?:\s*\([^()]*\))?(?:,?\s+(?:issued|expires|Date of Issue)\b.*)?")


@dataclass(slots=True)
class Remarks:
    """What the remarks say; `rest` is what is kept as text."""

    names: list[Name] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def parse_remarks(text: str) -> Remarks:
    """Take a row's remarks apart. What is not understood stays in `rest`; nothing is dropped."""
    found = Remarks()
    for remark in remarks_of(text):
        _take(remark.removeprefix("alt. "), remark, found)
    return found


def remarks_of(text: str) -> list[str]:
    """The single remarks of a row."""
    parts = (part.strip().removesuffix(".").strip() for part in text.split("; "))
    return [_WRAPPED.sub(r"\1", part) for part in parts if part]


def take_remark(text: str, party: Entry) -> None:
    """Add what one labelled remark says (`Passport A123 (Egypt)`, `Gender Male`) to a party; else keep it as a note."""
    found = Remarks()
    _take(text.removeprefix("alt. "), text, found)
    for name in found.names:
        party.name(name.text, name.quality)
    for kind, value in found.facts:
        party.fact(kind, value)
    for kind, value in found.identifiers:
        party.identifier(kind, value)
    party.notes += found.rest


def _take(remark: str, whole: str, found: Remarks) -> None:
    also = _ALSO.fullmatch(remark)
    if also:
        # Names in quotes are the weak ones (OFAC FAQ 122).
        found.names.append(Name(also.group(2), "former" if also.group(1).lower() == "f.k.a." else "weak"))
        return
    for label, kind in _LABELLED:
        match = label.match(remark)
        if match and _state(kind, remark[match.end() :].strip(), found):
            return
    found.rest.append(whole)


def _state(kind: str, value: str, found: Remarks) -> bool:
    """Note what a labelled remark states; False where its value cannot be read and the text is to be kept."""
    if kind.startswith("id:"):
        match = _VALUE.fullmatch(value)
        if match is None or (kind not in _LETTERS and not any(char.isdigit() for char in match.group("value"))):
            return False
        found.identifiers.append((kind.removeprefix("id:"), match.group("value").strip()))
        return True
    if kind in {"born", "established"}:
        day = dates.born(value)
        found.facts.append((kind, day) if day else (f"{kind}_text", value))
        return True
    if kind == "country":
        code = country_of(value)
        found.facts.append(("country", code) if code else ("country_text", value))
        return True
    found.facts.append((kind, value.casefold() if kind == "gender" else value))
    return bool(value)
