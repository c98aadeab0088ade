"""Goods lines that make a whole together: what no line says alone, the shipment may say (an airframe, an engine, an autopilot).

Which parts make which whole is catalog data (`system`), with its citation; the finding asks, it does not rate.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from border_kit.catalog.volumes import Catalog
from border_kit.desk.answers import LineAnswer
from border_kit.findings import Evidence, Finding, Severity, Subject

CODE = "system_in_parts"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: what a line must name (`concept:ID`, `atom:ID`), or be declared under (HS prefixes), to be it."""

    id: str
    name: str
    named: frozenset[str]
    hs: tuple[str, ...]

    def is_in(self, answer: LineAnswer) -> bool:
        """Whether a line is this part."""
        hs = answer.line.hs or ""
        digits = "".join(char for char in hs if char.isdigit())
        named = answer.classification.named if answer.classification else frozenset()
        return bool(self.named & named) or any(digits.startswith(prefix) for prefix in self.hs)


@dataclass(frozen=True, slots=True)
class System:
    """A whole: its parts, how many different ones must be there, and which (`must`: one of them at least)."""

    id: str
    name: str
    parts: tuple[Part, ...]
    must: frozenset[str]
    needs: int
    entries: tuple[str, ...]
    ask: str
    cite: str


def load(catalog: Catalog) -> tuple[System, ...]:
    """The systems in force, by id."""
    rows = catalog.rows("controls", f"SELECT * FROM system WHERE {catalog.in_force} ORDER BY id")
    return tuple(_system(row, json.loads(row["spec"])) for row in rows)


def _system(row: Row, spec: dict[str, Any]) -> System:
    parts = tuple(
        Part(
            name,
            part["name"],
            frozenset(f"{kind}:{one}" for kind in ("concept", "atom") for one in part.get(f"{kind}s", ())),
            tuple(part.get("hs", ())),
        )
        for name, part in spec["parts"].items()
    )
    entries = tuple(spec["entries"])
    return System(
        row["id"], row["name"], parts, frozenset(spec["must"]), spec["needs"], entries, spec["ask"], row["cite"]
    )


def findings(systems: Iterable[System], answers: Sequence[LineAnswer], shipment_ref: str) -> Iterator[Finding]:
    """The wholes whose parts lie in the lines of a shipment, on at least two of them."""
    for system in systems:
        found = {part.id: lines for part in system.parts if (lines := [one for one in answers if part.is_in(one)])}
        own = _own_lines(found)
        if len(own) >= system.needs and own.keys() & system.must and len(set(own.values())) > 1:
            yield _finding(system, own, found, shipment_ref)


def _own_lines(found: Mapping[str, list[LineAnswer]]) -> dict[str, int]:
    """Each part with a line of its own where there is one: a line that names two parts is only one of them, the rarer first."""
    own: dict[str, int] = {}
    for part, lines in sorted(found.items(), key=lambda item: (len(item[1]), item[0])):
        free = [one.line.no for one in lines if one.line.no not in own.values()]
        if free:
            own[part] = free[0]
    return own


def _finding(
    system: System, own: Mapping[str, int], found: Mapping[str, list[LineAnswer]], shipment_ref: str
) -> Finding:
    names = {part.id: part.name for part in system.parts}
    shown = ", ".join(f"{names[part]} (line {no})" for part, no in sorted(own.items(), key=lambda item: item[1]))
    evidence = []
    for part, no in sorted(own.items(), key=lambda item: item[1]):
        line = next(one.line for one in found[part] if one.line.no == no)
        evidence.append(
            Evidence(f"{names[part]}: {line.description[:80]}", row=f"system:{system.id}", left=f"line {no}")
        )
    codes = ", ".join(entry.removeprefix("EU-DU/").removeprefix("EU-ML/").replace("/", " ") for entry in system.entries)
    return Finding(
        CODE,
        Severity.ATTENTION,
        Subject("shipment", shipment_ref),
        f"Together these lines may make {system.name}: {shown}. As a whole it is judged under {codes}.",
        tuple(evidence),
        ask=system.ask,
        citation=system.cite,
    )
