"""Statistics by command: what goes out tells of nobody, and no two releases can be held against each other."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework.case import Casebook
from border_kit.casework.decisions import decide
from border_kit.casework.operators import Enrolment
from tests.cli.test_operators import secret
from tests.command import call, follows
from tests.conftest import NOW

SECRETS = ("Quillborne Optik", "told by the driver", "EX-SECRET")
ADVICE = {"green": "release", "yellow": "document_check", "red": "detain_and_refer"}


def casebook(path: Path, cases: int, seed: int = 7) -> list[str | Path]:
    """Invented cases of the third quarter of 2026; a few destinations are rare, and one is no country."""
    chance = random.Random(seed)
    book = Casebook.at(path)
    for number in range(cases):
        at = datetime(2026, 7, 1, 8, tzinfo=UTC) + timedelta(hours=number * 92 * 24 / cases)
        lane = chance.choices(list(ADVICE), [60, 25, 15])[0]
        destination = chance.choices(["DE", "FR", "YY", "QQ", "=cmd() of nowhere"], [50, 40, 12, 2, 2])[0]
        shipment: dict[str, Any] = {
            "id": f"EX-SECRET-{number}", "destination": destination, "direction": chance.choice(["export", "transit"]),
            "parties": [{"role": "exporter", "name": SECRETS[0]}], "lines": [],
        }  # fmt: skip
        assessment = {
            "id": shipment["id"], "lane": lane, "advice": ADVICE[lane], "verdict": "check", "decided_by": "nothing_found",
            "findings": [], "lines": [], "parties": [], "licences": [],
        }  # fmt: skip
        case = book.open_case(shipment, assessment, at=at).case_id
        decide(book, case, chance.choice([ADVICE[lane], "release"]), SECRETS[1], at=at)
    book.close()
    return ["--casebook", path]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "casebook.sqlite"
    casebook(path, 150)
    return path


@pytest.fixture
def book(filled: Path, tmp_path: Path) -> list[str | Path]:
    return ["--casebook", shutil.copyfile(filled, tmp_path / "casebook.sqlite")]


def publish(book: list[str | Path], *options: str | Path) -> Any:
    return call("policy", "publish", *options, *book, "--json")


def test_a_release_is_counts_alone_and_stands_in_the_ledger(book: list[str | Path], tmp_path: Path) -> None:
    asked = ("--period", "2026-Q3", "--by", "lane,destination", "--by", "decision")
    looked = publish(book, *asked)
    assert follows("policy_publish", looked.json)
    assert (looked.code, looked.json["release"], looked.json["files"]) == (0, None, [])
    assert call("policy", "releases", *book).out == "Nothing was released.\n"
    done = publish(book, *asked, "--out", tmp_path / "q3")
    assert follows("policy_publish", done.json)
    files = sorted((tmp_path / "q3").iterdir())
    assert [file.name for file in files] == [
        "statistics-2026-Q3-decision.csv", "statistics-2026-Q3-lane-destination.csv", "statistics-2026-Q3.json",
    ]  # fmt: skip
    text = "".join(file.read_text(encoding="utf-8") for file in files) + done.out
    assert not [word for word in (*SECRETS, "cmd") if word in text]
    document = json.loads(files[2].read_text(encoding="utf-8"))
    assert document == done.json["statistics"]
    counts = [cell["cases"] for table in document["tables"] for cell in table["cells"]]
    assert all(count is None or count == 0 or count > 3 for count in counts)
    assert None in counts
    assert done.json["office_only"] is None
    rows = list(csv.DictReader(files[1].read_text(encoding="utf-8").splitlines()))
    cells = document["tables"][0]["cells"]
    assert [row["cases"] for row in rows] == ["" if cell["cases"] is None else str(cell["cases"]) for cell in cells]
    assert {row["hidden"] for row in rows} == {"", "small_or_protects_small"}
    assert {row["destination"] for row in rows} == {"all", "DE", "FR", "YY", "QQ", "other"}
    ledger = call("policy", "releases", *book, "--json")
    assert follows("policy_releases", ledger.json)
    (row,) = ledger.json["releases"]
    assert (row["no"], row["cases"], row["period"]) == (done.json["release"], 150, "2026-Q3")
    assert row["sha256"] == hashlib.sha256(files[2].read_bytes()).hexdigest()
    call("policy", "releases", "--again", str(row["no"]), "--out", tmp_path / "again", *book)
    assert [file.read_bytes() for file in sorted((tmp_path / "again").iterdir())] == [
        file.read_bytes() for file in files
    ]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (("--period", "2026-08", "--by", "direction"), "release_overlaps"),
        (("--period", "2026", "--by", "direction", "--unfinished"), "release_overlaps"),
        (("--period", "2026-Q3", "--by", "direction", "--only", "lane=red"), "release_overlaps"),
        (("--period", "2026-Q3", "--by", "lane,destination"), "release_repeats"),
        (("--period", "2026-Q3", "--by", "lane"), "release_repeats"),
        (("--period", "2026-Q3", "--by", "reason,month"), "release_repeats"),
        (("--period", "2026-Q3", "--by", "direction,destination"), "release_repeats"),
    ],
)
def test_what_could_be_held_against_an_earlier_release_is_refused(
    book: list[str | Path], tmp_path: Path, second: tuple[str, ...], code: str
) -> None:
    first = publish(book, "--period", "2026-Q3", "--by", "lane,destination", "--out", tmp_path / "a")
    assert first.code == 0
    for out in ((), ("--out", tmp_path / "b")):
        refused = publish(book, *second, *out)
        assert (refused.code, refused.json["error"]["code"]) == (2, code)
    assert not (tmp_path / "b").exists()
    assert len(call("policy", "releases", *book, "--json").json["releases"]) == 1


def test_other_cases_and_other_questions_about_the_same_cases_go_out(book: list[str | Path], tmp_path: Path) -> None:
    for number, options in enumerate(
        [("2026-07", "lane,destination"), ("2026-07", "decision,direction"), ("2026-08", "lane,destination")]
    ):
        done = publish(book, "--period", options[0], "--by", options[1], "--out", tmp_path / str(number))
        assert done.code == 0, done.err
    again = publish(book, "--period", "2026-07", "--by", "outcome", "--out", tmp_path / "more")
    assert again.code == 0
    made = Casebook.at(tmp_path / "casebook.sqlite")
    made.open_case(
        {"id": "late", "parties": [], "lines": []}, made.show("2026-0001").assessment, at=NOW.replace(month=7)
    )
    made.close()
    late = publish(book, "--period", "2026-07", "--by", "month", "--out", tmp_path / "late")
    assert (late.code, late.json["error"]["code"]) == (2, "release_changed")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--period", "2026-Q5", "--by", "lane"), "period_unknown"),
        (("--period", "２０２６", "--by", "lane"), "period_unknown"),
        (("--period", "2026-Q3", "--by", "exporter"), "dimension_unknown"),
        (("--period", "2026-Q3", "--by", "lane,lane"), "tables_unclear"),
        (("--period", "2026-Q3", "--by", "lane", "--by", "reason"), "tables_related"),
        (("--period", "2026-Q3", "--by", "lane", "--only", "list=EU-DU"), "tables_related"),
        (("--period", "2026-Q3", "--by", "lane", "--only", "destination=\u202eYY"), "only_unknown"),
        (("--period", "2026-Q3", "--by", "lane,decision,destination,direction"), "dimensions_many"),
        (("--period", "2026-Q3", "--by", "lane", "--only", "destination=XX"), "release_small"),
        (("--period", "2025-Q3", "--by", "lane"), "release_small"),
        (("--period", "2026-11", "--by", "lane", "--out", "never"), "period_open"),
    ],
)
def test_what_means_nothing_or_tells_of_few_is_refused(
    book: list[str | Path], tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    out = [tmp_path / part if part == "never" else part for part in options]
    refused = publish(book, *out)
    assert (refused.code, refused.json["error"]["code"]) == (2, code)
    assert not (tmp_path / "never").exists()


def test_the_office_sees_bounds_only_where_it_asks_for_them(book: list[str | Path]) -> None:
    asked = ("--period", "2026-Q3", "--by", "lane,destination")
    shown = publish(book, *asked, "--bounds").json
    assert follows("policy_publish", shown)
    hidden = [cell for cell in shown["statistics"]["tables"][0]["cells"] if cell["cases"] is None]
    assert len(shown["office_only"]) == len(hidden)
    assert all(row["lowest"] <= row["cases"] <= row["highest"] for row in shown["office_only"])
    assert all(row["highest"] - row["lowest"] >= 3 for row in shown["office_only"])
    assert "FOR THE OFFICE ALONE" in call("policy", "publish", *asked, "--bounds", *book).out
    plain = call("policy", "publish", *asked, *book).out
    assert "PREVIEW: nothing is released" in plain
    assert "OFFICE ALONE" not in plain


def test_a_release_is_a_supervisors_and_signed(book: list[str | Path], tmp_path: Path) -> None:
    made = Casebook.at(tmp_path / "casebook.sqlite")
    made.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
    made.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)
    made.close()
    asked = ("--period", "2026-Q3", "--by", "decision", "--out")
    assert publish(book, *asked, tmp_path / "a").json["error"]["code"] == "sign_in"
    with secret("771204") as pin:
        officer = publish(book, *asked, tmp_path / "b", "--operator", "B-12", "--pin-fd", pin)
    assert officer.json["error"]["code"] == "role"
    with secret("428913") as pin:
        done = publish(book, *asked, tmp_path / "c", "--operator", "B-01", "--pin-fd", pin)
    assert done.json["statistics"]["office"] == "XA-BOR-01"
    assert [(tmp_path / name).exists() for name in "abc"] == [False, False, True]
    (tmp_path / "file").touch()
    with secret("428913") as pin:
        nowhere = publish(
            book,
            "--period",
            "2026-Q3",
            "--by",
            "lane",
            "--out",
            tmp_path / "file" / "d",
            "--operator",
            "B-01",
            "--pin-fd",
            pin,
        )
    assert nowhere.json["error"]["code"] == "folder_not_made"
    (row,) = call("policy", "releases", *book, "--json").json["releases"]
    assert (row["operator"], row["signed"]) == ("B-01", True)
    assert call("case", "verify-log", *book).code == 0


def test_under_a_set_clock_a_release_is_only_looked_at(book: list[str | Path], tmp_path: Path) -> None:
    asked = ("--period", "2026-Q3", "--by", "decision", "--now", "2026-12-01T00:00:00Z")
    assert publish(book, *asked).code == 0
    refused = publish(book, *asked, "--out", tmp_path / "a")
    assert (refused.code, refused.json["error"]["code"]) == (2, "clock_set")
    assert not (tmp_path / "a").exists()
