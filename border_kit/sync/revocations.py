"""Status lists that come on their own, put into the trust volume beside those that are there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from border_kit import store
from border_kit.catalog import writer
from border_kit.catalog.importers import trust
from border_kit.catalog.volumes import VolumeInfo
from border_kit.catalog.writer import Row
from border_kit.sync import layout
from border_kit.sync.refusal import Refusal
from border_kit.sync.updater import StatusList


def row(one: StatusList, path: Path) -> Row:
    """The row of a status list whose token came as a file; what it says is proven by those who ask it. Raises Refusal."""
    return trust.status_list_row(one.authority, {"uri": one.uri, "as_of": one.as_of, "token": _token(path)})


def rows(volume: Path) -> list[Row]:
    """The status lists of an installed trust volume. Raises CatalogError where it cannot be read."""
    connection = store.open_volume(volume)
    try:
        found = connection.execute("SELECT id, authority, uri, token, as_of FROM status_list")
        return [dict(one) for one in found.fetchall()]
    finally:
        connection.close()


def merge(volume: Path, lists: Iterable[Row]) -> VolumeInfo:
    """Put status lists into a trust volume of our own; the manifest's row of it afterwards.

    A list of an authority that is not trusted here is left out.
    """
    connection = writer.change(volume)
    try:
        for one in lists:
            trust.add_status_list(connection, one)
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        return writer.finish(connection, volume, "trust", meta)
    finally:
        connection.close()


def _token(path: Path) -> str:
    if path.stat().st_size > layout.LARGEST_LIST:
        raise Refusal("list_too_large", "A status list is larger than any is.", "Report it to the authority.")
    try:
        return path.read_bytes().decode("ascii")
    except UnicodeDecodeError as error:
        raise Refusal("list_unreadable", "A status list is no text.", "Report it to the authority.") from error
