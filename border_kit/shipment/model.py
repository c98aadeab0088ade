"""A shipment as every engine sees it. Readers make it, nothing changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from border_kit.findings import Json

Direction = Literal["export", "import", "transit"]
Role = Literal["exporter", "consignee", "end_user", "declarant", "forwarder", "carrier", "notify", "vessel"]

DIRECTIONS: tuple[str, ...] = get_args(Direction)
ROLES: tuple[str, ...] = tuple(role for role in get_args(Role) if role != "vessel")
"""What a declaration names its parties by; the `vessel` is no party, and made one to be screened (`conveyance.py`)."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names one party: `type` as in parties-csv (imo, mmsi, lei, passport, tax …)."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Party:
    """One party of a shipment; `country` is ISO 3166-1 alpha-2, `born` YYYY[-MM[-DD]]."""

    role: Role
    name: str
    country: str | None = None
    address: str | None = None
    born: str | None = None
    identifiers: tuple[Identifier, ...] = ()

    @property
    def ref(self) -> str:
        """How findings name this party."""
        return f"{self.role}: {self.name}"


@dataclass(frozen=True, slots=True)
class LicenceRef:
    """A licence that a line declares; `line` is the licence's own line, where stated."""

    number: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One goods line. None means *not stated*; quantities and values are exact decimals."""

    no: int
    description: str
    hs: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    value: Decimal | None = None
    currency: str | None = None
    origin: str | None = None
    documents: tuple[str, ...] = ()
    licences: tuple[LicenceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Transport:
    """How the goods travel. `vessel` is what the papers say of ship, aircraft or truck; `imo` the ship's IMO number as written."""

    vessel: str | None = None
    containers: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    imo: str | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """One declaration or consignment: who sends what to whom, and which papers it shows.

    `date` is the day the declaration is for (licences are judged on it); `route` the countries passed, in order.
    """

    id: str
    direction: Direction | None = None
    office: str | None = None
    date: date | None = None
    end_use: str | None = None
    parties: tuple[Party, ...] = ()
    route: tuple[str, ...] = ()
    destination: str | None = None
    transport: Transport = field(default_factory=Transport)
    lines: tuple[Line, ...] = ()
    certificates: tuple[str, ...] = ()

    def first(self, role: Role) -> Party | None:
        """The first party in a role, if one is named."""
        return next((party for party in self.parties if party.role == role), None)

    @property
    def licence_numbers(self) -> tuple[str, ...]:
        """Every licence number declared, once, in order."""
        return tuple(dict.fromkeys(ref.number for line in self.lines for ref in line.licences))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a file that could not be used: `row` as the file counts (1-based), `field` and `reason` in words."""

    row: int
    field: str | None
    reason: str

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        return {"row": self.row, "field": self.field, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a reader made of a file: shipments to assess, rows refused, and remarks for the officer (how columns were read)."""

    shipments: tuple[Shipment, ...]
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def to_json(shipment: Shipment) -> dict[str, Json]:
    """A shipment in the kit's own file format (docs/interfaces.md), decimals as strings."""
    return {
        "id": shipment.id,
        "direction": shipment.direction,
        "office": shipment.office,
        "date": shipment.date.isoformat() if shipment.date else None,
        "end_use": shipment.end_use,
        "parties": [
            {
                "role": party.role,
                "name": party.name,
                "country": party.country,
                "address": party.address,
                "born": party.born,
                "identifiers": [{"type": item.type, "value": item.value} for item in party.identifiers],
            }
            for party in shipment.parties
        ],
        "route": list(shipment.route),
        "destination": shipment.destination,
        "transport": {
            "vessel": shipment.transport.vessel,
            "imo": shipment.transport.imo,
            "containers": list(shipment.transport.containers),
            "seals": list(shipment.transport.seals),
        },
        "lines": [
            {
                "no": line.no,
                "description": line.description,
                "hs": line.hs,
                "quantity": _number(line.quantity),
                "unit": line.unit,
                "value": _number(line.value),
                "currency": line.currency,
                "origin": line.origin,
                "documents": list(line.documents),
                "licences": [{"number": ref.number, "line": ref.line} for ref in line.licences],
            }
            for line in shipment.lines
        ],
        "certificates": list(shipment.certificates),
    }
