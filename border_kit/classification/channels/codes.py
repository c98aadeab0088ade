"""Control codes that the line itself states: what the sender writes down about his own goods is evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from border_kit.classification.extract import Code
from border_kit.classification.model import Band, Candidate
from border_kit.classification.rules.knowledge import Entry, Knowledge
from border_kit.classification.rules.rating import Rated
from border_kit.findings import Evidence

_SCORE = {"likely": 0.97, "possible": 0.6}


def rate(codes: Iterable[Code], knowledge: Knowledge) -> Iterator[Rated]:
    """The entries whose code a line states; a labelled or deep code is likely, a bare root possible (it may be a part number)."""
    for code in codes:
        band: Band = "likely" if code.labelled or "." in code.value or "(" in code.value else "possible"
        evidence = (Evidence(f"the line states the control code {code.value}", span=code.span),)
        entries = _entries(code.value, knowledge)
        for entry in entries:
            yield Rated(
                Candidate(
                    entry.code, entry.root, entry.list, band, _SCORE[band], entry.title, entry.equivalents,
                    evidence=evidence, cite=entry.cite,
                ),
                hs=entry.hs,
            )  # fmt: skip
        if not entries:
            for listed, root, text in knowledge.listed(code.value):
                yield Rated(Candidate(code.value, root, listed, band, _SCORE[band] - 0.05, text, evidence=evidence))


def _entries(value: str, knowledge: Knowledge) -> tuple[Entry, ...]:
    """Authored entries of a code, or of the nearest paragraph above it."""
    while value:
        found = knowledge.entries_by_code(value)
        if found:
            return found
        value = value.rpartition("(")[0] if value.endswith(")") else value.rpartition(".")[0]
    return ()
