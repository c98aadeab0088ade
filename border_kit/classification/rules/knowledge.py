"""The rows of the controls volume that a classification needs, read when first asked for and remembered.

Rows that do not apply on the catalog's day are not seen. A `Knowledge` belongs to one thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from border_kit.catalog.codes import ancestors
from border_kit.catalog.volumes import Catalog
from border_kit.classification.near import ENTRY
from border_kit.classification.rules.criteria import Node, Release, leaves, read_node
from border_kit.errors import CatalogError

Value = TypeVar("Value")


class HsLink(NamedTuple):
    """An HS prefix (2 to 6 digits) under which goods are declared; `ex`: only a part of that heading."""

    hs: str
    ex: bool
    strong: bool


class Entry(NamedTuple):
    """A control entry as the rules use it; `equivalents` are codes on other lists, closest first."""

    id: str
    list: str
    code: str
    root: str
    title: str
    cite: str
    criteria: Node | None
    releases: tuple[Release, ...]
    equivalents: tuple[str, ...]
    hs: tuple[HsLink, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter that the entry's criteria and releases ask, each once."""
        nodes = [*([self.criteria] if self.criteria else []), *(release.when for release in self.releases)]
        return tuple(dict.fromkeys(leaf.parameter for node in nodes for leaf in leaves(node)))


class Concept(NamedTuple):
    """A product class: what is `usually` its place, the entries where it is judged (best first), its HS headings."""

    id: str
    name: str
    usually_below: bool
    entries: tuple[str, ...]
    hs: tuple[HsLink, ...]


class Parameter(NamedTuple):
    """A parameter as authored: dimension, unit, the question, the plausible range of a bare value (in `unit`), `choices` where it is one."""

    id: str
    name: str
    dimension: str
    unit: str | None
    ask: str
    units: frozenset[str] = frozenset()
    plausible: tuple[Decimal, Decimal] | None = None
    label_only: bool = False
    choices: tuple[str, ...] = ()

    @property
    def end(self) -> str:
        """Which end of a stated range answers: `high` or `low` where the name begins so ("highest frequency"), else the whole of it."""
        return _ENDS.get(self.name.partition(" ")[0], "")


_NONE, _OTHER = "none_of_these", "other"
"""What an officer may always answer to a choice, unless it has an "other" of its own."""
_ENDS = {
    **dict.fromkeys(("highest", "greatest", "maximum", "largest", "longest", "peak"), "high"),
    **dict.fromkeys(("lowest", "smallest", "shortest"), "low"),
}


class Model(NamedTuple):
    """A known brand and family, with the facts that hold for all of it."""

    id: str
    brand: str
    needs_brand: bool
    concept: str
    facts: Mapping[str, str]
    below: bool
    cite: str


class Negative(NamedTuple):
    """A context that makes a controlled word harmless, for some concepts (None: for all)."""

    id: str
    scope: str
    concepts: frozenset[str] | None
    why: str


class Chemical(NamedTuple):
    """A listed chemical; `concentration` is the weight per cent above which a mixture is caught (None: from any)."""

    id: str
    name: str
    cas: str | None
    schedule: str | None
    entries: tuple[str, ...]
    concentration: Decimal | None
    cite: str


@dataclass(slots=True)
class Knowledge:
    """The volume's rows by id; what is not there on the day is None."""

    catalog: Catalog
    _kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def entry(self, key: str) -> Entry | None:
        """An entry by `LIST/code`."""
        return self._get("entry", key, self._entry)

    def nearest(self, key: str) -> Entry | None:
        """An entry by `LIST/code`, or the nearest one above it that we have written about (imported tables go deeper)."""
        listed, _, code = key.partition("/")
        return next((found for each in (code, *ancestors(code)) if (found := self.entry(f"{listed}/{each}"))), None)

    def figures(self, entry: Entry) -> frozenset[str]:
        """The parameters of an entry that are quantities, not yes or no."""
        asked = (self.parameter(name) for name in entry.parameters)
        return frozenset(found.id for found in asked if found and found.dimension not in ("yesno", "choice"))

    def concept(self, key: str) -> Concept | None:
        """A product class; `=LIST/code` is the class of whatever an entry's own words say."""
        if key.startswith(ENTRY):
            entry = self.entry(key.removeprefix(ENTRY))
            return None if entry is None else Concept(key, entry.title, usually_below=True, entries=(entry.id,), hs=())
        return self._get("concept", key, self._concept)

    def parameter(self, key: str) -> Parameter | None:
        """A parameter."""
        return self._get("parameter", key, self._parameter)

    def model(self, key: str) -> Model | None:
        """A known model."""
        return self._get("model", key, self._model)

    def negative(self, key: str) -> Negative | None:
        """A harmless context."""
        return self._get("negative", key, self._negative)

    def chemical(self, key: str) -> Chemical | None:
        """A listed chemical by its id."""
        return self._get("chemical", key, self._chemical)

    def chemicals_by_cas(self, cas: str) -> tuple[Chemical, ...]:
        """The listed chemicals of a CAS number."""
        rows = self.catalog.rows(
            "controls", f"SELECT id FROM chemical WHERE cas = :cas AND {self.catalog.in_force}", cas=cas
        )
        return tuple(found for row in rows if (found := self.chemical(row["id"])))

    def chemicals_by_un(self, number: str) -> tuple[Chemical, ...]:
        """The listed chemicals that are shipped under a UN number."""
        return tuple(found for row in self._un(number, "chemical") if (found := self.chemical(row["target"])))

    def concepts_by_un(self, number: str) -> tuple[tuple[Concept, bool], ...]:
        """The product classes that are shipped under a UN number, and whether it means such goods alone."""
        found = ((self.concept(row["target"]), row["strength"] == "strong") for row in self._un(number, "concept"))
        return tuple((concept, strong) for concept, strong in found if concept is not None)

    def is_un(self, number: str) -> bool:
        """Whether a UN number means listed goods."""
        return bool(self._un(number, "chemical") or self._un(number, "concept"))

    def _un(self, number: str, kind: str) -> Sequence[Any]:
        return self.catalog.rows(
            "controls",
            f"SELECT * FROM un_number WHERE un = :un AND kind = :kind AND {self.catalog.in_force} ORDER BY id",
            un=number,
            kind=kind,
        )

    def entries_by_code(self, code: str) -> tuple[Entry, ...]:
        """Authored entries of any list with exactly this code."""
        rows = self.catalog.rows(
            "controls", f"SELECT id FROM entry WHERE code = :code AND {self.catalog.in_force}", code=code
        )
        return tuple(found for row in rows if (found := self.entry(row["id"])))

    def listed(self, code: str) -> tuple[tuple[str, str, str], ...]:
        """List, root and first words of imported paragraphs with this code."""
        rows = self.catalog.rows(
            "controls",
            f"SELECT list, root, text FROM list_text WHERE code = :code AND {self.catalog.in_force} ORDER BY list LIMIT 5",
            code=code,
        )
        return tuple((row["list"], row["root"], row["text"][:200]) for row in rows)

    def watched(self, hs: str) -> tuple[tuple[str, str, str, str], ...]:
        """Heading, tier, list and citation of the watch codes that an HS code falls under."""
        prefixes = [hs[:length] for length in range(2, min(len(hs), 6) + 1)]
        names = {f"p{place}": prefix for place, prefix in enumerate(prefixes)}
        if not names:
            return ()
        rows = self.catalog.rows(
            "controls",
            f"SELECT hs, tier, list, cite FROM watch_hs WHERE hs IN ({', '.join(f':{name}' for name in names)}) "
            f"AND {self.catalog.in_force} ORDER BY length(hs) DESC",
            **names,
        )
        return tuple((row["hs"], row["tier"], row["list"], row["cite"]) for row in rows)

    def _get(self, table: str, key: str, read: Callable[[Any], Value]) -> Value | None:
        kept = self._kept.setdefault(table, {})
        if key not in kept:
            rows = self.catalog.rows(
                "controls", f"SELECT * FROM {table} WHERE id = :id AND {self.catalog.in_force}", id=key
            )
            try:
                kept[key] = read(rows[0]) if rows else None
            except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
                raise CatalogError(
                    "volume_damaged",
                    f"The row {table}:{key} of the controls volume cannot be read ({error}).",
                    "Fetch or build the catalog again.",
                ) from error
        found: Value | None = kept[key]
        return found

    def _hs(self, owner: str, kind: str) -> tuple[HsLink, ...]:
        rows = self.catalog.rows(
            "controls",
            f"SELECT hs, ex, strength FROM hs_link WHERE owner = :owner AND owner_kind = :kind AND {self.catalog.in_force} ORDER BY id",
            owner=owner,
            kind=kind,
        )
        return tuple(HsLink(row["hs"], bool(row["ex"]), row["strength"] != "weak") for row in rows)

    def _entry(self, row: Any) -> Entry:
        equivalents = self.catalog.rows(
            "controls",
            f"SELECT list, code FROM equivalence WHERE entry = :entry AND {self.catalog.in_force} ORDER BY approximate, rank",
            entry=row["id"],
        )
        criteria = json.loads(row["criteria"]) if row["criteria"] else None
        releases = json.loads(row["releases"]) if row["releases"] else []
        return Entry(
            row["id"],
            row["list"],
            row["code"],
            row["root"],
            row["title"],
            row["cite"],
            read_node(criteria) if criteria else None,
            tuple(
                Release(
                    read_node(release["when"]), release.get("to"), release.get("note") or "", release.get("cite") or ""
                )
                for release in releases or ()
            ),
            tuple(dict.fromkeys(item["code"] for item in equivalents)),
            self._hs(row["id"], "entry"),
        )

    def _concept(self, row: Any) -> Concept:
        routes = self.catalog.rows(
            "controls",
            f"SELECT entry FROM route WHERE concept = :concept AND {self.catalog.in_force} ORDER BY rank",
            concept=row["id"],
        )
        return Concept(
            row["id"],
            row["name"],
            row["usually"] == "below",
            tuple(route["entry"] for route in routes),
            self._hs(row["id"], "concept"),
        )

    @staticmethod
    def _parameter(row: Any) -> Parameter:
        spec = json.loads(row["spec"])
        plausible = spec.get("plausible")
        return Parameter(
            row["id"],
            row["name"],
            row["dimension"],
            row["unit"],
            row["ask"],
            frozenset(spec.get("units") or ()),
            (Decimal(plausible[0]), Decimal(plausible[1])) if plausible else None,
            bool(spec.get("label_only")),
            (*spec["values"], *(() if _OTHER in spec["values"] else (_NONE,))) if spec.get("values") else (),
        )

    @staticmethod
    def _model(row: Any) -> Model:
        return Model(
            row["id"],
            row["brand"],
            bool(row["needs_brand"]),
            row["concept"],
            {str(name): str(value) for name, value in json.loads(row["facts"]).items()},
            bool(row["below"]),
            row["cite"],
        )

    @staticmethod
    def _negative(row: Any) -> Negative:
        concepts = json.loads(row["concepts"]) if row["concepts"] else None
        return Negative(row["id"], row["scope"], frozenset(concepts) if concepts else None, row["why"])

    @staticmethod
    def _chemical(row: Any) -> Chemical:
        return Chemical(
            row["id"],
            row["name"],
            row["cas"],
            row["schedule"],
            tuple(json.loads(row["entries"])),
            Decimal(row["concentration"]) if row["concentration"] else None,
            row["cite"],
        )
