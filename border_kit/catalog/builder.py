"""From the sources under `catalogs/` to a catalog directory (`border-kit catalog build`)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from border_kit import store
from border_kit.catalog import volumes, writer
from border_kit.catalog.authored import checks, demo, knowledge
from border_kit.catalog.authored.volume import build_controls, read_sound
from border_kit.catalog.shipped import default_sources
from border_kit.catalog.sources import Problem, SourceError
from border_kit.catalog.volumes import VolumeInfo
from border_kit.catalog.writer import Install, Progress
from border_kit.errors import CatalogError, UsageError

__all__ = ["build", "default_sources", "lint"]


def build(
    sources: Path, into: Path, *, install: Install = writer.no_install, progress: Progress = writer.no_progress
) -> dict[str, Any]:
    """Compile all sources into a catalog directory, whole or not at all.

    Args:
        sources: the folder with `catalog.yaml`.
        into: the catalog directory; what was built there before is replaced, what was imported never.
        install: builds the derived indexes.
        progress: told what is being built.

    Returns:
        The manifest, as it is written.

    Raises:
        SourceError: a source is wrong; every problem with its file and line.
        UsageError: the directory holds imported lists.
        StoreError: the disk is full or may not be written.
    """
    known = read_sound(sources)
    wrong = [problem for problem in demo.lint(sources / "demo") if problem.severity == "error"]
    if wrong:
        raise SourceError(wrong)
    with writer.staging(into) as stage:
        old = _replaceable(into)
        found = {"controls": build_controls(known, stage, progress)}
        found |= demo.build(sources / "demo", known, stage, progress)
        progress("index", 0, 0)
        writer.publish(stage, into, found, found, install, gone=set(old) - set(found))
    manifest: dict[str, Any] = json.loads(writer.manifest_bytes(found))
    return manifest


def lint(sources: Path) -> list[Problem]:
    """Everything that is wrong or doubtful in the sources, in the order of files and lines.

    Raises:
        InputError: there are no sources at all in this folder.
    """
    known, problems = knowledge.read(sources)
    problems += checks.check(known)
    problems += demo.lint(sources / "demo")
    return sorted(problems)


def _replaceable(into: Path) -> Mapping[str, VolumeInfo]:
    """The volumes that a build may replace. Raises UsageError where an import would be lost."""
    try:
        found = volumes.read_manifest(into)
    except CatalogError:
        return {}
    for name, info in found.items():
        if _imported(into / info.file):
            raise UsageError(
                "catalog_has_imports",
                f"The catalog in {into} holds imported lists (in {name}): building there would remove them.",
                "Build into another directory.",
            )
    return found


def _imported(path: Path) -> bool:
    try:
        connection = store.open_volume(path)
        try:
            return connection.execute("SELECT 1 FROM edition WHERE kind <> 'authored' LIMIT 1").fetchone() is not None
        finally:
            connection.close()
    except (CatalogError, sqlite3.Error):
        return False
