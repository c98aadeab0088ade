"""The tree of the catalog, the editions of its lists, and goods: what the browser and its commands stand on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from border_kit.catalog import browse, editions, tree, volumes
from border_kit.catalog.importers import import_into
from border_kit.catalog.volumes import Catalog
from border_kit.desk import render_catalog
from border_kit.errors import InputError

TODAY = date(2026, 11, 23)
HEAD = "derived_ecn_no,ecn_number,parent_ecn,description_en,notes\n"
FIRST = (
    HEAD
    + "1,6A003.B.4.B,,Invented cameras,[]\n2,6A003.B.10,,Tenth of them,[]\n3,6A993,,Slow cameras,[]\n4,VIII(a)(5),,Kites,[]\n"
)
SECOND = FIRST.replace("Invented cameras", "Amended cameras").replace(
    "3,6A993,,Slow cameras,[]\n", "5,6A994,,New ones,[]\n"
)
GOODS = (
    "goods_code,hier_pos,language,description\n8500000000,2,EN,MACHINES\n8525000000,4,EN,Senders\n8525890000,6,EN,Eyes of glass\n"
    "8525890000,6,EN,Other\n8525891000,8,EN,\x1b[31mRed\n"
)
CORRELATION = "CN 2026,Dual-use code\n85258910,6A003.b.4.b\n85258910,6A993\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    def take(kind: str, name: str, content: str, edition: str) -> None:
        (tmp_path / name).write_text(content, encoding="utf-8")
        import_into(kind, tmp_path / name, tmp_path / "out", edition=edition, today=TODAY)

    take("ccl-csv", "eccn.csv", FIRST, "2025-01-01")
    take("ccl-csv", "eccn.csv", SECOND, "2026-01-01")
    take("nomenclature", "cn_en.csv", GOODS, "2026-01-01")
    take("eu-correlation", "correlation.csv", CORRELATION, "2026-01-01")
    return tmp_path / "out"


@pytest.fixture
def catalog(root: Path) -> Iterator[Catalog]:
    opened = volumes.open_catalog(root, TODAY)
    yield opened
    opened.close()


def ids(catalog: Catalog, node: str = "") -> list[tuple[Any, ...]]:
    return [(each["id"], each["below"]) for each in tree.children(catalog, node)]


def test_the_tree_goes_from_lists_over_categories_to_paragraphs(catalog: Catalog) -> None:
    assert ids(catalog) == [("EU-DU", 2), ("US-CCL", 3), ("USML", 1), ("CN-EN", 5)]
    assert ids(catalog, "US-CCL") == [("US-CCL/6", 2)]
    assert ids(catalog, "US-CCL/6") == [("US-CCL/6A", 2)]
    assert ids(catalog, "US-CCL/6A") == [("US-CCL/6A003", 2), ("US-CCL/6A994", 0)]
    assert ids(catalog, "US-CCL/6A003") == [("US-CCL/6A003.b.4.b", 0), ("US-CCL/6A003.b.10", 0)]
    assert ids(catalog, "USML") == [("USML/VIII", 1)]
    assert ids(catalog, "USML/VIII") == [("USML/VIII(a)(5)", 0)]
    assert [(each["title"], each["known"]) for each in tree.children(catalog, "EU-DU/6A003")] == [
        ("Thermal cameras", ["ours"])
    ]


def test_goods_stand_under_the_lines_above_them_and_headings_without_a_code_keep_their_place(catalog: Catalog) -> None:
    assert ids(catalog, "CN-EN") == [("CN-EN/85", 1)]
    assert ids(catalog, "CN-EN/8525") == [("CN-EN/852589-10", 1)]
    assert ids(catalog, "CN-EN/852589-10") == [("CN-EN/852589", 1)]
    assert ids(catalog, "CN-EN/852589") == [("CN-EN/85258910", 0)]


def test_every_node_is_below_the_node_that_stands_above_it(catalog: Catalog) -> None:
    def walk(nodes: Any, parent: str) -> int:
        for node in nodes:
            assert tree.above(catalog, node["id"]) == parent, node
        return sum((1 + walk(node.get("nodes", []), node["id"]) for node in nodes), 0)

    for name in ("EU-DU", "US-CCL", "USML", "CN-EN"):
        assert walk(tree.below(catalog, name, 9), name) > 0


@pytest.mark.parametrize("node", ["NOPE", "US-CCL/ZZ", "EU-DU/9Z999", "US-CCL/6A003'; DROP TABLE entry"])
def test_a_node_that_is_not_there_is_an_error_that_says_where_to_look(catalog: Catalog, node: str) -> None:
    with pytest.raises(InputError) as caught:
        tree.children(catalog, node)
    assert "catalog tree" in caught.value.hint


def test_the_tree_of_a_past_day_has_what_applied_then(catalog: Catalog) -> None:
    then = catalog.on(date(2025, 6, 1))
    assert ids(then, "US-CCL/6A") == [("US-CCL/6A003", 2), ("US-CCL/6A993", 0)]
    assert ids(then)[-1] == ("USML", 1)


def test_what_an_edition_changed_is_told_paragraph_by_paragraph(catalog: Catalog) -> None:
    document = editions.changes(catalog, "US-CCL")
    assert (document["from"], document["to"], document["added"], document["changed"], document["ended"]) == (
        "2025-01-01", "2026-01-01", 1, 1, 1,
    )  # fmt: skip
    assert document["paragraphs"] == {
        "added": [{"code": "6A994", "text": "New ones"}],
        "changed": [{"code": "6A003.b.4.b", "old": "Invented cameras", "new": "Amended cameras"}],
        "ended": [{"code": "6A993", "text": "Slow cameras"}],
    }
    assert not editions.changes(catalog, "US-CCL", date(2025, 2, 1), date(2025, 3, 1))["differs"]
    before = editions.changes(catalog, "CN-EN", date(2025, 1, 1))
    assert before["added"] == 5
    with pytest.raises(InputError, match="Only one edition of CN-EN"):
        editions.changes(catalog, "CN-EN")
    with pytest.raises(InputError, match="No edition of 'X'"):
        editions.changes(catalog, "X")


def test_the_page_of_an_entry_has_its_text_by_edition_and_its_goods(catalog: Catalog) -> None:
    page = json.loads(json.dumps(browse.show(catalog, "US-CCL/6A003.b.4.b")))
    assert [(row["text"], row["applies_from"], row["applies_to"]) for row in page["texts"]] == [
        ("Amended cameras", "2026-01-01", None), ("Invented cameras", "2025-01-01", "2026-01-01"),
    ]  # fmt: skip
    ours = json.loads(json.dumps(browse.show(catalog, "6A003.b.4.b")))
    assert [(row["hs"], row["nomenclature"], row["text"]) for row in ours["goods"]] == [
        ("852589", "HS2022", "Senders › Eyes of glass › Other"),
        ("901380", "HS2022", None),
        ("85258910", "CN2026", "Senders › Eyes of glass › Other › [31mRed"),
    ]
    assert [row["list"] for row in ours["texts"]] == ["US-CCL"]


def test_the_page_of_goods_leads_to_the_entries_and_says_what_they_are(catalog: Catalog) -> None:
    page = json.loads(json.dumps(browse.show(catalog, "8525.89.10")))
    assert page["descriptions"][0]["text"] == "Senders › Eyes of glass › Other › [31mRed"
    assert [row["id"] for row in page["entries"]] == ["EU-DU/6A003.b.4.b", "EU-DU/6A003.b.4.b", "EU-DU/6A993"]
    assert page["entries"][1]["source"] == "EU-CORRELATION@2026-01-01"
    assert json.loads(json.dumps(browse.show(catalog, "CN-EN/8525")))["below"] == [
        "852589 Eyes of glass", "852589 Other",
    ]  # fmt: skip


def test_goods_are_found_by_their_words(catalog: Catalog) -> None:
    assert [(row["id"], row["why"]) for row in browse.search(catalog, "glass eyes")] == [("CN-EN/852589", "goods")]


def test_pages_as_text_carry_no_control_character(catalog: Catalog) -> None:
    for what in ("6A003.b.4.b", "85258910", "US-CCL/6A994"):
        text = render_catalog.page(browse.show(catalog, what))
        assert "\x1b" not in text
        assert "TEXT OF US-CCL" in text or what == "85258910"
    nodes = {"below": tree.below(catalog, "CN-EN", 4)}
    assert "\x1b" not in render_catalog.tree(nodes)
    assert "+ 6A994" in render_catalog.changes(editions.changes(catalog, "US-CCL"))
