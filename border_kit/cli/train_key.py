"""`border-kit train key show|new|pin`: the key with which a trainer signs packs, and its PIN."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from border_kit.cli.common import NEW_PIN, Common, ask_new_pin, common, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import reply
from border_kit.errors import UsageError

if TYPE_CHECKING:
    from border_kit.signing import Key

_WHAT = "the trainer's key"


@click.group(
    epilog="""\b
Examples:
  border-kit train key show
  border-kit train key new
  border-kit train key pin                                     first or another PIN
  border-kit --pin-fd 3 train key pin --new-pin-fd 4 3<old 4<new
""",
)
@common_options
def key() -> None:
    """The key that signs packs: Ed25519, kept under a PIN. Learners compare its name."""


@key.command(
    epilog="""\b
Example:
  border-kit train key show --json
""",
)
@common_options
def show() -> int:
    """Show the key's name, and whether a PIN protects it."""
    return _told()


@key.command(
    epilog="""\b
Examples:
  border-kit train key new
  border-kit train key new --new-pin-fd 3 3<pin
Packs of classes that were started before stay good, and their results are still taken in.
""",
)
@NEW_PIN
@common_options
def new(new_pin_fd: int | None) -> int:
    """Make a new key, in place of one that was lost or read by others."""
    from border_kit.training.classes import trainer

    trainer.make(ask_new_pin(_WHAT, new_pin_fd))
    return _told()


@key.command(
    epilog="""\b
Examples:
  border-kit train key pin
  border-kit --pin-fd 3 train key pin --new-pin-fd 4 3<old 4<new
""",
)
@NEW_PIN
@common_options
@click.pass_context
def pin(context: click.Context, new_pin_fd: int | None) -> int:
    """Choose the key's PIN: the first one, or another."""
    from border_kit.training.classes import trainer

    options = common(context)
    trainer.protect(trainer.unlocked(lambda: options.ask_pin(_WHAT)), ask_new_pin(_WHAT, new_pin_fd))
    return _told()


def signing_key(options: Common) -> Key:
    """The key to sign packs with, made when it is first needed. Raises UsageError, StoreError.

    At a terminal a key always gets a PIN; a script that hands none over (`--pin-fd`) gets one without, and is told so each time.
    """
    from border_kit.training.classes import trainer

    kept = trainer.kept()
    if kept is not None and kept.sealed is not None:
        return trainer.unlocked(lambda: options.ask_pin(_WHAT))
    if options.pin_fd is None and not sys.stdin.isatty():
        say(trainer.NO_PIN)
        return trainer.first(None)
    return trainer.first(ask_new_pin(_WHAT, options.pin_fd))


def _told() -> int:
    from border_kit.training.classes import trainer

    found = trainer.kept()
    if found is None:
        raise UsageError("key_missing", "There is no trainer's key here yet.", "Make one: border-kit train key new")
    reply(
        found.to_json(),
        lambda: f"Trainer's key {found.id}, {'under a PIN' if found.sealed is not None else 'WITHOUT A PIN'}.",
    )
    return Exit.OK if found.sealed is not None else Exit.ATTENTION
