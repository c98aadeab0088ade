"""`border-kit open`, and `border-kit` without arguments: the application, or without a terminal the same answer as text."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from border_kit.cli.common import FILE, Common, common, common_options
from border_kit.cli.diagnostics import Exit


@click.command(
    name="open",
    epilog="""\b
Example:
  border-kit open examples/green-release-shirts.json
""",
)
@click.argument("file", type=FILE, required=False)
@common_options
@click.pass_context
def open_app(context: click.Context, file: Path | None) -> int:
    """Open the application with a shipment loaded. Without a terminal, print the answer. Exits 0 whatever the lane."""
    return start(common(context), file)


def start(options: Common, file: Path | None) -> int:
    """Start the application at a terminal, else print what it would show."""
    if sys.stdin.isatty() and sys.stdout.isatty() and not options.json:
        options.application(options.settings, file, color=options.color)
        return Exit.OK
    if file is None:
        raise click.UsageError("The application needs a terminal. For answers as text, see: border-kit --help")
    from border_kit.cli.check import check  # only without a terminal

    context = click.get_current_context()
    context.invoke(check, file=file, columns=None, date_order=None, save=False, rows=None)
    return Exit.OK
