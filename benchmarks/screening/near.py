"""The listed names that come nearest to a name, by brute force over words in common: what ordinary names may be taken for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from benchmarks.screening import lists
from border_kit.screening.parse import Name, parse
from border_kit.screening.score import compare_names

_TELLING = frozenset({"name", "family", "generic", "place"})


def kin(text: str) -> str:
    """A name regardless of the order of its words, case and accents."""
    return " ".join(sorted(part.text for part in parse(text).parts))


class Near:
    """Listed names by the sounds and consonants of their words."""

    def __init__(self, entities: Iterable[lists.Entity], *, weak: bool = False) -> None:
        self.names: list[tuple[str, str, str]] = []
        self.parsed: dict[int, Name] = {}
        self.where: dict[str, list[int]] = defaultdict(list)
        for entity in entities:
            for text, quality in entity.names:
                if weak or quality != "weak":
                    self._add(text, entity.kind, entity.id)

    def _add(self, text: str, kind: str, party: str) -> None:
        index = len(self.names)
        self.names.append((text, kind, party))
        for key in _keys(parse(text, kind)):
            self.where[key].append(index)

    def find(self, text: str, most: int = 300) -> list[tuple[float, int]]:
        """Scores with indices of names, best first, of the names that share most."""
        asked = parse(text)
        shares: dict[int, float] = defaultdict(float)
        for key in _keys(asked):
            places = self.where.get(key, ())
            for index in places:
                shares[index] += 1.0 / (1 + len(places)) ** 0.3
        best = sorted(shares, key=lambda index: -shares[index])[:most]
        found: list[tuple[float, int]] = []
        for index in best:
            listed, kind, _ = self.names[index]
            left = asked if kind == "unknown" else parse(text, kind)
            found.append((compare_names(left, parse(listed, kind), among_many=True).score, index))
        return sorted(found, reverse=True)


def _keys(name: Name) -> set[str]:
    found: set[str] = set()
    for part in name.parts:
        if part.role in _TELLING and len(part.keys.sound) > 1:
            found |= {f"s{part.keys.sound}", f"c{part.keys.skeleton}", *(f"c{key}" for key in part.keys.readings)}
    return found
