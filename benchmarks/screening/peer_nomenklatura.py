"""Scores of nomenklatura's logic-v2 for pairs of names, in an environment of its own (it needs the ICU library).

    sudo apt install libicu-dev g++ pkg-config
    python3 -m venv peer && peer/bin/pip install PyICU nomenklatura
    peer/bin/python benchmarks/screening/peer_nomenklatura.py < pairs.jsonl > scores.jsonl

One JSON array `[left, right, kind]` a line in, one `[score, seconds]` a line out; accuracy.py calls it with --peer.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

SCHEMATA = {"person": "Person", "organisation": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}


def main() -> None:
    """Read pairs, write scores."""
    # Not dependencies of the project: they stand in the peer's own environment.
    proxies = importlib.import_module("followthemoney.proxy")
    logic_v2 = importlib.import_module("nomenklatura.matching").LogicV2
    config = importlib.import_module("nomenklatura.matching.types").ScoringConfig.defaults()

    def entity(name: str, kind: str, key: str) -> Any:
        schema = SCHEMATA.get(kind, "LegalEntity")
        return proxies.EntityProxy.from_dict({"id": key, "schema": schema, "properties": {"name": [name]}})

    logic_v2.compare(entity("Orvo Quentil", "person", "a"), entity("Quentil", "person", "b"), config)
    for number, line in enumerate(sys.stdin):
        left, right, kind = json.loads(line)
        # It keeps what it knows of an entity by its id.
        query, listed = entity(left, kind, f"{number}-left"), entity(right, kind, f"{number}-right")
        start = time.process_time()
        score = logic_v2.compare(query, listed, config).score
        sys.stdout.write(json.dumps([round(score, 4), round(time.process_time() - start, 7)]) + "\n")


if __name__ == "__main__":
    main()
