"""How a new edition of a control list's text replaces the one before, in the controls volume's table `list_text`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from border_kit.catalog import codes, writer
from border_kit.catalog.importers.base import Findings, Skipped, Tally
from border_kit.catalog.importers.parties_volume import Edition, open_edition
from border_kit.catalog.writer import Row


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an imported list: `parent` is the code above it in the file, `position` its place there."""

    list: str
    code: str
    parent: str | None
    position: int
    text: str
    notes: str | None
    row: int

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two editions of a paragraph the same; the place in the file does not."""
        return self.parent, self.text, self.notes


def merge(
    connection: sqlite3.Connection,
    rows: Iterable[Paragraph | Skipped],
    edition_of: Callable[[str], Edition],
    progress: writer.Progress = writer.no_progress,
) -> tuple[list[Tally], Findings]:
    """Bring a full edition of one or several lists into a controls volume, as `parties_volume.merge` does for parties."""
    skipped = Findings()
    found: dict[str, dict[str, Paragraph]] = {}
    for row in rows:
        if isinstance(row, Skipped):
            skipped.add(row)
        elif row.code in found.setdefault(row.list, {}):
            skipped.add(Skipped(row.row, f"the code {row.code} stands twice in {row.list}"))
        else:
            found[row.list][row.code] = row
    tallies = []
    for name in sorted(found):
        progress(name, len(found[name]), len(found[name]))
        tallies.append(_merge_list(connection, found[name], edition_of(name)))
    return tallies, skipped


def _merge_list(connection: sqlite3.Connection, found: dict[str, Paragraph], edition: Edition) -> Tally:
    open_edition(connection, "controls", edition)
    tally = Tally(edition.list, edition.date, edition.assumed, taken=len(found))
    before = {
        row["code"]: row
        for row in connection.execute("SELECT * FROM list_text WHERE list = ? AND valid_to IS NULL", (edition.list,))
    }
    for code in sorted(set(before) - set(found)):
        _end(connection, before[code], edition)
        tally.ended += 1
    new: list[Row] = []
    for code, paragraph in found.items():
        stored = before.get(code)
        if stored is None:
            tally.added += 1
            new.append(_row(paragraph, edition, edition.date))
        elif (stored["parent"], stored["text"], stored["notes"]) != paragraph.content:
            tally.changed += 1
            begun = stored["valid_from"] if stored["edition"] == edition.id else edition.date
            _end(connection, stored, edition)
            new.append(_row(paragraph, edition, begun))
    writer.insert(connection, "controls", {"list_text": new})
    return tally


def _end(connection: sqlite3.Connection, row: sqlite3.Row, edition: Edition) -> None:
    if row["edition"] == edition.id:
        connection.execute("DELETE FROM list_text WHERE id = ?", (row["id"],))
    else:
        connection.execute("UPDATE list_text SET valid_to = ? WHERE id = ?", (edition.date, row["id"]))


def _row(paragraph: Paragraph, edition: Edition, begun: str) -> Row:
    return {
        "id": f"{edition.list}/{paragraph.code}@{edition.date}", "list": edition.list, "code": paragraph.code,
        "root": codes.root(paragraph.code), "parent": paragraph.parent, "position": paragraph.position,
        "text": paragraph.text, "notes": paragraph.notes, "edition": edition.id, "valid_from": begun,
    }  # fmt: skip
