"""What a licence certificate claims, once its signature was proven.

Licensing turns claims into a `Licence`; nothing here says whether the licence is good, only what the paper says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from border_kit.findings import Json

DocumentType = Literal["EL", "EUC", "DVC"]
DOCUMENT_TYPES: tuple[DocumentType, ...] = ("EL", "EUC", "DVC")
"""Export licence, end-user certificate, delivery verification certificate."""

DOCUMENT_WORDS: dict[str, str] = {
    "EL": "an export licence",
    "EUC": "an end-user certificate",
    "DVC": "a delivery verification certificate",
}
"""Each with its article, as sentences need it."""


def plain(number: Decimal | None) -> str | None:
    """A decimal without exponent and idle zeros."""
    if number is None:
        return None
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """One line of a licence, on paper as in the registry. A quantity or value of None is no limit."""

    no: int
    control_code: str | None = None
    hs: str | None = None
    description: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    value: Decimal | None = None
    currency: str | None = None

    def to_json(self) -> dict[str, Json]:
        """As licences-json names it."""
        return {
            "no": self.no,
            "control_code": self.control_code,
            "hs": self.hs,
            "description": self.description,
            "quantity": plain(self.quantity),
            "unit": self.unit,
            "value": plain(self.value),
            "currency": self.currency,
        }


@dataclass(frozen=True, slots=True)
class StatusRef:
    """Where the certificate's status stands: a bit of the authority's Token Status List."""

    uri: str
    index: int

    def to_json(self) -> dict[str, Json]:
        """Both fields."""
        return {"uri": self.uri, "index": self.index}


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a licence certificate (CWT claims 1 to 7, 65535 and -65537 of the profile `licence`).

    `issuer` is an authority (`XA/LA-01`), `number` the licence's, `cti` 16 random bytes in hex; moments are UTC.
    `expires` is the first moment at which the certificate is no longer good. `refers_to` is the export licence that an
    end-user or delivery-verification certificate belongs to. `goods_hash` (SHA-256, hex) stands for a list of goods too
    long for the paper: then `lines` is empty and the registry has the list.
    """

    issuer: str
    number: str
    document: DocumentType
    cti: str
    issued_at: datetime
    not_before: datetime
    expires: datetime
    version: int = 1
    exporter: str | None = None
    end_user: str | None = None
    end_use_state: str | None = None
    destination: str | None = None
    lines: tuple[LicenceLine, ...] = ()
    end_use: str | None = None
    port: str | None = None
    conditions: tuple[str, ...] = ()
    refers_to: str | None = None
    goods_hash: str | None = None
    status: StatusRef | None = None

    def to_json(self) -> dict[str, Json]:
        """All fields, moments as ISO 8601."""
        return {
            "issuer": self.issuer,
            "number": self.number,
            "document": self.document,
            "cti": self.cti,
            "issued_at": self.issued_at.isoformat(),
            "not_before": self.not_before.isoformat(),
            "expires": self.expires.isoformat(),
            "version": self.version,
            "exporter": self.exporter,
            "end_user": self.end_user,
            "end_use_state": self.end_use_state,
            "destination": self.destination,
            "lines": [line.to_json() for line in self.lines],
            "end_use": self.end_use,
            "port": self.port,
            "conditions": list(self.conditions),
            "refers_to": self.refers_to,
            "goods_hash": self.goods_hash,
            "status": self.status.to_json() if self.status else None,
        }
