"""From two names to one number, with the reasons.

The score is a small logistic model with readable coefficients (`data/model.tsv`, fitted by benchmarks/screening/fit.py with
every sign fixed: no evidence against can ever raise a score). What it looks at are shares of weight, so that a common word
counts little whether it matches or not.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from functools import lru_cache

from border_kit.screening.align import Match, align
from border_kit.screening.model import Comparison, Explanation
from border_kit.screening.parse import Name, Part, parse
from border_kit.screening.tables import rows

MOST_ALIKE = 0.985
"""Names that mean the same but are not written the same stay below this."""
SAME_WORDS = 0.995
"""Names of the same folded words in the same order."""
NO_NAME = 0.3
"""The most that two names can have in common when no telling word matched (`CORP` and `Trading Company`)."""
ALL_COMMON = 0.9
"""The most for names of common words alone of which (nearly) all agree (`Ministry of Tourism of Samplia`)."""
CLASH = 0.45
"""The most for names whose numbers differ, or whose words stand on opposite sides of bin, ibn or ben."""
PART = 0.95
"""The most when only a part of a name, its brackets or what is without them, agrees."""
FAMILY_ALONE = 0.68
"""The most for one word of a person's name against a name of several: a weak hit, no alert."""
_BRACKETS = re.compile(r"\(([^()]*)\)?")


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks against two names being one party, each 0 (nothing) to about 1.

    `conflict` is weight unmatched on both sides, `extra_left` and `extra_right` what only the query or the listed name has;
    `fuzz` is how far matched words differ, `worst` how far the worst of them does, `thin` how little telling weight matched
    where something is amiss (a name that agrees in full needs no rare word), `lone` that only one
    of the query's several words matched, `part` that the query is one word of a listed name of several; `initials` the share matched by initials alone; `order`, `number`, `legal` are contradictions; `half_number` a
    number that only one name has.
    """

    conflict: float = 0.0
    extra_left: float = 0.0
    extra_right: float = 0.0
    fuzz: float = 0.0
    worst: float = 0.0
    strangers: float = 0.0
    bare: float = 0.0
    thin: float = 0.0
    lone: float = 0.0
    part: float = 0.0
    initials: float = 0.0
    legal: float = 0.0
    half_number: float = 0.0
    number: float = 0.0
    order: float = 0.0


_FEATURES = tuple(Features.__dataclass_fields__)


def values(found: Features) -> tuple[float, ...]:
    """The features in the order of their names."""
    return tuple(getattr(found, name) for name in _FEATURES)


@lru_cache(maxsize=1)
def coefficients() -> dict[str, tuple[float, tuple[float, ...]]]:
    """For persons and others: the constant, and the cost of each feature in the order of Features."""
    table: dict[str, dict[str, float]] = {}
    for kind, feature, value in rows("model.tsv"):
        table.setdefault(kind, {})[feature] = float(value)
    return {kind: (row["constant"], tuple(row.get(name, 0.0) for name in _FEATURES)) for kind, row in table.items()}


def compare(left: str, right: str, kind: str | None = None) -> Comparison:
    """Compare a query with a listed name, no catalog needed.

    The same string scores 1.0. Any string is answered; of a very long one only the beginning is compared.
    """
    if left == right:
        return Comparison(1.0, (Explanation("name", left[:200], right[:200], "identical", 1.0, 1.0),))
    return compare_names(parse(left[:2000], kind), parse(right[:2000], kind))


def compare_names(left: Name, right: Name) -> Comparison:
    """Compare two parsed names; a name that gives another in brackets is tried as either."""
    best = _compared(left, right, 1.0)
    if best.score < PART and ("(" in left.text or "(" in right.text):
        for one, other in itertools.product(variants(left), variants(right)):
            if one is not left or other is not right:
                tried = _compared(one, other, PART)
                best = tried if tried.score > best.score else best
    return best


def _compared(left: Name, right: Name, most: float) -> Comparison:
    matches = align(left, right)
    score, clash = score_of(left, right, matches)
    return Comparison(round(min(most, score), 4), (*_clashes(clash), *explain(left, right, matches)))


def variants(name: Name) -> list[Name]:
    """A name, what it is without its brackets, and what stands in them where that can be a name of its own."""
    outside = " ".join(_BRACKETS.sub(" ", name.text).split())
    inside = [text for text in _BRACKETS.findall(name.text)[:2] if len(text) > 3]  # noqa: PLR2004 - `(HK)` is none
    if outside == name.text or not outside:
        return [name]
    others = [parse(text, name.kind) for text in (outside, *inside)]
    return [name, *(other for other in others if any(part.role in {"name", "family"} for part in other.parts))]


def score_of(left: Name, right: Name, matches: tuple[Match, ...]) -> tuple[float, Features]:
    """The score, and what spoke against."""
    found = features(left, right, matches)
    if not left.parts or not right.parts:
        return 0.0, found
    if left.folded == right.folded and not (left.cut or right.cut):
        return SAME_WORDS, found
    constant, costs = coefficients()["person" if left.is_person and right.is_person else "other"]
    against = sum(cost * value for cost, value in zip(costs, values(found), strict=True))
    score = MOST_ALIKE * _logistic(constant - against) / _logistic(constant)
    if found.number or found.order:
        score = min(score, CLASH)
    if found.part and left.is_person and right.is_person:
        score = min(score, FAMILY_ALONE)
    if not any(_tells(left, right, match) for match in matches):
        score = min(score, ALL_COMMON if _all_common(left, right, matches) else NO_NAME)
    return score, found


def _all_common(left: Name, right: Name, matches: tuple[Match, ...]) -> bool:
    """Whether common words are all there is, and so many agree that they make a name.

    That is three words of which nearly all agree, or all of two, one of which may be the class of the legal form.
    """
    words = sum(left.parts[match.left[0]].role in {"generic", "place", "number"} for match in matches)
    legal = any(left.parts[match.left[0]].role == "legal" for match in matches)
    open_left = _open(left, [index for match in matches for index in match.left])
    open_right = _open(right, [index for match in matches for index in match.right])
    return words + legal >= 2 and max(open_left, open_right) < (0.25 if words > 2 else 0.1)  # noqa: PLR2004 - see above


def _open(name: Name, matched: list[int]) -> float:
    """The share of a name's weight that found nothing."""
    whole = sum(part.weight for part in name.parts) or 1.0
    return max(0.0, 1.0 - sum(name.parts[index].weight for index in matched) / whole)


def features(left: Name, right: Name, matches: tuple[Match, ...]) -> Features:
    """Measure what speaks against."""
    got_left = got_right = fuzz = worst = initials = telling = 0.0
    words = 0
    for match in matches:
        mass_left = sum(left.parts[index].weight for index in match.left)
        mass_right = sum(right.parts[index].weight for index in match.right)
        got_left += mass_left
        got_right += mass_right
        fuzz += (mass_left + mass_right) * (1.0 - match.score)
        if match.how == "initial" or _tells(left, right, match):
            words += max(len(match.left), len(match.right))
        if match.how == "initial":
            initials += mass_left + mass_right
        if _tells(left, right, match):
            worst = max(worst, 1.0 - match.score)
            telling += min(mass_left, mass_right) * max(0.0, (match.score - 0.6) / 0.4)
    open_left = _open(left, [index for match in matches for index in match.left])
    open_right = _open(right, [index for match in matches for index in match.right])
    both = got_left + got_right or 1.0
    clash, half = _numbers(left, right, matches)
    imperfect = min(1.0, 2.0 * open_left + 3.0 * worst + 1.5 * initials / both + math.sqrt(open_left * open_right))
    asked = _telling_words(left)
    return Features(
        conflict=math.sqrt(open_left * open_right),
        extra_left=max(0.0, open_left - open_right),
        extra_right=max(0.0, open_right - open_left),
        fuzz=fuzz / both,
        worst=worst,
        strangers=float(_stranger(left, matches, "left") and _stranger(right, matches, "right")),
        bare=float(_is_firm(left) != _is_firm(right)),
        thin=imperfect * max(0.0, 1.0 - telling / 2.0),
        lone=float(words <= 1 < asked),
        part=float(asked == 1 < _telling_words(right)),
        initials=initials / both,
        legal=_legal_clash(left, right, matches),
        half_number=half,
        number=clash,
        order=_order_clash(left, right, matches),
    )


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, value))))


def _tells(left: Name, right: Name, match: Match) -> bool:
    """Whether a match is of words that tell parties apart."""
    return match.how != "initial" and any(
        part.role in {"name", "family"}
        for part in (*(left.parts[index] for index in match.left), *(right.parts[index] for index in match.right))
    )


def _telling_words(name: Name) -> int:
    return sum(part.is_name for part in name.parts)


def _stranger(name: Name, matches: tuple[Match, ...], side: str) -> bool:
    """Whether a telling word of some weight is left over."""
    return any(
        part.role in {"name", "family"} and part.weight >= 0.35 and not _used(matches, index, side)  # noqa: PLR2004
        for index, part in enumerate(name.parts)
    )


def _is_firm(name: Name) -> bool:
    return any(part.role in {"generic", "legal"} for part in name.parts)


def _numbers(left: Name, right: Name, matches: tuple[Match, ...]) -> tuple[float, float]:
    """Whether numbers differ (1), and whether one name has a number that the other lacks (1)."""
    open_left = [
        part for index, part in enumerate(left.parts) if part.role == "number" and not _used(matches, index, "left")
    ]
    open_right = [
        part for index, part in enumerate(right.parts) if part.role == "number" and not _used(matches, index, "right")
    ]
    return float(bool(open_left and open_right)), float(bool(open_left) != bool(open_right))


def _used(matches: tuple[Match, ...], index: int, side: str) -> bool:
    return any(index in (match.left if side == "left" else match.right) for match in matches)


def _legal_clash(left: Name, right: Name, matches: tuple[Match, ...]) -> float:
    both = all(any(part.role == "legal" for part in name.parts) for name in (left, right))
    agree = any(left.parts[match.left[0]].role == "legal" for match in matches)
    return float(both and not agree)


def _order_clash(left: Name, right: Name, matches: tuple[Match, ...]) -> float:
    """Father and son exchanged: words before the first bin on one side stand behind it on the other, both ways."""
    if not left.is_person or not right.is_person:
        return 0.0
    forward = backward = False
    for match in matches:
        if not _tells(left, right, match):
            continue
        one = left.parts[match.left[0]].generation
        other = right.parts[match.right[0]].generation
        forward |= one == 0 < other
        backward |= other == 0 < one
    return float(forward and backward)


def explain(left: Name, right: Name, matches: tuple[Match, ...]) -> tuple[Explanation, ...]:
    """Word by word: what stands for what and how, then what is left over on either side."""
    whole = sum(part.weight for part in left.parts) or 1.0
    found: list[Explanation] = []
    for match in matches:
        ours = [left.parts[index] for index in match.left]
        theirs = [right.parts[index] for index in match.right]
        weight = sum(part.weight for part in ours) / whole
        found.append(Explanation("word", _text(ours), _text(theirs), match.how, weight, match.score))
    found += [
        Explanation("word", part.text, None, _left_over(part, "extra"), part.weight / whole)
        for index, part in enumerate(left.parts)
        if not _used(matches, index, "left")
    ]
    found += [
        Explanation("word", None, part.text, _left_over(part, "missing"), part.weight / whole)
        for index, part in enumerate(right.parts)
        if not _used(matches, index, "right")
    ]
    return tuple(found)


def _text(parts: list[Part]) -> str:
    return " ".join(part.text for part in parts)


_PLAIN = {
    "legal": "legal form",
    "generic": "generic",
    "honorific": "title",
    "particle": "particle",
    "patronym": "particle",
}


def _left_over(part: Part, how: str) -> str:
    word = _PLAIN.get(part.role)
    return f"{how} {word}" if word else how


def _clashes(found: Features) -> tuple[Explanation, ...]:
    notes = {"number": "numbers differ", "order": "order of father and son differs", "legal": "legal forms differ"}
    return tuple(Explanation("name", None, None, how) for field, how in notes.items() if getattr(found, field))
