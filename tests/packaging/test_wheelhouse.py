"""The offline wheelhouse: built from the lock, installed with no index at all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES, ROOT

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("wheelhouse")
    answer = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "wheelhouse.py"), "--into", str(into), "--python", VERSION],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode and re.search(
        "connection|resolve|timed out|no matching distribution", answer.stderr, re.IGNORECASE
    ):
        pytest.skip("no package registry can be reached from here, so no wheel can be fetched")
    assert answer.returncode == 0, answer.stderr
    return into


def _offline() -> dict[str, str]:
    """An environment in which pip knows no index, no mirror and no configuration."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    return kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@pytest.mark.skipif(sys.platform != "linux", reason="installs the Linux wheelhouse")
def test_it_installs_with_no_index_and_answers(wheelhouse: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--find-links", str(wheelhouse / "linux"), "border-kit"],
        check=True,
        env=_offline(),
    )
    answer = subprocess.run(
        [tmp_path / "env" / "bin" / "border-kit", "check", str(EXAMPLES / "green-release-shirts.json")],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=_offline() | {"BORDER_KIT_HOME": str(tmp_path / "home")},
    )
    assert "NOTHING FOUND" in answer.stdout
    assert "DEMO" in answer.stdout


def test_the_windows_folder_is_complete_for_its_own_pip(wheelhouse: Path, tmp_path: Path) -> None:
    options = ["--platform", "win_amd64", "--python-version", VERSION, "--only-binary", ":all:"]
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--find-links",
            str(wheelhouse / "windows"),
            *options,
            "--target",
            str(tmp_path / "target"),
            "border-kit",
        ],
        check=True,
        env=_offline(),
    )
    assert list((tmp_path / "target").rglob("*.pyd"))
    assert (tmp_path / "target" / "border_kit" / "_data" / "catalog" / "manifest.json").is_file()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text)
    assert all("--hash=sha256:" in package for package in packages if package[:1].isalnum())
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
