"""What is asked of screening and what it answers (docs/interfaces.md: `screen`, `compare`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.screening.parse import KINDS
from border_kit.shipment.model import Identifier

ALERT = 0.70
"""From this score on a hit is an alert (docs/interfaces.md)."""
SHOWN = 0.50
"""From this score on a hit is shown."""
MOST_HITS = 20


@dataclass(frozen=True, slots=True)
class Query:
    """Who is asked for; `country` is ISO 3166-1 alpha-2, `born` YYYY[-MM[-DD]]. Raises InputError for another `kind`.

    `lists` are the ids of the lists that are asked alone; none asks all.
    """

    name: str
    kind: str | None = None
    country: str | None = None
    born: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    lists: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            raise InputError("unknown_kind", f"A party's kind is one of {', '.join(KINDS)}.", field="kind")


class Explanation(NamedTuple):
    """One thing that counted.

    `part` is `word` for words, else the qualifier's name (born, country, identifier, kind, name). `how` says in which way
    the two stand to each other; `weight` is the word's share of the query (0 to 1), `score` how alike the two are.
    """

    part: str
    query: str | None
    listed: str | None
    how: str
    weight: float = 0.0
    score: float = 0.0

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "part": self.part,
            "query": self.query,
            "listed": self.listed,
            "how": self.how,
            "weight": round(self.weight, 3),
            "score": round(self.score, 3),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two names may mean one party, 0 to 1, and why."""

    score: float
    explanation: tuple[Explanation, ...]

    def to_json(self) -> dict[str, Json]:
        """As the contract names it; `id` is the row's and added by the caller."""
        return {"score": self.score, "explanation": [item.to_json() for item in self.explanation]}


@dataclass(frozen=True, slots=True)
class Cleared:
    """That an officer found before that the name does not mean this party. `no` is the event in the casebook, `at` ISO 8601.

    While it `holds` the hit decides nothing; otherwise `why_not` says what ended it.
    """

    no: int
    because: str
    operator: str | None
    at: str
    holds: bool
    why_not: str | None = None

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "no": self.no,
            "because": self.because,
            "operator": self.operator,
            "at": self.at,
            "holds": self.holds,
            "why_not": self.why_not,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """One listed party that may be meant.

    `list` and `source_ref` are the listing whose name matched, `refs` all its listings in force as (list, source_ref);
    `name` is the listed name that matched, `quality` what kind of name it is, `caption` the party's main name.
    """

    party: str
    list: str
    source_ref: str
    refs: tuple[tuple[str, str], ...]
    name: str
    caption: str
    kind: str
    score: float
    alert: bool
    explanation: tuple[Explanation, ...]
    quality: str = "primary"
    cleared: Cleared | None = None

    @property
    def decides(self) -> bool:
        """Whether it is an alert that no officer has cleared."""
        return self.alert and not (self.cleared and self.cleared.holds)

    def to_json(self) -> dict[str, Json]:
        """As the contract names it, the quality of the name, and whether the hit was cleared."""
        return {
            "party": self.party,
            "source_ref": self.source_ref,
            "list": self.list,
            "refs": [{"list": name, "source_ref": ref} for name, ref in self.refs],
            "name": self.name,
            "quality": self.quality,
            "caption": self.caption,
            "kind": self.kind,
            "score": self.score,
            "alert": self.alert,
            "cleared": self.cleared.to_json() if self.cleared else None,
            "explanation": [item.to_json() for item in self.explanation],
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """The hits, best first; `demo` says that the lists are fictional, `as_of` (ISO) how current they are."""

    hits: tuple[Hit, ...]
    demo: bool
    as_of: str

    @property
    def alert(self) -> bool:
        """Whether any hit is an alert that no officer has cleared."""
        return any(hit.decides for hit in self.hits)

    def to_json(self) -> dict[str, Json]:
        """As the contract names it; `id` and `elapsed_ms` are added by the caller."""
        return {"hits": [hit.to_json() for hit in self.hits], "demo": self.demo, "as_of": self.as_of}
