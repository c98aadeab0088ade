"""Finding the header of a table: below titles, in one row or several, with or without a row of units under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from border_kit.errors import AmbiguousInputError, InputError
from border_kit.shipment.readers.options import ColumnMap, ReadOptions
from border_kit.shipment.readers.tabular.columns import EXACT, OPTION, Columns, apply, header_fingerprint, understand
from border_kit.shipment.readers.tabular.numbers import take_apart
from border_kit.shipment.readers.tabular.source import Cell, Row, Source, text_of
from border_kit.shipment.readers.tabular.words import is_blank, key, words
from border_kit.text import clean_line
from border_kit.units import find_unit

_LOOK = 40
"""Rows from the top among which a header is looked for."""
_DEEPEST = 3
"""Rows that one header may take."""
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: its texts by column, the rows it stands in (and as they stand there), what its columns are."""

    texts: tuple[str, ...]
    rows: tuple[int, ...]
    columns: Columns
    fingerprint: str
    raw: tuple[tuple[str, ...], ...]
    starts: frozenset[str]
    """The first texts of its rows: what a repetition must begin with."""

    def repeats(self, cells: Sequence[Cell]) -> bool:
        """Whether a later row is a row of the header again (a page break)."""
        first = next((cell for cell in cells if cell is not None and cell != ""), None)
        if not isinstance(first, str) or first.strip().casefold() not in self.starts:
            return False
        shown = tuple(key(text_of(cell)[:200]) for cell in cells)
        return any(_same_row(shown, tuple(key(text) for text in row)) for row in self.raw)


def _same_row(shown: tuple[str, ...], header: tuple[str, ...]) -> bool:
    filled = [pair for pair in zip_longest(shown, header, fillvalue="") if any(pair)]
    return len(filled) >= _ENOUGH and all(one == other for one, other in filled)


@dataclass(frozen=True, slots=True)
class _Candidate:
    texts: tuple[str, ...]
    rows: tuple[int, ...]

    def score(self, wanted: frozenset[str]) -> tuple[int, int, int]:
        """Headers asked for by name, fields understood, fields understood exactly."""
        matches = [match for text in self.texts if (match := understand(text))]
        named = sum(1 for text in self.texts if key(text) in wanted)
        return named, len({match.field for match in matches}), sum(1 for match in matches if match.level == EXACT)


def find_header(source: Source, options: ReadOptions) -> Header:
    """Find the header and what its columns are. Raises InputError for an empty table, AmbiguousInputError where it is unclear."""
    top = [row for row in islice(source.rows(), _LOOK * 5) if any(text_of(cell).strip() for cell in row[1])][:_LOOK]
    if not top:
        raise InputError("empty_table", "The table is empty.", "Choose another file or sheet.")
    best = (
        _chosen_row(top, options.column_map.header_row)
        if options.column_map.header_row is not None
        else _best(top, options.column_map)
    )
    fingerprint = header_fingerprint(best.texts)
    recalled = options.remembered.get(fingerprint) if not options.column_map.fields else None
    columns = apply(best.texts, recalled or options.column_map, remembered=recalled is not None)
    if "description" not in columns.at:
        raise _not_understood(best)
    measured = _unit_row(top, best, columns)
    rows = best.rows if measured is None else (*best.rows, measured[0])
    raw = tuple(tuple(text_of(cell)[:200] for cell in cells) for number, cells in top if number in rows)
    starts = frozenset(next((text.strip().casefold() for text in row if text), "") for row in raw)
    return Header(best.texts, rows, columns if measured is None else measured[1], fingerprint, raw, starts)


def _chosen_row(top: list[Row], number: int) -> _Candidate:
    if number == 0:
        return _Candidate(("",) * max(len(cells) for _, cells in top), ())
    for at, cells in top:
        if at == number:
            return _Candidate(tuple(text_of(cell) for cell in cells), (at,))
    raise InputError(
        "header_missing", f"Row {number} is empty or too far down to be the header.", "Name another row.", row=number
    )


def _best(top: list[Row], chosen: ColumnMap) -> _Candidate:
    wanted = frozenset(key(target) for target in chosen.fields.values() if target and not target.startswith("#"))
    candidates = [
        _Candidate(_combined([cells for _, cells in window]), tuple(number for number, _ in window))
        for start in range(len(top))
        for depth in range(1, _DEEPEST + 1)
        if _could_be_header(window := top[start : start + depth]) and len(window) == depth
    ]
    ranked = sorted(candidates, key=lambda one: (*(-part for part in one.score(wanted)), len(one.rows), one.rows))
    if ranked:
        return ranked[0]
    first = top[0]
    return _Candidate(tuple(text_of(cell) for cell in first[1]), (first[0],))


def _could_be_header(window: list[Row]) -> bool:
    return not any(_is_figure(cell) for _, cells in window for cell in cells)


def _is_figure(cell: Cell) -> bool:
    if cell is None or isinstance(cell, str):
        numeral = take_apart(cell) if cell else None
        return numeral is not None and not numeral.word
    return True


def _combined(rows: list[Sequence[Cell]]) -> tuple[str, ...]:
    """One text a column from the rows of a header; a text above reaches over the empty cells to its right."""
    texts = _own(rows[-1])
    for above in reversed(rows[:-1]):
        own = _own(above)
        width = max(len(own), len(texts))
        own, texts = own + [""] * (width - len(own)), texts + [""] * (width - len(texts))
        reach, spread = "", []
        for text in own:
            reach = text or reach
            spread.append(reach)
        texts = [_merged(upper, reaching, lower) for upper, reaching, lower in zip(own, spread, texts, strict=True)]
    return tuple(texts)


def _own(cells: Sequence[Cell]) -> list[str]:
    return [clean_line(text_of(cell), 200) for cell in cells]


def _merged(upper: str, reaching: str, lower: str) -> str:
    if not lower or lower == upper:
        return upper
    together = f"{reaching} {lower}".strip()
    found, alone = understand(together), understand(lower)
    if found and (alone is None or found.level >= alone.level):
        return together
    return lower if alone or not upper else together


def _not_understood(best: _Candidate) -> AmbiguousInputError:
    shown = ", ".join(f"#{number} {clean_line(text, 30)!r}" for number, text in enumerate(best.texts[:20], start=1))
    return AmbiguousInputError(
        "columns_unknown",
        f"No column of the table is known as the description of the goods. The columns are: {shown}.",
        f"Say which with {OPTION} description=HEADER (or description=#2).",
        option=OPTION,
    )


def _unit_row(top: list[Row], best: _Candidate, columns: Columns) -> tuple[int, Columns] | None:
    """A row of units right below the header: its number, and the columns with those units."""
    last = best.rows[-1] if best.rows else 0
    below = next(((number, cells) for number, cells in top if number > last), None)
    if below is None:
        return None
    shown = {
        position: clean_line(text_of(cell), 20).strip("()[] ")
        for position, cell in enumerate(below[1])
        if not is_blank(text_of(cell))
    }
    if not shown or not all(find_unit(word) or word.upper() in words().currencies for word in shown.values()):
        return None
    units = {position: word for position, word in shown.items() if word.upper() not in words().currencies}
    money = {position: word.upper() for position, word in shown.items() if word.upper() in words().currencies}
    described = columns.first("description")
    if described in shown:
        return None
    return below[0], replace(columns, units=columns.units | units, currencies=columns.currencies | money)
