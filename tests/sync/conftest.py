from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.sync.authority import Authority, Office


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is forced to disk: for tests in which no power is cut."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A repository that was just founded."""
    made = Authority(tmp_path / "repository")
    made.found()
    return made


@pytest.fixture
def following(tmp_path: Path, authority: Authority) -> Office:
    """An office that was handed the authority's first root."""
    return Office(tmp_path / "following", authority.root)
