"""Pairs of names to fit and measure on, made from the lists by a rule that knows no matcher.

Positive: two names of one entity (main name with an alias, an original script, a former name). Negative: names of two
entities of one kind that share many rare character trigrams, but no name and no year of birth. Entities that share a name
across lists, or within one, are one entity first. Aliases in Latin letters that share fewer than one trigram in eight with
the main name are other names (noms de guerre, translations, former names): they are marked `other`, and measured apart,
since no comparison of spellings can find most of them. Everything is split by entity.
"""

from __future__ import annotations

import heapq
import random
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.screening import lists


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, whether they are one party's, and what kind of pair it is.

    `sort` is alias, weak, former, script (another script than Latin), other (see above) or hard (a negative); `list` the list
    of the main name.
    """

    left: str
    right: str
    kind: str
    same: bool
    sort: str
    list: str = ""


def plain(text: str) -> str:
    """Letters only, lower case, words sorted: what counts as the same name when entities of several lists are told apart."""
    text = "".join(char if char.isalnum() else " " for char in unicodedata.normalize("NFKD", text.casefold()))
    return " ".join(sorted(text.split()))


def grams(text: str) -> set[str]:
    """Character trigrams of the plain name."""
    padded = f" {plain(text)} "
    return {padded[index : index + 3] for index in range(len(padded) - 2)}


def merged(entities: Iterable[lists.Entity]) -> list[lists.Entity]:
    """Entities of one kind that share a name of two words or more as one, with all names; the first one's id and list."""
    kept: list[lists.Entity] = []
    root: list[int] = []
    owner: dict[tuple[str, str], int] = {}

    def find(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for entity in entities:
        index = len(kept)
        kept.append(entity)
        root.append(index)
        for name, quality in entity.names:
            key = plain(name)
            if quality == "weak" or " " not in key:
                continue
            other = find(owner.setdefault((entity.kind, key), index))
            # Two known years of birth that differ tell two persons of one name apart.
            ours, theirs = entity.born, kept[other].born
            if not (ours and theirs and ours != theirs):
                root[find(index)] = other
    groups: dict[int, list[lists.Entity]] = defaultdict(list)
    for index, entity in enumerate(kept):
        groups[find(index)].append(entity)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: list[lists.Entity]) -> lists.Entity:
    first = group[0]
    if len(group) == 1:
        return first
    names = dict.fromkeys(item for entity in group for item in entity.names)
    born = next((entity.born for entity in group if entity.born), None)
    return lists.Entity(first.id, first.list, first.kind, tuple(names), born)


def half(entity: lists.Entity) -> int:
    """Which half an entity belongs to, for splits that no name crosses (after `merged`)."""
    return zlib.crc32(entity.names[0][0].casefold().encode()) & 1


def make(entities: list[lists.Entity], part: int | None, *, seed: int = 7, most: int = 2) -> list[Pair]:
    """Pairs of one half of the merged entities (`part` None: of all), at most so many of either sort an entity."""
    draw = random.Random(seed)
    known = [entity for entity in entities if entity.kind != "unknown" and (part is None or half(entity) == part)]
    near = _neighbours(known)
    found: list[Pair] = []
    for index, entity in enumerate(known):
        main = entity.names[0][0]
        others = list({plain(name): (name, sort) for name, sort in entity.names[1:]}.values())
        others = [(name, _sort(name, main, sort)) for name, sort in others if plain(name) != plain(main)]
        scripts = [name for name, sort in others if sort == "script"]
        chosen = draw.sample(others, min(most, len(others))) + [(name, "script") for name in scripts[:1]]
        for name, sort in dict.fromkeys(chosen):
            left, right = (name, main) if draw.random() < 0.5 else (main, name)
            found.append(Pair(left, right, entity.kind, same=True, sort=sort, list=entity.list))
        for other in near(index)[:most]:
            name = draw.choice(known[other].names)[0]
            sort = "script" if foreign(name) else "hard"
            found.append(Pair(main, name, entity.kind, same=False, sort=sort, list=entity.list))
            if scripts:
                other_main = known[other].names[0][0]
                found.append(Pair(scripts[0], other_main, entity.kind, same=False, sort="script", list=entity.list))
    draw.shuffle(found)
    return found


def _sort(name: str, main: str, sort: str) -> str:
    if foreign(name) != foreign(main):
        return "script"
    ours, theirs = grams(name), grams(main)
    return sort if 8 * len(ours & theirs) >= len(ours | theirs) else "other"


def foreign(text: str) -> bool:
    """Whether most letters are of another script than Latin."""
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
    if left.list != right.list or left.list == "EU":
        # The same party may stand in two lists (or acts) under two spellings: only years of birth tell persons apart.
        return (
            bool(left.born and right.born and left.born != right.born)
            if left.kind == "person"
            else left.list == right.list
        )
    return not left.born or left.born != right.born
