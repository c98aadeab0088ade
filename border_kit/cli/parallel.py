"""Batches on all cores: rows go out in chunks, answers come back in the order of the rows, repeats are answered once.

Nothing waits for a chunk to fill: rows that come one by one are answered one by one, here, and other processes are only started
once many rows are waiting. Memory is constant: so many chunks are under way at once, and so many answers are remembered.
"""

from __future__ import annotations

import json
import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from border_kit.cli import output
from border_kit.cli.output import Ask, Job, Progress, RowError
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.errors import BorderKitError, CatalogError, StoreError
from border_kit.findings import Json
from border_kit.processes import pool, work_for_another

Answer = str | tuple[str, str]
"""An answer as JSON, or the code and message of what was wrong with the row."""


CHUNK = 64
"""Rows that one process answers at a time."""
REMEMBERED = 4096
LONGEST_KEPT = 500
_MOST_WAITING = 4 * CHUNK

_desk: Desk | None = None


def _begin(settings: Settings) -> None:
    """Set up a worker: its own desk."""
    global _desk  # noqa: PLW0603 - a worker process has one desk for its life
    work_for_another()
    _desk = Desk(settings)


def _work(job: Job, asks: Sequence[Ask]) -> list[Answer]:
    assert _desk is not None  # set up by _begin
    return [_answer(job, _desk, ask) for ask in asks]


def _answer(job: Job, desk: Desk, ask: Ask) -> Answer:
    """Answer one row. Raises CatalogError, StoreError, which no other row would survive."""
    try:
        return json.dumps(job.answer(desk, ask), ensure_ascii=False, allow_nan=False)
    except (CatalogError, StoreError):
        raise
    except BorderKitError as error:
        return (error.code, str(error))


@dataclass(slots=True)
class _Waiting:
    """A row whose answer is on its way: at `place` of a chunk, or here already."""

    line: int
    id: Json
    ask: Ask | None
    answer: Answer | None = None
    chunk: Future[list[Answer]] | None = None
    place: int = 0


@dataclass(slots=True)
class Batch:
    """One batch of rows on its way."""

    settings: Settings
    desk: Desk
    workers: int
    job: Job
    _pool: ProcessPoolExecutor | None = None
    _known: dict[Ask, Answer] = field(default_factory=dict)
    _under_way: deque[_Waiting] = field(default_factory=deque)
    _progress: Progress = field(default_factory=lambda: Progress("rows"))

    def run(self, source: str) -> int:
        """Answer every row of a file (`-` is stdin). Returns 0; raises InputError, CatalogError, StoreError."""
        try:
            with output.rows(source) as lines:
                self._progress = Progress("rows", output.how_many(source))
                for chunk in _chunks(lines):
                    self._take(chunk)
                self._give(0)
        finally:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
        self._progress.done()
        return 0

    def _take(self, chunk: list[tuple[int, bytes]]) -> None:
        """Answer or send off what came; then print what is ready, all of it where nothing more is waiting."""
        rows = [_waiting(self.job, number, raw) for number, raw in chunk]
        fresh = [row for row in rows if row.ask is not None and not self._recall(row)]
        is_many = chunk[-1][0] >= self.job.worth_it and len(chunk) == CHUNK
        if fresh and self.workers > 1 and is_many:
            self._send(fresh)
        else:
            for row in fresh:
                self._keep(row, _answer(self.job, self.desk, _asked(row)))
        self._under_way.extend(rows)
        self._give(2 * self.workers * CHUNK if is_many else 0)

    def _recall(self, row: _Waiting) -> bool:
        row.answer = self._known.get(_asked(row))
        return row.answer is not None

    def _send(self, rows: list[_Waiting]) -> None:
        if self._pool is None:
            self._pool = pool(self.workers, _begin, (self.settings,))
        asks = list(dict.fromkeys(_asked(row) for row in rows))
        chunk = self._pool.submit(_work, self.job, asks)
        for row in rows:
            row.chunk, row.place = chunk, asks.index(_asked(row))

    def _give(self, left: int) -> None:
        """Print answers in order until so many rows are under way."""
        while len(self._under_way) > left:
            row = self._under_way.popleft()
            if row.answer is None and row.chunk is not None:
                try:
                    self._keep(row, row.chunk.result()[row.place])
                except BrokenProcessPool:  # killed from outside, for its memory perhaps: the rest is answered here
                    self.workers = 1
                    self._keep(row, _answer(self.job, self.desk, _asked(row)))
            self._print(row)
            self._progress.step()

    def _keep(self, row: _Waiting, answer: Answer) -> None:
        row.answer = answer
        if len(_asked(row)[0]) <= LONGEST_KEPT:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[_asked(row)] = answer

    @staticmethod
    def _print(row: _Waiting) -> None:
        if isinstance(row.answer, tuple):
            output.print_json(output.refused(row.id, row.line, *row.answer), indent=None)
        else:
            output.print_body(row.id, row.answer or "{}")


def _waiting(job: Job, number: int, raw: bytes) -> _Waiting:
    try:
        row = output.row(number, raw, needs_id=True)
        return _Waiting(number, row.id, job.read(row))
    except RowError as error:
        return _Waiting(number, error.row_id, None, (error.code, error.message))


def _asked(row: _Waiting) -> Ask:
    assert row.ask is not None  # refused rows are never asked
    return row.ask


def _chunks(lines: Iterator[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered lines in chunks of what is there: one line where they trickle, CHUNK where they pour."""
    waiting: queue.Queue[bytes | BaseException | None] = queue.Queue(_MOST_WAITING)
    threading.Thread(target=_read, args=(lines, waiting), daemon=True).start()
    number = 0
    while True:
        found: list[tuple[int, bytes]] = []
        item = waiting.get()
        while isinstance(item, bytes):
            number += 1
            found.append((number, item))
            if len(found) == CHUNK:
                break
            try:
                item = waiting.get(timeout=_PATIENCE) if number >= CHUNK else waiting.get_nowait()
            except queue.Empty:
                break
        if found:
            yield found
        if isinstance(item, BaseException):
            raise item
        if item is None:
            return


_PATIENCE = 0.002
"""Seconds that a stream which has poured may pause before its chunk is taken as it is."""


def _read(lines: Iterator[bytes], waiting: queue.Queue[bytes | BaseException | None]) -> None:
    end: BaseException | None = None
    try:
        for line in lines:
            waiting.put(line)
    except (BorderKitError, OSError, ValueError) as error:
        end = error
    waiting.put(end)
