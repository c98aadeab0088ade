"""A small world of invented authorities with keys made for each test run, and certificates that they sign."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from border_kit.certificates import base45, cbor, cose, cwt, issue, status
from border_kit.certificates.cbor import Item
from border_kit.certificates.claims import Claims, LicenceLine, StatusRef
from border_kit.certificates.issue import Signer
from border_kit.certificates.profiles import LICENCE_TYP
from border_kit.certificates.trust import Authority, KeyStatus, Recognition, SignedStatus, TrustKey, TrustList

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
URI = "https://status.example/la-01"
ALL = ("EL", "EUC", "DVC", "STATUS")


def signer(issuer: str, algorithm: str = "ES256") -> Signer:
    """A new key of an authority."""
    return issue.signer_of(issue.new_key(algorithm), issuer)


def trusted(
    one: Signer,
    documents: tuple[str, ...] = ALL,
    *,
    authority: str | None = None,
    kid: str | None = None,
    status: KeyStatus = "active",
    since: date | None = None,
    until: date | None = None,
) -> TrustKey:
    """A signer's public key as a trust list has it."""
    return TrustKey(
        kid or one.public.kid.hex(), one.public.der, authority or one.issuer, one.public.algorithm, documents, since, until, status
    )  # fmt: skip


@dataclass
class World:
    """Authorities of three states; ours is XA/LA-01."""

    home: Signer = field(default_factory=lambda: signer("XA/LA-01"))
    edward: Signer = field(default_factory=lambda: signer("XA/LA-01", "EdDSA"))
    retired: Signer = field(default_factory=lambda: signer("XA/LA-01"))
    stolen: Signer = field(default_factory=lambda: signer("XA/LA-01"))
    future: Signer = field(default_factory=lambda: signer("XA/LA-01"))
    lists_only: Signer = field(default_factory=lambda: signer("XA/LA-01"))
    friend: Signer = field(default_factory=lambda: signer("XB/EC-02"))
    former: Signer = field(default_factory=lambda: signer("XC/EX-03"))
    stranger: Signer = field(default_factory=lambda: signer("XD/NO-04"))
    statuses: dict[int, int] = field(default_factory=lambda: {5: status.INVALID, 6: status.SUSPENDED, 8: 3})

    def status_token(
        self, *, issued_at: datetime = NOW - timedelta(days=2), size: int = 100, by: Signer | None = None
    ) -> bytes:
        """The status list of XA/LA-01."""
        payload = status.build("XA/LA-01", URI, self.statuses, size, issued_at, bits=2)
        return issue.status_token(payload, by or self.home)

    def trust(self, *tokens: bytes, **changes: Any) -> TrustList:
        """What is believed in XA."""
        names = {
            "XA/LA-01": "Office of A",
            "XB/EC-02": "Board of B",
            "XC/EX-03": "Bureau of C",
            "XD/NO-04": "Desk of D",
        }
        found = TrustList(
            authorities={
                one: Authority(one, name, one[:2], "+999 555 0101", home=one == "XA/LA-01")
                for one, name in names.items()
            },
            keys=(
                trusted(self.home),
                trusted(self.edward),
                trusted(self.retired, status="retired", since=date(2025, 1, 1), until=date(2026, 6, 1)),
                trusted(self.stolen, status="compromised"),
                trusted(self.future, since=date(2027, 1, 1)),
                trusted(self.lists_only, ("STATUS",)),
                trusted(self.friend),
                trusted(self.former),
                trusted(self.stranger),
            ),
            recognitions=(
                Recognition("XA/LA-01", "XB/EC-02", "EL", date(2026, 1, 1)),
                Recognition("XA/LA-01", "XC/EX-03", "EL", date(2025, 1, 1), date(2026, 6, 1)),
                Recognition("XD/NO-04", "XA/LA-01", "EL"),
            ),
            status_lists=tuple(
                SignedStatus("XA/LA-01", URI, token, date(2026, 11, 1) + timedelta(days=at))
                for at, token in enumerate(tokens or (self.status_token(),))
            ),
            as_of=date(2026, 11, 23),
        )
        return replace(found, **changes)


def claims(issuer: str = "XA/LA-01", **changes: Any) -> Claims:
    """A sound licence of the world."""
    found = Claims(
        issuer=issuer,
        number="IND-26-0042",
        document="EL",
        cti="0123456789abcdef0123456789abcdef",
        issued_at=NOW - timedelta(days=20),
        not_before=NOW - timedelta(days=20),
        expires=NOW + timedelta(days=200),
        exporter="Aldermoor Optics Ltd",
        end_user="Brixholm Survey Office",
        end_use_state="YY",
        destination="YY",
        lines=(
            LicenceLine(1, "6A003.b.4.b", "852589", "thermal camera", Decimal(20), "pcs", Decimal("50000.50"), "EUR"),
            LicenceLine(2, None, "900211", "lens, germanium", Decimal("12.5"), "kg", None, None),
        ),
        end_use="mapping of forests",
        port="Port of A",
        conditions=("no re-export without consent",),
        status=StatusRef(URI, 7),
    )
    return replace(found, **changes)


def wrapped(message: bytes) -> str:
    """A message as a code's text."""
    return "CL1:" + base45.encode(zlib.compress(message, 9))


def text_of(one: Claims, by: Signer) -> str:
    """A sound certificate's text."""
    return issue.certificate(replace(one, issuer=by.issuer), by).text


def raw(
    payload: Item | bytes, by: Signer, protected: Item | bytes | None = None, unprotected: Item | None = None
) -> bytes:
    """A signed message of any content and headers, sound or not."""
    headers: Item = {
        cose.ALG: -7 if by.public.algorithm == "ES256" else -8,
        cose.KID: by.public.kid,
        cose.TYP: LICENCE_TYP,
    }
    head = protected if isinstance(protected, bytes) else cbor.encode(protected if protected is not None else headers)
    body = payload if isinstance(payload, bytes) else cbor.encode(payload)
    signature = by._raw(cose.sig_structure(head, body))
    return cbor.encode(cbor.Tag(18, [head, unprotected if unprotected is not None else {}, body, signature]))


def payload_of(one: Claims, **changes: Any) -> dict[Any, Item]:
    """A sound payload with claims changed by label: `_4=…`; None takes one away; `body_2=…` changes the licence's own."""
    fields: dict[Any, Any] = dict(cwt.write_licence(one))
    fields[cwt.LICENCE] = dict(fields[cwt.LICENCE])
    for name, value in changes.items():
        part, label = (fields[cwt.LICENCE], name[5:]) if name.startswith("body_") else (fields, name[1:])
        if value is REMOVED:
            part.pop(int(label), None)
        else:
            part[int(label)] = value
    return fields


REMOVED = object()


def base64_of(data: bytes) -> str:
    """Bytes as a trust list writes them."""
    return base64.b64encode(data).decode()
