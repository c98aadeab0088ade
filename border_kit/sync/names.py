"""File names that any stick, disk and system can hold, and the way from a name in metadata to a file below a folder.

A name that comes from outside never reaches the file system before it has passed here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from border_kit.sync.refusal import Refusal
from border_kit.text import clean_line

LONGEST = 255
"""Characters of one name (FAT long names, ext4 bytes of ASCII)."""

MOST_ENTRIES = 100_000
"""Entries of one folder that are looked through; a repository has some hundred."""

_FORBIDDEN = frozenset('<>:"/\\|?*')
# Microsoft, "Naming Files, Paths, and Namespaces": reserved with any extension, in any case.
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{device}{digit}" for device in ("COM", "LPT") for digit in "123456789¹²³"}
)


def why_unsafe(name: str) -> str | None:
    """What is wrong with one name (no path) as a file name; None where nothing is."""
    if name in {"", ".", ".."}:
        return "it is no name"
    if len(name) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if any(char in _FORBIDDEN or not char.isprintable() for char in name):
        return "it holds a character that not every system allows"
    if name[-1] in ". ":
        return "it ends with a dot or a blank"
    if name.split(".", maxsplit=1)[0].rstrip().upper() in _DEVICES:
        return "it is the name of a device"
    return None


def segments(path: str) -> list[str]:
    """The names of a relative path with forward slashes. Raises Refusal for anything else."""
    names = path.split("/")
    for name in names:
        why = why_unsafe(name)
        if why is not None:
            raise Refusal(
                "name_unsafe",
                f"A file is named {clean_line(path, 100)!r}: {why}.",
                "Do not use this source; tell the authority that publishes it.",
            )
    return names


def below(root: Path, path: str) -> Path:
    """The regular file at a relative path below a folder, through no link.

    Raises:
        FileNotFoundError: there is no such file.
        Refusal: the name is unsafe, names clash but for their case, or a link or something else than a file is there.
        OSError: the folder cannot be read.
    """
    *folders, last = segments(path)
    place = root
    for name in folders:
        place = _entry(place, name)
        _expect(place, stat.S_ISDIR, path)
    place = _entry(place, last)
    _expect(place, stat.S_ISREG, path)
    return place


def expect_plain(root: Path, names: Iterable[str]) -> None:
    """Whether some entries of a folder, and all that lies below them, are plain files and folders: before anything is written there.

    Raises:
        Refusal: a link or something else is among them; through it a file would be written, or removed, elsewhere.
        OSError: the folder cannot be read.
    """
    for name in names:
        top = root / name
        if not os.path.lexists(top):
            continue
        _expect(top, _is_plain, name)
        for folder, folders, files in os.walk(top, onerror=_raise) if top.is_dir() else ():
            for entry in (*folders, *files):
                _expect(Path(folder, entry), _is_plain, f"{name}/…/{entry}")


def _is_plain(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _raise(error: OSError) -> None:
    raise error


def is_link(found: os.stat_result) -> bool:
    """Whether `lstat` found a symbolic link, or on Windows a junction or another reparse point."""
    attributes = getattr(found, "st_file_attributes", 0)
    return stat.S_ISLNK(found.st_mode) or bool(attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT)


def _entry(folder: Path, name: str) -> Path:
    """The entry of a folder that has this name, or has it in another case (FAT tools change it)."""
    wanted = name.casefold()
    with os.scandir(folder) as entries:
        found = [entry.name for entry in islice(entries, MOST_ENTRIES) if entry.name.casefold() == wanted]
    if not found:
        raise FileNotFoundError(2, "no such file", str(folder / name))
    if len(found) > 1:
        raise Refusal(
            "names_clash",
            f"There are {len(found)} files called {clean_line(name, 100)!r} but for capital letters.",
            "Do not use this source; tell the authority that publishes it.",
        )
    return folder / found[0]


def _expect(place: Path, kind: Callable[[int], bool], path: str) -> None:
    found = place.lstat()
    if is_link(found) or not kind(found.st_mode):
        raise Refusal(
            "not_a_file",
            f"{clean_line(path, 100)!r} leads over a link or to something that is no file.",
            "Do not use this source; a repository holds plain files and folders.",
        )
