"""The demo volumes: fictional parties, licences and authorities, marked as demo wherever they are used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from border_kit.catalog import sources, writer
from border_kit.catalog.authored.knowledge import Knowledge
from border_kit.catalog.importers import licences, licences_volume, parties_csv, parties_volume, trust
from border_kit.catalog.importers.base import Batch, Order, Skipped
from border_kit.catalog.importers.parties_volume import Edition
from border_kit.catalog.sources import Problem, SourceError
from border_kit.catalog.volumes import VolumeInfo
from border_kit.catalog.writer import Progress
from border_kit.errors import InputError

KIND = "authored"


def lint(folder: Path) -> list[Problem]:
    """What is wrong with the demo sources."""
    problems: list[Problem] = []
    try:
        batch = _parties(folder)
        problems += _skipped("demo/parties.csv", batch.rows if batch else ())
        registry = _licences(folder)
        # A JSON file has no line to name: the place in the list is in the message.
        problems += [
            Problem("demo/licences.json", 1, f"licences[{row.row - 1}]", row.reason)
            for row in (registry.licences if registry else ())
            if isinstance(row, Skipped)
        ]
        _trust(folder)
    except SourceError as error:
        problems += error.problems
    except InputError as error:
        problems.append(Problem("demo", 1, "", error.message))
    return problems


def _skipped(name: str, rows: Any) -> list[Problem]:
    return [Problem(name, row.row, "", row.reason) for row in rows if isinstance(row, Skipped)]


def build(folder: Path, known: Knowledge, stage: Path, progress: Progress) -> Iterator[tuple[str, VolumeInfo]]:
    """Write the demo volumes whose sources are there, each with its name and row of the manifest."""
    if (folder / "parties.csv").is_file():
        progress("parties", 0, 0)
        yield "parties", _build_parties(folder, known, stage)
    registry = _licences(folder)
    if registry is not None:
        name = licences_volume.volume_name(registry.authority)
        progress(name, 0, 0)
        yield name, _build_licences(registry, known, stage, name)
    found = _trust(folder)
    if found is not None:
        progress("trust", 0, 0)
        yield "trust", _build_trust(found, known, stage)


def _order(path: Path) -> Order:
    return Order(path, None, None, date.min, writer.no_progress)


def _parties(folder: Path) -> Batch | None:
    path = folder / "parties.csv"
    return parties_csv.read(_order(path)) if path.is_file() else None


def _licences(folder: Path) -> licences.Registry | None:
    path = folder / "licences.json"
    return licences.read_json(_order(path)) if path.is_file() else None


def _trust(folder: Path) -> trust.TrustFile | None:
    path = folder / "trust.yaml"
    if not path.is_file():
        return None
    return trust.parse(sources.load(path, sources.schema_named("trust"), root=folder.parent), demo=True)


def _edition(list_id: str, day: str, source: str) -> Edition:
    return Edition(list_id, day, KIND, source, assumed=False, demo=True, name=f"{list_id} (fictional)")


def _meta(known: Knowledge, name: str, as_of: str) -> dict[str, str]:
    return {"edition": known.edition, "as_of": as_of, "demo": "1", "name": name}


def _build_parties(folder: Path, known: Knowledge, stage: Path) -> VolumeInfo:
    path = stage / "parties.sqlite"
    batch = parties_csv.read(_order(folder / "parties.csv"))
    connection = writer.create(path, "parties")
    try:
        parties_volume.merge(
            connection,
            batch.rows,
            lambda name: _edition(name or "DEMO", known.edition, "catalogs/demo/parties.csv"),
        )
        return writer.finish(connection, path, "parties", _meta(known, "Fictional listed parties", known.as_of))
    finally:
        connection.close()


def _build_licences(registry: licences.Registry, known: Knowledge, stage: Path, name: str) -> VolumeInfo:
    path = stage / f"{name}.sqlite"
    day = registry.as_of or known.as_of
    edition = _edition(registry.authority, day, "catalogs/demo/licences.json")
    connection = writer.create(path, "licences")
    try:
        licences_volume.merge(connection, registry, edition)
        return writer.finish(connection, path, name, _meta(known, f"Fictional licences of {registry.name}", day))
    finally:
        connection.close()


def _build_trust(found: trust.TrustFile, known: Knowledge, stage: Path) -> VolumeInfo:
    path = stage / "trust.sqlite"
    connection = writer.create(path, "trust")
    try:
        trust.fill(connection, found, _edition(found.list_id, known.edition, "catalogs/demo/trust.yaml"))
        return writer.finish(connection, path, "trust", _meta(known, "Fictional authorities", known.as_of))
    finally:
        connection.close()
