"""Text of an imported list is searched beside the authored knowledge: the list's own invented words."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog.importers import import_into
from border_kit.catalog.volumes import open_catalog
from border_kit.classification.engine import Classifier
from border_kit.classification.model import Classification
from border_kit.desk.install import install

SOURCES = Path(__file__).with_name("sources")
TODAY = date(2026, 11, 23)
LIST = """derived_ecn_no,ecn_number,parent_ecn,description_en,notes
1,2B990,,"Pneumatic looms specially designed for weaving metallic ribbons, as follows:",[]
2,2B990.A,1,"Looms having a shuttle velocity exceeding 40 metres per second and a programmable heddle;",[]
3,2B990.B,1,"Heddles of tungsten, capable of withstanding temperatures above 900 degrees;",[]
4,6A003.B,,"Imaging cameras using vanadium detectors, specially designed for tethered gondolas over glaciers;",[]
5,1C995,,"Lacquers containing powdered amber, formulated for violins used under water.",[]
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("border_kit.catalog.importers.run.default_sources", lambda: SOURCES)
        patch.setattr("border_kit.catalog.importers.run.shipped_catalog", lambda: None)
        for edition, text in (("2025-01-01", LIST), ("2026-01-01", LIST.replace("tungsten", "rhenium"))):
            (folder / "eccn.csv").write_text(text, encoding="utf-8")
            import_into(
                "ccl-csv", folder / "eccn.csv", folder / "catalog", edition=edition, today=TODAY, install=install
            )
    return folder / "catalog"


def ask(root: Path, text: str, as_of: date | None = None) -> Classification:
    catalog = open_catalog(root, TODAY, as_of)
    try:
        return Classifier(catalog).classify(text)
    finally:
        catalog.close()


@pytest.mark.parametrize(
    "text",
    [
        "a programmable heddle, looms with shuttle velocity above 40 metres a second, weaving ribbons pneumatically",
        "weaving of metallic ribbon: loom, pneumatic, the velocity of its shuttle exceeds 40 metres per second",
        "pnuematic loms with a programable heddle and shutle velocity exceding 40 meters per second for wooven ribbons",
    ],
)
def test_a_paragraph_said_otherwise_or_misspelt_is_found_and_is_never_likely(root: Path, text: str) -> None:
    answer = ask(root, text)
    first = next(item for item in answer.candidates if item.root == "2B990")
    assert answer.candidates.index(first) < 5
    assert (first.list, first.band) in {("US-CCL", "possible"), ("US-CCL", "weak")}
    assert first.evidence[0].row == f"list_text:US-CCL/{first.code}@2025-01-01"
    assert first.cite == f"US-CCL/{first.code}@2025-01-01"


def test_each_edition_is_searched_for_its_own_days(root: Path) -> None:
    text = "heddles made of tungsten and capable of withstanding temperature above 900 degrees"
    then = ask(root, text, date(2025, 6, 1)).candidates[0]
    now = ask(root, text).candidates[0]
    assert (then.code, now.code) == ("2B990.b", "2B990.b")
    assert (then.cite, now.cite) == ("US-CCL/2B990.b@2025-01-01", "US-CCL/2B990.b@2026-01-01")
    assert then.score > now.score


def test_imported_words_make_no_ordinary_goods_alert(root: Path) -> None:
    for text in (
        "cotton t-shirts with ribbons and metallic print, assorted sizes, packed in cartons of forty pieces",
        "violin lacquer, amber, 50 ml",
        "gift ribbons metallic 40 m",
        "camera bag for glacier trekking holidays, water resistant, with a shoulder strap and two pockets",
    ):
        assert ask(root, text).verdict == "none", text


def test_an_imported_chemical_leads_to_the_nearest_entry_that_is_written_about(root: Path, tmp_path: Path) -> None:
    table = "name,cas,entry,synonyms\nInventium,7732-18-5,2B350.a.7.c,Inventol; Acid of nothing\n"
    (tmp_path / "chemicals.csv").write_text(table, encoding="utf-8")
    into = tmp_path / "catalog"
    shutil.copytree(root, into)
    import_into("chemicals", tmp_path / "chemicals.csv", into, edition="2026-02-01", today=TODAY, install=install)
    for text in ("drums of inventol, 200 l", "solvent CAS 7732-18-5"):
        found = ask(into, text).candidates[0]
        assert (found.code, found.band) == ("2B350.a", "likely"), text


def test_a_code_that_disagrees_is_named_by_what_the_nomenclature_calls_its_goods(root: Path, tmp_path: Path) -> None:
    (tmp_path / "hs_en.csv").write_text("hscode,description\n08,Fruit\n0803,Bananas\n080390,Other\n", encoding="utf-8")
    into = tmp_path / "catalog"
    shutil.copytree(root, into)
    import_into("nomenclature", tmp_path / "hs_en.csv", into, edition="2022-01-01", today=TODAY, install=install)
    catalog = open_catalog(into, TODAY)
    answer = Classifier(catalog).classify("thermal camera 640x512 60 Hz", "0803.90")
    catalog.close()
    found = {finding.code: finding.message for finding in answer.findings}
    assert found["hs_disagrees"].startswith("HS 080390 (Bananas › Other) does not fit the description: goods of ")
