from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog import builder, volumes
from border_kit.catalog.importers import import_into
from border_kit.catalog.shipped import default_sources
from border_kit.catalog.sources import SourceError
from border_kit.errors import InputError, UsageError

TODAY = date(2026, 11, 23)


def change(sources: Path, *pairs: tuple[str, str]) -> None:
    """Write the sources differently; what is to be replaced must be there."""
    path = sources / "controls" / "sensors.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def rows(root: Path, sql: str, volume: str = "controls") -> list[sqlite3.Row]:
    catalog = volumes.open_catalog(root, TODAY)
    try:
        return catalog.rows(volume, sql)
    finally:
        catalog.close()


def test_what_is_authored_stands_in_the_volume(sources: Path, tmp_path: Path) -> None:
    manifest = builder.build(sources, tmp_path / "out")
    assert set(manifest["volumes"]) == {"controls"}
    assert manifest["volumes"]["controls"]["edition"] == "2026-11-01"
    entry = rows(tmp_path / "out", "SELECT * FROM entry WHERE code = '6A003.b.4.b'")[0]
    assert (entry["id"], entry["root"], entry["parent"]) == ("EU-DU/6A003.b.4.b", "6A003", "EU-DU/6A003")
    assert entry["valid_from"] == "2021-09-09"
    assert json.loads(entry["criteria"])["all"][0] == {
        "parameter": "frame_rate", "op": ">", "value": "9", "unit": "Hz", "cite": "Note 4",
    }  # fmt: skip
    assert json.loads(entry["releases"])[0]["to"] == "US-CCL/6A993.a"
    leaves = rows(tmp_path / "out", "SELECT part, parameter, unit FROM criterion ORDER BY id")
    assert [tuple(leaf) for leaf in leaves] == [
        ("criteria", "frame_rate", "Hz"), ("criteria", "cooled", None), ("release", "frame_rate", "Hz"),
    ]  # fmt: skip
    assert [tuple(row) for row in rows(tmp_path / "out", "SELECT list, code, rank, approximate FROM equivalence ORDER BY rank")] == [
        ("US-CCL", "6A003.b.4.b", 0, 0), ("US-CCL", "6A993.a", 1, 1),
    ]  # fmt: skip
    assert {(row["kind"], row["language"], row["phrase"]) for row in rows(tmp_path / "out", "SELECT * FROM term")} >= {
        ("name", "de", "wärmebildkamera"), ("weak", "en", "night camera"), ("pattern", "mul", "{thermal} {camera}"),
        ("atom", "ru", "тепловизор"),
    }  # fmt: skip
    assert [row["owner_kind"] for row in rows(tmp_path / "out", "SELECT * FROM hs_link WHERE hs = '8525'")] == [
        "concept"
    ]


def test_an_entry_without_a_date_begins_with_the_law_it_was_checked_against(sources: Path, tmp_path: Path) -> None:
    builder.build(sources, tmp_path / "out")
    assert rows(tmp_path / "out", "SELECT valid_from FROM entry WHERE code = '6A003'")[0][0] == "2022-10-24"


def test_the_digest_depends_on_what_is_said_and_not_on_where(sources: Path, tmp_path: Path) -> None:
    first = builder.build(sources, tmp_path / "a")["volumes"]["controls"]["digest"]
    text = (sources / "controls" / "sensors.yaml").read_text(encoding="utf-8")
    head, _, tail = text.partition("entries:\n")
    (sources / "controls" / "sensors.yaml").write_text("entries:\n" + tail, encoding="utf-8")
    (sources / "controls" / "a.yaml").write_text(head, encoding="utf-8")
    assert builder.build(sources, tmp_path / "b")["volumes"]["controls"]["digest"] == first
    (sources / "controls" / "a.yaml").write_text(head.replace("infrared", "infra-red"), encoding="utf-8")
    assert builder.build(sources, tmp_path / "c")["volumes"]["controls"]["digest"] != first


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("entries: [6A003.b.4.b]", "entries: [6A003.b.9]", "there is no entry EU-DU/6A003.b.9"),
        ("entries: [6A003.b.4.b]", "entries: [US-CCL/9Z999]", "leads to no entry that is written"),
        ("{thermal} {camera}", "{thermal} {camra}", "there is no atom {camra}"),
        ("{thermal} {camera}", "{thermal} {camera", "a brace is not closed"),
        ("op: is, value", 'op: ">", value', "its op is `is`"),
        ('op: is, value: "yes"', "op: is, value: maybe", "'maybe' is not one of yes, no"),
        ('{parameter: frame_rate, op: ">"', '{parameter: frame_rte, op: ">"', "there is no parameter 'frame_rte'"),
        ('value: "9", unit: Hz', 'value: "9", unit: kg', "'kg' is no unit of frequency"),
        ('value: "9", cite', 'value: "9,5", cite', "is no number with a decimal point"),
        ("dimension: frequency", "dimension: frequenz", "the dimension 'frequenz' is unknown"),
        ('plausible: ["1", "2000"]', 'plausible: ["9", "2"]', "plausible range is empty"),
        ("from: 2021-09-09", "from: 2021-09-31", "no day of the calendar"),
        ("equivalents: [US-CCL/6A003.b.4.b", "equivalents: [US-CLC/6A003.b.4.b", "a list that is not defined"),
        ("  - code: 6A003\n", "  - code: 6A003.b.4.b\n", "is already defined in"),
        (
            '{not: {parameter: cooled, op: is, value: "yes"}}',
            '{all: [{parameter: frame_rate, op: "<", value: "0.005", unit: kHz}]}',
            "the thresholds of frame_rate contradict each other",
        ),
    ],
)
def test_a_dead_end_stops_the_build_with_file_and_line(
    sources: Path, tmp_path: Path, old: str, new: str, words: str
) -> None:
    change(sources, (old, new))
    with pytest.raises(SourceError) as caught:
        builder.build(sources, tmp_path / "out")
    problem = next(problem for problem in caught.value.problems if words in problem.message)
    assert problem.file == "controls/sensors.yaml"
    assert problem.line > 1
    assert not (tmp_path / "out").exists()


def test_thresholds_that_leave_room_do_not_contradict(sources: Path) -> None:
    change(
        sources, ('{not: {parameter: cooled, op: is, value: "yes"}}', '{parameter: frame_rate, op: "<", value: "60"}')
    )
    assert builder.lint(sources) == []


def test_lint_warns_of_what_builds_but_helps_nobody(sources: Path, tmp_path: Path) -> None:
    change(
        sources,
        ("[night camera]", "[night camera, Night Cam, thermal imager]"),
        ("entries: [6A003.b.4.b]", "entries: [6A003, US-CCL/6A002]"),
    )
    found = [(problem.severity, problem.message) for problem in builder.lint(sources)]
    assert ("warning", "'Night Cam' is not in lower case") in found
    assert ("warning", "'thermal imager' is a strong term of this class already") in found
    assert ("warning", "no class leads to EU-DU/6A003.b.4.b") in found
    assert ("warning", "there is no entry US-CCL/6A002: this route is left out") in found
    builder.build(sources, tmp_path / "out")
    assert [row["entry"] for row in rows(tmp_path / "out", "SELECT entry FROM route")] == ["EU-DU/6A003"]


def test_a_cas_number_with_a_wrong_check_digit_is_found(sources: Path) -> None:
    text = "chemicals:\n  - {name: thing, cas: 111-48-9, entries: [6A003], cite: abc}\n"
    (sources / "controls" / "chem.yaml").write_text(text, encoding="utf-8")
    assert [(p.line, p.message) for p in builder.lint(sources)] == [(2, "the check digit of 111-48-9 is wrong")]


def test_building_again_replaces_what_was_built_and_removes_volumes_that_are_gone(
    sources: Path, tmp_path: Path
) -> None:
    (sources / "demo").mkdir()
    (sources / "demo" / "parties.csv").write_text("id,name,list\n1,Invented Gadget Works,DEMO-A\n", encoding="utf-8")
    into = tmp_path / "out"
    assert builder.build(sources, into)["volumes"]["parties"]["demo"] is True
    (sources / "demo" / "parties.csv").unlink()
    assert set(builder.build(sources, into)["volumes"]) == {"controls"}
    assert sorted(path.name for path in into.iterdir()) == ["controls.sqlite", "manifest.json"]


def test_a_build_never_replaces_an_import(sources: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("id,name,list\n1,Invented Gadget Works,L\n", encoding="utf-8")
    import_into("parties-csv", file, tmp_path / "out", today=TODAY)
    with pytest.raises(UsageError, match="holds imported lists"):
        builder.build(sources, tmp_path / "out")


def test_a_bad_demo_row_stops_the_build(sources: Path, tmp_path: Path) -> None:
    (sources / "demo").mkdir()
    (sources / "demo" / "parties.csv").write_text("id,name,list\n,Nameless,DEMO-A\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"demo/parties\.csv:2: the id is empty"):
        builder.build(sources, tmp_path / "out")


def test_a_folder_without_sources_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no catalog sources"):
        builder.build(tmp_path, tmp_path / "out")


def test_the_shipped_sources_hold_no_error_and_a_full_demo(tmp_path: Path) -> None:
    root = default_sources()
    assert [str(problem) for problem in builder.lint(root) if problem.severity == "error"] == []
    manifest = builder.build(root, tmp_path / "out")["volumes"]
    assert manifest["parties"]["demo"] is True
    assert manifest["parties"]["rows"]["party"] >= 60
    assert manifest["licences-xa-la-01"]["rows"]["licence"] >= 40
    assert manifest["trust"]["rows"]["authority"] >= 2
    assert manifest["controls"]["demo"] is False
    names = {row["name"] for row in rows(tmp_path / "out", "SELECT name FROM party_name", "parties")}
    licensed = rows(tmp_path / "out", "SELECT holder, consignee, end_user FROM licence", "licences-xa-la-01")
    assert names.isdisjoint(name for row in licensed for name in row)
    assert {row["kind"] for row in rows(tmp_path / "out", "SELECT kind FROM party", "parties")} == {
        "person", "organisation", "vessel", "aircraft",
    }  # fmt: skip
    assert date.fromisoformat(manifest["controls"]["as_of"]) <= TODAY
