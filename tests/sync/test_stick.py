"""Sticks out to an office: what it lacks and no more, signed as it was, the old content good at every moment."""

from __future__ import annotations

import contextlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from border_kit.clock import FixedClock
from border_kit.errors import StoreError
from border_kit.sync import stick
from border_kit.sync.folders import FolderFetcher
from border_kit.sync.moment import office_clock
from border_kit.sync.names import segments
from border_kit.sync.refusal import LineError, Refusal
from border_kit.sync.stick import Have, OfficeFetcher, Written
from tests.sync.authority import START, Authority, names
from tests.sync.post import Post, renew, snapshot

pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.fixture
def post(tmp_path: Path, authority: Authority) -> Post:
    """An office that took the first edition."""
    authority.parties(names())
    made = Post(tmp_path / "post", authority.root)
    made.pull(authority.folder, authority.now)
    return made


def second(authority: Authority, number: int = 4) -> None:
    authority.later(days=1)
    authority.parties({**names(), number: "Zumurrud Shipping"})


def write(authority: Authority, into: Path, *haves: Have, home: Path | None = None) -> Written:
    fetcher = OfficeFetcher(home) if home else FolderFetcher(authority.folder)
    with stick.looked_at(fetcher, authority.root, authority.now) as found:
        return stick.write(found, into, haves, authority.root, authority.now)


def have(post: Post, into: Path) -> Have:
    """What an office left on a stick."""
    into.mkdir(exist_ok=True)
    stick.leave_state(into, "XA-BOR-01", "xa", post.home)
    [found] = stick.states(into, "another")
    return found


def targets(into: Path) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in (into / "targets").rglob("*") if path.is_file())


def test_a_stick_without_any_state_brings_a_new_office_everything(tmp_path: Path, authority: Authority) -> None:
    authority.parties(names())
    done = write(authority, tmp_path / "stick")
    assert (done.full, done.files, targets(tmp_path / "stick")) == (True, 1, ["full.zst"])
    first = Post(tmp_path / "first", authority.root)
    assert first.pull(tmp_path / "stick", authority.now).installed
    assert first.rows() == 400


def test_only_the_patch_goes_to_an_office_that_left_its_state(tmp_path: Path, authority: Authority, post: Post) -> None:
    into = tmp_path / "stick"
    left = have(post, into)
    second(authority)
    done = write(authority, into, left)
    assert not done.full
    assert [name.endswith("full.zst") for name in targets(into)] == [False]
    pulled = post.pull(into, authority.now, once=True)
    assert [row.way for row in pulled.volumes] == ["patch"]
    assert done.bytes == sum(row.bytes for row in pulled.volumes)
    assert post.office(authority.now).memory.source() == str(authority.folder), "the stick that came by is not followed"


def test_since_a_publication_is_the_same_as_its_state(authority: Authority, post: Post) -> None:
    number = post.office(authority.now).generations.usable()
    assert number is not None
    publication = number.record["marks"]["roles"]["snapshot"]["version"]
    second(authority)
    fetcher = FolderFetcher(authority.folder)
    assert stick.since(fetcher, publication).volumes["parties"] == number.volumes["parties"]
    assert stick.since(fetcher, 0) == Have()
    with pytest.raises(Refusal) as caught:
        stick.since(fetcher, 99)
    assert caught.value.code == "since_unknown"


def test_an_office_hands_on_what_it_took_and_nothing_is_signed_anew(
    tmp_path: Path, authority: Authority, post: Post
) -> None:
    other = Post(tmp_path / "other", authority.root)
    other.pull(authority.folder, authority.now)
    left = have(other, tmp_path / "small")
    second(authority)
    assert [row.way for row in post.pull(authority.folder, authority.now).volumes] == ["patch"]
    write(authority, tmp_path / "small", left, home=post.home)
    assert [row.way for row in other.pull(tmp_path / "small", authority.now).volumes] == ["patch"]
    write(authority, tmp_path / "whole", home=post.home)
    third = Post(tmp_path / "third", authority.root)
    assert [row.way for row in third.pull(tmp_path / "whole", authority.now).volumes] == ["full"]
    assert (third.current / "parties.sqlite").read_bytes() == (post.current / "parties.sqlite").read_bytes()
    signed = snapshot(authority.folder / "metadata")
    assert {name: signed[name] for name in snapshot(tmp_path / "whole" / "metadata")} == snapshot(
        tmp_path / "whole" / "metadata"
    )


def test_an_office_three_months_offline_opens_says_its_age_and_one_stick_brings_it_current(
    tmp_path: Path, authority: Authority, post: Post
) -> None:
    left = have(post, tmp_path / "stick")
    for week in range(7):
        authority.later(days=12)
        second(authority, week)
    renew(authority)
    opened = post.office(authority.now).generations.opened()
    assert opened is not None
    assert opened.warning == ""
    assert post.rows() == 400
    signed = str(opened.generation.record["signed"])
    assert (authority.now.date() - START.date()).days == 91
    assert signed.startswith(START.date().isoformat())
    write(authority, tmp_path / "stick", left)
    pulled = post.pull(tmp_path / "stick", authority.now)
    assert pulled.installed
    assert [row.edition for row in pulled.volumes] == [authority.now.date().isoformat()]
    with stick.looked_at(FolderFetcher(authority.folder), authority.root, authority.now) as newest:
        assert pulled.signed == newest.publication.signed.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_names_on_a_stick_are_ones_that_any_system_holds(tmp_path: Path, authority: Authority, post: Post) -> None:
    second(authority)
    write(authority, tmp_path / "stick", have(post, tmp_path / "stick"))
    found = list(snapshot(tmp_path / "stick"))
    assert len(found) > 6
    assert all(segments(Path(name).as_posix()) for name in found)
    assert len({name.casefold() for name in found}) == len(found)


def test_what_no_longer_belongs_is_removed_and_newer_data_are_left(
    tmp_path: Path, authority: Authority, post: Post
) -> None:
    into = tmp_path / "stick"
    write(authority, into)
    before = snapshot(into)
    second(authority)
    write(authority, into)
    after = snapshot(into)
    assert {name for name in before if name not in after}, "an old full file is gone"
    assert sum("full.zst" in name for name in after) == 1
    done = write(authority, into, home=post.home)
    assert done.newer
    assert snapshot(into) == after


def test_a_repository_is_never_thinned_out_as_if_it_were_a_stick(authority: Authority, post: Post) -> None:
    before = snapshot(authority.folder)
    with pytest.raises(Refusal) as caught:
        write(authority, authority.folder, home=post.home)
    assert caught.value.code == "not_a_stick"
    assert snapshot(authority.folder) == before


@pytest.mark.parametrize(
    "name",
    ["targets", "metadata", "offices", "targets/parties", "stick.json.partial", "metadata/timestamp.json.partial"],
)
def test_nothing_is_written_or_removed_through_a_link_on_a_stick(
    authority: Authority, post: Post, tmp_path: Path, name: str
) -> None:
    into, elsewhere = tmp_path / "stick", tmp_path / "elsewhere"
    write(authority, into)
    (elsewhere / "below").mkdir(parents=True)
    for path in (elsewhere / "precious", elsewhere / "below" / "too"):
        path.write_bytes(b"x")
    place = into / name
    if place.is_dir():
        place.rename(tmp_path / "aside")
    place.symlink_to(elsewhere / "precious" if name.endswith(".partial") else elsewhere, target_is_directory=True)
    before = snapshot(elsewhere)
    second(authority)
    with pytest.raises(Refusal) as caught:
        write(authority, into)
    assert caught.value.code == "not_a_file"
    if name == "offices":
        with pytest.raises(Refusal):
            stick.leave_state(into, "XA-BOR-01", "xa", post.home)
    assert snapshot(elsewhere) == before


@pytest.mark.parametrize("name", ["metadata", "METADATA"])
def test_a_stick_that_a_fat_tool_wrote_in_capitals_is_not_bare(tmp_path: Path, name: str) -> None:
    assert stick.is_bare(tmp_path)
    (tmp_path / name).mkdir()
    assert not stick.is_bare(tmp_path)
    assert not stick.is_bare(tmp_path / "pulled out"), "that is for whoever reads it to tell"


def test_an_office_that_pulled_nothing_hands_nothing_on(tmp_path: Path) -> None:
    with pytest.raises(LineError) as caught:
        OfficeFetcher(tmp_path)
    assert caught.value.code == "nothing_installed"


class Cut(BaseException):
    """The power goes."""


@pytest.mark.parametrize("at", range(14))
def test_a_cut_at_any_rename_leaves_the_old_publication_or_the_new_one(
    tmp_path: Path, authority: Authority, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.parties(names(60))
    into = tmp_path / "stick"
    write(authority, into)
    authority.later(days=1)
    authority.parties({**names(60), 4: "Zumurrud Shipping"})
    left, real, real_unlink = [at], os.replace, Path.unlink

    def spend() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Cut

    def replace(source: Path, target: Path) -> None:
        spend()
        real(source, target)

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if str(path).startswith(str(into)):
            spend()
        real_unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace)
        patched.setattr(Path, "unlink", unlink)
        with contextlib.suppress(Cut):
            write(authority, into)
    reader = Post(tmp_path / "reader", authority.root)
    assert reader.pull(into, authority.now).installed
    assert reader.rows() == 60
    assert not write(authority, into).newer
    assert Post(tmp_path / "after", authority.root).pull(into, authority.now).installed


def test_a_stick_without_room_is_told_and_still_read(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.parties(names(60))
    write(authority, tmp_path / "stick")
    authority.later(days=1)
    authority.parties({**names(60), 4: "Zumurrud Shipping"})

    def full(_part: object) -> None:
        raise StoreError("sync_not_written", "No space left on device", "")

    with monkeypatch.context() as patched:
        patched.setattr("border_kit.sync.transfer.Part.force", full)
        with pytest.raises(StoreError) as caught:
            write(authority, tmp_path / "stick")
    assert caught.value.code == "stick_not_written"
    assert Post(tmp_path / "reader", authority.root).pull(tmp_path / "stick", authority.now).installed


def test_a_swapped_file_an_unsafe_link_and_a_pulled_stick_leave_the_office_as_it_was(
    tmp_path: Path, authority: Authority, post: Post
) -> None:
    into = tmp_path / "stick"
    second(authority)
    write(authority, into)
    before = snapshot(post.home / "generations")
    [full] = (into / "targets").rglob("*.full.zst")
    good = full.read_bytes()
    full.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(Refusal):
        post.pull(into, authority.now)
    full.unlink()
    (tmp_path / "elsewhere").write_bytes(good)
    full.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal):
        post.pull(into, authority.now)
    (into / "targets").rename(tmp_path / "gone")
    into.rename(tmp_path / "pulled")
    with pytest.raises(LineError):
        post.pull(into, authority.now)
    assert snapshot(post.home / "generations") == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"volumes": 3}', b'{"volumes": {"parties": 7}}', b"[" * 100_000, b"\xff" * 300_000]
)
def test_a_state_that_cannot_be_read_is_as_if_it_were_not_there(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "offices" / "xa"
    folder.mkdir(parents=True)
    (folder / "state.json").write_bytes(content)
    assert list(stick.states(tmp_path, "own")) == []


def test_the_clock_of_an_office_counts_for_sticks_too(authority: Authority, post: Post, tmp_path: Path) -> None:
    second(authority)
    write(authority, tmp_path / "stick")
    early = office_clock(post.home / "sync", FixedClock(START - timedelta(days=30)))
    with pytest.raises(Refusal) as caught:
        post.pull(tmp_path / "stick", early.now())
    assert caught.value.code == "clock_wrong"
