"""Whole manifests into the triage queue, on every core, from where the last run stopped.

The work is one function over partitions: `assess_partition(terms, shipments)` takes plain data, opens what it needs itself and
shares nothing. Here it runs in a few processes over portions of the queue; a national centre can hand the same function to the
map step of a cluster engine (docs/office.md). However a manifest is cut and in whatever order, the answers are the same.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from border_kit import store
from border_kit.casework.queued import DROPPED, MARKED, QUEUE, Assessed, Failed, Item, Run, packed, unpacked
from border_kit.casework.triage import Triage
from border_kit.clock import parse_moment, stamp
from border_kit.desk.desk import Desk
from border_kit.desk.intake import reading
from border_kit.desk.settings import Settings
from border_kit.errors import BorderKitError, CatalogError, InputError, StoreError
from border_kit.findings import Json, Lane, Severity
from border_kit.processes import in_order
from border_kit.shipment.model import Rejected, to_json
from border_kit.shipment.readers import ReadOptions, shipment_from_json
from border_kit.text import clean_line

if TYPE_CHECKING:
    from border_kit.casework.case import Case
    from border_kit.desk.answers import Assessment

PORTION = 48
"""Goods lines that one process assesses at a time: some 0.1 s."""
WORTH_IT = 600
"""Goods lines from which other processes are started; starting them takes as long as so many lines."""
_BECAUSE = 300
_PLACES = 1_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Terms:
    """All that an answer rests on beside the shipment: plain data, the same for every partition.

    `moment` is when the run began; `draw_secret` the office's secret for draws by chance, None for no draw. Without a casebook and
    a ledger nothing was cleared and nothing drawn before.
    """

    catalog: Path
    moment: datetime
    as_of: str | None = None
    casebook: Path | None = None
    ledger: Path | None = None
    draw_secret: bytes | None = None

    def desk(self) -> Desk:
        """A desk of its own on these terms."""
        day = parse_moment(self.as_of).date() if self.as_of else None
        return Desk(Settings(self.catalog, self.casebook, self.ledger, now=self.moment, as_of=day))


def assess_partition(terms: Terms, shipments: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Json]]:
    """Assess shipments (the kit's shipment JSON): one element of `assessments` each, or `{"id","error":{"code","message"}}`.

    Raises CatalogError, StoreError, which no shipment would survive.
    """
    desk = terms.desk()
    try:
        for shipment in shipments:
            try:
                yield _assessed(desk, terms, shipment).to_json()
            except (CatalogError, StoreError):
                raise
            except BorderKitError as error:
                yield {"id": str(shipment.get("id")), "error": {"code": error.code, "message": error.message}}
    finally:
        desk.close()


def _assessed(desk: Desk, terms: Terms, shipment: Mapping[str, Any]) -> Assessment:
    assessor = desk.assessor
    assessor.draw_secret = terms.draw_secret
    return assessor.assess(shipment_from_json(shipment, position=1), {})


# A process of its own: one desk for its life.

_own: tuple[Desk, Terms] | None = None


def _begin(terms: Terms) -> None:
    global _own  # noqa: PLW0603 - a worker process has one desk for its life
    _own = (terms.desk(), terms)
    _ = _own[0].assessor


def _portion(portion: list[tuple[int, bytes]]) -> list[Assessed | Failed]:
    assert _own is not None  # set up by _begin
    desk, terms = _own
    found: list[Assessed | Failed] = []
    for number, declared in portion:
        try:
            found.append(_as_item(number, _assessed(desk, terms, unpacked(declared))))
        except (CatalogError, StoreError):
            raise
        except BorderKitError as error:
            found.append(Failed(number, error.message))
    return found


def _as_item(number: int, answer: Assessment) -> Assessed:
    deciding = answer.deciding
    severity, weight = (deciding.severity, deciding.weight) if deciding else (Severity.INFO, 0)
    return Assessed(
        no=number,
        urgency=urgency(answer.lane, severity, _rule(answer), weight),
        lane=answer.lane.value,
        advice=answer.advice.value,
        verdict=answer.verdict.value,
        decided_by=answer.decided_by,
        because=clean_line(deciding.message, _BECAUSE) if deciding else "",
        answer=packed(answer.to_json()),
    )


def urgency(lane: Lane, severity: Severity, rule: int, weight: int) -> int:
    """By what the queue is ordered: the lane, the finding that decided, the place of its rule in the profile (0 first), its weight."""
    place = _PLACES - 1 - min(rule, _PLACES - 1)
    return ((lane.rank * 4 + severity.rank) * _PLACES + place) * _PLACES + min(max(weight, 0), _PLACES - 1)


def _rule(answer: Assessment) -> int:
    """The place of the rule that set the lane; behind all where chance did."""
    saw = f"{answer.decided_by} ("
    fired = (
        place
        for place, view in enumerate(answer.why)
        if view.fires and view.lane is answer.lane and any(text.startswith(saw) for text in view.saw)
    )
    return next(fired, _PLACES)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, in goods lines."""

    run: Run
    lines: int
    assessed: int


class Bulk:
    """The triage queue at this desk."""

    def __init__(self, desk: Desk) -> None:
        """Use the office's queue, beside the casebook; under a set clock one in memory, since nothing is written then."""
        self._desk = desk
        self.queue = Triage(store.memory()) if desk.settings.now else Triage.at(desk.settings.triage_path())
        self._working: Iterator[Progress] | None = None

    def close(self) -> None:
        """Stop what is being worked on, and close the queue; what waits stays waiting."""
        self.pause()
        self.queue.close()

    # Files come in

    def take_in(self, file: Path, options: ReadOptions, step: Callable[[int], None] = lambda _: None) -> Run:
        """Put a file into the queue, unless it is there; what is not done is assessed again where lists or day have changed.

        `step` is told how many goods lines were read. Raises InputError (nothing was taken in then), AmbiguousInputError, StoreError.
        """
        digest = _digest(file, options)
        known, head = self.queue.known(digest), self._head(clean_line(file.name, 200), digest)
        if known is None:
            read = reading(self._desk, file, options)
            return self.queue.take_in(head, _entries(read.items, step), read.remarks)
        other_day = known.finished_at is not None and known.moment[:10] != head.moment[:10]
        if known.basis != head.basis or other_day:
            return self.queue.anew(replace(head, id=known.id))
        return known

    def _head(self, name: str, digest: str) -> Run:
        moment, catalog = self._desk.moment, self._desk.catalog
        volumes = {name: info.digest for name, info in sorted(catalog.volumes.items())}
        basis = hashlib.sha256(json.dumps([volumes, str(catalog.as_of)]).encode()).hexdigest()
        return Run(0, name, digest, moment, moment, basis, catalog.ages(), 0, 0, (), None)

    # It is worked on

    def again(self, number: int) -> Run:
        """Let everything of a run that is not done be assessed again, by the lists of today. Raises InputError, StoreError."""
        run = self.queue.run(number)
        return self.queue.anew(replace(self._head(run.name, run.file), id=run.id))

    def unfinished(self) -> list[Run]:
        """The files of which something waits, the oldest first."""
        return [run for run in reversed(self.queue.runs()) if run.finished_at is None]

    def work(self, number: int, processes: int) -> Iterator[Progress]:
        """Assess what waits of a run, a portion at a time: each is on disk when it is told.

        Where the lists have changed since the run began, all that is not done is assessed by the new ones. Raises CatalogError,
        StoreError, InputError.
        """
        run = self.queue.run(number)
        fresh = self._head(run.name, run.file)
        if run.finished_at is None and run.basis != fresh.basis:
            run = self.queue.anew(replace(fresh, id=run.id))
        counts = self.queue.counts(number)
        lines, done = counts["lines"], counts["lines_assessed"]
        yield Progress(run, lines, done)
        many = processes if lines - done >= WORTH_IT else 1
        portions = self.queue.waiting(number, PORTION)
        for answers in in_order(_portion, portions, processes=many, begin=_begin, given=(self._terms(run),)):
            done += self.queue.store(number, answers, at=stamp(self._desk.clock.now()))
            yield Progress(self.queue.run(number), lines, done)

    def _terms(self, run: Run) -> Terms:
        settings = self._desk.settings
        return Terms(
            catalog=settings.catalog_root().absolute(),
            moment=parse_moment(run.moment),
            as_of=settings.as_of.isoformat() if settings.as_of else None,
            casebook=settings.casebook_path().absolute(),
            ledger=settings.ledger_path().absolute(),
            draw_secret=self._desk.draw_secret(),
        )

    def step(self, processes: int, seconds: float = 0.0) -> Progress | None:
        """Go on with whatever waits, the oldest file first, for so long, at least by one portion; None when nothing waits any more."""
        until = time.monotonic() + seconds
        while True:
            found = self._step(processes)
            if found is None or time.monotonic() >= until:
                return found

    def _step(self, processes: int) -> Progress | None:
        while True:
            if self._working is None:
                left = self.unfinished()
                if not left:
                    return None
                self._working = self.work(left[0].id, processes)
            found = next(self._working, None)
            if found is not None:
                return found
            self._working = None

    def pause(self) -> None:
        """Stop working; what was under way is assessed again when it goes on."""
        working, self._working = self._working, None
        if working is not None:
            working.close()  # type: ignore[attr-defined]  # it is a generator

    # Items become cases

    def case_of(self, number: int) -> Case:
        """The case of an item; the first time it is opened, on an assessment by what is known now. Raises InputError, StoreError.

        Casebook and queue are two files: what was killed in between finds its case again, since the casebook knows of which item it is.
        """
        item = self.queue.item(number)
        book = self._desk.casebook
        if item.case_id is None:
            shipment, run = shipment_from_json(self.queue.paper(number)[0], position=1), self.queue.run(item.run)
            source = f"queue {run.file} {run.begun_at} {item.no}"  # a queue that was moved away numbers its items anew
            row = self._desk.save_case(shipment, self._desk.assess(shipment), source)
            item = self.queue.opened(number, row.case_id, at=self._desk.moment, by=self._desk.acting())
        return book.show(item.case_id or "")

    def mark(self, numbers: Iterable[int], *, done: bool | None = None, assigned: str | None = None) -> list[Item]:
        """Mark items as done, as open again, or assign them: one event of the log for all of them, then the marks.

        Raises InputError, UsageError where nobody who may is signed in, StoreError.
        """
        wanted = tuple(numbers)
        self._told(MARKED, self.queue.markable(wanted, done=done), {"done": done, "assigned": assigned})
        return self.queue.mark(wanted, at=self._desk.moment, by=self._desk.acting(), done=done, assigned=assigned)

    def drop(self, number: int) -> Run:
        """Take a file and all it brought out of the queue, as an event of the log. Raises InputError, UsageError, StoreError."""
        run = self.queue.run(number)
        self._told(DROPPED, (), {"run": run.id, "file_sha256": run.file, "shipments": run.shipments})
        self.queue.drop(number)
        return run

    def _told(self, kind: str, items: Iterable[Item], said: Mapping[str, Json]) -> None:
        """Put what an operator does to the queue into the log, before it is done; a queue in memory has none."""
        if not self._desk.settings.keeps:
            return
        rows: list[Json] = [{"item": item.no, "shipment": item.shipment, "lane": item.lane} for item in items]
        data: dict[str, Json] = {key: value for key, value in said.items() if value is not None}
        if rows:
            data["items"] = rows
        self._desk.casebook.append(QUEUE, kind, data, at=self._desk.clock.now())


def _entries(items: Iterable[Any], step: Callable[[int], None]) -> Iterator[Mapping[str, Any] | Rejected]:
    lines = 0
    for item in items:
        if isinstance(item, Rejected):
            yield item
            continue
        lines += len(item.lines)
        step(lines)
        yield to_json(item)


def _digest(file: Path, options: ReadOptions) -> str:
    """What tells a file from others: its content, and how it is to be read. Raises InputError."""
    found = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
    except (OSError, ValueError) as error:
        raise InputError(
            "unreadable_file", f"The file {clean_line(file.name, 100)!r} cannot be read.", "Check the path."
        ) from error
    found.update(repr((options.columns, options.date_order)).encode())
    return found.hexdigest()
