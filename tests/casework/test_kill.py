"""A process killed at any moment leaves no half case and loses nothing that it confirmed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from border_kit.casework.case import Casebook

MOMENTS = (0.0, 0.011, 0.037, 0.083, 0.127, 0.191)
"""Seconds after the first confirmed case at which the process is killed."""

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import decide
book = Casebook.at(Path(sys.argv[1]))
now = datetime(2026, 3, 2, tzinfo=UTC)
assessment = {"id": "K", "lane": "green", "advice": "release", "verdict": "nothing_found", "decided_by": "nothing_found"}
while True:
    number = book.open_case({"id": "K", "parties": [], "lines": []}, assessment, at=now).case_id
    sys.stdout.write(f"opened {number}\\n"); sys.stdout.flush()
    decide(book, number, "release", "", at=now)
    sys.stdout.write(f"decided {number}\\n"); sys.stdout.flush()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("seed", range(len(MOMENTS)))
def test_a_kill_at_any_moment_loses_nothing_confirmed(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "casebook.sqlite"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        confirmed = [writer.stdout.readline().split()]
        time.sleep(MOMENTS[seed])
        writer.send_signal(signal.SIGKILL)
        confirmed += [line.split() for line in writer.stdout.read().splitlines() if line.count(" ") == 1]
    book = Casebook.at(path)
    assert book.verify().intact
    rows = {row.case_id: row for row in book.rows(limit=100_000)}
    assert len(confirmed) >= 1
    assert writer.returncode == -signal.SIGKILL
    for what, number in confirmed:
        assert number in rows
        if what == "decided":
            assert rows[number].decision == "release"
    for number, row in rows.items():
        kinds = [event.kind for event in book.show(number).events]
        assert kinds in (["opened"], ["opened", "decided"])
        assert (row.decision is not None) == ("decided" in kinds)


def _lives(*options: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing.py")), *options],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    if done.returncode == 3:
        pytest.skip(f"SQLite's system calls cannot be counted here: {done.stdout}")
    return done


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_a_kill_or_a_full_disk_at_a_step_of_any_act_leaves_no_half_case() -> None:
    """A sample of every step; all of them with `make bench` (benchmarks/casework/kill.py)."""
    done = _lives("--every", "41", "--offset", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    steps, deaths, full_disks = map(int, done.stdout.splitlines()[0].split())
    assert steps > 500
    assert min(deaths, full_disks) >= steps // 41 - 2


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_what_is_written_without_transactions_is_noticed() -> None:
    done = _lives("--every", "61", "--careless")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "step" in done.stdout
