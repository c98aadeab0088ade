"""Making the index of a parties volume, on every core where there are many names."""

from __future__ import annotations

import gc
import itertools
import sqlite3
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from border_kit.errors import StoreError
from border_kit.processes import cores, in_order
from border_kit.screening.index.keys import index_keys, initial_bit, tells
from border_kit.screening.index.layout import (
    INFO_BITS,
    KEY_BITS,
    MOST_WORDS,
    TABLES,
    WEIGHT_STEPS,
    pack,
    page_bits,
    shape,
)
from border_kit.screening.index.prepared import kind_of, part_row, word_row
from border_kit.screening.letters import Word
from border_kit.screening.parse import Part, forget, parse

_CHUNK = 6_000
"""Names read at once by one process: what it remembers of their words is forgotten after each, for the sake of its memory."""
_MANY = 40_000
"""Names from which further processes pay for their start."""
_BUCKETS = 256
_BUCKET_SHIFT = 2 * KEY_BITS - 8

Progress = Callable[[int, int], None]
Listed = tuple[str, str]
"""Text and kind of a listed name."""

NAMES = "SELECT n.id, n.name, l.kind FROM party_name n JOIN listing l ON l.id = n.listing ORDER BY n.id"


def pairs_of(keys: bytes, tid: int) -> list[int]:
    """A word's keys as pages have them. Raises StoreError when there are more words than can be numbered."""
    if tid >= MOST_WORDS:
        raise StoreError("too_many_words", "These lists have more words than an index can hold.", "Import fewer lists.")
    mine = tid << INFO_BITS
    return [key | mine for key in array("Q", keys)]


def checksum(text: str, kind: str) -> int:
    """What tells that a stored name was made of the same text and kind."""
    return crc32(f"{kind}\0{text}".encode(errors="surrogatepass"))


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
    for ids, read in _read(volume, total):
        words.add(index, ids, read)
        weights += read.weights
        initials.extend(read.initials)
        if progress is not None:
            progress(len(weights), total)
    words.write(index, weights)
    index.executemany("INSERT INTO signature VALUES (?,?)", [("weight", bytes(weights)), ("initials", pack(initials))])
    facts = [("digest", digest), ("shape", shape()), ("bits", str(words.bits)), ("next", str(total))]
    index.executemany("INSERT INTO meta VALUES (?,?)", facts)


@dataclass(slots=True)
class Read:
    """What a process made of some names: their words once each (`parts`), and every name as numbers of them.

    `names` are (checksum, kind, number of words) a name, `uses` the words of all names in a row, `found` the words that they
    are found by in a row, `found_sizes` how many a name; `keys` those of words that this process has not told before.
    """

    checksums: array[int] = field(default_factory=lambda: array("I"))
    kinds: list[str] = field(default_factory=list)
    sizes: bytearray = field(default_factory=bytearray)
    uses: array[int] = field(default_factory=lambda: array("I"))
    found: array[int] = field(default_factory=lambda: array("I"))
    found_sizes: bytearray = field(default_factory=bytearray)
    weights: bytearray = field(default_factory=bytearray)
    initials: array[int] = field(default_factory=lambda: array("H"))
    parts: list[tuple[tuple[str, str, str, int, float], int]] = field(default_factory=list)
    words: list[tuple[tuple[str, str, str, str, int, int, str], bytes]] = field(default_factory=list)


def _read(volume: sqlite3.Connection, total: int) -> Iterator[tuple[list[str], Read]]:
    """All names, read on every core, some at a time; with their ids."""
    ids: deque[list[str]] = deque()

    def chunks() -> Iterator[list[Listed]]:
        rows = volume.execute(NAMES)
        while some := rows.fetchmany(_CHUNK):
            ids.append([row[0] for row in some])
            yield [(row[1], row[2]) for row in some]

    processes = cores() if total >= _MANY else 1
    for read in in_order(read_names, chunks(), processes=processes, begin=gc.disable):
        if processes == 1:  # helpers take what they know with them
            forget()
            _keys.cache_clear()
        yield ids.popleft(), read


def read_names(listed: list[Listed]) -> Read:
    """Read some names."""
    read = Read()
    numbers = _Numbers(read)
    for item in listed:
        _read_one(item, read, numbers)
    return read


def _read_one(listed: Listed, read: Read, numbers: _Numbers) -> None:
    text, kind = listed
    name = parse.__wrapped__(text, kind_of(kind))
    read.checksums.append(checksum(text, kind))
    read.kinds.append(name.kind)
    parts = numbers.of(name.parts)
    plain = not name.mixed and not name.cut
    read.sizes.append(len(parts) if plain else 0)
    if plain:
        read.uses.extend([part.number for part in parts])
    kept = [part for part in parts if part.tells and part.initial] or [part for part in parts if part.initial]
    words = sorted({part.word for part in kept})
    read.found.extend(words)
    read.found_sizes.append(len(words))
    read.weights.append(min(255, round(sum([part.weight for part in parts if part.tells]) * WEIGHT_STEPS)))
    mask = 0
    for part in kept:
        mask |= part.initial
    read.initials.append(mask)


class _Numbered(NamedTuple):
    """A part by numbers: its own, its word's, its first letter's bit (0: it has none) and weight, and whether it tells parties apart.

    The part is kept, so that its id is nobody else's.
    """

    number: int
    word: int
    initial: int
    weight: float
    tells: bool
    part: Part


class _Numbers:
    """Words and parts by number, in the order in which they come up. A part that is met again is mostly the same object."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._met: dict[int, _Numbered] = {}
        self._words: dict[Word, int] = {}
        self._parts: dict[Part, int] = {}

    def of(self, parts: Iterable[Part]) -> list[_Numbered]:
        """The parts by their numbers; the rows of new ones are kept."""
        met = self._met
        return [met.get(id(part)) or self._meet(part) for part in parts]

    def _meet(self, part: Part) -> _Numbered:
        number = self._number(part)
        word = self._read.parts[number][1]
        made = _Numbered(number, word, initial_bit(part.keys.latin), part.weight, tells(part), part)
        self._met[id(part)] = made
        return made

    def _number(self, part: Part) -> int:
        number = self._parts.get(part)
        if number is None:
            number = self._parts[part] = len(self._read.parts)
            place = self._words.get(part.keys)
            if place is None:
                place = self._words[part.keys] = len(self._read.words)
                self._read.words.append((word_row(part.keys), _keys(part.keys)))
            self._read.parts.append((part_row(part), place))
        return number


@lru_cache(maxsize=65536)
def _keys(word: Word) -> bytes:
    return array("Q", index_keys(word)).tobytes()


class Vocabulary:
    """Words, parts and postings while the index is built: numbers by what they stand for."""

    def __init__(self) -> None:
        self.word_ids: dict[str, int] = {}
        self.part_ids: dict[str, int] = {}
        self.postings: list[array[int] | None] = []
        self.buckets = [array("Q") for _ in range(_BUCKETS)]
        self.names = 0
        self.bits = 1

    def add(self, index: sqlite3.Connection, ids: list[str], read: Read) -> None:
        """Take over what a process read."""
        words = self._words(index, read)
        parts = self._parts(index, read, words)
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

    def _post(self, read: Read, words: list[int], first: int) -> None:
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

    def _parts(self, index: sqlite3.Connection, read: Read, words: list[int]) -> list[int]:
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
