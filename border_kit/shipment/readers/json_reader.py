"""Shipment JSON (docs/interfaces.md): one shipment, an array of them, or one a line.

Arrays and lines are read element by element, so that a large manifest never stands in memory twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from border_kit.errors import InputError
from border_kit.shipment.model import (
    DIRECTIONS,
    ROLES,
    Direction,
    Identifier,
    LicenceRef,
    Line,
    Party,
    Rejected,
    Role,
    Shipment,
    Transport,
)
from border_kit.shipment.readers.json_stream import JsonText, decoder, opened, unusable
from border_kit.shipment.readers.options import Limits
from border_kit.shipment.readers.values import Reader, hs_code

Item = Shipment | Rejected | str
"""What reading yields: a shipment, a row refused, or a remark."""

_LOOKED_AT = 100
"""Lines that are looked at to tell broken lines from a broken file."""
_MAX_LIST = 100_000


def parse_json(text: str, *, limits: Limits | None = None) -> object:
    """One JSON document with numbers as `int` or `Decimal`. Raises InputError: syntax (with line and column), NaN, depth."""
    try:
        document = decoder().decode(text)
    except json.JSONDecodeError as error:
        raise InputError(
            "not_json",
            f"This is no JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            "Correct the file.",
            row=error.lineno,
        ) from error
    except (RecursionError, ValueError) as error:
        raise unusable(error) from error
    _bound_depth(document, (limits or Limits()).json_depth)
    return document


def shipment_from_json(data: object, *, position: int) -> Shipment:
    """A shipment from parsed JSON; `position` (1-based) names it in errors. Raises InputError with `row` and `field`."""
    return read_shipment(data, position=position)[0]


def read_shipment(data: object, *, position: int) -> tuple[Shipment, tuple[str, ...]]:
    """`shipment_from_json()` with the remarks: unknown fields, codes that are none."""
    remarks: list[str] = []
    try:
        return _shipment(data, remarks), tuple(remarks)
    except InputError as error:
        error.row = position
        raise


def iter_json(path: Path, limits: Limits) -> Iterator[Item]:
    """The shipments of a JSON file, in order, with the elements refused and the remarks between them."""
    with opened(path) as text:
        match text.peek():
            case "":
                raise InputError("empty_file", "The file is empty.", "Choose another file.")
            case "[":
                text.at += 1
                yield from _each(_elements(text), limits)
            case "{":
                yield from _objects(text, path, limits)
            case _:
                raise InputError(
                    "not_a_shipment",
                    "The file holds neither a shipment nor a list of them.",
                    "Choose another file.",
                    row=1,
                )


def _objects(text: JsonText, path: Path, limits: Limits) -> Iterator[Item]:
    """One object is one shipment, and its error is the file's; several objects are one a line."""
    try:
        document = text.element()
    except InputError:
        if not _looks_like_lines(text.first_lines(_LOOKED_AT)):
            raise
        yield from _lines(path, limits)
        return
    if text.peek():
        yield from _lines(path, limits)
        return
    _bound_depth(document, limits.json_depth)
    shipment, remarks = read_shipment(document, position=1)
    yield from remarks
    yield shipment


def _looks_like_lines(lines: list[str]) -> bool:
    """Whether some line is an object of its own: then a broken line is that line's error, not the file's."""
    for line in lines if len(lines) > 1 else ():
        if line.strip().startswith("{") and line.strip().endswith("}"):
            try:
                return isinstance(decoder().decode(line), dict)
            except (ValueError, RecursionError):
                continue
    return False


def _lines(path: Path, limits: Limits) -> Iterator[Item]:
    with opened(path) as text:
        for number, line in enumerate(text.lines(), start=1):
            if number > limits.items:
                raise _too_many(limits)
            if line.strip(" \t\r\n"):
                try:
                    yield from _one(parse_json(line, limits=limits), number)
                except InputError as error:
                    yield Rejected(number, None, error.message)


def _each(elements: Iterator[object], limits: Limits) -> Iterator[Item]:
    for position, element in enumerate(elements, start=1):
        if position > limits.items:
            raise _too_many(limits)
        try:
            _bound_depth(element, limits.json_depth)
        except InputError as error:
            yield Rejected(position, None, error.message)
            continue
        yield from _one(element, position)


def _one(element: object, position: int) -> Iterator[Item]:
    try:
        shipment, remarks = read_shipment(element, position=position)
    except InputError as error:
        yield Rejected(position, error.field, error.message)
        return
    yield from (f"Shipment {position}: {remark}" for remark in remarks)
    yield shipment


def _elements(text: JsonText) -> Iterator[object]:
    if text.peek() == "]":
        _end(text)
        return
    while True:
        text.peek()
        yield text.element()
        mark = text.peek()
        if mark == "]":
            _end(text)
            return
        if mark != ",":
            text.fail(text.at, "a comma or ] is missing")
        text.at += 1


def _end(text: JsonText) -> None:
    text.at += 1
    if text.peek():
        text.fail(text.at, "something follows the end of the list")


def _bound_depth(document: object, limit: int) -> None:
    level: list[object] = [document]
    for _ in range(limit):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ())
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise InputError("too_deep", "The JSON is nested too deeply.", "A shipment needs four levels.")


def _too_many(limits: Limits) -> InputError:
    return InputError("too_many", f"The file has more than {limits.items} shipments.", "Split the file.")


def _shipment(data: object, remarks: list[str]) -> Shipment:
    reader = Reader.of(data, "", remarks)
    shipment = Shipment(
        id=reader.needed("id"),
        direction=cast("Direction | None", reader.word("direction", DIRECTIONS)),
        office=reader.text("office"),
        date=reader.date("date"),
        end_use=reader.text("end_use", line=False),
        parties=tuple(_party(item, path, remarks) for path, item in reader.items("parties", limit=_MAX_LIST)),
        route=reader.countries("route"),
        destination=reader.country("destination"),
        transport=_transport(reader),
        lines=_numbered(reader),
        certificates=reader.scans("certificates"),
    )
    reader.finish()
    return shipment


def _party(data: object, path: str, remarks: list[str]) -> Party:
    reader = Reader.of(data, path, remarks)
    party = Party(
        role=cast("Role", reader.word("role", ROLES, required=True)),
        name=reader.needed("name"),
        country=reader.country("country"),
        address=reader.text("address", line=False),
        born=reader.text("born"),
        identifiers=tuple(
            _identifier(item, where, remarks) for where, item in reader.items("identifiers", limit=1_000)
        ),
    )
    reader.finish()
    return party


def _identifier(data: object, path: str, remarks: list[str]) -> Identifier:
    reader = Reader.of(data, path, remarks)
    identifier = Identifier(reader.needed("type").lower(), reader.needed("value"))
    reader.finish()
    return identifier


def _transport(parent: Reader) -> Transport:
    data = parent.take("transport")
    if data is None:
        return Transport()
    reader = Reader.of(data, parent.at("transport"), parent.remarks)
    transport = Transport(reader.text("vessel"), reader.texts("containers"), reader.texts("seals"), reader.text("imo"))
    reader.finish()
    return transport


def _numbered(parent: Reader) -> tuple[Line, ...]:
    """The lines; one without a number takes its position. Raises InputError when a number comes twice."""
    lines: list[Line] = []
    used: set[int] = set()
    for path, item in parent.items("lines", required=True, limit=_MAX_LIST * 10):
        line = _line(item, path, len(lines) + 1, parent.remarks)
        if line.no in used:
            raise InputError(
                "duplicate_line",
                f"`{path}.no`: line number {line.no} is used twice.",
                "Number the lines anew.",
                field=f"{path}.no",
            )
        used.add(line.no)
        lines.append(line)
    return tuple(lines)


def _line(data: object, path: str, position: int, remarks: list[str]) -> Line:
    reader = Reader.of(data, path, remarks)
    currency = reader.text("currency")
    line = Line(
        no=reader.count("no") or position,
        description=reader.needed("description", line=False),
        hs=_hs(reader),
        quantity=reader.amount("quantity"),
        unit=reader.text("unit"),
        value=reader.amount("value"),
        currency=currency.upper() if currency else None,
        origin=reader.country("origin"),
        documents=tuple(code.upper() for code in reader.texts("documents")),
        licences=tuple(_licence(ref, where, remarks) for where, ref in reader.items("licences", limit=1_000)),
    )
    reader.finish()
    return line


def _hs(reader: Reader) -> str | None:
    text = reader.text("hs")
    code = hs_code(text) if text else None
    if text and code is None:
        reader.remarks.append(f"`{reader.at('hs')}`: {text[:40]!r} is no commodity code; it is read as not stated.")
    return code


def _licence(data: object, path: str, remarks: list[str]) -> LicenceRef:
    reader = Reader.of(data, path, remarks)
    reference = LicenceRef(reader.needed("number"), reader.count("line"))
    reader.finish()
    return reference
