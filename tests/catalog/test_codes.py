from __future__ import annotations

import pytest

from border_kit.catalog import codes


@pytest.mark.parametrize(
    ("code", "root", "above"),
    [
        ("6A003.b.4.b", "6A003", ["6A003.b.4", "6A003.b", "6A003"]),
        ("6A003", "6A003", []),
        ("ML10.c", "ML10", ["ML10"]),
        ("VIII(h)(1)(i)", "VIII", ["VIII(h)(1)", "VIII(h)", "VIII"]),
        ("9.A.2.b", "9.A.2", ["9.A.2"]),
        ("19.A.2", "19.A.2", []),
    ],
)
def test_each_list_writes_its_paragraphs_in_its_own_way(code: str, root: str, above: list[str]) -> None:
    assert codes.root(code) == root
    assert codes.ancestors(code) == above


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("6a003.B.4.B", "6A003.b.4.b"),
        (" 9A610 .X", "9A610.x"),
        ("VIII(A)(5)", "VIII(a)(5)"),
        ("XIV(G)(3)(XVIII)(b)", "XIV(g)(3)(xviii)(B)"),
        ("ML10.c", "ML10.c"),
    ],
)
def test_a_code_is_written_as_its_list_writes_it(written: str, tidy: str) -> None:
    assert codes.tidy(written) == tidy


def test_a_reference_without_a_list_is_on_the_primary_one() -> None:
    assert codes.qualify("6A003") == "EU-DU/6A003"
    assert codes.qualify("MTCR/9.A.2") == "MTCR/9.A.2"
    assert codes.split("MTCR/9.A.2") == ("MTCR", "9.A.2")
    with pytest.raises(ValueError, match="no list"):
        codes.split("6A003")
