"""The desk composes: what the rooms say together, and what an office has answered before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from border_kit.desk.desk import Desk
from border_kit.desk.intake import read_shipments
from border_kit.desk.scan import recognise
from border_kit.desk.settings import Settings
from border_kit.errors import AmbiguousInputError, CatalogError, UsageError
from border_kit.findings import Advice, Lane, Verdict
from border_kit.shipment.model import LicenceRef, Line, Party, Shipment, Transport
from border_kit.shipment.readers import ReadOptions
from tests.conftest import NOW

CAMERA = Line(
    1,
    "Thermal imaging camera, uncooled 640x512 microbolometer, 30 Hz",
    "852589",
    Decimal(2),
    "pcs",
    Decimal(5000),
    "EUR",
)
PARTIES = (
    Party("exporter", "Aldermoor Instruments Ltd", "XA"),
    Party("consignee", "Norrhaven Survey Office", "YY"),
    Party("end_user", "Norrhaven Survey Office", "YY"),
)
SHIPMENT = Shipment(
    "T-1", "export", date=date(2026, 11, 20), parties=PARTIES, route=("XA", "YY"), destination="YY", lines=(CAMERA,)
)


def codes(desk: Desk, shipment: Shipment, answers: dict[str, str] | None = None) -> set[str]:
    return {finding.code for finding in desk.assess(shipment, answers).findings}


def test_a_likely_line_without_a_licence_is_not_released(desk: Desk) -> None:
    answer = desk.assess(SHIPMENT)
    assert answer.lane in (Lane.YELLOW, Lane.RED)
    assert answer.decided_by in ("likely_control_undecided", "controlled_without_licence")


def test_a_licence_that_passes_covers_the_line_and_asks_no_more_of_it(desk: Desk) -> None:
    covered = replace(SHIPMENT, lines=(replace(CAMERA, licences=(LicenceRef("IND-22-0071", 1),)),))
    answer = desk.assess(covered)
    assert answer.advice is Advice.RELEASE
    assert "licence_covers" in {finding.code for finding in answer.findings}
    assert "parameter_missing" not in {finding.code for finding in answer.findings}


def test_an_unmet_condition_fails_the_licence_and_an_unknown_one_does_not(desk: Desk) -> None:
    covered = replace(SHIPMENT, lines=(replace(CAMERA, licences=(LicenceRef("IND-22-0071", 1),)),))
    question = next(
        question.id for question in desk.assess(covered).questions if question.id.startswith("licence_condition")
    )
    assert desk.assess(covered, {question: "no"}).verdict is Verdict.STOP
    assert desk.assess(covered, {question: "not_known"}).advice is Advice.RELEASE
    assert desk.assess(covered, {question: "yes"}).advice is Advice.RELEASE


def test_y901_against_a_listed_entry_is_said(desk: Desk) -> None:
    assert "false_negative_declaration" in codes(desk, replace(SHIPMENT, lines=(replace(CAMERA, documents=("Y901",)),)))
    shirts = replace(SHIPMENT, lines=(Line(1, "cotton t-shirts", documents=("Y901",)),))
    assert "false_negative_declaration" not in codes(desk, shirts)


def test_a_code_that_claims_a_licence_without_a_number_asks_for_it(desk: Desk) -> None:
    assert "licence_number_missing" in codes(desk, replace(SHIPMENT, lines=(replace(CAMERA, documents=("X060",)),)))


def test_red_flags_of_the_papers_are_computed(desk: Desk) -> None:
    roundabout = replace(
        SHIPMENT,
        lines=(Line(1, "office desks"),),
        parties=(Party("forwarder", "Swift Cargo LLC"), Party("consignee", "SWIFT CARGO L.L.C.")),
        route=("XA", "XB", "XA", "YY"),
    )
    assert {"flag_roundabout_route"} <= codes(desk, roundabout)
    same = replace(roundabout, parties=(Party("forwarder", "Swift Cargo"), Party("consignee", "Swift Cargo")))
    assert "flag_forwarder_is_consignee" in codes(desk, same)
    bank = replace(SHIPMENT, parties=(Party("consignee", "Banque du Nord"),))
    assert "flag_consignee_is_bank" in codes(desk, bank)


def test_an_asked_flag_counts_on_yes_alone(desk: Desk) -> None:
    shirts = replace(SHIPMENT, lines=(Line(1, "cotton t-shirts"),))
    flag = next(flag.id for flag in desk.assessor.red_flags.values() if flag.kind == "asked" and flag.weight >= 3)
    for answer, expected in (("yes", True), ("no", False), ("not_known", False)):
        assert ("flag_" + flag.replace("-", "_") in codes(desk, shirts, {flag: answer})) is expected


def test_what_was_answered_is_not_asked_again(desk: Desk) -> None:
    asked = desk.assess(SHIPMENT).questions
    assert asked
    for answer, stays in (("yes", False), ("60 Hz", False), ("not_known", True)):
        again = desk.assess(SHIPMENT, {asked[0].id: answer}).questions
        assert (asked[0].id in {question.id for question in again}) is stays
    assert len({question.id for question in asked}) == len(asked)


def test_the_same_shipment_gives_the_same_answer_on_another_desk(desk: Desk, shipped: Path) -> None:
    other = Desk(Settings(catalog=shipped, now=NOW))
    assert desk.assess(SHIPMENT).to_json() == other.assess(SHIPMENT).to_json()
    assert desk.assess(SHIPMENT).to_json() == desk.assess(SHIPMENT).to_json()


def test_demo_data_are_said_in_every_answer(desk: Desk) -> None:
    assert "demo_data" in codes(desk, Shipment("E", lines=(Line(1, "chairs"),)))


def test_data_beyond_the_limit_cannot_tell(shipped: Path) -> None:
    late = Desk(Settings(catalog=shipped, now=NOW.replace(year=2027)))
    answer = late.assess(Shipment("E", lines=(Line(1, "chairs"),)))
    assert answer.verdict is Verdict.CANNOT_TELL
    assert answer.decided_by == "parties_too_old"


def test_nothing_found_never_says_not_controlled(desk: Desk) -> None:
    answer = desk.assess(Shipment("E", lines=(Line(1, "chairs"),)))
    assert answer.decided_by == "nothing_found"
    assert "catch-all still applies" in answer.findings[0].message


def test_with_a_set_clock_no_casebook_is_written(desk: Desk) -> None:
    with pytest.raises(UsageError, match="--now"):
        desk.save_case(SHIPMENT, desk.assess(SHIPMENT))


def test_a_missing_catalog_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog"):
        Desk(Settings(catalog=tmp_path / "nowhere", now=NOW)).assess(SHIPMENT)


def test_a_current_file_that_names_nothing_is_damage_not_absence(office: Path) -> None:
    office.mkdir(parents=True)
    (office / "current").write_text("7\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="generation 7"):
        _ = Desk(Settings()).catalog


@pytest.mark.parametrize(
    ("burst", "kind"),
    [
        ("CL1:6BF+70790T9WJWG", "certificate"),
        ("cl1:6bf+70790t9wjwg", "garbled"),
        ("CL1:6BF+70CL1:6BF+70", "garbled"),
        ("CL1:abc~", "garbled"),
        ("IND-22-0071", "licence"),
        ("8525.89", "hs"),
        ("2026-0001", "case"),
        ("Brumovich Trading", "words"),
        ("  ", "empty"),
    ],
)
def test_the_scan_field_knows_what_came(desk: Desk, burst: str, kind: str) -> None:
    assert recognise(desk, burst).kind == kind


AMBIGUOUS = "consignment,description,date\nA,chairs,03/04/2026\nA,desks,05/06/2026\n"


def test_an_office_answers_once_in_which_order_its_files_write_dates(shipped: Path, tmp_path: Path) -> None:
    file = tmp_path / "manifest.csv"
    file.write_text(AMBIGUOUS, encoding="utf-8")
    desk = Desk(Settings(catalog=shipped))
    _ = desk.casebook
    with pytest.raises(AmbiguousInputError) as raised:
        read_shipments(desk, file, ReadOptions())
    assert raised.value.option == "--date-order"
    read_shipments(desk, file, ReadOptions(date_order="dmy"))
    again = read_shipments(Desk(Settings(catalog=shipped)), file, ReadOptions())
    assert again.shipments[0].date == date(2026, 4, 3)
    assert any("dmy" in remark for remark in again.remarks)


def test_how_columns_are_read_is_remembered_for_files_like_it(shipped: Path, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("ref;blurb;n\nA;chairs;3\nA;desks;4\n", encoding="utf-8")
    desk = Desk(Settings(catalog=shipped))
    _ = desk.casebook
    read_shipments(desk, file, ReadOptions(columns="description=blurb,quantity=n"))
    again = read_shipments(desk, file, ReadOptions())
    assert [line.quantity for line in again.shipments[0].lines] == [Decimal(3), Decimal(4)]


def by(vessel: str | None, imo: str | None = None) -> Shipment:
    return replace(SHIPMENT, lines=(Line(1, "cotton t-shirts"),), transport=Transport(vessel, imo=imo))


@pytest.mark.parametrize(
    "transport",
    [
        by("MV Ostrava Maru Delta"),
        by("Остра́ва Мару Дельта / 0123W"),
        by("Quiet Heron", "9999917"),
        by("Quiet Heron (IMO no. 9999917) V.12"),
        by(None, "IMO 9999917"),
        by("Quiet Heron; Ostrava Maru Delta"),
    ],
)
def test_a_listed_ship_stops_the_shipment_that_it_carries(desk: Desk, transport: Shipment) -> None:
    answer = desk.assess(transport)
    assert (answer.lane, answer.decided_by) == (Lane.RED, "listed_party")
    assert answer.deciding is not None
    assert answer.deciding.subject.ref.startswith("vessel: ")
    assert [party.party.role for party in answer.parties[:3]] == ["exporter", "consignee", "end_user"]


@pytest.mark.parametrize("vessel", ["Quiet Heron", "34 ABC 567", "by sea", "LH8042", " - ", None])
def test_an_ordinary_ship_truck_or_flight_stops_nothing(desk: Desk, vessel: str | None) -> None:
    assert "listed_party" not in codes(desk, by(vessel))


def test_a_namesake_of_a_listed_ship_with_a_number_of_its_own_is_no_alert(desk: Desk) -> None:
    assert "listed_party" not in codes(desk, by("Ostrava Maru Delta", "9074729"))


def test_a_ships_number_with_a_wrong_check_digit_is_asked_for(desk: Desk) -> None:
    answer = desk.assess(by("Quiet Heron", "9999918"))
    assert answer.lane is Lane.YELLOW
    assert any(question.id == "number_wrong:vessel: Quiet Heron" for question in answer.questions)
