"""One shipment of very many goods lines, checked whole: CPU seconds and memory, as text and as JSON.

    .venv/bin/python benchmarks/casework/one.py [--lines 100000]

The lines are those of bulk.py, all of one consignment, against the catalog that ships. Whoever has such a file had better put it into the
queue, consignment by consignment; this tells what it takes where that cannot be. Results go to benchmarks/results/one-shipment.md.
"""

from __future__ import annotations

import argparse
import csv
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(ROOT))

from bulk import HEADER, rows

from border_kit.desk import places

RESULTS = ROOT / "benchmarks" / "results" / "one-shipment.md"
PROGRAM = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, len(done) / 1e6)\n"
)


def measured(file: Path, *options: str) -> tuple[float, float, float]:
    """CPU seconds, peak MB and MB of output of one check."""
    command = [sys.executable, "-m", "border_kit", "check", str(file), "--now", "2026-11-25T09:30:00Z", *options]
    catalog = ["--catalog", str(places.shipped_catalog())]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command, *catalog], capture_output=True, text=True, check=True
    )
    cpu, peak, size = map(float, done.stdout.split())
    return cpu, peak, size


def main() -> int:
    """Measure, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    count = parser.parse_args().lines
    lines = [
        "# One shipment of very many lines",
        "",
        f"Command: `python benchmarks/casework/one.py --lines {count}` · Python {platform.python_version()}",
        "",
        "| lines | answer | CPU s | peak MB | output MB |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for number in (count // 5, count):
            file = Path(folder) / f"{number}.csv"
            with file.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(HEADER)
                writer.writerows(
                    ["C-000000", *row[1:8], "Norrhaven Survey Ltd", "Brelund Foods AB", "YY"]
                    for row in rows(number, distinct=False)
                )
            for name, options in (("text", ()), ("JSON", ("--json",))):
                cpu, peak, size = measured(file, *options)
                lines.append(f"| {number:,} | {name} | {cpu:.1f} | {peak:.0f} | {size:.0f} |")
                print(lines[-1])
    lines += [
        "",
        "Until 27 November 2026 JSON was made whole before it was printed: 20,000 lines of another such file took 590 MB (163 now),",
        "100,000 took 2,684 MB (565 now); CPU 8.0 s and 35.2 s (7.4 and 33.4 now), the bytes are the same.",
    ]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
