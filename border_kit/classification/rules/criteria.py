"""Three-valued criteria: each parameter is met, not met or not stated, and so is every AND/OR/NOT tree of them.

The logic is Kleene's: an AND with one leaf not met is not met whatever else is open; an OR with one leaf met is met. A stated
range must lie wholly on one side of a threshold, else the line has not stated what is asked. Not stated never clears.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from border_kit.classification.quantities import Interval


class Answer(StrEnum):
    """What a line says about one parameter or one tree."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_STATED = "not_stated"


class Stated(NamedTuple):
    """A value that a line or a known model states for a parameter.

    `readings` are intervals in `unit`; `words` are answers of a yes/no or choice parameter. `shown` is how it stands on the
    paper, `span` where (None: it comes from `row`, a known model).
    """

    shown: str
    unit: str = ""
    readings: tuple[Interval, ...] = ()
    words: frozenset[str] = frozenset()
    span: tuple[int, int] | None = None
    row: str | None = None


class Leaf(NamedTuple):
    """One condition on one parameter."""

    parameter: str
    op: str
    value: str
    unit: str
    cite: str = ""


class Tree(NamedTuple):
    """`all`, `any` or `not` over nodes."""

    kind: str
    nodes: tuple[Tree | Leaf, ...]


Node = Tree | Leaf


class Release(NamedTuple):
    """A note that takes goods out: when its tree is met they stand at `to` (None: nowhere that is known)."""

    when: Node
    to: str | None
    note: str
    cite: str


def read_node(raw: Mapping[str, Any]) -> Node:
    """A node as it was authored (docs/catalog-sources.md). Raises KeyError or TypeError where it is none."""
    for kind in ("all", "any"):
        if kind in raw:
            return Tree(kind, tuple(read_node(node) for node in raw[kind]))
    if "not" in raw:
        return Tree("not", (read_node(raw["not"]),))
    return Leaf(raw["parameter"], raw["op"], str(raw["value"]), raw.get("unit") or "", raw.get("cite") or "")


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf of a tree, in its order."""
    if isinstance(node, Leaf):
        yield node
        return
    for child in node.nodes:
        yield from leaves(child)


def judge(node: Node, stated: Mapping[str, tuple[Stated, ...]]) -> Answer:
    """The answer of a tree, given what is stated for each parameter."""
    if isinstance(node, Leaf):
        return judge_leaf(node, stated.get(node.parameter, ()))
    answers = [judge(child, stated) for child in node.nodes]
    if node.kind == "not":
        return _NEGATED[answers[0]]
    deciding, other = (Answer.NOT_MET, Answer.MET) if node.kind == "all" else (Answer.MET, Answer.NOT_MET)
    if deciding in answers:
        return deciding
    return other if all(answer is other for answer in answers) else Answer.NOT_STATED


_NEGATED = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET, Answer.NOT_STATED: Answer.NOT_STATED}


def open_leaves(node: Node, stated: Mapping[str, tuple[Stated, ...]]) -> Iterator[Leaf]:
    """The leaves that are not stated and could still change the answer of the tree."""
    if judge(node, stated) is not Answer.NOT_STATED:
        return
    if isinstance(node, Leaf):
        yield node
        return
    for child in node.nodes:
        yield from open_leaves(child, stated)


def plain_leaves(node: Node) -> Iterator[Leaf]:
    """The leaves that are not under a NOT."""
    if isinstance(node, Leaf):
        yield node
    elif node.kind != "not":
        for child in node.nodes:
            yield from plain_leaves(child)


def figures_met(node: Node, stated: Mapping[str, tuple[Stated, ...]], figures: Collection[str]) -> bool:
    """Whether every figure that decides a tree is stated and met, though answers of yes or no may still be open.

    `figures` are the parameters that are quantities. Where a conjunction bounds one parameter from both sides (8 to 14 µm), that
    only says which goods are meant: it must not be missed, and decides where nothing else does.
    """
    if judge(node, stated) is Answer.NOT_MET:
        return False
    if isinstance(node, Leaf):
        return node.parameter in figures and judge(node, stated) is Answer.MET
    if node.kind == "not":
        return False
    if node.kind == "any":
        return any(figures_met(child, stated, figures) for child in node.nodes)
    bounded = _bounded_twice(node)
    asked = [child for child in node.nodes if any(leaf.parameter in figures for leaf in plain_leaves(child))]
    deciding = [child for child in asked if not (isinstance(child, Leaf) and child.parameter in bounded)]
    return bool(asked) and all(figures_met(child, stated, figures) for child in deciding or asked)


def _bounded_twice(node: Tree) -> frozenset[str]:
    """The parameters that a conjunction bounds from below and from above."""
    sides = {(child.parameter, child.op[0]) for child in node.nodes if isinstance(child, Leaf)}
    return frozenset(name for name, side in sides if side == ">" and (name, "<") in sides)


def judge_leaf(leaf: Leaf, stated: tuple[Stated, ...]) -> Answer:
    """The answer of one condition: every value and every reading that is stated must agree."""
    answers = {answer for value in stated for answer in _judge_value(leaf, value)}
    return answers.pop() if len(answers) == 1 else Answer.NOT_STATED


def _judge_value(leaf: Leaf, value: Stated) -> Iterator[Answer]:
    if leaf.op == "is":
        for word in value.words:
            yield Answer.MET if word == leaf.value else Answer.NOT_MET
        return
    threshold = Decimal(leaf.value)
    for reading in value.readings:
        moved = reading.converted(value.unit, leaf.unit) if leaf.unit and value.unit else reading
        yield Answer.NOT_STATED if moved is None else _side(moved, leaf.op, threshold)


def _side(found: Interval, op: str, threshold: Decimal) -> Answer:
    """On which side of a threshold an interval lies, wholly."""
    if op in ("<", "<="):
        met = found.high is not None and (
            found.high < threshold or (found.high == threshold and (op == "<=" or not found.high_in))
        )
        missed = found.low is not None and (
            found.low > threshold or (found.low == threshold and (op == "<" or not found.low_in))
        )
    elif op in (">", ">="):
        met = found.low is not None and (
            found.low > threshold or (found.low == threshold and (op == ">=" or not found.low_in))
        )
        missed = found.high is not None and (
            found.high < threshold or (found.high == threshold and (op == ">" or not found.high_in))
        )
    else:
        met = found.low == found.high == threshold
        missed = not met and not _holds(found, threshold)
    return Answer.MET if met else Answer.NOT_MET if missed else Answer.NOT_STATED


def _holds(found: Interval, value: Decimal) -> bool:
    low = found.low is None or found.low < value or (found.low == value and found.low_in)
    high = found.high is None or found.high > value or (found.high == value and found.high_in)
    return low and high
