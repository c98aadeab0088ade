"""Identifiers of parties: numbers that decide or refute, written in a hundred ways."""

from __future__ import annotations

from border_kit.text import fold

TYPES = frozenset(
    "imo mmsi call_sign tail_number aircraft_serial lei duns passport national_id tax registration swift licence "
    "digital_currency other".split()
)
"""The types the kit stores; a file's other words are kept as they stand, in lower case."""


def fold_identifier(value: str) -> str:
    """An identifier for comparison: letters and digits alone, folded (`IMO 9074729` and `imo9074729` differ by a prefix only)."""
    return "".join(char for char in fold(value) if char.isalnum())
