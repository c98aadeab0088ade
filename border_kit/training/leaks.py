"""Whether what learners see before they act tells which scenarios are clean: whoever could learn that would look at nothing else.

A naive Bayes classifier over the words that are there at the start (McCallum and Nigam 1998, the multivariate Bernoulli model)
is trained on all other scenarios, look-alikes left out too, since they share their words with the scenario that is asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log, sqrt
from statistics import NormalDist

from border_kit.catalog.sources import Problem
from border_kit.text import tokens
from border_kit.training.model import Class, Scenario
from border_kit.training.session import at_hand, available, begin

LEAST = 20
"""Scenarios; of fewer no classifier says anything."""
CHANCE = 0.01
"""The chance that texts which tell nothing would part signals and clean ones so well; below it they are held to tell."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """How well the words part signals from clean scenarios.

    `share` of the pairs of one each in which the signal looks more like signals (0.5 tells nothing), the `chance` of as good a
    share by luck, and the `words` that stand most on one side, each with how many signals and clean ones have it.
    """

    share: float
    chance: float
    words: tuple[tuple[str, int, int], ...]


def told(scenarios: Sequence[Scenario]) -> Told:
    """What the words before the first action tell of the class; of scenarios of both classes."""
    seen = {scenario.id: _seen(scenario) for scenario in scenarios}
    likeness: dict[Class, list[float]] = {"signal": [], "noise": []}
    for scenario in scenarios:
        near = {scenario.id, *scenario.lookalikes, *(item.id for item in scenarios if scenario.id in item.lookalikes)}
        others = [item for item in scenarios if item.id not in near]
        signal, clean = ([seen[item.id] for item in others if item.kind == kind] for kind in ("signal", "noise"))
        likeness[scenario.kind].append(_likeness(seen[scenario.id], signal, clean))
    signals, cleans = likeness["signal"], likeness["noise"]
    won = sum((signal > clean) + (signal == clean) / 2 for signal in signals for clean in cleans)
    share = won / (len(signals) * len(cleans))
    spread = sqrt(
        (len(scenarios) + 1) / (12 * len(signals) * len(cleans))
    )  # of the statistic U (Mann and Whitney 1947)
    return Told(share, 1 - NormalDist().cdf((share - 0.5) / spread), tuple(islice(_sides(scenarios, seen), _SHOWN)))


def inspect(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """A problem where what learners see at the start tells the class."""
    if len(scenarios) < LEAST or len({scenario.kind for scenario in scenarios}) == 1:
        return
    found = told(scenarios)
    if found.chance < CHANCE:
        words = ", ".join(f"{word!r} ({signals} signals, {clean} clean)" for word, signals, clean in found.words)
        yield scenarios[-1].problem(
            ("roles", "briefing"),
            f"what learners see before they act parts signals from clean scenarios in {found.share:.0%} of pairs:"
            f" words stand on one side, such as {words}; write both alike",
        )


def _seen(scenario: Scenario) -> frozenset[str]:
    """The words that are there before the first action, and how many roles."""
    start = begin(scenario)
    papers = at_hand(scenario, start.progress)
    texts = [
        scenario.title,
        scenario.learner,
        scenario.briefing,
        *(f"{role.name} {role.about}" for role in scenario.roles),
        *(action.label for action in available(scenario, start.progress)),
        *(item.title for item in scenario.documents if item.id in papers),
        *(item.text for item in start.messages),
    ]
    return frozenset({token.text for text in texts for token in tokens(text)} | {f"{len(scenario.roles)} roles"})


def _likeness(words: frozenset[str], signals: Sequence[frozenset[str]], cleans: Sequence[frozenset[str]]) -> float:
    """How much more like signals than like clean scenarios: log odds, each word there and each that is not."""
    vocabulary = frozenset[str]().union(*signals, *cleans)
    return sum(_weight(words, bags, vocabulary) * sign for bags, sign in ((signals, 1), (cleans, -1)))


def _weight(words: frozenset[str], bags: Sequence[frozenset[str]], vocabulary: frozenset[str]) -> float:
    """The log likelihood of words in a class of which these are known."""
    counts = Counter(word for bag in bags for word in bag)
    shares = {word: (counts[word] + 1) / (len(bags) + 2) for word in vocabulary}
    return sum(log(share if word in words else 1 - share) for word, share in shares.items())


def _sides(scenarios: Sequence[Scenario], seen: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, int, int]]:
    """Words by how much more often they stand on one side."""
    signal, clean = (
        Counter(word for item in scenarios if item.kind == kind for word in seen[item.id])
        for kind in ("signal", "noise")
    )
    for word in sorted(signal | clean, key=lambda word: (-abs(signal[word] - clean[word]), word)):
        yield word, signal[word], clean[word]
