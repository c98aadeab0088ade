"""Grading: rubric points of one run; over a series, signal detection, calibration of stated confidence, and time.

Rates are corrected, (x + 0.5) / (n + 1), so that none is 0 or 1 (Hautus 1995, "Corrections for extreme proportions");
d' = z(H) - z(F) and c = -(z(H) + z(F)) / 2 (Macmillan and Creelman, "Detection Theory", chapters 1 and 2); A' after
Grier (1971). Holding everything and releasing everything both have d' near zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, median
from typing import Literal

from border_kit.findings import Advice, Json
from border_kit.training.conditions import Progress, holds
from border_kit.training.model import Class, Criterion, Scenario

Response = Literal["hit", "miss", "false_alarm", "correct_rejection"]

LEAST = 2
"""Signals, and clean shipments, that a series needs: with one of a kind no rate can be anything but all or nothing."""

_Z95 = 1.96

BIN = 10
"""Per cent that one bin of the calibration curve spans."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a learner earned: the criteria that held, points out of `full`, and whether the decision was right in time."""

    held: tuple[Criterion, ...]
    missed: tuple[Criterion, ...]
    points: int
    full: int
    correct: bool
    in_time: bool

    @property
    def perfect(self) -> bool:
        """Full marks, a right decision, in time."""
        return self.points == self.full and self.correct and self.in_time

    @property
    def share(self) -> float:
        """Points out of full marks, 0 to 1; whoever loses more than is earned has none."""
        return max(0.0, self.points / self.full) if self.full else 0.0

    def to_json(self) -> dict[str, Json]:
        """Criteria by id."""
        return {
            "points": self.points,
            "full": self.full,
            "correct": self.correct,
            "in_time": self.in_time,
            "held": [item.id for item in self.held],
            "missed": [item.id for item in self.missed],
        }


def mark(scenario: Scenario, progress: Progress) -> Marks:
    """Mark a line of actions, ended or not. `missed` are the criteria with points to earn that do not hold."""
    held = tuple(criterion for criterion in scenario.rubric if holds(criterion.when, progress))
    return Marks(
        held=held,
        missed=tuple(item for item in scenario.rubric if item.points > 0 and item not in held),
        points=sum(criterion.points for criterion in held),
        full=scenario.full_marks,
        correct=progress.decision in scenario.answer.decisions,
        in_time=progress.minutes <= scenario.time_limit,
    )


def response(scenario: Scenario, decision: Advice | None) -> Response | None:
    """A decision as signal detection counts it: anything but a release says "there is something"; None where none was taken.

    On a clean scenario whatever its author holds right is a correct rejection.
    """
    if decision is None:
        return None
    if scenario.kind == "signal":
        return "miss" if decision is Advice.RELEASE else "hit"
    clean = decision is Advice.RELEASE or decision in scenario.answer.decisions
    return "correct_rejection" if clean else "false_alarm"


@dataclass(frozen=True, slots=True)
class Judged:
    """One run as it counts. `confidence` in per cent that the decision is right; `seconds` of wall time."""

    learner: str
    scenario: str
    seed: int | None
    kind: Class
    decision: str | None
    response: Response | None
    marks: Marks
    confidence: int | None
    minutes: int
    seconds: int

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "learner": self.learner,
            "scenario": self.scenario,
            "seed": self.seed,
            "class": self.kind,
            "decision": self.decision,
            "response": self.response,
            "marks": self.marks.to_json(),
            "confidence": self.confidence,
            "minutes": self.minutes,
            "seconds": self.seconds,
        }


def judge(
    scenario: Scenario,
    progress: Progress,
    confidence: int | None,
    *,
    seconds: int = 0,
    learner: str = "",
    seed: int | None = None,
) -> Judged:
    """Judge a run by where it ended."""
    return Judged(
        learner=learner,
        scenario=scenario.id,
        seed=seed,
        kind=scenario.kind,
        decision=progress.decision.value if progress.decision else None,
        response=response(scenario, progress.decision),
        marks=mark(scenario, progress),
        confidence=confidence,
        minutes=progress.minutes,
        seconds=seconds,
    )


# Signal detection


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each response was given."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    correct_rejections: int = 0

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> Counts:
        """Count runs; those without a decision are left out."""
        found = Counter(item.response for item in judged)
        return cls(found["hit"], found["miss"], found["false_alarm"], found["correct_rejection"])

    @property
    def signals(self) -> int:
        """Signal scenarios that were decided."""
        return self.hits + self.misses

    @property
    def noise(self) -> int:
        """Clean scenarios that were decided."""
        return self.false_alarms + self.correct_rejections

    def to_json(self) -> dict[str, Json]:
        """The four counts."""
        return {
            "hits": self.hits,
            "misses": self.misses,
            "false_alarms": self.false_alarms,
            "correct_rejections": self.correct_rejections,
        }


@dataclass(frozen=True, slots=True)
class Detection:
    """Corrected rates, sensitivity d', criterion c (below zero: holds too readily), and A' (0.5 is guessing)."""

    hit_rate: float
    false_alarm_rate: float
    d_prime: float
    criterion: float
    a_prime: float
    d_prime_error: float
    """Standard error of d': Gourevitch and Galanter (1967), "A significance test for one parameter isosensitivity functions"."""

    @property
    def spread(self) -> float:
        """Within this of what was measured d' lies, what was measured, 95 times in a hundred."""
        return _Z95 * self.d_prime_error

    def to_json(self) -> dict[str, Json]:
        """All fields, to four places."""
        return {
            "hit_rate": round(self.hit_rate, 4),
            "false_alarm_rate": round(self.false_alarm_rate, 4),
            "d_prime": round(self.d_prime, 4),
            "criterion": round(self.criterion, 4),
            "a_prime": round(self.a_prime, 4),
            "d_prime_error": round(self.d_prime_error, 4),
        }


def detection(counts: Counts) -> Detection | None:
    """Sensitivity and criterion of a series; None where it held no signal, or nothing but signals."""
    if not counts.signals or not counts.noise:
        return None
    hit = (counts.hits + 0.5) / (counts.signals + 1)
    alarm = (counts.false_alarms + 0.5) / (counts.noise + 1)
    z = NormalDist().inv_cdf
    error = sqrt(_variance(hit, counts.signals) + _variance(alarm, counts.noise))
    return Detection(hit, alarm, z(hit) - z(alarm), -(z(hit) + z(alarm)) / 2, _a_prime(hit, alarm), error)


def _variance(rate: float, count: int) -> float:
    """Variance of z(rate) where the rate was found in so many."""
    normal = NormalDist()
    return rate * (1 - rate) / (count * normal.pdf(normal.inv_cdf(rate)) ** 2)


def _a_prime(hit: float, alarm: float) -> float:
    """Grier (1971), with the other half for rates below chance (Aaronson and Watts 1987)."""
    if hit >= alarm:
        return 0.5 + (hit - alarm) * (1 + hit - alarm) / (4 * hit * (1 - alarm))
    return 0.5 - (alarm - hit) * (1 + alarm - hit) / (4 * alarm * (1 - hit))


# Calibration


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions whose stated confidence lay between `low` and `high` per cent: how many, the mean stated, the share right."""

    low: int
    high: int
    count: int
    stated: float
    right: float

    def to_json(self) -> dict[str, Json]:
        """All fields, to four places."""
        return {
            "low": self.low,
            "high": self.high,
            "count": self.count,
            "stated": round(self.stated, 4),
            "right": round(self.right, 4),
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well stated confidence fits: Brier score (0 is best, Brier 1950), how much too sure (mean stated less share right), the curve."""

    brier: float
    overconfidence: float
    bins: tuple[Bin, ...]

    def to_json(self) -> dict[str, Json]:
        """All fields, to four places."""
        return {
            "brier": round(self.brier, 4),
            "overconfidence": round(self.overconfidence, 4),
            "bins": [item.to_json() for item in self.bins],
        }


def calibration(stated: Iterable[tuple[int, bool]]) -> Calibration | None:
    """Calibration of pairs (confidence 0 to 100, whether the decision was right); None where there are none."""
    pairs = list(stated)
    if not pairs:
        return None
    by_bin: dict[int, list[tuple[int, bool]]] = {}
    for confidence, right in pairs:
        by_bin.setdefault(min(confidence, 100 - BIN) // BIN * BIN, []).append((confidence, right))
    return Calibration(
        brier=fmean((confidence / 100 - right) ** 2 for confidence, right in pairs),
        overconfidence=fmean(confidence / 100 - right for confidence, right in pairs),
        bins=tuple(
            Bin(
                low,
                low + BIN,
                len(found),
                fmean(confidence / 100 for confidence, _ in found),
                fmean(float(right) for _, right in found),
            )
            for low, found in sorted(by_bin.items())
        ),
    )


# A series


@dataclass(frozen=True, slots=True)
class Series:
    """Runs taken together: of one learner, of a class, of one scenario."""

    judged: tuple[Judged, ...]

    @property
    def decided(self) -> tuple[Judged, ...]:
        """The runs that ended with a decision."""
        return tuple(item for item in self.judged if item.decision is not None)

    @property
    def counts(self) -> Counts:
        """How often each response was given."""
        return Counts.of(self.judged)

    @property
    def enough(self) -> bool:
        """Whether there are enough decisions of both classes for a d' to mean anything."""
        return min(self.counts.signals, self.counts.noise) >= LEAST

    @property
    def points_share(self) -> float:
        """Rubric points out of full marks, mean over all runs; a run without a decision has none."""
        return fmean(item.marks.share if item.decision else 0.0 for item in self.judged) if self.judged else 0.0

    @property
    def calibration(self) -> Calibration | None:
        """Calibration of the decisions."""
        return calibration(
            (item.confidence, item.marks.correct) for item in self.decided if item.confidence is not None
        )

    @property
    def score(self) -> float | None:
        """0 to 100: the geometric mean of the rubric's share and of how far hits exceed false alarms (raw rates).

        Full marks for right decisions on the right grounds. Whoever holds everything, or releases everything, tells nothing
        apart and has 0, whatever was looked at before. None where the series cannot show it.
        """
        counts = self.counts
        if not counts.signals or not counts.noise:
            return None
        apart = counts.hits / counts.signals - counts.false_alarms / counts.noise
        return 100 * sqrt(max(0.0, apart) * self.points_share)

    def to_json(self) -> dict[str, Json]:
        """Everything that is known of the series."""
        found, fitting = detection(self.counts), self.calibration
        return {
            "runs": len(self.judged),
            "decided": len(self.decided),
            "counts": self.counts.to_json(),
            "detection": found.to_json() if found else None,
            "enough": self.enough,
            "calibration": fitting.to_json() if fitting else None,
            "points_share": round(self.points_share, 4),
            "score": None if self.score is None else round(self.score, 1),
            "minutes": _middle([item.minutes for item in self.decided]),
            "seconds": _middle([item.seconds for item in self.decided]),
            "in_time": sum(item.marks.in_time for item in self.decided),
        }


def _middle(values: Sequence[int]) -> float | None:
    """The median: one long break must not weigh."""
    return float(median(values)) if values else None


def by(judged: Iterable[Judged], what: Literal["learner", "scenario", "kind"]) -> dict[str, Series]:
    """Runs in series by learner, scenario or class, in the order in which each first came."""
    found: dict[str, list[Judged]] = {}
    for item in judged:
        found.setdefault(getattr(item, what), []).append(item)
    return {name: Series(tuple(rows)) for name, rows in found.items()}


def coverage(judged: Iterable[Judged]) -> dict[str, tuple[int, int]]:
    """How often each criterion with points to earn held, as `scenario.criterion` → (held, runs)."""
    found: dict[str, tuple[int, int]] = {}
    for item in judged:
        held = {criterion.id for criterion in item.marks.held if criterion.points > 0}
        for name in (*sorted(held), *(criterion.id for criterion in item.marks.missed)):
            key = f"{item.scenario}.{name}"
            was, runs = found.get(key, (0, 0))
            found[key] = (was + (name in held), runs + 1)
    return found
