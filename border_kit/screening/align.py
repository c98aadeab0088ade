"""Which word of one name stands for which word of the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from border_kit.screening.letters import word
from border_kit.screening.parse import Name
from border_kit.screening.parts import Part
from border_kit.screening.similarity import LEAST, costs, similarity, word_similarity

_JOINED = 0.84
"""Two words written as one are accepted when the joined word is at least this alike."""
_LENGTHS = 3
"""Letters by which a joined word may be longer or shorter."""
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
        found += _alike(ours, theirs, free_left, free_right)
        found = _joins(ours, theirs, found)
        found = _turned(_joins(theirs, ours, _turned(found)))
        found += _letters(ours, theirs, found)
        found = _turned(found)
        found = _turned(found + _letters(theirs, ours, found))
    found.sort()
    return tuple(found)


def _turned(found: list[Match]) -> list[Match]:
    return [Match(right, left, how, score) for left, right, how, score in found]


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


def _alike(ours: Sequence[Part], theirs: Sequence[Part], free_left: list[int], free_right: list[int]) -> list[Match]:
    """Words that are not written alike, the most alike pairs first; among equals the heavier, then the nearer."""
    rows: list[tuple[float, float, int, int, int, str]] = []
    for i in free_left:
        first = ours[i]
        for j in free_right:
            second = theirs[j]
            if not _comparable(first, second):
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


def _joins(whole: Sequence[Part], split: Sequence[Part], found: list[Match]) -> list[Match]:
    """Repair what was written together on one side: two or three words against one that found nothing as good."""
    loose = _loose(split, found)
    runs = _runs(split, loose)
    if not runs:
        return found
    held = {match.left[0]: match for match in found if len(match.left) == 1}
    for i, part in enumerate(whole):
        old = held.get(i)
        if part.role not in _IN_ACRONYMS or (old is not None and (len(old.right) > 1 or old.score > 0.97)):  # right
            continue
        best = _best_join(i, part, split, runs, old)
        if best is not None:
            taken = set(best.right)
            found = [match for match in found if match is not old and not taken.intersection(match.right)]
            found.append(best)
            for index in best.right:
                loose[index] = False
            runs = _runs(split, loose)
    return found


_UNJOINED = frozenset({"legal", "number", "vessel"})


def _loose(split: Sequence[Part], found: list[Match]) -> list[bool]:
    """Whether each word may be given away to be read as one with its neighbours: those matched well are not."""
    loose = [part.role not in _UNJOINED for part in split]
    for left, right, _, score in found:
        if score > _WELL or len(left) > 1 or len(right) > 1:
            for index in right:
                loose[index] = False
    return loose


def _runs(split: Sequence[Part], loose: list[bool]) -> list[tuple[int, int, int, int]]:
    """Two or three neighbouring loose words: the first, the one behind the last, letters of all and of the longest."""
    pairs = [at for at in range(len(split) - 1) if loose[at] and loose[at + 1]]
    if not pairs:
        return []
    sizes = [len(part.keys.latin) for part in split]
    stops = [(at, at + 2) for at in pairs] + [(at, at + 3) for at in pairs if at + 1 in pairs]
    return [(at, stop, sum(sizes[at:stop]), max(sizes[at:stop])) for at, stop in stops]


def _best_join(
    index: int, part: Part, split: Sequence[Part], runs: list[tuple[int, int, int, int]], held: Match | None
) -> Match | None:
    """The run that together is about as long as a word, and most like it."""
    best: Match | None = None
    keys = part.keys
    size = len(keys.latin)
    if size < (3 if keys.tongue else 5):  # letters: less is too short to be two words
        return None
    begins = keys.phones[:1]
    for first, stop, letters, longest in runs:
        if not keys.bare and (longest >= size or abs(letters - size) > _LENGTHS):
            continue
        begin = split[first].keys.phones[:1]
        if begin != begins and not keys.tongue and begins not in costs().swap.get(begin, ()):
            continue
        joined = word("".join([other.keys.latin for other in split[first:stop]]))
        score, _ = word_similarity(keys, joined)
        long = letters >= 7 or split[first].role == "particle" or keys.tongue  # as the constants say
        least = _JOINED if long else _JOINED_SHORT
        if score >= least and (held is None or score >= held.score - 0.1) and (best is None or score > best.score):
            best = Match((index,), tuple(range(first, stop)), "joined", score * 0.99)
    return best


def _letters(short: Sequence[Part], full: Sequence[Part], found: list[Match]) -> list[Match]:
    """Words left over that are made of the beginnings of words left over on the other side, in order.

    Of first letters (three or more: an acronym, with or without the letters of grammar: MoD, IRGC), or of longer beginnings
    (a blend, as in Benelux or Komsomol).
    """
    used_full = {index for match in found for index in match.right}
    made: list[Match] = []
    if len(full) - len(used_full) < 2:  # one word has no acronym
        return made
    free = [i for i, part in enumerate(full) if i not in used_full and part.role in _IN_ACRONYMS and part.keys.latin]
    used_short = {index for match in found for index in match.left}
    if len(free) < 2:  # as above
        return made
    for i, part in enumerate(short):
        letters = part.keys.latin
        if i in used_short or not part.is_name or len(letters) < 3:  # too few
            continue
        run = _acronym_run(letters, full, free)
        how, score = ("acronym", _ACRONYM) if run else ("blend", _BLEND)
        run = run or _blend_run(letters, full, free)
        if run:
            made.append(Match((i,), tuple(run), how, score))
            free = [index for index in free if index not in run]
    return made


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
