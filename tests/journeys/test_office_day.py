"""The officer's day on the command line: check, save, ask, answer, decide, and prove it afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from tests.command import ROOT, call, follows, within

CAMERA = ROOT / "examples/yellow-document-check-y901.json"
SHIRTS = ROOT / "examples/green-release-shirts.json"
MANIFEST = ROOT / "examples/manifest.csv"


@pytest.mark.parametrize("place", ["named", "of the office"])
def test_a_day_from_the_first_check_to_the_proof(shipped: Path, tmp_path: Path, place: str) -> None:
    book = ("--casebook", str(tmp_path / "book.sqlite")) if place == "named" else ()
    options = ("--catalog", str(shipped), *book, "--operator", "XA-117")

    clear = call("check", SHIRTS, "--save", *options)
    assert clear.code == 0
    assert "Case " in clear.out
    checked = call(*options, "check", CAMERA, "--save", "--json")
    assert checked.code == 1
    (saved,) = checked.json["cases"]
    question = checked.json["assessments"][0]["questions"][0]["id"]

    listed = call("case", "list", "--lane", "yellow", *options, "--json").json["cases"]
    assert [row["case"] for row in listed] == [saved["case"]]
    assert saved["case"] in call("case", "list", *options).out

    answered = call("case", "answer", saved["case"], question, "not_known", *options, "--json")
    assert answered.code == 0
    assert follows("case_show", answered.json)
    assert answered.json["answers"] == {question: "not_known"}
    flagged = call("case", "answer", saved["case"], "serials-removed", "yes", *options, "--json").json
    assert "flag_serials_removed" in {row["code"] for row in flagged["assessment"]["findings"]}
    assert [event["kind"] for event in flagged["events"]][-2:] == ["answered", "assessed"]

    assert call("case", "decide", saved["case"], "release", *options).code == 2
    decided = call(
        "case", "decide", saved["case"], "detain_and_refer", "--reason", "type plates removed", *options, "--json"
    )
    assert decided.code == 0
    assert (decided.json["event"]["operator"], decided.json["event"]["signed"]) == ("XA-117", False)
    shown = call("case", "show", saved["case"], *options, "--json").json
    assert follows("case_show", shown)
    assert shown["decision"] == "detain_and_refer"
    assert shown["events"][0]["data"]["assessment"] == {
        **checked.json["assessments"][0],
        "catalog": checked.json["catalog"],
    }

    proof = call("case", "verify-log", *options, "--json")
    assert (proof.code, proof.json["intact"]) == (0, True)
    assert proof.json["events"] == len(shown["events"]) + 1


def test_the_clear_case_takes_no_more_words_than_a_hold(shipped: Path) -> None:
    assert call("check", SHIRTS, "--save", "--catalog", shipped).code == 0
    number = call("case", "list", "--json").json["cases"][0]["case"]
    decided = call("case", "decide", number, "release", "--json")
    assert decided.code == 0
    assert decided.json["event"]["data"]["reason"] == "as advised (nothing_found)"


def test_a_second_decision_stands_beside_the_first(shipped: Path) -> None:
    call("check", SHIRTS, "--save", "--catalog", shipped)
    number = call("case", "list", "--json").json["cases"][0]["case"]
    call("case", "decide", number, "release")
    call("case", "decide", number, "examine", "--reason", "the seal was broken")
    shown = call("case", "show", number, "--json").json
    assert [event["data"].get("decision") for event in shown["events"]] == [None, "release", "examine"]
    assert shown["decision"] == "examine"


def test_every_consignment_of_a_manifest_becomes_a_case_of_its_own(shipped: Path) -> None:
    answer = call("check", MANIFEST, "--save", "--catalog", shipped, "--json")
    assert [row["shipment"] for row in answer.json["cases"]] == ["BL-5001", "BL-5002", "BL-5003", "BL-5004"]
    listed = call("case", "list", "--limit", "2", "--json").json["cases"]
    assert [row["shipment"] for row in listed] == ["BL-5004", "BL-5003"]
    assert [row["shipment"] for row in call("case", "list", "brumovich", "--json").json["cases"]] == ["BL-5003"]


def test_both_faces_keep_one_casebook(shipped: Path, office: Path) -> None:

    call("check", SHIRTS, "--save", "--catalog", shipped)
    desk = Desk(Settings(catalog=shipped))
    (row,) = desk.casebook.rows()
    desk.close()
    assert row.shipment == "EX-26-1001"
    assert (office / "casebook.sqlite").stat().st_mode & 0o077 == 0


def test_what_an_office_answered_about_a_file_is_remembered(shipped: Path, tmp_path: Path) -> None:
    call("case", "list")  # the office has a casebook
    file = tmp_path / "list.csv"
    file.write_text("Datum;Zeug\n03/04/2026;Cotton shirts\n", encoding="utf-8")
    words = ("check", file, "--catalog", shipped, "--json")
    assert call(*words).code == 4
    assert call(*words, "--columns", "description=Zeug,date=Datum", "--date-order", "dmy").code == 0
    assert call(*words).code == 0


def test_a_manifest_of_500_lines_is_triaged_in_time(shipped: Path, tmp_path: Path) -> None:
    goods = [
        "Cotton T-shirts",
        "Thermal camera core 640x512",
        "Garden hoses",
        "Spare parts",
        "Steel bolts M8",
        "Office desks",
    ]
    rows = ["consignment,exporter,consignee,description,quantity,unit,destination"]
    rows += [
        f"BL-{number},Northmill Works {number % 40} Ltd,Weststrand Imports {number},{goods[number % 6]} no. {number},{number + 1},pcs,YY"
        for number in range(500)
    ]
    file = tmp_path / "manifest.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    with within(20):  # a loose bound; the benchmarks measure
        answer = call("check", file, "--catalog", shipped)
    lanes = [line.split()[0] for line in answer.out.splitlines() if line.split()[:1] and " BL-" in line]
    assert len(lanes) == 500
    assert lanes == sorted(lanes, key=["red", "yellow", "blue", "green"].index)
    assert "500 shipments" in answer.out


def test_a_saved_case_is_read_the_same_after_the_catalog_is_gone(shipped: Path, tmp_path: Path) -> None:
    call("check", CAMERA, "--save", "--catalog", shipped)
    number = call("case", "list", "--json").json["cases"][0]["case"]
    kept = call("case", "show", number, "--catalog", tmp_path / "gone", "--json")
    assert kept.code == 0
    assert json.dumps(kept.json["assessment"]["catalog"])
