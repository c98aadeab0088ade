"""Where runs are kept: one log a run, in the office's folder."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from border_kit.clock import Clock
from border_kit.desk import places
from border_kit.errors import BorderKitError
from border_kit.text import clean_line
from border_kit.training.model import Scenario
from border_kit.training.result import Mode, Start
from border_kit.training.run import MAX_LEARNER, Run, read_log, start_of

_UNSAFE = re.compile(r"[^a-z0-9]+")


def folder() -> Path:
    """The folder of the runs."""
    return places.home() / "training" / "runs"


def begin(
    scenario: Scenario,
    learner: str,
    clock: Clock,
    *,
    seed: int | None,
    mode: Mode = "practice",
    into: Path | None = None,
) -> Run:
    """Begin a run in a file of its own. Raises StoreError."""
    name = clean_line(learner, MAX_LEARNER) or "learner"
    start = Start(scenario.id, scenario.digest, seed, name, mode, clock.now())
    stem = f"{start.started:%Y%m%d-%H%M%S}-{scenario.id}-{_UNSAFE.sub('-', name.casefold()).strip('-')[:20]}"
    return Run.begun(scenario, (into or folder()) / f"{stem}-{secrets.token_hex(3)}.jsonl", start, clock)


def logs(into: Path | None = None) -> Iterator[tuple[Path, Start, bool]]:
    """The runs of a folder, the newest first: its file, how it began, whether it was decided. Damaged ones are left out."""
    for path in sorted((into or folder()).glob("*.jsonl"), reverse=True):
        try:
            rows, _, _ = read_log(path)
            yield path, start_of(rows, path), any("decision" in row for row in rows)
        except BorderKitError:
            continue


def unfinished(
    scenario: str, digest: str, learner: str, *, mode: Mode = "practice", into: Path | None = None
) -> tuple[Path, Start] | None:
    """The newest run of a scenario in a mode, by a learner, that was not decided."""
    for path, start, decided in logs(into):
        if not decided and (start.scenario, start.digest, start.learner, start.mode) == (
            scenario,
            digest,
            learner,
            mode,
        ):
            return path, start
    return None
