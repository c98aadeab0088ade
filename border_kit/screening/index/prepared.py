"""Names kept ready for comparing: what `parse` made of a listed name is stored word by word, and put together again.

The words of lists repeat; each is stored once in each of its roles. What comes back equals what `parse` gives (a test holds
it to that), so that a name scores the same inside a search and in `compare`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from border_kit.screening.index.layout import unpack
from border_kit.screening.letters import Word
from border_kit.screening.parse import KINDS, Name, line_of, parse
from border_kit.screening.parts import Part

_KEPT = 2500
"""Words kept in memory."""
_TONGUES = ("", "", "ko", "zh", "yue", "ja", "afar")
"""What the column foreign says of a word: Latin, another script, Hangul, Chinese characters, and these as Cantonese, Japanese or a name from afar."""
_MARKS = 500
"""Values bound in one statement."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of the table `name`: the name's number and id in the volume, the kind it was read as, and its words."""

    nid: int
    id: str
    kind: str
    parts: bytes


@dataclass(slots=True)
class Prepared:
    """Reads stored names. Belongs to the thread of its connection."""

    index: sqlite3.Connection
    _parts: dict[int, Part] = field(default_factory=dict)

    def rows(self, nids: Iterable[int]) -> list[Stored]:
        """The stored names with these numbers, in their order; numbers that are gone are left out."""
        wanted = list(nids)
        found: dict[int, Stored] = {}
        for some in _slices(wanted):
            sql = f"SELECT nid, id, kind, parts FROM name WHERE nid IN ({','.join('?' * len(some))})"
            found |= {row[0]: Stored(*row) for row in self.index.execute(sql, some)}
        return [found[nid] for nid in wanted if nid in found]

    def load(self, names: Iterable[Stored]) -> None:
        """Read the words of several names at once."""
        needed = {pid for name in names for pid in unpack("I", name.parts)}
        if len(self._parts.keys() | needed) > _KEPT:
            self._parts.clear()
        for some in _slices(list(needed - self._parts.keys())):
            sql = (
                "SELECT p.pid, p.text, p.role, p.canon, p.generation, p.weight, w.latin, w.phones, w.sound, w.skeleton, "
                "w.bare, w.foreign_, w.readings FROM part p JOIN word w ON w.tid = p.tid "
                f"WHERE p.pid IN ({','.join('?' * len(some))})"
            )
            for pid, text, role, canon, generation, weight, *keys in self.index.execute(sql, some):
                self._parts[pid] = Part(text, _word(*keys), role, canon, generation, weight)

    def name(self, stored: Stored, text: str, kind: str | None) -> Name:
        """A stored name as `parse` reads its `text`; one that is stored without words is read anew, as `kind`."""
        pids = unpack("I", stored.parts)
        if not pids:
            return parse(text, kind)
        if any(pid not in self._parts for pid in pids):
            self.load([stored])
        parts = tuple([self._parts[pid] for pid in pids])
        return Name(line_of(text), " ".join([part.text for part in parts]), stored.kind, parts)


def _word(latin: str, phones: str, sound: str, skeleton: str, bare: int, foreign: int, readings: str) -> Word:
    return Word(latin, phones, sound, skeleton, bool(bare), bool(foreign), tuple(readings.split()), _TONGUES[foreign])


def _slices(values: list[int]) -> Iterable[list[int]]:
    return (values[at : at + _MARKS] for at in range(0, len(values), _MARKS))


def kind_of(text: str) -> str | None:
    """The kind that a listing's names are read as."""
    return text if text in KINDS else None


def part_row(part: Part) -> tuple[str, str, str, int, float]:
    """A word in its role, as the table `part` has it (without the numbers)."""
    return (part.text, part.role, part.canon, part.generation, part.weight)


def word_row(word: Word) -> tuple[str, str, str, str, int, int, str]:
    """A word's keys, as the table `word` has them (without the number)."""
    return (
        word.latin,
        word.phones,
        word.sound,
        word.skeleton,
        int(word.bare),
        _TONGUES.index(word.tongue, 1) if word.foreign else 0,
        " ".join(word.readings),
    )
