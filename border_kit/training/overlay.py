"""The desk of a scenario: the installed control knowledge under the scenario's own list and registries, at the scenario's time.

The overlay is a catalog of its own in a temporary directory. It is begun with the controls alone, so that no listed party
and no licence of the installed catalog can be reached from it: they are not there.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from border_kit import store
from border_kit.catalog import writer
from border_kit.catalog.importers import import_into
from border_kit.catalog.importers.base import ImportReport
from border_kit.catalog.volumes import MANIFEST, index_file, read_manifest
from border_kit.desk.desk import Desk, Settings
from border_kit.desk.install import install
from border_kit.errors import CatalogError, InputError
from border_kit.training.model import ListedParty, Overlay

_HEADER = ("id", "kind", "name", "aliases", "countries", "born", "identifiers", "list")


@contextmanager
def overlay_desk(overlay: Overlay, installed: Path, moment: datetime) -> Iterator[Desk]:
    """A desk on a scenario's world, gone with everything it knew when the block ends.

    Args:
        overlay: the scenario's list, registries and declarations.
        installed: the catalog directory whose controls are used.
        moment: the scenario's time.

    Raises:
        CatalogError: the installed catalog has no controls, or is damaged.
        InputError: a row of the overlay cannot be taken.
        StoreError: there is no room for the temporary directory.
    """
    with tempfile.TemporaryDirectory(prefix="border-kit-training-") as name:
        folder = Path(name)
        root = folder / "catalog"
        _begin(installed, root)
        _import(overlay, folder, root, moment)
        desk = Desk(Settings(catalog=root, casebook=folder / "casebook.sqlite", now=moment))
        try:
            yield desk
        finally:
            desk.close()


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
    store.replace_file(root / MANIFEST, writer.manifest_bytes({"controls": controls}))


def _import(overlay: Overlay, folder: Path, root: Path, moment: datetime) -> None:
    parties = folder / "parties.csv"
    _write_parties(overlay, parties)
    today = moment.date()
    report = import_into(
        "parties-csv", parties, root, list_id=overlay.list, edition=overlay.edition, today=today, install=install
    )
    _whole(report, "overlay.parties")
    for position, registry in enumerate(overlay.registries):
        path = folder / f"licences-{position}.json"
        path.write_text(json.dumps(registry, ensure_ascii=False), encoding="utf-8")
        _whole(import_into("licences-json", path, root, today=today, install=install), f"overlay.licences[{position}]")


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
