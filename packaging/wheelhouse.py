"""Build an offline wheelhouse: everything an office needs to install border_kit with no network.

    python packaging/wheelhouse.py [--into DIR] [--python 3.11 ...] [--platform linux windows]

For each platform: the wheels of packaging/requirements.txt, checked against its hashes, and our own wheel with the built
catalog inside. Install from it on the other side with:

    python -m pip install --no-index --find-links WHEELHOUSE/linux border-kit
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "packaging" / "requirements.txt"

# The platform tags that pip is asked for, newest first; a wheel that fits any of them is taken.
PLATFORMS = {
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "linux_x86_64"),
    "windows": ("win_amd64",),
}


def pip(*arguments: str) -> None:
    """Run pip and stop where it fails."""
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], check=True)


def platform_options(platform: str, version: str) -> list[str]:
    """What tells pip to act for another machine."""
    tags = [part for tag in PLATFORMS[platform] for part in ("--platform", tag)]
    return [*tags, "--python-version", version, "--implementation", "cp", "--only-binary", ":all:"]


def requirements(platform: str, folder: Path) -> Path:
    """The lock for one platform: pip judges markers by the machine it runs on, so rows of the other system are sorted here."""
    wanted = "win32" if platform == "windows" else "linux"
    rows: list[str] = []
    keep = True
    for row in REQUIREMENTS.read_text(encoding="utf-8").splitlines():
        if row and not row.startswith((" ", "#")):
            head, _, marker = row.partition(" ; ")
            keep = "sys_platform == 'win32'" not in marker or wanted == "win32"
            rows += (
                [head + (" \\" if marker and row.endswith("\\") and not head.endswith("\\") else "")] if keep else []
            )
        elif keep and not row.lstrip().startswith("#"):
            rows.append(row)
    path = folder / "requirements.txt"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def own_wheel(into: Path) -> Path:
    """Build our wheel, with the catalog that set-up built inside."""
    if not (ROOT / "border_kit/_data/catalog/manifest.json").is_file():
        sys.exit("Build the catalog first: make setup")
    pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(into), str(ROOT))
    return next(into.glob("border_kit-*.whl"))


def build(into: Path, platform: str, versions: list[str]) -> Path:
    """Fill one platform's folder and return it."""
    folder = into / platform
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lock = requirements(platform, folder)
    for version in versions:
        options = platform_options(platform, version)
        pip("download", "--quiet", "--require-hashes", "--no-deps", "--dest", str(folder), *options, "-r", str(lock))
    wheel = own_wheel(folder)
    print(f"{folder}: {len(list(folder.glob('*.whl')))} wheels, our own is {wheel.name}")
    return folder


def main() -> None:
    """Build what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=ROOT / "packaging" / "wheelhouse")
    parser.add_argument("--python", nargs="+", default=["3.11", "3.12", "3.13"], metavar="X.Y")
    parser.add_argument("--platform", nargs="+", default=list(PLATFORMS), choices=list(PLATFORMS))
    chosen = parser.parse_args()
    for platform in chosen.platform:
        build(chosen.into, platform, chosen.python)


if __name__ == "__main__":
    main()
