"""Lint: one planted fault at a time, each found with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from border_kit.catalog import builder
from border_kit.catalog.sources import Problem


def planted(sources: Path, text: str) -> list[Problem]:
    """The problems of an extra file beside sound sources."""
    assert builder.lint(sources) == []
    (sources / "controls" / "planted.yaml").write_text(text, encoding="utf-8")
    return [problem for problem in builder.lint(sources) if problem.file == "controls/planted.yaml"]


ENTRY = "entries:\n  - {code: 6A008, title: Radar, cite: Annex I 6A008"
SYSTEM = (
    "systems:\n  - {id: s, name: n, parts: {a: {name: a, atoms: [thermal]}, b: {name: b, concepts: [none]}}, must: [c], needs: 3,"
    " entries: [6A003], ask: What, cite: Annex I}\n"
)
FAULTS = [
    (ENTRY + "}\n", "no class leads to EU-DU/6A008", "warning"),
    ("atoms:\n  lonely: {en: [lonely word]}\n", "no pattern and no system uses {lonely}", "warning"),
    ("concepts:\n  - {id: nowhere, name: n, terms: {en: [gizmo]}, entries: [6A999]}\n", "there is no entry EU-DU/6A999", "error"),
    ("concepts:\n  - {id: silent, name: n, entries: [6A003]}\n", "nothing leads here", "warning"),
    (ENTRY + ', criteria: {parameter: frame_rate, op: ">", value: "9", unit: furlong}}\n', "'furlong' is no unit of frequency", "error"),
    (
        ENTRY + ', criteria: {all: [{parameter: frame_rate, op: ">", value: "9"}, {parameter: frame_rate, op: "<", value: "5"}]}}\n',
        "the thresholds of frame_rate contradict each other",
        "error",
    ),
    (
        ENTRY + ', criteria: {all: [{parameter: frame_rate, op: "==", value: "9"}, {parameter: frame_rate, op: ">", value: "9"}]}}\n',
        "the thresholds of frame_rate contradict each other",
        "error",
    ),
    (
        ENTRY + ", criteria: {all: [{parameter: cooled, op: is, value: 'yes'}, {parameter: cooled, op: is, value: 'no'}]}}\n",
        "cooled cannot be no and yes at once",
        "error",
    ),
    ("entries:\n  - {code: 6A008, title: Radar}\n", "cite", "error"),
    ("entries:\n  - {code: 6A008, title: Radar, cite: TBD.}\n", "'TBD.' cites nothing", "error"),
    ("chemicals:\n  - {name: thing, cas: 111-48-9, entries: [6A003], cite: CWC}\n", "the check digit of 111-48-9", "error"),
    ("un_numbers:\n  - {un: '1689', name: thing, chemical: 1-2-3, cite: UN 1689}\n", "there is no chemical '1-2-3'", "error"),
    (SYSTEM, "there is no concept 'none'", "error"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "severity"), FAULTS)
def test_a_planted_fault_is_found_with_its_line(sources: Path, text: str, words: str, severity: str) -> None:
    found = [problem for problem in planted(sources, text) if words in problem.message]
    assert [problem.severity for problem in found] == [severity]
    assert found[0].line >= 1


def test_a_system_is_held_to_its_own_parts(sources: Path) -> None:
    messages = [problem.message for problem in planted(sources, SYSTEM)]
    assert "'c' is none of the parts" in messages
    assert "more parts are needed than there are" in messages


GOODS = 'ordinary_goods: {"85": [night cameras for baby rooms]}\nconcepts:\n  - {id: c, name: n, terms: {en: [%s]}, entries: [%s]}\n'


@pytest.mark.parametrize(
    ("term", "entries", "alerts"),
    [
        ("baby room", "6A003", True),
        ("baby", "6A003", True),
        ("baby rooms", "", False),
        ("baby room camera", "6A003", False),
        ("aby room", "6A003", False),
    ],
)
def test_a_term_that_would_alert_on_ordinary_goods_is_warned_of(
    sources: Path, term: str, entries: str, *, alerts: bool
) -> None:
    found = [problem.message for problem in planted(sources, GOODS % (term, entries))]
    assert (
        any("would alert on ordinary goods: 'night cameras for baby rooms'" in message for message in found) is alerts
    )


def test_a_negative_or_a_longer_ordinary_name_keeps_a_term_from_alerting(sources: Path) -> None:
    negative = "negatives:\n  - {scope: clause, terms: {en: [night cameras]}, why: babies}\n"
    assert planted(sources, GOODS % ("baby", "6A003") + negative) == []
    ordinary = "  - {id: o, name: n, terms: {en: [baby room]}, entries: []}\n"
    (sources / "controls" / "planted.yaml").unlink()
    assert planted(sources, GOODS % ("baby", "6A003") + ordinary) == []


def test_the_sources_that_ship_have_no_fault() -> None:
    assert [problem for problem in builder.lint(builder.default_sources()) if problem.severity == "error"] == []
