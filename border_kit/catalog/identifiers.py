"""Identifiers of parties: numbers that decide or refute, written in a hundred ways.

The types that importers write are imo, mmsi, call_sign, tail_number, aircraft_serial, lei, duns, passport, national_id, tax,
registration, swift, licence, digital_currency and other; a file's own words are kept in lower case.
"""

from __future__ import annotations

from border_kit.text import fold


def fold_identifier(value: str) -> str:
    """An identifier for comparison: its letters and digits alone, folded (`IMO 9074-729` is `imo9074729`)."""
    return "".join(char for char in fold(value) if char.isalnum())
