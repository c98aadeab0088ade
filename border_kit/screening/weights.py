"""How much a word counts: rare words much, common ones little, grammar and forms hardly.

The counts ship with the package (`data/weights.tsv`): aggregate numbers of entities in public lists in which a sound
stands, for sounds of three or more entities, and shares of common names among people, made by
benchmarks/screening/make_weights.py. No name can be read back. Business words are counted by what they mean, not by how
they are written.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from border_kit.screening.letters import Word, word
from border_kit.screening.tables import rows

if TYPE_CHECKING:
    from border_kit.screening.lexicon import Role

COUNTED_BY_MEANING = frozenset({"filler", "generic", "place"})
"""Roles of words that are one word in every language."""
_LEAST_RARITY = 0.15


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

    def rarity(self, keys: Word, *, person: bool) -> float:
        """0.15 for the commonest words to 1 for those that stand in fewer than three entities; firms are named after people too, if more rarely."""
        if keys.bare:
            count = float(self.skeletons.get(keys.skeleton, _RARE))
        elif person:
            count = float(self.persons.get(keys.sound, _RARE))
        else:
            count = max(float(self.others.get(keys.sound, _RARE)), _NAMED_AFTER * self.persons.get(keys.sound, 0))
        if count <= _RARE:
            return 1.0
        total = self.totals["person" if person else "other"]
        return max(_LEAST_RARITY, min(1.0, math.log(total / count) / math.log(total / _RARE)))


_RARE = 2
"""The entities that have a word of which nothing is counted."""
_NAMED_AFTER = 0.4
"""The share of a name's bearers by which it is taken to be common among firms."""


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The package's counts, read once."""
    found: dict[str, dict[str, int]] = {"person": {}, "other": {}, "skeleton": {}, "total": {}}
    for table, key, count in rows("weights.tsv"):
        found[table][key] = int(count)
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
    "filler": (0.3, 0.16),
    "generic": (0.5, 0.36),
    "place": (0.6, 0.45),
    "number": (0.0, 0.5),
}
_NAMES = frozenset({"name", "family"})
_FEW_LETTERS = 5
"""Two letters say less than eight, however rare they are."""
_FAMILY = 1.2
"""A family name tells more than a given name of the same rarity."""
HALF_WORDS = frozenset({"abd", "عبد", "allah", "الله", "din", "دين"})
"""Words that only complete another (Rahmat Allah, Abd Rahman, Husam al-Din): they hardly tell persons apart."""
_HALF_WORD = 0.18
_SYLLABLE = re.compile("(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h|ts|hs|kk|tt|pp|ss|jj)?(?:[aeiouwy]{1,3})(?:ng|[nklmp])?")
"""One syllable as Chinese and Korean have them, in any romanisation: there are a few hundred, and each is half a name."""
_ONE_SYLLABLE = 0.6


def weight(text: str, keys: Word, role: Role, canon: str, *, person: bool) -> float:
    """How much a word counts in the name of a person, or in another."""
    if role not in _NAMES:
        share, most = _ROLE_WEIGHTS[role]
        if not share:
            return most
        meaning = word(canon) if role in COUNTED_BY_MEANING else keys
        return round(min(most, share * weights().rarity(meaning, person=person)), 3)
    found = weights().rarity(keys, person=person)
    if len(keys.latin) <= _FEW_LETTERS:
        found *= min(1.0, 0.55 + 0.09 * len(keys.latin))
    if role == "family":
        found *= _FAMILY
    elif text in HALF_WORDS:
        found = min(found, _HALF_WORD)
    elif not person and _SYLLABLE.fullmatch(keys.latin):
        found = min(found, _ONE_SYLLABLE)
    return round(found, 3)
