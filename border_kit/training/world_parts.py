"""The fictional world of a scenario, from its `overlay`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from border_kit.catalog.importers.base import Skipped
from border_kit.catalog.importers.licences import checked
from border_kit.catalog.sources import Key
from border_kit.certificates.claims import DOCUMENT_TYPES, LicenceLine
from border_kit.errors import InputError
from border_kit.policy import exemptions
from border_kit.policy.profile import read_tolerance
from border_kit.shipment.model import Shipment
from border_kit.shipment.readers import read_shipment
from border_kit.shipment.readers.values import amount
from border_kit.training import world
from border_kit.training.reading import Reading

_NOBODY = Shipment("")


class WorldBuilder:
    """Builds the overlay of one scenario; what is wrong with it is in the `problems` of its reading."""

    def __init__(self, reading: Reading) -> None:
        """Read from a document that fits the schema."""
        self._r = reading

    def overlay(self) -> world.Overlay:
        """The overlay; worth nothing while there are problems."""
        data = self._r.data["overlay"]
        found = world.Overlay(
            list=data["list"],
            edition=self._r.day(data["edition"], ("overlay", "edition")),
            parties=self._r.each(("overlay", "parties"), _listed_party),
            registries=self._registries(data, ("overlay",)),
            declarations=self._r.each(("overlay", "declarations"), self._declaration),
            trust=self._trust(data["trust"]) if "trust" in data else None,
            certificates=self._r.each(("overlay", "certificates"), self._certificate),
            exemptions=self._exemptions(data),
            tolerance=read_tolerance(data["tolerance"]) if "tolerance" in data else None,
            updates=self._r.each(("overlay", "updates"), self._update),
        )
        self._papers(found)
        return found

    def _registries(self, data: dict[str, Any], path: Key) -> tuple[dict[str, Any], ...]:
        for position, row in enumerate(data.get("licences", ())):
            place: Key = (*path, "licences", position)
            self._r.day(row["as_of"], (*place, "as_of"))
            for item in checked((at, licence, "state") for at, licence in enumerate(row["licences"])):
                if isinstance(item, Skipped):
                    number, _, reason = item.reason.partition(": ")
                    named = row["licences"][item.row].get("number") == number
                    self._r.wrong_within((*place, "licences", item.row), reason if named else item.reason)
        return tuple(data.get("licences", ()))

    def _declaration(self, row: dict[str, Any], path: Key) -> world.Declaration:
        return world.Declaration(
            id=row["id"],
            what=row["what"],
            shipment=self._shipment(row["shipment"], (*path, "shipment")),
            answers=row.get("answers", {}),
            certificates=self._r.refer_all("certificate", row.get("certificates", ()), (*path, "certificates")),
            path=path,
        )

    def _shipment(self, data: Any, path: Key) -> Shipment:
        try:
            shipment, remarks = read_shipment(data, position=1)
        except InputError as error:
            self._r.wrong_within(path, error.message)
            return _NOBODY
        for remark in remarks:
            self._r.wrong_within(path, remark)
        return shipment

    def _trust(self, row: dict[str, Any]) -> world.Trust:
        path: Key = ("overlay", "trust")
        edition = self._r.day(row["edition"], (*path, "edition"))
        found = world.Trust(
            edition=edition,
            status_list=self._r.day_of(row, "status_list", path) or edition,
            authorities=self._r.each((*path, "authorities"), self._authority),
        )
        if not any(authority.home for authority in found.authorities):
            self._r.wrong((*path, "authorities"), "no authority is `home: true`: nobody's documents are recognised")
        return found

    def _authority(self, row: dict[str, Any], path: Key) -> world.Authority:
        recognised = row.get("recognised", True)
        window: tuple[date | None, date | None] = (None, None)
        if isinstance(recognised, dict):
            where = (*path, "recognised")
            window = (self._r.day_of(recognised, "from", where), self._r.day_of(recognised, "to", where))
        if row["id"].partition("/")[0] != row["country"]:
            self._r.wrong((*path, "country"), f"{row['id']} is of another country than {row['country']}")
        return world.Authority(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            phone=row.get("phone"),
            home=row.get("home", False),
            recognised=window if recognised is not False else None,
            documents=tuple(row.get("documents", DOCUMENT_TYPES)),
            key_status=row.get("key", "active"),
            key_from=self._r.day_of(row, "key_from", path),
            key_to=self._r.day_of(row, "key_to", path),
            path=path,
        )

    def _certificate(self, row: dict[str, Any], path: Key) -> world.Certificate:
        issued = self._r.day(row["issued"], (*path, "issued"))
        return world.Certificate(
            id=row["id"],
            issuer=self._r.refer("authority", row["issuer"], (*path, "issuer")),
            number=row["number"],
            document=row.get("document", "EL"),
            issued=issued,
            valid_from=self._r.day_of(row, "valid_from", path) or issued,
            valid_to=self._r.day(row["valid_to"], (*path, "valid_to")),
            exporter=row.get("exporter"),
            end_user=row.get("end_user"),
            destination=row.get("destination"),
            end_use=row.get("end_use"),
            port=row.get("port"),
            conditions=tuple(row.get("conditions", ())),
            refers_to=row.get("refers_to"),
            lines=tuple(self._goods(line, (*path, "lines", at)) for at, line in enumerate(row.get("lines", ()))),
            fault=row.get("fault"),
            status=row.get("status", "valid"),
            shown=tuple(
                (item["shipment"], item["office"], self._r.day(item["on"], (*path, "shown", at, "on")))
                for at, item in enumerate(row.get("shown", ()))
            ),
            path=path,
        )

    def _goods(self, row: dict[str, Any], path: Key) -> LicenceLine:
        return LicenceLine(
            no=row["no"],
            control_code=row.get("control_code"),
            hs=row.get("hs"),
            description=row.get("description"),
            quantity=self._amount(row, "quantity", path),
            unit=row.get("unit"),
            value=self._amount(row, "value", path),
            currency=row.get("currency"),
        )

    def _amount(self, row: dict[str, Any], name: str, path: Key) -> Decimal | None:
        if row.get(name) is None:
            return None
        try:
            return amount(row[name], name)
        except InputError as error:
            self._r.wrong((*path, name), error.message)
            return None

    def _exemptions(self, data: dict[str, Any]) -> tuple[exemptions.Exemption, ...]:
        rows = data.get("exemptions", ())
        for at, row in enumerate(rows):
            for name in ("from", "to"):
                self._r.day(row[name], ("overlay", "exemptions", at, name))
        return exemptions.parse(rows)

    def _update(self, row: dict[str, Any], path: Key) -> world.Update:
        named = {party["id"] for party in self._r.data["overlay"].get("parties", ())}
        for at, party in enumerate(row.get("removed", ())):
            if party not in named:
                self._r.wrong((*path, "removed", at), f"there is no listed party {party!r}")
        for name in row.get("certificates", {}):
            self._r.refer("certificate", name, (*path, "certificates", name))
        return world.Update(
            id=row["id"],
            what=row["what"],
            edition=self._r.day_of(row, "edition", path),
            parties=tuple(
                _listed_party(item, (*path, "parties", at)) for at, item in enumerate(row.get("parties", ()))
            ),
            removed=tuple(row.get("removed", ())),
            registries=self._registries(row, path),
            status_list=self._r.day_of(row, "status_list", path),
            statuses=row.get("certificates", {}),
            path=path,
        )

    def _papers(self, found: world.Overlay) -> None:
        """Certificates need authorities; a strange hand needs another authority to borrow from."""
        if found.certificates and found.trust is None:
            self._r.wrong(("overlay", "certificates"), "certificates need `trust`: the authorities that sign them")
        for item in found.certificates:
            if (
                item.fault == "wrong_issuer" and found.trust is not None and len(found.trust.authorities) < 2
            ):  # itself and another
                self._r.wrong((*item.path, "fault"), "wrong_issuer needs a second authority, whose key signs")
        for update in found.updates:
            if (update.parties or update.removed) and update.edition is None:
                self._r.wrong(update.path, "a changed list of parties has a date: add `edition`")
            if update.statuses and update.status_list is None:
                self._r.wrong(update.path, "a changed status list has a date: add `status_list`")


def _listed_party(row: dict[str, Any], path: Key) -> world.ListedParty:
    return world.ListedParty(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        aliases=tuple(row.get("aliases", ())),
        countries=tuple(row.get("countries", ())),
        born=row.get("born"),
        identifiers=tuple((item["type"], item["value"]) for item in row.get("identifiers", ())),
        path=path,
    )
