"""Workbooks are measured before they are opened, and read as values."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from border_kit.errors import AmbiguousInputError, InputError
from border_kit.shipment.readers import Limits, ReadOptions, detect, read
from border_kit.shipment.readers.tabular.workbook import open_workbook
from border_kit.shipment.readers.tabular.xls import measure
from tests.shipment.conftest import biff, compound, xls_label, xls_number, xls_shared

MakeXlsx = Callable[..., Path]
ROWS = [["Description", "Qty", "Value EUR"], ["Camera", 2, 0.1 + 0.2], ["Lens", "3", None]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def told(path: Path) -> str:
    """What reading a file comes to: its shipments, or the error's message."""
    try:
        return f"{len(read(path).shipments)} shipments"
    except InputError as error:
        return error.message


def test_a_workbook_is_read_with_exact_numbers(xlsx: MakeXlsx) -> None:
    (shipment,) = read(xlsx(ROWS)).shipments
    assert [(line.description, line.quantity, line.value) for line in shipment.lines] == [
        ("Camera", Decimal(2), Decimal("0.3")),
        ("Lens", Decimal(3), None),
    ]


def test_days_of_a_workbook_need_no_date_order(xlsx: MakeXlsx) -> None:
    (shipment,) = read(xlsx([["Description", "Date"], ["Camera", date(2026, 3, 2)]])).shipments
    assert shipment.date == date(2026, 3, 2)


def test_text_that_looks_like_a_number_is_asked_about_as_in_csv(xlsx: MakeXlsx) -> None:
    with pytest.raises(AmbiguousInputError):
        read(xlsx([["Description", "Qty"], ["Camera", "1,234"]]))


def test_rows_are_numbered_as_the_spreadsheet_numbers_them(xlsx: MakeXlsx) -> None:
    manifest = read(xlsx([[None], [None], ["Description", "Qty"], ["Camera", "x"], ["Lens", 1]]))
    assert [(row.row, row.field) for row in manifest.rejected] == [(4, "quantity")]


def test_merged_cells_reach_over_what_they_cover(xlsx: MakeXlsx) -> None:
    rows = [
        ["Shipper", None, "Consignee", None, None],
        ["Name", "Country", "Name", "Country", "Description"],
        ["Norvik", "XA", "Harbour", "YY", "Camera"],
        [None, None, None, None, "Lens"],
    ]
    (shipment,) = read(xlsx(rows, merged=["A1:B1", "C1:D1", "A3:A4"])).shipments
    assert [(party.role, party.name, party.country) for party in shipment.parties] == [
        ("exporter", "Norvik", "XA"),
        ("consignee", "Harbour", "YY"),
    ]
    assert len(shipment.lines) == 2


def test_a_code_that_lost_its_zero_is_restored_and_said(xlsx: MakeXlsx) -> None:
    manifest = read(xlsx([["Description", "HS code"], ["Tea", 9021000], ["Horse", "01012100"]]))
    assert [line.hs for line in manifest.shipments[0].lines] == ["09021000", "01012100"]
    assert any("first zero" in remark for remark in manifest.remarks)


def test_the_sheet_with_the_clearest_header_is_read_and_the_others_named(xlsx: MakeXlsx) -> None:
    sheets = {"Cover": [["Hello"]], "Goods": ROWS, "Notes": [["Description"], ["Spare lens"]]}
    manifest = read(xlsx(sheets=sheets))
    assert len(manifest.shipments[0].lines) == 2
    assert any("'Cover', 'Notes'" in remark for remark in manifest.remarks)
    assert (
        read(xlsx(sheets=sheets), ReadOptions(columns="sheet=Notes")).shipments[0].lines[0].description == "Spare lens"
    )
    with pytest.raises(InputError, match="Goods"):
        read(xlsx(sheets=sheets), ReadOptions(columns="sheet=Nowhere"))


def test_hidden_sheets_are_not_read_and_said(xlsx: MakeXlsx) -> None:
    manifest = read(xlsx(sheets={"Goods": ROWS, "Old": ROWS}, hidden=["Old"]))
    assert any("hidden" in remark for remark in manifest.remarks)


def test_macros_and_links_are_left_alone_and_said(xlsx: MakeXlsx) -> None:
    remarks = read(xlsx(ROWS, extra={"xl/vbaProject.bin": "x", "xl/externalLinks/externalLink1.xml": "<x/>"})).remarks
    assert any("macros" in remark for remark in remarks)
    assert any("other files" in remark for remark in remarks)


def sheet_with(cells: str) -> dict[str, str]:
    return {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'}


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>Description</t></is></c></row>'


@pytest.mark.parametrize(
    "extra",
    [
        sheet_with(HEAD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        sheet_with(HEAD + "<row r='1048576'><c\n r = 'XFD1048576'><v>1</v></c></row>"),
        sheet_with(HEAD + '<row r="900000"><c r="B900000"><v>1</v></c><c r="ZZ2"/></row>'),
        {"xl/worksheets/sheet1.xml": f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"/>'},
        sheet_with(HEAD + '<row r="3"><c x=">" r="XFD900000"><v>1</v></c></row>'),
        sheet_with(HEAD + '<!-- > --><row r="3"><![CDATA[<]]><c r="XFD900000"><v>1</v></c></row>'),
        sheet_with(HEAD + '<row r="3"><c r="&#88;FD900000"><v>1</v></c></row>'),
        sheet_with(HEAD + '<row r="3"><c r="$A$9"><v>1</v></c></row>'),
        sheet_with(HEAD + "<row>" + "<c/>" * 3_000 + "</row>" + "<row><c/></row>" * 4_000),
        sheet_with(HEAD + "<a>" * 1_000),
        {"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="cp037"?><a/>'},
        {"../../etc/cron.d/x": "x"},
        {"/absolute": "x"},
        {"C:\\windows": "x"},
        {"xl/media/a.bin": "\0" * 3_000_000},
    ],
)
def test_hostile_workbooks_are_refused_before_they_are_opened(xlsx: MakeXlsx, extra: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        read(xlsx(ROWS, extra=extra), ReadOptions(limits=Limits(archive_bytes=2_000_000)))
    assert caught.value.code == "suspicious_workbook"


def test_a_shared_text_used_many_times_counts_as_often_as_it_is_used(xlsx: MakeXlsx) -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>Description</t></si><si><t>{"x" * 30_000}</t></si></sst>'
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + "".join(
        f'<row r="{at}"><c r="A{at}" t="s"><v>1</v></c></row>' for at in range(2, 2_002)
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>"
    )
    extra = sheet_with(rows) | {"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations}
    path = xlsx(ROWS, extra=extra)
    assert len(read(path).shipments[0].lines) == 2_000
    with pytest.raises(InputError, match="memory"):
        read(path, ReadOptions(limits=Limits(cell_text=10_000_000)))


def test_too_many_parts_are_refused(xlsx: MakeXlsx) -> None:
    with pytest.raises(InputError, match="parts"):
        read(xlsx(ROWS, extra={f"x{at}": "" for at in range(30)}), ReadOptions(limits=Limits(archive_members=20)))


def test_a_part_that_lies_about_its_size_is_measured_by_inflating(xlsx: MakeXlsx) -> None:
    path = xlsx(ROWS, extra={"xl/media/a.bin": "\0" * 3_000_000})
    raw = path.read_bytes().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read(path, ReadOptions(limits=Limits(archive_bytes=2_000_000)))
    assert caught.value.code in {"suspicious_workbook", "bad_workbook"}


@pytest.mark.parametrize("cut", [4, 100, 400, -30])
def test_a_damaged_workbook_is_an_error(xlsx: MakeXlsx, cut: int) -> None:
    path = xlsx(ROWS)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError):
        read(path)


def test_flipped_bytes_are_an_error_or_a_reading_and_never_more(xlsx: MakeXlsx) -> None:
    raw = xlsx(ROWS).read_bytes()
    path = xlsx(ROWS)
    for at in range(0, len(raw), 23):
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
        assert told(path)


def test_a_zip_that_is_no_workbook_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "x")
    with pytest.raises(InputError):
        read(path)


def written(tmp_path: Path, stream: bytes) -> Path:
    path = tmp_path / "manifest.xls"
    path.write_bytes(compound(stream))
    return path


def test_a_legacy_workbook_is_read(tmp_path: Path) -> None:
    cells = xls_label(0, 0, "Description") + xls_label(0, 1, "Qty") + xls_label(1, 0, "Caméra") + xls_number(1, 1, 2.5)
    (shipment,) = read(written(tmp_path, biff(cells))).shipments
    assert [(line.description, line.quantity) for line in shipment.lines] == [("Caméra", Decimal("2.5"))]


def test_shared_texts_of_a_legacy_workbook_are_counted_through_their_continuations(tmp_path: Path) -> None:
    texts = ["Description", "x" * 9_000, "Lens"]
    cells = xls_shared(0, 0, 0) + b"".join(xls_shared(row, 0, 1) for row in range(1, 101)) + xls_shared(101, 0, 2)
    size = measure(written(tmp_path, biff(cells, texts)).read_bytes())
    assert (size.cells, size.characters) == (102, 11 + 100 * 9_000 + 4)
    assert len(read(tmp_path / "manifest.xls").shipments[0].lines) == 101
    with pytest.raises(InputError, match="memory"):
        read(tmp_path / "manifest.xls", ReadOptions(limits=Limits(cell_text=800_000)))


def test_a_legacy_sheet_of_two_far_corners_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, biff(xls_label(0, 0, "Description") + xls_number(65_535, 255, 1)))
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "suspicious_workbook"


def test_flipped_bytes_of_a_legacy_workbook_are_an_error_or_a_reading(tmp_path: Path) -> None:
    path = written(tmp_path, biff(xls_label(0, 0, "Description") + xls_label(1, 0, "Lens"), ["a", "b"]))
    raw = path.read_bytes()
    for at in [*range(0, 620, 3), *range(4_608, len(raw), 7)]:
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
        assert told(path)


def test_an_ole_file_that_is_no_workbook_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000)
    assert detect(path) == "workbook"
    with pytest.raises(InputError):
        read(path)


def test_a_long_sheet_is_never_a_table_of_cells_in_memory(xlsx: MakeXlsx) -> None:
    path = xlsx(
        [["Description", *(f"Note {n}" for n in range(19))], *([f"goods {n}", *range(19)] for n in range(3_000))]
    )
    (sheet,) = open_workbook(path, Limits()).values()
    tracemalloc.start()
    try:
        counts = [sum(1 for _ in sheet.rows()) for _ in range(2)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert counts == [3_001, 3_001]
    assert peak < 1_000_000


def test_merged_cells_that_overlap_are_refused(xlsx: MakeXlsx) -> None:
    assert "overlap" in told(xlsx(ROWS, merged=["A1:C3", "A2:C3", "A3:C3"]))
    assert told(xlsx(ROWS, merged=["B2:B1048576"])) == "1 shipments"


def test_merged_cells_of_a_sheet_that_begins_in_the_middle_reach_over_what_they_cover(xlsx: MakeXlsx) -> None:
    rows = [[None], [None, "Consignee", "Description"], [None, "Harbour", "Camera"], [None, None, "Lens"]]
    path = xlsx(rows, merged=["B3:B4"])
    (sheet,) = open_workbook(path, Limits()).values()
    assert list(sheet.rows()) == [
        (2, ["Consignee", "Description"]),
        (3, ["Harbour", "Camera"]),
        (4, ["Harbour", "Lens"]),
    ]
