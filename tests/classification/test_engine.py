from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from border_kit.catalog.volumes import open_catalog
from border_kit.classification.engine import Classifier
from border_kit.classification.model import Candidate, Classification, questions
from border_kit.errors import CatalogError
from border_kit.findings import Severity


def codes(answer: Classification) -> list[str]:
    return [candidate.code for candidate in answer.candidates]


def finding_codes(answer: Classification) -> list[str]:
    return [finding.code for finding in answer.findings]


def candidate(answer: Classification, code: str) -> Candidate:
    return next(found for found in answer.candidates if found.code == code)


@pytest.mark.parametrize(
    "text",
    [
        "UAV autopilot",
        "autopilots for UAVs",
        "drone flight-controller board",
        "pilote automatique pour drones",
        "автопилот для БПЛА",
        "طيار آلي للطائرة بدون طيار",
        "无人机飞控",
        "Drohnen-Flugregler",
        "İnsansız hava aracı otopilotu",
        "piloto automático para dron",
        "UAV, autopilot",
    ],
)
def test_a_class_is_named_in_eight_languages(classifier: Classifier, text: str) -> None:
    answer = classifier.classify(text)
    assert answer.verdict == "likely"
    assert codes(answer)[0] == "9A012.b.3"


@pytest.mark.parametrize(
    "text",
    [
        "cotton T-shirts, 200 pcs",
        "plush toys",
        "laser printer toner",
        "stainless kitchen pots 20 cm",
        "wooden table 120x80 cm",
        "",
        "12345",
        "…",
    ],
)
def test_ordinary_goods_are_answered_with_none(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).verdict == "none"
    assert classifier.classify(text).candidates == ()


def test_evidence_points_into_the_original_text(classifier: Classifier) -> None:
    text = "2 × ＵＡＶ  Auto\u200bpilot, new"
    answer = classifier.classify(text)
    spans = [item.span for item in answer.candidates[0].evidence if item.span]
    assert "ＵＡＶ  Auto\u200bpilot" in {text[slice(*span)] for span in spans}


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("thermal camera uncooled 640x512 30 Hz", "likely"),
        ("thermal camera uncooled 640 x 512, 60 fps", "likely"),
        ("thermal camera microbolometer 327680 pixels", "likely"),
        ("thermal camera", "possible"),
    ],
)
def test_a_class_that_usually_lies_below_is_likely_once_a_figure_is_met(
    classifier: Classifier, text: str, band: str
) -> None:
    assert candidate(classifier.classify(text), "6A003.b.4.b").band == band


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("thermal camera 384x288", "not_met"),
        ("thermal camera 111001 px", "met"),
        ("thermal camera 111000 px", "not_met"),
        ("thermal camera 111,001 pixels", "not_stated"),
        ("thermal camera >=111000 px", "not_stated"),
        ("thermal camera > 111000 px", "met"),
        ("thermal camera 80000-120000 px", "not_stated"),
    ],
)
def test_both_sides_of_a_threshold_in_several_notations(classifier: Classifier, text: str, verdict: str) -> None:
    found = candidate(classifier.classify(text), "6A003.b.4.b")
    assert found.parameters[0].verdict == verdict or text.endswith("384x288")
    if text.endswith("384x288"):
        assert found.parameters[0].verdict == "not_met" if 384 * 288 <= 111000 else "met"


@pytest.mark.parametrize(
    "rate", ["9Hz", "9 Hz", "8,5 Hz", "<= 9 Hz", "< 9 Hz", "9 fps", "frame rate: 7.5 Hz", "cadence 9 Hz"]
)
def test_a_note_that_excludes_makes_an_explained_near_miss(classifier: Classifier, rate: str) -> None:
    answer = classifier.classify(f"uncooled thermal camera 640x512 {rate}")
    released = candidate(answer, "6A003.b.4.b")
    assert released.band == "weak"
    assert released.released is not None
    assert candidate(answer, "6A993.a").band == "possible"
    near = next(finding for finding in answer.findings if finding.code == "near_miss")
    assert near.severity is Severity.INFO
    assert "US-CCL/6A993.a" in near.message
    assert near.citation == "Note 4.a of the test list"


@pytest.mark.parametrize("rate", ["9.1 Hz", "30Hz", "25 Гц", ">= 9 Hz", "7-30 Hz", "220 V 9 Hz", ""])
def test_what_is_above_or_unclear_is_not_released(classifier: Classifier, rate: str) -> None:
    answer = classifier.classify(f"uncooled thermal camera 640x512 {rate}")
    assert candidate(answer, "6A003.b.4.b").band == "likely"


def test_not_stated_never_clears_and_is_asked(classifier: Classifier) -> None:
    answer = classifier.classify("uncooled thermal camera 640x512")
    assert answer.verdict == "likely"
    assert answer.candidates[0].missing == ("frame rate",)
    assert [question.ask for question in questions(answer)] == ["What is the frame rate, in Hz?"]
    assert [finding.ask for finding in answer.findings if finding.code == "parameter_missing"] == [
        "What is the frame rate, in Hz?"
    ]


def test_equivalents_are_codes_closest_first(classifier: Classifier) -> None:
    answer = classifier.classify("uncooled thermal camera 640x512")
    assert answer.candidates[0].equivalents == ("6A003.b.4.b", "ML15.c")


def test_a_known_model_states_what_the_line_leaves_out(classifier: Classifier) -> None:
    answer = classifier.classify("Fictir Falcon640 core")
    found = candidate(answer, "6A003.b.4.b")
    assert found.band == "likely"
    assert [(item.name, item.stated, item.verdict) for item in found.parameters][:2] == [
        ("detector elements", "327680 px", "met"),
        ("cooled detector", "no", "met"),
    ]


def test_a_model_known_to_lie_below_is_an_explained_near_miss(classifier: Classifier) -> None:
    answer = classifier.classify("Fictir Mini 3 thermal camera")
    assert answer.verdict == "none"
    assert "near_miss" in finding_codes(answer)


@pytest.mark.parametrize("text", ["Mini 3 table", "Fictir Mini 3T", "mini 30 Fictir"])
def test_a_model_needs_its_brand_and_its_whole_name(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).candidates == ()


@pytest.mark.parametrize(
    "text",
    [
        "toy drone", "drone toys", "book: guided missile history book", "mug with handle, drone mug", "Spielzeug Drohne",
        "case for thermal camera", "thermal camera for baby monitor", "drone, toy", "drone in a balsa wood kit",
        "toner without drone",
    ],
)  # fmt: skip
def test_a_harmless_context_silences_a_class(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).verdict == "none"


@pytest.mark.parametrize(
    "text",
    ["UAV autopilot with case", "UAV autopilot incl. mug", "UAV autopilot for field use", "UAV autopilot w/ toy"],
)
def test_what_comes_with_the_goods_negates_nothing(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).verdict == "likely"


def test_goods_for_a_class_are_no_member_of_it_but_its_parts_may_be(classifier: Classifier) -> None:
    assert classifier.classify("adhesive tape for guided missile").verdict == "none"
    assert classifier.classify("spare parts for guided missile").verdict == "possible"
    assert classifier.classify("guided missile").verdict == "likely"


def test_the_longest_match_names_the_goods(classifier: Classifier) -> None:
    answer = classifier.classify("propellers for drone")
    assert codes(answer) == ["9A991.d"]


def test_compounds_and_typing_errors_are_understood_and_known_words_left_alone(classifier: Classifier) -> None:
    assert codes(classifier.classify("Wärmebildkamera"))[0] == "6A003.b.4.b"
    assert codes(classifier.classify("termal camrea 640x512"))[0] == "6A003.b.4.b"
    assert codes(classifier.classify("UAV autopliot"))[0] == "9A012.b.3"
    assert classifier.classify("caramel thermos").candidates == ()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("fibre optic gyroscope bias 0.1 deg/h", "met"),
        ("fibre optic gyroscope bias 0,1 °/h", "met"),
        ("fibre optic gyroscope 0.49 deg/h", "met"),
        ("fibre optic gyroscope 0.5 deg/h", "not_met"),
        ("fibre optic gyroscope 0.1-1 deg/h", "not_stated"),
        ("Faserkreisel 0,1°/h", "met"),
    ],
)
def test_a_value_is_bound_to_its_meaning(classifier: Classifier, text: str, verdict: str) -> None:
    found = candidate(classifier.classify(text), "7A002")
    assert (found.parameters[0].name, found.parameters[0].verdict) == ("bias stability", verdict)


def test_a_value_that_another_cue_claims_is_not_bound_by_its_dimension(classifier: Classifier) -> None:
    found = candidate(classifier.classify("fibre optic gyroscope range 300 deg/s"), "7A002")
    assert {item.name: item.stated for item in found.parameters} == {"bias stability": None, "rate range": "300 deg/s"}


def test_g_means_gravities_where_an_acceleration_is_asked(classifier: Classifier) -> None:
    found = candidate(classifier.classify("accelerometer ±30 g"), "7A001")
    assert [(item.stated, item.verdict) for item in found.parameters] == [("±30 g", "met")]
    assert candidate(classifier.classify("accelerometer ±10g"), "7A001").band == "weak"


def test_and_or_trees_take_figures_and_words(classifier: Classifier) -> None:
    answer = classifier.classify("UAV, range 400 km, payload 200 kg, fixed wing")
    assert candidate(answer, "9A112.a").band == "likely"
    answer = classifier.classify("UAV helicopter, range 400 km, payload 200 kg")
    assert candidate(answer, "9A112.a").band == "weak"
    assert candidate(answer, "9A012.a").band == "likely"
    assert candidate(classifier.classify("drone, Reichweite 299 km"), "9A012.a").band == "weak"


def test_hs_breaks_ties_and_disagreement_is_a_finding_not_a_veto(classifier: Classifier) -> None:
    alone = classifier.classify("UAV autopilot")
    agreed = classifier.classify("UAV autopilot", "9014.20")
    wrong = classifier.classify("UAV autopilot", "9503.00")
    assert [answer.verdict for answer in (alone, agreed, wrong)] == ["likely"] * 3
    assert agreed.candidates[0].score > alone.candidates[0].score == wrong.candidates[0].score
    assert "hs_disagrees" in finding_codes(wrong)
    assert "hs_disagrees" not in finding_codes(agreed)
    assert "hs_disagrees" in finding_codes(classifier.classify("UAV autopilot HS code 950300"))


def test_a_watched_heading_is_told(classifier: Classifier) -> None:
    answer = classifier.classify("plastic buttons", "85258900")
    assert finding_codes(answer) == ["watch_hs"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("cameras ECCN 6A003.b.4.b", "likely"),
        ("classified under 7A002", "likely"),
        ("unit 7A002", "possible"),
        ("ECCN 6A003.b.4.b.9", "likely"),
    ],
)
def test_a_stated_control_code_is_evidence(classifier: Classifier, text: str, verdict: str) -> None:
    answer = classifier.classify(text)
    assert answer.verdict == verdict
    assert "control_code_stated" in finding_codes(answer)


def test_a_code_that_the_catalog_lacks_is_told_and_not_invented(classifier: Classifier) -> None:
    answer = classifier.classify("ECCN 5A992.c routers")
    assert answer.candidates == ()
    assert "does not hold" in answer.findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "spare parts",
        "samples, 20 pcs",
        "Machinery parts as per invoice",
        "PIÈCES DÉTACHÉES",
        "20 ctns / 350 kg",
        "",
        "general cargo 1 pallet",
    ],
)
def test_a_line_that_says_nothing_is_called_vague(classifier: Classifier, text: str) -> None:
    answer = classifier.classify(text)
    assert "vague_line" in finding_codes(answer)
    assert answer.verdict != "likely"


def test_a_line_that_names_goods_is_not_vague(classifier: Classifier) -> None:
    assert "vague_line" not in finding_codes(classifier.classify("spare parts for guided missile"))
    assert "vague_line" not in finding_codes(classifier.classify("samples of cotton fabric"))


@pytest.mark.parametrize(
    ("text", "band", "missing"),
    [
        ("thiodiglycol 200 kg drums", "likely", ("concentration by weight",)),
        ("CAS 111-48-8, 45% solution", "likely", ()),
        ("Thiodiglykol 30,1 %", "likely", ()),
        ("Thiodiglykol 30,0 %", "weak", ()),
        ("TDG solution 29.9 %", "weak", ()),
        ("ink containing thiodiglycol", "possible", ("concentration by weight",)),
        ("thiodiglycol 20-40 %", "likely", ("concentration by weight",)),
    ],
)
def test_a_chemical_is_found_by_name_or_number_and_judged_by_strength(
    classifier: Classifier, text: str, band: str, missing: tuple[str, ...]
) -> None:
    found = candidate(classifier.classify(text), "1C350")
    assert (found.band, found.missing) == (band, missing)


def test_a_wrong_check_digit_names_no_chemical(classifier: Classifier) -> None:
    assert classifier.classify("CAS 111-48-7").candidates == ()


def test_what_was_not_in_force_on_a_past_day_is_not_found(catalog_root: Path) -> None:
    def verdict(day: str | None) -> str:
        opened = open_catalog(catalog_root, date(2026, 11, 23), date.fromisoformat(day) if day else None)
        return Classifier(opened).classify("glass lined reactor").verdict

    assert (verdict(None), verdict("2024-01-01"), verdict("2022-01-01")) == ("likely", "likely", "none")


def test_a_catalog_without_controls_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 1, "volumes": {}}', encoding="utf-8")
    with pytest.raises(CatalogError):
        Classifier(open_catalog(tmp_path, date(2026, 11, 23)))


def test_findings_carry_the_callers_line_and_repeats_give_the_same_answer(classifier: Classifier) -> None:
    first = classifier.classify("spare parts", ref="7")
    again = classifier.classify("spare parts", ref="8")
    assert [finding.subject.ref for finding in first.findings] == ["7"]
    assert [finding.subject.ref for finding in again.findings] == ["8"]
    assert first.candidates == again.candidates


def test_the_row_has_the_fields_of_the_contract(classifier: Classifier) -> None:
    row: Any = classifier.classify("uncooled thermal camera 640x512", "950300").to_json()
    assert set(row) >= {"verdict", "candidates", "findings", "demo"}
    best = row["candidates"][0]
    assert set(best) >= {"code", "root", "list", "band", "score", "equivalents", "missing", "parameters", "evidence"}
    assert set(best["parameters"][0]) >= {"name", "stated", "verdict"}
    assert set(best["evidence"][0]) == {"span", "row", "why"}


def test_a_sentence_near_a_text_is_possible_at_most(classifier: Classifier) -> None:
    answer = classifier.classify("imaging cameras that see heat: uncooled focal planes, a detector of many elements")
    assert answer.candidates[0].code == "6A003.b.4.b"
    assert answer.verdict == "possible"


def test_an_ordinary_sentence_is_near_no_text(classifier: Classifier) -> None:
    text = "Men's waterproof hiking jacket with detachable hood and two zip pockets, hundred per cent polyester shell"
    assert classifier.classify(text).verdict == "none"


def test_what_a_near_miss_had_silenced_is_heard_again_but_only_as_possible(classifier: Classifier) -> None:
    answer = classifier.classify("thermal imaging camera drone 60x50")
    assert answer.verdict != "likely"


def test_a_word_denied_inside_a_name_is_no_yes(classifier: Classifier) -> None:
    found = candidate(classifier.classify("thermal camera 640x512, not cooled"), "6A003.b.4.b")
    assert [item.verdict for item in found.parameters if item.name == "cooled detector"] == ["met"]


def test_what_comes_with_the_goods_ranks_behind_them(classifier: Classifier) -> None:
    assert codes(classifier.classify("UAV autopilot with fibre optic gyroscope"))[0] == "9A012.b.3"
    assert codes(classifier.classify("fibre optic gyroscope with UAV autopilot"))[0] == "7A002"
