"""Fit the coefficients of the score on pairs made from the lists, every sign fixed, and write the package's model.

    python benchmarks/screening/fit.py --ordinary names.txt [--part 0|1] [--tables DIR] [--into FILE]

`--part` fits on one half of the entities, so that the other stays unseen (with `--tables` whose weights leave that other half
out, see make_weights.py). `--ordinary` names a file of names of ordinary persons and firms, one a line: what they come nearest
to in the lists are negatives as they come in the field. Two models are written a kind. The one for pairs weighs both classes
about the same. The one for a name looked for among many puts half of the weight on what ordinary names come nearest to,
most of it on what still alerts, since in a search of thousands of names something always comes near.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screening import lists, pairs
from benchmarks.screening.near import Near
from border_kit.screening import tables
from border_kit.screening.align import align
from border_kit.screening.features import NAMES, features, values
from border_kit.screening.parse import parse
from border_kit.screening.score import MOST_ALIKE

BOUNDS = {
    "extra_left": (3.2, 8.0), "extra_right": (1.2, 2.6), "lone": (1.5, 6.0), "part": (1.8, 2.4), "initials": (1.0, 4.0), "legal": (0.3, 2.0),
    "bare": (0.6, 4.0), "half_number": (1.0, 3.0), "number": (4.0, 8.0), "order": (4.0, 8.0), "thin": (0.5, 9.0), "gender": (1.5, 5.0),
    "family": (0.0, 3.0), "sector": (0.8, 6.0),
}  # fmt: skip
"""What must hold whatever the pairs say: a query's extra word costs more than a listed one's, one word of several is a weak
hit and not none, contradictions are never small."""
SEARCHED_FIRMS = {"sector": (2.0, 8.0), "bare": (2.0, 8.0)}
"""Firms of a search that differ in what they do, and a person who bears a firm's name, are another party until something else says more."""
PAIRS_OF_FIRMS = {
    "extra_left": (1.5, 8.0), "extra_right": (0.5, 0.8), "lone": (0.5, 6.0), "part": (0.5, 4.0), "bare": (0.3, 4.0), "worst": (2.0, 16.0),
    "strangers": (1.5, 8.0), "sector": (0.8, 8.0),
}  # fmt: skip
"""Two names of firms that something brought together differ in words left out on either side far more often than two of a search."""
ANY = (0.0, 16.0)
MOST_MINED = 4000
UNLIKE = 0.12
"""Positives that a first fit of a search gives less are other names in truth, which no spelling can find; they would blunt the second."""
LINE = 0.70 / MOST_ALIKE
HEAD = """# Coefficients of the score. Columns: kind (person, other; among many: in a search), feature, cost.
# Fitted by benchmarks/screening/fit.py on pairs of the UN, OFAC and EU lists; costs are never negative, contradictions have a floor.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What is seen of one pair: the features that are not zero, whether it is one party, and which sort of pair."""

    seen: tuple[tuple[int, float], ...]
    same: bool
    sort: str


@dataclass(frozen=True, slots=True)
class Aim:
    """How the sorts of pairs share the weight.

    `boost` is how much more an ordinary name that still alerts counts, `firms` what must hold of firms alone.
    `firms_balanced`: the constant for firms is moved so that the alert line is where both errors together are least (best F1,
    both classes weighing the same) on what the model is fitted on, other names included.
    """

    mined: float
    boost: float
    firms: dict[str, tuple[float, float]]
    firms_balanced: bool = False

    def share(self, sort: str) -> float:
        """Weight of all pairs of a sort."""
        return {"same": 0.7 * (1 - self.mined), "hard": 0.45 * (1 - self.mined), "mined": self.mined}[sort]


AIMS = {"": Aim(0.1, 0.0, PAIRS_OF_FIRMS, firms_balanced=True), " among many": Aim(0.5, 10.0, SEARCHED_FIRMS)}


def measured(left: str, right: str, kind: str, *, same: bool, sort: str) -> tuple[str, Row]:
    """One pair as a row, with the model it belongs to."""
    one, other = parse(left, kind), parse(right, kind)
    found = values(features(one, other, align(one, other)))
    seen = tuple((index + 1, value) for index, value in enumerate(found) if value)
    return ("person" if one.is_person and other.is_person else "other"), Row(seen, same, sort)


def mined(entities: list[lists.Entity], ordinary: Path) -> list[tuple[str, Row]]:
    """What ordinary names come nearest to in the lists; namesakes left out."""
    near = Near(entities)
    found: list[tuple[str, Row]] = []
    for text in ordinary.read_text(encoding="utf-8").splitlines():
        for _, index in near.find(text, 150)[:4]:
            listed, kind, _ = near.names[index]
            left, right = parse(text, kind), parse(listed, kind)
            matches = align(left, right)
            if len(left.parts) == len(right.parts) == len(matches) and min(match.score for match in matches) > 0.93:
                continue
            found.append(measured(text, listed, kind, same=False, sort="mined"))
    return found


def probable(costs: list[float], row: Row) -> float:
    """What a model gives a row."""
    z = costs[0] - sum([costs[index] * value for index, value in row.seen])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def descend(
    rows: list[tuple[Row, float]], costs: list[float], steps: int, limits: dict[str, tuple[float, float]]
) -> None:
    """Logistic regression by projected gradient descent (Adam), in place."""
    size = len(costs)
    first, second = [0.0] * size, [0.0] * size
    bounds = [(-2.0, 16.0), *(limits.get(name, ANY) for name in NAMES)]
    for step in range(1, steps + 1):
        gradient = [2e-5 * cost for cost in costs]
        for row, weight in rows:
            error = weight * (probable(costs, row) - row.same)
            gradient[0] += error
            for index, value in row.seen:
                gradient[index] -= error * value
        rate = 0.2 / (1 + step / 80)
        for index, slope in enumerate(gradient):
            first[index] = 0.9 * first[index] + 0.1 * slope
            second[index] = 0.999 * second[index] + 0.001 * slope * slope
            move = (first[index] / (1 - 0.9**step)) / (math.sqrt(second[index] / (1 - 0.999**step)) + 1e-9)
            costs[index] = min(bounds[index][1], max(bounds[index][0], costs[index] - rate * move))


def fit(
    rows: list[Row], aim: Aim, steps: int, limits: dict[str, tuple[float, float]], *, balanced: bool
) -> list[float]:
    """The constant and the costs."""
    costs = [3.0] * (len(NAMES) + 1)
    kept = rows
    weights = [1.0] * len(rows)
    for _ in range(3):
        total = Counter[str]()
        for row in kept:
            total[row.sort] += 1
        scaled = [
            (row, aim.share(row.sort) * weight / total[row.sort]) for row, weight in zip(kept, weights, strict=True)
        ]
        descend(scaled, costs, steps, limits)
        if balanced:
            break
        kept = [row for row in rows if not row.same or probable(costs, row) >= UNLIKE]
        weights = [1.0 + aim.boost * (row.sort == "mined" and probable(costs, row) > 0.25) for row in kept]
    if balanced:
        costs[0] += logit(LINE) - logit(best_line(costs, rows))
    return costs


def logit(share: float) -> float:
    """The inverse of the logistic."""
    return math.log(share / (1 - share))


def best_line(costs: list[float], rows: list[Row]) -> float:
    """The probability at which F1 is best, both classes weighing the same; what ordinary names come nearest to left out."""
    scored = sorted(((probable(costs, row), row.same) for row in rows if row.sort != "mined"), reverse=True)
    positives = sum(same for _, same in scored)
    negatives = len(scored) - positives
    best, line, right, wrong = 0.0, 0.5, 0, 0
    for value, same in scored:
        right += same
        wrong += not same
        share, false = right / positives, wrong / negatives
        f1 = 2 * share / (share + false + 1)
        if f1 > best:
            best, line = f1, value
    return min(max(line, 0.05), 0.95)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ordinary", type=Path, required=True)
    parser.add_argument("--part", type=int, choices=(0, 1))
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--into", type=Path)
    parser.add_argument("--steps", type=int, default=160)
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    if options.tables:
        tables.DATA = options.tables
    everything = pairs.merged(lists.everything(folder))
    known = [
        measured(pair.left, pair.right, pair.kind, same=pair.same, sort="same" if pair.same else "hard")
        for pair in pairs.make(everything, options.part)
        if pair.sort != "other"
    ]
    known += mined([entity for entity in everything if entity.kind != "unknown"], options.ordinary)
    text = HEAD + "".join(table(known, aim, name, options.steps) for name, aim in AIMS.items())
    (options.into or tables.DATA / "model.tsv").write_text(text, encoding="utf-8")


def table(known: list[tuple[str, Row]], aim: Aim, name: str, steps: int) -> str:
    """The rows of the package's table for one aim, and what they reach on what they were fitted on."""
    text = ""
    for kind in ("person", "other"):
        rows = [row for model, row in known if model == kind]
        fewer = [row for row in rows if row.sort == "mined"]
        random.Random(4).shuffle(fewer)
        rows = [row for row in rows if row.sort != "mined"] + fewer[:MOST_MINED]
        firms = kind == "other"
        limits = BOUNDS | (aim.firms if firms else {})
        costs = fit(rows, aim, steps, limits, balanced=firms and aim.firms_balanced)
        reached = {
            sort: sum(probable(costs, row) > 0.71 for row in rows if row.sort == sort) / (total or 1)
            for sort, total in Counter(row.sort for row in rows).items()
        }
        print(kind + name, {sort: round(share, 4) for sort, share in reached.items()})
        text += f"{kind}{name}\tconstant\t{costs[0]:.2f}\n"
        text += "".join(f"{kind}{name}\t{key}\t{cost:.2f}\n" for key, cost in zip(NAMES, costs[1:], strict=True))
    return text


if __name__ == "__main__":
    main()
