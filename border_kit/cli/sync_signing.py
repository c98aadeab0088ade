"""How an authority's change is signed on the command line.

Every change is one proposal: it is signed with the keys named on the command line, and becomes visible at once where that is
enough; else it is written to a file that is carried to the other signers.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import click

from border_kit.cli.common import FILE, FOLDER, Command, Common, common_options, read_secret
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.clock import stamp
from border_kit.desk import render_publishing as render
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.sync import keys, powers, repository, roles
from border_kit.sync import publish as publishing
from border_kit.sync.keys import KeySigner
from border_kit.sync.proposal import Proposal
from border_kit.sync.publish import Prepared

DESCRIPTOR = click.IntRange(0, 1023)


def signing(command: Command) -> Command:
    """The options of every command that makes a proposal."""
    for option in reversed(
        (
            click.option("--to", "folder", type=FOLDER, metavar="DIR", required=True, help="The repository."),
            click.option("--key", "key_files", type=FILE, metavar="FILE", multiple=True, help="Sign with this key; again for more."),
            click.option("--passphrase-fd", "descriptors", type=DESCRIPTOR, metavar="N", multiple=True, help="Read the passphrases of the keys, in order, from these descriptors."),
            click.option("--proposal", "carried", type=FILE, metavar="FILE", help="Where the file for the other signers goes (default: beside the repository)."),
            common_options,
            click.pass_context,
        )
    ):  # fmt: skip
        command = option(command)
    return command


def propose(
    options: Common, folder: Path, proposal: Proposal, signers: Sequence[KeySigner], carried: Path | None
) -> int:  # fmt: skip
    """Settle a proposal, alone in the repository."""
    with repository.locked(folder):
        return settle(options, folder, publishing.Prepared(proposal), signers, carried)


def settle(
    options: Common, folder: Path, prepared: Prepared, signers: Sequence[KeySigner], carried: Path | None
) -> int:  # fmt: skip
    """Sign, and make it visible where that is enough; else write the file that is carried on. Tell what became of it."""
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


def unlock(files: Sequence[Path], descriptors: Sequence[int]) -> list[KeySigner]:
    """Open the keys, with a passphrase each. Raises UsageError."""
    if descriptors and len(descriptors) != len(files):
        raise UsageError(
            "passphrases",
            f"{len(files)} keys and {len(descriptors)} passphrases.",
            "Name one --passphrase-fd a --key, in order.",
        )
    pairs = zip_longest(files, descriptors)
    return [keys.unlock(file, passphrase(file.name, descriptor)) for file, descriptor in pairs]


def passphrase(whose: str, descriptor: int | None, *, confirm: bool = False) -> str:
    """From a descriptor, else asked for at a terminal. Raises UsageError where neither can be."""
    if descriptor is not None:
        return read_secret(descriptor)
    if not sys.stdin.isatty():
        raise UsageError(
            "passphrase_missing", f"The passphrase of {whose} is needed.", "Hand it over with --passphrase-fd N."
        )
    return str(click.prompt(f"Passphrase of {whose}", hide_input=True, err=True, confirmation_prompt=confirm))
