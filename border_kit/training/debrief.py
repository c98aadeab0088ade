"""The debrief of a run: the learner's line beside an expert's, what was seen and missed, questions before answers, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.paper import Paper, Section
from border_kit.text import clean_line
from border_kit.training.conditions import holds
from border_kit.training.grading import Judged, judge
from border_kit.training.model import Scenario
from border_kit.training.run import Run
from border_kit.training.session import begin, perform

FOOTER = "Training: every person, firm and paper in it is fictional."


@dataclass(frozen=True, slots=True)
class Turn:
    """An action in a line: minutes used by then, what it is called, what it let one see; `both` if the other line has it."""

    minutes: int
    label: str
    seen: tuple[str, ...]
    both: bool

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"minutes": self.minutes, "label": self.label, "seen": list(self.seen), "both": self.both}


@dataclass(frozen=True, slots=True)
class Point:
    """A criterion of the rubric: `state` is earned, missed or lost (points taken off)."""

    state: str
    points: int
    text: str
    sources: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"state": self.state, "points": self.points, "text": self.text, "sources": list(self.sources)}


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the debrief with its answer and the sources that it rests on."""

    ask: str
    answer: str
    sources: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"ask": self.ask, "answer": self.answer, "sources": list(self.sources)}


@dataclass(frozen=True, slots=True)
class Debriefing:
    """Everything that is talked through after a run. `deciding` are (what settles the case, whether it was seen)."""

    title: str
    learner: str
    seed: int | None
    time_limit: int
    decision: str
    right: tuple[str, ...]
    judged: Judged
    outcome: str
    consequence: str | None
    own: tuple[Turn, ...]
    expert: tuple[Turn, ...]
    points: tuple[Point, ...]
    deciding: tuple[tuple[str, bool], ...]
    summary: str
    objectives: tuple[str, ...]
    questions: tuple[Answered, ...]

    def to_json(self) -> dict[str, Json]:
        """The whole content; the lines of learner and expert as lists of turns."""
        return {
            "title": self.title,
            "learner": self.learner,
            "seed": self.seed,
            "time_limit": self.time_limit,
            "decision": self.decision,
            "right": list(self.right),
            "judged": self.judged.to_json(),
            "outcome": self.outcome,
            "consequence": self.consequence,
            "own": [turn.to_json() for turn in self.own],
            "expert": [turn.to_json() for turn in self.expert],
            "points": [point.to_json() for point in self.points],
            "deciding": [{"text": text, "seen": seen} for text, seen in self.deciding],
            "summary": self.summary,
            "objectives": list(self.objectives),
            "questions": [item.to_json() for item in self.questions],
        }

    @property
    def result(self) -> tuple[tuple[str, str], ...]:
        """The result in labelled lines."""
        marks = self.judged.marks
        late = "" if marks.in_time else " (late)"
        return (
            ("Decision", f"{self.decision}: {'right' if marks.correct else 'not right'}"),
            *((("Right would be", ", ".join(self.right)),) if not marks.correct else ()),
            ("Points", f"{marks.points} of {marks.full}"),
            ("Time", f"{self.judged.minutes} of {self.time_limit} minutes{late}"),
            ("Sure", "not stated" if self.judged.confidence is None else f"{self.judged.confidence} %"),
        )

    def beside(self) -> Iterator[tuple[Turn | None, Turn | None]]:
        """The two lines, row by row."""
        yield from zip_longest(self.own, self.expert)

    def paper(self, at: datetime) -> Paper:
        """As a paper to print."""
        beside = tuple((_turn(own), _turn(expert)) for own, expert in self.beside())
        ended = "\n".join(part for part in (self.outcome, self.consequence) if part)
        seen = tuple((text, "seen" if found else "not seen") for text, found in self.deciding)
        points = tuple((f"{item.points:+d}", item.state, _cited(item.text, item.sources)) for item in self.points)
        asked = tuple((f"Question {number}", item.ask) for number, item in enumerate(self.questions, 1))
        answers = tuple(
            (f"Answer {number}", _cited(item.answer, item.sources)) for number, item in enumerate(self.questions, 1)
        )
        return Paper(
            kind="debrief",
            title=f"Debrief: {self.title}",
            number=f"{self.learner}, variant {'as written' if self.seed is None else self.seed}",
            at=at,
            sections=(
                Section("Result", values=self.result, words=ended),
                Section("Your line and an expert's", columns=("You", "Expert"), rows=beside),
                Section("What settles it", columns=("What", "Seen"), rows=seen, widths=(6, 1)),
                Section("Points", columns=("Points", "State", "What"), rows=points, widths=(1, 1, 7)),
                Section("What it was about", words=self.summary),
                Section("What it teaches", words="\n".join(self.objectives)),
                Section("Questions", values=asked),
                Section("Answers", values=answers),
            ),
            footer=FOOTER,
            demo=True,
        )

    def to_markdown(self) -> str:
        """As Markdown: questions first, answers at the end."""
        return "\n".join(_markdown(self)) + "\n"


def debrief(run: Run) -> Debriefing:
    """The debrief of a run that has ended. Raises UsageError where it has not, or where it was an exam."""
    if not run.tells:
        raise UsageError("exam", "An exam has no debrief here.", "The trainer holds it with the class.")
    if not run.ended:
        raise UsageError("run_open", "The run has not ended.", "Go on with it and decide.")
    scenario, progress = run.scenario, run.step.progress
    result = run.result()
    outcome = run.step.outcome
    decided = scenario.action(progress.done[-1])
    return Debriefing(
        title=scenario.title,
        learner=run.start.learner,
        seed=run.start.seed,
        time_limit=scenario.time_limit,
        decision=decided.label,
        right=tuple(item.label for item in scenario.actions if item.decision in scenario.answer.decisions),
        judged=judge(
            scenario, progress, run.confidence, seconds=result.seconds, learner=run.start.learner, seed=run.start.seed
        ),
        outcome=outcome.text if outcome else "",
        consequence=outcome.consequence if outcome else None,
        own=tuple(_line(scenario, progress.done, scenario.debrief.expert)),
        expert=tuple(_line(scenario, scenario.debrief.expert, progress.done)),
        points=tuple(_points(run)),
        deciding=tuple((item.text, item.id in progress.known) for item in scenario.observations if item.deciding),
        summary=scenario.debrief.summary,
        objectives=scenario.objectives,
        questions=tuple(
            Answered(item.ask, item.answer, _sources(scenario, item.cite)) for item in scenario.debrief.questions
        ),
    )


def _line(scenario: Scenario, names: Iterable[str], other: Iterable[str]) -> Iterator[Turn]:
    progress, both = begin(scenario).progress, frozenset(other)
    for name in names:
        step = perform(scenario, progress, scenario.action(name))
        progress = step.progress
        seen = tuple(item.text for item in step.observations)
        yield Turn(progress.minutes, scenario.action(name).label, seen, name in both)


def _points(run: Run) -> Iterator[Point]:
    """Every criterion that was earned or missed, and those that took points off."""
    for item in run.scenario.rubric:
        held = holds(item.when, run.step.progress)
        state = ("earned" if held else "missed") if item.points > 0 else "lost"
        if held or item.points > 0:
            yield Point(state, item.points, item.text, _sources(run.scenario, item.cite))


def _sources(scenario: Scenario, names: Iterable[str]) -> tuple[str, ...]:
    known = {item.id: item.text for item in scenario.citations}
    return tuple(known[name] for name in names)


def _turn(turn: Turn | None) -> str:
    return f"{turn.minutes}'  {turn.label}" if turn else ""


def _cited(text: str, sources: tuple[str, ...]) -> str:
    return f"{text} [{'; '.join(sources)}]" if sources else text


def _markdown(debriefing: Debriefing) -> Iterator[str]:
    yield f"# Debrief: {_md(debriefing.title)}"
    yield ""
    yield f"{_md(debriefing.learner)} · {FOOTER}"
    yield ""
    yield from (f"- **{label}**: {_md(value)}" for label, value in debriefing.result)
    yield from ("", _md(debriefing.outcome), _md(debriefing.consequence or ""), "")
    yield from ("## Your line and an expert's", "", "| You | Expert |", "|---|---|")
    yield from (f"| {_md(_turn(own))} | {_md(_turn(expert))} |" for own, expert in debriefing.beside())
    yield from ("", "## What settles it", "")
    yield from (f"- {'seen' if seen else '**not seen**'}: {_md(text)}" for text, seen in debriefing.deciding)
    yield from ("", "## Points", "", "| Points | State | What |", "|---|---|---|")
    yield from (
        f"| {item.points:+d} | {item.state} | {_md(_cited(item.text, item.sources))} |" for item in debriefing.points
    )
    yield from ("", "## What it was about", "", _md(debriefing.summary), "", "## What it teaches", "")
    yield from (f"- {_md(text)}" for text in debriefing.objectives)
    yield from ("", "## Questions", "")
    yield from (f"{number}. {_md(item.ask)}" for number, item in enumerate(debriefing.questions, 1))
    yield from ("", "## Answers", "")
    yield from (
        f"{number}. {_md(_cited(item.answer, item.sources))}" for number, item in enumerate(debriefing.questions, 1)
    )


def _md(text: str) -> str:
    """A text in one line, with the characters that Markdown reads as its own marked."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|" else char for char in clean_line(text, 4_000))
