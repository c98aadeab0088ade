"""Count in how many listed entities each sound stands, and write the package's weights.

    python benchmarks/screening/make_weights.py --common common.tsv [--leave-out HALF] [--into FILE]

Only sounds that stand in three or more entities are written, as a sound and a number; no name can be read back from them.
`--common` (see common_names.py) adds how common names are in the world: a list of sanctioned parties does not know how
many Müllers there are. `--leave-out 0` or `1` leaves that half of the entities out, for held-out measurements.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screening import lists, pairs
from border_kit.screening.letters import folded, word
from border_kit.screening.parse import parse
from border_kit.screening.tables import DATA, words_of
from border_kit.screening.weights import COUNTED_BY_MEANING

LEAST = 3
MOST_COMMON = 0.03
"""A share above this comes from a short list, not from a common name."""
LEAST_COMMON = 0.0028
CHOSEN = 0.012
"""The share taken for words that very many firms choose for a name (common_words.tsv beside this file)."""
HEAD = """# In how many entities of public party lists a sound stands (three or more). Columns: table, sound or consonants, entities.
# Made by benchmarks/screening/make_weights.py from the UN, OFAC, EU journal and BIS lists; aggregate counts only. Of names that are
# commoner among people than in the lists, the share among people stands instead (Faker, MIT: census and registry lists of names).
"""


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
                keys = word(part.canon) if part.role in COUNTED_BY_MEANING else part.keys
                if len(keys.sound) > 1 and part.role not in {"legal", "initial", "number", "stop"}:
                    sounds.add(keys.sound)
                    skeletons.add(keys.skeleton)
        found[table].update(sounds)
        found["skeleton"].update(skeletons - {""})
        found["total"][table] += 1
    return found


def raise_common(found: dict[str, Counter[str]], path: Path) -> None:
    """Raise the counts of names to their share among people."""
    total = found["total"]["person"]
    shares: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, share = line.split("\t")
        keys = word(folded(name))
        if float(share) >= LEAST_COMMON and len(keys.sound) > 1 and not keys.bare:
            shares[keys.sound] = max(shares.get(keys.sound, 0.0), min(MOST_COMMON, float(share)))
            skeleton = keys.skeleton
            if len(skeleton) > 1:
                found["skeleton"][skeleton] = max(found["skeleton"][skeleton], round(float(share) * total))
    for sound, share in shares.items():
        found["person"][sound] = max(found["person"][sound], round(share * total))


def raise_chosen(found: dict[str, Counter[str]]) -> None:
    """Raise the counts of words that firms like."""
    count = round(CHOSEN * found["total"]["other"])
    for line in Path(__file__).with_name("common_words.tsv").read_text(encoding="utf-8").splitlines():
        cell = "" if line.startswith("#") else line.split("\t")[1]
        for form in words_of(cell):
            keys = word(folded(form))
            key, table = (keys.skeleton, "skeleton") if keys.bare else (keys.sound, "other")
            if len(key) > 1:
                found[table][key] = max(found[table][key], count)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leave-out", type=int, choices=(0, 1))
    parser.add_argument("--common", type=Path)
    parser.add_argument("--into", type=Path, default=DATA / "weights.tsv")
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    kept = [entity for entity in pairs.merged(lists.everything(folder)) if pairs.half(entity) != options.leave_out]
    found = count(kept)
    raise_chosen(found)
    if options.common:
        raise_common(found, options.common)
    lines = [
        f"{table}\t{key}\t{number}"
        for table, counter in found.items()
        for key, number in sorted(counter.items())
        if number >= LEAST or table == "total"
    ]
    options.into.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(kept)} entities, {len(lines)} rows into {options.into.name}")


if __name__ == "__main__":
    main()
