"""Search end to end: recall on changed spellings of listed names, alerts on ordinary names, time, memory, size.

    python benchmarks/screening/search.py [--sample 1500] [--grow 1000000]

`--grow` adds invented names (common given and family names recombined, so that common words are very common) up to so many.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screening import lists, ordinary
from benchmarks.screening.crowd import crowd
from border_kit import store
from border_kit.catalog.volumes import Catalog, VolumeInfo, index_file, index_key, table_sql
from border_kit.screening.engine import Screener
from border_kit.screening.index.build import build
from border_kit.screening.model import Query

TODAY = date(2026, 11, 23)


def fill(root: Path, entities: list[lists.Entity], grow: int = 0) -> Catalog:
    """A catalog of one parties volume and its index."""
    volume = store.create_volume(root / "parties.sqlite")
    for sql in table_sql("parties").values():
        volume.execute(sql)
    volume.execute("BEGIN")
    numbers = 0
    for number, entity in enumerate(entities):
        party = f"{entity.list}:{entity.id}"
        _add(volume, party, f"{number:08}", entity)
        numbers += len(entity.names)
    for number, (name, kind) in enumerate(crowd(max(0, grow - numbers), 3)):
        _add(volume, f"X:{number}", f"x{number:08}", lists.Entity(str(number), "X", kind, ((name, "primary"),)))
    store.seal(volume, root / "parties.sqlite")
    source = store.open_volume(root / "parties.sqlite")
    index = store.create_volume(root / index_file("parties"))
    start = time.perf_counter()
    build(source, index, index_key("d" * 64))
    store.seal(index, root / index_file("parties"))
    names = source.execute("SELECT count(*) FROM party_name").fetchone()[0]
    size = (root / index_file("parties")).stat().st_size / 1e6
    print(f"{names} names: index built in {time.perf_counter() - start:.1f} s, {size:.0f} MB")
    info = VolumeInfo("parties", "parties.sqlite", "2026-11-23", TODAY, demo=False, digest="d" * 64, rows={})
    return Catalog(root, {"parties": info}, TODAY)


def _add(volume: sqlite3.Connection, party: str, key: str, entity: lists.Entity) -> None:
    caption = entity.names[0][0]
    volume.execute("INSERT OR REPLACE INTO party VALUES (?,?,?)", (party, entity.kind, caption))
    volume.execute(
        "INSERT INTO listing VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (key, party, entity.list, entity.id, entity.kind, caption, None, None, None, None, "e", None, None),
    )
    for number, (name, quality) in enumerate(entity.names):
        volume.execute(
            "INSERT INTO party_name VALUES (?,?,?,?,?,?,?,?,?)",
            (f"{key}/{number:03}", party, key, name, quality, None, "e", None, None),
        )


def typo(name: str, draw: random.Random) -> str:
    """One slip of the hand in a word of five letters or more."""
    places = [index for index, char in enumerate(name) if char.isalpha() and len(_word_at(name, index)) >= 5]
    if not places:
        return name
    at = draw.choice(places)
    how = draw.choice(("drop", "double", "swap", "change"))
    if how == "drop":
        return name[:at] + name[at + 1 :]
    if how == "double":
        return name[:at] + name[at] + name[at:]
    if how == "swap" and at + 1 < len(name) and name[at + 1].isalpha():
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + draw.choice("aeiorstnlm") + name[at + 1 :]


def _word_at(name: str, at: int) -> str:
    start = name.rfind(" ", 0, at) + 1
    stop = name.find(" ", at)
    return name[start : stop if stop >= 0 else len(name)]


def recall(
    screener: Screener, title: str, cases: list[tuple[str, lists.Entity]], change: Callable[[str], str], worst: int
) -> None:
    """Print how often the listing comes first, among five, at all, and as an alert."""
    first = five = alert = candidates = 0
    missed: list[tuple[str, str]] = []
    for name, entity in cases:
        asked = change(name)
        hits = screener.screen(Query(asked)).hits
        # A namesake listed twice is as right as the one drawn.
        right = {f"{entity.list}:{entity.id}"}
        places = [place for place, hit in enumerate(hits) if hit.party in right]
        same = [place for place, hit in enumerate(hits) if hit.name == name]
        place = min([*places, *same], default=99)
        first += place == 0 or (place < 99 and hits[place].score >= hits[0].score)
        five += place < 5
        candidates += place < 99
        alert += place < 99 and hits[place].alert
        if place >= 5:
            missed.append((asked, name))
    size = len(cases) or 1
    print(
        f"{title:28}{len(cases):6}  @1 {first / size:.4f}  @5 {five / size:.4f}  shown {candidates / size:.4f}  alert {alert / size:.4f}"
    )
    for asked, name in missed[:worst]:
        print("    missed", repr(asked), "of", repr(name))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=1500)
    parser.add_argument("--grow", type=int, default=0)
    parser.add_argument("--worst", type=int, default=0)
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    entities = [entity for entity in [*lists.un(folder), *lists.ofac(folder)] if entity.names[0][0]]
    with tempfile.TemporaryDirectory() as root:
        catalog = fill(Path(root), entities, options.grow)
        _measure(catalog, entities, options)
        catalog.close()
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (building included)")


def _measure(catalog: Catalog, entities: list[lists.Entity], options: argparse.Namespace) -> None:
    start = time.perf_counter()
    screener = Screener(catalog)
    print(f"opened in {(time.perf_counter() - start) * 1000:.1f} ms")
    start = time.perf_counter()
    screener.screen(Query("Quartermain Ellsworth"))
    print(f"first query {(time.perf_counter() - start) * 1000:.1f} ms")
    draw = random.Random(1)
    named = [(name, quality, entity) for entity in entities for name, quality in entity.names]
    sets = {
        "verbatim": [(name, entity) for name, quality, entity in named if quality == "primary"],
        "alias": [(name, entity) for name, quality, entity in named if quality in {"alias", "former"}],
        "weak alias": [(name, entity) for name, quality, entity in named if quality == "weak"],
        "original script": [(name, entity) for name, quality, entity in named if quality == "original"],
    }
    for title, cases in sets.items():
        recall(screener, title, draw.sample(cases, min(options.sample, len(cases))), lambda name: name, options.worst)
    sample = draw.sample(sets["verbatim"], min(options.sample, len(sets["verbatim"])))
    recall(screener, "one typo", sample, lambda name: typo(name, draw), options.worst)
    recall(
        screener,
        "words turned",
        sample,
        lambda name: " ".join(sorted(name.replace(",", "").split(), key=lambda _: draw.random())),
        options.worst,
    )
    recall(
        screener,
        "typo, words turned",
        sample,
        lambda name: typo(" ".join(name.replace(",", "").split()[::-1]), draw),
        options.worst,
    )
    for title, names in (("persons", ordinary.persons(1000)), ("firms", ordinary.firms(1000))):
        _ordinary(screener, title, names, options.worst)


def _ordinary(screener: Screener, title: str, names: list[str], worst: int) -> None:
    times: list[float] = []
    alerts: list[tuple[str, str, float]] = []
    shown = 0
    for name in names:
        start = time.perf_counter()
        hits = screener.screen(Query(name)).hits
        times.append((time.perf_counter() - start) * 1000)
        shown += bool(hits)
        if hits and hits[0].alert:
            alerts.append((name, hits[0].name, hits[0].score))
    times.sort()
    at = {share: times[min(len(times) - 1, int(share * len(times)))] for share in (0.5, 0.95, 0.99)}
    print(
        f"ordinary {title}: {len(alerts)} of {len(names)} alert, {shown} show a hit; "
        f"p50 {at[0.5]:.1f} ms, p95 {at[0.95]:.1f} ms, p99 {at[0.99]:.1f} ms"
    )
    for alert in alerts[: worst * 3]:
        print("    alert", alert)


if __name__ == "__main__":
    main()
