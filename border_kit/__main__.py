"""The command `border-kit`. Kept thin: `--version` answers before anything is loaded."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from border_kit import __version__  # noqa: PLC0415 - nothing else is loaded for it

        sys.stdout.write(f"border-kit {__version__}\n")
        sys.exit(0)
    from border_kit.cli.diagnostics import run  # noqa: PLC0415 - see the module's docstring

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
