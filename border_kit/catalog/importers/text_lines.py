"""Text files as other people made them: opened with an error that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from border_kit.errors import InputError


@contextmanager
def reading(path: Path, encoding: str) -> Iterator[IO[str]]:
    """A text file, open for reading. Raises InputError where it cannot be read as such."""
    try:
        with path.open(encoding=encoding, newline="") as stream:
            yield stream
    except UnicodeDecodeError as error:
        raise InputError(
            "encoding",
            f"{path.name} is no text that can be read (byte {error.start}).",
            "Save it as UTF-8 and import it again.",
        ) from error
    except OSError as error:
        raise InputError(
            "file_unusable", f"{path.name} cannot be read ({error.strerror}).", "Check the file."
        ) from error
