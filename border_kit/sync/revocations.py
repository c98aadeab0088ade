"""Status lists that come on their own, put into the trust volume beside those that are there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from border_kit.catalog import writer
from border_kit.catalog.importers import trust
from border_kit.catalog.volumes import VolumeInfo
from border_kit.sync.refusal import Refusal
from border_kit.sync.updater import StatusList

MAX_TOKEN = 8_000_000


def merge(volume: Path, lists: Iterable[tuple[StatusList, Path]]) -> VolumeInfo:
    """Put status lists into a trust volume of our own; the manifest's row of it afterwards.

    What a token says is proven by those who ask it. A list of an authority that is not trusted here is left out.

    Raises:
        Refusal: a list is no text, or larger than any is.
    """
    connection = writer.change(volume)
    try:
        for one, path in lists:
            known = {"uri": one.uri, "as_of": one.as_of, "token": _token(path)}
            trust.add_status_list(connection, trust.status_list_row(one.authority, known))
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        return writer.finish(connection, volume, "trust", meta)
    finally:
        connection.close()


def _token(path: Path) -> str:
    if path.stat().st_size > MAX_TOKEN:
        raise Refusal("list_too_large", "A status list is larger than any is.", "Report it to the authority.")
    try:
        return path.read_bytes().decode("ascii")
    except UnicodeDecodeError as error:
        raise Refusal("list_unreadable", "A status list is no text.", "Report it to the authority.") from error
