"""Reading a file at the desk: the readers, plus what this office has answered before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from border_kit.shipment.model import Manifest
from border_kit.shipment.readers import ReadOptions, read

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk


def read_shipments(desk: Desk, file: Path, options: ReadOptions) -> Manifest:
    """Read a shipment file. Raises InputError, and AmbiguousInputError where the file leaves a question open."""
    _ = desk
    return read(file, options)
