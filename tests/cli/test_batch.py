"""Rows in, rows out: in order, one each, whatever stands in them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from border_kit.cli import output
from tests.command import MOMENT, ROOT, call, follows, lines, unsafe

LONG = "x" * 100_000
SHIRTS = json.loads((ROOT / "examples/green-release-shirts.json").read_text(encoding="utf-8"))

BAD: list[tuple[Any, str, str]] = [
    (b"", "not_json", "a blank line"),
    (b"{", "not_json", "half an object"),
    (b"null", "not_an_object", "null"),
    (b"[1]", "not_an_object", "a list"),
    (b'"text"', "not_an_object", "a string"),
    (b'{"id": NaN}', "not_json", "not a number"),
    (b'{"id": Infinity}', "not_json", "infinity"),
    (b'{"id": 1e999}', "field_type", "an overflowing id"),
    (b'{"id": true}', "field_type", "a boolean id"),
    (b'{"id": {}}', "field_type", "an object as id"),
    (b"[" * 10_000, "not_json", "depth"),
    (b'{"id":' * 10_000, "not_json", "depth in objects"),
    (b'{"id": ' + b"9" * 10_000 + b"}", "not_json", "a huge whole number"),
    (b"\xff\xfe{\x00}\x00", "not_json", "UTF-16"),
]
FIELDS: dict[str, dict[str, Any]] = {
    "classify": {"text": "cotton shirts", "hs": "610910"},
    "screen": {"name": "Orvald Brumovich", "kind": "person", "country": "XA", "born": "1967", "identifiers": []},
    "compare": {"left": "Orvald Brumovich", "right": "Orvald Brumovitch", "kind": "person"},
}
NEEDED = {"classify": ["id", "text"], "screen": ["id", "name"], "compare": ["id", "left", "right"]}
COMMANDS = sorted(FIELDS)


def batch(command: str, rows: list[Any], shipped: Path) -> list[Any]:
    answer = call(command, "--batch", "-", "--catalog", shipped, "--now", MOMENT, stdin=lines(rows))
    assert (answer.code, answer.err, unsafe(answer.out)) == (0, "", [])
    found = answer.rows
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_a_good_row_follows_the_schema_and_keeps_its_id(shipped: Path, command: str) -> None:
    for row_id in ("a", 7, "", "\u202ex"):
        (row,) = batch(command, [{"id": row_id, **FIELDS[command]}], shipped)
        assert follows(command, row)
        assert row["id"] == row_id


@pytest.mark.parametrize("command", COMMANDS)
def test_bad_rows_answer_in_their_place(shipped: Path, command: str) -> None:
    rows: list[Any] = []
    for bad, _, _ in BAD:
        rows += [bad, {"id": len(rows), **FIELDS[command]}]
    found = batch(command, rows, shipped)
    for position, (_, code, what) in enumerate(BAD):
        refused, answered = found[2 * position : 2 * position + 2]
        assert follows("batch_error", refused)
        assert (refused["id"], refused["line"], refused["error"]["code"]) == (None, 2 * position + 1, code), what
        assert follows(command, answered)
        assert answered["id"] == 2 * position


@pytest.mark.parametrize("command", COMMANDS)
def test_a_lacking_or_mistyped_field_is_an_error_with_the_rows_id(shipped: Path, command: str) -> None:
    whole = {"id": "r", **FIELDS[command]}
    lacking = [{key: value for key, value in whole.items() if key != name} for name in NEEDED[command]]
    wrong = [{**whole, name: value} for name in FIELDS[command] for value in (5, ["x"], {"a": 1}, True)]
    found = batch(command, [*lacking, *wrong], shipped)
    for row, told in zip([*lacking, *wrong], found, strict=True):
        if row.get("identifiers") == ["x"]:
            assert told["error"]["code"] == "field_type"
        assert follows("batch_error", told)
        assert told["id"] == row.get("id")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "text", ["", " ", LONG, "\ud800", "\udfff lone", "\x00\x1b[31m", "\u202e\u2066", "🚁" * 1_000, "İ" * 500, '"*^(NEAR'], ids=range(10)
)  # fmt: skip
def test_any_string_gets_an_ordinary_answer(shipped: Path, command: str, text: str) -> None:
    fields = {key: (text if key in NEEDED[command] else value) for key, value in FIELDS[command].items()}
    (row,) = batch(command, [{"id": text, **fields}], shipped)
    assert follows(command, row)
    assert row["id"] == "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def test_invalid_utf_8_is_read_with_replacement_characters(shipped: Path) -> None:
    (row,) = batch("classify", [b'{"id":"\xff\xc3","text":"thermal camera core \xfe 640x512"}'], shipped)
    assert follows("classify", row)
    assert row["id"] == "\ufffd\ufffd"
    assert row["verdict"] != "none"


def test_a_byte_order_mark_and_carriage_returns_are_no_part_of_a_row() -> None:
    answer = call(
        "compare",
        "--batch",
        "-",
        stdin=b'\xef\xbb\xbf{"id":1,"left":"a","right":"b"}\r\n{"id":2,"left":"a","right":"b"}',
    )
    assert [row["id"] for row in answer.rows] == [1, 2]
    assert follows("compare", answer.rows[0])


def test_a_batch_may_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(lines([{"id": number, "left": "a", "right": "b"} for number in range(5)]))
    assert [row["id"] for row in call("compare", "--batch", file).rows] == [0, 1, 2, 3, 4]
    assert call("compare", "--batch", tmp_path).code == 4
    assert call("compare", "--batch", tmp_path / "none").code == 4
    assert call("compare", "a", "b", "--batch", file).code == 2


def test_check_answers_a_shipment_a_row(shipped: Path) -> None:
    rows: list[Any] = [
        SHIRTS,
        b"",
        {**SHIRTS, "id": "EX-2", "direction": "sideways"},
        {**SHIRTS, "lines": "none"},
        {**SHIRTS, "id": 5},
    ]
    found = batch("check", rows, shipped)
    assert follows("check_row", found[0])
    assert (found[0]["id"], found[0]["lane"], found[0]["now"]) == ("EX-26-1001", "green", MOMENT)
    assert [row["line"] for row in found[1:4]] == [2, 3, 4]
    assert [row["id"] for row in found[1:4]] == [None, "EX-2", "EX-26-1001"]
    assert all(follows("batch_error", row) for row in found[1:4])


@pytest.mark.parametrize(
    "change",
    [
        {"lines": [{"no": 1, "description": LONG}]},
        {"lines": [{"no": 1, "description": "\ud800\u202e\x1b"}]},
        {"lines": [{"no": 10**400, "description": "x"}]},
        {"lines": [{"no": 1, "description": "x", "quantity": "9" * 5_000}]},
        {"lines": [{"no": 1, "description": "x", "quantity": "-1"}]},
        {"lines": [{"no": 1, "description": "x", "quantity": 1e308, "value": "1E+999999999"}]},
        {"parties": [{"role": "consignee", "name": LONG, "country": "??"}]},
        {"route": ["XA"] * 5_000},
        {"certificates": ["CL1:" + LONG]},
        {"date": "9999-12-31"},
        {"date": "0001-01-01"},
        {"id": None},
        {"transport": {"containers": [None, 5]}},
        {},
    ],
    ids=range(14),
)
def test_a_strange_shipment_gets_an_answer_or_an_error_row(shipped: Path, change: dict[str, Any]) -> None:
    (row,) = batch("check", [{**SHIRTS, **change}], shipped)
    assert follows("batch_error" if "error" in row else "check_row", row)


FEED = """
import json, sys
for number in range(20_000):
    sys.stdout.write(json.dumps({"id": number, "text": f"cotton shirts, article {number}"}) + "\\n")
"""
MEASURE = """
import os, resource, sys
from border_kit.__main__ import main
try:
    main()
finally:
    sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""


@pytest.mark.parametrize("name", ["classify", "compare"])
def test_a_long_batch_streams_in_constant_memory(shipped: Path, name: str) -> None:
    peaks = {}
    for count in (200, 20_000 if name == "classify" else 4_000):
        feed = FEED.replace("20_000", str(count))
        if name == "compare":
            feed = feed.replace('"text":', '"right": "Northmill Garden Ltd", "left":')
        with subprocess.Popen([sys.executable, "-c", feed], stdout=subprocess.PIPE) as source:
            done = subprocess.run(
                [sys.executable, "-c", MEASURE, name, "--batch", "-", "--catalog", str(shipped)],
                stdin=source.stdout,
                capture_output=True,
                check=True,
                cwd=ROOT,
            )
        answered = done.stdout.splitlines()
        assert len(answered) == count
        assert json.loads(answered[-1])["id"] == count - 1
        peaks[count] = int(done.stderr.split()[-1])
    first, last = peaks.values()
    assert last < first + 40_000


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("content", "expected"), [(b"", 0), (b"{}\n{}\n", 2), (b"{}\n{}", 2), (b"\n", 1)])
def test_at_a_terminal_the_rows_of_a_file_are_counted_for_its_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, expected: int
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    assert output.how_many(str(path)) is None
    monkeypatch.setattr(sys, "stderr", _Terminal())
    assert output.how_many(str(path)) == expected
    assert output.how_many("-") is None
    assert output.how_many(str(tmp_path)) is None
