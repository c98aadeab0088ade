"""A full disk and a casebook that may only be read are said plainly on both faces, and nothing is half done: on real file systems."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from border_kit.casework.case import Casebook
from border_kit.desk.settings import Settings
from tests.command import call
from tests.conftest import EXAMPLES
from tests.tui.screens import opened, press, shown

SHIRTS = EXAMPLES / "green-release-shirts.json"


def _mount(*words: str) -> bool:
    program = shutil.which("mount")
    if program is None or sys.platform == "win32":
        return False
    return subprocess.run([program, *words], check=False, capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)):
        pytest.skip("no file system can be mounted here (not root)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(disk: Path) -> Path:
    """Leave not a block free."""
    stuffing = disk / "stuffing"
    with stuffing.open("wb", buffering=0) as stream:
        for size in (65_536, 4_096, 512):
            try:
                while True:
                    stream.write(b"x" * size)
            except OSError:
                continue
    return stuffing


@pytest.fixture
def book(disk: Path, shipped: Path) -> tuple[str | Path, ...]:
    """A casebook with one case on the small disk, as options of a command."""
    options = ("--casebook", disk / "casebook.sqlite", "--catalog", shipped, "--json")
    assert call("case", "new", SHIRTS, *options).code == 0
    return options


def _words(screen: str) -> str:
    """The words of a screen, as if they stood in one line."""
    return " ".join(screen.split())


def _number(book: tuple[str | Path, ...]) -> str:
    found: str = call("case", "list", *book).json["cases"][0]["case"]
    return found


def test_a_full_disk_is_said_by_the_command_and_the_next_step_works_once_there_is_room(
    disk: Path, book: tuple[str | Path, ...]
) -> None:
    number, stuffing = _number(book), _fill(disk)
    refused = call("case", "note", number, "--text", "x" * 5_000, *book)
    while refused.code == 0:  # what was free inside the file itself
        refused = call("case", "note", number, "--text", "x" * 5_000, *book)
    assert refused.code == 4
    assert refused.json["error"]["code"] in ("casebook_not_written", "casebook_unusable")
    assert "the disk is full" in refused.err
    assert "disk" in refused.json["error"]["hint"]
    photo = disk / "photo.jpg"
    assert call("case", "backup", disk / "backup", *book).code == 4
    assert not [path for path in disk.iterdir() if "backup" in path.name]
    stuffing.unlink()
    before = call("case", "verify-log", *book).json["events"]
    photo.write_bytes(b"a photo")
    assert call("case", "attach", number, photo, *book).code == 0
    found = call("case", "verify-log", *book)
    assert (found.code, found.json["events"]) == (0, before + 1)


async def test_a_full_disk_is_said_on_screen(disk: Path, book: tuple[str | Path, ...], shipped: Path) -> None:
    _number(book)
    settings = Settings(catalog=shipped, casebook=disk / "casebook.sqlite")
    async with opened(settings, file=SHIRTS) as pilot:
        _fill(disk)
        for _ in range(30):
            await press(pilot, "f2")
            if "That did not work" in shown(pilot):
                break
        said = _words(shown(pilot))
    assert "Nothing was saved" in said
    assert "the disk is full" in said
    assert "Free some disk space" in said
    assert Casebook.at(disk / "casebook.sqlite", reading=True).verify().intact


@pytest.fixture
def locked(disk: Path, book: tuple[str | Path, ...]) -> tuple[str | Path, ...]:
    """The casebook on a medium that is write-protected."""
    Casebook.at(disk / "casebook.sqlite").close()
    if not _mount("-o", "remount,ro", str(disk)):
        pytest.skip("the file system cannot be write-protected here")
    return book


def test_a_casebook_that_may_only_be_read_is_read_and_says_so_when_written(locked: tuple[str | Path, ...]) -> None:
    number = _number(locked)
    assert call("case", "show", number, *locked).json["shipment"] == "EX-26-1001"
    assert call("case", "verify-log", *locked).json["intact"] is True
    refused = call("case", "decide", number, "release", *locked)
    assert (refused.code, refused.json["error"]["code"]) == (4, "casebook_not_written")
    assert "may only be read" in refused.err
    assert "permissions" in refused.err


async def test_a_casebook_that_may_only_be_read_says_so_on_screen(
    disk: Path, locked: tuple[str | Path, ...], shipped: Path
) -> None:
    settings = Settings(catalog=shipped, casebook=disk / "casebook.sqlite")
    assert locked
    async with opened(settings, file=SHIRTS) as pilot:
        await press(pilot, "f2")
        said = _words(shown(pilot))
    assert "Nothing was saved" in said
    assert "may only be read" in said


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.skipif(
    os.name != "nt" and os.geteuid() == 0, reason="nothing is forbidden to root: the mounted disk shows it"
)
def test_a_casebook_without_permission_to_write_is_read(tmp_path: Path, shipped: Path) -> None:
    folder = tmp_path / "own"
    options = ("--casebook", folder / "casebook.sqlite", "--catalog", shipped, "--json")
    call("case", "new", SHIRTS, *options)
    (folder / "casebook.sqlite").chmod(0o400)
    folder.chmod(0o500)
    try:
        number = _number(options)
        assert call("case", "note", number, "--text", "x", *options).json["error"]["code"] == "casebook_not_written"
    finally:
        folder.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_file_that_may_not_grow_is_said_too(tmp_path: Path, shipped: Path) -> None:
    """The limit of a file's size, where no disk can be filled: in a process of its own."""
    path = tmp_path / "casebook.sqlite"
    call("case", "new", SHIRTS, "--casebook", path, "--catalog", shipped)
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)); from border_kit.__main__ import main; sys.exit(main())"
    words = ["case", "new", str(SHIRTS), "--casebook", str(path), "--catalog", str(shipped)]
    done = subprocess.run([sys.executable, "-c", limit, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "the disk" in done.stderr
    book = Casebook.at(path)
    assert (len(book.rows()), book.verify().intact) == (1, True)
