"""`ofac-xml`: the XML files of the United States Treasury's OFAC: SDN.XML and CONSOLIDATED.XML, and the advanced schema.

Layouts (OFAC, "SDN XML schema" sdn.xsd; "Advanced sanctions list standard", after the UN 1267/1988 XML standard): the root says
which one it is. The namespace has changed (2024) and is not looked at. Names are written `LAST, First`, as the CSV files do.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from border_kit.catalog.importers import dates, ofac_advanced, tables, xml_stream
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Order, Skipped
from border_kit.catalog.importers.entry import Entry, kind_of
from border_kit.catalog.importers.ofac_remarks import remarks_of, take_remark
from border_kit.errors import InputError
from border_kit.text import clean_line

SDN, CONSOLIDATED = "OFAC-SDN", "OFAC-CONS"
_QUALITIES = {"f.k.a.": "former", "fka": "former"}


def read(order: Order) -> Batch:
    """Read an OFAC file of either schema; its publication date is the edition. Raises InputError."""
    path = tables.regular_file(order.path)
    root = xml_stream.root(path)
    if root.tag == "Sanctions":
        return ofac_advanced.read(order)
    if root.tag != "sdnList":
        raise InputError(
            "not_ofac_xml",
            f"{path.name} is no OFAC list: its root is {root.tag[:60]!r}.",
            "Expected <sdnList> (SDN.XML, CONSOLIDATED.XML) or <Sanctions> (SDN_ADVANCED.XML).",
        )
    head = next(xml_stream.entries(path, {"publshInformation", "sdnEntry"}), None)
    stated = _text(head, "Publish_Date") if head is not None and head.tag == "publshInformation" else ""
    default = CONSOLIDATED if path.name.casefold().startswith("cons") else SDN
    return Batch(dates.day(stated, "mdy"), default, _rows(order))


def _rows(order: Order) -> Iterator[Listing | Skipped]:
    for number, entry in enumerate(xml_stream.entries(order.path, {"sdnEntry"}), 1):
        yield _listing(number, entry)


def _text(entry: Element, path: str) -> str:
    return clean_line(entry.findtext(path) or "", MAX_CELL)


def _listing(number: int, entry: Element) -> Listing | Skipped:
    party = Entry(number, _text(entry, "uid"), _kind(_text(entry, "sdnType")))
    party.name(_name(entry), "primary")
    for alias in entry.iterfind("akaList/aka"):
        weak = _text(alias, "category").casefold() == "weak"
        party.name(_name(alias), "weak" if weak else _QUALITIES.get(_text(alias, "type").casefold(), "alias"))
    party.programme += [_text(programme, ".") for programme in entry.iterfind("programList/program")]
    party.fact("title", _text(entry, "title"))
    _numbers(entry, party)
    _person(entry, party)
    _vessel(entry, party)
    for address in entry.iterfind("addressList/address"):
        party.country(_text(address, "country"))
        keys = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
        party.place(_text(address, key) for key in keys)
    for remark in remarks_of(_text(entry, "remarks")):
        take_remark(remark, party)
    return party.listing()


def _kind(word: str) -> str:
    return kind_of(word) if word else "organisation"


def _name(entry: Element) -> str:
    return ", ".join(part for part in (_text(entry, "lastName"), _text(entry, "firstName")) if part)


def _numbers(entry: Element, party: Entry) -> None:
    for number in entry.iterfind("idList/id"):
        country = _text(number, "idCountry")
        told = f"{_text(number, 'idType')} {_text(number, 'idNumber')}"
        take_remark(f"{told} ({country})" if country else told, party)


def _person(entry: Element, party: Entry) -> None:
    for path in ("nationalityList/nationality/country", "citizenshipList/citizenship/country"):
        for element in entry.iterfind(path):
            party.country(element.text or "")
    for element in entry.iterfind("dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        party.born(element.text or "")
    for element in entry.iterfind("placeOfBirthList/placeOfBirthItem/placeOfBirth"):
        party.fact("place_of_birth", element.text or "")


def _vessel(entry: Element, party: Entry) -> None:
    party.identifier("call_sign", _text(entry, "vesselInfo/callSign"))
    party.country(_text(entry, "vesselInfo/vesselFlag"), "flag")
    party.fact("vessel_type", _text(entry, "vesselInfo/vesselType"))
    party.fact("owner", _text(entry, "vesselInfo/vesselOwner"))
