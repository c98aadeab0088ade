"""A file of this office that is in use is opened by nobody but SQLite, under whatever name, and nothing is put in its place."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from border_kit import disk, store
from border_kit.errors import BorderKitError, InputError

LAYOUT = store.Layout("kept", "kept file", 1, "CREATE TABLE t (x TEXT);")
ELSEWHERE = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1])
print(other.execute("SELECT count(*) FROM t").fetchone()[0])
other.close()
"""


def in_use(path: Path) -> sqlite3.Connection:
    def made(connection: sqlite3.Connection) -> sqlite3.Connection:
        LAYOUT.prepare(connection)
        return connection

    return LAYOUT.open(path, made)


def elsewhere(path: Path) -> int:
    """How many rows another process sees that comes and goes."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", ELSEWHERE, str(path)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def names(path: Path) -> list[Path]:
    """The names under which a file may be given, its journal's too."""
    hard, soft, folder = path.with_name("photo.jpg"), path.with_name("soft.csv"), path.with_name("folder")
    hard.hardlink_to(path)
    soft.symlink_to(path)
    folder.symlink_to(path.parent)
    beside = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
    shm = path.with_name("shm.xlsx")
    shm.hardlink_to(beside[1])
    return [path, hard, soft, folder / path.name, shm, *beside]


READERS: list[Callable[[Path], object]] = [
    Path.read_bytes,
    lambda path: path.open("rb").close(),
    lambda path: path.open("r+b").close(),
    lambda path: os.close(os.open(path, os.O_RDONLY)),
    lambda path: os.close(os.open(os.fsencode(path), os.O_RDONLY)),
    lambda path: disk.read_small(path, 10),
    lambda path: shutil.copyfile(path, path.with_name("copy")),
    disk.sync_file,
]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there, and its locks are of another kind")
@pytest.mark.parametrize("read", READERS)
def test_a_file_in_use_is_no_input_under_any_name_and_keeps_its_locks(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "kept.sqlite"
    connection = in_use(path)
    for number, name in enumerate(names(path), 1):
        with pytest.raises(InputError, match=f"^{name.name} is a file of this office that is in use here") as found:
            read(name)
        assert found.value.code == "file_in_use"
        with store.writing(connection):
            connection.execute("INSERT INTO t VALUES ('x')")
        assert elsewhere(path) == number
        assert path.with_name("kept.sqlite-wal").exists(), "the other process took itself for the last one"
    connection.close()
    assert path.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_nothing_is_put_in_the_place_of_a_file_in_use(tmp_path: Path) -> None:
    path, other = tmp_path / "kept.sqlite", tmp_path / "other"
    connection = in_use(path)
    before = path.stat().st_ino
    other.write_bytes(b"x")
    for put in (lambda: disk.replace_file(path, b"x"), lambda: other.rename(path), lambda: other.replace(path)):
        with pytest.raises(BorderKitError, match="nothing is written over it"):
            put()
    assert (path.stat().st_ino, other.exists()) == (before, True)
    connection.close()
    disk.replace_file(path, b"x")
    assert path.read_bytes() == b"x"


def test_a_file_is_in_use_until_its_last_connection_is_closed_or_gone(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    first, second, third = in_use(path), in_use(path), in_use(path)
    first.close()
    first.close()
    second.close()
    with pytest.raises(InputError):
        path.read_bytes()
    del third
    gc.collect()
    assert path.read_bytes()


def test_a_copy_of_a_file_in_use_is_a_file_like_any_other(tmp_path: Path) -> None:
    connection = in_use(tmp_path / "kept.sqlite")
    store.copy(connection, tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_bytes().startswith(b"SQLite format 3")
    connection.close()
