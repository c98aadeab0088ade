"""The desk of a scenario: the installed control knowledge under the scenario's own lists and papers, at the scenario's time.

A world is a catalog of its own in a temporary directory, with an empty casebook's and ledger's place beside it. The catalog is
begun with the controls alone, so that no listed party and no licence of the installed one can be reached: they are not there.
"""

from __future__ import annotations

import csv
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from border_kit import disk
from border_kit.catalog import writer
from border_kit.catalog.importers import import_into
from border_kit.catalog.importers.base import ImportReport
from border_kit.catalog.volumes import MANIFEST, index_file, read_manifest
from border_kit.clock import stamp
from border_kit.desk.desk import Desk
from border_kit.desk.install import install
from border_kit.desk.seen import SeenBook, Shown
from border_kit.desk.settings import Settings
from border_kit.errors import CatalogError, InputError
from border_kit.licensing.ledger import Ledger
from border_kit.shipment.model import Shipment
from border_kit.training.signing import Papers, issue_all
from border_kit.training.world import ListedParty, Overlay, start_of

if TYPE_CHECKING:
    from border_kit.desk.answers import Assessment
    from border_kit.desk.certificates import Checked

_PREFIX = "border-kit-training-"
_KEPT_SECONDS = 24 * 3_600
_HEADER = ("id", "kind", "name", "aliases", "countries", "born", "identifiers", "list")


@dataclass(slots=True)
class World:
    """A scenario's desk with the papers that its authorities issued. `close` removes everything it knew."""

    desk: Desk
    overlay: Overlay
    papers: Papers
    _folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def opened(cls, overlay: Overlay, installed: Path, moment: datetime) -> World:
        """Make the world of an overlay.

        Args:
            overlay: the scenario's lists, registries, authorities and declarations (`Overlay.after` for later ones).
            installed: the catalog directory whose controls are used.
            moment: the scenario's time; the lists are taken in at it. `at` moves it on.

        Raises:
            CatalogError: the installed catalog has no controls, or is damaged.
            InputError: a row of the overlay cannot be taken.
            StoreError: there is no room for the temporary directory.
        """
        _sweep()
        held = tempfile.TemporaryDirectory(prefix=_PREFIX)
        try:
            folder = Path(held.name)
            root = folder / "catalog"
            papers = issue_all(overlay)
            with disk.passing():  # a hundred waits for the disk, for files that are gone with the process
                _begin(installed, root)
                _import(overlay, papers, folder, root, moment)
                settings = Settings(
                    catalog=root,
                    casebook=folder / "casebook.sqlite",
                    now=moment,
                    training=True,
                    exemptions=overlay.exemptions,
                    tolerance=overlay.tolerance,
                )
                Ledger.at(settings.ledger_path(), lambda: f"training~{secrets.token_hex(4)}", training=True).close()
                _show(overlay, papers, settings)
            return cls(Desk(settings), overlay, papers, held)
        except BaseException:
            held.cleanup()
            raise

    def at(self, moment: datetime) -> World:
        """This world at another moment: time passes by what is done in it."""
        if moment != self.desk.clock.now():
            self.desk.set_clock(moment)
        return self

    def close(self) -> None:
        """Close the desk and remove its files."""
        self.desk.close()
        self._folder.cleanup()

    def shipment(self, declaration: str) -> Shipment:
        """A declaration's shipment, with the certificates that are shown with it. Raises KeyError."""
        found = self.overlay.declaration(declaration)
        texts = tuple(self.papers.texts[name] for name in found.certificates)
        return replace(found.shipment, certificates=(*found.shipment.certificates, *texts))

    def assess(self, declaration: str) -> Assessment:
        """What the engines say of a declaration, with the officer's answers that belong to it. Raises KeyError."""
        return self.desk.assess(self.shipment(declaration), self.overlay.declaration(declaration).answers)

    def prove(self, certificate: str, against: str | None = None) -> Checked:
        """What the verifier says of a certificate, held against a declaration where one is named. Raises KeyError."""
        shipment = self.overlay.declaration(against).shipment if against else None
        return self.desk.certificates.verify(self.papers.texts[certificate], shipment=shipment)


@contextmanager
def open_world(overlay: Overlay, installed: Path, moment: datetime) -> Iterator[World]:
    """A world for the length of a block. Raises as `World.opened` does."""
    world = World.opened(overlay, installed, moment)
    try:
        yield world
    finally:
        world.close()


def _sweep() -> None:
    """Remove worlds of a day ago and older: their processes were killed, and a world is as large as the controls."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _begin(installed: Path, root: Path) -> None:
    """A catalog that holds the installed controls and nothing else."""
    found = read_manifest(installed)
    if "controls" not in found:
        raise CatalogError(
            "volume_missing",
            "This catalog has no volume of controls: no scenario can be run on it.",
            "Build one with: border-kit catalog build --into DIR",
        )
    root.mkdir()
    controls = found["controls"]
    for file in (controls.file, index_file("controls")):
        if (installed / file).is_file():
            shutil.copyfile(installed / file, root / file)
    disk.replace_file(root / MANIFEST, writer.manifest_bytes({"controls": controls}))


def _import(overlay: Overlay, papers: Papers, folder: Path, root: Path, moment: datetime) -> None:
    parties = folder / "parties.csv"
    _write_parties(overlay, parties)
    today = moment.date()
    report = import_into(
        "parties-csv", parties, root, list_id=overlay.list, edition=overlay.edition, today=today, install=install
    )
    _whole(report, "overlay.parties")
    for position, registry in enumerate(overlay.registries):
        path = folder / f"licences-{position}.json"
        path.write_text(json.dumps(_linked(registry, overlay, papers), ensure_ascii=False), encoding="utf-8")
        _whole(import_into("licences-json", path, root, today=today, install=install), f"overlay.licences[{position}]")
    if papers.trust is not None:
        path = folder / "trust.yaml"
        path.write_text(json.dumps(papers.trust, ensure_ascii=False), encoding="utf-8")
        _whole(import_into("trust-yaml", path, root, today=today, install=install), "overlay.trust")


def _linked(registry: dict[str, Any], overlay: Overlay, papers: Papers) -> dict[str, Any]:
    """A registry whose licences know the certificate that was issued for them, unless their row names another."""
    issued = {(item.issuer, item.number): papers.claims[item.id] for item in overlay.certificates if item.fault is None}
    rows = []
    for row in registry["licences"]:
        claims = issued.get((registry["authority"], row["number"]))
        known = {"cti": claims.cti, "status_index": claims.status.index} if claims and claims.status else {}
        rows.append(known | row)
    return {**registry, "licences": rows}


def _show(overlay: Overlay, papers: Papers, settings: Settings) -> None:
    """Note where certificates were shown before."""
    rows = [
        Shown(item.issuer, papers.claims[item.id].cti, item.number, shipment, office, stamp(start_of(day)))
        for item in overlay.certificates
        for shipment, office, day in item.shown
    ]
    if rows:
        book = SeenBook.at(settings.seen_path())
        book.add(rows)
        book.close()


def _whole(report: ImportReport, what: str) -> None:
    """An overlay is taken whole: a row that an importer would skip is the author's mistake."""
    if report.skipped:
        first = report.skipped[0]
        raise InputError("overlay_row", f"{what}: row {first.row} cannot be taken ({first.reason}).", "Correct it.")


def _write_parties(overlay: Overlay, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(_HEADER)
        rows.writerows(_row(party, overlay.list) for party in overlay.parties)


def _row(party: ListedParty, list_id: str) -> tuple[str, ...]:
    return (
        party.id,
        party.kind,
        party.name,
        ";".join(party.aliases),
        ";".join(party.countries),
        party.born or "",
        ";".join(f"{kind}:{value}" for kind, value in party.identifiers),
        list_id,
    )
