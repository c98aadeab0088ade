"""One entry of the usage ledger, and what it says in one fixed writing, so that its hash is the same everywhere."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from border_kit.catalog.drawing import TYPES
from border_kit.findings import Json
from border_kit.text import clean_line

Kind = Literal["draw", "contra", "discharge"]
KINDS: tuple[Kind, ...] = ("draw", "contra", "discharge")
"""A drawing, the reversal of one, and what was done about an obligation."""

COLUMNS = {
    "office": "office TEXT NOT NULL",
    "seq": "seq INTEGER NOT NULL",
    "kind": "kind TEXT NOT NULL",
    "licence": "licence TEXT NOT NULL",
    "line": "line INTEGER NOT NULL",
    "type": "type TEXT NOT NULL",
    "quantity": "quantity TEXT",
    "unit": "unit TEXT",
    "value": "value TEXT",
    "currency": "currency TEXT",
    "declaration": "declaration TEXT",
    "part": "part TEXT",
    "date": "date TEXT NOT NULL",
    "at": "at TEXT NOT NULL",
    "operator": "operator TEXT",
    "case": '"case" TEXT',
    "reverses": "reverses TEXT",
    "note": "note TEXT",
}
"""The columns of an entry, in their order."""

_MOST = 2_000
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{0,11}[1-9])?")
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as it was written: amounts as plain decimal text, `date` the day of control, `at` when it was recorded (UTC).

    A draft has no office, number and moment yet. `reverses` is the id of the entry that a contra entry takes back; of a
    discharge, `part` is the obligation's id and `note` what was done.
    """

    licence: str
    line: int
    date: str
    quantity: str | None = None
    unit: str | None = None
    value: str | None = None
    currency: str | None = None
    declaration: str | None = None
    part: str | None = None
    type: str = "O"
    kind: Kind = "draw"
    reverses: str | None = None
    note: str | None = None
    case: str | None = None
    office: str = ""
    seq: int = 0
    at: str = ""
    operator: str | None = None

    @property
    def ref(self) -> str:
        """How people name it: `XA-BOR-01~3fa9c1/17`."""
        return f"{self.office}/{self.seq}"

    @property
    def id(self) -> str:
        """The SHA-256 of what it says."""
        return hashlib.sha256(self.written().encode("utf-8", "surrogatepass")).hexdigest()

    def written(self) -> str:
        """What it says, in one writing: JSON, keys in order, nothing that is not set (as RFC 8785 would write it)."""
        said = {name: getattr(self, name) for name in COLUMNS if getattr(self, name) is not None}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def cells(self) -> tuple[str | int | None, ...]:
        """As a row of the ledger."""
        return tuple(getattr(self, name) for name in COLUMNS)

    @classmethod
    def of(cls, row: sqlite3.Row | Sequence[Any]) -> Entry:
        """From a row of the ledger."""
        return cls(**dict(zip(COLUMNS, row, strict=True)))

    def to_json(self) -> dict[str, Json]:
        """All fields, with its name and id."""
        said = {name: cast("Json", getattr(self, name)) for name in COLUMNS}
        return {"ref": self.ref, "id": self.id, **said}


def amount(number: Decimal) -> str:
    """An exact amount as an entry writes it: no exponent, no idle zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


_WHOLE = frozenset({"seq", "line"})
_NEEDED = ("office", "seq", "kind", "licence", "line", "type", "date", "at")


def parse(said: Mapping[str, Any]) -> Entry:
    """An entry from a run file, looked at as foreign data. Raises ValueError saying what is wrong."""
    unknown = set(said) - set(COLUMNS)
    missing = [name for name in _NEEDED if name not in said]
    if unknown or missing:
        raise ValueError(
            f"the field {min(unknown)!r} is not known" if unknown else f"the field {missing[0]!r} is missing"
        )
    for field in fields(Entry):
        if field.name in said:
            _check(field.name, said[field.name])
    entry = Entry(**said)
    if entry.kind not in KINDS or entry.type not in TYPES:
        raise ValueError(f"kind {entry.kind!r} or type {entry.type!r} is not known")
    if (entry.kind == "contra") != (entry.reverses is not None) or (entry.kind == "contra" and entry.type != "C"):
        raise ValueError("a contra entry, and no other, names the entry that it reverses")
    return entry


def _check(name: str, value: object) -> None:
    if name in _WHOLE:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
            raise ValueError(f"{name} is no whole number")
        return
    if not isinstance(value, str) or not value or len(value) > _MOST or value != clean_line(value, _MOST):
        raise ValueError(f"{name} is no plain text")
    if name in ("quantity", "value") and not _AMOUNT.fullmatch(value):
        raise ValueError(f"{name} {value[:40]!r} is no amount in plain decimals")
    if name == "reverses" and not _ID.fullmatch(value):
        raise ValueError("reverses is no id of an entry")
    if name == "date":
        date.fromisoformat(value)
    if name == "at":
        datetime.fromisoformat(value)
