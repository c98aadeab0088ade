"""From two names to one number, with the reasons.

The score is a small logistic model with readable coefficients (`data/model.tsv`, fitted by benchmarks/screening/fit.py with
every sign fixed: no evidence against can ever raise a score). What it looks at are shares of weight, so that a common word
counts little whether it matches or not (`features`). A few rules stand above it: numbers and the order of father and son
decide, a family name alone is a weak hit, and common words alone are no name unless nearly all of them agree.
"""

from __future__ import annotations

import itertools
import math
import operator
import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from border_kit.screening.align import Match, align
from border_kit.screening.chance import NEARLY, by_chance
from border_kit.screening.features import NAMES, Features, features, tells, values, weight_of
from border_kit.screening.model import Comparison, Explanation
from border_kit.screening.parse import Name, parse
from border_kit.screening.parts import Part
from border_kit.screening.spoken import in_characters, spoken
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
WEAK = 0.68
"""The most for a weak hit, which is shown and is no alert: one word of a person's name of several, or what agrees by chance in a search."""
FAMILY_SHOWN = 0.55
"""The least for the family name alone against a person's name of several words."""
SLIPPED, SLIPPED_SHORT = 0.62, 0.51
"""The least in a search for a name that is one slip of the hand away, in a word of five letters or more, or in a shorter one."""
_BRACKETS = re.compile(r"\(([^()]*)\)?")


@lru_cache(maxsize=1)
def coefficients() -> dict[str, tuple[float, tuple[float, ...]]]:
    """For persons and others: the constant, and the cost of each feature in the order of `features.NAMES`."""
    table: dict[str, dict[str, float]] = {}
    for kind, feature, value in rows("model.tsv"):
        table.setdefault(kind, {})[feature] = float(value)
    return {kind: (row["constant"], tuple(row.get(name, 0.0) for name in NAMES)) for kind, row in table.items()}


def compare(left: str, right: str, kind: str | None = None) -> Comparison:
    """Compare a query with a listed name, no catalog needed.

    The same string scores 1.0. Any string is answered; of a very long one only the beginning is compared.
    """
    if left == right:
        return Comparison(1.0, (Explanation("name", left[:200], right[:200], "identical", 1.0, 1.0),))
    return compare_names(parse(left[:2000], kind), parse(right[:2000], kind))


def compare_names(left: Name, right: Name, *, among_many: bool = False, reasons_from: float = 0.0) -> Comparison:
    """Compare two parsed names; a name that gives another in brackets is tried as either.

    A score below `reasons_from` comes without its reasons, which nobody will read.

    `among_many`: the listed name was looked for among thousands, where some always come near by chance; common names
    and parts of names then count for less than between two names that something else brought together.
    """
    best_left, best_right = left, right
    score, found, matches = _scored(left, right, among_many=among_many)
    chance = ""
    if score < PART and ("(" in left.text or "(" in right.text):
        for one, other in itertools.product(variants(left), variants(right)):
            if one is left and other is right:
                continue
            tried, against, aligned = _scored(one, other, among_many=among_many)
            if min(PART, tried) > score:
                best_left, best_right, score, found, matches = one, other, min(PART, tried), against, aligned
    for one, other in _in_other_tongues(left, right) if score < PART else ():
        tried, against, aligned = _scored(one, other, among_many=among_many)
        if tried > score:
            best_left, best_right, score, found, matches = one, other, tried, against, aligned
    if among_many and WEAK < score < SAME_WORDS and (chance := by_chance(best_left, best_right, matches, found)):
        score = WEAK
    if score < reasons_from:
        return Comparison(round(score, 4), ())
    notes = (*_clashes(found), *([Explanation("name", chance, None, "may be chance")] if chance else []))
    return Comparison(round(score, 4), (*notes, *explain(best_left, best_right, matches)))


def _in_other_tongues(left: Name, right: Name) -> list[tuple[Name, Name]]:
    """The pair with the side that is in Chinese characters read in other ways, where the other side is not."""
    ours = in_characters(left)
    if ours == in_characters(right):
        return []
    return [(one, right) for one in spoken(left)] if ours else [(left, other) for other in spoken(right)]


def _scored(left: Name, right: Name, *, among_many: bool) -> tuple[float, Features, tuple[Match, ...]]:
    matches = align(left, right)
    return *score_of(left, right, matches, among_many=among_many), matches


@lru_cache(maxsize=512)
def variants(name: Name) -> tuple[Name, ...]:
    """A name, what it is without its brackets, and what stands in them where that can be a name of its own."""
    outside = " ".join(_BRACKETS.sub(" ", name.text).split())
    inside = [text for text in _BRACKETS.findall(name.text)[:2] if len(text) > 3]  # `(HK)` is none
    if outside == name.text or not outside:
        return (name,)
    others = [parse(text, name.kind) for text in (outside, *inside)]
    whole, *rest = others
    return (name, whole, *(other for other in rest if any(part.role in {"name", "family"} for part in other.parts)))


def score_of(left: Name, right: Name, matches: Sequence[Match], *, among_many: bool = False) -> tuple[float, Features]:
    """The score, and what spoke against."""
    found = features(left, right, matches)
    if not left.parts or not right.parts:
        return 0.0, found
    if left.folded == right.folded and not (left.cut or right.cut):
        return SAME_WORDS, found
    person = left.is_person and right.is_person
    constant, costs = coefficients()[_MODELS[person, among_many]]
    against = sum(map(operator.mul, costs, values(found)))
    score = MOST_ALIKE * _logistic(_softened(constant - against, among_many=among_many)) / _logistic(constant)
    if found.number or found.order:
        score = min(score, CLASH)
    if found.part and person:
        score = min(score, WEAK)
        if found.worst <= NEARLY and any(right.parts[match.right[0]].role == "family" for match in matches):
            score = max(score, FAMILY_SHOWN)
    if found.telling == 0.0 and not any(tells(left, right, match) for match in matches):
        score = min(score, ALL_COMMON if _is_name(found, among_many=among_many) else NO_NAME)
    if among_many and score < SLIPPED and not found.order:
        score = max(score, _slip(left.folded, right.folded) or _slip(_letters(left.text), _letters(right.text)))
    return score, found


def _slip(left: str, right: str) -> float:
    """The least for two names of the same folded words in any order, all but one slip of the hand in one of them; else 0.

    One slip in a short word makes another name as often as not, and one digit another number; yet who typed it wants to see it.
    """
    if abs(len(left) - len(right)) > 1 or len(left) < _LEAST_SLIPPED:
        return 0.0
    ours, theirs = left.split(), right.split()
    for text in tuple(ours):
        if text in theirs:
            ours.remove(text)
            theirs.remove(text)
    one, other = "".join(ours), "".join(theirs)
    if one == other:
        return SLIPPED
    if one.isdigit() or other.isdigit() or OSA.distance(one, other, score_cutoff=1) > 1:
        return 0.0
    return SLIPPED if max(len(one), len(other)) >= _LEAST_SLIPPED else SLIPPED_SHORT


@lru_cache(maxsize=256)
def _letters(text: str) -> str:
    """The words as written: a slip may hide what the tables would have read in a word (Abdelkdaer, S.AA.R.L.)."""
    return " ".join(_WRITTEN.findall(text.casefold()))


_WRITTEN = re.compile(r"\w+")
_LEAST_SLIPPED = 5
_SAYS_ENOUGH = 0.45
"""Weight of common words that make a name: `Trading Company` has half of it, `Navy of Samplia` more."""
_MODELS = {
    (True, False): "person",
    (False, False): "other",
    (True, True): "person among many",
    (False, True): "other among many",
}


def _is_name(found: Features, *, among_many: bool) -> bool:
    """Whether common words are all that agrees, and so many do that they make a name.

    In a search that is all of two words, one of which may be the class of the legal form, nearly all of three, or most of four;
    between two names that something else brought together, words that say enough do.
    """
    if not among_many and found.said >= _SAYS_ENOUGH:
        return True
    left_over = found.conflict + found.extra_left + found.extra_right
    allowed = {0: -1.0, 1: -1.0, 2: 0.1, 3: 0.25}.get(int(found.common), 0.35)
    return left_over < allowed and not found.strangers


_ALERT_AT = 0.9
"""Where the logistic of the model crosses the alert line."""
_SOFT = 0.5


def _softened(value: float, *, among_many: bool) -> float:
    """Below the alert line a search falls off slowly: what is a slip away is still worth showing."""
    return _ALERT_AT + _SOFT * (value - _ALERT_AT) if among_many and value < _ALERT_AT else value


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, value))))


def explain(left: Name, right: Name, matches: Sequence[Match]) -> tuple[Explanation, ...]:
    """Word by word: what stands for what and how, then what is left over on either side."""
    whole = sum([part.weight for part in left.parts]) or 1.0
    found: list[Explanation] = []
    taken: list[int] = []
    taken_right: list[int] = []
    for some, others, how, score in matches:
        taken += some
        taken_right += others
        weight = weight_of(left.parts, some) / whole
        found.append(Explanation("word", _text(left.parts, some), _text(right.parts, others), how, weight, score))
    for index, part in enumerate(left.parts):
        if index not in taken:
            found.append(Explanation("word", part.text, None, _left_over(part, "extra"), part.weight / whole))
    for index, part in enumerate(right.parts):
        if index not in taken_right:
            found.append(Explanation("word", None, part.text, _left_over(part, "missing"), part.weight / whole))
    return tuple(found)


def _text(parts: Sequence[Part], some: tuple[int, ...]) -> str:
    return parts[some[0]].text if len(some) == 1 else " ".join([parts[index].text for index in some])


_PLAIN = {
    "legal": "legal form",
    "generic": "generic",
    "filler": "generic",
    "honorific": "title",
    "particle": "particle",
    "patronym": "particle",
}


def _left_over(part: Part, how: str) -> str:
    word = _PLAIN.get(part.role)
    return f"{how} {word}" if word else how


def _clashes(found: Features) -> tuple[Explanation, ...]:
    return tuple([Explanation("name", None, None, how) for feature, how in _CLASHES if getattr(found, feature)])


_CLASHES = (
    ("number", "numbers differ"),
    ("order", "order of father and son differs"),
    ("legal", "legal forms differ"),
    ("gender", "a man's and a woman's name"),
)
