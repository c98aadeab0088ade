"""What speaks against two names being one party: measured on their aligned words, each a number from 0 to about 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from border_kit.screening.align import Match
from border_kit.screening.letters import word
from border_kit.screening.lexicon import Role
from border_kit.screening.parse import Name
from border_kit.screening.parts import Part

_TELLING = frozenset({"name", "family"})
_COMMON = frozenset({"filler", "generic", "place"})
_FIRM = frozenset({"filler", "generic", "legal"})
_CONTENT = frozenset({"name", "family", "generic", "place"})
_HEAVY = 0.12
_STRANGER = 0.35
"""A telling word of so much weight that is left over is another name."""
_FEMALE = ("ovna", "evna", "auna", "ouna", "euna", "ivna", "inichna", "kyzy", "qizi", "kizi")
_MALE = (
    *("ovich", "avich", "evich", "ovych", "avych", "evych", "ovitch", "evitch", "owicz", "ewicz"),
    *("oglu", "ogly", "ogli", "uulu"),
)


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


def tells(left: Name, right: Name, match: Match) -> bool:
    """Whether a match is of words that tell parties apart."""
    if match.how == "initial":
        return False
    for name, some in ((left, match.left), (right, match.right)):
        for index in some:
            if name.parts[index].role in _TELLING:
                return True
    return False


def features(left: Name, right: Name, matches: Sequence[Match]) -> Features:
    """Measure what speaks against."""
    ours, theirs = left.parts, right.parts
    both = fuzz = worst = initials = telling = said = got_left = got_right = 0.0
    words = common = 0
    legal = forward = backward = False
    taken: list[int] = []
    taken_right: list[int] = []
    for match in matches:
        some, others, how, score = match
        taken += some
        taken_right += others
        mass_left, mass_right = weight_of(ours, some), weight_of(theirs, others)
        mass = mass_left + mass_right
        got_left += mass_left
        got_right += mass_right
        both += mass
        far = 1.0 - score
        fuzz += mass * far
        first, second = ours[some[0]], theirs[others[0]]
        if how == "initial":
            initials += mass
            words += 1
        elif tells(left, right, match):
            words += max(len(some), len(others))
            worst = max(worst, far)
            telling += min(mass_left, mass_right) * max(0.0, (score - 0.6) / 0.4)
            forward |= first.generation == 0 < second.generation
            backward |= second.generation == 0 < first.generation
        elif first.role == "legal":
            legal = True
        else:
            common += first.role in _COMMON or first.role == "number"
            said += min(mass_left, mass_right)
    open_left = max(0.0, 1.0 - got_left / (sum([part.weight for part in ours]) or 1.0))
    open_right = max(0.0, 1.0 - got_right / (sum([part.weight for part in theirs]) or 1.0))
    conflict = math.sqrt(open_left * open_right)
    both = both or 1.0
    imperfect = min(1.0, 2.0 * open_left + open_right + 3.0 * worst + 1.5 * initials / both + conflict)
    person = left.is_person and right.is_person
    roles, roles_right = _roles(ours), _roles(theirs)
    asked, listed = _names(roles), _names(roles_right)
    rest, rest_right = _rest(ours, taken), _rest(theirs, taken_right)
    over, over_right = _roles(rest), _roles(rest_right)
    return Features(
        conflict=conflict,
        extra_left=max(0.0, open_left - open_right),
        extra_right=max(0.0, open_right - open_left),
        fuzz=fuzz / both,
        worst=worst,
        strangers=_less(_stranger, rest, rest_right),
        family=float(person and asked > 1 < listed and "family" in over and "family" in over_right),
        sector=0.0 if person else _less(_sector, rest, rest_right),
        bare=float(_FIRM.isdisjoint(roles) != _FIRM.isdisjoint(roles_right)),
        thin=imperfect * max(0.0, 1.0 - telling / 2.0),
        lone=float(words <= 1 < asked),
        part=float(asked == 1 < listed),
        initials=initials / both,
        legal=float(not legal and "legal" in roles and "legal" in roles_right),
        half_number=float(("number" in over) != ("number" in over_right)),
        number=float("number" in over and "number" in over_right),
        order=float(person and forward and backward),
        gender=float(person and _genders(left, right)),
        telling=telling,
        common=common + legal,
        said=said,
    )


def values(found: Features) -> tuple[float, ...]:
    """The features that cost, in the order of their names."""
    return found[:-_NOT_AGAINST]


def weight_of(parts: Sequence[Part], indices: tuple[int, ...]) -> float:
    """The weight of some words of a name, by index."""
    return parts[indices[0]].weight if len(indices) == 1 else sum([parts[index].weight for index in indices])


def _roles(parts: Sequence[Part]) -> list[Role]:
    return [part.role for part in parts]


def _names(roles: list[Role]) -> int:
    return roles.count("name") + roles.count("family") + roles.count("initial")


def _rest(parts: Sequence[Part], taken: list[int]) -> list[Part]:
    """The words that found nothing."""
    return [part for index, part in enumerate(parts) if index not in taken]


def _less(measure: Callable[[list[Part]], float], one: list[Part], other: list[Part]) -> float:
    """What both have, by a measure that is 0 of no words."""
    return min(measure(one), measure(other)) if one and other else 0.0


def _stranger(rest: list[Part]) -> float:
    """The weight of the heaviest telling word left over, at most 1."""
    heaviest = max([part.weight for part in rest if part.role in _TELLING], default=0.0)
    return min(1.0, heaviest) if heaviest >= _STRANGER else 0.0


def _sector(rest: list[Part]) -> float:
    """How much of what sets a firm apart is left over: one word is half, two are all."""
    return min(1.0, 0.5 * len([part for part in rest if part.role in _CONTENT and part.weight >= _HEAVY]))


def _genders(left: Name, right: Name) -> bool:
    """Whether one name says a man and the other a woman."""
    one = gender(left.folded)
    return bool(one) and gender(right.folded) not in {one, ""}


@lru_cache(maxsize=1024)
def gender(folded: str) -> str:
    """`m` or `f` where a patronymic or particle tells it, else empty."""
    found = ""
    for text in folded.split():
        if text in {"bint", "binti", "binte", "بنت", "mrs", "mme", "frau"}:
            return "f"
        if len(text) < 6:  # no patronymic is shorter
            continue
        latin = text if text.isascii() else word(text).latin
        if latin.endswith(_FEMALE):
            found = "f"
        elif latin.endswith(_MALE):
            found = "m"
    return found
