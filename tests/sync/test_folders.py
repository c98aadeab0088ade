"""A stick is a folder of plain files: read under caps, by safe names, through no link, and never twice."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tuf.api.exceptions import DownloadHTTPError

from border_kit.errors import StoreError
from border_kit.sync import transfer
from border_kit.sync.fetchers import fetcher_for
from border_kit.sync.folders import FolderFetcher
from border_kit.sync.names import segments, why_unsafe
from border_kit.sync.refusal import LineError, Refusal

BODY = b"volume" * 20_000
SHA = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    root = tmp_path / "stick"
    (root / "targets" / "parties").mkdir(parents=True)
    (root / "targets" / "parties" / "a.zst").write_bytes(BODY)
    return root


def obtain(stick: Path, name: str, into: Path) -> None:
    fetcher = FolderFetcher(stick)
    fetcher.obtain(fetcher.base + name, into, length=len(BODY), sha256=SHA)


def code_of(stick: Path, name: str, into: Path) -> str:
    with pytest.raises((Refusal, LineError)) as caught:
        obtain(stick, name, into)
    assert not into.exists()
    assert caught.value.hint
    return caught.value.code


def test_a_file_is_copied_and_proven(stick: Path, tmp_path: Path) -> None:
    obtain(stick, "targets/parties/a.zst", tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == BODY


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "targets/../../outside", "/etc/passwd", "C:/x", "C:x", "targets\\x", "targets/CON", "targets/con.json",
        "targets/NUL.zst", "targets/COM1", "targets/LPT9.txt", "targets/x.", "targets/x ", "targets//x", "targets/./x", "",
        "targets/%2e%2e/x", "targets/a%00b", "targets/a\nb", "targets/" + "x" * 300, "targets/a:b", "targets/aux.tar.zst",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_or_that_some_system_cannot_hold_are_refused(
    stick: Path, tmp_path: Path, name: str
) -> None:
    assert code_of(stick, name, tmp_path / "got") == "name_unsafe"


@given(st.text(max_size=30))
def test_a_path_that_passes_stays_below_its_folder(path: str) -> None:
    try:
        names = segments(path)
    except Refusal:
        return
    assert "/".join(names) == path
    assert not {"..", ".", ""} & set(names)
    assert not Path(path).is_absolute()
    assert all("\\" not in name and ":" not in name and why_unsafe(name.upper()) is None for name in names)


def test_links_are_not_followed(stick: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.zst").write_bytes(BODY)
    (stick / "link.zst").symlink_to(outside / "a.zst")
    (stick / "folder").symlink_to(outside)
    assert code_of(stick, "link.zst", tmp_path / "got") == "not_a_file"
    assert code_of(stick, "folder/a.zst", tmp_path / "got") == "not_a_file"


def test_what_is_no_plain_file_is_not_read(stick: Path, tmp_path: Path) -> None:
    os.mkfifo(stick / "pipe")
    assert code_of(stick, "pipe", tmp_path / "got") == "not_a_file"
    assert code_of(stick, "targets", tmp_path / "got") == "not_a_file"
    assert code_of(stick, "targets/parties/a.zst/b", tmp_path / "got") == "not_a_file"


def test_two_names_that_differ_in_case_alone_are_refused(stick: Path, tmp_path: Path) -> None:
    (stick / "targets" / "parties" / "A.ZST").write_bytes(b"other")
    assert code_of(stick, "targets/parties/a.zst", tmp_path / "got") == "names_clash"


def test_a_name_that_a_fat_tool_wrote_in_capitals_is_found(stick: Path, tmp_path: Path) -> None:
    (stick / "targets").rename(stick / "TARGETS")
    obtain(stick, "targets/parties/a.zst", tmp_path / "got")


def test_a_file_longer_or_shorter_than_signed_is_refused_unread(stick: Path, tmp_path: Path) -> None:
    for size in (len(BODY) + 1, len(BODY) - 1, 0):
        (stick / "b").write_bytes(b"x" * size)
        assert code_of(stick, "b", tmp_path / "got") == "length_differs"
    (stick / "b").write_bytes(b"x" * 11)
    with pytest.raises((Refusal, LineError), match="at most 10"):
        FolderFetcher(stick).download_bytes("folder:///b", 10)


def test_a_damaged_file_is_refused(stick: Path, tmp_path: Path) -> None:
    (stick / "b").write_bytes(BODY[:-1] + b"!")
    assert code_of(stick, "b", tmp_path / "got") == "hash_differs"


def test_a_missing_file_is_tufs_own_error(stick: Path) -> None:
    with pytest.raises(DownloadHTTPError) as caught:
        FolderFetcher(stick).download_bytes("folder:///metadata/2.root.json", 100)
    assert caught.value.status_code == 404


def test_a_stick_that_is_pulled_mid_copy_is_told(stick: Path, tmp_path: Path) -> None:
    away = stick.with_name("away")

    def pull(_what: str, _done: int, _total: int) -> None:
        if stick.exists():
            stick.rename(away)

    fetcher = FolderFetcher(stick, pull)
    fetcher.obtain("folder:///targets/parties/a.zst", tmp_path / "got1", length=len(BODY), sha256=SHA)
    with pytest.raises((Refusal, LineError)) as caught:
        fetcher.obtain("folder:///targets/parties/a.zst", tmp_path / "got2", length=len(BODY), sha256=SHA)
    assert caught.value.code == "stick_unreadable"
    away.rename(stick)
    obtain(stick, "targets/parties/a.zst", tmp_path / "got2")


def test_a_stick_that_cannot_be_read_is_told(stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(transfer.Part, "drop", broken)
    assert code_of(stick, "targets/parties/a.zst", tmp_path / "got") == "stick_unreadable"


def test_a_file_swapped_after_it_was_proven_is_not_the_one_that_is_used(stick: Path, tmp_path: Path) -> None:
    obtain(stick, "targets/parties/a.zst", tmp_path / "got")
    (stick / "targets" / "parties" / "a.zst").write_bytes(BODY[::-1])
    obtain(stick, "targets/parties/a.zst", tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == BODY


def test_a_full_disk_is_told_as_ours(stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        obtain(stick, "targets/parties/a.zst", tmp_path / "got")
    assert caught.value.code == "sync_not_written"
    assert not (tmp_path / "got").exists()


def test_a_source_may_be_a_folder_or_a_file_address(stick: Path, tmp_path: Path) -> None:
    for source in (str(stick), stick.as_uri(), stick.as_uri() + "/"):
        fetcher = fetcher_for(source)
        assert fetcher.download_bytes(fetcher.base + "targets/parties/a.zst", len(BODY)) == BODY
    with pytest.raises((Refusal, LineError)) as caught:
        fetcher_for(str(tmp_path / "nothing"))
    assert caught.value.code == "source_missing"
