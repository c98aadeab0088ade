"""Where things lie: the office's own files, the installed catalog, the one that ships."""

from __future__ import annotations

import os
from pathlib import Path

from border_kit.errors import CatalogError


def home() -> Path:
    """The office's folder: `BORDER_KIT_HOME`, else the platform's data folder."""
    chosen = os.environ.get("BORDER_KIT_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - only where no home was named

    return Path(platformdirs.user_data_dir("border-kit", appauthor=False))


def shipped_catalog() -> Path:
    """The catalog that set-up builds into the package's data."""
    return Path(__file__).resolve().parent.parent / "_data" / "catalog"


def default_catalog() -> Path:
    """The installed generation; the shipped catalog only if none was ever installed.

    `current` in the office's folder names the generation. Raises CatalogError when it names none that is there: a damaged
    catalog is never silently replaced.
    """
    current = home() / "current"
    try:
        name = current.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return shipped_catalog()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(f"cannot be read ({error})") from error
    if not name.isdigit():
        raise _damaged("names no generation")
    folder = home() / "generations" / name
    if not folder.is_dir():
        raise _damaged(f"names generation {name}, which is not there")
    return folder


def _damaged(what: str) -> CatalogError:
    return CatalogError(
        "catalog_damaged",
        f"The file that says which catalog is installed {what}.",
        "Install a catalog again, or name one with --catalog.",
    )


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
