"""What the profile demands of observations from outside before they are heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outside:
    """An accepted observation is heard for `longest_days` at most; `most_standing` are heard at one time."""

    longest_days: int
    most_standing: int
    cite: str


def parse(document: Mapping[str, Any]) -> Outside:
    """The section `observations` as authored. Raises KeyError, TypeError, ValueError for what is none."""
    return Outside(int(document["longest_days"]), int(document["most_standing"]), str(document["cite"]))


def problems(rule: Outside) -> Iterator[str]:
    """What is wrong with it, in words."""
    if rule.longest_days < 1 or rule.most_standing < 1 or not rule.cite:
        yield "observations: they need days, a number and a citation"
