"""`border-kit sync key …`: who signs what, and how that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from border_kit.cli.common import FILE, FOLDER, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.cli.sync_signing import DESCRIPTOR, passphrase, propose, signing, unlock
from border_kit.clock import stamp
from border_kit.desk import render_publishing as render
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.sync import ceremony, keys, powers, repository, roles
from border_kit.sync import proposal as proposals
from border_kit.sync.keys import Public
from border_kit.sync.proposal import Proposal
from border_kit.sync.repository import State
from border_kit.sync.roles import Sheet


@click.group(
    epilog="""\b
Examples:
  border-kit sync key new "R. Ahlberg" --into keys
  border-kit sync key found --to REPOSITORY --signer root=keys/ahlberg.pub.json … --key keys/ahlberg.key.json
  border-kit sync key sign repository-proposal.json --key keys/sorn.key.json
  border-kit sync key roles REPOSITORY
""",
)
@common_options
def key() -> None:
    """Keys and ceremonies: found a repository, say who signs what, sign a file that was carried here."""


@key.command(
    epilog="""\b
Examples:
  border-kit sync key new "R. Ahlberg" --into keys
  border-kit sync key new "Machine 1" --into keys --passphrase-fd 3 3<passphrase
""",
)
@click.argument("name")
@click.option("--into", type=FOLDER, metavar="DIR", required=True, help="Where its two files go; never overwritten.")
@click.option("--passphrase-fd", type=DESCRIPTOR, metavar="N", help="Read the passphrase from this file descriptor.")
@common_options
def new(name: str, into: Path, passphrase_fd: int | None) -> int:
    """Make a signer's key: a sealed file that never leaves its signer, and a public one to hand on."""
    sealed, public = keys.new(name, into, passphrase(name, passphrase_fd, confirm=True))
    return _told_key(keys.read_public(public), str(sealed), str(public))


@key.command(
    epilog="""\b
Example:
  border-kit sync key show keys/ahlberg.pub.json
""",
)
@click.argument("file", type=FILE)
@common_options
def show(file: Path) -> int:
    """Whose key it is, and its id (to be read out over the telephone)."""
    return _told_key(keys.read_public(file), "", str(file))


@key.command(
    epilog="""\b
Example:
  border-kit sync key found --to REPOSITORY --signer "root=keys/root-*.pub.json" \\
      --signer "targets=keys/targets-*.pub.json" --signer snapshot=keys/machine.pub.json \\
      --signer timestamp=keys/machine.pub.json --signer parties=keys/lists.pub.json
""",
)
@click.option(
    "--signer",
    "signers",
    metavar="ROLE=FILE",
    multiple=True,
    required=True,
    help="A public key (or a pattern of files) for a role; again for more.",
)
@click.option(
    "--roles",
    "sheet_file",
    type=FILE,
    metavar="FILE",
    help="A sheet of roles of your own (TOML) instead of the one that ships.",
)
@signing
def found(
    context: click.Context, folder: Path, signers: tuple[str, ...], sheet_file: Path | None, key_files: tuple[Path, ...],
    descriptors: tuple[int, ...], carried: Path | None,
) -> int:  # fmt: skip
    """Found a repository: who signs what from now on."""
    if repository.is_repository(folder):
        raise UsageError("repository_exists", f"{folder} holds a repository already.", "Found into a new directory.")
    sheet = roles.read(sheet_file) if sheet_file else roles.of(folder)
    options = common(context)
    proposal = ceremony.found(sheet, _people(signers), options.desk().clock.now())
    if sheet_file:
        roles.keep(folder, sheet_file)
    return propose(options, folder, proposal, unlock(key_files, descriptors), carried)


@key.command(
    epilog="""\b
Examples:
  border-kit sync key admit parties keys/new.pub.json --to REPOSITORY --key keys/ahlberg.key.json
  border-kit sync key admit licences-xa-la-01 keys/la.pub.json --to REPOSITORY --key keys/ahlberg.key.json
""",
)
@click.argument("role")
@click.argument("public", type=FILE, nargs=-1, required=True)
@signing
def admit(context: click.Context, role: str, public: tuple[Path, ...], folder: Path, **signing: Any) -> int:
    """Let somebody sign for a role; a role that did not exist begins with them."""
    people = [keys.read_public(path) for path in public]
    return _change(context, folder, signing, lambda sheet, state, now: ceremony.admit(sheet, state, role, people, now))


@key.command(
    epilog="""\b
Example:
  border-kit sync key dismiss parties "R. Ahlberg" --to REPOSITORY --key keys/sorn.key.json
""",
)
@click.argument("role")
@click.argument("who", nargs=-1, required=True)
@signing
def dismiss(context: click.Context, role: str, who: tuple[str, ...], folder: Path, **signing: Any) -> int:
    """Let somebody (a name, or the first digits of a key) sign for a role no longer."""
    return _change(context, folder, signing, lambda sheet, state, now: ceremony.dismiss(sheet, state, role, who, now))


@key.command(
    epilog="""\b
Example:
  border-kit sync key rotate root "R. Ahlberg" keys/ahlberg-2027.pub.json --to REPOSITORY --key keys/ahlberg.key.json
""",
)
@click.argument("role")
@click.argument("old")
@click.argument("public", type=FILE)
@signing
def rotate(context: click.Context, role: str, old: str, public: Path, folder: Path, **signing: Any) -> int:
    """Put a new key in the place of an old one. Sign with both where you can: then no reader sees a gap."""
    person = keys.read_public(public)
    return _change(
        context, folder, signing, lambda sheet, state, now: ceremony.replace(sheet, state, role, old, person, now)
    )


@key.command(
    epilog="""\b
Example:
  border-kit sync key renew root targets --to REPOSITORY --key keys/ahlberg.key.json
""",
)
@click.argument("roles", nargs=-1, required=True)
@signing
def renew(context: click.Context, roles: tuple[str, ...], folder: Path, **signing: Any) -> int:
    """Sign roles anew as they are, before they expire."""
    return _change(context, folder, signing, lambda sheet, state, now: ceremony.renew(sheet, state, roles, now))


@key.command(
    epilog="""\b
Example:
  border-kit sync key review repository-proposal.json
""",
)
@click.argument("file", type=FILE)
@common_options
def review(file: Path) -> int:
    """What a carried file proposes, who has signed it and who is lacking. Exit 1 while signatures are lacking."""
    return _reviewed(proposals.read(file))


@key.command(
    epilog="""\b
Example:
  border-kit sync key sign repository-proposal.json --key keys/sorn.key.json
""",
)
@click.argument("file", type=FILE)
@click.option(
    "--key",
    "key_files",
    type=FILE,
    metavar="FILE",
    multiple=True,
    required=True,
    help="Sign with this key; again for more.",
)
@click.option(
    "--passphrase-fd",
    "descriptors",
    type=DESCRIPTOR,
    metavar="N",
    multiple=True,
    help="Read the passphrases from these descriptors.",
)
@common_options
def sign(file: Path, key_files: tuple[Path, ...], descriptors: tuple[int, ...]) -> int:
    """Add your signature to a carried file. What you sign is shown; nothing else is needed on this machine."""
    proposal = proposals.read(file)
    for signer in unlock(key_files, descriptors):
        proposal.sign(signer)
    proposal.write(file)
    return _reviewed(proposal)


@key.command(
    epilog="""\b
Examples:
  border-kit sync key finish repository-proposal.json --to REPOSITORY
  border-kit sync key finish from-ahlberg.json from-sorn.json --to REPOSITORY --key machine.key.json
""",
)
@click.argument("files", type=FILE, nargs=-1, required=True)
@signing
def finish(context: click.Context, files: tuple[Path, ...], folder: Path, **signing: Any) -> int:
    """Make what everybody signed visible. Several copies of one file may each bring signatures.

    Where other publications came between, snapshot and timestamp are made anew: name the key that signs those.
    """
    options = common(context)
    proposal = proposals.read(files[0])
    for file in files[1:]:
        proposal = proposals.merge(proposal, proposals.read(file))
    if repository.is_repository(folder):
        state, now = repository.read(folder), options.desk().clock.now()
        proposal = ceremony.brought_up(roles.of(folder), state, proposal, now)
    signers = unlock(signing["key_files"], signing["descriptors"])
    return propose(options, folder, proposal, signers, signing["carried"] or files[0])


@key.command(
    name="roles",
    epilog="""\b
Example:
  border-kit sync key roles REPOSITORY --json
""",
)
@click.argument("folder", type=FOLDER)
@common_options
@click.pass_context
def list_roles(context: click.Context, folder: Path) -> int:
    """Who may sign what in a repository, and until when it is good. Exit 1 where a role has expired."""
    now = common(context).desk().clock.now()
    document = {"now": stamp(now), **powers.powers(folder, now)}
    reply(document, lambda: render.powers(document))
    return Exit.ATTENTION if any(row["expires"] and row["days_left"] < 0 for row in document["roles"]) else Exit.OK


def _change(
    context: click.Context, folder: Path, signing: dict[str, Any], make: Callable[[Sheet, State, datetime], Proposal]
) -> int:
    """Make a proposal on the repository's state, and settle it."""
    options = common(context)
    signers = unlock(signing["key_files"], signing["descriptors"])
    proposal = make(roles.of(folder), repository.read(folder), options.desk().clock.now())
    return propose(options, folder, proposal, signers, signing["carried"])


def _reviewed(proposal: Proposal) -> int:
    document = proposal.to_json()
    reply(document, lambda: render.proposal(document))
    return Exit.ATTENTION if document["lacking"] else Exit.OK


def _told_key(public: Public, file: str, public_file: str) -> int:
    document: dict[str, Json] = {"name": public.name, "key": public.id, "file": file or None, "public": public_file}
    reply(document, lambda: render.key(document))
    return Exit.OK


def _people(signers: Iterable[str]) -> dict[str, list[Public]]:
    """The public keys of each role, from `ROLE=FILE` where FILE may be a pattern. Raises UsageError."""
    people: dict[str, list[Public]] = {}
    for named in signers:
        role, equals, pattern = named.partition("=")
        path = Path(pattern)
        files = sorted(path.parent.glob(path.name)) if equals and pattern else []
        if not files:
            raise UsageError(
                "signer", f"{named[:80]!r} names no key.", "Write ROLE=FILE, as in root=keys/sorn.pub.json."
            )
        people.setdefault(role, []).extend(keys.read_public(file) for file in files)
    return people
