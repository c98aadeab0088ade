"""What an office does not take from a repository: each forgery with its reason, made with the keys that a thief would need."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tuf.api.metadata import Signed, TargetFile
from tuf.api.serialization.json import JSONSerializer

from border_kit.sync import ceremony, repository
from border_kit.sync.layout import METADATA, SIGNED_AT, TARGETS
from border_kit.sync.proposal import Proposal
from border_kit.sync.refusal import Refusal
from tests.sync.authority import Authority, Office, names, party_rows, signer, write_catalog
from tests.sync.post import Post

pytestmark = pytest.mark.usefixtures("quick_disk")


def lay(authority: Authority, proposal: Proposal, *who: str) -> None:
    """Write metadata as a thief with these keys would: whatever anybody says."""
    for name in who:
        if proposal.may_sign(signer(name).public):
            proposal.sign(signer(name))
    for role, metadata in proposal.metadata.items():
        file = "timestamp.json" if role == "timestamp" else f"{metadata.signed.version}.{role}.json"
        (authority.folder / METADATA / file).write_bytes(metadata.to_bytes(JSONSerializer(compact=True)))


def forge(authority: Authority, role: str, change: Callable[[Any], None], *who: str) -> None:
    """Change what a role has signed, and sign that with these keys."""
    state = repository.read(authority.folder)
    signed: Signed = deepcopy(state.metadata[role].signed)
    change(signed)
    lay(authority, ceremony.propose(authority.sheet, state, {role: signed}, ["forged"], authority.now), *who)


def refused(office: Office, authority: Authority) -> str:
    """The code with which a whole publication is refused; the office keeps its marks."""
    with pytest.raises(Refusal) as error:
        office.look(authority.folder, authority.now)
    assert error.value.hint
    return error.value.code


@pytest.fixture
def current(authority: Authority, following: Office) -> Office:
    """An office that has seen the third edition."""
    for day in range(3):
        authority.parties({**names(60), day: "Changed"})
        authority.later(days=1)
    following.look(authority.folder, authority.now)
    return following


def test_an_older_publication_is_refused(authority: Authority, current: Office, tmp_path: Path) -> None:
    shutil.copytree(authority.folder, tmp_path / "old")
    authority.parties({**names(60), 9: "Changed again"})
    current.look(authority.folder, authority.now)
    authority.folder = tmp_path / "old"
    assert refused(current, authority) == "version_older"


def test_an_older_publication_is_refused_although_the_cache_was_deleted(
    authority: Authority, current: Office, tmp_path: Path
) -> None:
    shutil.copytree(authority.folder, tmp_path / "old")
    authority.parties({**names(60), 9: "Changed again"})
    current.look(authority.folder, authority.now)
    shutil.rmtree(current.home / "tuf")
    authority.folder = tmp_path / "old"
    assert refused(current, authority) == "version_older"


def test_an_older_root_is_refused_although_the_cache_was_deleted(
    authority: Authority, current: Office, tmp_path: Path
) -> None:
    shutil.copytree(authority.folder, tmp_path / "old")
    state = repository.read(authority.folder)
    authority.people["root"] = (*authority.people["root"], "Quist")
    authority.finish(ceremony.admit(authority.sheet, state, "root", [signer("Quist").public], authority.now))
    current.look(authority.folder, authority.now)
    shutil.rmtree(current.home / "tuf")
    authority.folder = tmp_path / "old"
    assert refused(current, authority) == "version_older"


def test_a_leap_of_versions_is_refused_and_a_rotation_leads_out_of_it(authority: Authority, current: Office) -> None:
    def leap(timestamp: Any) -> None:
        timestamp.version = 50_000

    before = current.marks["timestamp"].version
    honest = repository.read(authority.folder)
    made = ceremony.renew(authority.sheet, honest, ["timestamp"], authority.now)
    leap(made.metadata["timestamp"].signed)
    lay(authority, made, "Machine")
    assert refused(current, authority) == "version_leap"
    assert current.marks["timestamp"].version == before
    thief = Office(current.home.parent / "fooled", authority.root)
    thief.look(authority.folder, authority.now)
    rotated = ceremony.replace(
        authority.sheet, honest, "timestamp", "Machine", signer("Machine 2").public, authority.now
    )
    lay(authority, rotated, "Ruhe", "Adeyo", "Machine 2")
    for office in (current, thief):
        assert office.look(authority.folder, authority.now).volumes.keys() == {"parties"}
        assert office.marks["timestamp"].version < 50_000


def test_files_of_different_versions_are_not_taken_together(authority: Authority, current: Office) -> None:
    version = repository.read(authority.folder).version("parties")
    authority.parties({**names(60), 30: "Changed later"})
    shutil.copyfile(
        authority.folder / METADATA / f"{version}.parties.json",
        authority.folder / METADATA / f"{version + 1}.parties.json",
    )
    found = current.look(authority.folder, authority.now)
    assert (found.volumes, found.refused["parties"].code) == ({}, "version_older")


def test_a_snapshot_that_goes_back_is_refused(authority: Authority, current: Office) -> None:
    def back(snapshot: Any) -> None:
        snapshot.meta["parties.json"].version = 1

    state = repository.read(authority.folder)
    made = ceremony.renew(authority.sheet, state, ["snapshot"], authority.now)
    back(made.metadata["snapshot"].signed)
    lay(authority, made, "Machine")
    assert refused(current, authority) == "version_older"
    shutil.rmtree(current.home / "tuf")
    assert refused(current, authority) == "version_older"


def test_a_role_with_too_few_signatures_is_refused_alone(
    authority: Authority, following: Office, tmp_path: Path
) -> None:
    rows = {"parties": party_rows(names(30), "2026-10-05"), "trust": {}, "licences-xa-la-01": {}}
    authority.publish(write_catalog(tmp_path / "source", rows, "2026-10-05"))
    forge(authority, "trust", lambda targets: targets.targets.clear(), "Machine", "Lists", "Licences XA")
    found = following.look(authority.folder, authority.now)
    assert {name: error.code for name, error in found.refused.items()} == {"trust": "signatures_missing"}
    assert set(found.volumes) == {"parties", "licences-xa-la-01"}


@pytest.mark.parametrize(("role", "who"), [("targets", ("Lists", "Machine")), ("root", ("Ruhe", "Machine"))])
def test_top_roles_with_too_few_signatures_stop_everything(
    authority: Authority, current: Office, role: str, who: tuple[str, ...]
) -> None:
    forge(authority, role, lambda _signed: None, *who)
    assert refused(current, authority) == "signatures_missing"


def test_one_authority_cannot_sign_the_path_of_another(authority: Authority, following: Office, tmp_path: Path) -> None:
    authority.publish(
        write_catalog(tmp_path / "source", {"licences-xa-la-01": {}, "licences-xb-la-07": {}}, "2026-10-05")
    )
    honest = following.look(authority.folder, authority.now).volumes["licences-xa-la-01"].content
    path = "licences/xa-la-01/full.zst"

    def usurp(targets: Any) -> None:
        own = targets.targets["licences/xb-la-07/full.zst"]
        targets.targets[path] = TargetFile(own.length, dict(own.hashes), path, own.unrecognized_fields)

    forge(authority, "licences-xb-la-07", usurp, "Licences XB", "Machine")
    found = following.look(authority.folder, authority.now)
    assert found.refused["licences-xb-la-07"].code == "not_its_path"
    assert found.volumes["licences-xa-la-01"].content == honest


@pytest.mark.parametrize(
    "fields",
    [
        {"hashes": {"sha256": "../../../../outside"}},
        {"hashes": {"sha256": "AB" * 32}},
        {"hashes": {"sha512": "ab" * 64}},
        {"length": 10**15},
        {"length": 40_000_000},
        {"custom": {"length": 10**15}},
        {"custom": {"sha256": "zz" * 32}},
    ],
    ids=str,
)
def test_a_file_that_one_authority_describes_as_no_file_can_be_keeps_the_others_from_nothing(
    authority: Authority, tmp_path: Path, fields: dict[str, Any]
) -> None:
    volumes = {"licences-xb-la-07": {}, "parties": party_rows(names(40), "2026-10-05")}
    authority.publish(write_catalog(tmp_path / "source", volumes, "2026-10-05"))

    def spoil(targets: Any) -> None:
        [target] = targets.targets.values()
        target.length, target.hashes = fields.get("length", target.length), fields.get("hashes", target.hashes)
        target.unrecognized_fields["custom"] = {**target.custom, **fields.get("custom", {})}

    forge(authority, "licences-xb-la-07", spoil, "Licences XB", "Machine")
    post = Post(tmp_path / "post", authority.root)
    done = post.pull(authority.folder, authority.now)
    assert {name: why.code for name, why in done.refused.items()} == {"licences-xb-la-07": "content_unreadable"}
    assert (done.installed, post.rows()) == (True, 40)
    assert not list(tmp_path.rglob("outside*"))


def test_a_role_that_signs_away_its_volume_takes_it_from_nobody(authority: Authority, tmp_path: Path) -> None:
    volumes = {"licences-xb-la-07": {}, "parties": party_rows(names(40), "2026-10-05")}
    authority.publish(write_catalog(tmp_path / "source", volumes, "2026-10-05"))
    post = Post(tmp_path / "post", authority.root)
    post.pull(authority.folder, authority.now)
    forge(authority, "parties", lambda targets: targets.targets.clear(), "Lists", "Machine")
    done = post.pull(authority.folder, authority.now)
    assert (done.refused["parties"].code, done.gone, post.rows()) == ("volume_withdrawn", (), 40)


def test_one_authority_cannot_sign_a_volume_in_the_name_of_another(
    authority: Authority, following: Office, tmp_path: Path
) -> None:
    authority.publish(write_catalog(tmp_path / "source", {"licences-xb-la-07": {}}, "2026-10-05"))

    def rename(targets: Any) -> None:
        targets.targets["licences/xb-la-07/full.zst"].custom["volume"] = "licences-xa-la-01"

    forge(authority, "licences-xb-la-07", rename, "Licences XB", "Machine")
    assert following.look(authority.folder, authority.now).refused["licences-xb-la-07"].code == "not_its_path"


@pytest.mark.parametrize(
    "custom",
    [
        None,
        {},
        {"volume": "../x"},
        {"volume": "nobody"},
        {"sha256": "0"},
        {"length": -1},
        {"rows": []},
        {"as_of": "x"},
        {"rows": {"party": -1}},
    ],
)
def test_what_is_said_of_a_volume_must_make_sense(authority: Authority, current: Office, custom: Any) -> None:
    def spoil(targets: Any) -> None:
        target = targets.targets["parties/full.zst"]
        target.unrecognized_fields["custom"] = None if custom is None else {**target.custom, **custom} if custom else {}

    forge(authority, "parties", spoil, "Lists", "Machine")
    assert current.look(authority.folder, authority.now).refused["parties"].code == "content_unreadable"


def test_an_expired_publication_is_refused_whole_and_a_late_authority_alone(
    authority: Authority, following: Office, tmp_path: Path
) -> None:
    rows = {"parties": party_rows(names(30), "2026-10-05"), "licences-xa-la-01": {}}
    authority.publish(write_catalog(tmp_path / "source", rows, "2026-10-05"))
    authority.later(days=46)
    assert refused(following, authority) == "expired"
    authority.later(days=30)
    for role in ("timestamp", "snapshot"):
        authority.finish(ceremony.renew(authority.sheet, repository.read(authority.folder), [role], authority.now))
    found = following.look(authority.folder, authority.now)
    assert {name: error.code for name, error in found.refused.items()} == {"parties": "expired"}
    assert set(found.volumes) == {"licences-xa-la-01"}


def test_expiry_is_judged_at_the_moment_that_the_office_hands_in(authority: Authority, current: Office) -> None:
    assert current.look(authority.folder, authority.now + timedelta(days=30)).volumes
    authority.later(days=400)
    assert refused(current, authority) == "expired"


def test_a_publication_that_does_not_say_when_it_was_signed_is_refused(authority: Authority, current: Office) -> None:
    made = ceremony.renew(authority.sheet, repository.read(authority.folder), ["timestamp"], authority.now)
    del made.metadata["timestamp"].signed.unrecognized_fields[SIGNED_AT]
    lay(authority, made, "Machine")
    assert refused(current, authority) == "time_unsigned"


@pytest.mark.parametrize("missing", ["*.snapshot.json", "*.targets.json", "timestamp.json"])
def test_a_missing_file_of_metadata_is_told(authority: Authority, following: Office, missing: str) -> None:
    authority.parties(names(30))
    for path in (authority.folder / METADATA).glob(missing):
        path.unlink()
    assert refused(following, authority) == "file_missing"


@pytest.mark.parametrize(
    "content", [b"", b"<html>log in</html>", b"{}", b'{"signed": {}, "signatures": []}', b"[" * 3000, b"\xff\xfe"]
)
def test_metadata_that_are_none_are_refused(authority: Authority, current: Office, content: bytes) -> None:
    (authority.folder / METADATA / "timestamp.json").write_bytes(content)
    assert refused(current, authority) == "metadata_refused"


def test_metadata_that_go_on_for_ever_are_cut_off(authority: Authority, current: Office) -> None:
    (authority.folder / METADATA / "timestamp.json").write_bytes(b" " * 20_000)
    assert refused(current, authority) == "file_oversized"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda b: b[:-1] + b"!", "file_differs"),
        (lambda b: b + b"!", "file_oversized"),
        (lambda b: b[:-1], "file_differs"),
    ],
)
def test_a_swapped_or_longer_file_is_refused(
    authority: Authority, current: Office, spoil: Callable[[bytes], bytes], code: str
) -> None:
    for path in (authority.folder / TARGETS / "parties").iterdir():
        path.write_bytes(spoil(path.read_bytes()))
    updater = current.updater(authority.folder, authority.now)
    updater.refresh()
    with pytest.raises(Refusal) as error:
        updater.bring(updater.publication().volumes["parties"].full, current.home / "packed")
    assert error.value.code == code


def test_unknown_roles_and_files_beside_a_volume_do_no_harm(authority: Authority, current: Office) -> None:
    def add(targets: Any) -> None:
        targets.targets["parties/readme.txt"] = TargetFile(3, {"sha256": "0" * 64}, "parties/readme.txt")
        targets.targets["parties/zz-zz.zst"] = TargetFile(3, {"sha256": "0" * 64}, "parties/zz-zz.zst")

    forge(authority, "parties", add, "Lists", "Machine")
    volume = current.look(authority.folder, authority.now).volumes["parties"]
    assert all(len(file.base) == 16 for file in volume.patches)


def test_a_volume_whose_bridges_cannot_be_read_is_refused_alone(authority: Authority, current: Office) -> None:
    def harm(targets: Any) -> None:
        targets.targets["parties/full.zst"].custom["bridges"] = {"0123456789abcdef": {"length": 4}}

    before = current.look(authority.folder, authority.now)
    forge(authority, "parties", harm, "Lists", "Machine")
    after = current.look(authority.folder, authority.now)
    assert after.refused["parties"].code == "content_unreadable"
    assert after.volumes.keys() == before.volumes.keys() - {"parties"}


def test_marks_only_rise(authority: Authority, current: Office) -> None:
    current.marks["parties"] = replace(current.marks["parties"], version=9)
    assert refused(current, authority) == "version_older"
    assert json.dumps({name: mark.version for name, mark in current.marks.items()})
