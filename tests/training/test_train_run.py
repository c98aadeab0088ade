from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from border_kit.cli.edge import run
from tests.command import follows
from tests.conftest import no_application

MODULES = Path(__file__).with_name("modules")
RIGHT = "check\nopen_invoice  # the invoice first\n\nask_sheet\nopen_sheet\ndetain 85\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BORDER_KIT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def play(tmp_path: Path, installed: Path) -> Any:
    """Plays the tests' scenario with answers; gives the exit code."""

    def play(answers: str, *more: str) -> int:
        path = tmp_path / "answers.txt"
        path.write_text(answers, encoding="utf-8")
        arguments = ["train", "run", "two-lamps", "--modules", str(MODULES), "--catalog", str(installed)]
        return run([*arguments, "--answers", str(path), *more], no_application)

    return play


def _json(capfd: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capfd.readouterr().out)


def test_a_right_line_is_told_to_its_end_and_exits_0(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play(RIGHT) == 0
    told = capfd.readouterr().out
    for part in (
        "TRAINING: everything here is fictional", "Two crates of lamps   09:00, 30 min left", "Papers at hand: Invoice",
        "lane yellow", "-- Open the sheet (09:11, 19 min left)", "  | 60 Hz", "With a reason.", "Points:         5 of 5",
        "seen: 60 Hz.", "Question 1: Which value?", "  The frame rate.", "Source: test data, not law",
    ):  # fmt: skip
        assert part in told, part
    assert told.index("Question 1") < told.index("  The frame rate.")
    assert max(len(line) for line in told.splitlines() if line.startswith(("--", "  |", ">>"))) <= 78


def test_the_result_comes_as_one_document(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play(RIGHT, "--json", "--seed", "3", "--learner", "Ann") == 0
    answer = _json(capfd)
    assert follows("run", answer, "training")
    result = answer["result"]
    assert (result["scenario"], result["seed"], result["learner"], result["decision"], result["confidence"]) == (
        "two-lamps", 3, "Ann", "detain_and_refer", 85,
    )  # fmt: skip
    assert [row["action"] for row in result["actions"]] == [
        "check",
        "open_invoice",
        "ask_sheet",
        "open_sheet",
        "detain",
    ]
    assert result["minutes"] == 11
    assert answer["debrief"]["judged"]["marks"]["points"] == 5
    assert Path(answer["log"]).is_file()


def test_a_wrong_decision_and_none_at_all_exit_1(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("release 90\n") == 1
    assert "Decision:       Release: not right" in capfd.readouterr().out
    assert play("check\n") == 1
    assert "--resume" in capfd.readouterr().err


def test_a_run_that_was_left_goes_on_when_asked(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("check\nopen_invoice\n", "--seed", "5") == 1
    capfd.readouterr()
    assert play("ask_sheet\nopen_sheet\ndetain 70\n", "--resume", "--json") == 0
    result = _json(capfd)["result"]
    assert (result["seed"], result["minutes"], len(result["actions"])) == (5, 11, 5)


def test_an_exam_does_not_go_on_with_what_was_left_in_practice(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("check\n") == 1
    capfd.readouterr()
    assert play("release 60\n", "--exam", "--resume", "--json") == 0
    result = _json(capfd)["result"]
    assert (result["mode"], len(result["actions"])) == ("exam", 1)


def test_an_answer_that_cannot_be_done_exits_4_and_says_which(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("check\nopen_sheet\n") == 4
    assert "Answer 2: 'open_sheet' cannot be done now." in capfd.readouterr().err
    assert play("check twice or so\n") == 4
    assert "is no answer" in capfd.readouterr().err
    assert play("detain 200\n") == 2


def test_answers_after_the_decision_are_told_and_not_done(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("check\nrelease 40\ndetain 90\n", "--json") == 1
    told = capfd.readouterr()
    assert "The answers after the decision were not used" in told.err
    assert json.loads(told.out)["result"]["confidence"] == 40
    assert play("check\nrelease 40\n") == 1
    assert "not used" not in capfd.readouterr().err


def test_actions_may_be_named_by_their_number(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("1\nrelease\n", "--json") == 1
    result = _json(capfd)["result"]
    assert [row["action"] for row in result["actions"]] == ["check", "release"]
    assert result["confidence"] is None


def test_an_exam_tells_neither_outcome_nor_marks_nor_class(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("release 90\n", "--exam") == 0
    told = capfd.readouterr().out
    assert "Your decision is recorded." in told
    for secret in ("It leaves.", "Points", "DEBRIEF", "signal", "not right"):
        assert secret not in told
    assert play("release 90\n", "--exam", "--json") == 0
    answer = _json(capfd)
    assert set(answer) == {"result", "log"}
    assert follows("run", answer, "training")
    assert "signal" not in json.dumps(answer)


def test_answers_come_from_stdin_too(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(RIGHT))
    arguments = ["train", "run", "two-lamps", "--modules", str(MODULES), "--catalog", str(installed), "--answers", "-"]
    assert run(arguments, no_application) == 0


def test_a_crash_between_two_answers_loses_nothing(home: Path, installed: Path) -> None:
    """The process is killed while it waits for its next answer; the next one goes on."""
    arguments = [
        sys.executable, "-m", "border_kit", "train", "run", "two-lamps", "--modules", str(MODULES), "--catalog", str(installed), "--json",
    ]  # fmt: skip
    environment = {**os.environ, "BORDER_KIT_HOME": str(home)}
    program = (
        "import os, sys\n"
        "from border_kit.training import run\n"
        "real = run.Run.do\n"
        "def do(self, name, confidence=None):\n"
        "    step = real(self, name, confidence)\n"
        "    if name == 'ask_sheet': os.kill(os.getpid(), 9)\n"
        "    return step\n"
        "run.Run.do = do\n"
        "from border_kit.__main__ import main\n"
        "main()\n"
    )
    crashed = subprocess.run(
        [sys.executable, "-c", program, *arguments[3:], "--answers", "-"], input=RIGHT, text=True, capture_output=True, env=environment, check=False,
    )  # fmt: skip
    assert crashed.returncode == -9
    answer = subprocess.run(
        [*arguments, "--resume"], input="open_sheet\ndetain 85\n", text=True, capture_output=True, env=environment, check=False
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert [row["action"] for row in json.loads(answer.stdout)["result"]["actions"]] == [
        "check", "open_invoice", "ask_sheet", "open_sheet", "detain",
    ]  # fmt: skip


def test_the_live_casebook_and_catalog_are_not_touched(play: Any, home: Path, installed: Path, tmp_path: Path) -> None:
    casebook = tmp_path / "live.sqlite"
    before = {path.name: path.read_bytes() for path in installed.iterdir()}
    assert play(RIGHT, "--casebook", str(casebook)) == 0
    assert not casebook.exists()
    assert [path.name for path in home.iterdir()] == ["training"]
    assert {path.name: path.read_bytes() for path in installed.iterdir()} == before


# The debrief afterwards


def test_the_debrief_of_the_newest_run_is_saved_as_pdf_and_markdown(
    play: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert play(RIGHT, "--learner", "Ann *Learner*") == 0
    capfd.readouterr()
    common = ["train", "debrief", "--modules", str(MODULES)]
    for name in ("debrief.pdf", "debrief.md"):
        assert run([*common, "--to", str(tmp_path / name)], no_application) == 0
    assert (tmp_path / "debrief.pdf").read_bytes().startswith(b"%PDF-")
    text = (tmp_path / "debrief.md").read_text(encoding="utf-8")
    assert "# Debrief: Two crates of lamps" in text
    assert "Ann \\*Learner\\*" in text
    assert "| 11'  Open the sheet | 11'  Open the sheet |" in text.replace("' Open", "'  Open")
    assert text.index("1. Which value?") < text.index("1. The frame rate.")
    capfd.readouterr()
    assert run([*common, "--json"], no_application) == 0
    answer = _json(capfd)
    assert follows("debrief", answer, "training")
    assert answer["debrief"]["points"][0]["state"] == "earned"


def test_what_has_no_debrief_says_so(play: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    common = ["train", "debrief", "--modules", str(MODULES)]
    assert run(common, no_application) == 4
    assert play("release 50\n", "--exam") == 0
    assert run(common, no_application) == 2
    assert "An exam has no debrief here." in capfd.readouterr().err
    assert play(RIGHT) == 0
    assert run([*common, "--to", str(tmp_path / "debrief.odt")], no_application) == 2


def test_missed_points_and_points_lost_are_told(play: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("wait\nrelease 90\n", "--json") == 1
    debrief = _json(capfd)["debrief"]
    assert [(item["state"], item["points"]) for item in debrief["points"]] == [
        ("missed", 1),
        ("missed", 4),
        ("lost", -5),
    ]
    assert debrief["deciding"] == [{"text": "60 Hz.", "seen": False}]
    assert [turn["both"] for turn in debrief["own"]] == [False, False]
    assert debrief["right"] == ["Detain"]


def test_a_check_of_what_may_be_a_weapon_tells_its_level_of_autonomy_and_what_is_demanded(
    shipped: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for name, line in {
        "drones-for-the-valley": "check_declaration\nopen_invoice\nopen_packing_list\nphone_engineer\nopen_manual\ncheck_manual\ndecide_detain 90",
        "drones-for-the-plain": "check_declaration\nopen_packing_list\nask_agent\nopen_manual\ncheck_manual\ndecide_release 90",
    }.items():
        answers = tmp_path / "line.txt"
        answers.write_text(line, encoding="utf-8")
        run(["train", "run", name, "--plain", "--catalog", str(shipped), "--answers", str(answers)], no_application)
        told[name] = capfd.readouterr().out
    before, after = told["drones-for-the-valley"].split("-- Check again")
    assert "(ours): not known: A4 or A3 or A2 or A1 or A0" in before
    assert "raised by what is not known" in before
    assert "(ours): A3" in after
    assert "Committee of the Red Cross: against-people" in after
    assert "TIER T4 (Highest): A3, destination high" in after
    before, after = told["drones-for-the-plain"].split("-- Answer the questions")
    assert "(ours): not known" in before
    assert "(ours): A1" in after
    assert "Committee of the Red Cross: not-autonomous" in after
    assert "raised by what is not known" not in after
