"""Making the index of a parties volume, on every core where there are many names."""

from __future__ import annotations

import gc
import itertools
import os
import sqlite3
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from border_kit.errors import StoreError
from border_kit.processes import cores, in_order
from border_kit.screening.index.layout import (
    INFO_BITS,
    KEY_BITS,
    MOST_WORDS,
    TABLES,
    pack,
    page_bits,
    shape,
)
from border_kit.screening.index.reading import Listed, Read, Reader
from border_kit.screening.parse import forget

_CHUNK = 6_000
"""Names read at once by one process: what it remembers of their words is forgotten after each, for the sake of its memory."""
_MANY = 40_000
"""Names from which further processes pay for their start."""
_BUCKETS = 256
_BUCKET_SHIFT = 2 * KEY_BITS - 8

Progress = Callable[[int, int], None]
NAMES = "SELECT n.id, n.name, l.kind FROM party_name n JOIN listing l ON l.id = n.listing ORDER BY n.id"


def pairs_of(keys: bytes, tid: int) -> list[int]:
    """A word's keys as pages have them. Raises StoreError when there are more words than can be numbered."""
    if tid >= MOST_WORDS:
        raise StoreError("too_many_words", "These lists have more words than an index can hold.", "Import fewer lists.")
    mine = tid << INFO_BITS
    return [key | mine for key in array("Q", keys)]


def build(volume: sqlite3.Connection, index: sqlite3.Connection, digest: str, progress: Progress | None = None) -> None:
    """Write the index of a parties volume into a new, empty database.

    `digest` is the volume's; a reader refuses an index of other data. `progress` is called with names done and all.
    """
    for statement in TABLES:
        index.execute(statement)
    index.execute("BEGIN")
    with uncollected():
        _fill(volume, index, digest, progress)
    index.execute("COMMIT")


@contextmanager
def uncollected() -> Iterator[None]:
    """Millions of small things are made and none in a circle: looking for circles would take a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _fill(volume: sqlite3.Connection, index: sqlite3.Connection, digest: str, progress: Progress | None) -> None:
    total = volume.execute("SELECT count(*) FROM party_name").fetchone()[0]
    words = Vocabulary()
    weights, initials = bytearray(), array("H")
    for ids, process, read in _read(volume, total):
        words.add(index, ids, process, read)
        weights += read.weights
        initials.extend(read.initials)
        if progress is not None:
            progress(len(weights), total)
    words.write(index, weights)
    index.executemany("INSERT INTO signature VALUES (?,?)", [("weight", bytes(weights)), ("initials", pack(initials))])
    facts = [("digest", digest), ("shape", shape()), ("bits", str(words.bits)), ("next", str(total))]
    index.executemany("INSERT INTO meta VALUES (?,?)", facts)


def _read(volume: sqlite3.Connection, total: int) -> Iterator[tuple[list[str], int, Read]]:
    """All names, read on every core, some at a time; with their ids, and the number of the process that read them."""
    ids: deque[list[str]] = deque()

    def chunks() -> Iterator[list[Listed]]:
        rows = volume.execute(NAMES)
        while some := rows.fetchmany(_CHUNK):
            ids.append([row[0] for row in some])
            yield [(row[1], row[2]) for row in some]

    processes = cores() if total >= _MANY else 1
    try:
        for process, read in in_order(_read_here, chunks(), processes=processes, begin=_begin):
            if processes == 1:  # helpers take what they know with them
                forget()
            yield ids.popleft(), process, read
    finally:
        _reader.cache_clear()


def _begin() -> None:
    gc.disable()  # see `uncollected`, in which this process is, if it is the builder's own
    _reader.cache_clear()


@lru_cache(maxsize=1)
def _reader() -> Reader:
    """This process's reader."""
    return Reader()


def _read_here(listed: list[Listed]) -> tuple[int, Read]:
    return os.getpid(), _reader().read(listed)


class Vocabulary:
    """Words, parts and postings while the index is built: numbers by what they stand for.

    `told` are those that each reader has told, by its own numbers.
    """

    def __init__(self) -> None:
        self.word_ids: dict[str, int] = {}
        self.part_ids: dict[str, int] = {}
        self.told: dict[int, tuple[array[int], array[int]]] = {}
        self.postings: list[array[int] | None] = []
        self.buckets = [array("Q") for _ in range(_BUCKETS)]
        self.names = 0
        self.bits = 1

    def add(self, index: sqlite3.Connection, ids: list[str], reader: int, read: Read) -> None:
        """Take over what a reader made of some names."""
        words, parts = self.told.setdefault(reader, (array("I"), array("I")))
        words.extend(self._words(index, read))
        parts.extend(self._parts(index, read, words))
        uses = array("I", map(parts.__getitem__, read.uses))
        raw = pack(uses)
        first = self.names
        at = 0
        rows = []
        for nid, (key, check, kind, size) in enumerate(
            zip(ids, read.checksums, read.kinds, read.sizes, strict=True), first
        ):
            rows.append((nid, key, check, kind, raw[at : at + 4 * size]))
            at += 4 * size
        index.executemany("INSERT INTO name VALUES (?,?,?,?,?)", rows)
        self.names += len(rows)
        self._post(read, words, first)

    def _post(self, read: Read, words: array[int], first: int) -> None:
        found = iter(map(words.__getitem__, read.found))
        postings = self.postings
        for nid, size in enumerate(read.found_sizes, first):
            for tid in itertools.islice(found, size):
                posting = postings[tid]
                if posting is None:
                    postings[tid] = array("I", (nid,))
                else:
                    posting.append(nid)

    def _words(self, index: sqlite3.Connection, read: Read) -> list[int]:
        """The numbers of the words that were read; new ones are written."""
        ids: list[int] = []
        fresh = []
        buckets = self.buckets
        for row, keys in read.words:
            name = f"{row[0]}\0{row[4]}{row[5]}{row[3]}\0{row[6]}"
            tid = self.word_ids.get(name)
            if tid is None:
                tid = self.word_ids[name] = len(self.word_ids)
                self.postings.append(None)
                fresh.append((tid, *row))
                for pair in pairs_of(keys, tid):
                    buckets[pair >> _BUCKET_SHIFT].append(pair)
            ids.append(tid)
        index.executemany("INSERT INTO word VALUES (?,?,?,?,?,?,?,?)", fresh)
        return ids

    def _parts(self, index: sqlite3.Connection, read: Read, words: array[int]) -> list[int]:
        ids: list[int] = []
        fresh = []
        for row, place in read.parts:
            tid = words[place]
            key = f"{tid}\0{row[0]}\0{row[1]}\0{row[2]}\0{row[3]}\0{row[4]}"
            pid = self.part_ids.get(key)
            if pid is None:
                pid = self.part_ids[key] = len(self.part_ids)
                fresh.append((pid, tid, *row))
            ids.append(pid)
        index.executemany("INSERT INTO part VALUES (?,?,?,?,?,?,?)", fresh)
        return ids

    def write(self, index: sqlite3.Connection, weights: bytearray) -> None:
        """Write the postings, lightest names first, and the pages of keys."""
        index.executemany(
            "INSERT INTO posting VALUES (?,?)",
            ((tid, pack(_lightest_first(nids, weights))) for tid, nids in enumerate(self.postings) if nids),
        )
        self.bits = page_bits(sum(map(len, self.buckets)))
        index.executemany("INSERT INTO page VALUES (?,?)", self._pages())

    def _pages(self) -> Iterable[tuple[int, bytes]]:
        """The pages in their order. A word that names are not found by has keys all the same; there are few."""
        shift = 2 * KEY_BITS - self.bits
        for number, bucket in enumerate(self.buckets):
            pairs = sorted(bucket)
            self.buckets[number] = array("Q")
            for page, some in itertools.groupby(pairs, lambda pair: pair >> shift):
                yield page, pack(array("Q", some))


def _lightest_first(nids: array[int], weights: bytearray) -> array[int]:
    return nids if len(nids) == 1 else array("I", sorted(nids, key=weights.__getitem__))
