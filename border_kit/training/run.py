"""One learner's way through one scenario, kept as it happens.

The action log is a file of JSON lines. Each line is on the disk before what it led to is shown, and carries the SHA-256 of the
line before it, so that an edited log is noticed; a line that a power cut left half is as if it had not been written. Going on
replays the log: there is no other state.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from border_kit import disk
from border_kit.clock import Clock, parse_moment, stamp
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.text import clean_line
from border_kit.training.model import Action, Scenario
from border_kit.training.result import FIRST, Done, Result, Resumed, Start, action_row, log_line
from border_kit.training.session import Step, available, begin, perform, possible

MAX_LOG = 1_000_000
MAX_LEARNER = 80


@dataclass(slots=True)
class Run:
    """A run that is under way or has ended. `step` is the last one: where the learner stands, and what it led to."""

    scenario: Scenario
    start: Start
    path: Path
    clock: Clock
    step: Step
    steps: list[Step] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    resumed_at: list[Resumed] = field(default_factory=list)
    confidence: int | None = None
    active_seconds: int = 0
    _head: str = FIRST
    _size: int = 0
    _last: datetime | None = None

    @classmethod
    def begun(cls, scenario: Scenario, path: Path, start: Start, clock: Clock) -> Run:
        """Start a run in a new file. Raises StoreError."""
        run = cls(scenario, start, path, clock, begin(scenario))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise _unwritten(path, error) from error
        run._write(start.to_line())
        run._last = _kept(start.started)
        return run

    @classmethod
    def resumed(cls, scenario: Scenario, path: Path, clock: Clock) -> Run:
        """Go on where a log ends. Raises InputError where it was edited or belongs to another scenario; StoreError."""
        rows, size, head = read_log(path)
        start = start_of(rows, path)
        if (start.scenario, start.digest) != (scenario.id, scenario.digest):
            raise InputError(
                "run_other_scenario",
                f"{path.name} is a run of another scenario, or of another version of it.",
                "Start anew.",
            )
        _cut(path, size)
        run = cls(scenario, start, path, clock, begin(scenario), _head=head, _size=size, _last=start.started)
        for row in rows[1:]:
            run._replay(row)
        if not run.ended:
            gone_on = Resumed(len(run.done), stamp(clock.now()))
            run._write(gone_on.to_line())
            run._go_on(gone_on)
        return run

    @property
    def ended(self) -> bool:
        """Whether it was decided."""
        return self.step.progress.decision is not None

    @property
    def tells(self) -> bool:
        """Whether the learner is told how it ended: outcome, marks, debrief."""
        return self.start.mode != "exam"

    def available(self) -> tuple[Action, ...]:
        """Everything that can be done now."""
        return available(self.scenario, self.step.progress)

    def do(self, name: str, confidence: int | None = None) -> Step:
        """Do an action; it is on the disk before its result is given.

        Args:
            name: the action's id.
            confidence: for a decision, how sure the learner is that it is right, 0 to 100; None where it was not stated.

        Raises:
            InputError: it cannot be done now.
            UsageError: a confidence that is none, or another window goes on with this run.
            StoreError: it cannot be written; then nothing was done.
        """
        action = next((item for item in self.available() if item.id == name), None)
        if action is None:
            raise InputError(
                "action_not_possible",
                f"{clean_line(name, 60)!r} cannot be done now.",
                "Choose one of the actions that are shown.",
            )
        if not fits(action, confidence):
            raise UsageError(
                "confidence_unusable",
                "A confidence is a whole number of 0 to 100, and belongs to a decision.",
                "Say how sure you are, in per cent.",
            )
        step = perform(self.scenario, self.step.progress, action)
        done = self._done(action, step, self.clock.now())
        decided = action.decision.value if action.decision else None
        self._write(action_row(len(self.done) + 1, done, decided, confidence))
        self._take(step, done, confidence)
        return step

    def result(self) -> Result:
        """What goes back to the trainer. Of a run that has not ended, its decision and end are None."""
        decision = self.step.progress.decision
        return Result(
            scenario=self.start.scenario,
            seed=self.start.seed,
            digest=self.start.digest,
            learner=self.start.learner,
            mode=self.start.mode,
            started=stamp(self.start.started),
            ended=self.done[-1].at if self.ended else None,
            seconds=self.active_seconds,
            minutes=self.step.progress.minutes,
            actions=tuple(self.done),
            resumed=tuple(self.resumed_at),
            decision=decision.value if decision else None,
            confidence=self.confidence,
            log=self._head,
        )

    def _done(self, action: Action, step: Step, at: datetime) -> Done:
        before = self.step.progress.minutes
        return Done(action.id, step.progress.minutes - before, step.progress.minutes, stamp(at))

    def _go_on(self, at: Resumed) -> None:
        self.resumed_at.append(at)
        self._last = parse_moment(at.at)

    def _take(self, step: Step, done: Done, confidence: int | None) -> None:
        at = parse_moment(done.at)
        if self._last is not None:
            self.active_seconds += max(0, int((at - self._last).total_seconds()))
        self._last = at
        self.step = step
        self.steps.append(step)
        self.done.append(done)
        self.confidence = confidence

    def _replay(self, row: Mapping[str, Any]) -> None:
        """Do what a line of the log says. Raises InputError where it does not follow."""
        try:
            if row["kind"] == "resumed":
                self._go_on(Resumed(len(self.done), stamp(parse_moment(row["at"]))))
                return
            action = self.scenario.action(row["action"])
            at, stated, confidence = parse_moment(row["at"]), (row["minutes"], row["total"]), row.get("confidence")
        except (KeyError, TypeError, ValueError) as error:
            raise _edited(self.path) from error
        if not possible(self.scenario, self.step.progress, action):
            raise _edited(self.path)
        step = perform(self.scenario, self.step.progress, action)
        done = self._done(action, step, at)
        if stated != (done.minutes, done.total) or not fits(action, confidence):
            raise _edited(self.path)
        self._take(step, done, confidence)

    def _write(self, row: dict[str, Any]) -> None:
        """Append a line and force it to disk; a line that cannot be written whole is taken back."""
        line = log_line(row, self._head)
        try:
            with self.path.open("r+b") as stream:
                if stream.seek(0, os.SEEK_END) != self._size:
                    raise UsageError(
                        "run_elsewhere", "Another window goes on with this run.", "Close one of them, then go on."
                    )
                try:
                    stream.write(line)
                    stream.flush()
                    os.fsync(stream.fileno())
                except OSError:
                    stream.truncate(self._size)
                    raise
            if self._size == 0:
                disk.sync_folder(self.path.parent)
        except OSError as error:
            raise _unwritten(self.path, error) from error
        self._size += len(line)
        self._head = hashlib.sha256(line).hexdigest()


def fits(action: Action, confidence: object) -> bool:
    """Whether a confidence may come with an action: none, or for a decision a whole number of 0 to 100."""
    if confidence is None:
        return True
    return action.decision is not None and type(confidence) is int and 0 <= confidence <= 100  # per cent


def read_log(path: Path) -> tuple[list[dict[str, Any]], int, str]:
    """The whole lines of a log, their size and the digest of the last; a half line after them is passed over.

    Raises InputError where it is no log or was edited, StoreError where it cannot be read.
    """
    try:
        content = path.read_bytes() if path.is_file() and path.stat().st_size <= MAX_LOG else b""
    except OSError as error:
        raise StoreError(
            "run_unreadable", f"{path.name} cannot be read ({error.strerror}).", "Check the file."
        ) from error
    whole = content[: content.rfind(b"\n") + 1]
    rows: list[dict[str, Any]] = []
    head = FIRST
    for line in whole.splitlines(keepends=True):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _edited(path) from error
        if not isinstance(row, dict) or row.pop("prev", None) != head:
            raise _edited(path)
        rows.append(row)
        head = hashlib.sha256(line).hexdigest()
    return rows, len(whole), head


def _cut(path: Path, size: int) -> None:
    """Cut off a half line that a power cut left. Raises StoreError."""
    try:
        if path.stat().st_size > size:
            os.truncate(path, size)
    except OSError as error:
        raise _unwritten(path, error) from error


def _kept(moment: datetime) -> datetime:
    """A moment as the log keeps it, to the second."""
    return parse_moment(stamp(moment))


def start_of(rows: list[dict[str, Any]], path: Path) -> Start:
    """The first line of a log. Raises InputError."""
    try:
        return Start.of_line(rows[0])
    except (IndexError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _edited(path) from error


def _edited(path: Path) -> InputError:
    return InputError(
        "run_edited",
        f"{clean_line(path.name, 100)} is no whole log of a run: it was changed, or is none.",
        "Start anew.",
    )


def _unwritten(path: Path, error: OSError) -> StoreError:
    return StoreError(
        "run_not_written",
        f"{clean_line(path.name, 100)} could not be written ({error.strerror}): the action was not done.",
        "Free some disk space, then do it again.",
    )
