"""The same shipment, catalog, answers and profile give the same assessment, byte for byte."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from border_kit.desk.answers import Assessment
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.findings import Lane
from border_kit.shipment.model import Shipment, to_json
from border_kit.shipment.readers import read
from tests.command import start
from tests.conftest import EXAMPLES, NOW

SAMPLES = sorted(EXAMPLES.glob("*.json"))
ANSWERS: tuple[dict[str, str], ...] = (
    {},
    {"serials-removed": "yes", "line_1:frame_rate": "9 Hz"},
    {"serials-removed": "not_known"},
)


@pytest.fixture(scope="module")
def shipments() -> list[Shipment]:
    """Every sample shipment, and one that holds all their lines and parties."""
    found = [shipment for path in SAMPLES for shipment in read(path).shipments]
    lines = tuple(replace(line, no=no) for no, line in enumerate((line for one in found for line in one.lines), 1))
    parties = tuple(party for one in found for party in one.parties)
    return [*found, replace(found[0], id="ALL", lines=lines[:40], parties=parties[:20])]


@pytest.fixture(scope="module")
def own_desk(shipped: Path) -> Desk:
    return Desk(Settings(catalog=shipped, now=NOW))


def said(desk: Desk, shipment: Shipment, answers: dict[str, str]) -> str:
    return json.dumps(desk.assess(shipment, answers).to_json(), ensure_ascii=False)


def test_hash_seeds_of_other_processes_change_no_byte(shipped: Path, tmp_path: Path, shipments: list[Shipment]) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(to_json(one)) for one in shipments), encoding="utf-8")
    seen = set()
    for seed in ("0", "1", "4242"):
        env = {"PYTHONHASHSEED": seed, "BORDER_KIT_HOME": str(tmp_path / seed)}
        command = ("check", "--batch", rows, "--catalog", shipped, "--now", "2026-11-25T09:30:00Z")
        done = start(*command, env=env)
        assert len(done.rows) == len(shipments)
        seen.add(hashlib.sha256(done.out.encode()).hexdigest())
    assert len(seen) == 1


@pytest.mark.parametrize("answers", ANSWERS)
def test_what_was_asked_before_changes_no_byte(
    shipped: Path, own_desk: Desk, shipments: list[Shipment], answers: dict[str, str]
) -> None:
    fresh = {one.id: said(Desk(Settings(catalog=shipped, now=NOW)), one, answers) for one in shipments[:4]}
    for one in reversed(shipments):
        said(own_desk, one, answers)
    assert {one.id: said(own_desk, one, answers) for one in shipments[:4]} == fresh


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms())
def test_the_order_of_rules_and_flags_changes_no_byte(
    own_desk: Desk, shipments: list[Shipment], random: Random
) -> None:
    assessor = own_desk.assessor
    profile, flags = assessor.profile, assessor.red_flags
    assert profile is not None
    before = [said(own_desk, one, {}) for one in shipments]
    rules, names = list(profile.rules), list(flags)
    random.shuffle(rules)
    random.shuffle(names)
    assessor.profile, assessor.red_flags = replace(profile, rules=tuple(rules)), {name: flags[name] for name in names}
    try:
        assert [said(own_desk, one, {}) for one in shipments] == before
    finally:
        assessor.profile, assessor.red_flags = profile, flags


def test_trial_profiles_change_no_outcome(own_desk: Desk, shipments: list[Shipment]) -> None:
    assessor = own_desk.assessor
    profile, trials = assessor.profile, assessor.trials
    assert profile is not None
    severe = replace(profile, id="severe", rules=tuple(replace(rule, lane=Lane.RED) for rule in profile.rules))
    for one in shipments:
        before = assessor.assess(one, {})
        assessor.trials = (severe, replace(profile, id="idle", rules=()))
        try:
            after = assessor.assess(one, {})
        finally:
            assessor.trials = trials
        assert [shadow.profile for shadow in after.shadow] != [shadow.profile for shadow in before.shadow]
        assert replace(after, shadow=before.shadow) == before


def test_another_yes_to_a_red_flag_never_lowers_lane_advice_or_band(own_desk: Desk, shipments: list[Shipment]) -> None:
    asked = [flag.id for flag in own_desk.assessor.red_flags.values() if flag.kind == "asked"]
    for one in shipments:
        answers: dict[str, str] = {}
        before = own_desk.assess(one, answers)
        for flag in asked:
            answers[flag] = "yes"
            after = own_desk.assess(one, answers)
            assert after.lane.rank >= before.lane.rank
            assert all(high >= low for high, low in zip(bands(after), bands(before), strict=True))
            before = after


def bands(answer: Assessment) -> list[int]:
    """The sum behind each criterion's band."""
    return [view.sum for view in answer.risk.criteria] if answer.risk else []
