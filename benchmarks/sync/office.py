"""Measure what the documentation claims of an office that follows: bytes over a bad line, kills, memory, the start.

    make bench            (or: .venv/bin/python benchmarks/sync/office.py [--kills 200] [--quick])

The line is a throttle between a real HTTP server on loopback and the real command (tests/sync/link.py): it passes so many bytes
a second and resets the connection every so many seconds. One transfer is run at 9.6 kbit/s in real time; a long one with time
scaled: N times the rate, and a cut after a Nth of the time, so that every connection carries as many bytes as on the real line.
Catalogs are invented. Results go to benchmarks/results/sync-office.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from border_kit.desk.install import install
from border_kit.sync.generations import Generations
from tests.sync import kills
from tests.sync.authority import PEOPLE, Authority, names, party_rows, write_catalog
from tests.sync.link import Line, Server, served
from tests.sync.post import Post

COMMAND = str(Path(sys.executable).with_name("border-kit"))
SHIPPED = ROOT / "border_kit" / "_data" / "catalog"
RATE = 1_200
"""Bytes a second of a line of 9.6 kbit/s."""
CUT = 30.0
LARGE = (60_000, 240_000)
"""Parties of very large lists; the second is beyond 36 MB as it is published."""
FIRM = "Zumurrud Shipping"


@dataclass
class Pull:
    """One pull by the command: what it printed, seconds, peak memory of its largest process in MB."""

    answer: dict[str, object]
    seconds: float
    memory: float


def pull(home: Path, source: str, root: Path) -> Pull:
    """Run `border-kit sync pull` as a process of its own, and have the system account its memory."""
    program = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=False)\n"
        "sys.stderr.write(done.stderr)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "print(done.stdout)\n"
    )
    command = [COMMAND, "sync", "pull", "--from", source, "--root", str(root), "--json"]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "BORDER_KIT_HOME": str(home)},
    )
    peak, _, answer = done.stdout.partition("\n")
    assert answer.strip(), done.stderr
    return Pull(json.loads(answer), time.perf_counter() - started, int(peak) / 1024)


def line_row(name: str, server: Server, done: Pull, line: Line, scale: int) -> str:
    """One row of the table of lines."""
    useful = int(str(done.answer["bytes"]))
    return (
        f"| {name} | {line.rate / scale * 8 / 1000:.1f} kbit/s, cut every {CUT:.0f} s | {useful / 1e3:.0f} kB | {server.connections} "
        f"| {server.wire / 1e3:.0f} kB | {server.wire / _needed(server):.3f} | {server.wire / line.rate * scale / 60:.0f} |"
    )


def _needed(server: Server) -> int:
    """Bytes of the files that were asked for, each once: the transfer's size."""
    paths = {request.path for request in server.requests}
    return sum(
        (server.root / path.lstrip("/")).stat().st_size for path in paths if (server.root / path.lstrip("/")).is_file()
    )


def lines(world: Authority, root: Path, scratch: Path, *, quick: bool) -> list[str]:
    """Bytes on the wire over a line of 9.6 kbit/s that is cut every 30 seconds."""
    rows = [
        "| transfer | line | files came | connections | on the wire | × transfer (≤ 1.1) | minutes on the line |",
        "|---|---|---|---|---|---|---|",
    ]
    scale = 120
    home = scratch / "line"
    line = Line(rate=RATE * scale, piece=1024, cut_every=CUT / scale)
    with served(world.folder, line) as server:
        rows.append(
            line_row("first pull, whole files (time scaled × 120)", server, pull(home, server.url, root), line, scale)
        )
    change_names(world)
    if quick:
        return rows
    line = Line(rate=RATE, piece=60, cut_every=CUT)
    with served(world.folder, line) as server:
        rows.append(line_row("the next day, a patch (real time)", server, pull(home, server.url, root), line, 1))
    return rows


def change_names(world: Authority) -> None:
    """Another day, another edition of the parties."""
    world.later(days=1)
    known = names(20_000)
    chance = random.Random(1)
    known.update({chance.randrange(20_000): f"Changed {n} Trading House of Orvald" for n in range(400)})
    day = world.now.date().isoformat()
    world.publish(
        write_catalog(world.folder.parent / "catalog", {"parties": party_rows(known, day)}, day), only=("parties",)
    )


def memory(world: Authority, root: Path, scratch: Path) -> list[str]:
    """Peak memory of a first pull (whole files) and of a patched one."""
    home = scratch / "memory"
    first = pull(home, str(world.folder), root)
    change_names(world)
    second = pull(home, str(world.folder), root)
    size = sum(
        path.stat().st_size for path in (home / "generations" / "1").glob("*.sqlite") if ".index." not in path.name
    )
    return [
        (
            f"- Memory of a pull of {size / 1e6:.0f} MB of volumes, its largest process: first {first.memory:.0f} MB, "
            f"by patch {second.memory:.0f} MB (aim < 120 MB)"
        )
    ]


def memory_of_large_lists(scratch: Path) -> list[str]:
    """Peak memory of a first pull of a very large list of parties, with its index, and of the patch of the next day."""
    rows = [
        "| parties | as published, MB | installed, MB | first pull, MB of memory | by patch, MB of memory | patch, kB |"
    ]
    rows.append("|---|---|---|---|---|---|")
    for count in LARGE:
        world = Authority(
            scratch / f"large-{count}" / "repository", now=datetime.now(UTC).replace(microsecond=0) - timedelta(days=5)
        )
        world.found()
        known = names(count)
        world.parties(known)
        home = scratch / f"large-{count}" / "home"
        first = pull(home, str(world.folder), _root(world))
        known.update({n * 97 % count: f"Changed {n} Trading House of Orvald" for n in range(100)})
        world.later(days=1)
        world.parties(known)
        second = pull(home, str(world.folder), _root(world))
        opened = Generations(home).usable()
        assert opened is not None
        assert [row["way"] for row in second.answer["volumes"]] == ["patch"]  # type: ignore[attr-defined] # of JSON
        published, installed = opened.volumes["parties"]["length"], (opened.root / "parties.sqlite").stat().st_size
        rows.append(
            f"| {count:,} | {published / 1e6:.0f} | {installed / 1e6:.0f} | {first.memory:.0f} | {second.memory:.0f} "
            f"| {int(str(second.answer['bytes'])) / 1e3:.0f} |"
        )
    return rows


def random_kills(scratch: Path, count: int) -> list[str]:
    """SIGKILL at random moments of pulls over a throttled line; after each the catalog in use must answer as before or as after."""
    authority = Authority(
        scratch / "kills" / "repository", now=datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    )
    authority.found()
    known = names(800)
    authority.parties(known)
    home = scratch / "kills" / "post"
    Post(home, authority.root, install).pull(authority.folder, authority.now)
    authority.later(days=1)
    known[4] = FIRM
    authority.parties(known)
    done = kills.fresh(home, scratch / "kills" / "done")
    with served(authority.folder, Line(rate=40_000, piece=256, cut_every=0.2)) as server:
        started = time.perf_counter()
        kills.in_child(kills.pulling(done, server.url, authority.now))
        span = time.perf_counter() - started
        before, after = kills.screened(home, FIRM), kills.screened(done, FIRM)
        assert before != after
        chance, found = random.Random(8), {"before": 0, "after": 0, "completed": 0}
        killed = 0
        while killed < count:
            office = kills.fresh(home, scratch / "kills" / "office")
            if kills.in_child(kills.pulling(office, server.url, authority.now), chance.uniform(0, 2 * span)) is None:
                continue
            killed += 1
            opened = Generations(office).opened()
            assert opened is not None
            assert not opened.warning
            answer = kills.screened(office, FIRM)
            assert answer in (before, after)
            found["after" if answer == after else "before"] += 1
            kills.in_child(kills.pulling(office, server.url, authority.now))
            assert kills.screened(office, FIRM) == after
            found["completed"] += 1
    return [
        (
            f"- {killed} random kills (SIGKILL, evenly over a pull of about {span:.1f} s): the catalog opened and screened a fixed name as before "
            f"{found['before']} times, as after {found['after']} times; the next pull completed {found['completed']} times"
        )
    ]


def offline(world: Authority, root: Path, scratch: Path) -> list[str]:
    """An office that missed three months, brought current from a folder."""
    home = scratch / "months"
    made = Authority(
        scratch / "months-repository" / "repository", now=datetime.now(UTC).replace(microsecond=0) - timedelta(days=92)
    )
    made.found()
    known = names(2_000)
    made.parties(known)
    (home / "..").resolve().mkdir(exist_ok=True)
    Post(home, made.root, install).pull(made.folder, made.now)
    for week in range(13):
        made.later(days=7)
        known[week] = f"Changed in week {week}"
        made.parties(known)
    environment = {**os.environ, "BORDER_KIT_HOME": str(home)}
    status = json.loads(
        subprocess.run([COMMAND, "sync", "status", "--json"], capture_output=True, check=True, env=environment).stdout
    )
    before = subprocess.run(
        [COMMAND, "screen", "Changed in week 12", "--json"], capture_output=True, check=False, env=environment
    )
    done = pull(home, str(made.folder), _root(made))
    after = json.loads(
        subprocess.run([COMMAND, "sync", "status", "--json"], capture_output=True, check=True, env=environment).stdout
    )
    assert before.returncode in (0, 1)
    assert done.answer["installed"]
    del world, root
    return [
        (
            f"- Three months offline: opens, says {status['installed']['age_days']} days; one pull ({int(str(done.answer['bytes'])) / 1e3:.0f} kB) "
            f"brings it to {after['installed']['age_days']} days"
        )
    ]


def start(scratch: Path) -> list[str]:
    """What opening a generation adds to the start, in processor time."""
    program = (
        "import time, border_kit.catalog.volumes\n"
        "a = time.process_time()\n"
        "from border_kit.desk import places\n"
        "places.installed(); places.clock().warning\n"
        "print((time.process_time() - a) * 1000)\n"
    )
    environment = {**os.environ, "BORDER_KIT_HOME": str(scratch / "memory")}
    times = [
        float(
            subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
            ).stdout
        )
        for _ in range(15)
    ]
    return [
        f"- Opening the generation in use and the clock rule: {statistics.median(times):.1f} ms of processor time, imports included (aim < 30 ms)"
    ]


def _root(world: Authority) -> Path:
    path = world.folder.parent / "root.json"
    path.write_bytes(world.root)
    return path


def founded(scratch: Path) -> Authority:
    """A repository with the shipped volumes and 20,000 invented parties."""
    people = {**PEOPLE, "controls": ("Lists", "Machine")}
    world = Authority(
        scratch / "world" / "repository",
        now=datetime.now(UTC).replace(microsecond=0) - timedelta(days=5),
        people=people,
    )
    world.found()
    world.publish(SHIPPED, only=("controls", "trust", "revocations", "licences-xa-la-01"))
    day = world.now.date().isoformat()
    world.publish(
        write_catalog(world.folder.parent / "catalog", {"parties": party_rows(names(20_000), day)}, day),
        only=("parties",),
    )
    return world


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help="leave out the transfer in real time")
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="border-kit-bench-"))
    try:
        world = founded(scratch)
        root = _root(world)
        text = "\n".join(
            [
                "# An office that follows",
                "",
                f"Command: `python benchmarks/sync/office.py --kills {options.kills}` · Python {platform.python_version()}, {os.cpu_count()} cores",
                "",
                *lines(world, root, scratch, quick=options.quick),
                "",
                "`× transfer`: every byte in both directions that passed the line, with requests and headers, over the size of the files.",
                "",
                *memory(world, root, scratch),
                "- Very large lists, largest process of a pull (aim < 120 MB):",
                "",
                *memory_of_large_lists(scratch),
                "",
                *random_kills(scratch, options.kills),
                *offline(world, root, scratch),
                *start(scratch),
                "",
            ]
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(text)
    (ROOT / "benchmarks" / "results" / "sync-office.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
