"""Who may sign what in a published catalog, as data: roles, thresholds, expiries, and the paths each role may sign.

A role is named like the volume it signs (`controls`, `licences-xa-la-01`); `revocations` signs status lists. Every name that
becomes a file is FAT-safe: lower case, no reserved name, no two that differ in case alone. Source of the figures:
`roles.toml`; of the mechanism: The Update Framework, specification 1.0.33, sections 2.1 and 4.5.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from border_kit import disk
from border_kit.errors import InputError, StoreError

TOP = ("root", "targets", "snapshot", "timestamp")
"""The roles that every repository has (TUF section 2.1); root names their keys."""

LICENCES = "licences"
SHEET = "roles.toml"
_LICENCES = "licences-"
_MAX_SHEET = 100_000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}
"""Names that Windows gives to devices, in every folder (Microsoft, "Naming Files, Paths, and Namespaces")."""
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class Role:
    """What one role may do: `threshold` of its `keys` signers must sign, each time for `days` days, targets under `paths`."""

    name: str
    threshold: int
    keys: int
    days: int
    paths: tuple[str, ...] = ()
    terminating: bool = False

    def expires(self, now: datetime) -> datetime:
        """Until when a signature made now is good."""
        return now + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what an office takes: the farthest leap of a version, and bytes by kind of metadata."""

    version_leap: int
    root: int
    timestamp: int
    snapshot: int
    targets: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole division of powers: roles by name, limits, and from how many earlier days and weeks patches lead on."""

    roles: Mapping[str, Role]
    limits: Limits
    daily: int
    weekly: int

    def role(self, name: str) -> Role:
        """A role by its name; `licences-xa-la-01` is an instance of `licences`. Raises InputError."""
        if name.startswith(_LICENCES):
            kind, own = self.roles.get(LICENCES), name.removeprefix(_LICENCES)
            if kind is not None and _SLUG.fullmatch(own) and own == slug(own):
                paths = tuple(path.replace("{slug}", own) for path in kind.paths)
                return Role(name, kind.threshold, kind.keys, kind.days, paths, kind.terminating)
        elif name in self.roles and name != LICENCES:
            return self.roles[name]
        raise InputError(
            "role_unknown",
            f"There is no role {name!r}.",
            f"Roles are {', '.join(sorted(self.roles))}; one authority's licences are licences-<authority>.",
        )


def slug(text: str) -> str:
    """A name as it may stand in a path on any disk: `XA/LA-01` becomes `xa-la-01`. Raises InputError where nothing is left."""
    from anyascii import anyascii  # noqa: PLC0415 - where a name is made alone

    found = "-".join(_SLUG.findall(anyascii(text).lower()))[:_LONGEST_SLUG].strip("-")
    if not found:
        raise InputError("name_unusable", f"{text!r} leaves no letter or digit for a file's name.", "Use A-Z and 0-9.")
    return f"{found}-x" if found in _RESERVED else found


@cache
def standard() -> Sheet:
    """The division of powers that ships."""
    return read(Path(__file__).with_name(SHEET))


def of(repository: Path) -> Sheet:
    """The division of powers that a repository was founded on: its own sheet, or the one that ships."""
    own = repository / SHEET
    return read(own) if own.is_file() else standard()


def keep(repository: Path, sheet: Path) -> None:
    """Lay a sheet of one's own into a repository. Raises StoreError."""
    try:
        repository.mkdir(parents=True, exist_ok=True)
        disk.replace_file(repository / SHEET, disk.read_small(sheet, _MAX_SHEET))
    except (OSError, ValueError) as error:
        raise StoreError(
            "roles_not_written", f"The sheet of roles was not kept ({error}).", "Check the disk."
        ) from error


def read(path: Path) -> Sheet:
    """Read a sheet of roles. Raises InputError with what is wrong in it."""
    try:
        return _sheet(tomllib.loads(disk.read_small(path, _MAX_SHEET).decode("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "roles_unusable",
            f"The sheet of roles {path.name} cannot be used ({error}).",
            "Compare it with the one that ships (border_kit/sync/roles.toml).",
        ) from error


def _sheet(document: dict[str, Any]) -> Sheet:
    if document["format"] != 1:
        raise ValueError(f"its format is {document['format']!r}, this version reads 1")
    roles = {name: _role(name, row) for name, row in document["role"].items()}
    lacking = set(TOP) - set(roles)
    if lacking:
        raise ValueError(f"the role {min(lacking)} is missing")
    return Sheet(
        roles, Limits(**document["limits"]), _count(document["star"]["daily"]), _count(document["star"]["weekly"])
    )


def _role(name: str, row: dict[str, Any]) -> Role:
    role = Role(
        name,
        _count(row["threshold"]),
        _count(row["keys"]),
        _count(row["days"]),
        tuple(str(path) for path in row.get("paths", ())),
        bool(row.get("terminating", False)),
    )
    if role.threshold > role.keys:
        raise ValueError(f"role {name}: {role.threshold} of {role.keys} keys can never sign")
    if (name in TOP) == bool(role.paths):
        raise ValueError(f"role {name}: {'has paths of its own' if role.paths else 'signs no path'}")
    if any(not path.endswith("/*") or ".." in path or path.startswith("/") for path in role.paths):
        raise ValueError(f"role {name}: a path is written folder/*")
    return role


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 100_000:  # a sane sheet
        raise ValueError(f"{value!r} is no count")
    return value
