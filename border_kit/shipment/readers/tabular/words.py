"""The words of trade papers (`words.json`), folded once: headers, totals, currency signs, directions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from border_kit.text import clean_line, fold, tokens

_LONGEST_BLANK = 6
NAME_PART = "name"


def key(text: str) -> str:
    """A phrase as it is compared: folded words, one space between."""
    return " ".join(token.text for token in tokens(text))


def compact(text: str) -> str:
    """A phrase without spaces: `H.S. Code`, `HS-code` and `hscode` are one."""
    return key(text).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary, folded. `fields`, `roles` and `parts` map a compact phrase to the names it may mean."""

    fields: dict[str, str]
    roles: dict[str, str]
    parts: dict[str, str]
    weak: frozenset[str]
    totals: frozenset[str]
    symbols: dict[str, str]
    currencies: frozenset[str]
    """ISO 4217 codes that are read as a currency in a header; a cell may hold any code."""
    directions: dict[str, str]
    blank: frozenset[str]
    names: frozenset[str]
    """Every field a column map may name."""


MULTIPLE = frozenset({"documents", "licence", "container", "seal", "certificate"})
"""Fields that several columns may feed together."""


UNUSED = frozenset({"gross_mass", "packages", "unit_price"})
"""Columns that are understood so that they are not taken for others; nothing is read from them."""


@cache
def words() -> Words:
    """The vocabulary of this package."""
    source = resources.files("border_kit.shipment.readers.tabular").joinpath("words.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(source)
    roles, parts = (
        _by_language(data["roles"]),
        {compact(word): part for part, found in data["role_parts"].items() for word in found},
    )
    party_fields = {
        role if part == NAME_PART else f"{role}_{part}" for role in data["roles"] for part in data["role_parts"]
    }
    return Words(
        fields=_by_language(data["fields"]),
        roles=roles,
        parts=parts,
        weak=frozenset(compact(phrase) for phrase in data["weak"]),
        totals=frozenset(key(phrase) for phrase in data["totals"]),
        symbols=data["symbols"],
        currencies=frozenset(data["currencies"]),
        directions={compact(word): direction for direction, found in data["directions"].items() for word in found},
        blank=frozenset(data["blank"]),
        names=(frozenset(data["fields"]) | party_fields) - UNUSED,
    )


def _by_language(table: dict[str, dict[str, list[str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, languages in table.items():
        for phrases in languages.values():
            for phrase in phrases:
                found.setdefault(compact(phrase), name)
    found.pop("", None)
    return found


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, `n/a`, `null`."""
    short = text.strip()
    return not short or (len(short) <= _LONGEST_BLANK and fold(clean_line(short)) in words().blank)
