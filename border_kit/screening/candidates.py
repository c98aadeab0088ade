"""From a query to the few listed names worth scoring, out of the index, nothing loaded whole."""

from __future__ import annotations

import heapq
import sqlite3
from array import array
from dataclasses import dataclass, field
from itertools import pairwise

from border_kit.screening.index import SIGNATURE_BYTES, SIGNATURES, hashed, indexed, numbers_of, slips, weight_of
from border_kit.screening.letters import Word, phones_of, sound_of, word
from border_kit.screening.parse import Name, Part

MOST = 90
"""Names that are scored."""
_RANKED = 4000
"""Names whose signature is looked at."""
_LEAST = 0.6
"""Words less alike than this do not bring a name in."""
_FLOOR = 0.4
"""A name must share this part of what the best one shares."""
_SHARED = 0.38
"""A name must share so much of both sides' weight; of hits above 0.6 less than one in fifty shares less (measured)."""
_WORDS_A_GROUP = 400
_HEAVY = 20_000
"""Postings from which a word only adds to names that others brought in, where there are any."""


@dataclass(slots=True)
class _Group:
    """Listed words that one word of the query may mean, each with how alike they are, and how much the word counts."""

    weight: float
    words: dict[int, float]
    postings: int = 0


@dataclass(slots=True)
class Candidates:
    """Reads one index. Chunks of signatures that were needed once are kept (two bytes a name)."""

    index: sqlite3.Connection
    _chunks: dict[int, bytes] = field(default_factory=dict)

    def find(self, query: Name, most: int = MOST) -> list[int]:
        """The ids of the names most likely meant, best first."""
        parts = indexed(query)
        groups = [group for group in self._groups(parts) if group.words]
        groups.sort(key=lambda group: group.postings)
        shares = self._collect(groups)
        if not shares:
            return []
        whole = sum(part.weight for part in parts) or 1.0
        return self._ranked(shares, whole, most)

    def _groups(self, parts: list[Part]) -> list[_Group]:
        keys: dict[int, list[int]] = {}
        words = [part.keys for part in parts]
        weights = [part.weight for part in parts]
        for (left, right), weight in _joins(parts):
            words.append(word(left + right))
            weights.append(weight)
        for number, item in enumerate(words):
            # A joined word must be there as it is; a single one may be a slip away, or spelled with other vowels.
            for key in _query_keys(item) if number < len(parts) else {hashed(item.sound, "s")}:
                keys.setdefault(key, []).append(number)
        groups = [_Group(weight, {}) for weight in weights]
        for tid, text, sound, skeleton, df, number in self._look_up(keys):
            alike = _alike(words[number], text, sound, skeleton)
            if alike >= (_LEAST if number < len(parts) else 0.95):
                groups[number].words[tid] = alike
                groups[number].postings += df
        for number, part in enumerate(parts):
            if not groups[number].words and len(part.keys.latin) >= 7:  # noqa: PLR2004 - long enough for two words
                groups.extend(self._split(part))
        return groups

    def _look_up(self, keys: dict[int, list[int]]) -> list[tuple[int, str, str, str, int, int]]:
        found: list[tuple[int, str, str, str, int, int]] = []
        wanted = list(keys)
        for at in range(0, len(wanted), 500):
            some = wanted[at : at + 500]
            marks = ",".join("?" * len(some))
            sql = f"SELECT h.key, t.tid, t.text, t.sound, t.skeleton, t.df FROM hash h JOIN token t ON t.tid = h.tid WHERE h.key IN ({marks})"
            for key, tid, text, sound, skeleton, df in self.index.execute(sql, some):
                found.extend((tid, text, sound, skeleton, df, number) for number in keys[key])
        return list(dict.fromkeys(found))

    def _split(self, part: Part) -> list[_Group]:
        """An unknown long word as two words that the index knows."""
        latin = part.keys.latin
        cuts = {at: (word(latin[:at]).sound, word(latin[at:]).sound) for at in range(3, len(latin) - 2)}
        keys = {hashed(sound, "s"): sound for pair in cuts.values() for sound in pair}
        known: dict[str, tuple[int, int]] = {}
        for tid, _, sound, _, df, _ in self._look_up({key: [0] for key in keys}):
            known.setdefault(sound, (tid, df))
        groups: list[_Group] = []
        for left, right in cuts.values():
            if left in known and right in known:
                groups += [_Group(part.weight / 2, {known[side][0]: 0.95}, known[side][1]) for side in (left, right)]
        return groups[:8]

    def _collect(self, groups: list[_Group]) -> dict[int, float]:
        """Sum what each name shares with the query, rare words first; common ones late only add to what is there."""
        shares: dict[int, float] = {}
        left = sum(group.weight for group in groups)
        best = 0.0
        for group in groups:
            posted = self._posted(group)
            admit = not shares or left >= _FLOOR * (best + left) or group.postings < _HEAVY
            if shares and group.postings >= _HEAVY and best > 0 and left < best:
                admit = False
            if admit:
                if shares:
                    get = shares.get
                    shares.update([(nid, get(nid, 0.0) + share) for nid, share in posted.items()])
                else:
                    shares = posted
            else:
                for nid in shares.keys() & posted.keys():
                    shares[nid] += posted[nid]
            left -= group.weight
            best = max(shares.values(), default=0.0) if len(shares) < _HEAVY else best + group.weight
        return shares

    def _posted(self, group: _Group) -> dict[int, float]:
        """Names by what they share with one word of the query; the most alike listed word counts."""
        chosen = heapq.nlargest(_WORDS_A_GROUP, group.words.items(), key=lambda item: item[1])
        posted: dict[int, float] = {}
        blobs: dict[int, array[int]] = {}
        ids = [tid for tid, _ in chosen]
        for at in range(0, len(ids), 400):
            some = ids[at : at + 400]
            marks = ",".join("?" * len(some))
            for tid, blob in self.index.execute(f"SELECT tid, nids FROM posting WHERE tid IN ({marks})", some):
                blobs[tid] = numbers_of(blob)
        for tid, alike in reversed(chosen):
            if tid in blobs:
                posted.update(dict.fromkeys(blobs[tid], group.weight * alike * alike))
        return posted

    def _ranked(self, shares: dict[int, float], whole: float, most: int) -> list[int]:
        """The best by what is shared against what is not, on either side; never by the order of ids."""
        best = max(shares.values())
        floor = _FLOOR * best
        kept = [(share, nid) for nid, share in shares.items() if share >= floor]
        if len(kept) > _RANKED:
            line = heapq.nlargest(_RANKED, (share for share, _ in kept))[-1]
            kept = [item for item in kept if item[0] >= line]
        ranked = ((share / (0.55 * whole + 0.45 * max(share, self._weight(nid))), share, nid) for share, nid in kept)
        return [nid for part, _, nid in heapq.nlargest(most, ranked) if part >= _SHARED]

    def _weight(self, nid: int) -> float:
        chunk, at = divmod(nid, SIGNATURES)
        data = self._chunks.get(chunk)
        if data is None:
            row = self.index.execute("SELECT data FROM signature WHERE chunk = ?", (chunk,)).fetchone()
            data = self._chunks[chunk] = bytes(row[0]) if row else b""
        place = at * SIGNATURE_BYTES
        return weight_of(data[place]) if place < len(data) else 0.0


def _joins(parts: list[Part]) -> list[tuple[tuple[str, str], float]]:
    """Neighbouring words written as one."""
    return [
        ((first.keys.latin, second.keys.latin), first.weight + second.weight)
        for first, second in pairwise(parts)
        if first.is_name and second.is_name
    ]


def _query_keys(item: Word) -> set[int]:
    found = {hashed(form, "s") for form in slips(item.sound)}
    skeletons = {item.skeleton, *item.readings}
    for skeleton in skeletons:
        if len(skeleton) > 1:
            found.add(hashed(skeleton, "c"))
    if len(item.skeleton) >= 4:  # noqa: PLR2004 - as in the index
        found |= {hashed(form, "c") for form in slips(item.skeleton)}
    # Two letters exchanged can make or break a spelling of one sound (kh, hk): that is more than one slip in the sound.
    latin = item.latin
    if len(latin) > 3 and not item.foreign:  # noqa: PLR2004 - shorter words allow no slip
        for at in range(len(latin) - 1):
            turned = latin[:at] + latin[at + 1] + latin[at] + latin[at + 2 :]
            found.add(hashed(sound_of(phones_of(turned)), "s"))
    return found


def _alike(item: Word, text: str, sound: str, skeleton: str) -> float:
    """A quick measure of likeness for words that share a key."""
    if item.sound == sound:
        return 1.0
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as in similarity

    alike = float(OSA.normalized_similarity(item.sound, sound))
    if len(skeleton) > 1:
        if skeleton == item.skeleton or skeleton in item.readings:
            return max(alike, 0.86 if len(skeleton) > 2 else 0.75)  # noqa: PLR2004 - two consonants say little
        if item.foreign or not text.isascii():
            alike = max(alike, 0.9 * float(OSA.normalized_similarity(item.skeleton, skeleton)))
    return alike
