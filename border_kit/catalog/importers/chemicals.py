"""`chemicals`: a table of listed chemicals (name, CAS number, schedule or entry, synonyms, concentration), CSV or XLSX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from border_kit.catalog import codes
from border_kit.catalog.authored.checks import is_cas
from border_kit.catalog.importers import grid, tables
from border_kit.catalog.importers.base import Order, Skipped
from border_kit.catalog.importers.controls_volume import Chemical, Sheaf
from border_kit.text import clean_line

LIST = "CHEMICALS"

_COLUMNS = {
    "name": ("name", "chemical", "chemical name", "substance"),
    "cas": ("cas", "cas number", "cas no", "cas registry number", "cas rn"),
    "schedule": ("schedule", "cwc schedule"),
    "entry": ("entry", "entries", "control code", "control entry", "dual use code", "eccn", "code"),
    "synonyms": ("synonyms", "synonym", "aliases", "other names"),
    "concentration": ("concentration", "concentration threshold", "threshold", "from per cent", "percent"),
    "language": ("language", "lang"),
}
_CAS = re.compile(r"[0-9]{2,7}-[0-9]{2}-[0-9]")
_MOST = 500
_LONGEST_NAME = 300


def read(order: Order) -> Sheaf:
    """The chemicals of a table; it states no date. Raises InputError."""
    tables.regular_file(order.path)
    return Sheaf(None, LIST, _rows(order))


def _rows(order: Order) -> Iterator[Chemical | Skipped]:
    for row in grid.records(order.path, _COLUMNS, ("name",)):
        if isinstance(row, Skipped):
            yield row
        else:
            order.progress(LIST, row[0], 0)
            yield _chemical(*row)


def _chemical(number: int, cells: dict[str, str]) -> Chemical | Skipped:
    name = clean_line(cells["name"], _LONGEST_NAME)
    cas = "-".join(cells.get("cas", "").replace("–", "-").replace("‑", "-").split())
    schedule = clean_line(cells.get("schedule", ""), 40) or None
    entries = tuple(dict.fromkeys(_entry(part) for part in tables.cells(cells.get("entry", ""), _MOST)))
    per_cent = _per_cent(cells.get("concentration", ""))
    if not name:
        return Skipped(number, "the name is empty")
    if cas and not (_CAS.fullmatch(cas) and is_cas(cas)):
        return Skipped(number, f"{cas[:20]} is no CAS number: its check digit does not fit")
    if not entries and schedule is None:
        return Skipped(number, f"{name[:60]} stands under no schedule and no entry")
    if per_cent is None:
        return Skipped(number, f"the concentration {cells['concentration'][:20]!r} is no per cent from 0 to 100")
    language = (cells.get("language") or "en").lower()[:8]
    return Chemical(
        list="",
        name=name,
        cas=cas or None,
        schedule=schedule,
        entries=entries,
        concentration=per_cent or None,
        cite="; ".join(part for part in (schedule, *(codes.split(entry)[1] for entry in entries)) if part),
        row=number,
        names=tuple(
            (language, clean_line(part, _LONGEST_NAME)) for part in tables.cells(cells.get("synonyms", ""), _MOST)
        ),
    )


def _entry(part: str) -> str:
    """A code with its list, as its list writes it; `ML` codes are the military list's."""
    name, slash, code = part.rpartition("/")
    bare = "".join(code.split()).strip(".")
    if not slash:
        name = "EU-ML" if bare.upper().startswith("ML") else "EU-DU"
    return f"{name.upper()}/{bare[:2].upper() + bare[2:].lower() if name == 'EU-ML' else codes.tidy(bare)}"


def _per_cent(cell: str) -> str | None:
    """A concentration in per cent as a plain number, empty where none is stated, None where it is none."""
    bare = cell.replace("%", "").replace(",", ".").strip().lstrip(">=≥ ")
    if not bare:
        return ""
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return None
    return format(value.normalize(), "f") if value.is_finite() and 0 <= value <= 100 else None  # per cent
