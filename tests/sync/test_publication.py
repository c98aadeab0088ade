from __future__ import annotations

import json
from pathlib import Path

from border_kit.catalog import verify, writer
from border_kit.sync import patch
from border_kit.sync.layout import METADATA
from tests.sync.authority import Authority, Files, Office, names


def test_an_office_takes_the_full_file_first_and_a_small_patch_the_next_day(
    authority: Authority, following: Office
) -> None:
    known = names()
    authority.parties(known)
    first = following.pull(authority.folder, authority.now)
    authority.later(days=1)
    known[17] = "Zumurrud Shipping"
    authority.parties(known)
    second = following.pull(authority.folder, authority.now)
    assert 0 < second < first / 5


def test_what_is_published_reads_as_the_catalog_it_came_from(
    authority: Authority, following: Office, tmp_path: Path
) -> None:
    known = names()
    authority.parties(known)
    following.pull(authority.folder, authority.now)
    authority.later(days=1)
    del known[3]
    known[500], known[8] = "New Firm", "Changed Firm"
    authority.parties(known)
    following.pull(authority.folder, authority.now)
    offered = following.look(authority.folder, authority.now).volumes["parties"].content
    writer.add_indexes(following.home / "parties.sqlite", "parties")
    (following.home / "manifest.json").write_bytes(writer.manifest_bytes({"parties": offered.info}))
    assert verify.verify(following.home) == ()
    assert offered.info.rows["party"] == 400
    assert (
        offered.info.digest
        == json.loads((tmp_path / "source" / "manifest.json").read_bytes())["volumes"]["parties"]["digest"]
    )


def test_publishing_the_same_catalog_again_changes_nothing(authority: Authority) -> None:
    authority.parties(names(), "2026-10-05")
    before = {path: path.read_bytes() for path in authority.folder.rglob("*") if path.is_file()}
    authority.later(hours=5)
    again = authority.parties(names(), "2026-10-05")
    assert again.proposal is None
    assert again.unchanged == ("parties",)
    assert {path: path.read_bytes() for path in authority.folder.rglob("*") if path.is_file()} == before


def test_an_office_that_has_everything_fetches_the_timestamp_alone(authority: Authority, following: Office) -> None:
    authority.parties(names())
    following.pull(authority.folder, authority.now)
    updater = following.updater(authority.folder, authority.now)
    fetcher = updater._fetcher
    assert isinstance(fetcher, Files)
    updater.refresh()
    assert updater.publication().volumes["parties"].way(patch.sha256(following.home / "parties.sqlite")) == ()
    assert list(fetcher.fetched) == [f"{METADATA}timestamp.json"]
