"""Whom to believe: authorities, their keys with windows and status, and who recognises whom for which documents.

A trust list comes from the trust volume, or from certificates handed in with one question. `valid_to` is the first day on
which a row no longer applies, as everywhere in a catalog.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from border_kit.catalog.volumes import Catalog
from border_kit.certificates import keys
from border_kit.certificates.claims import DOCUMENT_TYPES
from border_kit.certificates.keys import Certificate, PublicKey
from border_kit.certificates.refusal import RefusedError
from border_kit.errors import CatalogError
from border_kit.findings import Json

KeyStatus = Literal["active", "retired", "compromised"]
STATUS_DOCUMENT = "STATUS"
"""The document type of a key that signs status lists."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issues. `home` marks the one on whose behalf this trust list was made; `phone` is the number to call."""

    id: str
    name: str
    country: str
    phone: str | None = None
    demo: bool = False
    home: bool = False

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "id": self.id, "name": self.name, "country": self.country, "phone": self.phone, "demo": self.demo,
            "home": self.home,
        }  # fmt: skip


@dataclass(slots=True)
class TrustKey:
    """A key of an authority, its DER read when it is first used. `authority` is None for a certificate handed in."""

    kid: str
    der: bytes
    authority: str | None = None
    algorithm: str | None = None
    document_types: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    status: KeyStatus = "active"
    certificate: Certificate | None = None
    _public: PublicKey | None = field(default=None, repr=False)

    @property
    def public(self) -> PublicKey:
        """The key, ready to prove signatures. Raises RefusedError where it cannot be read or is not as the list says."""
        if self._public is None:
            found = self.certificate.key if self.certificate else _read(self.der)
            if self.algorithm not in (None, found.algorithm):
                raise RefusedError(
                    "trust_unreadable", "A key of the trust list is not of the kind that the list states."
                )
            self._public = found
        return self._public

    def window(self, moment: datetime) -> str | None:
        """Why the key may not have signed at a moment, None where it may: `key_not_yet_valid`, `key_retired`, `key_expired`."""
        if self.certificate is not None:
            if moment < self.certificate.not_before:
                return "key_not_yet_valid"
            return "key_expired" if moment > self.certificate.not_after else None
        day = moment.date()
        if self.valid_from is not None and day < self.valid_from:
            return "key_not_yet_valid"
        if self.valid_to is not None and day >= self.valid_to:
            return "key_retired" if self.status == "retired" else "key_expired"
        return None

    def to_json(self) -> dict[str, Json]:
        """All fields but the key itself."""
        return {
            "kid": self.kid,
            "authority": self.authority,
            "algorithm": self.algorithm,
            "document_types": list(self.document_types),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "status": self.status,
        }


def _read(der: bytes) -> PublicKey:
    """A key as SubjectPublicKeyInfo or as a certificate."""
    try:
        return keys.from_spki(der)
    except RefusedError:
        return keys.from_certificate(der).key


@dataclass(frozen=True, slots=True)
class Recognition:
    """One authority believes another's documents of one type, between two days; mutual recognition is two of these."""

    recogniser: str
    issuer: str
    document_type: str
    valid_from: date | None = None
    valid_to: date | None = None

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "recogniser": self.recogniser,
            "issuer": self.issuer,
            "document_type": self.document_type,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }


@dataclass(frozen=True, slots=True)
class SignedStatus:
    """A status list of an authority as the trust volume carries it, unproven."""

    authority: str
    uri: str
    token: bytes
    as_of: date

    def to_json(self) -> dict[str, Json]:
        """All fields but the token."""
        return {"authority": self.authority, "uri": self.uri, "as_of": self.as_of.isoformat(), "bytes": len(self.token)}


@dataclass(slots=True)
class TrustList:
    """Everything that is believed, as of a day. `as_of` None marks certificates handed in with one question."""

    authorities: dict[str, Authority] = field(default_factory=dict)
    keys: tuple[TrustKey, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    status_lists: tuple[SignedStatus, ...] = ()
    as_of: date | None = None
    edition: str | None = None
    demo: bool = False
    unreadable: int = 0
    """Certificates handed in that could not be read."""

    @property
    def home(self) -> tuple[str, ...]:
        """The authorities on whose behalf the list was made."""
        return tuple(row.id for row in self.authorities.values() if row.home)

    def candidates(self, kid: bytes | None) -> list[TrustKey]:
        """Every key that a key id may mean: it is a hint, and several states may use the same. None means any key."""
        if kid is None:
            return list(self.keys)
        wanted = kid.hex()
        return [
            key
            for key in self.keys
            if key.kid == wanted or (key.certificate and key.certificate.key.kid.hex() == wanted)
        ]

    def recognised(self, issuer: str, document_type: str, day: date) -> str | None:
        """Why an issuer's documents are not believed here on a day, None where they are.

        `authority_unknown`, `not_recognised`, `recognition_not_begun` or `recognition_ended`.
        """
        if issuer not in self.authorities:
            return "authority_unknown"
        if issuer in self.home:
            return None
        rows = [
            row
            for row in self.recognitions
            if row.recogniser in self.home and row.issuer == issuer and row.document_type == document_type
        ]
        if not rows:
            return "not_recognised"
        if any(_within(row, day) for row in rows):
            return None
        return (
            "recognition_ended"
            if any(row.valid_to and row.valid_to <= day for row in rows)
            else "recognition_not_begun"
        )

    def to_json(self) -> dict[str, Json]:
        """As `certificate trust list` prints it."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "demo": self.demo,
            "authorities": [row.to_json() for row in self.authorities.values()],
            "keys": [key.to_json() for key in self.keys],
            "recognitions": [row.to_json() for row in self.recognitions],
            "status_lists": [row.to_json() for row in self.status_lists],
        }


def _within(row: Recognition, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day < row.valid_to)


def load(catalog: Catalog) -> TrustList | None:
    """The trust list of a catalog, None where it has none. Raises CatalogError on a damaged volume."""
    if not catalog.has("trust"):
        return None
    info = catalog.info("trust")
    try:
        return TrustList(
            authorities={
                row["id"]: Authority(
                    row["id"],
                    row["name"],
                    row["country"],
                    row["phone"],
                    bool(row["demo"]) or info.demo,
                    bool(row["home"]),
                )
                for row in catalog.rows("trust", "SELECT * FROM authority ORDER BY id")
            },
            keys=tuple(
                TrustKey(
                    kid=row["kid"],
                    der=base64.b64decode(row["public"], validate=True),
                    authority=row["authority"],
                    algorithm=row["algorithm"],
                    document_types=tuple(json.loads(row["document_types"])),
                    valid_from=_day(row["valid_from"]),
                    valid_to=_day(row["valid_to"]),
                    status=row["status"],
                )
                for row in catalog.rows("trust", "SELECT * FROM key ORDER BY id")
            ),
            recognitions=tuple(
                Recognition(
                    row["recogniser"],
                    row["issuer"],
                    row["document_type"],
                    _day(row["valid_from"]),
                    _day(row["valid_to"]),
                )
                for row in catalog.rows("trust", "SELECT * FROM recognition ORDER BY id")
            ),
            status_lists=tuple(
                SignedStatus(
                    row["authority"],
                    row["uri"],
                    base64.b64decode(row["token"], validate=True),
                    date.fromisoformat(row["as_of"]),
                )
                for row in catalog.rows("trust", "SELECT * FROM status_list ORDER BY id")
            ),
            as_of=info.as_of,
            edition=info.edition,
            demo=info.demo,
        )
    except (ValueError, TypeError) as error:
        raise CatalogError(
            "volume_damaged", f"The trust list cannot be read ({error}).", "Fetch or import it again."
        ) from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def handed_in(certificates: Iterable[str]) -> TrustList:
    """A trust list of certificates as base64 DER, for one question; what cannot be read is counted and left out."""
    found: list[TrustKey] = []
    unreadable = 0
    for text in certificates:
        try:
            der = base64.b64decode("".join(text.split()), validate=True)
            certificate = keys.from_certificate(der)
        except (binascii.Error, ValueError, RefusedError):
            unreadable += 1
            continue
        found.append(
            TrustKey(
                kid=hashlib.sha256(der).digest()[:8].hex(),
                der=der,
                algorithm=certificate.key.algorithm,
                certificate=certificate,
            )
        )
    return TrustList(keys=tuple(found), unreadable=unreadable)


_WHY = {
    "authority_unknown": "the trust list does not have this authority",
    "not_recognised": "no authority of ours recognises such documents of it",
    "recognition_ended": "the recognition has ended",
    "recognition_not_begun": "the recognition has not yet begun",
}


def explain(found: TrustList, authority: str, day: date) -> dict[str, Json]:
    """Why an authority's certificates are believed on a day or not, document type by document type."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rows: list[Json] = []
    for document in DOCUMENT_TYPES:
        refused = found.recognised(authority, document, day)
        keys_of = [key for key in found.keys if key.authority == authority and document in key.document_types]
        usable = [key for key in keys_of if key.status != "compromised" and key.window(moment) is None]
        if refused is not None:
            why = _WHY[refused]
        elif not usable:
            why = (
                "none of its keys may sign such documents today" if keys_of else "no key of it may sign such documents"
            )
        else:
            why = f"recognised, and proven by key {', '.join(key.kid for key in usable)}"
        rows.append({"document_type": document, "believed": refused is None and bool(usable), "why": why})
    return {"authority": authority, "day": day.isoformat(), "demo": found.demo, "documents": rows}
