"""`licences-json` and `licences-csv`: a licensing authority's registry (docs/interfaces.md).

An unusable licence is skipped with the reason; one bad row never costs the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from border_kit.catalog import sources
from border_kit.catalog.importers import dates, tables
from border_kit.catalog.importers.base import MAX_CELL, Order, Skipped
from border_kit.errors import InputError
from border_kit.text import clean, clean_line

MAX_JSON = 256_000_000
DEFAULT_AUTHORITY = "LICENCES"
"""The authority where neither the file nor the caller names one."""

_MAX_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence as the file states it, checked against `licence.schema.json`; `row` is its place in the file."""

    row: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry file: whose it is, its run number and date where stated, and its licences."""

    authority: str
    name: str
    phone: str | None
    run: int | None
    as_of: str | None
    licences: Iterable[Licence | Skipped]


def read_json(order: Order) -> Registry:
    """Read a licences-json file. Raises InputError where it is no such file at all."""
    path = tables.regular_file(order.path)
    if path.stat().st_size > MAX_JSON:
        raise InputError(
            "file_too_large", f"{path.name} is larger than {MAX_JSON:,} bytes.", "Split the registry by authority."
        )
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=_decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, OSError) as error:
        raise InputError(
            "json_unusable", f"{path.name} is no JSON that can be read ({error}).", "Ask for the file again."
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("licences"), list):
        raise InputError(
            "not_licences", f"{path.name} is no registry: it has no list of licences.", "See docs/interfaces.md."
        )
    authority = document.get("authority") or order.list_id
    run = document.get("run")
    stated = document.get("as_of")
    as_of = dates.iso_day(stated) if isinstance(stated, str) else None
    if stated is not None and as_of is None:
        raise InputError("bad_date", f"{path.name}: as_of is no date (YYYY-MM-DD).", "Correct the file.", field="as_of")
    return Registry(
        authority=clean_line(str(authority or DEFAULT_AUTHORITY), 80),
        name=clean_line(str(document.get("name") or authority or DEFAULT_AUTHORITY), 500),
        phone=clean_line(str(document["phone"]), 200) if document.get("phone") else None,
        run=run if isinstance(run, int) and not isinstance(run, bool) else None,
        as_of=as_of,
        licences=_checked(enumerate(document["licences"], start=1)),
    )


def _decimal(text: str) -> str:
    """Numbers with a fraction stay as they are written: what stands on a licence is not a float."""
    return text


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def read_csv(order: Order) -> Registry:
    """Read a licences-csv file: one row a licence line, `;` inside cells. Raises InputError."""
    path = tables.regular_file(order.path)
    found = list(tables.records(path, ("number", "type", "status"), tables.encoding_of(path)))
    named = {row[1].get("authority", "").strip() for row in found if not isinstance(row, Skipped)} - {""}
    if len(named) > 1:
        raise InputError(
            "authorities_mixed", f"{path.name} holds licences of {len(named)} authorities.", "Import them one by one."
        )
    authority = next(iter(named), order.list_id or DEFAULT_AUTHORITY)
    return Registry(clean_line(authority, 80), clean_line(authority, 80), None, None, None, _grouped(found))


_HEAD = ("type", "holder", "consignee", "end_user", "valid_from", "valid_to", "status")


def _grouped(found: list[tuple[int, dict[str, str]] | Skipped]) -> Iterator[Licence | Skipped]:
    licences: dict[str, tuple[int, dict[str, Any]]] = {}
    for row in found:
        if isinstance(row, Skipped):
            yield row
            continue
        number, cells = row
        name = clean_line(cells.get("number", ""), 200)
        head = _head(cells)
        if not name:
            yield Skipped(number, "the number is empty")
        elif name in licences and {key: licences[name][1][key] for key in head} != head:
            yield Skipped(number, f"the row contradicts an earlier row of licence {name}")
        else:
            licence = licences.setdefault(name, (number, {"number": name, **head, "lines": []}))[1]
            line = _csv_line(cells, len(licence["lines"]) + 1)
            if line is not None:
                licence["lines"].append(line)
    yield from _checked(iter(licences.values()))


def _head(cells: Mapping[str, str]) -> dict[str, Any]:
    head: dict[str, Any] = {key: cells.get(key, "").strip() or None for key in _HEAD}
    return head | {key: tables.cells(cells.get(key, "")) for key in ("destinations", "conditions")}


def _csv_line(cells: Mapping[str, str], default: int) -> dict[str, Any] | None:
    keys = ("control_code", "hs", "description", "quantity", "unit", "value", "currency")
    line: dict[str, Any] = {key: cells.get(key, "").strip() or None for key in keys}
    stated = cells.get("line", "").strip()
    if not stated and not any(line.values()):
        return None
    return {"no": int(stated) if stated.isascii() and stated.isdigit() else stated or default, **line}


def _checked(found: Iterable[tuple[int, Any]]) -> Iterator[Licence | Skipped]:
    import jsonschema_rs  # noqa: PLC0415 - only importers pay for it

    validator = jsonschema_rs.validator_for(sources.schema_named("licence"))
    seen: set[str] = set()
    for row, data in found:
        error = next(iter(validator.iter_errors(data)), None)
        if error is not None:
            where = sources.show_path(tuple(error.instance_path))
            yield Skipped(row, clean_line(f"{where}: {error.message}" if where else error.message, 300))
            continue
        problem = _problem(data) or ("the number stands twice in the file" if data["number"] in seen else None)
        if problem:
            yield Skipped(row, clean_line(f"{data['number']}: {problem}", 300))
        else:
            seen.add(data["number"])
            yield Licence(row, tidy(data))


def _problem(data: Mapping[str, Any]) -> str | None:
    """What a schema cannot see: days that are none, numbers that are none, a line named twice."""
    for key in ("valid_from", "valid_to"):
        if data.get(key) and dates.iso_day(data[key]) is None:
            return f"{key} {data[key]!r} is no day of the calendar"
    if data.get("valid_from") and data.get("valid_to") and data["valid_from"] > data["valid_to"]:
        return "valid_to lies before valid_from"
    numbers = [line["no"] for line in data.get("lines") or ()]
    if len(numbers) != len(set(numbers)):
        return "two lines have the same number"
    for part in ("lines", "usage"):
        for line in data.get(part) or ():
            for key in ("quantity", "value"):
                if line.get(key) is not None and exact(line[key]) is None:
                    return f"{part}: the {key} {line[key]!r} is no number"
    return None


_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,12})?")


def exact(value: Any) -> str | None:
    """A quantity or value as an exact decimal string; None where it is none (decimals with a point, no separators)."""
    text = str(value).strip()[:_MAX_NUMBER]
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        return _scientific(text)
    return text


def _scientific(text: str) -> str | None:
    """JSON allows 1e3; no more than it takes to write it out."""
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?[eE][+-]?[0-9]{1,2}", text):
        return None
    try:
        return format(Decimal(text), "f")
    except InvalidOperation:
        return None


def tidy(value: Any) -> Any:
    """Every text of a licence made safe; numbers as exact decimal strings."""
    if isinstance(value, str):
        return clean(value, MAX_CELL)
    if isinstance(value, list):
        return [tidy(part) for part in value]
    if isinstance(value, dict):
        return {
            key: exact(part) if key in {"quantity", "value"} and part is not None else tidy(part)
            for key, part in value.items()
        }
    return value
