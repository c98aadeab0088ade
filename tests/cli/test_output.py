"""JSON of any size is printed as it is made: whole, in pieces, and safe for a terminal in each of them."""

from __future__ import annotations

import contextlib
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

from border_kit.cli import output
from border_kit.findings import Json


class Counting(io.RawIOBase):
    """Takes everything and keeps how much it was."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.size += len(content)
        return len(content)


@contextlib.contextmanager
def printed() -> Iterator[io.BytesIO]:
    raw = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(raw, encoding="utf-8", write_through=True)) as text:
        yield raw
        text.detach()


def test_a_document_of_many_pieces_is_the_one_that_was_given() -> None:
    odd = "a\u202eb\x9b1m \udc80 \U000e0041 ü 示例"
    rows: list[Json] = [{"no": number, odd: [odd, None, 1.5, {}, []]} for number in range(2_000)]
    document: dict[str, Json] = {"rows": rows, "empty": {}}
    for indent in (2, None):
        with printed() as raw:
            output.print_json(document, indent=indent)
        text = raw.getvalue().decode()
        assert text.endswith("}\n")
        assert not set(text) & {"\u202e", "\x9b", "\udc80", "\U000e0041"}
        assert json.loads(text) == json.loads(json.dumps(document).replace("\\udc80", "\ufffd"))


def test_printing_takes_little_memory_beside_the_document() -> None:
    rows: list[Json] = [{"no": number, "said": ["x", "y"]} for number in range(30_000)]
    sink = Counting()
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BufferedWriter(sink), encoding="utf-8")):
        tracemalloc.start()
        output.print_json({"rows": rows})
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert sink.size > 2_000_000
    assert peak < 2_000_000
