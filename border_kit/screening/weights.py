"""How much a word counts: rare words much, common ones little, grammar and forms hardly.

The counts ship with the package (`data/weights.tsv`): aggregate numbers of entities in public lists in which a sound
stands, for sounds of three or more entities, made by benchmarks/screening/make_weights.py. No name can be read back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from border_kit.screening.tables import rows

if TYPE_CHECKING:
    from border_kit.screening.lexicon import Role
    from border_kit.screening.parse import Part


@dataclass(frozen=True, slots=True)
class Weights:
    """Entities counted and, by sound, those in which it stands; persons and others apart."""

    persons: dict[str, int]
    others: dict[str, int]
    skeletons: dict[str, int]
    totals: dict[str, int]

    def knows(self, sound: str) -> bool:
        """Whether three or more entities have a word of this sound."""
        return sound in self.persons or sound in self.others

    def rarity(self, part: Part, *, person: bool) -> float:
        """0.15 for the commonest words to 1 for those that stand in fewer than three entities."""
        counts = self.persons if person else self.others
        keys = part.keys
        count = self.skeletons.get(keys.skeleton, 2) if keys.bare else counts.get(keys.sound, 2)
        return _rarity(count, self.totals["person" if person else "other"])


@lru_cache(maxsize=8192)
def _rarity(count: int, total: int) -> float:
    return max(0.15, math.log(total / count) / math.log(total / 2))


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The package's counts, read once."""
    found: dict[str, dict[str, int]] = {"person": {}, "other": {}, "skeleton": {}, "total": {}}
    for row in rows("weights.tsv"):
        found[row[0]][row[1]] = int(row[2])
    return Weights(found["person"], found["other"], found["skeleton"], found["total"])


# How much a role counts whatever the word: (weight of its rarity, most it may count).
_ROLE_WEIGHTS: dict[str, tuple[float, float]] = {
    "honorific": (0.0, 0.03),
    "particle": (0.0, 0.08),
    "patronym": (0.0, 0.06),
    "stop": (0.0, 0.03),
    "legal": (0.0, 0.12),
    "vessel": (0.0, 0.03),
    "initial": (0.0, 0.3),
    "generic": (0.5, 0.32),
    "place": (0.6, 0.45),
    "number": (0.0, 0.5),
}
_FAMILY = 1.2
"""A family name tells more than a given name of the same rarity."""


def weighted(parts: Sequence[Part], *, person: bool) -> tuple[Part, ...]:
    """The parts with their weights; in a person's name the last name is taken as the family's."""
    names = [index for index, part in enumerate(parts) if part.role == "name"]
    family = names[-1] if person and len(names) > 1 else -1
    return tuple([_weighted(part, person, index == family) for index, part in enumerate(parts)])


@lru_cache(maxsize=65536)
def _weighted(part: Part, person: bool, family: bool) -> Part:
    share, most = _ROLE_WEIGHTS.get(part.role, (1.0, 2.0))
    weight = min(most, share * weights().rarity(part, person=person)) if share else most
    if part.role == "name":
        # Two letters say less than eight, however rare they are.
        weight *= min(1.0, 0.55 + 0.09 * len(part.keys.latin))
    if family:
        weight *= _FAMILY
    role: Role = "family" if family else part.role
    return type(part)(part.text, part.keys, role, part.canon, part.generation, round(weight, 3))
