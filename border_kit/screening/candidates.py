"""From a query to the few listed names worth comparing, best first, out of the index, nothing loaded whole.

Each word of the query is a group of listed words that it may mean. Groups are taken in rising number of names: rare words
bring names in, common ones mostly add to names that are there. What a name shares is held against its own weight, so that
equals are told apart by what else they hold, never by their number.
"""

from __future__ import annotations

import heapq
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from border_kit.screening.index.keys import found_by, initial_bit, query_keys, sound_key, telling_weight
from border_kit.screening.index.layout import KEY_BITS, WEIGHT_STEPS, unpack, words_under
from border_kit.screening.letters import Word, word
from border_kit.screening.lexicon import lexicon
from border_kit.screening.parse import Name, Part

MOST = 400
"""Names that are handed on, best first; the engine stops long before where it can."""
_RANKED = 3000
"""Names whose weight is looked at."""
_LEAST = 0.6
"""Words less alike than this do not bring a name in."""
_SAME = 0.95
"""Words so alike are taken for one; others of a short word are only looked for among names that other words bring in."""
_SHARED = 0.38
"""A name must share so much of both sides' weight; of hits above 0.6 less than one in fifty shares less (measured)."""
_ENOUGH = 60
"""With so many names that share more, a common word need not bring in names of its own."""
_WORDS_A_GROUP = 400
_HEAVY = 3000
"""Names from which it is asked whether a group must bring names in."""
_JOINED_LEAST = 7
"""Letters of a word that may be two words."""
_INITIAL = 0.2
"""What a first letter that fits adds to what is shared."""
_MARKS = 500


@dataclass(slots=True)
class _Group:
    """Listed words that one word of the query may mean, each with how alike they are, and how much the word counts."""

    weight: float
    words: dict[int, float] = field(default_factory=dict)
    postings: list[tuple[float, array[int]]] = field(default_factory=list)

    @property
    def names(self) -> int:
        return sum(len(nids) for _, nids in self.postings)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A name and how much it shares with the query of what either has, 0 to 1."""

    nid: int
    share: float


@dataclass(slots=True)
class Candidates:
    """Reads one index. A byte a name is kept in memory from the first question on."""

    index: sqlite3.Connection
    _shift: int = field(init=False)
    _signatures: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bits = self.index.execute("SELECT value FROM meta WHERE key = 'bits'").fetchone()
        self._shift = KEY_BITS - int(bits[0])

    def find(self, readings: Iterable[Name], most: int = MOST) -> list[Ranked]:
        """The names most likely meant, best first; `readings` are the query as the kinds it may be are read."""
        names = list(readings)
        parts = _telling(names)
        groups = self._groups(parts)
        self._fetch(groups)
        groups = sorted((group for group in groups if group.postings), key=lambda group: group.names)
        values, several = _collect(groups)
        if not values:
            return []
        whole = min(telling_weight(name) or sum(part.weight for part in name.parts) or 1.0 for name in names)
        initials = [initial_bit(part.keys.latin) for part in parts if part.role == "initial"]
        return self._ranked(values, several, whole, initials, most)

    # From words to groups

    def _groups(self, parts: list[Part]) -> list[_Group]:
        words = [(part.keys, part.weight, _LEAST, query_keys(part.keys)) for part in parts]
        # A joined word must be there as it is; a single one may be a slip away, or spelled with other vowels.
        for latin, weight in _joins(parts):
            joined = word(latin)
            words.append((joined, weight, _SAME, {sound_key(joined.sound)}))
        wanted = self._meant([keys for _, _, _, keys in words])
        groups = [_Group(weight) for _, weight, _, _ in words]
        for tid, latin, sound, skeleton in self._words(wanted):
            for number in wanted[tid]:
                asked, _, least, _ = words[number]
                alike = _alike(asked, latin, sound, skeleton)
                if alike >= least:
                    groups[number].words[tid] = alike
        for part, group in zip(parts, list(groups), strict=False):
            if len(part.keys.latin) >= _JOINED_LEAST and max(group.words.values(), default=0.0) < _SAME:
                groups.extend(self._split(part))
        return groups

    def _meant(self, asked: list[set[int]]) -> dict[int, set[int]]:
        """Listed words, each with the words of the query that share a key with it."""
        keys: dict[int, list[int]] = {}
        for number, some in enumerate(asked):
            for key in some:
                keys.setdefault(key, []).append(number)
        found: dict[int, set[int]] = {}
        for key, tids in self._look_up(keys):
            for tid in tids:
                found.setdefault(tid, set()).update(keys[key])
        return found

    def _look_up(self, keys: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
        """The words under some keys."""
        pages: dict[int, list[int]] = {}
        for key in keys:
            pages.setdefault(key >> self._shift, []).append(key)
        for some in _slices(list(pages)):
            sql = f"SELECT page, pairs FROM page WHERE page IN ({','.join('?' * len(some))})"
            for page, data in self.index.execute(sql, some):
                pairs = unpack("Q", data)
                for key in pages[page]:
                    if found := words_under(pairs, key):
                        yield key, found

    def _words(self, tids: Iterable[int]) -> Iterator[tuple[int, str, str, str]]:
        for some in _slices(list(tids)):
            sql = f"SELECT tid, latin, sound, skeleton FROM word WHERE tid IN ({','.join('?' * len(some))})"
            yield from map(tuple, self.index.execute(sql, some))

    def _split(self, part: Part) -> list[_Group]:
        """A long word as two words that the index knows, or as a particle and a word."""
        latin = part.keys.latin
        table = lexicon()
        cuts = [(latin[:at], latin[at:]) for at in range(2, len(latin) - 2)]
        sounds = {side: word(side).sound for pair in cuts for side in pair if len(side) > 2}  # noqa: PLR2004 - `al`
        keys = {sound_key(sound): sound for sound in sounds.values()}
        tids = {tid: keys[key] for key, found in self._look_up(keys) for tid in found}
        known: dict[str, list[int]] = {}
        for tid, _, sound, _ in self._words(tids):
            if sound == tids[tid]:
                known.setdefault(sound, []).append(tid)
        groups: list[_Group] = []
        for left, right in cuts:
            head, tail = known.get(sounds.get(left, "")), known.get(sounds.get(right, ""))
            grammar = table.entry((left,), "particle", "patronym", "honorific") is not None
            if tail and (head or grammar):
                weight = part.weight if grammar or not head else part.weight / 2
                groups.append(_Group(weight, dict.fromkeys(tail, _SAME)))
                if head and not grammar:
                    groups.append(_Group(weight, dict.fromkeys(head, _SAME)))
        return groups[:8]

    def _fetch(self, groups: list[_Group]) -> None:
        """The names of the words of each group, the least alike words first."""
        chosen = [heapq.nlargest(_WORDS_A_GROUP, group.words.items(), key=lambda item: item[1]) for group in groups]
        postings: dict[int, array[int]] = {}
        for some in _slices(list({tid for words in chosen for tid, _ in words})):
            sql = f"SELECT tid, nids FROM posting WHERE tid IN ({','.join('?' * len(some))})"
            postings |= {tid: unpack("I", data) for tid, data in self.index.execute(sql, some)}
        for group, words in zip(groups, chosen, strict=True):
            group.postings = [
                (group.weight * alike * alike, postings[tid]) for tid, alike in reversed(words) if tid in postings
            ]

    # From groups to names

    def _ranked(
        self, values: dict[int, float], several: set[int], whole: float, initials: list[int], most: int
    ) -> list[Ranked]:
        """The best by what is shared against what is not, on either side."""
        weights = self._signature("weight")
        masks = unpack("H", self._signature("initials")) if initials else None
        found: list[tuple[float, int]] = []
        for nid in _worth_a_look(values, several):
            share = values[nid]
            if masks is not None:
                share += sum(_INITIAL for bit in initials if masks[nid] & bit)
            weight = weights[nid] / WEIGHT_STEPS
            found.append((share / (0.55 * whole + 0.45 * max(share, weight)), nid))
        best = heapq.nlargest(most, found)
        return [Ranked(nid, share) for share, nid in best if share >= _SHARED]

    def _signature(self, kind: str) -> bytes:
        data = self._signatures.get(kind)
        if data is None:
            row = self.index.execute("SELECT data FROM signature WHERE kind = ?", (kind,)).fetchone()
            data = self._signatures[kind] = bytes(row[0])
        return data


def _collect(groups: list[_Group]) -> tuple[dict[int, float], set[int]]:
    """What each name shares with the query; and the names that share more than one word.

    A group brings names in, the most alike word counting, unless enough names share more than they could.
    """
    values: dict[int, float] = {}
    several: set[int] = set()
    left = sum(group.weight for group in groups)
    for group in groups:
        left -= group.weight
        met: dict[int, float] = {}
        brought: dict[int, float] = {}
        most = group.weight + left
        brings = not values or group.names < _HEAVY or _above(values, several, most) < _ENOUGH
        for value, nids in group.postings:
            if values:
                met.update(dict.fromkeys(values.keys() & nids, value))
            if brings:
                brought.update(dict.fromkeys(nids, value))
        for nid, value in met.items():
            brought[nid] = values[nid] = values[nid] + value
        several.update(met)
        if brings:
            values.update(brought)
    return values, several


def _above(values: dict[int, float], several: set[int], least: float) -> int:
    """How many names share as much already; one word's names are asked for only where they are few."""
    among = several if len(several) >= _ENOUGH or len(values) > _HEAVY else values
    return sum(values[nid] >= least for nid in among)


def _worth_a_look(values: dict[int, float], several: set[int]) -> Iterable[int]:
    """The names whose weight is looked at: those that share most, and of one word's names the lightest."""
    if len(values) <= _RANKED:
        return values
    if len(several) > _RANKED:
        return heapq.nlargest(_RANKED, several, key=values.__getitem__)
    line = heapq.nlargest(1, values.values())[0] * 0.4
    # Names were brought in lightest first, word by word.
    alone = (nid for nid, value in values.items() if value >= line and nid not in several)
    return [*several, *(nid for nid, _ in zip(alone, range(_RANKED), strict=False))]


def _telling(names: list[Name]) -> list[Part]:
    """The words of all readings, each once, with the most it counts in any."""
    found: dict[str, Part] = {}
    for name in names:
        for part in found_by(name):
            held = found.get(part.text)
            if held is None or part.weight > held.weight:
                found[part.text] = part
    return list(found.values())


def _joins(parts: list[Part]) -> list[tuple[str, float]]:
    """Neighbouring words written as one."""
    return [
        (first.keys.latin + second.keys.latin, first.weight + second.weight)
        for first, second in pairwise(parts)
        if first.is_name and second.is_name
    ]


def _alike(item: Word, latin: str, sound: str, skeleton: str) -> float:
    """A quick measure of likeness for words that share a key."""
    if item.latin == latin or item.sound == sound:
        return 1.0
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as in similarity

    alike = max(OSA.normalized_similarity(item.sound, sound), OSA.normalized_similarity(item.latin, latin))
    if len(skeleton) > 1:
        if skeleton == item.skeleton or skeleton in item.readings:
            return max(alike, 0.86 if len(skeleton) > 2 else 0.75)  # noqa: PLR2004 - two consonants say little
        if item.foreign:
            alike = max(alike, 0.9 * OSA.normalized_similarity(item.skeleton, skeleton))
    return alike


def _slices(values: list[int]) -> Iterator[list[int]]:
    return (values[at : at + _MARKS] for at in range(0, len(values), _MARKS))
