"""Catalogs that lack something, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import part_of


@pytest.fixture(scope="session")
def only_controls(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped catalog without listed parties, licences and trust."""
    return part_of(shipped, tmp_path_factory.mktemp("catalogs") / "controls", "controls")


@pytest.fixture(scope="session")
def only_parties(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped catalog without controls, licences and trust."""
    return part_of(shipped, tmp_path_factory.mktemp("catalogs") / "parties", "parties")
