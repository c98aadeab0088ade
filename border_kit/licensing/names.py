"""Whether a declared party is the one that a licence names.

Screening asks whether a name may be a listed party's, and would rather ask once too often. A licence asks whether the name is the
same party's: the scorer says how alike two names are, and its explanation shows what stands on one side only. Legal forms, order,
spelling and another alphabet make no other party; a word that says something and stands on one side only does (`Norvik Optics`,
`Norvik Marine`, `Norvik Optics Trading`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from border_kit.licensing.terms import SameName, Scored
from border_kit.screening.model import ALERT
from border_kit.shipment.countries import country_code
from border_kit.text import fold

_LITTLE = 0.03
"""The share of a name below which a word says nothing (of, the, and)."""
_SLIP = 0.74
"""Likeness of two spellings from which one may be a slip of the other: a letter in four, but not `Eastern` for `Western`."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a declared name stands to a licensed one: the score, whether they are one party, and which words stand alone."""

    score: float
    same: bool
    licensed: str
    why: str = ""


@lru_cache(maxsize=4_096)
def compare_parties(declared: str, licensed: str, same_name: SameName, country: str | None = None) -> Likeness:
    """Hold a declared name against a licensed one; `country` is the declared party's, alpha-2."""
    found = same_name(_without_country(declared, country), _without_country(licensed, country))
    if found.score < ALERT:
        found = _without_forms(found, same_name) or found
    if found.score < ALERT:
        return Likeness(found.score, same=False, licensed=licensed)
    alone = [row for row in found.explanation if row.part == "word" and _parts_them(row, country)]
    why = ", ".join(_told(row) for row in alone)
    return Likeness(found.score, same=not alone, licensed=licensed, why=why)


def _without_country(name: str, country: str | None) -> str:
    """A name without the party's own country behind a comma or in brackets, as addresses are written (`Norvik AS, Norway`)."""
    head, _, tail = name.rstrip(" )").replace("(", ",").rpartition(",")
    return head if country and head.strip() and country_code(tail) == country.upper() else name


def _without_forms(found: Scored, same_name: SameName) -> Scored | None:
    """The comparison without legal forms: another form makes no other party, whatever else is written differently."""
    words = [row for row in found.explanation if row.part == "word"]
    left = " ".join(row.query for row in words if row.query and "legal" not in row.how)
    right = " ".join(row.listed for row in words if row.listed and "legal" not in row.how)
    return same_name(left, right) if left and right and any("legal" in row.how for row in words) else None


def _parts_them(row: Any, country: str | None) -> bool:
    """Whether a row of the scorer's explanation makes two parties of the names."""
    if row.query is not None and row.listed is not None:
        return bool(row.how == "typo" and row.score < _SLIP)
    word = fold(str(row.query or row.listed))
    if "legal" in row.how or row.weight < _LITTLE or len(word) == 1 or word in _same_firm():
        return False
    return country is None or country_code(word) != country.upper()


def _told(row: Any) -> str:
    if row.query is not None and row.listed is not None:
        return f"{row.query!r} is hardly a slip for {row.listed!r}"
    return f"{row.query!r} is not on the licence" if row.listed is None else f"{row.listed!r} is not declared"


@lru_cache(maxsize=1)
def _same_firm() -> frozenset[str]:
    """Words for a part of a firm that is no firm of its own (`data/same_firm.txt`)."""
    path = Path(__file__).with_name("data") / "same_firm.txt"
    return frozenset(fold(word) for word in path.read_text(encoding="utf-8").splitlines() if word and word[0] != "#")
