"""Frequency tables over cases: every cell, with its totals, and how the cells hang together.

A table has up to a few dimensions. The last one makes the columns, those before it nest into rows (`month, lane, destination`: lanes
within months, by destination); a table of one dimension has rows alone. Every row has its total, every column and every outer row
theirs. So each cell stands in exactly two sums, on one side of each: the table is a network in which cells are arcs and sums are
nodes, and what can be told of a hidden cell is a question of flows (docs/decisions/0090).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from border_kit.findings import Json

ALL = "all"
"""What stands in a cell for every value of a dimension; no value of one is called so."""

Cell = tuple[str, ...]
"""A value, or `ALL`, for each dimension."""

Node = tuple[str, Cell]
"""A sum: of what lies below a row in a column, or of a row."""


@dataclass(frozen=True)
class Table:
    """A table of counts; `counts` has the innermost cells that are not empty."""

    dimensions: tuple[str, ...]
    counts: Mapping[Cell, int]

    @property
    def rows(self) -> int:
        """How many of the dimensions make rows."""
        return max(1, len(self.dimensions) - 1)

    @cached_property
    def cells(self) -> dict[Cell, int]:
        """Every cell of the table, totals too, in reading order; empty ones where another row has something in that column."""
        inner = Counter[Cell]()
        for cell, count in self.counts.items():
            for total in self._sums(cell):
                inner[total] += count
        columns = sorted({cell[-1] for cell in inner}) if self.columned else []
        paths = sorted({cell[: self.rows] for cell in inner}, key=_reading)
        every = (
            [(*path, column) for path in paths for column in sorted(columns, key=_total_first)]
            if self.columned
            else paths
        )
        return {cell: inner[cell] for cell in every}

    @property
    def columned(self) -> bool:
        """Whether the last dimension makes columns."""
        return len(self.dimensions) > 1

    @property
    def whole(self) -> Cell:
        """The cell that counts everything."""
        return (ALL,) * len(self.dimensions)

    def _sums(self, cell: Cell) -> Iterator[Cell]:
        """The cells in which an innermost one counts: itself, and its totals."""
        for depth in range(self.rows + 1):
            path = (*cell[:depth], *(ALL,) * (self.rows - depth))
            if self.columned:
                yield (*path, ALL)
                yield (*path, cell[-1])
            else:
                yield path

    def ends(self, cell: Cell) -> tuple[Node, Node]:
        """The two sums in which a cell stands, as an arc from one to the other: in each sum the parts and the total face each other."""
        path, column = cell[: self.rows], cell[-1] if self.columned else ALL
        depth = sum(value != ALL for value in path)
        above = self._branch(path, depth - 1, column) if depth else self._across(path)
        below = self._branch(path, depth, column) if depth < self.rows else self._across(path)
        return (below, above) if column == ALL else (above, below)

    def _branch(self, path: Cell, depth: int, column: str) -> Node:
        return ("below", (*path[:depth], *(ALL,) * (self.rows - depth), column))

    def _across(self, path: Cell) -> Node:
        """The sum over a row's columns; without columns the outside, where nothing has to fit."""
        return ("across", path if self.columned else ())


def count(dimensions: Sequence[str], facts: Iterable[Mapping[str, str]]) -> Table:
    """Count cases; each of `facts` has a value for every dimension."""
    found = Counter(tuple(fact[name] for name in dimensions) for fact in facts)
    return Table(tuple(dimensions), dict(found))


def named(dimensions: Sequence[str], cell: Cell) -> dict[str, Json]:
    """A cell with its dimensions' names."""
    return dict(zip(dimensions, cell, strict=True))


def _total_first(value: str) -> tuple[bool, str]:
    return (value != ALL, value)


def _reading(path: Cell) -> tuple[tuple[bool, str], ...]:
    return tuple(_total_first(value) for value in path)
