"""The controls volume from its sources."""

from __future__ import annotations

from pathlib import Path

from border_kit.catalog import writer
from border_kit.catalog.authored import checks, knowledge, rows
from border_kit.catalog.authored.knowledge import Knowledge
from border_kit.catalog.sources import SourceError
from border_kit.catalog.volumes import VolumeInfo
from border_kit.catalog.writer import Progress


def read_sound(sources: Path) -> Knowledge:
    """The authored knowledge, checked.

    Raises:
        SourceError: a source is wrong; every problem with its file and line.
    """
    known, problems = knowledge.read(sources)
    # What an unreadable file would define is missing everywhere: its own problems come first, alone.
    problems = problems or [problem for problem in checks.check(known) if problem.severity == "error"]
    if problems:
        raise SourceError(problems)
    return known


def build_controls(known: Knowledge, stage: Path, progress: Progress = writer.no_progress) -> VolumeInfo:
    """Write the controls volume of checked knowledge into a folder."""
    progress("controls", 0, 0)
    path = stage / "controls.sqlite"
    connection = writer.create(path, "controls")
    try:
        writer.insert(connection, "controls", rows.tables(known))
        meta = {
            "edition": known.edition,
            "as_of": known.as_of,
            "demo": "0",
            "name": known.name,
            "hs_edition": known.hs_edition,
        }
        return writer.finish(connection, path, "controls", meta)
    finally:
        connection.close()
