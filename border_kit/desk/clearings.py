"""Cleared decisions, held against answers: which hit was found before not to be the party asked for, and whether that still holds.

It holds for the same name and the same details beside it, and only as long as the lists say of the party what they said then. A
number or birth date that speaks for the party, and was not weighed then, ends it. A hit is marked, never hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from border_kit.catalog.dossier import dossiers
from border_kit.catalog.identifiers import fold_number
from border_kit.catalog.volumes import Catalog
from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.screening.model import Cleared, Hit, Query, Screening
from border_kit.text import clean_line, fold, tokens

if TYPE_CHECKING:
    from border_kit.casework.clearings import Clearing

_DECIDING = frozenset({"identifier", "born"})
"""What speaks for a party so strongly that a clearing which did not weigh it no longer counts."""


def name_key(name: str) -> str:
    """A name as clearings are kept by: its words folded, in their order."""
    return " ".join(token.text for token in tokens(fold(clean_line(name, 2_000))))


def asked(query: Query) -> dict[str, Json]:
    """What a query says beside the name, in a form that can be compared."""
    numbers = {f"{item.type.casefold()}:{fold_number(item.type.casefold(), item.value)}" for item in query.identifiers}
    kept: dict[str, Json] = {
        "kind": query.kind,
        "country": query.country,
        "born": query.born,
        "identifiers": [*sorted(numbers)],
    }
    return {key: value for key, value in kept.items() if value}


@dataclass(slots=True)
class Clearings:
    """The office's clearings on one catalog, by name."""

    catalog: Catalog
    found: Iterable[Clearing] = ()
    _by_name: dict[str, list[Clearing]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_name = {}
        for one in self.found:
            self._by_name.setdefault(name_key(one.name), []).append(one)

    def marked(self, query: Query, screening: Screening) -> Screening:
        """The same hits, those cleared before marked with why, by whom and when."""
        known = self._by_name.get(name_key(query.name)) if self._by_name else None
        if not known:
            return screening
        return replace(screening, hits=tuple(self._mark(query, hit, known) for hit in screening.hits))

    def _mark(self, query: Query, hit: Hit, known: list[Clearing]) -> Hit:
        details = asked(query)
        for one in reversed(known):
            if set(one.refs) & set(hit.refs) and _same_question(one.asked, details):
                same = dossiers(self.catalog, [hit.party])[hit.party].digest == one.digest
                why = None if same else "the listing has changed since"
                if same and _speaks_for_it(hit, one.asked):
                    why = "a detail now speaks for the party"
                return replace(
                    hit, cleared=Cleared(one.no, one.because, one.operator, one.at, holds=why is None, why_not=why)
                )
        return hit

    def record_of(self, query: Query, screening: Screening, party: str) -> dict[str, Json]:
        """What is recorded when a hit is cleared. `party` is its id or any of its listings. Raises InputError for no hit."""
        hit = next((hit for hit in screening.hits if names_party(hit, party)), None)
        if hit is None:
            raise InputError(
                "no_such_hit",
                f"{clean_line(party, 100)!r} is no hit for this name: there is nothing to clear.",
                "Name the party as the answer shows it, by LIST:ID.",
            )
        return {
            "name": clean_line(query.name, 2_000),
            "asked": asked(query),
            "party": hit.party,
            "refs": [{"list": name, "source_ref": ref} for name, ref in hit.refs],
            "caption": hit.caption,
            "score": str(hit.score),
            "digest": dossiers(self.catalog, [hit.party])[hit.party].digest,
        }


def names_party(hit: Hit, party: str) -> bool:
    """Whether an officer's word for a party means this hit: its id, `LIST:ID`, `LIST ID` or an id that one listing bears."""
    forms = {hit.party, *(f"{name}:{ref}" for name, ref in hit.refs), *(f"{name} {ref}" for name, ref in hit.refs)}
    return clean_line(party, 500) in forms | {ref for _, ref in hit.refs}


def _same_question(then: dict[str, Json], now: dict[str, Json]) -> bool:
    """Whether every detail that was weighed then is stated the same now."""
    return all(now.get(key) == value for key, value in then.items())


def _speaks_for_it(hit: Hit, then: dict[str, Json]) -> bool:
    """Whether a number or birth that agrees was not before the officer who cleared."""
    return any(
        item.how == "agree" and ("identifiers" if item.part == "identifier" else item.part) not in then
        for item in hit.explanation
        if item.part in _DECIDING
    )
