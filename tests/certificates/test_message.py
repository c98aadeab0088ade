"""COSE_Sign1 against bare keys: what `certificate cose` answers, with cwt and pycose as second opinions."""

from __future__ import annotations

import base64
from typing import Any

import cbor2
import cwt as oracle
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycose.headers import Algorithm
from pycose.keys.curves import P256
from pycose.keys.ec2 import EC2Key
from pycose.messages.sign1message import Sign1Message

from border_kit.certificates import cbor, cose, issue, keys, status
from border_kit.certificates.message import check
from border_kit.certificates.refusal import RefusedError
from tests.certificates.world import NOW, World, claims, payload_of, raw, signer


def b64(number: int | bytes) -> str:
    data = number if isinstance(number, bytes) else number.to_bytes(32, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwk(by: issue.Signer) -> dict[str, object]:
    public = by.private.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        numbers = public.public_numbers()
        return {"kty": "EC2", "crv": "P-256", "x": b64(numbers.x), "y": b64(numbers.y)}
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(public.public_bytes_raw())}


def message(
    by: issue.Signer,
    *,
    protected: bytes | None = None,
    unprotected: dict[Any, Any] | None = None,
    aad: bytes = b"",
    payload: bytes = b"This is the content.",
) -> bytes:
    alg = -7 if by.public.algorithm == "ES256" else -8
    head = cbor.encode({1: alg}) if protected is None else protected
    signature = by._raw(cose.sig_structure(head, payload, aad))
    return cbor.encode(cbor.Tag(18, [head, unprotected or {}, payload, signature]))


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_a_sound_message_is_proven_with_or_without_external_data(algorithm: str) -> None:
    by = signer("XA/LA-01", algorithm)
    assert check(message(by).hex(), jwk(by)) is None
    assert check(message(by).hex().upper(), jwk(by)) is None
    assert check(message(by, unprotected={4: b"11", 33: b"x5chain", "app": 1}).hex(), jwk(by)) is None
    with_aad = message(by, aad=b"\x11\xaa").hex()
    assert check(with_aad, jwk(by), "11aa") is None
    assert check(with_aad, jwk(by)) == "signature_invalid"
    assert check(message(by).hex(), jwk(by), "11aa") == "signature_invalid"


def test_the_example_of_rfc_8392_is_proven() -> None:
    """RFC 8392, appendix A.3, with the key of A.2.3."""
    text = (
        "d28443a10126a104524173796d6d657472696345434453413235365850a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77"
        "037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b7158405427c1ff28d23fba"
        "d1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e1c9e30"
    )
    key: dict[str, object] = {
        "kty": "EC2",
        "crv": "P-256",
        "x": b64(bytes.fromhex("143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f")),
        "y": b64(bytes.fromhex("60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9")),
    }
    assert check(text, key) is None
    assert check(text[:-2] + "31", key) == "signature_invalid"


BAD_SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "algorithm unprotected": ({"protected": b"", "unprotected": {1: -7}}, "cose_algorithm_unprotected"),
    "empty map protected": ({"protected": b"\xa0", "unprotected": {1: -7}}, "cose_algorithm_unprotected"),
    "algorithm twice": ({"unprotected": {1: -7}}, "cose_algorithm_unprotected"),
    "no algorithm": ({"protected": b"\xa0"}, "cose_algorithm_missing"),
    "ES384": ({"protected": cbor.encode({1: -35})}, "cose_algorithm_not_allowed"),
    "EdDSA for an EC key": ({"protected": cbor.encode({1: -8})}, "key_algorithm"),
    "algorithm as text": ({"protected": cbor.encode({1: "ES256"})}, "cose_algorithm_not_allowed"),
    "algorithm true": ({"protected": bytes.fromhex("a101f5")}, "cose_algorithm_not_allowed"),
    "unknown critical": ({"protected": cbor.encode({1: -7, 2: [-70000], -70000: 1})}, "cose_crit"),
    "critical that is absent": ({"protected": cbor.encode({1: -7, 2: [4]})}, "cose_crit"),
    "no critical at all": ({"protected": cbor.encode({1: -7, 2: []})}, "cose_crit"),
    "critical unprotected": ({"unprotected": {2: [1]}}, "cose_crit"),
    "protected twice": ({"protected": bytes.fromhex("a201260126")}, "cbor_duplicate_key"),
    "protected no map": ({"protected": b"\x80"}, "cose_structure"),
    "protected with more behind": ({"protected": cbor.encode({1: -7}) + b"\x00"}, "cbor_trailing"),
}


@pytest.mark.parametrize("name", BAD_SHAPES)
def test_a_message_of_the_wrong_shape_is_refused_though_signed(world: World, name: str) -> None:
    changes, code = BAD_SHAPES[name]
    assert check(message(world.home, **changes).hex(), jwk(world.home)) == code


def test_a_critical_header_that_is_understood_is_taken(world: World) -> None:
    made = message(world.home, protected=cbor.encode({1: -7, 2: [4], 4: b"k"}))
    assert check(made.hex(), jwk(world.home)) is None


def test_encodings_that_are_not_deterministic_are_taken_where_they_are_well_formed(world: World) -> None:
    head = bytes.fromhex("bf01" + "3806" + "ff")
    body, signature = b"x", world.home._raw(cose.sig_structure(bytes.fromhex("bf013806ff"), b"x"))
    made = (
        bytes.fromhex("d8129f") + cbor.encode(head) + b"\xbf\xff" + b"\x5f\x41x\xff" + b"\x58\x40" + signature + b"\xff"
    )
    assert check(made.hex(), jwk(world.home)) is None
    assert body == b"x"


def test_tags_and_parts(world: World) -> None:
    made = message(world.home)
    untagged, other = made[1:], b"\xd1" + made[1:]
    assert check(untagged.hex(), jwk(world.home)) == "cose_tag"
    assert check(other.hex(), jwk(world.home)) == "cose_tag"
    assert check((b"\xd8\x3d" + made).hex(), jwk(world.home)) == "cose_tag"
    assert check((made + b"\x00").hex(), jwk(world.home)) == "cbor_trailing"
    assert check(made[:-1].hex(), jwk(world.home)) == "cbor_truncated"
    assert check("", jwk(world.home)) == "cbor_truncated"
    assert check("zz", jwk(world.home)) == "message_not_hex"
    assert check("d", jwk(world.home)) == "message_not_hex"
    assert check("d2 84", jwk(world.home)) == "message_not_hex"
    assert check(made.hex(), jwk(world.home), "0x11") == "external_aad_not_hex"


def keys_that_are_none(by: issue.Signer) -> dict[str, dict[str, object]]:
    good = jwk(by)
    return {
        "nothing": {},
        "RSA": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        "another curve": good | {"crv": "P-384"},
        "no y": {name: value for name, value in good.items() if name != "y"},
        "y as truth": good | {"y": True},
        "x as number": good | {"x": 5},
        "short x": good | {"x": str(good["x"])[:-2]},
        "long x": good | {"x": b64(b"\0" + bytes(32))},
        "standard base64": good | {"x": "+" * 43},
        "not on the curve": good | {"y": b64(1)},
        "x beyond the field": good | {"x": b64(b"\xff" * 32)},
        "the point at infinity": good | {"x": b64(0), "y": b64(0)},
        "OKP with an EC curve": good | {"kty": "OKP"},
        "blanks": good | {"x": str(good["x"]) + "\n"},
        "surrogate": good | {"x": "\ud800" * 43},
    }


def test_a_key_that_is_none_makes_the_message_invalid_and_never_crashes(world: World) -> None:
    for name, key in keys_that_are_none(world.home).items():
        assert check(message(world.home).hex(), key) == "key_invalid", name


def test_ed25519_is_proven_in_one_form_only(world: World) -> None:
    made = message(world.edward)
    item = cbor.decode(made, cbor.LENIENT)
    assert isinstance(item, cbor.Tag)
    assert isinstance(item.value, list)
    signature = item.value[3]
    assert isinstance(signature, bytes)
    s = int.from_bytes(signature[32:], "little") + keys.ED25519_ORDER
    item.value[3] = signature[:32] + s.to_bytes(32, "little")
    assert check(cbor.encode(item).hex(), jwk(world.edward)) == "signature_range"


@pytest.mark.parametrize(
    "y",
    [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826],
)
def test_an_ed25519_key_of_small_order_or_written_twice_is_refused(y: int) -> None:
    for sign in (0, 1 << 255):
        raw = (y | sign).to_bytes(32, "little")
        signature = raw + bytes(32)
        made = cbor.encode(cbor.Tag(18, [cbor.encode({1: -8}), {}, b"any", signature]))
        assert check(made.hex(), {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}) == "key_invalid"


def test_small_order_points_are_those_that_vanish_times_eight() -> None:
    """Every y that is refused belongs to a point P with 8P = 0 (Edwards addition, RFC 8032, section 5.1.4)."""
    p = keys.ED25519_FIELD
    d = -121665 * pow(121666, -1, p) % p
    for refused in keys._SMALL_ORDER_Y:
        y = refused
        u, v = (y * y - 1) % p, (d * y * y + 1) % p
        square = u * pow(v, -1, p) % p
        x = pow(square, (p + 3) // 8, p)
        x = x if x * x % p == square else x * pow(2, (p - 1) // 4, p) % p
        assert x * x % p == square
        for _ in range(3):
            k = d * x * x * y * y % p
            x, y = 2 * x * y * pow(1 + k, -1, p) % p, (y * y + x * x) * pow(1 - k, -1, p) % p
        assert (x, y) == (0, 1)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 1000), bit=st.integers(0, 7))
def test_any_flipped_bit_makes_it_invalid_unless_it_is_outside_what_is_signed(world: World, at: int, bit: int) -> None:
    made = bytearray(message(world.edward))
    made[at % len(made)] ^= 1 << bit
    assert check(bytes(made).hex(), jwk(world.edward)) is not None


@settings(max_examples=200)
@given(
    text=st.text(max_size=80),
    aad=st.text(max_size=10),
    key=st.dictionaries(st.sampled_from(["kty", "crv", "x", "y"]), st.text(max_size=50) | st.none() | st.integers()),
)
def test_any_three_get_an_answer(text: str, aad: str, key: dict[str, object]) -> None:
    assert check(text, key, aad)


# Second opinions


def test_cbor2_and_we_agree_on_what_is_written(world: World) -> None:
    made = message(world.home, unprotected={4: b"11"})
    other = cbor2.loads(made)
    assert other.tag == 18
    assert other.value[2] == b"This is the content."
    assert cbor2.dumps(other, canonical=True) == made


def test_pycose_proves_what_we_sign_and_we_prove_what_pycose_signs(world: World) -> None:

    private = world.home.private
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    numbers = private.private_numbers()
    key = EC2Key(
        crv=P256,
        x=numbers.public_numbers.x.to_bytes(32, "big"),
        y=numbers.public_numbers.y.to_bytes(32, "big"),
        d=numbers.private_value.to_bytes(32, "big"),
    )
    theirs = Sign1Message(phdr={Algorithm: -7}, payload=b"hello")
    theirs.key = key
    assert check(theirs.encode().hex(), jwk(world.home)) is None
    ours = Sign1Message.decode(message(world.home))
    ours.key = key
    assert ours.verify_signature()


def test_cwt_proves_our_certificates(world: World) -> None:

    for by in (world.home, world.edward):
        pem = by.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        key = oracle.COSEKey.from_pem(pem.decode(), kid=by.public.kid)
        made = raw(payload_of(claims()), by)
        assert oracle.COSE.new().decode(made, key) == cbor.encode(payload_of(claims()))


def test_where_we_are_stricter_than_the_libraries_on_purpose(world: World) -> None:
    """Each of these is taken by cbor2 or pycose and refused here (docs/decisions/0041)."""
    for encoded in ("a2010001" + "00", "1817", "9fff", "f93c00"):
        cbor2.loads(bytes.fromhex(encoded))
        with pytest.raises(RefusedError):
            cbor.decode(bytes.fromhex(encoded), cbor.STRICT)
    assert cbor2.loads(b"\x00\x00") == 0
    with pytest.raises(RefusedError):
        cbor.decode(b"\x00\x00", cbor.LENIENT)

    loose = message(world.home, protected=b"", unprotected={1: -7})
    assert Sign1Message.decode(loose).payload == b"This is the content."
    assert check(loose.hex(), jwk(world.home)) == "cose_algorithm_unprotected"


# Status lists


def test_the_example_of_the_token_status_list_draft_with_one_bit() -> None:
    """Section 4.1: sixteen statuses of one bit, as bytes b9 a3, packed as eNrbuRgAAhcBXQ."""
    packed = base64.urlsafe_b64decode("eNrbuRgAAhcBXQ==")
    found = status.StatusList("XA/LA-01", "u", world_moment(), None, None, 1, status.inflate(packed, 100))
    assert [found.status(at) for at in range(16)] == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    assert found.status(16) is None
    assert found.status(-1) is None


def test_the_example_of_the_draft_with_two_bits() -> None:
    """Section 4.1: twelve statuses of two bits, as bytes c9 44 f9, packed as eNo76fITAAPfAgc."""
    packed = base64.urlsafe_b64decode("eNo76fITAAPfAgc=")
    found = status.StatusList("XA/LA-01", "u", world_moment(), None, None, 2, status.inflate(packed, 100))
    assert [found.status(at) for at in range(12)] == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]


@given(bits=st.sampled_from(status.BITS), data=st.data())
def test_a_status_list_says_what_was_put_into_it(bits: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    stated = data.draw(st.dictionaries(st.integers(0, size - 1), st.integers(1, (1 << bits) - 1), max_size=20))
    payload = status.build("XA/LA-01", "u", stated, size, world_moment(), bits=bits)
    assert isinstance(payload, dict)
    inner = payload[status.STATUS_LIST]
    assert isinstance(inner, dict)
    packed = inner["lst"]
    assert isinstance(packed, bytes)
    found = status.StatusList("XA/LA-01", "u", world_moment(), None, None, bits, status.inflate(packed, 10_000))
    assert [found.status(at) for at in range(size)] == [stated.get(at, 0) for at in range(size)]


def test_a_million_with_one_per_cent_revoked_is_small(world: World) -> None:
    revoked = {at * 97 % 1_000_000: 1 for at in range(10_000)}
    payload = status.build("XA/LA-01", "u", revoked, 1_000_000, world_moment())
    token = issue.status_token(payload, world.home)
    assert len(token) < 20_000
    _, found = status.parse(token)
    assert found.status(97) == 1
    assert found.status(98) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({status.STATUS_LIST: {"bits": 3, "lst": b""}}, "status_invalid"),
        ({status.STATUS_LIST: {"bits": True, "lst": b""}}, "status_invalid"),
        ({status.STATUS_LIST: {"bits": 1, "lst": "text"}}, "status_invalid"),
        ({status.STATUS_LIST: {"bits": 1, "lst": b"x\x9cno"}}, "zlib_damaged"),
        ({status.STATUS_LIST: 5}, "status_invalid"),
        ({status.TTL: 0}, "status_invalid"),
        ({2: 7}, "status_invalid"),
        ({1: None}, "status_invalid"),
        ({6: "today"}, "claims_time"),
    ],
)
def test_a_status_list_that_is_none_is_refused(world: World, change: dict[Any, Any], code: str) -> None:
    payload = status.build("XA/LA-01", "u", {}, 8, world_moment())
    assert isinstance(payload, dict)
    with pytest.raises(RefusedError) as refused:
        status.parse(issue.status_token({**payload, **change}, world.home))
    assert refused.value.code == code


def test_a_licence_is_no_status_list(world: World) -> None:

    with pytest.raises(RefusedError) as refused:
        status.parse(raw(payload_of(claims()), world.home))
    assert refused.value.code == "status_type"


def world_moment() -> Any:

    return NOW


def test_the_private_key_of_an_ed25519_signer_is_what_it_says(world: World) -> None:
    assert isinstance(world.edward.private, ed25519.Ed25519PrivateKey)
