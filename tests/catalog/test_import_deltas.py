"""Amendments and deltas change what they name; limited listings end by themselves; a whole edition ends what it lacks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from border_kit.catalog import diff, volumes
from border_kit.catalog.importers import ImportReport, import_into
from tests.catalog import layouts

TODAY = date(2026, 11, 23)


def take(into: Path, kind: str, text: str, day: str | None = None, name: str = "list.txt") -> ImportReport:
    path = into.parent / name
    path.write_text(text, encoding="utf-8")
    return import_into(kind, path, into, edition=day, today=TODAY)


def listed(into: Path, day: date | None = None) -> set[str]:
    catalog = volumes.open_catalog(into, TODAY, day)
    try:
        rows = catalog.rows("parties", f"SELECT list, caption FROM listing WHERE {catalog.in_force}")
        return {f"{row['list']}: {row['caption']}" for row in rows}
    finally:
        catalog.close()


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int]]:
    return {row.list: (row.taken, row.added, row.changed, row.ended) for row in report.lists}


def test_an_amending_act_changes_only_the_rows_it_names(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "eu-csv", layouts.JOURNAL, "2026-01-01")
    assert counts(take(into, "eu-csv", layouts.AMENDMENT, "2026-02-01")) == {"EU-39999R0001": (2, 1, 1, 0)}
    names = {text.partition(": ")[2] for text in listed(into)}
    assert {"Orvald TESKARIN", "Invented Works Group", "Brand New", "Zumurrud Star"} <= names
    assert "EU-39999R0001: Invented Works" in listed(into, date(2026, 1, 31))
    assert "EU-39999R0001: Invented Works" not in listed(into)


def test_a_folder_of_acts_is_one_edition_of_each_act(tmp_path: Path) -> None:
    into, folder = tmp_path / "catalog", tmp_path / "acts"
    folder.mkdir()
    (folder / "39999R0001.csv").write_text(layouts.JOURNAL, encoding="utf-8")
    other = layouts.JOURNAL.replace("39999R0001", "39999R0007")
    (folder / "39999R0007.csv").write_text(other, encoding="utf-8")
    report = import_into("eu-csv", folder, into, edition="2026-01-01", today=TODAY)
    assert {row.list: row.taken for row in report.lists} == {"EU-39999R0001": 5, "EU-39999R0007": 5}
    (folder / "39999R0007.csv").write_text(layouts.JOURNAL.split("\n", 1)[0] + "\n", encoding="utf-8")
    again = import_into("eu-csv", folder, into, edition="2026-02-01", today=TODAY)
    assert counts(again) == {"EU-39999R0001": (5, 0, 0, 0), "EU-39999R0007": (0, 0, 0, 5)}


def test_one_act_leaves_the_others_alone(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "eu-csv", layouts.JOURNAL, "2026-01-01")
    take(into, "eu-csv", layouts.JOURNAL.replace("39999R0001", "39999R0007"), "2026-01-01")
    assert {text.partition(":")[0] for text in listed(into)} == {"EU-39999R0001", "EU-39999R0007"}


def test_a_delta_adds_changes_and_ends(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "ftm-jsonl", layouts.FTM)
    report = take(into, "ftm-jsonl", layouts.FTM_DELTA, name="20250702134729-abc.entities.delta.json")
    assert counts(report) == {"eu_fsf": (2, 1, 1, 1), "us_ofac_sdn": (0, 0, 0, 1)}
    assert [row.reason for row in report.skipped] == [
        "the id 'NK-99' is on no list here", "the operation 'BOOM' is none of ADD, MOD, DEL with an entity",
    ]  # fmt: skip
    assert listed(into) == {"eu_fsf: Orvald TESKARIN", "eu_fsf: Brand New", "eu_fsf: Ana Invented"}
    assert "eu_fsf: Zumurrud Star" in listed(into, date(2025, 6, 30))
    assert "us_ofac_sdn: Orvald TESKARIN" in listed(into, date(2025, 6, 30))


def test_a_delta_may_take_away_and_add_again_on_one_day(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "ftm-jsonl", layouts.FTM)
    lines = layouts.FTM_DELTA.splitlines()
    again = '{"op":"ADD","entity":{"id":"NK-2","schema":"Vessel","properties":{"name":["Zumurrud Star II"]},"datasets":["eu_fsf"]}}'
    take(into, "ftm-jsonl", "\n".join([lines[2], again, lines[2], again]), name="20250702134729-abc.delta.json")
    assert "eu_fsf: Zumurrud Star II" in listed(into)
    assert "eu_fsf: Zumurrud Star" in listed(into, date(2025, 6, 30))


def test_a_denial_order_ends_with_its_last_day(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    report = take(into, "dpl-tsv", layouts.DPL)
    assert (report.taken, report.skipped) == (3, ())
    assert listed(into) == {"BIS-DPL: ORVALD TESKARIN", "BIS-DPL: NO END"}
    assert "BIS-DPL: INVENTED LINES" in listed(into, date(2020, 10, 13))
    assert "BIS-DPL: INVENTED LINES" not in listed(into, date(2020, 10, 14))
    assert "BIS-DPL: ORVALD TESKARIN" in listed(into, date(2056, 6, 29))
    assert "BIS-DPL: ORVALD TESKARIN" not in listed(into, date(2056, 6, 30))


def test_a_limited_listing_is_known_again_and_ends_early_when_the_list_drops_it(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "dpl-tsv", layouts.DPL)
    assert counts(take(into, "dpl-tsv", layouts.DPL)) == {"BIS-DPL": (3, 0, 0, 0)}
    lines = layouts.DPL.splitlines(keepends=True)
    shorter = (lines[0] + lines[3]).replace("1999-01-02", "2023-01-02")
    assert counts(take(into, "dpl-tsv", shorter)) == {"BIS-DPL": (1, 0, 0, 1)}
    assert "BIS-DPL: ORVALD TESKARIN" in listed(into, date(2023, 1, 1))
    assert "BIS-DPL: ORVALD TESKARIN" not in listed(into, date(2023, 1, 2))
    assert "BIS-DPL: INVENTED LINES" not in listed(into, date(2022, 12, 31))


def test_a_later_file_of_the_same_office_in_another_layout_goes_on_with_the_same_list(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "eu-xml", layouts.EU_XML)
    report = take(into, "eu-csv", layouts.EU_CSV_11.replace("15/04/2025", "16/04/2025"))
    assert counts(report) == {"EU": (2, 0, 1, 0)}


def test_the_difference_of_two_days_names_the_lists(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "eu-csv", layouts.JOURNAL, "2026-01-01")
    take(into, "eu-csv", layouts.AMENDMENT, "2026-02-01")
    found = diff.diff(into, into, old_day=date(2026, 1, 31), new_day=date(2026, 2, 1))
    assert found["lists"] == {"EU-39999R0001": {"added": 1, "changed": 1, "ended": 0}}


def test_joining_a_party_changes_no_listing(tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "catalog", tmp_path / "two" / "catalog"
    head = "id,kind,name,aliases,countries,born,identifiers,list\n"
    for into in (one, two):
        into.parent.mkdir()
        take(into, "parties-csv", head + "1,vessel,Pearl,,,,imo:9074729,B\n", "2026-01-01")
    take(two, "parties-csv", head + "1,vessel,Zumurrud Star,,,,imo:9074729,A\n", "2026-01-01")
    assert diff.diff(one, two)["lists"] == {"A": {"added": 1, "changed": 0, "ended": 0}}
