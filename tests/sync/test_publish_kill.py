"""A publication that is killed, or finds the disk full, leaves the old one valid; repeating it completes the new one."""

from __future__ import annotations

import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from border_kit.catalog import volumes
from border_kit.errors import StoreError
from border_kit.sync import ceremony, repository
from border_kit.sync.layout import TARGETS
from border_kit.sync.publish import prepare
from border_kit.sync.refusal import Refusal
from tests.sync import kills
from tests.sync.authority import Authority, Office, names, party_rows, signer, write_catalog

CHANGED = {**names(40), 3: "Zumurrud Shipping"}


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed process leaves behind stays within the test."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))


@pytest.fixture
def published(authority: Authority, following: Office) -> Authority:
    """An authority whose first edition an office has."""
    authority.parties(names(40), "2026-10-05")
    following.pull(authority.folder, authority.now)
    authority.later(days=1)
    source = authority.folder.parent / "source"
    write_catalog(source, {"parties": party_rows(CHANGED, "2026-10-06")}, "2026-10-06")
    return authority


def copied(authority: Authority, place: Path) -> Authority:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(authority.folder, place / "repository")
    return Authority(place / "repository", authority.sheet, authority.now, authority.people)


def editions(authority: Authority, office: Office, place: Path) -> set[str]:
    """The edition that an office of long standing sees, and a new one."""
    found = set()
    for home in (place / "old office", place / "new office"):
        shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(office.home, place / "old office", symlinks=True)
    for looker in (
        Office(place / "old office", office.root, dict(office.marks)),
        Office(place / "new office", office.root),
    ):
        publication = looker.look(authority.folder, authority.now)
        assert not publication.refused
        found.add(publication.volumes["parties"].content.info.edition)
    return found


def test_killed_at_any_step_the_repository_is_the_old_one_or_the_new_one(
    published: Authority, following: Office, tmp_path: Path
) -> None:
    source, seen = tmp_path / "source", set()
    steps = kills.counted(lambda: copied(published, tmp_path / "count").publish(source))
    assert steps > 10
    for at in range(1, steps + 1):
        for after in (False, True) if at > steps - 4 else (at % 2 == 0,):
            one = copied(published, tmp_path / "one")
            work = lambda: kills.counted(lambda: one.publish(source), at, after=after)  # noqa: B023, E731 - done at once
            assert kills.in_child(work) == signal.SIGKILL
            edition = editions(one, following, tmp_path)
            assert len(edition) == 1, at
            seen |= edition
            one.publish(source)
            assert editions(one, following, tmp_path) == {"2026-10-06"}
    assert seen == {"2026-10-05", "2026-10-06"}


def test_a_rotation_killed_at_any_step_never_shuts_an_office_out(
    published: Authority, following: Office, tmp_path: Path
) -> None:
    def rotate(one: Authority) -> None:
        state = repository.read(one.folder)
        made = ceremony.replace(one.sheet, state, "timestamp", "Machine", signer("Machine 2").public, one.now)
        one.finish(made, "Ruhe", "Adeyo", "Machine", "Machine 2")

    steps = kills.counted(lambda: rotate(copied(published, tmp_path / "count")))
    for at in range(1, steps + 1):
        one = copied(published, tmp_path / "one")
        assert kills.in_child(lambda: kills.counted(lambda: rotate(one), at)) == signal.SIGKILL  # noqa: B023 - done at once
        assert editions(one, following, tmp_path) == {"2026-10-05"}


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
@pytest.mark.parametrize("room", [0, 500, 3_000, 20_000])
def test_a_full_disk_leaves_the_old_publication(
    published: Authority, following: Office, tmp_path: Path, room: int
) -> None:
    def starved() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        with pytest.raises(StoreError):
            published.publish(tmp_path / "source")

    assert kills.in_child(starved) is None
    assert editions(published, following, tmp_path) == {"2026-10-05"}
    published.publish(tmp_path / "source")
    assert editions(published, following, tmp_path) == {"2026-10-06"}


def test_a_file_that_is_missing_at_the_finish_is_told_and_nothing_is_made_visible(
    published: Authority, following: Office, tmp_path: Path
) -> None:
    catalog = volumes.open_catalog(tmp_path / "source", published.now.date())
    prepared = prepare(published.sheet, published.folder, catalog, published.now)
    catalog.close()
    assert prepared.proposal is not None
    full = prepared.proposal.metadata["parties"].signed.targets["parties/full.zst"]
    repository.target_file(published.folder, full.path, full.hashes["sha256"]).unlink()
    with pytest.raises(Refusal, match="The repository lacks"):
        published.finish(prepared.proposal)
    assert editions(published, following, tmp_path) == {"2026-10-05"}


def test_two_commands_do_not_change_a_repository_at_once(published: Authority) -> None:
    with repository.locked(published.folder), pytest.raises(StoreError, match="Another command"):  # noqa: SIM117 - inner fails
        with repository.locked(published.folder):
            pass
    assert (published.folder / TARGETS).is_dir()
