"""`sync conformance` against The Update Framework's client rules (specification 1.0.33, section 5)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.sync.tuf_server import GOOD, PAST, TOP, Client, Tuf, key, serving

Make = Callable[..., Client]


@pytest.fixture
def follow(tmp_path: Path) -> Iterator[Make]:
    """Makes a client that trusts a repository's first root."""
    with ExitStack() as stack:

        def make(**shape: Any) -> Client:
            client = stack.enter_context(serving(Tuf(**shape), tmp_path))
            assert client.init().code == 0
            assert client.tuf.asked == []
            return client

        yield make


def test_a_refresh_asks_for_each_role_once_and_keeps_what_it_trusts_byte_for_byte(follow: Make) -> None:
    client = follow()
    assert client.refresh() == 0
    assert client.tuf.asked == [
        "/metadata/2.root.json", "/metadata/timestamp.json", "/metadata/1.snapshot.json", "/metadata/1.targets.json",
    ]  # fmt: skip
    for name, served in {"timestamp": "timestamp", "snapshot": "1.snapshot", "root": "1.root"}.items():
        assert (client.home / "metadata" / f"{name}.json").read_bytes() == client.tuf.files[f"/metadata/{served}.json"]
    assert client.refresh() == 0
    assert client.tuf.asked == ["/metadata/2.root.json", "/metadata/timestamp.json"]


def test_a_root_that_is_trusted_anew_leaves_the_kept_ones_as_they_were(follow: Make) -> None:
    client = follow()
    client.tuf.publish("root")
    assert client.refresh() == 0
    kept = {path.name: path.read_bytes() for path in (client.home / "metadata" / "root_history").iterdir()}
    assert client.init().code == 0
    assert {path.name: path.read_bytes() for path in (client.home / "metadata" / "root_history").iterdir()} == kept
    assert (client.refresh(), client.version("root")) == (0, 2)


def test_without_consistent_snapshots_names_carry_no_version_and_no_hash(follow: Make) -> None:
    client = follow(consistent=False)
    client.tuf.add("targets", "a/file", b"content")
    client.tuf.update("targets")
    assert client.download("a/file") == 0
    assert client.tuf.asked[1:] == [
        "/metadata/timestamp.json", "/metadata/snapshot.json", "/metadata/targets.json", "/targets/a/file",
    ]  # fmt: skip
    assert client.contents() == [b"content"]


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_keys_of_every_kind_sign(follow: Make, kind: str) -> None:
    client = follow()
    for role in TOP[1:]:
        client.tuf.rotate(role, key(role, kind))
    client.tuf.publish("root")
    client.tuf.update("targets")
    assert client.refresh() == 0
    assert client.versions() == [2, 2, 2, 2]


@pytest.mark.parametrize(
    "spoiled", ["/metadata/timestamp.json", "/metadata/1.snapshot.json", "/metadata/1.targets.json"]
)
@pytest.mark.parametrize("content", [b"", b"{}", b"<html></html>", b'{"signatures": [], "signed": {"_type": "root"}}'])
def test_what_is_no_metadata_is_refused(follow: Make, spoiled: str, content: bytes) -> None:
    client = follow()
    client.tuf.files[spoiled] = content
    assert client.refresh() == 1
    assert client.version(spoiled.split(".")[-2].rsplit("/", maxsplit=1)[-1]) is None


@pytest.mark.parametrize("change", ["version", "signature", "expired type"])
def test_a_root_that_is_none_stops_before_anything_is_asked(follow: Make, change: str) -> None:
    client = follow()
    root = json.loads(client.tuf.root)
    if change == "version":
        del root["signed"]["version"]
    elif change == "signature":
        root["signatures"][0]["sig"] = "00" * 64
    else:
        root["signed"]["_type"] = "targets"
    client.init(json.dumps(root).encode())
    assert client.refresh() == 1
    assert client.tuf.asked == []


# -- rollback, fast-forward, mix and match


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_no_version_goes_back(follow: Make, role: str) -> None:
    client = follow()
    for _ in range(2):
        client.tuf.update("targets")
    assert client.refresh() == 0
    before = client.versions()
    client.tuf.signed[role].version = 1
    names = {"targets": ("snapshot", "timestamp"), "snapshot": ("timestamp",), "timestamp": ()}[role]
    client.tuf.publish(role, bump=False)
    client.tuf.publish(*names)
    assert client.refresh() == 1
    assert client.version(role) == before[TOP.index(role)]


def test_the_same_timestamp_with_other_content_is_not_taken(follow: Make) -> None:
    client = follow()
    assert client.refresh() == 0
    kept = (client.home / "metadata" / "timestamp.json").read_bytes()
    client.tuf.signed["timestamp"].snapshot_meta.version = 100
    client.tuf.publish("timestamp", bump=False)
    assert client.refresh() == 0
    assert (client.home / "metadata" / "timestamp.json").read_bytes() == kept


def test_a_role_does_not_vanish_from_the_snapshot(follow: Make) -> None:
    client = follow()
    client.tuf.delegate("targets", "A")
    client.tuf.update("A", "targets")
    assert client.refresh() == 0
    del client.tuf.signed["snapshot"].meta["A.json"]
    client.tuf.publish("snapshot", "timestamp")
    assert client.refresh() == 1
    assert client.version("snapshot") == 2


@pytest.mark.parametrize("role", ["timestamp", "snapshot"])
def test_a_rotation_of_keys_leads_out_of_a_fast_forward(follow: Make, role: str) -> None:
    client = follow()
    client.tuf.signed[role].version = 90_000
    client.tuf.publish(role)
    if role == "snapshot":
        client.tuf.publish("timestamp")
    assert client.refresh() == 0
    client.tuf.signed[role].version = 1
    for name in ("snapshot", "timestamp"):
        client.tuf.rotate(name, key(f"new {name}"))
    client.tuf.publish("root")
    client.tuf.update()
    assert client.refresh() == 0
    assert client.version(role) == 2


@pytest.mark.parametrize("what", ["hash", "length", "version"])
@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_what_the_parent_names_must_be_what_comes(follow: Make, role: str, what: str) -> None:
    client = follow(hashed=True)
    assert client.refresh() == 0
    client.tuf.publish("targets", "snapshot")
    meta = (
        client.tuf.signed["timestamp"].snapshot_meta
        if role == "snapshot"
        else client.tuf.signed["snapshot"].meta["targets.json"]
    )
    if what == "hash":
        meta.hashes = {"sha256": "0" * 64}
    elif what == "length":
        meta.length = 1
    else:
        meta.version += 1
        client.tuf.files[f"/metadata/{meta.version}.{role}.json"] = client.tuf.files[
            f"/metadata/{meta.version - 1}.{role}.json"
        ]
    if role == "targets":
        client.tuf.publish("snapshot")
    client.tuf.publish("timestamp")
    assert client.refresh() == 1
    assert client.version(role) == 1


# -- expiry


@pytest.mark.parametrize("role", TOP)
def test_an_expired_role_is_refused(follow: Make, role: str) -> None:
    client = follow()
    assert client.refresh() == 0
    client.tuf.signed[role].expires = PAST
    client.tuf.publish(role)
    client.tuf.publish(*{"targets": ("snapshot", "timestamp"), "snapshot": ("timestamp",)}.get(role, ()))
    assert client.refresh() == 1
    assert client.version("targets") == 1


def test_an_expired_root_on_the_way_does_no_harm(follow: Make) -> None:
    client = follow()
    client.tuf.signed["root"].expires = PAST
    client.tuf.publish("root")
    client.tuf.signed["root"].expires = GOOD
    client.tuf.publish("root")
    assert client.refresh() == 0
    assert client.version("root") == 3


def test_an_expired_delegated_role_gives_no_targets(follow: Make) -> None:
    client = follow()
    client.tuf.delegate("targets", "A")
    client.tuf.add("A", "file", b"content")
    client.tuf.signed["A"].expires = PAST
    client.tuf.update("A", "targets")
    assert client.refresh() == 0
    assert client.download("file") == 1
    assert client.contents() == []


# -- signatures and keys


@pytest.mark.parametrize("role", TOP)
def test_a_threshold_that_is_not_met_refuses_the_role(follow: Make, role: str) -> None:
    client = follow()
    assert client.refresh() == 0
    client.tuf.signed["root"].add_key(key("silent").public_key, role)
    client.tuf.signed["root"].roles[role].threshold = 2
    client.tuf.publish("root")
    client.tuf.update("targets")
    assert client.refresh() == 1
    assert client.version(role) == 1


def test_the_same_signature_twice_is_no_metadata(follow: Make) -> None:
    client = follow()
    client.tuf.publish("timestamp")
    document = json.loads(client.tuf.files["/metadata/timestamp.json"])
    document["signatures"] *= 2
    client.tuf.files["/metadata/timestamp.json"] = json.dumps(document).encode()
    assert client.refresh() == 1


def test_unknown_keys_and_broken_signatures_beside_good_ones_do_no_harm(follow: Make) -> None:
    client = follow()
    client.tuf.publish("timestamp")
    document = json.loads(client.tuf.files["/metadata/timestamp.json"])
    document["signatures"] += [{"keyid": "a" * 64, "sig": "00" * 64}, {"keyid": "b" * 64, "sig": ""}]
    client.tuf.files["/metadata/timestamp.json"] = json.dumps(document).encode()
    assert client.refresh() == 0


def test_fields_that_nobody_knows_are_signed_and_kept(follow: Make) -> None:
    client = follow()
    client.tuf.signed["root"].unrecognized_fields["custom"] = {"a": 1}
    client.tuf.signed["timestamp"].unrecognized_fields["ours"] = "value"
    client.tuf.publish("root", "timestamp")
    assert client.refresh() == 0
    assert client.versions() == [2, 2, 1, 1]


# -- root


def test_every_root_on_the_way_is_followed(follow: Make) -> None:
    client = follow()
    for number in range(40):
        (old,) = client.tuf.signers["root"]
        client.tuf.rotate("root", key(f"root {number}"))
        client.tuf.signers["root"].append(old)
        client.tuf.publish("root")
        client.tuf.signers["root"].pop()
    assert client.refresh() == 0
    assert client.version("root") == 41


@pytest.mark.parametrize("by", ["old", "new"])
def test_a_new_root_needs_the_old_keys_and_its_own(follow: Make, by: str) -> None:
    client = follow()
    old = client.tuf.signers["root"][0]
    client.tuf.rotate("root", key("new root"))
    client.tuf.signers["root"] = [old if by == "old" else key("new root")]
    client.tuf.publish("root")
    assert client.refresh() == 1
    assert client.version("root") == 1
    client.tuf.signers["root"] = [old, key("new root")]
    client.tuf.signed["root"].version = 1
    client.tuf.publish("root")
    assert client.refresh() == 0
    assert client.version("root") == 2


@pytest.mark.parametrize("version", [1, 3])
def test_a_root_of_another_version_than_asked_for_is_refused(follow: Make, version: int) -> None:
    client = follow()
    client.tuf.signed["root"].version = version
    client.tuf.publish("root", bump=False)
    client.tuf.files["/metadata/2.root.json"] = client.tuf.files[f"/metadata/{version}.root.json"]
    assert client.refresh() == 1
    assert client.version("root") == 1


# -- delegations


@pytest.mark.parametrize(
    ("graph", "visited"),
    [
        ("A", "A"),
        ("A B", "A B"),
        ("A B B>C", "A B C"),
        ("A B A>C A>D", "A C D B"),
        ("A B A>C C>D", "A C D B"),
        ("A B A>C! A>D", "A C"),
        ("A B A>C! C>D", "A C D"),
        ("A:*.py B A>C", "B"),
        ("A B A>C:*.py C>D", "A B"),
        ("A B B>C C>D D>B", "A B C D"),
        ("A B B>C A>C", "A C B"),
        ("A B B>C A>C:*.py", "A B C"),
        ("A! B", "A"),
        ("A:x/* B:*", "B"),
    ],
)
def test_delegations_are_walked_in_their_order_and_depth_first(follow: Make, graph: str, visited: str) -> None:
    client = follow()
    for edge in graph.split():
        step, _, paths = edge.partition(":")
        delegator, _, name = step.rpartition(">")
        client.tuf.delegate(
            delegator or "targets", name.removesuffix("!"), terminating=name.endswith("!"), paths=[paths or "*"]
        )
    client.tuf.update(*(name for name in client.tuf.signed if name not in TOP), "targets")
    assert client.download("missing") == 1
    assert client.visited() == visited.split()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("top", True),
        ("README.md", True),
        ("releases/x/x1", True),
        ("releases/y/y1.zip", True),
        ("releases/z/z1.zip", False),
        ("releases/x/deep/x2", False),
    ],
)
def test_a_target_must_be_delegated_all_the_way(follow: Make, path: str, *, found: bool) -> None:
    client = follow()
    for delegator, name, pattern in (
        ("targets", "A", "*.md"),
        ("targets", "B", "releases/*/*"),
        ("B", "C", "releases/x/*"),
        ("B", "D", "releases/y/*.zip"),
    ):
        client.tuf.delegate(delegator, name, paths=[pattern])
    for role, target in (
        ("targets", "top"),
        ("A", "README.md"),
        ("C", "releases/x/x1"),
        ("C", "releases/x/deep/x2"),
        ("D", "releases/y/y1.zip"),
        ("D", "releases/z/z1.zip"),
    ):
        client.tuf.add(role, target, target.encode())
    client.tuf.update("A", "B", "C", "D", "targets")
    assert client.download(path) == (0 if found else 1)
    assert client.contents() == ([path.encode()] if found else [])


def test_a_role_reached_by_two_ways_is_judged_by_the_one_that_led_there(follow: Make) -> None:
    client = follow()
    client.tuf.delegate("targets", "A", paths=["*"])
    client.tuf.delegate("targets", "B", paths=["*"])
    client.tuf.delegate("A", "C", paths=["*.txt"])
    client.tuf.delegate("B", "C", key("another C"), paths=["*"])
    client.tuf.add("C", "file.bin", b"content")
    client.tuf.update("A", "B", "C", "targets")
    assert client.download("missing.txt") == 1
    assert client.download("file.bin") == 1
    assert client.contents() == []


def test_hash_prefixes_and_bins_lead_to_the_role_that_signs(follow: Make) -> None:
    client = follow()
    client.tuf.delegate("targets", "low", paths=None, path_hash_prefixes=list("01234567"))
    client.tuf.delegate("targets", "high", paths=None, path_hash_prefixes=list("89abcdef"))
    for path in ("file1", "file2", "file3"):
        client.tuf.add("low", path, path.encode())
        client.tuf.add("high", path, path.encode())
    client.tuf.update("low", "high", "targets")
    for path in ("file1", "file2", "file3"):
        assert client.download(path) == 0


def test_succinct_bins_are_followed(follow: Make) -> None:
    client = follow()
    bins = client.tuf.bins(3, "bin")
    assert len(bins) == 8
    for name in bins:
        client.tuf.add(name, "a file", b"content")
    client.tuf.update(*bins, "targets")
    assert client.download("a file") == 0
    assert len(client.visited()) == 1


@pytest.mark.parametrize("name", ["?", "#", "/delegatedrole", "../delegatedrole", "with space", "Ünïcode", "a%2Fb"])
def test_a_role_of_any_name_is_found_and_kept_inside(follow: Make, name: str) -> None:
    client = follow()
    client.tuf.delegate("targets", name)
    client.tuf.add(name, "file", b"content")
    client.tuf.update(name, "targets")
    assert client.download("file") == 0
    assert {path.parent for path in client.home.rglob("*.json")} == {
        client.home, client.home / "metadata", client.home / "metadata" / "root_history",
    }  # fmt: skip


# -- targets


@pytest.mark.parametrize("served", [b"other content", b"content!", b"conten", b""])
def test_a_target_that_differs_is_not_kept(follow: Make, served: bytes) -> None:
    client = follow()
    client.tuf.add("targets", "file", b"content", served)
    client.tuf.update("targets")
    assert client.download("file") == 1
    assert client.contents() == []


def test_a_target_that_is_here_is_not_fetched_again_and_a_changed_one_takes_its_place(follow: Make) -> None:
    client = follow()
    client.tuf.add("targets", "a/file", b"first")
    client.tuf.update("targets")
    assert client.download("a/file") == 0
    assert client.download("a/file") == 0
    assert not [name for name in client.tuf.asked if name.startswith("/targets/")]
    client.tuf.add("targets", "a/file", b"second")
    client.tuf.update("targets")
    assert client.download("a/file") == 0
    assert client.contents() == [b"second"]


@pytest.mark.parametrize(
    "path", ["../file", "../../up", "a/../../file", "CON", "C:file", "a b", "%2e%2e/file", "Ünïcode"]
)
def test_a_target_of_any_name_stays_inside_the_folder(follow: Make, path: str) -> None:
    client = follow()
    client.tuf.add("targets", path, b"content")
    client.tuf.update("targets")
    client.download(path)
    outside = [place for place in client.home.rglob("*") if place.is_file() and place.read_bytes() == b"content"]
    assert all(place.parent == client.home / "targets" for place in outside)


def test_a_download_refreshes_first_even_where_the_target_is_unknown(follow: Make) -> None:
    client = follow()
    assert client.download("nothing here") == 1
    assert client.versions() == [1, 1, 1, 1]


def test_no_server_is_a_plain_failure(follow: Make) -> None:
    client = follow()
    client.url = "http://127.0.0.1:9"
    assert client.refresh() == 1
