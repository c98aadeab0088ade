"""The install step: derived search indexes beside the volumes of a catalog. Import and, later, sync call it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from border_kit import store
from border_kit.catalog.volumes import index_file, index_key, read_manifest

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is (0: not known)."""

Build = Callable[[sqlite3.Connection, sqlite3.Connection, str], None]


def install(root: Path, names: Iterable[str], progress: Progress | None = None) -> None:
    """Build the index of each named volume that has one, beside it, and move it into place whole.

    Raises CatalogError when a volume cannot be read; an index that was there stays until its successor is complete.
    """
    manifest = read_manifest(root)
    for name in names:
        builder = _BUILDERS.get(name)
        if builder is None:
            continue
        if progress:
            progress(f"index {name}", 0, 0)
        target = root / index_file(name)
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        volume = store.open_volume(root / manifest[name].file)
        try:
            index = store.create_volume(partial)
            try:
                builder()(volume, index, index_key(manifest[name].digest))
            finally:
                store.seal(index, partial)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        finally:
            volume.close()
        partial.replace(target)
    store.sync_folder(root)


def _controls() -> Build:
    from border_kit.classification.index import build  # noqa: PLC0415 - only the room that is built

    return build


def _parties() -> Build:
    from border_kit.screening.index.build import build  # noqa: PLC0415 - only the room that is built

    return build


_BUILDERS: dict[str, Callable[[], Build]] = {"controls": _controls, "parties": _parties}
