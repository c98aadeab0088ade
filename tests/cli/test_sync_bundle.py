"""`border-kit sync bundle`: sticks as an authority and two offices use them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.command import Answer, call, follows, unsafe
from tests.sync.authority import Authority, names
from tests.sync.posts import PIN, Post


@pytest.fixture
def published(tmp_path: Path) -> Authority:
    made = Authority(tmp_path / "repository", now=datetime.now(UTC).replace(microsecond=0))
    made.found()
    made.parties(names(60))
    (tmp_path / "root.json").write_bytes(made.root)
    return made


def signed(*arguments: str | Path) -> Answer:
    reading, writing = os.pipe()
    os.write(writing, f"{PIN}\n".encode())
    os.close(writing)
    try:
        return call(*arguments, "--operator", "B-01", "--pin-fd", str(reading))
    finally:
        os.close(reading)


def test_the_authority_writes_a_stick_and_the_office_that_took_it_in_writes_one_back(
    published: Authority, office: Path, tmp_path: Path
) -> None:
    Post.enrolled(office, "XA-BOR-01").draw("EX-1")
    out = tmp_path / "stick"
    written = call("sync", "bundle", "export", out, "--from", published.folder, "--since", "0", "--json")
    assert follows("sync_bundle_export", written.json)
    assert (written.json["catalog"]["full"], written.json["catalog"]["files"]) == (True, 1)
    taken = call("sync", "bundle", "import", out, "--root", tmp_path / "root.json", "--json")
    assert (taken.code, taken.json["catalog"]["generation"]) == (0, 1)
    assert follows("sync_bundle_import", taken.json)
    assert call("sync", "status", "--json").json["installed"]["publication"] == written.json["catalog"]["publication"]
    back = signed("sync", "bundle", "export", tmp_path / "back", "--json")
    assert (back.code, back.json["parcel"]["runs"], back.json["parcels_written"]) == (0, 1, 1)
    assert follows("sync_bundle_export", back.json)
    shown = call("sync", "bundle", "import", tmp_path / "back")
    assert "1 parcels were known already." in shown.out
    assert unsafe(shown.out) == []


def test_an_unknown_office_is_told_and_named_by_its_key(tmp_path: Path) -> None:
    other = Post.enrolled(tmp_path / "other", "XA-BOR-02")
    other.draw("EX-1")
    other.export(tmp_path / "stick")
    found = call("sync", "bundle", "import", tmp_path / "stick", "--json")
    assert (found.code, [row["code"] for row in found.json["refused"]]) == (1, ["office_unknown"])
    assert follows("sync_bundle_import", found.json)
    named = call("sync", "bundle", "import", tmp_path / "stick", "--know", other.key)
    assert "Parcel 1 of XA-BOR-02" in named.out
    assert "1 new entries of usage" in named.out


def test_a_refused_catalog_and_a_missing_stick_are_told_with_their_exit_code(
    published: Authority, tmp_path: Path, office: Path
) -> None:
    call("sync", "bundle", "export", tmp_path / "stick", "--from", published.folder)
    (tmp_path / "stick" / "metadata" / "timestamp.json").write_text("{}")
    refused = call("sync", "bundle", "import", tmp_path / "stick", "--root", tmp_path / "root.json", "--json")
    assert refused.code == 4
    assert refused.json["catalog_refused"]["hint"]
    assert not (office / "current").exists()
    assert call("sync", "bundle", "import", tmp_path / "nothing").code == 4
