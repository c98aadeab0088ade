"""Founding a repository and changing who may sign: each yields a proposal that its signers then sign, and nothing else.

Whatever a change entails is proposed along with it: what its signers would no longer be believed for is signed anew, and the
snapshot and timestamp that make it visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any, cast

from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Signed,
    Snapshot,
    Targets,
    Timestamp,
)

from border_kit.clock import stamp
from border_kit.errors import UsageError
from border_kit.sync import keys, layout, roles
from border_kit.sync.keys import Public
from border_kit.sync.proposal import Proposal
from border_kit.sync.repository import State
from border_kit.sync.roles import Sheet


def found(sheet: Sheet, signers: Mapping[str, Sequence[Public]], now: datetime) -> Proposal:
    """A new repository: root, an empty targets with its delegations, snapshot and timestamp.

    Args:
        sheet: thresholds and expiries.
        signers: the public keys of each role; the four at the top must be there, others may be added later.
        now: the day from which expiries count.

    Raises:
        UsageError: a role has fewer signers than must sign, or one signs twice.
    """
    for name in {*roles.TOP, *signers}:
        _expect_enough(sheet.role(name), signers.get(name, ()))
    root = Root(roles={name: Role([], sheet.role(name).threshold) for name in roles.TOP})
    targets = Targets(delegations=Delegations({}, {}))
    for name, people in signers.items():
        if name not in roles.TOP:
            _delegate(targets, sheet.role(name))
        for person in people:
            _admit(root, targets, name, person)
    state = State({})
    snapshot, timestamp = Snapshot(meta={}), Timestamp()
    changed: dict[str, Signed] = {"root": root, "targets": targets, "snapshot": snapshot, "timestamp": timestamp}
    words = ["A new repository is founded."]
    words += [
        f"{name}: {sheet.role(name).threshold} of {', '.join(p.name for p in people)} sign."
        for name, people in signers.items()
    ]
    words += [few for name in signers for few in _fewer(sheet, root, targets, name)]
    return propose(sheet, state, changed, words, now)


def admit(sheet: Sheet, state: State, name: str, people: Iterable[Public], now: datetime) -> Proposal:
    """Add signers to a role; a role that did not exist is delegated with them. Raises UsageError."""
    root, targets = deepcopy(state.root), deepcopy(state.targets)
    people = list(people)
    if name not in roles.TOP and name not in state.delegated():
        _expect_enough(sheet.role(name), people)
        _delegate(targets, sheet.role(name))
    for person in people:
        if person.id in _keyids(root, targets, name):
            raise UsageError(
                "signer_known", f"{person.name} signs {name} already.", "See: border-kit sync key roles DIR"
            )
        _admit(root, targets, name, person)
    words = [f"{name}: {person.name} may sign." for person in people] + _fewer(sheet, root, targets, name)
    return propose(sheet, state, _changed(state, root, targets), words, now)


def dismiss(sheet: Sheet, state: State, name: str, people: Iterable[str], now: datetime) -> Proposal:
    """Remove signers from a role, by their names or the first digits of their key ids. Raises UsageError."""
    root, targets = deepcopy(state.root), deepcopy(state.targets)
    words = [f"{name}: {_dismiss(root, targets, name, person)} may no longer sign." for person in people]
    _expect_signable(root, targets, name)
    words += _fewer(sheet, root, targets, name)
    return propose(sheet, state, _changed(state, root, targets), words, now)


def replace(sheet: Sheet, state: State, name: str, old: str, new: Public, now: datetime) -> Proposal:
    """Put one signer's new key in the place of the old one (rotation). Raises UsageError."""
    root, targets = deepcopy(state.root), deepcopy(state.targets)
    gone = _dismiss(root, targets, name, old)
    _admit(root, targets, name, new)
    words = [f"{name}: {new.name} signs in the place of {gone}."]
    return propose(sheet, state, _changed(state, root, targets), words, now)


def renew(sheet: Sheet, state: State, names: Iterable[str], now: datetime) -> Proposal:
    """Sign roles anew as they are, so that they stay good. Raises UsageError for a role that has signed nothing."""
    changed: dict[str, Signed] = {}
    for name in names:
        if name not in state.metadata:
            raise UsageError("role_empty", f"{name} has signed nothing yet.", "See: border-kit sync key roles DIR")
        changed[name] = deepcopy(state.metadata[name].signed)
    return propose(sheet, state, changed, [f"{name} is signed anew." for name in changed], now)


def propose(sheet: Sheet, state: State, changed: Mapping[str, Signed], words: Sequence[str], now: datetime) -> Proposal:
    """Everything that must be signed for these roles to change: versions, expiries, and what the change entails."""
    new: dict[str, Metadata[Any]] = {}

    def take(name: str, signed: Signed) -> None:
        signed = deepcopy(signed)
        signed.version = state.version(name) + 1
        signed.expires = sheet.role(name).expires(now).replace(microsecond=0)
        new[name] = Metadata(signed)

    for name, signed in changed.items():
        if name not in {Snapshot.type, Timestamp.type}:
            take(name, signed)
    for name in state.metadata:
        if name not in new and name not in {Snapshot.type, Timestamp.type} and _unbelieved(state, new, name):
            take(name, deepcopy(state.metadata[name].signed))
    below = [name for name in new if name != Root.type]
    if below or Snapshot.type in changed or _unbelieved(state, new, Snapshot.type):
        snapshot = deepcopy(state.snapshot) if Snapshot.type in state.metadata else Snapshot(meta={})
        snapshot.meta.update({f"{name}.json": MetaFile(new[name].signed.version) for name in below})
        take(Snapshot.type, snapshot)
    if Snapshot.type in new or Timestamp.type in changed or _unbelieved(state, new, Timestamp.type):
        version = (new[Snapshot.type].signed if Snapshot.type in new else state.snapshot).version
        timestamp = Timestamp(snapshot_meta=MetaFile(version))
        timestamp.unrecognized_fields[layout.SIGNED_AT] = stamp(now)
        take(Timestamp.type, timestamp)
    base = {name: state.version(name) for name in {*new, Snapshot.type, Timestamp.type}}
    return Proposal(new, base, tuple(words), state.metadata.get(Root.type), state.metadata.get(Targets.type))


def brought_up(sheet: Sheet, state: State, proposal: Proposal, now: datetime) -> Proposal:
    """A proposal that others overtook while it was signed, on the state of now: its snapshot and timestamp are made anew.

    What its signers signed stays as it is, if only those two have moved on; they need their signatures once more.
    """
    moved = {name for name, version in proposal.base.items() if state.version(name) != version}
    if not moved or not moved <= {Snapshot.type, Timestamp.type}:
        return proposal
    signed = {
        name: metadata for name, metadata in proposal.metadata.items() if name not in {Snapshot.type, Timestamp.type}
    }
    fresh = propose(sheet, state, {name: metadata.signed for name, metadata in signed.items()}, proposal.words, now)
    if fresh.metadata.keys() - {Snapshot.type, Timestamp.type} != signed.keys():
        return proposal
    return Proposal({**fresh.metadata, **signed}, fresh.base, fresh.words, fresh.root, fresh.targets)


def _unbelieved(state: State, new: Mapping[str, Metadata[Any]], name: str) -> bool:
    """Whether what a role signed would no longer be believed once these changes are made."""
    if name not in state.metadata or name == Root.type:
        return False
    result = state.within(dict(new)).verified(name, state.metadata[name])
    return result is not None and not result.verified


def _changed(state: State, root: Root, targets: Targets) -> dict[str, Signed]:
    """Which of the two delegators was changed."""
    found: dict[str, Signed] = {"root": root, "targets": targets}
    before: dict[str, Signed] = {"root": state.root, "targets": state.targets}
    return {name: signed for name, signed in found.items() if signed != before[name]}


def _delegate(targets: Targets, role: roles.Role) -> None:
    delegations = cast("Delegations", targets.delegations)
    assert delegations.roles is not None  # ours never uses succinct bins
    delegations.roles[role.name] = DelegatedRole(role.name, [], role.threshold, role.terminating, list(role.paths))


def _admit(root: Root, targets: Targets, name: str, person: Public) -> None:
    delegator = root if name in roles.TOP else targets
    delegator.add_key(person.key, name)


def _dismiss(root: Root, targets: Targets, name: str, who: str) -> str:
    """Remove the one signer that a name or the first digits of a key id mean; whose key it was."""
    delegator = root if name in roles.TOP else targets
    matches = [
        key_id
        for key_id in _keyids(root, targets, name)
        if key_id.startswith(who.lower()) or keys.holder(delegator.get_key(key_id)) == who
    ]
    if len(matches) != 1 or not who:
        raise UsageError(
            "signer_unknown",
            f"{who!r} is {'no signer' if not matches else 'more than one signer'} of {name}.",
            "See their names and ids: border-kit sync key roles DIR",
        )
    holder = keys.holder(delegator.get_key(matches[0]))
    delegator.revoke_key(matches[0], name)
    return holder


def _keyids(root: Root, targets: Targets, name: str) -> list[str]:
    try:
        return list((root if name in roles.TOP else targets).get_delegated_role(name).keyids)
    except ValueError as error:
        raise UsageError(
            "role_unknown", f"The repository has no role {name!r}.", "See: border-kit sync key roles DIR"
        ) from error


def _fewer(sheet: Sheet, root: Root, targets: Targets, name: str) -> list[str]:
    """A warning where a role has fewer signers than the sheet recommends: everybody who signs the proposal reads it."""
    have, role = len(_keyids(root, targets, name)), sheet.role(name)
    if have >= role.keys:
        return []
    lost = "one lost key stops it" if have == role.threshold else f"{have - role.threshold + 1} lost keys stop it"
    return [f"WARNING: {name} has {have} of the {role.keys} signers that are recommended; {lost}."]


def _expect_enough(role: roles.Role, people: Sequence[Public]) -> None:
    if len({person.id for person in people}) < role.threshold or len({person.id for person in people}) != len(people):
        raise UsageError(
            "signers_few",
            f"{role.name} needs {role.threshold} different signers (of {role.keys}); {len(people)} keys were named.",
            f"Name them: --signer {role.name}=FILE, once a key.",
        )


def _expect_signable(root: Root, targets: Targets, name: str) -> None:
    role = (root if name in roles.TOP else targets).get_delegated_role(name)
    if len(role.keyids) < role.threshold:
        raise UsageError(
            "signers_few",
            f"Of {name} only {len(role.keyids)} signers would be left, and {role.threshold} must sign.",
            "Admit a new signer first, or rotate the key.",
        )
