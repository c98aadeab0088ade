"""Build a wheel in which the comparing and reading of names is compiled: about twice as fast, for one platform and one Python.

    python packaging/compiled.py [--into DIR]

The modules are the same, compiled by mypyc from their types; nothing else changes, and every wheel without them works as well.
Needs a C compiler and the headers of Python, so it is no part of the wheelhouse: who deploys many desks of one kind builds it once
there. The wheel is our own one, taken apart, compiled and put together again; the checkout stays as it is (a compiled module beside
its source would be loaded in its place).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from wheelhouse import own_wheel

ROOT = Path(__file__).resolve().parents[1]
MODULES = ("distance", "similarity", "align", "features", "score", "letters", "parts", "parse", "weights", "pieces")
"""Modules of `border_kit/screening` in which most time is spent."""


def run(*command: str, within: Path) -> None:
    """Run a Python module and stop where it fails, showing what it said."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=within, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:2])} failed:\n{(done.stdout + done.stderr)[-4000:]}")


def compiled(into: Path) -> Path:
    """Build the wheel and return it."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        within = Path(folder)
        run("wheel", "unpack", str(own_wheel(within)), within=within)
        (tree,) = (path for path in within.iterdir() if path.is_dir())
        run("mypyc", *(f"border_kit/screening/{module}.py" for module in MODULES), within=tree)
        shutil.rmtree(tree / "build")
        about = next(tree.glob("*.dist-info")) / "WHEEL"
        tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        rows = [row for row in about.read_text(encoding="utf-8").splitlines() if not row.startswith(("Tag", "Root"))]
        rows += ["Root-Is-Purelib: false", f"Tag: {tag}-{tag}-{platform}"]
        about.write_text("\n".join(rows) + "\n", encoding="utf-8")
        run("wheel", "pack", str(tree), "--dest-dir", str(into.resolve()), within=within)
    return max(into.glob("border_kit-*-cp*.whl"), key=lambda path: path.stat().st_mtime)


def main() -> None:
    """Build and say where."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=ROOT / "packaging" / "wheelhouse" / "compiled")
    print(compiled(parser.parse_args().into))


if __name__ == "__main__":
    main()
