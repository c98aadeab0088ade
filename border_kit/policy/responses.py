"""The response ladder: how far to go for what was found, as guidance in the profile's words, never a penalty.

A step applies by its rule: the advice it goes with, and the findings it is for. Of those that apply the furthest is told, with the
whole ladder beside it, so that an officer sees which lighter steps there are. It sets no lane and asks for no decision.
A step whose words name a penalty is never told (`beyond_advice.txt`), and `policy lint` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import Any

from border_kit.findings import Advice, Finding, Json
from border_kit.text import tokens

LIMIT = "Guidance on how far to go. It names no penalty: that is for authorities and courts."


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it says, where that stands, and its rule (`advice`, and `codes` of findings; none of them: any)."""

    id: str
    title: str
    text: str
    cite: str
    advice: frozenset[Advice]
    codes: tuple[str, ...] = ()

    def grounds(self, advice: Advice, decided_by: str, findings: Sequence[Finding]) -> tuple[str, ...]:
        """The findings for which it applies; empty where it does not."""
        if advice not in self.advice:
            return ()
        if not self.codes:
            return (decided_by,)
        seen = dict.fromkeys(item.code for item in findings if any(fnmatchcase(item.code, code) for code in self.codes))
        return tuple(sorted(seen))

    @property
    def beyond(self) -> tuple[str, ...]:
        """The words by which it would name a penalty."""
        return tuple(sorted(_beyond(f"{self.title} {self.text}")))


@dataclass(frozen=True)
class Ladder:
    """The steps, the lightest first."""

    cite: str
    steps: tuple[Step, ...]

    @cached_property
    def told(self) -> tuple[Step, ...]:
        """The steps that may be told: those that name no penalty."""
        return tuple(step for step in self.steps if not step.beyond)


@dataclass(frozen=True, slots=True)
class Response:
    """The step that applies, the findings that it answers, and the ladder it stands on."""

    step: Step
    because: tuple[str, ...]
    ladder: Ladder

    def to_json(self) -> dict[str, Json]:
        """The field `response` of an assessment."""
        rule: dict[str, Json] = {"advice": [*sorted(self.step.advice)], "codes": list(self.step.codes)}
        return {
            "step": self.step.id,
            "title": self.step.title,
            "text": self.step.text,
            "citation": self.step.cite,
            "rule": rule,
            "because": list(self.because),
            "ladder": [
                {"step": step.id, "title": step.title, "here": step is self.step, "citation": step.cite}
                for step in self.ladder.told
            ],
            "ladder_citation": self.ladder.cite,
            "limit": LIMIT,
        }


def parse(document: Mapping[str, Any]) -> Ladder:
    """A ladder as authored. Raises KeyError, TypeError, ValueError for what is none."""
    return Ladder(str(document["cite"]), tuple(_step(row) for row in document["steps"]))


def _step(row: Mapping[str, Any]) -> Step:
    return Step(
        id=str(row["id"]),
        title=str(row["title"]),
        text=str(row["text"]),
        cite=str(row["cite"]),
        advice=frozenset(Advice(word) for word in row["advice"]),
        codes=tuple(str(code) for code in row.get("codes", ())),
    )


def applying(ladder: Ladder, advice: Advice, decided_by: str, findings: Sequence[Finding]) -> Response | None:
    """The furthest step that applies; None where none does. The order of findings never matters."""
    for step in reversed(ladder.told):
        grounds = step.grounds(advice, decided_by, findings)
        if grounds:
            return Response(step, grounds, ladder)
    return None


def problems(ladder: Ladder) -> Iterator[str]:
    """What is wrong with a ladder, in words."""
    known: set[str] = set()
    for step in ladder.steps:
        if step.id in known:
            yield f"response {step.id}: it stands there twice"
        known.add(step.id)
        if not step.cite or not step.text or not step.advice:
            yield f"response {step.id}: it needs a text, a citation and the advice it goes with"
        if step.beyond:
            yield f"response {step.id}: it names a penalty ({', '.join(step.beyond)}), so it is never told"
    if not ladder.cite:
        yield "responses: no citation"
    for advice in Advice:
        if not any(advice in step.advice and not step.codes for step in ladder.told):
            yield f"responses: nothing is told for every shipment with the advice {advice.value}"


def _beyond(text: str) -> Iterator[str]:
    said = f" {' '.join(token.text for token in tokens(text))} "
    return (phrase for phrase in _phrases() if f" {phrase} " in said)


@cache
def _phrases() -> tuple[str, ...]:
    """Phrases that name a penalty, folded."""
    from importlib import resources  # noqa: PLC0415 - read where a ladder is first told

    table = resources.files("border_kit.policy").joinpath("beyond_advice.txt").read_text(encoding="utf-8")
    rows = (line.split("|", 1)[1] for line in table.splitlines() if line and not line.startswith("#"))
    return tuple(dict.fromkeys(" ".join(token.text for token in tokens(row)) for row in rows))
