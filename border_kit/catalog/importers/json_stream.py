"""JSON files of any size, object by object: JSON lines, or one array of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from border_kit.catalog.importers.base import Skipped
from border_kit.errors import InputError

MAX_OBJECT = 16_000_000
"""Characters of one object; the largest real ones have some 200,000."""
_CHUNK = 262_144
_BETWEEN = re.compile(r"[\s,]*")


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]] | Skipped]:
    """The objects of a file with their number (1 is the first); lines or members that are none say so.

    Raises InputError where the file is neither JSON lines nor an array, is cut off, or is not UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig") as stream:
            first = _first(stream)
            stream.seek(0)
            yield from _array(stream, path.name) if first == "[" else _lines(stream, path.name)
    except UnicodeDecodeError as error:
        raise InputError(
            "encoding", f"{path.name} is not UTF-8 (byte {error.start}).", "Save it as UTF-8 and import it again."
        ) from error
    except OSError as error:
        raise InputError(
            "file_unusable", f"{path.name} cannot be read ({error.strerror}).", "Check the file."
        ) from error


def _first(stream: IO[str]) -> str:
    while chunk := stream.read(4096):
        if chunk.strip():
            return chunk.strip()[0]
    return ""


def _lines(stream: IO[str], name: str) -> Iterator[tuple[int, dict[str, Any]] | Skipped]:
    number = 0
    while line := stream.readline(MAX_OBJECT):
        number += 1
        if len(line) == MAX_OBJECT and not line.endswith("\n"):
            raise InputError(
                "line_too_long", f"{name} has a line of more than {MAX_OBJECT:,} characters.", "Is it JSON?"
            )
        if line.strip():
            yield _taken(number, line)


def _taken(number: int, text: str) -> tuple[int, dict[str, Any]] | Skipped:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Skipped(number, f"the line is no JSON ({str(error)[:80] or 'nested too deeply'})")
    return (number, found) if isinstance(found, dict) else Skipped(number, "the line is no JSON object")


def _array(stream: IO[str], name: str) -> Iterator[tuple[int, dict[str, Any]] | Skipped]:
    """The members of an array; only the one being read is held."""
    decoder = json.JSONDecoder()
    pending = stream.read(_CHUNK).lstrip("\ufeff \t\r\n").removeprefix("[")
    number = 0
    while True:
        pending = pending[_BETWEEN.match(pending).end() :]  # type: ignore[union-attr]  # the pattern matches the empty string
        if pending.startswith("]"):
            return
        try:
            found, end = decoder.raw_decode(pending)
        except RecursionError as error:
            raise InputError("json_too_deep", f"{name} is nested too deeply.", "Is it the right file?") from error
        except ValueError as error:
            more = stream.read(max(_CHUNK, len(pending)))
            if not more or len(pending) > MAX_OBJECT:
                raise InputError(
                    "json_unusable", f"{name} cannot be read after object {number} ({error}).", "Download it again."
                ) from error
            pending += more
            continue
        number += 1
        pending = pending[end:]
        yield (number, found) if isinstance(found, dict) else Skipped(number, "the member is no JSON object")
