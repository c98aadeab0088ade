"""From a volume as it is published to the one that is installed, and back.

A published volume has no SQL indexes; the installed one has them, made here from its rows, and the trust volume has the
status lists that came on their own. Patches start from the published file to the byte. It is not kept a second time: beside the
installed volume lies a patch of some kilobytes that leads back to it (`<name>.back`), proven like every other by the SHA-256
that was signed. Where that way is lost, the next pull takes the full file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from border_kit import disk
from border_kit.catalog import schema, writer
from border_kit.sync import patch
from border_kit.sync.refusal import Refusal


def back_file(name: str) -> str:
    """The file name of the way back from an installed volume."""
    return f"{name}.back"


def complete(root: Path, name: str, published: Path) -> None:
    """Make the indexes of a volume in `root` that was copied from a published file, and write the way back to that. Raises OSError."""
    path = root / f"{name}.sqlite"
    writer.add_indexes(path, schema.volume_kind(name))
    disk.replace_file(root / back_file(name), patch.make(path, published, quick=True))


def restore(root: Path, name: str, recorded: Mapping[str, Any], into: Path) -> None:
    """Write the file as it was published, from an installed volume.

    Args:
        root: the generation's folder.
        name: the volume.
        recorded: what the generation records of it.
        into: where the file goes.

    Raises:
        Refusal: the way back is lost, or the volume was changed since.
        StoreError: the disk is full or may not be written.
    """
    back, path = root / back_file(name), root / f"{name}.sqlite"
    if not back.is_file() or not path.is_file() or not isinstance(recorded.get("length"), int):
        raise Refusal(
            "published_lost",
            f"The volume {name} can no longer be brought back to the form in which it was published.",
            "The full file is taken instead.",
        )
    patch.apply(back, into, length=recorded["length"], sha256=str(recorded.get("published")), base=path)
