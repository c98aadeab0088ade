"""The elements of a statement and what goods can do: demanded by tier, ticked, lacking, still missing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from border_kit.casework import outcomes
from border_kit.errors import CatalogError
from border_kit.findings import Severity
from border_kit.policy import checklists, checks, profile

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8")
PROFILE = profile.parse(yaml.safe_load(TEXT))
assert PROFILE.statements is not None
assert PROFILE.capabilities is not None
assert PROFILE.tiers is not None
STATEMENTS, CAPABILITIES = PROFILE.statements, PROFILE.capabilities
ANSWERS = st.dictionaries(st.sampled_from(list(STATEMENTS.elements)), st.sampled_from(["yes", "no", "not_known"]))


def test_every_tier_demands_a_statement_and_a_higher_one_demands_no_less() -> None:
    before: set[str] = set()
    for tier in PROFILE.tiers.tiers.values() if PROFILE.tiers else ():
        view = checklists.statement(STATEMENTS, tier.assurances, {})
        assert view is not None
        now = {item.id for item in view.elements}
        assert now > before
        before = now


@given(ANSWERS)
def test_every_element_is_there_or_lacking_or_missing_and_only_lacking_ones_are_a_finding(
    answers: dict[str, str],
) -> None:
    view = checklists.statement(STATEMENTS, ["government end-user certificate"], answers)
    assert view is not None
    shown: Any = view.to_json()
    there = [row["id"] for row in shown["elements"] if row["answer"] == "yes"]
    assert sorted([*there, *shown["missing"], *shown["absent"]]) == sorted(row["id"] for row in shown["elements"])
    assert shown["complete"] == (len(there) == len(shown["elements"]))
    found = checklists.finding(view, "EX-1")
    assert (found is not None) == ("no" in [answers.get(item.id) for item in view.elements])
    if found:
        assert found.severity is Severity.ATTENTION
        assert all(item.ask.rstrip("?") in found.message for item in view.absent)


def test_no_statement_is_asked_for_where_no_assurance_is_one() -> None:
    assert checklists.statement(STATEMENTS, ["delivery verification"], {}) is None


def test_yes_and_not_known_open_control_questions_and_no_closes_them() -> None:
    opened = {}
    for said in ("yes", "not_known", "no", None):
        view = checklists.capabilities(CAPABILITIES, ["9A012.a"], {"cap_thermal": said} if said else {})
        assert view is not None
        shown: Any = view.to_json()
        opened[said] = [item["id"] for item in shown["questions"][0]["controls"]]
        assert ("cap_thermal" in shown["open"]) == (said is None)
        assert "not looked at" in shown["limit"]
    both = ["ctl_frame_rate", "ctl_detector"]
    assert opened == {"yes": both, "not_known": both, "no": [], None: []}


def test_a_control_question_answered_with_a_value_is_no_longer_open() -> None:
    view = checklists.capabilities(CAPABILITIES, ["6A003.b"], {"cap_thermal": "yes", "ctl_frame_rate": "60 Hz"})
    assert view is not None
    shown: Any = view.to_json()
    assert shown["questions"][0]["controls"][0]["answer"] == "60 Hz"
    assert "ctl_frame_rate" not in shown["open"]
    assert "ctl_detector" in shown["open"]


def test_goods_of_other_entries_are_not_asked_what_they_can_do() -> None:
    assert checklists.capabilities(CAPABILITIES, ["ML1", "ML20", "2B001"], {}) is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('- assurance: "end-user statement"\n', '- assurance: "a letter"\n', "no tier demands 'a letter'"),
        ("id: ctl_range,", "id: ctl_link,", "ctl_link: it stands there twice"),
        ("id: cap_swarm", "id: eus_goods", "eus_goods: it stands there twice"),
        ('cite: "USML Category VIII(h)(12), swarming"', 'cite: ""', "cap_swarm: it needs a source"),
        ("kinds: [controls], older_than_days: 400", "kinds: [controls], older_than_days: 0", "old_control_lists: it needs days"),
    ],
)  # fmt: skip
def test_planted_faults_are_found(old: str, new: str, says: str) -> None:
    assert old in TEXT
    found = checks.problems(profile.parse(yaml.safe_load(TEXT.replace(old, new, 1))))
    assert any(says in problem for problem in found), found


def test_an_element_that_is_nowhere_makes_a_profile_unusable() -> None:
    with pytest.raises(CatalogError, match="eus_goods"):
        profile.parse(yaml.safe_load(TEXT.replace("{id: eus_goods,", "{id: eus_other,", 1)))


def test_lists_ask_for_a_review_from_the_day_after_their_limit() -> None:
    triggers = [item for item in PROFILE.reviews if item.about == profile.LIST_AGE]
    as_of = date(2026, 1, 1)
    volumes = [("parties", "parties", as_of), ("controls", "controls", as_of), ("names", "names", as_of)]
    for days, expected in ((60, []), (61, ["parties"]), (400, ["parties"]), (401, ["parties", "controls"])):
        found = list(outcomes.old_lists((), triggers, volumes, as_of + timedelta(days)))
        assert [review.subject for review in found] == expected
        assert all(review.evidence == (f"{review.subject}@2026-01-01",) for review in found)
