"""A licence's page: what it says, what is left of it as known here, and what it still asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from border_kit.findings import Json
from border_kit.licensing.entry import Entry
from border_kit.licensing.model import Licence, Usage, known_as_of
from border_kit.licensing.obligations import Due
from border_kit.licensing.usage import balances


def page(
    licence: Licence,
    *,
    here: Sequence[Usage] = (),
    reported: Iterable[Usage] = (),
    entries: Iterable[Entry] = (),
    obligations: Iterable[Due] = (),
) -> dict[str, Json]:
    """The page as a document.

    Args:
        licence: the licence.
        here: the drawings made here that its registry does not report yet; the balances count them.
        reported: single drawings that the registry reports, newest first, to be shown.
        entries: entries of the ledger, newest first, to be shown.
        obligations: how each obligation stands.
    """
    known = balances(licence, here)
    entries = list(entries)
    reversed_ids = {entry.reverses for entry in entries if entry.reverses}
    return {
        **licence.to_json(),
        "lines": [line.to_json() | known[line.no].to_json() for line in licence.lines],
        "usage": [row.to_json() for row in reported],
        "ledger": [entry.to_json() | {"reversed": entry.id in reversed_ids} for entry in entries],
        "obligations": [row.to_json() for row in obligations],
        "known": known_as_of(licence.authority),
    }
