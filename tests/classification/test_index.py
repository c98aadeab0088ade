from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit import store
from border_kit.catalog.volumes import Catalog, index_file, index_key, open_catalog, read_manifest
from border_kit.classification.engine import Classifier
from border_kit.classification.index import CONTROL, ORDINARY, build, deletions
from border_kit.classification.lookup import Lookup
from border_kit.classification.words.stems import LATIN_LANGUAGES, keys, phrase_key, stem
from border_kit.errors import CatalogError

TODAY = date(2026, 11, 23)


@pytest.fixture
def lookup(catalog: Catalog) -> Lookup:
    return Lookup(catalog)


def test_the_index_carries_the_digest_of_its_volume(catalog: Catalog) -> None:
    assert catalog.index("controls").execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()[0] == index_key(
        catalog.info("controls").digest
    )


def test_the_same_volume_gives_the_same_index(catalog_root: Path, tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        volume = store.open_volume(catalog_root / "controls.sqlite")
        index = store.create_volume(tmp_path / name)
        build(volume, index, "digest")
        store.seal(index, tmp_path / name)
        connection = sqlite3.connect(tmp_path / name)
        found.append(
            [
                connection.execute(f"SELECT * FROM {table}").fetchall()
                for table in ("phrase", "pattern", "word", "deletion", "document")
            ]
        )
        connection.close()
        volume.close()
    assert found[0] == found[1]


def test_progress_is_told(catalog_root: Path, tmp_path: Path) -> None:
    told: list[int] = []
    volume = store.open_volume(catalog_root / "controls.sqlite")
    index = store.create_volume(tmp_path / "index")
    build(volume, index, "digest", lambda _what, done, _total: told.append(done))
    store.seal(index, tmp_path / "index")
    volume.close()
    assert told == sorted(told)
    assert told[0] == 0


def test_a_phrase_is_filed_under_one_word_alone(catalog: Catalog) -> None:
    rows = (
        catalog.index("controls")
        .execute(
            "SELECT words, glue, owners, count(*) FROM phrase GROUP BY words, glue, owners, valid_from, valid_to HAVING count(*) > 1"
        )
        .fetchall()
    )
    assert rows == []


def test_an_index_of_other_data_or_a_damaged_one_is_refused(catalog_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(catalog_root, root)
    target = root / index_file("controls")
    target.write_bytes(target.read_bytes()[:5000])
    with pytest.raises(CatalogError):
        Classifier(open_catalog(root, TODAY)).classify("drone")
    target.unlink()
    index = store.create_volume(target)
    volume = store.open_volume(root / read_manifest(root)["controls"].file)
    build(volume, index, "another digest")
    store.seal(index, target)
    volume.close()
    with pytest.raises(CatalogError, match="belongs to other data"):
        Classifier(open_catalog(root, TODAY)).classify("drone")


def test_the_vocabulary_tells_control_words_from_ordinary_ones(lookup: Lookup) -> None:
    found = lookup.words(["autopilot", "biscuit", "mug", "zzz"])
    assert found["autopilot"] & CONTROL
    assert found["biscuit"] == found["mug"] == ORDINARY
    assert "zzz" not in found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("autopliot", "autopilot"), ("gyroscpe", "gyroscope"), ("misile", "missile"), ("acelerometer", "accelerometer")],
)
def test_a_typing_error_is_corrected(lookup: Lookup, typed: str, meant: str) -> None:
    assert lookup.correct(typed) == meant


@pytest.mark.parametrize("word", ["uavv", "zzzzzzzz", "x1y2z3", "", "无人机", "drones"])
def test_short_far_or_merely_inflected_words_are_not_corrected(lookup: Lookup, word: str) -> None:
    assert lookup.correct(word) is None


@given(st.text(alphabet="abcdefghij", min_size=5, max_size=14), st.data())
def test_a_word_with_one_letter_gone_shares_a_spelling_key(word: str, data: st.DataObject) -> None:
    gone = data.draw(st.integers(min_value=0, max_value=len(word) - 1))
    typed = word[:gone] + word[gone + 1 :]
    if len(typed) >= 5:
        assert deletions(word) & deletions(typed)


@pytest.mark.parametrize(
    ("language", "singular", "inflected"),
    [
        ("en", "camera", "cameras"), ("en", "battery", "batteries"), ("en", "stabilized", "stabilised"), ("en", "fiber", "fibres"),
        ("fr", "thermique", "thermiques"), ("fr", "camera", "cameras"), ("es", "motor", "motores"), ("es", "termico", "termicas"),
        ("de", "drohne", "drohnen"), ("de", "kamera", "kameras"), ("ru", "камера", "камеры"), ("ru", "тепловизионный", "тепловизионная"),
        ("ru", "двигатель", "двигателей"), ("ar", "كاميرا", "الكاميرا"), ("ar", "طائره", "طائرات"), ("tr", "kamera", "kameralar"), ("tr", "sistem", "sistemi"),
    ],
)  # fmt: skip
def test_inflected_words_share_a_stem(language: str, singular: str, inflected: str) -> None:
    assert stem(singular, language) == stem(inflected, language)


@given(st.sampled_from(LATIN_LANGUAGES), st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_a_phrase_word_meets_itself_on_a_line(language: str, word: str) -> None:

    assert phrase_key(word, language) in keys(word)
