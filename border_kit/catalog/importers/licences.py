"""`licences-json` and `licences-csv`: a licensing authority's registry (docs/interfaces.md).

An unusable licence is skipped with the reason; one bad row never costs the others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from border_kit.catalog import sources
from border_kit.catalog.importers import dates, tables
from border_kit.catalog.importers.base import MAX_CELL, Order, Skipped
from border_kit.errors import InputError
from border_kit.text import clean, clean_line, whole_number

MAX_JSON = 256_000_000
DEFAULT_AUTHORITY = "LICENCES"
"""The authority where neither the file nor the caller names one."""

_MAX_NUMBER = 40


Action = Literal["state", "insert", "replace", "cancel", "use"]
"""What a row does: states a licence as it is, or changes one; `use` brings usage of one, and a status it led to."""


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence as the file states it, checked against `licence.schema.json`; `row` is its place in the file.

    With the action `use`, `data` holds the number, the new `usage`, perhaps a `status` (from the day `status_from`), and by
    line the running `totals` (quantity and value used so far) that the file gives beside the single drawings.
    """

    row: int
    data: Mapping[str, Any]
    action: Action = "state"


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry file: whose it is, its run number and date where stated, and its licences.

    `kind` says whether it is the whole registry or what changed (`licences`, `usage`); `reset` that runs are counted anew;
    `digest` is of the content, so that the same run is known again.
    """

    authority: str
    name: str
    phone: str | None
    run: int | None
    as_of: str | None
    licences: Iterable[Licence | Skipped]
    kind: Literal["registry", "licences", "usage"] = "registry"
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reset: bool = False
    digest: str = ""


def read_json(order: Order) -> Registry:
    """Read a licences-json file. Raises InputError where it is no such file at all."""
    path = tables.regular_file(order.path)
    if path.stat().st_size > MAX_JSON:
        raise InputError(
            "file_too_large", f"{path.name} is larger than {MAX_JSON:,} bytes.", "Split the registry by authority."
        )
    try:
        content = path.read_bytes()
        document = json.loads(content.decode("utf-8-sig"), parse_float=_decimal, parse_constant=_no_constant)
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
        licences=checked((row, data, "state") for row, data in enumerate(document["licences"], start=1)),
        groups=_groups(document.get("groups"), path.name),
        digest=hashlib.sha256(content).hexdigest(),
    )


_COUNTRY = re.compile(r"[A-Za-z]{2}")


def _groups(stated: Any, name: str) -> dict[str, tuple[str, ...]]:
    """Groups of countries by their codes (`{"G012": ["AU", "CA"]}`)."""
    if stated is None:
        return {}
    fits = isinstance(stated, dict) and all(
        isinstance(members, list) and all(isinstance(one, str) and _COUNTRY.fullmatch(one) for one in members)
        for members in stated.values()
    )
    if not fits:
        raise InputError(
            "bad_groups",
            f"{name}: groups are not codes with lists of countries.",
            'Write them as {"G012": ["AU", "CA"]}.',
            field="groups",
        )
    return {clean_line(code, 40).upper(): tuple(one.upper() for one in members) for code, members in stated.items()}


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
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    shown = clean_line(authority, 80)
    return Registry(shown, shown, None, None, None, _grouped(found), digest=digest)


_HEAD = (
    "type",
    "direction",
    "holder",
    "consignee",
    "end_user",
    "valid_from",
    "valid_to",
    "status",
    "cti",
    "goods_hash",
)
PLACES = (
    "destinations", "prohibited_destinations", "origins", "prohibited_origins", "route", "prohibited_route",
)  # fmt: skip
"""Where a licence lets goods go, come from and pass; countries and groups of them."""


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
    yield from checked((row, data, "state") for row, data in licences.values())


def _head(cells: Mapping[str, str]) -> dict[str, Any]:
    head: dict[str, Any] = {key: cells.get(key, "").strip() or None for key in _HEAD}
    head |= {key: tables.cells(cells.get(key, "")) for key in (*PLACES, "conditions")}
    index = cells.get("status_index", "").strip()
    head["status_index"] = _number_or_text(index)
    obligations = (part.rpartition(":") for part in tables.cells(cells.get("obligations", "")))
    return head | {
        "obligations": [
            {"kind": kind.strip(), "due": due.strip()} if kind else {"kind": due} for kind, _, due in obligations
        ]
    }


def _number_or_text(cell: str) -> int | str | None:
    """A cell that ought to hold a number; what it holds instead is refused with the rest of the row."""
    number = whole_number(cell, 9)
    return cell or None if number is None else number


def _csv_line(cells: Mapping[str, str], default: int) -> dict[str, Any] | None:
    keys = ("control_code", "hs", "description", "quantity", "unit", "value", "currency")
    line: dict[str, Any] = {key: cells.get(key, "").strip() or None for key in keys}
    stated = cells.get("line", "").strip()
    if not stated and not any(line.values()):
        return None
    return {"no": _number_or_text(stated) or default, **line}


Row = tuple[int, Any, Action]
"""A licence not looked at yet: its place in the file, what stands there, and what the row does."""


def checked(found: Iterable[Row | Skipped]) -> Iterator[Licence | Skipped]:
    """Licences that hold to the schema and the calendar; every other one is skipped with its reason."""
    import jsonschema_rs  # noqa: PLC0415 - only importers pay for it

    validator = jsonschema_rs.validator_for(sources.schema_named("licence"))
    seen: set[str] = set()
    for item in found:
        if isinstance(item, Skipped):
            yield item
            continue
        row, data, action = item
        error = next(iter(validator.iter_errors(data)), None)
        if error is not None:
            where = sources.show_path(tuple(error.instance_path))
            yield Skipped(row, clean_line(f"{where}: {error.message}" if where else error.message, 300))
            continue
        problem = _problem(data) or (
            "the number stands twice in the file" if action == "state" and data["number"] in seen else None
        )
        if problem:
            yield Skipped(row, clean_line(f"{data['number']}: {problem}", 300))
        else:
            seen.add(data["number"])
            yield Licence(row, tidy(data), action)


def _problem(data: Mapping[str, Any]) -> str | None:
    """What a schema cannot see: days that are none, numbers that are none, a line named twice."""
    return next(_problems(data), None)


_DAYS = (("history", "from"), ("usage", "date"), ("obligations", "due"))


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    for key in ("valid_from", "valid_to"):
        if data.get(key) and dates.iso_day(data[key]) is None:
            yield f"{key} {data[key]!r} is no day of the calendar"
    if data.get("valid_from") and data.get("valid_to") and data["valid_from"] > data["valid_to"]:
        yield "valid_to lies before valid_from"
    for part, key in _DAYS:
        for row in data.get(part) or ():
            if row.get(key) and dates.iso_day(row[key]) is None:
                yield f"{part}: {row[key]!r} is no day of the calendar"
    numbers = [line["no"] for line in data.get("lines") or ()]
    if len(numbers) != len(set(numbers)):
        yield "two lines have the same number"
    for part in ("lines", "usage"):
        for line in data.get(part) or ():
            yield from _amounts(part, line)


def _amounts(part: str, line: Mapping[str, Any]) -> Iterator[str]:
    for key in ("quantity", "value"):
        number = exact(line[key]) if line.get(key) is not None else "0"
        if number is None:
            yield f"{part}: the {key} {line[key]!r} is no number"
        elif part == "lines" and number.startswith("-"):
            yield f"{part}: the {key} {line[key]!r} is less than nothing"


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
