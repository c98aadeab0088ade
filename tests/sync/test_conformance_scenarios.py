"""The scenarios of The Update Framework's conformance suite that `test_conformance.py` does not have, in our own words.

The suite itself (github.com/theupdateframework/tuf-conformance) is run where it can be fetched; its command line is that of `sync
conformance`. Scenario by scenario, as of its tests read in November 2026 (ours without a file's name stand in `test_conformance.py`):

| scenario of the suite | our test |
|---|---|
| basic: refresh requests, trusted data, bytes match | `a_refresh_asks_for_each_role_once…`, `metadata_are_kept_as_they_came` (here) |
| basic: implicit refresh | `a_download_refreshes_first…` |
| basic: invalid or unsigned initial root | `a_root_that_is_none_stops…` |
| basic: unsigned metadata, by role | `a_role_that_lost_its_signature…` (here) |
| basic: version in the address and in the file differ | `a_file_of_another_version_than_its_address…` (here), `a_root_of_another_version…` |
| basic: timestamp content changes under one version | `the_same_timestamp_with_other_content…` |
| basic: hashes and lengths of metadata | `what_the_parent_names_must_be_what_comes` |
| basic: custom fields | `fields_that_nobody_knows…`; of keys and roles: `fields_of_keys_and_roles…` (here) |
| basic: keyid_hash_algorithms that mislead | `a_key_may_say_other_things…` (here) |
| basic: timestamp, snapshot, targets missing (404) | `a_role_that_is_missing…` (here) |
| basic: metadata of another type | `a_snapshot_is_no_timestamp` (here) |
| basic, expiration: the clock moved (faketime) | `the_clock_decides…` (here) |
| expiration: root, timestamp, snapshot, targets | `an_expired_role_is_refused`, `an_expired_root_on_the_way…` |
| expiration: expired local metadata lead on to newer ones | `expired_metadata_here_lead_on…` (here) |
| delegated expiration: at first sight; later; replaced in time | `an_expired_delegated_role…`; `a_delegated_role_that_expired_here…` (here) |
| keys: threshold not met, more than there are keys | `a_threshold_that_is_not_met…`, `a_threshold_above_the_number_of_keys…` (here) |
| keys: one key under one threshold many times | `the_same_signature_twice…`, `one_key_counts_once…` (here) |
| keys: types and schemes, and a bad signature of each | `keys_of_every_kind_sign`, `a_bad_signature_of_every_kind…` (here) |
| rotations of root, fifteen ways | `roots_follow_each_other…` (here), `a_new_root_needs_the_old_keys…` |
| rotations of other roles, ten ways, for each role | `a_role_is_judged_by_the_keys_that_root_names` (here) |
| rollback: timestamp, snapshot, targets; with and without hashes | `no_version_goes_back`, `no_version_goes_back_where_hashes_are_named` (here) |
| rollback: snapshot changed under the same timestamp; new targets unnamed | `what_the_timestamp_does_not_name_is_not_asked_for` (here) |
| fast-forward recovery: timestamp, snapshot; targets | `a_rotation_of_keys_leads_out…`; `a_rotation_of_the_snapshots_keys…` (here) |
| delegation graphs, twelve; search of targets, five | `delegations_are_walked…`, `a_target_must_be_delegated_all_the_way` |
| quoting of role names | `a_role_of_any_name…` |
| download: a file, in a folder, swapped, many changes | `a_target_that_is_here…`, `a_target_that_differs…`, `eleven_changes_of_a_target…` (here) |
| static repositories of other tools | `a_repository_that_our_own_publisher_wrote_is_followed` (here); those of other tools are not at hand |
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from tuf.api.metadata import Key, MetaFile

from tests.command import call
from tests.sync.authority import Authority, names
from tests.sync.link import Line, served
from tests.sync.tuf_server import GOOD, TOP, Client, Tuf, key, serving

Make = Callable[..., Client]


@pytest.fixture
def follow(tmp_path: Path) -> Iterator[Make]:
    """Makes a client that trusts a repository's first root."""
    with ExitStack() as stack:

        def make(**shape: Any) -> Client:
            client = stack.enter_context(serving(Tuf(**shape), tmp_path))
            assert client.init().code == 0
            return client

        yield make


@contextmanager
def in_days(days: int) -> Iterator[None]:
    """The clock that the client judges expiry by, moved on."""

    class Later(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return dt.datetime.now(tz) + dt.timedelta(days=days)

    module = SimpleNamespace(datetime=Later, timezone=dt.timezone)
    with mock.patch("tuf.ngclient._internal.trusted_metadata_set.datetime", module):
        yield


def trusted(client: Client) -> dict[str, int]:
    """The versions of the four roles at the top that are trusted."""
    return {role: version for role in TOP if (version := client.version(role)) is not None}


# -- what is served


def test_metadata_are_kept_as_they_came(follow: Make) -> None:
    client = follow()
    content = client.tuf.files["/metadata/timestamp.json"] + b" \n"
    client.tuf.files["/metadata/timestamp.json"] = content
    assert client.refresh() == 0
    assert (client.home / "metadata" / "timestamp.json").read_bytes() == content


@pytest.mark.parametrize("role", TOP)
def test_a_role_that_lost_its_signature_stops_the_refresh_there(follow: Make, role: str) -> None:
    client = follow()
    client.tuf.signers[role] = []
    client.tuf.publish("root")
    client.tuf.update("targets")
    assert client.refresh() == 1
    taken = TOP[: TOP.index(role)]
    assert trusted(client) == {"root": 1 if role == "root" else 2, **{name: 2 for name in taken if name != "root"}}


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_a_file_of_another_version_than_its_address_is_refused(follow: Make, role: str) -> None:
    client = follow()
    client.tuf.update("targets")
    client.tuf.signed[role].version = 3
    client.tuf.publish(role, bump=False)
    client.tuf.files[f"/metadata/2.{role}.json"] = client.tuf.files[f"/metadata/3.{role}.json"]
    meta = client.tuf.signed["timestamp"].snapshot_meta
    (client.tuf.signed["snapshot"].meta["targets.json"] if role == "targets" else meta).version = 2
    client.tuf.publish(*(("snapshot", "timestamp") if role == "targets" else ("timestamp",)))
    assert client.refresh() == 1
    assert role not in trusted(client)


@pytest.mark.parametrize("role", TOP[1:])
def test_a_role_that_is_missing_ends_the_refresh_and_keeps_what_is_trusted(follow: Make, role: str) -> None:
    client = follow()
    assert client.refresh() == 0
    client.tuf.update("targets")
    name = "timestamp" if role == "timestamp" else f"2.{role}"
    del client.tuf.files[f"/metadata/{name}.json"]
    assert client.refresh() == 1
    assert client.tuf.asked[-1] == f"/metadata/{name}.json"
    newer = TOP[1 : TOP.index(role)]
    assert trusted(client) == {"root": 1, **{one: 2 if one in newer else 1 for one in TOP[1:]}}


def test_a_snapshot_is_no_timestamp(follow: Make) -> None:
    client = follow()
    client.tuf.signers["snapshot"].append(client.tuf.signers["timestamp"][0])
    client.tuf.signed["snapshot"].meta = {"snapshot.json": MetaFile(1)}
    client.tuf.publish("snapshot")
    client.tuf.files["/metadata/timestamp.json"] = client.tuf.files["/metadata/2.snapshot.json"]
    assert client.refresh() == 1
    assert trusted(client) == {"root": 1}


def test_what_the_timestamp_does_not_name_is_not_asked_for(follow: Make) -> None:
    client = follow()
    assert client.refresh() == 0
    client.tuf.publish("targets", "snapshot")
    assert client.refresh() == 0
    assert client.tuf.asked == ["/metadata/2.root.json", "/metadata/timestamp.json"]
    assert client.versions() == [1, 1, 1, 1]


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_no_version_goes_back_where_hashes_are_named(follow: Make, role: str) -> None:
    client = follow(hashed=True)
    for _ in range(2):
        client.tuf.update("targets")
    assert client.refresh() == 0
    client.tuf.signed[role].version = 1
    client.tuf.publish(role, bump=False)
    client.tuf.publish(*(("snapshot", "timestamp") if role == "targets" else ("timestamp",)))
    assert client.refresh() == 1
    assert client.version(role) == 3


def test_a_rotation_of_the_snapshots_keys_leads_out_of_fast_forwarded_targets(follow: Make) -> None:
    client = follow()
    client.tuf.signed["targets"].version = 90_000
    client.tuf.update("targets")
    assert client.refresh() == 0
    client.tuf.signed["targets"].version = 1
    client.tuf.rotate("snapshot", key("snapshot anew"))
    client.tuf.publish("root")
    client.tuf.update("targets")
    assert client.refresh() == 0
    assert client.version("targets") == 2


# -- keys


def test_fields_of_keys_and_roles_that_nobody_knows_are_signed_and_kept(follow: Make) -> None:
    client = follow()
    client.tuf.signed["root"].roles["root"].unrecognized_fields["ours"] = "value"
    signer = key("root")
    with mock.patch.dict(signer.public_key.unrecognized_fields, {"ours": {"a": 1}}):
        client.tuf.publish("root")
        assert client.refresh() == 0
    assert client.version("root") == 2


def test_a_key_may_say_other_things_of_how_it_is_named(follow: Make) -> None:
    client = follow()
    signer = key("misleading")
    public = signer.public_key
    public.unrecognized_fields["keyid_hash_algorithms"] = ["md5"]
    client.tuf.rotate("snapshot", signer)
    client.tuf.publish("root")
    client.tuf.update()
    assert client.refresh() == 0
    assert client.version("snapshot") == 2


def test_a_threshold_above_the_number_of_keys_is_never_met(follow: Make) -> None:
    client = follow()
    for number in range(4):
        client.tuf.grant("snapshot", key(f"snapshot {number}"))
    client.tuf.signed["root"].roles["snapshot"].threshold = 6
    client.tuf.publish("root")
    client.tuf.update()
    assert client.refresh() == 1
    assert trusted(client) == {"root": 2, "timestamp": 2}


def test_one_key_counts_once_however_often_root_names_it(follow: Make) -> None:
    client = follow()
    client.tuf.signed["root"].roles["snapshot"].threshold = 6
    client.tuf.publish("root")
    document = json.loads(client.tuf.files["/metadata/2.root.json"])
    listed = document["signed"]["roles"]["snapshot"]["keyids"]
    for number in range(9):
        other = key("snapshot").public_key
        alias = f"{number:064x}"
        document["signed"]["keys"][alias] = Key.from_dict(alias, other.to_dict()).to_dict()
        listed.append(alias)
    client.tuf.signed["root"] = type(client.tuf.signed["root"]).from_dict(document["signed"])
    client.tuf.publish("root", bump=False)
    client.tuf.update()
    assert client.refresh() == 1
    assert "snapshot" not in trusted(client)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_bad_signature_of_every_kind_counts_for_nothing(follow: Make, kind: str) -> None:
    client = follow()
    signer = key("second root", kind)
    client.tuf.grant("root", signer)
    client.tuf.signed["root"].roles["root"].threshold = 2
    client.tuf.publish("root")
    assert client.refresh() == 0
    earlier = {row["keyid"]: row["sig"] for row in json.loads(client.tuf.files["/metadata/2.root.json"])["signatures"]}
    client.tuf.publish("root")
    document = json.loads(client.tuf.files["/metadata/3.root.json"])
    for row in document["signatures"]:
        if row["keyid"] == signer.public_key.keyid:
            row["sig"] = earlier[row["keyid"]]  # well made, and over another root
    client.tuf.files["/metadata/3.root.json"] = json.dumps(document).encode()
    assert client.refresh() == 1
    assert client.version("root") == 2


def _keys(some: str) -> list[Any]:
    return [key(f"rotation {one}") for one in some]


@pytest.mark.parametrize(
    "versions",
    [
        "1:1:1 2:1:21 2:1:2",
        "1:1:314 2:1:3214 2:1:324",
        "01234:3:024 01234:3:041 01234:3:013 01234:3:013",
        "01234:3:024 01345:3:041",
        "01234:3:024 01345:3:0245 01345:3:045",
        "01234:3:024 56789:3:024567 56789:3:567",
        "123:1:1 123:2:12",
        "123:2:12 123:1:12 123:1:1",
        "1:1:1 12:2:12",
        "1:1:1 2:1:234 !",
        "1:1:1 2:1:134 !",
        "01234:3:024 01345:3:024 !",
        "01234:3:024 01345:3:045 !",
        "123:1:1 123:2:2 !",
        "123:2:12 123:1:1 !",
    ],
)
def test_roots_follow_each_other_by_the_keys_of_both(tmp_path: Path, versions: str) -> None:
    steps = [step.split(":") for step in versions.split() if step != "!"]
    tuf = Tuf()
    held = tuf.signers["root"]
    for number, (keys, threshold, signers) in enumerate(steps, start=1):
        tuf.signers["root"] = held
        tuf.rotate("root", *_keys(keys))
        held = tuf.signers["root"]
        tuf.signed["root"].roles["root"].threshold = int(threshold)
        tuf.signers["root"] = _keys(signers)
        tuf.signed["root"].version = number
        tuf.publish("root", bump=False)
    with serving(tuf, tmp_path) as client:
        assert client.init().code == 0
        refused = versions.endswith("!")
        assert client.refresh() == (1 if refused else 0)
        last = len(steps) - refused
        kept = (client.home / "metadata" / "root.json").read_bytes()
        assert kept == tuf.files[f"/metadata/{last}.root.json"]


@pytest.mark.parametrize("role", TOP[1:])
@pytest.mark.parametrize(
    ("step", "good"),
    [
        ("2:1:2", True),
        ("1:1:314", True),
        ("2:1:134", False),
        ("01345:3:024", False),
        ("01345:3:04", False),
        ("01234:3:024", True),
        ("01234:3:041", True),
        ("01234:3:123", True),
        ("01234:3:234", True),
    ],
)
def test_a_role_is_judged_by_the_keys_that_root_names(follow: Make, role: str, step: str, *, good: bool) -> None:
    client = follow()
    keys, threshold, signers = step.split(":")
    client.tuf.rotate(role, *_keys(keys))
    client.tuf.signed["root"].roles[role].threshold = int(threshold)
    client.tuf.signers[role] = _keys(signers)
    client.tuf.publish("root")
    client.tuf.update("targets")
    assert client.refresh() == (0 if good else 1)
    assert trusted(client).get(role) == (2 if good else None)


# -- time


def test_the_clock_decides_what_has_expired(follow: Make) -> None:
    client = follow()
    client.tuf.signed["root"].expires = GOOD - dt.timedelta(days=23)
    client.tuf.publish("root")
    assert client.refresh() == 0
    with in_days(8):
        assert client.refresh() == 1


def test_expired_metadata_here_lead_on_to_newer_ones(follow: Make) -> None:
    client = follow()
    for role in TOP[1:]:
        client.tuf.signed[role].expires = GOOD - dt.timedelta(days=23)
    client.tuf.update("targets")
    assert client.refresh() == 0
    for role in TOP[1:]:
        client.tuf.signed[role].expires = GOOD
    client.tuf.update("targets")
    with in_days(18):
        assert client.refresh() == 0
    assert client.versions() == [1, 3, 3, 3]


@pytest.mark.parametrize("renewed", [False, True])
def test_a_delegated_role_that_expired_here_is_used_only_once_it_was_renewed(follow: Make, *, renewed: bool) -> None:
    client = follow()
    client.tuf.delegate("targets", "A")
    client.tuf.signed["A"].expires = GOOD - dt.timedelta(days=23)
    for name in ("first", "second"):
        client.tuf.add("A", name, name.encode())
    client.tuf.update("A", "targets")
    assert client.download("first") == 0
    if renewed:
        client.tuf.signed["A"].expires = GOOD
        client.tuf.update("A")
    with in_days(18):
        assert client.download("second") == (0 if renewed else 1)
    assert sorted(client.contents()) == ([b"first", b"second"] if renewed else [b"first"])


# -- targets


def test_eleven_changes_of_a_target_and_a_lie_after_each(follow: Make) -> None:
    client = follow()
    for number in range(11):
        content = f"content {number}".encode()
        client.tuf.add("targets", "file", content)
        client.tuf.update("targets")
        assert client.download("file") == 0
        assert client.contents() == [content]
        [address] = [name for name in client.tuf.asked if name.startswith("/targets/")]
        client.tuf.files[address] = b"another content"
        client.download("file")
        assert client.contents() == [content]


def test_a_repository_that_our_own_publisher_wrote_is_followed(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "repository", now=dt.datetime.now(dt.UTC).replace(microsecond=0))
    authority.found()
    authority.parties(names(30))
    (tmp_path / "root.json").write_bytes(authority.root)
    (tmp_path / "targets").mkdir()
    where = ("sync", "conformance", "--metadata-dir", tmp_path / "metadata")
    assert call(*where, "init", tmp_path / "root.json").code == 0
    with served(authority.folder, Line()) as server:
        base = ("--metadata-url", f"{server.url}metadata")
        assert call(*where, *base, "refresh").code == 0
        target = ("--target-name", "parties/full.zst", "--target-base-url", f"{server.url}targets")
        assert call(*where, *base, *target, "--target-dir", tmp_path / "targets", "download").code == 0
    [found] = (path for path in (tmp_path / "targets").rglob("*") if path.is_file())
    [published] = (authority.folder / "targets" / "parties").glob("*.full.zst")
    assert found.read_bytes() == published.read_bytes()
