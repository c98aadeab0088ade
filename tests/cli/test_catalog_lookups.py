"""Looking things up by command: the tree, pages as of a day, search, and what an edition changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog.importers import KINDS, import_into
from tests.command import call, follows, unsafe

HEAD = "derived_ecn_no,ecn_number,parent_ecn,description_en,notes\n"


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped controls with two editions of an invented list of our own, and some goods."""
    folder = tmp_path_factory.mktemp("lookups")

    def take(kind: str, name: str, content: str, edition: str) -> None:
        (folder / name).write_text(content, encoding="utf-8")
        import_into(kind, folder / name, folder / "catalog", edition=edition, today=date(2026, 11, 23))

    for edition, text in (("2025-01-01", "Invented kites"), ("2026-01-01", "Amended \x1b[31mkites\u202e")):
        take("ccl-csv", "eccn.csv", f"{HEAD}1,0A999,,{text},[]\n2,0A999.A,1,Strings,[]\n", edition)
    take("nomenclature", "hs_en.csv", "hscode,description\n85,Machines\n8525,Senders\n852589,Eyes\n", "2022-01-01")
    return folder / "catalog"


def test_the_tree_is_listed_level_by_level(texts: Path) -> None:
    answer = call("catalog", "tree", "--catalog", texts, "--json")
    assert follows("catalog_tree", answer.json)
    assert [node["id"] for node in answer.json["below"]] == ["EU-DU", "EU-ML", "MTCR", "US-CCL", "USML", "HS-EN"]
    deep = call("catalog", "tree", "US-CCL/0A", "--depth", "2", "--catalog", texts, "--json")
    assert follows("catalog_tree", deep.json)
    found = {node["id"]: node for node in deep.json["below"]}
    assert [node["code"] for node in found["US-CCL/0A999"]["nodes"]] == ["0A999.a"]
    shown = call("catalog", "tree", "US-CCL/0A999", "--catalog", texts)
    assert (shown.code, shown.out.split()) == (0, ["0A999.a", "t", "Strings"])
    missing = call("catalog", "tree", "NO/WHERE", "--catalog", texts)
    assert (missing.code, missing.out) == (4, "")


def test_a_page_says_what_applied_on_a_day(texts: Path) -> None:
    then = call("catalog", "show", "US-CCL/0A999", "--catalog", texts, "--as-of", "2025-06-01")
    now = call("catalog", "show", "US-CCL/0A999", "--catalog", texts)
    assert "as of 2025-06-01" in then.out
    assert "US-CCL/0A999  Invented kites" in then.out
    assert "TEXT OF US-CCL, from 2026-01-01" in now.out
    assert not unsafe(now.out)
    page = call("catalog", "show", "6A003.b.4.b", "--catalog", texts, "--json")
    assert follows("catalog_entry", page.json)
    assert {"hs": "852589", "text": "Senders › Eyes"}.items() <= page.json["goods"][0].items()
    goods = call("catalog", "show", "8525.89", "--catalog", texts, "--json")
    assert follows("catalog_goods", goods.json)
    assert "EU-DU/6A003.b.4.b" in {row["id"] for row in goods.json["entries"]}


def test_words_find_entries_texts_and_goods(texts: Path) -> None:
    for words, first in (("kites", "US-CCL/0A999"), ("852589", "852589"), ("senders", "HS-EN/8525")):
        answer = call("catalog", "search", words, "--catalog", texts, "--json")
        assert follows("catalog_search", answer.json)
        assert first in {row["id"] for row in answer.json["found"]}, words


def test_what_an_edition_changed_is_told_and_exits_1(texts: Path) -> None:
    answer = call("catalog", "diff", "--list", "US-CCL", "--catalog", texts, "--json")
    assert (answer.code, follows("catalog_changes", answer.json)) == (1, True)
    assert (answer.json["added"], answer.json["changed"], answer.json["ended"]) == (0, 1, 0)
    shown = call("catalog", "diff", "--list", "US-CCL", "--catalog", texts)
    assert "- 0A999  Invented kites" in shown.out
    assert not unsafe(shown.out)
    same = call("catalog", "diff", "--list", "US-CCL", "--from", "2025-02-01", "--to", "2025-03-01", "--catalog", texts)
    assert same.code == 0
    assert call("catalog", "diff", "--catalog", texts).code == 2
    assert call("catalog", "diff", texts, "--list", "US-CCL").code == 2
    assert call("catalog", "diff", "--list", "HS-EN", "--catalog", texts).code == 4


def test_the_help_of_import_names_every_kind() -> None:
    told = call("catalog", "import", "--help").out.split()
    assert set(KINDS) <= set(told)
