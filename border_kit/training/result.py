"""What comes back from a learner: the log of one run in short, and its judgement, which is always made anew by replaying it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from border_kit.clock import parse_moment, stamp
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
FIRST = "0" * 64
"""What the first line of a log carries in place of a digest."""
MAX_ACTIONS = 200
MAX_RESUMED = 10_000
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
class Resumed:
    """A run was gone on with, once so many actions were done."""

    after: int
    at: str

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {"after": self.after, "at": self.at}

    def to_line(self) -> dict[str, Any]:
        """As the log keeps it."""
        return {"kind": "resumed", "at": self.at}


@dataclass(frozen=True, slots=True)
class Start:
    """The first line of a log: which scenario, drawn with which seed, who plays it, how, since when.

    `digest` is that of the scenario file; `seed` is None for the scenario as its author wrote it.
    """

    scenario: str
    digest: str
    seed: int | None
    learner: str
    mode: Mode
    started: datetime

    def to_line(self) -> dict[str, Any]:
        """As the log keeps it."""
        return {
            "kind": "run",
            "format": FORMAT,
            "scenario": self.scenario,
            "digest": self.digest,
            "seed": self.seed,
            "learner": self.learner,
            "mode": self.mode,
            "started": stamp(self.started),
        }

    @classmethod
    def of_line(cls, row: Mapping[str, Any]) -> Start:
        """Read the first line. Raises KeyError, TypeError, ValueError."""
        seed = row["seed"]
        wrong = row["kind"] != "run" or row["format"] != FORMAT or row["mode"] not in MODES
        if wrong or not (seed is None or type(seed) is int):
            raise ValueError("no run of this format")
        return cls(
            str(row["scenario"]),
            str(row["digest"]),
            seed,
            str(row["learner"]),
            row["mode"],
            parse_moment(row["started"]),
        )


def action_row(number: int, done: Done, decision: str | None, confidence: int | None) -> dict[str, Any]:
    """An action as the log keeps it."""
    row = {"kind": "action", "no": number, **done.to_json()}
    return row if decision is None else row | {"decision": decision, "confidence": confidence}


def log_line(row: Mapping[str, Any], head: str) -> bytes:
    """A line of a log, with the digest of the line before it."""
    return (json.dumps({**row, "prev": head}, ensure_ascii=False, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Result:
    """One run as it goes back: whose, of what, what was done, and what was decided with which confidence.

    `digest` is that of the scenario file, `log` that of the log's last line; `seconds` is wall time without interruptions,
    which `resumed` tell of: so the whole log can be made again, and held against `log`.
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
    resumed: tuple[Resumed, ...]
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
            "resumed": [item.to_json() for item in self.resumed],
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
        stated = (self.minutes, self.decision, self.ended, self.seconds, self.log)
        ended = self.actions[-1].at if decision else None
        if stated != (progress.minutes, decision, ended, self._active(), self.head()) or (
            decision is None and self.confidence is not None
        ):
            raise _edited(self)
        return judge(scenario, progress, self.confidence, seconds=self.seconds, learner=self.learner, seed=self.seed)

    def head(self) -> str:
        """The digest of the log's last line, as the log is that the result tells of."""
        begun = parse_moment(self.started)
        row = Start(self.scenario, self.digest, self.seed, self.learner, self.mode, begun).to_line()
        head, number = hashlib.sha256(log_line(row, FIRST)).hexdigest(), 0
        for item in self._events():
            if isinstance(item, Done):
                number += 1
                last = number == len(self.actions)
                row = action_row(number, item, self.decision if last else None, self.confidence)
            else:
                row = item.to_line()
            head = hashlib.sha256(log_line(row, head)).hexdigest()
        return head

    def _events(self) -> Iterator[Done | Resumed]:
        """What the log tells after its first line, in order."""
        for number in range(len(self.actions) + 1):
            yield from (item for item in self.resumed if item.after == number)
            yield from self.actions[number : number + 1]

    def _active(self) -> int:
        """Seconds of wall time without interruptions; a clock that was set back counts for nothing."""
        seconds, last = 0, parse_moment(self.started)
        for item in self._events():
            at = parse_moment(item.at)
            if isinstance(item, Done):
                seconds += max(0, int((at - last).total_seconds()))
            last = at
        return seconds

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
    gone_on = row["resumed"]
    if not isinstance(gone_on, list) or len(gone_on) > MAX_RESUMED:
        raise ValueError("it was gone on with too often")
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
        resumed=tuple(_resumed(item, len(actions)) for item in gone_on),
        decision=None if row["decision"] is None else _text(row["decision"]),
        confidence=_whole(row["confidence"], none=True, high=100),
        log=_hex(row["log"]),
    )


def _done(row: Mapping[str, Any]) -> Done:
    return Done(_text(row["action"]), _whole(row["minutes"]) or 0, _whole(row["total"]) or 0, _moment(row["at"]))


def _resumed(row: Mapping[str, Any], actions: int) -> Resumed:
    return Resumed(_whole(row["after"], high=actions) or 0, _moment(row["at"]))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 100 or clean_line(value, 100) != value:  # longest name kept
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
