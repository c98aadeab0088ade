from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from border_kit import disk
from border_kit.desk import render_publishing
from border_kit.errors import InputError, UsageError
from border_kit.sync import ceremony, keys, proposal, repository, roles
from border_kit.sync.powers import due, expiring, powers
from border_kit.sync.proposal import Proposal
from border_kit.sync.refusal import Refusal
from tests.sync.authority import PEOPLE, Authority, Office, names, signer

pytestmark = pytest.mark.usefixtures("quick_disk")


def carried(made: Proposal, path: Path) -> Proposal:
    """A proposal as it comes out of a file."""
    made.write(path)
    return proposal.read(path)


def test_a_founding_is_visible_only_when_enough_have_signed_each_on_a_machine_of_their_own(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "repository")
    made = carried(ceremony.found(authority.sheet, authority.publics(), authority.now), tmp_path / "carried.json")
    made.sign(signer("Ruhe"))
    made.sign(signer("Machine"))
    assert [(lack.role, lack.missing, lack.signed, lack.could) for lack in made.lacking()] == [
        ("root", 1, ("Ruhe",), ("Adeyo", "Sorn"))
    ]
    with pytest.raises(Refusal, match="root lacks 1"):
        repository.finish(authority.folder, made)
    assert not repository.is_repository(authority.folder)
    made = carried(made, tmp_path / "carried.json")
    assert made.sign(signer("Sorn")) == ["root"]
    repository.finish(authority.folder, made)
    assert repository.read(authority.folder).version("timestamp") == 1


def test_a_founding_with_fewer_signers_than_recommended_warns_everybody_who_signs_it(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "repository", roles.standard())
    people = {"root": "ABCD", "targets": "EF", "snapshot": "G", "timestamp": "G", "parties": "HI"}
    signers = {role: [signer(name).public for name in who] for role, who in people.items()}
    made = carried(ceremony.found(authority.sheet, signers, authority.now), tmp_path / "carried.json")
    assert [line for line in made.words if line.startswith("WARNING")] == [
        "WARNING: root has 4 of the 5 signers that are recommended; 2 lost keys stop it.",
        "WARNING: targets has 2 of the 3 signers that are recommended; one lost key stops it.",
    ]


def test_copies_of_one_file_may_each_gather_signatures(authority: Authority, tmp_path: Path) -> None:
    made = ceremony.renew(authority.sheet, repository.read(authority.folder), ["root"], authority.now)
    copies = [carried(made, tmp_path / f"{n}.json") for n in range(2)]
    copies[0].sign(signer("Ruhe"))
    copies[1].sign(signer("Adeyo"))
    repository.finish(authority.folder, proposal.merge(*copies))
    assert repository.read(authority.folder).version("root") == 2


def test_files_that_propose_different_things_are_not_merged(authority: Authority) -> None:
    state = repository.read(authority.folder)
    one, other = (ceremony.renew(authority.sheet, state, [name], authority.now) for name in ("root", "targets"))
    with pytest.raises(InputError, match="do not propose the same"):
        proposal.merge(one, other)


def test_a_key_that_may_sign_nothing_of_a_file_is_told_so(authority: Authority) -> None:
    made = ceremony.renew(authority.sheet, repository.read(authority.folder), ["root"], authority.now)
    with pytest.raises(UsageError, match="signs nothing of this"):
        made.sign(signer("Lists"))


def test_a_changed_file_loses_its_signatures(authority: Authority, tmp_path: Path) -> None:
    made = ceremony.renew(authority.sheet, repository.read(authority.folder), ["root"], authority.now)
    made.sign(signer("Ruhe"))
    made.sign(signer("Adeyo"))
    made.write(tmp_path / "carried.json")
    document = json.loads((tmp_path / "carried.json").read_text())
    document["metadata"]["root"]["signed"]["expires"] = "2060-01-01T00:00:00Z"
    (tmp_path / "carried.json").write_text(json.dumps(document))
    with pytest.raises(Refusal, match="root lacks 2"):
        repository.finish(authority.folder, proposal.read(tmp_path / "carried.json"))


def test_the_repository_never_trusts_the_judges_that_a_file_brings_along(authority: Authority) -> None:
    strangers = {role: [signer("Stranger").public, signer("Strange Two").public] for role in PEOPLE}
    foreign = ceremony.found(authority.sheet, strangers, authority.now)
    for name in ("Stranger", "Strange Two"):
        foreign.sign(signer(name))
    for name in foreign.metadata:
        foreign.metadata[name].signed.version = 2
        foreign.base[name] = 1
        foreign.metadata[name].signatures.clear()
    for name in ("Stranger", "Strange Two"):
        foreign.sign(signer(name))
    assert foreign.lacking() == []
    before = (authority.folder / "metadata" / "timestamp.json").read_bytes()
    with pytest.raises(Refusal, match="root lacks 2"):
        repository.finish(authority.folder, foreign)
    assert (authority.folder / "metadata" / "timestamp.json").read_bytes() == before


def test_whoever_signs_reads_the_keys_that_are_signed_whatever_the_words_say(
    authority: Authority, tmp_path: Path
) -> None:
    mallory = keys.public_half("Sorn", bytes.fromhex(signer("Mallory").public.key.keyval["public"]))
    state = repository.read(authority.folder)
    made = ceremony.replace(authority.sheet, state, "root", "Sorn", mallory, authority.now)
    honest = ceremony.renew(authority.sheet, state, ["root"], authority.now)
    forged = carried(replace(made, words=honest.words), tmp_path / "forged.json")
    document: dict[str, Any] = forged.to_json()
    shown = render_publishing.proposal(document)
    assert "root is signed anew." in shown
    [root] = [row for row in document["roles"] if row["role"] == "root"]
    powers = {row["role"]: row for row in root["powers"]}
    assert [(one["name"], one["key"]) for one in powers["root"]["signers"] if one["new"]] == [("Sorn", mallory.id)]
    assert [one["key"] for one in powers["root"]["gone"]] == [signer("Sorn").public.id]
    assert (powers["root"]["changed"], powers["timestamp"]["changed"]) == (True, False)
    assert f"{mallory.id[:16]} Sorn NEW" in shown
    assert f"{signer('Sorn').public.id[:16]} Sorn GONE" in shown
    hidden = carried(replace(forged, root=forged.metadata["root"]), tmp_path / "hidden.json")
    assert mallory.id[:16] in render_publishing.proposal(hidden.to_json()), "a forged state before hides no key"


@pytest.mark.parametrize(("place", "role"), [("metadata", "root"), ("metadata", "targets"), ("judges", "root")])
def test_what_stands_as_a_role_and_is_another_is_no_proposal(
    authority: Authority, tmp_path: Path, place: str, role: str
) -> None:
    state = repository.read(authority.folder)
    path = tmp_path / "carried.json"
    ceremony.renew(authority.sheet, state, ["root", "targets"], authority.now).write(path)
    document = json.loads(path.read_bytes())
    document[place][role] = state.metadata["timestamp"].to_dict()
    path.write_text(json.dumps(document))
    with pytest.raises(InputError) as caught:
        proposal.read(path)
    assert caught.value.code == "proposal_unusable"


def test_a_new_signer_of_root_is_followed_by_offices_that_know_the_first_root_alone(
    authority: Authority, following: Office
) -> None:
    authority.parties(names(50))
    for new, old in (("Ilmari", "Ruhe"), ("Quist", "Adeyo")):
        state = repository.read(authority.folder)
        made = ceremony.replace(authority.sheet, state, "root", old, signer(new).public, authority.now)
        authority.people["root"] = tuple(new if name == old else name for name in authority.people["root"])
        authority.finish(made, "Ruhe", "Adeyo", "Sorn", "Ilmari", "Quist")
    assert repository.read(authority.folder).version("root") == 3
    assert following.look(authority.folder, authority.now).volumes.keys() == {"parties"}
    assert following.marks["root"].version == 3


def test_too_few_of_the_old_root_cannot_appoint_a_new_one(authority: Authority) -> None:
    state = repository.read(authority.folder)
    made = ceremony.admit(authority.sheet, state, "root", [signer("Quist").public], authority.now)
    made.sign(signer("Ruhe"))
    with pytest.raises(Refusal, match="root lacks 1"):
        repository.finish(authority.folder, made)


def test_dismissing_below_the_threshold_is_refused(authority: Authority) -> None:
    state = repository.read(authority.folder)
    with pytest.raises(UsageError, match="only 1 signers would be left"):
        ceremony.dismiss(authority.sheet, state, "root", ["Ruhe", "Sorn"], authority.now)
    with pytest.raises(UsageError, match="no signer"):
        ceremony.dismiss(authority.sheet, state, "root", ["Nobody"], authority.now)


def test_a_signer_is_dismissed_by_name_or_by_the_digits_of_the_key(authority: Authority) -> None:
    state = repository.read(authority.folder)
    digits = signer("Sorn").public.id[:10]
    for who in ("Sorn", digits):
        made = ceremony.dismiss(authority.sheet, state, "root", [who], authority.now)
        assert made.words == (
            "root: Sorn may no longer sign.",
            "WARNING: root has 2 of the 3 signers that are recommended; one lost key stops it.",
        )
        assert len(made.metadata["root"].signed.roles["root"].keyids) == 2


def test_what_the_dismissed_had_signed_is_signed_anew_in_the_same_proposal(
    authority: Authority, following: Office
) -> None:
    authority.parties(names(50))
    following.look(authority.folder, authority.now)
    authority.later(days=1)
    made = ceremony.replace(
        authority.sheet,
        repository.read(authority.folder),
        "parties",
        "Lists",
        signer("New Lists").public,
        authority.now,
    )
    assert sorted(made.metadata) == ["parties", "snapshot", "targets", "timestamp"]
    authority.finish(made, "Ruhe", "Machine", "New Lists")
    assert following.look(authority.folder, authority.now).volumes["parties"].version == 2


def test_a_new_licensing_authority_gets_a_role_for_its_own_path_alone(authority: Authority) -> None:
    state = repository.read(authority.folder)
    made = ceremony.admit(authority.sheet, state, "licences-yy-dt-01", [signer("YY").public], authority.now)
    authority.finish(made, "Ruhe", "Machine")
    role = repository.read(authority.folder).delegated()["licences-yy-dt-01"]
    assert (role.paths, role.terminating) == (["licences/yy-dt-01/*"], True)


def test_a_rotated_timestamp_key_signed_by_both_leaves_no_moment_at_which_readers_are_refused(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.parties(names(50))
    made = ceremony.replace(
        authority.sheet,
        repository.read(authority.folder),
        "timestamp",
        "Machine",
        signer("Machine 2").public,
        authority.now,
    )
    seen: list[str] = []
    real = disk.replace_file

    def watched(path: Path, content: bytes) -> None:
        real(path, content)
        office = Office(authority.folder.parent / f"office{len(seen)}", authority.root)
        office.look(authority.folder, authority.now)
        seen.append(path.name)

    monkeypatch.setattr(disk, "replace_file", watched)
    authority.finish(made, "Ruhe", "Adeyo", "Machine", "Machine 2")
    assert seen == ["timestamp.json", "2.root.json"]


def test_a_proposal_that_was_overtaken_is_refused(authority: Authority) -> None:
    state = repository.read(authority.folder)
    early, late = (ceremony.renew(authority.sheet, state, ["timestamp"], authority.now) for _ in range(2))
    authority.finish(early)
    authority.later(hours=1)
    third = ceremony.renew(authority.sheet, repository.read(authority.folder), ["timestamp"], authority.now)
    authority.finish(third)
    late.sign(signer("Machine"))
    with pytest.raises(Refusal, match="moved on"):
        repository.finish(authority.folder, late)


def test_a_founding_needs_a_threshold_of_different_keys(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "repository", people={**PEOPLE, "root": ("Ruhe",)})
    with pytest.raises(UsageError, match="root needs 2 different signers"):
        ceremony.found(authority.sheet, authority.publics(), authority.now)
    authority.people["root"] = ("Ruhe", "Ruhe")
    with pytest.raises(UsageError, match="root needs 2 different signers"):
        ceremony.found(authority.sheet, authority.publics(), authority.now)


def test_roles_with_less_than_half_their_life_left_are_due_for_who_can_sign_them(authority: Authority) -> None:
    authority.parties(names(50))
    machine, lists = signer("Machine").public.id, signer("Lists").public.id
    assert due(authority.sheet, authority.folder, authority.now, {machine, lists}) == []
    after = authority.now + timedelta(days=31)
    assert {row["role"] for row in expiring(authority.sheet, repository.read(authority.folder), after)} == {
        "parties", "snapshot", "timestamp",
    }  # fmt: skip
    assert sorted(due(authority.sheet, authority.folder, after, {machine})) == ["snapshot", "timestamp"]
    assert sorted(due(authority.sheet, authority.folder, after, {machine, lists})) == [
        "parties",
        "snapshot",
        "timestamp",
    ]


def test_the_powers_of_a_repository_are_named_with_their_signers_and_days(authority: Authority) -> None:
    rows = {row["role"]: row for row in powers(authority.folder, authority.now)["roles"]}
    assert (rows["root"]["threshold"], [person["name"] for person in rows["root"]["signers"]]) == (
        2,
        ["Ruhe", "Adeyo", "Sorn"],
    )
    assert rows["root"]["days_left"] == 730
    assert rows["licences-xa-la-01"]["version"] == 0
    assert rows["licences-xa-la-01"]["paths"] == ["licences/xa-la-01/*"]


def test_the_standard_powers_are_those_that_the_guide_names() -> None:
    sheet = roles.standard()
    found = {name: (role.threshold, role.keys, role.days) for name, role in sheet.roles.items()}
    assert found["root"] == (3, 5, 730)
    assert found["targets"] == (2, 3, 365)
    assert (found["licences"][2], found["revocations"][2], found["timestamp"][2]) == (90, 60, 45)
    assert sheet.role("licences-xa-la-01").paths == ("licences/xa-la-01/*",)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("XA/LA-01", "xa-la-01"),
        ("Con", "con-x"),
        ("  Ä b.c ", "a-b-c"),
        ("И. Иванов", "i-ivanov"),
        ("山田", "shantian"),
        ("LPT1", "lpt1-x"),
        ("../../etc", "etc"),
        ("A" * 99, "a" * 60),
    ],
)
def test_names_of_files_are_safe_on_any_disk(text: str, slug: str) -> None:
    assert roles.slug(text) == slug


def test_a_name_without_letter_or_digit_is_refused() -> None:
    with pytest.raises(InputError, match="leaves no letter"):
        roles.slug("../..")


@pytest.mark.parametrize("name", ["licences", "nobody", "licences-", "licences-XA", "licences-../x"])
def test_a_role_that_the_sheet_does_not_know_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no role"):
        roles.standard().role(name)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("threshold = 3\nkeys = 5", "threshold = 6\nkeys = 5"),
        ('paths = ["parties/*"]', 'paths = ["../parties/*"]'),
        ("[role.snapshot]", "[role.snap]"),
        ("days = 730", 'days = "two years"'),
        ("format = 1", "format = 2"),
    ],
)
def test_a_sheet_of_roles_that_cannot_be_meant_is_refused(tmp_path: Path, wrong: str, told: str) -> None:
    text = Path(roles.__file__).with_name("roles.toml").read_text(encoding="utf-8")
    assert wrong in text
    (tmp_path / "roles.toml").write_text(text.replace(wrong, told, 1), encoding="utf-8")
    with pytest.raises(InputError, match="cannot be used"):
        roles.read(tmp_path / "roles.toml")


def test_a_key_opens_with_its_passphrase_alone_and_is_never_overwritten(tmp_path: Path) -> None:
    sealed, public = keys.new("R. Ruhe", tmp_path, "a long passphrase")
    assert (sealed.name, public.name) == ("r-ruhe.key.json", "r-ruhe.pub.json")
    assert sealed.stat().st_mode & 0o077 == 0
    opened = keys.unlock(sealed, "a long passphrase")
    opened.public.key.verify_signature(opened.sign(b"text"), b"text")
    assert keys.read_public(public).id == opened.public.id == keys.read_public(sealed).id
    with pytest.raises(UsageError, match="not the passphrase"):
        keys.unlock(sealed, "another passphrase")
    with pytest.raises(UsageError, match="fewer than 12"):
        keys.new("Sorn", tmp_path, "short")
    before = sealed.read_bytes()
    with pytest.raises(UsageError, match="already"):
        keys.new("R. Ruhe", tmp_path, "a long passphrase")
    assert sealed.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"format": "border-kit signer 1"}', b"\xff" * 30_000, b"[" * 5_000]
)
def test_what_is_no_key_is_told_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k.json").write_bytes(content)
    for read in (keys.read_public, lambda path: keys.unlock(path, "a long passphrase"), proposal.read):
        with pytest.raises(InputError, match=r"k\.json is no"):
            read(tmp_path / "k.json")


def test_the_halves_of_a_key_must_belong_together(tmp_path: Path) -> None:
    sealed, _ = keys.new("Ruhe", tmp_path, "a long passphrase")
    document = json.loads(sealed.read_text())
    document["public"] = json.loads(keys.new("Other", tmp_path, "a long passphrase")[1].read_text())["public"]
    sealed.write_text(json.dumps(document))
    with pytest.raises(InputError, match="do not belong together"):
        keys.unlock(sealed, "a long passphrase")


def test_what_was_signed_slowly_survives_the_publications_that_came_between(
    authority: Authority, following: Office
) -> None:
    authority.parties(names(60))
    slow = ceremony.admit(
        authority.sheet, repository.read(authority.folder), "licences-yy-dt-01", [signer("YY").public], authority.now
    )
    slow.sign(signer("Ruhe"))
    authority.later(days=1)
    authority.parties({**names(60), 7: "Changed"})
    brought = ceremony.brought_up(authority.sheet, repository.read(authority.folder), slow, authority.now)
    assert [lack.role for lack in brought.lacking()] == ["snapshot", "timestamp"]
    brought.sign(signer("Machine"))
    repository.finish(authority.folder, brought)
    assert "licences-yy-dt-01" in repository.read(authority.folder).delegated()
    assert following.look(authority.folder, authority.now).volumes["parties"].version == 2


def test_a_role_that_itself_moved_on_is_not_brought_up(authority: Authority) -> None:
    state = repository.read(authority.folder)
    slow, quick = (ceremony.renew(authority.sheet, state, ["targets"], authority.now) for _ in range(2))
    authority.finish(quick)
    authority.later(hours=1)
    authority.finish(ceremony.renew(authority.sheet, repository.read(authority.folder), ["targets"], authority.now))
    assert ceremony.brought_up(authority.sheet, repository.read(authority.folder), slow, authority.now) is slow
