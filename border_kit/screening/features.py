"""What speaks against two names being one party: measured on their aligned words, each a number from 0 to about 1."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from border_kit.screening.align import Match
from border_kit.screening.letters import word
from border_kit.screening.parse import Name, Part

_TELLING = frozenset({"name", "family"})
_COMMON = frozenset({"filler", "generic", "place"})
_FIRM = frozenset({"filler", "generic", "legal"})
_CONTENT = frozenset({"name", "family", "generic", "place"})
_HEAVY = 0.12
_STRANGER = 0.35
"""A telling word of so much weight that is left over is another name."""
_FEMALE = re.compile(r"(?:[oe]vna|[ao]una|euna|ivna|inichna|kyzy|qizi|kizi)$")
_MALE = re.compile(r"(?:[oae]vich|[oae]vych|[oe]vitch|[oe]wicz|iyovych|oglu|ogly|ogli|uulu)$")


class Features(NamedTuple):
    """What speaks against two names being one party, each 0 (nothing) to about 1.

    Shares of weight: `conflict` is what is unmatched on both sides, `extra_left` and `extra_right` what only the query or
    the listed name has; `fuzz` is how far matched words differ, `worst` how far the worst telling one does; `initials` the
    share matched by initials alone. `strangers`: both have a telling word that the other lacks; `family`: so have their
    family names; `sector`: firms that each have a word for what they do, where or as whom that the other lacks;
    `bare`: one is a firm by its words, the other not;
    `thin`: how little telling weight matched where something is amiss (a name that agrees in full needs no rare word);
    `lone`: only one of the query's several words matched; `part`: the query is one word of a listed name of several.
    Contradictions: `order` (father and son), `number`, `half_number` (one that only one name has), `legal`, `gender`.
    """

    conflict: float = 0.0
    extra_left: float = 0.0
    extra_right: float = 0.0
    fuzz: float = 0.0
    worst: float = 0.0
    strangers: float = 0.0
    family: float = 0.0
    sector: float = 0.0
    bare: float = 0.0
    thin: float = 0.0
    lone: float = 0.0
    part: float = 0.0
    initials: float = 0.0
    legal: float = 0.0
    half_number: float = 0.0
    number: float = 0.0
    order: float = 0.0
    gender: float = 0.0
    telling: float = 0.0
    """Not against: how much telling weight matched (no cost)."""
    common: float = 0.0
    """Not against: how many common words matched (no cost)."""
    said: float = 0.0
    """Not against: how much weight of common words matched, legal forms apart (no cost)."""


_NOT_AGAINST = 3
NAMES = Features._fields[:-_NOT_AGAINST]
"""The features that cost, in the order of the model."""


@dataclass(slots=True)
class _Side:
    """One name while it is measured: which of its words are used, and its weight."""

    parts: Sequence[Part]
    used: list[bool]
    whole: float

    @classmethod
    def of(cls, name: Name) -> _Side:
        weight = 0.0
        for part in name.parts:
            weight += part.weight
        return cls(name.parts, [False] * len(name.parts), weight or 1.0)

    def take(self, indices: tuple[int, ...]) -> float:
        """Mark words as matched; their weight."""
        weight = 0.0
        for index in indices:
            self.used[index] = True
            weight += self.parts[index].weight
        return weight

    def open(self) -> list[Part]:
        """The words that found nothing."""
        return [part for part, used in zip(self.parts, self.used, strict=True) if not used]


def tells(left: Name, right: Name, match: Match) -> bool:
    """Whether a match is of words that tell parties apart."""
    if match.how == "initial":
        return False
    return any(left.parts[index].role in _TELLING for index in match.left) or any(
        right.parts[index].role in _TELLING for index in match.right
    )


def features(left: Name, right: Name, matches: Sequence[Match]) -> Features:
    """Measure what speaks against."""
    ours, theirs = _Side.of(left), _Side.of(right)
    both = fuzz = worst = initials = telling = said = 0.0
    words = common = 0
    legal = False
    forward = backward = False
    got_left = got_right = 0.0
    for match in matches:
        mass_left, mass_right = ours.take(match.left), theirs.take(match.right)
        got_left += mass_left
        got_right += mass_right
        mass = mass_left + mass_right
        both += mass
        far = 1.0 - match.score
        fuzz += mass * far
        first, second = left.parts[match.left[0]], right.parts[match.right[0]]
        if match.how == "initial":
            initials += mass
            words += 1
        elif tells(left, right, match):
            words += max(len(match.left), len(match.right))
            worst = max(worst, far)
            telling += min(mass_left, mass_right) * max(0.0, (match.score - 0.6) / 0.4)
            forward |= first.generation == 0 < second.generation
            backward |= second.generation == 0 < first.generation
        else:
            common += first.role in _COMMON or first.role == "number"
            if first.role == "legal":
                legal = True
            else:
                said += min(mass_left, mass_right)
    open_left = max(0.0, 1.0 - got_left / ours.whole)
    open_right = max(0.0, 1.0 - got_right / theirs.whole)
    conflict = math.sqrt(open_left * open_right)
    both = both or 1.0
    imperfect = min(1.0, 2.0 * open_left + open_right + 3.0 * worst + 1.5 * initials / both + conflict)
    rest_left, rest_right = ours.open(), theirs.open()
    person = left.is_person and right.is_person
    asked, listed = _telling_words(left), _telling_words(right)
    numbers_left, numbers_right = _numbers(rest_left), _numbers(rest_right)
    return Features(
        conflict=conflict,
        extra_left=max(0.0, open_left - open_right),
        extra_right=max(0.0, open_right - open_left),
        fuzz=fuzz / both,
        worst=worst,
        strangers=min(_stranger(rest_left), _stranger(rest_right)),
        family=float(person and asked > 1 < listed and _family(rest_left) and _family(rest_right)),
        sector=0.0 if person else min(_sector(rest_left), _sector(rest_right)),
        bare=float(_is_firm(left) != _is_firm(right)),
        thin=imperfect * max(0.0, 1.0 - telling / 2.0),
        lone=float(words <= 1 < asked),
        part=float(asked == 1 < listed),
        initials=initials / both,
        legal=float(not legal and _has_legal(left) and _has_legal(right)),
        half_number=float(numbers_left != numbers_right),
        number=float(numbers_left and numbers_right),
        order=float(person and forward and backward),
        gender=float(person and _genders(left, right)),
        telling=telling,
        common=common + legal,
        said=said,
    )


def values(found: Features) -> tuple[float, ...]:
    """The features that cost, in the order of their names."""
    return found[:-_NOT_AGAINST]


def _telling_words(name: Name) -> int:
    return sum([part.is_name for part in name.parts])


def _stranger(rest: list[Part]) -> float:
    """The weight of the heaviest telling word left over, at most 1."""
    heaviest = 0.0
    for part in rest:
        if part.role in _TELLING and part.weight > heaviest:
            heaviest = part.weight
    return min(1.0, heaviest) if heaviest >= _STRANGER else 0.0


def _family(rest: list[Part]) -> bool:
    return any(part.role == "family" for part in rest)


def _sector(rest: list[Part]) -> float:
    """How much of what sets a firm apart is left over: one word is half, two are all."""
    return min(1.0, 0.5 * sum([part.role in _CONTENT and part.weight >= _HEAVY for part in rest]))


def _is_firm(name: Name) -> bool:
    return any(part.role in _FIRM for part in name.parts)


def _has_legal(name: Name) -> bool:
    return any(part.role == "legal" for part in name.parts)


def _numbers(rest: list[Part]) -> bool:
    return any(part.role == "number" for part in rest)


def _genders(left: Name, right: Name) -> bool:
    """Whether one name says a man and the other a woman."""
    one, other = gender(left.folded), gender(right.folded)
    return bool(one and other and one != other)


@lru_cache(maxsize=2048)
def gender(folded: str) -> str:
    """`m` or `f` where a patronymic or particle tells it, else empty."""
    found = ""
    for text in folded.split():
        if text in {"bint", "binti", "binte", "بنت", "mrs", "mme", "frau"}:
            return "f"
        if len(text) < 6:  # no patronymic is shorter
            continue
        latin = text if text.isascii() else word(text).latin
        if _FEMALE.search(latin):
            found = "f"
        elif _MALE.search(latin):
            found = "m"
    return found
