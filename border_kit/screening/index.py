"""The derived index of a parties volume: which listed names have a word that could be the one asked for.

One SQLite file, written once, opened in milliseconds, nothing loaded whole. Words stand under their sound; a second key,
their consonants, finds what is written without vowels or with others; hashed forms with one letter left out find slips
of the hand without a scan (Symmetric Delete: Garbe 2012). Every alias is a name of its own; ended names are kept and left
out when the question is asked, so that any day can be asked for.
"""

from __future__ import annotations

import sqlite3
import sys
import zlib
from array import array
from collections.abc import Callable

from border_kit.screening.letters import Word
from border_kit.screening.parse import KINDS, Name, Part, parse

FORMAT = "1"
SIGNATURES = 4096
"""Names in one chunk of signatures."""
SIGNATURE_BYTES = 2
_SCALE = 24
"""Steps of a name's whole weight in its signature: a byte holds up to about ten rare words."""

TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE name (nid INTEGER PRIMARY KEY, id TEXT NOT NULL, party TEXT NOT NULL, listing TEXT NOT NULL,
    name TEXT NOT NULL, kind TEXT NOT NULL, quality TEXT NOT NULL, valid_from TEXT, valid_to TEXT)""",
    """CREATE TABLE token (tid INTEGER PRIMARY KEY, text TEXT NOT NULL, sound TEXT NOT NULL, skeleton TEXT NOT NULL,
    df INTEGER NOT NULL)""",
    "CREATE TABLE posting (tid INTEGER PRIMARY KEY, nids BLOB NOT NULL)",
    "CREATE TABLE hash (key INTEGER NOT NULL, tid INTEGER NOT NULL, PRIMARY KEY (key, tid)) WITHOUT ROWID",
    "CREATE TABLE signature (chunk INTEGER PRIMARY KEY, data BLOB NOT NULL)",
)

Progress = Callable[[int, int], None]


def hashed(text: str, channel: str) -> int:
    """The key of a word in a channel; a collision costs one look, never a wrong answer."""
    return zlib.crc32(f"{channel}{text}".encode())


def slips(sound: str) -> set[str]:
    """A sound and all forms of it with one sign left out (words of two signs or fewer allow no slip)."""
    if len(sound) <= 2:  # noqa: PLR2004 - see the sentence above
        return {sound}
    return {sound, *(sound[:index] + sound[index + 1 :] for index in range(len(sound)))}


def keys_of(word: Word) -> set[int]:
    """All keys under which an indexed word is found."""
    found = {hashed(form, "s") for form in slips(word.sound)}
    if len(word.skeleton) > 1:
        found.add(hashed(word.skeleton, "c"))
        if len(word.skeleton) >= 4:  # noqa: PLR2004 - of shorter ones too little is left
            found |= {hashed(form, "c") for form in slips(word.skeleton)}
    found |= {hashed(reading, "c") for reading in word.readings if len(reading) > 1}
    return found


def build(volume: sqlite3.Connection, index: sqlite3.Connection, digest: str, progress: Progress | None = None) -> None:
    """Write the index of a parties volume into a new, empty database.

    `digest` is the volume's; a reader refuses an index of other data. `progress` is called with names done and all.
    """
    for statement in TABLES:
        index.execute(statement)
    index.execute("BEGIN")
    total = volume.execute("SELECT count(*) FROM party_name").fetchone()[0]
    words = _Words()
    signatures = array("B")
    for nid, row in enumerate(volume.execute(_NAMES)):
        kind = row["kind"] if row["kind"] in KINDS else None
        name = parse(row["name"], kind)
        index.execute(
            "INSERT INTO name VALUES (?,?,?,?,?,?,?,?,?)",
            (nid, *(row[key] for key in ("id", "party", "listing", "name", "kind", "quality", "starts", "ends"))),
        )
        signatures.extend(signature(name))
        words.add(nid, name)
        if progress is not None and nid % 5000 == 0:
            progress(nid, total)
    words.write(index)
    size = SIGNATURES * SIGNATURE_BYTES
    raw = signatures.tobytes()
    index.executemany(
        "INSERT INTO signature VALUES (?,?)", ((at // size, raw[at : at + size]) for at in range(0, len(raw), size))
    )
    index.executemany(
        "INSERT INTO meta VALUES (?,?)",
        [("digest", digest), ("format", FORMAT), ("names", str(total)), ("words", str(len(words.words)))],
    )
    index.execute("COMMIT")
    if progress is not None:
        progress(total, total)


# A name counts while both it and the listing it stands in do.
_NAMES = """
SELECT n.id, n.party, n.listing, n.name, n.quality, l.kind,
  nullif(max(coalesce(n.valid_from, ''), coalesce(l.valid_from, '')), '') AS starts,
  nullif(min(coalesce(n.valid_to, '~'), coalesce(l.valid_to, '~')), '~') AS ends
FROM party_name n JOIN listing l ON l.id = n.listing ORDER BY n.id
"""


def signature(name: Name) -> tuple[int, int]:
    """A name's whole weight in steps, and its number of telling words: what ranks candidates before they are scored."""
    weight = sum(part.weight for part in name.parts if part.role not in _UNTELLING)
    return min(255, round(weight * _SCALE)), min(255, sum(part.is_name for part in name.parts))


def weight_of(step: int) -> float:
    """The weight that a signature's first byte means."""
    return step / _SCALE


def indexed(name: Name) -> list[Part]:
    """The words that a name is found by; forms and grammar only where nothing else is there."""
    kept = [part for part in name.parts if part.role not in _UNTELLING and part.keys.latin]
    return kept or [part for part in name.parts if part.keys.latin]


_UNTELLING = frozenset({"legal", "stop", "vessel", "honorific", "particle", "patronym"})


class _Words:
    """The vocabulary while it is built: ids by word, postings by id."""

    def __init__(self) -> None:
        self.ids: dict[tuple[str, str], int] = {}
        self.words: list[tuple[str, Word]] = []
        self.postings: list[array[int]] = []

    def add(self, nid: int, name: Name) -> None:
        """Note the words of a name; words of one sound and the same consonants are one."""
        for part in indexed(name):
            key = (part.keys.sound, part.keys.skeleton)
            tid = self.ids.get(key)
            if tid is None:
                tid = self.ids[key] = len(self.words)
                self.words.append((part.text, part.keys))
                self.postings.append(array("I"))
            posting = self.postings[tid]
            if not posting or posting[-1] != nid:
                posting.append(nid)

    def write(self, index: sqlite3.Connection) -> None:
        """Write vocabulary, postings and keys, each in the order of its own tree."""
        index.executemany(
            "INSERT INTO token VALUES (?,?,?,?,?)",
            (
                (tid, text, keys.sound, keys.skeleton, len(self.postings[tid]))
                for tid, (text, keys) in enumerate(self.words)
            ),
        )
        index.executemany(
            "INSERT INTO posting VALUES (?,?)", ((tid, little_endian(nids)) for tid, nids in enumerate(self.postings))
        )
        pairs = sorted(key << 32 | tid for tid, (_, keys) in enumerate(self.words) for key in keys_of(keys))
        index.executemany("INSERT INTO hash VALUES (?,?)", ((pair >> 32, pair & 0xFFFFFFFF) for pair in pairs))


def little_endian(numbers: array[int]) -> bytes:
    """Unsigned 32-bit numbers as bytes, the same on every machine."""
    if sys.byteorder == "big":
        numbers = array("I", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def numbers_of(blob: bytes) -> array[int]:
    """What `little_endian` wrote."""
    found = array("I")
    found.frombytes(blob[: len(blob) // 4 * 4])
    if sys.byteorder == "big":
        found.byteswap()
    return found
