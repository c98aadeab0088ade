"""Alerts on ordinary names, through the whole search over the UN and OFAC lists, in two halves: one to look at, one to measure only.

    python benchmarks/screening/alerts.py [--world world.tsv] [--sample 3000] [--show] [--catalog DIR]

Names are those of `ordinary.py` (a few common names of some twenty languages put together, the harshest case) and of world_names.py.
A name belongs to a half by its checksum; `--show` prints the alerts of the first half alone (not for keeping: the listed names are
real). A namesake is a listed name of the very same words in any order. `--catalog` keeps the catalog between runs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import zlib
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screening import lists, ordinary
from benchmarks.screening.near import kin
from benchmarks.screening.search import TODAY, fill
from border_kit.catalog.volumes import Catalog, VolumeInfo
from border_kit.screening.engine import Screener
from border_kit.screening.model import Hit, Query

Ordinary = tuple[str, str, str]
"""Where a name is from, its kind (unknown to the search), and the name."""


def half(name: str) -> int:
    """0 for names that may be looked at, 1 for those that are only measured."""
    return zlib.crc32(f"alerts {name.casefold()}".encode()) & 1


def names_of(world: Path | None, sample: int) -> list[Ordinary]:
    """The ordinary names, each once."""
    found = [("ordinary", "person", name) for name in ordinary.persons(sample, 21)]
    found += [("ordinary", "organisation", name) for name in ordinary.firms(sample // 2, 22)]
    if world is not None:
        for line in world.read_text(encoding="utf-8").splitlines():
            source, kind, name = line.split("\t")
            found.append((source.split(":")[0], kind, name))
    return list({name: (source, kind, name) for source, kind, name in found}.values())


def catalog_at(root: Path, folder: Path) -> Catalog:
    """The lists as a catalog; one that is there already is used."""
    if (root / "parties.sqlite").exists():
        info = VolumeInfo(
            "parties", "parties.sqlite", "2026-11-23", date(2026, 11, 23), demo=False, digest="d" * 64, rows={}
        )
        return Catalog(root, {"parties": info}, TODAY)
    root.mkdir(parents=True, exist_ok=True)
    return fill(root, [entity for entity in [*lists.un(folder), *lists.ofac(folder)] if entity.names[0][0]])


def measure(screener: Screener, names: list[Ordinary], *, by_kind: bool) -> list[tuple[Ordinary, Hit, bool]]:
    """The names that alert, each with its first hit, and whether that is a namesake."""
    found: list[tuple[Ordinary, Hit, bool]] = []
    for item in names:
        hits = screener.screen(Query(item[2], kind=item[1] if by_kind else None)).hits
        if hits and hits[0].alert:
            found.append((item, hits[0], kin(item[2]) == kin(hits[0].name)))
    return found


def main() -> None:
    """Print alerts per 1,000 of each source, kind and half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--sample", type=int, default=3000)
    parser.add_argument("--show", action="store_true")
    parser.add_argument(
        "--by-kind", action="store_true", help="ask with the kind of the name, as a consignment's party has"
    )
    parser.add_argument("--catalog", type=Path)
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    names = names_of(options.world, options.sample)
    with tempfile.TemporaryDirectory() as scratch:
        catalog = catalog_at(options.catalog or Path(scratch), folder)
        start = time.process_time()
        found = measure(Screener(catalog), names, by_kind=options.by_kind)
        spent = (time.process_time() - start) / len(names) * 1000
        catalog.close()
    print(f"{len(names)} names, {spent:.1f} ms of processor time a name")
    _table(names, found)
    if options.show:
        for item, hit, namesake in found:
            if half(item[2]) == 0:
                print(
                    f"{hit.score:.3f}\t{'namesake' if namesake else ''}\t{item[0]}\t{item[1]}\t{item[2]}\t{hit.name}\t{hit.kind}"
                )


def _table(names: list[Ordinary], found: list[tuple[Ordinary, Hit, bool]]) -> None:
    asked = Counter((source, kind, half(name)) for source, kind, name in names)
    alerts = Counter((item[0], item[1], half(item[2])) for item, _, _ in found)
    same = Counter((item[0], item[1], half(item[2])) for item, _, namesake in found if namesake)
    print(
        "| names | kind | half | asked | alerts | of them namesakes | alerts per 1,000 | without namesakes |\n"
        + "|---" * 8
        + "|"
    )
    for key, count in sorted(asked.items()):
        others = alerts[key] - same[key]
        print(
            f"| {key[0]} | {key[1]} | {('seen', 'measured')[key[2]]} | {count} | {alerts[key]} | {same[key]} "
            f"| {alerts[key] / count * 1000:.1f} | {others / count * 1000:.1f} |"
        )


if __name__ == "__main__":
    main()
