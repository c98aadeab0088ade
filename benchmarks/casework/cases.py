"""The case list over 100,000 cases: how long a question takes, and what keeping and rebuilding the list costs.

    .venv/bin/python benchmarks/casework/cases.py [--cases 100000]

The cases are invented (names in four scripts, goods, licence numbers). Each figure is the median CPU time of a page of 50 with its
count, as `case list` asks it; the casebook lies on disk and is opened afresh. Results go to benchmarks/results/cases.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from border_kit import store
from border_kit.casework import log, schema, summary
from border_kit.casework.case import Casebook
from border_kit.casework.log import Unsigned
from border_kit.casework.search import Wanted
from border_kit.findings import Json

RESULTS = Path(__file__).resolve().parents[1] / "results" / "cases.md"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = [
    "Norrhaven",
    "Aldermoor",
    "Вымышленная",
    "Придуманный",
    "شركة نور",
    "مؤسسة المثال",
    "虚构贸易",
    "示例仪器",
    "Kestrel",
    "Øresund",
]
SECOND = [
    "Survey",
    "Optik GmbH",
    "Приборы ООО",
    "Торговля",
    "للتجارة",
    "للأجهزة",
    "有限公司",
    "公司",
    "Trading LLC",
    "Maskin AS",
]
GOODS = [
    "thermal camera core",
    "cotton shirts",
    "ball bearings",
    "frequency converter",
    "office chairs",
    "гироскоп",
    "热像仪",
    "pump parts",
]
WANTED = {
    "no filter": Wanted(),
    "lane red": Wanted(lane="red"),
    "undecided": Wanted(state="undecided"),
    "due first": Wanted(order="due"),
    "due by a day": Wanted(due_by=date(2026, 2, 1)),
    "waits for a ruling": Wanted(waits="ruling"),
    "acted in by B-7": Wanted(badge="B-7"),
    "opened in one week": Wanted(opened_from=date(2026, 3, 1), opened_to=date(2026, 3, 7)),
    "a common word (camera)": Wanted(text="camera"),
    "part of a rare number": Wanted(text="ind-04711"),
    "two words and a lane": Wanted(text="camera kestrel", lane="yellow"),
    "Cyrillic": Wanted(text="приборы"),
    "Arabic": Wanted(text="للتجارة"),
    "Chinese, two characters": Wanted(text="热像"),
    "one letter, in no case": Wanted(text="ŧ"),
    "words in no case": Wanted(text="nothing like this"),
}


def shipments(count: int) -> Iterator[dict[str, Any]]:
    """Invented shipments, always the same."""
    chance = random.Random(7)
    for number in range(count):
        name = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {chance.randrange(20_000)}"
        lines = [
            {"no": line, "description": f"{chance.choice(GOODS)} type {chance.randrange(500)}", "hs": "852589"}
            for line in range(1, chance.randrange(2, 7))
        ]
        lines[0]["licences"] = [{"number": f"IND-{number:05d}"}]
        yield {
            "id": f"EX-26-{number:06d}",
            "destination": "YY",
            "parties": [{"role": "consignee", "name": name}],
            "lines": lines,
        }


def fill(path: Path, count: int) -> float:
    """A casebook of so many cases, written in one transaction; CPU milliseconds a case."""
    book, chance = Casebook.at(path), random.Random(11)
    began = time.process_time()
    connection = book._connection  # noqa: SLF001 - a casebook of years is written at once only here
    with store.writing(connection):
        for number, shipment in enumerate(shipments(count)):
            case_id, at = f"2026-{number + 1:04d}", BEGIN + timedelta(minutes=4 * number)
            author = Unsigned(f"B-{number % 40}")
            assessment: dict[str, Json] = {
                "lane": chance.choice(["red", "yellow", "yellow", "blue", *["green"] * 6]), "advice": "release",
                "verdict": "check", "decided_by": "nothing_found",
            }  # fmt: skip
            log.append(
                connection, case_id, "opened", {"shipment": shipment, "assessment": assessment}, at=at, author=author
            )
            connection.execute("INSERT INTO acted VALUES (?, ?)", (author.badge, case_id))
            if chance.random() < 0.9:
                due = (at + timedelta(days=10)).date().isoformat() if number % 50 == 0 else None
                data: dict[str, Json] = {"decision": "release", "reason": "as advised", "advice": "release", "due": due}
                log.append(connection, case_id, "decided", data, at=at, author=author)
            if number % 400 == 0:
                log.append(connection, case_id, "referred", {"to": "Authority", "question": "?"}, at=at, author=author)
            summary.refresh(connection, case_id)
    book.close()
    return (time.process_time() - began) * 1000 / count


def timed(work: Callable[[], object], runs: int = 7) -> tuple[float, float]:
    """Median CPU and wall-clock milliseconds."""
    cpu, wall = [], []
    for _ in range(runs):
        began = (time.process_time(), time.perf_counter())
        work()
        cpu.append((time.process_time() - began[0]) * 1000)
        wall.append((time.perf_counter() - began[1]) * 1000)
    return statistics.median(cpu), statistics.median(wall)


def measure(path: Path, count: int) -> list[str]:
    """Every question, then one more event, then the whole list again from the log."""
    written = fill(path, count)
    rows = ["| question | found | CPU ms | wall ms |", "|---|---|---|---|"]
    for name, wanted in WANTED.items():
        book = Casebook.at(path)
        cpu, wall = timed(lambda book=book, wanted=wanted: (book.rows(wanted), book.count(wanted)))  # type: ignore[misc]  # mypy infers no lambda with defaults
        rows.append(f"| {name} | {book.count(wanted)} | {cpu:.1f} | {wall:.1f} |")
        book.close()
    book = Casebook.at(path)
    cpu, wall = timed(lambda: book.append("2026-0007", "noted", {"text": "x"}, at=BEGIN))
    rows += ["", f"- One more event of a case, with its row: {cpu:.1f} ms CPU, {wall:.1f} ms with the disk."]
    began = time.process_time()
    book._connection.execute("DROP TABLE case_text")  # noqa: SLF001 - as if it had been lost
    schema.prepare(book._connection)  # noqa: SLF001 - the same
    rebuilt = time.process_time() - began
    book.close()
    size = path.stat().st_size / 1e6
    rows += [
        f"- The whole list made again from the log: {rebuilt:.0f} s CPU. Written at first: {written:.2f} ms CPU a case.",
        f"- The casebook: {size:.0f} MB. Peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.",
    ]
    return rows


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    count = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder) / "casebook.sqlite", count)
    head = f"Command: `python benchmarks/casework/cases.py --cases {count}` · Python {platform.python_version()}, {os.cpu_count()} cores"
    text = "\n".join(
        ["# The case list", "", head, "", f"{count:,} cases; a page of 50 and the count (aim < 200 ms).", "", *rows, ""]
    )
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
