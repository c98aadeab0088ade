"""A manifest of 100,000 lines into the triage queue with real lists loaded: lines a second, memory, and going on after a kill.

    .venv/bin/python benchmarks/casework/bulk.py [--lines 100000]

UN and OFAC lists are imported from `../shared/data` (or the folder that BORDER_KIT_SHARED names) into a catalog of their own; without
them there is nothing to measure. The manifests are invented: 720 names and 3,000 descriptions that come again and again, five lines a
consignment; and one in which no name and no description comes twice. The whole command is measured: reading the file, assessing,
writing the queue to disk. CPU time is that of all its processes. Results go to benchmarks/results/casework.md.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import platform
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).with_name("border-kit"))
RESULTS = ROOT / "benchmarks" / "results" / "casework.md"
HEADER = [
    "consignment",
    "direction",
    "description",
    "hs",
    "quantity",
    "unit",
    "value",
    "currency",
    "exporter",
    "consignee",
    "destination",
]
FIRST = [
    "Norrhaven",
    "Aldermoor",
    "Kestrel",
    "Vymyshlen",
    "Orvin",
    "Teskar",
    "Brelund",
    "Quillan",
    "Marrow",
    "Vesterby",
    "Fjellby",
    "Halvern",
]
SECOND = ["Survey", "Trading", "Metal", "Optics", "Shipping", "Agro", "Textile", "Motors", "Foods", "Chemicals"]
FORMS = ["Ltd", "GmbH", "LLC", "SA", "AB", "Co"]
GOODS = [
    "cotton shirts", "uav autopilot board", "ball bearings 6204", "thermal camera 640x512 60 Hz", "office chairs",
    "pressure transducer", "hydraulic pump parts", "frequency changer 600 Hz", "wooden furniture", "steel pipes",
    "laboratory glassware", "toy cars", "printed books", "tyres", "rice in bags",
]  # fmt: skip
NAMES = [" ".join(parts) for parts in itertools.product(FIRST, SECOND, FORMS)]
PER_CONSIGNMENT = 5


def rows(count: int, *, distinct: bool) -> Iterator[list[object]]:
    """Invented goods lines, always the same."""
    chance = random.Random(5)
    for number in range(count):
        consignment = number // PER_CONSIGNMENT
        own = random.Random(consignment)
        goods, exporter, consignee = chance.choice(GOODS), own.choice(NAMES), own.choice(NAMES)
        model = number if distinct else chance.randrange(200)
        if distinct:
            exporter, consignee = f"{_word(2 * consignment)} {exporter}", f"{_word(2 * consignment + 1)} {consignee}"
        yield [f"C-{consignment:06d}", "export", f"{goods} type {model}", "", number % 40 + 1, "pcs", 100 + number % 900, "EUR", exporter, consignee, "YY"]  # fmt: skip


def _word(number: int) -> str:
    """A word of its own for each number."""
    syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu"]
    return "".join(syllables[int(digit)] for digit in f"{number:05d}").capitalize()


def manifest(path: Path, count: int, *, distinct: bool = False) -> Path:
    """A manifest as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(rows(count, distinct=distinct))
    return path


def run(catalog: Path, office: Path, *arguments: str) -> tuple[float, float, float]:
    """One command: wall seconds, CPU seconds of all its processes, peak MB of the largest of them (in a process that is asked once)."""
    program = (
        "import resource, subprocess, sys, time\n"
        "began = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    command = [COMMAND, "--catalog", str(catalog), "--casebook", str(office / "casebook.sqlite"), *arguments]
    done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
    wall, cpu, peak = map(float, done.stdout.split())
    return wall, cpu, peak


def killed(catalog: Path, office: Path, file: Path) -> str:
    """Kill the command (SIGKILL) when a third is done, go on, and hold the queue against that of a run nobody touched."""
    command = [
        COMMAND,
        "--catalog",
        str(catalog),
        "--casebook",
        str(office / "casebook.sqlite"),
        "check",
        str(file),
        "--queue",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while (done := share(office / "triage.sqlite")) < 1 / 3 and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    before = share(office / "triage.sqlite")
    run(catalog, office, "case", "queue", "run")
    whole, again = contents(office / "triage.sqlite"), contents(office.parent / "whole" / "triage.sqlite")
    same = (
        "the same items as a run that nobody touched"
        if whole == again
        else "OTHER items than a run that nobody touched"
    )
    return f"- Killed (SIGKILL) at {done:.0%}, {before:.0%} on disk; `case queue run` went on: {len(whole):,} items, {same}."


def share(queue: Path) -> float:
    """How much of the goods lines is assessed, as another process sees it."""
    if not queue.is_file():
        return 0.0
    raw = sqlite3.connect(queue, timeout=10)
    try:
        found = raw.execute(
            "SELECT total(lines) FILTER (WHERE state <> 'waiting') / max(total(lines), 1) FROM item"
        ).fetchone()
        return float(found[0] or 0)
    except sqlite3.Error:
        return 0.0
    finally:
        raw.close()


def contents(queue: Path) -> list[tuple[object, ...]]:
    """What the queue says of every shipment."""
    raw = sqlite3.connect(queue)
    found = raw.execute(
        "SELECT shipment, lines, state, lane, verdict, decided_by, because FROM item ORDER BY shipment"
    ).fetchall()
    raw.close()
    return found


def measure(folder: Path, count: int) -> list[str]:
    """Every manifest, then the kill."""
    shared = Path(os.environ.get("BORDER_KIT_SHARED", ROOT.parent / "shared" / "data"))
    if not (shared / "parties").is_dir():
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds them.")
    catalog = folder / "catalog"
    for kind, path in (("un-xml", "un_sc/UN_consolidated.xml"), ("ofac-csv", "ofac_sdn_2021")):
        source = str(shared / "parties" / path)
        imported = [COMMAND, "catalog", "import", kind, source, "--into", str(catalog), "--edition", "2021-07-01"]
        subprocess.run(imported, check=True, stdout=subprocess.DEVNULL)
    table = [
        "| manifest | lines a second | wall s | CPU s | lines a CPU second | peak MB of a process | queue MB |",
        "|---|---|---|---|---|---|---|",
    ]
    cases = (
        ("1,000 lines", 1_000, False, "small"),
        (f"{count:,} lines", count, False, "whole"),
        (f"{count // 4:,} lines, nothing twice", count // 4, True, "distinct"),
    )
    for name, lines, distinct, place in cases:
        office = folder / place
        file = manifest(folder / f"{place}.csv", lines, distinct=distinct)
        wall, cpu, peak = run(catalog, office, "check", str(file), "--queue")
        size = (office / "triage.sqlite").stat().st_size / 1e6
        table.append(
            f"| {name} | {lines / wall:,.0f} | {wall:.1f} | {cpu:.1f} | {lines / cpu:,.0f} | {peak:.0f} | {size:.0f} |"
        )
    return [*table, "", killed(catalog, folder / "killed", folder / "whole.csv")]


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    count = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as folder:
        table = measure(Path(folder), count)
    python = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    head = f"Command: `python benchmarks/casework/bulk.py --lines {count}` · {python}"
    text = "\n".join(["# Manifests into the triage queue", "", head, "", "UN and OFAC lists loaded; aim ≥ 300 lines a second.", "", *table, ""])  # fmt: skip
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
