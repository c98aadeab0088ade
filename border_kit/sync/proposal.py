"""The carried file: what is proposed to be signed, and the signatures it has gathered so far.

One proposal serves every change: a founding, a rotation, a publication. It is prepared where the repository is, carried to
each signer, who adds a signature on a machine of their own, and brought back. It brings along the root and targets by which
it will be judged, so a signer's machine needs nothing else; the repository trusts its own and never those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tuf.api.metadata import Key, Metadata, Role, Root, Signed, Targets
from tuf.api.serialization import DeserializationError

from border_kit import disk
from border_kit.clock import stamp
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.findings import Json
from border_kit.sync import keys, roles
from border_kit.sync.keys import KeySigner, Public

_FORMAT = "border-kit proposal 1"
_LARGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Lack:
    """What a role still lacks: how many signatures, and whose could still come."""

    role: str
    missing: int
    signed: tuple[str, ...]
    could: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """As both faces show it."""
        return {"role": self.role, "missing": self.missing, "signed": [*self.signed], "could": [*self.could]}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed metadata by role, the versions it was made on (`base`), what it changes in words, and who judges it.

    `root` and `targets` are those in force before, where there were any.
    """

    metadata: dict[str, Metadata[Any]]
    base: dict[str, int]
    words: tuple[str, ...]
    root: Metadata[Root] | None
    targets: Metadata[Targets] | None

    def sign(self, signer: KeySigner) -> list[str]:
        """Add a signature to every role that the signer may sign, and name those roles.

        Raises:
            UsageError: it may sign none of them.
        """
        mine = self.may_sign(signer.public)
        if not mine:
            raise UsageError(
                "nothing_to_sign",
                f"The key of {signer.public.name} signs nothing of this.",
                "See who must sign: border-kit sync key review FILE",
            )
        for name in mine:
            self.metadata[name].sign(signer, append=True)
        return mine

    def may_sign(self, person: Public) -> list[str]:
        """The roles that somebody's key may sign."""
        return [name for name in self.metadata if person.id in self._keyids(name)]

    def lacking(self) -> list[Lack]:
        """The roles that not enough signers have signed. Empty: it is complete."""
        return [lack for name in self.metadata for lack in self._lacks(name)]

    def _lacks(self, name: str) -> Iterator[Lack]:
        metadata = self.metadata[name]
        for judge in self._judges(name):
            result = judge.get_verification_result(name, metadata.signed_bytes, metadata.signatures)
            if not result.verified:
                yield Lack(name, result.missing, _names(result.signed), _names(result.unsigned))

    def _judges(self, name: str) -> Iterator[Root | Targets]:
        """Whose count it is: a new root is judged by itself and by the one before (TUF section 5.3.4)."""
        if name == Root.type:
            if self.root is not None:
                yield self.root.signed
            yield cast("Root", self.metadata[name].signed)
        elif name in roles.TOP:
            yield self._after(Root.type).signed
        else:
            yield self._after(Targets.type).signed

    def _keyids(self, name: str) -> set[str]:
        """Keys that may sign a role, before the change or after it: with both, a rotation is valid at every moment."""
        delegator = Root.type if name in roles.TOP else Targets.type
        found: set[str] = set()
        for metadata in (self.root if delegator == Root.type else self.targets, self.metadata.get(delegator)):
            if metadata is not None:
                role = _role(metadata.signed, name)
                found |= set(role.keyids) if role else set()
        return found

    def _after(self, name: str) -> Metadata[Any]:
        found = self.metadata.get(name) or (self.root if name == Root.type else self.targets)
        if found is None:
            raise InputError("proposal_unusable", f"The proposal lacks {name}.", "Make it anew.")
        return found

    def to_json(self) -> dict[str, Json]:
        """What is proposed, as a signer reviews it.

        `changes` are the maker's words. Every role comes with the targets that it would sign; root and targets with `powers`: who may
        sign what from then on, `new` people, those that are `gone`, and whether anything of it `changed`.
        """
        return {
            "changes": [*self.words],
            "roles": [
                {
                    "role": name,
                    "version": metadata.signed.version,
                    "expires": stamp(metadata.signed.expires),
                    "signed": [*self._signers(name)],
                    "targets": sorted(getattr(metadata.signed, "targets", ())),
                    "powers": [*self._powers(name)],
                }
                for name, metadata in self.metadata.items()
            ],
            "lacking": [lack.to_json() for lack in self.lacking()],
        }

    def _powers(self, name: str) -> Iterator[Json]:
        """Who may sign what once this is in force, read from what is signed: the words of a proposal are its maker's, and signed by nobody."""
        before = {Root.type: self.root, Targets.type: self.targets}.get(name)
        old = _delegated(before.signed) if before is not None else {}
        new = _delegated(self.metadata[name].signed)
        for role in sorted({*old, *new}):
            was, now = old.get(role), new.get(role)
            yield {
                "role": role,
                "threshold": now.threshold if now else 0,
                "signers": [*_people(self.metadata[name].signed, now, was)],
                "gone": [one for one in _people(before.signed, was, now) if one["new"]] if before is not None else [],
                "paths": [*(getattr(now, "paths", None) or ())],
                "changed": _plain(was) != _plain(now),
            }

    def _signers(self, name: str) -> tuple[str, ...]:
        metadata = self.metadata[name]
        judge = list(self._judges(name))[-1]
        return _names(judge.get_verification_result(name, metadata.signed_bytes, metadata.signatures).signed)

    def write(self, path: Path) -> None:
        """Write the carried file, whole. Raises StoreError."""
        document = {
            "format": _FORMAT,
            "changes": list(self.words),
            "base": self.base,
            "metadata": {name: metadata.to_dict() for name, metadata in self.metadata.items()},
            "judges": {
                "root": self.root.to_dict() if self.root else None,
                "targets": self.targets.to_dict() if self.targets else None,
            },
        }
        try:
            disk.replace_file(path, (json.dumps(document, indent=1, sort_keys=True) + "\n").encode())
        except OSError as error:
            raise StoreError(
                "proposal_not_written", f"{path} could not be written ({error}).", "Check the folder and the disk."
            ) from error


def read(path: Path) -> Proposal:
    """Read a carried file. Raises InputError."""
    try:
        document = json.loads(disk.read_small(path, _LARGEST))
        keys.expect_format(document, _FORMAT)
        return Proposal(
            {str(name): _metadata(name, row) for name, row in document["metadata"].items()},
            {str(name): int(version) for name, version in document["base"].items()},
            tuple(str(word) for word in document["changes"]),
            _judge(Root.type, document["judges"]["root"]),
            _judge(Targets.type, document["judges"]["targets"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, DeserializationError) as error:
        raise InputError(
            "proposal_unusable",
            f"{path.name} is no file to sign ({error}).",
            "It is made by: border-kit sync publish or sync key",
        ) from error


def merge(one: Proposal, other: Proposal) -> Proposal:
    """One proposal with the signatures of both copies of it. Raises InputError where they are of different proposals."""
    if one.metadata.keys() != other.metadata.keys() or any(
        one.metadata[name].signed != other.metadata[name].signed for name in one.metadata
    ):
        raise InputError("proposals_differ", "The two files do not propose the same.", "Sign copies of one file.")
    for name, metadata in other.metadata.items():
        one.metadata[name].signatures.update(metadata.signatures)
    return one


def _judge(name: str, row: dict[str, Any] | None) -> Metadata[Any] | None:
    return None if row is None else _metadata(name, row)


def _metadata(name: str, row: dict[str, Any]) -> Metadata[Any]:
    """A role's metadata. Raises ValueError where they are of another kind than the role signs."""
    metadata: Metadata[Any] = Metadata.from_dict(row)
    if metadata.signed.type != (name if name in roles.TOP else Targets.type):
        raise ValueError(f"what stands as {name} is none")
    return metadata


def _delegated(signed: Signed) -> dict[str, Role]:
    """The roles that a root or a targets names; others name none."""
    if isinstance(signed, Root):
        return dict(signed.roles)
    return dict((signed.delegations.roles if isinstance(signed, Targets) and signed.delegations else None) or {})


def _people(signed: Root | Targets, role: Role | None, other: Role | None) -> list[dict[str, Json]]:
    """The signers of a role; `new` are those that the other one has not."""
    delegations = signed if isinstance(signed, Root) else signed.delegations
    known = delegations.keys if delegations else {}
    others = other.keyids if other else []
    found = [(key_id, known.get(key_id)) for key_id in (role.keyids if role else ())]
    return [
        {"name": keys.holder(key) if key else "", "key": key_id, "new": key_id not in others} for key_id, key in found
    ]


def _plain(role: Role | None) -> dict[str, Any] | None:
    return role.to_dict() if role else None


def _role(delegator: Root | Targets, name: str) -> Any:
    try:
        return delegator.get_delegated_role(name)
    except ValueError:
        return None


def _names(found: dict[str, Key]) -> tuple[str, ...]:
    return tuple(sorted(keys.holder(key) for key in found.values()))
