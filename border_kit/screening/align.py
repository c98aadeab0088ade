"""Which word of one name stands for which word of the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from border_kit.screening.distance import costs
from border_kit.screening.letters import word
from border_kit.screening.parse import Name
from border_kit.screening.parts import Part
from border_kit.screening.similarity import LEAST, similarity, word_similarity

_JOINED = 0.84
"""Two words written as one are accepted when the joined word is at least this alike."""
_LENGTHS = 3
"""Letters by which a joined word may be longer or shorter."""
_PIECES = 5
"""Letters of a word that may be two; in the languages of characters three."""
_RIGHT = 0.97
"""A word matched better than this is not two words."""
_WELL = 0.9
"""A word matched better than this is not given away."""
_JOINED_SHORT = 0.95
"""The same for joined words of fewer than seven letters, which meet by chance."""
_ACRONYM, _BLEND = 0.85, 0.8
_IN_ACRONYMS = frozenset({"name", "family", "filler", "generic", "place"})
_FIXED = frozenset({"legal", "vessel", "stop"})
"""A legal form stands for a legal form, a ship's prefix for a prefix; grammar stands for grammar."""


class Match(NamedTuple):
    """Words of the query (`left`, by index) that stand for words of the listed name (`right`), how, and how alike."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    how: str
    score: float


def align(left: Name, right: Name) -> tuple[Match, ...]:
    """The best assignment of words, each used once; words written together or apart count as one."""
    ours, theirs = left.parts, right.parts
    found, free_left, free_right = _same(ours, theirs)
    if free_left and free_right:
        some, others = _Side(ours, free_left), _Side(theirs, free_right)
        near = _alike(some, others)
        near = _joins(some, others, near, turned=False)
        near = _joins(others, some, near, turned=True)
        near += _letters(some, others, near, turned=False)
        near += _letters(others, some, near, turned=True)
        found += near
    found.sort()
    return tuple(found)


class _Side(NamedTuple):
    """The words of one name, and those (by index) that the other name has not written alike."""

    parts: Sequence[Part]
    free: list[int]


def _match(one: int, run: tuple[int, ...], how: str, score: float, *, turned: bool) -> Match:
    """A word that stands for several; `turned`, those of the query for one of the listed name."""
    return Match(run, (one,), how, score) if turned else Match((one,), run, how, score)


def _same(ours: Sequence[Part], theirs: Sequence[Part]) -> tuple[list[Match], list[int], list[int]]:
    """Words written alike, and those that are left on both sides."""
    texts: list[str | None] = [part.text for part in theirs]
    found: list[Match] = []
    free: list[int] = []
    for index, part in enumerate(ours):
        text = part.text
        if text in texts:
            there = [other for other, known in enumerate(texts) if known == text]
            nearest = there[0] if len(there) == 1 else min(there, key=lambda other: abs(other - index))
            if _comparable(part, theirs[nearest]):
                texts[nearest] = None
                found.append(Match((index,), (nearest,), "exact", 1.0))
                continue
        free.append(index)
    return found, free, [index for index, text in enumerate(texts) if text is not None]


def _alike(ours: _Side, theirs: _Side) -> list[Match]:
    """Words that are not written alike, the most alike pairs first; among equals the heavier, then the nearer."""
    rows: list[tuple[float, float, int, int, int, str]] = []
    for i in ours.free:
        first = ours.parts[i]
        fixed = first.role in _FIXED
        for j in theirs.free:
            second = theirs.parts[j]
            if first.role != second.role and (fixed or second.role in _FIXED):
                continue
            score, how = similarity(first, second)
            if score >= LEAST:
                rank = (first.weight + second.weight) * (0.1 if how == "initial" else 1.0)
                rows.append((score, rank, -abs(i - j), i, j, how))
    rows.sort(reverse=True)
    found: list[Match] = []
    used_left: set[int] = set()
    used_right: set[int] = set()
    for score, _, _, i, j, how in rows:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            found.append(Match((i,), (j,), how, score))
    return found


def _comparable(left: Part, right: Part) -> bool:
    return left.role == right.role or (left.role not in _FIXED and right.role not in _FIXED)


def _joins(whole: _Side, split: _Side, found: list[Match], *, turned: bool) -> list[Match]:
    """Repair what was written together on one side: two or three words against one that found nothing as good."""
    if len(split.free) < 2:
        return found
    loose = _loose(split, found, turned=turned)
    runs = _runs(loose)
    if not runs:
        return found
    swaps = costs().swap
    heads = [part.keys.phones[:1] for part in split.parts]
    held = {match.right if turned else match.left: match for match in found}
    for i in whole.free:
        part = whole.parts[i]
        old = held.get((i,))
        if (old is not None and old.score > _RIGHT) or not _is_long(part):
            continue
        head, tongue = part.keys.phones[:1], part.keys.tongue
        alike = swaps.get(head, (head,))
        some = [run for run in runs if heads[run[0]] in alike or tongue]
        if not some:
            continue
        run, score = _best_join(part, split.parts, some, old.score if old is not None else 0.0)
        if run:
            found = [match for match in found if match is not old and not set(run).intersection(match[:2][not turned])]
            found.append(_match(i, run, "joined", score, turned=turned))
            loose = [index for index in loose if index not in run]
            runs = _runs(loose)
    return found


_UNJOINED = frozenset({"legal", "number", "vessel"})


def _loose(split: _Side, found: list[Match], *, turned: bool) -> list[int]:
    """The words that may be given away to be read as one with a neighbour: those matched well are not."""
    kept: list[int] = []
    for left, right, _, score in found:
        if score > _WELL or len(left) > 1 or len(right) > 1:
            kept += left if turned else right
    return [index for index in split.free if index not in kept and split.parts[index].role not in _UNJOINED]


def _runs(loose: list[int]) -> list[tuple[int, int]]:
    """Two or three loose words side by side: the first, and the one behind the last."""
    pairs = [at for at in loose if at + 1 in loose]
    runs = [(at, at + 2) for at in pairs]
    if len(pairs) > 1:
        runs += [(at, at + 3) for at in pairs if at + 1 in pairs]
    return runs


def _is_long(part: Part) -> bool:
    """Whether a word may be two."""
    return part.role in _IN_ACRONYMS and len(part.keys.latin) >= (3 if part.keys.tongue else _PIECES)


def _best_join(
    part: Part, split: Sequence[Part], runs: list[tuple[int, int]], held: float
) -> tuple[tuple[int, ...], float]:
    """The run that together is about as long as a word, and most like it; how alike."""
    best: tuple[int, ...] = ()
    best_score = 0.0
    keys = part.keys
    size = len(keys.latin)
    for first, stop in runs:
        pieces = [other.keys.latin for other in split[first:stop]]
        text = "".join(pieces)
        if not keys.bare and (abs(len(text) - size) > _LENGTHS or max(map(len, pieces)) >= size):
            continue
        score, _ = word_similarity(keys, word(text))
        long = len(text) >= 7 or split[first].role == "particle" or keys.tongue  # as the constants say
        if score >= (_JOINED if long else _JOINED_SHORT) and score >= held - 0.1 and score > best_score:
            best, best_score = tuple(range(first, stop)), score * 0.99
    return best, best_score


def _letters(short: _Side, full: _Side, found: list[Match], *, turned: bool) -> list[Match]:
    """Words left over that are made of the beginnings of words left over on the other side, in order.

    Of first letters (three or more: an acronym, with or without the letters of grammar: MoD, IRGC), or of longer beginnings
    (a blend, as in Benelux or Komsomol).
    """
    made: list[Match] = []
    words = full.parts
    if len(full.free) < 2:  # one word has no acronym
        return made
    over = _left_over(full, found, turned=not turned)
    free = [i for i in over if words[i].role in _IN_ACRONYMS and words[i].keys.latin]
    if len(free) < 2:  # as above
        return made
    heads = [words[i].keys.latin[0] for i in free]
    for i in _left_over(short, found, turned=turned):
        part = short.parts[i]
        letters = part.keys.latin
        if letters[:1] not in heads or not part.is_name or len(letters) < 3:  # too few
            continue
        run = _acronym_run(letters, words, free)
        how, score = ("acronym", _ACRONYM) if run else ("blend", _BLEND)
        run = run or _blend_run(letters, words, free)
        if run:
            made.append(_match(i, tuple(run), how, score, turned=turned))
            free = [index for index in free if index not in run]
    return made


def _left_over(side: _Side, found: list[Match], *, turned: bool) -> list[int]:
    """The words on the left (if `turned` on the right) that found nothing."""
    if not found:
        return side.free
    used = [index for match in found for index in (match.right if turned else match.left)]
    return [index for index in side.free if index not in used]


def _acronym_run(letters: str, full: Sequence[Part], free: list[int]) -> list[int]:
    """The words in a row whose first letters spell an acronym of three to eight letters; grammar may give its letter or not."""
    if not 3 <= len(letters) <= 8 or len(letters) > 2 * len(free):  # as said
        return []
    usable = set(free)
    for first in free:
        run = _spell(letters, first, full, usable) if full[first].keys.latin[0] == letters[0] else None
        if run is not None and len(run) > 1:
            return run
    return []


def _spell(letters: str, index: int, full: Sequence[Part], usable: set[int]) -> list[int] | None:
    """The words from one on whose first letters are these, grammar left out at will; None if they are not."""
    if not letters:
        return []
    if index >= len(full):
        return None
    part = full[index]
    grammar = part.role == "stop"
    if (grammar or index in usable) and part.keys.latin[:1] == letters[0]:
        rest = _spell(letters[1:], index + 1, full, usable)
        if rest is not None:
            return rest if grammar else [index, *rest]
    return _spell(letters, index + 1, full, usable) if grammar else None


_PIECE = 2
"""Letters that each word gives to a blend, but the last, which may stand whole or cut."""


def _blend_run(letters: str, full: Sequence[Part], free: list[int]) -> list[int]:
    """Two or more words in a row whose beginnings make up a word of six letters or more."""
    if len(letters) < 6:  # shorter ones meet by chance
        return []
    for start in range(len(free) - 1):
        run: list[int] = []
        rest = letters
        for index in free[start:]:
            latin = full[index].keys.latin
            size = _common(rest, latin)
            if size < _PIECE:
                break
            run.append(index)
            rest = rest[size:]
            if not rest:
                return run if len(run) > 1 else []
    return []


def _common(left: str, right: str) -> int:
    size = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        size += 1
    return size
