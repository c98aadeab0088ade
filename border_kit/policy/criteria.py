"""Common risk criteria: a band for each, why, what speaks for the shipment, and the facts still missing.

Weights only add up, so another red flag never lowers a band. Criteria, weights and bands are data of the profile; no treaty
gives figures for them. A band sets no lane by itself: it tells a supervisor and a licensing authority where to look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from border_kit.findings import Finding, Json

Levels = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Signal:
    """What raises a criterion: findings of these codes (`*` at the end), or that autonomy is of one of these levels."""

    title: str
    weight: int
    codes: tuple[str, ...] = ()
    levels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose yes raises a criterion; not known leaves a fact missing."""

    id: str
    ask: str
    weight: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; `bands` are (from which sum, band), lowest first, the first from 0."""

    id: str
    title: str
    cite: str
    bands: tuple[tuple[int, str], ...]
    signals: tuple[Signal, ...]
    questions: tuple[Asked, ...]
    mitigating: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class CriterionView:
    """What a criterion came to."""

    criterion: Criterion
    band: str
    sum: int
    reasons: tuple[str, ...]
    mitigating: tuple[str, ...]
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """One element of `criteria`."""
        return {
            "criterion": self.criterion.id,
            "title": self.criterion.title,
            "band": self.band,
            "sum": self.sum,
            "reasons": list(self.reasons),
            "mitigating": list(self.mitigating),
            "missing": list(self.missing),
            "citation": self.criterion.cite,
        }


def assess(
    criteria: Sequence[Criterion], findings: Sequence[Finding], answers: Mapping[str, str], levels: Levels
) -> tuple[CriterionView, ...]:
    """A band for every criterion; `levels` are, for each definition of autonomy, the levels that the answers leave possible."""
    return tuple(_view(criterion, findings, answers, levels) for criterion in criteria)


def _view(
    criterion: Criterion, findings: Sequence[Finding], answers: Mapping[str, str], levels: Levels
) -> CriterionView:
    signals = [signal for signal in criterion.signals if _seen(signal, findings, levels)]
    said = [question for question in criterion.questions if answers.get(question.id) == "yes"]
    total = sum(signal.weight for signal in signals) + sum(question.weight for question in said)
    return CriterionView(
        criterion,
        band_of(criterion.bands, total),
        total,
        (*(signal.title for signal in signals), *(f"The officer answered yes: {question.ask}" for question in said)),
        tuple(signal.title for signal in criterion.mitigating if _seen(signal, findings, levels)),
        tuple(question.ask for question in criterion.questions if answers.get(question.id) not in ("yes", "no")),
    )


def _seen(signal: Signal, findings: Sequence[Finding], levels: Levels) -> bool:
    """A level counts once it is sure: not known is a fact missing, and no reason."""
    if any(possible and possible <= signal.levels for possible in levels):
        return True
    return any(fnmatchcase(finding.code, code) for finding in findings for code in signal.codes)


def band_of(bands: Sequence[tuple[int, str]], total: int) -> str:
    """The band of a sum: the last whose beginning it reaches; the first where it reaches none."""
    return [bands[0][1], *(band for begins, band in bands if total >= begins)][-1]


def parse(rows: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """Read the section as authored. Raises KeyError, TypeError, ValueError."""
    return tuple(
        Criterion(
            str(row["id"]),
            str(row["title"]),
            str(row["cite"]),
            _bands(row["bands"]),
            tuple(_signal(item) for item in row["signals"]),
            tuple(Asked(str(item["id"]), str(item["ask"]), int(item["weight"])) for item in row.get("questions", ())),
            tuple(_signal(item) for item in row.get("mitigating", ())),
        )
        for row in rows
    )


def _bands(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, str], ...]:
    if not rows:
        raise ValueError("a criterion without a band")
    return tuple((int(row["from"]), str(row["band"])) for row in rows)


def _signal(row: Mapping[str, Any]) -> Signal:
    return Signal(
        str(row["title"]),
        int(row.get("weight", 0)),
        tuple(str(code) for code in row.get("codes", ())),
        frozenset(str(level) for level in row.get("levels", ())),
    )
