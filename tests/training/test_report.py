"""Reports of a class: figures against figures worked out by hand, pictures that fit, files that are safe to open."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from border_kit.desk.render_names import cells
from border_kit.training.classes import pictures, printed, report
from border_kit.training.classes.holding import Class, Row
from border_kit.training.classes.pack import Item
from border_kit.training.classes.report import Report
from border_kit.training.grading import Calibration, Counts, Judged, Marks, Response, Series
from border_kit.training.model import Class as Kind
from border_kit.training.result import Mode
from border_kit.training.scenario import default_modules, load
from tests.command import call, follows, unsafe
from tests.conftest import NOW
from tests.training.test_classes import expert, holds, releases, started, taken

_RESPONSES: dict[tuple[str, bool], Response] = {
    ("signal", True): "hit",
    ("signal", False): "miss",
    ("noise", True): "correct_rejection",
    ("noise", False): "false_alarm",
}


def _row(
    learner: str, kind: Kind, *, right: bool, sure: int = 80, part: Mode = "warm_up", scenario: str = "a-case"
) -> Row:
    held = (kind == "signal" and right) or (kind == "noise" and not right)
    marks = Marks((), (), 8 if right else 2, 10, right, in_time=True)
    response = _RESPONSES[kind, right]
    return Row(
        part, Judged(learner, scenario, 1, kind, "examine" if held else "release", response, marks, sure, 12, 60)
    )


def _report(rows: list[Row], title: str = "Spring") -> Report:
    return Report(title, 7, ("Jon",), tuple(rows), {})


def _many() -> list[Row]:
    """The vector of the design: 18 hits, 2 misses, 6 false alarms, 34 correct rejections."""
    rows = [_row("ana", "signal", right=number < 18) for number in range(20)]
    return rows + [_row("ana", "noise", right=number >= 6, part="exam") for number in range(40)]


def test_the_report_of_a_known_series_has_its_known_figures() -> None:
    whole = _report(_many()).to_json()["whole"]
    assert isinstance(whole, dict)
    assert whole["counts"] == {"hits": 18, "misses": 2, "false_alarms": 6, "correct_rejections": 34}
    found = whole["detection"]
    assert isinstance(found, dict)
    assert found["d_prime"] == pytest.approx(2.18, abs=0.005)
    assert found["criterion"] == pytest.approx(-0.09, abs=0.005)


@pytest.mark.parametrize("glyphs", [pictures.UNICODE, pictures.ASCII], ids=["unicode", "ascii"])
def test_every_line_of_the_report_fits_eighty_columns(glyphs: pictures.Glyphs) -> None:
    rows = [
        *_many(),
        _row("a very long name of a learner that does not fit " * 2, "signal", right=True),
        _row("陳美玲", "noise", right=False),
    ]
    shown = list(pictures.told(_report(rows), glyphs))
    assert max(map(cells, shown)) <= 80
    assert any("19 hits" in line for line in shown)
    assert any("Nothing yet of: Jon" in line for line in shown)
    if glyphs is pictures.ASCII:
        assert all(line.isascii() for line in shown if "陳" not in line)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "········"), (1.0, "████████"), (0.5, "████····"), (0.0625, "▌·······"), (-1, "········"), (2, "████████")],
)
def test_a_bar_is_as_long_as_its_share(share: float, shown: str) -> None:
    assert pictures.bar(share, 8, pictures.UNICODE) == shown
    assert len(pictures.bar(share, 8, pictures.ASCII)) == 8


def test_who_did_not_come_to_the_end_is_told_on_every_face() -> None:
    made = replace(_report(_many()), items=tuple(Item("a-case", 1, "exam") for _ in range(75)))
    assert made.unfinished == {"ana": (60, 75)}
    assert made.to_json()["unfinished"] == [{"learner": "ana", "decided": 60, "items": 75}]
    assert "Not to the end: ana (60 of 75)." in "\n".join(pictures.told(made, pictures.ASCII))
    with pypdfium2.PdfDocument(printed.to_pdf(made, NOW)) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert "Not to the end: ana (60 of 75)." in text
    assert "60/75" in text
    assert replace(made, items=made.items[:60]).notes == ["Nothing yet of: Jon."]


def test_the_confusion_matrix_shows_the_four_counts_and_their_shares() -> None:
    lines = list(pictures.matrix(Counts(3, 1, 2, 6), pictures.ASCII))
    assert lines[1].split() == ["signal", "#######...", "3", "hits", "##........", "1", "misses"]
    assert lines[2].split() == ["clean", "##........", "2", "false", "alarms", "#######...", "6", "right"]


def test_the_calibration_curve_puts_a_point_where_it_belongs() -> None:
    found = Series(
        tuple(
            row.judged for row in [_row("a", "signal", right=True, sure=100), _row("a", "signal", right=False, sure=0)]
        )
    ).calibration
    assert isinstance(found, Calibration)
    lines = list(pictures.calibration(found, pictures.ASCII, rows=10, columns=50))
    plot = [line.split("|", 1)[1] for line in lines if "|" in line]
    assert plot[0].rstrip()[-1] == "o"
    assert len(plot[0].rstrip()) == 51
    assert plot[10].startswith("o")


def test_a_series_of_one_kind_says_so_instead_of_rates() -> None:
    assert any("only one kind" in line for line in pictures.told(_report([_row("a", "signal", right=True)])))


def test_learners_come_by_name_and_the_hardest_shipment_first() -> None:
    rows = [_row("ben", "signal", right=True, scenario="easy"), _row("ana", "noise", right=False, scenario="hard")]
    made = _report(rows)
    assert list(made.learners) == ["ana", "ben"]
    assert list(made.scenarios) == ["hard", "easy"]


# Files


@pytest.mark.parametrize("name", ["=1+1", "+49", "-x", "@sum", "\tx", '=HYPERLINK("http://x")', "＝1", " =1"])
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(_report([_row(name, "signal", right=True)], title="=A1").to_csv())))
    assert rows[0]["learner"] == f"'{name}"
    assert rows[0]["class"] == "'=A1"
    assert (rows[0]["right"], rows[0]["points"], rows[0]["response"]) == ("yes", "8", "hit")


def test_the_pdf_is_the_same_every_time_and_has_the_figures() -> None:
    made = _report([*_many(), _row("ليلى", "noise", right=True), _row("陳美玲", "noise", right=True)])
    content = printed.to_pdf(made, NOW)
    assert content == printed.to_pdf(made, NOW)
    with pypdfium2.PdfDocument(content) as document:
        text = " ".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    for words in ("18 hits", "2 misses", "6 false alarms", "Calibration", "陳美玲", "Jon"):
        assert words in text, words


# A class, by the command


@pytest.fixture
def spring(tmp_path: Path) -> Class:
    """A class of three, of whom one is a model learner, one releases all, one holds all."""
    held, packs = started(tmp_path / "stick", "ana,ben,=cem,dan", warm_up=6)
    for pack, line in zip(packs, (expert, releases, holds), strict=False):
        taken(pack, line, tmp_path / "work")
    assert held.collect(tmp_path / "stick")[1] == []
    return held


def test_the_perfect_the_careless_and_the_fearful_are_told_apart(spring: Class) -> None:
    answer = call("train", "report", "Spring", "--json")
    assert answer.code == 0
    assert follows("report", answer.json, "training")
    rows = {row["learner"]: row for row in answer.json["learners"]}
    assert rows["ana"]["score"] == 100
    assert rows["ben"]["score"] == rows["=cem"]["score"] == 0
    assert rows["ben"]["counts"]["misses"] == rows["=cem"]["counts"]["hits"] == 3
    assert answer.json["missing"] == ["dan"]
    assert report.of_class(spring).to_json()["whole"] == answer.json["whole"]


def test_a_report_is_shown_saved_and_exported(spring: Class, tmp_path: Path) -> None:
    assert spring.session.name == "Spring"
    shown = call("train", "report")
    assert "SPRING: 3 learners, 18 decisions, seed 7" in shown.out
    assert unsafe(shown.out) == []
    assert call("train", "report", "Spring", "--to", tmp_path / "r.pdf").code == 0
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert call("train", "report", "Spring", "--to", tmp_path / "r.txt", "--ascii").code == 0
    assert "CALIBRATION" in (tmp_path / "r.txt").read_text(encoding="utf-8")
    assert call("train", "report", "Spring", "--to", tmp_path / "r.doc").code == 2
    out = call("train", "export", "Spring")
    rows = list(csv.DictReader(io.StringIO(out.out)))
    assert len(rows) == 18
    assert {row["learner"] for row in rows} == {"ana", "ben", "'=cem"}
    saved = call("train", "export", "Spring", "--to", tmp_path / "r.csv", "--json")
    assert saved.json["rows"] == 18
    assert len((tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()) == 19


def test_one_learner_alone_and_one_who_is_not_there(spring: Class) -> None:
    assert spring.learners
    answer = call("train", "report", "Spring", "--learner", "ben", "--json")
    assert [row["learner"] for row in answer.json["learners"]] == ["ben"]
    missing = call("train", "report", "Spring", "--learner", "nobody")
    assert missing.code == 4
    assert "There is: =cem, ana, ben" in missing.err


def test_no_class_and_no_runs_are_told() -> None:
    assert "No class was started here yet" in call("train", "report").err
    assert "No run has ended here yet" in call("train", "report", "--runs").err
    assert call("train", "report", "Spring", "--runs").code == 2


def test_runs_at_this_machine_are_a_report_too(shipped: Path, tmp_path: Path) -> None:

    scenario = load(default_modules() / "surveyors-camera.yaml")
    (tmp_path / "line.txt").write_text("\n".join(expert(scenario)), encoding="utf-8")
    played = call(
        "train", "run", "surveyors-camera", "--answers", tmp_path / "line.txt", "--catalog", shipped, "--json"
    )
    assert played.code == 0
    answer = call("train", "report", "--runs", "--json")
    assert answer.json["whole"]["counts"]["hits"] == 1
    assert answer.json["parts"]["practice"]["decided"] == 1
    unasked = call("train", "drill", "--json", "--limit", "500", "--new", "500").json["hand"]
    assert any(row["card"].startswith("scenario-surveyors-camera/") for row in unasked)


def test_a_report_of_a_class_ends_with_its_shipments_in_order(office: Path, tmp_path: Path) -> None:
    held, packs = started(tmp_path / "stick", "ana", warm_up=4)
    held.collect(taken(packs[0], expert, tmp_path))
    told = list(pictures.told(report.of_class(held)))
    shown = [line.split() for line in told[-4:]]
    assert [(row[0], row[2], row[-1]) for row in shown] == [
        (f"{number}", item.scenario, f"{item.seed}") for number, item in enumerate(held.session.items, 1)
    ]
    assert office.exists()
    assert max(map(cells, told)) <= 80
