"""Fit the coefficients of the score on pairs made from the lists, every sign fixed, and write the package's model.

    python benchmarks/screening/fit.py [--write] [--part 0|1]

Without `--write` it only prints. `--part` fits on one half of the entities, so that the other stays unseen.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import astuple
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

import lists  # noqa: E402 - a script beside this one
import pairs  # noqa: E402 - a script beside this one

from border_kit.screening.align import align  # noqa: E402 - the package of this checkout
from border_kit.screening.parse import parse  # noqa: E402 - the same
from border_kit.screening.score import Features, features  # noqa: E402 - the same
from border_kit.screening.tables import DATA  # noqa: E402 - the same

NAMES = list(Features.__dataclass_fields__)
LEAST = {"legal": 0.3, "half_number": 1.0, "number": 4.0, "order": 4.0, "lone": 0.3, "thin": 0.5, "initials": 1.0}
MOST = 16.0
HEAD = """# Coefficients of the score. Columns: kind (person, other), feature, cost.
# Fitted by benchmarks/screening/fit.py on pairs of the UN, OFAC and EU lists; costs are never negative, contradictions have a floor.
"""


def fit(rows: list[tuple[tuple[float, ...], bool]], steps: int = 1500) -> tuple[float, list[float]]:
    """Logistic regression by projected gradient descent (Adam), both classes weighing the same."""
    size = len(NAMES)
    positives = sum(same for _, same in rows) or 1
    weights = [0.5 / positives if same else 0.5 / (len(rows) - positives or 1) for _, same in rows]
    values = [4.0, *([4.0] * size)]
    first = [0.0] * (size + 1)
    second = [0.0] * (size + 1)
    floor = [0.0, *(LEAST.get(name, 0.0) for name in NAMES)]
    for step in range(1, steps + 1):
        gradient = [0.0] * (size + 1)
        for (row, same), weight in zip(rows, weights, strict=True):
            z = values[0] - sum(value * feature for value, feature in zip(values[1:], row, strict=True))
            error = weight * ((1 / (1 + math.exp(-z)) if z > -30 else 0.0) - same)
            gradient[0] += error
            for index, feature in enumerate(row):
                if feature:
                    gradient[index + 1] -= error * feature
        rate = 0.15 / (1 + step / 400)
        for index, slope in enumerate(gradient):
            slope += 2e-5 * values[index]  # noqa: PLW2901 - the pull towards zero
            first[index] = 0.9 * first[index] + 0.1 * slope
            second[index] = 0.999 * second[index] + 0.001 * slope * slope
            values[index] -= rate * (first[index] / (1 - 0.9**step)) / (math.sqrt(second[index] / (1 - 0.999**step)) + 1e-9)
            values[index] = min(MOST, max(floor[index], values[index]))
    return values[0], values[1:]


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--part", type=int, choices=(0, 1))
    parser.add_argument("--steps", type=int, default=400)
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    made = pairs.make(lists.everything(folder), options.part, most=1)
    text = HEAD
    for kind, wanted in (("person", {"person"}), ("other", {"organisation", "vessel", "aircraft"})):
        rows: list[tuple[tuple[float, ...], bool]] = []
        for pair in made:
            if pair.kind in wanted:
                left, right = parse(pair.left, pair.kind), parse(pair.right, pair.kind)
                rows.append((astuple(features(left, right, align(left, right))), pair.same))
        constant, costs = fit(rows, options.steps)
        print(kind, len(rows), "pairs; constant", round(constant, 2), dict(zip(NAMES, (round(c, 2) for c in costs), strict=True)))
        text += f"{kind}\tconstant\t{constant:.2f}\n"
        text += "".join(f"{kind}\t{name}\t{cost:.2f}\n" for name, cost in zip(NAMES, costs, strict=True))
    if options.write:
        (DATA / "model.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
