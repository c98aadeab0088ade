"""`uk-licence-data`: licences and their usage as the UK's licensing service and customs exchange them.

Three layouts, told apart by what is in the file: licenceData lines (what changed in the licences), usageData lines (what was
drawn: single drawings, and running totals by line), and the licensing system's own JSON, one licence a file or a list of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from border_kit.catalog.importers import tables, uk_lines, uk_usage
from border_kit.catalog.importers.base import Order, Skipped
from border_kit.catalog.importers.licences import MAX_JSON, Action, Licence, Registry, Row, checked
from border_kit.catalog.importers.uk_codes import BadRecordError, amount, codes, day, line_number, meaning
from border_kit.catalog.importers.uk_lines import Line, UkFile
from border_kit.errors import InputError
from border_kit.text import clean_line

_ANSWERS = ("licenceReply", "usageReply")
_ACTIONS: dict[str, Action] = {"insert": "insert", "replace": "replace", "update": "replace", "cancel": "cancel"}
_QUANTITY = re.compile(r"[0-9]{1,11}(\.[0-9]{1,3})?")
_VALUE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")


def read(order: Order) -> Registry:
    """Read a file of UK licence data. Raises InputError with the line and the reason."""
    path = tables.regular_file(order.path)
    if _is_json(path):
        return _json(path, order)
    holds = uk_lines.data_id(path)
    if holds in _ANSWERS:
        raise InputError(
            "not_licences",
            f"{path.name} is a {holds}: the answer to a file, and no licences.",
            "Import the licenceData and usageData files.",
        )
    if holds == "licenceData":
        file = uk_lines.read(path, "licence")
        return _registry(file, file.source, order, checked(_licences(file)), "licences")
    if holds == "usageData":
        file = uk_lines.read(path, "licenceUsage")
        return _registry(file, file.destination, order, uk_usage.usages(file), "usage")
    raise uk_lines.refused(path, 1, f"{clean_line(holds, 40)!r} is neither licenceData nor usageData")


def _registry(file: UkFile, body: str, order: Order, found: Iterator[Licence | Skipped], kind: Any) -> Registry:
    authority = order.list_id or f"GB/{clean_line(body, 40) or 'LICENCES'}"
    return Registry(
        authority, authority, None, file.run, file.written.date().isoformat(), found,
        kind=kind, reset=file.reset, digest=file.digest,
    )  # fmt: skip


def _licences(file: UkFile) -> Iterator[Row | Skipped]:
    for record in file.records:
        head = record[0]
        try:
            action = _action(head)
            yield head.no, _licence(record, action), action
        except BadRecordError as error:
            yield Skipped(error.no, f"{head.field(2)}: {error}")


def _action(head: Line) -> Action:
    if head.field(1) not in _ACTIONS:
        raise BadRecordError(head.no, f"the action {clean_line(head.field(1), 20)!r} is not known")
    return _ACTIONS[head.field(1)]


def _licence(record: Sequence[Line], action: Action) -> dict[str, Any]:
    """A record as licences-json has it."""
    head = record[0]
    if not head.field(2):
        raise BadRecordError(head.no, "the licence has no reference")
    found: dict[str, Any] = {
        "number": head.field(2),
        "type": meaning("type", head.field(3), head.no) if head.field(3) or action != "cancel" else "individual",
        "direction": meaning("direction", head.field(4), head.no) if head.field(4) else None,
        "valid_from": day(head.field(5), head.no),
        "valid_to": day(head.field(6), head.no),
        "status": "cancelled" if action == "cancel" else "issued",
        "conditions": [],
        "lines": [],
    }
    for line in record[1:-1]:
        _part(found, line)
    return found


def _part(found: dict[str, Any], line: Line) -> None:
    match line.name:
        case "trader":
            _join(found, "holder", line.field(4), line)
        case "foreignTrader":
            _join(found, "end_user", line.field(0), line)
        case "country":
            code = line.field(0) or line.field(1)
            if not code:
                raise BadRecordError(line.no, "the country has neither a code nor a group")
            found.setdefault(meaning("use", line.field(2), line.no), []).append(code.upper())
        case "restrictions":
            found["conditions"] += [part.strip() for part in line.field(0).split("||") if part.strip()]
        case "line":
            found["lines"].append(_line(line))
        case _:
            raise BadRecordError(line.no, f"the record {clean_line(line.name, 40)!r} does not belong in a licence")


def _join(found: dict[str, Any], key: str, name: str, line: Line) -> None:
    if not name:
        raise BadRecordError(line.no, f"the {line.name} has no name")
    found[key] = f"{found[key]}; {name}" if found.get(key) else name


def _line(line: Line) -> dict[str, Any]:
    """A goods line: what is controlled by quantity (Q), by value (V), by both (B), or is open (O)."""
    controlled = line.field(6) or "O"
    if controlled not in ("Q", "V", "B", "O"):
        raise BadRecordError(line.no, f"the line is controlled by {clean_line(controlled, 10)!r}, which is not known")
    no = line_number(line.field(0), line.no)
    found: dict[str, Any] = {"no": no, "hs": line.field(1) or None, "description": line.field(5) or None}
    if controlled in ("Q", "B"):
        found["unit"] = meaning("unit", line.field(8), line.no)
        found["quantity"] = amount(line.field(10), _QUANTITY, "quantity", line.no)
    if controlled in ("V", "B"):
        found["value"] = amount(line.field(9), _VALUE, "value", line.no)
        found["currency"] = line.field(7) or None
    return found


def _is_json(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4_096).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _json(path: Path, order: Order) -> Registry:
    """The licensing system's own JSON: `{"licence": {…}}`, or a list of these."""
    content = path.read_bytes()
    if len(content) > MAX_JSON:
        raise InputError("file_too_large", f"{path.name} is larger than {MAX_JSON:,} bytes.", "Split it.")
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_float=str)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "json_unusable", f"{path.name} is no JSON that can be read ({error}).", "Ask for it again."
        ) from error
    rows = document if isinstance(document, list) else [document]
    if not all(isinstance(row, dict) and isinstance(row.get("licence"), dict) for row in rows):
        raise InputError(
            "not_licences", f"{path.name} holds no licences of the licensing system.", "See docs/authority.md."
        )
    authority = order.list_id or "GB/LITE"
    found = checked(_from_json(no, row["licence"]) for no, row in enumerate(rows, start=1))
    return Registry(
        authority, authority, None, None, None, found, kind="licences", digest=hashlib.sha256(content).hexdigest()
    )


def _from_json(no: int, row: dict[str, Any]) -> Row | Skipped:
    try:
        action = _ACTIONS[str(row.get("action", "insert"))]
        return no, _json_licence(no, row, action), action
    except (BadRecordError, KeyError, TypeError, AttributeError) as error:
        reason = str(error) if isinstance(error, BadRecordError) else f"it is not laid out as expected ({error})"
        return Skipped(no, f"{clean_line(str(row.get('reference')), 200)}: {reason}")


def _json_licence(no: int, row: dict[str, Any], action: Action) -> dict[str, Any]:
    end_user = row.get("end_user") or {}
    at = ((end_user.get("address") or {}).get("country") or {}).get("id")
    places = [str(place["id"]) for place in row.get("countries") or ()] or ([str(at)] if at else [])
    return {
        "number": row["reference"],
        "type": meaning("type", str(row["type"]), no),
        "direction": "export",
        "holder": (row.get("organisation") or {}).get("name"),
        "end_user": end_user.get("name"),
        "destinations": [place.partition("-")[0] for place in places],
        "valid_from": row.get("start_date"),
        "valid_to": row.get("end_date"),
        "status": "cancelled" if action == "cancel" else "issued",
        "lines": [_json_line(position, part) for position, part in enumerate(row.get("goods") or (), start=1)],
    }


def _json_line(no: int, row: dict[str, Any]) -> dict[str, Any]:
    words = " ".join(str(row[key]) for key in ("name", "description") if row.get(key))
    unit = str(row.get("unit") or "")
    found = {"no": no, "description": words or None, "quantity": row.get("quantity"), "value": row.get("value")}
    return found | {"unit": codes().get(("unit", unit.upper()), unit) or None}
