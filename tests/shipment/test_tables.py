"""CSV manifests as senders write them: columns guessed and shown, nothing guessed that the file does not prove."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import AmbiguousInputError, InputError, UsageError
from border_kit.shipment.model import Manifest, Rejected, Shipment
from border_kit.shipment.readers import ColumnMap, DateOrder, Limits, ReadOptions, iter_shipments, preview, read
from border_kit.shipment.readers.column_map import column_map, column_map_json, parse_column_map
from border_kit.shipment.readers.tabular.columns import header_fingerprint, understand
from border_kit.shipment.readers.tabular.dates import readings
from border_kit.shipment.readers.tabular.numbers import Proof, take_apart, value_of
from border_kit.shipment.readers.tabular.scattered import Placed, together
from border_kit.shipment.readers.tabular.source import Cell
from border_kit.shipment.readers.tabular.words import words

ReadText = Callable[..., Manifest]


@pytest.fixture
def reads(tmp_path: Path) -> ReadText:
    def build(text: str | bytes, **options: object) -> Manifest:
        path = tmp_path / "manifest.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path, ReadOptions(**options))  # type: ignore[arg-type]  # each test gives the right ones

    return build


def only(manifest: Manifest) -> Shipment:
    (shipment,) = manifest.shipments
    return shipment


def told(path: Path) -> str:
    """What reading a file comes to: its shipments, or the error's message."""
    try:
        return f"{len(read(path).shipments)} shipments"
    except InputError as error:
        return error.message


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("HS-Code", "hs"), ("H.S. Code", "hs"), ("hscode", "hs"), ("Tariff No.", "hs"), ("Код ТН ВЭД", "hs"), ("海关编码", "hs"),
        ("Goods description", "description"), ("Désignation des marchandises", "description"), ("Descripción de la mercancía", "description"),
        ("Warenbezeichnung", "description"), ("Наименование товара", "description"), ("وصف البضاعة", "description"), ("品名", "description"),
        ("Eşyanın tanımı", "description"), ("Qty", "quantity"), ("Quantité", "quantity"), ("Cantidad", "quantity"), ("Menge", "quantity"),
        ("Кол-во", "quantity"), ("الكمية", "quantity"), ("数量", "quantity"), ("Miktar", "quantity"), ("Qty [pcs]", "quantity"),
        ("Net weight (kg)", "net_mass"), ("Net Wt.", "net_mass"), ("Nettogewicht in kg", "net_mass"), ("Value EUR", "value"),
        ("Total value (USD)", "value"), ("Country of Origin", "origin"), ("Licence No.", "licence"), ("Export License Number", "licence"),
        ("Shipper", "exporter"), ("Consignee name", "consignee"), ("Name of the consignee", "consignee"), ("Consignee's country", "consignee_country"),
        ("Pays du destinataire", "consignee_country"), ("End-User Address", "end_user_address"), ("Ultimate consignee", "end_user"),
        ("B/L No.", "consignment"), ("N° connaissement", "consignment"), ("Container No", "container"),
        ("Remarks", None), ("Consignee order no", None), ("Colour of the goods box", None), ("", None), ("#", None),
    ],
)  # fmt: skip
def test_headers_are_understood_in_the_languages_of_trade(header: str, field: str | None) -> None:
    match = understand(header)
    assert (match.field if match else None) == field


def test_a_manifest_is_grouped_by_its_consignment_column(reads: ReadText) -> None:
    text = (
        "B/L no,Shipper,Consignee,Consignee country,Destination,Description,HS code,Qty,Unit,Value,Currency,Licence no,Documents,Container\n"
        "BL1,Norvik Optics AS,Harbour Survey LLC,YY,YY,Thermal camera,8525.89,12,pcs,30000,EUR,IND-1#2;IND-2,X060 Y901,XACU1\n"
        "BL1,Norvik Optics AS,Harbour Survey LLC,YY,YY,Lens,900211,2,pcs,10,EUR,,,XACU2\n"
        "BL2,Quay Tools Ltd,Delta Imports,ZZ,ZZ,Bolts,731815,5,kg,20,USD,,,\n"
    )
    manifest = reads(text)
    first, second = manifest.shipments
    assert (first.id, second.id) == ("BL1", "BL2")
    assert [line.no for line in first.lines] == [1, 2]
    assert [(ref.number, ref.line) for ref in first.lines[0].licences] == [("IND-1", 2), ("IND-2", None)]
    assert first.lines[0].documents == ("X060", "Y901")
    assert first.transport.containers == ("XACU1", "XACU2")
    assert [(party.role, party.name, party.country) for party in first.parties] == [
        ("exporter", "Norvik Optics AS", None),
        ("consignee", "Harbour Survey LLC", "YY"),
    ]
    assert (second.destination, second.lines[0].unit, manifest.rejected) == ("ZZ", "kg", ())
    assert any("description ← 'Description'" in remark for remark in manifest.remarks)


@pytest.mark.parametrize("header", ["IMO", "IMO number", "Numéro IMO", "Номер ИМО", "IMO-Nummer"])
def test_ships_and_their_numbers_come_together_from_the_rows_of_a_consignment(reads: ReadText, header: str) -> None:
    text = f"B/L no,Vessel,{header},Description\nBL1,MV Skerry,9074729,Lens\nBL1,Tern,9319466,Bolts\n"
    transport = only(reads(text)).transport
    assert (transport.vessel, transport.imo) == ("MV Skerry; Tern", "9074729; 9319466")


def test_without_a_consignment_column_a_file_is_one_shipment(reads: ReadText) -> None:
    shipment = only(reads("Description,Qty\nCamera,1\nLens,2\n"))
    assert (shipment.id, [line.description for line in shipment.lines]) == ("manifest", ["Camera", "Lens"])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,50", "2,5"], ["1234.50", "2.5"]),
        (["1,234.50", "2.5"], ["1234.50", "2.5"]),
        (["1.234", "2,5"], ["1234", "2.5"]),
        (["1,234", "2.5"], ["1234", "2.5"]),
        (["1.234.567"], ["1234567"]),
        (["12,34,567"], ["1234567"]),
        (["1 234,5"], ["1234.5"]),
        (["1\u00a0234"], ["1234"]),
        (["1'234.5"], ["1234.5"]),
        (["0,123"], ["0.123"]),
        (["١٢٣٤"], ["1234"]),
        (["10", "20"], ["10", "20"]),
        (["12.5", "7"], ["12.5", "7"]),
    ],
)
def test_the_decimal_mark_is_what_the_whole_column_proves(
    reads: ReadText, cells: list[str], expected: list[str]
) -> None:
    text = "Description;Qty\n" + "".join(f"Camera;{cell}\n" for cell in cells)
    assert [line.quantity for line in only(reads(text)).lines] == [Decimal(number) for number in expected]


@pytest.mark.parametrize("cells", [["1,234"], ["1.234", "20"], ["1,234", "2.5", "2,5"]])
def test_a_number_with_two_readings_is_asked_about(reads: ReadText, cells: list[str]) -> None:
    text = "Description;Qty\n" + "".join(f"Camera;{cell}\n" for cell in cells)
    with pytest.raises(AmbiguousInputError) as caught:
        reads(text)
    assert caught.value.option == "--columns"
    assert "decimal=comma" in caught.value.hint


def test_the_answer_settles_the_reading(reads: ReadText) -> None:
    text = "Description;Qty\nCamera;1,234\n"
    assert only(reads(text, columns="decimal=comma")).lines[0].quantity == Decimal("1.234")
    assert only(reads(text, columns=ColumnMap(decimal="."))).lines[0].quantity == Decimal(1234)


def test_another_column_of_the_file_may_prove_the_mark_and_it_is_said(reads: ReadText) -> None:
    manifest = reads('Description,Qty,Value\nCamera,"1.234","9,50"\n')
    assert only(manifest).lines[0].quantity == Decimal(1234)
    assert any("quantity" in remark and "comma" in remark for remark in manifest.remarks)


@given(number=st.decimals(min_value=0, max_value=10**9, places=2), comma=st.booleans(), grouped=st.booleans())
def test_a_number_with_two_decimals_is_read_back_however_it_was_printed(
    number: Decimal, comma: bool, grouped: bool
) -> None:
    text = f"{number:,.2f}" if grouped else f"{number:.2f}"
    if comma:
        text = text.translate(str.maketrans(",.", ".,"))
    numeral = take_apart(text)
    assert numeral is not None
    assert value_of(numeral, None) == number


@pytest.mark.parametrize(
    "text", ["1.2.3", "1,2,3", "1,23.4", "12-13", "3 x 20", "1 23", "..", ",", "", "1e5", "9" * 31, "²"]
)
def test_what_is_no_number_is_not_made_one(text: str) -> None:
    numeral = take_apart(text)
    assert numeral is None or numeral.proof is Proof.BROKEN


@pytest.mark.parametrize(
    ("cells", "order", "expected"),
    [
        (["2026-03-02", "2026-12-31"], None, "2026-03-02"),
        (["02/03/2026", "24/03/2026"], None, "2026-03-02"),
        (["03/02/2026", "03/24/2026"], None, "2026-03-02"),
        (["2026/03/02"], None, "2026-03-02"),
        (["05/05/2026"], None, "2026-05-05"),
        (["20260302"], None, "2026-03-02"),
        (["11/19/25"], None, "2025-11-19"),
        (["02/03/2026"], "dmy", "2026-03-02"),
        (["02/03/2026"], "mdy", "2026-02-03"),
        (["02/03/04"], "ymd", "2002-03-04"),
    ],
)
def test_dates_are_read_as_the_file_proves_or_the_officer_says(
    reads: ReadText, cells: list[str], order: DateOrder | None, expected: str
) -> None:
    text = "B/L no;Description;Date\n" + "".join(f"BL{at};Camera;{cell}\n" for at, cell in enumerate(cells))
    assert reads(text, date_order=order).shipments[0].date == date.fromisoformat(expected)


@pytest.mark.parametrize("cells", [["02/03/2026"], ["02.03.26"], ["24/03/2026", "03/24/2026"], ["19/11/25"]])
def test_a_date_with_two_readings_is_asked_about(reads: ReadText, cells: list[str]) -> None:
    text = "B/L no;Description;Date\n" + "".join(f"BL{at};Camera;{cell}\n" for at, cell in enumerate(cells))
    with pytest.raises(AmbiguousInputError) as caught:
        reads(text)
    assert caught.value.option == "--date-order"


def test_a_date_against_the_order_that_was_said_costs_only_its_row(reads: ReadText) -> None:
    manifest = reads("B/L no;Description;Date\nA;Camera;24/03/2026\nB;Camera;03/24/2026\n", date_order="dmy")
    assert [shipment.id for shipment in manifest.shipments] == ["A"]
    assert [(row.row, row.field) for row in manifest.rejected] == [(3, "date")]


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2079, 12, 31)), st.sampled_from("./- "))
def test_a_printed_date_can_always_be_read_in_its_own_order(day: date, sign: str) -> None:
    parts = {"d": f"{day.day:02}", "m": f"{day.month:02}", "y": f"{day.year}"}
    for order in ("dmy", "mdy", "ymd"):
        assert readings(sign.join(parts[part] for part in order))[order] == day


def test_bad_rows_are_listed_and_good_ones_read(reads: ReadText) -> None:
    manifest = reads("Description,Qty,Value\nCamera,1,5\n,2,5\nLens,two,5\nBolt,-1,5\nNut,1,free\nScrew,3,\n")
    assert [line.description for line in only(manifest).lines] == ["Camera", "Screw"]
    assert [(row.row, row.field) for row in manifest.rejected] == [
        (3, "description"),
        (4, "quantity"),
        (5, "quantity"),
        (6, "value"),
    ]
    assert all(row.reason for row in manifest.rejected)


def test_a_row_that_contradicts_its_consignment_is_listed(reads: ReadText) -> None:
    manifest = reads("B/L no,Description,Destination\nA,Camera,YY\nA,Lens,ZZ\nB,Bolt,ZZ\n")
    assert [(row.row, row.field) for row in manifest.rejected] == [(3, "destination")]
    assert [(shipment.id, len(shipment.lines)) for shipment in manifest.shipments] == [("A", 1), ("B", 1)]


def test_an_empty_consignment_cell_belongs_to_the_row_above_even_if_that_was_refused(reads: ReadText) -> None:
    manifest = reads("B/L no,Description\nA,Camera\n,Lens\nB,\n,Bolt\n")
    assert [(shipment.id, [line.description for line in shipment.lines]) for shipment in manifest.shipments] == [
        ("A", ["Camera", "Lens"]),
        ("B", ["Bolt"]),
    ]


def test_titles_group_headers_unit_rows_totals_and_page_breaks_are_no_goods(reads: ReadText) -> None:
    text = (
        "CARGO MANIFEST\n,,\nVoyage 7,,,,\n"
        "Shipper,,Consignee,,Goods,,,\n"
        "Name,Country,Name,Country,Description,HS,Net,Value\n"
        ",,,,,,kg,EUR\n"
        "Norvik,XA,Harbour,YY,Camera,852589,2.5,100\n"
        "Name,Country,Name,Country,Description,HS,Net,Value\n"
        "Norvik,XA,Harbour,YY,Total station for surveyors,901530,4,200\n"
        "Subtotal:,,,,,,6.5,300\n"
        "Grand total,,,,,,6.5,300\n"
    )
    manifest = reads(text)
    assert [(line.description, line.quantity, line.unit, line.currency) for line in only(manifest).lines] == [
        ("Camera", Decimal("2.5"), "kg", "EUR"),
        ("Total station for surveyors", Decimal(4), "kg", "EUR"),
    ]
    assert [(party.role, party.name, party.country) for party in only(manifest).parties] == [
        ("exporter", "Norvik", "XA"),
        ("consignee", "Harbour", "YY"),
    ]
    assert manifest.rejected == ()


def test_a_last_row_of_bare_sums_is_no_goods_but_an_inner_one_is_a_bad_row(reads: ReadText) -> None:
    manifest = reads("Description,Qty\nCamera,1\n,5\nLens,2\n,3\n")
    assert [row.row for row in manifest.rejected] == [3]
    assert any("Row 5" in remark and "totals" in remark for remark in manifest.remarks)


def test_units_and_currencies_beside_the_number_or_in_the_header_are_taken(reads: ReadText) -> None:
    lines = only(reads("Description;Qty;Value (USD)\nCamera;20 pcs;5\nCable;3 m;€ 7\n")).lines
    assert [(line.unit, line.currency) for line in lines] == [("pcs", "USD"), ("m", "EUR")]


def test_a_unit_that_contradicts_the_unit_column_is_a_bad_row(reads: ReadText) -> None:
    manifest = reads("Description;Qty;Unit\nCamera;20 kg;pcs\nLens;2 pieces;PCS\n")
    assert [row.row for row in manifest.rejected] == [2]
    assert len(only(manifest).lines) == 1


def test_two_columns_for_one_field_are_asked_about(reads: ReadText) -> None:
    with pytest.raises(AmbiguousInputError) as caught:
        reads("Description,Invoice value,Customs value\nCamera,1,2\n")
    assert caught.value.option == "--columns"
    assert (
        only(reads("Description,Invoice value,Customs value\nCamera,1,2\n", columns="value=Customs value"))
        .lines[0]
        .value
        == 2
    )


def test_a_table_without_a_known_description_is_asked_about(reads: ReadText) -> None:
    with pytest.raises(AmbiguousInputError) as caught:
        reads("Foo,Bar\nCamera,2\n")
    assert "description=" in caught.value.hint
    line = only(reads("Foo,Bar\nCamera,2\n", columns="description=Foo,quantity=#2")).lines[0]
    assert (line.description, line.quantity) == ("Camera", Decimal(2))


def test_a_table_without_a_header_can_be_read_by_position(reads: ReadText) -> None:
    assert len(only(reads("Camera,2\nLens,3\n", columns="header=0,description=#1,quantity=#2")).lines) == 2


def test_an_empty_target_leaves_a_column_unread(reads: ReadText) -> None:
    assert only(reads("Description,Qty\nCamera,2\n", columns="quantity=")).lines[0].quantity is None


def test_a_column_that_is_not_there_is_an_error_that_lists_those_that_are(reads: ReadText) -> None:
    with pytest.raises(InputError, match="Qty"):
        reads("Description,Qty\nCamera,2\n", columns="quantity=Menge")


@pytest.mark.parametrize(
    "text", ["nonsense", "colour=Blue", "decimal=perhaps", "header=x", "{", "[1]", "@nowhere.yaml", "none.json"]
)
def test_a_column_map_that_means_nothing_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        parse_column_map(text)


@pytest.mark.parametrize(
    ("name", "content"),
    [("m.json", '{"description": "A, b", "decimal": "comma"}'), ("m.yaml", "description: A, b\ndecimal: comma\n")],
)
def test_a_column_map_may_stand_in_a_file(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    expected = ColumnMap({"description": "A, b"}, decimal=",")
    assert parse_column_map(f"@{tmp_path / name}") == expected
    assert parse_column_map('"description=A, b",decimal=comma') == expected


def test_a_column_map_survives_being_stored() -> None:
    chosen = ColumnMap({"description": "Goods", "value": ""}, ".", "cp1252", 3, "Sheet 2")
    assert column_map(column_map_json(chosen)) == chosen


def test_a_remembered_map_is_used_for_the_same_header_and_said(reads: ReadText) -> None:
    remembered = {header_fingerprint(["Foo", "Bar"]): ColumnMap({"description": "Foo"})}
    manifest = reads("Foo,Bar\nCamera,2\n", remembered=remembered)
    assert only(manifest).lines[0].description == "Camera"
    assert any("remembered" in remark for remark in manifest.remarks)
    with pytest.raises(AmbiguousInputError):
        reads("Foo,Baz\nCamera,2\n", remembered=remembered)


def test_a_preview_shows_how_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Goods,Qty,Colour\nCamera,2,red\n", encoding="utf-8")
    shown = preview(path)
    assert shown is not None
    assert shown.mapping == {"description": ("Goods",), "quantity": ("Qty",)}
    assert shown.samples == (("Camera", "2", "red"),)
    assert shown.fingerprint == header_fingerprint(["goods", "QTY", "colour"])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "Désignation,Quantité\nCaméra,2\n"), ("utf-16", "Описание,Количество\nКамера,2\n"), ("utf-16-le", "Description,Qty\nCamera,2\n"),
        ("cp1252", "Désignation;Quantité\nCaméra;2\n"), ("cp1251", "Описание товара;Количество\nТепловизор;2\n"),
        ("cp1256", "وصف البضاعة,الكمية\nكاميرا حرارية,2\n"), ("gb18030", "品名,数量\n红外热像仪,2\n"), ("cp1254", "Eşya tanımı;Miktar\nKızılötesi kamera şarjlı;2\n"),
    ],
)  # fmt: skip
def test_old_encodings_are_found_and_the_assumption_is_said(reads: ReadText, encoding: str, text: str) -> None:
    manifest = reads(text.encode(encoding))
    line = only(manifest).lines[0]
    assert (line.description, line.quantity) == (text.splitlines()[1].replace(";", ",").split(",")[0], Decimal(2))
    assert any("assumption" in remark for remark in manifest.remarks) is encoding.startswith(("cp", "gb"))


def test_the_encoding_can_be_said(reads: ReadText) -> None:
    raw = "Description;Qty\nŽarovka;2\n".encode("cp1250")
    assert only(reads(raw, columns="encoding=cp1250")).lines[0].description == "Žarovka"
    with pytest.raises(InputError):
        reads(raw, columns="encoding=utf-8")
    with pytest.raises(UsageError):
        reads(raw, columns="encoding=klingon")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(reads: ReadText, delimiter: str) -> None:
    text = f'Description{delimiter}Qty\n"Camera, {delimiter} new"{delimiter}2\n'
    assert only(reads(text)).lines[0].description == f"Camera, {delimiter} new".replace("\t", " ") or delimiter == "\t"


def test_excels_separator_line_is_followed(reads: ReadText) -> None:
    assert only(reads("sep=;\nDescription;Qty\nCamera, new;2\n")).lines[0].quantity == 2


def test_formulas_and_markup_in_cells_stay_text(reads: ReadText) -> None:
    line = only(reads('Description,Unit,Qty\n"=HYPERLINK(""http://x"")",[bold],1\n')).lines[0]
    assert (line.description, line.unit) == ('=HYPERLINK("http://x")', "[bold]")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty_file"), (b"\n\n ,,\n", "empty_table"), (b"%PDF-1.7", "unknown_format"), (b"\x89PNG\r\n", "unknown_format"),
        (bytes(range(1, 32)) * 40, "not_text"), (b'Description,Qty\n"' + b"x" * 200_000, "bad_csv"),
        (b'Description,Qty\n"' + b"x" * 110_000 + b'",1\n', "field_too_long"), (b"Description," + b"x," * 3_000, "too_many_columns"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_an_error_of_the_file(reads: ReadText, raw: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        reads(raw)
    assert caught.value.code == code


@given(st.binary(max_size=300))
def test_no_file_whatever_is_more_than_an_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(raw)
    assert told(path)


@given(
    st.lists(
        st.lists(st.text(alphabet="aDescription Qty,;\n\"'1.0-=\u202e\x00", max_size=12), min_size=1, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_no_table_whatever_is_more_than_an_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "table.csv"
    path.write_text("Description,Qty,Date,Value\n" + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    assert told(path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / "nowhere.csv")
    assert caught.value.code == "no_file"
    with pytest.raises(InputError):
        read(tmp_path)


def test_row_limits_hold(reads: ReadText) -> None:
    with pytest.raises(InputError) as caught:
        reads("Description\n" + "Camera\n" * 11, limits=Limits(rows=10))
    assert caught.value.code == "too_many_rows"


def test_scattered_consignments_are_brought_together(reads: ReadText) -> None:
    manifest = reads("B/L no,Description\nA,Camera\nB,Lens\nA,Bolt\n")
    assert [(shipment.id, len(shipment.lines)) for shipment in manifest.shipments] == [("A", 2), ("B", 1)]


def test_line_numbers_of_the_file_are_kept_and_a_clash_is_renumbered_and_said(reads: ReadText) -> None:
    manifest = reads("Line,Description\n3,Camera\n3,Lens\n,Bolt\n")
    assert [line.no for line in only(manifest).lines] == [3, 4, 5]
    assert any("used twice" in remark for remark in manifest.remarks)


def test_party_cells_with_line_breaks_give_name_and_address(reads: ReadText) -> None:
    (party,) = only(reads('Description,Consignee\nCamera,"Harbour Survey LLC\nDock 9\nLagoon City"\n')).parties
    assert (party.name, party.address) == ("Harbour Survey LLC", "Dock 9 Lagoon City")


def test_one_party_named_in_several_rows_is_one_and_two_are_two(reads: ReadText) -> None:
    text = "Description,Consignee,Consignee country\nCamera,Harbour Survey,\nLens,HARBOUR SURVEY,YY\nBolt,Harbour Survey,ZZ\n"
    assert [(party.name, party.country) for party in only(reads(text)).parties] == [
        ("Harbour Survey", "YY"),
        ("Harbour Survey", "ZZ"),
    ]


@pytest.mark.parametrize("scattered", [False, True])
def test_a_large_file_streams_in_constant_memory(tmp_path: Path, scattered: bool) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("B/L no,Description,Qty,Consignee\n")
            stream.writelines(f"BL{group(at)},Camera number {at},{at},Consignee {group(at)}\n" for at in range(rows))
        tracemalloc.start()
        count = sum(len(item.lines) for item in iter_shipments(path) if isinstance(item, Shipment))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == rows
        return top

    def group(at: int) -> int:
        return at % 300 if scattered else at // 4

    peak(100)  # what is loaded and remembered once
    assert peak(4_000) < peak(1_000) + 250_000


SCATTERED = (
    "B/L no,Description,Qty,Consignee\n"
    "A,cameras,1,Kestrel\nB,chairs,2,Aldermoor\n,desks,3,\nA,lenses,4,Kestrel\nC,,5,Orvin\nB,lamps,6,Aldermoor\nA,tripods,x,Kestrel\n"
)


def test_consignments_that_do_not_stand_together_are_brought_together(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(SCATTERED, encoding="utf-8")
    found = list(iter_shipments(path))
    shipments = {item.id: [line.description for line in item.lines] for item in found if isinstance(item, Shipment)}
    assert list(shipments.items()) == [("A", ["cameras", "lenses"]), ("B", ["chairs", "desks", "lamps"])]
    refused = {(item.row, item.field) for item in found if isinstance(item, Rejected)}
    assert refused == {(6, "description"), (8, "quantity")}


CELLS = st.one_of(
    st.none(), st.text(max_size=8), st.decimals(allow_nan=False, allow_infinity=False, places=3), st.dates()
)


@given(st.lists(st.tuples(st.text("ABC", max_size=1), st.lists(CELLS, max_size=4)), max_size=30))
def test_bringing_together_changes_nothing_but_the_order(rows: list[tuple[str, list[Cell]]]) -> None:
    placed = [Placed(number, name, cells) for number, (name, cells) in enumerate(rows, 1)]
    first = {row.consignment: row.number for row in reversed(placed)}
    assert list(together(placed)) == sorted(placed, key=lambda row: (first[row.consignment], row.number))


def test_the_guide_names_every_field_of_a_column_map() -> None:
    guide = (Path(__file__).parents[2] / "docs/manifests.md").read_text(encoding="utf-8")
    fields = {name for name in words().names if not name.endswith(("_country", "_address", "_id"))}
    assert [name for name in sorted(fields) if f"`{name}`" not in guide] == []


def test_a_table_without_a_consignment_column_says_so_where_its_rows_contradict_each_other(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text("Description,Destination\nshirts,YY\nbolts,DE\nlamps,YY\n", encoding="utf-8")
    manifest = read(path)
    assert [len(shipment.lines) for shipment in manifest.shipments] == [2]
    (hint,) = [remark for remark in manifest.remarks if "consignment" in remark]
    assert "2 rows are one shipment, and 1 that contradict them are refused" in hint
    assert '--columns "consignment=HEADER"' in hint
    path.write_text("Description,Destination\nshirts,YY\nlamps,YY\n", encoding="utf-8")
    assert not [remark for remark in read(path).remarks if "consignment" in remark]
