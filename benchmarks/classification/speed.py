"""How fast lines are classified, and in how much memory.

    python benchmarks/classification/speed.py [--catalog DIR] [--rows 10000] [--write]

A single line: the engine's own time once the catalog is open, on distinct lines that it has never seen. A batch: the command as a
process, on as many distinct lines, wall time and processor time (other work on the machine shows in the first alone) and the
greatest resident memory of any process. `--write` puts the figures into benchmarks/results/classification-speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from border_kit.catalog.volumes import open_catalog
from border_kit.classification.engine import Classifier
from border_kit.desk import places

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "results" / "classification-speed.md"
COMMAND = str(Path(sys.executable).with_name("border-kit"))
AIM = 10
"""Milliseconds that one line may take."""
FILES = ("independent.jsonl", "breadth.jsonl", "lines.jsonl")


def lines(count: int) -> list[dict[str, str | int | None]]:
    """So many distinct lines: those of the benchmarks, told apart by a lot number."""
    rows = [json.loads(line) for name in FILES for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    made: list[dict[str, str | int | None]] = []
    while len(made) < count:
        for row in rows[: count - len(made)]:
            number = len(made)
            made.append({"id": number, "text": f"{row['text']}, lot {number}", "hs": row.get("hs")})
    return made


def single(catalog: Path) -> list[str]:
    """Milliseconds of one line, distinct lines once each, the first of all left out."""
    classifier = Classifier(open_catalog(catalog, datetime.now(tz=UTC).date()))
    times = []
    for row in lines(3001):
        started = time.process_time()
        classifier.classify(str(row["text"]), str(row["hs"]) if row["hs"] else None)
        times.append(1000 * (time.process_time() - started))
    times = sorted(times[1:])
    return [
        (
            f"One line once open ({len(times)} distinct lines, processor time): median {statistics.median(times):.2f} ms, "
            f"95 of 100 within {times[int(0.95 * len(times))]:.2f} ms, {sum(value > AIM for value in times)} beyond {AIM} ms, the slowest "
            f"{times[-1]:.0f} ms (Python collecting its garbage)."
        )
    ]


def whole(catalog: Path, count: int) -> list[str]:
    """Lines a second of the command on a batch, and its memory."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "rows.jsonl"
        source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines(count)), encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        with Path(folder, "out.jsonl").open("wb") as target:
            subprocess.run(
                [COMMAND, "classify", "--batch", str(source), "--catalog", str(catalog)], stdout=target, check=True
            )
        wall = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [
        (
            f"A batch of {count} distinct lines: {count / wall:.0f} lines/s in wall time, {busy:.1f} s of processor time, which "
            f"gives {count / busy:.0f} lines/s to a processor that has nothing else to do; the batch keeps two busy (aim ≥ 500 on two)."
        ),
        f"Greatest resident memory of a process: {after.ru_maxrss / 1024:.0f} MB (< 200 MB).",
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, default=None)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    catalog: Path = options.catalog or places.shipped_catalog()
    found = [*single(catalog), *whole(catalog, options.rows)]
    page = [
        "# Classification: speed and memory",
        "",
        (
            f"Measured {datetime.now(tz=UTC).date()} by `python benchmarks/classification/speed.py --write` on the shipped catalog, Python "
            f"{platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} from other work."
        ),
        "",
        *(f"- {line}" for line in found),
        "",
    ]
    print("\n".join(page))
    if options.write:
        REPORT.write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
