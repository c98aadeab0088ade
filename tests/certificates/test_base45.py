"""Base45: the RFC's own examples, what it refuses, and the law of the round trip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.certificates import base45
from border_kit.certificates.refusal import RefusedError


@pytest.mark.parametrize(
    ("plain", "encoded"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")],
)
def test_the_examples_of_rfc_9285(plain: bytes, encoded: str) -> None:
    assert base45.encode(plain) == encoded
    assert base45.decode(encoded) == plain


@given(st.binary(max_size=300))
def test_what_was_encoded_is_decoded(data: bytes) -> None:
    assert base45.decode(base45.encode(data) or "00")[: len(data)] == data if data else base45.encode(data) == ""


@given(st.text(alphabet=base45.ALPHABET, max_size=60))
def test_a_text_means_one_thing_or_nothing(text: str) -> None:
    try:
        found = base45.decode(text)
    except RefusedError:
        return
    assert base45.encode(found) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "base45_empty"),
        ("GGW", "base45_value"),
        (":::", "base45_value"),
        ("::", "base45_value"),
        ("BB8B", "base45_length"),
        ("B", "base45_length"),
        ("bb8", "base45_character"),
        ("BB8\n", "base45_character"),
        ("BB8\r\n", "base45_character"),
        ("\ufeffBB8", "base45_character"),
        ("BB8é", "base45_character"),
        ("BB8#", "base45_character"),
        ("BB\ud800", "base45_character"),
    ],
)
def test_what_means_nothing_is_refused(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        base45.decode(text)
    assert refused.value.code == code


def test_the_largest_values_are_taken() -> None:
    assert base45.decode("FGW") == b"\xff\xff"
    assert base45.decode("U5") == b"\xff"
