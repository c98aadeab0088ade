"""The usageData lines of UK licence data: what customs drew on licences, drawing by drawing, and the running totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from border_kit.catalog.drawing import TYPES
from border_kit.catalog.importers.base import Skipped
from border_kit.catalog.importers.licences import Licence
from border_kit.catalog.importers.uk_codes import BadRecordError, amount, day, line_number, meaning
from border_kit.catalog.importers.uk_lines import Line, UkFile
from border_kit.text import clean_line

_QUANTITY = re.compile(r"-?[0-9]{1,11}(\.[0-9]{1,3})?")
_VALUE = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,2})?")


def usages(file: UkFile) -> Iterator[Licence | Skipped]:
    """What each record says was drawn on a licence."""
    for record in file.records:
        try:
            yield Licence(record[0].no, _usage(record), "use")
        except BadRecordError as error:
            yield Skipped(error.no, f"{clean_line(record[0].field(2), 60)}: {error}")


def _usage(record: Sequence[Line]) -> dict[str, Any]:
    head = record[0]
    reference, action, number = head.field(0), head.field(1), head.field(2)
    if action != "insert" or not number or not reference:
        raise BadRecordError(head.no, "a usage has a reference, the action insert and a licence")
    found: dict[str, Any] = {
        "number": number,
        "reference": reference,
        "status": meaning("status", head.field(3) or "O", head.no) or None,
        "status_from": day(head.field(4), head.no),
        "usage": [],
        "totals": {},
    }
    no = -1
    for line in record[1:-1]:
        if line.name == "line":
            no = line_number(line.field(0), line.no)
            found["totals"][no] = _total(line)
        elif line.name == "usage" and no >= 0:
            found["usage"].append(_drawing(no, line))
        elif line.name != "end":
            raise BadRecordError(line.no, f"the record {clean_line(line.name, 40)!r} does not belong in a usage")
    return found


def _total(line: Line) -> tuple[Decimal, Decimal, str | None]:
    """Quantity and value used so far, and the currency."""
    quantity = amount(line.field(1) or "0", _QUANTITY, "quantity", line.no)
    value = amount(line.field(2) or "0", _VALUE, "value", line.no)
    return Decimal(quantity), Decimal(value), line.field(3) or None


def _drawing(no: int, line: Line) -> dict[str, Any]:
    kind = line.field(0).upper()
    if kind not in TYPES:
        raise BadRecordError(line.no, f"the type of usage {clean_line(kind, 10)!r} is not known")
    return {
        "line": no,
        "type": kind,
        "declaration": line.field(1) or None,
        "part": line.field(2) or None,
        "date": day(line.field(3), line.no),
        "quantity": amount(line.field(4) or "0", _QUANTITY, "quantity", line.no),
        "value": amount(line.field(5) or "0", _VALUE, "value", line.no),
        "currency": line.field(6) or None,
    }
