"""`border-kit sync publish` and `border-kit sync key …`: what an authority does.

Every change is one proposal: it is signed with the keys named on the command line, and becomes visible at once where that is
enough; else it is written to a file that is carried to the other signers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from border_kit.cli.common import FILE, FOLDER, Command, Common, common, common_options, read_secret
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Steps, reply
from border_kit.clock import stamp
from border_kit.desk import render_publishing as render
from border_kit.errors import UsageError
from border_kit.findings import Json

if TYPE_CHECKING:
    from border_kit.sync.keys import KeySigner, Public
    from border_kit.sync.proposal import Proposal
    from border_kit.sync.publish import Prepared
    from border_kit.sync.repository import State
    from border_kit.sync.roles import Sheet

_FD = click.IntRange(0, 1023)


def _signing(command: Command) -> Command:
    """The options of every command that makes a proposal."""
    for option in reversed(
        (
            click.option("--to", "folder", type=FOLDER, metavar="DIR", required=True, help="The repository."),
            click.option("--key", "key_files", type=FILE, metavar="FILE", multiple=True, help="Sign with this key; again for more."),
            click.option("--passphrase-fd", "descriptors", type=_FD, metavar="N", multiple=True, help="Read the passphrases of the keys, in order, from these descriptors."),
            click.option("--proposal", "carried", type=FILE, metavar="FILE", help="Where the file for the other signers goes (default: beside the repository)."),
            common_options,
            click.pass_context,
        )
    ):  # fmt: skip
        command = option(command)
    return command


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
@_signing
def publish(
    context: click.Context, folder: Path, only: tuple[str, ...], renew: tuple[str, ...], key_files: tuple[Path, ...],
    descriptors: tuple[int, ...], carried: Path | None,
) -> int:  # fmt: skip
    """Publish what changed in a catalog, as patches and full files, into a repository that any server can offer."""
    from border_kit.sync import powers, repository, roles  # noqa: PLC0415 - loads the cryptography
    from border_kit.sync import publish as publishing  # noqa: PLC0415 - the same

    options = common(context)
    desk = options.desk()
    now, catalog, sheet = desk.clock.now(), desk.catalog, roles.of(folder)
    signers = _unlock(key_files, descriptors)
    due = powers.due(sheet, folder, now, {signer.public.id for signer in signers})
    with repository.locked(folder):
        prepared = publishing.prepare(sheet, folder, catalog, now, only=only, anew=(*renew, *due), progress=Steps())
        return _settle(options, folder, prepared, signers, carried)


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
@click.option("--passphrase-fd", type=_FD, metavar="N", help="Read the passphrase from this file descriptor.")
@common_options
def new(name: str, into: Path, passphrase_fd: int | None) -> int:
    """Make a signer's key: a sealed file that never leaves its signer, and a public one to hand on."""
    from border_kit.sync import keys  # noqa: PLC0415 - loads the cryptography

    sealed, public = keys.new(name, into, _passphrase(name, passphrase_fd, confirm=True))
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
    from border_kit.sync import keys  # noqa: PLC0415 - loads the cryptography

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
@_signing
def found(
    context: click.Context, folder: Path, signers: tuple[str, ...], sheet_file: Path | None, key_files: tuple[Path, ...],
    descriptors: tuple[int, ...], carried: Path | None,
) -> int:  # fmt: skip
    """Found a repository: who signs what from now on."""
    from border_kit.sync import ceremony, repository, roles  # noqa: PLC0415 - loads the cryptography

    if repository.is_repository(folder):
        raise UsageError("repository_exists", f"{folder} holds a repository already.", "Found into a new directory.")
    sheet = roles.read(sheet_file) if sheet_file else roles.of(folder)
    options = common(context)
    proposal = ceremony.found(sheet, _people(signers), options.desk().clock.now())
    if sheet_file:
        roles.keep(folder, sheet_file)
    return _propose(options, folder, proposal, _unlock(key_files, descriptors), carried)


@key.command(
    epilog="""\b
Examples:
  border-kit sync key admit parties keys/new.pub.json --to REPOSITORY --key keys/ahlberg.key.json
  border-kit sync key admit licences-xa-la-01 keys/la.pub.json --to REPOSITORY --key keys/ahlberg.key.json
""",
)
@click.argument("role")
@click.argument("public", type=FILE, nargs=-1, required=True)
@_signing
def admit(context: click.Context, role: str, public: tuple[Path, ...], folder: Path, **signing: Any) -> int:
    """Let somebody sign for a role; a role that did not exist begins with them."""
    from border_kit.sync import ceremony, keys  # noqa: PLC0415 - loads the cryptography

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
@_signing
def dismiss(context: click.Context, role: str, who: tuple[str, ...], folder: Path, **signing: Any) -> int:
    """Let somebody (a name, or the first digits of a key) sign for a role no longer."""
    from border_kit.sync import ceremony  # noqa: PLC0415 - loads the cryptography

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
@_signing
def rotate(context: click.Context, role: str, old: str, public: Path, folder: Path, **signing: Any) -> int:
    """Put a new key in the place of an old one. Sign with both where you can: then no reader sees a gap."""
    from border_kit.sync import ceremony, keys  # noqa: PLC0415 - loads the cryptography

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
@_signing
def renew(context: click.Context, roles: tuple[str, ...], folder: Path, **signing: Any) -> int:
    """Sign roles anew as they are, before they expire."""
    from border_kit.sync import ceremony  # noqa: PLC0415 - loads the cryptography

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
    from border_kit.sync import proposal as proposals  # noqa: PLC0415 - loads the cryptography

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
    type=_FD,
    metavar="N",
    multiple=True,
    help="Read the passphrases from these descriptors.",
)
@common_options
def sign(file: Path, key_files: tuple[Path, ...], descriptors: tuple[int, ...]) -> int:
    """Add your signature to a carried file. What you sign is shown; nothing else is needed on this machine."""
    from border_kit.sync import proposal as proposals  # noqa: PLC0415 - loads the cryptography

    proposal = proposals.read(file)
    for signer in _unlock(key_files, descriptors):
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
@_signing
def finish(context: click.Context, files: tuple[Path, ...], folder: Path, **signing: Any) -> int:
    """Make what everybody signed visible. Several copies of one file may each bring signatures.

    Where other publications came between, snapshot and timestamp are made anew: name the key that signs those.
    """
    from border_kit.sync import ceremony, repository, roles  # noqa: PLC0415 - loads the cryptography
    from border_kit.sync import proposal as proposals  # noqa: PLC0415 - the same

    options = common(context)
    proposal = proposals.read(files[0])
    for file in files[1:]:
        proposal = proposals.merge(proposal, proposals.read(file))
    if repository.is_repository(folder):
        state, now = repository.read(folder), options.desk().clock.now()
        proposal = ceremony.brought_up(roles.of(folder), state, proposal, now)
    signers = _unlock(signing["key_files"], signing["descriptors"])
    return _propose(options, folder, proposal, signers, signing["carried"] or files[0])


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
    from border_kit.sync.powers import powers  # noqa: PLC0415 - loads the cryptography

    now = common(context).desk().clock.now()
    document = {"now": stamp(now), **powers(folder, now)}
    reply(document, lambda: render.powers(document))
    return Exit.ATTENTION if any(row["expires"] and row["days_left"] < 0 for row in document["roles"]) else Exit.OK


def _change(
    context: click.Context, folder: Path, signing: dict[str, Any], make: Callable[[Sheet, State, datetime], Proposal]
) -> int:
    """Make a proposal on the repository's state, and settle it."""
    from border_kit.sync import repository, roles  # noqa: PLC0415 - loads the cryptography

    options = common(context)
    signers = _unlock(signing["key_files"], signing["descriptors"])
    proposal = make(roles.of(folder), repository.read(folder), options.desk().clock.now())
    return _propose(options, folder, proposal, signers, signing["carried"])


def _propose(
    options: Common, folder: Path, proposal: Proposal, signers: Sequence[KeySigner], carried: Path | None
) -> int:  # fmt: skip
    from border_kit.sync import publish as publishing  # noqa: PLC0415 - loads the cryptography
    from border_kit.sync import repository  # noqa: PLC0415 - the same

    with repository.locked(folder):
        return _settle(options, folder, publishing.Prepared(proposal), signers, carried)


def _settle(
    options: Common, folder: Path, prepared: Prepared, signers: Sequence[KeySigner], carried: Path | None
) -> int:  # fmt: skip
    """Sign, and make it visible where that is enough; else write the file that is carried on. Tell what became of it."""
    from border_kit.sync import powers, repository, roles  # noqa: PLC0415 - loads the cryptography
    from border_kit.sync import publish as publishing  # noqa: PLC0415 - the same

    now = options.desk().clock.now()
    proposal, lacking = prepared.proposal, []
    if proposal is not None:
        for signer in signers:
            if proposal.may_sign(signer.public):
                proposal.sign(signer)
        lacking = proposal.lacking()
        if lacking:
            carried = carried or folder.absolute().with_name(f"{folder.absolute().name}-proposal.json")
            proposal.write(carried)
        else:
            publishing.finish(folder, proposal, now)
    state = "unchanged" if proposal is None else "to_sign" if lacking else "published"
    document: dict[str, Json] = {
        "now": stamp(now),
        "state": state,
        **prepared.to_json(),
        "expiring": [*powers.expiring(roles.of(folder), repository.read(folder), now)] if not lacking else [],
        "lacking": [lack.to_json() for lack in lacking],
        "proposal": str(carried) if lacking else None,
    }
    reply(document, lambda: render.outcome(document))
    return Exit.ATTENTION if lacking else Exit.OK


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
    from border_kit.sync import keys  # noqa: PLC0415 - loads the cryptography

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


def _unlock(files: Sequence[Path], descriptors: Sequence[int]) -> list[KeySigner]:
    """Open the keys, with a passphrase each. Raises UsageError."""
    from border_kit.sync import keys  # noqa: PLC0415 - loads the cryptography

    if descriptors and len(descriptors) != len(files):
        raise UsageError(
            "passphrases",
            f"{len(files)} keys and {len(descriptors)} passphrases.",
            "Name one --passphrase-fd a --key, in order.",
        )
    pairs = zip_longest(files, descriptors)
    return [keys.unlock(file, _passphrase(file.name, descriptor)) for file, descriptor in pairs]


def _passphrase(whose: str, descriptor: int | None, *, confirm: bool = False) -> str:
    """From a descriptor, else asked for at a terminal. Raises UsageError where neither can be."""
    if descriptor is not None:
        return read_secret(descriptor)
    if not sys.stdin.isatty():
        raise UsageError(
            "passphrase_missing", f"The passphrase of {whose} is needed.", "Hand it over with --passphrase-fd N."
        )
    return str(click.prompt(f"Passphrase of {whose}", hide_input=True, err=True, confirmation_prompt=confirm))
