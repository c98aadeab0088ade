"""Serial numbers licensed against serial numbers seen: missing, extra, seen twice, mistyped.

Two numbers are the same when only case, blanks and marks between their parts differ. One is a slip of another when they differ
in letters and digits that are taken for each other, or by one sign: such a pair is shown side by side, and nobody decides it
but the officer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from border_kit.findings import Json
from border_kit.text import clean_line

MOST = 10_000
"""Serial numbers of one sheet."""
_LOOK_ALIKE = str.maketrans("OQDILZSBG", "000112586")
"""Signs that are taken for each other on type plates and by readers of print."""
_SHORTEST = 5
"""Of shorter numbers one sign is too much of them to be a slip."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an inspection found. `mistyped` pairs (licensed, seen); `twice` counts each number seen more than once."""

    matched: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    mistyped: tuple[tuple[str, str], ...]
    twice: tuple[tuple[str, int], ...]

    @property
    def clean(self) -> bool:
        """True when every number licensed was seen once, and no other."""
        return not (self.missing or self.extra or self.mistyped or self.twice)

    def to_json(self) -> dict[str, Json]:
        """As the event and the sheet keep it."""
        return {
            "matched": list(self.matched),
            "missing": list(self.missing),
            "extra": list(self.extra),
            "mistyped": [{"licensed": left, "seen": right} for left, right in self.mistyped],
            "seen_twice": [{"seen": number, "times": times} for number, times in self.twice],
        }


def inspect(licensed: Iterable[str], seen: Iterable[str]) -> Inspection:
    """Hold what was seen against what is licensed; the order of either never matters."""
    wanted, found = _numbers(licensed), _numbers(seen)
    counts = Counter(folded for folded, _ in found)
    known, there = dict(reversed(wanted)), dict(reversed(found))
    missing = sorted(set(known) - set(there))
    extra = sorted(set(there) - set(known))
    pairs = _slips(missing, extra)
    return Inspection(
        matched=tuple(known[folded] for folded in sorted(set(known) & set(there))),
        missing=tuple(known[folded] for folded in missing if folded not in pairs),
        extra=tuple(there[folded] for folded in extra if folded not in pairs.values()),
        mistyped=tuple((known[left], there[right]) for left, right in sorted(pairs.items())),
        twice=tuple((there[folded], times) for folded, times in sorted(counts.items()) if times > 1),
    )


def _numbers(rows: Iterable[str]) -> list[tuple[str, str]]:
    """Each as (folded, as written), what is none left out."""
    shown = [clean_line(row, 80) for row, _ in zip(rows, range(MOST), strict=False)]
    pairs = (("".join(char for char in row.upper() if char.isalnum()), row) for row in shown)
    return sorted((folded, row) for folded, row in pairs if folded)


def _slips(missing: Sequence[str], extra: Sequence[str]) -> dict[str, str]:
    """Pairs that may be one number, the surest first; each number in one pair at most."""
    ranked = sorted(
        (distance, left, right)
        for left in missing
        for right in extra
        if abs(len(left) - len(right)) <= 1 and (distance := _apart(left, right)) <= 1
    )
    pairs: dict[str, str] = {}
    for _, left, right in ranked:
        if left not in pairs and right not in pairs.values():
            pairs[left] = right
    return pairs


def _apart(left: str, right: str) -> int:
    """0: only signs taken for each other differ. 1: one sign beside that. 2: other numbers."""
    one, other = left.translate(_LOOK_ALIKE), right.translate(_LOOK_ALIKE)
    if one == other:
        return 0
    if min(len(one), len(other)) < _SHORTEST:
        return 2
    return min(2, OSA.distance(one, other, score_cutoff=1))
