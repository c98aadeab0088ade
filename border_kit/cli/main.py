"""The command tree. A sub-command's module is imported when it is called, so that each starts as fast as it can."""

from __future__ import annotations

import importlib

import click

from border_kit import __version__
from border_kit.cli.common import common, common_options

# name: (module, one line of help)
_COMMANDS = {
    "check": ("check", "Check a shipment or a manifest: lane, advice, reasons."),
    "classify": ("classify", "Which control entries does a goods line point at?"),
    "screen": ("screen", "Does a name resemble a listed party?"),
    "compare": ("screen", "How alike are two names? Needs no catalog."),
    "licence": ("licence", "Licences: show, check, draw, reverse, due, runs."),
    "certificate": ("certificate", "Certificates: is the paper real? Verify, read, issue, trust."),
    "case": ("case", "Cases: open, answer, decide, list, show, verify."),
    "policy": ("policy", "Policy profiles: explain an answer, look for gaps, try one beside the live one."),
    "operator": ("operator", "Operators and the office's key: enrol, list, retire, change a PIN, rotate."),
    "catalog": ("catalog", "The reference data: build, import, look up, compare, verify."),
    "sync": ("sync", "Sync: pull what is new, status, roll back; publish, keys."),
    "train": ("train", "Training: list scenarios, look for mistakes in them."),
    "open": ("open", "Open the application, with a shipment loaded if a file is named."),
    "completion": ("completion", "Print the completion script of a shell."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the officer's work."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module and take the command out of it."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"border_kit.cli.{_COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name if cmd_name != "open" else "open_app")
        assert isinstance(command, click.Command)  # noqa: S101 - narrows getattr's Any
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table, without importing their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=LazyGroup,
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
    from border_kit.cli.open import start  # noqa: PLC0415 - only here, and it loads the application

    return start(options, None)
