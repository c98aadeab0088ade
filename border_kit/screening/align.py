"""Which word of one name stands for which word of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from border_kit.screening.letters import word
from border_kit.screening.parse import Name, Part
from border_kit.screening.similarity import LEAST, similarity, word_similarity

_JOINED = 0.86
"""Two words written as one are accepted when the joined word is at least this alike."""
_LENGTHS = 3
"""Letters by which a joined word may be longer or shorter."""
_WELL = 0.9
"""A word matched better than this is not given away."""
_JOINED_SHORT = 0.97
"""The same for joined words of fewer than seven letters, which meet by chance."""


@dataclass(frozen=True, slots=True)
class Match:
    """Words of the query (`left`, by index) that stand for words of the listed name (`right`), how, and how alike."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    how: str
    score: float


def align(left: Name, right: Name) -> tuple[Match, ...]:
    """The best assignment of words, each used once; words written together or apart count as one."""
    rows = [
        (score, _rank(first, second, how), -abs(i - j), i, j, how)
        for i, first in enumerate(left.parts)
        for j, second in enumerate(right.parts)
        if _comparable(first, second)
        for score, how in (similarity(first, second),)
        if score >= LEAST
    ]
    rows.sort(reverse=True)
    found: list[Match] = []
    used_left: set[int] = set()
    used_right: set[int] = set()
    for score, _, _, i, j, how in rows:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            found.append(Match((i,), (j,), how, score))
    found = _joins(left.parts, right.parts, found)
    found += _acronyms(left.parts, right.parts, found)
    found += _turned(_acronyms(right.parts, left.parts, _turned(found)))
    return tuple(sorted(found, key=lambda match: (match.left, match.right)))


def _turned(found: list[Match]) -> list[Match]:
    return [Match(match.right, match.left, match.how, match.score) for match in found]


def _acronyms(short: Sequence[Part], full: Sequence[Part], found: list[Match]) -> list[Match]:
    """A word left over that is made of the first letters of three or more words left over on the other side, in order."""
    used_short = {index for match in found for index in match.left}
    used_full = {index for match in found for index in match.right}
    made: list[Match] = []
    free = [
        index
        for index, part in enumerate(full)
        if index not in used_full and part.role in _IN_ACRONYMS and part.keys.latin
    ]
    for i, part in enumerate(short):
        letters = part.keys.latin
        if i in used_short or not part.is_name or not 3 <= len(letters) <= 7 or len(free) < len(letters):  # noqa: PLR2004
            continue
        for start in range(len(free) - len(letters) + 1):
            run = free[start : start + len(letters)]
            if "".join(full[index].keys.latin[0] for index in run) == letters:
                made.append(Match((i,), tuple(run), "acronym", _ACRONYM))
                free = [index for index in free if index not in run]
                break
    return made


_IN_ACRONYMS = frozenset({"name", "family", "generic", "place"})
_ACRONYM = 0.85


def _comparable(left: Part, right: Part) -> bool:
    """A legal form stands for a legal form, a ship's prefix for a prefix; grammar stands for grammar."""
    if left.role == right.role:
        return True
    fixed = {"legal", "vessel", "stop"}
    return left.role not in fixed and right.role not in fixed


def _rank(left: Part, right: Part, how: str) -> float:
    """Among equals the heavier pair first, and full words before initials."""
    return (left.weight + right.weight) * (0.1 if how == "initial" else 1.0)


def _joins(left: Sequence[Part], right: Sequence[Part], found: list[Match]) -> list[Match]:
    """Repair what was written together on one side: two or three words against one that found nothing as good."""
    found = _join_side(left, right, found)
    return _turned(_join_side(right, left, _turned(found)))


def _join_side(whole: Sequence[Part], split: Sequence[Part], found: list[Match]) -> list[Match]:
    by_left = {match.left[0]: match for match in found if len(match.left) == 1}
    by_right = {index: match for match in found for index in match.right}
    if not _room(split, by_right):
        return found
    for i, part in enumerate(whole):
        held = by_left.get(i)
        if len(part.keys.latin) < 5 or not (part.is_name or part.role == "generic"):  # noqa: PLR2004 - too short to be two
            continue
        if held is not None and (len(held.right) > 1 or held.score > 0.97):  # noqa: PLR2004 - already right
            continue
        best = _best_join(part, split, by_right, held)
        if best is None:
            continue
        for index in best.right:
            old = by_right.pop(index, None)
            if old is not None:
                by_left.pop(old.left[0], None)
        if held is not None:
            by_right = {index: match for index, match in by_right.items() if match is not held}
        made = Match((i,), best.right, best.how, best.score)
        by_left[i] = made
        by_right |= dict.fromkeys(best.right, made)
    others = [match for match in found if len(match.left) > 1]
    return [*others, *dict.fromkeys(by_left.values())]


def _room(split: Sequence[Part], by_right: dict[int, Match]) -> bool:
    """Whether two neighbouring words are there that are not both well matched already."""
    loose = [index not in by_right or by_right[index].score <= _WELL for index in range(len(split))]
    return any(first and second for first, second in pairwise(loose))


def _best_join(part: Part, split: Sequence[Part], by_right: dict[int, Match], held: Match | None) -> Match | None:
    best: Match | None = None
    for start in range(len(split)):
        for size in (2, 3):
            stop = start + size
            pieces = split[start:stop]
            if len(pieces) < size or any(piece.role in {"legal", "number", "vessel"} for piece in pieces):
                continue
            text = "".join(piece.keys.latin for piece in pieces)
            size_of = len(part.keys.latin)
            if abs(len(text) - size_of) > _LENGTHS or any(len(piece.keys.latin) >= size_of for piece in pieces):
                continue
            if any(_taken(by_right.get(index), held) for index in range(start, stop)):
                continue
            score, _ = word_similarity(part.keys, word(text))
            least = _JOINED if len(text) >= 7 else _JOINED_SHORT  # noqa: PLR2004 - as the constants say
            if score >= least and (best is None or score > best.score) and (held is None or score >= held.score - 0.1):
                best = Match((0,), tuple(range(start, stop)), "joined", score * 0.99)
    return best


def _taken(match: Match | None, held: Match | None) -> bool:
    """A word that another word already matches well is not given away."""
    return match is not None and match is not held and (match.score > _WELL or len(match.left) > 1)
