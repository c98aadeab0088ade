"""Answers to parameters classify a line again, and lines that make a whole together are a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from border_kit.desk import cases
from border_kit.desk.answers import Assessment
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.errors import UsageError
from border_kit.shipment.model import Line, Party, Shipment

PARTIES = (Party("exporter", "Aldermoor Instruments Ltd", "XA"), Party("consignee", "Norrhaven Survey Office", "YY"))


def shipment(*descriptions: str, hs: dict[int, str] | None = None) -> Shipment:
    lines = tuple(Line(no, text, (hs or {}).get(no)) for no, text in enumerate(descriptions, 1))
    return Shipment("T-1", "export", date=date(2026, 11, 20), parties=PARTIES, destination="YY", lines=lines)


def wholes(answer: Assessment) -> list[str]:
    return [finding.message for finding in answer.findings if finding.code == "system_in_parts"]


CAMERA = "Thermal imaging camera core, uncooled VOx 640x512"


def test_an_answer_above_the_threshold_meets_and_one_below_releases(desk: Desk) -> None:
    fast = desk.classify(CAMERA, answers={"frame_rate": "60 Hz"})
    slow = desk.classify(CAMERA, answers={"frame_rate": "9"})
    assert (fast.candidates[0].code, fast.verdict) == ("6A003.b.4.b", "likely")
    assert "near_miss" in {finding.code for finding in slow.findings}
    answered = next(row for item in fast.candidates for row in item.parameters if row.id == "frame_rate")
    assert (answered.stated, answered.source, answered.verdict) == ("60 Hz", "answer", "met")


def test_an_answer_stands_above_what_the_line_states(desk: Desk) -> None:
    line = "Thermal imaging camera core 640x512 60 Hz"
    assert desk.classify(line).verdict == "likely"
    assert "near_miss" in {finding.code for finding in desk.classify(line, answers={"frame_rate": "9 Hz"}).findings}


def test_not_known_never_clears_and_stays_a_question(desk: Desk) -> None:
    open_line, unknown = desk.classify(CAMERA), desk.classify(CAMERA, answers={"frame_rate": "not_known"})
    assert unknown == open_line
    assert "frame_rate" in {question.parameter for item in unknown.candidates for question in item.questions}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("frame_rate", "blue", "answer_unreadable"),
        ("frame_rate", "60 kg", "answer_unreadable"),
        ("cooled", "maybe", "answer_unreadable"),
        ("no_such_parameter", "1", "parameter_unknown"),
    ],
)
def test_an_answer_that_is_no_value_of_its_parameter_is_refused(desk: Desk, name: str, value: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        desk.classify(CAMERA, answers={name: value})
    assert caught.value.code == code


def test_an_answer_that_no_entry_asks_is_said_to_change_nothing(desk: Desk) -> None:
    found = desk.classify("cotton shirts", answers={"frame_rate": "60 Hz"})
    assert [finding.code for finding in found.findings] == ["answer_unused"]


def test_a_case_is_rated_step_by_step_and_can_be_taken_up_again(shipped: Path, tmp_path: Path) -> None:
    desk = Desk(Settings(catalog=shipped, casebook=tmp_path / "book.sqlite"))
    goods = shipment(CAMERA)
    number = desk.save_case(goods, desk.assess(goods)).case_id
    first = desk.cases.show(number).assessment["open_parameters"][0]
    assert (first["id"], first["kind"], first["unit"]) == ("line_1:frame_rate", "quantity", "Hz")
    unknown = cases.answer(desk, number, first["id"], "not_known").assessment["open_parameters"]
    assert [row["id"] for row in unknown if row["asked_before"]] == ["line_1:frame_rate"]
    assert unknown[-1]["id"] == "line_1:frame_rate"
    with pytest.raises(UsageError):
        cases.answer(desk, number, first["id"], "see data sheet")
    rated = cases.answer(desk, number, first["id"], "9 Hz")
    assert "line_1:frame_rate" not in {row["id"] for row in rated.assessment["open_parameters"]}
    assert [event.data["answer"] for event in rated.events if event.kind == "answered"] == ["not_known", "9 Hz"]
    assert "near_miss" in {finding["code"] for finding in rated.assessment["findings"]}
    desk.close()


@pytest.mark.parametrize(
    ("descriptions", "whole"),
    [
        (("drone airframe, carbon", "two-stroke engine 60cc", "uav autopilot board"), "an uncrewed aircraft"),
        (("планер БПЛА", "двухтактный двигатель", "видеопередатчик 5.8 ГГц"), "an uncrewed aircraft"),
        (("thermal camera core 640x512", "germanium lens 35 mm", "aluminium housing"), "a thermal camera"),
        (("image intensifier tube Gen 3", "eyepiece assembly"), "a night vision device"),
        (("rocket nozzle throat insert", "solid rocket motor", "pyrotechnic igniter"), "a rocket"),
        (("maraging steel tube", "frequency converter 1 kHz", "ring magnet", "vacuum pump"), "a gas centrifuge or its cascade"),
        (("rifle barrel blank", "80% lower receiver"), "a firearm"),
        (("agricultural drone 30 kg", "spray tank and centrifugal nozzle"), "an uncrewed aircraft that sprays"),
    ],
)  # fmt: skip
def test_lines_that_make_a_whole_together_are_a_finding_of_the_shipment(
    desk: Desk, descriptions: tuple[str, ...], whole: str
) -> None:
    found = wholes(desk.assess(shipment(*descriptions)))
    assert any(f"may make {whole}:" in message for message in found), found


@pytest.mark.parametrize(
    "descriptions",
    [
        ("drone airframe, carbon",),
        ("drone airframe and two-stroke engine and autopilot",),
        ("cotton shirts", "two-stroke engine for chainsaw", "video camera"),
        ("camera lens 50 mm", "plastic housing", "eyepiece for telescope"),
        ("frequency converter", "vacuum pump", "pressure transmitter"),
        ("toy drone airframe", "toy autopilot", "toy video transmitter"),
    ],
)
def test_parts_of_nothing_and_a_single_line_make_no_whole(desk: Desk, descriptions: tuple[str, ...]) -> None:
    assert wholes(desk.assess(shipment(*descriptions))) == []


def test_a_part_may_be_declared_by_its_hs_code_alone_and_the_order_of_lines_does_not_matter(desk: Desk) -> None:
    goods = shipment("uav autopilot board", "brushless motor", "parts", hs={3: "8807.10"})
    assert len(wholes(desk.assess(goods))) == 1
    turned = replace(goods, lines=tuple(reversed(goods.lines)))
    assert wholes(desk.assess(turned)) == wholes(desk.assess(goods))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("thiodiglycol 8 % in methanol", "none"),
        ("thiodiglycol, purity 98 %", "likely"),
        ("thiodiglycol in 70 % methanol", "possible"),
        ("solution of 12 % thiodiglycol", "likely"),
        ("phosgene 5 %, methanol 95 %", "none"),
        ("thiodiglycol 30 % v/v solution", "possible"),
        ("UN 1689 drums", "likely"),
        ("UN 0030 boxes", "possible"),
        ("CAS 111-48-8", "likely"),
        ("CAS 111-48-9", "none"),
    ],
)
def test_a_concentration_is_bound_to_its_chemical_and_decides(desk: Desk, text: str, verdict: str) -> None:
    assert desk.classify(text).verdict == verdict


def test_the_highest_of_a_range_is_its_upper_end(desk: Desk) -> None:
    found = desk.classify("frequency converter, output 0-1000 Hz")
    verdicts = {
        row.verdict for item in found.candidates for row in item.parameters if row.id == "el_vfd_freq" and row.stated
    }
    assert "met" in verdicts


def test_none_of_these_is_an_answer_to_every_choice(desk: Desk) -> None:
    question = next(
        one for item in desk.classify(CAMERA).candidates for one in item.questions if one.parameter == "camera_use"
    )
    assert question.choices[-1] == "none_of_these"
    found = desk.classify(CAMERA, answers={"camera_use": "none of these", "frame_rate": "60 Hz"})
    assert "camera_use" not in {one.parameter for item in found.candidates for one in item.questions}
    assert found.verdict == "likely"


def test_what_a_rule_asks_is_answered_by_yes_no_and_not_known_however_they_are_written(
    shipped: Path, tmp_path: Path
) -> None:
    desk = Desk(Settings(catalog=shipped, casebook=tmp_path / "book.sqlite"))
    goods = shipment(CAMERA)
    number = desk.save_case(goods, desk.assess(goods)).case_id
    for question in ("serials-removed", "autonomy_selects", "eus_signed", "cap_thermal"):
        with pytest.raises(UsageError) as caught:
            cases.answer(desk, number, question, "perhaps")
        assert caught.value.code == "answer_unclear"
    assert cases.answer(desk, number, "serials-removed", "Not known").answers == {"serials-removed": "not_known"}
    flagged = cases.answer(desk, number, "serials-removed", " YES ")
    assert flagged.answers == {"serials-removed": "yes"}
    assert "flag_serials_removed" in {row["code"] for row in flagged.assessment["findings"]}
    assert cases.answer(desk, number, "who said so", "the driver").answers["who said so"] == "the driver"


def test_a_line_that_the_case_lacks_is_not_answered_about(shipped: Path, tmp_path: Path) -> None:
    desk = Desk(Settings(catalog=shipped, casebook=tmp_path / "book.sqlite"))
    goods = shipment(CAMERA)
    number = desk.save_case(goods, desk.assess(goods)).case_id
    with pytest.raises(UsageError, match="no line 9"):
        cases.answer(desk, number, "line_9:frame_rate", "9 Hz")
    assert [event.kind for event in desk.cases.show(number).events] == ["opened"]
