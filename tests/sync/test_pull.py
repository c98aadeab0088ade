"""An office follows an authority: patches or the full file, whole or not at all, and what is refused leaves everything as it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from border_kit import store
from border_kit.catalog import schema, verify, volumes
from border_kit.desk.install import install, outdated
from border_kit.desk.settings import Settings
from border_kit.errors import BorderKitError
from border_kit.sync import patch, published
from border_kit.sync.generations import Generations
from border_kit.sync.pull import pull
from tests.sync import kills
from tests.sync.authority import Authority, names, party_rows, write_catalog
from tests.sync.link import PORTAL, Line, answer, served
from tests.sync.post import Post, publish_harmed, renew


@pytest.fixture
def post(tmp_path: Path, authority: Authority) -> Post:
    """An office that was handed the first root."""
    return Post(tmp_path / "post", authority.root)


def refused(post: Post, authority: Authority, source: object = None, **options: object) -> str:
    """The code with which a pull is refused; what was in use is untouched."""
    before = Generations(post.home).usable()
    with pytest.raises(BorderKitError) as caught:
        post.pull(source or authority.folder, authority.now, **options)
    assert caught.value.exit_code == 4
    assert caught.value.hint
    after = Generations(post.home).usable()
    assert (before and before.number) == (after and after.number)
    if before:
        assert verify.verify(before.root) == ()
    assert not (post.home / "generations" / ".new").exists()
    return caught.value.code


def test_the_first_pull_takes_whole_files_and_the_next_one_patches(authority: Authority, post: Post) -> None:
    known = names()
    authority.parties(known)
    first = post.pull(authority.folder, authority.now)
    assert (first.generation, first.installed, [one.way for one in first.volumes]) == (1, True, ["full"])
    authority.later(days=1)
    known[17] = "Zumurrud Shipping"
    authority.parties(known)
    second = post.pull(authority.folder, authority.now)
    assert (second.generation, [one.way for one in second.volumes]) == (2, ["patch"])
    assert second.volumes[0].before == "2026-10-05"
    assert 0 < second.volumes[0].bytes < first.volumes[0].bytes / 5
    assert verify.verify(post.current) == ()
    assert post.numbers() == [1, 2]


def test_the_source_and_the_root_are_remembered(authority: Authority, post: Post) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    again = pull(post.office(authority.now))
    assert (again.installed, again.source, again.bytes < 1_000) == (False, str(authority.folder), True)


def test_a_newer_signature_on_the_same_volumes_takes_the_place_of_the_one_before(
    authority: Authority, post: Post
) -> None:
    known = names()
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    known[1] = "Changed"
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    authority.later(days=3)
    renew(authority)
    third = post.pull(authority.folder, authority.now)
    assert (third.installed, third.volumes, post.numbers()) == (True, [], [1, 3])
    assert verify.verify(post.current) == ()


def test_a_volume_that_was_damaged_on_this_disk_is_fetched_anew(authority: Authority, post: Post) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    path = post.current / "parties.sqlite"
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes(4096) + content[middle + 4096 :])
    done = post.pull(authority.folder, authority.now)
    assert [(one.name, one.way) for one in done.volumes] == [("parties", "full")]
    assert (post.current / "parties.sqlite").read_bytes() == content
    assert verify.verify(post.current) == ()
    assert not post.pull(authority.folder, authority.now).installed


def test_two_older_generations_are_kept(authority: Authority, post: Post) -> None:
    known = names()
    for number in range(5):
        known[number] = f"Changed {number}"
        authority.parties(known)
        post.pull(authority.folder, authority.now)
        authority.later(days=1)
    assert post.numbers() == [3, 4, 5]


def test_a_patch_is_not_asked_for_where_what_it_starts_from_is_damaged(authority: Authority, post: Post) -> None:
    known = names()
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    volume = post.current / "parties.sqlite"
    size = volume.stat().st_size
    content = bytearray(volume.read_bytes())
    content[size // 2] ^= 1  # a bad sector below what the patch starts from
    volume.write_bytes(content)
    authority.later(days=1)
    known[3] = "Changed"
    authority.parties(known)
    pulled = post.pull(authority.folder, authority.now)
    assert [one.way for one in pulled.volumes] == ["full"]
    assert verify.verify(post.current) == ()


def test_a_patch_that_was_lost_on_the_server_gives_way_to_the_full_file(authority: Authority, post: Post) -> None:
    known = names()
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    known[3] = "Changed"
    authority.parties(known)
    for path in authority.folder.rglob("*-*.zst"):
        path.unlink()
    assert [one.way for one in post.pull(authority.folder, authority.now).volumes] == ["full_after_patch"]


def test_an_office_three_months_offline_is_brought_current_by_one_pull(authority: Authority, post: Post) -> None:
    known = names()
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    for week in range(13):
        authority.later(days=7)
        known[week] = f"Changed in week {week}"
        authority.parties(known)
    opened = Generations(post.home).opened()
    assert opened is not None
    assert not opened.warning
    pulled = post.pull(authority.folder, authority.now)
    assert (pulled.installed, pulled.generation) == (True, 2)
    assert verify.verify(post.current) == ()


def test_who_trusts_nobody_yet_is_told_how_to_begin(authority: Authority, post: Post, tmp_path: Path) -> None:
    authority.parties(names())
    with pytest.raises(BorderKitError) as caught:
        pull(post.office(authority.now), str(authority.folder))
    assert caught.value.code == "root_missing"
    with pytest.raises(BorderKitError) as caught:
        pull(post.office(authority.now))
    assert caught.value.code == "source_unknown"
    with pytest.raises(BorderKitError, match="none") as caught:
        pull(post.office(authority.now), str(authority.folder), b"lists.example")
    assert caught.value.code == "root_unusable"
    other = Authority(tmp_path / "other" / "repository")
    other.people["root"] = ("Mallory", "Eve", "Trudy")
    other.found()
    post.pull(authority.folder, authority.now)
    with pytest.raises(BorderKitError) as caught:
        pull(post.office(authority.now), str(authority.folder), other.root)
    assert caught.value.code == "root_known"


def test_an_old_copy_is_refused_even_where_the_cache_is_gone(authority: Authority, post: Post, tmp_path: Path) -> None:
    known = names()
    authority.parties(known)
    old = tmp_path / "old"
    shutil.copytree(authority.folder, old)
    authority.later(days=1)
    known[1] = "Changed"
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    assert refused(post, authority, old) == "version_older"
    shutil.rmtree(post.home / "generations")
    (post.home / "current").unlink()
    assert refused(post, authority, old) == "version_older"
    assert post.pull(authority.folder, authority.now).installed


def test_expired_metadata_install_nothing_and_what_is_installed_still_opens(authority: Authority, post: Post) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    authority.later(days=400)
    assert refused(post, authority) == "expired"
    opened = Generations(post.home).opened()
    assert opened is not None
    assert opened.warning == ""


def test_a_wrong_clock_installs_nothing_and_shows_both_dates(authority: Authority, post: Post) -> None:
    authority.parties(names())
    before = authority.now
    authority.now -= timedelta(days=40)
    assert refused(post, authority) == "clock_wrong"
    with pytest.raises(BorderKitError) as caught:
        post.pull(authority.folder, authority.now)
    assert authority.now.date().isoformat() in caught.value.message
    assert before.date().isoformat() in caught.value.message


@pytest.mark.parametrize("bad", ["trigger", "view", "table"])
def test_a_signed_volume_with_anything_but_its_tables_is_refused(authority: Authority, post: Post, bad: str) -> None:
    known = names()
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    sql = {
        "trigger": "CREATE TRIGGER sqlitex AFTER INSERT ON party BEGIN DELETE FROM party; END",
        "view": "CREATE VIEW sqlite1 AS SELECT * FROM party",
        "table": "CREATE TABLE surprise (x)",
    }[bad]

    def harm(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute(sql)
        connection.commit()
        connection.close()

    publish_harmed(authority, harm)
    assert refused(post, authority) == "volume_foreign"


def test_a_volume_that_lost_most_of_its_rows_is_taken_only_when_said_so(authority: Authority, post: Post) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    authority.parties(names(150))
    assert refused(post, authority) == "rows_missing"
    assert post.pull(authority.folder, authority.now, shrinking=True).installed
    assert post.rows() == 150


def test_a_pull_over_http_survives_cuts_and_fetches_hardly_more_than_it_must(authority: Authority, post: Post) -> None:
    authority.parties(names(8_000))
    with served(authority.folder, Line(cut_after=20_000)) as server:
        pulled = post.pull(server.url, authority.now)
        assert server.connections > 3
        assert server.wire <= 1.1 * pulled.bytes + 12 * 400  # requests and headers of a dozen small files
    assert verify.verify(post.current) == ()


def test_metadata_are_not_fetched_again_after_an_interruption(authority: Authority, post: Post) -> None:
    authority.parties(names(4_000))
    with served(authority.folder) as server:
        server.line.damage.add(
            "/" + next(authority.folder.rglob("*.full.zst")).relative_to(authority.folder).as_posix()
        )
        assert refused(post, authority, server.url) == "hash_differs"
        server.line.damage.clear()
        fetched = {request.path for request in server.requests}
        server.requests.clear()
        post.pull(server.url, authority.now)
        again = {request.path for request in server.requests} & fetched
    assert sorted(path.rpartition("/")[2].split(".")[-2] for path in again) == ["full", "root", "timestamp"]


def test_what_the_cache_of_downloads_lost_is_fetched_again(authority: Authority, post: Post) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    shutil.rmtree(post.current / "tuf")
    shutil.rmtree(post.home / "sync" / "work", ignore_errors=True)
    authority.later(days=1)
    known = names()
    known[1] = "Changed"
    authority.parties(known)
    assert [one.way for one in post.pull(authority.folder, authority.now).volumes] == ["patch"]


def test_the_history_tells_what_was_done_and_refused(authority: Authority, post: Post) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    refused(post, authority, post.home / "nowhere")
    rows = post.office(authority.now).memory.history()
    assert [row["what"] for row in rows] == ["refused", "pulled"]
    assert rows[0]["code"] == "source_missing"
    assert rows[1]["volumes"][0]["name"] == "parties"


def test_the_base_of_a_patch_is_the_file_as_it_was_published(authority: Authority, post: Post) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    record = Generations(post.home).read(1)
    published.restore(post.current, "parties", record.volumes["parties"], post.home / "out")
    assert record.volumes["parties"]["published"] == patch.sha256(post.home / "out")
    assert indexes(post.home / "out") == []
    assert len(indexes(post.current / "parties.sqlite")) == sum(len(table.indexes) for table in schema.PARTIES.values())
    assert (post.current / published.back_file("parties")).stat().st_size < 5_000


def indexes(path: Path) -> list[str]:
    """The indexes of a volume."""
    with closing(store.open_volume(path)) as connection:
        return [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql <> ''")
        ]


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"none of ours")])
def test_an_office_that_lost_the_way_back_takes_the_full_file_once(
    authority: Authority, post: Post, harm: Callable[[Path], None]
) -> None:
    known = names()
    for day, way in enumerate(["full", "full_after_patch", "patch"]):
        known[day] = f"Changed on day {day}"
        authority.parties(known)
        assert [one.way for one in post.pull(authority.folder, authority.now).volumes] == [way]
        assert verify.verify(post.current) == ()
        if day == 0:
            harm(post.current / published.back_file("parties"))
        authority.later(days=1)


def test_a_volume_that_was_changed_by_hand_is_no_base_for_a_patch(authority: Authority, post: Post) -> None:
    known = names()
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    with closing(sqlite3.connect(post.current / "parties.sqlite")) as connection:
        connection.execute("UPDATE party SET caption = 'Somebody else' WHERE id = 'L:000007'")
        connection.commit()
    known[5] = "Changed"
    authority.later(days=1)
    authority.parties(known)
    assert [one.way for one in post.pull(authority.folder, authority.now).volumes] == ["full"]
    assert verify.verify(post.current) == ()


def _portal(_path: str, _headers: dict[str, str]) -> bytes:
    return answer("200 OK", PORTAL, Content_Type="text/html")


def _wrong_range(path: str, headers: dict[str, str]) -> bytes | None:
    lie = "range" in headers and path.endswith(".zst")
    return answer("206 Partial Content", b"x" * 50, Content_Range="bytes 0-49/50") if lie else None


def _endless(path: str, _headers: dict[str, str]) -> bytes | None:
    return answer("200 OK", b"{" * 3_000_000, Content_Length="-") if path.endswith(".json") else None


def _endless_volume(path: str, _headers: dict[str, str]) -> bytes | None:
    return answer("200 OK", b"{" * 3_000_000, Content_Length="-") if path.endswith(".zst") else None


def _trickle(path: str, _headers: dict[str, str]) -> bytes | None:
    return answer("200 OK", b"{" * 30, Content_Length="400") if path.endswith("timestamp.json") else None


def _no_metadata(_path: str, _headers: dict[str, str]) -> bytes:
    return answer("200 OK", b"\0\xff" * 300, Content_Type="application/json")


def _snapshot_lost(path: str, _headers: dict[str, str]) -> bytes | None:
    return answer("404 Not Found") if path.endswith("snapshot.json") else None


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (_portal, "captive_portal"),
        (_wrong_range, "cannot_resume"),
        (_endless, "too_long"),
        (_endless_volume, "too_long"),
        (_trickle, "cannot_resume"),
        (_no_metadata, "metadata_refused"),
        (_snapshot_lost, "file_missing"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_server_that_lies_installs_nothing_and_the_next_honest_pull_completes(
    authority: Authority, post: Post, lie: Callable[[str, dict[str, str]], bytes | None], code: str
) -> None:
    known = names(2_000)
    authority.parties(known)
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    authority.parties({n: f"{name} {n * 31 % 977}" for n, name in known.items()})
    with served(authority.folder, Line(answer=lie, cut_after=8_000 if lie is _wrong_range else None)) as server:
        assert refused(post, authority, server.url) == code
        server.line.answer = server.line.cut_after = None
        assert post.pull(server.url, authority.now).installed


@pytest.mark.parametrize("harm", ["link", "capitals", "folder", "damaged", "cut short"])
def test_a_stick_that_was_tampered_with_installs_nothing(
    authority: Authority, post: Post, tmp_path: Path, harm: str
) -> None:
    authority.parties(names())
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    authority.parties({**names(), 4: "Changed"})
    stick = tmp_path / "stick"
    shutil.copytree(authority.folder, stick)
    for path in sorted(stick.rglob("*.zst")):
        match harm:
            case "link":
                path.unlink()
                path.symlink_to(authority.folder / path.relative_to(stick))
            case "capitals":
                path.with_name(path.name.upper()).write_bytes(b"")
            case "folder":
                path.unlink()
                path.mkdir()
            case "damaged":
                path.write_bytes(path.read_bytes()[:-9] + b"tampered!")
            case "cut short":
                path.write_bytes(path.read_bytes()[:-1])
    expected = {"link": "not_a_file", "capitals": "names_clash", "folder": "not_a_file", "damaged": "hash_differs"}
    assert refused(post, authority, stick) == expected.get(harm, "length_differs")
    assert post.pull(authority.folder, authority.now).installed


def test_one_volume_that_is_refused_keeps_the_others_from_nothing(
    authority: Authority, post: Post, tmp_path: Path
) -> None:
    day = authority.now.date().isoformat()
    home = [{"id": "XA/LA-01", "name": "A", "country": "XA", "demo": 0, "home": 1}]
    authority.publish(
        write_catalog(tmp_path / "c1", {"parties": party_rows(names(), day), "trust": {"authority": home}}, day)
    )
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    day = authority.now.date().isoformat()
    home = [{**home[0], "name": "B"}]
    authority.publish(
        write_catalog(tmp_path / "c2", {"parties": party_rows(names(10), day), "trust": {"authority": home}}, day)
    )
    done = post.pull(authority.folder, authority.now)
    assert [one.name for one in done.volumes] == ["trust"]
    assert {name: why.code for name, why in done.refused.items()} == {"parties": "rows_missing"}
    assert (done.installed, post.rows()) == (True, 400)
    assert verify.verify(post.current) == ()


def test_a_volume_of_another_schema_is_refused_with_update_the_program(
    authority: Authority, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.parties(names())
    monkeypatch.setattr("border_kit.catalog.schema.SCHEMA_VERSION", 99)
    assert refused(post, authority) == "schema_other"
    monkeypatch.undo()
    assert post.pull(authority.folder, authority.now).installed


@pytest.mark.parametrize(
    "harm", ["DELETE FROM meta", "UPDATE meta SET value = 'of another version' WHERE key = 'shape'"]
)
def test_an_index_that_another_version_made_is_made_again_by_a_pull_with_nothing_new(
    authority: Authority, post: Post, harm: str
) -> None:
    authority.parties({**names(), 4: "Zumurrud Shipping"})
    post.pull(authority.folder, authority.now)
    install(post.current, ["parties"])
    assert outdated(post.current) == []
    assert kills.screened(post.home, "Zumurrud Shipping")
    with closing(sqlite3.connect(post.current / volumes.index_file("parties"))) as connection:
        connection.execute(harm)
        connection.commit()
    with pytest.raises(BorderKitError, match="search index of parties"):
        kills.screened(post.home, "Zumurrud Shipping")
    settings = Settings(catalog=post.current, now=authority.now)
    [alarm] = settings.alarms()
    assert (alarm.word, "search index of parties" in alarm.text) == ("INDEX OLD", True)
    office = replace(post.office(authority.now), install=install, outdated=outdated)
    done = pull(office)
    assert (done.installed, done.indexed) == (False, ("parties",))
    assert kills.screened(post.home, "Zumurrud Shipping")
    assert settings.alarms() == []
    assert pull(office).indexed == ()


def test_the_index_that_ships_is_not_taken_where_another_version_made_it(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, catalog = tmp_path / "package", tmp_path / "catalog"
    shutil.copytree(shipped, package)
    shutil.copytree(shipped, catalog)
    with closing(sqlite3.connect(package / volumes.index_file("parties"))) as connection:
        connection.execute("UPDATE meta SET value = 'of another version' WHERE key = 'shape'")
        connection.commit()
    monkeypatch.setattr("border_kit.desk.install.shipped_catalog", lambda: package)
    (catalog / volumes.index_file("parties")).unlink()
    install(catalog, ["parties"])
    assert outdated(catalog) == []
