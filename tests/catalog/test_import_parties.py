from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from border_kit.catalog import builder, volumes
from border_kit.catalog.importers import ImportReport, import_into
from border_kit.errors import CatalogError, InputError, UsageError

TODAY = date(2026, 11, 23)
HEAD = "id,kind,name,aliases,countries,born,identifiers,list\n"
FIRST = HEAD + (
    "1,person,Orvald Teskarin,Орвальд Тескарин;O. Teskarin,XA;France,1967-04-19,passport:XA-44 71,LIST-1\n"
    "2,vessel,Zumurrud Star,,XC,,imo:9074729;call_sign:ABC,LIST-1\n"
)


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "catalog"


def take(into: Path, text: str, edition: str | None = "2026-01-01", **options: Any) -> ImportReport:
    path = into.parent / "parties.csv"
    path.write_text(text, encoding="utf-8")
    return import_into("parties-csv", path, into, edition=edition, today=TODAY, **options)


def rows(into: Path, sql: str, as_of: date | None = None, **values: str) -> list[sqlite3.Row]:
    catalog = volumes.open_catalog(into, TODAY, as_of)
    try:
        return catalog.rows("parties", sql.replace("IN_FORCE", catalog.in_force), **values)
    finally:
        catalog.close()


def captions(into: Path, as_of: date | None = None) -> list[str]:
    return [row[0] for row in rows(into, "SELECT caption FROM listing WHERE IN_FORCE ORDER BY caption", as_of)]


def plain(report: ImportReport) -> Any:
    """A report as it comes out of JSON."""
    return json.loads(json.dumps(report.to_json()))


def counts(report: ImportReport) -> tuple[int, ...]:
    return tuple(plain(report)[key] for key in ("taken", "added", "changed", "ended"))


def test_a_party_is_stored_with_its_names_facts_and_numbers(into: Path) -> None:
    report = take(into, FIRST)
    assert counts(report) == (2, 2, 0, 0)
    assert report.to_json()["list"] == "LIST-1"
    assert {tuple(row) for row in rows(into, "SELECT name, quality FROM party_name WHERE party = 'LIST-1:1'")} == {
        ("Orvald Teskarin", "primary"), ("Орвальд Тескарин", "alias"), ("O. Teskarin", "alias"),
    }  # fmt: skip
    assert {tuple(row) for row in rows(into, "SELECT type, value FROM party_fact")} == {
        ("country", "XA"), ("country", "FR"), ("born", "1967-04-19"), ("country", "XC"),
    }  # fmt: skip
    assert {tuple(row) for row in rows(into, "SELECT type, value, folded FROM identifier")} == {
        ("passport", "XA-44 71", "xa4471"), ("imo", "9074729", "9074729"), ("call_sign", "ABC", "abc"),
    }  # fmt: skip
    assert [row[0] for row in rows(into, "SELECT kind FROM party ORDER BY id")] == ["person", "vessel"]


def test_a_new_catalog_begins_with_the_controls_and_without_demo_volumes(into: Path) -> None:
    installed: list[str] = []
    take(into, FIRST, install=lambda _, names: installed.extend(sorted(names)))
    found = volumes.read_manifest(into)
    assert sorted(found) == ["controls", "parties"]
    assert installed == ["controls", "parties"]
    assert not found["parties"].demo
    assert found["parties"].as_of == date(2026, 1, 1)


def test_a_second_edition_ends_what_left_changes_what_changed_and_keeps_the_past(into: Path) -> None:
    take(into, FIRST)
    second = HEAD + "1,person,Orvald Teskarin,O. Teskarin,XA,1967-04-19,,LIST-1\n3,person,Third Invented,,,,,LIST-1\n"
    assert counts(take(into, second, "2026-06-01")) == (2, 1, 1, 1)
    assert captions(into) == ["Orvald Teskarin", "Third Invented"]
    assert captions(into, date(2026, 5, 31)) == ["Orvald Teskarin", "Zumurrud Star"]
    assert captions(into, date(2026, 6, 1)) == ["Orvald Teskarin", "Third Invented"]
    assert captions(into, date(2025, 12, 31)) == []
    before = rows(into, "SELECT value FROM identifier WHERE IN_FORCE ORDER BY value", date(2026, 5, 31))
    assert [row[0] for row in before] == ["9074729", "ABC", "XA-44 71"]
    assert rows(into, "SELECT value FROM identifier WHERE IN_FORCE") == []


def test_a_party_that_comes_back_begins_again(into: Path) -> None:
    take(into, FIRST)
    one = HEAD + FIRST.splitlines(keepends=True)[1]
    assert counts(take(into, one, "2026-03-01")) == (1, 0, 0, 1)
    assert counts(take(into, FIRST, "2026-06-01")) == (2, 1, 0, 0)
    spans = rows(into, "SELECT valid_from, valid_to FROM listing WHERE source_ref = '2' ORDER BY valid_from")
    assert [tuple(row) for row in spans] == [("2026-01-01", "2026-03-01"), ("2026-06-01", None)]


def test_the_same_edition_again_changes_nothing(into: Path) -> None:
    take(into, FIRST)
    before = volumes.read_manifest(into)
    assert counts(take(into, FIRST)) == (2, 0, 0, 0)
    assert volumes.read_manifest(into) == before


def test_a_corrected_file_of_the_same_edition_leaves_no_past_behind(into: Path) -> None:
    take(into, FIRST)
    corrected = FIRST.replace("Zumurrud Star", "Zumurrud Star 7")
    assert counts(take(into, corrected)) == (2, 0, 1, 0)
    take(into, HEAD + corrected.splitlines(keepends=True)[2])
    assert [tuple(row) for row in rows(into, "SELECT caption, valid_to FROM listing")] == [("Zumurrud Star 7", None)]
    assert [row[0] for row in rows(into, "SELECT id FROM party")] == ["LIST-1:2"]


def test_an_older_edition_is_refused_and_nothing_changes(into: Path) -> None:
    take(into, FIRST)
    before = (into / "parties.sqlite").read_bytes()
    with pytest.raises(InputError, match="older than the one installed"):
        take(into, FIRST, "2025-12-31")
    assert (into / "parties.sqlite").read_bytes() == before


def test_one_list_is_replaced_alone(into: Path) -> None:
    take(into, FIRST)
    take(into, HEAD + "1,person,Another Name,,,,,LIST-2\n", "2025-05-05")
    assert captions(into) == ["Another Name", "Orvald Teskarin", "Zumurrud Star"]
    found = volumes.read_manifest(into)["parties"]
    assert (found.edition, found.as_of) == ("2026-01-01", date(2025, 5, 5))


def test_a_file_of_several_lists_reports_each(into: Path) -> None:
    text = HEAD + "1,person,A Name,,,,,L2\n1,person,B Name,,,,,L1\n2,person,C Name,,,,,\n"
    report = plain(take(into, text, list_id="L3"))
    assert report["list"] == "L1;L2;L3"
    assert [(row["list"], row["taken"], row["added"]) for row in report["lists"]] == [
        ("L1", 1, 1),
        ("L2", 1, 1),
        ("L3", 1, 1),
    ]


def test_rows_that_cannot_be_taken_are_named_with_the_reason(into: Path) -> None:
    bad = FIRST + ",person,No Id,,,,,LIST-1\n4,person,,,,,,LIST-1\n1,person,Twice,,,,,LIST-1\n\n"
    report = take(into, bad)
    assert [(row.row, row.reason) for row in report.skipped] == [
        (4, "the id is empty"), (5, "the name is empty"), (6, "the id '1' stands twice in LIST-1"),
    ]  # fmt: skip
    assert report.taken == 2


def test_without_any_date_today_is_assumed_and_said_so(into: Path) -> None:
    report = take(into, FIRST, edition=None).to_json()
    assert (report["edition"], report["assumed"]) == ("2026-11-23", True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no column id, name"),
        ("name,kind\nx,person\n", "has no column id"),
        (HEAD, "No row of parties.csv could be taken"),
        (HEAD + ",person,No Id,,,,,\n", "row 2, the id is empty"),
        (HEAD + "1,person," + "x" * 1_100_000 + "\n", "a line of more than"),
    ],
)
def test_a_file_of_which_nothing_can_be_taken_leaves_no_catalog(into: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        take(into, text)
    assert not (into / "manifest.json").exists()


def test_a_cell_without_end_costs_its_rows_and_not_the_rest_before_it(into: Path) -> None:
    report = take(into, FIRST + '9,person,"never closed,,,,\n' + "x\n" * 100_000)
    assert report.taken == 2
    assert "cannot be read" in report.skipped[0].reason


def test_a_file_in_another_encoding_is_told(into: Path) -> None:
    path = into.parent / "p.csv"
    path.write_bytes(HEAD.encode() + b"1,person,Brumovi\xe6,,,,,L\n")
    with pytest.raises(InputError, match="not UTF-8"):
        import_into("parties-csv", path, into, today=TODAY)


@pytest.mark.parametrize("kind", ["un-xml", "ofac-csv", "parties-csv", "ccl-csv", "licences-csv", "licences-json"])
def test_a_path_that_is_no_file_is_told(into: Path, kind: str) -> None:
    with pytest.raises(InputError, match="is not there"):
        import_into(kind, into.parent / "nothing", into, today=TODAY)


def test_wrong_usage_is_told(into: Path) -> None:
    with pytest.raises(UsageError, match="no import kind 'un-xlm'"):
        import_into("un-xlm", into, into, today=TODAY)
    with pytest.raises(UsageError, match="no date"):
        take(into, FIRST, "soon")
    with pytest.raises(UsageError, match="no list id"):
        take(into, FIRST, list_id="\u202e")


def test_foreign_text_is_made_safe(into: Path) -> None:
    take(into, HEAD + "1,person,Evil\u202e \x1b[31m\x00Name,,,,,L\n")
    assert captions(into) == ["Evil [31m Name"]


def test_the_first_real_list_takes_the_demo_out(sources: Path, into: Path) -> None:
    (sources / "demo").mkdir()
    (sources / "demo" / "parties.csv").write_text(HEAD + "1,person,Fiction,,,,,DEMO-A\n", encoding="utf-8")
    builder.build(sources, into)
    report = take(into, FIRST)
    assert report.removed_demo == ("DEMO-A",)
    assert captions(into) == ["Orvald Teskarin", "Zumurrud Star"]
    assert not volumes.read_manifest(into)["parties"].demo


def test_a_damaged_volume_is_refused_before_it_is_written_to(into: Path) -> None:
    take(into, FIRST)
    with sqlite3.connect(into / "parties.sqlite") as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON party BEGIN DELETE FROM listing; END")
    connection.close()
    with pytest.raises(CatalogError, match="not built as this version expects"):
        take(into, FIRST, "2026-09-09")


def test_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    def digest(name: str, lines: Iterable[str]) -> str:
        take(tmp_path / name / "catalog", HEAD + "".join(lines))
        return volumes.read_manifest(tmp_path / name / "catalog")["parties"].digest

    lines = FIRST.splitlines(keepends=True)[1:]
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert digest("a", lines) == digest("b", reversed(lines))
