"""Autonomy of goods that may be weapons, under several definitions at once: they disagree, and each is shown with its source.

Answers are yes, no or not known. "Not known" is a legal answer: it leaves several levels possible, and whoever demands checks
goes by the highest of them (docs/officer.md). Definitions are data of the profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from border_kit.findings import Json

MOST_QUESTIONS = 12
"""Of one profile: every combination of answers is looked at."""

Needs = tuple[Mapping[str, str], ...]
"""Alternatives; each names questions and the answer that it needs. No questions: always met."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a definition."""

    id: str
    title: str
    needs: Needs


@dataclass(frozen=True, slots=True)
class Definition:
    """Whose definition it is; `levels` from the highest to the lowest, which needs nothing."""

    id: str
    title: str
    cite: str
    levels: tuple[Level, ...]

    def level_of(self, answers: Mapping[str, str]) -> str | None:
        """The first level that these answers (yes or no to every question) meet."""
        return next(
            (level.id for level in self.levels if any(way.items() <= answers.items() for way in level.needs)), None
        )


@dataclass(frozen=True, slots=True)
class Autonomy:
    """What is asked, under which definitions, and for goods of which entries."""

    questions: Mapping[str, str]
    definitions: tuple[Definition, ...]
    entries: tuple[str, ...]

    def concerns(self, codes: Iterable[str]) -> bool:
        """Whether goods of these control codes are asked about."""
        return any(covers(self.entries, code) for code in codes)


def covers(entries: Iterable[str], code: str) -> bool:
    """Whether a control code is one of these entries or a paragraph below one (`ML1` does not cover `ML10`)."""
    return any(code == entry or code.startswith((f"{entry}.", f"{entry}(")) for entry in entries)


@dataclass(frozen=True, slots=True)
class Classified:
    """What the answers say under one definition: the levels still possible, highest first, and what would decide."""

    definition: Definition
    possible: tuple[Level, ...]
    missing: tuple[str, ...]

    @property
    def level(self) -> Level | None:
        """The level, or None where the answers leave several open."""
        return self.possible[0] if len(self.possible) == 1 else None

    def to_json(self) -> dict[str, Json]:
        """One element of `autonomy`."""
        return {
            "definition": self.definition.id,
            "title": self.definition.title,
            "level": self.level.id if self.level else "unknown",
            "possible": [level.id for level in self.possible],
            "means": [level.title for level in self.possible],
            "missing": list(self.missing),
            "citation": self.definition.cite,
        }


def classify(autonomy: Autonomy, answers: Mapping[str, str]) -> tuple[Classified, ...]:
    """Hold the answers against every definition."""
    return tuple(_under(definition, answers) for definition in autonomy.definitions)


def _under(definition: Definition, answers: Mapping[str, str]) -> Classified:
    """Every way in which what is open can still be answered, and the levels it leads to."""
    asked = dict.fromkeys(question for level in definition.levels for way in level.needs for question in way)
    known = {question: answers[question] for question in asked if answers.get(question) in ("yes", "no")}
    missing = tuple(question for question in asked if question not in known)
    reached = {
        definition.level_of({**known, **dict(zip(missing, said, strict=True))})
        for said in product(("yes", "no"), repeat=len(missing))
    }
    possible = tuple(level for level in definition.levels if level.id in reached)
    return Classified(definition, possible, missing if len(possible) > 1 else ())


def parse(spec: Mapping[str, Any]) -> Autonomy:
    """Read the section as authored. Raises KeyError, TypeError, ValueError."""
    if len(spec["questions"]) > MOST_QUESTIONS:
        raise ValueError(f"more than {MOST_QUESTIONS} questions of autonomy")
    return Autonomy(
        questions={str(row["id"]): str(row["ask"]) for row in spec["questions"]},
        definitions=tuple(
            Definition(
                str(row["id"]),
                str(row["title"]),
                str(row["cite"]),
                tuple(
                    Level(
                        str(level["id"]),
                        str(level["title"]),
                        tuple({str(key): _answer(value) for key, value in way.items()} for way in level["any"]),
                    )
                    for level in row["levels"]
                ),
            )
            for row in spec["definitions"]
        ),
        entries=tuple(str(code) for code in spec["entries"]),
    )


def _answer(value: object) -> str:
    """YAML reads yes and no as truth values."""
    if value in (True, "yes"):
        return "yes"
    if value in (False, "no"):
        return "no"
    raise ValueError(f"an answer is yes or no, not {value!r}")
