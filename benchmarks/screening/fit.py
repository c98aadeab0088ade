"""Fit the coefficients of the score on pairs made from the lists, every sign fixed, and write the package's model.

    python benchmarks/screening/fit.py [--write] [--part 0|1]

Without `--write` it only prints. `--part` fits on one half of the entities, so that the other stays unseen.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screening import lists, ordinary, pairs, search
from benchmarks.screening.make_weights import half
from border_kit.catalog.volumes import Catalog
from border_kit.screening.align import align
from border_kit.screening.candidates import Candidates
from border_kit.screening.index.prepared import Prepared
from border_kit.screening.parse import parse
from border_kit.screening.score import Features, coefficients, features, score_of, values
from border_kit.screening.tables import DATA

Row = tuple[tuple[float, ...], bool, str]
SHARES = {"positive": 0.4, "hard": 0.3, "mined": 0.3}
NAMES = list(Features.__dataclass_fields__)
BOUNDS = {
    "extra_left": (3.0, 8.0), "extra_right": (1.5, 2.6), "lone": (1.5, 3.5), "part": (1.8, 2.4), "initials": (1.5, 4.0), "legal": (0.3, 2.0),
    "bare": (0.6, 3.0), "half_number": (1.0, 3.0), "number": (4.0, 8.0), "order": (4.0, 8.0), "thin": (0.5, 6.0),
}  # fmt: skip
"""What must hold whatever the pairs say: a query's extra word costs more than a listed one's, one word of several is a weak
hit and not none, contradictions are never small."""
ANY = (0.0, 16.0)
HEAD = """# Coefficients of the score. Columns: kind (person, other), feature, cost.
# Fitted by benchmarks/screening/fit.py on pairs of the UN, OFAC and EU lists; costs are never negative, contradictions have a floor.
"""


def mined(catalog: Catalog) -> set[tuple[str, Row]]:
    """What ordinary names come nearest to in the lists: negatives as they come in the field."""
    finder, stored = Candidates(catalog.index("parties")), Prepared(catalog.index("parties"))
    found: set[tuple[str, Row]] = set()
    for text in [*ordinary.persons(1500, 101), *ordinary.firms(1500, 102)]:
        near: list[tuple[float, str, Row]] = []
        for item in stored.rows(item.nid for item in finder.find([parse(text)], 40)):
            (row,) = catalog.rows(
                "parties",
                "SELECT n.name, l.kind FROM party_name n JOIN listing l ON l.id = n.listing WHERE n.id = :id",
                id=item.id,
            )
            left, right = parse(text, row["kind"]), parse(row["name"], row["kind"])
            matches = align(left, right)
            score, against = score_of(left, right, matches)
            if len(left.parts) == len(right.parts) == len(matches) and min(match.score for match in matches) > 0.93:
                continue  # a namesake
            near.append(
                (score, "person" if left.is_person and right.is_person else "other", (values(against), False, "mined"))
            )
        found.update((model, features) for _, model, features in sorted(near, reverse=True)[:3])
    return found


def fit(rows: list[Row], steps: int) -> tuple[float, list[float]]:
    """Logistic regression by projected gradient descent (Adam), both classes weighing the same."""
    size = len(NAMES)
    sizes = Counter(sort for _, _, sort in rows)
    weights = [SHARES[sort] / sizes[sort] for _, _, sort in rows]
    costs = [4.0, *([4.0] * size)]
    first = [0.0] * (size + 1)
    second = [0.0] * (size + 1)
    bounds = [ANY, *(BOUNDS.get(name, ANY) for name in NAMES)]
    for step in range(1, steps + 1):
        gradient = [0.0] * (size + 1)
        for (row, same, _), weight in zip(rows, weights, strict=True):
            z = costs[0] - sum(cost * feature for cost, feature in zip(costs[1:], row, strict=True))
            error = weight * ((1 / (1 + math.exp(-z)) if z > -30 else 0.0) - same)
            gradient[0] += error
            for index, feature in enumerate(row):
                if feature:
                    gradient[index + 1] -= error * feature
        rate = 0.15 / (1 + step / 400)
        for index, slope in enumerate(gradient):
            slope += 2e-5 * costs[index]  # noqa: PLW2901 - the pull towards zero
            first[index] = 0.9 * first[index] + 0.1 * slope
            second[index] = 0.999 * second[index] + 0.001 * slope * slope
            costs[index] -= (
                rate * (first[index] / (1 - 0.9**step)) / (math.sqrt(second[index] / (1 - 0.999**step)) + 1e-9)
            )
            costs[index] = min(bounds[index][1], max(bounds[index][0], costs[index]))
    return costs[0], costs[1:]


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--part", type=int, choices=(0, 1))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=400)
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    everything = lists.everything(folder)
    hard: list[tuple[str, Row]] = []
    for pair in pairs.make(everything, options.part, most=1):
        left, right = parse(pair.left, pair.kind), parse(pair.right, pair.kind)
        row = (values(features(left, right, align(left, right))), pair.same, "positive" if pair.same else "hard")
        hard.append(("person" if pair.kind == "person" else "other", row))
    with tempfile.TemporaryDirectory() as root:
        kept = [entity for entity in everything if options.part is None or half(entity) == options.part]
        catalog = search.fill(Path(root), kept)
        found: set[tuple[str, Row]] = set()
        for _ in range(options.rounds):
            coefficients.cache_clear()
            found |= mined(catalog)
            text = fitted([*hard, *sorted(found)], options.steps)
            hard = [row for row in hard if not row[1][1] or _probable(text, row) > UNLIKE]
            if options.write:
                (DATA / "model.tsv").write_text(text, encoding="utf-8")
        catalog.close()


UNLIKE = 0.12
"""Positives that a first fit gives less are other names in truth, which no spelling can find; they would blunt the second."""


def _probable(text: str, row: tuple[str, Row]) -> float:
    table = {
        name: float(value)
        for kind, name, value in (line.split("\t") for line in text.splitlines() if line[0] != "#")
        if kind == row[0]
    }
    z = table["constant"] - sum(table[name] * value for name, value in zip(NAMES, row[1][0], strict=True))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))


def fitted(rows: list[tuple[str, Row]], steps: int) -> str:
    """The package's table for some rows."""
    table = HEAD
    for kind in ("person", "other"):
        chosen = [row for model, row in rows if model == kind]
        constant, costs = fit(chosen, steps)
        print(
            kind,
            dict(Counter(sort for _, _, sort in chosen)),
            "constant",
            round(constant, 2),
            {n: round(c, 2) for n, c in zip(NAMES, costs, strict=True)},
        )
        table += f"{kind}\tconstant\t{constant:.2f}\n"
        table += "".join(f"{kind}\t{name}\t{cost:.2f}\n" for name, cost in zip(NAMES, costs, strict=True))
    return table


if __name__ == "__main__":
    main()
