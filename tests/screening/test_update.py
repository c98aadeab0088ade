"""An index that was brought up to date answers as one that was built anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.desk.install import install
from border_kit.screening.candidates import Candidates
from border_kit.screening.index.build import build
from border_kit.screening.index.layout import shape, unpack
from border_kit.screening.index.prepared import Prepared
from border_kit.screening.index.update import update
from border_kit.screening.parse import parse
from border_kit.store import create_volume, memory, seal

WORDS = [
    "orvo",
    "tamil",
    "radu",
    "quentil",
    "Квентил",
    "دلفار",
    "marisko",
    "dalvar",
    "Trading",
    "LLC",
    "bin",
    "X.",
    "qu3ntil",
]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
LISTS = st.dictionaries(st.integers(0, 40).map("{:03}".format), NAMES, min_size=16, max_size=20)


def volume(names: dict[str, str]) -> sqlite3.Connection:
    made = memory()
    made.execute("CREATE TABLE party_name (id TEXT PRIMARY KEY, listing TEXT, name TEXT)")
    made.execute("CREATE TABLE listing (id TEXT, kind TEXT)")
    made.execute("INSERT INTO listing VALUES ('l', 'unknown')")
    made.executemany("INSERT INTO party_name VALUES (?, 'l', ?)", names.items())
    return made


def built(names: dict[str, str]) -> sqlite3.Connection:
    index = memory()
    build(volume(names), index, "d")
    return index


def answers(index: sqlite3.Connection, asked: str) -> list[tuple[str, float]]:
    """Ids and shares, in an order that does not depend on how names are numbered."""
    prepared = Prepared(index)
    ranked = Candidates(index).find([parse(asked)])
    stored = prepared.rows(item.nid for item in ranked)
    return sorted((row.id, round(item.share, 6)) for row, item in zip(stored, ranked, strict=True))


@settings(max_examples=25)
@given(LISTS, st.dictionaries(st.integers(0, 40).map("{:03}".format), NAMES, max_size=2), st.integers(0, 2), NAMES)
def test_an_updated_index_answers_as_a_new_one(
    before: dict[str, str], changed: dict[str, str], dropped: int, asked: str
) -> None:
    after = {key: name for key, name in before.items() if key not in sorted(before)[:dropped]} | changed
    index = built(before)
    if not update(volume(after), index, "e"):
        assert 2 * len(changed) + dropped > len(before) // 4  # a changed name is one gone and one new
        return
    fresh = built(after)
    assert index.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()[0] == "e"
    for query in (asked, *after.values()):
        assert answers(index, query) == answers(fresh, query)
    for key, name in after.items():
        row = index.execute("SELECT nid FROM name WHERE id = ?", (key,)).fetchone()
        prepared = Prepared(index)
        (stored,) = prepared.rows([row[0]])
        assert prepared.name(stored, name, None).parts == parse(name).parts


def test_postings_stay_lightest_first() -> None:
    names = {f"{number:03}": f"Orvo Quentil {'Marisko ' * (number % 3)}" for number in range(40)}
    index = built(names)
    assert update(volume(names | {"900": "Orvo"}), index, "e")
    weights = index.execute("SELECT data FROM signature WHERE kind = 'weight'").fetchone()[0]
    for row in index.execute("SELECT nids FROM posting"):
        found = [weights[nid] for nid in unpack("I", row[0])]
        assert found == sorted(found)


def test_a_list_that_changed_much_is_built_anew() -> None:
    names = {f"{number:03}": "Orvo Quentil" for number in range(20)}
    index = built(names)
    assert not update(volume(dict.fromkeys(names, "Tamil Radu")), index, "e")
    assert index.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()[0] == "d"


def test_an_index_of_another_shape_is_built_anew() -> None:
    index = built({"a": "Orvo"})
    index.execute("UPDATE meta SET value = 'other' WHERE key = 'shape'")
    assert not update(volume({"a": "Orvo"}), index, "e")


def test_a_damaged_index_does_not_hinder_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create_volume(tmp_path / "parties.sqlite")
    made.execute("CREATE TABLE party_name (id TEXT PRIMARY KEY, listing TEXT, name TEXT)")
    made.execute("CREATE TABLE listing (id TEXT, kind TEXT)")
    seal(made, tmp_path / "parties.sqlite")
    info = type("Info", (), {"file": "parties.sqlite", "digest": "d"})
    monkeypatch.setattr("border_kit.desk.install.read_manifest", lambda _: {"parties": info})
    (tmp_path / "parties.index.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    install(tmp_path, ["parties"])
    index = sqlite3.connect(tmp_path / "parties.index.sqlite")
    assert index.execute("SELECT value FROM meta WHERE key = 'shape'").fetchone()[0] == shape()
    index.close()
