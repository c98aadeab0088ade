"""The install step: derived search indexes beside the volumes of a catalog. Import and, later, sync call it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from border_kit import disk, store
from border_kit.catalog.shipped import shipped_catalog
from border_kit.catalog.volumes import index_file, index_key, read_manifest
from border_kit.catalog.writer import STAGE
from border_kit.errors import CatalogError, StoreError

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is (0: not known)."""

Build = Callable[[sqlite3.Connection, sqlite3.Connection, str], None]
Update = Callable[[sqlite3.Connection, sqlite3.Connection, str], bool]


def install(root: Path, names: Iterable[str], progress: Progress | None = None, *, anew: bool = False) -> None:
    """Make the index of each named volume that has one, beside it, and move it into place whole.

    The index that ships with the kit is taken where it was made of the same data. Where one of an earlier edition is at hand (in `root`,
    or in the catalog whose prepared change `root` is) and can be brought up to date, that is done; else, or where it is asked for, it is
    built anew. An index that was there stays until its successor is complete.

    Raises:
        CatalogError: a volume cannot be read.
        StoreError: the disk is full or may not be written.
    """
    manifest = read_manifest(root)
    for name in names:
        if name not in _BUILDERS:
            continue
        if progress:
            progress(f"index {name}", 0, 0)
        target = root / index_file(name)
        partial = target.with_name(target.name + ".partial")
        volume = store.open_volume(root / manifest[name].file, mapped=False)
        try:
            key = index_key(manifest[name].digest)
            if anew or not (
                _taken(root, name, partial, manifest[name].digest)
                or _updated(volume, name, _earlier(root, name), partial, key)
            ):
                _built(volume, name, partial, key)
        except sqlite3.OperationalError as error:
            partial.unlink(missing_ok=True)
            raise StoreError(
                "index_not_written",
                f"The search index of {name} could not be written ({error}).",
                "Free some disk space or check the permissions, then repeat. What was in use stays in use.",
            ) from error
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        finally:
            volume.close()
        partial.replace(target)
    disk.sync_folder(root)


def outdated(root: Path) -> list[str]:
    """The volumes whose search index is not there, cannot be read, or was made of other data or by another version of this program."""
    manifest = read_manifest(root)
    return [
        name for name in sorted(manifest) if name in _BUILDERS and not _is_current(root, name, manifest[name].digest)
    ]


def of_another_version(root: Path) -> list[str]:
    """Those of them whose index can be read; one that is lost or damaged is told by whoever asks it."""
    return [name for name in outdated(root) if _made(root, name) is not None]


def _is_current(root: Path, name: str, digest: str) -> bool:
    made = _made(root, name)
    if made is None:
        return False
    from border_kit.screening.index.layout import shape

    return made.get("digest") == index_key(digest) and (name != "parties" or made.get("shape") == shape())


def _made(root: Path, name: str) -> dict[str, str] | None:
    """What an index says that it was made of; None where it cannot be read."""
    try:
        with closing(store.open_volume(root / index_file(name))) as index:
            return dict(tuple(row) for row in index.execute("SELECT key, value FROM meta"))
    except (CatalogError, sqlite3.Error):
        return None


def install_apart(root: Path, names: Iterable[str], progress: Progress | None = None) -> None:
    """The same with each index made in a process of its own: what it needs of memory is given back, and adds to nobody's."""
    from border_kit.processes import in_order

    tasks = [(root, name) for name in names if name in _BUILDERS]
    if progress:
        progress("search indexes", 0, 0)
    for _ in in_order(_one, tasks, processes=max(2, len(tasks))):
        pass


def _one(task: tuple[Path, str]) -> None:
    root, name = task
    install(root, [name])


def _taken(root: Path, name: str, partial: Path, digest: str) -> bool:
    """Copy the index that ships, where it was made of the very data by this program and is whole.

    The catalog that ships is itself made anew from its sources: what stands there may be of older code.
    """
    shipped = shipped_catalog()
    if shipped is None or shipped.resolve() in (root.resolve(), root.parent.resolve()):
        return False
    if not _is_current(shipped, name, digest):
        return False
    try:
        store.read_copy(shipped / index_file(name)).close()
    except StoreError:
        return False
    shutil.copyfile(shipped / index_file(name), partial)
    disk.sync_file(partial)
    return True


def _earlier(root: Path, name: str) -> Path | None:
    """The index of the edition before."""
    places = [root, root.parent] if root.name == STAGE else [root]
    return next((place / index_file(name) for place in places if (place / index_file(name)).is_file()), None)


def _updated(volume: sqlite3.Connection, name: str, earlier: Path | None, partial: Path, key: str) -> bool:
    """Bring a copy of an earlier index up to date, where its room can; what cannot be read is built anew."""
    if earlier is None or name not in _UPDATERS:
        return False
    partial.unlink(missing_ok=True)
    shutil.copyfile(earlier, partial)
    try:
        index = store.create_volume(partial)
        try:
            return _UPDATERS[name]()(volume, index, key)
        finally:
            store.seal(index, partial)
    except sqlite3.DatabaseError:
        return False


def _built(volume: sqlite3.Connection, name: str, partial: Path, key: str) -> None:
    partial.unlink(missing_ok=True)
    index = store.create_volume(partial)
    try:
        _BUILDERS[name]()(volume, index, key)
    finally:
        store.seal(index, partial)


def _controls() -> Build:
    from border_kit.classification.index import build

    return build


def _parties() -> Build:
    from border_kit.screening.index.build import build

    return build


def _update_parties() -> Update:
    from border_kit.screening.index.update import update

    return update


_UPDATERS: dict[str, Callable[[], Update]] = {"parties": _update_parties}
_BUILDERS: dict[str, Callable[[], Build]] = {"controls": _controls, "parties": _parties}
