"""A change to a catalog is there or not there, at whatever moment it is interrupted."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog import builder, volumes, writer
from border_kit.catalog.importers import import_into
from border_kit.catalog.verify import verify
from border_kit.errors import StoreError

TODAY = date(2026, 11, 23)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    take(tmp_path, "1,First Invented,L\n", "2026-01-01")
    return tmp_path / "catalog"


def take(tmp_path: Path, text: str, edition: str, install: writer.Install = writer.no_install) -> None:
    path = tmp_path / "p.csv"
    path.write_text("id,name,list\n" + text, encoding="utf-8")
    import_into("parties-csv", path, tmp_path / "catalog", edition=edition, today=TODAY, install=install)


def captions(root: Path) -> list[str]:
    opened = volumes.open_catalog(root, TODAY)
    try:
        return [row[0] for row in opened.rows("parties", f"SELECT caption FROM listing WHERE {opened.in_force}")]
    finally:
        opened.close()


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_an_index_step_that_fails_leaves_everything_as_it_was(tmp_path: Path, catalog: Path) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = names(catalog)
    with pytest.raises(StoreError, match=r"was not changed .*No space left"):
        take(tmp_path, "2,Second Invented,L\n", "2026-02-01", fails)
    assert captions(catalog) == ["First Invented"]
    assert names(catalog) == before


def test_indexes_move_with_their_volumes(tmp_path: Path, catalog: Path) -> None:
    def index(root: Path, names: Iterable[str]) -> None:
        for name in names:
            (root / volumes.index_file(name)).write_bytes(volumes.read_manifest(root)[name].digest.encode())

    take(tmp_path, "2,Second Invented,L\n", "2026-02-01", index)
    assert (catalog / "parties.index.sqlite").read_text() == volumes.read_manifest(catalog)["parties"].digest


@pytest.mark.parametrize("moved", range(3))
def test_a_change_cut_off_while_it_moved_is_finished_by_the_next(
    tmp_path: Path, catalog: Path, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    left = [moved]
    replace = Path.replace

    def cut(self: Path, target: Path) -> Path:
        if self.parent.name == writer.STAGE and not self.name.endswith(".partial"):
            if not left[0]:
                raise PowerCut
            left[0] -= 1
        return replace(self, target)

    with monkeypatch.context() as patch, suppress(PowerCut):
        patch.setattr(Path, "replace", cut)
        take(tmp_path, "2,Second Invented,L\n", "2026-02-01")
    assert (catalog / writer.STAGE).exists() is (moved < 2)
    take(tmp_path, "3,Third Invented,M\n", "2026-03-01")
    assert captions(catalog) == ["Second Invented", "Third Invented"]
    assert verify(catalog) == ()
    assert names(catalog) == ["controls.sqlite", "manifest.json", "parties.sqlite"]


def test_what_was_left_behind_unready_is_thrown_away(tmp_path: Path, catalog: Path) -> None:
    (catalog / writer.STAGE).mkdir()
    (catalog / writer.STAGE / "parties.sqlite").write_bytes(b"half")
    take(tmp_path, "2,Second Invented,L\n", "2026-02-01")
    assert captions(catalog) == ["Second Invented"]
    assert names(catalog) == ["controls.sqlite", "manifest.json", "parties.sqlite"]


def test_an_interrupt_at_the_keyboard_leaves_the_old_catalog(tmp_path: Path, catalog: Path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(tmp_path, "2,Second Invented,L\n", "2026-02-01", interrupted)
    assert captions(catalog) == ["First Invented"]
    assert names(catalog) == ["controls.sqlite", "manifest.json", "parties.sqlite"]


def test_one_change_at_a_time(tmp_path: Path, catalog: Path) -> None:
    with writer.staging(catalog), pytest.raises(StoreError, match="Another import or build"):
        take(tmp_path, "2,Second Invented,L\n", "2026-02-01")


def test_a_place_that_cannot_be_written_is_told(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="was not changed"):
        builder.build(sources, tmp_path / "file")


def test_verify_finds_every_kind_of_damage(catalog: Path, tmp_path: Path) -> None:
    assert verify(catalog) == ()
    (catalog / "parties.index.sqlite").write_bytes(b"no database at all, but long enough to be looked at")
    assert "parties.index.sqlite cannot be read" in " ".join(verify(catalog))
    (catalog / "parties.index.sqlite").unlink()
    other = tmp_path / "other"
    shutil.copytree(catalog, other)
    text = (other / "manifest.json").read_text()
    (other / "manifest.json").write_text(text.replace('"party": 1', '"party": 2'))
    assert verify(other) == ("parties: 1 rows in party, the manifest says 2.",)
    (other / "manifest.json").write_text(text.replace(volumes.read_manifest(catalog)["parties"].digest, "0" * 64))
    assert verify(other) == ("parties: the content is not what the manifest's digest says.",)
    (other / "manifest.json").write_text(text)
    (other / "parties.sqlite").write_bytes((other / "parties.sqlite").read_bytes()[:5000])
    assert verify(other)
    (other / "parties.sqlite").unlink()
    assert verify(other) == ("The volume parties.sqlite is not there.",)
