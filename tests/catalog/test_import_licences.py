from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.catalog import volumes
from border_kit.catalog.importers import ImportReport, import_into
from border_kit.catalog.importers.licences import exact
from border_kit.catalog.importers.licences_volume import volume_name
from border_kit.errors import InputError
from border_kit.licensing.registry import Registry

TODAY = date(2026, 11, 23)
LICENCE: dict[str, Any] = {
    "number": "IND-1", "type": "individual", "holder": "Aldermoor Ltd", "consignee": "Norrhaven", "end_user": "Norrhaven",
    "destinations": ["yy"], "valid_from": "2026-01-01", "valid_to": "2026-12-31", "status": "issued", "conditions": ["x"],
    "lines": [{"no": 1, "control_code": "6A003", "hs": "852589", "description": "d", "quantity": 20, "unit": "pcs", "value": "5e4", "currency": "EUR"}],
    "usage": [{"line": 1, "quantity": 0.1, "value": None, "declaration": "EX-0", "date": "2026-02-01", "type": "O"}],
}  # fmt: skip
REGISTRY: dict[str, Any] = {
    "authority": "XB/EC-02", "name": "Board", "phone": "+999", "run": 7, "as_of": "2026-03-01", "licences": [LICENCE],
}  # fmt: skip


def take(tmp_path: Path, document: Any, **options: Any) -> ImportReport:
    path = tmp_path / "registry.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return import_into("licences-json", path, tmp_path / "catalog", today=TODAY, **options)


def rows(tmp_path: Path, sql: str, volume: str = "licences-xb-ec-02") -> list[tuple[Any, ...]]:
    catalog = volumes.open_catalog(tmp_path / "catalog", TODAY)
    try:
        return [tuple(row) for row in catalog.rows(volume, sql)]
    finally:
        catalog.close()


def test_a_registry_becomes_its_authoritys_volume(tmp_path: Path) -> None:
    report = take(tmp_path, REGISTRY)
    assert (report.volume, report.taken, report.to_json()["edition"]) == ("licences-xb-ec-02", 1, "2026-03-01")
    assert rows(tmp_path, "SELECT id, name, phone, run, as_of, demo FROM authority") == [
        ("XB/EC-02", "Board", "+999", 7, "2026-03-01", 0)
    ]
    assert rows(tmp_path, "SELECT number, destinations, valid_to, status FROM licence") == [
        ("IND-1", '["YY"]', "2026-12-31", "issued")
    ]
    assert rows(tmp_path, "SELECT licence, no, quantity, value FROM licence_line") == [
        ("IND-1@2026-03-01", 1, "20", "50000")
    ]
    assert rows(tmp_path, "SELECT line, quantity, value, type FROM licence_usage") == [(1, "0.1", None, "O")]
    assert rows(tmp_path, "SELECT status, from_date FROM licence_status") == [("issued", "2026-03-01")]
    assert not volumes.read_manifest(tmp_path / "catalog")["licences-xb-ec-02"].demo


def test_a_later_run_replaces_the_registry_and_keeps_the_history_of_statuses(tmp_path: Path) -> None:
    take(tmp_path, REGISTRY)
    later = copy.deepcopy(REGISTRY) | {"run": 8, "as_of": "2026-05-01"}
    later["licences"][0]["status"] = "suspended"
    later["licences"].append(LICENCE | {"number": "IND-2"})
    report = take(tmp_path, later).to_json()
    assert (report["taken"], report["added"], report["changed"], report["ended"]) == (2, 1, 1, 0)
    assert rows(tmp_path, "SELECT status, from_date FROM licence_status WHERE number = 'IND-1' ORDER BY from_date") == [
        ("issued", "2026-03-01"), ("suspended", "2026-05-01"),
    ]  # fmt: skip
    last = later | {"run": 9, "as_of": "2026-06-01", "licences": [LICENCE | {"number": "IND-2"}]}
    report = take(tmp_path, last).to_json()
    assert (report["added"], report["changed"], report["ended"]) == (0, 0, 1)
    assert rows(tmp_path, "SELECT number FROM licence WHERE until IS NULL") == [("IND-2",)]
    assert rows(tmp_path, "SELECT DISTINCT until FROM licence WHERE number = 'IND-1' ORDER BY until") == [
        ("2026-05-01",), ("2026-06-01",),
    ]  # fmt: skip


@pytest.mark.parametrize("older", [{"run": 6}, {"as_of": "2026-02-28"}])
def test_an_older_run_is_refused(tmp_path: Path, older: dict[str, Any]) -> None:
    take(tmp_path, REGISTRY)
    before = volumes.read_manifest(tmp_path / "catalog")
    with pytest.raises(InputError, match="older than the one installed"):
        take(tmp_path, REGISTRY | older)
    assert volumes.read_manifest(tmp_path / "catalog") == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "lost"}, 'status: "lost" is not one of'),
        ({"type": None}, "type: null is not one of"),
        ({"number": ""}, "number:"),
        ({"valid_to": "2026-02-30"}, "IND-2: valid_to '2026-02-30' is no day"),
        ({"valid_to": "31.12.2026"}, "valid_to:"),
        ({"valid_to": "2025-12-31"}, "IND-2: valid_to lies before valid_from"),
        ({"lines": [{"no": 1}, {"no": 1}]}, "IND-2: two lines have the same number"),
        ({"lines": [{"no": 1, "quantity": "1,000"}]}, "lines: the quantity '1,000' is no number"),
        ({"lines": [{"control_code": "6A003"}]}, "lines[0]:"),
        ({"destinations": ["Nowhere"]}, "destinations[0]:"),
        ({"usage": [{"line": 1, "type": "Z"}]}, "usage[0].type:"),
        ({"number": "IND-1"}, "IND-1: the number stands twice"),
    ],
)
def test_a_bad_licence_is_skipped_with_its_reason_and_the_good_ones_are_taken(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    report = take(tmp_path, REGISTRY | {"licences": [LICENCE, LICENCE | {"number": "IND-2"} | change]})
    assert report.taken == 1
    assert [row.row for row in report.skipped] == [2]
    assert reason in report.skipped[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "has no list of licences"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"licences": [NaN]}', "no JSON"),
        ('{"as_of": "soon", "licences": []}', "as_of is no date"),
        ('{"licences": []}', "could be taken"),
        ('{"licences": [1, "x", null]}', "could be taken"),
    ],
)
def test_what_is_no_registry_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        import_into("licences-json", path, tmp_path / "catalog", today=TODAY)
    assert not (tmp_path / "catalog" / "manifest.json").exists()


CSV = """number,type,holder,consignee,end_user,destinations,valid_from,valid_to,status,conditions,line,control_code,hs,description,quantity,unit,value,currency
IND-1,individual,Aldermoor,Norrhaven,Norrhaven,XB;YY,2026-01-01,2026-12-31,issued,No re-export;Report,1,6A003,852589,"camera, thermal",20,pcs,,EUR
IND-1,individual,Aldermoor,Norrhaven,Norrhaven,XB;YY,2026-01-01,2026-12-31,issued,No re-export;Report,2,6A002,854149,array,5,pcs,100.50,EUR
IND-1,individual,Someone else,Norrhaven,Norrhaven,XB;YY,2026-01-01,2026-12-31,issued,,3,6A002,854149,array,5,pcs,100.50,EUR
OGL-1,open_general,,,,XB,2026-01-01,,issued,,,,,,,,,
IND-2,individual,Aldermoor,,,,,,unheard,,,,,,,,,
"""


def test_a_table_of_licence_lines_is_grouped_by_licence(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(CSV, encoding="utf-8")
    report = import_into("licences-csv", path, tmp_path / "catalog", list_id="XA/LA-01", today=TODAY)
    assert (report.volume, report.taken, report.to_json()["assumed"]) == ("licences-xa-la-01", 2, True)
    assert [row.row for row in report.skipped] == [4, 6]
    assert "contradicts an earlier row" in report.skipped[0].reason
    volume = "licences-xa-la-01"
    assert rows(tmp_path, "SELECT number, destinations, conditions FROM licence ORDER BY number", volume) == [
        ("IND-1", '["XB","YY"]', '["No re-export","Report"]'), ("OGL-1", '["XB"]', "[]"),
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT no, description, quantity, value FROM licence_line", volume) == [
        (1, "camera, thermal", "20", None), (2, "array", "5", "100.50"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("authority", "name"),
    [("XA/LA-01", "licences-xa-la-01"), ("LICENCES", "licences-licences")],
)
def test_a_volume_is_named_after_its_authority(authority: str, name: str) -> None:
    assert volume_name(authority) == name


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_volume_names_are_fat_safe_and_of_one_authority_alone(one: str, other: str) -> None:
    first = volume_name(one)
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(first) <= 64
    if first == volume_name(other):
        fold = str.maketrans({"/": "-", " ": "-", "_": "-"})
        assert (
            one.casefold().translate(fold).replace("--", "-") == other.casefold().translate(fold).replace("--", "-")
            or one == other
        )


@pytest.mark.parametrize(
    ("value", "shown"),
    [("8", "8"), (8, "8"), ("0.10", "0.10"), ("-2", "-2"), ("1e3", "1000"), ("1E-2", "0.01"), ("1,5", None), ("", None), (True, None), ("1e99999", None), ("٣", None)],
)  # fmt: skip
def test_quantities_are_exact_decimals_or_nothing(value: Any, shown: str | None) -> None:
    assert exact(value) == shown


def test_places_groups_history_obligations_and_parts_are_kept(tmp_path: Path) -> None:
    more = LICENCE | {
        "direction": "export", "destinations": ["G012"], "prohibited_destinations": ["zz"], "route": ["XB"], "goods_hash": "ab" * 32,
        "history": [{"status": "issued", "from": "2026-01-01"}, {"status": "suspended", "from": "2026-02-01"}, {"status": "reinstated", "from": "2026-02-20"}],
        "status": "reinstated", "obligations": [{"kind": "delivery_verification", "due": "2026-05-01"}, {"kind": "re_export_consent"}],
    }  # fmt: skip
    take(tmp_path, REGISTRY | {"licences": [more], "groups": {"g012": ["yy", "yz"]}})
    catalog = volumes.open_catalog(tmp_path / "catalog", TODAY)
    found = Registry(catalog).find("IND-1")
    assert found is not None
    assert (found.direction, found.destinations, found.prohibited_destinations, found.route) == (
        "export", ("YY", "YZ"), ("ZZ",), ("XB",),
    )  # fmt: skip
    assert [(change.status, str(change.from_date)) for change in found.history] == [
        ("issued", "2026-01-01"), ("suspended", "2026-02-01"), ("reinstated", "2026-02-20"),
    ]  # fmt: skip
    assert [(row.kind, row.due) for row in found.obligations] == [
        ("delivery_verification", "2026-05-01"), ("re_export_consent", None),
    ]  # fmt: skip
    past = Registry(volumes.open_catalog(tmp_path / "catalog", TODAY, date(2026, 2, 10))).find("IND-1")
    assert past is not None
    assert past.status == "suspended"
    catalog.close()


def test_the_csv_has_columns_for_places_and_obligations(tmp_path: Path) -> None:
    path = tmp_path / "licences.csv"
    path.write_text(
        "authority,number,type,status,destinations,prohibited_destinations,obligations,line,quantity,unit\n"
        "XB/EC-02,L-1,global,issued,YY;YZ,ZZ,delivery_verification:2026-05-01;visit,1,5,pcs\n"
        "XB/EC-02,L-2,global,issued,Y,,,1,5,pcs\n"
        "XB/EC-02,L-3,global,issued,YY,,,1,-5,pcs\n"
        "XB/EC-02,L-4,global,issued,YY,,visit:soon,1,5,pcs\n"
    )
    report = import_into("licences-csv", path, tmp_path / "catalog", today=TODAY)
    assert (report.taken, [row.row for row in report.skipped]) == (1, [3, 4, 5])
    assert "less than nothing" in report.skipped[1].reason
    found = Registry(volumes.open_catalog(tmp_path / "catalog", TODAY)).find("L-1")
    assert found is not None
    assert (found.destinations, found.prohibited_destinations) == (("YY", "YZ"), ("ZZ",))
    assert [(row.kind, row.due) for row in found.obligations] == [
        ("delivery_verification", "2026-05-01"),
        ("visit", None),
    ]


@pytest.mark.parametrize("groups", [["YY"], {"G1": "YY"}, {"G1": ["Nowhere"]}, {"G1": [1]}])
def test_groups_that_mean_nothing_are_refused(tmp_path: Path, groups: Any) -> None:
    with pytest.raises(InputError, match="groups are not codes"):
        take(tmp_path, REGISTRY | {"groups": groups})
