"""Where things lie in a published catalog, and what the signed metadata say about a volume.

    <repository>/metadata/timestamp.json            the newest state; the only file that is ever replaced
    <repository>/metadata/<n>.<role>.json           root, targets, snapshot and one a role, every version kept
    <repository>/targets/<folder>/<sha256>.full.zst             a whole volume
    <repository>/targets/<folder>/<sha256>.<from>-<to>.zst      a patch between two editions of it
    <repository>/targets/revocations/<sha256>.<list>.cwt        a status list

`<folder>` is that of the role that signs it (`parties/`, `licences/xa-la-01/`); `<from>` and `<to>` are the first 16 digits of
the volumes' SHA-256. The name without its hash is the target's path (TUF section 3.1, consistent snapshots).

Patches to the newest edition are targets of their own. Those to an edition on the way (bridges) are many and seldom asked for:
the full file's custom fields name them in a third of the bytes, with all that a target says: length and SHA-256.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tuf.api.metadata import DelegatedRole, TargetFile

from border_kit.catalog import schema
from border_kit.catalog.volumes import VolumeInfo
from border_kit.clock import parse_moment, stamp
from border_kit.sync.patch import LARGEST

METADATA = "metadata/"
TARGETS = "targets/"
FULL = "full.zst"
REVOCATIONS = "revocations"
SIGNED_AT = "border-kit-signed"
"""A field of the timestamp role: when it was signed (TUF section 4.1 lets metadata carry fields of one's own)."""
PACKED_MORE = 1_000_000
"""Bytes that a packed volume may have beyond the volume itself; zstd adds far less to what it cannot pack."""
LARGEST_LIST = 8_000_000
"""Bytes of a status list; one of a million papers has some 130,000."""
_SHORT = 16
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Content:
    """What is signed of a volume, with the full file: the manifest's row of it, and the file itself.

    `sha256` and `length` are of the unpacked SQLite file, `signed` is when this edition was first signed, `schema_version` that
    of its tables.
    """

    info: VolumeInfo
    sha256: str
    length: int
    signed: datetime
    schema_version: int = schema.SCHEMA_VERSION

    def to_json(self) -> dict[str, Any]:
        """The custom fields of the target."""
        return {
            "volume": self.info.name,
            "edition": self.info.edition,
            "as_of": self.info.as_of.isoformat(),
            "demo": self.info.demo,
            "digest": self.info.digest,
            "rows": dict(self.info.rows),
            "schema": self.schema_version,
            "sha256": self.sha256,
            "length": self.length,
            "signed": stamp(self.signed),
        }


def content(custom: Mapping[str, Any]) -> Content:
    """Read the custom fields of a full file. Raises KeyError, TypeError or ValueError where they are none of ours."""
    name = str(custom["volume"])
    schema.volume_kind(name)
    rows = {str(table): int(count) for table, count in custom["rows"].items()}
    info = VolumeInfo(
        name,
        f"{name}.sqlite",
        str(custom["edition"]),
        date.fromisoformat(custom["as_of"]),
        bool(custom["demo"]),
        str(custom["digest"]),
        rows,
    )
    sha256, length = str(custom["sha256"]), int(custom["length"])
    if not _DIGEST.fullmatch(sha256) or not 0 <= length <= LARGEST or any(count < 0 for count in rows.values()):
        raise ValueError("a digest, a length or a count is impossible")
    return Content(info, sha256, length, parse_moment(custom["signed"]), int(custom["schema"]))


def is_sound(target: TargetFile) -> bool:
    """Whether a target says of its file what ours say: its SHA-256, which becomes a file's name here, and a length that one may have."""
    return bool(_DIGEST.fullmatch(target.hashes.get("sha256", ""))) and target.length <= LARGEST


def folder(role: DelegatedRole) -> str:
    """The folder of targets that a delegated role signs, with its closing slash."""
    return str((role.paths or ["/"])[0]).removesuffix("*")


def named(targets: Mapping[str, TargetFile]) -> dict[str, TargetFile]:
    """Every file that a role names, by path: its targets, and the bridges in a full file's custom fields. Raises ValueError."""
    full = [target for path, target in targets.items() if path.endswith(f"/{FULL}")]
    return {**{bridge.path: bridge for target in full for bridge in bridges(target)}, **targets}


def bridges(full: TargetFile) -> list[TargetFile]:
    """The bridges that a full file's custom fields name, beside it; each says in `custom` how long it unpacks to. Raises ValueError."""
    place = full.path.removesuffix(FULL)
    try:
        return [
            _bridge(f"{place}{base}-{result}.zst", str(file), int(way["length"]))
            for result, way in (full.custom or {}).get("bridges", {}).items()
            for base, file in way["from"].items()
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"bridges are not described as ours are ({error!r})") from error


def bridges_json(targets: Iterable[TargetFile]) -> dict[str, Any]:
    """Bridges for the custom fields of a full file: by the edition that they lead to, then by the one that they start from."""
    found: dict[str, Any] = {}
    for target in targets:
        base, result = patch_ends(target.path.rpartition("/")[2]) or ("", "")
        digest = base64.b64encode(bytes.fromhex(target.hashes["sha256"])).decode().rstrip("=")
        way = found.setdefault(result, {"length": target.custom["length"], "from": {}})
        way["from"][base] = f"{target.length} {digest}"
    return found


def _bridge(path: str, file: str, length: int) -> TargetFile:
    size, _, digest = file.partition(" ")
    sha256 = base64.b64decode(f"{digest}=", validate=True).hex()
    if not _DIGEST.fullmatch(sha256) or patch_ends(path.rpartition("/")[2]) is None or length < 0:
        raise ValueError(f"{path} is no bridge")
    return TargetFile(int(size), {"sha256": sha256}, path, {"custom": {"length": length}})


def patch_name(base: str, result: str) -> str:
    """The name of the patch from one volume to another, by their SHA-256."""
    return f"{base[:_SHORT]}-{result[:_SHORT]}.zst"


def patch_ends(name: str) -> tuple[str, str] | None:
    """The first digits of the volumes that a patch leads from and to, by its name; None where it is no patch."""
    base, dash, rest = name.partition("-")
    result = rest.removesuffix(".zst")
    right = dash and rest.endswith(".zst") and len(base) == len(result) == _SHORT
    return (base, result) if right and all(digit in "0123456789abcdef" for digit in base + result) else None


def is_volume(sha256: str, short: str) -> bool:
    """Whether a volume is the one that a patch's name means."""
    return sha256[:_SHORT] == short
