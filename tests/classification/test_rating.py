"""What of a criteria tree counts for a band, and how a condition that takes goods out is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from border_kit.classification.quantities import Interval
from border_kit.classification.rules.criteria import Stated, read_node
from border_kit.classification.rules.rating import _plain_leaves, _signed_leaves


def leaf(parameter: str, op: str, value: str) -> dict[str, Any]:
    return {"parameter": parameter, "op": op, "value": value, "unit": "Hz"}


def stated(value: str) -> tuple[Stated, ...]:
    return (Stated(value, "Hz", (Interval(Decimal(value), Decimal(value)),)),)


TREE = {
    "any": [
        {"all": [leaf("rate", ">=", "600"), leaf("bits", ">=", "10")]},
        {"all": [leaf("rate", ">=", "65"), leaf("bits", ">=", "16")]},
    ]
}


def test_a_condition_in_a_branch_that_the_values_rule_out_counts_for_nothing() -> None:
    values = {"rate": stated("500"), "bits": stated("16")}
    assert [found.value for found in _plain_leaves(read_node(TREE), values)] == ["65", "16"]
    assert [found.value for found in _plain_leaves(read_node(TREE))] == ["600", "10", "65", "16"]


def test_what_stands_under_not_is_marked_and_twice_not_is_none() -> None:
    tree = read_node(
        {
            "all": [
                leaf("rate", ">=", "600"),
                {"not": {"any": [leaf("power", "<", "40"), {"not": leaf("bits", ">", "8")}]}},
            ]
        }
    )
    assert [(found.parameter, sign) for found, sign in _signed_leaves(tree, "")] == [
        ("rate", ""),
        ("power", "not "),
        ("bits", ""),
    ]
