"""Shipment JSON is read strictly: every error has its path, and reader and schema agree."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import InputError
from border_kit.shipment.model import to_json
from border_kit.shipment.readers import Limits, ReadOptions, parse_json, read, read_shipment, shipment_from_json

SCHEMA = jsonschema_rs.validator_for(
    json.loads((Path(__file__).parents[2] / "docs/schemas/shipment.schema.json").read_text(encoding="utf-8")),
    validate_formats=True,
)

GOOD: dict[str, Any] = {
    "id": "EX-1",
    "direction": "export",
    "office": "XA-BOR-01",
    "date": "2026-03-02",
    "end_use": "harbour survey",
    "parties": [
        {
            "role": "exporter", "name": "Norvik Optics AS", "country": "XA", "address": "Quay Road 4", "born": "1970-01",
            "identifiers": [{"type": "imo", "value": "9074729"}],
        }
    ],
    "route": ["XA", "XB", "YY"],
    "destination": "YY",
    "transport": {"vessel": "MV Skerry", "imo": "9074729", "containers": ["XACU1234567"], "seals": ["S1"]},
    "lines": [
        {
            "no": 1, "description": "Thermal camera", "hs": "852589", "quantity": "20", "unit": "pcs", "value": "12000.50",
            "currency": "EUR", "origin": "XA", "documents": ["Y901"], "licences": [{"number": "IND-22-0071", "line": 1}],
        },
        {"no": 2, "description": "Lens", "quantity": 3, "value": 1.5},
    ],
    "certificates": ["CL1:AB  C "],
}  # fmt: skip


def good(**changes: object) -> dict[str, Any]:
    return copy.deepcopy(GOOD) | changes


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document, itself included."""
    found = [path]
    if isinstance(value, dict):
        found += [deep for key, child in value.items() for deep in paths(child, (*path, key))]
    if isinstance(value, list):
        found += [deep for index, child in enumerate(value) for deep in paths(child, (*path, index))]
    return found


def with_value(path: tuple[str | int, ...], value: object) -> Any:
    document: Any = good()
    if not path:
        return value
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def test_a_shipment_survives_being_written_and_read_again() -> None:
    shipment = shipment_from_json(good(), position=1)
    assert shipment_from_json(to_json(shipment), position=1) == shipment


def test_amounts_are_exact_decimals_whether_text_or_number() -> None:
    shipment = shipment_from_json(
        parse_json('{"id":"a","lines":[{"description":"x","quantity":0.1,"value":"0.10"}]}'), position=1
    )
    assert shipment.lines[0].quantity == Decimal("0.1")
    assert shipment.lines[0].value == Decimal("0.10")
    assert shipment_from_json({"id": "a", "lines": [{"description": "x", "quantity": 0.1}]}, position=1).lines[
        0
    ].quantity == Decimal("0.1")


def test_null_is_not_stated_and_a_missing_number_is_the_position() -> None:
    nothing = {"description": "x", "quantity": None, "unit": None, "hs": None, "licences": None}
    shipment = shipment_from_json({"id": "a", "parties": None, "lines": [nothing, nothing]}, position=1)
    assert [line.no for line in shipment.lines] == [1, 2]
    assert (shipment.lines[0].quantity, shipment.parties, shipment.date) == (None, (), None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"lines": None}, "lines"),
        ({"lines": {}}, "lines"),
        ({"lines": ["camera"]}, "lines[0]"),
        ({"lines": [{"hs": "852589"}]}, "lines[0].description"),
        ({"lines": [{"description": "x"}, {"description": "y", "quantity": "1,5"}]}, "lines[1].quantity"),
        ({"lines": [{"description": "x", "quantity": True}]}, "lines[0].quantity"),
        ({"lines": [{"description": "x", "quantity": "-1"}]}, "lines[0].quantity"),
        ({"lines": [{"description": "x", "quantity": -1}]}, "lines[0].quantity"),
        ({"lines": [{"description": "x", "quantity": float("nan")}]}, "lines[0].quantity"),
        ({"lines": [{"description": "x", "quantity": float("inf")}]}, "lines[0].quantity"),
        ({"lines": [{"description": "x", "value": "1e99"}]}, "lines[0].value"),
        ({"lines": [{"description": "x", "value": Decimal("1e-400")}]}, "lines[0].value"),
        ({"lines": [{"description": "x", "no": 0}]}, "lines[0].no"),
        ({"lines": [{"description": "x", "no": "1"}]}, "lines[0].no"),
        ({"lines": [{"description": "x", "no": 2}, {"description": "y"}]}, "lines[1].no"),
        ({"lines": [{"description": "x", "hs": 852589}]}, "lines[0].hs"),
        ({"lines": [{"description": "x", "licences": ["IND-1"]}]}, "lines[0].licences[0]"),
        ({"lines": [{"description": "x", "licences": [{"line": 1}]}]}, "lines[0].licences[0].number"),
        ({"parties": [{"role": "buyer", "name": "x"}]}, "parties[0].role"),
        ({"parties": [{"role": ["exporter"], "name": "x"}]}, "parties[0].role"),
        ({"parties": [{"role": "exporter"}]}, "parties[0].name"),
        ({"date": "02/03/2026"}, "date"),
        ({"date": "2026-02-30"}, "date"),
        ({"direction": "sideways"}, "direction"),
        ({"route": "XA"}, "route"),
        ({"transport": []}, "transport"),
        ({"transport": {"seals": [1]}}, "transport.seals[0]"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(change: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        shipment_from_json(good(**change), position=5)
    assert (caught.value.field, caught.value.row) == (field, 5)


def test_line_two_without_a_number_after_a_line_numbered_two_is_a_clash() -> None:
    with pytest.raises(InputError, match="used twice"):
        shipment_from_json({"id": "a", "lines": [{"no": 2, "description": "x"}, {"description": "y"}]}, position=1)


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 100_001, "\ud800", "\x00\x1b[31m", "\u202eevil", "[red]", "\u202e", "a\nb"]
)
def test_any_string_whatever_gets_an_ordinary_answer(text: str) -> None:
    for field in ("id", "office", "end_use", "destination"):
        assert shipment_from_json(good(**{field: text}), position=1).lines
    line = {
        "description": text,
        "hs": text,
        "unit": text,
        "currency": text,
        "origin": text,
        "documents": [text],
        "licences": [{"number": text}],
    }
    found = shipment_from_json(
        good(lines=[line], route=[text], parties=[{"role": "notify", "name": text, "country": text}]), position=1
    )
    shown = json.dumps(to_json(found), ensure_ascii=False)
    assert "\ud800" not in shown
    assert "\u202e" not in shown
    assert "\\u001b" not in shown


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    found = shipment_from_json(parse_json('{"id":"\\ud800","lines":[]}'), position=1)
    assert found.id == "\ufffd"


def test_spaces_in_a_certificate_are_part_of_it() -> None:
    assert shipment_from_json(good(), position=1).certificates == ("CL1:AB  C ",)


def test_codes_are_tidied_and_odd_ones_remarked_on() -> None:
    line = {"description": "x", "hs": "8525.89 00", "currency": "eur", "origin": "Germany", "documents": ["y901"]}
    shipment, remarks = read_shipment(
        {"id": "a", "destination": "Atlantis", "colour": 1, "lines": [line, {"description": "y", "hs": "camera"}]},
        position=1,
    )
    assert shipment.lines[0].hs == "85258900"
    assert (shipment.lines[0].currency, shipment.lines[0].origin, shipment.lines[0].documents) == (
        "EUR",
        "DE",
        ("Y901",),
    )
    assert (shipment.destination, shipment.lines[1].hs) == ("Atlantis", None)
    assert len(remarks) == 3
    assert any("colour" in remark for remark in remarks)


WRONG: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        2,
        -1,
        1.5,
        10**31,
        "",
        "x",
        "12",
        "12.5",
        "-3",
        "1e5",
        "1e400",
        "2026-03-02",
        "2026-02-30",
        "export",
        "exporter",
        [],
        [[]],
        ["a"],
        [1],
        {},
        {"a": 1},
    ]
)


@given(path=st.sampled_from(paths(GOOD)), value=WRONG)
def test_reader_and_schema_agree_on_what_is_a_shipment(path: tuple[str | int, ...], value: object) -> None:
    document = with_value(path, value)
    numbers = (
        [line.get("no") for line in document["lines"]]
        if isinstance(document, dict)
        and isinstance(document.get("lines"), list)
        and all(isinstance(line, dict) for line in document["lines"])
        else []
    )
    clash = SCHEMA.is_valid(document) and len({no or at for at, no in enumerate(numbers, 1)}) != len(numbers)
    try:
        shipment_from_json(document, position=1)
        accepted = True
    except InputError:
        accepted = False
    assert accepted == (SCHEMA.is_valid(document) and not clash)


@given(path=st.sampled_from([path for path in paths(GOOD) if path and isinstance(path[-1], str)]))
def test_reader_and_schema_agree_on_what_must_be_there(path: tuple[str | int, ...]) -> None:
    document: Any = good()
    place = document
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    try:
        shipment_from_json(document, position=1)
        accepted = True
    except InputError:
        accepted = False
    assert accepted == SCHEMA.is_valid(document)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "lines", "description", "parties", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_no_document_whatever_is_more_than_an_error(document: object) -> None:
    try:
        told = shipment_from_json(document, position=1).id
    except InputError as error:
        told = error.message
    assert isinstance(told, str)


def write(folder: Path, text: str | bytes, name: str = "shipment.json") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_may_hold_one_an_array_or_one_a_line(tmp_path: Path) -> None:
    one, other = json.dumps(good()), json.dumps(good(id="EX-2"), indent=2)
    assert [item.id for item in read(write(tmp_path, other)).shipments] == ["EX-2"]
    assert [item.id for item in read(write(tmp_path, f" [{one},\n{other}]\n")).shipments] == ["EX-1", "EX-2"]
    assert [item.id for item in read(write(tmp_path, f"{one}\n\n{json.dumps(good(id='EX-2'))}\n")).shipments] == [
        "EX-1",
        "EX-2",
    ]
    assert [item.id for item in read(write(tmp_path, one.encode("utf-16"))).shipments] == ["EX-1"]
    assert [item.id for item in read(write(tmp_path, b"\xef\xbb\xbf" + one.encode())).shipments] == ["EX-1"]


def test_bad_elements_are_listed_and_good_ones_read(tmp_path: Path) -> None:
    manifest = read(write(tmp_path, json.dumps([good(), 7, good(id="EX-3", lines=[{"description": 1}])])))
    assert [item.id for item in manifest.shipments] == ["EX-1"]
    assert [(row.row, row.field) for row in manifest.rejected] == [(2, None), (3, "lines[0].description")]


def test_a_broken_line_among_lines_is_that_lines_error(tmp_path: Path) -> None:
    manifest = read(write(tmp_path, f'{{"id": "a", "lines": [}}\n{json.dumps(good())}\n'))
    assert [row.row for row in manifest.rejected] == [1]
    assert len(manifest.shipments) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[1, 2", "not_json"),
        ('{"id": NaN}', "not_json"),
        ('{"id": Infinity}', "not_json"),
        ("[{]", "not_json"),
        ("[{}] x", "not_json"),
        ("[{} {}]", "not_json"),
        ("[", "not_json"),
        ("[" * 100_000, "too_deep"),
        ('{"id":' * 100_000, "too_deep"),
        ("", "empty_file"),
        (" \n", "empty_file"),
        ("[]", "no_shipments"),
        (b'{"id": "\xff"}', "wrong_encoding"),
        ('{"id": "a", "lines": [{"description": 7}]}', "wrong_type"),
    ],
)
def test_what_is_no_shipment_at_all_is_an_error_of_the_file(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, text))
    assert caught.value.code == code


def test_a_deep_document_is_refused_even_where_nobody_looks(tmp_path: Path) -> None:
    deep: object = 1
    for _ in range(70):
        deep = [deep]
    with pytest.raises(InputError, match="deeply"):
        read(write(tmp_path, json.dumps(good(extra=deep))))


def test_an_endless_number_is_no_number(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, '{"id":"a","lines":[{"description":"x","quantity":' + "9" * 100_000 + "}]}"))
    assert caught.value.field == "lines[0].quantity"


def test_syntax_errors_name_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 3") as caught:
        read(write(tmp_path, '{\n"id": "a",\n"lines": [}\n}\n'))
    assert caught.value.row == 3


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, json.dumps(good())), ReadOptions(limits=Limits(file_bytes=100)))
    assert caught.value.code == "file_too_large"
