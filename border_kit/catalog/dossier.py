"""What the lists say of one party: every listing in force with its names, facts and numbers, and why they are one party."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from border_kit.catalog.volumes import Catalog
from border_kit.findings import Json

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One listing of a party. `names` are (name, quality), `facts` and `identifiers` (type, value), in the list's order."""

    list: str
    source_ref: str
    kind: str
    caption: str
    programme: str | None
    listed_on: str | None
    ends: str | None
    note: str | None
    edition: str
    names: tuple[Pair, ...]
    facts: tuple[Pair, ...]
    identifiers: tuple[Pair, ...]

    def content(self) -> tuple[object, ...]:
        """What the list says, without the edition in which it says it."""
        head = (
            self.list,
            self.source_ref,
            self.kind,
            self.caption,
            self.programme,
            self.listed_on,
            self.ends,
            self.note,
        )
        return (*head, self.names, self.facts, self.identifiers)

    def to_json(self) -> dict[str, Json]:
        """All fields; the pairs as `[type, value]`."""
        return {
            "list": self.list,
            "source_ref": self.source_ref,
            "kind": self.kind,
            "caption": self.caption,
            "programme": self.programme,
            "listed_on": self.listed_on,
            "ends": self.ends,
            "note": self.note,
            "edition": self.edition,
            "names": [list(pair) for pair in self.names],
            "facts": [list(pair) for pair in self.facts],
            "identifiers": [list(pair) for pair in self.identifiers],
        }


@dataclass(frozen=True, slots=True)
class Dossier:
    """A party's listings in force, by list and id, and the reasons why they are one party, in words."""

    party: str
    listings: tuple[Listed, ...]
    reasons: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of what the lists say: the same in another edition that says the same, another when anything changes."""
        content = [listed.content() for listed in self.listings]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()

    def values(self, *types: str) -> tuple[str, ...]:
        """The values of facts of these types, each once."""
        return tuple(dict.fromkeys(value for listed in self.listings for kind, value in listed.facts if kind in types))

    @property
    def identifiers(self) -> tuple[Pair, ...]:
        """Every number, each once."""
        return tuple(dict.fromkeys(pair for listed in self.listings for pair in listed.identifiers))

    def to_json(self) -> dict[str, Json]:
        """All of it."""
        return {
            "party": self.party,
            "listings": [listed.to_json() for listed in self.listings],
            "one_party_because": list(self.reasons),
        }


def dossiers(catalog: Catalog, parties: Iterable[str]) -> dict[str, Dossier]:
    """The dossiers of some parties on the day of the question; a party that is on no list then has no listings.

    Raises CatalogError on a damaged volume.
    """
    return {party: _dossier(catalog, party) for party in dict.fromkeys(parties)}


def _dossier(catalog: Catalog, party: str) -> Dossier:
    rows = catalog.rows(
        "parties",
        f"SELECT * FROM listing WHERE party = :party AND {catalog.in_force} ORDER BY list, source_ref, id",
        party=party,
    )
    parts = {
        table: _pairs(catalog, select, party)
        for table, select in (
            ("names", "SELECT listing, name AS one, quality AS other FROM party_name"),
            ("facts", "SELECT listing, type AS one, value AS other FROM party_fact"),
            ("identifiers", "SELECT listing, type AS one, value AS other FROM identifier"),
        )
    }
    links = catalog.rows("parties", "SELECT * FROM link WHERE party = :party ORDER BY one, other", party=party)
    listings = tuple(
        Listed(
            *(
                row[key]
                for key in (
                    "list",
                    "source_ref",
                    "kind",
                    "caption",
                    "programme",
                    "listed_on",
                    "ends",
                    "note",
                    "edition",
                )
            ),
            *(tuple(parts[table].get(row["id"], ())) for table in ("names", "facts", "identifiers")),
        )
        for row in rows
    )
    return Dossier(party, listings, tuple(reason(link) for link in links))


def reason(link: sqlite3.Row) -> str:
    """Why two listings are one party, in words."""
    return f"{link['one']} = {link['other']}: {link['evidence']} ({link['rule'].replace('_', ' ')})"


def _pairs(catalog: Catalog, select: str, party: str) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for row in catalog.rows("parties", f"{select} WHERE party = :party ORDER BY id", party=party):
        found.setdefault(row["listing"], []).append((row["one"], row["other"]))
    return found
