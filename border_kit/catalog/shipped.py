"""Where what ships with the kit lies: in a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

from border_kit.errors import InputError

_PACKAGE = Path(__file__).resolve().parent.parent


def default_sources() -> Path:
    """The catalog's sources: `catalogs/` of the checkout, or what the wheel carries. Raises InputError."""
    for folder in (_PACKAGE.parent / "catalogs", _PACKAGE / "_data" / "catalogs"):
        if (folder / "catalog.yaml").is_file():
            return folder
    raise InputError("sources_missing", "The catalog's sources are not installed.", "Name their folder with --sources.")


def shipped_catalog() -> Path | None:
    """The volumes that set-up built into the package's data, if they are there."""
    folder = _PACKAGE / "_data" / "catalog"
    return folder if (folder / "manifest.json").is_file() else None
