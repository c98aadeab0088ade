"""Status lists come on their own, and lie in the trust volume; a list that is refused keeps nothing else from an office."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tuf.api.metadata import TargetFile

from border_kit import store
from border_kit.catalog import verify
from tests.sync.authority import Authority, names, party_rows, write_catalog
from tests.sync.post import Post
from tests.sync.test_refusals import forge

pytestmark = pytest.mark.usefixtures("quick_disk")

FIRST, SECOND, THIRD = "2026-10-05", "2026-10-06", "2026-10-07"


@pytest.fixture
def post(tmp_path: Path, authority: Authority) -> Post:
    """An office that was handed the first root."""
    return Post(tmp_path / "post", authority.root)


def trust(day: str, *lists: tuple[str, str]) -> dict[str, list[dict[str, object]]]:
    """Rows of a trust volume with status lists (day, token)."""
    edition = {
        "id": f"T@{day}", "list": "T", "name": "Trust", "edition": day, "as_of": day, "kind": "trust-yaml", "demo": 0,
        "assumed": 0, "current": 1,
    }  # fmt: skip
    rows: list[dict[str, object]] = [
        {
            "id": f"XA/LA-01#u@{at}",
            "authority": "XA/LA-01",
            "uri": "u",
            "token": token,
            "as_of": at,
            "edition": f"T@{day}",
        }
        for at, token in lists
    ]
    home: dict[str, object] = {"id": "XA/LA-01", "name": "A", "country": "XA", "demo": 0, "home": 1}
    return {"edition": [edition], "authority": [home], "status_list": rows}


def tokens(post: Post) -> list[str]:
    connection = store.open_volume(post.current / "trust.sqlite")
    try:
        return [row["token"] for row in connection.execute("SELECT token FROM status_list ORDER BY as_of")]
    finally:
        connection.close()


def test_a_newer_status_list_comes_alone_and_lies_in_the_trust_volume(
    authority: Authority, post: Post, tmp_path: Path
) -> None:
    first, second = "2026-10-05", "2026-10-06"
    source = tmp_path / "c"
    authority.publish(write_catalog(source, {"trust": trust(first, (first, "QUFB"))}, first))
    assert post.pull(authority.folder, authority.now).status_lists == 1
    assert tokens(post) == ["QUFB"]
    authority.later(days=1)
    write_catalog(source, {"trust": trust(first, (first, "QUFB"), (second, "QkJC"))}, first)
    authority.publish(source, only=("revocations",))
    done = post.pull(authority.folder, authority.now)
    assert (done.installed, [one.name for one in done.volumes], done.status_lists) == (True, [], 1)
    assert tokens(post) == ["QUFB", "QkJC"]
    assert verify.verify(post.current) == ()
    assert not post.pull(authority.folder, authority.now).installed
    authority.later(days=1)
    authority.publish(write_catalog(source, {"trust": trust("2026-10-07", (second, "QkJC"))}, "2026-10-07"))
    last = post.pull(authority.folder, authority.now)
    assert [(one.name, one.way) for one in last.volumes] == [("trust", "patch")]
    assert tokens(post)[-1] == "QkJC"
    assert verify.verify(post.current) == ()


def _spoiled_token(targets: Any) -> None:
    [target] = targets.targets.values()
    target.hashes["sha256"] = "ab" * 32


def _other_hash(targets: Any) -> None:
    [target] = targets.targets.values()
    del target.hashes["sha256"]
    target.hashes["sha512"] = "ab" * 64


def _huge(targets: Any) -> None:
    [target] = targets.targets.values()
    target.length = 10**14


def _dated(targets: Any) -> None:
    [target] = targets.targets.values()
    target.unrecognized_fields["custom"] = {**target.custom, "as_of": "9999-99-99"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_spoiled_token, "file_missing"),
        (_other_hash, "content_unreadable"),
        (_huge, "content_unreadable"),
        (_dated, "content_unreadable"),
    ],
)
def test_a_list_that_is_refused_keeps_no_volume_from_an_office(
    authority: Authority, post: Post, tmp_path: Path, spoil: Callable[[Any], None], code: str
) -> None:
    source = tmp_path / "c"
    rows = {"trust": trust(FIRST, (FIRST, "QUFB")), "parties": party_rows(names(40), FIRST)}
    authority.publish(write_catalog(source, rows, FIRST))
    post.pull(authority.folder, authority.now)
    authority.later(days=1)
    write_catalog(source, {**rows, "parties": party_rows(names(41), SECOND)}, SECOND)
    authority.publish(source, only=("parties",))
    forge(authority, "revocations", spoil, "Trust", "Machine")
    done = post.pull(authority.folder, authority.now)
    assert {name: why.code for name, why in done.refused.items()} == {"revocations": code}
    assert (done.installed, post.rows(), tokens(post)) == (True, 41, ["QUFB"])
    assert verify.verify(post.current) == ()


def test_a_new_trust_volume_keeps_the_lists_of_the_one_before_where_the_published_ones_are_refused(
    authority: Authority, post: Post, tmp_path: Path
) -> None:
    source = tmp_path / "c"
    authority.publish(write_catalog(source, {"trust": trust(FIRST, (FIRST, "QUFB"))}, FIRST))
    write_catalog(source, {"trust": trust(FIRST, (FIRST, "QUFB"), (SECOND, "QkJC"))}, FIRST)
    authority.publish(source, only=("revocations",))
    post.pull(authority.folder, authority.now)
    assert tokens(post) == ["QUFB", "QkJC"]
    authority.later(days=1)
    authority.publish(write_catalog(source, {"trust": trust(THIRD, (FIRST, "QUFB"))}, THIRD), only=("trust",))
    forge(authority, "revocations", _spoiled_token, "Trust", "Machine")
    done = post.pull(authority.folder, authority.now)
    assert ([one.name for one in done.volumes], set(done.refused)) == (["trust"], {"revocations"})
    assert tokens(post) == ["QUFB", "QkJC"], "a revocation that was known here is not forgotten"
    assert verify.verify(post.current) == ()


def test_a_token_that_is_no_text_is_refused_alone(authority: Authority, post: Post, tmp_path: Path) -> None:
    source = tmp_path / "c"
    rows = {"trust": trust(FIRST, (FIRST, "QUFB")), "parties": party_rows(names(40), FIRST)}
    authority.publish(write_catalog(source, rows, FIRST))
    folder = authority.folder / "targets" / "revocations"

    def harm(targets: Any) -> None:
        [(path, target)] = targets.targets.items()
        content = b"\xff\xfe"
        sha = hashlib.sha256(content).hexdigest()
        (folder / f"{sha}.{path.rpartition('/')[2]}").write_bytes(content)
        targets.targets[path] = TargetFile(len(content), {"sha256": sha}, path, target.unrecognized_fields)

    forge(authority, "revocations", harm, "Trust", "Machine")
    done = post.pull(authority.folder, authority.now)
    assert {name: why.code for name, why in done.refused.items()} == {"revocations": "list_unreadable"}
    assert (post.rows(), tokens(post)) == (40, ["QUFB"])
