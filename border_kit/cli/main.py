"""The command tree."""

from __future__ import annotations

import click

from border_kit import __version__
from border_kit.cli.common import common, common_options
from border_kit.cli.lazy import LazyGroup, Place

_COMMANDS = {
    "check": Place("check", "check", "Check a shipment or a manifest: lane, advice, reasons."),
    "classify": Place("classify", "classify", "Which control entries does a goods line point at?"),
    "screen": Place("screen", "screen", "Does a name resemble a listed party?"),
    "compare": Place("screen", "compare", "How alike are two names? Needs no catalog."),
    "licence": Place("licence", "licence", "Licences: show, check, draw, reverse, due, runs."),
    "certificate": Place("certificate", "certificate", "Certificates: is the paper real? Verify, read, issue, trust."),
    "case": Place("case", "case", "Cases: open, answer, decide, list, show, verify."),
    "policy": Place(
        "policy", "policy", "Policy profiles: explain an answer, look for gaps, try one beside the live one."
    ),
    "operator": Place(
        "operator", "operator", "Operators and the office's key: enrol, list, retire, change a PIN, rotate."
    ),
    "catalog": Place("catalog", "catalog", "The reference data: build, import, look up, compare, verify."),
    "sync": Place("sync", "sync", "Sync: pull what is new, status, roll back; publish, keys."),
    "train": Place("train", "train", "Training: list scenarios, look for mistakes in them."),
    "open": Place("open", "open_app", "Open the application, with a shipment loaded if a file is named."),
    "completion": Place("completion", "completion", "Print the completion script of a shell."),
}


@click.group(
    cls=LazyGroup,
    table=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  border-kit                                   open the application
  border-kit check examples/green-release-shirts.json         lane and reasons of one shipment
  border-kit screen "Acme Trading" --json      listed parties that resemble a name
  border-kit classify "thermal camera core 640x512 60Hz" --hs 852589
  border-kit catalog info                      what is installed, and how old it is
""",
)
@click.version_option(__version__, prog_name="border-kit", message="%(prog)s %(version)s")
@common_options
@click.pass_context
def cli(context: click.Context) -> int | None:
    """Check shipments at the border, offline: what is it, who gets it, may it go, how risky is it."""
    options = common(context)
    if context.invoked_subcommand is not None:
        return None
    from border_kit.cli.open import start

    return start(options, None)
