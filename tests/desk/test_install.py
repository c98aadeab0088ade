"""Search indexes: a disk that is full while one is made is told, from another process too, and what was there stays."""

from __future__ import annotations

import pickle
import resource
from pathlib import Path

import pytest

from border_kit.catalog.volumes import index_file
from border_kit.desk.install import install
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
