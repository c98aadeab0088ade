"""Both sides of every threshold: for each class, entry and figure, a line just above and just below, in three notations.

    python benchmarks/classification/thresholds.py CATALOG_DIR [--misses]

The lines are made from the catalog itself (a term of the class, a cue of the parameter, a value 10 % to either side), so they
prove that a value which is named is read, converted, bound and judged; they say nothing about lines that people write.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from border_kit.catalog.volumes import Catalog, open_catalog
from border_kit.classification.engine import Classifier
from border_kit.classification.rules.criteria import Leaf, leaves
from border_kit.classification.rules.knowledge import Entry, Knowledge

OTHER = {"met": "not_met", "not_met": "met"}
"""What a condition under a NOT answers for the goods being caught."""
OPERATORS = {">=": (True, False), ">": (True, False), "<=": (False, True), "<": (False, True)}


def asked(catalog: Catalog, knowledge: Knowledge) -> Iterator[tuple[str, Entry, Leaf, str]]:
    """Class term, entry, leaf and cue of everything that can be put to the test."""
    sql = "SELECT r.entry, t.phrase FROM route r JOIN term t ON t.owner = r.concept WHERE t.kind = 'name' AND t.language = 'en' GROUP BY r.entry"
    for row in catalog.open("controls").execute(sql):
        entry = knowledge.entry(row["entry"])
        if entry is None or entry.criteria is None:
            continue
        for leaf in leaves(entry.criteria):
            spec: dict[str, Any] = json.loads(
                catalog.rows("controls", "SELECT spec FROM parameter WHERE id = :id", id=leaf.parameter)[0]["spec"]
            )
            cues = (spec.get("cues") or {}).get("en")
            if leaf.op in OPERATORS and cues and Decimal(leaf.value) > 0:
                yield row["phrase"], entry, leaf, cues[0]


def notations(value: Decimal, unit: str) -> tuple[str, ...]:
    """A value as three hands would write it."""
    plain = f"{value.normalize():f}"
    return (f"{plain} {unit}", f"{plain}{unit}", f"{plain.replace('.', ',')} {unit}")


def main(arguments: list[str]) -> None:
    """Measure and print."""
    catalog = open_catalog(Path(arguments[0]), datetime.now(tz=UTC).date())
    classifier, knowledge = Classifier(catalog), Knowledge(catalog)
    right = wrong = silent = absent = 0
    for term, entry, leaf, cue in asked(catalog, knowledge):
        parameter = knowledge.parameter(leaf.parameter)
        above_meets, _ = OPERATORS[leaf.op]
        for factor, meets in ((Decimal("1.1"), above_meets), (Decimal("0.9"), not above_meets)):
            for shown in notations(Decimal(leaf.value) * factor, leaf.unit):
                text = f"{term}, {cue} {shown}"
                answer = classifier.classify(text)
                verdicts = {
                    OTHER.get(item.verdict, item.verdict) if item.rule.startswith("not ") else item.verdict
                    for candidate in answer.candidates
                    if candidate.entry == entry.id
                    for item in candidate.parameters
                    if parameter is not None
                    and item.id == parameter.id
                    and item.rule.removeprefix("not ").startswith(f"{leaf.op} {leaf.value}")
                }
                if not any(candidate.entry == entry.id for candidate in answer.candidates):
                    same = any(entry.code in candidate.equivalents for candidate in answer.candidates)
                    absent += not same  # an equivalent of another list is answered under the entry that is offered
                    continue
                expected = "met" if meets else "not_met"
                right += expected in verdicts
                silent += bool(verdicts) and verdicts <= {"not_stated"}
                wrong += expected not in verdicts
                if "--misses" in arguments and expected not in verdicts:
                    print(f"{text!r} {entry.code} {leaf.parameter} expected {expected} got {sorted(verdicts)}")
    print(
        f"right {right}, wrong or not found {wrong} (of these bound to nothing: {silent}): {right / max(1, right + wrong):.3f}; entry not offered {absent}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
