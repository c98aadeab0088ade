"""A scenario in plain text, 76 columns: what the runner on the command line says."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import timedelta

from border_kit.text import clean
from border_kit.training.debrief import Debriefing
from border_kit.training.model import Action, Document, Inject, Scenario
from border_kit.training.play import Play, Told

BANNER = "TRAINING: everything here is fictional"
_WIDTH = 76
_HALF = _WIDTH // 2 - 2


def paragraphs(text: str, indent: str = "", *, first: str = "") -> Iterator[str]:
    """A text in lines of the width, the first line after `first`; its own lines stay lines."""
    for line in clean(text).splitlines():
        yield from textwrap.wrap(line, _WIDTH, initial_indent=indent + first, subsequent_indent=indent) or [""]
        first = ""


def wrapped(answer: str) -> Iterator[str]:
    """An engine's answer in lines of the width, each going on where it begins."""
    for line in answer.splitlines():
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        yield from textwrap.wrap(line, _WIDTH, subsequent_indent=indent, break_long_words=False) or [""]


def clock(scenario: Scenario, minutes: int) -> str:
    """The scenario's time of day after so many minutes, and what is left."""
    left = scenario.time_limit - minutes
    shown = (scenario.clock + timedelta(minutes=minutes)).strftime("%H:%M")
    return f"{shown}, {left} min left" if left >= 0 else f"{shown}, {-left} min over time"


def opening(play: Play) -> Iterator[str]:
    """The briefing, with the papers that are at hand by now."""
    yield from briefing(play.run.scenario, play.papers())


def briefing(scenario: Scenario, papers: Iterable[Document]) -> Iterator[str]:
    """Who one is, what it is about, who else is there, which papers are at hand."""
    yield f"{BANNER}"
    yield f"{clean(scenario.title)}   {clock(scenario, 0)}"
    yield ""
    yield from paragraphs(scenario.learner)
    yield from paragraphs(scenario.briefing)
    if scenario.roles:
        yield ""
        for role in scenario.roles:
            yield from paragraphs(f"{role.name}: {role.about}", "  ")
    yield ""
    yield from paragraphs("Papers at hand: " + (", ".join(item.title for item in papers) or "none"))


def menu(actions: Iterable[Action]) -> Iterator[str]:
    """What can be done now, numbered."""
    for number, action in enumerate(actions, 1):
        yield f"{number:3}  {clean(action.label)}  [{action.id}]"


def messages(scenario: Scenario, came: Iterable[Inject]) -> Iterator[str]:
    """Messages that press in."""
    for item in came:
        yield from paragraphs(f">> {scenario.role(item.sender).name}: {item.text}")


def told(play: Play, found: Told) -> Iterator[str]:
    """What an action told. The engines' own answers are rendered by the caller."""
    scenario, step = play.run.scenario, found.step
    yield f"-- {clean(found.action.label)} ({clock(scenario, step.progress.minutes)})"
    if found.document is not None:
        yield from paragraphs(f"{found.document.title}", "  ")
        yield from paragraphs(found.document.text, "  | ")
        if found.document.certificate is not None:
            yield "  | (QR code)"
    for item in step.observations:
        yield from paragraphs(item.text)
    if found.action.decision is not None and not play.run.tells:
        yield "Your decision is recorded."
    elif step.outcome is not None:
        yield from paragraphs(step.outcome.text)
        yield from paragraphs(step.outcome.consequence or "")
    yield from messages(scenario, step.messages)


def debriefing(found: Debriefing) -> Iterator[str]:
    """The debrief up to its questions."""
    yield "DEBRIEF"
    for label, value in found.result:
        yield from paragraphs(f"{label + ':':16}{value}")
    yield ""
    yield f"{'Your line':{_HALF}}    An expert's"
    for own, expert in found.beside():
        yield from _beside(*(f"{turn.minutes}' {clean(turn.label)}" if turn else "" for turn in (own, expert)))
    yield ""
    yield "What settles it"
    for text, seen in found.deciding:
        yield from paragraphs(f"{'seen' if seen else 'NOT SEEN'}: {text}", "  ")
    yield ""
    yield "Points"
    for item in found.points:
        sources = f" [{'; '.join(item.sources)}]" if item.sources else ""
        yield from paragraphs(f"{item.points:+d} {item.state}: {item.text}{sources}", "  ")
    yield ""
    yield from paragraphs(found.summary)
    for text in found.objectives:
        yield from paragraphs(text, "  ", first="To learn: ")


def answer(found: Debriefing, number: int) -> Iterator[str]:
    """The answer to a question, with its sources."""
    item = found.questions[number]
    yield from paragraphs(item.answer, "  ")
    yield from paragraphs("; ".join(item.sources), "  ", first="Source: ")


def _beside(own: str, expert: str) -> Iterator[str]:
    left, right = textwrap.wrap(own, _HALF) or [""], textwrap.wrap(expert, _HALF) or [""]
    for row in range(max(len(left), len(right))):
        cells = [part[row] if row < len(part) else "" for part in (left, right)]
        yield f"{cells[0]:{_HALF}}    {cells[1]}".rstrip()
