"""`border-kit sync publish`: what an authority publishes."""

from __future__ import annotations

from pathlib import Path

import click

from border_kit.cli.common import common
from border_kit.cli.output import Steps
from border_kit.cli.sync_signing import settle, signing, unlock
from border_kit.sync import powers, repository, roles
from border_kit.sync import publish as publishing


@click.command(
    epilog="""\b
Examples:
  border-kit sync publish --catalog CATALOG --to REPOSITORY --key lists.key.json --key machine.key.json
  border-kit sync publish --catalog CATALOG --to REPOSITORY --only parties --only revocations --key …
  border-kit sync publish --catalog CATALOG --to REPOSITORY --renew timestamp --key machine.key.json
""",
)
@click.option(
    "--only", metavar="ROLE", multiple=True, help="Publish this volume (or revocations) alone; again for more."
)
@click.option("--renew", metavar="ROLE", multiple=True, help="Sign this role anew even if nothing changed.")
@signing
def publish(
    context: click.Context, folder: Path, only: tuple[str, ...], renew: tuple[str, ...], key_files: tuple[Path, ...],
    descriptors: tuple[int, ...], carried: Path | None,
) -> int:  # fmt: skip
    """Publish what changed in a catalog, as patches and full files, into a repository that any server can offer."""
    options = common(context)
    desk = options.desk()
    now, catalog, sheet = desk.clock.now(), desk.catalog, roles.of(folder)
    signers = unlock(key_files, descriptors)
    due = powers.due(sheet, folder, now, {signer.public.id for signer in signers})
    with repository.locked(folder):
        prepared = publishing.prepare(sheet, folder, catalog, now, only=only, anew=(*renew, *due), progress=Steps())
        return settle(options, folder, prepared, signers, carried)
