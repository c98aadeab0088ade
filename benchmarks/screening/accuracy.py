"""Accuracy of `compare` on pairs of names from the lists, beside RapidFuzz WRatio.

python benchmarks/screening/accuracy.py [--part 0|1] [--worst 20]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rapidfuzz import fuzz

from benchmarks.screening import lists, pairs
from border_kit.screening.score import compare

Scored = list[tuple[float, bool]]


def auc(rows: Scored) -> float:
    """Area under the curve, ties half."""
    ordered = sorted(rows)
    ranks = 0.0
    index = 0
    while index < len(ordered):
        stop = index
        while stop < len(ordered) and ordered[stop][0] == ordered[index][0]:
            stop += 1
        ranks += (index + 1 + stop) / 2 * sum(same for _, same in ordered[index:stop])
        index = stop
    positives = sum(same for _, same in rows)
    negatives = len(rows) - positives
    return (
        (ranks - positives * (positives + 1) / 2) / (positives * negatives) if positives and negatives else float("nan")
    )


def recall_at(rows: Scored, rate: float) -> float:
    """Share of positives above the score that so many negatives reach."""
    negatives = sorted((score for score, same in rows if not same), reverse=True)
    positives = [score for score, same in rows if same]
    if not negatives or not positives:
        return float("nan")
    line = negatives[min(len(negatives) - 1, int(rate * len(negatives)))]
    return sum(score > line for score in positives) / len(positives)


def f1_at(rows: Scored, line: float) -> tuple[float, float, float]:
    """F1, precision and recall of the alert line, both classes weighing the same."""
    positives = [score for score, same in rows if same]
    negatives = [score for score, same in rows if not same]
    if not positives or not negatives:
        return float("nan"), float("nan"), float("nan")
    recall = sum(score >= line for score in positives) / len(positives)
    false = sum(score >= line for score in negatives) / len(negatives)
    precision = recall / (recall + false) if recall + false else 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0, precision, recall


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", type=int, choices=(0, 1))
    parser.add_argument("--worst", type=int, default=0)
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    made = pairs.make(lists.everything(folder), options.part)
    start = time.perf_counter()
    scores = [compare(pair.left, pair.right, pair.kind).score for pair in made]
    spent = (time.perf_counter() - start) / len(made) * 1e6
    groups: dict[str, tuple[Scored, Scored]] = defaultdict(lambda: ([], []))
    for pair, score in zip(made, scores, strict=True):
        peer = fuzz.WRatio(pair.left.lower(), pair.right.lower()) / 100
        kind = "person" if pair.kind == "person" else pair.kind
        for name in ("all", kind, f"{kind} script" if pair.sort == "script" else f"{kind} latin"):
            groups[name][0].append((score, pair.same))
            groups[name][1].append((peer, pair.same))
    print(f"{len(made)} pairs, {spent:.0f} µs a pair")
    print(
        f"{'group':22}{'pairs':>7}{'AUC':>7}{'F1@.7':>7}{'prec':>7}{'rec':>7}{'r@1%':>7}{'r@5%':>7}   WRatio AUC, r@5%"
    )
    for name, (ours, theirs) in sorted(groups.items()):
        f1, precision, recall = f1_at(ours, 0.7)
        print(
            f"{name:22}{len(ours):7}{auc(ours):7.3f}{f1:7.3f}{precision:7.3f}{recall:7.3f}{recall_at(ours, 0.01):7.3f}"
            f"{recall_at(ours, 0.05):7.3f}   {auc(theirs):.3f} {recall_at(theirs, 0.05):.3f}"
        )
    ranked = sorted(zip(scores, made, strict=True), key=lambda item: item[0])
    for score, pair in [item for item in ranked if item[1].same][: options.worst]:
        print(f"missed {score:.3f} {pair.kind} {pair.left!r} {pair.right!r}")
    for score, pair in [item for item in ranked if not item[1].same][-options.worst :] if options.worst else []:
        print(f"false  {score:.3f} {pair.kind} {pair.left!r} {pair.right!r}")


if __name__ == "__main__":
    main()
