"""An author's way: a scenario to start from, looks at it, and the guide's own scenario."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from border_kit.desk.desk import Desk
from border_kit.training import author, collection, solver
from border_kit.training.lint import inspect, lint
from border_kit.training.scenario import default_modules, load, scenario_files, scenarios
from tests.command import ROOT, call, follows

KINDS = ["signal", "noise"]
GUIDE = ROOT / "docs" / "authoring.md"


def _guide(tmp_path: Path) -> Path:
    """The scenario at the end of the guide, as a file."""
    text = GUIDE.read_text(encoding="utf-8").rpartition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "modules-for-harrow-pass.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_scenario_lints_clean_once_every_todo_is_written(tmp_path: Path, kind: str, desk: Desk) -> None:
    answer = call("train", "new", "a-case", "--title", 'Käse "für" alle', "--class", kind, "--into", tmp_path, "--json")
    assert answer.code == 0
    path = tmp_path / "a-case.yaml"
    problems = lint([path], desk)
    assert len(problems) > 20
    assert all("still to be written" in problem.message for problem in problems)
    assert len({problem.line for problem in problems}) > 15
    number = iter(range(1000))
    path.write_text(
        re.sub("TODO: ", lambda _: f"Written {next(number)}, ", path.read_text(encoding="utf-8")), encoding="utf-8"
    )
    assert lint([path], desk) == []
    assert load(path).title == 'Käse "für" alle'


def test_the_scenario_of_the_guide_is_clean_and_has_a_correct_line(tmp_path: Path, desk: Desk) -> None:
    path = _guide(tmp_path)
    assert lint([path], desk) == []
    assert solver.solve(load(path)).line is not None


def test_the_scenario_of_the_guide_is_the_template_filled(tmp_path: Path) -> None:
    template = author.new("modules-for-harrow-pass", "Modules for Harrow Pass", "signal").partition("\nformat: 1")[2]
    written = _guide(tmp_path).read_text(encoding="utf-8").partition("\nformat: 1")[2]
    pairs = list(zip(template.splitlines(), written.splitlines(), strict=True))
    assert [(old, new) for old, new in pairs if "TODO" not in old and old != new] == []
    assert [new for old, new in pairs if "TODO" in old and old == new] == []


def test_the_commands_of_the_guide_are_commands() -> None:
    words = set(re.findall(r"^border-kit (train \w+)", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {"train new", "train lint", "train solve", "train preview", "train run"} <= words
    for command in words:
        assert call(*command.split(), "--help").code == 0


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a-case.yaml").write_text("mine", encoding="utf-8")
    answer = call("train", "new", "a-case", "--title", "A case", "--into", tmp_path)
    assert answer.code == 4
    assert (tmp_path / "a-case.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["A-Case", "../a-case", "a_case", "", "-a", "a" * 61, "a\x1b[0m"])
def test_an_id_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    answer = call("train", "new", "--into", tmp_path, "--title", "A case", "--", name)
    assert answer.code == 4
    assert list(tmp_path.iterdir()) == [tmp_path / "office"] or list(tmp_path.iterdir()) == []


# Looking at a scenario


@pytest.mark.parametrize("path", scenario_files(default_modules()), ids=lambda path: path.stem)
def test_what_a_learner_sees_tells_neither_class_nor_answer(path: Path) -> None:
    scenario = load(path)
    seen = "\n".join(author.learner_view(scenario))
    assert scenario.title in seen
    joined = " ".join(seen.split())
    for observation in scenario.observations:
        assert " ".join(observation.text.split()) not in joined
    for question in scenario.debrief.questions:
        assert " ".join(question.answer.split()) not in joined
    for objective in scenario.objectives:
        assert " ".join(objective.split()) not in joined
    assert "signal" not in author.learner_json(scenario)
    assert all(len(row) <= 80 for row in seen.splitlines())


@pytest.mark.parametrize("path", scenario_files(default_modules()), ids=lambda path: path.stem)
def test_the_trainer_sees_everything_that_can_be_found(path: Path) -> None:
    scenario = load(path)
    joined = "".join("".join(author.trainer_view(scenario)).split())
    for text in [
        *(item.text for item in scenario.observations),
        *(item.text for item in scenario.rubric),
        scenario.debrief.summary,
    ]:
        assert "".join(text.split()) in joined.replace("|", "")


def test_preview_solve_and_randomise_answer_as_the_contract_says() -> None:
    assert follows("preview", call("train", "preview", "surveyors-camera", "--json").json, "training")
    whole = call("train", "preview", "surveyors-camera", "--trainer", "--json").json
    assert whole["source"]["answer"]["decisions"] == ["detain_and_refer"]
    solved = call("train", "solve", "surveyors-camera", "--json")
    assert follows("solve", solved.json, "training")
    assert (solved.code, solved.json["minutes"], solved.json["expert"]["perfect"]) == (0, 28, True)
    drawn = call("train", "randomise", "surveyors-camera", "--seed", "3", "--count", "4", "--json")
    assert follows("randomise", drawn.json, "training")
    assert [one["seed"] for one in drawn.json["draws"]] == [3, 4, 5, 6]
    assert drawn.json["variants"] == 6


def test_a_seed_draws_what_the_scenario_then_holds() -> None:
    path = default_modules() / "surveyors-camera.yaml"
    for one in author.draws(path, range(6)):
        seed, values = one["seed"], one["values"]
        assert isinstance(seed, int)
        assert isinstance(values, dict)
        assert str(values["exporter.name"]) in load(path, seed=seed).briefing


def test_a_scenario_without_a_correct_line_is_told(tmp_path: Path) -> None:
    path = _guide(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("time_limit: 40", "time_limit: 5"), encoding="utf-8")
    answer = call("train", "solve", path)
    assert answer.code == 1
    assert "no line with full marks in time" in answer.out


@pytest.mark.parametrize("command", ["preview", "solve", "randomise"])
def test_a_scenario_that_is_not_there_is_told(command: str) -> None:
    answer = call("train", command, "nobody")
    assert answer.code == 4
    assert "There is no scenario 'nobody'" in answer.err


# Noise, and the same thing twice


def _edited(tmp_path: Path, *changes: tuple[str, str], name: str = "modules-for-harrow-pass") -> Path:
    text = _guide(tmp_path).read_text(encoding="utf-8").replace("modules-for-harrow-pass", name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_where_everything_seen_decides_there_is_too_little_noise(tmp_path: Path) -> None:
    path = _edited(tmp_path)
    text = re.sub(
        r"(- \{id: \w+, action: \w+, minutes: \d+), text", r"\1, deciding: true, text", path.read_text(encoding="utf-8")
    )
    path.write_text(text, encoding="utf-8")
    assert any("only 0 observations decide nothing" in problem.message for problem in inspect(load(path), path))


def test_where_nothing_wrong_can_be_decided_there_is_too_little_noise(tmp_path: Path) -> None:
    path = _edited(tmp_path, ("decisions: [detain_and_refer]", "decisions: [detain_and_refer, release]"))
    assert any("every decision that can be taken is right" in problem.message for problem in inspect(load(path), path))


def test_two_scenarios_do_not_share_deciding_findings_and_papers(tmp_path: Path) -> None:
    twin = _edited(tmp_path, ('title: "Modules for Harrow Pass"', "title: Other goods"), name="other-goods")
    pair = [load(_guide(tmp_path)), load(twin)]
    assert [problem.message for problem in collection.inspect(pair, whole=False)] == [
        "modules-for-harrow-pass has the same deciding findings and much the same papers: write another case"
    ]


def test_papers_may_be_alike_where_something_else_decides(tmp_path: Path) -> None:
    twin = _edited(
        tmp_path,
        ('title: "Modules for Harrow Pass"', "title: Other goods"),
        ("decided_by: licence_quantity_exceeded", "decided_by: licence_expired"),
        name="other-goods",
    )
    assert list(collection.inspect([load(_guide(tmp_path)), load(twin)], whole=False)) == []


def test_a_collection_has_one_clean_scenario_for_two_signals() -> None:
    every = scenarios(default_modules()).scenarios
    signals, clean = ([item for item in every if item.kind == kind] for kind in KINDS)
    assert not [problem for problem in collection.inspect(every, whole=True) if "too little noise" in problem.message]
    few = [*signals[:5], clean[0]]
    said = [problem.message for problem in collection.inspect(few, whole=True) if "noise" in problem.message]
    assert said == ["too little noise: 1 clean scenarios stand beside 5 signals; write clean ones"]
