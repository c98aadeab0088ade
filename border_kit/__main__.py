"""The command `border-kit`. Kept thin: `--version` answers before anything is loaded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from border_kit.desk.settings import Settings
    from border_kit.training.run import Run


def main() -> None:
    """Run the command and leave with its exit code."""
    if getattr(sys, "frozen", False):
        import multiprocessing  # a frozen application starts itself for its other processes

        multiprocessing.freeze_support()
    if sys.argv[1:] in (["--version"], ["-V"]):
        from border_kit import __version__  # nothing else is loaded for it

        sys.stdout.write(f"border-kit {__version__}\n")
        sys.exit(0)
    from border_kit.cli.edge import run  # see the module's docstring

    sys.exit(run(sys.argv[1:], _application))


def _application(settings: Settings, file: Path | None, *, color: bool, run: Run | None = None) -> None:
    """Run the terminal application: the one place where the command line meets it."""
    from border_kit.tui.app import BorderKitApp

    BorderKitApp(settings, shipment_file=file, color=color, run=run).run()


if __name__ == "__main__":
    main()
