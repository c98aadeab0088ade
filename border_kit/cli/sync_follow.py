"""`border-kit sync pull|status|rollback|date`: what an office does that follows an authority."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import Any, Self

import click

from border_kit.cli.common import FILE, Day, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.desk import following, render_sync

_SOURCE = click.option(
    "--from", "source", metavar="URL|DIR", help="Where to pull from; the last one where none is named."
)
ROOT = click.option(
    "--root", "root_file", type=FILE, metavar="FILE", help="The authority's first root, handed over by hand: once."
)


@click.command(
    epilog="""\b
Examples:
  border-kit sync pull --from https://lists.example/catalog --root root.json     the first time
  border-kit sync pull                                                           from then on
  border-kit sync pull --from /media/stick                                       the same repository on a stick
""",
)
@_SOURCE
@ROOT
@click.option("--shrinking", is_flag=True, help="Take volumes that lost more than half of a table's rows.")
@common_options
@click.pass_context
def pull(context: click.Context, source: str | None, root_file: Path | None, shrinking: bool) -> int:
    """Bring the catalog up to date: whole or not at all; what was interrupted goes on where it stopped."""
    options = common(context)
    with Transfer() as progress:
        found = following.pull(
            options.settings.now,
            source,
            following.read_root(root_file) if root_file else None,
            progress,
            shrinking=shrinking,
        )
    reply(found, lambda: render_sync.pulled(found))
    return Exit.ATTENTION if found["refused"] else Exit.OK


@click.command(
    epilog="""\b
Examples:
  border-kit sync status
  border-kit sync status --line 9600                    what a pull would cost; asks the source
  border-kit sync status --line 9600 --from /media/stick --json
""",
)
@click.option(
    "--line", type=click.IntRange(50, 10**10), metavar="BIT/S", help="Ask the source what a pull costs on such a line."
)
@_SOURCE
@ROOT
@click.option("--history", type=click.IntRange(0, 1000), default=10, show_default=True, help="Lines of history.")
@common_options
@click.pass_context
def status(context: click.Context, line: int | None, source: str | None, root_file: Path | None, history: int) -> int:
    """What is installed, how old it is, from where, what is kept and what was done; with --line, what a pull would cost."""
    options = common(context)
    found: dict[str, Any] = following.status(options.settings.now, history)
    if line is not None or source is not None:
        with Transfer() as progress:
            found["offered"] = following.offered(
                options.settings.now,
                source,
                following.read_root(root_file) if root_file else None,
                line or 9600,
                progress,
            )
    reply(found, lambda: render_sync.status(found))
    installed = found["installed"]
    wrong = found["clock"]["wrong"] or bool(installed and installed["warning"])
    return Exit.ATTENTION if wrong else Exit.OK


@click.command(
    epilog="""\b
Examples:
  border-kit sync rollback --because "the new parties list lacks its aliases"
  border-kit sync rollback --to 7
""",
)
@click.option("--to", type=click.IntRange(1), metavar="N", help="The generation to go to (default: the one before).")
@click.option("--because", "why", default="", metavar="TEXT", help="Why; kept in the history.")
@common_options
@click.pass_context
def rollback(context: click.Context, to: int | None, why: str) -> int:
    """Use the catalog that was installed before; it stays so until the next pull."""
    options = common(context)
    found = following.roll_back(options.settings.now, to, why, options.settings.operator)
    reply(
        found,
        lambda: (
            f"Generation {found['generation']} (signed {str(found['signed'])[:10]}) is in use; {found['left']} was left."
        ),
    )
    return Exit.OK


@click.command(
    name="date",
    epilog="""\b
Example:
  border-kit sync date 2026-11-27 --operator B-12       when the machine's clock has lost its battery
""",
)
@click.argument("today", type=Day())
@common_options
@click.pass_context
def state_date(context: click.Context, today: date) -> int:
    """State today's date where the machine's clock is wrong; it is logged, and certificates reach CANNOT TELL at best."""
    options = common(context)
    found = following.state_date(options.settings.now, today, options.settings.operator)
    reply(
        found, lambda: f"Today is {found['date']} until the clock is set right (it shows {str(found['machine'])[:10]})."
    )
    return Exit.OK


class Transfer:
    """Progress on stderr, at a terminal alone: bytes, and the time left."""

    def __init__(self) -> None:
        self._meter = following.Meter()
        self._shown = 0.0
        self._at_terminal = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show how far it is, five times a second."""
        words = self._meter.words(what, done, total)
        if self._at_terminal and time.monotonic() - self._shown > 0.2:  # five times a second
            self._shown = time.monotonic()
            sys.stderr.write(f"\r\x1b[K{words[:78]}")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Clear the line, whatever happened."""
        if self._at_terminal and self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
