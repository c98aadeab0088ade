"""`border-kit sync bundle export|import`: sticks to an office, back from it, and between offices."""

from __future__ import annotations

from pathlib import Path

import click

from border_kit.cli.common import common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.cli.sync_follow import ROOT, Transfer
from border_kit.desk import following, render_stick, sticks

_STICK = click.argument("stick", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))


@click.group(
    epilog="""\b
Examples:
  border-kit sync bundle export /media/stick --operator B-01
  border-kit sync bundle import /media/stick --operator B-12
"""
)
@common_options
def bundle() -> None:
    """Sticks: the catalog and other offices' parcels out to an office, its own signed parcels back."""


@bundle.command(
    epilog="""\b
Examples:
  border-kit sync bundle export /media/stick --operator B-01   what is installed here, and all parcels
  border-kit sync bundle export /media/stick --from /srv/repository   the authority, from what it published
  border-kit sync bundle export /media/stick --since 41   for an office that said it has publication 41
  border-kit sync bundle export /media/stick --since 0   everything whole, whoever it is for
Exit codes: 0 written, 1 written and something needs attention, 4 not written
whole; what the stick held can still be read.
"""
)
@_STICK
@click.option("--from", "source", metavar="URL|DIR", help="The repository to hand on; else what is installed here.")
@click.option(
    "--since",
    type=click.IntRange(0, 10**9),
    metavar="N",
    help="The publication that the reader has (sync status shows it); else what offices left on the stick.",
)
@common_options
@click.pass_context
def export(context: click.Context, stick: Path, source: str | None, since: int | None) -> int:
    """Write a stick: what its readers lack of the catalog, and what offices send each other, signed."""
    with Transfer() as progress:
        found = sticks.export(common(context).desk(), stick, source, since, progress)
    reply(found, lambda: render_stick.exported(found))
    return Exit.ATTENTION if found["remarks"] else Exit.OK


@bundle.command(
    name="import",
    epilog="""\b
Examples:
  border-kit sync bundle import /media/stick
  border-kit sync bundle import /media/stick --root root.json   the first time, from a stick alone
  border-kit sync bundle import /media/stick --know 3fa9c1d25e0b7a64   after the key was compared by telephone
Exit codes: 0 taken, or nothing new; 1 something was refused or needs attention;
4 the catalog was refused and nothing taken.
""",
)
@_STICK
@ROOT
@click.option(
    "--know", multiple=True, metavar="KEY", help="An office's key that you compared; from now on it is known."
)
@common_options
@click.pass_context
def bring_in(context: click.Context, stick: Path, root_file: Path | None, know: tuple[str, ...]) -> int:
    """Take a stick in: the catalog as by a pull, then every office's parcels, each whole or not at all."""
    root = following.read_root(root_file) if root_file else None
    with Transfer() as progress:
        found = sticks.bring_in(common(context).desk(), stick, root, know, progress)
    reply(found, lambda: render_stick.taken(found))
    if found["catalog_refused"] and not found["parcels"]:
        return Exit.INPUT
    return Exit.OK if render_stick.is_clean(found) else Exit.ATTENTION
