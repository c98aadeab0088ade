"""What a class shows: confusion matrix, each learner's rates, calibration, time, and what of the checklist was done."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from border_kit.clock import Clock
from border_kit.errors import BorderKitError, InputError
from border_kit.findings import Json
from border_kit.text import clean_line
from border_kit.training import runs
from border_kit.training import scenario as scenarios
from border_kit.training.classes.holding import Class, Row
from border_kit.training.classes.pack import Item
from border_kit.training.grading import Judged, Series, by, coverage
from border_kit.training.model import Scenario
from border_kit.training.result import Mode
from border_kit.training.run import Run

PARTS: Mapping[Mode, str] = {"warm_up": "Warm-up", "exam": "Exam", "practice": "Practice"}


@dataclass(frozen=True, slots=True)
class Covered:
    """A line of the checklist: in how many of the runs it was done."""

    scenario: str
    criterion: str
    text: str
    done: int
    runs: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.done / self.runs

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "scenario": self.scenario,
            "criterion": self.criterion,
            "text": self.text,
            "done": self.done,
            "runs": self.runs,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A class, or one learner's own runs. `missing` are learners of whom nothing came back."""

    title: str
    seed: int | None
    missing: tuple[str, ...]
    rows: tuple[Row, ...]
    texts: Mapping[str, str]
    """The text of each criterion, as `scenario.criterion`."""
    items: tuple[Item, ...] = ()
    """The shipments of a class, in the order in which they came."""

    @property
    def judged(self) -> list[Judged]:
        """Every shipment that was begun."""
        return [row.judged for row in self.rows]

    @property
    def whole(self) -> Series:
        """The whole class."""
        return Series(tuple(self.judged))

    @property
    def parts(self) -> dict[Mode, Series]:
        """Warm-up, exam and practice apart, those that there are."""
        found = {part: Series(tuple(row.judged for row in self.rows if row.part == part)) for part in PARTS}
        return {part: series for part, series in found.items() if series.judged}

    @property
    def learners(self) -> dict[str, Series]:
        """Each learner by name."""
        return dict(sorted(by(self.judged, "learner").items()))

    @property
    def scenarios(self) -> dict[str, Series]:
        """Each scenario, the one that was least often right first."""
        found = by(self.judged, "scenario")
        return dict(sorted(found.items(), key=lambda item: (right_share(item[1]), item[0])))

    @property
    def unfinished(self) -> dict[str, tuple[int, int]]:
        """Learners of a class who did not decide everything, with how much they decided, of how much."""
        decided = {name: len(series.decided) for name, series in self.learners.items()}
        return {name: (count, len(self.items)) for name, count in decided.items() if count < len(self.items)}

    @property
    def notes(self) -> list[str]:
        """Who is not there, or not all of whose work is: a series that was left early may not stand for a learner."""
        absent = ", ".join(clean_line(name, 40) for name in self.missing)
        left = ", ".join(f"{clean_line(name, 40)} ({count} of {of})" for name, (count, of) in self.unfinished.items())
        return [f"{what}: {names}." for what, names in (("Nothing yet of", absent), ("Not to the end", left)) if names]

    @property
    def checklist(self) -> list[Covered]:
        """What was to be done, the least often done first."""
        found = []
        for key, (done, count) in coverage(self.judged).items():
            scenario, _, criterion = key.partition(".")
            found.append(Covered(scenario, criterion, self.texts.get(key, criterion), done, count))
        return sorted(found, key=lambda item: (item.share, item.scenario, item.criterion))

    def only(self, learner: str) -> Report:
        """The report of one learner. Raises InputError where nothing is there of that name."""
        rows = tuple(row for row in self.rows if row.judged.learner == learner)
        if not rows:
            there = ", ".join(self.learners) or "nobody"
            raise InputError(
                "learner_unknown", f"There is nothing of {learner[:80]!r} here.", f"There is: {there[:300]}."
            )
        return Report(f"{self.title}: {learner}", self.seed, (), rows, self.texts, self.items)

    def to_json(self) -> dict[str, Json]:
        """Everything, as `train report --json` prints it."""
        return {
            "class": self.title,
            "seed": self.seed,
            "missing": list(self.missing),
            "unfinished": [
                {"learner": name, "decided": count, "items": of} for name, (count, of) in self.unfinished.items()
            ],
            "whole": self.whole.to_json(),
            "parts": {part: series.to_json() for part, series in self.parts.items()},
            "learners": [{"learner": name, **series.to_json()} for name, series in self.learners.items()],
            "scenarios": [
                {
                    "scenario": name,
                    "class": series.judged[0].kind,
                    "right": round(right_share(series), 4),
                    **series.to_json(),
                }
                for name, series in self.scenarios.items()
            ],
            "checklist": [item.to_json() for item in self.checklist],
            "items": [item.to_json() for item in self.items],
        }

    def to_csv(self) -> str:
        """A row a shipment; a text that a spreadsheet would take for a formula begins with an apostrophe."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        for row in self.rows:
            writer.writerow([_cell(value) for value in self._values(row)])
        return stream.getvalue()

    def _values(self, row: Row) -> Sequence[str | int | None]:
        one = row.judged
        marks = one.marks
        return (
            self.title, one.learner, row.part, one.scenario, one.seed, one.kind, one.decision, one.response,
            _yes(marks.correct), marks.points, marks.full, one.confidence, one.minutes, _yes(marks.in_time), one.seconds,
            " ".join(item.id for item in marks.held), " ".join(item.id for item in marks.missed),
        )  # fmt: skip


_COLUMNS = (
    "class", "learner", "part", "scenario", "seed", "kind", "decision", "response", "right", "points", "full_marks",
    "confidence", "minutes", "in_time", "seconds", "held", "missed",
)  # fmt: skip


_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _cell(value: str | int | None) -> str | int:
    """A cell; OWASP, "CSV injection": what begins with = + - @ (also in full width), tab or return is read as a formula."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def right_share(series: Series) -> float:
    """How many of the decisions were right, 0 to 1."""
    return sum(item.marks.correct for item in series.decided) / len(series.decided) if series.decided else 0.0


# Where reports come from


def of_class(held: Class) -> Report:
    """The report of a class, of what has come back. Raises InputError where what is kept was changed."""
    known = {item.scenario: held.scenario(item) for item in held.session.items}
    session = held.session
    return Report(
        session.name, session.seed, tuple(held.missing), tuple(held.rows()), _texts(known.values()), session.items
    )


def of_runs(modules: Path, clock: Clock) -> Report:
    """The report of the runs that were played at this machine, exams left out; runs of files that have changed are left out too.

    Raises InputError where nothing was played.
    """
    rows: list[Row] = []
    known: dict[tuple[str, int | None], Scenario] = {}
    for path, start, decided in runs.logs():
        if not decided or start.mode == "exam":
            continue
        try:
            key = (start.scenario, start.seed)
            if key not in known:
                known[key] = scenarios.load(scenarios.find(modules, start.scenario), seed=start.seed)
            run = Run.resumed(known[key], path, clock)
            rows.append(Row(start.mode, run.result().judged(known[key])))
        except BorderKitError:
            continue
    if not rows:
        raise InputError("runs_missing", "No run has ended here yet.", "Play one with: border-kit train run ID")
    return Report("Runs at this machine", None, (), tuple(reversed(rows)), _texts(known.values()))


def _texts(known: Iterable[Scenario]) -> dict[str, str]:
    return {f"{scenario.id}.{item.id}": item.text for scenario in known for item in scenario.rubric}
