"""`border-kit sync …`: publishing a catalog, and keeping an office current from it."""

from __future__ import annotations

import click

from border_kit.cli.common import common_options
from border_kit.cli.sync_bundle import bundle
from border_kit.cli.sync_conformance import conformance
from border_kit.cli.sync_follow import pull, rollback, state_date, status
from border_kit.cli.sync_publish import key, publish


@click.group(
    epilog="""\b
Examples:
  border-kit sync pull --from https://lists.example/catalog --root root.json
  border-kit sync status --line 9600
  border-kit sync rollback --because "the new list lacks its aliases"
  border-kit sync bundle export /media/stick
  border-kit sync publish --catalog CATALOG --to REPOSITORY --key lists.key.json
  border-kit sync key new "R. Ahlberg" --into keys
""",
)
@common_options
def sync() -> None:
    """Sync: publish a catalog; keep an office current over a bad line or a stick."""


for _command in (pull, status, rollback, state_date, bundle, publish, key, conformance):
    sync.add_command(_command)
