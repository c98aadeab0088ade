"""How often the same goods in other words agree with a licence line, and other goods under the same commodity code differ.

Run: python benchmarks/licensing/goods.py [CATALOG]. The pairs (goods.jsonl) are ours; the catalog is the shipped one if none is named.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from border_kit.certificates.claims import LicenceLine
from border_kit.desk import places
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.licensing.goods import Reading, compare_goods
from border_kit.shipment.model import Line


def main() -> None:
    """Count, and show what went wrong."""
    catalog = Path(sys.argv[1]) if len(sys.argv) > 1 else places.shipped_catalog()
    desk = Desk(Settings(catalog=catalog))
    counts: dict[str, Counter[str]] = {"same": Counter(), "other": Counter()}
    for row in map(json.loads, Path(__file__).with_name("goods.jsonl").read_text(encoding="utf-8").splitlines()):
        licensed = LicenceLine(1, row["code"], row["hs"], row["licensed"])
        known = bool(row["code"]) and desk.registry.knows_code(row["code"])
        for kind in ("same", "other"):
            for text in row[kind]:
                reading = Reading(
                    desk.classify(text, row["hs"]),
                    lambda row=row: desk.classify(row["licensed"], row["hs"]),
                    known,
                    desk.assessor.understood,
                )
                found = compare_goods(Line(1, text, hs=row["hs"]), licensed, reading)
                counts[kind][found.agreement.value] += 1
                if (found.agreement.value, kind) in (("differ", "same"), ("agree", "other")):
                    print(f"{kind:6} {found.agreement.value:8} by {found.why}: {text!r} against {row['licensed']!r}")
    for kind, found in counts.items():
        print(f"{kind}: {dict(found)} of {found.total()}")


if __name__ == "__main__":
    main()
