"""Rating a line step by step: the parameters still missing, and the answers that a case holds about them.

A question about a line is named `line_3:frame_rate`; what was answered "not known" stays open and is asked last.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from border_kit.classification.answers import is_known, plain
from border_kit.classification.engine import Classifier
from border_kit.desk import compose
from border_kit.desk.answers import LineAnswer, OpenParameter
from border_kit.errors import UsageError

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


def checked_answer(
    classifier: Classifier | None, question: str, answer: str, lines: Collection[int], yes_or_no: Collection[str]
) -> str:
    """An answer as rules understand it: yes, no and not_known in small letters.

    Raises UsageError for one about a line that is not there or that says nothing about its parameter, and for words where a rule
    asks for yes or no.
    """
    asked, said = question.strip(), answer.strip()
    match = _QUESTION.fullmatch(asked)
    if match and int(match["no"]) not in lines:
        raise UsageError("line_unknown", f"The case has no line {match['no']}.", "case show lists its lines.")
    if match:
        if classifier is not None:
            classifier.check_answer(match["parameter"], said)
        return said
    given = plain(said)
    if given is None and asked in yes_or_no:
        raise UsageError("answer_unclear", f"{said[:80]!r} is no answer to {asked}.", "Answer yes, no or not_known.")
    return given or said


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
