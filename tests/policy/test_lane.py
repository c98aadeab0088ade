"""From findings to a lane."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import CatalogError
from border_kit.findings import Advice, Finding, Lane, Severity, Subject, Verdict
from border_kit.policy import lane, profile

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8"))
PROFILE = profile.parse(DOCUMENT)


def finding(code: str, severity: str = "info", kind: str = "line", *, weight: int = 0, ref: str = "1") -> Finding:
    return Finding(code, Severity(severity), Subject(kind, ref), f"{code}.", weight=weight)  # type: ignore[arg-type]  # any kind of the contract


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], ("green", "release", "nothing_found", "nothing_found")),
        ([finding("watch_hs")], ("blue", "release", "nothing_found", "watch_hs")),
        ([finding("possible_control", "attention")], ("yellow", "document_check", "check", "possible_control")),
        (
            [finding("likely_control_undecided", "attention")],
            ("yellow", "document_check", "check", "likely_control_undecided"),
        ),
        (
            [finding("parties_missing_volume", "ask", "shipment")],
            ("yellow", "document_check", "cannot_tell", "parties_missing_volume"),
        ),
        (
            [finding("licences_too_old", "ask", "shipment")],
            ("yellow", "document_check", "cannot_tell", "licences_too_old"),
        ),
        (
            [finding("controlled_without_licence", "stop")],
            ("red", "detain_and_refer", "stop", "controlled_without_licence"),
        ),
        ([finding("listed_party", "stop", "party")], ("red", "detain_and_refer", "stop", "listed_party")),
        ([finding("expired", "stop", "licence")], ("red", "detain_and_refer", "stop", "expired")),
        ([finding("signature", "stop", "certificate")], ("red", "detain_and_refer", "stop", "signature")),
        (
            [finding("flag_a", "ask", weight=3), finding("flag_b", "ask", weight=3)],
            ("red", "examine", "stop", "flag_a"),
        ),
        ([finding("flag_a", "ask", weight=3)], ("yellow", "document_check", "check", "flag_a")),
        ([finding("parameter_missing", "ask")], ("green", "release", "nothing_found", "nothing_found")),
    ],
)
def test_the_mapping_of_the_contract(findings: list[Finding], expected: tuple[str, ...]) -> None:
    decision = lane.decide(findings, PROFILE.rules)
    assert (decision.lane.value, decision.advice.value, decision.verdict.value, decision.decided_by) == expected


@pytest.mark.parametrize(("weight", "expected"), [(2, Lane.GREEN), (3, Lane.YELLOW), (5, Lane.YELLOW), (6, Lane.RED)])
def test_weights_decide_at_their_boundary_and_not_below(weight: int, expected: Lane) -> None:
    assert lane.decide([finding("flag_x", "ask", weight=weight)], PROFILE.rules).lane is expected


def test_the_same_flag_on_ten_lines_is_one_flag() -> None:
    ten = [finding("flag_hs_disagrees", "ask", weight=3, ref=str(number)) for number in range(10)]
    assert lane.decide(ten, PROFILE.rules).lane is Lane.YELLOW


def test_a_listed_party_is_named_before_weaker_reasons() -> None:
    both = [finding("flag_a", "ask", weight=9), finding("listed_party", "stop", "party")]
    assert lane.decide(both, PROFILE.rules).decided_by == "listed_party"


def test_something_to_check_outranks_something_that_cannot_be_told() -> None:
    both = [finding("parties_too_old", "ask", "shipment"), finding("possible_control", "attention")]
    assert lane.decide(both, PROFILE.rules).verdict is Verdict.CHECK


def test_without_a_profile_nothing_is_better_than_a_document_check() -> None:
    assert lane.decide([finding("controls_missing_volume", "ask")], lane.WITHOUT_PROFILE).lane is Lane.YELLOW
    assert (
        lane.decide([finding("listed_party", "stop", "party")], lane.WITHOUT_PROFILE).advice is Advice.DETAIN_AND_REFER
    )


def test_why_lists_every_rule_and_what_it_saw() -> None:
    decision = lane.decide([finding("listed_party", "stop", "party", ref="consignee: X")], PROFILE.rules)
    assert [view.rule for view in decision.why] == [rule.id for rule in PROFILE.rules]
    assert decision.why[0].fires
    assert decision.why[0].saw == ("listed_party (party consignee: X)",)


CODES = ["listed_party", "possible_control", "watch_hs", "flag_a", "flag_b", "expired", "parties_too_old", "near_miss"]
findings_lists = st.lists(
    st.builds(
        finding,
        st.sampled_from(CODES),
        st.sampled_from([severity.value for severity in Severity]),
        st.sampled_from(["line", "party", "licence", "shipment"]),
        weight=st.integers(0, 5),
    ),
    max_size=8,
)


@given(findings_lists, st.randoms())
def test_the_order_of_findings_never_matters(findings: list[Finding], random: Any) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert lane.decide(findings, PROFILE.rules) == lane.decide(shuffled, PROFILE.rules)


@given(findings_lists, st.permutations(PROFILE.rules))
def test_the_order_of_rules_never_matters(findings: list[Finding], rules: list[profile.Rule]) -> None:
    assert lane.decide(findings, rules) == lane.decide(findings, PROFILE.rules)


@given(st.permutations(DOCUMENT["spec"]["rules"]))
def test_a_profile_that_states_precedence_may_list_its_rules_in_any_order(rows: list[dict[str, Any]]) -> None:
    assert profile.parse({**DOCUMENT, "spec": {**DOCUMENT["spec"], "rules": rows}}) == PROFILE


@given(findings_lists, findings_lists)
def test_more_findings_never_lower_the_lane_or_the_advice(findings: list[Finding], more: list[Finding]) -> None:
    before, after = lane.decide(findings, PROFILE.rules), lane.decide(findings + more, PROFILE.rules)
    assert after.lane.rank >= before.lane.rank
    if after.lane is before.lane and before.decided_by != after.decided_by:
        assert after.verdict is not Verdict.NOTHING_FOUND or before.verdict is Verdict.NOTHING_FOUND


def test_a_profile_that_cannot_be_applied_is_refused_with_its_name() -> None:
    broken = {**DOCUMENT, "spec": {**DOCUMENT["spec"], "rules": [{"id": "x"}]}}
    with pytest.raises(CatalogError, match="example"):
        profile.parse(broken)


def test_a_tolerance_holds_from_its_date() -> None:
    assert PROFILE.tolerance("2013-12-31").cite == ""
    assert "750.11" in PROFILE.tolerance("2014-01-01").cite
