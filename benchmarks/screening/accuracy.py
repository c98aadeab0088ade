"""Accuracy of `compare` on pairs of names from the lists, beside RapidFuzz WRatio and, where it is installed, nomenklatura.

    python benchmarks/screening/accuracy.py [--tables DIR] [--part 0|1] [--peer peer/bin/python] [--worst 20] [--into FILE]

`--part` measures one half of the entities, `--tables` with tables made by held_out.sh's steps from the other half (without
them, the package's own, which have seen every entity). `--peer` is the python of the environment that
peer_nomenklatura.py describes. F1, precision and recall are those of the alert line, both classes weighing the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rapidfuzz import fuzz

from benchmarks.screening import lists, pairs
from border_kit.screening import tables
from border_kit.screening.score import compare

Scored = list[tuple[float, bool]]
LINE = 0.7


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


def groups_of(pair: pairs.Pair) -> list[str]:
    """The groups in which a pair is counted; other names (see pairs) only in those that say so."""
    kind = pair.kind
    found = [f"{kind}, other names too"]
    if pair.list == "EU":
        found.append("EU, other names too")
    if pair.sort == "other":
        return found
    found += ["all", kind, f"{kind}, {'across scripts' if pair.sort == 'script' else 'one script'}"]
    if kind == "person" and any("\u0600" <= char <= "\u06ff" for char in pair.left + pair.right):
        found.append("person, Arabic script")
    return found


def table(made: list[pairs.Pair], scores: dict[str, list[float]]) -> list[str]:
    """Rows of a table, a line a group and matcher."""
    rows = [
        "| group | pairs | matcher | AUC | F1 at 0.70 | precision | recall | recall at 1 % | at 5 % |",
        "|" + "---|" * 9,
    ]
    grouped: dict[str, list[int]] = defaultdict(list)
    for index, pair in enumerate(made):
        for name in groups_of(pair):
            grouped[name].append(index)
    for name, places in sorted(grouped.items()):
        for matcher, values in scores.items():
            scored = [(values[index], made[index].same) for index in places]
            if not 0 < sum(same for _, same in scored) < len(scored):
                continue
            f1, precision, recall = f1_at(scored, LINE)
            cells = (auc(scored), f1, precision, recall, recall_at(scored, 0.01), recall_at(scored, 0.05))
            rows.append(f"| {name} | {len(scored)} | {matcher} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    return rows


def ours(made: list[pairs.Pair]) -> tuple[list[float], float]:
    """Our scores, and processor time a pair in microseconds (every name seen for the first time)."""
    start = time.process_time()
    scores = [compare(pair.left, pair.right, pair.kind).score for pair in made]
    return scores, (time.process_time() - start) / len(made) * 1e6


def peer(python: str, made: list[pairs.Pair]) -> tuple[list[float], float]:
    """The peer's scores, and its processor time a pair in microseconds."""
    script = Path(__file__).with_name("peer_nomenklatura.py")
    sent = "".join(json.dumps([pair.left, pair.right, pair.kind]) + "\n" for pair in made)
    done = subprocess.run([python, str(script)], input=sent, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [score for score, _ in rows], sum(seconds for _, seconds in rows) / len(rows) * 1e6


def main() -> None:
    """Print a table of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", type=int, choices=(0, 1))
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--peer")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--kind", default="")
    parser.add_argument("--into", type=Path)
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    if options.tables:
        tables.DATA = options.tables
    sets = {
        "UN, OFAC, EU": pairs.make(pairs.merged(lists.everything(folder)), options.part),
        "Lists never fitted on (MOFCOM, CSL, FtM)": pairs.make(pairs.merged(lists.elsewhere(folder)), None, most=6),
    }
    said: list[str] = []
    for title, every in sets.items():
        made = [pair for pair in every if pair.kind.startswith(options.kind)]
        scores: dict[str, list[float]] = {}
        scores["border_kit"], spent = ours(made)
        times = f"{spent:.0f} µs a pair"
        scores["WRatio"] = [fuzz.WRatio(pair.left.lower(), pair.right.lower()) / 100 for pair in made]
        if options.peer:
            scores["logic-v2"], spent = peer(options.peer, made)
            times += f" (logic-v2 {spent:.0f})"
        said += [
            f"### {title}",
            "",
            f"{len(made)} pairs, {times} of processor time, names seen for the first time.",
            "",
        ]
        said += [*table(made, scores), ""]
        _worst(made, scores["border_kit"], options.worst)
    text = "\n".join(said)
    print(text)
    if options.into:
        options.into.write_text(text + "\n", encoding="utf-8")


def _worst(made: list[pairs.Pair], scores: list[float], count: int) -> None:
    """Print the pairs that went wrong by most; not for keeping, the names are real."""
    ranked = sorted(zip(scores, made, strict=True), key=lambda item: item[0])
    for score, pair in [item for item in ranked if item[1].same and item[1].sort != "other"][:count]:
        print(f"missed {score:.3f} {pair.kind} {pair.left!r} {pair.right!r}")
    for score, pair in [item for item in ranked if not item[1].same][-count:] if count else []:
        print(f"false  {score:.3f} {pair.kind} {pair.left!r} {pair.right!r}")


if __name__ == "__main__":
    main()
