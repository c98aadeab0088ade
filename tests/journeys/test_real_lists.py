"""Official lists, imported and asked. They are no part of this repository, and no name of theirs is written here."""

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import parse

from tests.command import Answer, call, follows
from tests.conftest import shared

EACH = 8
"""Listed parties that each kind of question is asked about."""


@pytest.fixture(scope="session")
def lists() -> Path:
    found = shared()
    if found is None:
        pytest.skip(
            "the official lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/ and controls/"
        )
    return found


@pytest.fixture(scope="session")
def imported(lists: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Answer]]:
    """A new catalog with the UN and OFAC lists and the paragraphs of the US control list, and the reports."""
    into = tmp_path_factory.mktemp("real") / "catalog"
    jobs = {
        "un-xml": _file(lists, "parties/un_sc", ".xml"),
        "ofac-csv": lists / "parties/ofac_sdn_2021",
        "ccl-csv": lists / "controls/us/eccn.csv",
    }
    return into, {kind: _import(kind, path, into) for kind, path in jobs.items()}


def _file(lists: Path, folder: str, ending: str) -> Path:
    return next(path for path in sorted((lists / folder).iterdir()) if path.suffix == ending)


def _import(kind: str, path: Path, into: Path) -> Answer:
    dated = () if kind == "un-xml" else ("--edition", "2021-07-15")
    return call("catalog", "import", kind, path, "--into", into, *dated, "--json")


@pytest.fixture(scope="session")
def un_names(lists: Path) -> list[dict[str, Any]]:
    """Persons of the UN list: reference, name, original script, aliases of good quality."""
    root = parse(_file(lists, "parties/un_sc", ".xml")).getroot()
    assert root is not None
    found = []
    for item in root.iter("INDIVIDUAL"):
        parts = [item.findtext(part, "").strip() for part in ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")]
        aliases = [
            alias.findtext("ALIAS_NAME", "").strip()
            for alias in item.iter("INDIVIDUAL_ALIAS")
            if alias.findtext("QUALITY", "") in {"Good", "a.k.a."}
        ]
        found.append(
            {
                "ref": item.findtext("REFERENCE_NUMBER", "").strip(),
                "name": " ".join(part for part in parts if part),
                "script": item.findtext("NAME_ORIGINAL_SCRIPT", "").strip(),
                "aliases": [
                    alias for alias in aliases if len(alias.split()) > 1 and "\n" not in alias and "(" not in alias
                ],
            }
        )
    return found


@pytest.fixture(scope="session")
def ofac_names(lists: Path) -> list[dict[str, str]]:
    """Entities of the OFAC list: number, name, and one alias each."""
    folder = lists / "parties/ofac_sdn_2021"
    with (folder / "sdn.csv").open(encoding="utf-8", errors="replace", newline="") as stream:
        names = {row[0]: row[1] for row in csv.reader(stream) if len(row) > 2 and row[2].strip() == "-0-"}
    with (folder / "alt.csv").open(encoding="utf-8", errors="replace", newline="") as stream:
        aliases = {row[0]: row[3] for row in csv.reader(stream) if len(row) > 3 and row[0] in names}
    return [
        {"ref": ref, "name": names[ref], "alias": alias} for ref, alias in aliases.items() if len(alias.split()) > 2
    ]


def _some(rows: list[Any], count: int = EACH) -> Iterator[Any]:
    assert len(rows) >= count
    yield from random.Random(2026).sample(rows, count)


def _long(name: str) -> bool:
    """Whether a name has a word in which one wrong letter leaves most of it (in a short word it makes another word)."""
    word = max(name.split(), key=len)
    return len(name.split()) > 1 and len(word) >= 7 and word.isalpha()


def _typo(name: str) -> str:
    """One letter in the middle of the longest word becomes another."""
    word = max(name.split(), key=len)
    middle = len(word) // 2
    other = "e" if word[middle].lower() != "e" else "o"
    return name.replace(word, word[:middle] + other + word[middle + 1 :], 1)


def _finds(into: Path, asked: str, ref: str) -> bool:
    answer = call("screen", "--catalog", into, "--json", "--", asked)
    assert follows("screen", answer.json)
    for hit in answer.json["hits"]:
        if ref in {row["source_ref"] for row in hit["refs"]}:
            assert hit["explanation"]
            assert (answer.code, answer.json["demo"]) == (1, False)
            return True
    return False


def _missed(into: Path, questions: Iterator[tuple[str, str]]) -> int:
    """How many of the listings were not found; the names themselves are never shown."""
    return sum(not _finds(into, asked, ref) for asked, ref in questions)


@pytest.mark.parametrize("kind", ["un-xml", "ofac-csv", "ccl-csv"])
def test_an_import_takes_the_list_and_says_what_it_left(imported: tuple[Path, dict[str, Answer]], kind: str) -> None:
    answer = imported[1][kind]
    assert answer.code == 0
    assert follows("import_report", answer.json)
    assert answer.json["taken"] > 300
    assert len(answer.json["skipped"]) < answer.json["taken"] / 20


def test_a_listed_name_finds_its_listing(
    imported: tuple[Path, dict[str, Answer]], un_names: list[dict[str, Any]]
) -> None:
    rows = [row for row in un_names if len(row["name"].split()) > 1]
    assert _missed(imported[0], ((row["name"], row["ref"]) for row in _some(rows))) == 0


def test_a_name_in_its_original_script_finds_its_listing(
    imported: tuple[Path, dict[str, Answer]], un_names: list[dict[str, Any]]
) -> None:
    rows = [row for row in un_names if any(unicodedata.name(char, "").startswith("ARABIC") for char in row["script"])]
    assert _missed(imported[0], ((row["script"], row["ref"]) for row in _some(rows))) == 0


def test_a_name_with_one_wrong_letter_finds_its_listing(
    imported: tuple[Path, dict[str, Answer]], un_names: list[dict[str, Any]]
) -> None:
    rows = [row for row in un_names if _long(row["name"])]
    assert _missed(imported[0], ((_typo(row["name"]), row["ref"]) for row in _some(rows))) == 0


def test_an_alias_finds_its_listing(imported: tuple[Path, dict[str, Answer]], un_names: list[dict[str, Any]]) -> None:
    rows = [row for row in un_names if row["aliases"]]
    assert _missed(imported[0], ((row["aliases"][0], row["ref"]) for row in _some(rows))) == 0


def test_an_entity_is_found_by_name_alias_and_typo(
    imported: tuple[Path, dict[str, Answer]], ofac_names: list[dict[str, str]]
) -> None:
    rows = list(_some(ofac_names))
    for asked in ("name", "alias"):
        assert _missed(imported[0], ((row[asked], row["ref"]) for row in rows)) == 0
    assert _missed(imported[0], ((_typo(row["name"]), row["ref"]) for row in rows if _long(row["name"]))) == 0


def test_a_listed_party_stops_a_shipment(
    imported: tuple[Path, dict[str, Answer]], un_names: list[dict[str, Any]], tmp_path: Path
) -> None:
    name = next(_some([row for row in un_names if len(row["name"].split()) > 2]))["name"]
    file = tmp_path / "manifest.csv"
    file.write_text(f'consignment,consignee,description\nB-1,"{name}",Office desks\n', encoding="utf-8")
    answer = call("check", file, "--catalog", imported[0], "--json")
    (row,) = answer.json["assessments"]
    assert (answer.code, row["lane"], row["decided_by"]) == (1, "red", "listed_party")


def test_importing_again_changes_nothing(imported: tuple[Path, dict[str, Answer]], lists: Path) -> None:
    into, _ = imported
    before = {file.name: file.read_bytes() for file in into.glob("*.sqlite")}
    again = _import("un-xml", _file(lists, "parties/un_sc", ".xml"), into)
    assert [again.json[name] for name in ("added", "changed", "ended")] == [0, 0, 0]
    info = call("catalog", "info", "--catalog", into, "--json").json
    assert {row["name"] for row in info["volumes"]} >= {"controls", "parties"}
    assert {file.name for file in into.glob("*.sqlite")} == set(before)
    assert call("catalog", "verify", into).code == 0


def test_an_imported_paragraph_has_a_page(imported: tuple[Path, dict[str, Answer]], lists: Path) -> None:
    with (lists / "controls/us/eccn.csv").open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["ecn_number"][:5] == "9A120"]
    assert rows
    answer = call("catalog", "show", "US-CCL/9A120", "--catalog", imported[0], "--json")
    assert answer.code == 0
    assert rows[0]["description_en"].split(".")[0].split()[0] in answer.out
