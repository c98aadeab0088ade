"""What a classification answers with: candidates, their parameters and evidence, findings. The contract's classify row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from border_kit.findings import Evidence, Finding, Json

Band = Literal["likely", "possible", "weak"]
LineVerdict = Literal["likely", "possible", "none"]

BANDS: tuple[Band, ...] = ("likely", "possible", "weak")
"""Strongest first."""

CATCH_ALL = "Nothing found; catch-all still applies."
"""What a verdict of none is shown as: the kit never says "not controlled"."""


@dataclass(frozen=True, slots=True)
class ParameterAnswer:
    """One parameter of a candidate: its `name`, what the line states (None: nothing), and whether that meets the rule.

    `id` is the catalog's parameter, `rule` the condition in words, `cite` where it stands; `source` says who stated the value: the
    `line`, a known `model` or the officer's `answer`.
    """

    name: str
    stated: str | None
    verdict: str
    id: str = ""
    rule: str = ""
    cite: str = ""
    span: tuple[int, int] | None = None
    source: str | None = None

    def to_json(self) -> dict[str, Json]:
        """As the contract names it, with the rule and its citation."""
        return {
            "id": self.id,
            "name": self.name,
            "stated": self.stated,
            "source": self.source,
            "verdict": self.verdict,
            "rule": self.rule,
            "cite": self.cite,
        }


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask about a line: the `parameter`, the `ask` in words, and the entry `code` that it decides."""

    parameter: str
    name: str
    ask: str
    code: str
    list: str
    dimension: str = ""
    unit: str | None = None
    choices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """All fields by name."""
        return {
            "parameter": self.parameter,
            "name": self.name,
            "ask": self.ask,
            "code": self.code,
            "list": self.list,
            "dimension": self.dimension,
            "unit": self.unit,
            "choices": list(self.choices),
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry that a line may fall under.

    `code` goes to the deepest paragraph that the evidence supports, `root` is its first five characters or so as the list
    counts them; `score` (0 to 1) orders candidates and means nothing else; `released` says why a near miss is one;
    `criteria_met` that nothing which the entry itself asks is open (a note that releases may still be asked about).
    """

    code: str
    root: str
    list: str
    band: Band
    score: float
    title: str = ""
    equivalents: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    parameters: tuple[ParameterAnswer, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()
    concept: str | None = None
    released: str | None = None
    cite: str = ""
    criteria_met: bool = False

    @property
    def entry(self) -> str:
        """The id of the entry in the catalog: `LIST/code`."""
        return f"{self.list}/{self.code}"

    def to_json(self) -> dict[str, Json]:
        """As the contract names it, with title, release and citation."""
        return {
            "code": self.code,
            "root": self.root,
            "list": self.list,
            "band": self.band,
            "score": round(self.score, 4),
            "title": self.title,
            "equivalents": list(self.equivalents),
            "missing": list(self.missing),
            "parameters": [parameter.to_json() for parameter in self.parameters],
            "evidence": [item.to_json() for item in self.evidence],
            "questions": [question.to_json() for question in self.questions],
            "released": self.released,
            "criteria_met": self.criteria_met,
            "cite": self.cite,
        }


@dataclass(frozen=True, slots=True)
class Classification:
    """The answer about one line: at most eight candidates, best first, and the findings about the line."""

    verdict: LineVerdict
    candidates: tuple[Candidate, ...] = ()
    findings: tuple[Finding, ...] = ()
    demo: bool = False
    named: frozenset[str] = frozenset()
    """What the line names as its goods, be it controlled or not: `concept:ID` and `atom:ID` (for goods that belong together)."""

    def to_json(self) -> dict[str, Json]:
        """As the contract names it (`id` is the caller's)."""
        return {
            "verdict": self.verdict,
            "candidates": [candidate.to_json() for candidate in self.candidates],
            "findings": [finding.to_json() for finding in self.findings],
            "demo": self.demo,
        }


def questions(classification: Classification) -> tuple[Question, ...]:
    """What is still to ask about a line, best first and each parameter once.

    Weak candidates are not asked about: what they rest on would not change the verdict of the line.
    """
    asked: dict[str, Question] = {}
    for candidate in classification.candidates:
        if candidate.band != "weak":
            for question in candidate.questions:
                asked.setdefault(question.parameter, question)
    return tuple(asked.values())
