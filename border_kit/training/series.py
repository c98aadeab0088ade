"""Which scenarios a series holds: a warm-up at even odds with feedback, an exam at low prevalence without.

At one signal in twenty officers see few and miss more (Wolfe and others 2005, "Rare items often missed in visual searches"):
so the exam has the odds of the post, and the warm-up those at which one learns. The same seed draws the same series anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from border_kit.errors import InputError, UsageError
from border_kit.training.model import Class

Kind = Literal["warm_up", "exam"]

EXAM_PREVALENCE = 20
"""One signal in so many shipments of an exam, at most."""


@dataclass(frozen=True, slots=True)
class Item:
    """One shipment of a series: a scenario, drawn with a seed."""

    scenario: str
    seed: int


def draw(classes: Iterable[tuple[str, Class]], kind: Kind, count: int, seed: int) -> tuple[Item, ...]:
    """Draw a series.

    Args:
        classes: the scenarios that may come, by id, with their class.
        kind: `warm_up` (half of them signals) or `exam` (one signal in twenty at most).
        count: how many shipments.
        seed: of the draw.

    Raises:
        UsageError: too few shipments for an exam to hold a signal, or for a warm-up to hold both.
        InputError: there is no scenario of a class that is needed.
    """
    rows = sorted(classes)
    signals = count // EXAM_PREVALENCE if kind == "exam" else count // 2
    if signals < 1:
        least = EXAM_PREVALENCE if kind == "exam" else 2
        raise UsageError("series_short", f"A series of this kind has {least} shipments at least.", "Ask for more.")
    chosen = [
        *_take([name for name, of in rows if of == "signal"], signals, seed, "signal"),
        *_take([name for name, of in rows if of == "noise"], count - signals, seed, "noise"),
    ]
    items = [Item(name, _number(seed, "variant", place, name) % 2**31) for place, name in enumerate(chosen)]
    return tuple(sorted(items, key=lambda item: _number(seed, "order", item.seed, item.scenario)))


def _take(names: Sequence[str], count: int, seed: int, what: Class) -> list[str]:
    """So many names; each comes once before any comes again."""
    if not names:
        raise InputError(
            "series_lacks", f"There is no {what} scenario to draw from.", "Name another folder of modules."
        )
    found: list[str] = []
    while len(found) < count:
        found += sorted(names, key=lambda name: _number(seed, what, len(found), name))
    return found[:count]


def _number(seed: int, *parts: object) -> int:
    text = ":".join(str(part) for part in (seed, *parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
