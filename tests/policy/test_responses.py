"""The response ladder: how far to go for what was found, and never a penalty."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from border_kit.findings import Advice, Finding, Severity, Subject
from border_kit.policy import responses
from border_kit.policy.profile import load
from border_kit.policy.responses import Ladder, Step, applying, parse, problems
from tests.command import ROOT

WORDS = ("let_go", "let_correct", "ask_papers", "look_at_goods", "hold_lines", "hold_all")


@pytest.fixture(scope="module")
def ladder() -> Ladder:
    document = yaml.safe_load((ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8"))
    return parse(document["spec"]["responses"])


def found(*codes: str) -> tuple[Finding, ...]:
    return tuple(Finding(code, Severity.STOP, Subject("shipment", "EX-1"), code) for code in codes)


@pytest.mark.parametrize(
    ("advice", "codes", "step"),
    [
        (Advice.RELEASE, ("nothing_found",), "let_go"),
        (Advice.DOCUMENT_CHECK, ("vague_line",), "let_correct"),
        (Advice.DOCUMENT_CHECK, ("vague_line", "possible_control"), "ask_papers"),
        (Advice.EXAMINE, ("flag_consignee_is_bank",), "look_at_goods"),
        (Advice.DETAIN_AND_REFER, ("controlled_without_licence",), "hold_lines"),
        (Advice.DETAIN_AND_REFER, ("controlled_without_licence", "certificate_signature_invalid"), "hold_all"),
        (Advice.RELEASE, ("listed_party",), "let_go"),
    ],
)
def test_the_furthest_step_whose_rule_fits_is_told(
    ladder: Ladder, advice: Advice, codes: tuple[str, ...], step: str
) -> None:
    response = applying(ladder, advice, codes[0], found(*codes))
    assert response is not None
    assert response.step.id == step
    row = response.to_json()
    assert [item["step"] for item in row["ladder"] if item["here"]] == [step]  # type: ignore[index,union-attr,call-overload]
    assert row["limit"] == responses.LIMIT


@given(
    st.sampled_from(list(Advice)),
    st.lists(st.sampled_from(["listed_party", "possible_control", "vague_line", "licence_revoked", "watch_hs"])),
    st.randoms(use_true_random=False),
)
def test_every_advice_has_a_step_of_its_own_kind_and_order_never_matters(
    advice: Advice, codes: list[str], chance: object
) -> None:
    steps = tuple(
        Step(name, name, "what to do", "where it stands", frozenset({advice_of}), codes_of)
        for name, advice_of, codes_of in (
            ("a", Advice.RELEASE, ()),
            ("b", Advice.DOCUMENT_CHECK, ()),
            ("c", Advice.DOCUMENT_CHECK, ("possible_*",)),
            ("d", Advice.EXAMINE, ()),
            ("e", Advice.DETAIN_AND_REFER, ()),
            ("f", Advice.DETAIN_AND_REFER, ("listed_party",)),
        )
    )
    told = applying(Ladder("cite", steps), advice, "x", found(*codes))
    shuffled = list(codes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert told == applying(Ladder("cite", steps), advice, "x", found(*shuffled))
    assert told is not None
    assert advice in told.step.advice


@pytest.mark.parametrize(
    "text",
    [
        "The exporter is fined.",
        "Seize the goods.",
        "It means a penalty of 500.",
        "Des pénalités s'appliquent",
        "Die Beschlagnahme folgt",
        "На него наложат ШТРАФ",
        "تفرض غرامة على المصدر",
        "处以罚款",
    ],
)
def test_a_step_that_names_a_penalty_is_never_told_and_lint_says_so(text: str) -> None:
    mild = Step("mild", "Ask", "Ask for the paper.", "cite", frozenset(Advice))
    harsh = Step("harsh", "More", text, "cite", frozenset(Advice))
    ladder = Ladder("cite", (mild, harsh))
    response = applying(ladder, Advice.EXAMINE, "x", ())
    assert response is not None
    assert response.step is mild
    assert text not in str(response.to_json())
    assert any("names a penalty" in problem and "harsh" in problem for problem in problems(ladder))


def test_ordinary_words_are_no_penalty() -> None:
    step = Step(
        "a", "Fine wire", "Finely ground powder; it is fine to go on; suspended licence.", "c", frozenset(Advice)
    )
    assert step.beyond == ()


def test_lint_finds_gaps_twins_and_missing_sources(ladder: Ladder) -> None:
    assert list(problems(ladder)) == []
    broken = Ladder("", (*ladder.steps[1:], ladder.steps[1], Step("x", "x", "", "", frozenset({Advice.EXAMINE}))))
    words = "\n".join(problems(broken))
    assert "let_correct: it stands there twice" in words
    assert "x: it needs a text" in words
    assert "no citation" in words
    assert "advice release" in words


def test_the_profile_that_ships_has_a_ladder(shipped: Path) -> None:
    from border_kit.catalog.volumes import open_catalog  # noqa: PLC0415 - here alone
    from tests.conftest import NOW  # noqa: PLC0415 - here alone

    found_ladder = load(open_catalog(shipped, NOW.date(), None)).responses
    assert found_ladder is not None
    assert tuple(step.id for step in found_ladder.told) == WORDS
