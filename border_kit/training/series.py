"""Which scenarios a series holds: a warm-up at even odds with feedback, an exam at low prevalence without.

At one signal in twenty officers see few and miss more (Wolfe and others 2005, "Rare items often missed in visual searches"):
so the exam has the odds of the post, and the warm-up those at which one learns. Both are drawn in strata: so many signals, so
many clean shipments, and of each as many of every difficulty as there are among the scenarios. The same seed draws the same
series anywhere.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from border_kit.errors import InputError, UsageError
from border_kit.training import variants
from border_kit.training.grading import LEAST
from border_kit.training.model import Class

Kind = Literal["warm_up", "exam"]

SHARE: Mapping[Kind, int] = {"warm_up": 50, "exam": 5}
"""Signals in a hundred shipments, where the trainer names no share."""

_TRIES = 200
"""Seeds tried for a variant that has not come yet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scenario that may come: its class, its difficulty (1 to 3), and the fields that a seed draws."""

    id: str
    kind: Class
    difficulty: int = 1
    fields: variants.Fields = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One shipment of a series: a scenario, drawn with a seed."""

    scenario: str
    seed: int


def signals(kind: Kind, count: int, share: int | None = None) -> int:
    """How many of `count` shipments are signals.

    Args:
        kind: `warm_up` or `exam`; each has a share of its own.
        count: how many shipments.
        share: signals in a hundred, taken at its word and rounded down (but never none, and never all). Left out, it is the
            kind's own, and the series holds two of each class at least where it has four shipments.

    Raises:
        UsageError: a series of fewer than two cannot hold both; a share of 0 or 100 tells nothing apart.
    """
    if count < 2:  # one of each
        raise UsageError(
            "series_short", "A series has two shipments at least: a signal and a clean one.", "Ask for more."
        )
    if share is not None and not 0 < share < 100:  # per cent
        raise UsageError(
            "share_unusable", f"A share of {share} per cent leaves nothing to tell apart.", "Name 1 to 99."
        )
    least = LEAST if share is None and count >= 2 * LEAST else 1
    wanted = count * (SHARE[kind] if share is None else share) // 100
    return min(max(wanted, least), count - least)


def draw(
    candidates: Iterable[Candidate],
    kind: Kind,
    count: int,
    seed: int,
    *,
    share: int | None = None,
    before: Collection[Item] = (),
) -> tuple[Item, ...]:
    """Draw a series.

    Args:
        candidates: the scenarios that may come.
        kind: `warm_up` or `exam`.
        count: how many shipments.
        seed: of the draw.
        share: signals in a hundred shipments; None is the kind's own (`signals`).
        before: what the same class draws elsewhere; those scenarios come again only once every other has come.

    Raises:
        UsageError: as `signals` does.
        InputError: there is no scenario of a class that is needed.
    """
    known = {item.id: item for item in candidates}
    wanted = signals(kind, count, share)
    used = Counter(item.scenario for item in before)
    parts: tuple[tuple[Class, int], ...] = (("signal", wanted), ("noise", count - wanted))
    chosen = [
        name
        for of, number in parts
        for name in _take([item for item in known.values() if item.kind == of], number, f"{seed}:{kind}:{of}", used)
    ]
    seen = {(item.scenario, _values(known[item.scenario], item.seed)) for item in before if item.scenario in known}
    items = [_variant(known[name], f"{seed}:{kind}:{place}", seen) for place, name in enumerate(chosen)]
    return tuple(sorted(items, key=lambda item: _number(seed, "order", item.seed, item.scenario)))


def _take(found: Sequence[Candidate], count: int, key: str, used: Counter[str]) -> list[str]:
    """So many names; each comes once before any comes again."""
    if count and not found:
        what = "signal" if key.endswith("signal") else "clean"
        raise InputError(
            "series_lacks", f"There is no {what} scenario to draw from.", "Name another folder of modules."
        )
    taken: list[str] = []
    while len(taken) < count:
        least = min(used[item.id] for item in found)
        fresh = [item for item in found if used[item.id] == least]
        names = _mixed(fresh, f"{key}:{least}")[: count - len(taken)]
        used.update(names)
        taken += names
    return taken


def _mixed(found: Iterable[Candidate], key: str) -> list[str]:
    """Names in an order of which every beginning holds the difficulties as all of them do (systematic sampling)."""
    places: list[tuple[float, int, str]] = []
    strata: dict[int, list[str]] = {}
    for item in found:
        strata.setdefault(item.difficulty, []).append(item.id)
    for difficulty, names in strata.items():
        offset = _number(key, "offset", difficulty) / 2**64
        names.sort(key=lambda name: (_number(key, name), name))
        places += [((rank + offset) / len(names), difficulty, name) for rank, name in enumerate(names)]
    return [name for _, _, name in sorted(places)]


def _variant(candidate: Candidate, key: str, seen: set[tuple[str, str]]) -> Item:
    """A scenario with a seed that draws a variant which has not come yet, as long as one is found."""
    numbers = [_number(key, "variant", candidate.id, attempt) % 2**31 for attempt in range(_TRIES)]
    fresh = (number for number in numbers if (candidate.id, _values(candidate, number)) not in seen)
    number = next(fresh, numbers[0])
    seen.add((candidate.id, _values(candidate, number)))
    return Item(candidate.id, number)


def _values(candidate: Candidate, seed: int) -> str:
    """What a seed draws, as text that can be compared; a scenario without fields is another one with every seed."""
    drawn = variants.draw(candidate.fields, seed)
    return repr(sorted(drawn.items())) if drawn else str(seed)


def _number(*parts: object) -> int:
    text = ":".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
