"""Every stage of a verification: what passes, and every bad input of the design with the stage and reason it gets."""

from __future__ import annotations

import random
import resource
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from border_kit.certificates import base45, cbor, issue, keys
from border_kit.certificates.cbor import Item, Tag
from border_kit.certificates.profiles import LICENCE
from border_kit.certificates.trust import TrustList
from border_kit.certificates.verdict import STAGES, Verification
from border_kit.certificates.verify import Circumstances, Verifier
from tests.certificates.world import NOW, REMOVED, World, claims, payload_of, raw, signer, text_of, trusted, wrapped


def verify(trust: TrustList | None, text: str, now: datetime = NOW, **given: Any) -> Verification:
    return Verifier(trust).verify(text, LICENCE, Circumstances(now, max_age_days=90, **given))


def failed_at(found: Verification) -> str:
    """The stage that failed; every stage after it must have been skipped."""
    states = [found.outcomes[stage].state for stage in STAGES]
    assert states.count("failed") == 1, states
    at = states.index("failed")
    assert set(states[at + 1 :]) <= {"skipped"}
    return STAGES[at]


def test_a_genuine_certificate_passes_stage_by_stage(world: World) -> None:
    for by in (world.home, world.edward):
        found = verify(world.trust(), text_of(claims(), by))
        assert found.verdict == "pass"
        assert found.reasons == ()
        assert [found.outcomes[stage].state for stage in STAGES] == ["ok"] * 11 + ["skipped"] * 2
        assert found.claims == claims()
        assert found.ages["trust"].days == 2
        assert found.ages["status_list"].days == 2


Spoil = Callable[[str], str]
TEXTS: dict[str, tuple[Spoil, str, str]] = {
    "empty": (lambda _text: "", "prefix", "empty"),
    "wrong prefix": (lambda text: "XX1:" + text[4:], "prefix", "prefix_wrong"),
    "another profile": (lambda text: "HC1:" + text[4:], "prefix", "prefix_other_profile"),
    "lower-case prefix": (lambda text: "cl1:" + text[4:], "prefix", "prefix_case"),
    "caps lock": (str.swapcase, "prefix", "prefix_case"),
    "byte-order mark": (lambda text: "\ufeff" + text, "prefix", "prefix_bom"),
    "blank before": (lambda text: " " + text, "prefix", "prefix_blank"),
    "words before": (lambda text: "scan: " + text, "prefix", "prefix_late"),
    "trailing LF": (lambda text: text + "\n", "base45", "text_line_end"),
    "trailing CR": (lambda text: text + "\r", "base45", "text_line_end"),
    "trailing TAB": (lambda text: text + "\t", "base45", "text_line_end"),
    "line break inside": (lambda text: text[:90] + "\n" + text[90:], "base45", "text_line_break"),
    "letters in lower case": (lambda text: "CL1:" + text[4:].lower(), "base45", "text_case"),
    "German keyboard": (lambda text: text.translate(str.maketrans(":-+/*YZ", "Öß`-(ZY")), "prefix", "keyboard_layout"),
    "French keyboard": (lambda text: text.translate(str.maketrans(":1-./$%*", "M&):!45" + "8")), "prefix", "keyboard_layout"),
    "Russian keyboard": (lambda text: "СД1Ж" + text[4:], "prefix", "keyboard_layout"),
    "two scans joined": (lambda text: text + text, "prefix", "two_codes"),
    "too long": (lambda text: text + "0" * 4_300, "prefix", "too_long"),
    "GGW": (lambda _text: "CL1:GGW", "base45", "base45_value"),
    "length mod 3 is 1": (lambda text: text[: len(text) - (len(text) - 4) % 3 + 1 - 3], "base45", "base45_length"),
    "nothing behind the prefix": (lambda _text: "CL1:", "base45", "base45_empty"),
    "half a scan": (lambda text: text[: 4 + 300], "zlib", "zlib_truncated"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_wrong_fails_with_its_reason(world: World, name: str) -> None:
    spoil, stage, code = TEXTS[name]
    found = verify(world.trust(), spoil(text_of(claims(), world.home)))
    assert (failed_at(found), found.reasons) == (stage, (code,))
    assert found.verdict == "fail"


def test_a_code_that_holds_the_letters_of_the_prefix_by_chance_passes(world: World) -> None:
    """The bytes 0b a6 00 2c are `CL1:00` in base45: here they are the certificate's own random number, stored uncompressed."""
    texts = [
        "CL1:" + base45.encode(zlib.compress(raw(payload_of(claims(number=number, cti="0ba6002c" * 4)), world.home), 0))
        for number in ("N1", "N12")
    ]
    text = next(text for text in texts if "CL1:" in text[4:])
    assert verify(world.trust(), text).verdict == "pass"
    assert verify(world.trust(), text + text).reasons == ("two_codes",)


def test_lost_spaces_never_pass(world: World) -> None:
    text = next(
        text
        for text in (text_of(claims(number=f"N{at}"), world.home) for at in range(50))
        if text.count(" ") % 3 == 0 and " " in text
    )
    found = verify(world.trust(), text.replace(" ", ""))
    assert failed_at(found) in ("base45", "zlib")


PACKED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "bomb": (lambda _data: zlib.compress(bytes(70_000_000), 9)[:2_500], "zlib_bomb"),
    "truncated": (lambda data: zlib.compress(data)[:-3], "zlib_truncated"),
    "trailing data": (lambda data: zlib.compress(data) + b"x", "zlib_trailing"),
    "preset dictionary": (lambda data: _with_dictionary(data, b"licence"), "zlib_dictionary"),
    "not compressed": (lambda data: data, "zlib_header"),
    "raw deflate": (lambda data: zlib.compress(data)[2:-4], "zlib_header"),
    "gzip": (lambda data: b"\x1f\x8b\x08" + data, "zlib_header"),
    "wrong checksum": (lambda data: zlib.compress(data)[:-1] + b"\0", "zlib_damaged"),
}  # fmt: skip


def _with_dictionary(data: bytes, words: bytes) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, words)
    return machine.compress(data) + machine.flush()


@pytest.mark.parametrize("name", PACKED)
def test_what_is_packed_wrongly_fails_at_zlib(world: World, name: str) -> None:
    pack, code = PACKED[name]
    message = raw(payload_of(claims()), world.home)
    found = verify(world.trust(), "CL1:" + base45.encode(pack(message)))
    assert (failed_at(found), found.reasons) == ("zlib", (code,))


CBOR_BYTES: dict[str, tuple[bytes, str]] = {
    "100,000 deep": (b"\x81" * 60_000 + b"\x00", "cbor_depth"),
    "2^64 long": (b"\x9b" + b"\xff" * 8, "cbor_truncated"),
    "2^64 bytes": (b"\x5b" + b"\xff" * 8, "cbor_truncated"),
    "indefinite": (b"\x9f\x00\xff", "cbor_indefinite"),
    "duplicate keys": (bytes.fromhex("a201000100"), "cbor_duplicate_key"),
    "invalid UTF-8": (b"\x61\xff", "cbor_utf8"),
    "NaN": (bytes.fromhex("f97e00"), "cbor_float"),
    "tag 4": (bytes.fromhex("c4820100"), "cbor_tag"),
    "tag 28": (bytes.fromhex("d81c00"), "cbor_tag"),
    "tag 35": (bytes.fromhex("d8236161"), "cbor_tag"),
    "tag 36": (bytes.fromhex("d8246161"), "cbor_tag"),
    "trailing": (b"\x00\x00", "cbor_trailing"),
    "empty": (b"", "cbor_truncated"),
}


@pytest.mark.parametrize("name", CBOR_BYTES)
def test_cbor_that_is_wrong_fails_at_cbor_within_and_without(world: World, name: str) -> None:
    data, code = CBOR_BYTES[name]
    for message in (data, raw(data, world.home), raw(payload_of(claims()), world.home, protected=data or b"\xff")):
        found = verify(world.trust(), "CL1:" + base45.encode(zlib.compress(message)))
        assert failed_at(found) == "cbor"
        assert found.reasons[0] in {code, "cbor_break"}


def _sign1(*parts: Any) -> bytes:
    return cbor.encode(Tag(18, list(parts)))


def _message(world: World) -> tuple[bytes, bytes, bytes]:
    """Protected header, payload and signature of a sound certificate."""
    item = cbor.decode(raw(payload_of(claims()), world.home), cbor.STRICT)
    assert isinstance(item, Tag)
    assert isinstance(item.value, list)
    head, _, body, signature = item.value
    assert isinstance(head, bytes)
    assert isinstance(body, bytes)
    assert isinstance(signature, bytes)
    return head, body, signature


def _headers(world: World, **changes: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {1: -7, 4: world.home.public.kid, 16: "application/licence+cwt"}
    for label, value in changes.items():
        found.pop(int(label[1:]), None)
        if value is not REMOVED:
            found[int(label[1:])] = value
    return found


COSE: dict[str, tuple[Callable[[World], bytes], str]] = {
    "no tag": (lambda w: cbor.encode([*_message(w)[:1], {}, *_message(w)[1:]]), "cose_tag"),
    "three parts": (lambda w: _sign1(_message(w)[0], {}, _message(w)[1]), "cose_structure"),
    "five parts": (lambda w: _sign1(_message(w)[0], {}, *_message(w)[1:], b""), "cose_structure"),
    "detached payload": (lambda w: _sign1(_message(w)[0], {}, None, _message(w)[2]), "cose_detached"),
    "payload as text": (lambda w: _sign1(_message(w)[0], {}, "text", _message(w)[2]), "cose_structure"),
    "no message at all": (lambda _w: cbor.encode({1: 2}), "cose_structure"),
    "unprotected algorithm": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _1=REMOVED), {1: -7}), "cose_unprotected"),
    "anything unprotected": (lambda w: raw(payload_of(claims()), w.home, None, {4: b"12345678"}), "cose_unprotected"),
    "no algorithm": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _1=REMOVED)), "cose_algorithm_missing"),
    "ES384": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _1=-35)), "cose_algorithm_not_allowed"),
    "algorithm as text": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _1="ES256")), "cose_algorithm_not_allowed"),
    "PS256": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _1=-37)), "cose_algorithm_not_allowed"),
    "crit": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _2=[1])), "cose_label"),
    "another header": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _3="x")), "cose_label"),
    "no key id": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _4=REMOVED)), "cose_kid"),
    "short key id": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _4=b"1234567")), "cose_kid"),
    "key id as text": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _4="12345678")), "cose_kid"),
    "no type": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _16=REMOVED)), "cose_type"),
    "another type": (lambda w: raw(payload_of(claims()), w.home, _headers(w, _16="application/cwt")), "cose_type"),
    "a status list": (lambda w: w.status_token(), "cose_type_status_list"),
}  # fmt: skip


@pytest.mark.parametrize("name", COSE)
def test_a_message_of_the_wrong_shape_fails_at_cose(world: World, name: str) -> None:
    make, code = COSE[name]
    found = verify(world.trust(), wrapped(make(world)))
    assert (failed_at(found), found.reasons) == ("cose", (code,))


@pytest.mark.parametrize("tags", [(17,), (98,), (61, 18), (18, 18)])
def test_another_tag_never_passes(world: World, tags: tuple[int, ...]) -> None:
    head, body, signature = _message(world)
    item: Any = [head, {}, body, signature]
    for tag in reversed(tags):
        item = Tag(tag, item)
    found = verify(world.trust(), wrapped(cbor.encode(item)))
    assert failed_at(found) in ("cbor", "cose")
    assert found.reasons[0] in ("cbor_tag", "cose_tag")


SIGNATURES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _s: b"", "signature_length"),
    "short": (lambda s: s[:-1], "signature_length"),
    "long": (lambda s: s + b"\0", "signature_length"),
    "DER": (lambda s: _der(s[:32], s[32:]), "signature_der"),
    "zero r": (lambda s: bytes(32) + s[32:], "signature_range"),
    "zero s": (lambda s: s[:32] + bytes(32), "signature_range"),
    "r is the order": (lambda s: keys.P256_ORDER.to_bytes(32, "big") + s[32:], "signature_range"),
    "s above the order": (lambda s: s[:32] + b"\xff" * 32, "signature_range"),
    "another's": (lambda s: s[32:] + s[:32], "signature_invalid"),
}


def _der(r: bytes, s: bytes) -> bytes:

    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_that_is_none_fails_at_signature(world: World, name: str) -> None:
    change, code = SIGNATURES[name]
    head, body, signature = _message(world)
    found = verify(world.trust(), wrapped(_sign1(head, {}, body, change(signature))))
    assert (failed_at(found), found.reasons) == ("signature", (code,))


CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "text for int keys": ({"body_0": REMOVED}, "claims_version"),
    "no expiry": ({"_4": REMOVED}, "claims_missing"),
    "no begin": ({"_5": REMOVED}, "claims_missing"),
    "no moment of issue": ({"_6": REMOVED}, "claims_missing"),
    "no issuer": ({"_1": REMOVED}, "claims_invalid"),
    "issuer in small letters": ({"_1": "xa/la-01"}, "claims_invalid"),
    "no number": ({"_2": REMOVED}, "claims_invalid"),
    "blank number": ({"_2": "  "}, "claims_invalid"),
    "no number of its own": ({"_7": REMOVED}, "claims_invalid"),
    "short number of its own": ({"_7": b"123"}, "claims_invalid"),
    "milliseconds": ({"_4": int(NOW.timestamp() * 1000) + 10**10}, "claims_milliseconds"),
    "negative time": ({"_6": -1}, "claims_time"),
    "time as text": ({"_4": "2027-01-01"}, "claims_time"),
    "time as truth": ({"_4": True}, "claims_time"),
    "ends before it begins": ({"_4": 1_700_000_000, "_5": 1_800_000_000}, "claims_times_crossed"),
    "no licence": ({"_-65537": REMOVED}, "claims_missing"),
    "another version": ({"body_0": 2}, "claims_version"),
    "another kind": ({"body_1": "XX"}, "claims_document"),
    "foreign key": ({"body_12": 1}, "claims_invalid"),
    "no goods": ({"body_6": []}, "claims_invalid"),
    "goods of seven parts": ({"body_6": [[1, None, None, None, None, None, None]]}, "claims_invalid"),
    "two lines of one number": ({"body_6": [[1, *[None] * 7], [1, *[None] * 7]]}, "claims_invalid"),
    "negative quantity": ({"body_6": [[1, None, None, "x", -1, "pcs", None, None]]}, "claims_negative"),
    "negative as text": ({"body_6": [[1, None, None, "x", "-1.5", "pcs", None, None]]}, "claims_negative"),
    "quantity in words": ({"body_6": [[1, None, None, "x", "1e9", "pcs", None, None]]}, "claims_invalid"),
    "quantity as truth": ({"body_6": [[1, None, None, "x", True, "pcs", None, None]]}, "claims_invalid"),
    "destination in words": ({"body_5": "Ypsiland"}, "claims_invalid"),
    "exporter as number": ({"body_2": 5}, "claims_invalid"),
    "status of another form": ({"_65535": {"idx": 1}}, "claims_invalid"),
    "status below zero": ({"_65535": {"status_list": {"idx": -1, "uri": "u"}}}, "claims_invalid"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_content_that_is_not_as_it_must_be_fails_at_claims(world: World, name: str) -> None:
    changes, code = CLAIMS[name]
    found = verify(world.trust(), wrapped(raw(payload_of(claims(), **changes), world.home)))
    assert (failed_at(found), found.reasons) == ("claims", (code,))


def test_a_payload_with_text_keys_fails_at_claims(world: World) -> None:
    payload: dict[Any, Any] = {str(key): value for key, value in payload_of(claims()).items()}
    assert failed_at(verify(world.trust(), wrapped(raw(payload, world.home)))) == "claims"


def test_a_quantity_as_floating_point_number_never_passes(world: World) -> None:
    marker = 0x1122334455
    body = cbor.encode(payload_of(claims(), body_6=[[1, None, None, "x", marker, "pcs", None, None]]))
    body = body.replace(cbor.encode(marker), bytes.fromhex("fb4034000000000000"))
    found = verify(world.trust(), wrapped(raw(body, world.home)))
    assert (failed_at(found), found.reasons) == ("cbor", ("cbor_float",))


def _misnamed(world: World) -> str:
    headers: dict[Any, Item] = {1: -8, 4: world.home.public.kid, 16: "application/licence+cwt"}
    return wrapped(raw(payload_of(claims()), world.edward, headers))


DOUBTFUL: dict[str, tuple[Callable[[World], str], str, str]] = {
    "self-signed": (lambda _w: text_of(claims(), signer("XA/LA-01")), "key", "key_unknown"),
    "demo key": (lambda _w: issue.certificate(issue.demo_claims(), issue.demo_signer()).text, "key", "key_unknown"),
    "algorithm of another key": (_misnamed, "key", "key_algorithm"),
    "retired after its time": (
        lambda w: text_of(claims(issued_at=NOW - timedelta(days=1)), w.retired), "key", "key_retired",
    ),
    "compromised": (lambda w: text_of(claims(), w.stolen), "key", "key_compromised"),
    "not yet valid": (lambda w: text_of(claims(), w.future), "key", "key_not_yet_valid"),
    "right key, wrong issuer": (lambda w: wrapped(raw(payload_of(claims()), w.friend)), "issuer", "issuer_mismatch"),
    "document type not allowed": (lambda w: text_of(claims(), w.lists_only), "issuer", "document_type_not_allowed"),
    "not recognised": (lambda w: text_of(claims(), w.stranger), "issuer", "not_recognised"),
    "recognised for another kind": (lambda w: text_of(claims(document="EUC"), w.friend), "issuer", "not_recognised"),
    "recognition withdrawn": (lambda w: text_of(claims(), w.former), "issuer", "recognition_ended"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTFUL)
def test_who_may_not_be_believed_fails_with_the_reason(world: World, name: str) -> None:
    make, stage, code = DOUBTFUL[name]
    found = verify(world.trust(), make(world))
    assert (failed_at(found), found.reasons) == (stage, (code,))


def test_a_retired_key_still_proves_what_it_signed_in_its_time(world: World) -> None:
    old = claims(issued_at=datetime(2026, 5, 1, tzinfo=UTC), not_before=datetime(2026, 5, 1, tzinfo=UTC))
    assert verify(world.trust(), text_of(old, world.retired)).verdict == "pass"


def test_recognition_is_one_way(world: World) -> None:
    assert world.trust().recognised("XD/NO-04", "EL", NOW.date()) == "not_recognised"
    assert world.trust().recognised("XB/EC-02", "EL", NOW.date()) is None
    assert world.trust().recognised("XB/EC-02", "EL", date(2025, 12, 31)) == "recognition_not_begun"
    assert world.trust().recognised("XC/EX-03", "EL", date(2026, 5, 31)) is None
    assert world.trust().recognised("XC/EX-03", "EL", date(2026, 6, 1)) == "recognition_ended"


def test_under_a_compromised_key_only_a_licence_that_the_registry_vouches_for_goes_on(world: World) -> None:
    text = text_of(claims(), world.stolen)
    assert verify(world.trust(), text, vouched=lambda one: one.cti == claims().cti).verdict == "pass"
    assert verify(world.trust(), text, vouched=lambda one: one.cti == "00").reasons == ("key_compromised",)


def test_the_key_id_is_a_hint_and_every_key_of_that_id_is_tried(world: World) -> None:
    home = trusted(world.home)
    twin = trusted(world.friend, kid=home.kid)
    for order in ((home, twin), (twin, home)):
        found = verify(world.trust(keys=order), text_of(claims(), world.home))
        assert found.verdict == "pass"
        assert found.key is home
    headers: dict[Any, Item] = {1: -7, 4: bytes.fromhex(home.kid), 16: "application/licence+cwt"}
    forged = raw(payload_of(claims()), world.friend, headers)
    found = verify(world.trust(keys=(home, twin)), wrapped(forged))
    assert (failed_at(found), found.reasons) == ("issuer", ("issuer_mismatch",))


def test_without_a_trust_list_nobody_can_tell(world: World) -> None:
    found = verify(None, text_of(claims(), world.home))
    assert (found.verdict, found.reasons) == ("cannot_tell", ("trust_missing",))
    assert found.outcomes["signature"].state == "skipped"


TIMES: dict[str, tuple[dict[str, Any], datetime, str, str]] = {
    "expired": ({"expires": NOW - timedelta(seconds=1)}, NOW, "fail", "expired"),
    "exp is now": ({"expires": NOW}, NOW, "fail", "expired"),
    "one second left": ({"expires": NOW + timedelta(seconds=1)}, NOW, "pass", ""),
    "not yet valid": ({"not_before": NOW + timedelta(seconds=1)}, NOW, "fail", "not_yet_valid"),
    "nbf is now": ({"not_before": NOW}, NOW, "pass", ""),
    "issued tomorrow": ({"issued_at": NOW + timedelta(days=1)}, NOW, "fail", "issued_in_future"),
    "clock at 1970": ({}, datetime(1970, 1, 1, tzinfo=UTC), "cannot_tell", "clock_behind"),
    "clock at 2099": ({}, datetime(2099, 1, 1, tzinfo=UTC), "cannot_tell", "clock_ahead"),
    "lists too old": ({}, NOW + timedelta(days=95), "cannot_tell", "trust_list_too_old"),
}  # fmt: skip


@pytest.mark.parametrize("name", TIMES)
def test_times(world: World, name: str) -> None:
    changes, now, verdict, code = TIMES[name]
    found = verify(world.trust(), text_of(claims(**changes), world.home), now)
    assert found.verdict == verdict
    assert not code or code in found.reasons


def test_an_expired_genuine_paper_reads_differently_from_a_forgery(world: World) -> None:
    old = claims(expires=NOW - timedelta(days=1))
    expired = verify(world.trust(), text_of(old, world.home))
    assert (failed_at(expired), expired.proven) == ("validity", True)
    forged = verify(world.trust(), text_of(old, signer("XA/LA-01")))
    assert (failed_at(forged), forged.proven) == ("key", False)


def test_a_clock_that_was_set_back_is_noticed(world: World) -> None:
    found = verify(world.trust(), text_of(claims(), world.home), seen=NOW + timedelta(days=3))
    assert found.verdict == "cannot_tell"
    assert "clock_behind" in found.reasons


@pytest.mark.parametrize(
    ("index", "verdict", "codes"),
    [
        (0, "pass", ()), (4, "pass", ()), (5, "fail", ("revoked",)), (6, "fail", ("suspended",)), (7, "pass", ()),
        (8, "cannot_tell", ("status_not_understood",)), (99, "pass", ()), (100, "fail", ("status_index_unknown",)),
    ],
)  # fmt: skip
def test_the_status_list_is_asked_by_place(world: World, index: int, verdict: str, codes: tuple[str, ...]) -> None:
    one = claims()
    assert one.status is not None
    found = verify(world.trust(), text_of(replace(one, status=replace(one.status, index=index)), world.home))
    assert (found.verdict, found.reasons) == (verdict, codes)


def test_a_status_list_that_is_missing_old_or_anothers_leaves_it_open(world: World) -> None:
    text = text_of(claims(), world.home)

    def reasons(trust: TrustList, now: datetime = NOW) -> tuple[str, ...]:
        found = verify(trust, text, now)
        assert found.verdict == "cannot_tell"
        return found.reasons

    assert reasons(world.trust(status_lists=())) == ("status_list_missing",)
    assert reasons(world.trust(world.status_token(by=world.friend))) == ("status_list_unproven",)
    assert reasons(world.trust(world.status_token(by=world.stolen))) == ("status_list_unproven",)
    assert reasons(world.trust(b"no list")) == ("status_list_unproven",)
    assert reasons(world.trust(world.status_token(issued_at=NOW - timedelta(days=100)))) == ("status_list_too_old",)
    assert reasons(world.trust(world.status_token(issued_at=NOW + timedelta(days=3)))) == ("clock_behind",)
    one = claims(status=None)
    assert verify(world.trust(), text_of(one, world.home)).reasons == ("status_not_stated",)


def test_a_newer_list_that_proves_nothing_does_not_hide_the_one_before(world: World) -> None:
    good, forged = world.status_token(), world.status_token(by=world.friend)
    assert verify(world.trust(good, forged), text_of(claims(), world.home)).verdict == "pass"


def test_a_list_from_before_the_certificate_cannot_know_it(world: World) -> None:
    one = claims()
    assert one.status is not None
    text = text_of(replace(one, status=replace(one.status, index=150)), world.home)
    found = verify(world.trust(world.status_token(issued_at=NOW - timedelta(days=40))), text)
    assert found.reasons == ("status_list_too_old",)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_of_the_message_is_refused(world: World, at: int, bit: int) -> None:
    message = bytearray(raw(payload_of(claims()), world.home))
    message[at % len(message)] ^= 1 << bit
    assert verify(world.trust(), wrapped(bytes(message))).verdict == "fail"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(4, 400), char=st.sampled_from(base45.ALPHABET))
def test_any_changed_character_of_the_text_is_refused(world: World, at: int, char: str) -> None:
    text = text_of(claims(), world.home)
    changed = text[:at] + char + text[at + 1 :]
    assert changed == text or verify(world.trust(), changed).verdict == "fail"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200) | st.text(alphabet=base45.ALPHABET, max_size=300).map(lambda body: "CL1:" + body))
def test_any_text_gets_an_answer(world: World, text: str) -> None:
    found = verify(world.trust(), text)
    assert found.verdict == "fail"
    assert found.reasons


@pytest.mark.skipif(sys.platform == "win32", reason="resource is POSIX")
def test_no_bad_text_takes_long_or_much_memory(world: World) -> None:
    rng = random.Random(7)
    bad = [
        "CL1:" + base45.encode(zlib.compress(bytes(70_000_000), 9)[:2_800]),
        "CL1:" + base45.encode(zlib.compress(b"\x81" * 60_000)),
        "CL1:" + base45.encode(zlib.compress(b"\x9b" + b"\xff" * 8)),
        "CL1:" + "".join(rng.choices(base45.ALPHABET, k=4_000)),
        "CL1:" * 1_000_000,
        "\ud800" * 100_000,
    ]
    trust = world.trust()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for text in bad:
        started = time.process_time()
        assert verify(trust, text).verdict == "fail"
        assert time.process_time() - started < 0.5
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 64
