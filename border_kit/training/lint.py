"""What is wrong with scenarios: with file and line, and what to do.

`lint` reads files, looks at each scenario by itself (in every variant), holds it against the real engines, and looks at the
collection as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from border_kit.catalog.sources import Problem, SourceError, texts
from border_kit.desk.desk import Desk
from border_kit.findings import Advice
from border_kit.text import clean_line, tokens
from border_kit.training import collection, oracle, solver, variants
from border_kit.training.conditions import ALWAYS
from border_kit.training.drill.lint import lint as lint_decks
from border_kit.training.grading import mark
from border_kit.training.model import Action, Scenario
from border_kit.training.names import real_names, screened
from border_kit.training.reach import Reach, reach
from border_kit.training.scenario import build, fields, read_source
from border_kit.training.session import NEEDS_PAPER, begin, perform, possible

MARK = "TODO"
"""What stands in a template where its author has to write."""

LEAST_ASIDE = 2
"""Observations of a scenario that decide nothing, at least."""


def lint(files: Iterable[Path], desk: Desk, *, decks: Iterable[Path] = (), whole: bool = False) -> list[Problem]:
    """Everything that is wrong with files of scenarios and decks of cards, in the order of files and lines.

    Args:
        files: the scenario files.
        decks: the deck files.
        desk: the office's own: its controls are what the engines use, its lists what no fictional name may resemble.
        whole: whether these files are a whole collection, whose scenarios must fit together.

    Raises:
        CatalogError: there are no controls to assess with.
    """
    found: set[Problem] = set()
    good: list[Scenario] = []
    for path in files:
        scenario, problems = prove(path, desk)
        found |= set(problems)
        good += [scenario] if scenario is not None else []
    return sorted(found | set(together(good, decks, desk, whole=whole)))


def look(path: Path) -> tuple[Scenario | None, list[Problem]]:
    """What can be said of one file without engines; no scenario where it cannot be read."""
    try:
        drawn = _drawn(path)
    except SourceError as error:
        return None, list(error.problems)
    return drawn[0], sorted({problem for scenario in drawn for problem in inspect(scenario, path)})


def prove(path: Path, desk: Desk) -> tuple[Scenario | None, list[Problem]]:
    """Everything that is wrong with one file, held against the real engines and lists. Raises CatalogError."""
    scenario, found = look(path)
    if scenario is None:
        return None, found
    installed, real_party = desk.settings.catalog_root(), screened(desk)
    problems = set(found)
    for drawn in _drawn(path):
        problems |= {*oracle.compare(drawn, installed), *(real_names(drawn, real_party) if real_party else ())}
    return scenario, sorted(problems)


def together(good: Sequence[Scenario], decks: Iterable[Path], desk: Desk, *, whole: bool) -> list[Problem]:
    """What is wrong between scenarios, and with decks of cards beside them. `whole`: whether this is a whole collection."""
    return sorted({*collection.inspect(good, whole=whole), *lint_decks(decks, good, screened(desk))})


def _drawn(path: Path) -> list[Scenario]:
    """A scenario in as many draws as bring every value of its variants once, the author's own first. Raises SourceError."""
    source = read_source(path)
    return [build(source, values) for values in variants.covering(fields(source))]


def inspect(scenario: Scenario, path: Path) -> Iterator[Problem]:
    """What can be said of one scenario without engines: its names, sources, reach, correct lines and guesses."""
    yield from _naming(scenario, path)
    yield from _citations(scenario)
    yield from _unreachable(scenario, reach(scenario))
    yield from _paths(scenario)
    yield from _guesses(scenario)
    yield from _noise(scenario)
    yield from _unwritten(scenario)


def _unwritten(scenario: Scenario) -> Iterator[Problem]:
    """What a template left to be written."""
    for path, text in texts(scenario.source.data):
        if MARK in text:
            yield scenario.problem(path, f"this is still to be written ({clean_line(text, 60)})")


# Names


def _naming(scenario: Scenario, path: Path) -> Iterator[Problem]:
    if path.stem != scenario.id:
        yield scenario.problem(("id",), f"the file is called {path.stem}, the scenario {scenario.id}: name them alike")
    told = tuple(token.text for part in ("title", "id") for token in tokens(getattr(scenario, part)))
    for phrase in sorted(_answers(scenario)):
        words = tuple(token.text for token in tokens(phrase))
        if words and _contains(told, words):
            yield scenario.problem(("title",), f"title or id gives the answer away ({phrase!r})")


def _answers(scenario: Scenario) -> set[str]:
    """Phrases that tell a learner what is to be found: the class, the decisions, findings and entries, the author's own."""
    found = {"signal", "noise", *scenario.giveaways}
    found |= {advice.value.replace("_", " ") for advice in Advice}
    for expected in scenario.expected:
        found |= {item.code.replace("_", " ") for item in expected.findings}
        found |= {expected.decided_by.replace("_", " "), expected.lane.value}
        found |= {line.code for line in expected.lines if line.code}
    return found


def _contains(told: Sequence[str], words: Sequence[str]) -> bool:
    size = len(words)
    return any(tuple(told[at : at + size]) == tuple(words) for at in range(len(told) - size + 1))


# Sources


def _citations(scenario: Scenario) -> Iterator[Problem]:
    cited: set[str] = set()
    for what, parts in (("a card", scenario.cards), ("an answer of the debrief", scenario.debrief.questions)):
        for part in parts:
            cited |= set(part.cite)
            if not part.cite:
                yield scenario.problem(part.path, f"{what} names its source: add `cite`")
    cited |= {name for criterion in scenario.rubric for name in criterion.cite}
    for citation in scenario.citations:
        if citation.id not in cited:
            yield scenario.problem(citation.path, f"nothing names the source {citation.id!r}: cite it, or remove it")


# What can be reached


def _unreachable(scenario: Scenario, within: Reach) -> Iterator[Problem]:
    for action in scenario.actions:
        if action.id in within.actions:
            yield from _outcomes(scenario, action, within)
        else:
            yield scenario.problem(action.path, f"the action {action.id!r} can never be done")
    for observation in scenario.observations:
        if observation.action in within.actions and observation.id not in within.observations:
            yield scenario.problem(observation.path, f"the observation {observation.id!r} can never be made")
    for criterion in scenario.rubric:
        if not within.possible(criterion.when):
            yield scenario.problem(criterion.path, f"the criterion {criterion.id!r} can never hold")
    for inject in scenario.injects:
        if inject.id not in within.messages:
            yield scenario.problem(inject.path, f"the message {inject.id!r} can never come within the time")
    yield from _documents(scenario, within)
    yield from _overlay(scenario, within)


def _outcomes(scenario: Scenario, action: Action, within: Reach) -> Iterator[Problem]:
    closed = False
    for outcome in action.outcomes:
        if closed:
            yield scenario.problem(outcome.path, "an outcome without `when` before this one is always told instead")
        elif not within.possible(outcome.when):
            yield scenario.problem(outcome.path, "this outcome can never be told")
        closed = closed or outcome.when == ALWAYS
    if action.decision is not None and not closed:
        yield scenario.problem(action.path, "a decision ends the scenario: its last outcome stands without `when`")


def _documents(scenario: Scenario, within: Reach) -> Iterator[Problem]:
    opened = {action.of for action in scenario.actions if action.kind in NEEDS_PAPER}
    for document in scenario.documents:
        if document.id not in within.documents:
            yield scenario.problem(document.path, f"no action that can be done brings the document {document.id!r}")
        elif document.id not in opened:
            yield scenario.problem(document.path, f"no action opens the document {document.id!r}")


def _overlay(scenario: Scenario, within: Reach) -> Iterator[Problem]:
    """Updates that nothing loads, certificates that nothing shows, scans whose answer nobody promises."""
    loading = {action.of for action in scenario.actions if action.kind == "load" and action.id in within.actions}
    loading |= {item.loads for item in scenario.injects if item.id in within.messages}
    for update in scenario.overlay.updates:
        if update.id not in loading:
            yield scenario.problem(update.path, f"nothing that can happen loads the update {update.id!r}")
    shown = {item.certificate for item in scenario.documents}
    shown |= {name for item in scenario.overlay.declarations for name in item.certificates}
    for certificate in scenario.overlay.certificates:
        if certificate.id not in shown:
            yield scenario.problem(
                certificate.path, f"no document or declaration bears the certificate {certificate.id!r}"
            )
    promised = {(item.certificate, item.against) for item in scenario.proofs}
    for action in scenario.actions:
        bears = scenario.document(action.of).certificate if action.kind == "scan" and action.of else None
        if bears is not None and (bears, action.against) not in promised:
            held = f" against {action.against!r}" if action.against else ""
            yield scenario.problem(
                action.path, f"say in `expected_certificates` what the verifier answers to {bears!r}{held}"
            )


# Correct lines


def _paths(scenario: Scenario) -> Iterator[Problem]:
    progress, stuck = solver.replay(scenario, scenario.debrief.expert)
    marks = mark(scenario, progress)
    place = ("debrief", "expert")
    if stuck is not None:
        yield scenario.problem(place, f"the expert's line stops: {stuck!r} cannot be done when it comes")
    elif progress.decision is None:
        yield scenario.problem(place, "the expert's line ends without a decision")
    elif not marks.correct:
        yield scenario.problem(
            place, f"the expert decides {progress.decision.value}, which `answer` does not hold right"
        )
    elif not marks.in_time:
        yield scenario.problem(
            place, f"the expert's line takes {progress.minutes} minutes of {scenario.time_limit}: no time for it"
        )
    elif marks.points != marks.full:
        missed = ", ".join(item.id for item in scenario.rubric if (item in marks.held) != (item.points > 0))
        yield scenario.problem(place, f"the expert earns {marks.points} of {marks.full} points (see: {missed})")
    else:
        unseen = sorted(set(scenario.answer.because) - progress.known)
        if unseen:
            yield scenario.problem(place, f"the expert decides without having observed: {', '.join(unseen)}")
        return
    solution = solver.solve(scenario)
    if solution.gave_up:
        yield scenario.problem(
            ("actions",), "no correct line was found in the search's bounds: simplify the conditions"
        )
    elif solution.line is None:
        yield scenario.problem(("rubric",), "there is no correct line: no order of actions earns full marks in time")


def _guesses(scenario: Scenario) -> Iterator[Problem]:
    """A decision taken without looking must not pay: it earns at most half of the points."""
    start = begin(scenario).progress
    for action in solver.decisions(scenario):
        if possible(scenario, start, action):
            marks = mark(scenario, perform(scenario, start, action).progress)
            if marks.full and marks.points * 2 > marks.full:
                yield scenario.problem(
                    action.path,
                    f"deciding {action.id!r} at once earns {marks.points} of {marks.full} points: guessing pays",
                )
    deciding = {item.id for item in scenario.observations if item.deciding}
    if deciding != set(scenario.answer.because):
        yield scenario.problem(("answer", "because"), "`because` names exactly the observations marked `deciding`")


def _noise(scenario: Scenario) -> Iterator[Problem]:
    """Where everything that can be seen decides, or nothing wrong can be decided, there is nothing to tell apart."""
    aside = [item for item in scenario.observations if not item.deciding]
    if len(aside) < LEAST_ASIDE:
        yield scenario.problem(
            ("observations",),
            f"too little noise: only {len(aside)} observations decide nothing; add some that are beside the point",
        )
    if {action.decision for action in solver.decisions(scenario)} <= set(scenario.answer.decisions):
        yield scenario.problem(
            ("actions",), "too little noise: every decision that can be taken is right; offer a wrong one"
        )
