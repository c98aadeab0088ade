"""The screener: a query in, the listed parties that may be meant out, each with its reasons."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from border_kit.catalog.volumes import REBUILD, Catalog
from border_kit.errors import CatalogError
from border_kit.screening import qualifiers
from border_kit.screening.candidates import HOPE, Candidates, Ranked
from border_kit.screening.index.layout import expect_shape
from border_kit.screening.index.prepared import Prepared, Stored, kind_of
from border_kit.screening.model import ALERT, MOST_HITS, SHOWN, Comparison, Explanation, Hit, Query, Screening
from border_kit.screening.parse import Name, parse
from border_kit.screening.qualifiers import Known
from border_kit.screening.score import compare_names
from border_kit.screening.spoken import spoken

_BORDERLINE = 0.42
"""Names from this score on are looked at with what is known beside the name."""
_PARTIES = 40
_AT_FIRST, _AT_ONCE = 24, 12
"""Names that are compared at once: to begin with, and as long as some of them are worth showing."""
_LESS = 0.92
"""When none of them is worth showing, names that share less than this part of what the best one shares are left."""
_SCORED = 96
"""Names that are compared in full at most."""
WEAK_ALIAS = 0.68
"""The most for a weak alias of one word when nothing beside the name speaks for it: shown, no alert (OFAC FAQ 124)."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A listed name and how it compares."""

    row: sqlite3.Row
    comparison: Comparison
    words: int = 1


@dataclass(slots=True)
class Screener:
    """Screens names against a catalog's parties. Belongs to one thread, as its catalog does.

    Raises CatalogError (from its methods) when the catalog has no parties, or their index is missing or of other data.
    """

    catalog: Catalog
    _candidates: Candidates = field(init=False)
    _prepared: Prepared = field(init=False)

    def __post_init__(self) -> None:
        index = self.catalog.index("parties")
        for connection in (self.catalog.open("parties"), index):
            connection.execute("PRAGMA cache_size=-1000")
            connection.execute("PRAGMA mmap_size=0")  # read, not mapped: mapped pages count as this process's memory
        expect_shape(index)
        self._candidates = Candidates(index)
        self._prepared = Prepared(index)

    def screen(self, query: Query) -> Screening:
        """The parties that may be meant, best first, one hit a party, at most twenty."""
        info = self.catalog.info("parties")
        try:
            hits = self._hits(qualifiers.with_numbers(query))
        except sqlite3.DatabaseError as error:
            raise CatalogError(
                "index_damaged",
                f"The index of the parties cannot be read ({error}).",
                REBUILD,
            ) from error
        return Screening(hits, info.demo, info.as_of.isoformat())

    def _hits(self, query: Query) -> tuple[Hit, ...]:
        best = self._by_name(query)
        for row in self._by_identifier(query):
            best.setdefault(row["party"], _Found(row, Comparison(0.0, ())))
        parties = sorted(best, key=lambda party: (-best[party].comparison.score, party))[:_PARTIES]
        parties += [party for party, found in best.items() if not found.comparison.explanation and party not in parties]
        known = self._known(parties)
        hits = [self._hit(query, best[party], known.get(party, Known())) for party in parties]
        shown = sorted((hit for hit in hits if hit[0] >= SHOWN), key=lambda hit: (-hit[0], hit[2].row["party"]))[
            :MOST_HITS
        ]
        return self._described(shown)

    def _by_name(self, query: Query) -> dict[str, _Found]:
        """The best-matching name of every party that comes near."""
        text = query.name[:2000]
        kinds = (query.kind,) if query.kind else (None, "person", "organisation")
        read = {kind: parse(text, kind) for kind in kinds}
        ranked = self._candidates.find(list(read.values()))
        others = spoken(read[kinds[0]])
        for other in others:  # in Chinese characters: each way to read them is a question of its own
            ranked += self._candidates.find([other])
        if others:
            ranked = _best_first(ranked)
        best: dict[str, _Found] = {}
        scored = 0
        for names in self._names(ranked, query):
            worth = False
            for row, right, kind in names:
                same = row["name"] == query.name
                left = read.get(kind) or read.setdefault(kind, parse(text, kind))
                found = compare_names(left, right, among_many=True, reasons_from=0.0 if same else _BORDERLINE)
                if same:
                    found = Comparison(1.0, found.explanation)
                worth |= found.score >= SHOWN
                held = best.get(row["party"])
                if found.score >= _BORDERLINE and (held is None or found.score > held.comparison.score):
                    best[row["party"]] = _Found(row, found, sum(part.is_name for part in right.parts))
            scored += len(names)
            tells = ranked[min(len(ranked) - 1, scored)].share < _LESS * ranked[0].share or scored > _SCORED // 2
            if (names and not worth and tells) or scored >= _SCORED:
                break
        return best

    def _names(self, ranked: list[Ranked], query: Query) -> Iterator[list[tuple[sqlite3.Row, Name, str | None]]]:
        """The names that apply on the day of the question, best first, some at a time, each read as its kind."""
        rest, many = iter(ranked), _AT_FIRST
        while some := list(itertools.islice(rest, many)):
            many = _AT_ONCE
            stored = self._prepared.rows(item.nid for item in some)
            rows = self._in_force([item.id for item in stored], query.lists)
            stored = [item for item in stored if item.id in rows]
            self._prepared.load(stored)
            yield [self._named(item, rows[item.id], query.kind) for item in stored]

    def _named(self, stored: Stored, row: sqlite3.Row, asked: str | None) -> tuple[sqlite3.Row, Name, str | None]:
        listed = kind_of(row["kind"])
        kind = asked or listed
        if kind != listed:
            return row, parse(row["name"], kind), kind
        return row, self._prepared.name(stored, row["name"], kind), kind

    def _in_force(self, ids: list[str], lists: tuple[str, ...]) -> dict[str, sqlite3.Row]:
        """Names by id, those that apply on the day of the question, as their listing does, on the lists that are asked."""
        condition = self.catalog.in_force.replace("valid_", "{0}.valid_")
        both = f"{condition.format('n')} AND {condition.format('l')}"
        sql = (
            "SELECT n.id, n.party, n.listing, n.name, n.quality, l.kind FROM party_name n JOIN listing l ON l.id = n.listing "
            f"WHERE n.id IN ({','.join(f':i{number}' for number in range(len(ids)))}) AND {both}{_on_lists(lists)}"
        )
        values = {f"i{at}": key for at, key in enumerate(ids)} | _list_values(lists)
        return {row["id"]: row for row in self.catalog.rows("parties", sql, **values)}

    def _by_identifier(self, query: Query) -> list[sqlite3.Row]:
        """A name of every party that has a number of the query."""
        forms = [
            form
            for item in query.identifiers[:20]
            if qualifiers.plausible(item)
            for form in qualifiers.folded_forms(item)
        ]
        if not forms:
            return []
        names = {f"form{number}": form for number, form in enumerate(forms)}
        marks = ",".join(f":{name}" for name in names)
        return self.catalog.rows(
            "parties",
            f"""SELECT l.party, l.id AS listing, l.caption AS name, l.kind, 'primary' AS quality FROM listing l
            JOIN (SELECT listing FROM identifier WHERE folded IN ({marks}) AND {self.catalog.in_force}) i ON i.listing = l.id
            WHERE {self.catalog.in_force}{_on_lists(query.lists)} ORDER BY l.id LIMIT 40""",
            **names,
            **_list_values(query.lists),
        )

    def _known(self, parties: list[str]) -> dict[str, Known]:
        """What the lists say of some parties on the day of the question."""
        names = {f"p{number}": party for number, party in enumerate(parties)}
        marks = ",".join(f":{name}" for name in names)
        where = f"WHERE party IN ({marks}) AND {self.catalog.in_force} ORDER BY id"
        facts: dict[tuple[str, str], list[str]] = {}
        for row in self.catalog.rows("parties", f"SELECT party, type, value FROM party_fact {where}", **names):
            facts.setdefault((row["party"], row["type"]), []).append(row["value"])
        numbers: dict[str, list[tuple[str, str]]] = {}
        for row in self.catalog.rows("parties", f"SELECT party, type, folded FROM identifier {where}", **names):
            numbers.setdefault(row["party"], []).append((row["type"], row["folded"]))
        return {
            party: Known(
                tuple(facts.get((party, "born"), ())),
                tuple(dict.fromkeys(value.upper() for value in facts.get((party, "country"), ()))),
                tuple(numbers.get(party, ())),
                tuple(value.casefold() for value in facts.get((party, "gender"), ())),
            )
            for party in parties
        }

    def _hit(self, query: Query, found: _Found, known: Known) -> tuple[float, tuple[Explanation, ...], _Found]:
        score, notes = qualifiers.apply(found.comparison.score, query, found.row["kind"], known)
        quality = found.row["quality"]
        if quality != "primary":
            notes = (*notes, Explanation("name", None, found.row["name"], _QUALITIES.get(quality, quality)))
        if quality == "weak" and found.words < 2 and not any(note.how == "agree" for note in notes):  # one word
            score = min(score, WEAK_ALIAS)
        return score, (*found.comparison.explanation, *notes), found

    def _described(self, found: list[tuple[float, tuple[Explanation, ...], _Found]]) -> tuple[Hit, ...]:
        """The hits with their listings."""
        names = {f"p{number}": item[2].row["party"] for number, item in enumerate(found)}
        marks = ",".join(f":{name}" for name in names)
        listings: dict[str, list[sqlite3.Row]] = {}
        for row in self.catalog.rows(
            "parties",
            f"SELECT l.*, p.caption AS main FROM listing l JOIN party p ON p.id = l.party "
            f"WHERE l.party IN ({marks}) AND {self.catalog.in_force} ORDER BY l.list, l.source_ref",
            **names,
        ):
            listings.setdefault(row["party"], []).append(row)
        hits: list[Hit] = []
        for score, notes, item in found:
            rows = listings.get(item.row["party"], [])
            own = next((row for row in rows if row["id"] == item.row["listing"]), None)
            if own is None:
                continue
            refs = tuple(dict.fromkeys((row["list"], row["source_ref"]) for row in rows))
            hits.append(
                Hit(item.row["party"], own["list"], own["source_ref"], refs, item.row["name"], own["main"], own["kind"],
                    score, score >= ALERT, notes, item.row["quality"])
            )  # fmt: skip
        return tuple(hits)


def _best_first(ranked: list[Ranked]) -> list[Ranked]:
    """Each name once, with the most it shares; those without hope beside the best are left."""
    best: dict[int, Ranked] = {}
    for item in ranked:
        held = best.get(item.nid)
        if held is None or item.share > held.share:
            best[item.nid] = item
    least = HOPE * max((item.share for item in ranked), default=0.0)
    return sorted((item for item in best.values() if item.share >= least), key=lambda item: -item.share)


_QUALITIES = {"alias": "alias", "weak": "weak alias", "former": "former name", "original": "original script"}


def _on_lists(lists: tuple[str, ...]) -> str:
    """The condition on a listing `l` that keeps to the lists that are asked."""
    return f" AND l.list IN ({', '.join(f':list{at}' for at in range(len(lists)))})" if lists else ""


def _list_values(lists: tuple[str, ...]) -> dict[str, str]:
    return {f"list{at}": name for at, name in enumerate(lists)}
