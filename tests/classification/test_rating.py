"""What of a criteria tree counts for a band, and how a condition that takes goods out is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from border_kit.classification.quantities import Interval
from border_kit.classification.rules.criteria import Stated, figures_met, plain_leaves, read_node
from border_kit.classification.rules.rating import _signed_leaves


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


FIGURES = frozenset({"rate", "bits", "span"})


def test_every_figure_of_one_branch_must_be_met_and_one_alone_does_not_do() -> None:
    tree = read_node(TREE)
    assert [found.value for found in plain_leaves(tree)] == ["600", "10", "65", "16"]
    assert figures_met(tree, {"rate": stated("700"), "bits": stated("12")}, FIGURES)
    assert not figures_met(tree, {"rate": stated("700")}, FIGURES)
    assert not figures_met(tree, {"rate": stated("500"), "bits": stated("12")}, FIGURES)


def test_a_figure_that_is_bounded_on_both_sides_says_which_goods_are_meant_and_does_not_decide() -> None:
    tree = read_node({"all": [leaf("span", ">=", "8"), leaf("span", "<=", "14"), leaf("rate", ">", "9")]})
    assert not figures_met(tree, {"span": stated("10")}, FIGURES)
    assert figures_met(tree, {"span": stated("10"), "rate": stated("30")}, FIGURES)
    assert figures_met(tree, {"rate": stated("30")}, FIGURES)
    assert not figures_met(tree, {"span": stated("20"), "rate": stated("30")}, FIGURES)


def test_an_open_yes_or_no_keeps_no_figure_from_deciding() -> None:
    tree = read_node({"all": [leaf("rate", ">", "9"), {"parameter": "cooled", "op": "is", "value": "yes"}]})
    assert figures_met(tree, {"rate": stated("30")}, FIGURES)
    assert not figures_met(tree, {}, FIGURES)


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
