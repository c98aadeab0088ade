"""Rating a line step by step: the parameters still missing, and the answers that a case holds about them.

A question about a line is named `line_3:frame_rate`; what was answered "not known" stays open and is asked last.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from border_kit.classification.answers import is_known
from border_kit.classification.engine import Classifier
from border_kit.desk import compose
from border_kit.desk.answers import LineAnswer, OpenParameter

_QUESTION = re.compile(r"line_(?P<no>\d{1,9}):(?P<parameter>.+)")
_KINDS = {"yesno": "yesno", "choice": "choice"}


def question_id(line: int, parameter: str) -> str:
    """How the question about a parameter of a line is named."""
    return f"line_{line}:{parameter}"


def answers_of(line: int, answers: Mapping[str, str]) -> dict[str, str]:
    """What was answered about one line, by parameter; what is not known is no answer."""
    found: dict[str, str] = {}
    for question, answer in answers.items():
        match = _QUESTION.fullmatch(question)
        if match and int(match["no"]) == line and is_known(answer):
            found[match["parameter"]] = answer
    return found


def check_answer(classifier: Classifier | None, question: str, answer: str) -> None:
    """Refuse an answer about a line that says nothing about its parameter. Raises UsageError."""
    match = _QUESTION.fullmatch(question.strip())
    if match and classifier is not None:
        classifier.check_answer(match["parameter"], answer)


def open_parameters(
    lines: Iterable[LineAnswer], passed: Collection[str], answers: Mapping[str, str]
) -> Iterator[OpenParameter]:
    """What is still missing, the most deciding first; what nobody knew stands last."""
    found: list[OpenParameter] = []
    for answer in lines:
        for question in compose.open_parameters(answer, passed):
            name = question_id(answer.line.no, question.parameter)
            found.append(
                OpenParameter(
                    name,
                    answer.line.no,
                    question.parameter,
                    question.ask,
                    _KINDS.get(question.dimension, "quantity"),
                    question.unit,
                    question.choices,
                    question.code,
                    asked_before=name in answers,
                )
            )
    yield from sorted(found, key=lambda row: row.asked_before)
