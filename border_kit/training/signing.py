"""Certificates of a scenario, really signed: by training authorities whose keys everybody can make.

A training key is made from a sentence and the authority's id, so that nobody takes it for a secret and the same scenario gives
the same certificate on every machine. Only the trust list of a scenario's own desk names such keys.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from border_kit.certificates import issue, status
from border_kit.certificates.claims import Claims, StatusRef
from border_kit.certificates.issue import Signer
from border_kit.certificates.profiles import LICENCE
from border_kit.desk.issuing import signed
from border_kit.training.world import Authority, Certificate, Overlay, Trust, end_of, start_of

SENTENCE = "border_kit training key: anybody may sign with it"
PLACES = 256
"""Places of a training status list."""

_STATUS = {"valid": status.VALID, "revoked": status.INVALID, "suspended": status.SUSPENDED}


@dataclass(frozen=True, slots=True)
class Papers:
    """What a world's authorities issued: texts, claims and places in the status list by certificate id; the trust list."""

    texts: Mapping[str, str]
    claims: Mapping[str, Claims]
    trust: dict[str, Any] | None


def issue_all(world: Overlay) -> Papers:
    """Sign every certificate of a world and make its trust list. The same world gives the same texts."""
    if world.trust is None:
        return Papers({}, {}, None)
    known = {authority.id: authority for authority in world.trust.authorities}
    claims = {item.id: _claims(item, place) for place, item in enumerate(world.certificates)}
    texts = {item.id: _text(item, claims[item.id], known) for item in world.certificates}
    return Papers(texts, claims, _trust(world, world.trust))


def _key(name: str) -> issue.PrivateKey:

    return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{SENTENCE}: {name}".encode()).digest())


def _signer(name: str) -> Signer:
    return issue.signer_of(_key(name), name)


def _address(authority: str) -> str:
    return f"https://status.example/{authority.casefold()}"


def _claims(item: Certificate, place: int) -> Claims:
    """What a certificate states; its random number comes from its id, so that it is the same everywhere."""
    return Claims(
        issuer=item.issuer,
        number=item.number,
        document=item.document,
        cti=hashlib.sha256(f"{SENTENCE}: {item.id} {item.number}".encode()).hexdigest()[:32],
        issued_at=start_of(item.issued),
        not_before=start_of(item.valid_from),
        expires=end_of(item.valid_to),
        exporter=item.exporter,
        end_user=item.end_user,
        end_use_state=item.destination,
        destination=item.destination,
        lines=item.lines,
        end_use=item.end_use,
        port=item.port,
        conditions=item.conditions,
        refers_to=item.refers_to,
        status=StatusRef(_address(item.issuer), place),
    )


def _text(item: Certificate, claims: Claims, known: Mapping[str, Authority]) -> str:
    text = signed(claims, _hand(item, known)).text
    start = len(LICENCE.prefix)
    half = start + (len(text) - start) // 6 * 3  # between two groups of base45 (RFC 9285): what is lost is whole groups
    if item.fault == "damaged":
        return text[:half] + text[half + 6 :]
    return text[:half] if item.fault == "cut" else text


def _hand(item: Certificate, known: Mapping[str, Authority]) -> Signer:
    """Who really signs."""
    own = _signer(item.issuer)
    stranger = _key(f"nobody's, for {item.id}")
    if item.fault == "forged":
        return Signer(item.issuer, stranger, own.public)
    if item.fault == "unknown_key":
        return Signer(item.issuer, stranger, issue.signer_of(stranger, item.issuer).public)
    if item.fault == "wrong_issuer":
        other = _signer(next(name for name in known if name != item.issuer))
        return Signer(item.issuer, other.private, other.public)
    return own


def _trust(world: Overlay, trust: Trust) -> dict[str, Any]:
    """The trust list as trust-yaml."""
    homes = [row.id for row in trust.authorities if row.home]
    return {
        "list": "TRAINING-TRUST",
        "edition": trust.edition.isoformat(),
        "authorities": [_authority(row, world, trust) for row in trust.authorities],
        "recognitions": [
            _window(
                {"recogniser": home, "issuer": row.id, "document_types": list(row.documents)},
                row.recognised[0],
                row.recognised[1],
            )
            for home in homes
            for row in trust.authorities
            if not row.home and row.recognised is not None
        ],
    }


def _authority(row: Authority, world: Overlay, trust: Trust) -> dict[str, Any]:
    """An authority with the key of its documents and, so that a retired one hides no revocation, another of its lists."""
    lists = _signer(f"{row.id}, lists")
    statuses = {place: _STATUS[item.status] for place, item in enumerate(world.certificates) if item.issuer == row.id}
    payload = status.build(row.id, _address(row.id), statuses, PLACES, start_of(trust.status_list), bits=2)
    own = _listed(_signer(row.id), row.documents) | {"status": row.key_status}
    found: dict[str, Any] = {
        "id": row.id,
        "name": row.name,
        "country": row.country,
        "home": row.home,
        "keys": [_window(own, row.key_from, row.key_to), _listed(lists, ("STATUS",))],
        "status_lists": [
            {
                "uri": _address(row.id),
                "token": base64.b64encode(issue.status_token(payload, lists)).decode(),
                "as_of": trust.status_list.isoformat(),
            }
        ],
    }
    return found | ({"phone": row.phone} if row.phone else {})


def _listed(signer: Signer, documents: Sequence[str]) -> dict[str, Any]:
    return {
        "kid": hashlib.sha256(signer.public.der).hexdigest()[:16],
        "algorithm": signer.public.algorithm,
        "public": base64.b64encode(signer.public.der).decode(),
        "document_types": list(documents),
        "status": "active",
    }


def _window(row: dict[str, Any], begin: date | None, end: date | None) -> dict[str, Any]:
    return row | ({"from": begin.isoformat()} if begin else {}) | ({"to": end.isoformat()} if end else {})
