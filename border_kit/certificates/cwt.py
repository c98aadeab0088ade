"""CWT claims (RFC 8392) of both profiles, read strictly from a decoded payload, and written for issuing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite

from border_kit.certificates.cbor import Item, Key
from border_kit.certificates.claims import DOCUMENT_TYPES, Claims, DocumentType, LicenceLine, StatusRef, plain
from border_kit.certificates.refusal import RefusedError

ISS, SUB, EXP, NBF, IAT, CTI = 1, 2, 4, 5, 6, 7
"""RFC 8392, section 4."""
STATUS = 65535
"""Token Status List, section 6.2: the claim `status`."""
LICENCE = -65537
"""Our own claim, in the range for private use (RFC 8392, section 9.1)."""
HCERT = -260
"""The claim `hcert` (IANA registry of CWT claims)."""

VERSION = 1
MAX_LINES = 200
MAX_TEXT = 2_000
MILLISECONDS = 100_000_000_000
"""Seconds of the year 5138: a larger figure is milliseconds."""

AUTHORITY = re.compile(r"[A-Z]{2}/[A-Z0-9-]{1,20}\Z")
"""An authority as COUNTRY/OFFICE in capitals."""
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?\Z")
_HS = re.compile(r"[0-9]{2,12}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")

Fields = dict[Key, Item]


@dataclass(frozen=True, slots=True)
class HealthClaims:
    """The claims of an `hcert`: who issued, when, until when, and what it is about (t, v, r)."""

    issuer: str | None
    issued_at: datetime | None
    not_before: datetime | None
    expires: datetime
    about: frozenset[str]


def _wrong(what: str) -> RefusedError:
    return RefusedError("claims_invalid", f"The certificate's content is not as it must be: {what}.")


def fields_of(payload: Item) -> Fields:
    """The payload as a map. Raises RefusedError."""
    if not isinstance(payload, dict):
        raise _wrong("it is no map")
    return payload


def moment(fields: Fields, label: int, name: str, *, fractions: bool = False) -> datetime | None:
    """A NumericDate (RFC 8392, section 2): seconds since 1970 in UTC."""
    if label not in fields:
        return None
    value = fields[label]
    if isinstance(value, bool) or not isinstance(value, int | float) or (isinstance(value, float) and not fractions):
        raise RefusedError("claims_time", f"The {name} is no number of seconds.")
    if not isfinite(value) or value < 0:
        raise RefusedError("claims_time", f"The {name} is no moment.")
    if value >= MILLISECONDS:
        raise RefusedError("claims_milliseconds", f"The {name} counts milliseconds, not seconds.")
    return datetime.fromtimestamp(value, UTC)


def _needed(fields: Fields, label: int, name: str) -> datetime:
    found = moment(fields, label, name)
    if found is None:
        raise RefusedError("claims_missing", f"The certificate states no {name}.")
    return found


def _text(value: Item, name: str, *, needed: bool = False, longest: int = MAX_TEXT) -> str | None:
    if value is None and not needed:
        return None
    if not isinstance(value, str) or len(value) > longest or (needed and not value.strip()):
        raise _wrong(f"the {name} is no text of at most {longest} characters")
    return value


def _word(value: Item, name: str, pattern: re.Pattern[str], *, needed: bool = False) -> str | None:
    text = _text(value, name, needed=needed)
    if text is not None and not pattern.match(text):
        raise _wrong(f"the {name} is not written as it must be")
    return text


def read_health(payload: Item) -> HealthClaims:
    """The claims of an hcert: an expiry, and -260 with a map under 1. Raises RefusedError."""
    fields = fields_of(payload)
    expires = moment(fields, EXP, "end", fractions=True)
    if expires is None:
        raise RefusedError("claims_missing", "The certificate states no end.")
    holder = fields.get(HCERT)
    about = holder.get(1) if isinstance(holder, dict) else None
    if not isinstance(about, dict):
        raise RefusedError("claims_missing", "The certificate holds no health certificate.")
    issuer = fields.get(ISS)
    if issuer is not None and not isinstance(issuer, str):
        raise _wrong("the issuer is no text")
    return HealthClaims(
        issuer,
        moment(fields, IAT, "moment of issue", fractions=True),
        moment(fields, NBF, "begin", fractions=True),
        expires,
        frozenset(key for key in about if isinstance(key, str)),
    )


def read_licence(payload: Item) -> Claims:
    """The claims of a licence certificate. Raises RefusedError."""
    fields = fields_of(payload)
    issuer = _word(fields.get(ISS), "issuer", AUTHORITY, needed=True)
    number = _text(fields.get(SUB), "licence number", needed=True, longest=100)
    cti = fields.get(CTI)
    if not isinstance(cti, bytes) or len(cti) != 16:  # the design: 16 random bytes
        raise _wrong("its own number is not 16 bytes")
    expires = _needed(fields, EXP, "end")
    begins, issued = _needed(fields, NBF, "begin"), _needed(fields, IAT, "moment of issue")
    if begins >= expires:
        raise RefusedError("claims_times_crossed", "The certificate ends before it begins.")
    body = fields.get(LICENCE)
    if not isinstance(body, dict):
        raise RefusedError("claims_missing", "The certificate holds no licence.")
    assert issuer is not None  # `needed` refuses otherwise
    assert number is not None  # the same
    return _body(body, issuer, number, cti.hex(), (issued, begins, expires), _status(fields))


def _status(fields: Fields) -> StatusRef | None:
    """Token Status List, section 6.2: `{"status_list": {"idx": n, "uri": "…"}}`."""
    if STATUS not in fields:
        return None
    outer = fields[STATUS]
    inner = outer.get("status_list") if isinstance(outer, dict) else None
    if not isinstance(inner, dict):
        raise _wrong("the reference to a status list is unreadable")
    index, uri = inner.get("idx"), inner.get("uri")
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < 1 << 31:
        raise _wrong("the place in the status list is no number")
    text = _text(uri, "status list's address", needed=True)
    assert text is not None  # `needed` refuses otherwise
    return StatusRef(text, index)


def _body(
    body: Fields,
    issuer: str,
    number: str,
    cti: str,
    times: tuple[datetime, datetime, datetime],
    status: StatusRef | None,
) -> Claims:
    if any(isinstance(key, bool) or not isinstance(key, int) or not 0 <= key <= 11 for key in body):
        raise _wrong("it states something that has no place in it")
    if body.get(0) != VERSION or isinstance(body.get(0), bool):
        raise RefusedError("claims_version", "The certificate is of a version that is not known here.")
    document = body.get(1)
    if document not in DOCUMENT_TYPES:
        raise RefusedError("claims_document", "The certificate is of a kind that is not known here.")
    hashed = body.get(11)
    if hashed is not None and (not isinstance(hashed, bytes) or len(hashed) != 32):  # SHA-256
        raise _wrong("the digest of its goods is not 32 bytes")
    lines = _lines(body.get(6), allow_none=hashed is not None)
    return Claims(
        issuer=issuer,
        number=number,
        document=_document(document),
        cti=cti,
        issued_at=times[0],
        not_before=times[1],
        expires=times[2],
        version=VERSION,
        exporter=_text(body.get(2), "exporter"),
        end_user=_text(body.get(3), "end user"),
        end_use_state=_word(body.get(4), "state of end use", _COUNTRY),
        destination=_word(body.get(5), "destination", _COUNTRY),
        lines=lines,
        end_use=_text(body.get(7), "end use"),
        port=_text(body.get(8), "port"),
        conditions=_conditions(body.get(9)),
        refers_to=_text(body.get(10), "export licence that it refers to", longest=100),
        goods_hash=hashed.hex() if isinstance(hashed, bytes) else None,
        status=status,
    )


def _document(value: Item) -> DocumentType:
    return next(known for known in DOCUMENT_TYPES if known == value)


def _conditions(value: Item) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_LINES:
        raise _wrong("its conditions are no list")
    return tuple(_text(text, "condition", needed=True) or "" for text in value)


def _lines(value: Item, *, allow_none: bool) -> tuple[LicenceLine, ...]:
    if value is None and allow_none:
        return ()
    if not isinstance(value, list) or not (allow_none or value) or len(value) > MAX_LINES:
        raise _wrong(f"its goods are no list of 1 to {MAX_LINES} lines")
    found = tuple(_line(row) for row in value)
    if len({line.no for line in found}) != len(found):
        raise _wrong("two lines of goods have the same number")
    return found


def _line(row: Item) -> LicenceLine:
    """`[line, control code, HS, description, quantity, unit, value, currency]`."""
    if not isinstance(row, list) or len(row) != 8:  # the eight of the docstring
        raise _wrong("a line of goods has not eight parts")
    number, code, heading, description, quantity, unit, value, currency = row
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 1_000_000:  # a bound
        raise _wrong("a line of goods has no number")
    return LicenceLine(
        number,
        _text(code, "control code", longest=60),
        _word(heading, "HS code", _HS),
        _text(description, "description"),
        _amount(quantity, "quantity"),
        _text(unit, "unit", longest=20),
        _amount(value, "value"),
        _word(currency, "currency", _CURRENCY),
    )


def _amount(value: Item, name: str) -> Decimal | None:
    """A whole number or a decimal as text; never a floating-point number, never below zero."""
    if value is None:
        return None
    if isinstance(value, float):
        raise RefusedError("claims_float", f"The {name} is written as a floating-point number.")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _wrong(f"a {name} is no number")
    if isinstance(value, int):
        if value < 0:
            raise RefusedError("claims_negative", f"The {name} is below zero.")
        return Decimal(value)
    if value.startswith("-"):
        raise RefusedError("claims_negative", f"The {name} is below zero.")
    if not _AMOUNT.match(value):
        raise _wrong(f"a {name} is no decimal number")
    try:
        return Decimal(value)
    except InvalidOperation as error:  # pragma: no cover - the pattern lets none through
        raise _wrong(f"a {name} is no decimal number") from error


def write_licence(claims: Claims) -> Fields:
    """The payload of a licence certificate, ready for the deterministic encoding."""
    fields: Fields = {
        ISS: claims.issuer,
        SUB: claims.number,
        EXP: int(claims.expires.timestamp()),
        NBF: int(claims.not_before.timestamp()),
        IAT: int(claims.issued_at.timestamp()),
        CTI: bytes.fromhex(claims.cti),
        LICENCE: _write_body(claims),
    }
    if claims.status is not None:
        fields[STATUS] = {"status_list": {"idx": claims.status.index, "uri": claims.status.uri}}
    return fields


def _write_body(claims: Claims) -> Fields:
    stated: dict[Key, Item] = {
        0: claims.version,
        1: claims.document,
        2: claims.exporter,
        3: claims.end_user,
        4: claims.end_use_state,
        5: claims.destination,
        7: claims.end_use,
        8: claims.port,
        9: list(claims.conditions) or None,
        10: claims.refers_to,
        11: bytes.fromhex(claims.goods_hash) if claims.goods_hash else None,
    }
    body: Fields = {key: value for key, value in stated.items() if value is not None}
    lines: list[Item] = [write_line(line) for line in claims.lines]
    if lines or claims.goods_hash is None:
        body[6] = lines
    return body


def write_line(line: LicenceLine) -> Item:
    """One line of goods as the payload has it."""
    return [
        line.no, line.control_code, line.hs, line.description, _write_amount(line.quantity), line.unit,
        _write_amount(line.value), line.currency,
    ]  # fmt: skip


def _write_amount(number: Decimal | None) -> Item:
    """A whole number as one, which is shorter; anything else as text."""
    text = plain(number)
    return int(text) if text is not None and text.isdigit() and len(text) < 18 else text  # 64 bits
