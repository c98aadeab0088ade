"""Identifiers of parties: numbers that decide or refute, written in a hundred ways.

The types that importers write are imo, mmsi, call_sign, tail_number, aircraft_serial, lei, duns, passport, national_id, tax,
registration, swift, licence, digital_currency and other; a file's own words are kept in lower case.
"""

from __future__ import annotations

import unicodedata

from border_kit.text import fold


def fold_identifier(value: str) -> str:
    """An identifier for comparison: its letters and digits alone, folded, digits of other scripts as 0 to 9.

    `IMO 9074-729` is `imo9074729`.
    """
    kept = "".join(char for char in fold(value) if char.isalnum())
    if kept.isascii():
        return kept
    return "".join([str(unicodedata.decimal(char)) if char.isdecimal() else char for char in kept])


def type_of(text: str) -> str:
    """The type of a number in the words of a file or an officer: `IMO number` and `vessel_imo` are imo; others in lower case."""
    words = fold(text).replace("_", " ").replace("-", " ").split()
    return next((kind for kind in ("imo", "mmsi", "lei", "passport") if kind in words), text.casefold())


def fold_number(kind: str, value: str) -> str:
    """A number of a type, folded, without the type's own name in front (`imo`, `IMO 9074-729` → `9074729`)."""
    folded = fold_identifier(value)
    return folded.removeprefix(fold_identifier(kind)) or folded


LASTING = frozenset({"imo", "lei"})
"""Numbers that a ship or firm keeps for life: the same number is the same party (IMO Res. A.1117(30), ISO 17442)."""


def plausible(kind: str, folded: str) -> bool:
    """Whether a folded number can be one of its type: by its check digit where the type has one (IMO A.1117(30), ISO 7064)."""
    value = fold_number(kind, folded)
    if kind == "imo":
        return len(value) == 7 and value.isascii() and value.isdigit() and _imo(value)  # seven digits
    if kind == "lei":
        return len(value) == 20 and value.isascii() and value.isalnum() and _mod97(value) == 1  # ISO 17442
    return len(value) > 3  # shorter numbers stand for too many


def _imo(value: str) -> bool:
    total = sum(int(digit) * place for digit, place in zip(value[:6], range(7, 1, -1), strict=True))
    return total % 10 == int(value[6])


def _mod97(value: str) -> int:
    return int("".join(str(int(char, 36)) for char in value)) % 97
