"""Kill a casebook's process at every step of the casework, and let its disk be full from every step on.

    .venv/bin/python benchmarks/casework/kill.py        (minutes; part of `make bench`)

A step is a system call of SQLite that changes a file (each write also cut in half), or what Python does with files beside the
casebook: attachments, backups, exports (tests/casework/killing.py). The results go to benchmarks/results/casework-kill.md.
"""

from __future__ import annotations

import platform
import sqlite3
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.casework.killing import ACTS, run


def main() -> int:
    """Run all, and keep the result."""
    outcome = run(1, told=lambda done, total: print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True))
    lines = [
        "# A process killed, or a disk full, at every step of the casework",
        "",
        f"Command: `python benchmarks/casework/kill.py` · Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "",
        f"One life of {len(ACTS)} acts: {', '.join(name for name, _ in ACTS)}.",
        "",
        "| steps of that life | killed (SIGKILL) | disk full from there on | faults |",
        "|---|---|---|---|",
        f"| {outcome.steps} | {outcome.deaths} | {outcome.full_disks} | {len(outcome.wrong)} |",
        "",
        "After each: the log verifies; what was confirmed is there and nothing half; the list of cases is what the log says; drafts,",
        "attachments and both operators' keys are whole; a backup is complete or not there; the next act works. On a full disk an act is",
        "confirmed and there, or refused in words and not there. Not covered: a power cut that loses what the system had not",
        "yet written (the casebook runs with synchronous=FULL, which asks the disk at every commit).",
        "",
        *(f"- {fault}" for fault in outcome.wrong),
    ]
    text = "\n".join(lines).rstrip() + "\n"
    print("\n" + text)
    (ROOT / "benchmarks" / "results" / "casework-kill.md").write_text(text, encoding="utf-8")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
