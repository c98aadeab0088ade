"""Disclosure control: which cells of a table are hidden so that no small count can be told, also not from the totals.

Small counts are hidden (the threshold rule), and beside them as many other cells as it takes until of every hidden cell the lowest and
the highest value that fit everything published lie apart as far as the profile demands. Which of the hidden cells are the small ones is
not told: whoever knew it could tell more. A count of none is never hidden, so that a reader knows each hidden one to be 1 at least; the
number of all cases is always told.

Cells to hide are found along the cheapest ways round in the network of the table's sums (after L. H. Cox, Network Models for
Complementary Cell Suppression, JASA 90, 1995); in such a network the bounds are whole numbers, found exactly by flows. Both ends of
every hidden cell's bounds are shown by a whole table that fits all that is published, and each is added up anew before anything is told.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.transparency.tables import Cell, Node, Table, named

SMALL, PROTECTS = "small_count", "protects_others"
"""Why a cell is hidden, for the office alone."""

TOLD = "small_or_protects_small"
"""What a reader is told of why a cell is hidden."""

_NO_LIMIT = 1 << 60


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts of 1 to `threshold` are hidden; lowest and highest value of a hidden cell lie at least `protection` apart."""

    threshold: int
    protection: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A hidden cell: why, and the lowest and highest count that fit everything published."""

    cell: Cell
    reason: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class Safe:
    """A table as it may be published, with what is hidden in it."""

    table: Table
    rule: Rule
    hidden: Mapping[Cell, Hidden]

    def to_json(self) -> dict[str, Json]:
        """One element of `tables`: what may be published, and nothing that stays here."""
        rows: list[Json] = []
        for cell, count in self.table.cells.items():
            hidden = cell in self.hidden
            row = named(self.table.dimensions, cell)
            rows.append({**row, "cases": None if hidden else count, "hidden": TOLD if hidden else None})
        return {"dimensions": list(self.table.dimensions), "cells": rows, "hidden": len(self.hidden)}

    def kept_back(self) -> Iterator[dict[str, Json]]:
        """For the office alone: what each hidden cell counts, and between which bounds a reader can place it."""
        for cell, item in self.hidden.items():
            yield {
                "cell": named(self.table.dimensions, cell),
                "cases": self.table.cells[cell],
                "reason": item.reason,
                "lowest": item.lowest,
                "highest": item.highest,
            }


def protect(table: Table, rule: Rule) -> Safe:
    """Hide what must be hidden, and prove it. Raises UsageError where no choice of cells protects what is small."""
    network = _Network(table, rule)
    waiting = deque(cell for cell, count in table.cells.items() if cell != table.whole and 0 < count <= rule.threshold)
    for cell in waiting:
        network.hide(cell)
    while waiting:
        cell = waiting[0]
        if network.spread(cell) >= rule.protection:
            waiting.popleft()
            continue
        more = network.way_round(cell)
        if not more:
            raise _unprotectable(table, cell)
        for other in more:
            network.hide(other)
            waiting.append(other)
    hidden = {cell: _proven(network, cell) for cell in table.cells if cell in network.hidden}
    return Safe(table, rule, hidden)


def _unprotectable(table: Table, cell: Cell) -> UsageError:
    where = ", ".join(f"{name} {value}" for name, value in named(table.dimensions, cell).items())
    return UsageError(
        "not_protected",
        f"The small count at {where} could be told from the rest of the table, whatever else is hidden.",
        "Choose fewer or coarser dimensions, or a longer period.",
    )


def _proven(network: _Network, cell: Cell) -> Hidden:
    """A hidden cell with its bounds, each shown by a table that is added up anew. Raises UsageError where that fails."""
    low, high = network.witness(cell, rising=False), network.witness(cell, rising=True)
    for shown in (low, high):
        if not fits(network.table, network.hidden, shown):
            raise _unprotectable(network.table, cell)
    if high[cell] - low[cell] < network.rule.protection:
        raise _unprotectable(network.table, cell)
    return Hidden(cell, network.hidden[cell], low[cell], high[cell])


def fits(table: Table, hidden: Collection[Cell], shown: Mapping[Cell, int]) -> bool:
    """Whether another table would look the same to a reader: its cells add up, differ only where hidden, and none hidden is none."""
    inner = {cell: shown[cell] for cell in table.counts}
    if Table(table.dimensions, inner).cells != dict(shown):
        return False
    return all(count > 0 if cell in hidden else count == table.cells[cell] for cell, count in shown.items())


@dataclass
class _Network:
    """The cells of a table as arcs between its sums, and which of them are hidden."""

    table: Table
    rule: Rule
    hidden: dict[Cell, str] = field(default_factory=dict)
    _arcs: dict[Node, list[tuple[Cell, Node, int]]] = field(init=False)

    def __post_init__(self) -> None:
        self._arcs = {}
        for cell, count in self.table.cells.items():
            if count:  # none is told as none, so it never moves
                tail, head = self.table.ends(cell)
                self._arcs.setdefault(tail, []).append((cell, head, 1))
                self._arcs.setdefault(head, []).append((cell, tail, -1))

    def hide(self, cell: Cell) -> None:
        """Hide a cell, for the reason that its count is."""
        self.hidden[cell] = SMALL if self.table.cells[cell] <= self.rule.threshold else PROTECTS

    @staticmethod
    def _room(count: int, step: int) -> int:
        """How far a hidden count can rise (`step` 1) or fall (-1) by itself: a reader knows it to be 1 at least."""
        return _NO_LIMIT if step > 0 else count - 1

    def spread(self, cell: Cell) -> int:
        """How far the lowest and the highest count of a hidden cell lie apart, up to what is demanded."""
        up = self._pushed(cell, 1, self.rule.protection)[cell]
        down = self._pushed(cell, -1, self.rule.protection)[cell]
        return up - down

    def witness(self, cell: Cell, *, rising: bool) -> dict[Cell, int]:
        """A whole table in which a hidden cell is as high, or as low, as it can be."""
        return self._pushed(cell, 1 if rising else -1, _NO_LIMIT)

    def _pushed(self, cell: Cell, step: int, wanted: int) -> dict[Cell, int]:
        """The table with a cell moved as far as it goes, or as far as is wanted: along shortest ways round of hidden cells."""
        counts = dict(self.table.cells)
        while wanted > 0:
            way = self._shortest(cell, step, counts)
            if way is None:
                break
            amount = min(wanted, *(self._room(counts[arc], move) for arc, move in way))
            for arc, move in way:
                counts[arc] += move * amount
            wanted -= amount
        return counts

    def _shortest(self, cell: Cell, step: int, counts: Mapping[Cell, int]) -> list[tuple[Cell, int]] | None:
        """The way round through hidden cells that have room, with the cell itself; None where there is none."""
        if self._room(counts[cell], step) <= 0:
            return None
        start, goal = self._from_to(cell, step)
        came: dict[Node, tuple[Node, Cell, int]] = {}
        queue = deque([start])
        while queue and goal not in came:
            node = queue.popleft()
            for arc, other, move in self._arcs[node]:
                fresh = other not in came and other != start and arc != cell and arc in self.hidden
                if fresh and self._room(counts[arc], move) > 0:
                    came[other] = (node, arc, move)
                    queue.append(other)
        return [(cell, step), *_back(came, start, goal)] if goal in came else None

    def way_round(self, cell: Cell) -> list[Cell]:
        """The cells to hide beside a hidden one so that it can move further, at the least count in all; none where nothing helps."""
        found = [self._cheapest(cell, step) for step in (1, -1)]
        ways = [way for way in found if way is not None]
        return min(ways)[1] if ways else []

    def _cheapest(self, cell: Cell, step: int) -> tuple[int, list[Cell]] | None:
        """What a way round costs that may lead through cells which are shown now, and those cells."""
        counts = self._pushed(cell, step, _NO_LIMIT)
        if self._room(counts[cell], step) <= 0:
            return None
        start, goal = self._from_to(cell, step)
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Node, Cell, int]] = {}
        heap: list[tuple[int, Node]] = [(0, start)]
        while heap:
            cost, node = heapq.heappop(heap)
            if node == goal:
                break
            if cost > best[node]:
                continue
            for arc, other, move in self._arcs[node]:
                price = self._price(arc, counts[arc], move) if arc != cell else None
                if price is not None and cost + price < best.get(other, _NO_LIMIT):
                    best[other] = cost + price
                    came[other] = (node, arc, move)
                    heapq.heappush(heap, (cost + price, other))
        if goal not in came:
            return None
        way = [arc for arc, _ in _back(came, start, goal) if arc not in self.hidden]
        return best[goal], sorted(way)

    def _price(self, arc: Cell, count: int, move: int) -> int | None:
        """What it costs to lead through a cell: nothing where it is hidden, its count where it is not; None where it has no room."""
        if arc == self.table.whole or self._room(count, move) <= 0:
            return None
        return 0 if arc in self.hidden else count

    def _from_to(self, cell: Cell, step: int) -> tuple[Node, Node]:
        """Where the way round begins and ends that makes up for a cell that rises or falls."""
        tail, head = self.table.ends(cell)
        return (head, tail) if step > 0 else (tail, head)


def _back(came: Mapping[Node, tuple[Node, Cell, int]], start: Node, goal: Node) -> Iterable[tuple[Cell, int]]:
    node = goal
    while node != start:
        node, arc, move = came[node]
        yield arc, move
