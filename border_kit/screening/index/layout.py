"""How the index is laid out, and how to tell that one was made by other code or other tables."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from border_kit import __version__
from border_kit.catalog.volumes import REBUILD
from border_kit.errors import CatalogError
from border_kit.screening.tables import DATA

FORMAT = 11
"""Raised whenever the layout changes, or the code that cuts names into words and gives them keys and weights."""

TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # A listed name: its id in the volume, a checksum of its text and kind, the kind it was read as, its words (ids of
    # `part`, 32 bits each; empty where the name must be read anew).
    """CREATE TABLE name (nid INTEGER PRIMARY KEY, id TEXT NOT NULL, checksum INTEGER NOT NULL, kind TEXT NOT NULL,
    parts BLOB NOT NULL)""",
    # A word in a role, as names have it.
    """CREATE TABLE part (pid INTEGER PRIMARY KEY, tid INTEGER NOT NULL, text TEXT NOT NULL, role TEXT NOT NULL,
    canon TEXT NOT NULL, generation INTEGER NOT NULL, weight REAL NOT NULL)""",
    # A word under its keys (letters.Word).
    """CREATE TABLE word (tid INTEGER PRIMARY KEY, latin TEXT NOT NULL, phones TEXT NOT NULL, sound TEXT NOT NULL,
    skeleton TEXT NOT NULL, bare INTEGER NOT NULL, foreign_ INTEGER NOT NULL, readings TEXT NOT NULL)""",
    # The names that a word stands in, lightest first; absent for words that no name is found by.
    "CREATE TABLE posting (tid INTEGER PRIMARY KEY, nids BLOB NOT NULL)",
    # Keys (32 bits) with their words (24 bits, and 8 that say how: keys.Sought), sorted, in pages by the key's first bits.
    "CREATE TABLE page (page INTEGER PRIMARY KEY, pairs BLOB NOT NULL)",
    # One value a name: `weight` (a byte) and `initials` (16 bits).
    "CREATE TABLE signature (kind TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",
)

WEIGHT_STEPS = 24
"""Steps of a name's whole weight in its signature: a byte holds up to about ten rare words."""
PAIRS_A_PAGE = 128
KEY_BITS = 32
INFO_BITS = 8
MOST_WORDS = 1 << 24


@lru_cache(maxsize=1)
def shape() -> str:
    """What an index depends on beside its data: the layout, the version, and the tables that shape words and weights."""
    made = hashlib.sha256(f"{FORMAT}/{__version__}".encode())
    for path in sorted(DATA.glob("*.tsv")):
        made.update(path.name.encode() + b"\0")
        made.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return made.hexdigest()


def expect_shape(index: sqlite3.Connection) -> None:
    """Refuse an index that other code or other tables made. Raises CatalogError."""
    try:
        row = index.execute("SELECT value FROM meta WHERE key = 'shape'").fetchone()
    except sqlite3.Error as error:
        raise _stale(f"cannot be read ({error})") from error
    if row is None or row[0] != shape():
        raise _stale("was made by another version of this program")


def _stale(what: str) -> CatalogError:
    return CatalogError("index_stale", f"The search index of parties {what}.", REBUILD)


def page_bits(pairs: int) -> int:
    """How many first bits of a key number its page (no fewer than eight: the builder sorts in 256 parts)."""
    return max(8, min(24, (max(1, pairs) // PAIRS_A_PAGE).bit_length()))


def pack(numbers: array[int]) -> bytes:
    """Unsigned numbers as little-endian bytes, the same on every machine."""
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


def unpack(typecode: str, data: bytes) -> array[int]:
    """What `pack` wrote; a ragged end is left off."""
    found: array[int] = array(typecode)
    found.frombytes(data[: len(data) // found.itemsize * found.itemsize])
    if sys.byteorder == "big":
        found.byteswap()
    return found


def read_in_place(typecode: str, data: bytes) -> Sequence[int]:
    """The same, not copied where this machine writes numbers the same way; for what is long and of which little is looked at."""
    return unpack(typecode, data) if sys.byteorder == "big" else memoryview(data).cast(typecode)  # type: ignore[call-overload]  # the letter is one of a few


def words_under(pairs: array[int], key: int) -> list[int]:
    """What a page has under a key: words, each with the bits that say how it stands there."""
    at = bisect_left(pairs, key << KEY_BITS)
    stop = (key + 1) << KEY_BITS
    found: list[int] = []
    while at < len(pairs) and pairs[at] < stop:
        found.append(pairs[at] & 0xFFFFFFFF)
        at += 1
    return found
