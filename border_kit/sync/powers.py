"""Who may sign what in a repository, until when that is good, and what is due to be signed anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from border_kit.clock import stamp
from border_kit.sync import keys, layout, repository, roles
from border_kit.sync.repository import State
from border_kit.sync.roles import Sheet

_DUE = 2
"""A signature is renewed when less than one part in so many of its life is left."""


def powers(folder: Path, now: datetime) -> dict[str, Any]:
    """Every role of a repository with its signers, threshold, paths, version and expiry. Raises InputError."""
    state = repository.read(folder)
    return {
        "repository": str(folder),
        "signed": state.timestamp.unrecognized_fields.get(layout.SIGNED_AT),
        "roles": [_power(state, name, now) for name in (*roles.TOP, *state.delegated())],
    }


def _power(state: State, name: str, now: datetime) -> dict[str, Any]:
    role = state.role(name)
    assert role is not None  # named by the state itself
    delegator = state.root if name in roles.TOP else state.targets
    delegated = state.delegated().get(name)
    expires = state.metadata[name].signed.expires if name in state.metadata else None
    return {
        "role": name,
        "threshold": role.threshold,
        "signers": [{"name": keys.holder(delegator.get_key(key)), "key": key} for key in role.keyids],
        "paths": list(delegated.paths or ()) if delegated else [],
        "terminating": bool(delegated and delegated.terminating),
        "version": state.version(name),
        "expires": stamp(expires) if expires else None,
        "days_left": (expires - now).days if expires else None,
    }


def expiring(sheet: Sheet, state: State, now: datetime) -> list[dict[str, Any]]:
    """The roles of which less than half of their life is left."""
    return [
        {"role": name, "expires": stamp(metadata.signed.expires)}
        for name, metadata in state.metadata.items()
        if (name in roles.TOP or name in state.delegated())
        and (metadata.signed.expires - now).days * _DUE < sheet.role(name).days
    ]


def due(sheet: Sheet, folder: Path, now: datetime, able: Collection[str]) -> list[str]:
    """The roles that expire before long and that these keys (their ids) alone can sign anew. Raises InputError."""
    state = repository.read(folder)
    found = []
    for row in expiring(sheet, state, now):
        role = state.role(row["role"])
        if role is not None and len(set(role.keyids) & set(able)) >= role.threshold:
            found.append(row["role"])
    return found
