from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from border_kit import disk
from border_kit.catalog import writer
from border_kit.catalog.authored.volume import build_controls, read_sound
from border_kit.desk.install import install

HERE = Path(__file__).parent
MODULE = HERE / "modules" / "two-lamps.yaml"

Edit = Callable[..., Path]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with a few controls and nothing else."""
    root = tmp_path_factory.mktemp("catalog")
    info = build_controls(read_sound(HERE / "sources"), root)
    disk.replace_file(root / "manifest.json", writer.manifest_bytes({"controls": info}))
    install(root, ["controls"])
    return root


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The tests' scenario with one piece of text replaced."""

    def edit(old: str, new: str, *, name: str = "two-lamps") -> Path:
        text = MODULE.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} places of {old!r}"
        path = tmp_path / f"{name}.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return edit
