"""ASYCUDA World declarations (SAD) as XML, read item by item through a defused parser.

Element names differ a little by version and country; an element that is absent, empty or holds `<null/>` says nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError

from border_kit.errors import InputError
from border_kit.shipment.countries import country_code
from border_kit.shipment.model import (
    Direction,
    Identifier,
    LicenceRef,
    Line,
    Manifest,
    Party,
    Rejected,
    Role,
    Shipment,
    Transport,
)
from border_kit.shipment.readers.options import ReadOptions
from border_kit.shipment.readers.tabular.dates import DateEvidence, readings
from border_kit.shipment.readers.tabular.numbers import Proof, take_apart, value_of
from border_kit.shipment.readers.values import hs_code
from border_kit.text import clean, clean_line
from border_kit.units import find_unit

ROOT = "ASYCUDA"

_CODES = re.compile(r"[;,|\s]+")


@dataclass(slots=True)
class _Form:
    """The declaration while it is read: its head as a tree without items, and what the items gave."""

    lines: list[Line] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    containers: dict[str, None] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    items: int = 0


def read_asycuda(path: Path, options: ReadOptions) -> Manifest:
    """Read one declaration. Raises InputError when it is no usable form, AmbiguousInputError for dates of two readings."""
    form = _Form()
    head = _parse(path, form, options)
    if not form.items and not any(_text(head, party["name"]) for party in _paths()["parties"]):
        raise InputError(
            "blank_form", "The declaration is a blank form: no items and no traders.", "Choose the filled one."
        )
    day = _date(head, form, options)
    announced = _text(head, "Property/Nbers/Total_number_of_items")
    if announced.isdecimal() and int(announced) != form.items:
        form.remarks.append(f"The declaration announces {announced} items; {form.items} are in the file.")
    destination = _country(head, _paths()["destination"], form)
    shipment = Shipment(
        id=_identity(head, path),
        direction=_direction(head),
        office=_text(head, "Identification/Office_segment/Customs_clearance_office_code") or None,
        date=day,
        parties=tuple(_parties(head)),
        route=_route(head),
        destination=destination,
        transport=_transport(head, form),
        lines=tuple(form.lines),
    )
    return Manifest((shipment,), tuple(form.rejected), tuple(form.remarks))


@cache
def _paths() -> dict[str, Any]:
    text = resources.files("border_kit.shipment.readers").joinpath("asycuda.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def _parse(path: Path, form: _Form, options: ReadOptions) -> Element:
    """The head of the declaration; items and containers are read as they end and thrown away."""
    import defusedxml  # noqa: PLC0415 - with the parser 20 ms that only XML costs
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - the same

    stack: list[Element] = []
    try:
        for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                _begin(stack, element, options)
                continue
            stack.pop()
            if len(stack) == 1 and element.tag in {"Item", "Container"}:
                _take(element, form, options)
                stack[0].remove(element)
            elif not stack:
                return cast("Element", element)
    except defusedxml.DefusedXmlException as error:
        raise InputError(
            "unsafe_xml", "The XML declares entities or a document type and is refused.", "Ask for a plain export."
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        row = error.position[0] if isinstance(error, ParseError) else None
        raise InputError(
            "bad_xml", f"The XML cannot be read ({str(error)[:100]}).", "Export the declaration again.", row=row
        ) from error
    raise InputError("bad_xml", "The XML ends too early.", "Export the declaration again.")


def _begin(stack: list[Element], element: Element, options: ReadOptions) -> None:
    if not stack and element.tag != ROOT:
        raise InputError(
            "unknown_xml",
            f"This XML is a {clean_line(str(element.tag), 40)!r}; of XML, ASYCUDA World declarations are read.",
            "",
        )
    stack.append(element)
    if len(stack) > options.limits.xml_depth:
        raise InputError("too_deep", "The XML is nested too deeply.", "A declaration needs seven levels.")


def _take(element: Element, form: _Form, options: ReadOptions) -> None:
    if element.tag == "Container":
        identity = _text(element, "Container_identity")
        if identity:
            form.containers[identity] = None
        return
    form.items += 1
    if form.items > options.limits.items:
        raise InputError("too_many", f"The declaration has more than {options.limits.items} items.", "")
    form.dates.extend(_clean(node) for node in element.iterfind("Attached_documents/Attached_document_date"))
    try:
        form.lines.append(_line(element, form.items, form))
    except InputError as error:
        form.rejected.append(Rejected(form.items, error.field, error.message))


def _clean(element: Element | None) -> str:
    text = element.text if element is not None else None
    return clean(text) if text else ""


def _text(element: Element, path: str) -> str:
    """The first filled element of a path, on one line; empty where none is."""
    return next((line for node in element.iterfind(path) if (line := clean_line(_clean(node)))), "")


def _line(item: Element, number: int, form: _Form) -> Line:
    description = _text(item, "Goods_description/Commercial_Description") or _text(
        item, "Goods_description/Description_of_goods"
    )
    if not description:
        raise InputError("missing_field", "The item has no description of the goods.", field="Goods_description")
    quantity, unit = _quantity(item)
    value, currency = _value(item)
    return Line(
        no=number,
        description=description,
        hs=_hs(item, number, form),
        quantity=quantity,
        unit=unit,
        value=value,
        currency=currency,
        origin=_code(_text(item, "Goods_description/Country_of_origin_code")),
        documents=tuple(dict.fromkeys(_documents(item))),
        licences=tuple(
            LicenceRef(text)
            for text in dict.fromkeys(clean_line(_clean(node)) for node in item.iterfind("Licence_number"))
            if text
        ),
    )


def _hs(item: Element, number: int, form: _Form) -> str | None:
    code = _text(item, "Tarification/HScode/Commodity_code")
    precision = _text(item, "Tarification/HScode/Precision_1")
    found = hs_code(code + (precision if precision.isdecimal() else "")) or hs_code(code)
    if code and found is None:
        form.remarks.append(f"Item {number}: {code[:40]!r} is no commodity code; it is read as not stated.")
    return found


def _quantity(item: Element) -> tuple[Decimal | None, str | None]:
    """The first supplementary quantity that is filled, else the net mass in kilograms."""
    for block in item.iterfind("Tarification/Supplementary_unit"):
        quantity = _number(block, "Suppplementary_unit_quantity") or _number(block, "Supplementary_unit_quantity")
        if quantity is not None:
            code = _text(block, "Suppplementary_unit_code") or _text(block, "Supplementary_unit_code")
            name = _text(block, "Suppplementary_unit_name") or _text(block, "Supplementary_unit_name")
            return quantity, (name if name and not find_unit(code) and find_unit(name) else code or name) or None
    mass = _number(item, "Valuation_item/Weight_itm/Net_weight_itm")
    return mass, None if mass is None else "kg"


def _value(item: Element) -> tuple[Decimal | None, str | None]:
    value = _number(item, "Valuation_item/Item_Invoice/Amount_foreign_currency")
    if value is None:
        value = _number(item, "Tarification/Item_price")
    return value, _text(item, "Valuation_item/Item_Invoice/Currency_code").upper() or None


def _number(element: Element, path: str) -> Decimal | None:
    """A number of the form: machine-written with a point, or unmistakable in another way; else the item is refused."""
    text = _text(element, path)
    if not text:
        return None
    numeral = take_apart(text)
    plain = numeral is not None and numeral.proof is Proof.EITHER and "," not in numeral.body
    number = (
        None
        if numeral is None or numeral.word or (numeral.proof is Proof.EITHER and not plain)
        else value_of(numeral, "." if plain else None)
    )
    name = path.rsplit("/", 1)[-1]
    if number is None:
        raise InputError("bad_number", f"{text[:40]!r} is no clear number.", field=name)
    if number < 0:
        raise InputError("negative", f"{text[:40]!r} is negative.", field=name)
    return number


def _documents(item: Element) -> Iterator[str]:
    for node in item.iterfind("Attached_documents/Attached_document_code"):
        if text := clean_line(_clean(node)):
            yield text.upper()
    for code in _CODES.split(_text(item, "Tarification/Attached_doc_item")):
        if code:
            yield code.upper()


def _parties(head: Element) -> Iterator[Party]:
    for row in _paths()["parties"]:
        name, _, address = next((text for node in head.iterfind(row["name"]) if (text := _clean(node))), "").partition(
            "\n"
        )
        if clean_line(name):
            code = _text(head, row["code"])
            yield Party(
                role=cast("Role", row["role"]),
                name=clean_line(name).rstrip(" ,;"),
                address=clean_line(address) or None,
                identifiers=(Identifier("tax", code),) if code else (),
            )


def _code(text: str) -> str | None:
    return country_code(text) or text or None


def _country(head: Element, paths: list[str], form: _Form) -> str | None:
    text = next((found for path in paths if (found := _text(head, path))), "")
    if text and country_code(text) is None:
        form.remarks.append(f"{text[:40]!r} is no country code; it is compared as it stands.")
    return _code(text)


def _route(head: Element) -> tuple[str, ...]:
    stops: list[str] = []
    for path in _paths()["route"]:
        stop = _code(_text(head, path))
        if stop and stops[-1:] != [stop]:
            stops.append(stop)
    return tuple(stops)


def _direction(head: Element) -> Direction | None:
    paths = _paths()
    procedure = _text(head, "Identification/Type/Declaration_gen_procedure_code")
    found = paths["procedures"].get(procedure[:1]) or paths["flow"].get(_text(head, "Property/Sad_flow").upper()[:1])
    return cast("Direction | None", found)


def _identity(head: Element, path: Path) -> str:
    """The registration as offices quote it, else the declarant's reference, else the manifest's, else the file's name."""
    serial, number = (_text(head, f"Identification/Registration/{part}") for part in ("Serial_number", "Number"))
    year, reference = (_text(head, f"Declarant/Reference/{part}") for part in ("Year", "Number"))
    if number:
        return f"{serial} {number}".strip()
    return (
        f"{year} {reference}".strip()
        if reference
        else _text(head, "Identification/Manifest_reference_number") or path.stem
    )


def _transport(head: Element, form: _Form) -> Transport:
    vessel = next((found for path in _paths()["vessel"] if (found := _text(head, path))), None)
    seals = dict.fromkeys(
        text for node in head.iterfind("Transit/Seals/Identity") if (text := clean_line(_clean(node)))
    )
    return Transport(vessel, tuple(form.containers), tuple(seals))


def _date(head: Element, form: _Form, options: ReadOptions) -> date | None:
    """The day of the declaration; every date of the form is evidence of the order in which its client writes them."""
    evidence = DateEvidence()
    own = [text for path in _paths()["dates"] if (text := _text(head, path))]
    for text in (*own, *(_text(head, path) for path in _paths()["more_dates"]), *form.dates):
        if text:
            evidence.look(text)
    if not own:
        return None
    order, remark = evidence.order(options.date_order)
    if remark:
        form.remarks.append(remark)
    found = readings(own[0])
    day = found.get(order) if order else None
    if day is None:
        form.remarks.append(
            f"{own[0][:40]!r} is no date{f' in the order {order}' if found else ''}; the declaration is undated."
        )
    return day
