"""Manifests into the triage queue: resumed, in any partition, marked, turned into cases, exported."""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework.case import Casebook
from border_kit.casework.operators import Enrolment
from border_kit.casework.queued import Wanted, unpacked
from border_kit.casework.triage import Triage
from border_kit.clock import parse_moment
from border_kit.desk.bulk import Bulk, Terms, assess_partition, urgency
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.findings import Lane, Severity
from border_kit.policy import profile
from border_kit.processes import in_order
from border_kit.shipment.model import to_json
from border_kit.shipment.readers import ReadOptions, read
from tests.command import MOMENT, ROOT, call, follows, start

HEADER = "consignment,direction,description,hs,quantity,unit,value,currency,exporter,consignee,destination"
GOODS = ("cotton shirts", "uav autopilot board", "thermal camera core 640x512 60 Hz", "office chairs", "spare parts")
NAMES = ("Norrhaven Kontor", "Orvald Brumovich", "Вымышленная Оптика", "شركة نور", "示例贸易有限公司")


def manifest(path: Path, shipments: int, lines: int = 2) -> Path:
    """A manifest of invented consignments; some rows of it cannot be used."""
    rows = [
        f'C-{number:04d},export,"{GOODS[(number + line) % 5]} type {number % 7}",,{line + 1},pcs,{100 + number},EUR,'
        f"Aldermoor Works,{NAMES[number % 5]} {number % 3},YY"
        for number in range(shipments)
        for line in range(lines)
    ]
    rows.insert(1, "C-0000,export,,,1,pcs,1,EUR,Aldermoor Works,Norrhaven Kontor 0,YY")
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def queued(shipped: Path, tmp_path: Path) -> list[str | Path]:
    """A queue with one manifest of twenty shipments; the options that name catalog and casebook."""
    options: list[str | Path] = ["--catalog", shipped, "--casebook", tmp_path / "casebook.sqlite"]
    done = call("check", manifest(tmp_path / "m.csv", 20), "--queue", "--json", *options)
    assert done.code == 1
    assert follows("queue_check", done.json)
    assert done.json["run"]["finished_at"] is not None
    assert (done.json["run"]["shipments"], done.json["run"]["lines"], done.json["run"]["refused"]) == (20, 40, 1)
    return options


def items(options: list[str | Path], *more: str) -> list[dict[str, Any]]:
    found = call("case", "queue", "list", *more, "--json", *options)
    assert found.code == 0
    assert follows("queue_list", found.json)
    return list(found.json["items"])


def test_the_queue_is_ordered_by_lane_and_then_by_what_decides(queued: list[str | Path]) -> None:
    rows = items(queued)
    rank = {"red": 0, "yellow": 1, "blue": 2, "green": 3}
    lanes = [rank[row["lane"]] for row in rows]
    assert len(set(lanes)) > 1
    assert lanes == sorted(lanes)
    for _, group in itertools.groupby(rows, key=lambda row: (row["lane"], row["decided_by"])):
        numbers = [row["item"] for row in group]
        assert numbers == sorted(numbers)
    assert rows[0]["decided_by"] == "listed_party"


def test_urgency_follows_lane_then_severity_then_the_profiles_order_then_weight() -> None:
    rising = [
        urgency(Lane.GREEN, Severity.STOP, 0, 999),
        urgency(Lane.YELLOW, Severity.ASK, 0, 10**9),
        urgency(Lane.YELLOW, Severity.ATTENTION, 10**9, 0),
        urgency(Lane.RED, Severity.STOP, 5, 900),
        urgency(Lane.RED, Severity.STOP, 4, -3),
        urgency(Lane.RED, Severity.STOP, 4, 2),
    ]
    assert rising == sorted(set(rising))


def test_the_queue_is_filtered_and_paged(queued: list[str | Path]) -> None:
    every = items(queued)
    assert [row for page in range(4) for row in items(queued, "--limit", "5", "--offset", str(page * 5))] == every
    red = items(queued, "--lane", "red")
    assert red == [row for row in every if row["lane"] == "red"]
    listed = items(queued, "--decided-by", "listed_party")
    assert listed == [row for row in every if row["decided_by"] == "listed_party"]
    assert {row["shipment"] for row in items(queued, "示例贸易")} == {f"C-{number:04d}" for number in (4, 9, 14, 19)}
    assert [row["shipment"] for row in items(queued, "c-0013")] == ["C-0013"]
    assert items(queued, '"*" OR') == []
    assert items(queued, "--state", "done") == []


def test_an_item_shows_its_whole_answer_as_check_gives_it(
    queued: list[str | Path], shipped: Path, tmp_path: Path
) -> None:
    (row,) = items(queued, "C-0007")
    shown = call("case", "queue", "show", str(row["item"]), "--json", *queued).json
    assert follows("queue_show", shown)
    whole = call("check", tmp_path / "m.csv", "--json", "--catalog", shipped).json["assessments"]
    expected = next(answer for answer in whole if answer["id"] == "C-0007")
    assert {name: shown["assessment"][name] for name in expected} == expected
    assert call("case", "queue", "show", "999", *queued).code == 4


def test_marks_are_kept_and_are_all_or_none(queued: list[str | Path]) -> None:
    first, second, *_ = (str(row["item"]) for row in items(queued))
    done = call(
        "--operator", "B-7", "case", "queue", "mark", first, second, "--done", "--assign", "B-9", "--json", *queued
    )
    assert [(row["state"], row["assigned"], row["marked_by"]) for row in done.json["items"]] == [
        ("done", "B-9", "B-7")
    ] * 2
    assert [str(row["item"]) for row in items(queued, "--assigned", "B-9")] == [first, second]
    refused = call("case", "queue", "mark", first, "9999", "--open", *queued)
    assert refused.code == 4
    assert len(items(queued, "--state", "done")) == 2
    call("case", "queue", "mark", first, "--open", "--assign", "", *queued)
    assert [str(row["item"]) for row in items(queued, "--state", "done")] == [second]
    assert call("case", "queue", "mark", first, *queued).code == 2


def test_what_an_operator_does_to_the_queue_is_an_event_of_the_log(queued: list[str | Path], tmp_path: Path) -> None:
    first, second, *_ = (str(row["item"]) for row in items(queued))
    call("--operator", "B-7", "case", "queue", "mark", first, second, "--done", "--assign", "B-9", *queued)
    call("--operator", "B-7", "case", "queue", "mark", first, "9999", "--open", *queued)
    call("--operator", "B-8", "case", "queue", "drop", "1", *queued)
    book = Casebook.at(tmp_path / "casebook.sqlite")
    marked, dropped = book.events("queue")
    assert (marked.kind, marked.operator) == ("queue_marked", "B-7")
    assert (marked.data["done"], marked.data["assigned"]) == (True, "B-9")
    assert [str(row["item"]) for row in marked.data["items"]] == [first, second]
    assert {row["lane"] for row in marked.data["items"]} == {"red"}
    assert (dropped.kind, dropped.operator, dropped.data["shipments"]) == ("queue_dropped", "B-8", 20)
    assert book.verify().intact
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=parse_moment(MOMENT))
    book.close()
    assert call("case", "queue", "runs", *queued).code == 0


def test_nobody_marks_unsigned_once_operators_are_enrolled(queued: list[str | Path], tmp_path: Path) -> None:
    number = str(items(queued)[0]["item"])
    book = Casebook.at(tmp_path / "casebook.sqlite")
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=parse_moment(MOMENT))
    book.close()
    refused = call("case", "queue", "mark", number, "--done", *queued)
    assert (refused.code, items(queued, "--state", "done")) == (2, [])


def test_an_item_becomes_one_case_however_often_it_is_opened(queued: list[str | Path]) -> None:
    number = str(items(queued)[0]["item"])
    first = call("case", "queue", "open", number, "--json", *queued).json["cases"]
    again = call("case", "queue", "open", number, "--json", *queued).json["cases"]
    assert first == again
    assert len(call("case", "list", "--json", *queued).json["cases"]) == 1
    row = next(row for row in items(queued) if str(row["item"]) == number)
    assert (row["case"], row["state"]) == (first[0]["case"], "done")
    assert first[0]["shipment"] == row["shipment"]


def test_the_same_file_again_is_the_same_run_and_nothing_twice(queued: list[str | Path], tmp_path: Path) -> None:
    before = items(queued)
    again = call("check", tmp_path / "m.csv", "--queue", "--json", *queued)
    assert again.json["run"]["run"] == 1
    assert items(queued) == before
    assert call("case", "queue", "run", *queued).out == "Nothing waits.\n"
    runs = call("case", "queue", "runs", "--json", *queued).json
    assert follows("queue_runs", runs)
    assert [row["run"] for row in runs["runs"]] == [1]


def test_rows_that_cannot_be_used_are_listed_with_the_reason(queued: list[str | Path]) -> None:
    found = call("case", "queue", "refused", "1", "--json", *queued)
    assert found.code == 1
    assert [(row["row"], row["field"]) for row in found.json["rejected"]] == [(3, "description")]


def test_a_run_is_assessed_again_on_demand_and_what_is_done_stays(queued: list[str | Path]) -> None:
    number = str(items(queued)[0]["item"])
    call("case", "queue", "mark", number, "--done", *queued)
    before = items(queued)
    again = call("case", "queue", "run", "1", "--again", "--json", *queued)
    assert follows("queue_runs", again.json)
    assert items(queued) == before


def test_a_dropped_run_is_gone_and_its_cases_stay(queued: list[str | Path]) -> None:
    call("case", "queue", "open", str(items(queued)[0]["item"]), *queued)
    assert call("case", "queue", "drop", "1", "--json", *queued).code == 0
    assert items(queued) == []
    assert items(queued, "C-0007") == []
    assert call("case", "queue", "runs", *queued).out == "No file is in the queue.\n"
    assert len(call("case", "list", "--json", *queued).json["cases"]) == 1


def test_exports_hold_every_item_and_no_formula(queued: list[str | Path], tmp_path: Path) -> None:
    evil = manifest(tmp_path / "evil.csv", 1)
    evil.write_text(evil.read_text(encoding="utf-8").replace("C-0000", "=cmd()"), encoding="utf-8")
    call("check", evil, "--queue", *queued)
    table = tmp_path / "out.csv"
    assert call("case", "queue", "export", "--out", table, *queued).out.startswith("21 items")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 21
    assert {row["shipment"] for row in rows if "cmd" in row["shipment"]} == {"'=cmd()"}
    whole = tmp_path / "out.jsonl"
    call("case", "queue", "export", "--lane", "red", "--out", whole, *queued)
    lines = [json.loads(line) for line in whole.read_text(encoding="utf-8").splitlines()]
    assert [line["assessment"]["lane"] for line in lines] == ["red"] * len(items(queued, "--lane", "red"))
    assert call("case", "queue", "export", "--out", tmp_path / "out.doc", *queued).code == 2


def test_under_a_set_clock_no_queue_is_written(shipped: Path, tmp_path: Path) -> None:
    path = manifest(tmp_path / "m.csv", 2)
    found = call("check", path, "--queue", "--now", MOMENT, "--catalog", shipped, "--casebook", tmp_path / "c.sqlite")
    assert (found.code, found.out) == (2, "")
    assert not (tmp_path / "triage.sqlite").exists()


def test_a_file_that_breaks_off_leaves_nothing_in_the_queue(shipped: Path, tmp_path: Path) -> None:
    broken = tmp_path / "m.json"
    broken.write_text('[{"id":"A","lines":[{"no":1,"description":"chairs"}]}, {"id":', encoding="utf-8")
    options: list[str | Path] = ["--catalog", shipped, "--casebook", tmp_path / "c.sqlite"]
    assert call("check", broken, "--queue", *options).code == 4
    assert call("case", "queue", "runs", *options).out == "No file is in the queue.\n"


# The function over partitions


def _terms(shipped: Path, tmp_path: Path) -> Terms:
    return Terms(shipped, parse_moment(MOMENT), casebook=tmp_path / "none.sqlite", draw_secret=b"a secret of tests")


def _partition(task: tuple[Terms, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    return list(assess_partition(*task))


def test_any_cut_and_any_order_give_the_same_answers_byte_for_byte(shipped: Path, tmp_path: Path) -> None:
    terms = _terms(shipped, tmp_path)
    shipments: list[Mapping[str, Any]] = [
        to_json(shipment) for shipment in read(manifest(tmp_path / "m.csv", 24)).shipments
    ]
    whole = {str(row["id"]): json.dumps(row, ensure_ascii=False) for row in assess_partition(terms, shipments)}
    for seed, size in ((1, 1), (2, 5), (3, 24)):
        mixed = random.Random(seed).sample(shipments, len(shipments))
        cut = [(terms, mixed[at : at + size]) for at in range(0, len(mixed), size)]
        found = {row["id"]: json.dumps(row, ensure_ascii=False) for part in cut for row in _partition(part)}
        assert found == whole
    parts: list[tuple[Terms, Sequence[Mapping[str, Any]]]] = [(terms, shipments[at::3]) for at in range(3)]
    elsewhere = [row for rows in in_order(_partition, parts, processes=2) for row in rows]
    assert {row["id"]: json.dumps(row, ensure_ascii=False) for row in elsewhere} == whole


def test_a_shipment_that_means_nothing_is_told_in_its_place(shipped: Path, tmp_path: Path) -> None:
    shipments: list[Mapping[str, Any]] = [
        {"id": "A", "lines": [{"no": 1, "description": "chairs"}]},
        {"id": "B", "lines": "none"},
    ]
    good, bad = assess_partition(_terms(shipped, tmp_path), shipments)
    assert good["lane"] == "green"
    assert (bad["id"], "code" in bad["error"]) == ("B", True)  # type: ignore[operator]  # an object of two strings


def test_processes_fill_the_queue_as_one_does(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("border_kit.desk.bulk.WORTH_IT", 1)
    path = manifest(tmp_path / "m.csv", 60)
    alone, together = (_filled(shipped, tmp_path / f"office{number}", path, number) for number in (1, 2))
    assert together == alone
    assert len(alone) == 60


def _filled(shipped: Path, office: Path, path: Path, processes: int) -> list[tuple[object, ...]]:
    bulk = Bulk(Desk(Settings(catalog=shipped, casebook=office / "casebook.sqlite")))
    run = bulk.take_in(path, ReadOptions())
    run = bulk.queue.anew(_at(run))
    seen = [state.assessed for state in bulk.work(run.id, processes)]
    assert (seen[0], seen[-1], seen) == (0, 120, sorted(seen))
    rows = _contents(office / "triage.sqlite")
    bulk.close()
    return rows


def _at(run: Any) -> Any:
    """The run as of a set moment, so that two of them can be compared."""

    return replace(run, moment=MOMENT)


def _contents(queue: Path) -> list[tuple[object, ...]]:
    raw = sqlite3.connect(queue)
    rows = raw.execute(
        "SELECT shipment, lines, state, urgency, lane, advice, verdict, decided_by, because, declared, answer "
        "FROM item JOIN paper USING (no) ORDER BY no"
    ).fetchall()
    raw.close()
    return [(*row[:-2], *(json.dumps(unpacked(cell)) for cell in row[-2:])) for row in rows]


# Stopped in the middle


def _waits(path: Path) -> Iterator[int]:
    """How many items are assessed, as somebody else sees the queue."""
    while True:
        try:
            raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            yield int(raw.execute("SELECT count(*) FROM item WHERE state = 'open'").fetchone()[0])
            raw.close()
        except sqlite3.Error:
            yield 0
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_what_was_stopped_in_the_middle_goes_on_and_nothing_is_lost_or_twice(
    shipped: Path, tmp_path: Path, how: signal.Signals
) -> None:
    path, book = manifest(tmp_path / "m.csv", 400, 4), tmp_path / "casebook.sqlite"
    options = ["--catalog", str(shipped), "--casebook", str(book)]
    command = [sys.executable, "-m", "border_kit", "check", str(path), "--queue", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True) as process:
        deadline = time.monotonic() + 300
        seen = next(count for count in _waits(tmp_path / "triage.sqlite") if count > 40 or time.monotonic() > deadline)
        os.kill(process.pid, how)
        out, said = process.communicate(timeout=300)
    assert 40 < seen < 400
    assert out == ""
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "goes on from there" in said
        assert "of 1,600 goods lines are assessed" in said
    queue = Triage.at(tmp_path / "triage.sqlite")
    stored = queue.count(Wanted(state="open"))
    assert seen <= stored < 400
    before = {item.no: item for item in queue.items(Wanted(state="open"), limit=1_000)}
    queue.close()
    done = start("case", "queue", "run", "--json", *options)
    assert done.json["runs"][0]["finished_at"] is not None
    queue = Triage.at(tmp_path / "triage.sqlite")
    after = {item.no: item for item in queue.items(Wanted(), limit=1_000)}
    queue.close()
    assert sorted(item.shipment for item in after.values()) == [f"C-{number:04d}" for number in range(400)]
    assert {no: after[no] for no in before} == before


def test_what_was_done_to_the_queue_is_forgotten_where_the_profile_names_a_period(
    queued: list[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(catalog: Any, profile_id: str = "example") -> profile.Profile:
        return replace(shipped_profile(catalog, profile_id), retention=(profile.Retention("m", 1, "x", of="queue"),))

    shipped_profile = profile.load
    monkeypatch.setattr(profile, "load", load)
    call("case", "queue", "mark", str(items(queued)[0]["item"]), "--done", *queued)
    assert call("case", "retention", "--json", *queued).json["due"] == []
    found = call("case", "retention", "--by", "2199-01-01", "--json", *queued)
    assert follows("case_retention", found.json)
    assert [(row["case"], row["rule"], row["events"]) for row in found.json["due"]] == [("queue", "m", [1])]
    assert "0 cases and 1 events of none are due" in call("case", "retention", "--by", "2199-01-01", *queued).out
    monkeypatch.setattr("border_kit.casework.retention.years_after", lambda day, _years: day)
    monkeypatch.setattr("border_kit.casework.loose.years_after", lambda day, _years: day)
    done = call("case", "retention", "--apply", "--json", *queued)
    assert (done.code, done.json["deleted"]) == (0, ["queue"])
    book = Casebook.at(tmp_path / "casebook.sqlite")
    assert [(event.kind, event.forgotten) for event in book.events("queue")] == [
        ("queue_marked", True),
        ("retention", False),
    ]
    assert book.verify().intact
    book.close()
    assert len(items(queued, "--state", "done")) == 1
