from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from border_kit.classification.engine import Classifier
from tests.command import within

ANSWER_WITHIN = 20.0
"""Seconds of the processor; a quadratic step would take minutes."""


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\x00", "\ud800 drone \udfff", '"', "drone AND NOT (", 'NEAR("drone" 5)*', "a:b ^ - + *", "'; DROP TABLE phrase;--", "[red]drone[/red]",
        "\u202edrone\u202c", "drone" * 3000, "640x" * 5000, "1,2,3," * 5000, "6A003.b.4.b " * 2000, "(" * 20000, "9" * 100_000, "无人机" * 20000,
        "drone for " * 5000, "thermal camera, " * 6000, "1-1-1-1-" * 5000, "9 Hz frame rate " * 4000, "UAV autopilot thermal camera " * 3000,
    ],
    ids=range(23),
)  # fmt: skip
def test_any_string_gets_an_ordinary_answer_quickly(classifier: Classifier, text: str) -> None:
    with within(ANSWER_WITHIN):
        answer = classifier.classify(text, text)
    assert answer.verdict in ("likely", "possible", "none")
    assert len(answer.candidates) <= 8
    json.dumps(answer.to_json())


@pytest.mark.parametrize(
    "text", ["5.3 mm 1,2,3-tris(fluoro)propane", "1,2,3-Tris 2.5 kg", "1.2.3, 4,5 and 1,2,3,4 of 0,5 mm"]
)
def test_figures_that_are_none_beside_decimals_are_passed_over(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).verdict in ("likely", "possible", "none")


def test_a_line_beyond_the_limit_is_read_in_part_and_says_so(classifier: Classifier) -> None:
    answer = classifier.classify("guided missile " + "x" * 120_000)
    assert answer.verdict == "likely"
    assert "description_cut" in [finding.code for finding in answer.findings]


WORDS = [
    "drone",
    "thermal",
    "camera",
    "9 Hz",
    "640x512",
    "toy",
    "for",
    "with",
    "无人机",
    "БПЛА",
    "autopilot",
    "-",
    ",",
    "(",
    "111-48-8",
    "6A003",
    "\ud800",
    "±",
    "1,500 km",
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_every_answer_keeps_the_contract(classifier: Classifier, text: str) -> None:
    answer = classifier.classify(text)
    order = ["likely", "possible", "weak"]
    bands = [order.index(candidate.band) for candidate in answer.candidates]
    assert bands == sorted(bands)
    assert answer.verdict == ("none" if not bands or bands[0] == 2 else order[bands[0]])
    for candidate in answer.candidates:
        assert 0.0 <= candidate.score <= 1.0
        for item in candidate.evidence:
            assert item.span is None or 0 <= item.span[0] < item.span[1] <= len(text)
    assert answer == classifier.classify(text)
