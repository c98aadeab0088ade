"""Work on every core, answered in order: what a batch of names and a large index are made with.

Processes are started afresh (never forked: the caller may run threads), so what is handed over must be plain data and
functions of modules. Where no process can be started, the work is done here.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from typing import Any, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_MOST = 16
"""Processes beyond which a desk gains nothing: each holds its own catalog."""
_WAITING = 3
"""Tasks handed out a process: enough to keep it busy, few enough that memory stays constant."""


def cores() -> int:
    """Processes worth starting: one for each processor that this one may use."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(found, _MOST)


def in_order(
    work: Callable[[Task], Answer],
    tasks: Iterable[Task],
    *,
    processes: int,
    begin: Callable[..., None] | None = None,
    given: tuple[Any, ...] = (),
) -> Iterator[Answer]:
    """The answers to the tasks, in their order, worked out by so many processes.

    Args:
        work: a function of a module; what it raises is raised here, in its place.
        tasks: read as they are needed, a few ahead.
        processes: with fewer than two everything is done in this one.
        begin: called once in each process before its first task, with `given`.
        given: plain data.
    """
    if processes < 2:  # one process is this one
        yield from _here(work, tasks, begin, given)
        return
    workers = pool(processes, _begin, (begin, given))
    waiting: deque[tuple[Task, Future[Answer]]] = deque()
    rest = iter(tasks)
    try:
        for task in rest:
            waiting.append((task, workers.submit(work, task)))
            if len(waiting) >= _WAITING * processes:
                yield waiting[0][1].result()
                waiting.popleft()
        while waiting:
            yield waiting[0][1].result()
            waiting.popleft()
    except (BrokenProcessPool, OSError) as error:
        if isinstance(error, OSError) and waiting:
            raise  # the work's own
        unanswered = [task for task, _ in waiting]
        yield from _here(work, itertools.chain(unanswered, rest), begin, given)
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def _here(
    work: Callable[[Task], Answer],
    tasks: Iterable[Task],
    begin: Callable[..., None] | None,
    given: tuple[Any, ...],
) -> Iterator[Answer]:
    if begin is not None:
        begin(*given)
    yield from map(work, tasks)


def _begin(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    work_for_another()
    if begin is not None:
        begin(*given)


def work_for_another() -> None:
    """What a process that works for another one is to do first: leave Ctrl-C to it, and end when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one at the keyboard stops, and stops the others
    threading.Thread(target=_end_with_parent, daemon=True).start()


def pool(processes: int, begin: Callable[..., None], given: tuple[Any, ...]) -> ProcessPoolExecutor:
    """Processes started afresh, each of which calls `begin` with `given` first."""
    with contextlib.redirect_stderr(sys.__stderr__):  # what a screen puts in its place has no file to hand on
        resource_tracker.ensure_running()
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), begin, given)


def _end_with_parent() -> None:
    """End when the one that started this process is gone: killed, it could not say so, and nobody else would ask for work."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
