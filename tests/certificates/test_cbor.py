"""CBOR: the vectors of RFC 8949 appendices A and F, the deterministic subset, and the laws."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.certificates import cbor
from border_kit.certificates.cbor import LENIENT, STRICT, Item, OtherKey, Rules, Simple, Tag
from border_kit.certificates.refusal import RefusedError

STRICT_ANY_TAG = Rules(deterministic=True, depth=8)

# RFC 8949, appendix A: what the encoding means, and whether it is of the deterministic subset here.
APPENDIX_A: list[tuple[str, Any, bool]] = [
    ("00", 0, True), ("01", 1, True), ("0a", 10, True), ("17", 23, True), ("1818", 24, True), ("1819", 25, True),
    ("1864", 100, True), ("1903e8", 1000, True), ("1a000f4240", 1000000, True), ("1b000000e8d4a51000", 1000000000000, True),
    ("1bffffffffffffffff", 18446744073709551615, True), ("c249010000000000000000", Tag(2, bytes.fromhex("010000000000000000")), True),
    ("3bffffffffffffffff", -18446744073709551616, True), ("c349010000000000000000", Tag(3, bytes.fromhex("010000000000000000")), True),
    ("20", -1, True), ("29", -10, True), ("3863", -100, True), ("3903e7", -1000, True),
    ("f90000", 0.0, False), ("f98000", -0.0, False), ("f93c00", 1.0, False), ("fb3ff199999999999a", 1.1, False),
    ("f93e00", 1.5, False), ("f97bff", 65504.0, False), ("fa47c35000", 100000.0, False), ("fa7f7fffff", 3.4028234663852886e38, False),
    ("fb7e37e43c8800759c", 1.0e300, False), ("f90001", 5.960464477539063e-8, False), ("f90400", 0.00006103515625, False),
    ("f9c400", -4.0, False), ("fbc010666666666666", -4.1, False), ("f97c00", math.inf, False), ("f9fc00", -math.inf, False),
    ("fa7f800000", math.inf, False), ("faff800000", -math.inf, False), ("fb7ff0000000000000", math.inf, False),
    ("f4", False, True), ("f5", True, True), ("f6", None, True), ("f7", Simple(23), False), ("f0", Simple(16), False),
    ("f8ff", Simple(255), False),
    ("c074323031332d30332d32315432303a30343a30305a", Tag(0, "2013-03-21T20:04:00Z"), True), ("c11a514b67b0", Tag(1, 1363896240), True),
    ("c1fb41d452d9ec200000", Tag(1, 1363896240.5), False), ("d74401020304", Tag(23, b"\1\2\3\4"), True),
    ("d818456449455446", Tag(24, b"dIETF"), True), ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", Tag(32, "http://www.example.com"), True),
    ("40", b"", True), ("4401020304", b"\1\2\3\4", True), ("60", "", True), ("6161", "a", True), ("6449455446", "IETF", True),
    ("62225c", '"\\', True), ("62c3bc", "ü", True), ("63e6b0b4", "水", True), ("64f0908591", "𐅑", True),
    ("80", [], True), ("83010203", [1, 2, 3], True), ("8301820203820405", [1, [2, 3], [4, 5]], True),
    ("98190102030405060708090a0b0c0d0e0f101112131415161718181819", list(range(1, 26)), True),
    ("a0", {}, True), ("a201020304", {1: 2, 3: 4}, True), ("a26161016162820203", {"a": 1, "b": [2, 3]}, True),
    ("826161a161626163", ["a", {"b": "c"}], True), ("a56161614161626142616361436164614461656145", {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}, True),
    ("5f42010243030405ff", b"\1\2\3\4\5", False), ("7f657374726561646d696e67ff", "streaming", False), ("9fff", [], False),
    ("9f018202039f0405ffff", [1, [2, 3], [4, 5]], False), ("9f01820203820405ff", [1, [2, 3], [4, 5]], False),
    ("83018202039f0405ff", [1, [2, 3], [4, 5]], False), ("83019f0203ff820405", [1, [2, 3], [4, 5]], False),
    ("9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", list(range(1, 26)), False),
    ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}, False), ("826161bf61626163ff", ["a", {"b": "c"}], False),
    ("bf6346756ef563416d7421ff", {"Fun": True, "Amt": -2}, False),
]  # fmt: skip

# RFC 8949, appendix F: encodings that are not well-formed.
_APPENDIX_F = """
18 19 1a 1b 1901 1a0102 1b01020304050607 38 58 78 98 9a01ff00 b8 d8 f8 f900 fa0000 fb000000
41 61 5affffffff00 5bffffffffffffffff010203 7affffffff00 7b7fffffffffffffff010203
81 818181818181818181 8200 a1 a20102 a100 a2000000 c0
5f4100 7f6100 9f 9f0102 bf bf01020102 819f 9f8000 9f9f9f9f9fffffffff 9f819f819f9fffffff
1c 1d 1e 3c 3d 3e 5c 5d 5e 7c 7d 7e 9c 9d 9e bc bd be dc dd de fc fd fe
f800 f801 f818 f81f
5f00ff 5f21ff 5f6100ff 5f80ff 5fa0ff 5fc000ff 5fe0ff 7f4100ff
5f5f4100ffff 7f7f6100ffff
ff 81ff 8200ff a1ff a1ff00 a100ff a20000ff 9f81ff 9f829f819f9fffffffff
bf00ff bf000000ff
1f 3f df
"""
APPENDIX_F = _APPENDIX_F.split()


@pytest.mark.parametrize(("encoded", "meaning", "deterministic"), APPENDIX_A)
def test_appendix_a_is_understood_and_the_subset_is_drawn(encoded: str, meaning: Any, deterministic: bool) -> None:
    found = cbor.decode(bytes.fromhex(encoded), LENIENT)
    assert found == meaning
    assert type(found) is type(meaning)
    if deterministic:
        assert cbor.decode(bytes.fromhex(encoded), STRICT_ANY_TAG) == meaning
        assert cbor.encode(meaning) == bytes.fromhex(encoded) or encoded.startswith(("a2", "a5"))
    else:
        with pytest.raises(RefusedError):
            cbor.decode(bytes.fromhex(encoded), STRICT_ANY_TAG)


@pytest.mark.parametrize("encoded", ["f97e00", "fa7fc00000", "fb7ff8000000000000"])
def test_what_is_not_a_number_is_read_leniently_and_refused_strictly(encoded: str) -> None:
    found = cbor.decode(bytes.fromhex(encoded), LENIENT)
    assert isinstance(found, float)
    assert math.isnan(found)
    with pytest.raises(RefusedError) as refused:
        cbor.decode(bytes.fromhex(encoded), STRICT)
    assert refused.value.code == "cbor_float"


@pytest.mark.parametrize("encoded", APPENDIX_F)
def test_appendix_f_is_refused(encoded: str) -> None:
    for rules in (LENIENT, STRICT, STRICT_ANY_TAG):
        with pytest.raises(RefusedError):
            cbor.decode(bytes.fromhex(encoded), rules)


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        ("", "cbor_truncated"),
        ("0000", "cbor_trailing"),
        ("1817", "cbor_not_shortest"),
        ("190018", "cbor_not_shortest"),
        ("1a0000ffff", "cbor_not_shortest"),
        ("1b00000000ffffffff", "cbor_not_shortest"),
        ("580141", "cbor_not_shortest"),
        ("9800", "cbor_not_shortest"),
        ("d81800", "cbor_tag"),
        ("a202010100", "cbor_key_order"),
        ("a201000100", "cbor_duplicate_key"),
        ("a2616100616100", "cbor_duplicate_key"),
        ("61ff", "cbor_utf8"),
        ("63eda080", "cbor_utf8"),
        ("5f4100ff", "cbor_indefinite"),
        ("9fff", "cbor_indefinite"),
        ("bfff", "cbor_indefinite"),
        ("c400", "cbor_tag"),
        ("d81c00", "cbor_tag"),
        ("d82300", "cbor_tag"),
        ("d82400", "cbor_tag"),
        ("f7", "cbor_simple"),
        ("f93c00", "cbor_float"),
        ("9b7fffffffffffffff", "cbor_truncated"),
        ("bbffffffffffffffff", "cbor_truncated"),
        ("5bffffffffffffffff", "cbor_truncated"),
    ],
)
def test_the_strict_reader_says_why(encoded: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        cbor.decode(bytes.fromhex(encoded), STRICT)
    assert refused.value.code == code


@pytest.mark.parametrize("rules", [STRICT, LENIENT])
@pytest.mark.parametrize("head", [b"\x81", b"\xd8\x12", b"\xa1\x01", b"\xc1"])
def test_depth_is_bounded_without_recursion_to_the_end(rules: Rules, head: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        cbor.decode((head * 100_000)[: rules.size - 1] + b"\x00", rules)
    assert refused.value.code in ("cbor_depth", "cbor_tag", "cbor_not_shortest")


def test_size_is_bounded() -> None:
    with pytest.raises(RefusedError) as refused:
        cbor.decode(b"\x5a\x00\x10\x00\x00" + bytes(1 << 20), STRICT)
    assert refused.value.code == "cbor_size"


@pytest.mark.parametrize("encoded", ["a20100180100", "a26141007f6141ff00", "a24141005f4141ff00"])
def test_a_key_that_comes_twice_is_found_however_it_is_written(encoded: str) -> None:
    with pytest.raises(RefusedError) as refused:
        cbor.decode(bytes.fromhex(encoded), LENIENT)
    assert refused.value.code == "cbor_duplicate_key"


def test_keys_that_only_look_alike_stay_apart() -> None:
    one_and_true_and_float = "a3" + "0100" + "f501" + "f93c0002"
    found = cbor.decode(bytes.fromhex(one_and_true_and_float), LENIENT)
    assert found == {1: 0, OtherKey(b"\xf5"): 1, OtherKey(b"\xf9\x3c\x00"): 2}


keys = st.integers(-(2**64), 2**64 - 1) | st.text(max_size=20) | st.binary(max_size=20)
items: st.SearchStrategy[Item] = st.recursive(
    st.none() | st.booleans() | keys,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)
DEEP = Rules(deterministic=True, tags=frozenset({18}), depth=40)


@given(items)
def test_what_is_written_is_read_again_and_is_deterministic(item: Item) -> None:
    encoded = cbor.encode(item)
    assert cbor.decode(encoded, DEEP) == item
    assert cbor.encode(cbor.decode(encoded, DEEP)) == encoded


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    try:
        strict = cbor.decode(data, DEEP)
    except RefusedError:
        pass
    else:
        assert cbor.encode(strict) == data
    with contextlib.suppress(RefusedError):
        cbor.decode(data, LENIENT)
