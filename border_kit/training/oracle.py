"""Holding a scenario against the real engines: what it promises that they answer is what they answer, or it is stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit.catalog.sources import Key, Problem
from border_kit.errors import InputError
from border_kit.training.model import Expectation, ExpectedLine, Proof, Scenario
from border_kit.training.overlay import World, open_world

if TYPE_CHECKING:
    from border_kit.desk.answers import Assessment


def compare(scenario: Scenario, installed: Path) -> list[Problem]:
    """Ask the scenario's own desk what it expects answers to, and say where the answers differ.

    Args:
        scenario: as drawn; every variant is a scenario of its own.
        installed: the catalog directory whose controls are used.

    Returns:
        A problem for each difference, at the line of what was expected; empty where all agree.

    Raises:
        CatalogError: there are no controls to assess with.
    """
    found: list[Problem] = []
    for after in dict.fromkeys([item.after for item in scenario.expected] + [item.after for item in scenario.proofs]):
        try:
            with open_world(scenario.overlay.after(after), installed, scenario.at(0)) as world:
                found += [scenario.problem(path, message) for path, message in _held(scenario, after, world)]
        except InputError as error:
            found.append(scenario.problem(("overlay",), f"the overlay cannot be installed: {error.message}"))
    return found


def _held(scenario: Scenario, after: tuple[str, ...], world: World) -> Iterator[tuple[Key, str]]:
    """Everything that is expected of one state of the lists, at the first and the last minute for which it is expected."""
    for begin, end, item in windows(scenario):
        if item.after != after:
            continue
        if end < begin:
            yield (*item.path, "from"), f"the scenario ends after {end} minutes: nothing is expected from {begin} on"
            continue
        first = list(_compared(item, world.at(scenario.at(begin))))
        yield from first
        for path, message in () if first or end == begin else _compared(item, world.at(scenario.at(end))):
            yield path, f"after {end} minutes {message}: say from which minute on (`from`)"


Promise = Expectation | Proof
"""What a scenario says that the engines answer."""


def windows(scenario: Scenario) -> Iterator[tuple[int, int, Promise]]:
    """Each expectation with the first and the last minute for which it holds: it gives way to a later one of the same."""
    promised: tuple[Promise, ...] = (*scenario.expected, *scenario.proofs)
    for item in promised:
        later = [other.begin for other in promised if _same(other, item)]
        yield item.begin, min((begin - 1 for begin in later if begin > item.begin), default=scenario.time_limit), item


def _same(one: Promise, other: Promise) -> bool:
    """Whether two expectations are about the same question on the same lists."""
    return (type(one), one.after, _asked(one)) == (type(other), other.after, _asked(other))


def _asked(item: Promise) -> tuple[str, str | None]:
    return (item.declaration, None) if isinstance(item, Expectation) else (item.certificate, item.against)


def _compared(item: Promise, world: World) -> Iterator[tuple[Key, str]]:
    return _assessed(item, world) if isinstance(item, Expectation) else _proven(item, world)


def _assessed(expected: Expectation, world: World) -> Iterator[tuple[Key, str]]:
    return _differences(expected, world.assess(expected.declaration))


def _proven(expected: Proof, world: World) -> Iterator[tuple[Key, str]]:
    got = world.prove(expected.certificate, expected.against).verification
    broken = next(
        (stage for stage, outcome in got.outcomes.items() if outcome.state in ("failed", "cannot_tell")), None
    )
    if got.verdict != expected.verdict:
        yield (
            (*expected.path, "verdict"),
            f"the verifier gives {got.verdict} (at {broken or 'no stage'}), not {expected.verdict}",
        )
    elif broken != expected.stage:
        yield (
            (*expected.path, "stage"),
            f"the verifier stops at {broken or 'no stage'}, not at {expected.stage or 'none'}",
        )
    for position, reason in enumerate(expected.reasons):
        if reason not in got.reasons:
            given = ", ".join(got.reasons) or "none"
            yield (*expected.path, "reasons", position), f"the verifier gives no reason {reason} (it gives: {given})"


def _differences(expected: Expectation, got: Assessment) -> Iterator[tuple[Key, str]]:
    pairs = {
        "lane": (expected.lane.value, got.lane.value),
        "advice": (expected.advice.value, got.advice.value),
        "verdict": (expected.verdict.value, got.verdict.value),
        "decided_by": (expected.decided_by, got.decided_by),
    }
    for name, (wanted, given) in pairs.items():
        if wanted != given:
            yield (*expected.path, name), f"the engines give {name} {given}, not {wanted}"
    came = {(finding.code, finding.subject.kind, finding.subject.ref) for finding in got.findings}
    codes = {finding.code for finding in got.findings}
    for item in expected.findings:
        if item.code not in codes:
            yield (
                item.path,
                f"the engines give no finding {item.code} (they give: {', '.join(sorted(codes)) or 'none'})",
            )
        elif item.subject is not None and (item.code, *item.subject) not in came:
            subjects = ", ".join(f"{kind} {ref}" for code, kind, ref in sorted(came) if code == item.code)
            yield item.path, f"the engines give {item.code} on {subjects}, not on {' '.join(item.subject)}"
    for position, code in enumerate(expected.absent):
        if code in codes:
            yield (*expected.path, "absent", position), f"the engines give the finding {code}, which must not come"
    for line in expected.lines:
        yield from _line(line, got)


def _line(expected: ExpectedLine, got: Assessment) -> Iterator[tuple[Key, str]]:
    answer = next((line for line in got.lines if line.line.no == expected.no), None)
    if answer is None or answer.classification is None:
        yield expected.path, f"the declaration has no goods line {expected.no}"
        return
    classified = answer.classification
    best = classified.candidates[0].code if classified.candidates else None
    if classified.verdict != expected.verdict:
        yield expected.path, f"line {expected.no} is classified {classified.verdict} ({best}), not {expected.verdict}"
    elif expected.code is not None and best != expected.code:
        yield expected.path, f"line {expected.no} points at {best} first, not at {expected.code}"
