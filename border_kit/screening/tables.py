"""Reading the reference tables of the package: tab-separated text, one fact a line, `#` for remarks and sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).with_name("data")
"""Where the tables stand; each names its sources in its first lines."""


def rows(name: str) -> Iterator[tuple[str, ...]]:
    """The cells of every line of a table, without remarks and empty lines."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))


def words_of(cell: str) -> list[str]:
    """The forms that one cell holds, separated by semicolons."""
    return [form.strip() for form in cell.split(";") if form.strip()]
