"""Figures of classification on our own lines (see README.md beside this file). Prints what was measured, exits 0.

python benchmarks/classification/run.py CATALOG_DIR [--misses]
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from border_kit.catalog.volumes import open_catalog
from border_kit.classification.engine import Classifier
from border_kit.classification.model import Classification

TOP = 3


def found_at(answer: Classification, roots: list[str]) -> int:
    """At which place the first candidate of an expected root stands (0: nowhere that counts)."""
    for place, candidate in enumerate(answer.candidates, start=1):
        codes = (candidate.code, *candidate.equivalents)
        if candidate.band != "weak" and any(
            code == root or code.startswith((f"{root}.", f"{root}(")) for code in codes for root in roots
        ):
            return place
    return 0


def right(row: dict[str, Any], answer: Classification) -> bool:
    """Whether a line is answered as its kind demands."""
    if row["kind"] == "controlled":
        return 0 < found_at(answer, row["roots"]) <= TOP
    if row["kind"] == "ordinary":
        return answer.verdict == "none"
    return answer.verdict != "likely"


def main(arguments: list[str]) -> None:
    """Measure and print."""
    rows = [
        json.loads(line) for line in Path(__file__).with_name("lines.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    classifier = Classifier(open_catalog(Path(arguments[0]), datetime.now(tz=UTC).date()))
    tally: dict[str, list[bool]] = defaultdict(list)
    start = time.perf_counter()
    answers = [classifier.classify(row["text"], row.get("hs")) for row in rows]
    elapsed = time.perf_counter() - start
    for row, answer in zip(rows, answers, strict=True):
        tally[row["kind"]].append(right(row, answer))
        if row["kind"] == "controlled":
            tally[f"  {row['lang']}"].append(right(row, answer))
            tally["  likely"].append(answer.verdict == "likely")
        if "--misses" in arguments and not tally[row["kind"]][-1]:
            shown = ", ".join(f"{item.band[0]}:{item.code}({item.concept})" for item in answer.candidates[:TOP])
            print(
                f"{row['kind']:10} {row['text'][:70]!r} expected {row.get('roots', '-')} got {answer.verdict} {shown}"
            )
    for kind, results in tally.items():
        print(f"{kind:12} {sum(results):4} of {len(results):4} = {sum(results) / len(results):.3f}")
    print(
        f"{len(rows)} distinct lines in {elapsed:.2f} s: {len(rows) / elapsed:.0f} lines/s, {1000 * elapsed / len(rows):.2f} ms a line"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
