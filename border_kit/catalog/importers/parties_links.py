"""Which listings of different lists are one party, and why.

The answer is a function of what the lists say, never of the order in which they were imported: it is worked out anew after every
import, so that a list that changes also parts again what it had joined. Two listings are one party when, being of one kind,

- `number`: they have the same IMO number or LEI; or the same other number (passport, tax, registration …) of six signs or more and
  beside it an equal full name, an equal full birth date or a country in common;
- `reference`: one of them names the other by its list's own id, or they are the same entity of one source on two of its lists;
- `name_and_date`: they have an equal full name, of two words or more, and an equal full date of birth or founding. A first of
  January does not count: lists write it where only the year is known.

Never by the name alone, never two entries of one list (the list holds them apart), never against a differing IMO number or LEI.
Where joins contradict each other the stronger rule is kept, then the lesser ids.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from border_kit.catalog import writer
from border_kit.catalog.identifiers import LASTING, fold_identifier, plausible
from border_kit.text import fold, tokens

RULES = ("reference", "number", "name_and_date")
"""The strongest first."""
FAMILIES = {
    "un-xml": "un", "ofac-csv": "ofac", "ofac-xml": "ofac", "eu-xml": "eu", "eu-csv": "eu", "uk-csv": "uk", "ftm-jsonl": "ftm",
}  # fmt: skip
"""Whose ids the lists of an import kind bear: what a reference to them begins with."""
_SHORTEST = 6
"""Signs of a number that does not last for life: shorter ones stand for too many."""
_LARGEST = 60
"""Listings that share one number or name and date; more share a mistake (a lawyer's phone, `00000000`), not an identity."""
_WORDS = 2


@dataclass(slots=True)
class _Node:
    """A listing that may be joined: `key` is `list:source_ref`; what is needed is read when it is."""

    key: str
    list: str
    id: str
    kind: str
    family: str
    ref: str
    names: frozenset[tuple[str, ...]] = frozenset()
    dates: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    lasting: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two listings that are one party. `rank` is the rule's place in `RULES`, `evidence` what agrees, in words."""

    rank: int
    one: str
    other: str
    evidence: str


def relink(connection: sqlite3.Connection) -> None:
    """Work out anew which listings are one party, and write it: parties, their parts, and the reasons (table `link`)."""
    links = _links(connection) if _several_lists(connection) else []
    parties, kept = _parties(links, _lists(connection, links))
    _assign(connection, parties)
    rows = [
        {
            "one": link.one,
            "other": link.other,
            "party": parties[link.one],
            "rule": RULES[link.rank],
            "evidence": link.evidence,
        }
        for link in kept
    ]
    connection.execute("DELETE FROM link")
    writer.append(connection, "parties", {"link": [dict(row) for row in rows]})
    connection.execute("DELETE FROM party WHERE id NOT IN (SELECT party FROM listing)")


def _several_lists(connection: sqlite3.Connection) -> bool:
    return bool(
        connection.execute("SELECT count(*) > 1 FROM (SELECT DISTINCT list FROM listing LIMIT 2)").fetchone()[0]
    )


_NEWEST = """CREATE TEMP TABLE newest AS SELECT id, list, source_ref, kind, edition FROM (
  SELECT id, list, source_ref, kind, edition, row_number() OVER (
    PARTITION BY list, source_ref ORDER BY valid_to IS NULL OR ends IS NOT NULL DESC, valid_to DESC, id DESC) AS place
  FROM listing) WHERE place = 1"""
"""What each entry of each list says last; one that left its list stays with its party for questions about the past."""


def _links(connection: sqlite3.Connection) -> list[Link]:
    connection.execute(_NEWEST)
    connection.execute("CREATE UNIQUE INDEX temp.newest_id ON newest (id)")
    try:
        nodes = _Nodes(connection)
        found = {
            *_by_reference(connection, nodes),
            *_by_number(connection, nodes),
            *_by_name_and_date(connection, nodes),
        }
    finally:
        connection.execute("DROP TABLE temp.newest")
    best: dict[tuple[str, str], Link] = {}
    for link in sorted(found):
        best.setdefault((link.one, link.other), link)
    return sorted(best.values())


class _Nodes:
    """The listings that came up, each read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, _Node] = {}

    def __getitem__(self, listing: str) -> _Node:
        if listing not in self._known:
            self._known[listing] = self._read(listing)
        return self._known[listing]

    def _read(self, listing: str) -> _Node:
        row = self._connection.execute(
            "SELECT n.*, e.kind AS importer FROM newest n LEFT JOIN edition e ON e.id = n.edition WHERE n.id = ?",
            (listing,),
        ).fetchone()
        node = _Node(
            f"{row['list']}:{row['source_ref']}", row["list"], listing, row["kind"], FAMILIES.get(row["importer"], ""),
            fold_identifier(row["source_ref"]),
        )  # fmt: skip
        names = self._connection.execute(
            "SELECT name FROM party_name WHERE listing = ? AND quality != 'weak'", (listing,)
        )
        node.names = frozenset(words for row in names if len(words := name_key(row[0])) >= _WORDS)
        facts = self._connection.execute("SELECT type, value FROM party_fact WHERE listing = ?", (listing,)).fetchall()
        node.dates = frozenset(row[1] for row in facts if row[0] in {"born", "established"} and telling(row[1]))
        node.countries = frozenset(row[1] for row in facts if row[0] == "country")
        numbers = self._connection.execute("SELECT type, folded FROM identifier WHERE listing = ?", (listing,))
        for kind, folded in numbers:
            if kind in LASTING and plausible(kind, folded):
                node.lasting.setdefault(kind, set()).add(folded)
        return node


def name_key(name: str) -> tuple[str, ...]:
    """A full name for comparison: its words, folded, in any order (`ALI, Omar` is `Omar Ali`)."""
    return tuple(sorted(token.text for token in tokens(fold(name))))


def telling(day: str) -> bool:
    """Whether a date is a whole day, and none that stands for a year."""
    return len(day) == len("2026-01-02") and not day.endswith("-01-01")


def _joinable(one: _Node, other: _Node) -> bool:
    """Whether nothing speaks against two listings being one party."""
    if one.list == other.list or (one.kind != other.kind and "unknown" not in {one.kind, other.kind}):
        return False
    shared = one.lasting.keys() & other.lasting.keys()
    return all(one.lasting[kind] & other.lasting[kind] for kind in shared)


def _link(rule: str, one: _Node, other: _Node, evidence: str) -> Link:
    first, second = sorted((one.key, other.key))
    return Link(RULES.index(rule), first, second, evidence)


def _by_reference(connection: sqlite3.Connection, nodes: _Nodes) -> Iterator[Link]:
    """Entries that name another list's entry, and one source's entity on several of its lists."""
    said: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(
        "SELECT f.listing, f.value FROM party_fact f JOIN newest n ON n.id = f.listing WHERE f.type = 'see'"
    ):
        family, _, ref = row["value"].partition(":")
        said[family, fold_identifier(ref)].append((row["listing"], row["value"]))
    same: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in connection.execute(_ENTRIES, list(FAMILIES)):
        family = FAMILIES[row["kind"]]
        for listing, value in said.get((family, fold_identifier(row["source_ref"])), ()):
            if _joinable(nodes[listing], nodes[row["id"]]):
                yield _link("reference", nodes[listing], nodes[row["id"]], f"{nodes[listing].list} names {value}")
        if family in _ONE_SOURCE and row["others"] > 1:
            same[family, row["source_ref"]].append(row["id"])
    for (_, ref), listings in same.items():
        for one, other in combinations(listings[:_LARGEST], 2):
            if _joinable(nodes[one], nodes[other]):
                yield _link("reference", nodes[one], nodes[other], f"the same entity of one source, {ref}")


_ONE_SOURCE = frozenset({"ftm", "ofac"})
"""Families whose lists share the ids of one source."""
_ENTRIES = f"""SELECT n.id, n.source_ref, e.kind, count(*) OVER (PARTITION BY n.source_ref) AS others
FROM newest n JOIN edition e ON e.id = n.edition WHERE e.kind IN ({", ".join("?" * len(FAMILIES))})"""


def _by_number(connection: sqlite3.Connection, nodes: _Nodes) -> Iterator[Link]:
    """Entries with the same number; one that does not last for life needs a second agreement."""
    rows = connection.execute(
        """SELECT i.type, i.folded, i.listing FROM identifier i JOIN newest n ON n.id = i.listing
        WHERE i.type NOT IN ('other', 'swift') AND (i.type, i.folded) IN (
          SELECT j.type, j.folded FROM identifier j JOIN newest m ON m.id = j.listing
          GROUP BY j.type, j.folded HAVING count(DISTINCT m.list) > 1)"""
    )
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, folded, listing in rows:
        groups[kind, folded].add(listing)
    for (kind, folded), listings in groups.items():
        lasting = kind in LASTING
        if len(listings) > _LARGEST or not (plausible(kind, folded) if lasting else len(folded) >= _SHORTEST):
            continue
        for one, other in combinations(sorted(listings), 2):
            beside = "" if lasting else _beside(nodes[one], nodes[other])
            if (lasting or beside) and _joinable(nodes[one], nodes[other]):
                yield _link("number", nodes[one], nodes[other], f"{kind} {folded}{beside}")


def _beside(one: _Node, other: _Node) -> str:
    """What agrees beside a number, in words; nothing where nothing does."""
    if one.names & other.names:
        return ", and an equal name"
    if one.dates & other.dates:
        return ", and an equal date"
    return ", and a country in common" if one.countries & other.countries else ""


def _by_name_and_date(connection: sqlite3.Connection, nodes: _Nodes) -> Iterator[Link]:
    """Entries with an equal full name and an equal full date.

    Names are compared by a digest in a temporary table, so that what is held does not grow with the lists.
    """
    connection.execute(
        "CREATE TEMP TABLE named (key INTEGER, listing TEXT, list TEXT NOT NULL, PRIMARY KEY (key, listing)) WITHOUT ROWID"
    )
    rows = connection.execute(
        """SELECT f.value, p.name, n.id, n.list FROM party_fact f JOIN newest n ON n.id = f.listing
        JOIN party_name p ON p.listing = f.listing WHERE f.type IN ('born', 'established') AND p.quality != 'weak'
        AND length(f.value) = 10 AND f.value NOT LIKE '%-01-01' AND f.value IN (
          SELECT g.value FROM party_fact g JOIN newest m ON m.id = g.listing WHERE g.type IN ('born', 'established')
          AND length(g.value) = 10 GROUP BY g.value HAVING count(DISTINCT m.list) > 1)"""
    )
    connection.executemany(
        "INSERT OR IGNORE INTO temp.named VALUES (?, ?, ?)",
        (
            (_digest(day, words), listing, name)
            for day, text, listing, name in rows
            if len(words := name_key(text)) >= _WORDS
        ),
    )
    groups: dict[int, set[str]] = defaultdict(set)
    for key, listing in connection.execute(
        "SELECT key, listing FROM temp.named WHERE key IN (SELECT key FROM temp.named GROUP BY key HAVING count(DISTINCT list) > 1)"
    ):
        groups[key].add(listing)
    connection.execute("DROP TABLE temp.named")
    for listings in groups.values():
        if len(listings) <= _LARGEST:
            for one, other in combinations(sorted(listings), 2):
                yield from _same_name_and_date(nodes[one], nodes[other])


def _digest(day: str, words: tuple[str, ...]) -> int:
    return int.from_bytes(hashlib.blake2b(f"{day} {' '.join(words)}".encode(), digest_size=8).digest(), signed=True)


def _same_name_and_date(one: _Node, other: _Node) -> Iterator[Link]:
    names, dates = one.names & other.names, one.dates & other.dates
    if names and dates and _joinable(one, other):
        yield _link("name_and_date", one, other, f"the name {' '.join(min(names))} and {min(dates)}")


def _lists(connection: sqlite3.Connection, links: list[Link]) -> dict[str, str]:
    """The list of each listing that is linked (an id alone does not tell: both parts may hold a colon)."""
    keys = {key for link in links for key in (link.one, link.other)}
    found = connection.execute("SELECT DISTINCT list, source_ref FROM listing") if keys else ()
    return {key: row[0] for row in found if (key := f"{row[0]}:{row[1]}") in keys}


def _parties(links: list[Link], lists: dict[str, str]) -> tuple[dict[str, str], list[Link]]:
    """The party of every linked listing, and the links that made it; a link that would join two entries of one list is left out."""
    members = {key: {key} for key in lists}
    kept: list[Link] = []
    for link in links:
        one, other = members[link.one], members[link.other]
        if one is not other:
            if {lists[key] for key in one} & {lists[key] for key in other}:
                continue
            one |= other
            for key in other:
                members[key] = one
        kept.append(link)
    return {key: min(group) for key, group in members.items() if len(group) > 1}, kept


def _assign(connection: sqlite3.Connection, parties: dict[str, str]) -> None:
    """Give every listing its party: the linked ones theirs, all others one of their own."""
    apart = connection.execute(
        "SELECT DISTINCT list, source_ref, party FROM listing WHERE party != list || ':' || source_ref"
    )
    wanted = {f"{row['list']}:{row['source_ref']}": row["party"] for row in apart}
    changed = {key for key in {*wanted, *parties} if wanted.get(key, key) != parties.get(key, key)}
    if not changed:
        return
    connection.execute("CREATE TEMP TABLE moved (listing TEXT PRIMARY KEY, party TEXT NOT NULL) WITHOUT ROWID")
    rows = connection.execute("SELECT id, list, source_ref FROM listing")
    moved = [
        (row["id"], parties.get(key, key)) for row in rows if (key := f"{row['list']}:{row['source_ref']}") in changed
    ]
    connection.executemany("INSERT INTO temp.moved VALUES (?, ?)", moved)
    connection.execute(
        "UPDATE listing SET party = (SELECT party FROM temp.moved WHERE listing = id) WHERE id IN (SELECT listing FROM temp.moved)"
    )
    for part in ("party_name", "party_fact", "identifier"):
        connection.execute(
            f"UPDATE {part} SET party = (SELECT m.party FROM temp.moved m WHERE m.listing = {part}.listing) "
            f"WHERE listing IN (SELECT listing FROM temp.moved)"
        )
    connection.execute("DROP TABLE temp.moved")
    _restore(connection)


def _restore(connection: sqlite3.Connection) -> None:
    """A party's own row, where it stands alone again: as its newest listing has it."""
    connection.execute(
        """INSERT OR IGNORE INTO party (id, kind, caption)
        SELECT party, kind, caption FROM listing WHERE party = list || ':' || source_ref ORDER BY valid_to IS NULL DESC, valid_to DESC, id DESC"""
    )
