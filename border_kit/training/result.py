"""What comes back from a learner: the log of one run in short, and its judgement, which is always made anew by replaying it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from border_kit.clock import parse_moment
from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.text import clean_line
from border_kit.training.conditions import Progress
from border_kit.training.grading import Judged, judge
from border_kit.training.model import Scenario
from border_kit.training.session import begin, perform, possible

Mode = Literal["practice", "warm_up", "exam"]
"""Practice and warm-up tell outcome, marks and debrief; an exam tells none of them."""

MODES: tuple[Mode, ...] = get_args(Mode)
KIND, FORMAT = "training_result", 1
MAX_ACTIONS = 200
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Done:
    """An action that was done: minutes it took, minutes used by then, and when (wall time)."""

    action: str
    minutes: int
    total: int
    at: str

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {"action": self.action, "minutes": self.minutes, "total": self.total, "at": self.at}


@dataclass(frozen=True, slots=True)
class Result:
    """One run as it goes back: whose, of what, what was done, and what was decided with which confidence.

    `digest` is that of the scenario file, `log` that of the log's last line; `seconds` is wall time without interruptions.
    """

    scenario: str
    seed: int | None
    digest: str
    learner: str
    mode: Mode
    started: str
    ended: str | None
    seconds: int
    minutes: int
    actions: tuple[Done, ...]
    decision: str | None
    confidence: int | None
    log: str

    def to_json(self) -> dict[str, Json]:
        """The result record."""
        return {
            "kind": KIND,
            "format": FORMAT,
            "scenario": self.scenario,
            "seed": self.seed,
            "digest": self.digest,
            "learner": self.learner,
            "mode": self.mode,
            "started": self.started,
            "ended": self.ended,
            "seconds": self.seconds,
            "minutes": self.minutes,
            "actions": [done.to_json() for done in self.actions],
            "decision": self.decision,
            "confidence": self.confidence,
            "log": self.log,
        }

    def judged(self, scenario: Scenario) -> Judged:
        """The judgement, by replaying the actions.

        Args:
            scenario: of the same file and seed.

        Raises:
            InputError: it is of another scenario or version, or what it states does not follow from its actions.
        """
        if (self.scenario, self.digest) != (scenario.id, scenario.digest):
            raise InputError(
                "result_other_scenario",
                f"The result is of another version of {clean_line(self.scenario, 60)!r}.",
                "Report with the modules that the class was held with.",
            )
        progress = self._replayed(scenario)
        decision = progress.decision.value if progress.decision else None
        if (self.minutes, self.decision) != (progress.minutes, decision) or (
            decision is None and self.confidence is not None
        ):
            raise _edited(self)
        return judge(scenario, progress, self.confidence, seconds=self.seconds, learner=self.learner, seed=self.seed)

    def _replayed(self, scenario: Scenario) -> Progress:
        progress = begin(scenario).progress
        known = {action.id: action for action in scenario.actions}
        for done in self.actions:
            action = known.get(done.action)
            if action is None or not possible(scenario, progress, action):
                raise _edited(self)
            after = perform(scenario, progress, action).progress
            if (done.minutes, done.total) != (after.minutes - progress.minutes, after.minutes):
                raise _edited(self)
            progress = after
        return progress


def parse(row: object) -> Result:
    """Read a result record. Raises InputError for anything that is none."""
    try:
        return _read(row)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("result_invalid", f"This is no result of a run ({error}).", "Collect it again.") from error


def _read(row: object) -> Result:
    if not isinstance(row, Mapping) or (row["kind"], row["format"]) != (KIND, FORMAT):
        raise ValueError("another kind or format")
    actions = row["actions"]
    if not isinstance(actions, list) or len(actions) > MAX_ACTIONS:
        raise ValueError("too many actions, or none")
    return Result(
        scenario=_text(row["scenario"]),
        seed=_whole(row["seed"], none=True, low=-(2**63)),
        digest=_hex(row["digest"]),
        learner=_text(row["learner"]),
        mode=MODES[MODES.index(row["mode"])],
        started=_moment(row["started"]),
        ended=None if row["ended"] is None else _moment(row["ended"]),
        seconds=_whole(row["seconds"]) or 0,
        minutes=_whole(row["minutes"]) or 0,
        actions=tuple(_done(item) for item in actions),
        decision=None if row["decision"] is None else _text(row["decision"]),
        confidence=_whole(row["confidence"], none=True, high=100),
        log=_hex(row["log"]),
    )


def _done(row: Mapping[str, Any]) -> Done:
    return Done(_text(row["action"]), _whole(row["minutes"]) or 0, _whole(row["total"]) or 0, _moment(row["at"]))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 100 or clean_line(value, 100) != value:  # noqa: PLR2004 - longest name kept
        raise ValueError("a text is too long or holds what no text holds")
    return value


def _hex(value: object) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ValueError("a digest is none")
    return value


def _moment(value: object) -> str:
    parse_moment(_text(value))
    return str(value)


def _whole(value: object, *, none: bool = False, low: int = 0, high: int = 2**63) -> int | None:
    if value is None and none:
        return None
    if type(value) is not int or not low <= value <= high:
        raise ValueError("a number is none, or out of range")
    return value


def _edited(result: Result) -> InputError:
    return InputError(
        "result_edited",
        f"The result of {result.learner!r} for {result.scenario!r} does not follow from its own actions: it was changed.",
        "Ask for the run's own log.",
    )
