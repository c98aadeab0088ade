"""The offices' own files, counted another way. They are no part of this repository, and no name of theirs is written here."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from border_kit.catalog.importers.base import Gone, Listing, Order, Skipped
from border_kit.catalog.importers.registry import Parties, find
from border_kit.catalog.writer import no_progress
from tests.conftest import shared

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def lists() -> Path:
    found = shared()
    if found is None:
        pytest.skip("the official lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/")
    return found / "parties"


@lru_cache(maxsize=2)
def rows(kind: str, path: Path) -> tuple[object, ...]:
    importer = find(kind)
    assert isinstance(importer, Parties)
    return tuple(importer.read(Order(path, None, None, TODAY, no_progress)).rows)


def listings(kind: str, path: Path) -> list[Listing]:
    return [row for row in rows(kind, path) if isinstance(row, Listing)]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def table(path: Path, above: int = 0, delimiter: str = ",") -> list[dict[str, str]]:
    body = "".join(text(path).splitlines(keepends=True)[above:])
    return list(csv.DictReader(io.StringIO(body, newline=""), delimiter=delimiter))


def _groups(path: Path) -> int:
    return len({row["Group ID"] for row in table(path, 1)})


def _datasets(path: Path) -> int:
    parties = {
        "Person",
        "Organization",
        "Company",
        "PublicBody",
        "LegalEntity",
        "Vessel",
        "Airplane",
        "Thing",
        "Vehicle",
        "Asset",
    }
    found = [json.loads(line) for line in text(path).splitlines() if line.strip()]
    return sum(len(row["datasets"]) for row in found if row["schema"] in parties)


COUNTS: list[tuple[str, str, Callable[[Path], int]]] = [
    ("un-xml", "un_sc/UN_consolidated.xml", lambda path: len(re.findall(r"<(?:INDIVIDUAL|ENTITY)>", text(path)))),
    ("un-xml", "un_sc/sample_unsc.xml", lambda path: text(path).count("<INDIVIDUAL>")),
    ("ofac-csv", "ofac_sdn_2021/sdn.csv", lambda path: sum(line[:1].isdigit() for line in text(path).splitlines())),
    (
        "ofac-csv",
        "ofac_consolidated/cons_prim.csv",
        lambda path: sum(line[:1].isdigit() for line in text(path).splitlines()),
    ),
    ("ofac-xml", "ofac_xml/sdn.xml", lambda path: text(path).count("<sdnEntry>")),
    ("eu-xml", "eu_fsf/sample_eu.xml", lambda path: text(path).count("<sanctionEntity ")),
    ("uk-csv", "uk_ofsi/sample_hmt.csv", _groups),
    ("csl-csv", "us_csl/csl.csv", lambda path: len(table(path))),
    ("csl-csv", "us_csl/consolidated.csv", lambda path: len(table(path))),
    ("dpl-tsv", "us_bis_dpl/dpl.txt", lambda path: len(table(path, delimiter="\t"))),
    ("ftm-jsonl", "ftm/t1_entities.ftm.json", _datasets),
    ("ftm-jsonl", "ftm/zala_entities.ftm.json", _datasets),
    ("ftm-jsonl", "ftm/us_tel_fictional.json", lambda path: len(json.loads(text(path)))),
    ("senzing-jsonl", "senzing/persons.jsonl", lambda path: len(text(path).splitlines())),
    ("senzing-jsonl", "senzing/features_format.jsonl", lambda path: len(text(path).splitlines())),
    ("senzing-jsonl", "senzing/organizations.json", lambda path: len(json.loads(text(path)))),
]


@pytest.mark.parametrize(("kind", "name", "count"), COUNTS, ids=[name for _, name, _ in COUNTS])
def test_every_entry_of_an_offices_file_is_taken(
    lists: Path, kind: str, name: str, count: Callable[[Path], int]
) -> None:
    found = rows(kind, lists / name)
    assert not [row for row in found if isinstance(row, Skipped)]
    assert len(listings(kind, lists / name)) == count(lists / name)


def test_every_row_of_every_act_is_taken_with_an_id_of_its_own(lists: Path) -> None:
    folder = lists / "eu_journal/consolidated"
    expected = sum(len(table(path)) for path in folder.glob("*.csv"))
    found = listings("eu-csv", folder)
    assert len(found) == expected
    assert len({(row.list, row.ref) for row in found}) == expected


def test_every_row_of_the_amending_acts_is_taken(lists: Path) -> None:
    folder = lists / "eu_journal/amendments"
    assert len(listings("eu-csv", folder)) == sum(len(table(path)) for path in folder.glob("*.csv"))


def test_every_operation_of_the_deltas_is_taken(lists: Path) -> None:
    for path in sorted((lists / "ftm/t2_delta").glob("*.entities.delta.json")):
        found = rows("ftm-jsonl", path)
        assert sum(isinstance(row, Gone) for row in found) == len(text(path).splitlines())


def test_names_of_the_journal_are_all_there(lists: Path) -> None:
    path = lists / "eu_journal/consolidated/32014R0269.csv"
    found = {
        row.ref.rpartition("/")[2] + row.ref.split("/")[1]: {name.text for name in row.names}
        for row in listings("eu-csv", path)
    }
    for row in table(path):
        if row["recordId"]:
            expected = " ".join(row["name"].split())
            assert any(expected in name or name in expected for name in found[row["recordId"] + row["annex"]])


def test_nearly_every_date_of_birth_is_read(lists: Path) -> None:
    for kind, name in (
        ("eu-csv", "eu_journal/consolidated"),
        ("un-xml", "un_sc/UN_consolidated.xml"),
        ("ofac-csv", "ofac_sdn_2021"),
    ):
        kinds = Counter(fact for row in listings(kind, lists / name) for fact, _ in row.facts)
        assert kinds["born_text"] <= kinds["born"] / 200, name


def test_nearly_every_country_is_read(lists: Path) -> None:
    for kind, name in (
        ("eu-csv", "eu_journal/consolidated"),
        ("un-xml", "un_sc/UN_consolidated.xml"),
        ("ofac-csv", "ofac_sdn_2021"),
    ):
        kinds = Counter(fact for row in listings(kind, lists / name) for fact, _ in row.facts)
        assert kinds["country_text"] <= kinds["country"] / 50, name


def test_ships_have_their_imo_numbers(lists: Path) -> None:
    raw = set(re.findall(r"Vessel Registration Identification IMO (\d{7})", text(lists / "ofac_sdn_2021/sdn.csv")))
    found = {
        value
        for row in listings("ofac-csv", lists / "ofac_sdn_2021")
        for kind, value in row.identifiers
        if kind == "imo"
    }
    assert raw <= found
    journal = {
        row["imoNumber"]
        for row in table(lists / "eu_journal/consolidated/32014R0833.csv")
        if row["imoNumber"].isdigit()
    }
    taken = {
        value
        for row in listings("eu-csv", lists / "eu_journal/consolidated")
        for kind, value in row.identifiers
        if kind == "imo"
    }
    assert journal <= taken
