"""Processor time of `compare` for a pair of names that were never seen before, on a machine that does other things too.

    python benchmarks/screening/cold.py [--pairs 4000] [--runs 8] [--tree OTHER_CHECKOUT]

Pairs of the official lists (`pairs.py`) in chunks; each run is a new process, so that nothing is remembered. Of each chunk the least of all
runs counts: what other processes take of the caches only ever adds. `--tree` measures another checkout in the same runs, turn and turn about.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HERE))

from benchmarks.screening import lists, pairs

CHUNK = 250
_RUN = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from border_kit.screening.score import compare
made = json.load(sys.stdin)
compare("Acme Trading Ltd", "Acme LLC"), compare("Jon Smith", "Smith, John", "person")
spent = []
for at in range(0, len(made), int(sys.argv[2])):
    start = time.process_time()
    for left, right, kind in made[at : at + int(sys.argv[2])]:
        compare(left, right, kind)
    spent.append(time.process_time() - start)
print(json.dumps(spent))
"""


def main() -> None:
    """Print microseconds a pair of each checkout."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--tree", type=Path, action="append", default=[])
    options = parser.parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    made = pairs.make(pairs.merged(lists.everything(folder)), 1)[: options.pairs]
    sent = json.dumps([[pair.left, pair.right, pair.kind] for pair in made])
    trees = [HERE, *options.tree]
    runs: dict[Path, list[list[float]]] = {tree: [] for tree in trees}
    for _ in range(options.runs):
        for tree in trees:
            command = [sys.executable, "-c", _RUN, str(tree), str(CHUNK)]
            done = subprocess.run(command, input=sent, capture_output=True, text=True, check=True)
            runs[tree].append(json.loads(done.stdout))
    for tree, found in runs.items():
        least = sum(map(min, zip(*found, strict=True))) / len(made) * 1e6
        middle = sorted(map(sum, found))[len(found) // 2] / len(made) * 1e6
        print(f"{tree.name}: {least:.0f} µs a pair (least of each chunk), {middle:.0f} µs (median of the runs)")


if __name__ == "__main__":
    main()
