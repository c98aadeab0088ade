"""How screening grows: build, size, memory, opening, the first question and the next ones, at 100 thousand, one and three million names.

    python benchmarks/screening/scale.py [--sizes 100000,1000000,3000000] [--queries 300] [--keep FOLDER]

Names are those of `crowd` (a heavy head, a long tail, several scripts). Each size is asked in a process of its own, so that memory
and the first question are those of a fresh start. Times are wall time; processor time stands beside it, since a shared machine
makes people wait for others. Results go to benchmarks/results/screening-scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from border_kit import store
from border_kit.catalog.volumes import Catalog, VolumeInfo, index_file, index_key, table_sql

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
DIGEST = "d" * 64
AIMS = {100_000: "—", 1_000_000: "p50 ≤ 6 ms, p95 ≤ 15 ms", 3_000_000: "p95 ≤ 30 ms"}


def fill(path: Path, names: Iterator[tuple[str, str]]) -> None:
    """A parties volume of one listing a name."""
    volume = store.create_volume(path)
    for sql in table_sql("parties").values():
        volume.execute(sql)
    volume.execute("BEGIN")
    for number, (name, kind) in enumerate(names):
        party = f"X:{number:08}"
        listing = f"{party}@2026-01-01"
        volume.execute("INSERT INTO party (id, kind, caption) VALUES (?,?,?)", (party, kind, name))
        volume.execute(
            "INSERT INTO listing (id, party, list, source_ref, kind, caption, edition) VALUES (?,?,?,?,?,?,?)",
            (listing, party, "X", str(number), kind, name, "e"),
        )
        volume.execute(
            "INSERT INTO party_name (id, party, listing, name, quality, edition) VALUES (?,?,?,?,?,?)",
            (f"{listing}/n00000", party, listing, name, "primary", "e"),
        )
    store.seal(volume, path)


def open_catalog(root: Path) -> Catalog:
    """The volume and its index as a catalog."""
    info = VolumeInfo("parties", "parties.sqlite", "2026-11-23", TODAY, demo=False, digest=DIGEST, rows={})
    return Catalog(root, {"parties": info}, TODAY)


def build_index(root: Path) -> dict[str, float]:
    """Build the index; seconds of wall and of all processes' processor time, megabytes of file and most memory."""
    from border_kit.screening.index.build import build  # noqa: PLC0415 - who asks does not load it

    target = root / index_file("parties")
    target.unlink(missing_ok=True)
    volume, index = store.open_volume(root / "parties.sqlite"), store.create_volume(target)
    wall, cpu = time.perf_counter(), _cpu()
    build(volume, index, index_key(DIGEST))
    store.seal(index, target)
    return {
        "wall": time.perf_counter() - wall,
        "cpu": _cpu() - cpu,
        "size": target.stat().st_size / 1e6,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _cpu() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def questions(size: int, count: int) -> dict[str, list[tuple[str, str | None]]]:
    """Questions by kind, each with the name it was made from where there is one."""
    from benchmarks.screening import ordinary  # noqa: PLC0415 - who asks does not load it
    from benchmarks.screening.crowd import crowd  # noqa: PLC0415 - the same

    draw = random.Random(17)
    wanted = set(draw.sample(range(size), count * 2))
    names = [name for number, (name, _) in enumerate(crowd(size)) if number in wanted]
    draw.shuffle(names)
    persons = [name for name in names if len(name.split()) > 1][:count]
    head = [
        word
        for culture in ("arabic_latin", "russian_latin", "persian")
        for cell in ordinary.GIVEN_FAMILY[culture]
        for word in cell.split()[:8]
    ]
    generic = [
        "International",
        "General",
        "Trading",
        "Group",
        "Holding",
        "Import",
        "Export",
        "Services",
        "Industries",
        "Petroleum",
    ]
    return {
        "listed, as it stands": [(name, name) for name in names[:count]],
        "listed, a slip in one word": [(slip(name, draw), name) for name in persons],
        "listed, a slip in each word": [
            (" ".join(slip(word, draw) for word in name.split()), name) for name in persons
        ],
        "listed, words turned": [(" ".join(name.replace(",", "").split()[::-1]), name) for name in persons],
        "ordinary persons": [(name, None) for name in ordinary.persons(count, 21)],
        "ordinary firms": [(name, None) for name in ordinary.firms(count, 22)],
        "common words only": [(" ".join(draw.sample(head, draw.choice((2, 2, 3)))), None) for _ in range(count)],
        "business words only": [
            (" ".join([*draw.sample(generic, draw.choice((2, 3))), "LLC"]), None) for _ in range(count // 3)
        ],
        "one common word": [(draw.choice(head), None) for _ in range(count // 3)],
    }


def slip(text: str, draw: random.Random) -> str:
    """One slip of the hand in a word of three letters or more."""
    places = [at for at, char in enumerate(text) if char.isalpha()]
    if len(places) < 3:
        return text
    at = draw.choice(places)
    how = draw.choice(("drop", "double", "swap", "change"))
    if how == "drop":
        return text[:at] + text[at + 1 :]
    if how == "double":
        return text[:at] + text[at] + text[at:]
    if how == "swap" and at + 1 < len(text) and text[at + 1].isalpha():
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + draw.choice(text if not text.isascii() else "aeiorstnlm") + text[at + 1 :]


def ask(root: Path) -> dict[str, Any]:
    """Open, ask once, ask many: in this process, which should be fresh; the questions were made by another."""
    asked: dict[str, list[tuple[str, str | None]]] = json.loads((root / "questions.json").read_text(encoding="utf-8"))
    before = private_memory()
    wall = time.perf_counter()
    from border_kit.screening.engine import Screener  # noqa: PLC0415 - a part of what is measured
    from border_kit.screening.model import Query  # noqa: PLC0415 - the same

    imported = time.perf_counter() - wall
    wall = time.perf_counter()
    screener = Screener(open_catalog(root))
    opened = time.perf_counter() - wall
    wall = time.perf_counter()
    screener.screen(Query("Quartermain Ellsworth"))
    first = time.perf_counter() - wall
    kinds = {}
    times: list[tuple[float, float]] = []
    for kind, cases in asked.items():
        mine: list[tuple[float, float]] = []
        found = 0
        for text, name in cases:
            wall, cpu = time.perf_counter(), time.process_time()
            hits = screener.screen(Query(text)).hits
            mine.append(((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000))
            found += name is not None and any(hit.name == name for hit in hits)
        kinds[kind] = {
            "wall": _shares([item[0] for item in mine]),
            "cpu": _shares([item[1] for item in mine]),
            "found": found / len(cases) if cases[0][1] else None,
        }
        times += mine
    return {
        "imported": imported * 1000, "opened": opened * 1000, "first": first * 1000, "kinds": kinds,
        "all": {"wall": _shares([item[0] for item in times]), "cpu": _shares([item[1] for item in times])},
        "memory": private_memory(), "before": before,
    }  # fmt: skip


def _shares(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)]


def private_memory() -> float:
    """Megabytes that only this process uses (Linux: private pages of smaps_rollup)."""
    path = Path("/proc/self/smaps_rollup")
    if not path.exists():
        return float("nan")
    lines = path.read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def measure(size: int, root: Path, count: int) -> dict[str, Any]:
    """Fill, build and ask, the last two in processes of their own."""
    from benchmarks.screening.crowd import crowd  # noqa: PLC0415 - who asks does not load it

    if not (root / "parties.sqlite").exists():
        fill(root / "parties.sqlite", crowd(size))
    (root / "questions.json").write_text(json.dumps(questions(size, count)), encoding="utf-8")
    found: dict[str, Any] = {"size": size}
    for step in ("build", "ask"):
        command = [
            sys.executable,
            __file__,
            "--step",
            step,
            "--sizes",
            str(size),
            "--keep",
            str(root),
            "--queries",
            str(count),
        ]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        found[step] = json.loads(answer.stdout.splitlines()[-1])
    return found


def table(results: list[dict[str, Any]]) -> Iterator[str]:
    """The results as a page."""
    yield "| names | build s (CPU s) | file MB | build memory MB | open ms | first question ms | private MB |"
    yield "|---|---|---|---|---|---|---|"
    for result in results:
        build, asked = result["build"], result["ask"]
        yield (
            f"| {result['size']:,} | {build['wall']:.0f} ({build['cpu']:.0f}) | {build['size']:.0f} | {build['memory']:.0f} | "
            f"{asked['opened']:.1f} | {asked['first']:.0f} | {asked['memory']:.0f} |"
        )
    for result in results:
        asked = result["ask"]
        yield ""
        yield f"## {result['size']:,} names (aim: {AIMS.get(int(str(result['size'])), '—')})"
        yield ""
        yield "| questions | p50 ms (CPU) | p95 ms (CPU) | p99 ms (CPU) | found |"
        yield "|---|---|---|---|---|"
        for kind, row in [*asked["kinds"].items(), ("all", asked["all"])]:
            cells = " | ".join(f"{wall:.1f} ({cpu:.1f})" for wall, cpu in zip(row["wall"], row["cpu"], strict=True))
            found = row.get("found")
            yield f"| {kind} | {cells} | {'' if found is None else f'{found:.3f}'} |"


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000,3000000")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="A folder to keep the volumes in.")
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="Keep the result in benchmarks/results.")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.step:
        steps: dict[str, Callable[[], object]] = {
            "build": lambda: build_index(options.keep),
            "ask": lambda: ask(options.keep),
        }
        print(json.dumps(steps[options.step]()))
        return
    base = options.keep or Path(tempfile.mkdtemp())
    results = []
    for size in sizes:
        root = base / str(size)
        root.mkdir(parents=True, exist_ok=True)
        results.append(measure(size, root, options.queries))
    if options.keep is None:
        shutil.rmtree(base)
    text = "\n".join(table(results)) + "\n"
    print(text)
    if options.write:
        head = f"# Screening at scale\n\nCommand: `python benchmarks/screening/scale.py --write` · {os.cpu_count()} cores, Python {sys.version.split()[0]}\n\n"
        (ROOT / "benchmarks" / "results" / "screening-scale.md").write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
