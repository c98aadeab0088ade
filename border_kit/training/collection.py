"""What is wrong with a collection of scenarios as a whole: look-alikes that are missing, too little noise, the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from border_kit.catalog.sources import Problem
from border_kit.text import tokens
from border_kit.training import leaks
from border_kit.training.model import Document, Scenario

LEAST_NOISE = 2
"""Signal scenarios for one clean one, at most: with fewer clean ones "hold it" is nearly always right."""

_ALIKE = 0.8
"""Papers that share so much of their words (Jaccard) are one paper."""


def inspect(scenarios: Sequence[Scenario], *, whole: bool) -> Iterator[Problem]:
    """Everything that is wrong between scenarios; `whole` says that they are a whole collection."""
    yield from _titles(scenarios)
    yield from _twice(scenarios)
    if whole:
        yield from _lookalikes(scenarios)
        yield from _noise(scenarios)
        yield from leaks.inspect(scenarios)


def _titles(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    titles: dict[str, str] = {}
    for scenario in scenarios:
        first = titles.setdefault(scenario.title.casefold(), scenario.id)
        if first != scenario.id:
            yield scenario.problem(("title",), f"{first} has the same title")


def _lookalikes(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    by_id = {scenario.id: scenario for scenario in scenarios}
    for scenario in scenarios:
        for position, other in enumerate(scenario.lookalikes):
            if other not in by_id:
                yield scenario.problem(("lookalikes", position), f"there is no scenario {other!r}")
            elif by_id[other].kind == scenario.kind:
                yield scenario.problem(("lookalikes", position), f"{other} is of the same class: it is no look-alike")
            elif _seen(by_id[other]) != _seen(scenario):
                yield scenario.problem(
                    ("lookalikes", position),
                    f"{other} has another difficulty or time limit, which learners see: give both the same",
                )
        if scenario.kind == "signal" and not scenario.lookalikes:
            yield scenario.problem(("class",), "a signal scenario has at least one clean look-alike: add `lookalikes`")


def _seen(scenario: Scenario) -> tuple[int, int]:
    """What a learner sees before beginning: it must not tell the class."""
    return scenario.difficulty, scenario.time_limit


def _noise(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    signals = [scenario for scenario in scenarios if scenario.kind == "signal"]
    clean = len(scenarios) - len(signals)
    if signals and clean * LEAST_NOISE < len(signals):
        yield signals[-1].problem(
            ("class",),
            f"too little noise: {clean} clean scenarios stand beside {len(signals)} signals; write clean ones",
        )


# The same thing twice


def _twice(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """Scenarios whose deciding findings are the same, and most of whose papers say the same."""
    papers = {scenario.id: [_words(document) for document in scenario.documents] for scenario in scenarios}
    for earlier, later in combinations(scenarios, 2):
        if _deciding(earlier) == _deciding(later) and _shared(papers[earlier.id], papers[later.id]):
            yield later.problem(
                ("documents",),
                f"{earlier.id} has the same deciding findings and much the same papers: write another case",
            )


def _deciding(scenario: Scenario) -> frozenset[tuple[str, str]]:
    return frozenset((expected.decided_by, expected.advice.value) for expected in scenario.expected)


def _words(document: Document) -> frozenset[str]:
    return frozenset(token.text for token in tokens(f"{document.title} {document.text}"))


def _shared(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> bool:
    """Whether at least half of the papers of the smaller bundle stand in the other one too."""
    few, many = sorted((ours, theirs), key=len)
    same = sum(any(len(one & other) >= _ALIKE * len(one | other) for other in many) for one in few)
    return same * 2 >= len(few)
