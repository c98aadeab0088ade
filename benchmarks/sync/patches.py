"""What a day and a week of changes cost on the wire, what publishing costs, and what applying a patch needs in memory.

    python benchmarks/sync/patches.py [--changes 100]

The volume is a real list of parties (the legacy CSV of `../shared/data`), imported, changed and imported again as an authority
would; the changes are ours. Without those data an invented list of like size stands in. Writes results/sync-patches.md.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import zstandard

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from border_kit.catalog import volumes, writer
from border_kit.catalog.importers import import_into
from border_kit.sync import patch, publish, published, repository
from border_kit.sync.derive import derive
from tests.conftest import shared
from tests.sync.authority import START, Authority, Files, Office, names

DAYS = 5
MORE_DAYS = 10
LIST = "parties/ofac_sdn_2021"


def source(into: Path) -> str:
    """The list to publish, as a folder in the office's layout; what it is, for the report."""
    found = shared()
    if found and (found / LIST).is_dir():
        shutil.copytree(found / LIST, into, dirs_exist_ok=True)
        return "a real list of 8,976 parties (legacy CSV)"
    into.mkdir(parents=True)
    rows = [
        f'{n},"{name.upper()}",-0- ,"XX",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Tax ID {n * 7919} (XA); Registration {n}."'
        for n, name in names(9_000).items()
    ]
    (into / "sdn.csv").write_text("\r\n".join(rows) + "\r\n", encoding="latin-1", newline="")
    for name in ("alt.csv", "add.csv"):
        (into / name).write_text("", encoding="latin-1")
    return "an invented list of 9,000 parties"


def change(folder: Path, count: int, seed: int) -> None:
    """So many entries change as lists do: names corrected, numbers added, entries gone and new."""
    chance = random.Random(seed)
    path = folder / "sdn.csv"
    rows: list[str | None] = [*path.read_text(encoding="latin-1").split("\n")]
    able = [at for at, row in enumerate(rows) if row and row.count(",") > 8]
    for at in chance.sample(able, count):
        cells = next(csv.reader([str(rows[at])]))
        kind = chance.random()
        if kind < 0.2:
            rows[at] = None
            continue
        if kind < 0.5:
            cells[1] = f"{cells[1]} {cells[1][:4][::-1]}"
        elif kind < 0.85:
            cells[11] = f"{cells[11].strip()} Passport X{chance.randrange(10**7)} (XA);"
        else:
            cells[0], cells[1] = (
                str(60_000 + chance.randrange(10**6)),
                f"NEW FIRM {chance.randrange(10**6)} OF TESKARIN",
            )
        rows[at] = ",".join([cells[0], *(f'"{cell}"' if cell.strip() != "-0-" else cell for cell in cells[1:])])
    path.write_text("\n".join(row for row in rows if row is not None), encoding="latin-1", newline="")


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    started = time.process_time()
    work()
    return time.process_time() - started


def wire(office: Office, authority: Authority) -> tuple[int, int]:
    """Bytes of one pull: of the volume's files, and of metadata."""
    updater = office.updater(authority.folder, authority.now)
    fetcher = updater._fetcher  # noqa: SLF001 - to count its bytes
    assert isinstance(fetcher, Files)
    updater.refresh()
    volume = updater.publication().volumes["parties"]
    current = office.home / "parties.sqlite"
    steps = volume.way(patch.sha256(current) if current.exists() else None)
    for step in steps:
        packed, out = office.home / "packed", office.home / "out"
        updater.bring(step, packed)
        patch.apply(packed, out, length=step.size, sha256=step.digest, base=current if step.base else None)
        out.replace(current)
    data = sum(step.length for step in steps)
    return data, sum(fetcher.fetched.values()) - data


def peak(base: Path, packed: Path, length: int, sha256: str) -> str:
    """The peak memory of a process that loads the client and applies a patch."""
    program = (
        "import sys\nfrom pathlib import Path\nimport border_kit.sync.updater\nfrom border_kit.sync import patch\n"
        "patch.apply(Path(sys.argv[1]), Path(sys.argv[2]), length=int(sys.argv[3]), sha256=sys.argv[4], base=Path(sys.argv[5]))\n"
        "rows = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(int(rows['VmHWM'].split()[0]) // 1024)"
    )
    words = [sys.executable, "-c", program, packed, packed.with_name("applied"), str(length), sha256, base]
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.strip()


def ways_of_publishing(old: Path, new: Path, scratch: Path) -> Iterator[str]:
    """The same change, published in several ways: the size of its patch."""
    yield f"| rows changed in the published file, without SQL indexes (what `sync publish` does) | {len(patch.make(old, new)):,} |"
    indexed = [scratch / "old-indexed", scratch / "new-indexed"]
    for source_file, with_indexes in zip((old, new), indexed, strict=True):
        shutil.copyfile(source_file, with_indexes)
        writer.add_indexes(with_indexes, "parties")
    yield f"| the same with its indexes, made anew | {len(patch.make(*indexed)):,} |"
    vacuumed = scratch / "vacuumed"
    vacuumed.unlink(missing_ok=True)
    with closing(sqlite3.connect(new)) as connection:
        connection.execute("VACUUM INTO ?", (str(vacuumed),))
    yield f"| the file after a VACUUM | {len(patch.make(old, vacuumed)):,} |"
    base = old.read_bytes()

    raw = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    ours = zstandard.ZstdCompressionParameters(
        compression_level=19,
        window_log=26,
        hash_log=25,
        chain_log=26,
        search_log=8,
        min_match=4,
        target_length=256,
        strategy=zstandard.STRATEGY_BTULTRA2,
    )
    own = {
        level: zstandard.ZstdCompressionParameters.from_level(
            level, source_size=new.stat().st_size, dict_size=len(base), window_log=26
        )
        for level in (3, 19)
    }
    for what, settings in {
        "search tables that cover both files": ours,
        **{f"zstd's own tables of level {n}": own[n] for n in own},
    }.items():
        made = zstandard.ZstdCompressor(compression_params=settings, dict_data=raw).compress(new.read_bytes())
        yield f"| rows changed, one frame over the whole file, {what} | {len(made):,} |"


def completed(scratch: Path) -> tuple[int, int, float]:
    """Installing the last day: bytes of the published file, of the way back to it, CPU seconds for the indexes and that way."""
    office = scratch / "installed"
    office.mkdir()
    shutil.copyfile(scratch / "last", office / "parties.sqlite")
    seconds = spent(lambda: published.complete(office, "parties", scratch / "last"))
    return (scratch / "last").stat().st_size, (office / published.back_file("parties")).stat().st_size, seconds


def every_page(scratch: Path) -> str:
    """The peak memory of applying a patch to a volume of 64 MB of which every page changed: the worst that a patch can ask."""
    chance = random.Random(1)
    words = [chance.randbytes(12).hex().encode() for _ in range(5_000)]
    old, new, packed = (scratch / f"every-page-{name}" for name in ("old", "new", "packed"))
    with old.open("wb") as before, new.open("wb") as after:
        for _ in range(64_000_000 // patch.PAGE):
            page = b" ".join(chance.choices(words, k=170))[: patch.PAGE].ljust(patch.PAGE)
            at = chance.randrange(patch.PAGE - 8)
            before.write(page)
            after.write(page[:at] + b"changed!" + page[at + 8 :])
    packed.write_bytes(patch.make(old, new, quick=True))
    return peak(old, packed, new.stat().st_size, patch.sha256(new))


def more_days(scratch: Path, edition: Callable[[date], volumes.VolumeInfo], changes: int) -> list[int]:
    """The patch of each of the days that follow, from one published file to the next."""
    sizes = []
    for day in range(DAYS, DAYS + MORE_DAYS):
        change(scratch / "list", changes, day)
        info = edition(START.date() + timedelta(days=day + 1))
        derive(info, scratch / "catalog" / "parties.sqlite", scratch / "last", scratch / "next")
        sizes.append(len(patch.make(scratch / "last", scratch / "next")))
        (scratch / "next").replace(scratch / "last")
    return sizes


def metadata_of_nine_weeks(scratch: Path) -> tuple[int, list[str]]:
    """Nine weeks of daily editions of a small volume: bytes of metadata that an office fetches, and where it comes from in two steps."""
    authority = Authority(scratch / "small")
    authority.found()
    known, bases = names(300), []
    for day in range(63):
        known[day] = f"Renamed on day {day}"
        authority.parties(known)
        if day in (7, 20, 40, 55, 61):
            office = Office(scratch / f"office-{day}", authority.root)
            office.pull(authority.folder, authority.now)
            bases.append((day, office))
        authority.later(days=1)
    authority.later(days=-1)
    rows = ["| office was last current | data | metadata | full file |", "|---|---|---|---|"]
    full = repository.read(authority.folder).metadata["parties"].signed.targets["parties/full.zst"].length
    for day, office in bases:
        data, about = wire(office, authority)
        rows.append(f"| {62 - day} days ago | {data:,} | {about:,} | {full:,} |")
    return about, rows


def _spread(sizes: list[int]) -> str:
    within = sum(size <= 100_000 for size in sizes)
    return f"median {int(median(sizes)):,}, largest {max(sizes):,}, {within} of them within 100,000"


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=100, help="entries that change a day")
    changes = parser.parse_args().changes
    with tempfile.TemporaryDirectory(prefix="border-kit-") as folder:
        lines = measured(Path(folder), changes)
    text = "\n".join(lines)
    print(text)
    (ROOT / "benchmarks" / "results" / "sync-patches.md").write_text(text, encoding="utf-8")


def measured(scratch: Path, changes: int) -> list[str]:
    """The report."""
    what = source(scratch / "list")
    catalog, authority = scratch / "catalog", Authority(scratch / "repository")
    authority.found()

    def imported(day: date) -> volumes.VolumeInfo:
        import_into(
            "ofac-csv", scratch / "list", catalog, list_id="LIST", edition=day.isoformat(), today=date(2026, 11, 1)
        )
        with closing(volumes.open_catalog(catalog, date(2026, 11, 1))) as opened:
            return opened.info("parties")

    def edition() -> publish.Prepared:
        imported(authority.now.date())
        return authority.publish(catalog, only=("parties",))

    edition()
    offices = {name: Office(scratch / name, authority.root) for name in ("daily", "weekly")}
    first = min(wire(office, authority) for office in offices.values())
    (scratch / "before").write_bytes((scratch / "daily" / "parties.sqlite").read_bytes())
    days, times = [], []
    for day in range(DAYS):
        authority.later(days=1)
        change(scratch / "list", changes, day)
        times.append(spent(edition))
        days.append(wire(offices["daily"], authority))
        if day == 0:
            (scratch / "after").write_bytes((scratch / "daily" / "parties.sqlite").read_bytes())
    week = wire(offices["weekly"], authority)
    size = (catalog / "parties.sqlite").stat().st_size
    content = repository.read(authority.folder).metadata["parties"].signed
    (scratch / "packed").write_bytes(patch.make(scratch / "before", scratch / "after"))
    after = scratch / "after"
    memory = peak(scratch / "before", scratch / "packed", after.stat().st_size, patch.sha256(after))
    with closing(volumes.open_catalog(catalog, date(2026, 11, 1))) as opened:
        info = opened.info("parties")
    derived = spent(lambda: derive(info, catalog / "parties.sqlite", scratch / "before", scratch / "derived"))
    ways = list(ways_of_publishing(scratch / "before", scratch / "after", scratch))
    shutil.copyfile(scratch / "daily" / "parties.sqlite", scratch / "last")
    published_size, back, finishing = completed(scratch)
    patches = [*(data for data, _ in days), *more_days(scratch, imported, changes)]
    about, weeks = metadata_of_nine_weeks(scratch)
    return [
        "# Patches: bytes on the wire, time, memory",
        "",
        f"Command: `python benchmarks/sync/patches.py --changes {changes}` · volume of parties: {what}, {size:,} bytes as it is installed, {published_size:,} as it is published",
        f"A day changes {changes} entries (names, numbers, gone, new); a week is {DAYS} such days. Times are CPU seconds.",
        "",
        "| pull | data | metadata | together |",
        "|---|---|---|---|",
        f"| first, the full file | {first[0]:,} | {first[1]:,} | {sum(first):,} |",
        *(f"| day {day + 1} | {data:,} | {about:,} | {data + about:,} |" for day, (data, about) in enumerate(days)),
        f"| a week at once | {week[0]:,} | {week[1]:,} | {sum(week):,} |",
        "",
        f"- Publishing: {times[0]:.1f} s with one patch, {times[-1]:.1f} s with {DAYS}; changing the published file row by row {derived:.1f} s.",
        f"- Applying the patch of a day: peak memory {memory} MB with the whole client loaded (allowed: 120 MB).",
        f"- Applying a patch to a volume of 64 MB of which every page changed, in pieces: peak memory {every_page(scratch)} MB with the whole client loaded.",
        f"- Installing: making the indexes and the way back to the published file {finishing:.1f} s; that way takes {back:,} bytes.",
        f"- Targets of the role: {len(content.targets)}.",
        f"- With the metadata of nine weeks ({about:,}): the largest of the {DAYS} days {max(patches[:DAYS]) + about:,}, the week {week[0] + about:,}.",
        f"- {len(patches)} days one after another, with the metadata of nine weeks: {_spread([size + about for size in patches])}.",
        "",
        "## The same day published in other ways",
        "",
        "| way | patch in bytes |",
        "|---|---|",
        *ways,
        "",
        "## After nine weeks of daily editions (a small volume)",
        "",
        *weeks,
        "",
    ]


if __name__ == "__main__":
    main()
