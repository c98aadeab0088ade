"""A casebook at work whose process dies, or whose disk is full, at a step of our choice.

The steps are SQLite's own: its unix VFS lets each system call be exchanged (sqlite3_vfs.xSetSystemCall), so that every write,
truncation, opening and unlinking of the database and its journal is counted, and a write can also be cut in half. What Python
does with files beside it (attachments, backups, papers) is counted through audit events and os.fsync. At step N the process
gets a real SIGKILL; the parent looks at what is left. `python tests/casework/killing.py --help`.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from border_kit import disk, signing, store
from border_kit.casework import attachments, backup, clearings, extract, log, retention, schema, summary
from border_kit.casework.acts import record
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import Demands, countersign, decide, refuse
from border_kit.casework.operators import Enrolment, SignedIn
from border_kit.errors import BorderKitError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {
    "id": "EX-1",
    "parties": [{"role": "consignee", "name": "Quorvant Maritime Supplies"}],
    "lines": [{"no": 1, "description": "Gyroscope assembly", "hs": "901420"}],
}
ASSESSMENT: dict[str, Any] = {
    "id": "EX-1", "lane": "red", "advice": "detain_and_refer", "verdict": "stop", "decided_by": "x", "findings": [], "lines": [],
}  # fmt: skip
CASE, OTHER = "2026-0001", "2026-0002"


class Unsupported(Exception):  # noqa: N818 - what this system lacks
    """Here SQLite's system calls cannot be exchanged."""


# Steps


@dataclass
class Steps:
    """Counts steps inside `folder`, and acts at step `at`: kills the process, or from there on lets the disk be full."""

    folder: str
    at: int | None = None
    full: bool = False
    count: int = 0
    log: list[str] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)

    def step(self, what: str) -> bool:
        """One step; True where the disk is to be full now. Does not come back where it is the one to die at."""
        self.count += 1
        self.log.append(what)
        if self.at is None or self.count < self.at:
            return False
        if self.full:
            return True
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """What Python does with files."""
        if self.full or event not in ("open", "os.rename", "os.remove", "os.mkdir", "os.chmod"):
            return
        path = os.fspath(arguments[0]) if isinstance(arguments[0], str | os.PathLike) else ""
        writes = event != "open" or bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if path.startswith(self.folder) and writes:
            self.step(f"python {event}")

    def sync(self, real: Callable[[int], None], handle: int) -> None:
        """Before a file is forced to disk."""
        if not self.full:
            self.step("python fsync")
        real(handle)


class _Vfs(ctypes.Structure):
    """struct sqlite3_vfs, version 3 (https://www.sqlite.org/c3ref/vfs.html)."""


_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_void_p)
_SET = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Vfs), ctypes.c_char_p, ctypes.c_void_p)
_GET = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(_Vfs), ctypes.c_char_p)
_Vfs._fields_ = [
    ("version", ctypes.c_int), ("size", ctypes.c_int), ("longest", ctypes.c_int), ("next", ctypes.c_void_p),
    ("name", ctypes.c_char_p), ("data", ctypes.c_void_p),
    *((f"call{number}", ctypes.c_void_p) for number in range(13)),
    ("set_call", _SET), ("get_call", _GET), ("next_call", ctypes.c_void_p),
]  # fmt: skip

_WRITE = ctypes.CFUNCTYPE(
    ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64, use_errno=True
)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int64, use_errno=True)
_UNLINK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, use_errno=True)
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, use_errno=True)


def _vfs() -> Any:
    """SQLite's own layer under its files, of the library that Python uses. Raises Unsupported."""
    try:
        library = ctypes.CDLL("libsqlite3.so.0")
        library.sqlite3_libversion.restype = ctypes.c_char_p
        if library.sqlite3_libversion().decode() != sqlite3.sqlite_version:
            raise Unsupported("Python uses another SQLite than the system's")
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        found = library.sqlite3_vfs_find(None)
        if not found or found.contents.version < 3 or found.contents.name != b"unix":
            raise Unsupported("this SQLite has another file layer")
    except (OSError, AttributeError) as error:
        raise Unsupported(str(error)) from error
    return found


def count_system_calls(steps: Steps) -> None:
    """Put our steps before SQLite's own system calls. Raises Unsupported."""
    vfs = _vfs()
    for name, kind, make in _CALLS:
        address = vfs.contents.get_call(vfs, name)
        if not address:
            continue
        ours = kind(make(steps, kind(address)))
        steps.kept.append(ours)
        if vfs.contents.set_call(vfs, name, ctypes.cast(ours, ctypes.c_void_p)):
            raise Unsupported(f"{name!r} cannot be exchanged")


def _no_space() -> int:
    ctypes.set_errno(errno.ENOSPC)
    return -1


def _write(steps: Steps, real: Any) -> Callable[[int, int, int, int], int]:
    def call(handle: int, start: int, size: int, offset: int) -> int:
        if steps.step("write"):
            return _no_space()
        if not steps.full:
            if steps.at == steps.count + 1:
                real(handle, start, size // 2, offset)  # cut in half
            steps.step("half a write")
        return int(real(handle, start, size, offset))

    return call


def _truncate(steps: Steps, real: Any) -> Callable[[int, int], int]:
    def call(handle: int, size: int) -> int:
        steps.step("truncate")
        return int(real(handle, size))

    return call


def _unlink(steps: Steps, real: Any) -> Callable[[bytes], int]:
    def call(path: bytes) -> int:
        steps.step("unlink")
        return int(real(path))

    return call


def _create(steps: Steps, real: Any) -> Callable[[bytes, int, int], int]:
    def call(path: bytes, flags: int, mode: int) -> int:
        if flags & os.O_CREAT and steps.step("create") and not Path(os.fsdecode(path)).exists():
            return _no_space()
        return int(real(path, flags, mode))

    return call


_CALLS = (
    (b"pwrite64", _WRITE, _write),
    (b"pwrite", _WRITE, _write),
    (b"ftruncate", _TRUNCATE, _truncate),
    (b"unlink", _UNLINK, _unlink),
    (b"open", _OPEN, _create),
)


def release() -> None:
    """Give SQLite its own system calls back."""
    vfs = _vfs()
    vfs.contents.set_call(vfs, None, None)


# What is done


@dataclass
class World:
    """An office at work: its folder, its open casebook, its two operators (signed in once: PINs cost time)."""

    home: Path
    chief: SignedIn
    officer: SignedIn
    book: Casebook = field(init=False)

    @property
    def path(self) -> Path:
        return self.home / "casebook.sqlite"

    @property
    def files(self) -> Path:
        return self.home / "casebook-files"

    @property
    def backup(self) -> Path:
        return self.home / "backup"

    def open(self) -> None:
        self.book = Casebook.at(self.path)
        self.book.author = self.officer

    def act(self, name: str, **values: str) -> None:
        record(self.book, CASE, name, values, at=NOW)

    def led(self, act: Callable[[], object]) -> None:
        """Something a supervisor does; who rotates the office's key holds the new one."""
        self.book.author = self.chief
        act()
        after = self.book.author
        assert isinstance(after, SignedIn)
        self.chief = after
        self.officer = SignedIn(self.officer.operator, self.officer.key, after.office)
        self.book.author = self.officer


def _attach(world: World) -> None:
    photo = world.home.with_name(world.home.name + "-photo.jpg")
    photo.write_bytes(b"a photo" * 1_000)
    attachments.attach(world.book, world.files, CASE, photo, at=NOW)


def _forget(world: World) -> None:
    world.led(lambda: world.book.forget(OTHER, "every_case", at=NOW))


def _settle(world: World) -> None:
    world.book.settle()
    retention.sweep(world.book, world.files, world.home / "papers", at=NOW)


def _export(world: World) -> None:
    def act() -> None:
        document, digest = extract.dossier(world.book, [CASE], world.files, at=NOW)
        world.book.append("office", "exported", {"cases": [CASE], "events_sha256": digest}, at=NOW)
        disk.replace_file(world.home / "case.json", repr(document).encode())

    world.led(act)


def _restore(world: World) -> None:
    """Back to the backup, with everything since moved aside."""
    world.book.close()
    backup.restore(backup.check(world.backup), world.path, world.files, {}, replace=True, at=NOW)
    world.open()


ACTS: tuple[tuple[str, Callable[[World], object]], ...] = (
    ("open", lambda it: it.book.open_case(SHIPMENT, ASSESSMENT, at=NOW)),
    ("answer", lambda it: it.book.answer(CASE, "serials-removed", "yes", at=NOW)),
    ("assess again", lambda it: it.book.reassess(CASE, {**ASSESSMENT, "lane": "yellow"}, at=NOW)),
    ("decide", lambda it: decide(it.book, CASE, "release", "data sheet", Demands(second="x"), at=NOW)),
    ("refuse", lambda it: it.led(lambda: refuse(it.book, CASE, "no", at=NOW))),
    ("decide again", lambda it: decide(it.book, CASE, "release", "data sheet", Demands(second="x"), at=NOW)),
    ("countersign", lambda it: it.led(lambda: countersign(it.book, CASE, at=NOW))),
    ("note", lambda it: it.act("note", text="crate was repacked")),
    ("refer", lambda it: it.act("refer", to="authority", question="line 1?")),
    ("rule", lambda it: it.act("rule", authority="A", reference="R-7", outcome="prohibited")),
    ("dispute", lambda it: it.act("dispute", about="hold", by="exporter", grounds="it rots")),
    ("custody", lambda it: it.act("custody", item="crate", move="taken", place="store", to="B-12", reason="held")),
    ("attach", _attach),
    ("inspect", lambda it: it.book.append(CASE, "inspected", {"result": {"matched": ["SN-1"]}}, at=NOW)),
    ("draft", lambda it: it.book.save_draft("draft 1", {"fields": {"id": "EX-3"}}, at=NOW)),
    ("remember", lambda it: it.book.remember("date_order", "XA", "dmy")),
    ("drop draft", lambda it: it.book.drop_draft("draft 1")),
    ("clear a name", lambda it: clearings.record(it.book, _CLEARING, "another man", at=NOW)),
    ("backup", lambda it: backup.make(it.book, it.backup, it.files, {}, at=NOW)),
    ("open another", lambda it: it.book.open_case({**SHIPMENT, "id": "EX-2"}, ASSESSMENT, at=NOW)),
    ("decide another", lambda it: decide(it.book, OTHER, "detain_and_refer", "", at=NOW)),
    ("forget another", _forget),
    ("settle", _settle),
    ("enrol", lambda it: it.led(lambda: it.book.enrol(Enrolment("B-13", "L. Orne", "officer", "303030"), at=NOW))),
    ("rotate", lambda it: it.led(lambda: it.book.rotate(at=NOW))),
    ("retire", lambda it: it.led(lambda: it.book.retire("B-13", at=NOW))),
    ("export", _export),
    ("restore", _restore),
)  # fmt: skip
_CLEARING: dict[str, Any] = {
    "name": "A. Sample", "asked": {}, "party": "p", "refs": [], "caption": "Sample", "digest": "0",
}  # fmt: skip


def prepare(home: Path) -> World:
    """An office with two operators, closed."""
    book = Casebook.at(home / "casebook.sqlite")
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
    book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)
    chief, officer = book.sign_in("B-01", "428913"), book.sign_in("B-12", "771204")
    book.settle()
    book.close()
    return World(home, chief, officer)


# One life


@dataclass(frozen=True)
class Reference:
    """An undisturbed life: events, drafts and steps after each act."""

    kinds: tuple[str, ...]
    events: tuple[int, ...]
    drafts: tuple[tuple[str, ...], ...]
    steps: int
    named: tuple[str, ...]


def _copy(world: World, home: Path) -> World:
    shutil.copytree(world.home, home)
    return World(home, world.chief, world.officer)


def reference(base: World, home: Path) -> Reference:
    """Live once, undisturbed, in a process of its own, and look after every act."""
    events, drafts = [_count(base.path)], list[tuple[str, ...]]([()])
    world = _copy(base, home)
    world.open()
    kinds: list[str] = []
    for name, act in ACTS:
        if name == "restore":
            kinds = _kinds(world)
        act(world)
        events.append(_count(world.path))
        drafts.append(tuple(draft for draft, _, _ in world.book.drafts()))
    world.book.close()
    shutil.rmtree(home)
    report, _ = live(base, home, None)
    shutil.rmtree(home)
    steps = int(report[-1].partition(" ")[2])
    return Reference(tuple(kinds), tuple(events), tuple(drafts), steps, tuple(report[:-1]))


def _count(path: Path) -> int:
    book = Casebook.at(path, reading=True)
    found = book.verify().events
    book.close()
    return found


def _kinds(world: World) -> list[str]:
    return [row["kind"] for row in world.book.stored(None)]


def live(base: World, home: Path, at: int | None, *, full: bool = False) -> tuple[list[str], int]:
    """Live in a forked process until step `at` (or the end); what it confirmed, line by line, and how it ended."""
    world = _copy(base, home)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(world, writing, at, full=full)
    os.close(writing)
    with os.fdopen(reading) as stream:
        lines = stream.read().splitlines()
    _, status = os.waitpid(child, 0)
    return lines, -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _work(world: World, out: int, at: int | None, *, full: bool) -> None:
    """The child: never comes back."""
    code = 1
    try:
        steps = Steps(str(world.home), at, full)
        count_system_calls(steps)
        sys.addaudithook(steps.audit)
        real = os.fsync
        os.fsync = lambda handle: steps.sync(real, handle)  # type: ignore[assignment,arg-type]  # a file or its number
        _open_and_act(world, out, steps)
        os.write(out, f"steps {steps.count}\n".encode())
        code = 0
    finally:
        os._exit(code)


def _open_and_act(world: World, out: int, steps: Steps) -> None:
    try:
        world.open()
    except BorderKitError as error:
        os.write(out, f"refused to open: {error.code}\n".encode())
        return
    for name, act in ACTS:
        if steps.full and name in ("restore", "backup", "forget another", "settle"):
            continue  # they need what a full disk kept from being done
        try:
            act(world)
        except BorderKitError as error:
            os.write(out, f"refused {name}: {error.code}\n".encode())
        else:
            os.write(out, f"done {name}\n".encode())
    if steps.full:
        release()


# What is left


def faults(base: World, home: Path, confirmed: int, wanted: Reference) -> Iterator[str]:
    """What is wrong with an office whose process was killed after so many acts were confirmed; then it works on."""
    world = World(home, base.chief, base.officer)
    world.open()
    found = world.book.verify()
    if not found.intact:
        yield f"the log is broken at event {found.first_bad}: {found.fault}"
    allowed = set(wanted.events[confirmed : confirmed + 2])
    if confirmed == len(ACTS) - 1:  # restoring replaces the casebook whole
        allowed |= {wanted.events[-1], wanted.events[-2]}
    if found.events not in allowed:
        yield f"{found.events} events where {sorted(allowed)} were to be"
    if _kinds(world) != list(wanted.kinds[: found.events]):
        yield "other events than were recorded"
    if tuple(draft for draft, _, _ in world.book.drafts()) not in wanted.drafts[confirmed : confirmed + 2]:
        yield "drafts are lost, or come again"
    yield from _half_done(world)
    if world.backup.exists():
        backup.check(world.backup)
    yield from _works_on(world)
    world.book.close()


def _half_done(world: World) -> Iterator[str]:
    book = world.book
    told = book.rows(limit=100)
    again = Casebook(store.memory())
    with store.writing(again._connection) as connection:
        for stored in book.stored(None):
            schema.take_row(connection, stored)
        summary.rebuild(connection)
    if again.rows(limit=100) != told:
        yield "the list of cases is not what the log says"
    for row in told:
        case = book.show(row.case_id)
        if case.row.forgotten and any(event.data for event in case.events if event.kind != log.RETENTION):
            yield "a forgotten case has contents left"
        if not case.row.forgotten and attachments.missing(book, world.files, row.case_id):
            yield "an attachment is missing"
    office = book.office
    assert office is not None
    for key in (world.chief.key, world.officer.key):
        sealed = book._connection.execute("SELECT office FROM sealed_key").fetchall()
        opened = [_opened(key, row["office"]) for row in sealed]
        if office.public not in opened:
            yield "an operator lost the office's key"


def _opened(key: signing.Key, wrapped: str) -> bytes | None:
    try:
        return signing.Key(key.unwrap(signing.raw(wrapped))).public
    except ValueError:
        return None


def _works_on(world: World) -> Iterator[str]:
    """The next act works."""
    office = world.book.office
    assert office is not None
    shared = next(
        found
        for row in world.book._connection.execute("SELECT office FROM sealed_key").fetchall()
        if (found := _shared(world.officer.key, row["office"])) is not None
    )
    world.book.author = SignedIn(world.officer.operator, world.officer.key, shared)
    number = world.book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    decide(world.book, number, "detain_and_refer", "", at=NOW)
    if not world.book.verify().intact or world.book.row(number).decision is None:
        yield "the next act does not work"


def _shared(key: signing.Key, wrapped: str) -> signing.Key | None:
    try:
        return signing.Key(key.unwrap(signing.raw(wrapped)))
    except ValueError:
        return None


@dataclass
class Outcome:
    """How a run over many deaths went."""

    steps: int
    deaths: int = 0
    full_disks: int = 0
    wrong: list[str] = field(default_factory=list)


def run(every: int, offset: int = 0, *, told: Callable[[int, int], None] = lambda _done, _all: None) -> Outcome:
    """Die at every `every`-th step, and let the disk be full from there; everything that is wrong afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        base = prepare(Path(folder) / "base")
        wanted = reference(base, Path(folder) / "life")
        outcome = Outcome(wanted.steps)
        for at in range(1 + offset % every, wanted.steps + 1, every):
            home = Path(folder) / f"life{at}"
            _die(base, home, at, wanted, outcome)
            shutil.rmtree(home, ignore_errors=True)
            _fill(base, home, at, outcome)
            shutil.rmtree(home, ignore_errors=True)
            told(at, wanted.steps)
    return outcome


def _die(base: World, home: Path, at: int, wanted: Reference, outcome: Outcome) -> None:
    lines, status = live(base, home, at)
    confirmed = sum(line.startswith("done ") for line in lines)
    if status == 0 and lines[-1].startswith("steps"):
        return  # files are synced a little differently each time: this life had fewer steps
    outcome.deaths += 1
    if status != -signal.SIGKILL or len(lines) != confirmed:
        outcome.wrong.append(f"step {at}: ended with {status} after {lines[-1:]}")
        return
    next_act = ACTS[confirmed][0] if confirmed < len(ACTS) else "the end"
    try:
        outcome.wrong += [f"step {at}, in {next_act}: {fault}" for fault in faults(base, home, confirmed, wanted)]
    except (BorderKitError, sqlite3.Error, StopIteration) as error:
        outcome.wrong.append(f"step {at}, in {next_act}: {error!r}")


def _fill(base: World, home: Path, at: int, outcome: Outcome) -> None:
    """Each act that was confirmed before or on a full disk is there, none that was refused is."""
    lines, status = live(base, home, at, full=True)
    outcome.full_disks += 1
    if status:
        outcome.wrong.append(f"full at step {at}: ended with {status} after {lines[-1:]}")
        return
    book = Casebook.at(home / "casebook.sqlite")
    found = book.verify()
    if not found.intact:
        outcome.wrong.append(f"full at step {at}: the log is broken at event {found.first_bad}: {found.fault}")
    done = sum(_EVENTS.get(line.removeprefix("done "), 1) for line in lines if line.startswith("done "))
    if found.events != done + 3:
        outcome.wrong.append(f"full at step {at}: {found.events} events, {done} confirmed and 3 of before")
    book.close()


_EVENTS = {"draft": 0, "remember": 0, "drop draft": 0, "retire": 2}
"""Events of an act, where it is not one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="die at every so many steps (1: at each)")
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--careless", action="store_true", help="without transactions: to see that it is noticed")
    given = parser.parse_args(arguments)
    if given.careless:
        store.writing = contextlib.nullcontext  # type: ignore[assignment]  # every statement for itself
    try:
        outcome = run(given.every, given.offset)
    except Unsupported as error:
        sys.stdout.write(f"unsupported {error}\n")
        return 3
    sys.stdout.write("\n".join([f"{outcome.steps} {outcome.deaths} {outcome.full_disks}", *outcome.wrong]) + "\n")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
