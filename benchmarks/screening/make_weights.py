"""Count in how many listed entities each sound stands, and write the package's weights.

    python benchmarks/screening/make_weights.py [--leave-out HALF]

Only sounds that stand in three or more entities are written, as a sound and a number; no name can be read back from them.
`--leave-out 0` or `1` leaves that half of the entities out (by a hash of their id), for held-out measurements.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screening import lists
from border_kit.screening.parse import parse
from border_kit.screening.tables import DATA

LEAST = 3
HEAD = """# In how many entities of public party lists a sound stands (three or more). Columns: table, sound or consonants, entities.
# Made by benchmarks/screening/make_weights.py from the UN, OFAC, EU journal and BIS lists; aggregate counts only.
"""


def half(entity: lists.Entity) -> int:
    """Which half an entity belongs to, for splits that no name crosses."""
    return zlib.crc32(entity.names[0][0].casefold().encode()) & 1


def count(entities: Iterable[lists.Entity]) -> dict[str, Counter[str]]:
    """Entities by sound (persons, others) and by consonants."""
    found: dict[str, Counter[str]] = {
        "person": Counter(),
        "other": Counter(),
        "skeleton": Counter(),
        "total": Counter(),
    }
    for entity in entities:
        table = "person" if entity.kind == "person" else "other"
        sounds: set[str] = set()
        skeletons: set[str] = set()
        for text, _ in entity.names:
            for part in parse(text, entity.kind).parts:
                if len(part.keys.sound) > 1 and part.role not in {"legal", "initial", "number"}:
                    sounds.add(part.keys.sound)
                    skeletons.add(part.keys.skeleton)
        found[table].update(sounds)
        found["skeleton"].update(skeletons - {""})
        found["total"][table] += 1
    return found


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leave-out", type=int, choices=(0, 1))
    parser.add_argument("--into", type=Path, default=DATA / "weights.tsv")
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    kept = [entity for entity in lists.everything(folder) if half(entity) != options.leave_out]
    rows = [
        f"{table}\t{key}\t{number}"
        for table, counter in count(kept).items()
        for key, number in sorted(counter.items())
        if number >= LEAST or table == "total"
    ]
    options.into.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(kept)} entities, {len(rows)} rows into {options.into.name}")


if __name__ == "__main__":
    main()
