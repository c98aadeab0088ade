"""The index: what it stores comes back as it was read, and what it was made from is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.catalog.volumes import Catalog
from border_kit.errors import CatalogError
from border_kit.screening.engine import Screener
from border_kit.screening.index import layout
from border_kit.screening.index.build import build
from border_kit.screening.index.prepared import Prepared
from border_kit.screening.model import Query
from border_kit.screening.parse import KINDS, parse
from border_kit.screening.score import compare_names
from border_kit.store import memory
from tests.screening.conftest import MakeCatalog, Party

NAMES = [
    "QUENTILOV, Orvo Tamirovich",
    "Abu Marisk al-Dalvari",
    "A-B-C Company",
    "JSCQUENTIL",
    "M/V Quentil Star II",
    "Квентилов Орво",
    "شركة دلفار للتجارة",
    "عبدالله بن سالم",
    "王小明",
    "김정철",
    "Quеntil",  # the e is Cyrillic
    "Quentil Works (QW)",
    "O'Quentil & Sons Ltd.",
    "J. P. Quentil",
    "Orvo bin Tamil bin Radu",
    "x" * 500,
    "...",
    "\ud800",
]


def stored(texts: list[str], kind: str) -> tuple[Prepared, list[str]]:
    """An index of some names, without a catalog around it."""
    volume = memory()
    volume.execute("CREATE TABLE party_name (id TEXT, listing TEXT, name TEXT)")
    volume.execute("CREATE TABLE listing (id TEXT, kind TEXT)")
    volume.execute("INSERT INTO listing VALUES ('l', ?)", (kind,))
    safe = [text.encode("utf-8", "replace").decode() for text in texts]
    volume.executemany(
        "INSERT INTO party_name VALUES (?, 'l', ?)", [(f"{number:04}", text) for number, text in enumerate(safe)]
    )
    index = memory()
    build(volume, index, "digest")
    return Prepared(index), safe


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_name_comes_back_as_it_is_read(kind: str) -> None:
    prepared, texts = stored(NAMES, kind)
    for row, text in zip(prepared.rows(range(len(texts))), texts, strict=True):
        assert prepared.name(row, text, kind) == parse(text, kind)


def test_names_come_back_whole_when_there_is_room_for_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("border_kit.screening.index.prepared._KEPT", 5)
    texts = [f"Orvo {middle} Quentilov" for middle in ("Tamil", "Radu", "Marisk", "Dalvar", "Belo", "Zoran")]
    prepared, _ = stored(texts, "person")
    for row, text in zip(prepared.rows(range(len(texts))), texts, strict=True):
        assert prepared.name(row, text, "person") == parse(text, "person")


@settings(max_examples=40)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=6), st.sampled_from(KINDS))
def test_any_text_comes_back_as_it_is_read(texts: list[str], kind: str) -> None:
    prepared, safe = stored(texts, kind)
    for row, text in zip(prepared.rows(range(len(safe))), safe, strict=True):
        assert prepared.name(row, text, kind) == parse(text, kind)


@pytest.mark.parametrize("kind", ["person", "organisation", "vessel"])
def test_a_stored_name_scores_as_one_that_is_read_anew(make_catalog: MakeCatalog, kind: str) -> None:
    texts = ["QUENTILOV, Orvo Tamirovich", "Orvo Quentilov", "Quentilov Trading LLC", "Orvo bin Tamil Quentilov"]
    catalog = make_catalog([{"names": [(text, "primary")], "kind": kind} for text in texts])
    hits = Screener(catalog).screen(Query("Orwo Quentilov")).hits
    assert len(hits) >= 2
    for hit in hits:
        assert hit.score == compare_names(parse("Orwo Quentilov", kind), parse(hit.name, kind), among_many=True).score


def test_an_index_of_other_tables_is_refused(make_catalog: MakeCatalog, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog: Catalog = make_catalog([_party("Orvo Quentilov")])
    Screener(catalog)
    monkeypatch.setattr("border_kit.screening.index.layout.shape", lambda: "other")
    with pytest.raises(CatalogError, match="another version"):
        Screener(catalog)


def test_the_shape_depends_on_every_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "DATA", tmp_path)
    (tmp_path / "words.tsv").write_text("stop\tthe\tthe\n", encoding="utf-8")
    before = layout.shape.__wrapped__()
    assert layout.shape.__wrapped__() == before
    (tmp_path / "words.tsv").write_text("stop\tthe\tthe;das\n", encoding="utf-8")
    assert layout.shape.__wrapped__() != before


def _party(name: str) -> Party:
    return {"names": [(name, "primary")]}
