from __future__ import annotations

import shutil
import sqlite3
from base64 import b64encode
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from border_kit import store
from border_kit.catalog import volumes, writer
from border_kit.errors import CatalogError
from border_kit.sync import patch
from border_kit.sync.derive import derive
from border_kit.sync.layout import REVOCATIONS, TARGETS
from tests.sync.authority import Authority, Office, names, party_rows, write_catalog

NAMES = st.dictionaries(st.integers(0, 60), st.text(min_size=1, max_size=12), max_size=25)


def volume(folder: Path, known: dict[int, str], edition: str = "2026-10-05") -> Path:
    return write_catalog(folder, {"parties": party_rows(known, edition)}, edition) / "parties.sqlite"


def published(folder: Path, known: dict[int, str]) -> Path:
    """A volume as it is published first."""
    derive(info(volume(folder, known)), folder / "parties.sqlite", None, folder / "published")
    return folder / "published"


def info(path: Path) -> volumes.VolumeInfo:
    return volumes.read_manifest(path.parent)["parties"]


def digest(path: Path) -> str:
    with closing(store.open_volume(path)) as connection:
        return writer.digest(connection, "parties")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=NAMES, after=NAMES)
def test_the_published_file_follows_to_whatever_the_catalog_holds(
    tmp_path: Path, before: dict[int, str], after: dict[int, str]
) -> None:
    old, new = published(tmp_path / "old", before), volume(tmp_path / "new", after, "2026-10-06")
    derive(info(new), new, old, tmp_path / "out")
    assert digest(tmp_path / "out") == info(new).digest
    with closing(store.open_volume(tmp_path / "out")) as connection:
        volumes.expect_schema(connection, "parties", "parties", published=True)


def test_a_catalog_that_was_built_anew_makes_a_patch_as_small_as_one_that_was_changed(tmp_path: Path) -> None:
    known = names(1_500)
    old = published(tmp_path / "old", known)
    changed = {**{n: known[n] for n in reversed(known)}, 77: "Zumurrud Shipping", 1_600: "New Firm"}
    new = volume(tmp_path / "new", changed, "2026-10-05")
    assert derive(info(new), new, old, tmp_path / "out")
    shutil.copyfile(tmp_path / "out", tmp_path / "vacuumed")
    with closing(sqlite3.connect(tmp_path / "vacuumed")) as connection:
        connection.execute("UPDATE party SET caption = caption || '!'")
        connection.execute("UPDATE party SET caption = rtrim(caption, '!')")
        connection.commit()
        connection.execute("VACUUM")
    follows, anew = (len(patch.make(old, tmp_path / name)) for name in ("out", "vacuumed"))
    assert follows < 1_500
    assert follows < anew / 2


def test_what_was_taken_out_is_not_left_in_the_file(tmp_path: Path) -> None:
    known = {**names(50), 7: "A name that must not stay"}
    old = published(tmp_path / "old", known)
    del known[7]
    new = volume(tmp_path / "new", known)
    assert derive(info(new), new, old, tmp_path / "out")
    assert b"must not stay" in old.read_bytes()
    assert b"must not stay" not in (tmp_path / "out").read_bytes()


@pytest.mark.parametrize(
    "spoil", ["CREATE VIEW v AS SELECT 1", "CREATE INDEX i ON party (caption)", "ALTER TABLE party ADD extra"]
)
def test_a_published_file_of_another_build_is_begun_anew(tmp_path: Path, spoil: str) -> None:
    old, new = published(tmp_path / "old", names(20)), volume(tmp_path / "new", names(21))
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(spoil)
    assert not derive(info(new), new, old, tmp_path / "out")
    derive(info(new), new, None, tmp_path / "anew")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "anew").read_bytes()


def test_a_published_file_that_has_grown_far_is_begun_anew(tmp_path: Path) -> None:
    old, new = published(tmp_path / "old", names(3_000)), volume(tmp_path / "new", names(100))
    assert not derive(info(new), new, old, tmp_path / "out")


@pytest.mark.parametrize(
    "spoil", ["UPDATE party SET caption = 'Changed'", "CREATE TRIGGER t AFTER INSERT ON party BEGIN SELECT 1; END"]
)
def test_a_catalog_that_is_not_what_its_manifest_says_is_not_published(tmp_path: Path, spoil: str) -> None:
    new = volume(tmp_path / "new", names(20))
    with closing(sqlite3.connect(new)) as connection:
        connection.execute(spoil)
        connection.commit()
    with pytest.raises(CatalogError):
        derive(info(new), new, None, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def trust_rows(*lists: tuple[str, str, bytes]) -> dict[str, list[dict[str, Any]]]:
    """A trust volume with status lists: address, day, token."""
    return {
        "status_list": [
            {
                "id": f"{uri} {day}", "authority": "XA/LA-01", "uri": uri, "token": b64encode(token).decode(), "as_of": day,
                "edition": "T@1",
            }
            for uri, day, token in lists
        ]
    }  # fmt: skip


def test_the_newest_status_list_of_each_address_is_a_target_of_its_own_role(
    authority: Authority, following: Office, tmp_path: Path
) -> None:
    def publish(*lists: tuple[str, str, bytes]) -> Any:
        edition = authority.now.date().isoformat()
        return authority.publish(write_catalog(tmp_path / "source", {"trust": trust_rows(*lists)}, edition))

    first = ("https://status.example/1", "2026-10-01", b"one")
    assert publish(first, ("https://status.example/2", "2026-10-01", b"other")).status_lists == 2
    authority.later(days=1)
    newer = ("https://status.example/1", "2026-10-06", b"newer")
    assert publish(first, newer, ("https://status.example/2", "2026-10-01", b"other")).status_lists == 2
    updater = following.updater(authority.folder, authority.now)
    updater.refresh()
    found = {one.uri: one for one in updater.publication().status_lists}
    assert {uri: (one.authority, one.as_of) for uri, one in found.items()} == {
        "https://status.example/1": ("XA/LA-01", "2026-10-06"),
        "https://status.example/2": ("XA/LA-01", "2026-10-01"),
    }
    updater.bring(found["https://status.example/1"].file, tmp_path / "token")
    assert (tmp_path / "token").read_bytes() == b64encode(b"newer")
    assert all(path.suffix == ".cwt" for path in (authority.folder / TARGETS / REVOCATIONS).iterdir())
