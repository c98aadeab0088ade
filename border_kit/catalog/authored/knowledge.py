"""All authored files read into one body of knowledge, each piece with the place it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from border_kit.catalog import codes, sources
from border_kit.catalog.sources import Key, Problem, Severity, Source, SourceError
from border_kit.errors import InputError

BY_LANGUAGE = ("vague", "ordinary_goods")
"""Sections that are one block of phrases."""

MAPPED = ("parameters", "atoms")
"""Sections in which the key is the identifier."""


@dataclass(frozen=True, slots=True)
class Item:
    """One authored piece: its identifier `id`, its `data`, and where it stands."""

    id: str
    data: Any
    source: Source
    path: Key

    @property
    def area(self) -> str:
        """The area of knowledge: the name of the file."""
        return self.source.file.rpartition("/")[2].removesuffix(".yaml")

    def problem(self, message: str, *below: str | int, severity: Severity = "error") -> Problem:
        """A problem of this piece, or of the part `below` it."""
        return self.source.problem((*self.path, *below), message, severity)


@dataclass(slots=True)
class Knowledge:
    """Everything authored, by section (`entries`, `concepts` …; `profiles` are the policy files)."""

    name: str
    edition: str
    as_of: str
    hs_edition: str
    sections: dict[str, list[Item]] = field(default_factory=dict)

    def all(self, section: str) -> list[Item]:
        """The pieces of a section in the order of files and lines."""
        return self.sections.get(section, [])

    def by_id(self, section: str) -> dict[str, Item]:
        """The pieces of a section by identifier."""
        return {item.id: item for item in self.all(section)}


def read(root: Path) -> tuple[Knowledge, list[Problem]]:
    """Read `catalog.yaml`, `controls/*.yaml` and `policy/*.yaml`; what could not be read is among the problems.

    Raises:
        InputError: there are no sources at all in this folder.
    """
    if not (root / "catalog.yaml").is_file():
        raise InputError(
            "sources_missing", f"There are no catalog sources in {root}.", "Name the folder with catalog.yaml."
        )
    problems: list[Problem] = []
    head = _load(root / "catalog.yaml", "catalog", root, problems)
    data = head.data if head else {}
    known = Knowledge(
        name=data.get("name", ""),
        edition=data.get("edition", ""),
        as_of=data.get("as_of", ""),
        hs_edition=data.get("hs_edition", "HS2022"),
    )
    if head:
        problems += [
            head.problem((key,), "this is no day of the calendar")
            for key in ("edition", "as_of")
            if not is_day(data[key])
        ]
    for path in sorted((root / "controls").glob("*.yaml")):
        source = _load(path, "controls", root, problems)
        if source:
            _collect(known, source)
    for path in sorted((root / "policy").glob("*.yaml")):
        source = _load(path, "policy", root, problems)
        if source:
            known.sections.setdefault("profiles", []).append(Item(source.data["id"], source.data, source, ()))
    return known, problems


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar as YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _load(path: Path, schema: str, root: Path, problems: list[Problem]) -> Source | None:
    try:
        return sources.load(path, sources.schema_named(schema), root=root)
    except SourceError as error:
        problems += error.problems
        return None


def _collect(known: Knowledge, source: Source) -> None:
    for section, content in source.data.items():
        found = known.sections.setdefault(section, [])
        if section in MAPPED:
            found += [Item(key, value, source, (section, key)) for key, value in content.items()]
        elif section in BY_LANGUAGE:
            found.append(Item(source.file, content, source, (section,)))
        else:
            found += [
                Item(_identity(section, value), value, source, (section, index)) for index, value in enumerate(content)
            ]


_IDENTITIES: dict[str, Callable[[Any], str]] = {
    "entries": lambda value: f"{value.get('list', 'EU-DU')}/{value['code']}",
    "models": lambda value: f"{value['brand']}/{value['names'][0]}".casefold(),
    "chemicals": lambda value: value.get("cas") or value["name"].casefold(),
    "un_numbers": lambda value: f"{value['un']}/{value.get('chemical') or value.get('concept')}",
    "watch_hs": lambda value: f"{value['list']}/{value['hs']}",
    "document_codes": lambda value: value["code"],
    "negatives": lambda value: value["scope"],
}
"""What identifies a piece of a section, where it is not its `id`."""


def _identity(section: str, value: Any) -> str:
    return str(_IDENTITIES[section](value) if section in _IDENTITIES else value["id"])


def phrases(by_language: dict[str, list[str]] | None) -> Iterator[tuple[str, int, str]]:
    """Language, position and phrase of everything in a block of phrases by language."""
    for language, listed in (by_language or {}).items():
        for index, phrase in enumerate(listed):
            yield language, index, phrase


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of a criteria tree and its path below the entry; `part` is `criteria` or `release`."""

    part: str
    data: dict[str, Any]
    below: Key


def leaves(entry: dict[str, Any]) -> Iterator[Leaf]:
    """Every leaf of an entry's criteria and releases, in order."""
    if "criteria" in entry:
        yield from _walk(entry["criteria"], ("criteria",), "criteria")
    for index, release in enumerate(entry.get("releases", ())):
        yield from _walk(release["when"], ("releases", index, "when"), "release")


def _walk(node: dict[str, Any], path: Key, part: str) -> Iterator[Leaf]:
    for word in ("all", "any"):
        if word in node:
            for index, child in enumerate(node[word]):
                yield from _walk(child, (*path, word, index), part)
            return
    if "not" in node:
        yield from _walk(node["not"], (*path, "not"), part)
    else:
        yield Leaf(part, node, path)


def full_reference(reference: str) -> str:
    """An authored reference to an entry, with its list (docs/catalog-sources.md: EU-DU where none is named)."""
    return codes.qualify(reference)
