"""A class by stick: packs out, three learners' processes, results back; what was changed is noticed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from border_kit import signing
from border_kit.clock import FixedClock
from border_kit.errors import BorderKitError, InputError, UsageError
from border_kit.findings import Advice
from border_kit.signing import Key
from border_kit.training import runs, solver
from border_kit.training.classes import envelope, holding, trainer
from border_kit.training.classes.holding import Class, Plan
from border_kit.training.classes.pack import PACK, RESULTS, Pack, Session, names, seal_results, slug
from border_kit.training.classes.taking import Taking
from border_kit.training.model import Scenario
from border_kit.training.result import Result
from border_kit.training.scenario import default_modules, scenario_files
from tests.command import ROOT, call, follows
from tests.conftest import NOW

CLOCK = FixedClock(NOW)
Line = Callable[[Scenario], list[str]]


def expert(scenario: Scenario) -> list[str]:
    return [*scenario.debrief.expert[:-1], f"{scenario.debrief.expert[-1]} 90"]


def _always(scenario: Scenario, *advice: Advice) -> list[str]:
    wanted = [action.id for one in advice for action in solver.decisions(scenario) if action.decision is one]
    return [f"{wanted[0]} 70"]


def releases(scenario: Scenario) -> list[str]:
    return _always(scenario, Advice.RELEASE)


def holds(scenario: Scenario) -> list[str]:
    return _always(scenario, Advice.DETAIN_AND_REFER, Advice.EXAMINE, Advice.DOCUMENT_CHECK)


def started(
    stick: Path, learners: str = "ana,ben", *, warm_up: int = 2, exam: int = 0, seed: int = 7
) -> tuple[Class, list[Path]]:
    return holding.start(
        "Spring",
        names(learners),
        scenario_files(default_modules()),
        stick,
        CLOCK,
        Plan(warm_up, exam, seed),
        trainer.first(None),
    )


def taken(pack: Path, line: Line, folder: Path, *, only: int | None = None) -> Path:
    """Results of a learner who follows a line, without the engines."""
    taking = Taking(Pack.load(pack), CLOCK, folder / pack.stem)
    while (number := taking.next()) is not None and number != only:
        run = taking.open(number)
        for words in line(run.scenario):
            name, _, sure = words.partition(" ")
            run.do(name, int(sure) if sure else None)
    return taking.write(pack.parent)


# Three learners


def test_three_learners_take_their_packs_in_processes_of_their_own(office: Path, shipped: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    begun = call(
        "train",
        "session",
        "start",
        "Spring",
        "--learners",
        "ana,ben,cem",
        "--warm-up",
        "2",
        "--exam",
        "0",
        "--seed",
        "7",
        "--into",
        stick,
        "--json",
    )
    assert begun.code == 0
    assert follows("session_start", begun.json, "training")
    held = Class.load("Spring")
    lines: dict[str, Line] = {"ana": expert, "ben": releases, "cem": holds}
    running = {
        name: _process(tmp_path / name, shipped, stick / f"spring-{name}.pack.json", held, line, begun.json["trainer"])
        for name, line in lines.items()
    }
    for name, process in running.items():
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        told = json.loads(out)
        assert follows("session_run", told, "training")
        assert (told["learner"], told["decided"], told["items"]) == (name, 2, 2)
    back = call("train", "session", "collect", "Spring", stick, "--json")
    assert back.code == 0
    assert follows("session_collect", back.json, "training")
    assert [row["learner"] for row in back.json["collected"]] == ["ana", "ben", "cem"]
    assert back.json["missing"] == []
    responses: dict[str, set[str | None]] = {row.judged.learner: set() for row in Class.load().rows()}
    for row in Class.load().rows():
        responses[row.judged.learner].add(row.judged.response)
    assert responses == {
        "ana": {"hit", "correct_rejection"},
        "ben": {"miss", "correct_rejection"},
        "cem": {"hit", "false_alarm"},
    }
    assert not list(office.glob("training/taken/*"))


def _process(home: Path, shipped: Path, pack: Path, held: Class, line: Line, trainer: str) -> subprocess.Popen[str]:
    home.mkdir()
    answers = home / "answers.txt"
    answers.write_text(
        "\n".join(words for item in held.session.items for words in line(held.scenario(item))), encoding="utf-8"
    )
    return subprocess.Popen(
        [sys.executable, "-m", "border_kit", "train", "session", "run", pack, "--answers", answers, "--trainer", trainer, "--catalog", shipped, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "BORDER_KIT_HOME": str(home / "office")},
    )  # fmt: skip


# The same seed, the same class


def test_the_same_seed_draws_the_same_class_and_another_seed_another() -> None:
    files = scenario_files(default_modules())
    first, again, other = (holding.draw(files, Plan(seed=seed))[0] for seed in (3, 3, 4))
    assert first == again != other
    assert [item.mode for item in first] == ["warm_up"] * 6 + ["exam"] * 20


def test_every_learner_of_a_class_gets_the_same_shipments_and_a_key_of_their_own(tmp_path: Path) -> None:
    _, packs = started(tmp_path)
    ana, ben = map(Pack.load, packs)
    assert ana.session == ben.session
    assert ana.key != ben.key
    assert ana.trainer == trainer.unlocked("").public


def test_an_exam_of_twenty_holds_two_signals_that_the_warm_up_did_not_tell(tmp_path: Path) -> None:
    held, _ = started(tmp_path, warm_up=6, exam=20)
    exam = [item.scenario for item in held.session.items if item.mode == "exam"]
    signals = [held.scenario(item) for item in held.session.items if held.scenario(item).kind == "signal"]
    assert [item.mode for item in held.session.items if held.scenario(item).kind == "signal"].count("exam") == 2
    assert len({item.id for item in signals}) == len(signals) == 5
    assert len(exam) == 20


@pytest.mark.usefixtures("office")
def test_learners_may_stand_in_a_file_and_whose_pack_is_whose_is_told(tmp_path: Path) -> None:
    written = tmp_path / "names.txt"
    written.write_text("\ufeffAna Ruhe\nليلى حداد\n", encoding="utf-8")
    begun = call(
        "train", "session", "start", "Spring", "--learners", written, "--warm-up", "2", "--exam", "0", "--into", tmp_path / "stick",
    )  # fmt: skip
    rows = [line.split(maxsplit=1) for line in begun.out.splitlines() if ".pack.json" in line]
    assert [name for _, name in rows] == ["Ana Ruhe", "ليلى حداد"]
    assert [Pack.load(tmp_path / "stick" / file).learner for file, _ in rows] == ["Ana Ruhe", "ليلى حداد"]


@pytest.mark.usefixtures("office")
def test_the_share_of_signals_is_the_trainers(tmp_path: Path) -> None:
    begun = call(
        "train", "session", "start", "Spring", "--learners", "ana", "--warm-up", "10", "--exam", "20",
        "--warm-up-share", "30", "--exam-share", "25", "--into", tmp_path, "--json",
    )  # fmt: skip
    assert begun.json["signals"] == {"warm_up": 3, "exam": 5}
    assert "has no PIN" in begun.err


def test_a_warm_up_is_half_signals_and_an_exam_at_most_one_in_twenty(tmp_path: Path) -> None:
    held, _ = started(tmp_path, warm_up=8, exam=40)
    kinds = [(item.mode, held.scenario(item).kind) for item in held.session.items]
    assert kinds.count(("warm_up", "signal")) == kinds.count(("warm_up", "noise")) == 4
    assert kinds.count(("exam", "signal")) == 2


@pytest.mark.parametrize(("warm_up", "exam"), [(0, 0), (1, 0), (6, 1)])
def test_a_class_that_could_show_nothing_is_refused(tmp_path: Path, warm_up: int, exam: int) -> None:
    with pytest.raises(UsageError):
        started(tmp_path, warm_up=warm_up, exam=exam)


def test_a_class_is_never_started_over_another(tmp_path: Path) -> None:
    started(tmp_path)
    with pytest.raises(UsageError, match="already"):
        started(tmp_path, seed=8)


# What was changed is noticed


def _changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["body"]["results"][0].update(decision="other"),
        lambda document: document["body"]["results"][0].update(confidence=100),
        lambda document: document["body"]["results"][0].update(seconds=1),
        lambda document: document["body"]["results"][0]["actions"].pop(),
        lambda document: document["body"].update(learner="ben"),
        lambda document: document["body"]["results"].pop(),
        lambda document: document.update(signature=signing.text(bytes(64))),
        lambda document: document.update(key=signing.text(Key.new().public)),
    ],
)
def test_an_edited_result_is_refused_with_the_reason(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    held, packs = started(tmp_path / "stick")
    path = taken(packs[0], expert, tmp_path)
    _changed(path, change)
    got, refused = held.collect(tmp_path / "stick")
    assert got == []
    assert [(one.file, one.code) for one in refused] == [("spring-ana.result.json", "pack_edited")]
    assert "changed" in refused[0].reason
    assert held.missing == ["ana", "ben"]


def test_results_signed_with_another_key_are_refused(tmp_path: Path) -> None:
    held, packs = started(tmp_path / "stick")
    path = taken(packs[0], expert, tmp_path)
    body = json.loads(path.read_text(encoding="utf-8"))["body"]
    path.write_bytes(envelope.seal(body, Key.new(), RESULTS))
    assert [one.code for one in held.collect(path)[1]] == ["results_other_key"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("decision", "release", "result_edited"),
        ("minutes", 3, "result_edited"),
        ("seed", 1, "result_other_shipment"),
        ("mode", "practice", "result_other_shipment"),
        ("learner", "ben", "result_other_shipment"),
        ("digest", "0" * 64, "result_other_scenario"),
        ("confidence", 101, "pack_invalid"),
        ("actions", "none", "pack_invalid"),
    ],
)
def test_results_that_do_not_follow_from_their_actions_are_refused_even_when_signed_anew(
    tmp_path: Path, field: str, value: object, code: str
) -> None:
    held, packs = started(tmp_path / "stick")
    path = taken(packs[0], holds, tmp_path)
    body = json.loads(path.read_text(encoding="utf-8"))["body"]
    body["results"][0][field] = value
    path.write_bytes(envelope.seal(body, Pack.load(packs[0]).key, RESULTS))
    got, refused = held.collect(path)
    assert (got, [one.code for one in refused]) == ([], [code if code != "pack_invalid" else refused[0].code])
    assert refused[0].code in {code, "result_invalid"}


def test_a_pack_that_was_changed_or_cut_is_refused_by_the_learner(tmp_path: Path) -> None:
    _, packs = started(tmp_path)
    whole = packs[0].read_bytes()
    for content in (
        whole.replace(b'"warm_up"', b'"practice"', 1),
        whole[:-40],
        b"",
        b"[]",
        b"\xff",
        whole.replace(b"release", b"detain", 1),
    ):
        packs[0].write_bytes(content)
        answer = call("train", "session", "run", packs[0], "--json")
        assert answer.code == 4
        assert answer.json["error"]["code"] in {"pack_edited", "pack_invalid"}


@pytest.mark.parametrize("name", ["/dev/zero", "nowhere.pack.json", "", "a\x1b[31m", "x" * 300])
def test_what_is_no_file_is_told_and_never_read_for_ever(tmp_path: Path, name: str) -> None:
    for arguments in (("run", name), ("collect", "Spring", name)):
        if arguments[0] == "collect":
            started(tmp_path / "stick")
        answer = call("train", "session", *arguments)
        assert answer.code in {2, 4}
        assert answer.err.startswith("Error")


@pytest.mark.parametrize("learners", ["x" * 300, "a" * 80 + "\x00", "/dev/zero"])
def test_odd_names_of_learners_are_names_or_refused(tmp_path: Path, learners: str) -> None:
    answer = call(
        "train",
        "session",
        "start",
        "odd",
        "--learners",
        learners,
        "--warm-up",
        "2",
        "--exam",
        "0",
        "--into",
        tmp_path / "s",
    )
    assert answer.code in {0, 2, 4}


def test_a_pack_of_another_trainer_is_refused_where_a_key_is_named(tmp_path: Path) -> None:
    _, packs = started(tmp_path)
    answer = call("train", "session", "run", packs[0], "--trainer", "0" * 16)
    assert answer.code == 4
    assert "signed by" in answer.err


def test_a_result_never_passes_for_a_pack(tmp_path: Path) -> None:
    _, packs = started(tmp_path)
    with pytest.raises(InputError) as refused:
        Pack.load(taken(packs[0], expert, tmp_path))
    assert refused.value.code == "pack_edited"


def test_a_pack_whose_body_means_nothing_is_refused_though_it_is_signed(tmp_path: Path) -> None:
    path = tmp_path / "x.pack.json"
    for body in ({}, {"session": {}, "learner": "a", "secret": ""}, {"session": None, "learner": 3, "secret": "AA=="}):
        path.write_bytes(envelope.seal(body, Key.new(), PACK))
        with pytest.raises(InputError) as refused:
            Pack.load(path)
        assert refused.value.code == "pack_invalid"


def test_results_of_another_class_are_refused(tmp_path: Path) -> None:
    held, _ = started(tmp_path / "one")
    _, packs = holding.start(
        "Autumn",
        ["ana"],
        scenario_files(default_modules()),
        tmp_path / "two",
        CLOCK,
        Plan(2, 0, 7),
        trainer.unlocked(""),
    )
    path = taken(packs[0], expert, tmp_path)
    assert [one.code for one in held.collect(path)[1]] == ["results_other_class"]


def test_results_may_grow_but_nothing_decided_may_change(tmp_path: Path) -> None:
    held, packs = started(tmp_path / "stick")
    path = taken(packs[0], expert, tmp_path / "a", only=1)
    assert [one.decided for one in held.collect(path)[0]] == [1]
    assert [one.decided for one in held.collect(taken(packs[0], expert, tmp_path / "a"))[0]] == [2]
    other = taken(packs[0], releases, tmp_path / "b")
    assert [one.code for one in held.collect(other)[1]] == ["results_differ"]
    assert [one.decided for one in held.results()] == [2]


def test_a_result_changed_where_it_is_kept_is_noticed_by_the_report(tmp_path: Path) -> None:
    held, packs = started(tmp_path / "stick")
    held.collect(taken(packs[0], expert, tmp_path))
    kept = next((held.path / "results").iterdir())
    _changed(kept, lambda document: document["body"]["results"][0].update(confidence=1))
    with pytest.raises(InputError):
        held.rows()


# Stopping, going on, names


def test_who_stops_goes_on_where_they_were(tmp_path: Path, shipped: Path) -> None:
    held, packs = started(tmp_path / "stick")
    first, second = (held.scenario(item) for item in held.session.items)
    lines = expert(first)
    stopped = call(
        "train", "session", "run", packs[0], "--answers", "-", "--catalog", shipped, stdin="\n".join(lines[:2]).encode()
    )
    assert stopped.code == 1
    assert "0 of 2 shipments decided" in stopped.out
    ended = call(
        "train",
        "session",
        "run",
        packs[0],
        "--answers",
        "-",
        "--catalog",
        shipped,
        stdin="\n".join([*lines[2:], *expert(second)]).encode(),
    )
    assert ended.code == 0
    assert "2 of 2 shipments decided" in ended.out
    assert len(held.collect(tmp_path / "stick")[0]) == 1
    assert len(list(runs.logs(next((tmp_path / "office/training/taken").iterdir()) / "001"))) == 1


def test_an_exam_tells_nothing_of_how_it_went(tmp_path: Path, shipped: Path) -> None:
    held, packs = started(tmp_path, warm_up=0, exam=20)
    first = held.scenario(held.session.items[0])
    answer = call(
        "train",
        "session",
        "run",
        packs[0],
        "--answers",
        "-",
        "--catalog",
        shipped,
        stdin="\n".join(expert(first)).encode(),
    )
    assert "DEBRIEF" not in answer.out
    assert "Your decision is recorded." in answer.out
    assert not any(criterion.text in answer.out for criterion in first.rubric)


@pytest.mark.parametrize(
    ("text", "found"),
    [("ana, ben;cem\nana", ("ana", "ben", "cem")), ("Бен,ابن,日本", ("Бен", "ابن", "日本"))],
)
def test_learners_are_named_by_commas_or_lines_in_any_script(text: str, found: tuple[str, ...]) -> None:
    assert names(text) == found
    assert len({slug(name) for name in found}) == len(found)


@pytest.mark.parametrize("text", ["", " , ;", "Ben,bén"])
def test_nobody_and_two_alike_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        names(text)


def test_a_full_stick_is_told_and_the_class_is_not_half_started(tmp_path: Path) -> None:
    (tmp_path / "stick").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(BorderKitError):
        started(tmp_path / "stick")
    assert list(holding.classes()) == []


def _of(learner: str, result: Result) -> Result:
    """What a learner would have sent who did the same at the same moments."""
    own = replace(result, learner=learner)
    return replace(own, log=own.head())


def test_a_class_of_thirty_is_collected_and_judged_in_time(tmp_path: Path) -> None:
    learners = ",".join(f"learner {number:02}" for number in range(30))
    held, packs = started(tmp_path / "stick", learners, warm_up=6, exam=20)
    model = Taking(Pack.load(packs[0]), CLOCK, tmp_path / "model")
    while (number := model.next()) is not None:
        run = model.open(number)
        for words in expert(run.scenario):
            name, _, sure = words.partition(" ")
            run.do(name, int(sure) if sure else None)
    done = [item for item in model.results() if item is not None]
    for path in packs:
        pack = Pack.load(path)
        body = {
            "format": 1,
            "session": pack.session.id,
            "learner": pack.learner,
            "results": [_of(pack.learner, result).to_json() for result in done],
        }
        (path.parent / f"{pack.file_stem}.result.json").write_bytes(envelope.seal(body, pack.key, RESULTS))
    began = time.process_time()
    got, refused = Class.load("Spring").collect(tmp_path / "stick")
    judged = Class.load("Spring").rows()
    assert time.process_time() - began < 5
    assert (len(got), refused, len(judged)) == (30, [], 30 * 26)
    assert all(row.judged.marks.perfect for row in judged)
    assert seal_results(Pack.load(packs[0]), [None] * 26) != b""
    assert isinstance(held.session, Session)
