"""What the profile demands of statistics that an office publishes: its figures, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Publication:
    """The rule for statistics.

    Counts of 1 to `threshold` are hidden; the lowest and highest value that a reader can place a hidden one at lie `protection`
    apart; a release counts `smallest_release` cases at least; a table has up to `most_dimensions` and `most_cells`.
    """

    threshold: int
    protection: int
    smallest_release: int
    most_dimensions: int
    most_cells: int
    cite: str


def parse(document: Mapping[str, Any]) -> Publication:
    """The section `publication` as authored. Raises KeyError, TypeError, ValueError for what is none."""
    found = Publication(
        threshold=int(document["threshold"]),
        protection=int(document["protection"]),
        smallest_release=int(document["smallest_release"]),
        most_dimensions=int(document["most_dimensions"]),
        most_cells=int(document["most_cells"]),
        cite=str(document["cite"]),
    )
    if min(found.threshold, found.protection, found.most_dimensions, found.most_cells) < 1:
        raise ValueError("the figures of publication begin at 1")
    return found


def problems(rule: Publication) -> Iterator[str]:
    """What is wrong with it, in words."""
    if rule.smallest_release <= rule.threshold:
        yield "publication: a release that may be as small as a hidden count tells it"
    if not rule.cite:
        yield "publication: no citation"
