"""Long batches: all cores, the order of the rows, repeats answered once, rows that trickle answered at once."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from border_kit.cli import classify, parallel, screen
from border_kit.cli.output import Job
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from tests.command import ROOT, call, lines

WORDS = ("cotton shirts", "uav autopilot", "thermal camera core 640x512 60 Hz", "spare parts", "ammonium perchlorate")


def rows(count: int) -> list[Any]:
    made: list[Any] = [{"id": number, "text": f"{WORDS[number % 5]} lot {number // 2}"} for number in range(count)]
    made[7] = {"id": 7}
    made[20] = [1]
    return made


def answered(source: Path, shipped: Path, workers: int, job: Job = classify.JOB) -> list[Any]:
    settings = Settings(catalog=shipped)
    out = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(out, write_through=True)):
        parallel.Batch(settings, Desk(settings), workers, replace(job, worth_it=64)).run(str(source))
        return [json.loads(line) for line in out.getvalue().splitlines()]


def test_two_processes_answer_as_one_does_in_the_order_of_the_rows(shipped: Path, tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_bytes(lines(rows(400)))
    alone, together = answered(source, shipped, 1), answered(source, shipped, 2)
    assert together == alone
    assert [row["id"] for row in together][:7] == [0, 1, 2, 3, 4, 5, 6]
    assert (together[7]["error"]["code"], together[20]["error"]["code"]) == ("field_missing", "not_an_object")


NAMES = ("Sample Meridian Trading", "Orvald Brumovich", "Anna Schmidt", "نور للتجارة", "\ud800")


def test_names_and_pairs_are_answered_by_two_processes_as_by_one(shipped: Path, tmp_path: Path) -> None:
    source = tmp_path / "names.jsonl"
    made: list[Any] = [{"id": number, "name": f"{NAMES[number % 5]} {number // 3}"} for number in range(300)]
    made[9] = {"id": 9, "name": "Orvo", "kind": "robot"}
    made[30] = {"id": 30, "name": "Orvo", "identifiers": [1]}
    source.write_bytes(lines(made))
    alone, together = (answered(source, shipped, workers, screen.NAMES) for workers in (1, 2))
    for row in (*alone, *together):
        row.pop("elapsed_ms", None)
    assert together == alone
    assert (together[9]["error"]["code"], together[30]["error"]["code"]) == ("field_value", "field_type")
    pairs = [
        {"id": number, "left": NAMES[number % 5], "right": f"{NAMES[number % 3]} {number}"} for number in range(300)
    ]
    source.write_bytes(lines(pairs))
    assert answered(source, shipped, 2, screen.PAIRS) == answered(source, shipped, 1, screen.PAIRS)


def _dies(_settings: Settings) -> None:
    os._exit(9)


def test_a_worker_that_dies_loses_no_row(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_bytes(lines(rows(300)))
    expected = answered(source, shipped, 1)
    monkeypatch.setattr(parallel, "_begin", _dies)
    assert answered(source, shipped, 2) == expected


def test_a_row_that_comes_alone_is_answered_before_the_next_one_comes(shipped: Path) -> None:
    command = [sys.executable, "-m", "border_kit", "classify", "--batch", "-", "--catalog", str(shipped)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(lines([{"id": number, "text": "uav autopilot"}]))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()


def test_answers_stand_in_a_row_or_on_the_command_line(shipped: Path) -> None:
    text = "Thermal imaging camera core, uncooled VOx 640x512"
    batch = [{"id": 1, "text": text, "answers": {"frame_rate": "9 Hz"}}, {"id": 2, "text": text, "answers": {"frame_rate": 9}},
             {"id": 3, "text": text, "answers": {"frame_rate": "blue"}}]  # fmt: skip
    first, second, third = call("classify", "--batch", "-", "--catalog", shipped, stdin=lines(batch)).rows
    alone = call("classify", text, "--answer", "frame_rate=9 Hz", "--catalog", shipped, "--json").json
    assert first["candidates"] == alone["candidates"]
    assert (second["error"]["code"], third["error"]["code"]) == ("field_type", "answer_unreadable")


@pytest.mark.parametrize("answer", ["frame_rate", "=9 Hz", "frame_rate=", "frame_rate=blue", "nothing=1"])
def test_an_answer_that_means_nothing_is_wrong_usage(shipped: Path, answer: str) -> None:
    found = call("classify", "thermal camera core", "--answer", answer, "--catalog", shipped)
    assert (found.code, found.out) == (2, "")
