"""What the officer answered about a line: `frame_rate` = `60 Hz`. An answer stands above the paper; not known is no answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from border_kit.classification.model import Candidate
from border_kit.classification.quantities import find_quantities
from border_kit.classification.rules.binding import as_answer
from border_kit.classification.rules.criteria import Stated
from border_kit.classification.rules.knowledge import Knowledge, Parameter
from border_kit.errors import UsageError
from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.text import clean_line, fold

CONCENTRATION = Parameter(
    "concentration", "concentration by weight", "percent", "%", "What is the concentration, in per cent by weight?"
)
"""What a mixture is asked; every chemical has its own threshold, so it is no parameter of an entry."""

NOT_KNOWN = "not_known"
_UNKNOWN = frozenset({"not_known", "not known", "unknown", "?", "n/a"})
_YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}
_LONGEST = 200


def is_known(answer: str) -> bool:
    """Whether an answer says anything."""
    return fold(answer).strip() not in _UNKNOWN


def plain(answer: str) -> str | None:
    """yes, no or not_known, however it was written; None for anything else."""
    words = fold(answer).strip()
    return NOT_KNOWN if words in _UNKNOWN else _YES_NO.get(words)


def parameter_of(name: str, knowledge: Knowledge) -> Parameter | None:
    """The parameter that an answer is about."""
    return CONCENTRATION if name == CONCENTRATION.id else knowledge.parameter(name)


def read(answers: Mapping[str, str], knowledge: Knowledge) -> dict[str, tuple[Stated, ...]]:
    """The answers as values, without those that are not known.

    Raises:
        UsageError: there is no such parameter, or the text is no value of it.
    """
    found: dict[str, tuple[Stated, ...]] = {}
    for name, text in answers.items():
        parameter = parameter_of(name, knowledge)
        if parameter is None:
            raise UsageError(
                "parameter_unknown",
                f"There is no parameter {clean_line(name, 60)!r}.",
                "The answer's JSON names them under parameters and questions.",
            )
        if is_known(text):
            found[parameter.id] = (_value(parameter, clean_line(text, _LONGEST)),)
    return found


def _value(parameter: Parameter, text: str) -> Stated:
    word = fold(text).strip()
    row = f"answer:{parameter.id}"
    if parameter.dimension == "yesno":
        if word in _YES_NO:
            return Stated(_YES_NO[word], words=frozenset({_YES_NO[word]}), row=row)
        raise _unreadable(parameter, text, "yes, no or not_known")
    if parameter.dimension == "choice":
        chosen = next((name for name in parameter.choices if fold(name) == word.replace(" ", "_")), None)
        if chosen is not None:
            return Stated(chosen, words=frozenset({chosen}), row=row)
        raise _unreadable(parameter, text, f"one of {', '.join(parameter.choices)}, or not_known")
    with_unit = text if find_quantities(text) else f"{text} {parameter.unit or ''}"
    for quantity in find_quantities(with_unit):
        value = as_answer(quantity, parameter)
        if value is not None:
            return value._replace(shown=quantity.text.strip(), span=None, row=row)
    raise _unreadable(parameter, text, f"a value such as 12.5 {parameter.unit or ''}".rstrip() + ", or not_known")


def _unreadable(parameter: Parameter, text: str, expected: str) -> UsageError:
    return UsageError(
        "answer_unreadable",
        f"{clean_line(text, 60)!r} is no answer to {parameter.name}.",
        f"Answer {expected}.",
    )


def findings(
    answered: Mapping[str, tuple[Stated, ...]], candidates: Iterable[Candidate], knowledge: Knowledge, subject: Subject
) -> Iterable[Finding]:
    """An answer that no entry asks changes nothing, and the officer should know."""
    asked = {parameter.id for candidate in candidates for parameter in candidate.parameters}
    for name, values in answered.items():
        parameter = parameter_of(name, knowledge)
        if parameter is not None and name not in asked:
            yield Finding(
                "answer_unused",
                Severity.INFO,
                subject,
                f"The answer {values[0].shown} to {parameter.name} changes nothing: no entry that was found asks it.",
                (Evidence("answered", row=f"answer:{name}", left=values[0].shown),),
            )
