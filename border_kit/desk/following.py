"""An office follows an authority: what both faces ask and show of it. The rules stand in `sync/`; here they meet the desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from border_kit import disk
from border_kit.catalog.volumes import open_catalog
from border_kit.clock import FixedClock, stamp
from border_kit.desk import places
from border_kit.desk.install import install_apart, outdated
from border_kit.errors import CatalogError, InputError
from border_kit.findings import Json
from border_kit.sync import moment
from border_kit.sync.generations import Generation, Generations
from border_kit.sync.memory import Memory
from border_kit.sync.moment import OfficeClock, office_clock

if TYPE_CHECKING:
    from border_kit.sync.follow import Offer, Office

Progress = Callable[[str, int, int], None]

PROTOCOL = 1.05
"""What a line carries beside the bytes of files: packets' and requests' headers (benchmarks/results/sync.md)."""
BITS = 8
KILO = 1_000
MOST_ROOT = 256_000


def clock_at(now: datetime | None) -> OfficeClock:
    """The office's clock; a set one is held against the signed time like a machine's."""
    return office_clock(places.home() / "sync", FixedClock(now) if now else None)


def office(now: datetime | None, progress: Progress) -> Office:
    """What a pull works with."""
    from border_kit.sync.follow import Office

    return Office(places.home(), clock_at(now), partial(install_apart, progress=progress), progress, outdated=outdated)


def pull(
    now: datetime | None, source: str | None, root: bytes | None, progress: Progress, *, shrinking: bool = False
) -> dict[str, Json]:
    """Bring the office up to date. Raises Refusal, LineError, StoreError; what was installed stays as it was."""
    from border_kit.sync.pull import pull as run

    return run(office(now, progress), _whole(source), root, shrinking=shrinking).to_json()


def status(now: datetime | None, history: int = 10) -> dict[str, Json]:
    """What is installed, how old, from where, what is kept, what was done. Asks nobody."""
    clock, memory = clock_at(now), Memory(places.home())
    rows: list[Json] = [dict(row) for row in memory.history(history)]
    return {
        "now": stamp(clock.now()),
        "clock": {
            "machine": stamp(clock.machine.now()),
            "signed": stamp(clock.signed) if clock.signed else None,
            "wrong": clock.is_wrong,
            "stated": clock.is_stated,
            "warning": clock.warning,
        },
        "source": memory.source(),
        "installed": _installed(clock.now()),
        "kept": _kept(),
        "offered": None,
        "history": rows,
    }


def _installed(now: datetime) -> dict[str, Json] | None:
    """The generation in use; what is wrong with it stands in `warning`, and `generation` is null where nothing whole is left."""
    try:
        opened = Generations(places.home()).opened()
    except CatalogError as error:
        return {"generation": None, "warning": f"{error.message} {error.hint}", "volumes": {}, **_dates({}, now)}
    if opened is None:
        return None
    found = opened.generation
    volumes: dict[str, Any] = open_catalog(found.root, now.date()).ages()
    return {"generation": found.number, "warning": opened.warning, "volumes": volumes, **_dates(found.record, now)}


def _dates(record: Any, now: datetime) -> dict[str, Json]:
    signed = record.get("signed")
    snapshot = record.get("marks", {}).get("roles", {}).get("snapshot", {})
    return {
        "publication": snapshot.get("version"),
        "signed": signed,
        "age_days": max(0, (now.date() - date.fromisoformat(str(signed)[:10])).days) if signed else None,
        "pulled": record.get("installed"),
        "source": record.get("source"),
    }


def _kept() -> list[Json]:
    generations = Generations(places.home())
    found: list[Json] = []
    for number in generations.numbers():
        one = generations.read(number)
        left = one.left
        found.append(
            {
                "generation": number,
                "signed": one.record.get("signed"),
                "pulled": one.record.get("installed"),
                "whole": generations.fault(number) is None,
                "left": {"at": left["at"], "why": left["why"]} if left else None,
            }
        )
    return found


def offered(
    now: datetime | None, source: str | None, root: bytes | None, line: int, progress: Progress
) -> dict[str, Json]:
    """What a pull would bring, and cost on a line of so many bits a second. Fetches metadata alone; raises like `pull`."""
    from border_kit.sync.follow import look

    who = office(now, progress)
    with who.generations.alone():  # looking works on the files that a pull under way works on
        return _offer(look(who, _whole(source), root), line)


def _whole(source: str | None) -> str | None:
    """A source as it is remembered: a folder by its whole path."""
    return source if source is None or "://" in source else str(Path(source).absolute())


def _offer(offer: Offer, line: int) -> dict[str, Json]:
    return {
        "source": offer.source,
        "signed": stamp(offer.publication.signed),
        "news": offer.is_news,
        "bytes": offer.bytes,
        "line": line,
        "minutes": round(offer.bytes * BITS * PROTOCOL / line / 60, 1),
        "volumes": [
            {
                "name": change.volume.name,
                "before": change.before,
                "edition": change.volume.content.info.edition,
                "bytes": change.bytes,
                "way": "patch" if change.by_patch else "full",
            }
            for change in offer.changes
        ],
        "status_lists": len(offer.lists),
        "gone": list(offer.gone),
        "refused": [
            {"name": name, "code": why.code, "message": why.message, "hint": why.hint}
            for name, why in sorted(offer.refused.items())
        ],
    }


def trusts_somebody() -> bool:
    """Whether the office was handed a first root."""
    return Memory(places.home()).root() is not None


def read_root(path: Path) -> bytes:
    """The first root from its file. Raises InputError."""
    try:
        return disk.read_small(path, MOST_ROOT)
    except (OSError, ValueError) as error:
        raise InputError(
            "root_unreadable",
            f"The root file {path.name} cannot be read ({error}).",
            "Name the file your authority gave you.",
        ) from error


def roll_back(now: datetime | None, to: int | None, why: str, operator: str | None) -> dict[str, Json]:
    """Go back to an older generation. Raises UsageError, CatalogError, StoreError."""
    clock, memory = clock_at(now), Memory(places.home())
    left, found = Generations(places.home()).roll_back(clock.now(), why, to)
    memory.log(clock.now(), "rolled_back", left=left.number, generation=found.number, why=why, operator=operator)
    return {"left": left.number, "generation": found.number, "signed": _signed(found), "why": why}


def state_date(now: datetime | None, today: date, operator: str | None) -> dict[str, Json]:
    """Take an officer's word for today's date, and log it. Raises UsageError, StoreError."""
    folder = places.home() / "sync"
    clock = moment.state(folder, today, FixedClock(now) if now else None)
    shown = stamp(clock.machine.now())
    Memory(places.home()).log(clock.now(), "date_stated", date=today.isoformat(), machine=shown, operator=operator)
    return {"date": today.isoformat(), "machine": shown, "signed": stamp(clock.signed) if clock.signed else None}


def _signed(found: Generation) -> str | None:
    signed = found.record.get("signed")
    return str(signed) if signed else None


@dataclass(slots=True)
class Meter:
    """How long a transfer still takes, by how fast it went so far."""

    _since: float = field(default_factory=time.monotonic)
    _first: int | None = None
    _what: str = ""

    def left(self, what: str, done: int, total: int) -> float | None:
        """Seconds that are left; None where nothing can be said yet."""
        if what != self._what or self._first is None or done < self._first:
            self._what, self._first, self._since = what, done, time.monotonic()
        came, passed = done - self._first, time.monotonic() - self._since
        return (total - done) * passed / came if came > 0 and total > done and passed > 1 else None

    def words(self, what: str, done: int, total: int) -> str:
        """A step in words: bytes, and the time left."""
        if total <= 0:
            return what if not done else f"{what}: {size(done)}"
        seconds = self.left(what, done, total)
        rest = f", {duration(seconds)} left" if seconds is not None else ""
        return f"{what}: {size(done)} of {size(total)} ({100 * done // total} %){rest}"


def size(count: int) -> str:
    """Bytes in words."""
    if count < KILO:
        return f"{count} bytes"
    return f"{count / KILO:.0f} kB" if count < KILO**2 else f"{count / KILO**2:.1f} MB"


def duration(seconds: float) -> str:
    """Seconds in words."""
    if seconds < 90:  # a minute and a half
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
