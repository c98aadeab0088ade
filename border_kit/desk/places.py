"""Where things lie: the office's own files, the installed catalog, the one that ships."""

from __future__ import annotations

import os
from pathlib import Path

from border_kit.sync.generations import Generations, Opened
from border_kit.sync.moment import OfficeClock, office_clock


def home() -> Path:
    """The office's folder: `BORDER_KIT_HOME`, else the platform's data folder."""
    chosen = os.environ.get("BORDER_KIT_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("border-kit", appauthor=False))


def shipped_catalog() -> Path:
    """The catalog that set-up builds into the package's data."""
    return Path(__file__).resolve().parent.parent / "_data" / "catalog"


def installed() -> Opened | None:
    """The generation in use, with what is to be said of it; None where none was ever installed. Raises CatalogError."""
    return Generations(home()).opened()


def default_catalog() -> Path:
    """The installed generation; the shipped catalog only if none was ever installed.

    Raises CatalogError when what was installed is damaged and no older generation is whole: it is never silently replaced.
    """
    opened = installed()
    return opened.generation.root if opened else shipped_catalog()


def clock() -> OfficeClock:
    """The machine's clock, held against what this office has seen signed, or the date that an officer stated."""
    return office_clock(home() / "sync")


def default_casebook() -> Path:
    """The office's casebook."""
    return home() / "casebook.sqlite"


def inbox() -> Path:
    """Where files to be checked are looked for first: `BORDER_KIT_INBOX`, else the samples, else the current folder."""
    chosen = os.environ.get("BORDER_KIT_INBOX")
    return Path(chosen) if chosen else examples() or Path.cwd()


def examples() -> Path | None:
    """The folder of sample shipments: in a checkout, or installed with the package."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package.parent / "examples", package / "_data" / "examples"):
        if folder.is_dir():
            return folder
    return None
