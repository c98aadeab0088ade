from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from border_kit.clock import FixedClock
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.training import runs
from border_kit.training.model import Scenario
from border_kit.training.result import FIRST, Resumed, parse
from border_kit.training.run import Run, read_log
from border_kit.training.scenario import load

MODULE = Path(__file__).with_name("modules") / "two-lamps.yaml"
LINE = ("check", "open_invoice", "ask_sheet", "open_sheet")
MORNING = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(MODULE)


@pytest.fixture
def run(scenario: Scenario, tmp_path: Path) -> Run:
    return runs.begin(scenario, "Ann Learner", FixedClock(MORNING), seed=None, into=tmp_path)


def test_every_action_is_on_the_disk_before_the_next(run: Run) -> None:
    rows, _, _ = read_log(run.path)
    for count, name in enumerate(LINE, 1):
        run.do(name)
        rows, _, _ = read_log(run.path)
        assert [row.get("action") for row in rows[1:]] == list(LINE[:count])
    assert rows[0] == {
        "kind": "run", "format": 1, "scenario": "two-lamps", "seed": None, "learner": "Ann Learner", "mode": "practice",
        "digest": run.scenario.digest, "started": "2026-05-04T08:00:00Z",
    }  # fmt: skip
    assert rows[-1] == {
        "kind": "action", "no": 4, "action": "open_sheet", "minutes": 3, "total": 11, "at": "2026-05-04T08:00:00Z",
    }  # fmt: skip


def test_each_line_carries_the_digest_of_the_line_before(run: Run) -> None:
    run.do("check")
    run.do("wait")
    before = FIRST
    for line in run.path.read_bytes().splitlines(keepends=True):
        assert json.loads(line)["prev"] == before
        before = hashlib.sha256(line).hexdigest()
    assert run.result().log == before


def test_a_run_goes_on_where_it_was_left(run: Run, scenario: Scenario) -> None:
    for name in LINE[:3]:
        run.do(name)
    again = Run.resumed(scenario, run.path, FixedClock(MORNING))
    assert again.step == run.step
    assert again.steps == run.steps
    again.do("open_sheet")
    again.do("detain", 80)
    whole = Run.resumed(scenario, run.path, FixedClock(MORNING))
    assert whole.ended
    assert whole.confidence == 80
    assert whole.result() == again.result()


def test_a_line_that_a_power_cut_left_half_is_as_if_it_were_not_there(run: Run, scenario: Scenario) -> None:
    run.do("check")
    whole = run.path.read_bytes()
    run.do("open_invoice")
    for cut in range(len(whole) + 1, run.path.stat().st_size, 40):
        half = run.path.with_name(f"cut-{cut}.jsonl")
        half.write_bytes(run.path.read_bytes()[:cut])
        again = Run.resumed(scenario, half, FixedClock(MORNING))
        assert again.step.progress.done == ("check",)
        again.do("open_invoice")
        assert Run.resumed(scenario, half, FixedClock(MORNING)).step.progress.done == ("check", "open_invoice")


def test_time_between_leaving_and_going_on_does_not_count(scenario: Scenario, run: Run) -> None:
    run.clock = FixedClock(MORNING + timedelta(seconds=40))
    run.do("check")
    later = MORNING + timedelta(hours=20)
    again = Run.resumed(scenario, run.path, FixedClock(later))
    again.clock = FixedClock(later + timedelta(seconds=25))
    again.do("detain", 60)
    assert again.result().seconds == 65
    assert Run.resumed(scenario, run.path, FixedClock(later)).result().seconds == 65


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"action": "wait"', b'"action": "open_sheet"'),
        (b'"minutes": 2', b'"minutes": 1'),
        (b'"learner": "Ann Learner"', b'"learner": "Bob Learner"'),
        (b'"kind": "action"', b'"kind": "nothing"'),
    ],
)
def test_an_edited_log_is_noticed(run: Run, scenario: Scenario, old: bytes, new: bytes) -> None:
    run.do("open_invoice")
    run.do("wait")
    content = run.path.read_bytes()
    assert old in content
    run.path.write_bytes(content.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        Run.resumed(scenario, run.path, FixedClock(MORNING))
    assert caught.value.code == "run_edited"


def test_a_line_taken_out_or_a_log_of_nonsense_is_noticed(run: Run, scenario: Scenario) -> None:
    run.do("open_invoice")
    run.do("wait")
    lines = run.path.read_bytes().splitlines(keepends=True)
    for content in (lines[0] + lines[2], lines[1], b"", b"{}\n", b"[1]\n", b"\xff\n", b"[" * 9000 + b"\n"):
        run.path.write_bytes(content)
        with pytest.raises(InputError):
            Run.resumed(scenario, run.path, FixedClock(MORNING))


def test_a_log_whose_chain_was_made_again_still_has_to_follow_from_its_actions(run: Run, scenario: Scenario) -> None:
    run.do("open_invoice")
    rows, _, _ = read_log(run.path)
    rows[1]["minutes"] = rows[1]["total"] = 0
    prev, content = FIRST, b""
    for row in rows:
        line = (json.dumps({**row, "prev": prev}, sort_keys=True) + "\n").encode()
        content, prev = content + line, hashlib.sha256(line).hexdigest()
    run.path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        Run.resumed(scenario, run.path, FixedClock(MORNING))
    assert caught.value.code == "run_edited"


def test_a_run_of_another_scenario_or_version_is_refused(run: Run, tmp_path: Path) -> None:
    changed = tmp_path / "two-lamps.yaml"
    changed.write_text(MODULE.read_text(encoding="utf-8").replace("minutes: 20", "minutes: 21"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Run.resumed(load(changed), run.path, FixedClock(MORNING))
    assert caught.value.code == "run_other_scenario"


def test_the_digest_is_of_the_file_and_not_of_the_variant() -> None:
    assert len({load(MODULE, seed=seed).digest for seed in range(8)}) == 1


def test_two_windows_do_not_write_one_run(run: Run, scenario: Scenario) -> None:
    other = Run.resumed(scenario, run.path, FixedClock(MORNING))
    other.do("check")
    with pytest.raises(UsageError) as caught:
        run.do("wait")
    assert caught.value.code == "run_elsewhere"
    assert Run.resumed(scenario, run.path, FixedClock(MORNING)).step.progress.done == ("check",)


def test_what_cannot_be_done_is_refused_and_changes_nothing(run: Run) -> None:
    for name in ("ask_sheet", "nothing", "\x1b[31m"):
        with pytest.raises(InputError):
            run.do(name)
    for name, confidence in (("check", 50), ("detain", 101), ("detain", -1)):
        with pytest.raises(UsageError):
            run.do(name, confidence)
    assert run.done == []
    run.do("detain", 0)
    with pytest.raises(InputError):
        run.do("check")


def test_a_run_that_cannot_be_written_is_told_and_nothing_is_done(scenario: Scenario, run: Run, tmp_path: Path) -> None:
    run.path.unlink()
    with pytest.raises(StoreError):
        run.do("check")
    assert run.step.progress.done == ()
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(StoreError):
        runs.begin(scenario, "Ann", FixedClock(MORNING), seed=1, into=blocked)


def test_the_newest_run_that_was_left_is_found(scenario: Scenario, tmp_path: Path) -> None:
    first = runs.begin(scenario, "Ann", FixedClock(MORNING), seed=1, into=tmp_path)
    second = runs.begin(scenario, "Ann", FixedClock(MORNING + timedelta(minutes=1)), seed=2, into=tmp_path)
    runs.begin(scenario, "Bob", FixedClock(MORNING + timedelta(minutes=2)), seed=3, into=tmp_path)
    found = runs.unfinished(scenario.id, scenario.digest, "Ann", into=tmp_path)
    assert found is not None
    assert found[0] == second.path
    second.do("detain", 70)
    found = runs.unfinished(scenario.id, scenario.digest, "Ann", into=tmp_path)
    assert found is not None
    assert found[0] == first.path
    (tmp_path / "0-broken.jsonl").write_text("{", encoding="utf-8")
    assert len(list(runs.logs(tmp_path))) == 3


# What goes back to the trainer


def test_a_result_is_judged_anew_from_its_actions(run: Run, scenario: Scenario) -> None:
    for name in LINE:
        run.do(name)
    run.do("detain", 85)
    result = parse(json.loads(json.dumps(run.result().to_json())))
    assert result == run.result()
    judged = result.judged(scenario)
    assert (judged.response, judged.marks.points, judged.marks.perfect, judged.confidence) == ("hit", 5, True, 85)


def test_a_result_tells_of_interruptions_so_that_the_log_can_be_made_again(run: Run, scenario: Scenario) -> None:
    run.do("check")
    again = Run.resumed(scenario, run.path, FixedClock(MORNING + timedelta(hours=3)))
    again.do("release", 60)
    result = again.result()
    assert [(item.after, item.at) for item in result.resumed] == [(1, again.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))]
    assert (result.head(), result.judged(scenario).seconds) == (result.log, result.seconds)


def test_looking_through_logs_never_changes_one_that_is_just_written(run: Run) -> None:
    run.do("check")
    with run.path.open("ab") as stream:
        stream.write(b'{"kind":"act')
    before = run.path.read_bytes()
    assert [path for path, _, _ in runs.logs(run.path.parent)] == [run.path]
    assert run.path.read_bytes() == before


def test_what_lies_among_the_logs_and_is_no_file_is_passed_over(run: Run) -> None:
    os.mkfifo(run.path.parent / "pipe.jsonl")
    assert [path for path, _, _ in runs.logs(run.path.parent)] == [run.path]


def test_a_result_that_does_not_follow_from_its_actions_is_noticed(run: Run, scenario: Scenario) -> None:
    for name in ("wait", "release"):
        run.do(name, 90 if name == "release" else None)
    result = run.result()
    for changed in (
        replace(result, decision="detain_and_refer"),
        replace(result, minutes=3),
        replace(result, seconds=result.seconds + 60),
        replace(result, ended="2026-11-25T09:00:00Z"),
        replace(result, confidence=10),
        replace(result, learner="somebody else"),
        replace(result, started="2026-11-20T09:00:00Z"),
        replace(result, actions=(replace(result.actions[0], at="1999-01-01T00:00:00Z"), result.actions[1])),
        replace(result, resumed=(Resumed(1, "2026-11-25T09:00:00Z"),)),
        replace(result, actions=result.actions[1:]),
        replace(result, actions=(replace(result.actions[0], minutes=0, total=0), result.actions[1])),
        replace(result, actions=(replace(result.actions[0], action="open_sheet"), result.actions[1])),
    ):
        with pytest.raises(InputError) as caught:
            changed.judged(scenario)
        assert caught.value.code == "result_edited"
    with pytest.raises(InputError) as caught:
        replace(result, digest="0" * 64).judged(scenario)
    assert caught.value.code == "result_other_scenario"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"}, {"format": 2}, {"seed": "7"}, {"seed": True}, {"digest": "xyz"}, {"learner": "A\x1bB"},
        {"learner": "x" * 200}, {"mode": "easy"}, {"started": "soon"}, {"seconds": -1}, {"minutes": 1.5},
        {"actions": "check"}, {"actions": [{"action": "check"}]}, {"actions": [7]}, {"confidence": 101},
        {"decision": 7}, {"log": None},
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(run: Run, change: dict[str, object]) -> None:
    row = run.result().to_json() | change
    with pytest.raises(InputError) as caught:
        parse(row)
    assert caught.value.code == "result_invalid"


def test_a_result_that_lacks_a_field_or_is_no_object_is_refused(run: Run) -> None:
    row = run.result().to_json()
    for name in row:
        with pytest.raises(InputError):
            parse({key: value for key, value in row.items() if key != name})
    odd: object
    for odd in (None, [], "text", 7):
        with pytest.raises(InputError):
            parse(odd)
