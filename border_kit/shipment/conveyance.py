"""The ships, aircraft and trucks of a shipment, as parties that can be screened: declarations write them as free text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from border_kit.shipment.model import Identifier, Party, Shipment
from border_kit.text import fold

_IMO = re.compile(r"\bIMO\b[\s.:#-]*(?:n(?:o|r|umber)\b[\s.:#-]*)?(\d{7})(?!\d)", re.IGNORECASE)
"""An IMO number inside the text, with its name before it (bare digits may be anything)."""
_VOYAGE = re.compile(r"\s*(?:/|\bvoy(?:age)?\b[.:]?(?:\s*no\b\.?)?|\bv\.)\s*\d\w*\s*$", re.IGNORECASE)
"""A voyage behind the ship's name: `/ 0123W`, `V.12`, `voy no 7`. A bare number may belong to the name."""
_REGISTRATION = re.compile(r"[A-Z0-9]{1,2}-[A-Z0-9]{3,5}", re.IGNORECASE)
"""An aircraft's nationality and registration marks with their hyphen (ICAO Annex 7)."""
MOST = 20
"""Conveyances of one shipment that are told apart."""


def conveyances(shipment: Shipment) -> tuple[Party, ...]:
    """What carries the goods, each once, in role `vessel`, with the IMO number or registration that the papers state.

    Numbers of the field `imo` belong to the vessels that state none themselves, in order; one left over stands alone. A vessel
    without a number whose name is a declared party's is left to that party: it is screened there, with what is known of it.
    """
    named = [part for part in _parts(shipment.transport.vessel) if any(char.isalnum() for char in part)]
    silent = [part for part in named if not _IMO.search(part)]
    given = list(_parts(shipment.transport.imo))
    numbers = dict(zip(silent, given, strict=False))
    declared = {fold(party.name) for party in shipment.parties}
    found = [*(_conveyance(part, numbers.get(part)) for part in named), *(_alone(one) for one in given[len(silent) :])]
    return tuple(dict.fromkeys(one for one in found if one.identifiers or fold(one.name) not in declared))[:MOST]


def _parts(text: str | None) -> Iterator[str]:
    return (part.strip() for part in (text or "").split(";") if part.strip())


def _conveyance(text: str, number: str | None) -> Party:
    own = _IMO.search(text)
    bare = _VOYAGE.sub("", _IMO.sub(" ", text)).strip(" ,/()-") or text
    stated = own[1] if own else number
    if stated:
        return Party("vessel", bare, identifiers=(Identifier("imo", stated),))
    marks = (Identifier("tail_number", bare),) if _REGISTRATION.fullmatch(bare) else ()
    return Party("vessel", bare, identifiers=marks)


def _alone(number: str) -> Party:
    return Party("vessel", f"IMO {number.removeprefix('IMO').strip()}", identifiers=(Identifier("imo", number),))
