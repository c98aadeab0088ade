"""Every sample is what its name and the table of examples/README.md say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import MOMENT, ROOT, call, follows

EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Told:
    """One row of the table."""

    file: str
    shipment: str
    shows: str
    lane: str
    advice: str
    verdict: str
    decided_by: str
    exit: str


def _table() -> list[Told]:
    rows = [line.strip("| \n").split(" | ") for line in (EXAMPLES / "README.md").read_text("utf-8").splitlines()]
    return [Told(*row) for row in rows if len(row) == 8 and row[0] != "file"]


TABLE = _table()
FILES = sorted({row.file for row in TABLE})


@pytest.mark.parametrize("file", FILES)
def test_a_sample_answers_as_the_table_says(shipped: Path, file: str) -> None:
    answer = call("check", EXAMPLES / file, "--catalog", shipped, "--now", MOMENT, "--json")
    assert follows("check", answer.json)
    found = {
        row["id"]: (row["lane"], row["advice"], row["verdict"], row["decided_by"], str(answer.code))
        for row in answer.json["assessments"]
    }
    told = {
        row.shipment: (row.lane, row.advice, row.verdict, row.decided_by, row.exit) for row in TABLE if row.file == file
    }
    assert found == told


def test_the_table_names_every_sample() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir() if path.name != "README.md") == FILES


def test_there_is_a_sample_for_every_lane_advice_and_verdict() -> None:
    assert {row.lane for row in TABLE} == {"green", "blue", "yellow", "red"}
    assert {row.advice for row in TABLE} == {"release", "document_check", "examine", "detain_and_refer"}
    assert {row.verdict for row in TABLE} == {"nothing_found", "check", "stop", "cannot_tell"}


@pytest.mark.parametrize("row", [row for row in TABLE if row.file.endswith(".json")], ids=lambda row: row.file)
def test_a_file_name_says_lane_and_advice(row: Told) -> None:
    assert row.file.startswith(f"{row.lane}-")
    words = {"detain_and_refer": "-detain-", "document_check": "-document-check-"}.get(row.advice, f"-{row.advice}-")
    assert words in row.file or (row.verdict == "cannot_tell" and "-cannot-tell-" in row.file)


def test_the_deciding_finding_stands_first(shipped: Path) -> None:
    for file in FILES:
        answer = call("check", EXAMPLES / file, "--catalog", shipped, "--now", MOMENT, "--json")
        for row in answer.json["assessments"]:
            assert row["findings"][0]["code"] == row["decided_by"]


def test_the_manifest_lists_its_bad_row_with_field_and_reason(shipped: Path) -> None:
    answer = call("check", EXAMPLES / "manifest.csv", "--catalog", shipped, "--now", MOMENT, "--json")
    (row,) = answer.json["rejected"]
    assert (row["row"], row["field"]) == (7, "quantity")
    assert "many" in row["reason"]


def test_every_answer_of_a_sample_says_that_the_data_are_a_demo(shipped: Path) -> None:
    for file in FILES:
        answer = call("check", EXAMPLES / file, "--catalog", shipped, "--now", MOMENT)
        assert "DEMO" in answer.out
