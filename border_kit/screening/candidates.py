"""From a query to the few listed names worth comparing, best first, out of the index, nothing loaded whole.

Each word of the query is a group of listed words that it may mean. Groups are taken in rising number of names: rare words
bring names in, common ones mostly add to names that are there. What a name shares is held against its own weight, so that
equals are told apart by what else they hold, never by their number.
"""

from __future__ import annotations

import heapq
import itertools
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from border_kit.screening.index.keys import (
    SAME,
    Sought,
    found_by,
    initial_bit,
    joined_keys,
    query_keys,
    sound_keys,
    telling_weight,
)
from border_kit.screening.index.layout import INFO_BITS, KEY_BITS, WEIGHT_STEPS, read_in_place, unpack, words_under
from border_kit.screening.letters import Word, word
from border_kit.screening.lexicon import lexicon
from border_kit.screening.parse import Name
from border_kit.screening.parts import Part

MOST = 300
"""Names that are handed on, best first; the engine stops long before where it can."""
_RANKED = 800
"""Names whose weight is looked at."""
_LIGHTEST = 300
"""Of names that share one common word, so many are looked at: those that say the least beside it."""
_LEAST = 0.6
"""Words less alike than this do not bring a name in."""
_SHARED = 0.3
"""A name must share so much of both sides' weight."""
HOPE = 0.5
"""Names that share less than this part of what the best one shares are left."""
_ENOUGH = 60
"""With so many names that share more, a common word need not bring in names of its own."""
_WORDS_A_GROUP = 1000
_HEAVY = 3000
"""Names from which it is asked whether a group must bring names in."""
_VERY_HEAVY, _FEW = 12_000, 8
"""From so many names on, so few suffice."""
_OTHER = 0.4
"""What a word counts that only a less likely reading takes for telling."""
_JOINED_LEAST = 7
"""Letters of a word that may be two words."""
_JOINED_SHORTEST = 5
"""Letters of two words that may be one."""
_INITIAL = 0.2
"""What a first letter that fits adds to what is shared."""
_FITTING = 0.7
"""All first letters fitting counts where a name shares this part of what the best one shares."""
_MARKS = 500
_INFO = (1 << INFO_BITS) - 1


@dataclass(slots=True)
class _Group:
    """Listed words that one word of the query may mean, each with how alike they are, and how much the word counts.

    `postings` are their names by what the word adds, least first.
    """

    weight: float
    words: dict[int, float] = field(default_factory=dict)
    postings: list[tuple[float, list[array[int]]]] = field(default_factory=list)
    names: int = 0

    @property
    def best(self) -> int:
        """The most alike word."""
        return max(self.words, key=self.words.__getitem__, default=-1)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A name and how much it shares with the query of what either has: about 0 to 1."""

    nid: int
    share: float


@dataclass(slots=True)
class Candidates:
    """Reads one index. A byte a name is kept in memory from the first question on."""

    index: sqlite3.Connection
    _cursor: sqlite3.Cursor = field(init=False)
    _shift: int = field(init=False)
    _signatures: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._cursor = self.index.cursor()
        self._cursor.row_factory = None  # plain tuples: rows come by the thousand
        (bits,) = self._cursor.execute("SELECT value FROM meta WHERE key = 'bits'").fetchone()
        self._shift = KEY_BITS - int(bits)

    def find(self, readings: Sequence[Name], most: int = MOST) -> list[Ranked]:
        """The names most likely meant, best first; `readings` are the query as the kinds it may be are read, likeliest first."""
        parts = _telling(readings)
        groups = self._groups(parts, readings)
        self._fetch(groups)
        groups = sorted((group for group in groups if group.names), key=lambda group: group.names)
        values, several = _collect(groups)
        if not values:
            return []
        whole = telling_weight(readings[0]) or sum(part.weight for part in readings[0].parts) or 1.0
        found = dict.fromkeys(_worth_a_look(values, several, groups), 0.0)
        initials = {initial_bit(part.keys.latin) for part in parts if part.role == "initial"}
        if initials:
            self._weigh_initials(values, found, initials)
        return self._ranked(values, found, whole, most)

    # From words to groups

    def _groups(self, parts: list[Part], readings: Sequence[Name]) -> list[_Group]:
        asked = [(part.weight, query_keys(part.keys)) for part in parts]
        # A joined word must be there as it is; a single one may be a slip away, or spelled with other vowels.
        asked += [(weight, joined_keys(first, second)) for (first, second), weight in _joins(readings).items()]
        groups = [_Group(weight) for weight, _ in asked]
        wanted: dict[int, list[tuple[_Group, Sought]]] = {}
        for group, (_, keys) in zip(groups, asked, strict=True):
            for key, sought in keys.items():
                wanted.setdefault(key, []).append((group, sought))
        for key, found in self._look_up(wanted):
            for group, sought in wanted[key]:
                _add(group.words, sought, found)
        single, joined = groups[: len(parts)], groups[len(parts) :]
        likeliest = len({part.text for part in found_by(readings[0])})
        groups = [*_merged(single, likeliest), *joined]
        for part, group in zip(parts, single, strict=True):
            if len(part.keys.latin) >= _JOINED_LEAST and max(group.words.values(), default=0.0) < SAME:
                groups.extend(self._split(part))
        return groups

    def _look_up(self, keys: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
        """What stands under some keys."""
        pages: dict[int, list[int]] = {}
        for key in keys:
            pages.setdefault(key >> self._shift, []).append(key)
        for some in _slices(list(pages)):
            sql = f"SELECT page, pairs FROM page WHERE page IN ({','.join('?' * len(some))})"
            for page, data in self._cursor.execute(sql, some).fetchall():
                pairs = unpack("Q", data)
                for key in pages[page]:
                    if found := words_under(pairs, key):
                        yield key, found

    def _split(self, part: Part) -> list[_Group]:
        """A long word as two words that the index knows, or as a particle and a word."""
        latin = part.keys.latin
        table = lexicon()
        cuts = [(latin[:at], latin[at:]) for at in range(2, len(latin) - 2)]
        sides = {side for cut in cuts for side in cut if len(side) > 2}  # `al`
        keys = {side: next(iter(sound_keys(word(side).sound))) for side in sides}
        known = dict(self._look_up(set(keys.values())))
        groups: list[_Group] = []
        for left, right in cuts:
            head, tail = known.get(keys.get(left, -1)), known.get(keys.get(right, -1))
            grammar = table.entry((left,), "particle", "patronym", "honorific") is not None
            if tail and (head or grammar):
                halves = [tail] if grammar or not head else [head, tail]
                groups += [
                    _Group(part.weight / len(halves), {item >> INFO_BITS: SAME for item in half}) for half in halves
                ]
        return groups[:8]

    def _fetch(self, groups: list[_Group]) -> None:
        """The names of the words of each group."""
        chosen = [_most_alike(group.words) for group in groups]
        postings: dict[int, array[int]] = {}
        for some in _slices(list({tid for words in chosen for tid, _ in words})):
            sql = f"SELECT tid, nids FROM posting WHERE tid IN ({','.join('?' * len(some))})"
            postings |= {tid: unpack("I", data) for tid, data in self._cursor.execute(sql, some).fetchall()}
        for group, words in zip(groups, chosen, strict=True):
            by_value: dict[float, list[array[int]]] = {}
            for tid, alike in words:
                if tid in postings:
                    by_value.setdefault(group.weight * alike * alike, []).append(postings[tid])
                    group.names += len(postings[tid])
            group.postings = sorted(by_value.items(), key=lambda item: item[0])

    # From groups to names

    def _weigh_initials(self, values: dict[int, float], found: dict[int, float], initials: set[int]) -> None:
        """Add what the first letters of a name's words add; names in which all of them fit are worth a look in any case."""
        masks = read_in_place("H", self._signature("initials"))
        whole = sum(initials)
        best = max(values.values()) * _FITTING
        for nid, value in values.items():
            if value >= best and masks[nid] & whole == whole:
                found[nid] = _INITIAL * len(initials)
        for nid, fit in found.items():
            if not fit:
                found[nid] = sum(_INITIAL for bit in initials if masks[nid] & bit)

    def _ranked(self, values: dict[int, float], fit: dict[int, float], whole: float, most: int) -> list[Ranked]:
        """The best by what is shared against what is not, on either side; of equals the lighter."""
        weights = self._signature("weight")
        mine, step = 0.55 * whole, 0.45 / WEIGHT_STEPS
        found: list[tuple[float, int]] = []
        for nid, more in fit.items():
            share = values[nid] + more
            ours, theirs = 0.45 * share, weights[nid] * step
            found.append((share / (mine + (ours if ours > theirs else theirs)), nid))  # noqa: FURB136 - `max` takes as long as all the rest
        found.sort(reverse=True)
        least = max(_SHARED, HOPE * found[0][0])
        return [Ranked(nid, share) for share, nid in found[:most] if share >= least]

    def _signature(self, kind: str) -> bytes:
        data = self._signatures.get(kind)
        if data is None:
            row = self.index.execute("SELECT data FROM signature WHERE kind = ?", (kind,)).fetchone()
            data = self._signatures[kind] = bytes(row[0])
        return data


def _collect(groups: list[_Group]) -> tuple[dict[int, float], set[int]]:
    """What each name shares with the query; and the names that share more than one word.

    A group brings names in, the most alike word counting, unless enough names share more than they could. Of the last and
    largest group only the lightest names can come to anything.
    """
    values: dict[int, float] = {}
    several: set[int] = set()
    left = sum(group.weight for group in groups)
    for number, group in enumerate(groups, 1):
        left -= group.weight
        met: dict[int, float] = {}
        if values:
            for value, postings in group.postings:
                met.update(dict.fromkeys(values.keys() & _joined(postings), value))
            met = {nid: values[nid] + value for nid, value in met.items()}
        enough = _ENOUGH if group.names < _VERY_HEAVY else _FEW
        if not values or group.names < _HEAVY or _above(values, several, group.weight + left) < enough:
            last = number == len(groups) and group.names >= _HEAVY
            for value, postings in group.postings:
                nids = [posting[:_LIGHTEST] for posting in postings] if last else postings
                values.update(dict.fromkeys(_joined(nids), value))
        values.update(met)
        several.update(met)
    return values, several


def _most_alike(words: dict[int, float]) -> Iterable[tuple[int, float]]:
    if len(words) <= _WORDS_A_GROUP:
        return words.items()
    return heapq.nlargest(_WORDS_A_GROUP, words.items(), key=lambda item: item[1])


def _joined(postings: list[array[int]]) -> Iterable[int]:
    return postings[0] if len(postings) == 1 else itertools.chain.from_iterable(postings)


def _above(values: dict[int, float], several: set[int], least: float) -> int:
    """How many names share as much already; those of one word are asked only where they are few."""
    among = several if len(several) >= _ENOUGH or len(values) > _HEAVY else values
    return sum(values[nid] >= least for nid in among)


def _worth_a_look(values: dict[int, float], several: set[int], groups: list[_Group]) -> Iterable[int]:
    """The names whose weight is looked at: those that share most, and of each word's other names the lightest."""
    if len(values) <= _RANKED:
        return values
    found = dict.fromkeys(sorted(several, key=values.__getitem__, reverse=True)[:_RANKED])
    by_value = [(value, nids) for group in groups for value, postings in group.postings for nids in postings]
    for _, nids in sorted(by_value, key=lambda item: -item[0]):
        if len(found) >= _RANKED:
            break
        found.update(dict.fromkeys(values.keys() & nids[:_LIGHTEST]))
    return found


def _telling(readings: Sequence[Name]) -> list[Part]:
    """The words of all readings, each once; what only a less likely reading takes for telling counts less.

    Beside letters alone it counts in full: they may be initials, but mostly they are an acronym that was spaced out.
    """
    found = {part.text: part for part in found_by(readings[0])}
    less = 1.0 if all(part.role == "initial" for part in found.values()) else _OTHER
    for name in readings[1:]:
        for part in found_by(name):
            found.setdefault(part.text, replace(part, weight=part.weight * less))
    return list(found.values())


def _joins(readings: Sequence[Name]) -> dict[tuple[Word, Word], float]:
    """Neighbouring words that may be written as one, in any reading, whatever they are but legal forms; what they count."""
    return {
        (first.keys, second.keys): first.weight + second.weight
        for name in reversed(readings)
        for first, second in itertools.pairwise(name.parts)
        if "legal" not in {first.role, second.role} and len(first.keys.latin + second.keys.latin) >= _JOINED_SHORTEST
    }


def _merged(groups: list[_Group], first: int) -> list[_Group]:
    """The groups of the likeliest reading, which are the `first`, and of others those that mean other words.

    A word that two readings spell differently must not count twice; the lower weight holds.
    """
    kept = groups[:first]
    for group in groups[first:]:
        held = next((one for one in kept if group.best in one.words or one.best in group.words), None)
        if held is None:
            kept.append(group)
            continue
        held.weight = min(held.weight, group.weight / _OTHER)
        held.words = group.words | {tid: max(alike, group.words.get(tid, 0.0)) for tid, alike in held.words.items()}
    return kept


def _add(words: dict[int, float], sought: Sought, found: list[int]) -> None:
    """Take up what stands under a key; of several ways to a word the one in which it is most alike counts."""
    for item in found:
        alike = sought.alike(item & _INFO)
        tid = item >> INFO_BITS
        if alike >= _LEAST and alike > words.get(tid, 0.0):
            words[tid] = alike


def _slices(values: list[int]) -> Iterator[list[int]]:
    return (values[at : at + _MARKS] for at in range(0, len(values), _MARKS))
