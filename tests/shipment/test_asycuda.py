"""ASYCUDA World declarations: field paths and habits of real files, on a fictional one."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from border_kit.errors import AmbiguousInputError, InputError
from border_kit.shipment.readers import Limits, ReadOptions, read

FIXTURE = Path(__file__).parents[1] / "fixtures/shipment/asycuda_export.xml"
SHARED = (
    Path(os.environ.get("BORDER_KIT_SHARED", Path(__file__).resolve().parents[2] / "../shared/data"))
    / "declarations/asycuda_sad"
)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample declarations are not here")


def edited(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = FIXTURE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "sad.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_head_of_a_declaration_is_read() -> None:
    manifest = read(FIXTURE)
    (shipment,) = manifest.shipments
    assert (shipment.id, shipment.direction, shipment.office, shipment.destination) == (
        "E 417",
        "export",
        "XABOR",
        "YY",
    )
    assert shipment.route == ("XA", "XB", "YY")
    assert shipment.transport.vessel == "MV Skerry"
    assert shipment.transport.containers == ("XACU1234567",)
    assert shipment.transport.seals == ("SEAL-0042",)


def test_name_and_address_of_one_cell_are_taken_apart() -> None:
    exporter, consignee, declarant = read(FIXTURE).shipments[0].parties
    assert (exporter.role, exporter.name, exporter.address) == ("exporter", "Norvik Optics AS", "Quay Road 4 Norvik")
    assert [item.value for item in exporter.identifiers] == ["XA100200"]
    assert (consignee.name, consignee.address, consignee.identifiers) == (
        "Harbour Survey Trading LLC",
        "Dock 9, Lagoon City",
        (),
    )
    assert declarant.name == "Quayside Customs Agents"


def test_items_are_read_with_licences_and_document_codes() -> None:
    camera, bolts = read(FIXTURE).shipments[0].lines
    assert camera.description == "Thermal imaging camera, uncooled"
    assert (camera.hs, camera.quantity, camera.unit) == ("85258900000", Decimal("12.0"), "Unit")
    assert (camera.value, camera.currency, camera.origin) == (Decimal(30000), "EUR", "XA")
    assert camera.documents == ("X060", "Y901")
    assert [(ref.number, ref.line) for ref in camera.licences] == [("IND-22-0071", None)]
    assert (bolts.description, bolts.quantity, bolts.unit, bolts.origin) == ("Bolts", Decimal("1.064"), "kg", None)


def test_a_bad_item_is_listed_and_the_others_read() -> None:
    manifest = read(FIXTURE)
    assert [(row.row, row.field) for row in manifest.rejected] == [(3, "Item_price")]
    assert len(manifest.shipments[0].lines) == 2


def test_one_unmistakable_date_of_the_form_proves_the_order_of_all() -> None:
    manifest = read(FIXTURE)
    assert manifest.shipments[0].date == date(2026, 3, 2)
    assert any("mdy" in remark for remark in manifest.remarks)


def test_dates_of_two_readings_are_asked_about_and_the_answer_settles_it(tmp_path: Path) -> None:
    path = edited(tmp_path, ("03/14/26", "03/04/26"), ("02/27/26", "02/07/26"))
    with pytest.raises(AmbiguousInputError) as caught:
        read(path)
    assert caught.value.option == "--date-order"
    assert read(path, ReadOptions(date_order="dmy")).shipments[0].date == date(2026, 2, 3)


def test_an_undated_form_is_no_question(tmp_path: Path) -> None:
    path = edited(tmp_path, ("03/02/26", "<null/>"), ("03/14/26", ""), ("02/27/26", "02/07/26"))
    assert read(path).shipments[0].date is None


@pytest.mark.parametrize(
    ("flow", "procedure", "direction"),
    [("I", "4", "import"), ("E", "1", "export"), ("E", "8", "transit"), ("", "1", None)],
)
def test_direction_comes_from_flow_and_procedure(
    tmp_path: Path, flow: str, procedure: str, direction: str | None
) -> None:
    path = edited(
        tmp_path, ("<Sad_flow>E<", f"<Sad_flow>{flow}<"), ("code>1</Declaration_gen_procedure", f"code>{procedure}</Declaration_gen_procedure")
    )  # fmt: skip
    assert read(path).shipments[0].direction == direction


def test_items_that_were_announced_and_are_not_there_are_noticed(tmp_path: Path) -> None:
    assert any("announces 9" in remark for remark in read(edited(tmp_path, ("items>3<", "items>9<"))).remarks)


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><ASYCUDA>&b;</ASYCUDA>'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "unsafe_xml"),
        ('<!DOCTYPE ASYCUDA SYSTEM "file:///etc/passwd"><ASYCUDA/>', "unsafe_xml"),
        ("<ASYCUDA><Item>", "bad_xml"),
        ("<ASYCUDA>&nbsp;</ASYCUDA>", "bad_xml"),
        ("<", "bad_xml"),
        ('<?xml version="1.0" encoding="klingon"?><ASYCUDA/>', "bad_xml"),
        ("<Awmds/>", "unknown_xml"),
        ("<html><body>x</body></html>", "unknown_xml"),
        ("<ASYCUDA/>", "blank_form"),
        ("<ASYCUDA>" + "<a>" * 5_000 + "</a>" * 5_000 + "</ASYCUDA>", "too_deep"),
        ("<ASYCUDA>" + "<Item/>" * 11 + "</ASYCUDA>", "too_many"),
    ],
)
def test_what_is_no_declaration_is_an_error(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "x.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path, ReadOptions(limits=Limits(items=10)))
    assert caught.value.code == code


def test_a_declaration_in_utf16_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(FIXTURE.read_text(encoding="utf-8").replace("UTF-8", "UTF-16").encode("utf-16"))
    assert read(path).shipments[0].id == "E 417"


@needs_shared
def test_real_layouts_are_read() -> None:
    (nepal,) = read(SHARED / "nepal_demo_119_items.xml").shipments
    assert (len(nepal.lines), nepal.direction, nepal.destination, nepal.date) == (119, "import", None, None)
    assert all(line.quantity is not None and line.unit and line.value is not None for line in nepal.lines)
    jamaica = read(SHARED / "jamaica_CBJ250_header_only.xml")
    assert (jamaica.shipments[0].date, jamaica.shipments[0].lines) == (date(2025, 11, 19), ())
    with pytest.raises(InputError, match="blank"):
        read(SHARED / "blank-asycuda-template.xml")
