"""What ordinary goods are called, of every HS chapter and in every language, alerts nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from border_kit.catalog import builder
from border_kit.catalog.authored import knowledge
from border_kit.classification.model import questions
from border_kit.desk.desk import Desk
from tests.command import within

MOST = 0.005
"""The share of false alerts that is aimed at."""


def goods() -> Iterator[tuple[str, str]]:
    known, problems = knowledge.read(builder.default_sources())
    assert problems == []
    for block in known.all("ordinary_goods"):
        for chapter, _, phrase in knowledge.phrases(block.data):
            yield chapter, phrase


def test_ordinary_goods_of_every_chapter_alert_nobody(desk: Desk) -> None:
    phrases = list(goods())
    assert {chapter for chapter, _ in phrases} >= {f"{number:02d}" for number in range(1, 98) if number != 77}
    assert {chapter for chapter, _ in phrases} >= {"hard", "fr", "es", "de", "ru", "ar", "zh", "tr"}
    alerts = [phrase for _, phrase in phrases if desk.classify(phrase).verdict != "none"]
    assert len(alerts) <= MOST * len(phrases), alerts


def test_a_corrected_word_alone_names_nothing_deadly(desk: Desk) -> None:
    assert desk.classify("polyester satin").verdict == "none"
    assert desk.classify("thermal camra core 640x512 60 Hz").verdict == "likely"


def test_words_that_no_phrase_joins_still_point_at_their_class_and_say_so(desk: Desk) -> None:
    found = desk.classify("rotor tube straightening device for gas centrifuge assembly line")
    assert found.verdict in ("possible", "likely")
    near = desk.classify("hydraulic deep bore drilling machine tool with gun drill head")
    assert near.candidates[0].band != "likely"


def test_a_mount_on_a_patrol_boat_is_naval_for_a_gun_and_not_for_a_camera(desk: Desk) -> None:
    assert desk.classify("gun mounts for patrol boats").candidates[0].code == "ML9.a.1"
    assert desk.classify("camera mounts for patrol boats").verdict == "none"
    assert desk.classify("крепление камеры для сторожевого катера").verdict == "none"


@pytest.mark.parametrize(
    ("caught", "diluted"),
    [
        ("Triethanolamine 85 %", "Cement grinding aid containing 25 % triethanolamine"),
        ("Triethanolamine, CAS 102-71-6, 99 %", "Triethanolamine, CAS 102-71-6, 12 %"),
        ("Flusssäure 70 %", "Flusssäure 20 %"),
        ("Sodium cyanide briquettes 98 %", "Sodium cyanide solution 20 %"),
    ],
)
def test_a_chemical_too_dilute_to_be_caught_is_a_near_miss_whatever_else_its_name_says(
    desk: Desk, caught: str, diluted: str
) -> None:
    assert desk.classify(caught).verdict == "likely"
    answer = desk.classify(diluted)
    assert answer.verdict == "none"
    assert [finding.code for finding in answer.findings] == ["near_miss"]


@pytest.mark.parametrize(
    "text",
    [
        "toothpaste with sodium fluoride", "sodium fluoride toothpaste", "dentifrice au fluorure de sodium", "Zahnpasta mit Natriumfluorid",
        "pasta de dientes con fluoruro de sodio", "зубная паста с фторидом натрия", "含氟化钠牙膏", "hand cream with triethanolamine",
    ],
)  # fmt: skip
def test_consumer_goods_that_hold_a_precursor_are_none(desk: Desk, text: str) -> None:
    assert desk.classify(text).verdict == "none"


@pytest.mark.parametrize(
    "text",
    [
        "sodium fluoride for toothpaste", "sodium fluoride, toothpaste grade", "fluorure de sodium pour dentifrice", "soap grade triethanolamine",
        "triethanolamine for shampoo production 200 kg drums", "triethanolamine cosmetic grade",
        "cosmetic triethanolamine 99%", "phosphorus oxychloride, cosmetic grade", "thiodiglycol for the cosmetic industry", "thiodiglycol fragrance grade",
        "sodium fluoride 25 kg and toothpaste", "phosphorus trichloride, soap",
    ],
)  # fmt: skip
def test_a_precursor_for_consumer_goods_or_beside_them_stays_one(desk: Desk, text: str) -> None:
    assert "1C350" in [item.root for item in desk.classify(text).candidates]


def test_a_chemical_is_no_candidate_under_an_entry_of_its_neighbours(desk: Desk) -> None:
    assert [item.root for item in desk.classify("Triethanolamine").candidates] == ["1C350"]
    assert [item.root for item in desk.classify("Methyldiethanolamine").candidates] == ["1C450"]


def test_the_pitch_of_a_plate_is_read_however_a_data_sheet_calls_it(desk: Desk) -> None:
    for words in ("microchannel plate pitch 8 µm", "MCP pitch 8 µm", "hole pitch 8 µm"):
        found = desk.classify(f"Image intensifier tube, GaAs photocathode, {words}")
        assert "mcp_pitch" not in {question.parameter for question in questions(found)}, words


@pytest.mark.parametrize(
    "text",
    [
        "carbon fibre T800 for fishing rods", "fibre de carbone T800 pour cannes à pêche", "carbon fibre T800, bicycle grade", "Kohlenstofffaser T800 für Angelruten",
        "karbon elyaf T800 bisiklet ve olta için", "PTFE衬里隔膜阀 DN50 厨房用", "fiber laser 20 kW single mode for toy maker", "TWT 18 GHz 300 W for radar",
        "GaN power amplifier for radar", "hot isostatic press 150 MPa 1200 C for ceramic mugs", "thermal camera core 640x512 60 Hz for baby monitor",
        "thermal camera core 640x512 60 Hz, toy", "fermenter 300 l, steam sterilizable in situ, beer", "dental 5-axis machining centre, positioning 4 um", "kitchen diaphragm valve PTFE lined DN50", "صمام مبطن تفلون للمطبخ",
    ],
)  # fmt: skip
def test_a_harmless_use_leaves_named_goods_possible(desk: Desk, text: str) -> None:
    answer = desk.classify(text)
    assert answer.verdict in {"possible", "likely"}


@pytest.mark.parametrize(
    "text",
    [
        "carbon fibre fishing rod", "carbon fibre fishing rod 3.6 m", "fishing rod 3.6 m carbon fibre", "toy drone with LED lights", "valve for washing machine",
        "battery for e-bike 36 V", "laser diode for dvd player", "bearing for skateboard ABEC-7", "battery for thermal camera", "drone, toy",
        "carry case for thermal camera", "torno için kalem", "sonar for fishing", "washing machine solenoid valve", "dental CNC milling machine", "toy night vision goggles", "wafer biscuits with hazelnut cream",
    ],
)  # fmt: skip
def test_goods_that_a_harmless_word_names_stay_none(desk: Desk, text: str) -> None:
    assert desk.classify(text).verdict == "none"


def used_goods(desk: Desk) -> Iterator[str]:
    """Lines that tell a use, a neighbour or an attribute: the phrases of each clause rule, behind a name of each of its classes."""
    known, _ = knowledge.read(builder.default_sources())
    names = {item.id: item.data["terms"].get("en", []) for item in known.all("concepts") if "terms" in item.data}
    for rule in known.all("negatives"):
        phrases = rule.data["terms"].get("en", [])[:2] if rule.data["scope"] == "clause" else []
        for concept in (rule.data.get("concepts") or [])[:1]:
            full = (
                name for name in names.get(concept, [])[:8] if " " in name and desk.classify(name).verdict == "likely"
            )
            name = next(full, None)
            for phrase in phrases if name else []:
                yield from (
                    f"{name} for {phrase}",
                    f"{name}, {phrase}",
                    f"{name} and {phrase}",
                    f"{name} 12 kg {phrase}",
                )


def test_no_harmless_phrase_silences_a_full_name_that_it_only_stands_beside(desk: Desk) -> None:
    lines = list(used_goods(desk))
    assert len(lines) > 500
    silent = [line for line in lines if desk.classify(line).verdict == "none"]
    assert len(silent) <= 0.02 * len(lines), silent  # skate bearings, parking radars: released


def test_a_harmless_use_makes_goods_one_band_less_sure_and_says_so(desk: Desk) -> None:
    line = "carbon fibre T800 for fishing rods"
    plain, used = desk.classify("carbon fibre T800").candidates[0], desk.classify(line).candidates[0]
    assert (plain.band, used.band) == ("likely", "possible")
    (told,) = [item for item in used.evidence if item not in plain.evidence]
    assert told.span is not None
    assert "harmless use" in told.why
    assert line[slice(*told.span)] == "fishing rods"


def test_a_line_full_of_harmless_words_is_answered_quickly(desk: Desk) -> None:
    with within(4.0):  # seconds of the processor: a tenth of it does
        assert desk.classify("thermal camera core for toy and kitchen, " * 400).verdict == "likely"
