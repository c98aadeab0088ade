"""Offices whose process is really killed while a stick is written or taken in: what is then on the stick, and in both offices."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from border_kit.desk.install import install
from border_kit.sync.generations import Generations
from tests.sync import kills, post
from tests.sync.authority import Authority, names
from tests.sync.posts import NOW, Post

FIRM = "Zumurrud Shipping"


@dataclass
class World:
    """One office with news of every kind, another that lacks them, the stick between them, and what is right before and after."""

    scratch: Path
    giver: Post
    taker: Post
    stick: Path
    before: list[Any]
    after: list[Any]
    had: tuple[set[str], set[str]]
    has: tuple[set[str], set[str]]

    def fresh(self) -> tuple[Post, Post, Path]:
        """Copies of both offices and of the stick."""
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        shutil.copytree(self.stick, folder / "stick")
        return self.giver.copied(folder / "giver"), self.taker.copied(folder / "taker"), folder / "stick"

    def done(self, giver: Post, taker: Post) -> None:
        """Hold that the stick brought all of it."""
        assert knows(taker) == self.has
        assert kills.screened(taker.home, FIRM) == self.after
        assert giver.data()[2] <= taker.data()[2]


def knows(office: Post) -> tuple[set[str], set[str]]:
    """Entries of usage and certificates that an office has."""
    entries, shown, _ = office.data()
    return entries, shown


def world(scratch: Path) -> World:
    """An authority, two offices that met before, and news in one of them."""
    authority = Authority(scratch / "repository", now=NOW - timedelta(days=3))
    authority.found()
    known = names(60)
    authority.parties(known)
    giver, taker = (Post.enrolled(scratch / name, name) for name in ("XA-BOR-01", "XA-BOR-02"))
    for office in (giver, taker):
        post.Post(office.home, authority.root, install).pull(authority.folder, authority.now)
    stick = scratch / "stick"
    taker.export(stick)
    giver.bring(stick, taker.key)
    giver.export(stick)
    taker.bring(stick, giver.key)
    authority.later(days=1)
    authority.parties({**known, 4: FIRM})
    post.Post(giver.home, authority.root, install).pull(authority.folder, authority.now)
    for number in range(3):
        giver.draw(f"EX-{number}")
        giver.show(f"C-{number}")
    answers = [kills.screened(office.home, FIRM) for office in (taker, giver)]
    found = World(scratch, giver, taker, stick, answers[0], answers[1], knows(taker), knows(giver))
    assert found.before != found.after
    assert found.had[0] < found.has[0]
    return found


def exporting(office: Post, stick: Path) -> Callable[[], object]:
    """Writing a stick, ready to be done in a child."""
    return lambda: office.export(stick)


def _install(root: Path, some: Iterable[str], progress: object = None) -> None:
    """Make indexes in this process."""
    del progress
    install(root, some)


def bringing(office: Post, stick: Path) -> Callable[[], object]:
    """Taking a stick in, indexes made in the same process, so that their steps count too."""

    def work() -> None:
        with mock.patch("border_kit.desk.following.install_apart", _install):
            office.bring(stick)

    return work


def killed(work: Callable[[], object], at: int, *, after: bool) -> None:
    """Have it done in a child, and killed at a step."""
    assert kills.in_child(lambda: kills.counted(work, at, after=after)) == signal.SIGKILL


def steps(found: World) -> tuple[int, int]:
    """How many steps writing and taking in have."""
    giver, taker, stick = found.fresh()
    out = kills.counted(exporting(giver, stick))
    return out, kills.counted(bringing(taker, stick))


def export_killed(found: World, kill: Callable[[Callable[[], object]], object]) -> None:
    """Kill the writing of a stick; the stick is readable as it lies, and the next writing completes it."""
    giver, taker, stick = found.fresh()
    kill(exporting(giver, stick))
    _opens(found, giver, found.after, found.has)
    read = taker.bring(stick)
    assert (read["refused"], read["catalog_refused"]) == ([], None)
    _opens(found, taker, kills.screened(taker.home, FIRM), found.has)
    giver.export(stick)
    taker.bring(stick)
    found.done(giver, taker)


def import_killed(found: World, kill: Callable[[Callable[[], object]], object]) -> None:
    """Kill the taking in of a stick; the office opens with what was before or after, and the next time completes it."""
    giver, taker, stick = found.fresh()
    giver.export(stick)
    kill(bringing(taker, stick))
    _opens(found, taker, kills.screened(taker.home, FIRM), found.has)
    read = taker.bring(stick)
    assert (read["refused"], read["catalog_refused"]) == ([], None)
    found.done(giver, taker)


def _opens(found: World, office: Post, answers: list[Any], most: tuple[set[str], set[str]]) -> None:
    """A whole catalog is in use, and of runs and of certificates there is all or nothing of what was new."""
    opened = Generations(office.home).opened()
    assert opened is not None
    assert not opened.warning
    assert answers in (found.before, found.after)
    for has, had, all_of_it in zip(knows(office), found.had, most, strict=True):
        assert has in (had, all_of_it)
    with office.desk(sign_in=False) as desk:
        assert desk.cases.verify([]).intact


def at_random(limit: float, chance: random.Random) -> Callable[[Callable[[], object]], object]:
    """Kill at a moment within so many seconds; work that ended before is not killed."""
    return lambda work: kills.in_child(work, chance.uniform(0.01, limit))
