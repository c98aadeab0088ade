"""`border-kit sync …`: publishing a catalog, and keeping an office current from it."""

from __future__ import annotations

import click

from border_kit.cli.common import common_options
from border_kit.cli.lazy import LazyGroup, Place

_COMMANDS = {
    "pull": Place("sync_follow", "pull"),
    "status": Place("sync_follow", "status"),
    "rollback": Place("sync_follow", "rollback"),
    "date": Place("sync_follow", "state_date"),
    "bundle": Place("sync_bundle", "bundle"),
    "publish": Place("sync_publish", "publish"),
    "key": Place("sync_key", "key"),
    "conformance": Place("sync_conformance", "conformance"),
}


@click.group(
    cls=LazyGroup,
    table=_COMMANDS,
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
