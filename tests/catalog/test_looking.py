"""Looking things up, what is installed, and what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from border_kit.catalog import browse, builder, volumes
from border_kit.catalog.diff import diff
from border_kit.catalog.importers import import_into
from border_kit.catalog.info import info
from border_kit.catalog.volumes import Catalog
from border_kit.errors import InputError

TODAY = date(2026, 11, 23)
PARTIES = "id,kind,name,aliases,list\n7,person,Orvald Teskarin,Orv,DEMO-A\n8,person,Percent_100% Name,,DEMO-A\n"
LICENCES = (
    '{"authority": "XA/LA-01", "as_of": "2026-10-01", "licences": [{"number": "IND-1", "type": "individual", '
    '"status": "issued", "lines": [{"no": 1, "quantity": "2"}]}]}'
)


def plain(document: object) -> Any:
    """A document as it comes out of JSON."""
    return json.loads(json.dumps(document))


def show(catalog: Catalog, what: str) -> Any:
    return plain(browse.show(catalog, what))


@pytest.fixture
def root(sources: Path, tmp_path: Path) -> Path:
    (sources / "demo").mkdir()
    (sources / "demo" / "parties.csv").write_text(PARTIES, encoding="utf-8")
    (sources / "demo" / "licences.json").write_text(LICENCES, encoding="utf-8")
    builder.build(sources, tmp_path / "out")
    path = tmp_path / "eccn.csv"
    path.write_text(
        "derived_ecn_no,ecn_number,parent_ecn,description_en,notes\n1,6A993.A,,Cameras meeting a note,[]\n2,6A003.B.4.B,,Other cameras,[]\n",
        encoding="utf-8",
    )
    import_into("ccl-csv", path, tmp_path / "out", edition="2026-02-01", today=TODAY)
    return tmp_path / "out"


@pytest.fixture
def catalog(root: Path) -> Iterator[Catalog]:
    opened = volumes.open_catalog(root, TODAY)
    yield opened
    opened.close()


def test_the_page_of_an_entry_shows_what_decides_and_what_leads_there(catalog: Catalog) -> None:
    page = show(catalog, "6a003.B.4.b")
    assert (page["id"], page["title"], page["parent"]) == ("EU-DU/6A003.b.4.b", "Thermal cameras", "EU-DU/6A003")
    assert page["criteria"] == ["all of:", "  frame rate more than 9 Hz [Note 4]", "  not:", "    cooled is yes"]
    assert page["released_if"] == [
        {"note": "slow cameras", "when": ["frame rate at most 9 Hz"], "then": "US-CCL/6A993.a", "citation": "Note 4.a"}
    ]
    assert page["hs"] == ["852589 (HS2022, strong)", "ex 901380 (HS2022, weak)"]
    assert page["named_by"] == [
        {
            "class": "thermal camera",
            "id": "thermal-camera",
            "usually": "below",
            "terms": ["thermal imager", "wärmebildkamera"],
        }
    ]
    assert page["equivalents"] == ["US-CCL/6A003.b.4.b", "US-CCL/6A993.a (approximate)"]
    assert page["also_on"] == ["US-CCL"]
    assert show(catalog, "6A003")["below"] == ["EU-DU/6A003.b.4.b Thermal cameras"]


def test_an_entry_of_an_imported_list_alone_shows_its_text(catalog: Catalog) -> None:
    page = show(catalog, "6A993.a")
    assert (page["id"], page["title"]) == ("US-CCL/6A993.a", "Cameras meeting a note")
    assert show(catalog, "us-ccl/6A003.b.4.b")["imported_text"] == {
        "text": "Other cameras", "notes": [], "parent": None, "edition": "US-CCL@2026-02-01", "applies_from": "2026-02-01",
    }  # fmt: skip


def test_an_hs_code_leads_to_entries_and_classes_above_and_below(catalog: Catalog) -> None:
    page = show(catalog, "8525.89")
    assert [row["id"] for row in page["entries"]] == ["EU-DU/6A003.b.4.b"]
    assert [row["id"] for row in page["classes"]] == ["thermal-camera"]
    assert show(catalog, "85")["kind"] == "hs"


def test_a_party_and_a_licence_are_shown_and_their_demo_is_said(catalog: Catalog) -> None:
    party = show(catalog, "DEMO-A:7")
    assert party["demo"] is True
    assert party["listings"][0]["names"] == ["Orvald Teskarin (primary)", "Orv (alias)"]
    assert show(catalog, "7") == party
    licence = show(catalog, "IND-1")
    assert (licence["status"], licence["demo"]) == ("issued", True)
    assert licence["lines"][0]["quantity"] == "2"


@pytest.mark.parametrize("what", ["", "9Z999", "99", "' OR 1=1 --", "%", "EU-DU/", "/", "x" * 5_000, "\u202e\x00"])
def test_what_is_not_there_is_told_with_the_next_step(catalog: Catalog, what: str) -> None:
    with pytest.raises(InputError) as caught:
        show(catalog, what)
    assert "catch-all" in caught.value.hint


@pytest.mark.parametrize(
    ("words", "first", "why"),
    [
        ("6a003", "EU-DU/6A003", "code"),
        ("EU-DU/6A003.b", "EU-DU/6A003.b.4.b", "code"),
        ("8525", "8525", "HS"),
        ("Thermal CAMERAS", "EU-DU/6A003.b.4.b", "title"),
        ("warmebild", "EU-DU/6A003.b.4.b", "named: wärmebildkamera"),
        ("meeting note", "US-CCL/6A993.a", "imported text"),
    ],
)
def test_a_search_finds_by_code_hs_title_term_and_text(catalog: Catalog, words: str, first: str, why: str) -> None:
    found = browse.search(catalog, words)
    assert (found[0]["id"], found[0]["why"]) == (first, why)


@pytest.mark.parametrize(
    "words", ["%", "_", "*", '"', "'; DROP TABLE entry", "!", "NEAR(a b)", "\ud800", "", "ä" * 3_000]
)
def test_no_syntax_of_any_query_language_means_anything_in_a_search(catalog: Catalog, words: str) -> None:
    assert browse.search(catalog, words) == []


def test_a_search_keeps_its_limit(catalog: Catalog) -> None:
    assert len(browse.search(catalog, "6A", 1)) == 1


def test_what_is_installed_is_told_as_the_contract_names_it(catalog: Catalog) -> None:
    document = plain(info(catalog))
    found = {row["name"]: row for row in document["volumes"]}
    assert set(found) == {"controls", "parties", "licences-xa-la-01"}
    assert found["parties"]["demo"] is True
    assert found["controls"]["rows"]["entry"] == 2
    assert document["terms_by_language"] == {"en": 5, "de": 1, "ru": 1}
    lists = [(row["list"], row["edition"]) for row in found["controls"]["lists"]]
    assert lists == [("US-CCL", "2026-02-01"), ("authored", "2026-11-01")]


def test_a_catalog_does_not_differ_from_itself(root: Path) -> None:
    assert diff(root, root) == {
        "differs": False, "old": diff(root, root)["new"], "new": diff(root, root)["old"], "volumes": {}, "lists": {},
    }  # fmt: skip


def test_what_an_edition_changed_is_told_by_table(sources: Path, root: Path, tmp_path: Path) -> None:
    path = sources / "controls" / "sensors.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("title: Thermal cameras", "title: Imagers").replace(", infrared]", "]"), encoding="utf-8"
    )
    (sources / "demo" / "parties.csv").write_text(PARTIES + "9,person,Newly Listed,,DEMO-A\n", encoding="utf-8")
    builder.build(sources, tmp_path / "new")
    found = plain(diff(root, tmp_path / "new"))
    assert found["differs"] is True
    controls = found["volumes"]["controls"]
    assert controls["entry"]["rows"]["changed"] == [{"row": "EU-DU/6A003.b.4.b", "columns": ["title"]}]
    assert controls["term"]["rows"]["ended"] == ["atom:thermal/en/infrared"]
    assert controls["list_text"]["ended"] == 2
    parties = found["volumes"]["parties"]
    assert parties["listing"]["rows"]["added"] == ["DEMO-A/9"]
    assert plain(diff(tmp_path / "new", root))["volumes"]["parties"]["listing"]["rows"]["ended"] == ["DEMO-A/9"]


def test_two_days_of_one_catalog_differ_by_what_began_between_them(root: Path) -> None:
    found = plain(diff(root, root, old_day=date(2022, 1, 1), new_day=date(2022, 12, 1)))
    assert found["volumes"] == {
        "controls": {
            "entry": {
                "added": 1,
                "changed": 0,
                "ended": 0,
                "rows": {"added": ["EU-DU/6A003"], "changed": [], "ended": []},
            }
        }
    }
