from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tuf.api.metadata import TargetFile

from border_kit.sync import layout, patch, repository
from border_kit.sync.star import history, star
from tests.sync.authority import Authority, Office, names, small_sheet

DAYS = 35
OFFICES = (14, 16, 20, 23, 26, 33)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, dict[int, Office]]:
    """Five weeks of daily editions that are patched for three, and offices that were last current on some of those days."""
    root = tmp_path_factory.mktemp("weeks")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _handle: None)
        return published(root)


def published(root: Path) -> tuple[Authority, dict[int, Office]]:
    authority = Authority(root / "repository", replace(small_sheet(), daily=7, weekly=3))
    authority.found()
    known, offices = names(120), {}
    for day in range(DAYS):
        known[day] = f"Renamed on day {day}"
        authority.parties(known)
        if day in {2, *OFFICES}:
            offices[day] = Office(root / f"office-{day}", authority.root)
            offices[day].pull(authority.folder, authority.now)
        authority.later(days=1)
    authority.later(days=-1)
    return authority, offices


def test_an_office_comes_from_any_day_of_the_last_weeks_in_at_most_two_patches(
    years: tuple[Authority, dict[int, Office]],
) -> None:
    authority, offices = years
    full = repository.read(authority.folder).metadata["parties"].signed.targets["parties/full.zst"].length
    for day in OFFICES:
        office = offices[day]
        volume = office.look(authority.folder, authority.now).volumes["parties"]
        way = volume.way(patch.sha256(office.home / "parties.sqlite"))
        assert [bool(step.base) for step in way] in ([True], [True, True]), day
        assert sum(step.length for step in way) < full
        office.pull(authority.folder, authority.now)


def test_an_older_office_takes_the_full_file(years: tuple[Authority, dict[int, Office]]) -> None:
    authority, offices = years
    before = offices[2]
    full = repository.read(authority.folder).metadata["parties"].signed.targets["parties/full.zst"].length
    assert before.pull(authority.folder, authority.now) == full


def test_patches_lead_on_from_seven_days_and_three_weeks(years: tuple[Authority, dict[int, Office]]) -> None:
    authority, _ = years
    state = repository.read(authority.folder)
    past = list(history(authority.folder, state, "parties", authority.now, authority.sheet.weekly))[1:]
    found = star(past, authority.now, authority.sheet)
    assert len(found) == 9  # one is both a daily and a weekly one
    ages = [(authority.now.date() - one.content.signed.date()).days for one in found]
    assert ages[:7] == [1, 2, 3, 4, 5, 6, 7]
    assert all(one.content.signed.isoweekday() == 7 for one in found[7:])
    assert ages[-1] == 21


def test_what_nobody_needs_any_more_is_removed_and_the_rest_is_whole(
    years: tuple[Authority, dict[int, Office]],
) -> None:
    authority, _ = years
    state = repository.read(authority.folder)
    named = {
        repository.target_file(authority.folder, path, target.hashes["sha256"])
        for path, target in layout.named(state.metadata["parties"].signed.targets).items()
    }
    there = {path for path in (authority.folder / "targets").rglob("*") if path.is_file()}
    assert named <= there
    assert len(there) < DAYS + 2 * len(named)
    assert len(list((authority.folder / "metadata").glob("*.parties.json"))) == DAYS


def test_a_patch_of_an_edition_on_the_way_says_how_long_that_is(years: tuple[Authority, dict[int, Office]]) -> None:
    authority, _ = years
    office = Office(Path(authority.folder.parent, "looker"), authority.root)
    volume = office.look(authority.folder, authority.now).volumes["parties"]
    bridges = [file for file in volume.patches if file.digest != volume.content.sha256]
    assert bridges
    assert all(file.size > 0 and len(file.digest) == 16 for file in bridges)


def test_bridges_are_named_with_all_that_a_target_says(years: tuple[Authority, dict[int, Office]]) -> None:
    authority, _ = years
    signed = repository.read(authority.folder).metadata["parties"].signed
    full = signed.targets["parties/full.zst"]
    found = layout.bridges(full)
    assert layout.bridges_json(found) == full.custom["bridges"]
    assert not {bridge.path for bridge in found} & set(signed.targets)
    for bridge in found:
        content = repository.target_file(authority.folder, bridge.path, bridge.hashes["sha256"]).read_bytes()
        bridge.verify_length_and_hashes(content)


@pytest.mark.parametrize(
    "bridges",
    [
        [],
        {"0123456789abcdef": "0"},
        {"0123456789abcdef": {"length": 4, "from": []}},
        {"0123456789abcdef": {"length": 4}},
        {"0123456789abcdef": {"length": -4, "from": {"0123456789abcdef": f"9 {'A' * 43}"}}},
        {"0123456789abcdef": {"length": 4, "from": {"0123456789abcdef": f"-9 {'A' * 43}"}}},
        {"0123456789abcdef": {"length": 4, "from": {"0123456789abcdef": f"9 {'A' * 42}"}}},
        {"0123456789abcdef": {"length": 4, "from": {"0123456789abcdef": f"9 {'é' * 43}"}}},
        {"0123456789abcdef": {"length": 4, "from": {"0123456789abcdef": "9"}}},
        {"../../../../../../": {"length": 4, "from": {"0123456789abcdef": f"9 {'A' * 43}"}}},
        {"0123456789abcdef": {"length": 4, "from": {"../x": f"9 {'A' * 43}"}}},
    ],
)
def test_bridges_that_are_none_are_refused(bridges: object) -> None:
    full = TargetFile(1, {"sha256": "0" * 64}, "parties/full.zst", {"custom": {"bridges": bridges}})
    with pytest.raises(ValueError, match=r"."):
        layout.named({full.path: full})
