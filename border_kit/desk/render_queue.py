"""The triage queue as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]

LANES = ("red", "yellow", "blue", "green")


def items(rows: Iterable[Document], counts: Document, *, total: int, offset: int = 0) -> str:
    """A page of the queue, with what there is in all."""
    shown = [row(item) for item in rows]
    told = f"{offset + 1} to {offset + len(shown)} of {total:,}. " if shown else "Nothing here. "
    return "\n".join([*shown, f"{told}In the queue: {summary(counts)}."])


def row(item: Document) -> str:
    """One item in a line."""
    return (
        f"{item['item']:>6} {item['lane'] or 'waiting':8}{clean_line(item['shipment'], 22):23}"
        f"{item['decided_by'] or '':28}{mark(item)}"
    ).rstrip()


def mark(item: Document) -> str:
    """What was done with an item."""
    parts = [f"case {item['case']}" if item["case"] else item["state"] if item["state"] == "done" else ""]
    parts.append(f"→ {clean_line(item['assigned'], 20)}" if item["assigned"] else "")
    return "  ".join(part for part in parts if part)


def item(found: Document) -> str:
    """What the queue says of one item."""
    said = f"ITEM {found['item']}  run {found['run']}  {clean_line(found['shipment'])}  {found['state']}"
    by = f" by {clean_line(found['marked_by'])}" if found["marked_by"] else ""
    marked = f"  marked {found['marked_at']}{by}" if found["marked_at"] else ""
    return f"{said}  {mark(found)}{marked}".rstrip()


def summary(counts: Document) -> str:
    """How many there are of each lane, what waits, what is done, what was refused."""
    parts = [f"{counts[lane]:,} {lane}" for lane in LANES]
    parts += [f"{counts[name]:,} {name}" for name in ("waiting", "done") if counts[name]]
    return ", ".join(parts) + (f"; {counts['refused']:,} rows refused" if counts["refused"] else "")


def run(found: Document) -> str:
    """One file in the queue."""
    state = (
        "finished"
        if found["finished_at"]
        else f"{found['lines_assessed']:,} of {found['lines']:,} goods lines assessed"
    )
    return (
        f"Run {found['run']}  {clean_line(found['file'], 60)}: {found['shipments']:,} shipments, {found['lines']:,} goods lines, "
        f"{state}. {summary(found)}."
    )


def refused(rows: Iterable[Document]) -> str:
    """Rows that could not be used."""
    shown = [
        f"row {found['row']}, {clean_line(found['field'] or 'whole row')}: {clean_line(found['reason'])}"
        for found in rows
    ]
    return "\n".join(shown) or "No row was refused."


_BAR = 24


def bar(count: int, total: int, what: str, rate: float = 0.0) -> str:
    """A bar of plain characters with the count, and the time that is left at a rate a second."""
    full = _BAR * count // total if total else _BAR
    told = f"[{'#' * full}{'.' * (_BAR - full)}] {100 * count // total if total else 100:3d} %  {count:,} of {total:,} {what}"
    if rate <= 0 or count >= total:
        return told
    seconds = int((total - count) / rate)
    return f"{told}, {seconds // 60}:{seconds % 60:02d} left"
