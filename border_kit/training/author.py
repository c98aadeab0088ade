"""An author's tools: a scenario to start from, how learners and trainers see one, and what a seed draws."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from border_kit.errors import InputError, StoreError
from border_kit.findings import Json
from border_kit.text import clean_line
from border_kit.training import solver, telling, variants
from border_kit.training.grading import mark
from border_kit.training.model import Action, Class, Scenario
from border_kit.training.scenario import fields, read_source
from border_kit.training.session import at_hand, available, begin

_TEMPLATES = Path(__file__).with_name("templates")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_ID = 60


def new(name: str, title: str, kind: Class) -> str:
    """A scenario to start from, as YAML: it works, and says TODO where its author has to write. Raises InputError."""
    if not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
        raise InputError(
            "id_unusable",
            f"{clean_line(name, 80)!r} is no id of a scenario.",
            "Take small letters, digits and hyphens, as in: two-crates-more",
        )
    text = (_TEMPLATES / f"{kind}.yaml").read_text(encoding="utf-8")
    return text.replace("{id}", name).replace("{title}", json.dumps(clean_line(title, 300), ensure_ascii=False))


def write(name: str, title: str, kind: Class, into: Path) -> Path:
    """Write a scenario to start from into a folder. Raises InputError where that id is unusable or there already, StoreError."""
    text = new(name, title, kind)
    path = into / f"{name}.yaml"
    try:
        into.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise InputError(
            "file_exists", f"{clean_line(path.name, 100)} is there already.", "Choose another id, or move it away."
        ) from error
    except OSError as error:
        raise StoreError(
            "file_not_written",
            f"{clean_line(path.name, 100)} cannot be written ({error.strerror}).",
            "Choose another folder.",
        ) from error
    return path


# As learners see it


def learner_view(scenario: Scenario) -> Iterator[str]:
    """What a learner has before doing anything: no class, no ids, no objectives, nothing that has to be found."""
    progress = begin(scenario)
    papers = at_hand(scenario, progress.progress)
    yield f"Difficulty {scenario.difficulty}"
    yield ""
    yield from telling.briefing(scenario, [item for item in scenario.documents if item.id in papers])
    yield from telling.messages(scenario, progress.messages)
    yield ""
    yield "What can be done at the start:"
    for action in available(scenario, progress.progress):
        yield from telling.paragraphs(action.label, "    ")


def learner_json(scenario: Scenario) -> dict[str, Json]:
    """The same as JSON, with the objectives, which learners see in the debrief."""
    progress = begin(scenario)
    papers = at_hand(scenario, progress.progress)
    return {
        "title": scenario.title,
        "difficulty": scenario.difficulty,
        "objectives": list(scenario.objectives),
        "time_limit": scenario.time_limit,
        "learner": scenario.learner,
        "briefing": scenario.briefing,
        "roles": [{"name": role.name, "about": role.about} for role in scenario.roles],
        "documents": [item.title for item in scenario.documents if item.id in papers],
        "actions": [action.label for action in available(scenario, progress.progress)],
    }


# As the trainer sees it


def trainer_view(scenario: Scenario) -> Iterator[str]:
    """Everything: every action with what it reveals, costs and leads to, messages, answer, points, debrief, cards."""
    yield f"{scenario.id}: {clean_line(scenario.title)}"
    yield f"{scenario.kind}, difficulty {scenario.difficulty}, {scenario.time_limit} minutes"
    for objective in scenario.objectives:
        yield from telling.paragraphs(objective, "  ", first="Objective: ")
    yield from telling.paragraphs("Looks like: " + (", ".join(scenario.lookalikes) or "nothing yet"))
    yield from _heading("Papers")
    for document in scenario.documents:
        yield f"  {clean_line(document.title)}{'' if document.at_hand else '   (an action brings it)'}"
        yield from telling.paragraphs(document.text, "    | ")
    yield from _heading("Actions")
    for action in scenario.actions:
        yield from _action(scenario, action)
    yield from _heading("Messages")
    for item in scenario.injects:
        yield from telling.paragraphs(f"{scenario.role(item.sender).name}: {item.text}", "    ", first=f"{item.at}' ")
    yield from _heading("Right")
    yield f"  {', '.join(advice.value for advice in scenario.answer.decisions)}, because:"
    known = {item.id: item.text for item in scenario.observations}
    for name in scenario.answer.because:
        yield from telling.paragraphs(known[name], "    ")
    yield from _heading("Points")
    for criterion in scenario.rubric:
        yield from telling.paragraphs(criterion.text, "      ", first=f"{criterion.points:+d} ")
    yield from _heading("What the engines answer")
    for expected in scenario.expected:
        begin = f" (from minute {expected.begin})" if expected.begin else ""
        yield f"  {expected.declaration}{begin}: {expected.lane.value}, {expected.advice.value}, by {expected.decided_by}"
    yield from _debrief(scenario)


def _heading(text: str) -> Iterator[str]:
    yield from ("", text.upper())


def _action(scenario: Scenario, action: Action) -> Iterator[str]:
    yield f"  {clean_line(action.label)}  [{action.id}]"
    for item in scenario.observations:
        if item.action == action.id:
            yield from telling.paragraphs(item.text, "      ", first=f"{item.minutes}'{'!' if item.deciding else ''} ")
    for outcome in action.outcomes:
        yield from telling.paragraphs(" ".join(filter(None, (outcome.text, outcome.consequence))), "      ", first="→ ")


def _debrief(scenario: Scenario) -> Iterator[str]:
    yield from _heading("Debrief")
    yield from telling.paragraphs(scenario.debrief.summary, "  ")
    yield from telling.paragraphs("Expert: " + ", ".join(scenario.debrief.expert), "  ")
    for number, question in enumerate(scenario.debrief.questions, 1):
        yield from telling.paragraphs(question.ask, "     ", first=f"{number}. ")
        yield from telling.paragraphs(question.answer, "     ")
    yield from _heading("Cards")
    for card in scenario.cards:
        yield from telling.paragraphs(f"{card.front} — {card.back}", "  ")
    yield from _heading("Sources")
    for citation in scenario.citations:
        yield from telling.paragraphs(citation.text, "  ", first=f"{citation.id}: ")


# Correct lines


def solution(scenario: Scenario) -> dict[str, Any]:
    """The shortest line that earns full marks, and the expert's, each with its minutes; `line` None where none was found."""
    found = solver.solve(scenario)
    progress, stuck = solver.replay(scenario, scenario.debrief.expert)
    marks = mark(scenario, progress)
    return {
        "scenario": scenario.id,
        "time_limit": scenario.time_limit,
        "line": None if found.line is None else _labelled(scenario, found.line),
        "minutes": found.minutes if found.line is not None else None,
        "gave_up": found.gave_up,
        "expert": {
            "line": _labelled(scenario, scenario.debrief.expert),
            "minutes": progress.minutes,
            "points": marks.points,
            "full": marks.full,
            "perfect": stuck is None and marks.perfect,
        },
    }


def solution_view(found: Mapping[str, Any]) -> Iterator[str]:
    """What `solution` found, as text."""
    if found["line"] is not None:
        yield f"Shortest line with full marks: {found['minutes']} of {found['time_limit']} minutes"
        yield from _steps(found["line"])
    elif found["gave_up"]:
        yield "No line was found in the search's bounds."
    else:
        yield "There is no line with full marks in time."
    expert = found["expert"]
    yield f"The expert's line: {expert['minutes']} minutes, {expert['points']} of {expert['full']} points"
    yield from _steps(expert["line"])


def _steps(line: Iterable[Mapping[str, str]]) -> Iterator[str]:
    for step in line:
        yield f"  {clean_line(step['label'])}  [{step['action']}]"


def _labelled(scenario: Scenario, names: Iterable[str]) -> list[Json]:
    return [{"action": name, "label": scenario.action(name).label} for name in names]


# Variants


def draws(path: Path, seeds: Iterable[int]) -> list[dict[str, Any]]:
    """What each seed draws for the fields of a scenario file. Raises SourceError."""
    found = fields(read_source(path))
    return [{"seed": seed, "values": dict(variants.draw(found, seed))} for seed in seeds]


def draws_view(path: Path, seeds: Iterable[int]) -> Iterator[str]:
    """What seeds draw, as text. Raises SourceError."""
    yield f"{variety(path)} different scenarios can be drawn."
    for one in draws(path, seeds):
        yield f"seed {one['seed']}"
        for field, value in one["values"].items():
            yield f"  {field:24} {clean_line(value, 200)}"


def variety(path: Path) -> int:
    """How many different scenarios the seeds can draw from a file. Raises SourceError."""
    count = 1
    for values in fields(read_source(path)).values():
        count *= len(values)
    return count
