"""Kill the process at every step of writing a stick and of taking one in, and at random moments of both.

    make bench            (or: .venv/bin/python benchmarks/sync/sticks.py [--random 60])

Every fsync, rename, replace and link of Python is a step; it is killed (SIGKILL) right before and right after each. At random
moments it dies within SQLite and zstd, too. Offices and lists are invented. Results go to benchmarks/results/sync-sticks.md.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.sync import stick_kills


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=60, help="kills at random moments, on each side")
    count = parser.parse_args().random
    rows = []
    with tempfile.TemporaryDirectory(prefix="border-kit-") as scratch:
        world = stick_kills.world(Path(scratch))
        sides = {"writing a stick": stick_kills.export_killed, "taking it in": stick_kills.import_killed}
        for (what, side), steps in zip(sides.items(), stick_kills.steps(world), strict=True):
            for at in range(1, steps + 1):
                for after in (False, True):
                    side(world, partial(stick_kills.killed, at=at, after=after))
            giver, _, stick = world.fresh()
            started = time.perf_counter()
            stick_kills.exporting(giver, stick)()
            span = 2 * (time.perf_counter() - started)
            chance, died = random.Random(8), 0
            for _ in range(count):
                ends: list[object] = []
                moment = stick_kills.at_random(span, chance)
                side(world, lambda work, moment=moment, ends=ends: ends.append(moment(work)))
                died += ends[0] is not None
            rows.append(f"| {what} | {steps} | {2 * steps} | {died} of {count} | {2 * steps + count} |")
            print(rows[-1], flush=True)
    text = "\n".join(
        [
            "# Sticks under kill -9",
            "",
            f"Command: `python benchmarks/sync/sticks.py --random {count}`",
            "",
            "| side | steps (fsync, rename, replace, link) | killed before and after each | killed at random moments | whole, and complete the next time |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "After each kill: the office opens a whole catalog and screens a fixed name as before or as after, its log is intact, of runs and of",
            "certificates there is all or nothing of what was new; a stick whose writing was killed is read without a refusal; and",
            "the next export and import bring both offices to the same data.",
            "",
        ]
    )
    (ROOT / "benchmarks" / "results" / "sync-sticks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
