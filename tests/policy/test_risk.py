"""Criteria, autonomy, tiers, exemptions, trial profiles, chance: the laws they keep."""

from __future__ import annotations

import copy
import itertools
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import CatalogError
from border_kit.findings import Finding, Lane, Severity, Subject
from border_kit.policy import autonomy, checks, criteria, exemptions, lane, profile, risk, tiers
from border_kit.shipment.model import Line

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8"))
PROFILE = profile.parse(DOCUMENT)
assert PROFILE.autonomy is not None
assert PROFILE.tiers is not None
AUTONOMY, TIERS = PROFILE.autonomy, PROFILE.tiers
QUESTIONS = tuple(AUTONOMY.questions)
CODES = sorted({code for item in PROFILE.criteria for signal in item.signals for code in signal.codes})


def finding(code: str) -> Finding:
    return Finding(code, Severity.ATTENTION, Subject("line", "1"), f"{code}.")


# Autonomy


@pytest.mark.parametrize(
    ("moves", "selects", "engages", "watched", "level"),
    [
        ("no", "no", "no", "yes", "A0"),
        ("yes", "no", "no", "yes", "A1"),
        ("yes", "yes", "no", "yes", "A1"),
        ("no", "yes", "no", "no", "A0"),
        ("yes", "no", "yes", "yes", "A2"),
        ("no", "no", "yes", "no", "A2"),
        ("yes", "yes", "yes", "yes", "A3"),
        ("yes", "yes", "yes", "no", "A4"),
    ],
)
def test_the_synthesis_sorts_known_answers(moves: str, selects: str, engages: str, watched: str, level: str) -> None:
    answers = dict(zip(QUESTIONS, (moves, selects, engages, watched, "no", "yes"), strict=True))
    found = autonomy.classify(AUTONOMY, answers)[0]
    assert found.level is not None
    assert found.level.id == level


def test_over_the_full_truth_table_every_definition_gives_exactly_one_level() -> None:
    for said in itertools.product(("yes", "no"), repeat=len(QUESTIONS)):
        for found in autonomy.classify(AUTONOMY, dict(zip(QUESTIONS, said, strict=True))):
            assert len(found.possible) == 1
            assert found.missing == ()


def test_two_sources_may_disagree_and_both_are_shown() -> None:
    answers = dict.fromkeys(QUESTIONS, "yes") | {"autonomy_people": "no"}
    found = {item.definition.id: item.level.id for item in autonomy.classify(AUTONOMY, answers) if item.level}
    assert found == {"synthesis": "A3", "us-3000.09": "autonomous", "icrc": "limited"}


ANSWERS = st.fixed_dictionaries({question: st.sampled_from(["yes", "no", "not_known"]) for question in QUESTIONS})


@given(ANSWERS)
def test_what_is_possible_while_answers_are_open_is_just_what_they_can_still_come_to(answers: dict[str, str]) -> None:
    open_questions = [question for question in QUESTIONS if answers[question] == "not_known"]
    for position, found in enumerate(autonomy.classify(AUTONOMY, answers)):
        reached = set()
        for said in itertools.product(("yes", "no"), repeat=len(open_questions)):
            full = answers | dict(zip(open_questions, said, strict=True))
            level = autonomy.classify(AUTONOMY, full)[position].level
            assert level is not None
            reached.add(level.id)
        assert reached == {level.id for level in found.possible}
        assert bool(found.missing) == (len(reached) > 1)


def test_goods_are_asked_about_by_entry_and_not_by_letters() -> None:
    assert AUTONOMY.concerns(["ML10.c"])
    assert AUTONOMY.concerns(["VIII(a)(5)"])
    assert not AUTONOMY.concerns(["ML13.d"])
    assert not AUTONOMY.concerns(["6A003.b.4.b"])


# Criteria


@given(st.lists(st.sampled_from(CODES), max_size=6), st.sampled_from(CODES), ANSWERS)
def test_another_finding_or_yes_never_lowers_a_band(codes: list[str], more: str, answers: dict[str, str]) -> None:
    before = criteria.assess(PROFILE.criteria, [finding(code) for code in codes], answers, [])
    after = criteria.assess(PROFILE.criteria, [finding(code) for code in [*codes, more]], answers, [])
    said = {question.id: "yes" for item in PROFILE.criteria for question in item.questions}
    worst = criteria.assess(PROFILE.criteria, [finding(code) for code in codes], answers | said, [])
    for low, high, top in zip(before, after, worst, strict=True):
        assert low.sum <= high.sum
        assert low.sum <= top.sum


def test_bands_turn_exactly_at_their_beginning() -> None:
    bands = ((0, "low"), (3, "medium"), (6, "high"))
    assert [criteria.band_of(bands, total) for total in (0, 2, 3, 5, 6, 99)] == [
        "low", "low", "medium", "medium", "high", "high",
    ]  # fmt: skip


def test_the_order_of_findings_and_how_often_one_stands_never_matters() -> None:
    once = [finding(code) for code in CODES]
    twice = [*reversed(once), *once]
    assert criteria.assess(PROFILE.criteria, once, {}, []) == criteria.assess(PROFILE.criteria, twice, {}, [])


def test_what_is_not_known_is_a_missing_fact_and_no_reason() -> None:
    open_levels = risk.look(PROFILE, [], {}, ["ML10.c"], "YY")
    harm = next(view for view in open_levels.criteria if view.criterion.id == "civilian_harm")
    assert (harm.band, harm.reasons) == ("low", ())
    assert harm.missing == ("Is it meant to engage people?",)
    sure = risk.look(PROFILE, [], {"autonomy_selects": "yes", "autonomy_engages": "yes"}, ["ML10.c"], "YY")
    harm = next(view for view in sure.criteria if view.criterion.id == "civilian_harm")
    assert harm.band == "medium"


# Tiers


def test_the_tier_matrix_has_no_gap() -> None:
    for level, band in itertools.product(("A0", "A1", "A2", "A3", "A4"), ("low", "medium", "high")):
        assert TIERS.matrix[level, band] in TIERS.tiers


def test_a_gap_in_the_matrix_is_said_and_never_passed_over() -> None:
    gap = replace(TIERS, matrix={place: tier for place, tier in TIERS.matrix.items() if place != ("A4", "high")})
    nowhere = replace(TIERS, matrix={**TIERS.matrix, ("A4", "high"): "T9"})
    destination = next(code for code, band in TIERS.destinations.items() if band == "high")
    for item in (gap, nowhere):
        with pytest.raises(CatalogError, match="no tier for A4 × high"):
            risk.look(replace(PROFILE, tiers=item), [], {}, ["ML10.c"], destination)


def test_bands_that_begin_above_nothing_still_have_a_lowest_and_none_at_all_are_refused() -> None:
    assert criteria.band_of(((3, "low"), (5, "high")), 0) == "low"
    spec = copy.deepcopy(DOCUMENT["spec"]["criteria"][0]) | {"bands": []}
    with pytest.raises(ValueError, match="without a band"):
        criteria.parse([spec])


def test_an_answer_not_known_raises_what_is_demanded() -> None:
    known = risk.look(PROFILE, [], dict.fromkeys(QUESTIONS, "no"), ["ML10.c"], "XA").tier
    unknown = risk.look(PROFILE, [], {}, ["ML10.c"], "XA").tier
    assert known
    assert unknown
    assert (known.tier.id, known.raised) == ("T1", False)
    assert (unknown.tier.id, unknown.raised) == ("T4", True)


def test_a_destination_that_no_band_names_has_the_profiles_own() -> None:
    assert (TIERS.band("XA"), TIERS.band("ZZ"), TIERS.band(None)) == ("low", "medium", "medium")


def test_goods_that_are_no_weapons_have_no_tier() -> None:
    looked = risk.look(PROFILE, [], {}, ["6A003.b.4.b"], "YY")
    assert (looked.tier, looked.autonomy) == (None, ())
    assert tiers.tier_of(TIERS, (), "YY") is None


# Exemptions

EXEMPTION = PROFILE.exemptions[0]
LINE = Line(no=1, description="mine detector", documents=("hum-demo-1",))


@pytest.mark.parametrize(
    ("codes", "destination", "day", "answer", "state"),
    [
        (["1A006"], "YY", "2026-06-01", "yes", "applies"),
        (["1A006.a"], "YY", "2026-12-31", "yes", "applies"),
        (["1A006"], "YY", "2027-01-01", "yes", "expired"),
        (["1A006"], "YY", "2025-12-31", "yes", "not_yet"),
        (["1A006"], "YY", "2026-01-01", "not_known", "condition_open"),
        (["1A006"], "YY", "2026-06-01", "no", "condition_unmet"),
        (["1A006"], "XB", "2026-06-01", "yes", "out_of_scope"),
        (["1A006"], None, "2026-06-01", "yes", "out_of_scope"),
        (["1A0061"], "YY", "2026-06-01", "yes", "out_of_scope"),
        (["ML10.c"], "YY", "2026-06-01", "yes", "out_of_scope"),
    ],
)
def test_an_exemption_holds_inside_its_scope_and_days(
    codes: list[str], destination: str | None, day: str, answer: str, state: str
) -> None:
    assert EXEMPTION.state(codes, destination, day, {"exemption_consignee": answer}) == state


def test_an_exemption_is_claimed_among_the_document_codes() -> None:
    assert exemptions.claimed(PROFILE.exemptions, LINE) is EXEMPTION
    assert exemptions.claimed(PROFILE.exemptions, replace(LINE, documents=("Y901",))) is None


def test_an_exemption_never_lifts_a_prohibition() -> None:
    claim = exemptions.finding(EXEMPTION, "applies", LINE, "1A006")
    listed = Finding("listed_party", Severity.STOP, Subject("party", "consignee"), "Listed.")
    assert lane.decide([claim], PROFILE.rules).lane is Lane.GREEN
    assert lane.decide([claim, listed], PROFILE.rules).lane is Lane.RED


# Trial profiles and chance


def test_a_trial_profile_is_scored_and_changes_nothing() -> None:
    found = [finding("watch_hs")]
    strict = replace(PROFILE, id="strict", rules=(replace(PROFILE.rules[0], codes=("watch_hs",)),))
    alone = lane.decide(found, PROFILE.rules)
    trial = risk.shadow([strict], found)
    assert trial[0].decision.lane is Lane.RED
    assert lane.decide(found, PROFILE.rules) == alone


@given(st.binary(max_size=40), st.integers(0, 1000), st.integers(0, 1000))
def test_a_draw_is_repeatable_and_a_higher_rate_keeps_what_a_lower_one_drew(text: bytes, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert lane.drawn(b"secret", text, low) == lane.drawn(b"secret", text, low)
    assert lane.drawn(b"secret", text, high) or not lane.drawn(b"secret", text, low)
    assert not lane.drawn(b"secret", text, 0)
    assert lane.drawn(b"secret", text, 1000)


def test_the_rate_of_draws_is_the_profiles() -> None:
    hits = sum(lane.drawn(b"secret", f"{number}".encode(), 20) for number in range(20_000))
    assert 320 <= hits <= 480


@pytest.mark.parametrize("chance", [Lane.BLUE, Lane.YELLOW])
def test_chance_only_ever_raises_green(chance: Lane) -> None:
    for codes in ([], ["watch_hs"], ["possible_control"], ["listed_party"]):
        before = lane.decide([finding(code) for code in codes], PROFILE.rules)
        after = lane.raised(before, chance)
        assert after.lane.rank >= before.lane.rank
        assert (after.decided_by == lane.RANDOM) == (before.lane is Lane.GREEN)
        if before.lane is not Lane.GREEN:
            assert after == before


# What is wrong with a profile


def test_the_profile_that_ships_has_no_problem() -> None:
    assert checks.problems(PROFILE) == ()


def _spoiled(path: list[Any], value: Any) -> tuple[str, ...]:
    document = copy.deepcopy(DOCUMENT)
    at = document["spec"]
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return checks.problems(profile.parse(document))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["tiers", "matrix", 3], None, "gap at A2 × low"),
        (["tiers", "matrix", 6, "tier"], "T9", "T9, which is no tier"),
        (["tiers", "definition"], "none", "no definition none"),
        (["criteria", 0, "bands", 0, "from"], 1, "bands begin at 0"),
        (["criteria", 0, "signals", 0, "weight"], -1, "negative weight"),
        (["criteria", 2, "bands", 2, "from"], 500, "never be reached"),
        (["criteria", 1, "cite"], "", "no citation"),
        (["autonomy", "questions", 1, "id"], "other", "autonomy_selects is asked nowhere"),
        (["autonomy", "definitions", 0, "levels", 4], None, "lowest level must need nothing"),
        (["autonomy", "definitions", 1, "levels", 0, "any"], [{}], "no answers lead to level semi-autonomous"),
        (["autonomy", "definitions", 2, "cite"], "", "no source"),
        (["exemptions", 0, "to"], "2020-01-01", "ends before it begins"),
        (["exemptions", 0, "destinations"], [], "empty scope"),
        (["exemptions", 0, "issuer"], "", "issuer"),
        (["rules", 9, "codes"], ["controlled_without_licence"], "can never decide"),
        (["rules", 1, "id"], "listed_party", "stands there twice"),
        (["ages", "green"], 40, "green ends before amber"),
        (["clocks", 0, "working_days"], 0, "0 working days"),
        (["random", "per_mille"], 2000, "between 0 and 1000"),
    ],
)
def test_planted_faults_are_found(path: list[Any], value: Any, says: str) -> None:
    found = _spoiled(path, value)
    assert any(says in problem for problem in found), found


def test_clocks_and_tolerances_come_from_the_profile_by_day() -> None:
    day = date(2014, 1, 1)
    assert PROFILE.tolerance(day.isoformat()).cite
    assert PROFILE.tolerance((day - timedelta(1)).isoformat()).cite == ""
    assert PROFILE.clocks == {"detention": 10, "detention_certified": 30}
