"""Whatever moment a machine stops at, a whole catalog is in use: the one before or the one after, and the next pull completes."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from border_kit.catalog import verify
from border_kit.desk.install import install
from border_kit.errors import StoreError
from border_kit.sync.generations import Generations
from border_kit.sync.pull import pull
from tests.sync import kills
from tests.sync.authority import Authority, names
from tests.sync.post import Post

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and fork are POSIX")

FIRM = "Zumurrud Shipping"


@dataclass
class World:
    """An office with an installed edition, a newer one to pull, and what either answers."""

    home: Path
    source: str
    authority: Authority
    before: list[Any]
    after: list[Any]
    scratch: Path

    def pulling(self, home: Path) -> Callable[[], object]:
        return kills.pulling(home, self.source, self.authority.now)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("kill")
    authority = Authority(folder / "repository")
    authority.found()
    known = names(150)
    authority.parties(known)
    home = folder / "post"
    Post(home, authority.root, install).pull(authority.folder, authority.now)
    authority.later(days=1)
    known[4] = FIRM
    authority.parties(known)
    done = kills.fresh(home, folder / "done")
    kills.pulling(done, str(authority.folder), authority.now)()
    before, after = kills.screened(home, FIRM), kills.screened(done, FIRM)
    assert before != after
    return World(home, str(authority.folder), authority, before, after, folder)


def whole(world: World, home: Path) -> bool:
    """Whether the office's catalog is the old one or the new one, and a pull makes it the new one. True where it was new."""
    opened = Generations(home).opened()
    assert opened is not None
    assert opened.warning == ""
    assert verify.verify(opened.generation.root) == ()
    answer = kills.screened(home, FIRM)
    assert answer in (world.before, world.after)
    world.pulling(home)()
    assert kills.screened(home, FIRM) == world.after
    leftovers = {path.name for path in (home / "generations").iterdir() if path.name.startswith(".")}
    assert not leftovers - {".lock"}
    assert not list((home / "sync" / "download").glob("*.*")), "only whole files of the publication stay"
    return answer == world.after


def test_a_kill_at_every_step_leaves_a_whole_catalog(world: World) -> None:
    steps = kills.counted(world.pulling(kills.fresh(world.home, world.scratch / "count")))
    assert steps > 30
    chance = random.Random(steps)
    states = []
    for at in range(1, steps + 1):
        home = kills.fresh(world.home, world.scratch / "killed")
        after = chance.random() < 0.5
        work = world.pulling(home)
        assert kills.in_child(lambda: kills.counted(work, at, after=after)) == signal.SIGKILL  # noqa: B023 - done at once
        states.append(whole(world, home))
    assert states == sorted(states), "once the new catalog is in use, it stays in use"
    assert {True, False} == set(states)


def test_a_kill_during_a_roll_back_leaves_a_whole_catalog(world: World) -> None:
    home = kills.fresh(world.home, world.scratch / "back")
    world.pulling(home)()

    def back(place: Path) -> Callable[[], object]:
        return lambda: Generations(place).roll_back(world.authority.now, "a test")

    steps = kills.counted(back(kills.fresh(home, world.scratch / "count")))
    for at in range(1, steps + 1):
        place = kills.fresh(home, world.scratch / "killed")
        work = back(place)
        assert kills.in_child(lambda: kills.counted(work, at)) == signal.SIGKILL  # noqa: B023 - done at once
        assert kills.screened(place, FIRM) in (world.before, world.after)
        if Generations(place).opened().generation.number == 2:  # type: ignore[union-attr]  # opened just before
            work()
        assert kills.screened(place, FIRM) == world.before


@pytest.mark.parametrize("seed", range(6))
def test_kills_at_random_moments(world: World, seed: int) -> None:
    chance = random.Random(seed)
    home = kills.fresh(world.home, world.scratch / "random")
    for _ in range(3):
        kills.in_child(world.pulling(home), kill_after=chance.uniform(0.001, 0.25))
        assert kills.screened(home, FIRM) in (world.before, world.after)
    whole(world, home)


def test_a_full_disk_at_every_step_is_told_and_leaves_the_catalog(world: World) -> None:
    steps = kills.counted(world.pulling(kills.fresh(world.home, world.scratch / "count")))
    told = 0
    for at in range(1, steps + 1):
        home = kills.fresh(world.home, world.scratch / "full")
        told += _full_at(at, world.pulling(home))
        whole(world, home)
    assert told > steps / 2


def _full_at(at: int, work: Callable[[], object]) -> bool:
    """Do something on a disk that is full from one step on; whether it was told so."""
    count = 0

    def step(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count >= at:
                raise OSError(28, "No space left on device")
            return real(*arguments, **options)

        return call

    with mock.patch.object(os, "fsync", step(os.fsync)), mock.patch.object(os, "replace", step(os.replace)):
        try:
            work()
        except StoreError as error:
            return "disk" in error.hint
    return False


@pytest.mark.parametrize("why", ["database or disk is full", "disk I/O error"])
def test_a_disk_that_is_full_when_a_database_is_written_is_told(world: World, why: str) -> None:
    home = kills.fresh(world.home, world.scratch / "database")

    def failing(_root: Path, _names: object) -> None:
        raise sqlite3.OperationalError(why)

    with pytest.raises(StoreError, match=why) as caught:
        pull(Post(home, b"", failing).office(world.authority.now), world.source)
    assert "disk" in caught.value.hint
    whole(world, home)


def test_a_disk_without_room_is_told_before_anything_is_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    home = kills.fresh(world.home, world.scratch / "room")
    before = list((home / "sync" / "download").glob("*"))
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1_000_000})())
    with pytest.raises(StoreError) as caught:
        pull(Post(home, b"", install).office(world.authority.now), world.source)
    assert caught.value.code == "disk_full"
    assert "MB" in caught.value.message
    assert list((home / "sync" / "download").glob("*")) == before


def test_everything_is_on_disk_before_it_is_named(world: World) -> None:
    """What a power cut would take is what was written after the last fsync of its file: there is nothing of that kind."""
    home = kills.fresh(world.home, world.scratch / "power")
    forced: dict[int, int] = {}
    real_fsync, real_rename = os.fsync, os.rename
    named: list[Path] = []

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        found = os.fstat(descriptor)
        forced[found.st_ino] = found.st_mtime_ns

    def rename(source: str, target: str) -> None:
        if Path(target).name.isdigit():
            for path in Path(source).rglob("*"):
                found = path.stat()
                assert forced.get(found.st_ino) == found.st_mtime_ns, path
            named.append(Path(target))
        real_rename(source, target)

    with mock.patch.object(os, "fsync", fsync), mock.patch.object(os, "rename", rename):
        world.pulling(home)()
    assert [path.name for path in named] == ["2"]
