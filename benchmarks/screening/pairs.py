"""Pairs of names to fit and measure on, made from the lists by a rule that knows no matcher.

Positive: two names of one entity (main name with an alias, an original script, a former name). Negative: names of two
entities of one kind and list that share many rare character trigrams, but no name and no year of birth; where a list names
a party twice (EU acts), only persons of different known years count. Aliases in Latin letters that share fewer than one
trigram in eight are other names (noms de guerre, former names): no comparison of spellings can find them, and they are
left out. Split by entity.
"""

from __future__ import annotations

import heapq
import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.screening import lists
from benchmarks.screening.make_weights import half


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, whether they are one party's, and what kind of pair it is."""

    left: str
    right: str
    kind: str
    same: bool
    sort: str


def plain(text: str) -> str:
    """Letters only, lower case, words sorted: what counts as the same name when entities of several lists are told apart."""
    text = "".join(char if char.isalnum() else " " for char in unicodedata.normalize("NFKD", text.casefold()))
    return " ".join(sorted(text.split()))


def grams(text: str) -> set[str]:
    """Character trigrams of the plain name."""
    padded = f" {plain(text)} "
    return {padded[index : index + 3] for index in range(len(padded) - 2)}


def make(entities: list[lists.Entity], part: int | None, *, seed: int = 7, most: int = 2) -> list[Pair]:
    """Pairs of one half of the entities (`part` None: of all), at most so many of either sort an entity."""
    draw = random.Random(seed)  # noqa: S311 - a benchmark's sample
    known = [entity for entity in entities if entity.kind != "unknown" and (part is None or half(entity) == part)]
    near = _neighbours(known)
    found: list[Pair] = []
    for index, entity in enumerate(known):
        main = entity.names[0][0]
        others = [(name, sort) for name, sort in entity.names[1:] if plain(name) != plain(main) and _kin(name, main)]
        scripts = [item for item in others if not item[0].isascii() and _foreign(item[0])]
        chosen = draw.sample(others, min(most, len(others)))
        for name, sort in dict.fromkeys([*chosen, *scripts[:1]]):
            left, right = (name, main) if draw.random() < 0.5 else (main, name)
            found.append(Pair(left, right, entity.kind, same=True, sort="script" if _foreign(name) else sort))
        for other in near(index)[:most]:
            name = draw.choice(known[other].names)[0]
            found.append(Pair(main, name, entity.kind, same=False, sort="script" if _foreign(name) else "hard"))
            if scripts:
                found.append(Pair(scripts[0][0], known[other].names[0][0], entity.kind, same=False, sort="script"))
    draw.shuffle(found)
    return found


def _kin(name: str, main: str) -> bool:
    ours, theirs = grams(name), grams(main)
    return _foreign(name) or 8 * len(ours & theirs) >= len(ours | theirs)


def _foreign(text: str) -> bool:
    return sum(ord(char) > 0x2AF for char in text if char.isalpha()) * 2 > len(text.replace(" ", ""))


def _neighbours(known: list[lists.Entity]) -> Callable[[int], list[int]]:
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, entity in enumerate(known):
        for gram in grams(entity.names[0][0]):
            where[entity.kind, gram].append(index)
    names: list[set[str]] = [{plain(name) for name, _ in entity.names} for entity in known]

    def near(index: int) -> list[int]:
        entity = known[index]
        counts: dict[int, float] = defaultdict(float)
        for gram in grams(entity.names[0][0]):
            places = where[entity.kind, gram]
            if len(places) < 400:
                for other in places:
                    counts[other] += 1 / (1 + len(places) ** 0.5)
        return [
            other
            for other in heapq.nlargest(8, counts, key=lambda other: counts[other])
            if other != index and not names[other] & names[index] and _apart(entity, known[other])
        ]

    return near


def _apart(left: lists.Entity, right: lists.Entity) -> bool:
    if left.list != right.list:
        return False
    if left.list == "EU":
        return bool(left.born and right.born and left.born != right.born)
    return not left.born or left.born != right.born
