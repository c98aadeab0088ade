"""Hidden counts stay hidden: from who adds and subtracts, and from who solves the whole table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from border_kit.errors import UsageError
from border_kit.transparency.disclosure import PROTECTS, SMALL, TOLD, Rule, Safe, fits, protect
from border_kit.transparency.disclosure import _Network as Network
from border_kit.transparency.tables import ALL, Cell, Table, count

RULE = Rule(threshold=3, protection=3)
COUNTS = st.one_of(st.integers(0, 5), st.integers(0, 60))


def flat(rows: list[list[int]]) -> Table:
    """A table of lanes by countries."""
    return Table(
        ("lane", "destination"),
        {(f"r{i}", f"c{j}"): value for i, row in enumerate(rows) for j, value in enumerate(row) if value},
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of one to three dimensions with small and larger counts."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    cells = itertools.product(*(tuple(f"{'abc'[at]}{value}" for value in range(size)) for at, size in enumerate(sizes)))
    counts = {cell: value for cell in cells if (value := draw(COUNTS))}
    assume(sum(counts.values()) >= 10)
    return Table(tuple("abc"[: len(sizes)]), counts)


def protected(table: Table, rule: Rule = RULE) -> Safe | None:
    """The table as it may go out, or None where the kit refuses."""
    try:
        return protect(table, rule)
    except UsageError:
        return None


# A reader: knows the released rows, how tables are laid out, and the rule. Shares no code with the kit's proof.


def equations(released: Mapping[str, Any]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Every sum that a reader knows: a total, and its parts."""
    names = released["dimensions"]
    cells = [tuple(row[name] for name in names) for row in released["cells"]]
    for total in cells:
        for at in range(len(names)):
            if total[at] != ALL:
                continue
            rest = [
                cell
                for cell in cells
                if cell[at] != ALL and all(cell[i] == total[i] for i in range(len(names)) if i != at)
            ]
            if rest:
                yield total, rest


def solved(released: Mapping[str, Any]) -> set[Cell]:
    """The hidden cells that follow from the sums alone, by elimination in exact fractions."""
    names = released["dimensions"]
    values = {tuple(row[name] for name in names): row["cases"] for row in released["cells"]}
    unknown = [cell for cell, value in values.items() if value is None]
    place = {cell: at for at, cell in enumerate(unknown)}
    matrix: list[list[Fraction]] = []
    for total, parts in equations(released):
        row = [Fraction(0)] * (len(unknown) + 1)
        for cell, sign in ((total, -1), *((part, 1) for part in parts)):
            if values[cell] is None:
                row[place[cell]] += sign
            else:
                row[-1] -= sign * values[cell]
        matrix.append(row)
    done = 0
    for column in range(len(unknown)):
        pivot = next((at for at in range(done, len(matrix)) if matrix[at][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        head = matrix[done][column]
        matrix[done] = [item / head for item in matrix[done]]
        for at, other in enumerate(matrix):
            if at != done and other[column]:
                factor = other[column]
                matrix[at] = [item - factor * base for item, base in zip(other, matrix[done], strict=True)]
        done += 1
    return {
        unknown[columns[0]]
        for row in matrix[:done]
        if len(columns := [at for at, item in enumerate(row[:-1]) if item]) == 1
    }


def every_solution(released: Mapping[str, Any], most: int) -> Iterator[dict[Cell, int]]:
    """Every table in whole numbers that a reader holds for possible who knows how many cases there are; for small tables only."""
    names = released["dimensions"]
    rows = {tuple(row[name] for name in names): row for row in released["cells"]}
    known = {cell: rows[cell]["cases"] for cell in rows if ALL not in cell}
    unknown = [cell for cell, value in known.items() if value is None]
    left = most - sum(value or 0 for value in known.values())
    for guess in _shares(left, len(unknown)):
        inner = {**known, **dict(zip(unknown, guess, strict=True))}
        found = Table(tuple(names), {cell: value for cell, value in inner.items() if value}).cells
        if all(_agrees(row, found.get(cell, 0)) for cell, row in rows.items()):
            yield found


def _shares(whole: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to share a number among parts that each get one at least."""
    if parts < 2:
        if parts == (whole > 0):
            yield (whole,) * parts
        return
    for first in range(1, whole - parts + 2):
        for rest in _shares(whole - first, parts - 1):
            yield (first, *rest)


def _agrees(row: Mapping[str, Any], value: int) -> bool:
    return value == row["cases"] if row["cases"] is not None else value > 0


@settings(max_examples=150)
@given(tables())
@example(flat([[2, 20, 30], [15, 15, 15], [9, 9, 9]]))
def test_no_small_count_goes_out_and_no_hidden_one_follows_from_the_sums(table: Table) -> None:
    safe = protected(table)
    if safe is None:
        return
    released: dict[str, Any] = safe.to_json()
    for row in released["cells"]:
        cell = tuple(row[name] for name in table.dimensions)
        assert row["cases"] is None or row["cases"] == 0 or row["cases"] > RULE.threshold
        assert row["hidden"] == (TOLD if row["cases"] is None else None)
        assert row["cases"] in (None, table.cells[cell])
    assert solved(released) == set()
    assert next(row for row in released["cells"] if {row[name] for name in table.dimensions} == {ALL})["cases"] == sum(
        table.counts.values()
    )


@settings(max_examples=80)
@given(tables())
def test_of_every_hidden_cell_two_tables_fit_that_lie_as_far_apart_as_is_demanded(table: Table) -> None:
    safe = protected(table)
    if safe is None:
        return
    network = Network(table, RULE)
    for cell in safe.hidden:
        network.hide(cell)
    for cell, item in safe.hidden.items():
        low, high = (network.witness(cell, rising=rising) for rising in (False, True))
        for shown in (low, high):
            assert fits(table, safe.hidden, shown)
            added: dict[Cell, int] = {}
            released: dict[str, Any] = safe.to_json()
            for total, parts in equations(released):
                added[total] = sum(shown[part] for part in parts)
                assert added[total] == shown[total]
        assert (low[cell], high[cell]) == (item.lowest, item.highest)
        assert item.highest - item.lowest >= RULE.protection


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=3))
def test_the_bounds_are_exactly_those_of_a_reader_who_tries_every_table(rows: list[list[int]]) -> None:
    table = flat(rows)
    total = sum(table.counts.values())
    assume(10 <= total <= 20)
    safe = protected(table)
    if safe is None:
        return
    tried = list(every_solution(safe.to_json(), total))
    for cell, item in safe.hidden.items():
        values = {found[cell] for found in tried}
        assert (min(values), max(values)) == (item.lowest, item.highest)


@settings(max_examples=25)
@given(tables(), st.integers(1, 6))
def test_a_wider_protection_is_kept_too(table: Table, protection: int) -> None:
    rule = Rule(threshold=5, protection=protection)
    safe = protected(table, rule)
    if safe is not None:
        assert all(item.highest - item.lowest >= protection for item in safe.hidden.values())


@settings(max_examples=20)
@given(tables())
def test_nothing_is_hidden_where_nothing_is_small(table: Table) -> None:
    large = Table(table.dimensions, {cell: value + 3 for cell, value in table.counts.items()})
    assert protect(large, RULE).hidden == {}


def test_one_small_count_hides_its_row_and_column_neighbours_alone() -> None:
    safe = protect(flat([[2, 20, 30], [15, 16, 17], [9, 8, 7]]), RULE)
    assert {cell: item.reason for cell, item in safe.hidden.items() if item.reason == SMALL} == {("r0", "c0"): SMALL}
    assert {cell for cell, item in safe.hidden.items() if item.reason == PROTECTS} == {
        ("r0", "c1"), ("r2", "c0"), ("r2", "c1"),
    }  # fmt: skip
    assert (safe.hidden["r0", "c0"].lowest, safe.hidden["r0", "c0"].highest) == (1, 10)


def test_a_small_count_that_nothing_can_protect_is_refused() -> None:
    with pytest.raises(UsageError, match="whatever else is hidden"):
        protect(Table(("lane",), {("red",): 2}), RULE)
    with pytest.raises(UsageError, match="whatever else is hidden"):
        protect(Table(("lane",), {("red",): 2, ("green",): 2}), RULE)


def test_rare_values_do_not_keep_a_table_back() -> None:
    safe = protect(flat([[1, 20, 30], [1, 16, 17], [1, 8, 7]]), RULE)
    assert all(item.highest - item.lowest >= RULE.protection for item in safe.hidden.values())
    assert {("r0", "c0"), ("r1", "c0"), ("r2", "c0"), (ALL, "c0")} < set(safe.hidden)


def test_totals_add_up_over_nested_rows() -> None:
    facts = [
        {"month": month, "lane": lane, "destination": country}
        for month, lane, country, times in (
            ("2026-01", "red", "YY", 4), ("2026-01", "green", "XB", 5), ("2026-02", "red", "YY", 7),
        )
        for _ in range(times)
    ]  # fmt: skip
    table = count(("month", "lane", "destination"), facts)
    assert table.cells[ALL, ALL, ALL] == 16
    assert table.cells[ALL, ALL, "YY"] == 11
    assert table.cells["2026-01", ALL, ALL] == 9
    assert table.cells["2026-01", "red", "YY"] == 4
    assert table.cells["2026-02", "red", "XB"] == 0
    assert (ALL, "red", "YY") not in table.cells
    assert list(table.cells)[:3] == [(ALL, ALL, ALL), (ALL, ALL, "XB"), (ALL, ALL, "YY")]
    for cell in table.cells:
        tail, head = table.ends(cell)
        assert tail != head


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("pqr")), min_size=12, max_size=80
    ),
    st.data(),
)
def test_two_tables_of_the_same_cases_tell_no_more_together(
    cases: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    """Any way to fill the hidden cells of one goes with any way to fill those of the other: there are cases that look like both."""
    facts = [dict(zip(("lane", "decision", "direction"), case, strict=True)) for case in cases]
    tables = [count(("lane", "decision"), facts), count(("direction",), facts)]
    safe = [protected(table) for table in tables]
    if None in safe:
        return
    filled = [_filled(item, data) for item in safe if item is not None]
    guessed = [{**left, **right} for left, right in zip(*filled, strict=True)]
    for table, item in zip(tables, safe, strict=True):
        assert item is not None
        assert fits(table, item.hidden, count(table.dimensions, guessed).cells)


def _filled(safe: Safe, data: st.DataObject) -> list[dict[str, str]]:
    """Cases that look like a released table: the real ones, or those of a hidden cell's lowest or highest count."""
    shown: Mapping[Cell, int] = safe.table.cells
    if safe.hidden:
        network = Network(safe.table, RULE)
        for cell in safe.hidden:
            network.hide(cell)
        cell = data.draw(st.sampled_from(sorted(safe.hidden)))
        shown = network.witness(cell, rising=data.draw(st.booleans()))
    names = safe.table.dimensions
    return [dict(zip(names, cell, strict=True)) for cell in safe.table.counts for _ in range(shown[cell])]
