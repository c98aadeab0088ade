"""Statistics for the public and the release ledger, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]

WHY = {"small_count": "small", "protects_others": "protects others"}
_HIDDEN = "*"
_CELL, _HEAD, _WIDE = 8, 22, 78


def statistics(document: Document, kept_back: Sequence[Document] = (), *, released: bool) -> str:
    """The tables as they go out; for the office, in a preview, what is hidden and between which bounds a reader can place it."""
    only = ", ".join(f"{name} {value}" for name, value in document["only"].items())
    state = "" if released else "  PREVIEW: nothing is released"
    shown = [
        f"STATISTICS {document['period']['label']}{', only ' + only if only else ''}: {document['cases']} cases{state}"
        + ("  (DEMO DATA)" if document["demo"] else "")
        + ("" if document["period"]["over"] else "  (the period is not over)")
    ]
    for table in document["tables"]:
        shown += ["", f"BY {' × '.join(table['dimensions'])}".upper(), *_rows(table)]
        if table["hidden"]:
            shown.append(f"{_HIDDEN} {table['hidden']} counts are hidden: small, or so that no small one can be told")
    rule = document["rule"]
    shown += ["", f"Counts of 1 to {rule['threshold']} are hidden ({rule['citation']}; {rule['profile']})."]
    if kept_back:
        shown += ["", "FOR THE OFFICE ALONE: what is hidden, and between what a reader can place it"]
        shown += [
            f"  {row['cases']:>5}  {row['lowest']} to {row['highest']}  {WHY[row['reason']]}: "
            + ", ".join(f"{name} {value}" for name, value in row["cell"].items())
            for row in kept_back
        ]
    return "\n".join(shown)


def _rows(table: Document) -> Iterable[str]:
    """The table as a grid, or a row a cell where it is too wide for one."""
    *rows, column = table["dimensions"]
    columns = list(dict.fromkeys(cell[column] for cell in table["cells"]))
    widths = [max(_CELL, len(name) + 2) for name in columns]
    if not rows or _HEAD + sum(widths) > _WIDE:
        return [f"{_named(cell, table['dimensions']):42}{_count(cell):>8}" for cell in table["cells"]]
    lines: dict[str, list[Document]] = {}
    for cell in table["cells"]:
        lines.setdefault(_named(cell, rows), []).append(cell)
    head = " " * _HEAD + "".join(f"{name:>{width}}" for name, width in zip(columns, widths, strict=True))
    return [head, *(_line(name, cells, widths) for name, cells in lines.items())]


def _line(name: str, cells: Iterable[Document], widths: Sequence[int]) -> str:
    return f"{name:{_HEAD}}" + "".join(f"{_count(cell):>{width}}" for cell, width in zip(cells, widths, strict=True))


def _named(cell: Document, dimensions: Iterable[str]) -> str:
    values = [clean_line(str(cell[name]), 40) for name in dimensions]
    return " / ".join(values)


def _count(cell: Document) -> str:
    return _HIDDEN if cell["cases"] is None else str(cell["cases"])


def ledger(rows: Iterable[Document]) -> str:
    """The release ledger."""
    shown = [
        f"#{row['no']} {row['at'][:10]} {row['operator'] or 'nobody named'}{'' if row['signed'] else ' (unsigned)'}: {row['period']}"
        + "".join(f", only {name} {value}" for name, value in row["only"].items())
        + f", {row['cases']} cases, by {'; by '.join(' × '.join(names) for names in row['tables'])}"
        for row in rows
    ]
    return "\n".join(clean_line(row, 500) for row in shown) or "Nothing was released."
