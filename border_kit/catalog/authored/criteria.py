"""Criteria trees as authored: every leaf must be a question that can be put and answered, and no tree may contradict itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from border_kit import units
from border_kit.catalog.authored.knowledge import Item, Leaf, leaves
from border_kit.catalog.sources import Key, Problem

_QUANTITY = re.compile(
    r"(?:(?:>=|<=|>|<|~)\s*)?(-?[0-9]+(?:\.[0-9]+)?)(?:\s*(?:-|–|\.\.)\s*(-?[0-9]+(?:\.[0-9]+)?))?(?:\s*([^\s0-9].*))?"
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def number(value: str) -> Decimal:
    """An authored number."""
    return Decimal(value)


def check(item: Item, parameters: Mapping[str, Item]) -> Iterator[Problem]:
    """Problems of an entry's trees: unknown parameters, operators and units that do not fit, thresholds that exclude each other."""
    sound = True
    for leaf in leaves(item.data):
        wrong = leaf_problem(leaf, parameters)
        if wrong is not None:
            sound = False
            yield item.problem(wrong, *leaf.below)
    if not sound:
        return
    if "criteria" in item.data:
        yield from _contradictions(item, item.data["criteria"], ("criteria",), parameters)
    for index, release in enumerate(item.data.get("releases", ())):
        yield from _contradictions(item, release["when"], ("releases", index, "when"), parameters)


def leaf_problem(leaf: Leaf, parameters: Mapping[str, Item]) -> str | None:
    """What is wrong with one leaf, in a sentence; None when nothing is."""
    name, op, value = leaf.data["parameter"], leaf.data["op"], leaf.data["value"]
    if name not in parameters:
        return f"there is no parameter {name!r}"
    spec = parameters[name].data
    if spec["dimension"] in {"yesno", "choice"}:
        if op != "is":
            return f"{name} is a {spec['dimension']} parameter: its op is `is`"
        return _word_problem(spec, value)
    if op == "is":
        return f"{name} is a quantity: its op is one of >= > <= < =="
    if not _NUMBER.fullmatch(value):
        return f"{value!r} is no number with a decimal point"
    return _unit_problem(spec, leaf.data.get("unit", spec.get("unit", "")))


def _word_problem(spec: Mapping[str, Any], value: str) -> str | None:
    known = ["yes", "no"] if spec["dimension"] == "yesno" else sorted(spec.get("values", ()))
    return None if value in known else f"{value!r} is not one of {', '.join(known)}"


def _unit_problem(spec: Mapping[str, Any], unit: str) -> str | None:
    if units.find_unit(unit, spec["dimension"]) is None:
        return f"{unit!r} is no unit of {spec['dimension']} that the kit knows"
    return None


def fact_problem(spec: Mapping[str, Any], value: str) -> str | None:
    """What is wrong with a fact of a model (`327680 px`, `no`, `8-14 um`); None when nothing is."""
    if spec["dimension"] in {"yesno", "choice"}:
        return _word_problem(spec, value)
    match = _QUANTITY.fullmatch(value.strip())
    if match is None:
        return f"{value!r} is no quantity: a number with a decimal point and a unit"
    return _unit_problem(spec, match.group(3) or spec.get("unit", ""))


def _contradictions(item: Item, node: dict[str, Any], path: Key, parameters: Mapping[str, Item]) -> Iterator[Problem]:
    """What must hold together but cannot: `all` of `>= 5 kg` and `< 3 kg`, or of yes and no."""
    if "all" in node:
        for problem in _impossible(list(_conjunction(node)), parameters):
            yield item.problem(problem, *path)
    for word in ("all", "any"):
        for index, child in enumerate(node.get(word, ())):
            yield from _contradictions(item, child, (*path, word, index), parameters)
    if "not" in node:
        yield from _contradictions(item, node["not"], (*path, "not"), parameters)


def _impossible(together: list[dict[str, Any]], parameters: Mapping[str, Item]) -> Iterator[str]:
    bounds: dict[str, list[tuple[Decimal, bool, bool]]] = {}
    words: dict[str, set[str]] = {}
    for leaf in together:
        name, op = leaf["parameter"], leaf["op"]
        if op == "is":
            words.setdefault(name, set()).add(leaf["value"])
            continue
        value = in_unit(leaf, parameters[name].data)
        for is_lower in (True, False) if op == "==" else (op[0] == ">",):
            bounds.setdefault(name, []).append((value, is_lower, op.endswith("=")))
    for name, rows in sorted(bounds.items()):
        if _empty(rows):
            yield f"the thresholds of {name} contradict each other: no value meets all of them"
    for name, values in sorted(words.items()):
        if len(values) > 1:
            yield f"{name} cannot be {' and '.join(sorted(values))} at once"


def _conjunction(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node["all"]:
        if "all" in child:
            yield from _conjunction(child)
        elif "parameter" in child:
            yield child


def in_unit(leaf: Mapping[str, Any], spec: Mapping[str, Any]) -> Decimal:
    """A leaf's value in the parameter's own unit."""
    unit = leaf.get("unit", spec.get("unit", ""))
    source = units.find_unit(unit, spec["dimension"])
    value = units.convert(number(leaf["value"]), source.symbol if source else unit, spec["unit"])
    return number(leaf["value"]) if value is None else value


def _empty(rows: list[tuple[Decimal, bool, bool]]) -> bool:
    """Whether no value lies within bounds given as (value, is a lower bound, belongs to it)."""
    lower = max(((value, not closed) for value, low, closed in rows if low), default=None)
    upper = min(((value, closed) for value, low, closed in rows if not low), default=None)
    if lower is None or upper is None:
        return False
    return lower[0] > upper[0] or (lower[0] == upper[0] and (lower[1] or not upper[1]))
