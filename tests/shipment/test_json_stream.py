"""JSON read in pieces is what it is in one piece: the same shipments, the same errors at the same places."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.errors import InputError
from border_kit.shipment.readers import iter_shipments, json_stream

TEXT = st.text(st.sampled_from('ab"\\/{}[],: \n\té王🚁\u2028'), max_size=12)
SHIPMENTS = st.lists(
    st.fixed_dictionaries(
        {"id": st.text("abc", min_size=1, max_size=4), "end_use": TEXT},
        optional={"lines": st.just([{"no": 1, "description": "chairs", "quantity": 12.5, "value": 10**20}]), "x": TEXT, "y": st.booleans()},
    ),
    max_size=4,
)  # fmt: skip
FORMS = st.sampled_from(["array", "indented", "lines", "object", "cut", "ascii", "utf-16"])


def written(rows: list[dict[str, Any]], form: str, cut: int) -> bytes:
    match form:
        case "lines":
            return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
        case "indented":
            return json.dumps(rows, indent=1, ensure_ascii=False).encode()
        case "object":
            return json.dumps(rows[0] if rows else {}, indent=2).encode()
        case "ascii":
            return json.dumps(rows).encode()
        case "utf-16":
            return json.dumps(rows, ensure_ascii=False).encode("utf-16")
    whole = json.dumps(rows, ensure_ascii=False).encode()
    return whole[: cut % (len(whole) + 1)] if form == "cut" else whole


def outcome(path: Path) -> list[object]:
    found: list[object] = []
    try:
        found.extend(iter_shipments(path))
    except InputError as error:
        found.append((error.code, error.message, error.row))
    return found


@settings(max_examples=150)
@given(SHIPMENTS, FORMS, st.integers(0, 400), st.integers(4, 40))
def test_pieces_of_any_size_give_the_same(rows: list[dict[str, Any]], form: str, cut: int, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.json"
        path.write_bytes(written(rows, form, cut))
        whole = outcome(path)
        with mock.patch.object(json_stream, "_CHUNK", size):
            assert outcome(path) == whole


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'[{"id":"A"},\n {"id":"B"} {"id":"C"}]', "a comma or ] is missing at line 2, column 13"),
        (b'[{"id":"A"},\n\n{"id": tru}]', "line 3, column 8"),
        (b'[{"id":"A"}] x', "something follows the end of the list at line 1, column 14"),
        (b'[{"id":"A"},\n{"id":"\xff"}]', "byte 20 is none of its characters"),
    ],
)
def test_an_error_names_its_place_however_the_file_is_cut(tmp_path: Path, text: bytes, says: str) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(text)
    for size in (4, 7, 1 << 18):
        with mock.patch.object(json_stream, "_CHUNK", size), pytest.raises(InputError, match=says):
            list(iter_shipments(path))


def _array(path: Path, count: int) -> Path:
    row = json.dumps({"id": "X", "end_use": "y" * 900, "lines": [{"no": 1, "description": "chairs"}]})
    with path.open("w", encoding="utf-8") as stream:
        stream.write("[" + ",\n".join([row] * count) + "]")
    return path


def _peak(items: Iterator[object]) -> tuple[int, int]:
    tracemalloc.start()
    count = sum(1 for _ in items)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return count, peak


def test_a_large_array_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    small, large = (_peak(iter_shipments(_array(tmp_path / f"{count}.json", count))) for count in (800, 8_000))
    assert (small[0], large[0]) == (800, 8_000)
    assert large[1] < 1.5 * small[1]
