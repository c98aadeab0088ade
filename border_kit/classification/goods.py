"""Goods atoms: every name of a product class stands for the entry that the class leads to.

Software and technology are controlled by what they are for, so a pattern may say `{technology} {goods-6a003}`: drawings of
whatever the catalog knows to belong to 6A003 (or, `{goods-6a}`, to any entry that begins so). They are made when the index is
built: a class's phrases and known models get an atom of the entry's root, its patterns are spliced in.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SURE, UNSURE = "goods-", "maybe-"
"""What a class surely means, and what only may: weak phrases, and classes whose goods mostly lie below the threshold."""

_INTANGIBLE = re.compile(r"[0-9][de][0-9]|ml2[12]")


class Slotted(NamedTuple):
    """A pattern cut into slots; `head` is the slot that must be the goods themselves (empty: any may be)."""

    concept: str
    strong: bool
    slots: tuple[str, ...]
    head: str = ""


class Goods:
    """Which goods atoms the product classes of a controls volume have."""

    def __init__(self, volume: sqlite3.Connection) -> None:
        self._roots: dict[str, tuple[str, ...]] = {}
        rows = volume.execute(
            "SELECT r.concept, e.list, lower(e.root) AS root FROM route r JOIN entry e ON e.id = r.entry ORDER BY r.concept, r.rank"
        )
        for concept, name, root in rows:
            known = self._roots.get(concept, ())
            if not known or (name == "EU-DU" and len(known) == 1):
                self._roots[concept] = tuple(dict.fromkeys((*known, _plain(root))))
        self._below = {row[0] for row in volume.execute("SELECT id FROM concept WHERE usually = 'below'")}

    def atoms(self, concept: str, *, strong: bool) -> Iterator[str]:
        """The goods atoms that a phrase of a class is a form of."""
        kind = SURE if strong and concept not in self._below else UNSURE
        for root in self._roots.get(concept, ()):
            if not _INTANGIBLE.match(root):
                yield kind + root

    def expanded(self, patterns: Iterable[Slotted]) -> Iterator[Slotted]:
        """Patterns with every goods slot put in concrete terms: the atoms it begins, and the patterns of their classes."""
        known = list(patterns)
        plain = [pattern for pattern in known if not any(slot.startswith(SURE) for slot in pattern.slots)]
        yield from plain
        atoms = sorted(
            {atom for concept in self._roots for strong in (True, False) for atom in self.atoms(concept, strong=strong)}
        )
        for pattern in known:
            place = next((at for at, slot in enumerate(pattern.slots) if slot.startswith(SURE)), None)
            if place is not None:
                yield from self._expanded(pattern, place, atoms, plain)

    def _expanded(self, pattern: Slotted, place: int, atoms: list[str], plain: list[Slotted]) -> Iterator[Slotted]:
        prefix = pattern.slots[place].removeprefix(SURE)
        before, after = pattern.slots[:place], pattern.slots[place + 1 :]
        head = (before or after)[0]
        for atom in atoms:
            if atom.partition("-")[2].startswith(prefix):
                strong = pattern.strong and atom.startswith(SURE)
                yield Slotted(pattern.concept, strong, (*before, atom, *after), head)
        for other in plain:
            for atom in self.atoms(other.concept, strong=other.strong):
                if atom.partition("-")[2].startswith(prefix) and head not in other.slots:
                    strong = pattern.strong and atom.startswith(SURE)
                    yield Slotted(pattern.concept, strong, (*before, *other.slots, *after), head)


def is_goods(atom: str) -> bool:
    """Whether an atom is one that this module makes."""
    return atom.startswith((SURE, UNSURE))


def _plain(root: str) -> str:
    """A root in the letters of an identifier: `viii(a)` → `viii`."""
    return re.sub(r"[^a-z0-9].*", "", root)


__all__ = ["SURE", "UNSURE", "Goods", "Slotted", "is_goods"]
