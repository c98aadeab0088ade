"""What several rooms' tests share: the shipped catalog, a set clock, the sample shipments."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from border_kit.desk import places
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.training.run import Run

# That a machine is busy is no fault of the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def shipped() -> Path:
    """The catalog that `make setup` built."""
    root = places.shipped_catalog()
    if not (root / "manifest.json").is_file():
        pytest.fail("the shipped catalog is not built: run make setup")
    return root


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has an office folder of its own: none ever touches the developer's."""
    home = tmp_path / "office"
    monkeypatch.setenv("BORDER_KIT_HOME", str(home))
    monkeypatch.delenv("BORDER_KIT_INBOX", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return home


@pytest.fixture
def desk(shipped: Path) -> Desk:
    """A desk on the shipped catalog with the clock set."""
    return Desk(Settings(catalog=shipped, now=NOW))


def shared() -> Path | None:
    """The folder of official lists to measure against, where there is one."""
    chosen = os.environ.get("BORDER_KIT_SHARED")
    folder = Path(chosen) if chosen else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def no_application(settings: Settings, file: Path | None, *, color: bool, run: Run | None = None) -> None:
    """The other face, where a test of the command line must never meet it."""
    raise AssertionError((settings, file, color, run))
