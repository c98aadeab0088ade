"""Search indexes: a disk that is full while one is made is told, from another process too, and what was there stays."""

from __future__ import annotations

import pickle
import resource
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog.volumes import index_file, open_catalog
from border_kit.catalog.writer import STAGE
from border_kit.desk.install import install, outdated
from border_kit.errors import AmbiguousInputError, CatalogError, InputError, StoreError
from tests.sync.authority import names, party_rows, write_catalog


def test_a_full_disk_is_told_and_leaves_no_half_index(tmp_path: Path) -> None:
    write_catalog(tmp_path, {"parties": party_rows(names(2000), "2026-10-05")}, "2026-10-05")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(StoreError) as caught:
            install(tmp_path, ["parties"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.code == "index_not_written"
    assert "disk" in caught.value.hint
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "parties.sqlite"]
    install(tmp_path, ["parties"])
    assert (tmp_path / index_file("parties")).is_file()


@pytest.mark.parametrize(
    "error",
    [
        StoreError("index_not_written", "It is full.", "Free some space."),
        CatalogError("volume_damaged", "It is damaged."),
        InputError("row", "It cannot be read.", "Look.", row=3, field="name"),
        AmbiguousInputError("dates", "Which order?", "Say it.", option="--date-order"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_crosses_to_another_process_as_it_is(error: StoreError) -> None:
    other = pickle.loads(pickle.dumps(error))  # noqa: S301 - made in this line
    assert (type(other), str(other), vars(other)) == (type(error), str(error), vars(error))


def _shipping(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog that ships with the kit, with its index, which is told from one that is built by a mark."""
    write_catalog(folder, {"parties": party_rows(names(20), "2026-10-05")}, "2026-10-05")
    install(folder, ["parties"])
    raw = sqlite3.connect(folder / index_file("parties"))
    raw.execute("INSERT INTO meta VALUES ('mark', 'shipped')")
    raw.commit()
    raw.close()
    monkeypatch.setattr("border_kit.desk.install.shipped_catalog", lambda: folder)
    return folder


def _marked(folder: Path) -> bool:
    raw = sqlite3.connect(folder / index_file("parties"))
    found = raw.execute("SELECT count(*) FROM meta WHERE key = 'mark'").fetchone()[0]
    raw.close()
    return bool(found)


@pytest.mark.parametrize(("count", "taken"), [(20, True), (21, False)], ids=["same", "other"])
def test_the_index_that_ships_is_taken_where_it_was_made_of_the_same_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, taken: bool
) -> None:
    _shipping(tmp_path / "shipped", monkeypatch)
    office = tmp_path / "catalog"
    write_catalog(office, {"parties": party_rows(names(count), "2026-10-05")}, "2026-10-05")
    install(office, ["parties"])
    assert _marked(office) is taken
    catalog = open_catalog(office, date(2026, 11, 25))
    assert catalog.index("parties").execute("SELECT count(*) FROM meta").fetchone()[0] > 0
    catalog.close()
    install(office, ["parties"], anew=True)
    assert not _marked(office)


def test_a_damaged_index_that_ships_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = _shipping(tmp_path / "shipped", monkeypatch)
    content = bytearray((shipped / index_file("parties")).read_bytes())
    content[-2000:] = bytes(2000)
    (shipped / index_file("parties")).write_bytes(content)
    office = tmp_path / "catalog"
    write_catalog(office, {"parties": party_rows(names(20), "2026-10-05")}, "2026-10-05")
    install(office, ["parties"])
    assert not _marked(office)


def _age(folder: Path) -> None:
    raw = sqlite3.connect(folder / index_file("parties"))
    raw.execute("UPDATE meta SET value = 'older' WHERE key = 'shape'")
    raw.commit()
    raw.close()


def test_an_index_that_ships_and_was_made_by_other_code_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, office = _shipping(tmp_path / "shipped", monkeypatch), tmp_path / "catalog"
    _age(shipped)
    write_catalog(office, {"parties": party_rows(names(20), "2026-10-05")}, "2026-10-05")
    install(office, ["parties"])
    assert not _marked(office)
    assert outdated(office) == []


@pytest.mark.parametrize("place", [".", STAGE])
def test_the_catalog_that_ships_takes_no_index_from_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder = _shipping(tmp_path / "shipped", monkeypatch) / place
    folder.mkdir(exist_ok=True)
    write_catalog(folder, {"parties": party_rows(names(20), "2026-10-05")}, "2026-10-05")
    _age(tmp_path / "shipped")
    install(folder, ["parties"])
    assert not _marked(folder)
    assert outdated(folder) == []
