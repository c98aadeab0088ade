"""`border-kit case observation …`: what outsiders say, brought in, and accepted or declined by a supervisor."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from border_kit import signing
from border_kit.casework import observations as log
from border_kit.casework.observations import SEVERITIES, STATES, Observation
from border_kit.cli.common import FILE, common, common_options, read_secret
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.desk import observations, papers, render, render_observations
from border_kit.desk.desk import Desk
from border_kit.errors import InputError, UsageError
from border_kit.findings import Json

_REASON = click.option("--reason", default="", help="Why; kept in the log.")


@click.group(
    epilog="""\b
Examples:
  border-kit case observation add report.json
  border-kit case observation list --state waiting
  border-kit --operator B-01 case observation accept 214 --as attention --reason "seen at two posts"
  border-kit --operator B-01 case observation admit KEY --name "Examplia Watch" --reason "key compared by telephone"
  border-kit case observation sign draft.json --key keys/watch.key.json --out report.json
""",
)
@common_options
def observation() -> None:
    """Observations from civil society and industry: signed, unverified until a supervisor accepts them."""


@observation.command(epilog="\b\nExample:\n  border-kit case observation add report.json\n")
@click.argument("files", type=FILE, nargs=-1, required=True)
@common_options
@click.pass_context
def add(context: click.Context, files: tuple[Path, ...]) -> int:
    """Bring observations in. They wait; no shipment is touched. One that came before stays what it is."""
    desk = common(context).desk()
    return _told(desk, [observations.take_in(desk, file) for file in files])


@observation.command(name="list", epilog="\b\nExample:\n  border-kit case observation list --state waiting --json\n")
@click.option("--state", type=click.Choice(STATES), help="Only those that stand so today.")
@common_options
@click.pass_context
def list_all(context: click.Context, state: str | None) -> int:
    """List observations as they stand today, the oldest first."""
    desk = common(context).desk()
    return _told(desk, observations.known(desk, state))


@observation.command(epilog="\b\nExample:\n  border-kit case observation show 214\n")
@click.argument("number", type=int)
@common_options
@click.pass_context
def show(context: click.Context, number: int) -> int:
    """Show one observation whole."""
    desk = common(context).desk()
    return _whole(desk, log.one(desk.cases, number, observations.today(desk)))


@observation.command(epilog='\b\nExample:\n  border-kit case observation accept 214 --as info --reason "plausible"\n')
@click.argument("number", type=int)
@click.option(
    "--as", "severity", type=click.Choice(SEVERITIES), default="info", show_default=True, help="How it weighs."
)
@_REASON
@common_options
@click.pass_context
def accept(context: click.Context, number: int, severity: str, reason: str) -> int:
    """Accept one (a supervisor): shipments that match are told of it, with who said it and who accepted it, until it ends."""
    desk = common(context).desk()
    return _whole(desk, observations.accept(desk, number, severity, reason))


@observation.command(epilog='\b\nExample:\n  border-kit case observation decline 214 --reason "a competitor"\n')
@click.argument("number", type=int)
@_REASON
@common_options
@click.pass_context
def decline(context: click.Context, number: int, reason: str) -> int:
    """Decline one that waits, or let an accepted one be heard no longer (a supervisor)."""
    desk = common(context).desk()
    return _whole(desk, observations.decline(desk, number, reason))


@observation.command(epilog="\b\nExample:\n  border-kit case observation senders\n")
@common_options
@click.pass_context
def senders(context: click.Context) -> int:
    """List the senders whose keys were compared and are known."""
    desk = common(context).desk()
    known = log.senders(desk.cases)
    ids = {key: signing.key_id(signing.raw(key)) for key in known}
    rows: list[Json] = [{"key": key, "id": ids[key], "name": name} for key, name in known.items()]
    reply({"now": desk.moment, "senders": rows}, lambda: render_observations.senders(known, ids))
    return Exit.OK


@observation.command(
    epilog='\b\nExample:\n  border-kit case observation admit KEY --name "Examplia Watch" --reason "compared by telephone"\n'
)
@click.argument("key")
@click.option("--name", default="", help="The name that you know them by.")
@_REASON
@common_options
@click.pass_context
def admit(context: click.Context, key: str, name: str, reason: str) -> int:
    """Know a sender's key (base64) from now on (a supervisor), once it was compared by another way than the file."""
    desk = common(context).desk()
    event = log.admit(desk.casebook, key, name, reason, at=desk.clock.now())
    reply({"now": desk.moment, "event": event.to_json()}, lambda: render.told(event.to_json()))
    return Exit.OK


@observation.command(epilog='\b\nExample:\n  border-kit case observation dismiss 3f9c… --reason "key lost"\n')
@click.argument("key_id")
@_REASON
@common_options
@click.pass_context
def dismiss(context: click.Context, key_id: str, reason: str) -> int:
    """Know a sender's key no longer (a supervisor); KEY_ID as senders lists it."""
    desk = common(context).desk()
    event = log.dismiss(desk.casebook, key_id, reason, at=desk.clock.now())
    desk.forget("observations")
    reply({"now": desk.moment, "event": event.to_json()}, lambda: render.told(event.to_json()))
    return Exit.OK


@observation.command(
    epilog="\b\nExample:\n  border-kit case observation sign draft.json --key keys/watch.key.json --out report.json\n"
)
@click.argument("file", type=FILE)
@click.option("--key", type=FILE, required=True, help="Your sealed key (sync key new NAME --into DIR makes one).")
@click.option("--passphrase-fd", type=click.IntRange(0, 1023), metavar="N", help="Read the key's passphrase from here.")
@click.option("--out", type=FILE, required=True, help="Where the signed observation goes; never overwritten.")
@common_options
@click.pass_context
def sign(context: click.Context, file: Path, key: Path, passphrase_fd: int | None, out: Path) -> int:
    """For the sender: sign an observation that you wrote (docs/interfaces.md has its form). Needs no office."""
    from border_kit.sync import keys

    desk = common(context).desk()
    if out.exists():
        raise UsageError("file_exists", f"{out.name} is there already: nothing is written over.", "Name a new file.")
    try:
        content = file.read_bytes()[: log.LARGEST + 1]
    except OSError as error:
        raise InputError(
            "observation_unusable", f"{file.name} cannot be read ({error.strerror}).", "Check the path."
        ) from error
    signer = keys.unlock(key, _passphrase(key.name, passphrase_fd))
    document = log.draft(content, bytes.fromhex(str(signer.public_key.keyval["public"])))
    document["signature"] = signing.text(bytes.fromhex(signer.sign(log.signed_text(document)).signature))
    papers.save_as(out, json.dumps(log.parse(json.dumps(document).encode()), ensure_ascii=False, indent=1))
    reply({"now": desk.moment, "file": str(out), "document": document}, lambda: f"Signed: {out}")
    return Exit.OK


def _passphrase(whose: str, descriptor: int | None) -> str:
    if descriptor is not None:
        return read_secret(descriptor)
    if not sys.stdin.isatty():
        raise UsageError(
            "passphrase_missing", f"The passphrase of {whose} is needed.", "Hand it over with --passphrase-fd N."
        )
    return str(click.prompt(f"Passphrase of {whose}", hide_input=True, err=True))


def _told(desk: Desk, found: list[Observation]) -> int:
    rows = [one.to_json() for one in found]
    reply({"now": desk.moment, "observations": [*rows]}, lambda: render_observations.observations(rows))
    return Exit.OK


def _whole(desk: Desk, found: Observation) -> int:
    reply(
        {"now": desk.moment, "observation": found.to_json()}, lambda: render_observations.observation(found.to_json())
    )
    return Exit.OK
