"""The trainer's side of a class: packs out, results in, and what is kept of both.

A class lies in a folder of its own under `training/classes` in the office's folder: the session as it was handed out with each
learner's public key, and the results that were taken in; the key that signs packs lies apart (trainer.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from border_kit import disk, signing
from border_kit.clock import Clock, stamp
from border_kit.desk import places
from border_kit.errors import BorderKitError, InputError, StoreError, UsageError
from border_kit.findings import Json
from border_kit.signing import Key
from border_kit.text import clean_line
from border_kit.training import scenario as scenarios
from border_kit.training import series
from border_kit.training.classes import envelope
from border_kit.training.classes.pack import Item, Pack, Results, Session, slug
from border_kit.training.classes.taking import ENDING
from border_kit.training.grading import Judged
from border_kit.training.model import Scenario
from border_kit.training.result import Mode

SESSION = "session.json"
_RESULTS = "results"
MAX_FILES = 2_000
"""Result files of one folder that are looked at."""
PACK_ENDING = ".pack.json"


def folder() -> Path:
    """Where this trainer's classes lie."""
    return places.home() / "training" / "classes"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a class holds: shipments of each part, the share of signals in each (per cent; None is the part's own), the seed."""

    warm_up: int = 6
    exam: int = 20
    seed: int = 0
    warm_up_share: int | None = None
    exam_share: int | None = None

    def signals(self) -> dict[series.Kind, int]:
        """How many signals each part holds. Raises UsageError where there are none to hold."""
        if not self.warm_up and not self.exam:
            raise UsageError("class_empty", "The class has no shipments.", "Name --warm-up, --exam, or both.")
        return {kind: series.signals(kind, count, share) for kind, count, share in self.parts if count}

    @property
    def parts(self) -> tuple[tuple[series.Kind, int, int | None], ...]:
        """The parts in order: kind, shipments, share."""
        return ("warm_up", self.warm_up, self.warm_up_share), ("exam", self.exam, self.exam_share)


def draw(files: Iterable[Path], plan: Plan) -> tuple[tuple[Item, ...], dict[str, str]]:
    """The shipments of a class, warm-up first, and the files of their scenarios as text.

    Raises:
        SourceError: a scenario file is wrong.
        UsageError: too few shipments for such a series, or none at all.
        InputError: there is no scenario of a class that is needed.
    """
    plan.signals()
    known = {scenario.id: (path, scenario) for path in files for scenario in (scenarios.load(path),)}
    candidates = [
        series.Candidate(name, scenario.kind, scenario.difficulty, scenarios.fields(scenario.source))
        for name, (_, scenario) in known.items()
    ]
    drawn: list[series.Item] = []
    items: list[Item] = []
    for kind, count, share in plan.parts:
        found = series.draw(candidates, kind, count, plan.seed, share=share, before=drawn) if count else ()
        drawn += found
        items += [Item(one.scenario, one.seed, kind) for one in found]
    return tuple(items), {item.scenario: known[item.scenario][0].read_text(encoding="utf-8-sig") for item in items}


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken in, and why."""

    file: str
    code: str
    reason: str

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"file": self.file, "code": self.code, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Row:
    """One shipment that a learner decided, or left: in which part of the class, and how it counts."""

    part: Mode
    judged: Judged


@dataclass(slots=True)
class Class:
    """A class that was started here: its session, each learner's public key, its folder."""

    session: Session
    learners: dict[str, bytes]
    path: Path
    _scenarios: dict[Item, Scenario] = field(default_factory=dict, repr=False)

    @classmethod
    def start(cls, session: Session, learners: Sequence[str], into: Path, trainer: Key) -> tuple[Class, list[Path]]:
        """Keep a class and write a pack for each learner. Raises UsageError where the class is there already, StoreError."""
        packs = [Pack(session, name, _learner_key(trainer, session, name), trainer.public) for name in learners]
        found = cls(session, {pack.learner: pack.key.public for pack in packs}, folder() / slug(session.name))
        if (found.path / SESSION).exists():
            raise UsageError("class_exists", f"There is a class {session.name!r} already.", "Choose another name.")
        written = []
        try:
            (found.path / _RESULTS).mkdir(parents=True, exist_ok=True)
            into.mkdir(parents=True, exist_ok=True)
            for pack in packs:
                written.append(into / f"{pack.file_stem}{PACK_ENDING}")
                disk.replace_file(written[-1], pack.sealed(trainer))
            disk.replace_file(found.path / SESSION, found._kept())
        except OSError as error:
            raise StoreError(
                "packs_not_written",
                f"The packs could not be written ({error.strerror}).",
                "Check the stick, then start again.",
            ) from error
        return found, written

    @classmethod
    def load(cls, name: str | None = None) -> Class:
        """A class by its name; None is the one that was started last. Raises InputError."""
        there = sorted(folder().glob(f"*/{SESSION}"), key=lambda path: (path.stat().st_mtime_ns, path))
        if name is not None:
            there = [path for path in there if path.parent.name == slug(name)]
        if not there:
            raise InputError(
                "class_unknown",
                f"There is no class {clean_line(name, 80)!r} here." if name else "No class was started here yet.",
                "Start one with: border-kit train session start NAME --learners ana,ben --into DIR",
            )
        return cls.read(there[-1])

    @classmethod
    def read(cls, path: Path) -> Class:
        """A class from the file that keeps it. Raises InputError, StoreError."""
        try:
            row = json.loads(envelope.read(path))
            learners = {str(name): signing.raw(key) for name, key in row["learners"].items()}
            return cls(Session.of_json(row["session"]), learners, path.parent)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                "class_damaged",
                f"What is kept of the class {path.parent.name!r} cannot be read ({error}).",
                "Restore the folder.",
            ) from error

    def _kept(self) -> bytes:
        keys = {name: signing.text(key) for name, key in self.learners.items()}
        return (
            json.dumps({"session": self.session.to_json(), "learners": keys}, ensure_ascii=False, indent=1) + "\n"
        ).encode()

    # Taking results in

    def collect(self, source: Path) -> tuple[list[Results], list[Refused]]:
        """Take the result files of a folder (or one file) in: those that hold are kept, the others refused with the reason."""
        taken: list[Results] = []
        refused: list[Refused] = []
        for path in _result_files(source):
            try:
                content = envelope.read(path)
                found = Results.read(content, path.name)
                self._fits(found)
                self._newer(found)
                disk.replace_file(self._place(found.learner), content)
            except BorderKitError as error:
                refused.append(Refused(path.name, error.code, error.message))
            else:
                taken.append(found)
        return taken, refused

    def results(self) -> list[Results]:
        """The results that were taken in, proven anew, by learner. Raises InputError where the folder was changed."""
        found = []
        for path in sorted((self.path / _RESULTS).glob(f"*{ENDING}")):
            found.append(Results.read(envelope.read(path), path.name))
            self._signed(found[-1])
        return found

    def rows(self) -> list[Row]:
        """Every shipment that was begun, judged by replaying it. Raises InputError where a result does not follow from its actions."""
        return [
            Row(item.mode, result.judged(self.scenario(item)))
            for found in self.results()
            for item, result in zip(self.session.items, found.results, strict=True)
            if result is not None
        ]

    @property
    def missing(self) -> list[str]:
        """Learners of whom nothing has come back."""
        there = {found.learner for found in self.results()}
        return [name for name in self.learners if name not in there]

    def scenario(self, item: Item) -> Scenario:
        """The scenario of an item, read once."""
        if item not in self._scenarios:
            self._scenarios[item] = self.session.scenario(item)
        return self._scenarios[item]

    def _signed(self, found: Results) -> None:
        """Whether results are of this class, and of the learner whose pack they were signed with. Raises InputError."""
        name = clean_line(found.learner, 80)
        if found.session != self.session.id:
            raise InputError(
                "results_other_class", f"The results of {name!r} are of another class.", "Name that class."
            )
        if found.learner not in self.learners:
            raise InputError("learner_unknown", f"{name!r} has no pack of this class.", "Ask whose results these are.")
        if found.key != self.learners[found.learner]:
            raise InputError(
                "results_other_key",
                f"The results of {name!r} were not signed with the key of that pack.",
                "Ask for the learner's own file.",
            )

    def _fits(self, found: Results) -> None:
        """Whether every result is of its shipment and follows from its own actions. Raises InputError."""
        self._signed(found)
        if len(found.results) != len(self.session.items):
            raise envelope.invalid(found.learner, "it has another number of shipments")
        for number, (item, result) in enumerate(zip(self.session.items, found.results, strict=True), 1):
            if result is None:
                continue
            if (result.scenario, result.seed, result.mode, result.learner) != (
                item.scenario,
                item.seed,
                item.mode,
                found.learner,
            ):
                raise InputError(
                    "result_other_shipment",
                    f"Shipment {number} of {found.learner!r} is not the one of the pack.",
                    "Ask for the learner's own file.",
                )
            result.judged(self.scenario(item))

    def _newer(self, found: Results) -> None:
        """Whether results only add to what was taken in before. Raises InputError where something decided is told otherwise."""
        path = self._place(found.learner)
        if not path.exists():
            return
        before = Results.read(envelope.read(path), path.name)
        for number, (old, new) in enumerate(zip(before.results, found.results, strict=True), 1):
            if old is not None and old.decision is not None and old != new:
                raise InputError(
                    "results_differ",
                    f"Shipment {number} of {found.learner!r} was taken in before, and is told otherwise now.",
                    "Ask why; what was taken in first stays.",
                )

    def _place(self, learner: str) -> Path:
        return self.path / _RESULTS / f"{slug(learner)}{ENDING}"


def start(
    name: str, learners: Sequence[str], files: Iterable[Path], into: Path, clock: Clock, plan: Plan, trainer: Key
) -> tuple[Class, list[Path]]:
    """Draw a class, keep it, and write the packs, signed with the trainer's key. Raises as `draw` and `Class.start` do."""
    items, texts = draw(files, plan)
    title = clean_line(name, 80)
    if not title:
        raise UsageError("class_unnamed", "The class has no name.", "Name it, as in: train session start spring ...")
    return Class.start(Session(title, plan.seed, stamp(clock.now()), items, texts), learners, into, trainer)


def classes() -> Iterator[Class]:
    """The classes that were started here, the newest first; a damaged one is left out."""
    there = sorted(folder().glob(f"*/{SESSION}"), key=lambda path: (path.stat().st_mtime_ns, path), reverse=True)
    for path in there:
        try:
            yield Class.read(path)
        except BorderKitError:
            continue


def _learner_key(trainer: Key, session: Session, learner: str) -> Key:
    return Key(trainer.derived(f"border_kit learner\n{session.id}\n{learner}".encode()))


def _result_files(source: Path) -> list[Path]:
    """The result files of a folder, or the one named. Raises InputError where there are none."""
    found = [source] if source.is_file() else sorted(source.glob(f"*{ENDING}"))[:MAX_FILES] if source.is_dir() else []
    if not found:
        raise InputError(
            "results_missing",
            f"There are no result files in {clean_line(source.name or str(source), 80)!r}.",
            f"They end in {ENDING}.",
        )
    return found


def judged(rows: Iterable[Row], part: Mode | None = None) -> list[Judged]:
    """The judgements of a part, or of all."""
    return [row.judged for row in rows if part in {None, row.part}]
