"""Look-alike pairs: goods that an entry just reaches, and goods that it just misses, made from the criteria of the controls.

For each figure that decides in an entry's tree, values are sought for everything else that the tree and its releases ask, so
that this figure alone turns the answer. Both goods are judged by the rules that the classification uses, and a pair that the
rules do not tell apart is not made. The cards speak of one entry: what it misses, another may reach, and catch-all still applies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from border_kit.catalog.criteria_words import leaf_words
from border_kit.catalog.volumes import Catalog
from border_kit.classification.quantities import Interval
from border_kit.classification.rules.criteria import (
    Answer,
    Leaf,
    Node,
    Stated,
    judge,
    leaves,
    open_leaves,
    plain_leaves,
    read_node,
)
from border_kit.training.drill.cards import Card, draw

DECK = "pairs"
YES, NO = "Yes, this entry reaches them", "No, they stay just outside"
CATCH_ALL = "What one entry misses another may reach, and catch-all still applies."

_MOST_STATED = 5
"""Values on one card; more of them nobody keeps in mind."""
_TRIES = 30
_WHOLE = frozenset({"count", "bits", "pixels", "axes", "channels"})
"""Dimensions that are counted."""

Values = Mapping[str, str]
"""A value for each parameter, as it would be stated, in the parameter's unit."""


@dataclass(frozen=True, slots=True)
class _Parameter:
    """What is asked of goods: its `name`, `dimension`, unit, and the words of its choices."""

    name: str
    dimension: str
    unit: str
    words: Mapping[str, str]

    def told(self, value: str) -> str:
        """As it stands on a card."""
        unit = f" {self.unit}" if self.unit and value not in self.words else ""
        return f"{self.name}: {self.words.get(value, value)}{unit}"


@dataclass(frozen=True, slots=True)
class _Release:
    """A note that takes goods out while `when` is met."""

    when: Node
    note: str
    cite: str


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    title: str
    tree: Node
    releases: tuple[_Release, ...]
    cite: str
    edition: str

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The tree, then those of the releases."""
        return (self.tree, *(release.when for release in self.releases))

    def reaches(self, stated: Mapping[str, tuple[Stated, ...]]) -> Answer:
        """Whether the entry reaches goods: its tree is met, and no note takes them out."""
        tree, *notes = (judge(node, stated) for node in self.nodes)
        if tree is Answer.NOT_MET or Answer.MET in notes:
            return Answer.NOT_MET
        return Answer.NOT_STATED if Answer.NOT_STATED in (tree, *notes) else Answer.MET


def pairs(catalog: Catalog) -> tuple[Card, ...]:
    """Every pair of the controls in force, two cards each, sorted by entry. Raises CatalogError without controls."""
    parameters = {
        row["id"]: _parameter(row)
        for row in catalog.rows("controls", "SELECT id, name, dimension, unit, spec FROM parameter")
    }
    made: dict[str, Card] = {}
    for entry in _entries(catalog):
        for card in _cards(entry, parameters):
            made.setdefault(card.key, card)
    return tuple(made.values())


def _parameter(row: Any) -> _Parameter:
    spec = json.loads(row["spec"])
    words = {value: next(iter(said.get("en", ())), value) for value, said in spec.get("values", {}).items()}
    if row["dimension"] == "yesno":
        words = {"yes": "yes", "no": "no"}
    return _Parameter(row["name"], row["dimension"], row["unit"] or "", words)


def _entries(catalog: Catalog) -> Iterator[_Entry]:
    rows = catalog.rows(
        "controls",
        "SELECT e.id, e.list, e.code, e.title, e.criteria, e.releases, e.cite, e.edition,"
        " (SELECT c.name FROM route r JOIN concept c ON c.id = r.concept WHERE r.entry = e.id ORDER BY r.rank, c.id LIMIT 1) AS goods"
        f" FROM entry e WHERE e.criteria LIKE '%value%' AND {catalog.in_force} ORDER BY e.id",
    )
    for row in rows:
        releases = tuple(
            _Release(read_node(item["when"]), item["note"], item["cite"]) for item in json.loads(row["releases"])
        )
        tree = read_node(json.loads(row["criteria"]))
        nodes = (tree, *(release.when for release in releases))
        figures = {leaf.value for node in nodes for leaf in leaves(node) if leaf.op != "is"}
        title = next((text for text in (row["title"], row["goods"]) if text and not _told_in(text, figures)), None)
        if title is not None:
            yield _Entry(f"{row['list']} {row['code']}", title, tree, releases, row["cite"], row["edition"])


def _told_in(text: str, figures: set[str]) -> bool:
    """Whether a title gives one of the deciding figures away."""
    joined = re.sub(r"(?<=\d)[ ,\u00a0\u2009](?=\d{3})", "", text)
    return bool({_digits(number) for number in re.findall(r"\d+(?:\.\d+)?", joined)} & set(map(_digits, figures)))


def _digits(number: str) -> str:
    """The digits that a figure has in every unit of tens: 30 µm is 30 000 nm."""
    return number.replace(".", "").strip("0")


def _cards(entry: _Entry, parameters: Mapping[str, _Parameter]) -> Iterator[Card]:
    leaves_of: list[tuple[Leaf, _Release | None]] = [(leaf, None) for leaf in plain_leaves(entry.tree)]
    leaves_of += [(leaf, release) for release in entry.releases for leaf in plain_leaves(release.when)]
    for leaf, release in leaves_of:
        if leaf.op not in _SIDES or parameters[leaf.parameter].unit != leaf.unit:
            continue
        met, missed = _around(leaf, parameters[leaf.parameter], entry.code)
        inside, outside = (met, missed) if release is None else (missed, met)
        others = _others(entry, leaf.parameter, (inside, outside), parameters)
        if others is not None:
            for value, reached in ((inside, True), (outside, False)):
                values = {leaf.parameter: value, **others}
                yield _card(entry, leaf, release, values, parameters, reached=reached)


_SIDES: Mapping[str, tuple[int, bool]] = {">": (1, False), ">=": (1, True), "<": (-1, False), "<=": (-1, True)}
"""On which side of the figure the condition is met, and whether at the figure itself."""


def _around(leaf: Leaf, parameter: _Parameter, code: str) -> tuple[str, str]:
    """The nearest value that meets a condition and the nearest that does not; for every second leaf one is the figure itself."""
    figure = Decimal(leaf.value)
    side, at_figure = _SIDES[leaf.op]
    step = _step(figure, whole=parameter.dimension in _WHOLE)
    exactly = draw(code, leaf.parameter, leaf.value)[0] % 2 == 0
    met = figure if exactly and at_figure else figure + side * step
    missed = figure if exactly and not at_figure else figure - side * step
    return _shown(met), _shown(missed)


def _step(figure: Decimal, *, whole: bool) -> Decimal:
    """About one or two per cent of a figure, in a round number, and no coarser than the figure is written."""
    if figure == 0:
        return Decimal(1)
    lead = abs(figure).scaleb(-figure.adjusted())
    step = Decimal(1).scaleb(figure.adjusted() - (2 if lead < 3 else 1))  # 1.01 and 2.9 take a finer step
    last = Decimal(1).scaleb(int(figure.normalize().as_tuple().exponent))
    finer = min(step, last)
    return max(finer, Decimal(1)) if whole else finer


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _others(entry: _Entry, figure: str, sides: tuple[str, str], parameters: Mapping[str, _Parameter]) -> Values | None:
    """A few other values under which this figure alone turns the answer; None where few do not do.

    `sides` are the values of `figure` that the entry should reach and should not. What is still open is stated, one value
    after the other, the likely one first, until both answers stand.
    """
    stack: list[dict[str, Stated]] = [{}]
    for _ in range(_TRIES):
        if not stack:
            break
        others = stack.pop()
        values = [
            {figure: (_stated(side, parameters[figure]),)} | {name: (one,) for name, one in others.items()}
            for side in sides
        ]
        inside, outside = (entry.reaches(stated) for stated in values)
        if (inside, outside) == (Answer.MET, Answer.NOT_MET):
            return {name: one.shown for name, one in others.items()}
        if inside is Answer.NOT_MET or outside is Answer.MET or len(others) + 1 >= _MOST_STATED:
            continue
        stack += reversed(
            [{**others, name: _stated(value, parameters[name])} for name, value in _next(entry, values, parameters)]
        )
    return None


def _next(
    entry: _Entry, values: Sequence[Mapping[str, tuple[Stated, ...]]], parameters: Mapping[str, _Parameter]
) -> Iterator[tuple[str, str]]:
    """Values worth stating next: what would meet the tree inside, then what would miss it outside, and miss every note."""
    inside, outside = values
    asked = [(entry.tree, inside, True), (entry.tree, outside, False)]
    asked += [(release.when, stated, False) for release in entry.releases for stated in values]
    for node, stated, meets in asked:
        found = list(open_leaves(node, stated))
        for leaf in found:
            options = _options(leaf, parameters[leaf.parameter], entry.code)
            yield from ((leaf.parameter, value) for value in (options if meets else reversed(options)))
        if found:
            return


def _options(leaf: Leaf, parameter: _Parameter, code: str) -> list[str]:
    """A value that meets a condition, then those that do not."""
    if leaf.op == "is":
        return [leaf.value, *(word for word in parameter.words if word != leaf.value)]
    return list(_around(leaf, parameter, code)) if leaf.op in _SIDES and leaf.unit == parameter.unit else []


def _stated(value: str, parameter: _Parameter) -> Stated:
    if value in parameter.words:
        return Stated(value, words=frozenset({value}))
    figure = Decimal(value)
    return Stated(value, parameter.unit, (Interval(figure, figure),))


def _card(
    entry: _Entry,
    leaf: Leaf,
    release: _Release | None,
    values: Values,
    parameters: Mapping[str, _Parameter],
    *,
    reached: bool,
) -> Card:
    told = "; ".join(parameters[name].told(value) for name, value in sorted(values.items()))
    names = {name: parameter.name for name, parameter in parameters.items()}
    asks = leaf_words({"parameter": leaf.parameter, "op": leaf.op, "value": leaf.value, "unit": leaf.unit}, names)
    rule = f"the entry asks for {asks}" if release is None else f"a note ({release.note}) asks for {asks}"
    stated = parameters[leaf.parameter].told(values[leaf.parameter])
    reason = f"{YES if reached else NO}: {rule}; stated is {stated}."
    cite = leaf.cite or (release.cite if release else entry.cite)
    place = f"{entry.code.replace(' ', ':')}:{'' if release is None else 'note:'}{leaf.parameter}{leaf.op}{leaf.value}"
    return Card(
        deck=DECK,
        name=f"{place}:{'reached' if reached else 'outside'}",
        front=f"{entry.code}, {entry.title}. The data sheet says: {told}. Does this entry reach these goods?",
        back=reason if reached else f"{reason} {CATCH_ALL}",
        sources=(f"{cite} (controls {entry.edition})",),
        choices=(YES, NO),
        right=YES if reached else NO,
    )
