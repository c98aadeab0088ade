"""The fictional world of a scenario: its lists, registries, authorities, certificates and declarations, and what comes later.

`Overlay.after` is the world once updates were loaded; overlay.py makes a desk of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from border_kit.catalog.sources import Key
from border_kit.certificates.claims import DocumentType, LicenceLine
from border_kit.policy.exemptions import Exemption
from border_kit.policy.profile import Tolerance
from border_kit.shipment.model import Shipment

Fault = Literal["forged", "unknown_key", "wrong_issuer", "damaged", "cut"]
"""What is wrong with the paper itself: another key under the authority's key id; a key that nobody lists; the key of another
listed authority; characters lost in the middle; the end missing."""

StatusWord = Literal["valid", "revoked", "suspended"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A shipment as declared, or as the papers complete it; `what` says which.

    `answers` are the officer's (question id → yes, no, not_known or a value); `certificates` those shown with it.
    """

    id: str
    what: str
    shipment: Shipment
    answers: Mapping[str, str]
    certificates: tuple[str, ...]
    path: Key


@dataclass(frozen=True, slots=True)
class ListedParty:
    """A fictional row of the scenario's own list, as parties-csv names its columns."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    countries: tuple[str, ...]
    born: str | None
    identifiers: tuple[tuple[str, str], ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority of the training trust list. Its key is made from its id; `recognised` (from, to) is None where it is not.

    `key_status`, `key_from` and `key_to` are its key's; `documents` the kinds that it may sign.
    """

    id: str
    name: str
    country: str
    phone: str | None
    home: bool
    recognised: tuple[date | None, date | None] | None
    documents: tuple[DocumentType, ...]
    key_status: Literal["active", "retired", "compromised"]
    key_from: date | None
    key_to: date | None
    path: Key


@dataclass(frozen=True, slots=True)
class Trust:
    """The training trust list: its date, and the date of the status lists that came with it."""

    edition: date
    status_list: date
    authorities: tuple[Authority, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that is really signed when the scenario's desk is made. `valid_to` is its last day.

    `status` is what the status list says at the start; `shown` are (shipment, office, day) at which it was seen before.
    """

    id: str
    issuer: str
    number: str
    document: DocumentType
    issued: date
    valid_from: date
    valid_to: date
    exporter: str | None
    end_user: str | None
    destination: str | None
    end_use: str | None
    port: str | None
    conditions: tuple[str, ...]
    refers_to: str | None
    lines: tuple[LicenceLine, ...]
    fault: Fault | None
    status: StatusWord
    shown: tuple[tuple[str, str, date], ...]
    path: Key


@dataclass(frozen=True, slots=True)
class Update:
    """What a newer list brings, once it is loaded: it states only what changes.

    `parties` are added, or stand in place of those of the same id; `removed` are gone; `registries` replace licences by their
    number; `statuses` are what a status list of the day `status_list` says of certificates.
    """

    id: str
    what: str
    edition: date | None
    parties: tuple[ListedParty, ...]
    removed: tuple[str, ...]
    registries: tuple[dict[str, Any], ...]
    status_list: date | None
    statuses: Mapping[str, StatusWord]
    path: Key


@dataclass(frozen=True, slots=True)
class Overlay:
    """The fictional world of a scenario: its list (id and edition), registries (licences-json), trust list, declarations."""

    list: str
    edition: date
    parties: tuple[ListedParty, ...]
    registries: tuple[dict[str, Any], ...]
    declarations: tuple[Declaration, ...]
    trust: Trust | None = None
    certificates: tuple[Certificate, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    tolerance: Tolerance | None = None
    updates: tuple[Update, ...] = ()

    def declaration(self, name: str) -> Declaration:
        """The declaration of that id. Raises KeyError."""
        return {item.id: item for item in self.declarations}[name]

    def certificate(self, name: str) -> Certificate:
        """The certificate of that id. Raises KeyError."""
        return {item.id: item for item in self.certificates}[name]

    def after(self, loaded: Collection[str]) -> Overlay:
        """The world once the named updates were loaded, in the order in which the author wrote them."""
        found = self
        for update in self.updates:
            if update.id in loaded:
                found = _updated(found, update)
        return found


def _updated(world: Overlay, update: Update) -> Overlay:
    parties = {party.id: party for party in (*world.parties, *update.parties) if party.id not in update.removed}
    trust = world.trust
    if trust is not None and update.status_list is not None:
        trust = replace(trust, status_list=update.status_list)
    return replace(
        world,
        edition=update.edition or world.edition,
        parties=tuple(parties.values()),
        registries=_merged(world.registries, update.registries),
        trust=trust,
        certificates=tuple(
            replace(item, status=update.statuses.get(item.id, item.status)) for item in world.certificates
        ),
    )


def _merged(before: tuple[dict[str, Any], ...], newer: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Registries by authority; a newer one keeps the licences that it does not name."""
    found = {row["authority"]: row for row in before}
    for row in newer:
        known = found.get(row["authority"], {})
        licences = {item["number"]: item for item in (*known.get("licences", ()), *row["licences"])}
        found[row["authority"]] = {**known, **row, "licences": list(licences.values())}
    return tuple(found.values())


def start_of(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def end_of(day: date) -> datetime:
    """The first moment after a day, UTC."""
    return start_of(day) + timedelta(days=1)
