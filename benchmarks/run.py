"""Measure what the documentation claims about starting, checking and memory.

    make bench            (or: .venv/bin/python benchmarks/run.py [--runs 9])

Start-up is given as a multiple of a bare Python start on the same machine (`python -I -S -c pass` would flatter us: the bare start here
is `python -c pass` of the same environment), medians of whole processes taken in turn. Results go to benchmarks/results/start.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = str(Path(sys.executable).with_name("border-kit"))
SAMPLE = ROOT / "examples" / "yellow-document-check-y901.json"
MANIFEST_LINES = 500


def once(arguments: list[str]) -> float:
    """Seconds of one whole process."""
    started = time.perf_counter()
    subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd=ROOT)
    return time.perf_counter() - started


def start_up(runs: int) -> list[str]:
    """Each command against a bare start, in turn, so that a drifting machine drifts for both."""
    commands = {
        "border-kit --version (≤ 8)": [COMMAND, "--version"],
        "border-kit classify (≤ 22)": [COMMAND, "classify", "thermal camera core 640x512 60 Hz", "--hs", "852589"],
        "border-kit screen (≤ 22)": [COMMAND, "screen", "Sample Meridian Trading"],
        "border-kit check": [COMMAND, "check", str(SAMPLE)],
    }
    bare = [sys.executable, "-c", "pass"]
    rows = ["| command | median ms | × bare start (median of pairs) |", "|---|---|---|"]
    for name, command in commands.items():
        once(command)
        pairs = [(once(command), once(bare)) for _ in range(runs)]
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        rows.append(f"| {name} | {statistics.median(ours for ours, _ in pairs) * 1000:.0f} | {ratio:.1f} |")
    rows.append(f"| python -c pass | {statistics.median(once(bare) for _ in range(runs)) * 1000:.0f} | 1.0 |")
    return rows


def peak_memory() -> str:
    """Peak resident memory of one check, as the operating system accounts it for finished children."""
    program = (
        "import resource, subprocess, sys\n"
        f"subprocess.run([{COMMAND!r}, 'check', {str(SAMPLE)!r}], stdout=subprocess.DEVNULL, check=False)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return f"A check: peak resident memory {int(answer.stdout) / 1024:.0f} MB (aim < 150 MB)"


def manifest() -> str:
    """A manifest of 500 lines, distinct names and descriptions, read and assessed by one process."""
    goods = [
        "cotton shirts",
        "uav autopilot board",
        "ball bearings",
        "thermal camera 640x512 60 Hz",
        "office chairs",
        "pressure transducer",
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "manifest.csv"
        rows = ["consignment,description,hs,quantity,unit,consignee,destination"]
        rows += [
            f"C-{number // 5},{goods[number % 6]} type {number},,{number % 40 + 1},pcs,Fictional Buyer {number} Ltd,YY"
            for number in range(MANIFEST_LINES)
        ]
        path.write_text("\n".join(rows), encoding="utf-8")
        started = time.perf_counter()
        subprocess.run(
            [COMMAND, "check", str(path), "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        return f"A manifest of {MANIFEST_LINES} lines in 100 consignments: {time.perf_counter() - started:.1f} s (aim ≤ 10 s)"


def first_paint(runs: int) -> str:
    """Milliseconds from start to the first screen's own words, in a pseudo-terminal of 80 × 24."""
    times = [_paint() for _ in range(runs)]
    return f"First paint of the application at 80 × 24: median {statistics.median(times) * 1000:.0f} ms (aim < 700 ms)"


def _paint() -> float:
    environment = {
        **os.environ,
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        "LINES": "24",
        "BORDER_KIT_HOME": tempfile.mkdtemp(),
    }
    started = time.perf_counter()
    child, master = pty.fork()
    if child == 0:
        os.execve(COMMAND, [COMMAND], environment)  # noqa: S606 - our own command, without a shell
    seen = b""
    while b"can here" not in seen and time.perf_counter() - started < 20:
        if select.select([master], [], [], 0.05)[0]:
            try:
                seen += os.read(master, 65536)
            except OSError:
                break
    elapsed = time.perf_counter() - started
    os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(master)
    return elapsed


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    info = json.loads(
        subprocess.run([COMMAND, "catalog", "info", "--json"], capture_output=True, text=True, check=True).stdout
    )
    rows = {volume["name"]: sum(volume["rows"].values()) for volume in info["volumes"]}
    lines = [
        "# Starting, checking, memory",
        "",
        f"Command: `python benchmarks/run.py --runs {runs}` · Python {platform.python_version()}, {os.cpu_count()} cores",
        f"Catalog: {', '.join(f'{name} {count} rows' for name, count in rows.items())}",
        "",
        *start_up(runs),
        "",
        f"- {peak_memory()}",
        f"- {manifest()}",
        f"- {first_paint(max(3, runs // 3))}",
        "",
    ]
    text = "\n".join(lines)
    print(text)
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "start.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
