"""Bringing an index up to date where a list changed a little: only what changed is read, the rest stays as it is.

Names are compared with the volume by id and checksum. Where more than a quarter changed, or the index was made otherwise, a new
one is built instead (a million names: half a minute; a thousand changes among them: seconds, measured in
benchmarks/results/screening-scale.md).
"""

from __future__ import annotations

import itertools
import sqlite3
from array import array
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field

from border_kit.screening.index.build import NAMES, Progress, pairs_of, uncollected
from border_kit.screening.index.keys import WHOLE, letters_key
from border_kit.screening.index.layout import INFO_BITS, KEY_BITS, pack, shape, unpack, words_under
from border_kit.screening.index.reading import Listed, Read, Reader, checksum

_SHARE = 4
"""One name in so many may have changed."""
_AT_ONCE = 8_000


def update(
    volume: sqlite3.Connection, index: sqlite3.Connection, digest: str, progress: Progress | None = None
) -> bool:
    """Bring an index (a copy, open for writing) up to a volume. Gives False, and changes nothing, where building is better.

    `digest` is the volume's. `progress` is called with changes done and all.
    """
    meta = dict(tuple(row) for row in index.execute("SELECT key, value FROM meta"))
    if meta.get("shape") != shape():
        return False
    changes = _changes(volume, index)
    if changes is None:
        return False
    index.execute("BEGIN")
    work = _Update(index, int(meta["next"]), KEY_BITS - int(meta["bits"]))
    work.remove(changes.gone)
    reader = Reader()
    with uncollected():
        for at in range(0, len(changes.fresh), _AT_ONCE):
            some = changes.fresh[at : at + _AT_ONCE]
            work.add([item[0] for item in some], reader.read(item[1] for item in some))
            if progress is not None:
                progress(at + len(some), len(changes.fresh))
    work.write()
    index.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", [("digest", digest), ("next", str(work.next))])
    index.execute("COMMIT")
    return True


@dataclass(slots=True)
class _Changes:
    """Numbers of names that are gone or have another text, and (id, name) of those that are new."""

    gone: list[int] = field(default_factory=list)
    fresh: list[tuple[str, Listed]] = field(default_factory=list)


def _changes(volume: sqlite3.Connection, index: sqlite3.Connection) -> _Changes | None:
    """What changed, by one walk along both in the order of ids; None where it is too much."""
    found = _Changes()
    most = index.execute("SELECT count(*) FROM name").fetchone()[0] // _SHARE
    indexed: Iterator[tuple[str, int, int]] = map(
        tuple, index.execute("SELECT id, nid, checksum FROM name ORDER BY id")
    )
    held = next(indexed, None)
    for key, text, kind in volume.execute(NAMES):
        while held is not None and held[0] < key:
            found.gone.append(held[1])
            held = next(indexed, None)
        if held is not None and held[0] == key:
            if held[2] != checksum(text, kind):
                found.gone.append(held[1])
                found.fresh.append((key, (text, kind)))
            held = next(indexed, None)
        else:
            found.fresh.append((key, (text, kind)))
        if len(found.gone) + len(found.fresh) > most:
            return None
    rest = [] if held is None else [held, *indexed]
    found.gone += [row[1] for row in rest]
    return None if len(found.gone) + len(found.fresh) > most else found


class _Update:
    """Changes of one index while they are gathered: postings by word, pairs by page, signatures."""

    def __init__(self, index: sqlite3.Connection, first: int, shift: int) -> None:
        self.index = index
        self.next = first
        self.shift = shift
        signatures = {row[0]: bytes(row[1]) for row in index.execute("SELECT kind, data FROM signature")}
        self.weights = bytearray(signatures["weight"])
        self.initials = unpack("H", signatures["initials"])
        self.next_word = int(index.execute("SELECT coalesce(max(tid), -1) + 1 FROM word").fetchone()[0])
        self.first_part = int(index.execute("SELECT coalesce(max(pid), -1) + 1 FROM part").fetchone()[0])
        self.next_part = self.first_part
        self.words: list[int] = []  # numbers by those of the reader
        self.gone: dict[int, set[int]] = {}
        self.new: dict[int, list[int]] = {}
        self.pairs: dict[int, list[int]] = {}

    def remove(self, nids: list[int]) -> None:
        """Take names out of the postings of their words."""
        for nid in nids:
            (parts,) = self.index.execute("SELECT parts FROM name WHERE nid = ?", (nid,)).fetchone()
            for pid in unpack("I", parts):
                (tid,) = self.index.execute("SELECT tid FROM part WHERE pid = ?", (pid,)).fetchone()
                self.gone.setdefault(tid, set()).add(nid)
            self.index.execute("DELETE FROM name WHERE nid = ?", (nid,))

    def add(self, ids: list[str], read: Read) -> None:
        """Take in names that were read."""
        words = self.words
        words += [self._word(row, keys) for row, keys in read.words]
        self.index.executemany(
            "INSERT INTO part VALUES (?,?,?,?,?,?,?)",
            ((self.next_part + number, words[place], *row) for number, (row, place) in enumerate(read.parts)),
        )
        self.next_part += len(read.parts)
        uses, found = iter(read.uses), iter(read.found)
        for number, key in enumerate(ids):
            nid = self.next + number
            parts = array("I", (self.first_part + place for place in itertools.islice(uses, read.sizes[number])))
            self.index.execute(
                "INSERT INTO name VALUES (?,?,?,?,?)",
                (nid, key, read.checksums[number], read.kinds[number], pack(parts)),
            )
            for place in itertools.islice(found, read.found_sizes[number]):
                self.new.setdefault(words[place], []).append(nid)
        self.next += len(ids)
        self.weights += read.weights
        self.initials.extend(read.initials)

    def _word(self, row: tuple[str, str, str, str, int, int, str], keys: bytes) -> int:
        """The number of a word: the one it has, else a new one, with its keys."""
        whole = letters_key(row[0])
        page = self.index.execute("SELECT pairs FROM page WHERE page = ?", (whole >> self.shift,)).fetchone()
        waiting = array("Q", self.pairs.get(whole >> self.shift, ()))
        for pairs in (unpack("Q", page[0]) if page else array("Q"), waiting):
            for item in words_under(pairs, whole):
                tid = item >> INFO_BITS
                if item & WHOLE == WHOLE and self._is(tid, row):
                    return tid
        tid = self.next_word
        self.next_word += 1
        self.index.execute("INSERT INTO word VALUES (?,?,?,?,?,?,?,?)", (tid, *row))
        for pair in pairs_of(keys, tid):
            insort(self.pairs.setdefault(pair >> KEY_BITS >> self.shift, []), pair)
        return tid

    def _is(self, tid: int, row: tuple[str, str, str, str, int, int, str]) -> bool:
        found = self.index.execute(
            "SELECT latin, phones, sound, skeleton, bare, foreign_, readings FROM word WHERE tid = ?", (tid,)
        ).fetchone()
        return found is not None and tuple(found) == row

    def write(self) -> None:
        """Write postings, pages and signatures."""
        for tid in self.gone.keys() | self.new.keys():
            row = self.index.execute("SELECT nids FROM posting WHERE tid = ?", (tid,)).fetchone()
            away = self.gone.get(tid, set())
            nids = [nid for nid in (unpack("I", row[0]) if row else ()) if nid not in away]
            nids = sorted([*nids, *self.new.get(tid, ())], key=self.weights.__getitem__)
            self.index.execute("INSERT OR REPLACE INTO posting VALUES (?,?)", (tid, pack(array("I", nids))))
        for page, pairs in self.pairs.items():
            row = self.index.execute("SELECT pairs FROM page WHERE page = ?", (page,)).fetchone()
            merged = sorted([*(unpack("Q", row[0]) if row else ()), *pairs])
            self.index.execute("INSERT OR REPLACE INTO page VALUES (?,?)", (page, pack(array("Q", merged))))
        self.index.executemany(
            "UPDATE signature SET data = ? WHERE kind = ?",
            [(bytes(self.weights), "weight"), (pack(self.initials), "initials")],
        )
