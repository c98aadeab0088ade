"""Finding the entry of paraphrased list text, with the United States list imported: root@5, with and without typing errors.

    python benchmarks/classification/us_list.py [--catalog DIR] [--count 600] [--seed 1] [--misses] [--write]

The list stands outside the repository (`../shared/data` beside it, or the folder that BORDER_KIT_SHARED names). Queries are made
from its paragraphs by a rule that knows nothing of the engine: words dropped, clauses turned round, words exchanged by a table of
everyday synonyms, endings changed; then a third of the words of four letters and more misspelt. A hit is the paragraph's root
among the roots of the first five candidates, whatever their band. Also measured: what the imported text does to ordinary goods
(`lines.jsonl`, `independent.jsonl`), and the time a line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from border_kit.catalog.importers import import_into
from border_kit.catalog.volumes import Catalog, open_catalog
from border_kit.classification.engine import Classifier
from border_kit.classification.model import Classification
from border_kit.desk.install import install

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "results" / "us_list.md"
TODAY = date(2026, 11, 27)
TOP = 5
DROPPED = 0.2
SHORTEST = 8
"""Words of four letters and more that a paragraph must have to be asked about: fewer say nothing that could be found."""

# Everyday English for the language of lists; made from a dictionary of synonyms, not from the engine's vocabulary.
SYNONYMS = {
    "ability": "capacity", "accessories": "extras", "adapted": "fitted", "additional": "further", "any": "some", "apparatus": "device",
    "area": "surface", "assemblies": "units", "associated": "related", "automatic": "self-acting", "based": "resting",
    "capable": "able", "capacity": "volume", "characteristics": "features", "combination": "mix", "combinations": "mixtures",
    "commodities": "goods", "components": "parts", "composed": "made", "configured": "arranged", "consisting": "made",
    "containing": "with", "control": "steering", "controlled": "regulated", "controlling": "governing", "conversion": "change",
    "designed": "intended", "detection": "finding", "development": "creation", "device": "gadget", "devices": "gadgets",
    "employing": "using", "enumerated": "listed", "equal": "same", "equipment": "gear", "equipped": "fitted", "exceeding": "above",
    "excess": "over", "excluding": "without", "fabricated": "made", "following": "next", "formulated": "made", "greater": "more",
    "having": "with", "improved": "better", "including": "with", "incorporating": "with", "individual": "single",
    "intended": "meant", "item": "article", "items": "articles", "large": "big", "less": "under", "limited": "restricted",
    "machinery": "machines", "manufacture": "making", "material": "substance", "materials": "substances", "maximum": "top",
    "means": "ways", "measurement": "measuring", "method": "way", "methods": "ways", "minimum": "lowest", "modified": "changed",
    "multiple": "several", "obtaining": "getting", "operating": "working", "operation": "working", "output": "yield",
    "particularly": "especially", "performance": "power", "permitting": "allowing", "portion": "part", "portions": "parts",
    "possessing": "with", "preparation": "making", "prevent": "stop", "prepared": "made", "primarily": "mainly", "procedures": "steps",
    "processing": "handling", "produce": "make", "production": "making", "protection": "shielding", "provide": "give",
    "providing": "giving", "purpose": "aim", "purposes": "aims", "quantity": "amount", "quantities": "amounts", "range": "span",
    "rapid": "fast", "rate": "speed", "reduce": "lower", "reduction": "lowering", "related": "connected", "remote": "distant",
    "required": "needed", "simultaneously": "together", "small": "little", "specially": "specifically", "specified": "named",
    "storage": "keeping", "structures": "bodies", "suitable": "fit", "systems": "installations", "techniques": "methods",
    "therefor": "for them", "total": "whole", "transfer": "move", "type": "kind", "types": "kinds", "use": "employment",
    "used": "employed", "utilizing": "using", "variable": "changing", "various": "different", "vehicles": "carriers", "vessels": "containers",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.,/-]*[A-Za-z0-9])?")
_CODE = re.compile(r"[0-9][A-E](?:[0-9]{3}[a-z0-9.]*)?|[IVX]{2,5}|[IVX]{1,5}\([a-z].*")
"""Codes are left out of the queries: they would tell the answer, or another one."""
_EMPTY = re.compile(r"\[reserved\]|not used|^n/?a\b", re.IGNORECASE)


def paraphrase(text: str, rng: random.Random) -> str:
    """A text said otherwise: a fifth of the words gone, its halves turned round, synonyms, other endings."""
    words = [word for word in _WORD.findall(text) if not _CODE.fullmatch(word)]
    words = [word for word in words if rng.random() > DROPPED]
    turn = rng.randrange(len(words) // 3, max(len(words) // 3 + 1, 2 * len(words) // 3)) if len(words) > 3 else 0
    words = words[turn:] + words[:turn]
    said = []
    for word in words:
        lower = word.lower()
        if lower in SYNONYMS and rng.random() < 0.7:
            said.append(SYNONYMS[lower])
        elif word.isalpha() and len(word) > 4 and rng.random() < 0.3:
            said.append(_inflected(word))
        else:
            said.append(word)
    return " ".join(said)


def _inflected(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    if word.endswith("ed") and len(word) > 6:
        return word[:-2] + "ing"
    if word.endswith(("ing", "ss", "ly", "y")):
        return word
    return word + "s"


def misspelt(text: str, rng: random.Random) -> str:
    """A third of the words of four letters and more with one typing error: a letter gone, doubled, wrong, or two exchanged."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if word.isalpha() and len(word) >= 4]
    for place in rng.sample(long, round(len(long) / 3)):
        word = words[place]
        at = rng.randrange(1, len(word) - 1)
        kind = rng.randrange(4)
        if kind == 0:
            words[place] = word[:at] + word[at + 1 :]
        elif kind == 1:
            words[place] = word[: at + 1] + word[at:]
        elif kind == 2:
            words[place] = word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]
        else:
            words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def paragraphs(catalog: Catalog, lists: tuple[str, ...] = ("US-CCL", "USML")) -> list[tuple[str, str]]:
    """Root and text of every paragraph that says enough to be looked for."""
    rows = catalog.rows("controls", f"SELECT list, root, text FROM list_text WHERE {catalog.in_force} ORDER BY id")
    return [
        (row["root"], row["text"])
        for row in rows
        if row["list"] in lists
        and not _EMPTY.search(row["text"])
        and sum(len(word) >= 4 for word in re.findall(r"[A-Za-z]+", row["text"])) >= SHORTEST
    ]


def found(answer: Classification, root: str) -> bool:
    """Whether the root is among those of the first five candidates."""
    return root in [candidate.root for candidate in answer.candidates[:TOP]]


def measure(
    classifier: Classifier, queries: list[tuple[str, str]], *, show: bool = False
) -> tuple[float, float, float]:
    """Share of queries whose root is found, median and 95th percentile of milliseconds a line."""
    hits, times = 0, []
    for root, text in queries:
        start = time.process_time()
        answer = classifier.classify(text)
        times.append(1000 * (time.process_time() - start))
        hit = found(answer, root)
        hits += hit
        if show and not hit:
            print(root, "|", text[:160], "|", [(item.band[0], item.code) for item in answer.candidates[:TOP]])
    return hits / len(queries), statistics.median(times), statistics.quantiles(times, n=20)[-1]


def ordinary() -> Iterator[dict[str, Any]]:
    """Ordinary goods of both sets of lines."""
    for name in ("lines.jsonl", "independent.jsonl"):
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] == "ordinary":
                yield row


def alerts(classifier: Classifier, *, show: bool = False) -> tuple[int, int]:
    """Ordinary goods that are answered otherwise than none, of how many."""
    rows = list(ordinary())
    count = 0
    for row in rows:
        answer = classifier.classify(row["text"], row.get("hs"))
        count += answer.verdict != "none"
        if show and answer.verdict != "none":
            print("ALERT", row["text"][:100], [(item.band, item.code, item.concept) for item in answer.candidates[:3]])
    return count, len(rows)


def imported(into: Path) -> Path:
    """A catalog of the shipped controls and the United States list."""
    shared = Path(os.environ.get("BORDER_KIT_SHARED", HERE.parents[2] / "shared" / "data"))
    path = shared / "controls" / "us" / "eccn.csv"
    if not path.is_file():
        sys.exit("The list is not here: set BORDER_KIT_SHARED to the folder that holds controls/us/eccn.csv.")
    import_into("ccl-csv", path, into, edition="2026-02-01", today=TODAY, install=install)
    return into


def main() -> None:
    """Measure, print, and write the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--catalog", type=Path, help="a catalog that has the list already")
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalog = open_catalog(options.catalog or imported(Path(folder)), TODAY)
        rng = random.Random(options.seed)
        chosen = rng.sample(paragraphs(catalog), options.count)
        said = [(root, paraphrase(text, rng)) for root, text in chosen]
        wrong = [(root, misspelt(text, rng)) for root, text in said]
        classifier = Classifier(catalog)
        lines = [
            _row("paraphrased", measure(classifier, said, show=options.misses), len(said)),
            _row("a third of the words misspelt", measure(classifier, wrong, show=options.misses), len(wrong)),
        ]
        count, total = alerts(classifier, show=options.misses)
        lines.append(f"| ordinary goods: false alerts | {count / total:.4f} ({count}/{total}) | | |")
        catalog.close()
    table = "\n".join(("| queries | root@5 | ms a line, median | 95th percentile |", "|---|---|---|---|", *lines))
    print(table)
    if options.write:
        command = f"python benchmarks/classification/us_list.py --count {options.count} --seed {options.seed} --write"
        REPORT.write_text(
            f"# Paraphrased list text, with the United States list imported\n\nMeasured {date.today().isoformat()} by `{command}`;\n"  # noqa: DTZ011 - the day of the measurement
            "times are CPU time of one line on a loaded machine. How queries are made stands in the script.\n\n"
            + table
            + "\n",
            encoding="utf-8",
        )


def _row(name: str, figures: tuple[float, float, float], count: int) -> str:
    share, median, slow = figures
    return f"| {name} | {share:.3f} ({round(share * count)}/{count}) | {median:.1f} | {slow:.1f} |"


if __name__ == "__main__":
    main()
