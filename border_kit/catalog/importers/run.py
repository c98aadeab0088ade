"""One import from end to end: one file becomes one edition of one list (or of each list it holds), whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from border_kit import store
from border_kit.catalog import schema, volumes, writer
from border_kit.catalog.authored.volume import build_controls, read_sound
from border_kit.catalog.importers import controls_volume, licences_volume, parties_volume, registry, trust
from border_kit.catalog.importers.base import Findings, ImportReport, Order, Tally
from border_kit.catalog.importers.parties_volume import Edition
from border_kit.catalog.shipped import default_sources, shipped_catalog
from border_kit.catalog.volumes import VolumeInfo
from border_kit.catalog.writer import Install, Progress
from border_kit.errors import InputError, UsageError
from border_kit.text import clean_line

_NAMES = {"parties": "Listed parties", "controls": "Control knowledge", "trust": "Trusted authorities"}


@dataclass(frozen=True, slots=True)
class _Job:
    """What every family of importers works with."""

    kind: str
    order: Order
    into: Path
    stage: Path
    installed: dict[str, VolumeInfo]

    def edition(self, list_id: str, stated: str | None) -> Edition:
        day, assumed = self.order.dated(stated)
        return Edition(list_id, day, self.kind, clean_line(self.order.path.name, 200), assumed)

    def copy(self, name: str) -> Path:
        """The volume as it is, copied for changing; a new one where there is none."""
        target = self.stage / f"{name}.sqlite"
        if name in self.installed:
            if not target.exists():
                shutil.copyfile(self.into / self.installed[name].file, target)
        else:
            store.seal(writer.create(target, schema.volume_kind(name)), target)
        return target


@dataclass(frozen=True, slots=True)
class _Outcome:
    info: VolumeInfo
    tallies: list[Tally]
    skipped: Findings
    removed_demo: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def import_into(
    kind: str,
    path: Path,
    into: Path,
    *,
    list_id: str | None = None,
    edition: date | str | None = None,
    today: date,
    install: Install = writer.no_install,
    progress: Progress = writer.no_progress,
) -> ImportReport:
    """Import a file into a catalog directory.

    A new directory starts with the shipped controls and policy, and without demo parties, licences or trust.

    Args:
        kind: one of `registry.KINDS`.
        path: the file, or the folder of files.
        into: the catalog directory.
        list_id: the list that the rows belong to, where the file does not say.
        edition: the edition's date, where the file states none.
        today: the date assumed where nobody states one.
        install: builds the derived indexes.
        progress: told how far it is.

    Raises:
        UsageError: an unknown kind, an unusable list id or date.
        InputError: the file cannot be used, nothing of it could be taken, or a newer edition is installed.
        CatalogError: the catalog is damaged.
        StoreError: the disk is full or may not be written; the catalog is as it was.
    """
    importer = registry.find(kind)
    order = Order(path, _list_id(list_id), _day(edition), today, progress)
    with writer.staging(into) as stage:
        installed = volumes.read_manifest(into) if (into / volumes.MANIFEST).exists() else {}
        begun = {} if installed else _begin(stage, progress)
        job = _Job(kind, order, into, stage, installed | begun)
        outcome = _run(job, importer)
        _refuse_empty(outcome, path)
        found = installed | begun | {outcome.info.name: outcome.info}
        writer.publish(stage, into, found, {*begun, outcome.info.name}, install)
    return ImportReport(
        kind=kind,
        volume=outcome.info.name,
        lists=tuple(outcome.tallies),
        skipped=tuple(outcome.skipped.listed),
        skipped_count=outcome.skipped.count,
        removed_demo=outcome.removed_demo,
        remarks=outcome.remarks,
    )


def _run(job: _Job, importer: registry.Importer) -> _Outcome:
    if isinstance(importer, registry.Parties):
        return _parties(job, importer)
    if isinstance(importer, registry.Licences):
        return _licences(job, importer)
    return _controls(job, importer) if isinstance(importer, registry.Controls) else _trust(job, importer)


def _list_id(text: str | None) -> str | None:
    if text is None:
        return None
    shown = clean_line(text, 80)
    if not shown or shown != text.strip():
        raise UsageError("bad_list", f"{text[:80]!r} is no list id.", "Use a short word such as UN-SC.")
    return shown


def _day(edition: date | str | None) -> str | None:
    if edition is None:
        return None
    try:
        day = edition if isinstance(edition, date) else date.fromisoformat(edition)
    except ValueError as error:
        raise UsageError("bad_edition", f"{edition!r} is no date.", "Write it as YYYY-MM-DD.") from error
    return day.isoformat()


def _begin(stage: Path, progress: Progress) -> dict[str, VolumeInfo]:
    """The shipped controls: as set-up built them, else built from the sources."""
    shipped = shipped_catalog()
    if shipped is None:
        return {"controls": build_controls(read_sound(default_sources()), stage, progress)}
    info = volumes.read_manifest(shipped)["controls"]
    shutil.copyfile(shipped / info.file, stage / info.file)
    return {"controls": info}


def _refuse_empty(outcome: _Outcome, path: Path) -> None:
    if any(tally.taken or tally.ended for tally in outcome.tallies):
        return
    first = outcome.skipped.listed[0] if outcome.skipped.listed else None
    why = f" The first of {outcome.skipped.count}: row {first.row}, {first.reason}." if first else ""
    raise InputError(
        "nothing_taken",
        f"No row of {path.name} could be taken.{why}",
        "Check that the file is of this kind; the catalog is as it was.",
    )


def _changed(path: Path, name: str, connection: sqlite3.Connection, job: _Job) -> VolumeInfo:
    """Close a changed volume; its meta row says how old it is: as old as the oldest list in it."""
    editions = connection.execute(
        "SELECT max(edition), min(as_of), min(demo) FROM edition WHERE current = 1 AND (:all OR kind = 'authored')",
        {"all": name != "controls"},
    ).fetchone()
    meta = {row["key"]: row["value"] for row in connection.execute("SELECT key, value FROM meta")}
    meta |= {"edition": editions[0], "as_of": editions[1], "demo": str(editions[2])}
    meta.setdefault("name", _NAMES.get(name, name))
    job.order.progress("closing", 0, 0)
    return writer.finish(connection, path, name, meta)


def _open(job: _Job, name: str) -> tuple[Path, sqlite3.Connection]:
    """A copy of a volume, proven to be what it should be before anything is written to it."""
    path = job.copy(name)
    proof = store.open_volume(path)
    try:
        volumes.expect_schema(proof, schema.volume_kind(name), name)
    finally:
        proof.close()
    return path, writer.change(path)


def _parties(job: _Job, importer: registry.Parties) -> _Outcome:
    batch = importer.read(job.order)
    path, connection = _open(job, "parties")
    try:
        removed = parties_volume.drop_demo(connection)
        edition_of = _edition_of(job, batch.stated, batch.default_list)
        tallies, skipped = parties_volume.merge(
            connection, batch.rows, edition_of, job.order.progress, partial=batch.partial
        )
        if not tallies:
            _refuse_empty(_Outcome(_NOTHING, [], skipped), job.order.path)
        remarks = (*batch.remarks, *_parties_remarks(job, tallies))
        return _Outcome(_changed(path, "parties", connection, job), tallies, skipped, removed, remarks)
    finally:
        connection.close()


def _parties_remarks(job: _Job, tallies: list[Tally]) -> Iterator[str]:
    """What whoever imported should look at: a list id that was not used, a list that lost much (the file may be cut short)."""
    named = job.order.list_id
    if named and named not in {tally.list for tally in tallies}:
        yield f"The file names its lists itself: {named} was not used."
    for tally in tallies:
        before = tally.taken - tally.added + tally.ended
        if tally.ended >= MUCH_LOST and tally.ended > before * LOST_SHARE:
            yield (
                f"{tally.list}: {tally.ended} of {before} entries ended. If the file was cut short, import it again, whole, "
                f"with --edition {tally.edition}."
            )


MUCH_LOST, LOST_SHARE = 10, 0.2
"""Entries that a new edition ends, and their share of the list, from which whoever imports is told to look whether the file is whole."""


def _edition_of(job: _Job, stated: str | None, default: str) -> Callable[[str], Edition]:
    return lambda named: job.edition(named or job.order.list_id or default, stated)


def _controls(job: _Job, importer: registry.Controls) -> _Outcome:
    batch = importer.read(job.order)
    path, connection = _open(job, "controls")
    try:
        edition_of = _edition_of(job, batch.stated, batch.default_list)
        tallies, skipped = controls_volume.merge(connection, batch.rows, edition_of, job.order.progress)
        if not tallies:
            _refuse_empty(_Outcome(_NOTHING, [], skipped), job.order.path)
        return _Outcome(_changed(path, "controls", connection, job), tallies, skipped)
    finally:
        connection.close()


def _licences(job: _Job, importer: registry.Licences) -> _Outcome:
    found = importer.read(job.order)
    name = licences_volume.volume_name(found.authority)
    path, connection = _open(job, name)
    try:
        removed = licences_volume.drop_demo(connection)
        edition = job.edition(found.authority, found.as_of)
        tally, skipped, remarks = licences_volume.merge(connection, found, edition)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('name', ?)", (found.name,))
        return _Outcome(_changed(path, name, connection, job), [tally], skipped, removed, remarks)
    finally:
        connection.close()


def _trust(job: _Job, importer: registry.Trust | registry.StatusLists) -> _Outcome:
    skipped = Findings()
    if isinstance(importer, registry.StatusLists):
        row = importer.read(job.order)
        if "trust" not in job.installed:
            raise InputError(
                "trust_missing",
                "This catalog has no trust list for a status list.",
                "Import a trust list (trust-yaml) first.",
            )
        path, connection = _open(job, "trust")
        try:
            tally, skipped = trust.add_status_list(connection, row)
            return _Outcome(_changed(path, "trust", connection, job), [tally], skipped)
        finally:
            connection.close()
    found = importer.read(job.order)
    path, connection = _open(job, "trust")
    try:
        tally = trust.fill(connection, found, job.edition(job.order.list_id or found.list_id, found.stated))
        return _Outcome(_changed(path, "trust", connection, job), [tally], skipped)
    finally:
        connection.close()


_NOTHING = VolumeInfo("", "", "", date.min, demo=False, digest="", rows={})
