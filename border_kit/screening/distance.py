"""What it costs to read one word for another: edit distances of phones, where signs that are easily confused cost little."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Postfix, Prefix

from border_kit.screening.letters import letters, phones_of
from border_kit.screening.tables import rows

_OTHER = 1.3
"""The cost of any two signs that no table names."""


Swaps = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost of reading one sign for another; vowels against vowels and left out; consonants left out.

    `plain` are the signs that are best read as themselves where both words have one: no way round costs less.
    """

    swap: Swaps
    gaps: Mapping[str, float]
    readings: Swaps
    plain: str
    other: float = _OTHER
    first: float = 0.5


@lru_cache(maxsize=1)
def costs() -> Costs:
    """The package's table, read once."""
    swap: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for _, left, right, cost in rows("costs.tsv"):
        swap[left][right] = swap[right][left] = float(cost)
    for left in "aeiou":
        for right in "aeiou":
            swap[left].setdefault(right, 0.1 if {left, right} in ({"a", "e"}, {"i", "e"}, {"o", "u"}) else 0.3)
    for sign in swap:
        swap[sign][sign] = 0.0
    gaps = dict.fromkeys("aeiou", 0.5) | dict.fromkeys("hyv", 0.55)
    return Costs(dict(swap), gaps, _readings(swap), "".join(filter(lambda sign: _is_plain(sign, swap, gaps), swap)))


def _is_plain(sign: str, swap: Swaps, gaps: Mapping[str, float]) -> bool:
    """Whether no sign is read for it, and it left out, at less than that sign left out."""
    return all(gaps.get(other, _OTHER) <= gaps.get(sign, _OTHER) + cost for other, cost in swap[sign].items())


def _readings(swap: Swaps) -> Swaps:
    """Costs between a word written without its short vowels and one with all: what one letter can be read as costs little."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict, {sign: dict(some) for sign, some in swap.items()})
    for script in ("arabic", "hebrew"):
        for letter in letters().scripts[script].values():
            sounds = [phones_of(text) for text in (letter.inside, letter.start, *letter.others) if text]
            for left in sounds:
                for right in sounds:
                    if len(left) == len(right) == 1 and left != right:
                        found[left][right] = min(found[left].get(right, 1.0), 0.1)
    vowels = {
        ("a", "e"): 0.15,
        ("i", "e"): 0.0,
        ("o", "u"): 0.0,
        ("i", "y"): 0.0,
        ("u", "v"): 0.1,
        ("o", "v"): 0.1,
        ("a", "o"): 0.4,
    }
    for left in "aeiou":
        for right in "aeiou":
            found[left][right] = 0.0 if left == right else 0.6
    for (left, right), cost in vowels.items():
        found[left][right] = found[right][left] = cost
    return dict(found)


def weighted_distance(left: str, right: str) -> float:
    """Edit distance of two words of phones with the package's costs; plain signs that both begin or end with cost nothing."""
    table = costs()
    most = _HOPELESS * max(len(left), len(right))
    head = left[: Prefix.similarity(left, right)]
    start = len(head) - len(head.lstrip(table.plain))
    left, right = left[start:], right[start:]
    tail = left[len(left) - Postfix.similarity(left, right) :]
    end = len(tail) - len(tail.rstrip(table.plain))
    left, right = left[: len(left) - end], right[: len(right) - end]
    gaps, other = table.gaps, table.other
    ours, theirs = [gaps.get(char, other) for char in left], [gaps.get(char, other) for char in right]
    return _distance(left, right, ours, theirs, table.swap, most)


_VOWELS = frozenset("aeiou")
_SHORT, _LONG, _EDGE = 0.06, 0.4, 0.3
"""Costs of a vowel that is not written, of a written one that is not heard, and of one not written at an edge of a word."""


def unvowelled_distance(full: str, written: str) -> float:
    """Edit distance of a word with all its vowels from one written with the long ones only.

    Short vowels inside the word are free but for a trifle; a written vowel must be heard, and a word that begins or ends with
    a vowel is written with it.
    """
    table = costs()
    if full[:1] in _VOWELS and written[:1] == "a":
        written = full[0] + written[1:]  # an alif at the head stands for any vowel
    soft = {"h": 0.3, "y": 0.3, "v": 0.5}
    last = len(full) - 1
    gaps_full = [
        (_EDGE if index in {0, last} else _SHORT) if char in "aeiou" else soft.get(char, table.other)
        for index, char in enumerate(full)
    ]
    gaps_written = [_LONG if char in "aeiou" else soft.get(char, table.other) for char in written]
    most = _HOPELESS * max(len(full), len(written))
    return _distance(full, written, gaps_full, gaps_written, table.readings, most)


def _distance(
    left: str, right: str, gaps_left: list[float], gaps_right: list[float], swap: Swaps, most: float
) -> float:
    """Edit distance; given up, with what it costs so far, where that is more than `most`."""
    before: list[float] = []
    previous = [0.0, *itertools.accumulate(gaps_right)]
    for i, first in enumerate(left):
        gap = gaps_left[i]
        swaps = swap.get(first, _NO_SWAPS)
        turned = i > 0 and first != left[i - 1] and first + left[i - 1] in right
        last = previous[0] + gap
        row = [last]
        for j, second in enumerate(right):
            best = previous[j] if first == second else previous[j] + swaps.get(second, _OTHER)
            above = previous[j + 1] + gap
            if above < best:  # noqa: PLR1730 - min() would take half of the time of the whole comparison
                best = above
            last += gaps_right[j]
            if last < best:  # noqa: PLR1730 - as above
                best = last
            if turned and j and first == right[j - 1] and left[i - 1] == second:
                best = min(best, before[j - 1] + 0.8)
            row.append(best)
            last = best
        least = min(row)
        if least > most:
            return least
        before, previous = previous, row
    return previous[-1]


_NO_SWAPS: Mapping[str, float] = {}
_HOPELESS = 0.4
"""Costs a letter from which two words have nothing to do with each other (see LEAST)."""
