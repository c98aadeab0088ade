"""The office's licence work by command: draw, reverse, what falls due, and runs between two offices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from border_kit.licensing.ledger import Ledger
from tests.command import ROOT, Answer, call, follows, start

CAMERA = ROOT / "examples/blue-release-licensed-camera.json"
NUMBER = "IND-22-0071"


class Office:
    """One office with its own casebook and ledger."""

    def __init__(self, shipped: Path, folder: Path) -> None:
        self.folder = folder
        self._options = (
            "--catalog",
            str(shipped),
            "--casebook",
            str(folder / "casebook.sqlite"),
            "--operator",
            "XA-117",
        )

    def __call__(self, *words: str | Path, json: bool = True) -> Answer:
        return call("licence", *words, *self._options, *(["--json"] if json else []))

    def case(self, *words: str | Path) -> Answer:
        return call("case", *words, *self._options, "--json")

    def left(self) -> tuple[str, str]:
        (line,) = self("show", NUMBER).json["licence"]["lines"]
        return line["left"], line["value_left"]

    def draw(self, quantity: str, declaration: str, *more: str) -> Answer:
        return self("draw", NUMBER, "--line", "1", "--quantity", quantity, "--declaration", declaration, *more)


@pytest.fixture
def here(shipped: Path, tmp_path: Path) -> Office:
    return Office(shipped, tmp_path / "here")


@pytest.fixture
def there(shipped: Path, tmp_path: Path) -> Office:
    return Office(shipped, tmp_path / "there")


def test_a_drawing_by_hand_lowers_the_balance_and_a_contra_entry_restores_it(here: Office) -> None:
    assert here.left() == ("12", "30000")
    drawn = here.draw("5", "EX-1", "--value", "12500")
    assert drawn.code == 0
    assert follows("licence_drawn", drawn.json)
    (entry,) = drawn.json["entries"]
    assert (entry["quantity"], entry["unit"], entry["value"], entry["currency"], entry["operator"]) == (
        "5", "pcs", "12500", "EUR", "XA-117",
    )  # fmt: skip
    assert here.left() == ("7", "17500")
    back = here("reverse", entry["ref"], "--reason", "typed twice")
    assert (back.code, back.json["entries"][0]["reverses"]) == (0, entry["id"])
    assert here.left() == ("12", "30000")
    listed = here("ledger", NUMBER)
    assert follows("licence_ledger", listed.json)
    assert [row["kind"] for row in listed.json["entries"]] == ["contra", "draw"]
    page = here("show", NUMBER).json["licence"]
    assert [row["reversed"] for row in page["ledger"]] == [False, True]
    assert "known here as of run 42" in page["known"]
    assert "REVERSED" in here("show", NUMBER, json=False).out


def test_a_draw_counts_in_the_next_check_and_not_against_its_own_declaration(here: Office, tmp_path: Path) -> None:
    assert here("check", CAMERA).json["licences"][0]["lines"][0]["left"] == "12"
    assert here("draw", "--file", CAMERA).code == 0
    again = here("check", CAMERA).json["licences"][0]
    assert (again["verdict"], again["lines"][0]["left"]) == ("pass", "12")
    other = json.loads(CAMERA.read_text())
    other |= {"id": "EX-OTHER"}
    other["lines"][0]["quantity"] = "8"
    path = tmp_path / "other.json"
    path.write_text(json.dumps(other))
    found = here("check", path)
    assert (found.code, found.json["licences"][0]["reasons"]) == (1, ["quantity_exceeded"])
    assert found.json["licences"][0]["lines"][0]["left"] == "7"
    refused = here("draw", "--file", path)
    assert (refused.code, refused.json["entries"]) == (1, [])
    assert refused.json["held"][0]["reasons"] == ["quantity_exceeded"]
    assert here.left()[0] == "7"
    forced = here("draw", "--file", path, "--anyway", "released by the supervisor, authority informed")
    assert forced.code == 0
    assert here.left()[0] == "-1"
    assert "OVERDRAWN" in here("show", NUMBER, json=False).out


def test_a_case_is_released_with_its_licences(here: Office) -> None:
    (case,) = here.case("new", CAMERA).json["cases"]
    drawn = here("draw", "--case", case["case"])
    assert (drawn.code, drawn.json["entries"][0]["case"]) == (0, case["case"])
    assert here.left()[0] == "7"
    again = here("draw", "--case", case["case"])
    assert again.code == 2
    assert "has drawn on line 1" in again.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--quantity", "12.001"], "line 1 has 12 pcs left, and 12.001 pcs are asked"),
        (["--quantity", "1.001", "--unit", "doz"], "line 1 has 12 pcs left"),
        (["--quantity", "1", "--unit", "kg"], "Line 1 counts in pcs, not in kg"),
        (["--value", "1", "--currency", "USD"], "nothing is converted"),
        (["--value", "30000.01"], "30000 EUR left"),
        (["--quantity", "-1"], "Only an adjustment"),
        (["--quantity", "1", "--date", "2027-01-01"], "ended on 2026-12-31"),
        (["--quantity", "1", "--date", "2025-12-31"], "begins on 2026-01-01"),
        ([], "A drawing has a quantity or a value"),
        (["--quantity", "many"], "is no amount"),
        (["--quantity", "1e99"], "is no amount"),
        (["--quantity", "NaN"], "is no amount"),
        (["--quantity", "1", "--type", "C"], "C"),
    ],
)
def test_a_drawing_that_the_licence_does_not_bear_is_refused_in_words(
    here: Office, words: list[str], reason: str
) -> None:
    answer = here("draw", NUMBER, "--line", "1", "--declaration", "EX-1", *words)
    assert answer.code == 2
    assert reason in answer.err
    assert here("ledger").json["entries"] == []


def test_a_dozen_is_the_last_twelve_pieces(here: Office) -> None:
    assert here.draw("1", "EX-1", "--unit", "doz").code == 0
    assert here.left()[0] == "0"
    assert here.draw("0.001", "EX-2").code == 2


def test_what_does_not_exist_is_told(here: Office) -> None:
    assert here.draw("1", "EX-1").code == 0
    assert here("draw", "NO-SUCH", "--line", "1", "--quantity", "1", "--declaration", "X").code == 4
    assert "Its lines: 1" in here("draw", NUMBER, "--line", "9", "--quantity", "1", "--declaration", "X").err
    assert here("reverse", "99", "--reason", "x").code == 4
    assert here("reverse", "1", "--reason", "  ").code == 2
    assert here("draw").code == 2
    assert here("show", "NO-SUCH").code == 4


def test_with_a_set_clock_no_ledger_is_written_but_one_that_training_made(here: Office, tmp_path: Path) -> None:
    refused = here.draw("1", "EX-1", "--now", "2026-11-25")
    assert refused.code == 2
    assert "no ledger is written" in refused.err
    assert not (here.folder / "ledger.sqlite").exists()
    assert here.draw("1", "EX-1").code == 0
    assert here.draw("1", "EX-2", "--now", "2026-11-25").code == 2
    assert here("show", NUMBER, "--now", "2026-11-25").json["licence"]["lines"][0]["left"] == "11"
    training = tmp_path / "training.sqlite"
    Ledger.at(training, lambda: "training~1", training=True).close()
    assert here.draw("1", "EX-2", "--now", "2026-11-25", "--ledger", str(training)).code == 0


def test_what_falls_due_is_listed_until_it_is_done(here: Office) -> None:
    early = here("due", "--by", "2026-12-14")
    assert "delivery_verification" not in {row["kind"] for row in early.json["obligations"]}
    due = here("due", "--by", "2026-12-15")
    assert due.code == 1
    assert follows("licence_due", due.json)
    found = {row["kind"]: row["state"] for row in due.json["obligations"] if row["licence"] == NUMBER}
    assert found == {"delivery_verification": "due"}
    late = here("due", "--by", "2026-12-31", "--now", "2026-12-16").json["obligations"]
    assert {row["state"] for row in late if row["licence"] == NUMBER} == {"overdue"}
    assert here("discharge", NUMBER, "delivery_verification", "--note", " ").code == 2
    assert here("discharge", NUMBER, "visit", "--note", "x").code == 4
    done = here("discharge", NUMBER, "delivery_verification", "--note", "certificate 44/26")
    assert (done.code, done.json["obligation"]["state"], done.json["obligation"]["note"]) == (
        0,
        "done",
        "certificate 44/26",
    )
    assert here("discharge", NUMBER, "delivery_verification", "--note", "again").code == 2
    assert NUMBER not in {row["licence"] for row in here("due", "--by", "2026-12-31").json["obligations"]}
    everything = here("due", "--by", "2026-12-31", "--all").json["obligations"]
    assert ("done", "certificate 44/26") in {(row["state"], row["note"]) for row in everything}
    assert here.left() == ("12", "30000")


def test_two_offices_that_drew_apart_come_to_one_ledger_and_an_overdraw_becomes_one_case(
    here: Office, there: Office, tmp_path: Path
) -> None:
    assert here("runs", "office", "XA-BOR-01").json["office"].startswith("XA-BOR-01~")
    assert there("runs", "office", "XA-BOR-02").code == 0
    here.draw("7", "EX-1")
    there.draw("8", "EX-2")
    stick = tmp_path / "stick"
    ours = here("runs", "export", "--to", stick)
    theirs = there("runs", "export", "--to", stick)
    assert follows("licence_run", ours.json)
    assert Path(ours.json["file"]).name.startswith("usage-xa-bor-01-")
    assert here("runs", "export", "--to", stick).json["file"] is None

    found = here("runs", "import", theirs.json["file"])
    assert found.code == 1
    assert follows("licence_reconciled", found.json)
    (overdrawn,) = found.json["overdrawn"]
    assert (overdrawn["licence"], overdrawn["line"], overdrawn["finding"]["code"]) == (NUMBER, 1, "licence_overdrawn")
    assert "23 pcs drawn of 20 pcs" in overdrawn["finding"]["message"]
    case = here.case("show", overdrawn["case"]).json
    assert (case["lane"], case["assessment"]["decided_by"]) == ("red", "licence_overdrawn")

    again = here("runs", "import", theirs.json["file"])
    assert again.json["taken"][0]["new"] == 0
    assert again.json["overdrawn"][0]["case"] == overdrawn["case"]
    assert len(here.case("list").json["cases"]) == 1
    assert there("runs", "import", ours.json["file"]).code == 1
    assert here.left() == there.left() == ("-3", "30000")
    both = [{row["id"] for row in office("ledger").json["entries"]} for office in (here, there)]
    assert both[0] == both[1]
    text = here("runs", "import", theirs.json["file"], json=False).out
    assert "OVERDRAWN" in text
    assert f"case {overdrawn['case']}" in text


def test_a_missing_run_is_told_until_it_comes_and_a_bad_file_takes_nothing_with_it(
    here: Office, there: Office, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    files = []
    for number in (1, 2, 3):
        there.draw("1", f"EX-{number}")
        files.append(there("runs", "export", "--to", stick).json["file"])
    skipped = here("runs", "import", files[0], files[2])
    assert skipped.code == 1
    assert "Run 2 of office~" in skipped.json["remarks"][0]
    assert here("runs", "list").code == 1
    damaged = stick / "damaged.jsonl"
    damaged.write_bytes(Path(files[1]).read_bytes().replace(b'"quantity":"1"', b'"quantity":"0.5"'))
    refused = here("runs", "import", files[1], damaged)
    assert refused.code == 4
    assert "line 3" in refused.err
    assert len(here("ledger").json["entries"]) == 2
    assert here("runs", "import", files[1]).code == 0
    listed = here("runs", "list")
    assert (listed.code, [row["run"] for row in listed.json["runs"]]) == (0, [1, 2, 3])
    assert follows("licence_runs", listed.json)
    office = listed.json["runs"][0]["office"]
    copy = here("runs", "export", "--to", tmp_path / "copy", "--again", f"{office}:2").json["file"]
    assert Path(copy).read_bytes() == Path(files[1]).read_bytes()
    assert here("runs", "export", "--to", tmp_path, "--again", "77").code == 4
    for nothing in (stick, tmp_path / "no.jsonl"):
        assert here("runs", "import", nothing).code == 4


def test_conditions_are_answered_by_option(here: Office) -> None:
    asked = f"licence_condition_1:{NUMBER}"
    open_ = here("check", CAMERA).json["licences"][0]
    assert "licence_condition_1" in {row["code"] for row in open_["findings"]}
    ticked = here("check", CAMERA, "--answer", f"{asked}=yes")
    assert (ticked.code, "licence_condition_1" in ticked.out) == (0, False)
    assert here("check", CAMERA, "--answer", f"{asked}=no").json["licences"][0]["reasons"] == ["condition_unmet"]
    assert here("check", CAMERA, "--answer", f"{asked}=not_known").code == 0
    assert here("check", CAMERA, "--answer", f"{asked}=perhaps").code == 2


def test_a_registry_can_be_asked_as_of_a_day(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog"
    licence: dict[str, Any] = {
        "number": "L-1", "type": "individual", "status": "issued", "holder": "N", "destinations": ["YY"], "valid_from": "2026-01-01",
        "lines": [{"no": 1, "quantity": "20", "unit": "pcs"}],
        "usage": [{"line": 1, "quantity": "5", "date": "2026-02-01"}, {"line": 1, "quantity": "6", "date": "2026-03-20"}],
    }  # fmt: skip
    runs = [
        {"run": 1, "as_of": "2026-03-01", "licences": [licence]},
        {"run": 4, "as_of": "2026-04-01", "licences": [licence | {"status": "revoked", "lines": [{"no": 1, "quantity": "15", "unit": "pcs"}]}]},
        {"run": 5, "as_of": "2026-05-01", "licences": [licence | {"number": "L-2"}]},
    ]  # fmt: skip
    reports = []
    for run in runs:
        path = tmp_path / "run.json"
        path.write_text(json.dumps({"authority": "XB/1", **run}))
        reports.append(call("catalog", "import", "licences-json", path, "--into", catalog, "--json").json)
    assert [row["ended"] for row in reports] == [0, 0, 1]
    shown = []
    for day in ("2026-02-15", "2026-03-15", "2026-03-25", "2026-04-15"):
        page = call("licence", "show", "L-1", "--catalog", catalog, "--as-of", day, "--json").json["licence"]
        shown.append((page["status"], page["lines"][0]["left"], page["authority"]["run"]))
    assert shown[1:] == [("issued", "15", 1), ("issued", "9", 1), ("revoked", "4", 4)]
    assert shown[0][:2] == ("issued", "15")
    assert call("licence", "show", "L-1", "--catalog", catalog).code == 4
    assert call("licence", "show", "L-1", "--catalog", catalog, "--as-of", "2025-12-31").code == 4


def test_a_run_with_runs_missing_before_it_is_taken_and_remarked(tmp_path: Path) -> None:
    said = []
    for run in (1, 4):
        path = tmp_path / "run.json"
        licence = {"number": "L-1", "type": "global", "status": "issued"}
        path.write_text(
            json.dumps({"authority": "XB/1", "run": run, "as_of": f"2026-0{run}-01", "licences": [licence]})
        )
        said.append(call("catalog", "import", "licences-json", path, "--into", tmp_path / "catalog"))
    assert [answer.code for answer in said] == [0, 0]
    assert "never came here" not in said[0].out
    assert "Runs 2 to 3 (registry) never came here" in said[1].out


def test_hostile_numbers_and_declarations_are_data(here: Office) -> None:
    odd = "EX\x1b[31m\u202e\u0000 [bold]"
    answer = here("draw", NUMBER, "--line", "1", "--quantity", "1", "--declaration", odd, "--note", "=cmd()|x")
    assert answer.code == 0
    assert "\x1b" not in answer.out
    assert "\u202e" not in answer.out
    text = here("ledger", json=False).out
    assert "\x1b" not in text
    assert here("show", "'; DROP TABLE licence; --").code == 4


@pytest.mark.parametrize("words", [("due",), ("runs", "list"), ("ledger",)])
def test_without_anything_to_list_a_line_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "run.json"
    path.write_text('{"authority": "XB/1", "licences": [{"number": "L-1", "type": "global", "status": "issued"}]}')
    call("catalog", "import", "licences-json", path, "--into", tmp_path / "catalog")
    answer = start("licence", *words, "--catalog", tmp_path / "catalog")
    assert (answer.code, answer.out.strip() != "") == (0, True)
